//! Lines that end because their cell does.

use std::ops::Range;

use crate::stream::Stream;

/// True when each of these lines of a ruled cell but the last is so long that another digit has no room behind it.
pub(crate) fn is_full(stream: &Stream<'_>, parts: &[Range<u32>]) -> bool {
    let Some(room) = room(stream, parts) else { return false };
    let Some((_, above)) = parts.split_last() else { return false };
    let digits =
        parts.iter().flat_map(Clone::clone).filter(|&i| stream.atoms[i as usize].ch.is_ascii_digit());
    let digit = digits.filter_map(|i| stream.bbox(i..i + 1)).map(|b| b.width()).fold(0.0, f32::max);
    let full = |part: &Range<u32>| stream.bbox(part.clone()).is_some_and(|b| b.width() + digit + 0.5 > room);
    !above.is_empty() && above.iter().all(full)
}

/// Width that the one cell of these parts has for a line: less its padding, of which no more is believed than most
/// tables have.
fn room(stream: &Stream<'_>, parts: &[Range<u32>]) -> Option<f32> {
    let first = &stream.lines[stream.atoms[parts.first()?.start as usize].line as usize];
    let (t, c) = first.cell?;
    let table = stream.document.pages.get(first.page as usize)?.tables.get(t as usize)?;
    let cell = table.ruled.then(|| table.cells.get(c as usize)).flatten()?.bbox;
    let mut padding = f32::INFINITY;
    for part in parts {
        let line = &stream.lines[stream.atoms[part.start as usize].line as usize];
        if (line.page, line.cell) != (first.page, first.cell) {
            return None;
        }
        let b = stream.bbox(part.clone())?;
        padding = padding.min(b.x0 - cell.x0).min(cell.x1 - b.x1).min(0.8 * b.height());
    }
    Some(cell.width() - 2.0 * padding.max(0.0))
}
