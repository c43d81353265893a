//! Lines: glyphs on one baseline, as one string.

mod gutter;
mod spread;
mod stack;
mod vertical;

pub(crate) use gutter::is_list_mark;

use std::collections::HashMap;
use std::ops::Range;

use crate::drawing::{Drawing, Flow};
use crate::geometry::rank;
use crate::region::{RegionKind, Regions};
use crate::{BBox, Line, Ruling};

/// A line, with what the blocks need to know of it.
#[derive(Debug)]
pub(crate) struct PlacedLine {
    pub(crate) line: Line,
    pub(crate) region: usize,
    pub(crate) flow: Flow,
    /// The largest font size in it, in points.
    pub(crate) size: f32,
}

/// A gap this wide (in em) in free text parts columns, not words.
const COLUMN_GAP: f32 = 1.8;
/// The same within a cell or box, whose rulings have parted the columns already.
const CELL_GAP: f32 = 4.0;
/// The least gap (in em) that is white space: between Latin words, where some was drawn.
const LEAST_GAP: f32 = 0.1;
/// Baselines this near to each other (in em) are one.
const BASELINE: f32 = 0.25;

/// A glyph by its place along and across the direction it is written in.
#[derive(Clone, Copy)]
struct Place {
    glyph: u32,
    region: u32,
    flow: Flow,
    start: f32,
    end: f32,
    across: f32,
    size: f32,
    /// Smaller and raised (or lowered) beside its neighbour: a footnote mark, an exponent.
    raised: bool,
}

impl Place {
    fn of(drawing: &Drawing, index: usize, regions: &Regions) -> Self {
        let (glyph, flow) = (&drawing.glyphs[index], drawing.flows[index]);
        let bbox = glyph.bbox;
        let (cx, cy) = bbox.center();
        let (start, end, across) = match flow {
            Flow::Right => (bbox.x0, bbox.x1, glyph.origin.1),
            Flow::Left => (-bbox.x1, -bbox.x0, -glyph.origin.1),
            Flow::Down => (bbox.top, bbox.bottom, -cx),
            Flow::Up => (-bbox.bottom, -bbox.top, cx),
        };
        let region = regions.at(cx, cy) as u32;
        Self {
            glyph: index as u32,
            region,
            flow,
            start,
            end,
            across,
            size: glyph.size.max(0.1),
            raised: false,
        }
    }
}

/// All lines of a page, by region, then across, then along. Every glyph is in exactly one.
pub(crate) fn lines(drawing: &Drawing, regions: &Regions, rulings: &[Ruling]) -> Vec<PlacedLine> {
    let upright = &rulings[rulings.partition_point(|r| r.horizontal)..];
    let mut places: Vec<Place> = (0..drawing.glyphs.len()).map(|i| Place::of(drawing, i, regions)).collect();
    vertical::turn(drawing, &mut places);
    keep_numbers(drawing, &mut places, regions);
    keep_overflow(&mut places, regions);
    lower_raised(&mut places);
    lower_leading(drawing, &mut places);
    let mut places = in_order(&places);
    let mut bounds = vec![0];
    while let Some(first) = places.get(bounds[bounds.len() - 1]).copied() {
        let from = bounds[bounds.len() - 1];
        let same = places[from..].partition_point(|p| {
            (p.region, p.flow) == (first.region, first.flow)
                && p.across <= first.across + BASELINE * first.size
        });
        places[from..from + same].sort_by(|a, b| a.start.total_cmp(&b.start).then(a.glyph.cmp(&b.glyph)));
        bounds.push(from + same);
    }
    let rows: Vec<&[Place]> = bounds.windows(2).map(|w| &places[w[0]..w[1]]).collect();
    let spread = spread::runs(drawing, &rows);
    let mut lines = Vec::new();
    for (r, row) in rows.iter().enumerate() {
        let in_frame = regions.list[row[0].region as usize].kind == RegionKind::Frame;
        let within = |cut: &usize| spread[r].iter().any(|run| run.start < *cut && *cut < run.end);
        let cuts =
            if in_frame { gutter::cuts(drawing, &rows, r, &spread[r], upright) } else { wide_gaps(row) };
        let mut from = 0;
        let kept = cuts.into_iter().filter(|cut| in_frame || !within(cut));
        for cut in kept.chain([row.len()]) {
            let runs = spread[r].iter().filter(|run| from <= run.start && run.end <= cut);
            let runs: Vec<Range<usize>> = runs.map(|run| run.start - from..run.end - from).collect();
            lines.push(make_line(drawing, &row[from..cut], &runs));
            from = cut;
        }
    }
    stack::join(drawing, lines)
}

/// The places by region, flow, place across and glyph. One number for all four compares faster than they do.
fn in_order(places: &[Place]) -> Vec<Place> {
    let key = |(i, place): (usize, &Place)| {
        let group = u128::from(place.region) << 8 | place.flow as u128;
        group << 64 | u128::from(rank(place.across)) << 32 | i as u128
    };
    let mut keys: Vec<u128> = places.iter().enumerate().map(key).collect();
    keys.sort_unstable();
    keys.into_iter().map(|key| places[key as u32 as usize]).collect()
}

/// Where the gap in a cell's row is too wide for one line.
fn wide_gaps(row: &[Place]) -> Vec<usize> {
    let mut end = f32::INFINITY;
    let mut cuts = Vec::new();
    for (i, place) in row.iter().enumerate() {
        if place.start - end > CELL_GAP * place.size {
            cuts.push(i);
        }
        end = if i == 0 { place.end } else { end.max(place.end) };
    }
    cuts
}

/// Cuts a horizontal line at `x`: what begins after it is a line of its own, given back.
pub(crate) fn cut(drawing: &Drawing, line: &mut PlacedLine, x: f32) -> Option<PlacedLine> {
    let middle = |&g: &u32| drawing.glyphs[g as usize].bbox.center().0;
    let at = line.line.glyphs.iter().position(|g| middle(g) >= x).filter(|&at| at > 0)?;
    let hull = |glyphs: &[u32]| crate::hull(glyphs.iter().map(|&g| &drawing.glyphs[g as usize].bbox));
    let own = &mut line.line;
    let begin = own.starts[at];
    let text = own.text.split_off(begin as usize);
    own.text.truncate(own.text.trim_end().len());
    let glyphs = own.glyphs.split_off(at);
    let starts = own.starts.split_off(at).iter().map(|s| s - begin).collect();
    own.bbox = hull(&own.glyphs).unwrap_or_default();
    let bbox = hull(&glyphs).unwrap_or_default();
    Some(PlacedLine { line: Line { text, glyphs, starts, bbox, vertical: own.vertical }, ..*line })
}

/// A number that runs over the edge of its cell is of that cell as a whole: where most of it stands.
fn keep_numbers(drawing: &Drawing, places: &mut [Place], regions: &Regions) {
    let is_digit = |place: &Place| {
        let glyph = &drawing.glyphs[place.glyph as usize];
        let text = &drawing.text[glyph.start as usize..glyph.end as usize];
        let mut chars = text.chars();
        let digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
        chars.next().is_some_and(|c| digit(c) || matches!(c, ',' | '.' | '，' | '．'))
            && chars.next().is_none()
    };
    let goes_on = |a: &Place, b: &Place| {
        a.flow == b.flow
            && (a.across - b.across).abs() <= 0.05 * a.size
            && (-0.1 * a.size..=0.1 * a.size).contains(&(b.start - a.end))
    };
    let mut from = 0;
    while from + 1 < places.len() {
        let (a, b) = (&places[from], &places[from + 1]);
        if a.region == b.region || !goes_on(a, b) || !is_digit(a) || !is_digit(b) {
            from += 1;
            continue;
        }
        // The whole number around the edge.
        let joins = |i: usize| {
            goes_on(&places[i], &places[i + 1]) && is_digit(&places[i]) && is_digit(&places[i + 1])
        };
        let first = (0..from).rev().take_while(|&i| joins(i)).last().unwrap_or(from);
        let last = (from + 1..places.len() - 1).take_while(|&i| joins(i)).last().map_or(from + 1, |i| i + 1);
        let glyphs = places[first..=last].iter().map(|p| &drawing.glyphs[p.glyph as usize].bbox);
        if let Some(hull) = crate::hull(glyphs) {
            let (x, y) = hull.center();
            let region = regions.at(x, y) as u32;
            places[first..=last].iter_mut().for_each(|p| p.region = region);
        }
        from = last;
    }
}

/// Text that runs on over the edge of its cell into an empty one is of the cell that it begins in: a character on
/// the edge itself tells it from the texts of two cells.
fn keep_overflow(places: &mut [Place], regions: &Regions) {
    let cell = |region: u32| regions.cell_of(region as usize);
    let mut overflows: Vec<(Range<usize>, u32)> = Vec::new();
    let mut from = 0;
    for at in 1..=places.len() {
        let goes_on = places.get(at).is_some_and(|b| {
            let a = &places[at - 1];
            a.flow == Flow::Right
                && b.flow == Flow::Right
                && (a.across - b.across).abs() <= 0.05 * a.size
                && a.size == b.size
                && (b.start - a.end).abs() <= 0.1 * a.size
        });
        if goes_on {
            continue;
        }
        let run = from..at;
        from = at;
        let home = places[run.start].region;
        let Some(own) = cell(home) else { continue };
        let Some(over) = run.clone().find(|&i| places[i].region != home) else { continue };
        let edge = regions.list[home as usize].bbox.x1;
        let lies_on =
            |place: &Place| place.start + 0.2 * place.size < edge && edge < place.end - 0.2 * place.size;
        let next = cell(places[over].region);
        if next.is_some_and(|next| next.0 == own.0 && next.1 != own.1)
            && (lies_on(&places[over]) || over > run.start && lies_on(&places[over - 1]))
        {
            overflows.push((over..run.end, home));
        }
    }
    if overflows.is_empty() {
        return;
    }
    let counts = |places: &[Place]| {
        let mut counts: HashMap<u32, usize> = HashMap::new();
        for place in places {
            *counts.entry(place.region).or_default() += 1;
        }
        counts
    };
    let all = counts(places);
    for (over, home) in overflows {
        // Nothing else may stand in the cells it runs into.
        if counts(&places[over.clone()]).iter().all(|(region, count)| all.get(region) == Some(count)) {
            places[over].iter_mut().for_each(|place| place.region = home);
        }
    }
}

/// Puts footnote marks and exponents on the baseline of what they follow, so that they stay in its line.
fn lower_raised(places: &mut [Place]) {
    let mut host: Option<Place> = None;
    for place in places {
        if let Some(host) = &mut host
            && (host.region, host.flow) == (place.region, place.flow)
            && place.size <= 0.8 * host.size
            && (0.1 * host.size..=0.7 * host.size).contains(&(place.across - host.across).abs())
            && (-0.2 * host.size..=0.4 * host.size).contains(&(place.start - host.end))
        {
            place.across = host.across;
            place.raised = true;
            host.end = place.end;
        } else {
            host = Some(*place);
        }
    }
}

/// The same for the number or sign that begins a footnote: what it stands before holds it.
fn lower_leading(drawing: &Drawing, places: &mut [Place]) {
    /// A mark has no more characters.
    const MOST: usize = 4;
    let text = |place: &Place| {
        let glyph = &drawing.glyphs[place.glyph as usize];
        &drawing.text[glyph.start as usize..glyph.end as usize]
    };
    let is_sign =
        |c: char| c.is_numeric() || matches!(c, '*' | '＊' | '※' | '†' | '注' | '(' | ')' | '（' | '）');
    // Two numbers beside each other are no mark and its text.
    let is_number = |place: &Place| text(place).contains(char::is_numeric);
    let mut host: Option<Place> = None;
    let mut length = 0;
    for place in places.iter_mut().rev() {
        if let Some(host) = &mut host
            && (host.region, host.flow) == (place.region, place.flow)
            && !place.raised
            && length < MOST
            && place.size <= 0.8 * host.size
            && (0.1 * host.size..=0.7 * host.size).contains(&(host.across - place.across))
            && (-0.2 * host.size..=0.4 * host.size).contains(&(host.start - place.end))
            && text(place).chars().all(is_sign)
            && !is_number(host)
        {
            place.across = host.across;
            place.raised = true;
            host.start = place.start;
            length += 1;
        } else {
            host = Some(*place);
            length = 0;
        }
    }
}

fn make_line(drawing: &Drawing, places: &[Place], runs: &[Range<usize>]) -> PlacedLine {
    let mut line = Line {
        text: String::with_capacity(places.len() * 3),
        glyphs: Vec::with_capacity(places.len()),
        starts: Vec::with_capacity(places.len()),
        bbox: BBox::default(),
        vertical: places[0].flow.is_vertical(),
    };
    let spread = is_letter_spaced(drawing, places);
    let mut before: Option<&Place> = None;
    for (i, place) in places.iter().enumerate() {
        let glyph = &drawing.glyphs[place.glyph as usize];
        let in_run = || runs.iter().any(|run| run.start < i && i < run.end);
        let text = &drawing.text[glyph.start as usize..glyph.end as usize];
        if let Some(before) = before
            && !(spread || in_run())
            && (is_word_gap(before, place, drawing.spaced[place.glyph as usize], &line.text, text)
                || is_mark(before, place, &line.text, text))
        {
            line.text.push(' ');
        }
        line.bbox = if line.glyphs.is_empty() { glyph.bbox } else { line.bbox.union(&glyph.bbox) };
        line.starts.push(line.text.len() as u32);
        line.glyphs.push(place.glyph);
        line.text.push_str(text);
        before = Some(place);
    }
    let size = places.iter().map(|p| p.size).fold(0.0, f32::max);
    PlacedLine { line, region: places[0].region as usize, flow: places[0].flow, size }
}

/// A number and the mark beside it: 65.3 with note 1) is not 65.31).
fn is_mark(before: &Place, place: &Place, text: &str, next: &str) -> bool {
    let digit = |c: Option<char>| c.is_some_and(char::is_numeric);
    before.raised != place.raised && (digit(text.chars().next_back()) || digit(next.chars().next()))
}

/// A gap is a space between Latin words, where white space was drawn, or when it is about an em wide.
fn is_word_gap(before: &Place, place: &Place, drawn: bool, text: &str, next: &str) -> bool {
    let gap = (place.start - before.end) / place.size.max(before.size);
    // Most glyphs touch the next one, and no character need be looked at.
    if gap < LEAST_GAP {
        return false;
    }
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_graphic());
    let words = latin(text.chars().next_back()) && latin(next.chars().next());
    let least = match (drawn, words) {
        (true, true) => LEAST_GAP,
        (true, false) => 0.15,
        (false, true) => 0.25,
        (false, false) => 0.9,
    };
    gap >= least
}

/// Letters set apart evenly to fill a width (均等割付) are one word.
fn is_letter_spaced(drawing: &Drawing, places: &[Place]) -> bool {
    if places.len() < 2 || places.len() > 24 {
        return false;
    }
    let gaps = places.windows(2).map(|w| (w[1].start - w[0].end) / w[0].size);
    let (least, most) = gaps.fold((f32::INFINITY, 0.0_f32), |(a, b), g| (a.min(g), b.max(g)));
    let ideographic = places.iter().all(|p| {
        let glyph = &drawing.glyphs[p.glyph as usize];
        drawing.text[glyph.start as usize..glyph.end as usize].chars().all(|c| c as u32 >= 0x3041)
    });
    ideographic && least >= 0.3 && most - least <= 0.25 * most.max(1.0)
}
