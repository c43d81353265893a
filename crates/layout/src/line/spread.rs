//! Letters set apart evenly to fill a width (均等割付): one word, however wide its gaps are.

use super::Place;
use crate::drawing::Drawing;
use crate::effort;
use std::ops::Range;

/// The narrowest gap that is more than the space fonts leave, in em.
const LEAST: f32 = 0.25;
/// Letters that are enough to be a word by themselves; fewer must end where another word does.
const ENOUGH: usize = 4;
/// Words set to the same width end this near to each other, in em.
const SAME_END: f32 = 0.6;
/// The widest gap between the letters of one word, in em.
const MOST: f32 = 30.0;

/// The runs of evenly spread letters in each row (sorted along its line), as ranges of its glyphs.
pub(super) fn runs(drawing: &Drawing, rows: &[&[Place]]) -> Vec<Vec<Range<usize>>> {
    let mut found: Vec<Vec<Range<usize>>> = vec![Vec::new(); rows.len()];
    let mut short: Vec<(usize, Vec<Range<usize>>)> = Vec::new();
    let mut ends: Vec<End> = Vec::new();
    for (r, row) in rows.iter().enumerate() {
        if row.len() > effort::ROW {
            continue;
        }
        let parts = parts(row);
        if parts.len() < 2 {
            continue;
        }
        found[r] = even(drawing, row, &parts);
        ends.extend(found[r].iter().map(|run| End::of(row, run)));
        short.push((r, parts));
    }
    ends.truncate(effort::OPEN);
    if ends.is_empty() {
        return found;
    }
    for (r, parts) in short {
        let row = rows[r];
        for (k, first) in parts.iter().enumerate() {
            let within = |run: &Range<usize>| found[r].iter().any(|f| f.start < run.end && run.start < f.end);
            let longer = (2..ENOUGH).filter_map(|n| parts.get(k + n - 1)).map(|last| first.start..last.end);
            let run = longer.filter(|run| !within(run)).find(|run| {
                let inside = &parts[k..];
                let inside = &inside[..inside.partition_point(|p| p.start < run.end)];
                let end = End::of(row, run);
                is_word(drawing, row, inside) && is_even(row, inside) && ends.iter().any(|e| e.is_same(&end))
            });
            found[r].extend(run);
        }
        found[r].sort_by_key(|run| run.start);
    }
    found
}

/// Where a run begins and ends.
struct End {
    from: f32,
    to: f32,
    size: f32,
}

impl End {
    fn of(row: &[Place], run: &Range<usize>) -> Self {
        let (first, last) = (&row[run.start], &row[run.end - 1]);
        Self { from: first.start, to: last.end, size: first.size }
    }

    /// Set to the same width: of cells, whose regions differ, as well.
    fn is_same(&self, other: &Self) -> bool {
        let near = |a: f32, b: f32| (a - b).abs() <= SAME_END * self.size.max(other.size);
        near(self.from, other.from) && near(self.to, other.to)
    }
}

/// Glyphs that stand close to each other.
fn parts(row: &[Place]) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    for (i, place) in row.iter().enumerate() {
        match parts.last_mut() {
            Some(part) if place.start - row[i - 1].end < LEAST * place.size => part.end = i + 1,
            _ => parts.push(i..i + 1),
        }
    }
    parts
}

/// The runs of parts with even gaps between them.
fn even(drawing: &Drawing, row: &[Place], parts: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let mut from = 0;
    while from + ENOUGH <= parts.len() {
        let mut to = from + ENOUGH;
        if !is_even(row, &parts[from..to]) {
            from += 1;
            continue;
        }
        while to < parts.len() && is_even(row, &parts[from..=to]) {
            to += 1;
        }
        if is_word(drawing, row, &parts[from..to]) {
            runs.push(parts[from].start..parts[to - 1].end);
            from = to;
        } else {
            from += 1;
        }
    }
    runs
}

fn is_even(row: &[Place], parts: &[Range<usize>]) -> bool {
    let gaps = parts.windows(2).map(|w| row[w[1].start].start - row[w[0].end - 1].end);
    let (least, most) = gaps.fold((f32::INFINITY, 0.0_f32), |(a, b), g| (a.min(g), b.max(g)));
    let size = row[parts[0].start].size;
    most <= MOST * size && most - least <= (0.08 * most).max(0.15 * size)
}

/// Letters, one by one, but for numbers and Latin words among them; and not one letter again and again.
fn is_word(drawing: &Drawing, row: &[Place], parts: &[Range<usize>]) -> bool {
    let text = |part: &Range<usize>| {
        let glyph = &drawing.glyphs[row[part.start].glyph as usize];
        (part.len() == 1).then(|| &drawing.text[glyph.start as usize..glyph.end as usize])
    };
    let is_letter = |part: &&Range<usize>| {
        text(part).is_some_and(|t| t.chars().all(|c| c as u32 >= 0x2e80 && c.is_alphabetic() || c == '々'))
    };
    let short = |part: &Range<usize>| {
        part.len() == 1
            || part.len() <= 4
                && row[part.clone()].iter().all(|p| {
                    let glyph = &drawing.glyphs[p.glyph as usize];
                    drawing.text[glyph.start as usize..glyph.end as usize].is_ascii()
                })
    };
    let letters = parts.iter().filter(is_letter).count();
    let repeats = parts.windows(2).filter(|w| text(&w[0]).is_some() && text(&w[0]) == text(&w[1])).count();
    let ends = |part: Option<&Range<usize>>| part.is_some_and(|p| is_letter(&p) || parts.len() >= ENOUGH);
    letters * 2 > parts.len()
        && repeats == 0
        && parts.iter().all(short)
        && ends(parts.first())
        && ends(parts.last())
}
