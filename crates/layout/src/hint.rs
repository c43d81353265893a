//! What rulings and fills say about tables whose cells they do not close off.

use crate::drawing::{Drawing, Fill};
use crate::lattice::Lattice;
use crate::line::{PlacedLine, is_list_mark};
use crate::region::{RegionKind, Regions};
use crate::{BBox, Ruling, effort};

/// Rulings with both ends in the same places, within this many points, belong together.
const SAME_END: f32 = 4.0;

/// Where rulings show that there is a table though they do not close its cells.
pub(crate) struct Area {
    pub(crate) bbox: BBox,
    /// The lattice that closes some of its cells only.
    pub(crate) lattice: Option<usize>,
}

/// Lattices that leave much of the text between their rulings outside all cells, and stacks of three or
/// more equal rules.
pub(crate) fn open_areas(
    drawing: &Drawing,
    rulings: &[Ruling],
    lattices: &[Lattice],
    lines: &[PlacedLine],
    regions: &Regions,
) -> Vec<Area> {
    let cells: usize = lattices.iter().map(|l| l.cells.len() + 1).sum();
    if effort::is_too_much(cells, lines.len()) || effort::is_too_much(lattices.len(), lattices.len()) {
        return Vec::new();
    }
    let fills = &drawing.fills;
    let free: Vec<&PlacedLine> =
        lines.iter().filter(|l| regions.list[l.region].kind == RegionKind::Frame).collect();
    let inside = |area: &BBox, line: &PlacedLine| {
        let (x, y) = line.line.bbox.center();
        area.contains(x, y)
    };
    let mut areas = Vec::new();
    for (i, lattice) in lattices.iter().enumerate() {
        // A box is closed, and what holds several tables or boxes is a frame.
        let inner = lattices.iter().filter(|l| l.hull != lattice.hull && !l.cells.is_empty());
        if lattice.cells.len() == 1 || inner.filter(|l| covers(&lattice.hull, &l.hull)).count() >= 2 {
            continue;
        }
        let bbox = if lattice.cells.len() > 1 { with_fills(&lattice.hull, fills) } else { lattice.hull };
        let open = free.iter().filter(|l| inside(&bbox, l)).count();
        let all = lines.iter().filter(|l| inside(&bbox, l)).count();
        if (open >= 3 && open * 5 >= all)
            || is_undivided(drawing, lattice, lines, regions)
            || has_loose_ends(rulings, lattice)
        {
            areas.push(Area { bbox, lattice: Some(i) });
        }
    }
    // Rulings of closed cells have said what they have to say.
    let closed = lattices
        .iter()
        .enumerate()
        .filter(|(i, l)| !l.cells.is_empty() && !areas.iter().any(|a| a.lattice == Some(*i)));
    let closed: Vec<BBox> = closed.map(|(_, l)| l.hull).collect();
    let spare = rulings.iter().filter(|r| {
        let (x, y) = r.bbox.center();
        !closed.iter().any(|b| b.x0 - 1.0 <= x && x <= b.x1 + 1.0 && b.top - 1.0 <= y && y <= b.bottom + 1.0)
    });
    for stack in stacks(spare) {
        let open = free.iter().filter(|l| inside(&stack, l)).count();
        if open >= 4 && !areas.iter().any(|a| a.bbox.contains(stack.center().0, stack.center().1)) {
            areas.push(Area { bbox: stack, lattice: None });
        }
    }
    areas
}

fn covers(outer: &BBox, inner: &BBox) -> bool {
    outer.x0 <= inner.x0 && inner.x1 <= outer.x1 && outer.top <= inner.top && inner.bottom <= outer.bottom
}

/// A lattice with a column of cells whose text stands in two columns, with no ruling between them.
fn is_undivided(drawing: &Drawing, lattice: &Lattice, lines: &[PlacedLine], regions: &Regions) -> bool {
    let mut columns: Vec<&std::ops::Range<u32>> = lattice.cells.iter().map(|c| &c.columns).collect();
    columns.sort_by_key(|c| (c.start, c.end));
    columns.chunk_by(|a, b| a == b).filter(|same| same.len() >= 3).any(|same| {
        let cells: Vec<&BBox> =
            lattice.cells.iter().filter(|c| c.columns == *same[0]).map(|c| &c.bbox).collect();
        let inside: Vec<&PlacedLine> = lines
            .iter()
            .filter(|l| {
                let (x, y) = l.line.bbox.center();
                lattice.hull.contains(x, y)
                    && regions.cell_of(l.region).is_some()
                    && cells.iter().any(|c| c.contains(x, y))
            })
            .collect();
        gutter(drawing, &cells, &inside).is_some()
    })
}

/// Two or more rulings of a lattice end at one place amid its cells, where no ruling meets them: the one that they
/// should end at is not drawn. `rulings` are merged.
fn has_loose_ends(rulings: &[Ruling], lattice: &Lattice) -> bool {
    const MEET: f32 = 3.0;
    let hull = &lattice.hull;
    let (across, upright) = rulings.split_at(rulings.partition_point(|r| r.horizontal));
    if effort::is_too_much(across.len(), upright.len()) {
        return false;
    }
    let meets = |from: f32, to: f32, y: f32| {
        let first = upright.partition_point(|v| v.bbox.x0 < from - MEET);
        let mut near = upright[first..].iter().take_while(|v| v.bbox.x0 <= to + MEET);
        near.any(|v| v.bbox.top - MEET <= y && y <= v.bbox.bottom + MEET)
    };
    let mut ends: Vec<f32> = Vec::new();
    for ruling in across.iter().filter(|r| r.drawn) {
        let BBox { x0, x1, top, .. } = ruling.bbox;
        let is_amid = |x: &f32| hull.x0 + MEET < *x && *x < hull.x1 - MEET && !meets(*x, *x, top);
        // One that no other crosses is an underline.
        if hull.top + MEET < top && top < hull.bottom - MEET && meets(x0, x1, top) {
            ends.extend([x0, x1].iter().filter(|x| is_amid(x)));
        }
    }
    ends.sort_by(f32::total_cmp);
    ends.windows(2).any(|w| w[1] - w[0] <= MEET)
}

/// The middle of a free strip on both sides of which the text of most of these cells stands. A cell with
/// nothing side by side in it (a label over its group) does not count, if half of them have.
pub(crate) fn gutter(drawing: &Drawing, cells: &[&BBox], lines: &[&PlacedLine]) -> Option<f32> {
    let of_cell = |cell: &BBox| -> Vec<&PlacedLine> {
        let inside = |l: &&&PlacedLine| {
            let (x, y) = l.line.bbox.center();
            cell.contains(x, y)
        };
        lines.iter().filter(inside).copied().collect()
    };
    let contents: Vec<Vec<&PlacedLine>> = cells.iter().map(|c| of_cell(c)).collect();
    let several: Vec<&Vec<&PlacedLine>> = contents.iter().filter(|own| is_parted(drawing, own)).collect();
    if several.len() < 3 || several.len() * 2 < cells.len() {
        return None;
    }
    let mut spans: Vec<(f32, f32)> = Vec::new();
    for line in several.iter().copied().flatten() {
        spans.extend(words(drawing, line));
    }
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let size = lines.iter().map(|l| l.size).fold(0.0, f32::max);
    let mut reached = f32::INFINITY;
    for (from, to) in spans {
        // Wider than the space after a list's mark, or all that follows it begins at one place.
        let begins = || {
            let there = |l: &&PlacedLine| words(drawing, l).iter().any(|w| (w.0 - from).abs() <= 0.15 * size);
            several.iter().filter(|own| own.iter().any(&there)).count() * 5 >= several.len() * 4
        };
        let gap = from - reached;
        if gap >= 1.5 * size || gap >= 0.4 * size && several.len() >= 4 && begins() {
            let x = f32::midpoint(from, reached);
            let both = several.iter().filter(|own| {
                let (left, right) = own
                    .iter()
                    .fold((false, false), |(a, b), l| (a || l.line.bbox.x0 < x, b || l.line.bbox.x1 > x));
                left && right
            });
            // The marks of a list stand apart from its items, but make no column.
            let marks = lines.iter().filter(|l| {
                let left = l.line.glyphs.iter().zip(&l.line.starts);
                let end = left.clone().find(|(g, _)| drawing.glyphs[**g as usize].bbox.x0 >= x);
                end.is_some_and(|(_, &at)| is_list_mark(l.line.text[..at as usize].trim_end()))
            });
            let listed = marks.count() * 2 > cells.len();
            return (!listed && both.count() * 5 >= several.len() * 4).then_some(x);
        }
        reached = if reached.is_finite() { reached.max(to) } else { to };
    }
    None
}

/// The extents of what white space parts in a line; letters spread over a width are one word.
fn words(drawing: &Drawing, line: &PlacedLine) -> Vec<(f32, f32)> {
    if line.line.text.contains(' ') {
        let glyphs = line.line.glyphs.iter().map(|&g| &drawing.glyphs[g as usize]);
        glyphs.map(|g| (g.bbox.x0, g.bbox.x1)).collect()
    } else {
        vec![(line.line.bbox.x0, line.line.bbox.x1)]
    }
}

/// Two of these lines stand side by side, or one has a wide gap in it.
pub(crate) fn is_parted(drawing: &Drawing, lines: &[&PlacedLine]) -> bool {
    let beside = |a: &PlacedLine, b: &PlacedLine| {
        let least = a.line.bbox.height().min(b.line.bbox.height());
        a.line.bbox.overlap_y(&b.line.bbox) > 0.15 * least && a.line.bbox.overlap_x(&b.line.bbox) <= 0.0
    };
    let gap = |line: &PlacedLine| {
        let mut words = words(drawing, line);
        words.sort_by(|a, b| a.0.total_cmp(&b.0));
        words.windows(2).any(|w| w[1].0 - w[0].1 >= 1.5 * line.size)
    };
    lines.iter().enumerate().any(|(i, a)| gap(a) || lines[i + 1..].iter().take(8).any(|b| beside(a, b)))
}

/// A lattice's box widened by fills that go on from it at its sides: heads of columns without rulings.
fn with_fills(hull: &BBox, fills: &[Fill]) -> BBox {
    let beside = fills.iter().filter(|f| {
        let b = &f.bbox;
        let touches = (b.x1 - hull.x0).abs() <= 4.0 || (b.x0 - hull.x1).abs() <= 4.0;
        !f.white && touches && b.height() <= 60.0 && b.top >= hull.top - 4.0 && b.bottom <= hull.bottom + 4.0
    });
    beside.fold(*hull, |hull, f| BBox { x0: hull.x0.min(f.bbox.x0), x1: hull.x1.max(f.bbox.x1), ..hull })
}

/// Boxes around three or more horizontal rulings with the same ends.
fn stacks<'a>(rulings: impl Iterator<Item = &'a Ruling>) -> Vec<BBox> {
    let mut rules: Vec<&Ruling> = rulings.filter(|r| r.horizontal && r.drawn).collect();
    rules.sort_by(|a, b| {
        let step = |v: f32| (v / SAME_END).round() as i64;
        (step(a.bbox.x0), step(a.bbox.x1))
            .cmp(&(step(b.bbox.x0), step(b.bbox.x1)))
            .then(a.bbox.top.total_cmp(&b.bbox.top))
    });
    let same = |a: &&Ruling, b: &&Ruling| {
        (a.bbox.x0 - b.bbox.x0).abs() <= SAME_END && (a.bbox.x1 - b.bbox.x1).abs() <= SAME_END
    };
    let stacks = rules.chunk_by(same).filter(|s| s.len() >= 3);
    stacks.filter_map(|s| crate::hull(s.iter().map(|r| &r.bbox))).collect()
}

/// Fills that could lie under a row or a cell of one, those of one height side by side joined; and the
/// seams between those joined, as vertical marks.
pub(crate) fn strips(fills: &[Fill]) -> (Vec<BBox>, Vec<Ruling>) {
    let fits = |f: &&Fill| !f.white && (6.0..=120.0).contains(&f.bbox.height()) && f.bbox.width() >= 12.0;
    let mut boxes: Vec<BBox> = fills.iter().filter(fits).map(|f| f.bbox).collect();
    boxes.sort_by(|a, b| {
        let step = |v: f32| (v / 2.0).round() as i64;
        (step(a.top), step(a.bottom)).cmp(&(step(b.top), step(b.bottom))).then(a.x0.total_cmp(&b.x0))
    });
    let mut strips: Vec<BBox> = Vec::new();
    let mut seams = Vec::new();
    for b in boxes {
        match strips.last_mut() {
            Some(s)
                if (s.top - b.top).abs() <= 2.0
                    && (s.bottom - b.bottom).abs() <= 2.0
                    && b.x0 <= s.x1 + 8.0 =>
            {
                let x = f32::midpoint(s.x1, b.x0);
                if b.x0 >= s.x1 - 2.0 {
                    let bbox = BBox { x0: x, x1: x, ..b };
                    seams.push(Ruling { bbox, thickness: 0.0, horizontal: false, drawn: false });
                }
                *s = s.union(&b);
            }
            _ => strips.push(b),
        }
    }
    strips.sort_by(|a, b| a.top.total_cmp(&b.top).then(a.x0.total_cmp(&b.x0)));
    (strips, seams)
}

/// Rulings together with the upper and lower edges of strips of fill and the seams in them: horizontal
/// ones first, from the top, then vertical ones from the left.
pub(crate) fn marks(rulings: &[Ruling], strips: &[BBox], seams: &[Ruling]) -> Vec<Ruling> {
    let mut marks = [rulings, seams].concat();
    for b in strips {
        for y in [b.top, b.bottom] {
            let bbox = BBox { top: y, bottom: y, ..*b };
            marks.push(Ruling { bbox, thickness: 0.0, horizontal: true, drawn: false });
        }
    }
    marks.sort_by(|a, b| {
        b.horizontal
            .cmp(&a.horizontal)
            .then(if a.horizontal {
                a.bbox.top.total_cmp(&b.bbox.top)
            } else {
                a.bbox.x0.total_cmp(&b.bbox.x0)
            })
            .then(a.bbox.x0.total_cmp(&b.bbox.x0))
            .then(a.bbox.top.total_cmp(&b.bbox.top))
    });
    marks
}
