//! A PDF to a [`Document`].

use crate::drawing::Drawing;
use crate::engine::PageSource;
use crate::{BBox, Document, Error, ErrorKind, Limits, Options, Page, SourceKind};
use crate::{
    block, continuation, glyph, hayro, hint, lattice, line, missing_edge, region, ruling, sideways, warning,
};

/// Stack of the thread the engine runs on. Forms nest as deep as a file says, and each level of them
/// takes some kilobytes of stack.
const STACK: usize = 256 << 20;

/// Reads a PDF on a thread of its own.
pub(crate) fn read(bytes: &[u8], options: &Options) -> Result<Document, Error> {
    with_source(bytes, options, |source| read_pages(source, &options.limits))
}

/// Draws every page of a PDF and lays none out: what the engine costs alone, for measurements. Gives
/// the number of glyphs.
///
/// # Errors
/// As for [`read`](crate::read).
#[doc(hidden)]
pub fn engine_only(bytes: &[u8], options: &Options) -> Result<usize, Error> {
    with_source(bytes, options, |source| {
        (0..source.page_count()).map(|i| source.draw(i, &options.limits).map(|d| d.glyphs.len())).sum()
    })
}

fn with_source<T: Send>(
    bytes: &[u8],
    options: &Options,
    work: impl FnOnce(&mut dyn PageSource) -> Result<T, Error> + Send,
) -> Result<T, Error> {
    std::thread::scope(|scope| {
        let reader = std::thread::Builder::new()
            .name("chohyo-layout".to_owned())
            .stack_size(STACK)
            .spawn_scoped(scope, || {
                let pdf = hayro::open(bytes, options.password.as_deref())?;
                work(&mut hayro::HayroSource::new(&pdf))
            })
            .map_err(|e| Error::new(ErrorKind::TooLarge, format!("no thread to read on: {e}")))?;
        reader.join().unwrap_or_else(|_| Err(Error::new(ErrorKind::Damaged, "the PDF engine gave up")))
    })
}

fn read_pages(source: &mut dyn PageSource, limits: &Limits) -> Result<Document, Error> {
    let count = source.page_count();
    if count == 0 {
        return Err(Error::new(ErrorKind::NoPages, ""));
    }
    if count > limits.pages {
        return Err(Error::new(ErrorKind::TooLarge, format!("{count} pages, the limit is {}", limits.pages)));
    }
    let mut document = Document {
        kind: SourceKind::Pdf,
        producer: source.producer(),
        pages: Vec::new(),
        warnings: Vec::new(),
    };
    let (mut glyphs, mut unmapped) = (0, 0);
    for index in 0..count {
        let number = index as u32 + 1;
        let drawing = source.draw(index, limits).map_err(|e| e.at_page(number))?;
        glyphs += drawing.glyphs.len();
        unmapped += drawing.unmapped;
        document.warnings.extend(warning::of(number, &drawing));
        document.pages.push(lay_out(number, drawing));
    }
    if glyphs == 0 {
        return Err(Error::new(ErrorKind::NoText, format!("{count} pages")));
    }
    if unmapped * 2 > glyphs {
        return Err(Error::new(
            ErrorKind::Undecodable,
            format!("{unmapped} of {glyphs} glyphs have no known character"),
        ));
    }
    continuation::mark(&mut document.pages);
    Ok(document)
}

/// From what is drawn on a page to what a reader sees on it.
fn lay_out(number: u32, mut drawing: Drawing) -> Page {
    glyph::merge_duplicates(&mut drawing);
    let turn = sideways::turn_of(&drawing);
    if let Some(turn) = turn {
        turn.upright(&mut drawing);
    }
    let rulings = ruling::merge(&drawing.strokes);
    let (strips, seams) = hint::strips(&drawing.fills);
    let marks = hint::marks(&rulings, &strips, &seams);
    let mut lattices = lattice::find(&rulings);
    let (mut regions, mut tables) = region::regions(&drawing, &lattices);
    let mut lines = line::lines(&drawing, &regions, &marks);
    // Rulings that leave much of their table's text outside all cells are hints only.
    let areas = hint::open_areas(&drawing, &rulings, &lattices, &lines, &regions);
    let mut changed = areas.iter().any(|a| a.lattice.is_some());
    let mut index = 0;
    lattices.retain(|_| {
        index += 1;
        !areas.iter().any(|a| a.lattice == Some(index - 1))
    });
    for lattice in &mut lattices {
        changed |= missing_edge::restore(&drawing, lattice, &lines);
    }
    if changed {
        (regions, tables) = region::regions(&drawing, &lattices);
        lines = line::lines(&drawing, &regions, &marks);
    }
    let areas: Vec<BBox> = areas.iter().map(|a| a.bbox).collect();
    let blocks = block::blocks(
        &drawing,
        lines,
        &regions,
        tables,
        &block::Hints { marks: &marks, strips: &strips, areas: &areas },
    );
    let mut page = Page {
        number,
        width: drawing.width,
        height: drawing.height,
        text: drawing.text,
        offset: 0,
        glyphs: drawing.glyphs,
        fonts: drawing.fonts,
        rulings,
        images: drawing.images,
        lines: blocks.lines,
        tables: blocks.tables,
        blocks: blocks.blocks,
    };
    if let Some(turn) = turn {
        turn.back(&mut page);
    }
    page
}
