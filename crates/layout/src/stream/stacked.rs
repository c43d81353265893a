//! Tables that stand close, one over the other, have columns of their own each.

use crate::block::Hints;
use crate::chunk::is_value;
use crate::line::PlacedLine;

/// Space over a row, beyond what most rows have, that sets it apart, in em.
const APART: f32 = 0.35;
/// Rows of heads over the one in which the first head stands.
const HEAD_ROWS: usize = 2;

/// What stands at one height.
struct Row<'a> {
    /// From left to right.
    lines: &'a [usize],
    top: f32,
    bottom: f32,
    /// Set apart from the row above.
    apart: bool,
}

/// Parts the lines of tables where the next one begins: at a heading between them, which is left out, or where the
/// first head stands again.
pub(super) fn parts(placed: &[PlacedLine], lines: Vec<usize>, hints: &Hints<'_>) -> Vec<Vec<usize>> {
    if hints.even {
        return vec![lines];
    }
    let mut sorted = lines.clone();
    let bottom = |i: usize| placed[i].line.bbox.bottom;
    sorted.sort_by(|&a, &b| bottom(a).total_cmp(&bottom(b)).then(a.cmp(&b)));
    let rows = rows(placed, &mut sorted);
    let left = lines.iter().map(|&i| placed[i].line.bbox.x0).fold(f32::INFINITY, f32::min);
    // The first row of the table that goes on, whether numbers have stood in it, and its first head.
    let (mut first, mut numbers, mut lead) = (0, false, lead(placed, &rows, 0, left));
    let mut cuts: Vec<(usize, usize)> = Vec::new();
    for r in 1..rows.len() {
        let behind = if numbers && is_title(placed, &rows, r, left, lead) {
            Some((r, r + 1))
        } else if numbers && stands_again(placed, &rows[r], lead) {
            (first + 1..=r).rev().take(HEAD_ROWS + 1).find(|&q| rows[q].apart).map(|q| (q, q))
        } else {
            None
        };
        if let Some((end, next)) = behind {
            cuts.push((end, next));
            (first, numbers, lead) = (next, false, self::lead(placed, &rows, next, left));
        }
        numbers |= r >= first && has_numbers(placed, &rows[r]);
    }
    if cuts.is_empty() {
        return vec![lines];
    }
    cuts.push((rows.len(), rows.len()));
    let mut from = 0;
    cuts.into_iter()
        .map(|(end, next)| {
            let part = rows[from..end].iter().flat_map(|row| row.lines).copied().collect();
            from = next;
            part
        })
        .collect()
}

/// The rows of `lines`, which come from the top.
fn rows<'a>(placed: &[PlacedLine], lines: &'a mut [usize]) -> Vec<Row<'a>> {
    let bbox = |i: usize| placed[i].line.bbox;
    for row in lines.chunk_by_mut(|&a, &b| bbox(b).bottom - bbox(a).bottom <= 0.2 * placed[a].size) {
        row.sort_by(|&a, &b| bbox(a).x0.total_cmp(&bbox(b).x0));
    }
    let level = |&a: &usize, &b: &usize| (bbox(b).bottom - bbox(a).bottom).abs() <= 0.2 * placed[a].size;
    let mut out: Vec<Row<'a>> = lines
        .chunk_by(level)
        .map(|lines| Row {
            lines,
            top: lines.iter().map(|&i| bbox(i).top).fold(f32::INFINITY, f32::min),
            bottom: lines.iter().map(|&i| bbox(i).bottom).fold(f32::NEG_INFINITY, f32::max),
            apart: false,
        })
        .collect();
    let gaps: Vec<f32> = out.windows(2).map(|w| w[1].top - w[0].bottom).collect();
    let mut usual = gaps.clone();
    usual.sort_by(f32::total_cmp);
    if let Some(&usual) = usual.get(usual.len() / 2) {
        for (row, gap) in out.iter_mut().skip(1).zip(gaps) {
            row.apart = gap > usual + APART * placed[row.lines[0]].size;
        }
    }
    out
}

/// The line at the left edge of the first rows: the first head.
fn lead(placed: &[PlacedLine], rows: &[Row<'_>], first: usize, left: f32) -> Option<usize> {
    let rows = rows.iter().skip(first).take(HEAD_ROWS + 1);
    let mut leads = rows.filter(|row| row.lines.len() > 1).map(|row| row.lines[0]);
    // A head may be centred over its column.
    leads.find(|&i| placed[i].line.bbox.x0 - left < 6.0 * placed[i].size)
}

/// The first head of the table, and heads beside it.
fn stands_again(placed: &[PlacedLine], row: &Row<'_>, lead: Option<usize>) -> bool {
    let text = |i: usize| &placed[i].line.text;
    lead.is_some_and(|lead| text(lead) == text(row.lines[0]))
        && row.lines.len() > 1
        && !has_numbers(placed, row)
}

/// A line alone at the left edge with a row of heads under it, set apart from the table above or over its first head.
fn is_title(placed: &[PlacedLine], rows: &[Row<'_>], r: usize, left: f32, lead: Option<usize>) -> bool {
    let [line] = *rows[r].lines else { return false };
    let Some(below) = rows.get(r + 1) else { return false };
    let begins = placed[line].line.bbox.x0 - left < placed[line].size;
    let apart = rows[r].apart || stands_again(placed, below, lead);
    apart && begins && below.lines.len() > 1 && !has_numbers(placed, below)
}

/// Numbers, and no dates as they stand in heads.
fn has_numbers(placed: &[PlacedLine], row: &Row<'_>) -> bool {
    let is_number = |&i: &usize| is_value(&placed[i]) && !placed[i].line.text.contains(['月', '年', '日']);
    row.lines.iter().any(is_number)
}
