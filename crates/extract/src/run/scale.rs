//! The scale of a chart beside a table: the months of a year, one after the other.

use std::ops::Range;

use super::piece::{Kind, Piece};

/// Months that are a scale, where one follows the other.
const MONTHS: usize = 6;

/// The longest run of months among the pieces that may be a scale: each the one behind the month before it. Where the table
/// has no other dates, they are its own.
pub(super) fn find(pieces: &[Piece]) -> Option<Range<usize>> {
    let mut best = 0..0;
    let mut run = 0..0;
    let mut last: Option<u32> = None;
    for (i, piece) in pieces.iter().enumerate() {
        // Heads may stand between them.
        if piece.is_head() {
            last = None;
            continue;
        }
        let month = month(piece);
        run = match (last, month) {
            (Some(last), Some(month)) if month == last % 12 + 1 => run.start..i + 1,
            _ => i..i + usize::from(month.is_some()),
        };
        last = month;
        if run.len() > best.len() {
            best = run.clone();
        }
    }
    let dates = pieces.iter().filter(|p| p.kind == Kind::Period).count();
    (best.len() >= MONTHS && dates > best.len()).then_some(best)
}

/// The number of a month that stands alone, without a year.
fn month(piece: &Piece) -> Option<u32> {
    if piece.kind != Kind::Period {
        return None;
    }
    let folded = chohyo_normalize::fold(&piece.text);
    folded.text().trim_end().strip_suffix('月')?.trim().parse().ok().filter(|m| (1..=12).contains(m))
}
