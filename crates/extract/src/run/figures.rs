//! Rows with numbers in them: the texts up to the first number, the numbers, the texts behind them.

use std::ops::Range;

use chohyo_normalize::Context;

use super::BodyLine;
use crate::figure::figure;
use crate::form::{ColumnKind, TableForm};
use crate::ledger::Ledger;
use crate::sheet::{Row, Status};
use crate::stream::Stream;
use crate::value::{self, Column};

/// The form's columns in printed order, parted by the numbers.
struct Order {
    before: Vec<usize>,
    values: Vec<usize>,
    after: Vec<usize>,
}

/// The parts of one row.
#[derive(Default)]
struct Entry {
    /// The texts before the numbers, block by block.
    lead: Vec<Vec<Range<u32>>>,
    /// The numbers, each with its note.
    figures: Vec<Vec<Range<u32>>>,
    /// The text behind the numbers.
    tail: Vec<Range<u32>>,
    /// A number stands where none is expected.
    stray: bool,
}

/// The rows. Numbers are tied to them by their order alone; where one row is out of step, none is sure, and
/// all of the table's numbers are ambiguous.
pub(super) fn by_value(
    ledger: &mut Ledger<'_, '_>,
    form: &TableForm,
    order: &[usize],
    said: &[Option<Column>],
    lines: &[BodyLine],
    context: &Context,
) -> Vec<Row> {
    let stream = ledger.stream;
    let is_value = |c: &usize| form.columns[*c].kind == ColumnKind::Value;
    let first_value = order.iter().position(is_value).unwrap_or(order.len());
    let columns = Order {
        before: order[..first_value].to_vec(),
        values: order.iter().copied().filter(is_value).collect(),
        after: order[first_value..].iter().copied().filter(|c| !is_value(c)).collect(),
    };
    let groups = groups(stream, lines, columns.after.is_empty());
    let number = |lines: &[BodyLine]| lines.first().and_then(|l| circled(stream, &l.fields[0]));
    let counted = groups.first().is_some_and(|g| number(g).is_some());
    let numbered = !counted || groups.iter().enumerate().all(|(i, g)| number(g) == Some(i as u32 + 1));
    let mut entries: Vec<Entry> = groups.iter().map(|lines| entry(stream, lines, &columns)).collect();
    let heads = form.columns.iter().filter(|c| c.kind == ColumnKind::Value).count() == columns.values.len();
    // A row's name stands before its numbers: where their heads stand first, these were not written from left to right.
    let sure =
        heads && numbered && !columns.before.is_empty() && entries.iter().all(|e| in_step(e, &columns));
    for entry in &mut entries {
        part_last_field(stream, entry, &columns);
    }
    entries.into_iter().map(|entry| row(ledger, form, &columns, said, &entry, sure, context)).collect()
}

/// The lines of each row: it begins with ①, ② and so on where the first does, else with a block that follows
/// a number.
fn groups(stream: &Stream<'_>, lines: &[BodyLine], ends_with_numbers: bool) -> Vec<Vec<BodyLine>> {
    let counted = lines.first().is_some_and(|l| circled(stream, &l.fields[0]).is_some());
    let mut groups: Vec<Vec<BodyLine>> = Vec::new();
    let mut has_figure = false;
    for line in lines {
        let opens = if counted {
            circled(stream, &line.fields[0]).is_some()
        } else {
            line.opens_block && has_figure && (ends_with_numbers || line.fields.len() > 1)
        };
        if groups.is_empty() || opens {
            groups.push(Vec::new());
            has_figure = false;
        }
        has_figure |= line.fields.iter().any(|f| figure(stream, f.clone()).is_some());
        if let Some(group) = groups.last_mut() {
            group.push(line.clone());
        }
    }
    groups
}

fn entry(stream: &Stream<'_>, lines: &[BodyLine], columns: &Order) -> Entry {
    let mut entry = Entry::default();
    for line in lines {
        let mut opens = line.opens_block;
        for field in &line.fields {
            // A row's own enumerator (①) is no number of it.
            let own = entry.lead.is_empty() && circled(stream, field).is_some();
            let is_figure = !own && figure(stream, field.clone()).is_some();
            let ch = |at: u32| stream.atoms[at as usize].ch;
            let note = entry.tail.is_empty() && ch(field.start) == '(' && ch(field.end - 1) == ')';
            if is_figure && entry.tail.is_empty() && entry.figures.len() < columns.values.len() {
                entry.figures.push(vec![field.clone()]);
                continue;
            }
            entry.stray |= is_figure;
            match entry.figures.last_mut() {
                Some(last) if note => last.push(field.clone()),
                Some(_) => extend(stream, &mut entry.tail, field),
                None if opens || entry.lead.is_empty() => entry.lead.push(vec![field.clone()]),
                None => {
                    if let Some(last) = entry.lead.last_mut() {
                        extend(stream, last, field);
                    }
                }
            }
            opens = false;
        }
    }
    // With one text before the numbers, its blocks are one.
    if columns.before.len() == 1 && circled_lead(stream, &entry) {
        entry.lead = vec![entry.lead.concat()];
    }
    entry
}

fn circled_lead(stream: &Stream<'_>, entry: &Entry) -> bool {
    entry.lead.first().and_then(|l| l.first()).is_some_and(|f| circled(stream, f).is_some())
}

/// True when the row has what its columns want, and nothing else.
fn in_step(entry: &Entry, columns: &Order) -> bool {
    let numbers = entry.figures.len() == columns.values.len() && entry.lead.len() == columns.before.len();
    let none = entry.figures.is_empty() && entry.lead.len() <= columns.before.len();
    !entry.stray && (numbers || none)
}

/// Without any number, the texts stand beside each other: the last field is that of the column behind.
fn part_last_field(stream: &Stream<'_>, entry: &mut Entry, columns: &Order) {
    if !entry.figures.is_empty() || !entry.tail.is_empty() || columns.after.is_empty() {
        return;
    }
    let Some(last) = entry.lead.last_mut() else { return };
    let mut parts: Vec<Range<u32>> = last.iter().flat_map(|p| stream.fields_in(p.clone())).collect();
    if parts.len() > 1 {
        entry.tail.extend(parts.pop());
        *last = parts;
    }
}

fn row(
    ledger: &mut Ledger<'_, '_>,
    form: &TableForm,
    columns: &Order,
    said: &[Option<Column>],
    entry: &Entry,
    sure: bool,
    context: &Context,
) -> Row {
    let mut row = Row::new();
    let mut put = |c: usize, parts: &[Range<u32>]| {
        let said = said[c].clone().unwrap_or_default();
        let mut cell = value::of_column(ledger, parts, &form.columns[c], &said, context);
        if form.columns[c].kind == ColumnKind::Value && !sure {
            (cell.value, cell.as_of, cell.status) = (None, None, Some(Status::Ambiguous));
        }
        row.insert(form.columns[c].name.clone(), cell);
    };
    for (i, &c) in columns.before.iter().enumerate() {
        // What is one block too many belongs to the last text.
        let parts = if i + 1 == columns.before.len() {
            entry.lead.iter().skip(i).flatten().cloned().collect()
        } else {
            entry.lead.get(i).cloned().unwrap_or_default()
        };
        put(c, &parts);
    }
    for (i, &c) in columns.values.iter().enumerate() {
        put(c, entry.figures.get(i).map_or(&[], Vec::as_slice));
    }
    for (i, &c) in columns.after.iter().enumerate() {
        put(c, if i == 0 { &entry.tail } else { &[] });
    }
    row
}

/// Adds a field to a text; with the one before it on the same line it is one part.
fn extend(stream: &Stream<'_>, parts: &mut Vec<Range<u32>>, field: &Range<u32>) {
    let line = |at: u32| stream.atoms[at as usize].line;
    match parts.last_mut() {
        Some(last) if last.end == field.start && line(last.start) == line(field.start) => {
            last.end = field.end;
        }
        _ => parts.push(field.clone()),
    }
}

/// The number of the circled numeral that begins a field: 1 for ①.
fn circled(stream: &Stream<'_>, field: &Range<u32>) -> Option<u32> {
    let ch = stream.atoms[field.start as usize].ch;
    ('①'..='⑳').contains(&ch).then(|| ch as u32 - '①' as u32 + 1)
}
