//! Blocks: tables, boxes and paragraphs, in reading order, with every line in exactly one of them.

use crate::drawing::Drawing;
use crate::furniture::Foot;
use crate::lattice::Lattice;
use crate::line::PlacedLine;
use crate::reading_order::{Boxed, order};
use crate::region::{RegionKind, Regions};
use crate::{BBox, Block, BlockKind, Cell, Line, Ruling, Table};
use crate::{effort, leading, missing_edge, stream, unruled_rows};

/// Lines, tables and blocks of one page, ready for the [`Page`](crate::Page).
#[derive(Debug, Default)]
#[allow(clippy::struct_field_names)] // The names are those of the page.
pub(crate) struct Blocks {
    pub(crate) lines: Vec<Line>,
    pub(crate) tables: Vec<Table>,
    pub(crate) blocks: Vec<Block>,
}

/// What rulings and fills say about tables that they do not close off.
pub(crate) struct Hints<'a> {
    /// Rulings and edges of fills, horizontal ones first, from the top.
    pub(crate) marks: &'a [Ruling],
    /// Fills that could lie under a row, from the top.
    pub(crate) strips: &'a [BBox],
    /// Where rulings say that there is a table.
    pub(crate) areas: &'a [BBox],
    /// All lines are set alike, as in a dump: their distance says nothing.
    pub(crate) even: bool,
    /// What stood at the foot of the page before.
    pub(crate) feet: &'a [Foot],
}

/// A part of the page that is read in one go.
struct Part {
    bbox: BBox,
    /// Rulings or fills bound it.
    is_closed: bool,
    content: Content,
}

enum Content {
    Table(usize),
    /// Indices into the placed lines, in reading order.
    Lines(Vec<usize>),
    /// Index of a region that holds other parts.
    Frame(usize),
}

/// Puts lines into cells and blocks, and everything in reading order.
pub(crate) fn blocks(
    drawing: &Drawing,
    mut placed: Vec<PlacedLine>,
    regions: &Regions,
    mut lattices: Vec<Lattice>,
    hints: &Hints<'_>,
) -> Blocks {
    let size = common_size(&placed);
    let mut in_cell: Vec<Vec<Vec<usize>>> =
        lattices.iter().map(|l| vec![Vec::new(); l.cells.len()]).collect();
    let mut in_box: Vec<Vec<usize>> = vec![Vec::new(); regions.list.len()];
    for (i, line) in placed.iter().enumerate() {
        match regions.cell_of(line.region) {
            Some((table, cell)) => in_cell[table][cell].push(i),
            None => in_box[line.region].push(i),
        }
    }

    for (lattice, cells) in lattices.iter_mut().zip(&mut in_cell) {
        for lines in cells.iter_mut() {
            *lines = in_reading_order(&placed, std::mem::take(lines));
        }
        unruled_rows::split(&placed, lattice, cells, hints.marks);
        let upright = &hints.marks[hints.marks.partition_point(|r| r.horizontal)..];
        missing_edge::divide(&placed, lattice, cells, upright);
        missing_edge::divide_by_text(drawing, &mut placed, lattice, cells);
    }

    // The parts of each frame.
    let mut parts: Vec<Vec<Part>> = regions.list.iter().map(|_| Vec::new()).collect();
    let mut around = vec![None; lattices.len()];
    for region in &regions.list {
        if let RegionKind::Cell(table, _) = region.kind {
            around[table].get_or_insert(regions.frame_of(region.parent));
        }
    }
    let mut boxes_in: Vec<Vec<BBox>> = vec![Vec::new(); regions.list.len()];
    for region in regions.list.iter().filter(|r| r.kind == RegionKind::Box) {
        boxes_in[region.parent].push(region.bbox);
    }
    for (t, lattice) in lattices.iter().enumerate() {
        let around = around[t].unwrap_or(0);
        parts[around].push(Part { bbox: lattice.bbox(), is_closed: true, content: Content::Table(t) });
    }
    for (r, lines) in in_box.into_iter().enumerate() {
        let region = &regions.list[r];
        if region.kind == RegionKind::Frame {
            if r > 0 {
                let around = regions.frame_of(region.parent);
                parts[around].push(Part { bbox: region.bbox, is_closed: true, content: Content::Frame(r) });
            }
            let boxes: Vec<BBox> =
                parts[r].iter().map(|p| p.bbox).chain(std::mem::take(&mut boxes_in[r])).collect();
            let is_foot = |&&i: &&usize| hints.feet.iter().any(|foot| foot.is(&placed[i].line));
            let above: Vec<usize> = lines.iter().filter(|i| !is_foot(i)).copied().collect();
            let found = stream::find(&placed, &above, hints, &boxes);
            let mut lines = lines;
            let mut in_stream: Vec<usize> =
                found.iter().flat_map(|f| f.lines.iter().flatten().copied()).collect();
            in_stream.sort_unstable();
            lines.retain(|i| in_stream.binary_search(i).is_err());
            for table in found {
                parts[r].push(Part {
                    bbox: table.lattice.bbox(),
                    is_closed: true,
                    content: Content::Table(lattices.len()),
                });
                lattices.push(table.lattice);
                in_cell.push(table.lines);
            }
            for paragraph in paragraphs(&placed, lines) {
                let bbox = hull_of(&placed, &paragraph);
                parts[r].push(Part { bbox, is_closed: false, content: Content::Lines(paragraph) });
            }
        } else if !lines.is_empty() {
            let around = regions.frame_of(r);
            let lines = in_reading_order(&placed, lines);
            parts[around].push(Part { bbox: region.bbox, is_closed: true, content: Content::Lines(lines) });
        }
    }

    let mut sequence = Vec::new();
    unfold(&placed, &mut parts, 0, size, &mut sequence);
    number(placed, sequence, in_cell, &lattices)
}

/// Appends the parts of a frame in reading order, the frames in it unfolded in place.
fn unfold(placed: &[PlacedLine], parts: &mut [Vec<Part>], frame: usize, size: f32, sequence: &mut Vec<Part>) {
    let own = std::mem::take(&mut parts[frame]);
    let vertical = runs_downwards(placed, &own);
    let groups = if vertical { (0..own.len()).map(|i| vec![i]).collect() } else { with_headings(&own, size) };
    let hull = |group: &Vec<usize>| crate::hull(group.iter().map(|&i| &own[i].bbox)).unwrap_or_default();
    let boxes: Vec<Boxed> = groups
        .iter()
        .map(|group| Boxed { bbox: hull(group), closed: group.iter().any(|&i| own[i].is_closed) })
        .map(|part| if vertical { part.turned() } else { part })
        .collect();
    let order = order(&boxes, size);
    let mut own: Vec<Option<Part>> = own.into_iter().map(Some).collect();
    for i in order.into_iter().flat_map(|g| groups[g].iter().copied()) {
        match own[i].take() {
            Some(Part { content: Content::Frame(inner), .. }) => unfold(placed, parts, inner, size, sequence),
            Some(part) => sequence.push(part),
            None => {}
        }
    }
}

/// Most of the free lines of a frame are vertical.
fn runs_downwards(placed: &[PlacedLine], parts: &[Part]) -> bool {
    let (mut vertical, mut all) = (0, 0);
    for part in parts {
        if let Content::Lines(lines) = &part.content {
            for line in lines.iter().map(|&i| &placed[i].line) {
                all += line.glyphs.len();
                vertical += if line.vertical { line.glyphs.len() } else { 0 };
            }
        }
    }
    2 * vertical > all
}

/// Parts that are read together: what stands right over a box or table, and no wider, is its heading.
fn with_headings(parts: &[Part], size: f32) -> Vec<Vec<usize>> {
    let mut closed: Vec<usize> = (0..parts.len()).filter(|&i| parts[i].is_closed).collect();
    closed.sort_by(|&a, &b| parts[a].bbox.top.total_cmp(&parts[b].bbox.top).then(a.cmp(&b)));
    let mut group_of: Vec<usize> = (0..parts.len()).collect();
    for (i, part) in parts.iter().enumerate().filter(|(_, p)| !p.is_closed && p.bbox.height() <= 3.2 * size) {
        let b = &part.bbox;
        let first = closed.partition_point(|&c| parts[c].bbox.top < b.bottom - 0.5 * size);
        let near =
            closed[first..].iter().copied().take_while(|&c| parts[c].bbox.top <= b.bottom + 1.5 * size);
        let under = near.into_iter().find(|&c| {
            let under = &parts[c].bbox;
            under.x0 - size <= b.x0 && b.x1 <= under.x1 + size
        });
        if let Some(box_under) = under {
            group_of[i] = box_under;
        }
    }
    let mut groups: Vec<Vec<usize>> = vec![Vec::new(); parts.len()];
    for (i, &g) in group_of.iter().enumerate() {
        groups[g].push(i);
    }
    for group in &mut groups {
        group.sort_by(|&a, &b| {
            let (p, q) = (&parts[a].bbox, &parts[b].bbox);
            p.top.total_cmp(&q.top).then(p.x0.total_cmp(&q.x0)).then(a.cmp(&b))
        });
    }
    groups.retain(|g| !g.is_empty());
    groups
}

/// Gives lines their final numbers: those in tables first, then the others by block.
fn number(
    placed: Vec<PlacedLine>,
    sequence: Vec<Part>,
    in_cell: Vec<Vec<Vec<usize>>>,
    lattices: &[Lattice],
) -> Blocks {
    let mut order_of_cells = in_cell;
    for lines in order_of_cells.iter_mut().flatten() {
        *lines = in_reading_order(&placed, std::mem::take(lines));
    }
    let mut source: Vec<Option<Line>> = placed.into_iter().map(|p| Some(p.line)).collect();
    let mut out = Blocks::default();
    let mut take = |indices: &[usize], lines: &mut Vec<Line>| -> Vec<u32> {
        let from = lines.len() as u32;
        lines.extend(indices.iter().filter_map(|&i| source[i].take()));
        (from..lines.len() as u32).collect()
    };
    for part in &sequence {
        let Content::Table(t) = part.content else { continue };
        let lattice = &lattices[t];
        let cells = lattice.cells.iter().zip(&order_of_cells[t]).map(|(cell, lines)| Cell {
            rows: cell.rows.clone(),
            columns: cell.columns.clone(),
            bbox: cell.bbox,
            lines: take(lines, &mut out.lines),
        });
        let cells = cells.collect();
        out.tables.push(Table {
            bbox: part.bbox,
            rows: lattice.rows,
            columns: lattice.columns,
            cells,
            ruled: lattice.ruled,
            continues: false,
        });
    }
    let mut tables = 0;
    for part in sequence {
        let block = match part.content {
            Content::Table(_) => {
                tables += 1;
                let table = &out.tables[tables - 1];
                let lines = table.cells.iter().flat_map(|c| c.lines.iter().copied()).collect();
                Block { kind: BlockKind::Table(tables as u32 - 1), lines, bbox: part.bbox, group: 0 }
            }
            Content::Lines(indices) => {
                let lines = take(&indices, &mut out.lines);
                Block { kind: BlockKind::Paragraph, lines, bbox: part.bbox, group: 0 }
            }
            Content::Frame(_) => continue,
        };
        out.blocks.push(block);
    }
    out
}

/// Lines of one cell or box: horizontal ones from the top, those of one row from the left; then
/// vertical ones from the right.
fn in_reading_order(placed: &[PlacedLine], mut lines: Vec<usize>) -> Vec<usize> {
    let across = |i: usize| {
        let line = &placed[i].line;
        if line.vertical { -line.bbox.x1 } else { line.bbox.bottom }
    };
    let along = |i: usize| {
        let line = &placed[i].line;
        if line.vertical { line.bbox.top } else { line.bbox.x0 }
    };
    let vertical = |i: usize| placed[i].line.vertical;
    lines.sort_by(|&a, &b| {
        vertical(a).cmp(&vertical(b)).then(across(a).total_cmp(&across(b))).then(a.cmp(&b))
    });
    let mut rest = lines.as_mut_slice();
    while let Some(&first) = rest.first() {
        let reach = across(first) + 0.5 * placed[first].size;
        let same = rest.partition_point(|&i| vertical(i) == vertical(first) && across(i) < reach);
        let (row, others) = rest.split_at_mut(same.max(1));
        row.sort_by(|&a, &b| along(a).total_cmp(&along(b)).then(a.cmp(&b)));
        rest = others;
    }
    lines
}

/// Free lines grouped to paragraphs: a line goes on with the one above it when it is near, of about
/// the same size, and lies under it; or when both are of text that is set wide.
fn paragraphs(placed: &[PlacedLine], lines: Vec<usize>) -> Vec<Vec<usize>> {
    let lines = in_reading_order(placed, lines);
    let wide = leading::wide(placed, &lines);
    let mut done: Vec<Vec<usize>> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for i in lines {
        let line = &placed[i];
        open.retain(|&p| {
            let last = done[p].last().map(|&l| &placed[l]);
            last.is_some_and(|l| {
                l.flow == line.flow && gap(l, line) <= leading::WIDEST * l.size.max(line.size)
            })
        });
        if open.len() > effort::OPEN {
            open.drain(..open.len() - effort::OPEN);
        }
        let above = open.iter().position(|&p| {
            let last = done[p].last();
            last.is_some_and(|&l| goes_on(&placed[l], line) || wide.binary_search(&(l, i)).is_ok())
        });
        if let Some(at) = above {
            done[open[at]].push(i);
        } else {
            open.push(done.len());
            done.push(vec![i]);
        }
    }
    done
}

/// Space between a line and the next, across the direction of writing.
pub(crate) fn gap(a: &PlacedLine, b: &PlacedLine) -> f32 {
    if a.line.vertical { a.line.bbox.x0 - b.line.bbox.x1 } else { b.line.bbox.top - a.line.bbox.bottom }
}

fn goes_on(a: &PlacedLine, b: &PlacedLine) -> bool {
    let size = a.size.max(b.size);
    let overlap = if a.line.vertical {
        a.line.bbox.overlap_y(&b.line.bbox)
    } else {
        a.line.bbox.overlap_x(&b.line.bbox)
    };
    let near = (-0.5 * size..=0.9 * size).contains(&gap(a, b));
    near && overlap > 0.0 && size <= 1.25 * a.size.min(b.size)
}

fn hull_of(placed: &[PlacedLine], lines: &[usize]) -> BBox {
    crate::hull(lines.iter().map(|&i| &placed[i].line.bbox)).unwrap_or_default()
}

/// The font size of most lines, in points.
fn common_size(placed: &[PlacedLine]) -> f32 {
    let mut sizes: Vec<f32> = placed.iter().map(|p| p.size).collect();
    sizes.sort_by(f32::total_cmp);
    sizes.get(sizes.len() / 2).copied().unwrap_or(10.0)
}
