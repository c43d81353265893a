//! Whether a text stands at a place, told from the record alone: it has everything that is printed.

use super::{Entry, Refusal};
use crate::diagnostic::Code;
use crate::sheet::{Place, Sheet};

/// Boxes that differ by less than this, in points, are the same.
const SLACK: f64 = 1.0;

/// Whether what a correction says is printed stands where it says.
pub(super) fn check(sheet: &Sheet, entry: &Entry) -> Result<(), Refusal> {
    if stands(sheet, &entry.at, &entry.printed) {
        return Ok(());
    }
    Err(Refusal::new(
        Code::CorrectionPlace,
        format!("{:?} does not stand where the correction says, which is not applied", entry.printed),
    ))
}

/// True for what can be a place on some sheet.
pub(super) fn is_possible(place: &Place) -> bool {
    let ordered = |b: [f64; 4]| b.iter().all(|v| v.is_finite()) && b[0] <= b[2] && b[1] <= b[3];
    place.page > 0 && place.bbox.is_none_or(ordered) && place.span.is_none_or(|s| s[0] <= s[1])
}

/// True when `printed` is within the texts of the record that stand at one of `at`. Of nothing, and nowhere, there is
/// nothing to be told.
fn stands(sheet: &Sheet, at: &[Place], printed: &str) -> bool {
    let wanted = squeezed(printed);
    if wanted.is_empty() || at.is_empty() {
        return true;
    }
    texts(sheet).any(|(text, places)| {
        places.iter().any(|p| at.iter().any(|q| meet(p, q))) && squeezed(text).contains(&wanted)
    })
}

/// True when two places have most of the smaller one in common.
pub(super) fn meet(a: &Place, b: &Place) -> bool {
    if a.page != b.page {
        return false;
    }
    match (a.bbox, b.bbox, a.span, b.span) {
        (Some(a), Some(b), ..) => {
            let common = |i: usize| (a[i + 2].min(b[i + 2]) - a[i].max(b[i])).max(0.0);
            let least = |i: usize| (a[i + 2] - a[i]).min(b[i + 2] - b[i]);
            let most = |i: usize| common(i) + SLACK >= 0.5 * least(i) && common(i) > 0.0;
            most(0) && most(1)
        }
        (_, _, Some(a), Some(b)) => a[0].max(b[0]) < a[1].min(b[1]),
        _ => false,
    }
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Every text of the record with its places.
fn texts(sheet: &Sheet) -> impl Iterator<Item = (&str, &[Place])> {
    let cover = sheet.title.iter().chain(&sheet.program);
    let loose = sheet.residue.iter().chain(&sheet.furniture).chain(&sheet.unclaimed);
    let rest = loose.chain(sheet.texts.values().flatten());
    let heads = sheet.columns.values().flat_map(|c| c.values());
    let captions = sheet.sections.iter().flat_map(|s| &s.captions);
    let labels = sheet.measures.iter().flat_map(|m| m.label.iter().chain(&m.group));
    let fields = sheet.fields.iter().flat_map(|f| &f.label);
    let plain = cover.chain(rest).chain(heads).chain(captions).chain(labels).chain(fields);
    let numbers = sheet.measures.iter().map(|m| (m.raw.as_str(), m.at.as_slice()));
    let candidates = sheet.measures.iter().flat_map(|m| &m.candidates);
    let cells = sheet.tables.values().flatten().flat_map(|row| row.values());
    let cells = cells.chain(sheet.fields.iter().map(|f| &f.cell));
    plain
        .map(|t| (t.text.as_str(), t.at.as_slice()))
        .chain(sheet.sections.iter().map(|s| (s.title.as_str(), s.at.as_slice())))
        .chain(numbers)
        .chain(candidates.map(|c| (c.raw.as_str(), c.at.as_slice())))
        .chain(cells.map(|c| (c.text.as_str(), c.at.as_slice())))
}
