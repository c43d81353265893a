//! On which side of a head its column begins: a head at the left of its column, over numbers at the right of theirs,
//! has white space on both sides.

use crate::line::PlacedLine;

/// A gutter that may be one: how many lines stand across it, from where, to where.
type Minimum = (i32, f32, f32);

/// Takes the other one of two gutters where that parts the lines between them from what stands in their rows.
pub(super) fn settle(
    placed: &[PlacedLine],
    lines: &[usize],
    minima: &mut [Minimum],
    others: &[Option<Minimum>],
) {
    for at in 0..minima.len() {
        let Some(other) = others[at] else { continue };
        let (left, right) = if other.1 < minima[at].1 { (other, minima[at]) } else { (minima[at], other) };
        let from = at.checked_sub(1).map_or(f32::NEG_INFINITY, |before| minima[before].2);
        let to = minima
            .get(at + 1)
            .map_or(f32::INFINITY, |next| others[at + 1].map_or(next.1, |other| other.1.min(next.1)));
        let between = |x0: f32, x1: f32| {
            let inside = move |i: &usize| {
                let b = &placed[*i].line.bbox;
                x0 - 0.1 <= b.x0 && b.x1 <= x1 + 0.1
            };
            lines.iter().copied().filter(inside)
        };
        let beside = |x0: f32, x1: f32| {
            between(left.2, right.1).any(|i| between(x0, x1).any(|o| are_level(&placed[i], &placed[o])))
        };
        match (beside(from, left.1), beside(right.2, to)) {
            (true, false) => minima[at] = left,
            (false, true) => minima[at] = right,
            _ => {}
        }
    }
}

/// At one height.
fn are_level(a: &PlacedLine, b: &PlacedLine) -> bool {
    (a.line.bbox.bottom - b.line.bbox.bottom).abs() <= 0.3 * a.size
}
