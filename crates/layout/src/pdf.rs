//! A PDF to a [`Document`].

use crate::block::Blocks;
use crate::drawing::Drawing;
use crate::engine::PageSource;
use crate::furniture::Foot;
use crate::lattice::Lattice;
use crate::line::PlacedLine;
use crate::region::Regions;
use crate::{BBox, Document, Error, ErrorKind, Options, Page, Ruling, SourceKind, Table};
use crate::{
    block, continuation, dots, furniture, glyph, hayro, hint, kind, lattice, letter, line, missing_edge,
    region, ruling, scan, sideways, tiles, warning,
};

/// Stack of the thread the engine runs on. Forms nest as deep as a file says, and each level of them
/// takes some kilobytes of stack.
const STACK: usize = 256 << 20;

/// Reads a PDF on a thread of its own; gives what `meanwhile` gave in this one, too.
pub(crate) fn read<T>(
    bytes: &[u8],
    options: &Options,
    meanwhile: impl FnOnce() -> T,
) -> Result<(Document, T), Error> {
    with_source(bytes, options, |source| read_pages(source, options), meanwhile)
}

/// Draws every page of a PDF and lays none out: what the engine costs alone, for measurements. Gives
/// the number of glyphs.
///
/// # Errors
/// As for [`read`](crate::read).
#[doc(hidden)]
pub fn engine_only(bytes: &[u8], options: &Options) -> Result<usize, Error> {
    let draw = |source: &mut hayro::HayroSource<'_>| {
        (0..source.page_count()).map(|i| source.draw(i, &options.limits).map(|d| d.glyphs.len())).sum()
    };
    with_source(bytes, options, draw, || ()).map(|(count, ())| count)
}

/// Draws every page of a PDF as a picture.
#[cfg(feature = "picture")]
pub(crate) fn pictures(
    bytes: &[u8],
    options: &Options,
    limits: &crate::PictureLimits,
) -> Result<crate::Pictures, Error> {
    let draw = |source: &mut hayro::HayroSource<'_>| {
        let count = source.page_count();
        if count > options.limits.pages {
            let detail = format!("{count} pages, the limit is {}", options.limits.pages);
            return Err(Error::new(ErrorKind::TooLarge, detail));
        }
        source.pictures(limits)
    };
    with_source(bytes, options, draw, || ()).map(|(pictures, ())| pictures)
}

fn with_source<T: Send, M>(
    bytes: &[u8],
    options: &Options,
    work: impl FnOnce(&mut hayro::HayroSource<'_>) -> Result<T, Error> + Send,
    meanwhile: impl FnOnce() -> M,
) -> Result<(T, M), Error> {
    std::thread::scope(|scope| {
        let reader = std::thread::Builder::new()
            .name("chohyo-layout".to_owned())
            .stack_size(STACK)
            .spawn_scoped(scope, || {
                scan::check(bytes, &options.limits)?;
                let pdf = hayro::open(bytes, options.password.as_deref())?;
                work(&mut hayro::HayroSource::new(&pdf, &options.limits))
            })
            .map_err(|e| Error::new(ErrorKind::TooLarge, format!("no thread to read on: {e}")))?;
        let done = meanwhile();
        let read =
            reader.join().unwrap_or_else(|_| Err(Error::new(ErrorKind::Damaged, "the PDF engine gave up")));
        read.map(|read| (read, done))
    })
}

fn read_pages(source: &mut dyn PageSource, options: &Options) -> Result<Document, Error> {
    let limits = &options.limits;
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
    let mut first_failure = None;
    for index in 0..count {
        let number = index as u32 + 1;
        let result = source.draw(index, limits).and_then(decodable).map_err(|e| e.at_page(number));
        let page = match result {
            Ok(mut drawing) => {
                glyph::merge_duplicates(&mut drawing);
                document.warnings.extend(warning::of(number, &drawing));
                lay_out(number, drawing, document.pages.last())
            }
            Err(error) if options.strict => return Err(error),
            Err(error) => {
                let (width, height) = source.page_size(index);
                document.warnings.push(warning::unreadable(number, &error, (width, height)));
                first_failure.get_or_insert(error);
                Page { number, width, height, ..Page::default() }
            }
        };
        document.pages.push(page);
    }
    if document.pages.iter().all(|p| p.glyphs.is_empty()) {
        return Err(first_failure.unwrap_or_else(|| Error::new(ErrorKind::NoText, format!("{count} pages"))));
    }
    warning::limit(&mut document.warnings, limits);
    kind::tell(&mut document.pages, false);
    continuation::mark(&mut document.pages);
    Ok(document)
}

/// Refuses a page most of whose text is unknown: what is left of it would be read as if it were all.
fn decodable(drawing: Drawing) -> Result<Drawing, Error> {
    let (count, unmapped) = (drawing.glyphs.len(), drawing.unmapped);
    if unmapped * 2 <= count {
        return Ok(drawing);
    }
    let detail = format!("{unmapped} of {count} glyphs have no known character");
    Err(Error::new(ErrorKind::Undecodable, detail))
}

/// From what is drawn on a page to what a reader sees on it; `before` is the page before it.
pub(crate) fn lay_out(number: u32, mut drawing: Drawing, before: Option<&Page>) -> Page {
    drawing.strokes.extend(dots::rulings(&drawing.dots));
    let turn = sideways::turn_of(&drawing);
    if let Some(turn) = turn {
        turn.upright(&mut drawing);
    }
    let mut strokes = [drawing.strokes.as_slice(), &tiles::edges(&drawing.fills)].concat();
    letter::without_strokes(&mut strokes, &drawing.glyphs);
    let rulings = ruling::merge(&strokes);
    let feet = before.filter(|_| turn.is_none()).map(furniture::feet).unwrap_or_default();
    let blocks = arrange(&drawing, &rulings, &feet);
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

/// Finds lines, tables and blocks. Rulings that leave much of their table's text outside all cells are
/// taken for hints only; where no table comes of that, their closed cells stand.
fn arrange(drawing: &Drawing, rulings: &[Ruling], feet: &[Foot]) -> Blocks {
    let (strips, seams) = hint::strips(&drawing.fills);
    let marks = hint::marks(rulings, &strips, &seams);
    let lattices = lattice::find(rulings);
    let (regions, tables) = region::regions(drawing, &lattices);
    let lines = line::lines(drawing, &regions, &marks);
    let mut areas = hint::open_areas(drawing, rulings, &lattices, &lines, &regions);
    let mut first = Some((regions, tables, lines));
    loop {
        let open = areas.iter().any(|a| a.lattice.is_some());
        let mut kept: Vec<Lattice> = (0..lattices.len())
            .filter(|&i| !areas.iter().any(|a| a.lattice == Some(i)))
            .map(|i| lattices[i].clone())
            .collect();
        let (regions, tables, lines) = first.take().unwrap_or_else(|| draw_lines(drawing, &kept, &marks));
        let mut changed = open;
        for lattice in &mut kept {
            changed |= missing_edge::restore(drawing, lattice, &lines);
        }
        let (regions, tables, lines) =
            if changed { draw_lines(drawing, &kept, &marks) } else { (regions, tables, lines) };
        let boxes: Vec<BBox> = areas.iter().map(|a| a.bbox).collect();
        let hints = block::Hints { marks: &marks, strips: &strips, areas: &boxes, even: drawing.dump, feet };
        let blocks = block::blocks(drawing, lines, &regions, tables, &hints);
        let is_lost = |area: &hint::Area| {
            let within = |t: &Table| t.bbox.overlap_x(&area.bbox) > 0.0 && t.bbox.overlap_y(&area.bbox) > 0.0;
            area.lattice.is_some_and(|i| lattices[i].cells.len() > 1) && !blocks.tables.iter().any(within)
        };
        let before = areas.len();
        areas.retain(|a| !is_lost(a));
        if areas.len() == before {
            return blocks;
        }
    }
}

fn draw_lines(
    drawing: &Drawing,
    lattices: &[Lattice],
    marks: &[Ruling],
) -> (Regions, Vec<Lattice>, Vec<PlacedLine>) {
    let (regions, tables) = region::regions(drawing, lattices);
    let lines = line::lines(drawing, &regions, marks);
    (regions, tables, lines)
}
