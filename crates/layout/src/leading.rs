//! Running text that is set wide: the space between its lines is as large as between paragraphs elsewhere.

use crate::block::gap;
use crate::effort;
use crate::line::PlacedLine;

/// The most space between two lines of one paragraph, in em.
pub(crate) const WIDEST: f32 = 2.2;
/// Text with less space between its lines is not set wide, in em.
const USUAL: f32 = 0.9;
/// Space may differ by this much within a text, in em.
const EVEN: f32 = 0.35;
/// A column of running text is at least this wide, in em.
const COLUMN: f32 = 12.0;
/// Lines that end this near to the end of their column fill it, in em.
const FULL: f32 = 2.0;

/// Pairs of lines, sorted, the second of which goes on with the first; both are running text that is set wide.
///
/// Such text tells itself by its lines: three or more under each other, evenly apart, beginning at one place, two
/// of them ending where the column does. A line that fills its column goes on in the next one. `lines` are in
/// reading order.
pub(crate) fn wide(placed: &[PlacedLine], lines: &[usize]) -> Vec<(usize, usize)> {
    let mut stacks: Vec<Vec<usize>> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for &i in lines {
        let line = &placed[i];
        let last = |stack: usize| stacks[stack].last().map(|&l| &placed[l]);
        open.retain(|&s| {
            last(s).is_some_and(|l| l.flow == line.flow && gap(l, line) <= WIDEST * l.size.max(line.size))
        });
        if open.len() > effort::OPEN {
            open.drain(..open.len() - effort::OPEN);
        }
        let over = open.iter().rposition(|&s| last(s).is_some_and(|l| is_under(l, line)));
        if let Some(at) = over {
            stacks[open[at]].push(i);
        } else {
            open.push(stacks.len());
            stacks.push(vec![i]);
        }
    }
    let mut pairs: Vec<(usize, usize)> = stacks.iter().flat_map(|stack| of_stack(placed, stack)).collect();
    pairs.sort_unstable();
    pairs
}

/// The pairs of lines that go on among lines under each other.
fn of_stack(placed: &[PlacedLine], stack: &[usize]) -> Vec<(usize, usize)> {
    let none = Vec::new();
    if stack.len() < 3 {
        return none;
    }
    let space =
        |a: usize, b: usize| gap(&placed[a], &placed[b]) / placed[a].size.max(placed[b].size).max(0.1);
    let mut spaces: Vec<f32> = stack.windows(2).map(|w| space(w[0], w[1])).collect();
    spaces.sort_by(f32::total_cmp);
    let leading = spaces[(spaces.len() - 1) / 2];
    if leading <= USUAL {
        return none;
    }
    let size = placed[stack[0]].size;
    let start = stack.iter().map(|&i| along(&placed[i]).0).fold(f32::INFINITY, f32::min);
    let end = stack.iter().map(|&i| along(&placed[i]).1).fold(f32::NEG_INFINITY, f32::max);
    let is_full = |i: usize| along(&placed[i]).1 >= end - FULL * size;
    if end - start < COLUMN * size || stack.iter().filter(|&&i| is_full(i)).count() < 2 {
        return none;
    }
    let goes_on = |w: &&[usize]| is_full(w[0]) && space(w[0], w[1]) <= leading + EVEN;
    stack.windows(2).filter(goes_on).map(|w| (w[0], w[1])).collect()
}

/// Under each other, of one size, and beginning at one place, the indent of a paragraph aside.
fn is_under(a: &PlacedLine, b: &PlacedLine) -> bool {
    let (size, other) = (a.size.max(b.size), a.size.min(b.size));
    let ((a_start, a_end), (b_start, b_end)) = (along(a), along(b));
    let overlap = a_end.min(b_end) - a_start.max(b_start);
    gap(a, b) > -0.5 * size
        && size <= 1.05 * other
        && overlap > 0.0
        && (a_start - b_start).abs() <= 2.2 * size
}

/// Where a line begins and ends, in its direction of writing.
fn along(line: &PlacedLine) -> (f32, f32) {
    let bbox = &line.line.bbox;
    if line.line.vertical { (bbox.top, bbox.bottom) } else { (bbox.x0, bbox.x1) }
}
