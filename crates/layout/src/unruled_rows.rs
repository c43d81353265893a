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
