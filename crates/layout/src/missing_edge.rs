//! Vertical rulings that a table lacks in some rows: cells that hold the text of several columns.

use crate::drawing::Drawing;
use crate::hint::{gutter, is_parted};
use crate::lattice::{GridCell, Lattice};
use crate::line::PlacedLine;
use crate::{BBox, Ruling, effort, line};

/// How many cells must be divided at a grid line before it counts as a missing edge.
const LEAST: usize = 2;

/// Divides cells over several columns where two or more of them hold text on both sides of the same
/// grid line and none across it. True when some cell was divided.
pub(crate) fn restore(drawing: &Drawing, lattice: &mut Lattice, lines: &[PlacedLine]) -> bool {
    let wide: Vec<usize> = (0..lattice.cells.len()).filter(|&c| lattice.cells[c].columns.len() > 1).collect();
    if wide.len() < LEAST || !lattice.ruled || effort::is_too_much(wide.len(), lines.len()) {
        return false;
    }
    let xs = grid_lines(lattice);
    let mut cuts: Vec<(usize, u32)> = Vec::new();
    for &c in &wide {
        let cell = &lattice.cells[c];
        let inside = lines.iter().filter(|l| {
            let (x, y) = l.line.bbox.center();
            cell.bbox.contains(x, y)
        });
        let glyphs: Vec<u32> = inside.flat_map(|l| l.line.glyphs.iter().copied()).collect();
        for k in cell.columns.start + 1..cell.columns.end {
            let Some(x) = xs[k as usize] else { continue };
            let (mut left, mut right, mut size) = (f32::NEG_INFINITY, f32::INFINITY, 0.0_f32);
            for &g in &glyphs {
                let glyph = &drawing.glyphs[g as usize];
                size = size.max(glyph.size);
                if glyph.bbox.center().0 < x {
                    left = left.max(glyph.bbox.x1);
                } else {
                    right = right.min(glyph.bbox.x0);
                }
            }
            if left.is_finite()
                && right.is_finite()
                && right - left >= 0.5 * size
                && left < x + 0.2 * size
                && x - 0.2 * size < right
            {
                cuts.push((c, k));
            }
        }
    }
    let count = |k: u32| cuts.iter().filter(|cut| cut.1 == k).count();
    let cuts: Vec<(usize, u32)> = cuts.iter().copied().filter(|cut| count(cut.1) >= LEAST).collect();
    for &(c, k) in cuts.iter().rev() {
        let Some(x) = xs[k as usize] else { continue };
        let cell = &mut lattice.cells[c];
        let mut rest: GridCell = cell.clone();
        (cell.columns.end, rest.columns.start) = (k, k);
        (cell.bbox.x1, rest.bbox.x0) = (x, x);
        lattice.cells.push(rest);
    }
    lattice.cells.sort_by_key(|c| (c.rows.start, c.columns.start));
    !cuts.is_empty()
}

/// Divides cells over several columns along a ruling that runs through most of their height: their row
/// may have been parted after the grid was made. `contents` are the placed lines of each cell.
pub(crate) fn divide(
    placed: &[PlacedLine],
    lattice: &mut Lattice,
    contents: &mut Vec<Vec<usize>>,
    upright: &[Ruling],
) {
    if lattice.cells.len() > effort::CELLS {
        return;
    }
    let xs = grid_lines(lattice);
    let mut c = 0;
    while c < lattice.cells.len() {
        let cell = &lattice.cells[c];
        let ruled = (cell.columns.start + 1..cell.columns.end).find_map(|k| {
            let x = xs[k as usize]?;
            let first = upright.partition_point(|r| r.bbox.x0 < x - 2.0);
            let near = upright[first..].iter().take_while(|r| r.bbox.x0 <= x + 2.0);
            let height: f32 = near.map(|r| r.bbox.overlap_y(&cell.bbox).max(0.0)).sum();
            let crossed = contents[c].iter().any(|&i| {
                let bbox = &placed[i].line.bbox;
                bbox.x0 < x - 1.0 && x + 1.0 < bbox.x1
            });
            (height >= 0.8 * cell.bbox.height() && !crossed).then_some((k, x))
        });
        if let Some((k, x)) = ruled {
            let mut rest = lattice.cells[c].clone();
            let cell = &mut lattice.cells[c];
            (cell.columns.end, rest.columns.start) = (k, k);
            (cell.bbox.x1, rest.bbox.x0) = (x, x);
            let (left, right) = contents[c].iter().partition(|&&i| placed[i].line.bbox.center().0 < x);
            contents[c] = left;
            lattice.cells.insert(c + 1, rest);
            contents.insert(c + 1, right);
        }
        c += 1;
    }
}

/// Parts a column of cells that hold two columns of text in most rows: no ruling, nor the grid, says so.
pub(crate) fn divide_by_text(
    drawing: &Drawing,
    placed: &mut Vec<PlacedLine>,
    lattice: &mut Lattice,
    contents: &mut Vec<Vec<usize>>,
) {
    if !lattice.ruled || lattice.cells.len() > effort::CELLS {
        return;
    }
    let mut column = 0;
    while column < lattice.columns {
        let of_column: Vec<usize> =
            (0..lattice.cells.len()).filter(|&c| lattice.cells[c].columns == (column..column + 1)).collect();
        let text: Vec<usize> = of_column.iter().copied().filter(|&c| !contents[c].is_empty()).collect();
        let boxes: Vec<&BBox> = text.iter().map(|&c| &lattice.cells[c].bbox).collect();
        let lines: Vec<&PlacedLine> = text.iter().flat_map(|&c| &contents[c]).map(|&i| &placed[i]).collect();
        let horizontal = lines.iter().all(|l| !l.line.vertical);
        let x = if text.len() >= 3 && horizontal { gutter(drawing, &boxes, &lines) } else { None };
        if let Some(x) = x {
            for cell in &mut lattice.cells {
                if cell.columns.start > column {
                    cell.columns.start += 1;
                }
                if cell.columns.end > column {
                    cell.columns.end += 1;
                }
            }
            lattice.columns += 1;
            for &c in of_column.iter().rev() {
                let own: Vec<&PlacedLine> = contents[c].iter().map(|&i| &placed[i]).collect();
                let crosses = |l: &&&PlacedLine| l.line.bbox.x0 < x - l.size && x + l.size < l.line.bbox.x1;
                if own.iter().any(|l| crosses(&l)) && !is_parted(drawing, &own) {
                    lattice.cells[c].columns.end = column + 2;
                    continue;
                }
                part_cell(drawing, placed, lattice, contents, c, column + 1, x);
            }
        }
        column += 1;
    }
}

/// Parts one cell at `x`, which is grid line `k`, and its lines with it.
fn part_cell(
    drawing: &Drawing,
    placed: &mut Vec<PlacedLine>,
    lattice: &mut Lattice,
    contents: &mut Vec<Vec<usize>>,
    c: usize,
    k: u32,
    x: f32,
) {
    let mut rest = lattice.cells[c].clone();
    let cell = &mut lattice.cells[c];
    (cell.columns.end, rest.columns.start) = (k, k);
    (cell.bbox.x1, rest.bbox.x0) = (x, x);
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for i in std::mem::take(&mut contents[c]) {
        if placed[i].line.bbox.x0 >= x {
            right.push(i);
            continue;
        }
        left.push(i);
        if let Some(cut) = line::cut(drawing, &mut placed[i], x) {
            right.push(placed.len());
            placed.push(cut);
        }
    }
    contents[c] = left;
    lattice.cells.insert(c + 1, rest);
    contents.insert(c + 1, right);
}

/// The x of each grid line, by the cells that begin there.
fn grid_lines(lattice: &Lattice) -> Vec<Option<f32>> {
    let mut xs = vec![None; lattice.columns as usize + 1];
    for cell in &lattice.cells {
        xs[cell.columns.start as usize].get_or_insert(cell.bbox.x0);
    }
    xs
}
