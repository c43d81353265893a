//! Ruled tables: rulings that cross make a grid, and cells are what the grid's edges close off.

use crate::{BBox, Ruling};

/// How far a ruling may end before, or run past, the one it meets.
const REACH: f32 = 2.5;
/// Grid lines nearer to each other than this are one (double lines, borders of adjoining cells).
const SNAP: f32 = 3.0;
/// Rulings between columns from which on a table has many.
const COLUMNS: usize = 6;
/// A bound on the work that one page of crossing rulings may cause.
const MOST_CROSSINGS: usize = 1_000_000;

/// Rectangles closed off by rulings that hang together, with their place in the common grid.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lattice {
    /// By row, then by column.
    pub(crate) cells: Vec<GridCell>,
    pub(crate) rows: u32,
    pub(crate) columns: u32,
    /// Rulings bound the cells.
    pub(crate) ruled: bool,
    /// Box around the rulings.
    pub(crate) hull: BBox,
}

/// A rectangle of a [`Lattice`].
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct GridCell {
    pub(crate) rows: std::ops::Range<u32>,
    pub(crate) columns: std::ops::Range<u32>,
    pub(crate) bbox: BBox,
}

impl Lattice {
    pub(crate) fn bbox(&self) -> BBox {
        crate::hull(self.cells.iter().map(|c| &c.bbox)).unwrap_or_default()
    }
}

/// The lattices that merged rulings form, from the top.
pub(crate) fn find(rulings: &[Ruling]) -> Vec<Lattice> {
    let mut lattices: Vec<Lattice> = components(rulings).iter().map(|part| close_cells(part)).collect();
    lattices.retain(|lattice| !is_chart(lattice));
    lattices.sort_by(|a, b| a.hull.top.total_cmp(&b.hull.top).then(a.hull.x0.total_cmp(&b.hull.x0)));
    lattices
}

/// Many cells, most of them too small for a letter: the marks of a chart across its grid.
fn is_chart(lattice: &Lattice) -> bool {
    const MANY: usize = 40;
    const SMALL: f32 = 5.0;
    let small = lattice.cells.iter().filter(|c| c.bbox.width().min(c.bbox.height()) < SMALL).count();
    lattice.cells.len() > MANY && 2 * small > lattice.cells.len()
}

/// Groups of rulings that touch each other, directly or through others.
fn components(rulings: &[Ruling]) -> Vec<Vec<Ruling>> {
    let split = rulings.partition_point(|r| r.horizontal);
    let (horizontal, vertical) = rulings.split_at(split);
    let mut sets = Sets::new(rulings.len());
    let mut crossings = 0_usize;
    for (i, h) in horizontal.iter().enumerate() {
        // Vertical rulings come from the left, so those that can meet this one are a run.
        let first = vertical.partition_point(|v| v.bbox.x0 < h.bbox.x0 - REACH);
        for (j, v) in vertical.iter().enumerate().skip(first) {
            crossings += 1;
            if v.bbox.x0 > h.bbox.x1 + REACH || crossings > MOST_CROSSINGS {
                break;
            }
            if v.bbox.top - REACH <= h.bbox.top && h.bbox.top <= v.bbox.bottom + REACH {
                sets.join(i, split + j);
            }
        }
    }
    let mut parts: Vec<Vec<Ruling>> = Vec::new();
    let mut part_of = vec![usize::MAX; rulings.len()];
    for (i, ruling) in rulings.iter().enumerate() {
        let root = sets.root(i);
        if part_of[root] == usize::MAX {
            part_of[root] = parts.len();
            parts.push(Vec::new());
        }
        parts[part_of[root]].push(*ruling);
    }
    parts.retain(|p| {
        let horizontal = p.iter().filter(|r| r.horizontal).count();
        horizontal >= 2 && p.len() > horizontal
    });
    parts
}

/// The elementary grid of one component: which of its edges are drawn.
struct Grid {
    xs: Vec<f32>,
    ys: Vec<f32>,
    /// Edge above cell (row, column); one row more than there are cells.
    above: Vec<bool>,
    /// Edge left of cell (row, column); one column more than there are cells.
    left: Vec<bool>,
}

impl Grid {
    fn new(rulings: &[Ruling]) -> Self {
        let xs = snapped(rulings.iter().filter(|r| !r.horizontal).map(|r| r.bbox.x0));
        let ys = snapped(rulings.iter().filter(|r| r.horizontal).map(|r| r.bbox.top));
        let (rows, columns) = (ys.len() - 1, xs.len() - 1);
        let mut grid = Self {
            above: vec![false; (rows + 1) * columns],
            left: vec![false; rows * (columns + 1)],
            xs,
            ys,
        };
        for ruling in rulings {
            if ruling.horizontal {
                let row = nearest(&grid.ys, ruling.bbox.top);
                for column in covered(&grid.xs, ruling.bbox.x0, ruling.bbox.x1) {
                    grid.above[row * columns + column] = true;
                }
            } else {
                let column = nearest(&grid.xs, ruling.bbox.x0);
                for row in covered(&grid.ys, ruling.bbox.top, ruling.bbox.bottom) {
                    grid.left[row * (columns + 1) + column] = true;
                }
            }
        }
        grid
    }

    fn rows(&self) -> usize {
        self.ys.len() - 1
    }

    fn columns(&self) -> usize {
        self.xs.len() - 1
    }

    fn edge_above(&self, row: usize, column: usize) -> bool {
        self.above[row * self.columns() + column]
    }

    fn edge_left(&self, row: usize, column: usize) -> bool {
        self.left[row * (self.columns() + 1) + column]
    }
}

fn close_cells(rulings: &[Ruling]) -> Lattice {
    let vertical = rulings.iter().filter(|r| !r.horizontal).count();
    if vertical.saturating_mul(rulings.len() - vertical) > MOST_CROSSINGS {
        return Lattice::default();
    }
    let sides = implied_sides(rulings);
    let hull = crate::hull(rulings.iter().chain(&sides).map(|r| &r.bbox)).unwrap_or_default();
    let grid = Grid::new(&[rulings, &sides].concat());
    if grid.xs.len() < 2 || grid.ys.len() < 2 {
        return Lattice::default();
    }
    let (rows, columns) = (grid.rows(), grid.columns());

    // Elementary cells without an edge between them are one; what runs out of the grid is no cell.
    let outside = rows * columns;
    let mut sets = Sets::new(outside + 1);
    for row in 0..rows {
        for column in 0..columns {
            let cell = row * columns + column;
            if !grid.edge_above(row, column) {
                sets.join(cell, if row == 0 { outside } else { cell - columns });
            }
            if !grid.edge_left(row, column) {
                sets.join(cell, if column == 0 { outside } else { cell - 1 });
            }
            if row + 1 == rows && !grid.edge_above(rows, column) {
                sets.join(cell, outside);
            }
            if column + 1 == columns && !grid.edge_left(row, columns) {
                sets.join(cell, outside);
            }
        }
    }
    let outer = sets.root(outside);
    let roots: Vec<usize> = (0..outside).map(|c| sets.root(c)).collect();

    // Rectangles from the top left; a region that is no rectangle, or has an edge in it, falls into several.
    let mut taken = vec![false; outside];
    let mut spans = Vec::new();
    for row in 0..rows {
        for column in 0..columns {
            let (cell, root) = (row * columns + column, roots[row * columns + column]);
            if taken[cell] || root == outer {
                continue;
            }
            let free = |r: usize, c: usize| roots[r * columns + c] == root && !taken[r * columns + c];
            let mut right = column + 1;
            while right < columns && free(row, right) && !grid.edge_left(row, right) {
                right += 1;
            }
            let mut bottom = row + 1;
            let open = |r: usize| {
                let below = (column..right).all(|c| free(r, c) && !grid.edge_above(r, c));
                below && (column + 1..right).all(|c| !grid.edge_left(r, c))
            };
            while bottom < rows && open(bottom) {
                bottom += 1;
            }
            for r in row..bottom {
                taken[r * columns + column..r * columns + right].fill(true);
            }
            spans.push((row..bottom, column..right));
        }
    }
    Lattice { hull, ..number_cells(&grid, &spans) }
}

/// Many tables have no ruling at their left and right ends, some none at their top or bottom. Where
/// most rulings of one direction end at the same place and no ruling stands there, their ends imply one.
fn implied_sides(rulings: &[Ruling]) -> Vec<Ruling> {
    let mut implied = Vec::new();
    for horizontal in [true, false] {
        let span = |r: &Ruling| {
            if r.horizontal {
                (r.bbox.top, r.bbox.x0, r.bbox.x1)
            } else {
                (r.bbox.x0, r.bbox.top, r.bbox.bottom)
            }
        };
        let along: Vec<_> = rulings.iter().filter(|r| r.horizontal == horizontal).map(span).collect();
        let across: Vec<_> = rulings.iter().filter(|r| r.horizontal != horizontal).map(span).collect();
        let first = along.iter().map(|s| s.1).fold(f32::INFINITY, f32::min);
        let last = along.iter().map(|s| s.2).fold(f32::NEG_INFINITY, f32::max);
        let many = snapped(across.iter().map(|s| s.0)).len() >= COLUMNS;
        for (end, is_first) in [(first, true), (last, false)] {
            let ending = along.iter().filter(|s| ((if is_first { s.1 } else { s.2 }) - end).abs() <= SNAP);
            let at: Vec<f32> = ending.map(|s| s.0).collect();
            let stands = |place: f32| across.iter().any(|s| (s.0 - place).abs() <= SNAP);
            // In a table of many columns, those that stop at a ruling are beside a merged cell, and say nothing of the
            // side.
            let others = along.iter().map(|s| if is_first { s.1 } else { s.2 });
            let others = others.filter(|&e| (e - end).abs() > SNAP && !(many && stands(e))).count();
            if stands(end) || at.len() < 3 || at.len() < others * 2 {
                continue;
            }
            // The side goes on as far as most of the rulings beside it do: a row may be open below.
            let most = |of: fn(&(f32, f32, f32)) -> f32, end: f32| {
                across.iter().filter(|s| (of(s) - end).abs() <= SNAP).count() * 3 >= across.len() * 2
            };
            let (first, last) =
                at.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(a, b), &p| (a.min(p), b.max(p)));
            let begin = across.iter().map(|s| s.1).fold(f32::INFINITY, f32::min);
            let end_of_all = across.iter().map(|s| s.2).fold(f32::NEG_INFINITY, f32::max);
            let from = if most(|s| s.1, begin) { first.min(begin) } else { first };
            let to = if most(|s| s.2, end_of_all) { last.max(end_of_all) } else { last };
            let bbox = if horizontal { BBox::new(end, from, end, to) } else { BBox::new(from, end, to, end) };
            implied.push(Ruling { bbox, thickness: 0.0, horizontal: !horizontal, drawn: false });
        }
    }
    implied
}

/// Numbers rows and columns by the grid lines on which some cell begins or ends.
fn number_cells(grid: &Grid, spans: &[(std::ops::Range<usize>, std::ops::Range<usize>)]) -> Lattice {
    let mut ys: Vec<usize> = spans.iter().flat_map(|(r, _)| [r.start, r.end]).collect();
    let mut xs: Vec<usize> = spans.iter().flat_map(|(_, c)| [c.start, c.end]).collect();
    ys.sort_unstable();
    ys.dedup();
    xs.sort_unstable();
    xs.dedup();
    let number = |lines: &[usize], line: usize| lines.partition_point(|&l| l < line) as u32;
    let mut cells: Vec<GridCell> = spans
        .iter()
        .map(|(r, c)| GridCell {
            rows: number(&ys, r.start)..number(&ys, r.end),
            columns: number(&xs, c.start)..number(&xs, c.end),
            bbox: BBox::new(grid.xs[c.start], grid.ys[r.start], grid.xs[c.end], grid.ys[r.end]),
        })
        .collect();
    cells.sort_by_key(|c| (c.rows.start, c.columns.start));
    let (rows, columns) = (ys.len().saturating_sub(1) as u32, xs.len().saturating_sub(1) as u32);
    Lattice { cells, rows, columns, ruled: true, hull: BBox::default() }
}

/// Grid lines: sorted positions, those nearer than [`SNAP`] drawn together to their mean.
fn snapped(positions: impl Iterator<Item = f32>) -> Vec<f32> {
    let mut sorted: Vec<f32> = positions.collect();
    sorted.sort_by(f32::total_cmp);
    let mut lines = Vec::new();
    let mut rest = sorted.as_slice();
    while let Some(&first) = rest.first() {
        let (near, others) = rest.split_at(rest.partition_point(|&p| p <= first + SNAP));
        lines.push(near.iter().sum::<f32>() / near.len() as f32);
        rest = others;
    }
    lines
}

/// Index of the grid line nearest to `at`.
fn nearest(lines: &[f32], at: f32) -> usize {
    let next = lines.partition_point(|&l| l < at);
    let distance = |i: usize| lines.get(i).map_or(f32::INFINITY, |l| (l - at).abs());
    if next > 0 && distance(next - 1) <= distance(next) { next - 1 } else { next }
}

/// The steps between grid lines that `from..to` covers.
fn covered(lines: &[f32], from: f32, to: f32) -> std::ops::Range<usize> {
    let first = lines.partition_point(|&l| l < from - SNAP);
    let last = lines.partition_point(|&l| l <= to + SNAP).saturating_sub(1);
    first..last.max(first)
}

/// Disjoint sets.
struct Sets(Vec<usize>);

impl Sets {
    fn new(len: usize) -> Self {
        Self((0..len).collect())
    }

    fn root(&mut self, mut i: usize) -> usize {
        while self.0[i] != i {
            self.0[i] = self.0[self.0[i]];
            i = self.0[i];
        }
        i
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ruling::merge;

    fn h(y: f32, x0: f32, x1: f32) -> Ruling {
        Ruling { bbox: BBox::new(x0, y, x1, y), thickness: 1.0, horizontal: true, drawn: true }
    }

    fn v(x: f32, top: f32, bottom: f32) -> Ruling {
        Ruling { bbox: BBox::new(x, top, x, bottom), thickness: 1.0, horizontal: false, drawn: true }
    }

    fn cells(rulings: &[Ruling]) -> Vec<(std::ops::Range<u32>, std::ops::Range<u32>)> {
        let found = find(&merge(rulings));
        assert_eq!(found.len(), 1);
        found[0].cells.iter().map(|c| (c.rows.clone(), c.columns.clone())).collect()
    }

    #[test]
    fn a_missing_edge_merges_cells() {
        // Two rows of two; the upper row's cells are merged.
        let rulings = [
            h(0.0, 0.0, 100.0),
            h(20.0, 0.0, 100.0),
            h(40.0, 0.0, 100.0),
            v(0.0, 0.0, 40.0),
            v(50.0, 20.0, 40.0),
            v(100.0, 0.0, 40.0),
        ];
        assert_eq!(cells(&rulings), [(0..1, 0..2), (1..2, 0..1), (1..2, 1..2)]);
    }

    #[test]
    fn rulings_that_end_short_or_overshoot_still_close_cells() {
        let rulings = [h(0.0, 1.5, 99.0), h(20.0, -2.0, 102.0), v(0.0, 0.5, 18.5), v(100.0, -2.0, 21.0)];
        assert_eq!(cells(&rulings), [(0..1, 0..1)]);
    }

    #[test]
    fn open_ends_of_a_table_are_closed() {
        let rulings = [
            h(0.0, 0.0, 100.0),
            h(20.0, 0.0, 100.0),
            h(40.0, 0.0, 100.0),
            v(50.0, 0.0, 40.0),
            v(70.0, 0.0, 40.0),
        ];
        assert_eq!(cells(&rulings).len(), 6);
    }

    #[test]
    fn the_marks_of_a_chart_make_no_table() {
        let mut rulings: Vec<Ruling> = (0..6_u8).map(|i| h(20.0 * f32::from(i), 0.0, 400.0)).collect();
        rulings.extend((0..101_u8).map(|i| v(4.0 * f32::from(i), 0.0, 100.0)));
        assert!(find(&merge(&rulings)).is_empty());
    }

    #[test]
    fn a_merged_cell_at_an_open_end_is_closed() {
        // Five rows; the first cell of the lower four is one.
        let mut rulings = vec![h(0.0, 0.0, 100.0), h(20.0, 0.0, 100.0), h(100.0, 0.0, 100.0)];
        rulings.extend([40.0, 60.0, 80.0].map(|y| h(y, 50.0, 100.0)));
        rulings.extend([50.0, 58.0, 66.0, 74.0, 82.0, 90.0].map(|x| v(x, 0.0, 100.0)));
        let found = cells(&rulings);
        assert_eq!(found.len(), 7 + 1 + 4 * 6);
        assert!(found.contains(&(1..5, 0..1)));
    }

    #[test]
    fn two_tables_side_by_side_are_two() {
        let square =
            |x: f32| [h(0.0, x, x + 40.0), h(30.0, x, x + 40.0), v(x, 0.0, 30.0), v(x + 40.0, 0.0, 30.0)];
        let rulings: Vec<Ruling> = [square(0.0), square(100.0)].concat();
        assert_eq!(find(&merge(&rulings)).len(), 2);
    }
}
