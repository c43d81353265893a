//! Tables without a grid: rows out of the order of lines, fields and blank lines alone.

use std::collections::BTreeMap;
use std::ops::Range;

use chohyo_normalize::Context;

use crate::figure::figure;
use crate::form::{ColumnKind, TableForm};
use crate::head::{self};
use crate::ledger::Ledger;
use crate::sheet::{Cell, Row, Status, Text};
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
    let mut names: Vec<&[char]> =
        tables.iter().flat_map(|t| &t.columns).flat_map(|c| &c.headers).map(|h| h.canonical.as_slice()).collect();
    names.sort_by_key(|n| std::cmp::Reverse(n.len()));
    while at < atoms.end {
        let name = begins(stream, at).then(|| names.iter().find(|n| ends_well(stream, at, atoms.end, n))).flatten();
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

fn begins(stream: &Stream<'_>, at: u32) -> bool {
    stream.lines[stream.atoms[at as usize].line as usize].atoms.start == at || stream.starts_field(at)
}

fn ends_well(stream: &Stream<'_>, at: u32, end: u32, name: &[char]) -> bool {
    let after = at + name.len() as u32;
    stream.matches(at, end, name)
        && (after == end || begins(stream, after) || stream.atoms[after as usize].ch == '(')
}

fn finish(stream: &Stream<'_>, tables: &[TableForm], found: &mut Vec<(usize, Range<u32>)>, out: &mut Vec<Head>) {
    let found = std::mem::take(found);
    if found.len() < 2 {
        return;
    }
    let parts = |range: &Range<u32>| vec![range.clone()];
    let has = |column: &crate::form::ColumnForm| found.iter().any(|(_, r)| head::is_head(stream, &parts(r), column));
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
        said[*column] = Some(head::column(ledger.stream, &[atoms.clone()], context));
        printed.insert(form.columns[*column].name.clone(), ledger.take(&[vec![atoms.clone()]]));
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
        by_actor(ledger, form, said, &lines, context)
    } else if kind(ColumnKind::Value) {
        by_value(ledger, form, &order, said, &lines, context)
    } else if kind(ColumnKind::Period) && texts > 1 {
        by_column(ledger, form, &order, said, &lines, context)
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
pub(crate) fn by_period_lines(ledger: &mut Ledger<'_, '_>, form: &TableForm, atoms: Range<u32>, context: &Context) -> Vec<Row> {
    let lines = body(ledger, atoms);
    by_period(ledger, form, &lines, context)
}

fn by_period(ledger: &mut Ledger<'_, '_>, form: &TableForm, lines: &[BodyLine], context: &Context) -> Vec<Row> {
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
    let (Some(period), Some(text)) = (names(ColumnKind::Period), names(ColumnKind::Text)) else { return Vec::new() };
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

/// Rows by the names of actors: what stands before the first of them are the row's texts, a block each.
fn by_actor(
    ledger: &mut Ledger<'_, '_>,
    form: &TableForm,
    said: &[Option<Column>],
    lines: &[BodyLine],
    context: &Context,
) -> Vec<Row> {
    let stream = ledger.stream;
    let Some(actor) = form.columns.iter().position(|c| c.kind == ColumnKind::Actor) else { return Vec::new() };
    let Some(beside) = form.columns.iter().position(|c| c.beside.as_ref() == Some(&form.columns[actor].name)) else {
        return Vec::new();
    };
    let texts: Vec<usize> =
        (0..form.columns.len()).filter(|&c| form.columns[c].kind == ColumnKind::Text && c != beside).collect();
    let names = &form.columns[actor].values;
    let is_actor = |f: &Range<u32>| {
        names.iter().any(|n| n.canonical.len() == f.len() && stream.matches(f.start, f.end, &n.canonical))
    };
    struct Entry {
        blocks: Vec<Vec<Range<u32>>>,
        roles: Vec<(Range<u32>, Vec<Range<u32>>)>,
    }
    let mut entries: Vec<Entry> = Vec::new();
    for line in lines {
        if is_actor(&line.fields[0]) {
            let Some(entry) = entries.last_mut() else { continue };
            let rest = line.fields.get(1).map(|f| f.start..line.whole().end);
            entry.roles.push((line.fields[0].clone(), rest.into_iter().collect()));
            continue;
        }
        match entries.last_mut() {
            // Below a role without a blank line: the role goes on.
            Some(entry) if !entry.roles.is_empty() && !line.opens_block => {
                if let Some((_, content)) = entry.roles.last_mut() {
                    content.push(line.whole());
                }
            }
            Some(entry) if entry.roles.is_empty() => {
                if line.opens_block || entry.blocks.is_empty() {
                    entry.blocks.push(Vec::new());
                }
                if let Some(block) = entry.blocks.last_mut() {
                    block.push(line.whole());
                }
            }
            _ => entries.push(Entry { blocks: vec![vec![line.whole()]], roles: Vec::new() }),
        }
    }
    let mut rows = Vec::new();
    for entry in entries.iter().filter(|e| !e.roles.is_empty()) {
        let mut shared = Row::new();
        for (i, &c) in texts.iter().enumerate() {
            let mut blocks: Vec<Range<u32>> = Vec::new();
            if i + 1 == texts.len() {
                blocks.extend(entry.blocks.iter().skip(i).flatten().cloned());
            } else {
                blocks.extend(entry.blocks.get(i).into_iter().flatten().cloned());
            }
            let column = said[c].clone().unwrap_or_default();
            shared.insert(form.columns[c].name.clone(), value::cell(ledger, &blocks, ColumnKind::Text, &column, context));
        }
        for (name, content) in &entry.roles {
            let mut row = shared.clone();
            let column = Column::default();
            let cell = value::cell(ledger, &[name.clone()], ColumnKind::Actor, &column, context);
            row.insert(form.columns[actor].name.clone(), cell);
            row.insert(form.columns[beside].name.clone(), value::cell(ledger, content, ColumnKind::Text, &column, context));
            rows.push(row);
        }
    }
    rows
}

/// Rows with value columns: texts up to the first figure, the figures, the texts behind them.
fn by_value(
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
    let before = &order[..first_value];
    let values: Vec<usize> = order.iter().copied().filter(is_value).collect();
    let after: Vec<usize> = order[first_value..].iter().copied().filter(|c| !is_value(c)).collect();
    let enumerated = lines.first().is_some_and(|l| starts_circled(stream, &l.fields[0]));
    // Lines of each row.
    let mut entries: Vec<Vec<BodyLine>> = Vec::new();
    let mut has_figure = false;
    for line in lines {
        let figures = line.fields.iter().any(|f| figure(stream, f.clone()).is_some());
        let opens = if enumerated {
            starts_circled(stream, &line.fields[0])
        } else {
            line.opens_block && has_figure && (after.is_empty() || line.fields.len() > 1)
        };
        if entries.is_empty() || opens {
            entries.push(Vec::new());
            has_figure = false;
        }
        has_figure |= figures;
        if let Some(entry) = entries.last_mut() {
            entry.push(line.clone());
        }
    }
    let mut rows = Vec::new();
    for entry in entries {
        let mut lead: Vec<Vec<Range<u32>>> = Vec::new();
        let mut figures: Vec<Vec<Range<u32>>> = Vec::new();
        let mut tail: Vec<Range<u32>> = Vec::new();
        for line in &entry {
            let mut fields = line.fields.iter().peekable();
            let mut opens = line.opens_block;
            while let Some(field) = fields.next() {
                // A row's own enumerator (①) is no figure.
                let own = lead.is_empty() && starts_circled(stream, field);
                let is_figure = !own && tail.is_empty() && figure(stream, field.clone()).is_some();
                let note = stream.atoms[field.start as usize].ch == '(' && !figures.is_empty() && tail.is_empty();
                if is_figure && figures.len() < values.len() {
                    figures.push(vec![field.clone()]);
                } else if note && stream.atoms[field.end as usize - 1].ch == ')' {
                    if let Some(last) = figures.last_mut() {
                        last.push(field.clone());
                    }
                } else if figures.is_empty() {
                    // Up to the next figure, what stands on the line is one text, unless there are as many
                    // fields as there are texts.
                    let split = before.len() > 1 && (opens || lead.is_empty()) || own && lead.is_empty();
                    let apart = line.fields.len() >= before.len() + after.len() && before.len() + after.len() > 1 && !lead.is_empty() && values.is_empty();
                    if lead.is_empty() || split && lead.len() < before.len() || apart {
                        lead.push(vec![field.clone()]);
                    } else if let Some(last) = lead.last_mut() {
                        extend(stream, last, field);
                    }
                    opens = false;
                } else {
                    extend(stream, &mut tail, field);
                }
            }
        }
        rows.push(value_row(ledger, form, before, &values, &after, said, Found { lead, figures, tail }, context));
    }
    rows
}

struct Found {
    lead: Vec<Vec<Range<u32>>>,
    figures: Vec<Vec<Range<u32>>>,
    tail: Vec<Range<u32>>,
}

#[expect(clippy::too_many_arguments, reason = "one row, all of its columns")]
fn value_row(
    ledger: &mut Ledger<'_, '_>,
    form: &TableForm,
    before: &[usize],
    values: &[usize],
    after: &[usize],
    said: &[Option<Column>],
    mut found: Found,
    context: &Context,
) -> Row {
    // Without any figure, the texts stand beside each other: the last field is that of the column behind.
    if found.figures.is_empty() && found.tail.is_empty() && !after.is_empty() {
        let stream = ledger.stream;
        if let Some(last) = found.lead.last_mut() {
            let parts: Vec<Range<u32>> = last.iter().flat_map(|p| fields(stream, p.clone())).collect();
            if parts.len() > 1 {
                found.tail = parts[parts.len() - 1..].to_vec();
                *last = parts[..parts.len() - 1].to_vec();
            }
        }
    }
    let mut row = Row::new();
    let column = |c: usize| said[c].clone().unwrap_or_default();
    for (i, &c) in before.iter().enumerate() {
        let parts = found.lead.get(i).cloned().unwrap_or_default();
        row.insert(form.columns[c].name.clone(), value::cell(ledger, &parts, ColumnKind::Text, &column(c), context));
    }
    let doubtful = !found.figures.is_empty() && found.figures.len() < values.len();
    for (i, &c) in values.iter().enumerate() {
        let parts = found.figures.get(i).cloned().unwrap_or_default();
        let mut cell = value::cell(ledger, &parts, ColumnKind::Value, &column(c), context);
        if doubtful {
            // One number for two columns: nothing says which.
            cell = Cell { value: None, as_of: None, status: Some(Status::Ambiguous), ..cell };
        }
        row.insert(form.columns[c].name.clone(), cell);
    }
    for (i, &c) in after.iter().enumerate() {
        let parts = if i == 0 { std::mem::take(&mut found.tail) } else { Vec::new() };
        row.insert(form.columns[c].name.clone(), value::cell(ledger, &parts, ColumnKind::Text, &column(c), context));
    }
    row
}

fn fields(stream: &Stream<'_>, atoms: Range<u32>) -> Vec<Range<u32>> {
    let line = &stream.lines[stream.atoms[atoms.start as usize].line as usize];
    stream.fields[line.fields.start as usize..line.fields.end as usize]
        .iter()
        .map(|f| f.atoms.start.max(atoms.start)..f.atoms.end.min(atoms.end))
        .filter(|f| !f.is_empty())
        .collect()
}

/// Adds a field to a text; with the one before it on the same line it is one part.
fn extend(stream: &Stream<'_>, parts: &mut Vec<Range<u32>>, field: &Range<u32>) {
    let line = |at: u32| stream.atoms[at as usize].line;
    match parts.last_mut() {
        Some(last) if last.end == field.start && line(last.start) == line(field.start) => last.end = field.end,
        _ => parts.push(field.clone()),
    }
}

/// True when a field begins with ①, ② and so on.
fn starts_circled(stream: &Stream<'_>, field: &Range<u32>) -> bool {
    let ch = stream.atoms[field.start as usize].ch;
    ('①'..='⑳').contains(&ch)
}

/// A period column and two or more text columns, written column by column: all periods, then all items,
/// then all contents, a block each.
fn by_column(
    ledger: &mut Ledger<'_, '_>,
    form: &TableForm,
    order: &[usize],
    said: &[Option<Column>],
    lines: &[BodyLine],
    context: &Context,
) -> Vec<Row> {
    let stream = ledger.stream;
    let texts: Vec<usize> = order.iter().copied().filter(|&c| form.columns[c].kind == ColumnKind::Text).collect();
    let Some(period) = order.iter().copied().find(|&c| form.columns[c].kind == ColumnKind::Period) else {
        return Vec::new();
    };
    let mut periods: Vec<Vec<Range<u32>>> = Vec::new();
    let mut blocks: Vec<Vec<Range<u32>>> = Vec::new();
    for line in lines {
        let whole = line.whole();
        if is_period(stream, whole.clone(), context) {
            periods.push(vec![whole]);
        } else if let Some(last) = blocks.last_mut().filter(|_| !line.opens_block) {
            last.push(whole);
        } else {
            blocks.push(vec![whole]);
        }
    }
    if periods.is_empty() || blocks.is_empty() {
        return Vec::new();
    }
    let count = if blocks.len() % texts.len() == 0 && blocks.len() / texts.len() >= periods.len() {
        blocks.len() / texts.len()
    } else {
        periods.len()
    };
    let mut columns: Vec<Spread> = vec![spread(periods, count)];
    for i in 0..texts.len() {
        let end = if i + 1 == texts.len() { blocks.len() } else { ((i + 1) * count).min(blocks.len()) };
        columns.push(spread(blocks[(i * count).min(end)..end].to_vec(), count));
    }
    let mut rows = Vec::new();
    for r in 0..count {
        let mut row = Row::new();
        for (c, column) in std::iter::once(period).chain(texts.iter().copied()).zip(&columns) {
            let (parts, sure) = &column[r];
            let head = said[c].clone().unwrap_or_default();
            let mut cell = value::cell(ledger, parts, form.columns[c].kind, &head, context);
            if !sure {
                cell.status = Some(Status::Ambiguous);
                cell.period = None;
            }
            row.insert(form.columns[c].name.clone(), cell);
        }
        rows.push(row);
    }
    rows
}

/// For each row its parts, and whether they can be told.
type Spread = Vec<(Vec<Range<u32>>, bool)>;

/// Entries of one column over `count` rows, in order. As many entries as rows: one each. Fewer: each stands
/// for one or more rows, and only the first and the last row can be told. More: each row has one or more,
/// and only the first entry of the first row and the last of the last one can be told.
fn spread(entries: Vec<Vec<Range<u32>>>, count: usize) -> Spread {
    let n = entries.len();
    if n == count {
        return entries.into_iter().map(|e| (e, true)).collect();
    }
    if n == 0 {
        return vec![(Vec::new(), true); count];
    }
    if n < count {
        return (0..count)
            .map(|r| {
                let sure = n == 1 || r == 0 || r + 1 == count;
                let at = if r == 0 { 0 } else if r + 1 == count { n - 1 } else { r.min(n - 1) };
                (entries[at].clone(), sure)
            })
            .collect();
    }
    let extra = n - count;
    let mut out: Spread = Vec::with_capacity(count);
    let mut entries = entries.into_iter();
    for r in 0..count {
        let take = if r == 0 { 1 + extra } else { 1 };
        out.push((entries.by_ref().take(take).flatten().collect(), count == 1));
    }
    out
}

