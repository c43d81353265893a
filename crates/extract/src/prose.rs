//! Prose where the form has a table: entries told by the dates and short headings they begin with.

use std::ops::Range;

use chohyo_normalize::Context;

use crate::form::{ColumnKind, TableForm};
use crate::ledger::Ledger;
use crate::paragraph::{opens_entry, paragraphs};
use crate::sheet::{Row, Text};
use crate::stream::Stream;
use crate::texts::groups;
use crate::value::{self, Column};
use crate::{chronicle, timeline};

/// Characters of the longest date there is (平成30年度（2018年度）～令和2年度（2020年度）), about.
const LONGEST_DATE: u32 = 32;

/// An entry: its label, and the lines of its content.
struct Entry {
    label: Vec<Range<u32>>,
    content: Vec<Range<u32>>,
}

/// What prose says.
#[derive(Default)]
pub(crate) struct Prose {
    pub rows: Vec<Row>,
    /// The headings over several entries.
    pub headings: Vec<Text>,
    /// The arrows between dates and their text.
    pub furniture: Vec<Text>,
}

/// The entries in these lines.
pub(crate) fn rows(
    ledger: &mut Ledger<'_, '_>,
    form: &TableForm,
    lines: &[Range<u32>],
    names: &[&str],
    context: &Context,
) -> Prose {
    let column = |kind| form.columns.iter().find(|c| c.kind == kind).map(|c| c.name.clone());
    let (Some(period), Some(text)) = (column(ColumnKind::Period), column(ColumnKind::Text)) else {
        return Prose::default();
    };
    let mut entries: Vec<Entry> = Vec::new();
    let (mut headings, mut furniture): (Vec<Range<u32>>, Vec<Range<u32>>) = Default::default();
    for range in lines {
        let groups: Vec<Vec<Range<u32>>> = groups(ledger, range.clone())
            .into_iter()
            .filter(|g| {
                let text: String = g.iter().map(|p| ledger.stream.spelled(p.clone())).collect();
                !names.contains(&text.as_str()) && !text.chars().all(|c| c.is_ascii_digit())
            })
            .collect();
        // All of a page's text is one column: what wraps in it is told by its widest line.
        let parts: Vec<Range<u32>> = groups.iter().flatten().cloned().collect();
        if ledger.stream.has_places {
            let events = match chronicle::read(ledger.stream, &parts, context) {
                Some(found) => {
                    furniture.extend(found.arrows);
                    Some(found.events)
                }
                None => timeline::events(ledger.stream, &groups, context),
            };
            if let Some(events) = events {
                entries.extend(events.into_iter().map(|(label, content)| Entry { label, content }));
                continue;
            }
        }
        let opens: Vec<u32> = groups.iter().filter_map(|g| g.first()).map(|p| p.start).collect();
        let wraps: Vec<bool> = wraps(ledger.stream, &parts);
        for (i, part) in parts.iter().enumerate() {
            let stream = ledger.stream;
            if let Some(label) = dated(stream, part, context) {
                let rest = label.end..part.end;
                let content = if rest.is_empty() { Vec::new() } else { vec![rest] };
                entries.push(Entry { label: vec![label], content });
            } else if !wraps[i]
                && (i == 0 || !wraps[i - 1])
                && (opens.contains(&part.start) || hangs(stream, &parts, i))
                && heading(stream, part)
                && i + 1 < parts.len()
                // What stands under a date alone is what was done then.
                && entries.last().is_none_or(|e| !e.content.is_empty())
            {
                if dated(stream, &parts[i + 1], context).is_some() {
                    headings.push(part.clone());
                } else {
                    entries.push(Entry { label: vec![part.clone()], content: Vec::new() });
                }
            } else if let Some(entry) = entries.last_mut() {
                entry.content.push(part.clone());
            }
        }
    }
    let said = Column::default();
    let rows = entries
        .into_iter()
        .map(|entry| {
            let mut row = Row::new();
            let label = value::cell(ledger, &entry.label, ColumnKind::Period, &said, context);
            row.insert(period.clone(), label);
            row.insert(text.clone(), value::cell(ledger, &entry.content, ColumnKind::Text, &said, context));
            row
        })
        .collect();
    let mut texts = |parts: Vec<Range<u32>>| parts.into_iter().map(|p| ledger.take(&[vec![p]])).collect();
    Prose { rows, headings: texts(headings), furniture: texts(furniture) }
}

/// For each part, whether it goes on in the next one.
fn wraps(stream: &Stream<'_>, parts: &[Range<u32>]) -> Vec<bool> {
    let mut out = Vec::with_capacity(parts.len());
    for paragraph in paragraphs(stream, parts) {
        out.extend((0..paragraph.len()).map(|i| i + 1 < paragraph.len()));
    }
    out
}

/// True on a page where the next line is indented against this one.
fn hangs(stream: &Stream<'_>, parts: &[Range<u32>], i: usize) -> bool {
    let left = |part: &Range<u32>| stream.bbox(part.clone()).map(|b| (b.x0, b.height()));
    match (parts.get(i).and_then(left), parts.get(i + 1).and_then(left)) {
        (Some((x0, height)), Some((below, _))) => below > x0 + 0.5 * height,
        _ => false,
    }
}

/// The date that begins a line: in brackets, or followed by white space, a colon, or nothing.
fn dated(stream: &Stream<'_>, part: &Range<u32>, context: &Context) -> Option<Range<u32>> {
    let first = stream.atoms[part.start as usize].ch;
    // 平成21年度：…, whatever white space is in the date.
    let near = part.start..part.end.min(part.start + LONGEST_DATE);
    if let Some(colon) = near.clone().find(|&i| stream.atoms[i as usize].ch == ':') {
        let period = chohyo_normalize::period(stream.printed_text(part.start..colon), context);
        if period.is_some_and(|p| p.start.is_some()) {
            return Some(part.start..colon + 1);
        }
    }
    let end = if first == '(' {
        closing(stream, part)? + 1
    } else {
        let fields = stream.fields_of(stream.atoms[part.start as usize].line);
        fields.iter().find(|f| f.atoms.start == part.start)?.atoms.end.min(part.end)
    };
    let inner = if first == '(' { part.start + 1..end - 1 } else { part.start..end };
    let period = chohyo_normalize::period(stream.printed_text(inner), context)?;
    period.start.map(|_| part.start..end)
}

/// Where the bracket that begins this part closes; （平成31年度（令和元年度）） has another in it.
fn closing(stream: &Stream<'_>, part: &Range<u32>) -> Option<u32> {
    let mut depth = 0_u32;
    part.clone().find(|&i| {
        match stream.atoms[i as usize].ch {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    })
}

/// True for a line that can be a heading: not an entry of a list, not a sentence.
fn heading(stream: &Stream<'_>, part: &Range<u32>) -> bool {
    let text = stream.printed_text(part.clone());
    !opens_entry(stream, part) && !text.ends_with(['。', '．', '、', '）', ')']) && text.chars().count() >= 4
}
