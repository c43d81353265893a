//! Cross tables without a grid: a line of periods, and lines that end with as many numbers.

use std::ops::Range;

use chohyo_normalize::Context;

use super::{Found, HeadCell, canonical, cell, head_cell};
use crate::figure::figure;
use crate::form::{AcrossKind, ColumnForm, SectionForm, TableForm};
use crate::head;
use crate::label::{Label, Named};
use crate::ledger::Ledger;
use crate::sheet::{Cell, Row, Status};
use crate::stream::Stream;
use crate::unit;
use crate::value::Column;

/// Lines that end with another count of numbers, or none, before the table is at its end.
const STRAY_LINES: usize = 2;

/// A line of periods: the heads before them, and they.
struct Heads {
    before: Vec<Range<u32>>,
    periods: Vec<Range<u32>>,
}

/// A line below the heads: its names and its numbers.
struct Body {
    names: Vec<Range<u32>>,
    values: Vec<Range<u32>>,
}

/// Reads what lines alone tell.
pub(super) fn read(
    ledger: &mut Ledger<'_, '_>,
    form: &SectionForm,
    lines: &[Range<u32>],
    labels: &[Label],
    units: &[unit::Caption],
    context: &Context,
) -> Vec<(usize, Found)> {
    let mut out: Vec<(usize, Found)> = Vec::new();
    let all = physical_lines(ledger.stream, lines);
    let mut at = 0;
    while at < all.len() {
        let Some(heads) = heads(ledger, &all[at], context) else {
            at += 1;
            continue;
        };
        let taken: Vec<usize> = out.iter().map(|(i, _)| *i).collect();
        let Some(index) = table(ledger.stream, form, &heads, all[..at].last(), &taken) else {
            at += 1;
            continue;
        };
        let table = &form.tables[index];
        let caption = units.iter().rev().find(|u| u.atoms.start <= heads.periods[0].start).or(units.first());
        let (found, end) = rows(ledger, table, &heads, &all[at + 1..], labels, caption, context);
        if !found.rows.is_empty() {
            super::merge(&mut out, index, found);
        }
        at += 1 + end;
    }
    out
}

/// The fields of each line as it is printed, from left to right: what stands at one height, however it is grouped.
pub(crate) fn physical_lines(stream: &Stream<'_>, lines: &[Range<u32>]) -> Vec<Vec<Range<u32>>> {
    let fields_of = |line: u32| stream.fields_in(stream.lines[line as usize].atoms.clone());
    let all = lines.iter().flat_map(Clone::clone);
    if !stream.has_places {
        return all.map(|line| fields_of(line).collect::<Vec<_>>()).filter(|f| !f.is_empty()).collect();
    }
    let mut placed: Vec<(u32, f32, f32, f32, Range<u32>)> = Vec::new();
    for line in all {
        let page = stream.lines[line as usize].page;
        for field in fields_of(line) {
            if let Some(b) = stream.bbox(field.clone()) {
                placed.push((page, b.center().1, b.height(), b.x0, field));
            }
        }
    }
    placed.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut out: Vec<Vec<(f32, Range<u32>)>> = Vec::new();
    let mut before: Option<(u32, f32)> = None;
    for (page, y, height, x, field) in placed {
        let level = before.is_some_and(|(p, b)| p == page && y - b < 0.5 * height);
        if let Some(line) = out.last_mut().filter(|_| level) {
            line.push((x, field));
        } else {
            out.push(vec![(x, field)]);
            before = Some((page, y));
        }
    }
    out.into_iter()
        .map(|mut line| {
            line.sort_by(|a, b| a.0.total_cmp(&b.0));
            line.into_iter().map(|(_, field)| field).collect()
        })
        .collect()
}

fn heads(ledger: &Ledger<'_, '_>, line: &[Range<u32>], context: &Context) -> Option<Heads> {
    let stream = ledger.stream;
    let fields: Vec<Range<u32>> = line.iter().filter(|f| ledger.is_free((*f).clone())).cloned().collect();
    let is =
        |f: &Range<u32>| head_cell(stream, std::slice::from_ref(f), AcrossKind::Period, context).is_some();
    let first = fields.iter().position(&is)?;
    let periods: Vec<Range<u32>> = fields[first..].iter().take_while(|f| is(f)).cloned().collect();
    // What stands behind them has no place among numbers that are only counted.
    let all = first + periods.len() == fields.len();
    (all && periods.len() >= 2).then(|| Heads { before: fields[..first].to_vec(), periods })
}

/// The table with these heads: by what stands before the periods, by its caption on the line before, or the first one
/// that was not found yet.
fn table(
    stream: &Stream<'_>,
    form: &SectionForm,
    heads: &Heads,
    before: Option<&Vec<Range<u32>>>,
    taken: &[usize],
) -> Option<usize> {
    let crossed = |t: &TableForm| t.columns.iter().filter(|c| c.across.is_some()).count();
    let tables = form.tables.iter().enumerate().filter(|(_, t)| {
        crossed(t) == 1 && t.columns.iter().all(|c| c.across.is_none() || c.across_type == AcrossKind::Period)
    });
    let scored = tables.map(|(index, table)| {
        let named = |f: &&Range<u32>| {
            table.columns.iter().any(|c| head::is_head(stream, std::slice::from_ref(*f), c))
        };
        let caption = before.into_iter().flatten().chain(&heads.before).any(|field| {
            let text = canonical(stream, std::slice::from_ref(field));
            table.captions.iter().any(|a| crate::answer::plain(&text).starts_with(&a.canonical))
        });
        let score = heads.before.iter().filter(named).count() * 2
            + usize::from(caption) * 8
            + usize::from(!taken.contains(&index));
        (score, index)
    });
    scored
        .filter(|(score, _)| *score > 0)
        .max_by_key(|&(score, index)| (score, std::cmp::Reverse(index)))
        .map(|s| s.1)
}

/// True for the name of a row that the form knows.
fn is_choice(stream: &Stream<'_>, column: &ColumnForm, field: &Range<u32>) -> bool {
    let text = canonical(stream, std::slice::from_ref(field));
    column.choices.values().flatten().any(|a| a.canonical == text)
}

/// The rows behind the heads, and how many lines they take.
fn rows(
    ledger: &mut Ledger<'_, '_>,
    table: &TableForm,
    heads: &Heads,
    lines: &[Vec<Range<u32>>],
    labels: &[Label],
    caption: Option<&unit::Caption>,
    context: &Context,
) -> (Found, usize) {
    let stream = ledger.stream;
    let fixed: Vec<_> = table.columns.iter().filter(|c| c.across.is_none()).collect();
    let Some(crossed) = table.columns.iter().find(|c| c.across.is_some()) else {
        return (Found::default(), 0);
    };
    let count = heads.periods.len();
    let mut bodies: Vec<Body> = Vec::new();
    let mut used = 0;
    let mut strays = 0;
    for (i, line) in lines.iter().enumerate() {
        let fields: Vec<Range<u32>> = line.iter().filter(|f| ledger.is_free((*f).clone())).cloned().collect();
        let Some(first) = fields.first() else { continue };
        let numbers = fields.iter().rev().take_while(|f| figure(stream, (*f).clone()).is_some()).count();
        let ends = |l: &Label| l.atoms.start == first.start && !matches!(l.named, Named::Measure(_));
        if labels.iter().any(ends) || self::heads(ledger, line, context).is_some() || strays > STRAY_LINES {
            break;
        }
        let names = fields.len() - numbers;
        // A number for each period, and a name; else which is missing?
        if numbers != count || names == 0 && !fixed.is_empty() || names > fixed.len() + 1 {
            // A row of the table all the same, with an empty cell.
            strays += usize::from(!fixed.iter().any(|c| is_choice(stream, c, first)));
            continue;
        }
        strays = 0;
        let (names, values) = fields.split_at(names);
        bodies.push(Body { names: names.to_vec(), values: values.to_vec() });
        used = i + 1;
    }
    let mut found = Found::default();
    if bodies.is_empty() {
        return (found, 0);
    }
    for (i, head) in heads.before.iter().enumerate() {
        let named = table.columns.iter().find(|c| head::is_head(stream, std::slice::from_ref(head), c));
        let column = named.or_else(|| fixed.get(i).copied());
        let text = ledger.take(&[vec![head.clone()]]);
        match column {
            Some(column) if !found.heads.contains_key(&column.name) => {
                found.heads.insert(column.name.clone(), text);
            }
            _ => found.captions.push(text),
        }
    }
    let across = crossed.across.clone().unwrap_or_default();
    let periods: Vec<(Cell, Column)> = heads
        .periods
        .iter()
        .map(|atoms| {
            let parts = std::slice::from_ref(atoms);
            let period = head_cell(stream, parts, AcrossKind::Period, context).and_then(HeadCell::period);
            let said = Column { as_of: None, ..head::column(stream, parts, context) };
            let text = ledger.take(&[vec![atoms.clone()]]);
            (Cell { text: text.text, at: text.at, period, ..Cell::default() }, said)
        })
        .collect();
    for Body { names, values } in bodies {
        let printed: String = names.iter().map(|n| stream.printed_text(n.clone())).collect();
        let row_unit = unit::in_brackets(&printed);
        let mut shared = Row::new();
        // Of a merged cell the dump has only the first line: names that are too few are those of the last columns.
        let lacking = fixed.len().saturating_sub(names.len());
        for (i, column) in fixed.iter().enumerate() {
            // What is one name too many belongs to the last column.
            let start = i.saturating_sub(lacking);
            let end = if i + 1 == fixed.len() { names.len() } else { start + 1 };
            let parts = if i < lacking { &[] } else { &names[start.min(end)..end] };
            let mut own = cell(ledger, parts, column, &Column::default(), None, caption, context);
            if i < lacking {
                own.status = Some(Status::Ambiguous);
            }
            shared.insert(column.name.clone(), own);
        }
        for ((period, said), value) in periods.iter().zip(&values) {
            let mut row = shared.clone();
            row.insert(across.clone(), period.clone());
            let parts = std::slice::from_ref(value);
            row.insert(
                crossed.name.clone(),
                cell(ledger, parts, crossed, said, row_unit.as_deref(), caption, context),
            );
            found.rows.push(row);
        }
    }
    (found, used)
}
