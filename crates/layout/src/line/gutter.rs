//! Gutters: columns of a table without rulings, set closer to each other than words may be.
//!
//! A gap of half an em can stand between words or between columns. It stands between columns when the
//! lines above and below have a gap at the same place.

use std::ops::Range;

use super::{COLUMN_GAP, Place};
use crate::drawing::{Drawing, Flow};
use crate::marker::{Marker, Scheme, is_bullet, is_enclosed, is_kanji_digit, marker};
use crate::{Ruling, effort};

/// The narrowest gap that may be a gutter, in em.
const GUTTER: f32 = 0.5;
/// The narrowest gap between columns whose parts begin at exactly the same place, in em. Some programs set
/// a quarter of an em between Japanese and Latin letters; that is no gutter.
const NARROW: f32 = 0.3;
/// The widest gap between the mark of a list and its item, in em.
const MARK_GAP: f32 = 2.6;
/// What the gaps of neighbouring lines must share, in em.
const SHARED: f32 = 0.35;
/// How many lines above and below are looked at.
const AROUND: usize = 10;

/// Where to cut row `r` of `rows` (each sorted along its line): indices of the glyphs that begin a new
/// part.
///
/// The letters of the runs in `spread` belong together, whatever the gaps between them.
pub(super) fn cuts(
    drawing: &Drawing,
    rows: &[&[Place]],
    r: usize,
    spread: &[Range<usize>],
    upright: &[Ruling],
) -> Vec<usize> {
    let row = rows[r];
    let gaps: Vec<Gap> = gaps(row).collect();
    let search = row.len() <= effort::ROW;
    let mut cuts = Vec::new();
    for (g, gap) in gaps.iter().enumerate() {
        let left = &row[if g == 0 { 0 } else { gaps[g - 1].at }..gap.at];
        let right = &row[gap.at..gaps.get(g + 1).map_or(row.len(), |n| n.at)];
        // The one space of a line that is set to fill its width may be wide, too: behind its mark.
        let widest =
            if g == 0 && drawing.spaced[row[gap.at].glyph as usize] && is_list_mark(&text(drawing, left)) {
                MARK_GAP
            } else {
                COLUMN_GAP
            };
        let wide = gap.to - gap.from > widest * gap.em;
        if wide
            || (search
                && !is_word_space(drawing, row, gap)
                && !is_word(drawing, left, right, g == 0)
                && agreeing(rows, r, gap) >= if are_numbers(drawing, left, right) { 1 } else { 2 })
        {
            cuts.push(gap.at);
        }
    }
    if search {
        // A list's mark is no column, however many items begin under each other behind theirs.
        let is_mark = |g: &Gap| {
            gaps_of(row, NARROW).next().is_some_and(|first| first.at == g.at)
                && is_list_mark(&text(drawing, &row[..g.at]))
        };
        let narrow = gaps_of(row, NARROW)
            .filter(|g| g.to - g.from < GUTTER * g.em && !is_word_space(drawing, row, g) && !is_mark(g));
        cuts.extend(narrow.filter(|gap| beginning_there(rows, r, gap) >= 3).map(|gap| gap.at));
    }
    cuts.retain(|cut| !spread.iter().any(|run| run.start < *cut && *cut < run.end));
    cuts.extend(ruled_off(drawing, row, upright));
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}

/// A space drawn between two Latin words: lines that begin with the same words are no columns.
fn is_word_space(drawing: &Drawing, row: &[Place], gap: &Gap) -> bool {
    let (before, after) = (row[gap.at - 1].glyph as usize, row[gap.at].glyph as usize);
    let latin = |g: usize| {
        let glyph = &drawing.glyphs[g];
        drawing.text[glyph.start as usize..glyph.end as usize]
            .chars()
            .all(|c| c.is_ascii_alphabetic() || c == ',')
    };
    drawing.spaced[after] && gap.to - gap.from <= gap.em && latin(before) && latin(after)
}

/// The glyphs of a row that are the first ones after a vertical ruling.
fn ruled_off(drawing: &Drawing, row: &[Place], upright: &[Ruling]) -> Vec<usize> {
    let (first, last) = (row[0], row[row.len() - 1]);
    if first.flow != Flow::Right || upright.len() > effort::CELLS {
        return Vec::new();
    }
    let (_, y) = drawing.glyphs[first.glyph as usize].bbox.center();
    let from = upright.partition_point(|r| r.bbox.x0 <= first.start);
    let across = upright[from..].iter().take_while(|r| r.bbox.x0 < last.end);
    let across = across.filter(|r| r.bbox.top <= y && y <= r.bbox.bottom);
    let cuts = across.map(|r| row.partition_point(|p| f32::midpoint(p.start, p.end) < r.bbox.x0));
    cuts.filter(|&c| 0 < c && c < row.len()).collect()
}

/// A gap before the glyph at `at`.
#[derive(Clone, Copy)]
struct Gap {
    at: usize,
    from: f32,
    to: f32,
    em: f32,
}

fn gaps(row: &[Place]) -> impl Iterator<Item = Gap> + '_ {
    gaps_of(row, GUTTER)
}

/// The gaps of at least `least` em.
fn gaps_of(row: &[Place], least: f32) -> impl Iterator<Item = Gap> + '_ {
    let mut end = f32::NEG_INFINITY;
    row.iter().enumerate().filter_map(move |(at, place)| {
        let (from, to) = (end, place.start);
        end = end.max(place.end);
        let em = if at > 0 { place.size.max(row[at - 1].size) } else { place.size };
        (at > 0 && to - from >= least * em).then_some(Gap { at, from, to, em })
    })
}

/// How many lines around have a gap there, up to the first one that has text across it.
fn agreeing(rows: &[&[Place]], r: usize, gap: &Gap) -> usize {
    let above = rows[..r].iter().rev().take(AROUND);
    let below = rows[r + 1..].iter().take(AROUND);
    run(rows[r], above, gap) + run(rows[r], below, gap)
}

fn run<'a>(row: &[Place], others: impl Iterator<Item = &'a &'a [Place]>, gap: &Gap) -> usize {
    let (mut from, mut to) = (gap.from, gap.to);
    count(row, others, gap.em, |other| {
        let first = other[0];
        let shared =
            gaps(other).map(|g| (g.from.max(from), g.to.min(to))).find(|(a, b)| b - a >= SHARED * gap.em);
        // A line that begins where the part after the gap does: its first column is empty.
        let begins = first.start >= from && (first.start - gap.to).abs() <= 0.2 * gap.em;
        let shared = shared.or(begins.then_some((from, to.min(first.start))));
        if let Some((a, b)) = shared {
            (from, to) = (a, b);
            return Some(true);
        }
        let across = other.iter().any(|p| p.start < to - 0.1 * gap.em && p.end > from + 0.1 * gap.em);
        (!across).then_some(false)
    })
}

/// How many lines around have a part that begins exactly where the part after this gap does, up to the
/// first line with text across that place.
fn beginning_there(rows: &[&[Place]], r: usize, gap: &Gap) -> usize {
    let there = |start: f32| (start - gap.to).abs() <= 0.1 * gap.em;
    let agrees = |other: &[Place]| {
        if there(other[0].start) || gaps_of(other, NARROW).any(|g| there(g.to)) {
            return Some(true);
        }
        let across = other.iter().any(|p| p.start < gap.to - 0.1 * gap.em && p.end > gap.to + 0.1 * gap.em);
        (!across).then_some(false)
    };
    count(rows[r], rows[..r].iter().rev().take(AROUND), gap.em, agrees)
        + count(rows[r], rows[r + 1..].iter().take(AROUND), gap.em, agrees)
}

/// How many of the lines next to `row`, near to each other, agree; up to the first of which that cannot be said.
fn count<'a>(
    row: &[Place],
    others: impl Iterator<Item = &'a &'a [Place]>,
    em: f32,
    mut agrees: impl FnMut(&[Place]) -> Option<bool>,
) -> usize {
    let mut last = row[0];
    let mut count = 0;
    for other in others {
        let first = other[0];
        let near = (first.across - last.across).abs() <= 3.5 * em.max(first.size);
        if (first.region, first.flow) != (last.region, last.flow) || !near || other.len() > effort::ROW {
            break;
        }
        last = first;
        match agrees(other) {
            Some(agreed) => count += usize::from(agreed),
            None => break,
        }
    }
    count
}

/// One number ends before the gap, another begins behind it.
fn are_numbers(drawing: &Drawing, left: &[Place], right: &[Place]) -> bool {
    let is_digit = |place: Option<&Place>| {
        place.is_some_and(|p| text(drawing, std::slice::from_ref(p)).chars().all(|c| c.is_ascii_digit()))
    };
    is_digit(left.last()) && is_digit(right.first())
}

/// The parts beside a gap that belong together all the same: letters spread over a width (人　口), or
/// a list's mark and its item.
fn is_word(drawing: &Drawing, left: &[Place], right: &[Place], begins: bool) -> bool {
    let (left, right) = (text(drawing, left), text(drawing, right));
    let spread = left.chars().count() == 1
        && right.chars().count() == 1
        && left.chars().chain(right.chars()).all(char::is_alphabetic);
    let is_chapter = || matches!(marker(&left, true), Some(Marker::Number(Scheme::Chapter)));
    spread || (begins && (is_list_mark(&left) || is_chapter()))
}

fn text(drawing: &Drawing, places: &[Place]) -> String {
    let glyphs = places.iter().map(|p| &drawing.glyphs[p.glyph as usize]);
    glyphs.map(|g| &drawing.text[g.start as usize..g.end as usize]).collect()
}

/// A number or sign that begins a list's item: 1. （2） ③ ア ・ ※
pub(crate) fn is_list_mark(text: &str) -> bool {
    let point = |c: char| matches!(c, '.' | '．' | '、' | ')' | '）' | '(' | '（' | ':' | '：');
    let kana = |c: char| matches!(c, 'ア'..='ン' | 'ｱ'..='ﾝ');
    let count = text.chars().count();
    let inner = |c: char| c.is_numeric() || kana(c) || c.is_ascii_alphabetic();
    let bracketed = text.starts_with(['(', '（', '【', '〔']) && text.chars().all(|c| point(c) || inner(c));
    let numbered =
        text.chars().all(|c| c.is_numeric() || point(c)) && text.chars().any(|c| point(c) || is_enclosed(c));
    let lone = count == 1 && text.chars().all(|c| is_enclosed(c) || is_bullet(c) || c == '※' || kana(c));
    // A section's number stands before its heading: １　基本情報
    let heading = count == 1 && text.chars().all(|c| c.is_numeric() || is_kanji_digit(c));
    (count <= 4 && (numbered || bracketed)) || lone || heading
}
