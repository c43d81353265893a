//! Tables without a grid: rows out of the order of lines, fields and blank lines alone.

mod actor;
mod aligned;
mod column;
mod disorder;
mod extent;
mod figures;
mod likeness;
mod line_end;
mod order;
mod piece;
mod reading;
mod scale;
mod shape;
mod step;
#[cfg(test)]
mod tests;
mod written;

pub(crate) use aligned::read as aligned_tables;
pub(crate) use disorder::disordered;
pub(crate) use extent::{Extent, extents};
pub(crate) use written::{Written, read as written_rows};

use std::collections::BTreeMap;
use std::ops::Range;

use chohyo_normalize::Context;

use crate::form::{ColumnKind, TableForm};
use crate::head;
use crate::ledger::Ledger;
use crate::sheet::{Row, Text};
use crate::spelling::Initials;
use crate::stream::Stream;
use crate::value::{self, Column};

/// A head found in running text: the form's columns in printed order.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    /// Index into the section's tables.
    pub table: usize,
    /// Index of the column, and its head.
    pub columns: Vec<(usize, Range<u32>)>,
    /// From the first head to the end of the last one.
    pub atoms: Range<u32>,
}

/// All heads in these atoms, in reading order.
pub(crate) fn heads(stream: &Stream<'_>, tables: &[TableForm], atoms: Range<u32>) -> Vec<Head> {
    let mut found: Vec<(usize, Range<u32>)> = Vec::new();
    let mut out = Vec::new();
    let mut at = atoms.start;
    let names = head_names(tables);
    let initials = Initials::of(names.iter().filter_map(|n| n.first().copied()));
    while at < atoms.end {
        let may_begin = initials.may_begin(stream.atoms[at as usize].ch) && begins(stream, at);
        let name = may_begin.then(|| names.iter().find(|n| ends_well(stream, at, atoms.end, n))).flatten();
        if let Some(name) = name {
            let mut end = at + name.len() as u32;
            if stream.atoms.get(end as usize).is_some_and(|a| a.ch == '(') {
                let close = (end..atoms.end.min(end + 30)).find(|&i| stream.atoms[i as usize].ch == ')');
                end = close.map_or(end, |c| c + 1);
            }
            found.push((found.len(), at..end));
            at = end;
            continue;
        }
        // Heads stand beside each other; anything between ends the run of them.
        finish(stream, tables, &mut found, &mut out);
        at += 1;
    }
    finish(stream, tables, &mut found, &mut out);
    out
}

/// The spellings of all heads, the longest first: one may begin with another.
fn head_names(tables: &[TableForm]) -> Vec<&[char]> {
    let columns = tables.iter().flat_map(|t| &t.columns);
    let mut names: Vec<&[char]> = columns.flat_map(|c| &c.headers).map(|h| h.canonical.as_slice()).collect();
    names.sort_by_key(|n| std::cmp::Reverse(n.len()));
    names
}

fn begins(stream: &Stream<'_>, at: u32) -> bool {
    stream.lines[stream.atoms[at as usize].line as usize].atoms.start == at || stream.starts_field(at)
}

fn ends_well(stream: &Stream<'_>, at: u32, end: u32, name: &[char]) -> bool {
    let after = at + name.len() as u32;
    stream.matches(at, end, name)
        && (after == end || begins(stream, after) || stream.atoms[after as usize].ch == '(')
}

fn finish(
    stream: &Stream<'_>,
    tables: &[TableForm],
    found: &mut Vec<(usize, Range<u32>)>,
    out: &mut Vec<Head>,
) {
    let found = std::mem::take(found);
    if found.len() < 2 {
        return;
    }
    let parts = |range: &Range<u32>| vec![range.clone()];
    let has = |column: &crate::form::ColumnForm| {
        found.iter().any(|(_, r)| head::is_head(stream, &parts(r), column))
    };
    let Some((table, form)) = head::best(tables, has) else { return };
    let columns: Vec<(usize, Range<u32>)> = found
        .iter()
        .filter_map(|(_, r)| {
            let column = form.columns.iter().position(|c| head::is_head(stream, &parts(r), c))?;
            Some((column, r.clone()))
        })
        .collect();
    if let (Some(first), Some(last)) = (found.first(), found.last()) {
        out.push(Head { table, columns, atoms: first.1.start..last.1.end });
    }
}

/// The printed heads by column, claimed; and what they say, by index of the form's column.
pub(crate) fn take_head(
    ledger: &mut Ledger<'_, '_>,
    form: &TableForm,
    head: &Head,
    context: &Context,
) -> (BTreeMap<String, Text>, Vec<Option<Column>>) {
    let mut said = vec![None; form.columns.len()];
    let mut printed = BTreeMap::new();
    for (column, atoms) in &head.columns {
        said[*column] = Some(head::column(ledger.stream, std::slice::from_ref(atoms), context));
        printed.insert(form.columns[*column].name.clone(), ledger.take(&[vec![atoms.clone()]]));
    }
    (printed, said)
}

/// The heads of a table of a dump, claimed; those that are printed again; and what they say.
#[allow(clippy::type_complexity)]
pub(crate) fn take_heads(
    ledger: &mut Ledger<'_, '_>,
    form: &TableForm,
    extent: &extent::Extent,
    context: &Context,
) -> (Vec<BTreeMap<String, Text>>, Vec<Option<Column>>) {
    let mut said = vec![None; form.columns.len()];
    let mut printed: Vec<BTreeMap<String, Text>> = Vec::new();
    for (column, atoms) in &extent.heads {
        let name = &form.columns[*column].name;
        said[*column].get_or_insert_with(|| head::column(ledger.stream, atoms, context));
        let text = ledger.take(std::slice::from_ref(atoms));
        match printed.iter_mut().find(|p| !p.contains_key(name)) {
            Some(free) => {
                free.insert(name.clone(), text);
            }
            None => printed.push(BTreeMap::from([(name.clone(), text)])),
        }
    }
    (printed, said)
}

/// A line's share of the body: its free fields, and whether it begins a block.
#[derive(Clone, Debug)]
struct BodyLine {
    fields: Vec<Range<u32>>,
    opens_block: bool,
}

impl BodyLine {
    fn whole(&self) -> Range<u32> {
        let start = self.fields.first().map_or(0, |f| f.start);
        start..self.fields.last().map_or(start, |f| f.end)
    }
}

fn body(ledger: &Ledger<'_, '_>, atoms: Range<u32>) -> Vec<BodyLine> {
    let stream = ledger.stream;
    let mut lines: Vec<BodyLine> = Vec::new();
    let mut before: Option<u32> = None;
    for part in stream.by_line(atoms) {
        let index = stream.atoms[part.start as usize].line;
        let line = &stream.lines[index as usize];
        let fields: Vec<Range<u32>> = stream.fields[line.fields.start as usize..line.fields.end as usize]
            .iter()
            .map(|f| f.atoms.start.max(part.start)..f.atoms.end.min(part.end))
            .filter(|f| !f.is_empty() && ledger.is_free(f.clone()))
            .collect();
        if !fields.is_empty() {
            lines.push(BodyLine { fields, opens_block: before != Some(line.block) });
            before = Some(line.block);
        }
    }
    lines
}

/// Rows of a table of the form out of the text behind its head.
pub(crate) fn rows(
    ledger: &mut Ledger<'_, '_>,
    form: &TableForm,
    head: &Head,
    said: &[Option<Column>],
    atoms: Range<u32>,
    context: &Context,
) -> Vec<Row> {
    let lines = body(ledger, atoms);
    let order: Vec<usize> = head.columns.iter().map(|(c, _)| *c).collect();
    let kind = |k: ColumnKind| form.columns.iter().any(|c| c.kind == k);
    let texts = order.iter().filter(|&&c| form.columns[c].kind == ColumnKind::Text).count();
    if kind(ColumnKind::Actor) {
        actor::by_actor(ledger, form, said, &lines, context)
    } else if kind(ColumnKind::Value) {
        figures::by_value(ledger, form, &order, said, &lines, context)
    } else if kind(ColumnKind::Period) && texts > 1 {
        column::by_column(ledger, form, &order, said, &lines, context)
    } else if kind(ColumnKind::Period) {
        by_period(ledger, form, &lines, context)
    } else {
        Vec::new()
    }
}

fn is_period(stream: &Stream<'_>, atoms: Range<u32>, context: &Context) -> bool {
    chohyo_normalize::period(stream.printed_text(atoms), context).is_some()
}

/// One text column: a row begins with a line whose first field is a period.
fn by_period(
    ledger: &mut Ledger<'_, '_>,
    form: &TableForm,
    lines: &[BodyLine],
    context: &Context,
) -> Vec<Row> {
    let stream = ledger.stream;
    let mut rows: Vec<(Range<u32>, Vec<Range<u32>>)> = Vec::new();
    for line in lines {
        let first = line.fields[0].clone();
        if is_period(stream, first.clone(), context) {
            let rest = line.fields.get(1).map(|f| f.start..line.whole().end);
            rows.push((first, rest.into_iter().collect()));
        } else if let Some((_, content)) = rows.last_mut() {
            content.push(line.whole());
        }
    }
    let names = |k: ColumnKind| form.columns.iter().find(|c| c.kind == k).map(|c| c.name.clone());
    let (Some(period), Some(text)) = (names(ColumnKind::Period), names(ColumnKind::Text)) else {
        return Vec::new();
    };
    rows.into_iter()
        .map(|(label, content)| {
            let mut row = Row::new();
            let said = Column::default();
            row.insert(period.clone(), value::cell(ledger, &[label], ColumnKind::Period, &said, context));
            row.insert(text.clone(), value::cell(ledger, &content, ColumnKind::Text, &said, context));
            row
        })
        .collect()
}
