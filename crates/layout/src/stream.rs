//! Tables without rulings, or with too few of them: columns by the gutters between lines, rows by the
//! space between them and by whatever rulings and fills there are.

mod label;
mod side;
mod stacked;

use crate::block::Hints;
use crate::chunk::{Chunk, Rows, Spacing, covered, rows};
use crate::lattice::{GridCell, Lattice};
use crate::line::PlacedLine;
use crate::{BBox, Ruling, effort, leading};

/// A table and the placed lines of each of its cells.
pub(crate) struct Found {
    pub(crate) lattice: Lattice,
    pub(crate) lines: Vec<Vec<usize>>,
}

/// Lines this far apart (in em) belong to different tables.
const BREAK: f32 = 3.2;
/// The narrowest gutter, in em.
const GUTTER: f32 = 0.3;
/// This part of a table's lines may lie across a gutter (labels over two columns).
const ACROSS: f32 = 0.2;

/// Tables among the free lines of one frame; `boxes` are what stands around these lines.
pub(crate) fn find(placed: &[PlacedLine], free: &[usize], hints: &Hints<'_>, boxes: &[BBox]) -> Vec<Found> {
    let mut taken = vec![false; placed.len()];
    let mut found = Vec::new();
    let inside = |area: &BBox, i: usize| {
        let (x, y) = placed[i].line.bbox.center();
        area.contains(x, y)
    };
    for area in hints.areas.iter().take(effort::AREAS) {
        let lines: Vec<usize> = free.iter().copied().filter(|&i| !taken[i] && inside(area, i)).collect();
        let parts: Vec<Vec<usize>> = parts_by_headings(placed, lines)
            .into_iter()
            .flat_map(|lines| parts_by_heads(placed, lines, hints.strips))
            .flat_map(|lines| stacked::parts(placed, lines, hints))
            .collect();
        let whole = parts.len() == 1;
        for lines in parts {
            if let Some(table) = build(placed, &lines, hints, whole.then_some(area)) {
                for &i in table.lines.iter().flatten() {
                    taken[i] = true;
                }
                found.push(table);
            }
        }
    }
    let rest: Vec<usize> = free
        .iter()
        .copied()
        .filter(|&i| !taken[i] && !placed[i].line.vertical)
        .filter(|&i| effort::is_too_much(boxes.len(), free.len()) || !is_heading_of_box(&placed[i], boxes))
        .collect();
    let areas = areas_of_text(placed, rest, hints.strips).into_iter().take(effort::AREAS);
    let parts = areas.flat_map(|lines| parts_by_heads(placed, lines, hints.strips));
    for lines in parts.flat_map(|lines| stacked::parts(placed, lines, hints)) {
        if let Some(table) = build(placed, &lines, hints, None) {
            found.push(table);
        }
    }
    found
}

/// A line alone over a box, no wider than it, is the heading of what stands in the box.
fn is_heading_of_box(line: &PlacedLine, boxes: &[BBox]) -> bool {
    let bbox = &line.line.bbox;
    boxes.iter().any(|b| {
        b.x0 - line.size <= bbox.x0
            && bbox.x1 <= b.x1 + line.size
            && (-0.5 * line.size..=1.5 * line.size).contains(&(b.top - bbox.bottom))
    })
}

/// Runs of rows that have, mostly, several parts side by side.
fn areas_of_text(placed: &[PlacedLine], mut lines: Vec<usize>, strips: &[BBox]) -> Vec<Vec<usize>> {
    let bottom = |i: usize| placed[i].line.bbox.bottom;
    lines.sort_by(|&a, &b| bottom(a).total_cmp(&bottom(b)).then(a.cmp(&b)));
    let mut areas: Vec<Vec<usize>> = Vec::new();
    let mut area: Vec<usize> = Vec::new();
    let mut reached = f32::NEG_INFINITY;
    let mut skipped: Vec<usize> = Vec::new();
    let mut rest = lines.as_slice();
    while let Some(&first) = rest.first() {
        let size = placed[first].size;
        let (row, others) = rest.split_at(rest.partition_point(|&i| bottom(i) <= bottom(first) + 0.4 * size));
        rest = others;
        let top = row.iter().map(|&i| placed[i].line.bbox.top).fold(f32::INFINITY, f32::min);
        let is_heading = row.len() == 1
            && area.iter().any(|&i| placed[i].size * 1.15 < size)
            && !area.iter().any(|&i| placed[i].size >= size);
        let note = is_heading || (row.len() == 1 && placed[first].line.text.starts_with(['※', '＊', '注']));
        if !area.is_empty() && (top - reached > BREAK * size || note) {
            areas.push(std::mem::take(&mut area));
        }
        // What stands before the first row with several parts is not the table's.
        if (!area.is_empty() || row.len() > 1) && !note {
            if area.is_empty() {
                // But a head's cells may stand at several heights on one fill.
                let bbox = placed[first].line.bbox;
                let on = |s: &&BBox, b: &BBox| s.contains(b.center().0, b.center().1);
                let strip = strips.iter().find(|s| on(s, &bbox));
                // And a head over the later columns may stand a little higher than those of the first.
                let mut lefts: Vec<f32> = row.iter().map(|&i| placed[i].line.bbox.x0).collect();
                lefts.sort_by(f32::total_cmp);
                let second = lefts.get(1).copied().unwrap_or(f32::INFINITY);
                let head = |&i: &usize| {
                    let b = &placed[i].line.bbox;
                    let over = b.x0 >= second - size && bbox.top - b.bottom <= 1.2 * size;
                    over || strip.is_some_and(|s| on(&s, b))
                };
                area.extend(skipped.drain(..).filter(|i| head(i)));
            }
            area.extend(row);
            reached = row.iter().map(|&i| bottom(i)).fold(reached, f32::max);
        } else {
            skipped.extend(row);
        }
    }
    areas.push(area);
    areas
}

/// Parts tables at headings between them: lines alone in their row, in larger letters than all others.
fn parts_by_headings(placed: &[PlacedLine], mut lines: Vec<usize>) -> Vec<Vec<usize>> {
    let mut sizes: Vec<f32> = lines.iter().map(|&i| placed[i].size).collect();
    sizes.sort_by(f32::total_cmp);
    let Some(&common) = sizes.get(sizes.len() / 2) else { return Vec::new() };
    let most = sizes[sizes.len() - 1];
    if most < 1.15 * common {
        return vec![lines];
    }
    let center = |i: usize| placed[i].line.bbox.center().1;
    lines.sort_by(|&a, &b| center(a).total_cmp(&center(b)).then(a.cmp(&b)));
    let alone = |k: usize| {
        let reach = 0.5 * placed[lines[k]].size;
        let near =
            |other: Option<&usize>| other.is_some_and(|&o| (center(o) - center(lines[k])).abs() < reach);
        !near(k.checked_sub(1).and_then(|p| lines.get(p))) && !near(lines.get(k + 1))
    };
    let mut parts = vec![Vec::new()];
    for (k, &i) in lines.iter().enumerate() {
        let first = k == 0;
        if placed[i].size >= 1.15 * common && placed[i].size > 0.95 * most && alone(k) && !first {
            parts.push(Vec::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(i);
        }
    }
    parts
}

/// Parts tables that follow each other closely: where a filled head begins and the columns change.
fn parts_by_heads(placed: &[PlacedLine], lines: Vec<usize>, strips: &[BBox]) -> Vec<Vec<usize>> {
    let Some(hull) = crate::hull(lines.iter().map(|&i| &placed[i].line.bbox)) else { return Vec::new() };
    let center = |i: usize| placed[i].line.bbox.center().1;
    let wide = strips.iter().filter(|s| s.overlap_x(&hull) >= 0.6 * hull.width());
    let mut parts = Vec::new();
    let mut rest = lines;
    for strip in wide.filter(|s| hull.top < s.top && s.top < hull.bottom) {
        let (upper, lower): (Vec<usize>, Vec<usize>) = rest.iter().partition(|&&i| center(i) < strip.top);
        let differ = || {
            let (a, b) =
                (gutters(placed, &upper, &[], &hull, false), gutters(placed, &lower, &[], &hull, false));
            let alone = |a: &[(f32, f32)], b: &[(f32, f32)]| {
                a.iter().filter(|g| !b.iter().any(|h| g.1.min(h.1) > g.0.max(h.0))).count()
            };
            !a.is_empty() && !b.is_empty() && alone(&a, &b) >= 1 && alone(&b, &a) >= 1
        };
        // Stripes of a table follow its rows without a space.
        let above = upper.iter().map(|&i| placed[i].line.bbox.bottom).fold(f32::NEG_INFINITY, f32::max);
        let apart = strip.top - above >= 0.7 * upper.first().map_or(0.0, |&i| placed[i].size);
        if upper.len() >= 4 && lower.len() >= 4 && apart && differ() {
            parts.push(upper);
            rest = lower;
        }
    }
    parts.push(rest);
    parts
}

/// A table of `lines`, if they make one.
fn build(placed: &[PlacedLine], lines: &[usize], hints: &Hints<'_>, area: Option<&BBox>) -> Option<Found> {
    if lines.len() < 4 {
        return None;
    }
    let hull = crate::hull(lines.iter().map(|&i| &placed[i].line.bbox))?;
    let hull = area.map_or(hull, |a| a.union(&hull));
    let marks: Vec<Ruling> = hints.marks.iter().filter(|r| r.bbox.intersects(&hull)).copied().collect();
    let gutters = gutters(placed, lines, &marks, &hull, hints.even);
    if gutters.is_empty() {
        return None;
    }
    let spans: Vec<(usize, std::ops::Range<usize>)> =
        lines.iter().map(|&i| (i, columns_of(&gutters, &placed[i].line.bbox))).collect();
    let count = gutters.len() + 1;

    // Lines by the column they begin in, from the top.
    let mut columns: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (i, span) in &spans {
        columns[span.start].push(*i);
    }
    let center = |i: usize| placed[i].line.bbox.center().1;
    for column in &mut columns {
        column.sort_by(|&a, &b| {
            center(a).total_cmp(&center(b)).then(placed[a].line.bbox.x0.total_cmp(&placed[b].line.bbox.x0))
        });
    }
    let free = area.is_none() && !hints.even;
    if free && columns.iter().all(|column| is_running_text(placed, column)) {
        return None;
    }
    let spacing = Spacing::new(placed, &columns, &marks, hints.even);
    let mut chunks: Vec<(Chunk, std::ops::Range<usize>)> = Vec::new();
    for (c, column) in columns.iter().enumerate() {
        for chunk in spacing.chunks(column) {
            let span = columns_of(&gutters, &chunk.bbox);
            chunks.push((chunk, c..span.end.max(c + 1)));
        }
    }
    let by_column: Vec<Vec<&Chunk>> = (0..count)
        .map(|c| chunks.iter().filter(|(_, s)| *s == (c..c + 1)).map(|(chunk, _)| chunk).collect())
        .collect();
    let mut bands = rows(&by_column);
    for (chunk, _) in chunks.iter().filter(|(_, s)| s.len() > 1) {
        let at = covered(&bands, chunk.bbox.top, chunk.bbox.bottom);
        if at.is_empty() {
            bands.insert(at.start, (chunk.bbox.top, chunk.bbox.bottom));
        }
    }
    label::drop_rows_of_labels(&chunks, &mut bands);
    // A line alone above the first row with several parts, or under the last, is not the table's.
    let parts = |band: &(f32, f32)| {
        chunks.iter().filter(|(c, _)| c.bbox.top < band.1 && band.0 < c.bbox.bottom).count()
    };
    // A head over some of the columns stands alone, too.
    let over = |band: &(f32, f32)| {
        let mut inside = chunks.iter().filter(|(c, _)| c.bbox.top < band.1 && band.0 < c.bbox.bottom);
        inside.all(|(_, columns)| columns.start > 0)
    };
    let alone = |band: &(f32, f32)| parts(band) == 1 && !over(band);
    if bands.len() > 2 && (alone(&bands[0]) || alone(&bands[bands.len() - 1])) {
        let from = bands.iter().find(|b| !alone(b))?.0;
        let to = bands.iter().rev().find(|b| !alone(b) || in_one_column(&chunks, **b))?.1;
        let inside = chunks.iter().filter(|(c, _)| c.bbox.top < to && from < c.bbox.bottom);
        let mut kept: Vec<usize> = inside.flat_map(|(c, _)| c.lines.iter().copied()).collect();
        kept.sort_unstable();
        if kept.len() < lines.len() {
            let area =
                area.map(|a| BBox { top: a.top.max(from - 2.0), bottom: a.bottom.min(to + 2.0), ..*a });
            return build(placed, &kept, hints, area.as_ref());
        }
    }
    let certain = area.is_some() || is_filled(hints.strips, bands[0], &hull);
    let prose = free && columns.iter().all(|column| fills_its_width(placed, column));
    if !is_table(&chunks, &bands, certain) || !certain && prose && !are_even(&chunks, &bands) {
        return None;
    }
    Some(assemble(placed, chunks, &bands, &gutters, &hull, &marks))
}

/// A column of text that is set wide, most of whose lines go on in the next one.
fn is_running_text(placed: &[PlacedLine], column: &[usize]) -> bool {
    /// Fewer lines may be the words of a few cells.
    const LEAST: usize = 6;
    column.len() >= LEAST && 2 * leading::wide(placed, column).len() >= column.len()
}

/// A column most of whose lines end where it does: paragraphs, or cells full of text.
fn fills_its_width(placed: &[PlacedLine], column: &[usize]) -> bool {
    const LEAST: usize = 6;
    let bbox = |i: usize| &placed[i].line.bbox;
    let Some(hull) = crate::hull(column.iter().map(|&i| bbox(i))) else { return false };
    let full = column.iter().filter(|&&i| bbox(i).x1 >= hull.x1 - 1.5 * placed[i].size).count();
    let size = placed[column[0]].size;
    column.len() >= LEAST && hull.width() >= 12.0 * size && 5 * full >= 2 * column.len()
}

/// Four rows or more, in each of which all texts begin at one height: two columns of running text do that once, at
/// the top of a page.
fn are_even(chunks: &[(Chunk, std::ops::Range<usize>)], bands: &[(f32, f32)]) -> bool {
    let even = |band: &(f32, f32)| {
        let inside = chunks.iter().map(|(c, _)| &c.bbox).filter(|b| b.top < band.1 && band.0 < b.bottom);
        let tops = inside.map(|b| b.top);
        let (least, most) = tops.fold((f32::INFINITY, f32::NEG_INFINITY), |(a, b), t| (a.min(t), b.max(t)));
        most - least <= 4.0
    };
    bands.len() >= 4 && bands.iter().all(even)
}

/// A fill lies under the whole row: the head of a table.
fn is_filled(strips: &[BBox], band: (f32, f32), hull: &BBox) -> bool {
    let middle = f32::midpoint(band.0, band.1);
    strips.iter().any(|s| s.top <= middle && middle <= s.bottom && s.overlap_x(hull) >= 0.6 * hull.width())
}

fn in_one_column(chunks: &[(Chunk, std::ops::Range<usize>)], band: (f32, f32)) -> bool {
    chunks.iter().filter(|(c, _)| c.bbox.top < band.1 && band.0 < c.bbox.bottom).all(|(_, s)| s.len() == 1)
}

/// Two rows and two columns at least, most rows with text in two columns, and that text at one height:
/// columns of running text have paragraphs wherever they fall.
fn is_table(chunks: &[(Chunk, std::ops::Range<usize>)], bands: &[(f32, f32)], certain: bool) -> bool {
    let least = if certain { 2 } else { 3 };
    if bands.len() < least {
        return false;
    }
    let mut inside: Vec<Vec<&BBox>> = vec![Vec::new(); bands.len()];
    let mut single = 0;
    for (chunk, _) in chunks {
        let rows = covered(bands, chunk.bbox.top, chunk.bbox.bottom);
        single += usize::from(rows.len() == 1);
        for row in rows {
            inside[row].push(&chunk.bbox);
        }
    }
    let full: Vec<&Vec<&BBox>> = inside.iter().filter(|row| row.len() >= 2).collect();
    let even = |row: &&&Vec<&BBox>| {
        row.iter().enumerate().any(|(k, a)| {
            row[k + 1..].iter().any(|b| {
                let reach = 0.25 * a.height().min(b.height()).max(4.0);
                (a.top - b.top).abs() <= reach || (a.center().1 - b.center().1).abs() <= reach
            })
        })
    };
    let even = full.iter().filter(even).count();
    // A label stands for several rows; what stands at the end of a row belongs to that row.
    let last = chunks.iter().map(|(_, columns)| columns.end).max().unwrap_or(0);
    let ends: Vec<&Chunk> =
        chunks.iter().filter(|(_, columns)| columns.end == last).map(|(chunk, _)| chunk).collect();
    let long = ends.iter().filter(|c| covered(bands, c.bbox.top, c.bbox.bottom).len() > 1).count();
    let share = if certain { 3 } else { 2 };
    full.len() * share >= bands.len()
        && single * 2 >= chunks.len()
        && (certain || (even * 3 >= full.len() * 2 && long * 4 < ends.len()))
}

/// Free intervals of x between columns, from the left.
fn gutters(
    placed: &[PlacedLine],
    lines: &[usize],
    marks: &[Ruling],
    hull: &BBox,
    even: bool,
) -> Vec<(f32, f32)> {
    let mut ends: Vec<(f32, i32)> = Vec::with_capacity(lines.len() * 2);
    let mut sizes: Vec<f32> = Vec::with_capacity(lines.len());
    for &i in lines {
        let bbox = &placed[i].line.bbox;
        ends.extend([(bbox.x0, 1), (bbox.x1, -1)]);
        sizes.push(placed[i].size);
    }
    sizes.sort_by(f32::total_cmp);
    let em = sizes[sizes.len() / 2];
    ends.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let allowed = (lines.len() as f32 * ACROSS) as i32;
    // Intervals with few enough lines across, and how many lines stand between one and the next.
    let mut minima: Vec<(i32, f32, f32)> = Vec::new();
    // Of each: another one as clear, on the other side of the few lines between the two.
    let mut others: Vec<Option<(i32, f32, f32)>> = Vec::new();
    let (mut depth, mut peak) = (0, 0);
    for pair in ends.windows(2) {
        depth += pair[0].1;
        peak = peak.max(depth);
        let (from, to) = (pair[0].0, pair[1].0);
        if depth > allowed || to - from < GUTTER * em {
            continue;
        }
        match minima.last_mut() {
            // Nothing that could be a column stands between: the clearer of the two is the gutter.
            Some(last) if peak - depth.max(last.0) < 2 => {
                let before = *last;
                let clearer = depth < last.0 || (depth == last.0 && to - from > last.2 - last.1);
                if clearer {
                    *last = (depth, from, to);
                    peak = depth;
                }
                if let Some(other) = others.last_mut()
                    && (clearer || depth == before.0)
                {
                    let lost = if clearer { before } else { (depth, from, to) };
                    *other = Some(lost).filter(|_| depth == before.0);
                }
            }
            _ => {
                minima.push((depth, from, to));
                others.push(None);
                peak = depth;
            }
        }
    }
    if !even {
        side::settle(placed, lines, &mut minima, &others);
    }
    let mut gutters = clear_gutters(&minima, &ends);
    // Vertical rulings, or seams between fills, over half the height stand in a gutter, however narrow.
    let upright: Vec<&Ruling> = marks.iter().filter(|r| !r.horizontal).collect();
    for near in upright.chunk_by(|a, b| b.bbox.x0 - a.bbox.x0 <= 1.5) {
        let height: f32 = near.iter().map(|r| r.bbox.overlap_y(hull).max(0.0)).sum();
        let x = near[0].bbox.x0;
        let inside = hull.x0 + em / 2.0 < x && x < hull.x1 - em / 2.0;
        if inside
            && 2.0 * height >= hull.height()
            && !gutters.iter().any(|g| g.0 - em / 2.0 <= x && x <= g.1 + em / 2.0)
        {
            gutters.push((x, x));
        }
    }
    gutters.sort_by(|a, b| a.0.total_cmp(&b.0));
    // A column needs two lines of its own.
    loop {
        let mut own = vec![0; gutters.len() + 1];
        for &i in lines {
            let span = columns_of(&gutters, &placed[i].line.bbox);
            if span.len() == 1 {
                own[span.start] += 1;
            }
        }
        let Some(poor) = own.iter().position(|&n| n < 2) else { break };
        if gutters.is_empty() {
            break;
        }
        gutters.remove(poor.min(gutters.len() - 1));
    }
    gutters
}

/// Those minima that have columns on both sides: where most of the lines of one of them run on, as the longer numbers
/// of a column do beside its shorter ones, is no gutter. `ends` are the edges of all lines, from the left.
fn clear_gutters(minima: &[(i32, f32, f32)], ends: &[(f32, i32)]) -> Vec<(f32, f32)> {
    // The most lines side by side before the first of the minima, between each and the next, and after the last.
    let mut peaks = vec![0; minima.len() + 1];
    let (mut depth, mut next) = (0, 0);
    for &(x, step) in ends {
        depth += step;
        while minima.get(next).is_some_and(|m| x >= m.2) {
            next += 1;
        }
        if minima.get(next).is_none_or(|m| x < m.1) {
            peaks[next] = peaks[next].max(depth);
        }
    }
    let clear = minima.iter().zip(peaks.windows(2));
    clear.filter(|(m, sides)| 20 * m.0 <= 17 * sides[0].min(sides[1])).map(|(m, _)| (m.1, m.2)).collect()
}

fn columns_of(gutters: &[(f32, f32)], bbox: &BBox) -> std::ops::Range<usize> {
    let middle = |g: &(f32, f32)| f32::midpoint(g.0, g.1);
    let first = gutters.partition_point(|g| middle(g) < bbox.x0.min(bbox.center().0));
    let last = gutters.partition_point(|g| middle(g) < bbox.x1);
    first..last.max(first) + 1
}

fn assemble(
    placed: &[PlacedLine],
    mut chunks: Vec<(Chunk, std::ops::Range<usize>)>,
    bands: &Rows,
    gutters: &[(f32, f32)],
    hull: &BBox,
    marks: &[Ruling],
) -> Found {
    let (row_count, column_count) = (bands.len(), gutters.len() + 1);
    let mut xs = vec![hull.x0];
    xs.extend(gutters.iter().map(|g| f32::midpoint(g.0, g.1)));
    xs.push(hull.x1);
    let mut ys = vec![hull.top];
    ys.extend(bands.windows(2).map(|w| {
        let (from, to) = (w[0].1.min(w[1].0), w[1].0.max(w[0].1));
        let ruled = marks.iter().find(|r| r.horizontal && (from..=to).contains(&r.bbox.top));
        ruled.map_or(f32::midpoint(from, to), |r| r.bbox.top)
    }));
    ys.push(hull.bottom);

    let mut owner: Vec<Option<usize>> = vec![None; row_count * column_count];
    let mut cells: Vec<GridCell> = Vec::new();
    let mut lines: Vec<Vec<usize>> = Vec::new();
    let mut claim = |rows: std::ops::Range<usize>, columns: std::ops::Range<usize>, content: &[usize]| {
        let squares = |r: std::ops::Range<usize>, c: std::ops::Range<usize>| {
            r.flat_map(move |r| c.clone().map(move |c| r * column_count + c))
        };
        let free = squares(rows.clone(), columns.clone()).all(|s| owner[s].is_none());
        let first = rows.start * column_count + columns.start;
        let (rows, columns) = match (free, owner[first]) {
            (true, _) => (rows, columns),
            (false, Some(cell)) => {
                lines[cell].extend(content);
                return;
            }
            (false, None) => (rows.start..rows.start + 1, columns.start..columns.start + 1),
        };
        squares(rows.clone(), columns.clone()).for_each(|s| owner[s] = Some(cells.len()));
        cells.push(GridCell {
            bbox: BBox::new(xs[columns.start], ys[rows.start], xs[columns.end], ys[rows.end]),
            rows: rows.start as u32..rows.end as u32,
            columns: columns.start as u32..columns.end as u32,
        });
        lines.push(content.to_vec());
    };
    // Small cells first: a cell over several rows gives way to what stands in one of them.
    let place = |chunk: &Chunk| {
        let rows = covered(bands, chunk.bbox.top, chunk.bbox.bottom);
        let first = rows.start.min(row_count - 1);
        first..rows.end.max(first + 1)
    };
    chunks.sort_by(|a, b| {
        let (p, q) = (place(&a.0), place(&b.0));
        (p.len() * a.1.len(), p.start, a.1.start).cmp(&(q.len() * b.1.len(), q.start, b.1.start))
    });
    let mut places: Vec<std::ops::Range<usize>> = chunks.iter().map(|(chunk, _)| place(chunk)).collect();
    for (label, rows) in label::spans(placed, &chunks, &places, bands, marks) {
        places[label] = rows;
    }
    for ((chunk, columns), rows) in chunks.iter().zip(places) {
        claim(rows, columns.clone(), &chunk.lines);
    }
    for row in 0..row_count {
        for column in 0..column_count {
            claim(row..row + 1, column..column + 1, &[]);
        }
    }
    let mut order: Vec<usize> = (0..cells.len()).collect();
    order.sort_by_key(|&i| (cells[i].rows.start, cells[i].columns.start));
    let lattice = Lattice {
        cells: order.iter().map(|&i| cells[i].clone()).collect(),
        rows: row_count as u32,
        columns: column_count as u32,
        ruled: false,
        hull: *hull,
    };
    let lines = order.iter().map(|&i| std::mem::take(&mut lines[i])).collect();
    Found { lattice, lines }
}
