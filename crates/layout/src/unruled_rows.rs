//! Rows of a ruled table that no ruling parts: tall cells side by side whose text stands in rows.

use crate::chunk::{Chunk, Rows, Spacing, covered, rows};
use crate::lattice::{GridCell, Lattice};
use crate::line::PlacedLine;
use crate::{BBox, Ruling, effort};

/// Parts the rows of `lattice` whose cells show, at two columns at least, that they hold several rows;
/// `lines` are the placed lines of each cell, in reading order.
pub(crate) fn split(
    placed: &[PlacedLine],
    lattice: &mut Lattice,
    lines: &mut Vec<Vec<usize>>,
    marks: &[Ruling],
) {
    if lattice.cells.len() > effort::CELLS {
        return;
    }
    for row in (0..lattice.rows).rev() {
        // Only cells of this row alone can be parted; those that reach over it grow with it.
        let band: Vec<usize> =
            (0..lattice.cells.len()).filter(|&c| lattice.cells[c].rows == (row..row + 1)).collect();
        if band.len() < 2 || band.iter().flat_map(|&c| &lines[c]).any(|&i| placed[i].line.vertical) {
            continue;
        }
        let columns: Vec<Vec<usize>> = band.iter().map(|&c| lines[c].clone()).collect();
        let Some((bands, chunks)) = rows_of(placed, &columns, marks) else { continue };
        if is_of_a_list(lattice, row, &band, &chunks) {
            continue;
        }
        let boxes: Vec<BBox> = band.iter().map(|&c| lattice.cells[c].bbox).collect();
        let Some((bands, chunks)) = without_wraps(placed, &boxes, &bands, chunks) else { continue };
        part(lattice, lines, row, &band, &bands, &chunks);
    }
}

/// Rows that hold in every cell, if there are two or more.
fn rows_of(
    placed: &[PlacedLine],
    columns: &[Vec<usize>],
    marks: &[Ruling],
) -> Option<(Rows, Vec<Vec<Chunk>>)> {
    let spacing = Spacing::new(placed, columns, marks, false);
    let chunks: Vec<Vec<Chunk>> = columns.iter().map(|column| spacing.chunks(column)).collect();
    let bands = rows(&chunks.iter().map(|c| c.iter().collect()).collect::<Vec<Vec<&Chunk>>>());
    if bands.len() < 2 {
        return None;
    }
    // No chunk may lie across two rows, and most rows begin (or have their middle) at the same height
    // in two cells: the paragraphs of two cells do not do that by chance again and again.
    let mut aligned = 0;
    for band in &bands {
        let inside: Vec<&Chunk> =
            chunks.iter().flatten().filter(|c| c.bbox.top < band.1 && band.0 < c.bbox.bottom).collect();
        let size = inside.iter().map(|c| placed[c.lines[0]].size).fold(0.0, f32::max);
        let pair = |a: &Chunk, b: &Chunk| {
            (a.bbox.top - b.bbox.top).abs() <= 0.4 * size
                || (a.bbox.center().1 - b.bbox.center().1).abs() <= 0.4 * size
        };
        let pairs = inside.iter().enumerate().any(|(k, a)| inside[k + 1..].iter().any(|b| pair(a, b)));
        aligned += usize::from(pairs);
    }
    let whole = chunks.iter().flatten().all(|c| covered(&bands, c.bbox.top, c.bbox.bottom).len() == 1);
    let several = chunks.iter().filter(|c| c.len() >= 2).count();
    (whole && several >= 2 && aligned >= 2 && aligned * 5 >= bands.len() * 4).then_some((bands, chunks))
}

/// Rows of the same columns from which on a grid is a list, whose rulings part its rows.
const LIST: usize = 5;

/// True for a row of a list whose first cell is one: the lines beside it are cells of several lines.
fn is_of_a_list(lattice: &Lattice, row: u32, band: &[usize], chunks: &[Vec<Chunk>]) -> bool {
    let columns = |c: usize| &lattice.cells[c].columns;
    let first = (0..band.len()).min_by_key(|&i| columns(band[i]).start);
    if first.is_none_or(|i| chunks[i].len() != 1) {
        return false;
    }
    let own: Vec<_> = band.iter().map(|&c| columns(c).clone()).collect();
    let mut alike = 0;
    for cells in lattice.cells.chunk_by(|a, b| a.rows.start == b.rows.start) {
        let single = cells.iter().filter(|c| c.rows.len() == 1).map(|c| &c.columns);
        alike += usize::from(cells.first().is_some_and(|c| c.rows.start != row) && single.eq(own.iter()));
    }
    alike + 1 >= LIST
}

/// The same rows, less those that nothing but full lines makes: where each line above ends because the next word did
/// not fit, or goes on with a bracket, the lines are the text of one cell. A narrow column breaks numbers too.
fn without_wraps(
    placed: &[PlacedLine],
    boxes: &[BBox],
    bands: &[(f32, f32)],
    chunks: Vec<Vec<Chunk>>,
) -> Option<(Rows, Vec<Vec<Chunk>>)> {
    let band_of = |chunk: &Chunk| covered(bands, chunk.bbox.top, chunk.bbox.bottom).start;
    let mut begins = vec![false; bands.len()];
    for (cell, chunks) in boxes.iter().zip(&chunks) {
        let room = room(placed, cell, chunks);
        for pair in chunks.windows(2) {
            let (Some(&above), Some(&below)) = (pair[0].lines.last(), pair[1].lines.first()) else {
                continue;
            };
            begins[band_of(&pair[1])] |= !goes_on(&placed[above], &placed[below], room);
        }
    }
    let mut kept = Rows::new();
    for (band, begins) in bands.iter().zip(&begins) {
        match kept.last_mut() {
            Some(last) if !begins => last.1 = last.1.max(band.1),
            _ => kept.push(*band),
        }
    }
    if kept.len() < 2 {
        return None;
    }
    let joined = |column: Vec<Chunk>| {
        let mut out: Vec<Chunk> = Vec::new();
        for chunk in column {
            let row = |c: &Chunk| covered(&kept, c.bbox.top, c.bbox.bottom).start;
            match out.last_mut() {
                Some(last) if row(last) == row(&chunk) => {
                    last.bbox = last.bbox.union(&chunk.bbox);
                    last.lines.extend(chunk.lines);
                }
                _ => out.push(chunk),
            }
        }
        out
    };
    let chunks = chunks.into_iter().map(joined).collect();
    Some((kept, chunks))
}

/// Width that a cell has for a line: less its padding, of which no more is believed than most tables have.
fn room(placed: &[PlacedLine], cell: &BBox, chunks: &[Chunk]) -> f32 {
    let lines = || chunks.iter().flat_map(|c| &c.lines).map(|&i| &placed[i]);
    let size = lines().map(|l| l.size).fold(0.0, f32::max);
    let margins = lines().flat_map(|l| [l.line.bbox.x0 - cell.x0, cell.x1 - l.line.bbox.x1]);
    let padding = margins.fold(0.8 * size, f32::min).max(0.0);
    cell.width() - 2.0 * padding
}

/// The line below is the rest of the one above: its first word did not fit there, or it is a bracket.
fn goes_on(above: &PlacedLine, below: &PlacedLine, room: f32) -> bool {
    let weight = |c: char| if c.is_ascii() { 0.5 } else { 1.0 };
    let text = below.line.text.as_str();
    if text.starts_with(['（', '(']) {
        return true;
    }
    // Digits and Latin letters keep together, and a line does not begin with what closes.
    let latin = |c: char| c.is_ascii_alphanumeric() || matches!(c, ',' | '.' | '-' | '/' | '%' | '(' | ')');
    let closing = |c: char| matches!(c, '、' | '。' | '，' | '．' | '）' | '」' | '』' | '・' | 'ー' | '々');
    let first = text.chars().take_while(|&c| latin(c)).count().max(1);
    let word = first + text.chars().skip(first).take_while(|&c| closing(c)).count();
    let whole: f32 = text.chars().map(weight).sum();
    let width = below.line.bbox.width() * text.chars().take(word).map(weight).sum::<f32>() / whole.max(0.5);
    // Space that ends a line is not seen, nor is the little that some put between Latin letters and others.
    above.line.bbox.width() + width + below.size > room
}

fn part(
    lattice: &mut Lattice,
    lines: &mut Vec<Vec<usize>>,
    row: u32,
    band: &[usize],
    bands: &[(f32, f32)],
    chunks: &[Vec<Chunk>],
) {
    let more = bands.len() as u32 - 1;
    for cell in &mut lattice.cells {
        if cell.rows.start > row {
            cell.rows.start += more;
        }
        if cell.rows.end > row + 1 {
            cell.rows.end += more;
        }
    }
    for (&c, chunks) in band.iter().zip(chunks) {
        let whole = lattice.cells[c].clone();
        let mut ys = vec![whole.bbox.top];
        ys.extend(bands.windows(2).map(|w| f32::midpoint(w[0].1, w[1].0)));
        ys.push(whole.bbox.bottom);
        for (k, y) in ys.windows(2).enumerate() {
            let cell = GridCell {
                rows: row + k as u32..row + k as u32 + 1,
                columns: whole.columns.clone(),
                bbox: BBox { top: y[0], bottom: y[1], ..whole.bbox },
            };
            let content =
                chunks.iter().filter(|chunk| covered(bands, chunk.bbox.top, chunk.bbox.bottom).start == k);
            let content = content.flat_map(|chunk| chunk.lines.iter().copied()).collect();
            if k == 0 {
                lattice.cells[c] = cell;
                lines[c] = content;
            } else {
                lattice.cells.push(cell);
                lines.push(content);
            }
        }
    }
    lattice.rows += more;
    let mut order: Vec<usize> = (0..lattice.cells.len()).collect();
    order.sort_by_key(|&i| (lattice.cells[i].rows.start, lattice.cells[i].columns.start));
    lattice.cells = order.iter().map(|&i| lattice.cells[i].clone()).collect();
    *lines = order.iter().map(|&i| std::mem::take(&mut lines[i])).collect();
}
