//! Which part of a page a point belongs to: a table's cell, a box, or a frame around other parts.

use crate::lattice::Lattice;
use crate::{BBox, drawing::Drawing, effort};

/// What a region is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RegionKind {
    /// A cell (index) of a lattice (index).
    Cell(usize, usize),
    /// A lone closed box with nothing but text in it.
    Box,
    /// A closed box around other boxes or tables; also the page itself.
    Frame,
}

/// A closed part of the page.
#[derive(Clone, Debug)]
pub(crate) struct Region {
    pub(crate) kind: RegionKind,
    pub(crate) bbox: BBox,
    /// The region around this one; the page (index 0) is its own parent.
    pub(crate) parent: usize,
}

/// The regions of a page as a tree; index 0 is the page.
#[derive(Debug)]
pub(crate) struct Regions {
    pub(crate) list: Vec<Region>,
    buckets: Buckets,
}

/// Lattices told apart: tables (two cells or more), and the rest as regions.
pub(crate) fn regions(drawing: &Drawing, lattices: &[Lattice]) -> (Regions, Vec<Lattice>) {
    let page = BBox { x0: 0.0, top: 0.0, x1: drawing.width, bottom: drawing.height };
    let hulls: Vec<BBox> = lattices.iter().map(Lattice::bbox).collect();
    let cells: usize = lattices.iter().map(|l| l.cells.len()).sum();
    let costly = effort::is_too_much(cells, hulls.len());
    let mut list = vec![Region { kind: RegionKind::Frame, bbox: page, parent: 0 }];
    let mut tables = Vec::new();
    for (i, lattice) in lattices.iter().enumerate() {
        // Cells around whole tables or several boxes are a frame that some program drew in one go.
        let holds = |cell: &BBox| (0..hulls.len()).filter(|&j| j != i && within(&hulls[j], cell)).count();
        let is_frame =
            !costly && lattice.cells.iter().any(|c| holds(&c.bbox) >= 2 && area(&c.bbox) > 0.2 * area(&page));
        if lattice.cells.len() > 1 && !is_frame {
            for (c, cell) in lattice.cells.iter().enumerate() {
                list.push(Region { kind: RegionKind::Cell(tables.len(), c), bbox: cell.bbox, parent: 0 });
            }
            tables.push(lattice.clone());
        } else {
            for cell in &lattice.cells {
                let kind = if costly || holds(&cell.bbox) == 0 { RegionKind::Box } else { RegionKind::Frame };
                list.push(Region { kind, bbox: cell.bbox, parent: 0 });
            }
        }
    }
    // Larger regions first, so that a parent comes before its children.
    list[1..].sort_by(|a, b| area(&b.bbox).total_cmp(&area(&a.bbox)));
    let buckets = Buckets::new(&page, &list);
    for i in 1..list.len() {
        let (x, y) = list[i].bbox.center();
        let around = buckets.around(x, y).iter().rev().map(|&j| j as usize);
        let own = match list[i].kind {
            RegionKind::Cell(table, _) => Some(table),
            _ => None,
        };
        let parent = around
            .filter(|&j| j < i && list[j].bbox.contains(x, y))
            .find(|&j| !matches!(list[j].kind, RegionKind::Cell(t, _) if Some(t) == own));
        list[i].parent = parent.unwrap_or(0);
    }
    (Regions { list, buckets }, tables)
}

impl Regions {
    /// The innermost region around a point.
    pub(crate) fn at(&self, x: f32, y: f32) -> usize {
        let around = self.buckets.around(x, y).iter().rev().map(|&j| j as usize);
        around.into_iter().find(|&j| self.list[j].bbox.contains(x, y)).unwrap_or(0)
    }

    /// The table cell this region is or lies on, frames aside.
    pub(crate) fn cell_of(&self, mut region: usize) -> Option<(usize, usize)> {
        loop {
            match self.list[region].kind {
                RegionKind::Cell(table, cell) => return Some((table, cell)),
                RegionKind::Box => region = self.list[region].parent,
                RegionKind::Frame => return None,
            }
        }
    }

    /// The innermost frame this region lies in (itself, if it is one).
    pub(crate) fn frame_of(&self, mut region: usize) -> usize {
        while self.list[region].kind != RegionKind::Frame {
            region = self.list[region].parent;
        }
        region
    }
}

/// A coarse raster over the page: which regions touch each of its squares, largest first.
#[derive(Debug)]
struct Buckets {
    width: f32,
    height: f32,
    /// Where the regions of each square end in `regions`; they begin where those of the square before end.
    ends: Vec<u32>,
    regions: Vec<u32>,
}

/// Squares along each side of the raster.
const SIDE: usize = 32;

impl Buckets {
    fn new(page: &BBox, list: &[Region]) -> Self {
        let (width, height) = (page.width().max(1.0), page.height().max(1.0));
        let mut buckets = Self { width, height, ends: vec![0; SIDE * SIDE], regions: Vec::new() };
        let mut counts = vec![0_u32; SIDE * SIDE];
        let touched: Vec<_> = list.iter().skip(1).map(|r| buckets.squares(&r.bbox)).collect();
        for square in touched.iter().cloned().flatten() {
            counts[square] += 1;
        }
        let mut next = 0;
        for (end, count) in buckets.ends.iter_mut().zip(&counts) {
            *end = next;
            next += count;
        }
        buckets.regions = vec![0; next as usize];
        for (i, squares) in touched.into_iter().enumerate() {
            for square in squares {
                let end = &mut buckets.ends[square];
                buckets.regions[*end as usize] = i as u32 + 1;
                *end += 1;
            }
        }
        buckets
    }

    /// The squares that a box touches.
    fn squares(&self, bbox: &BBox) -> impl Iterator<Item = usize> + Clone + use<> {
        let (first_column, first_row) = self.square(bbox.x0, bbox.top);
        let (last_column, last_row) = self.square(bbox.x1, bbox.bottom);
        (first_row..=last_row)
            .flat_map(move |row| (first_column..=last_column).map(move |column| row * SIDE + column))
    }

    fn square(&self, x: f32, y: f32) -> (usize, usize) {
        let step = |at: f32, length: f32| ((at / length * SIDE as f32).max(0.0) as usize).min(SIDE - 1);
        (step(x, self.width), step(y, self.height))
    }

    fn around(&self, x: f32, y: f32) -> &[u32] {
        let (column, row) = self.square(x, y);
        let square = row * SIDE + column;
        let start = if square == 0 { 0 } else { self.ends[square - 1] };
        &self.regions[start as usize..self.ends[square] as usize]
    }
}

pub(crate) fn area(bbox: &BBox) -> f32 {
    bbox.width() * bbox.height()
}

/// `inner` lies in `outer`, a line's width aside.
fn within(inner: &BBox, outer: &BBox) -> bool {
    let (x, y) = inner.center();
    outer.contains(x, y)
        && area(inner) < area(outer)
        && inner.width() <= outer.width() + 2.0
        && inner.height() <= outer.height() + 2.0
}
