//! Tables of a dump that keeps places (`pdftotext -layout`): the columns are those under the heads, and the rows
//! are told by how the lines of their cells stand to each other.

mod assign;
mod heads;
mod partition;
mod print;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use chohyo_normalize::Context;

use super::piece::{Kind, Piece, Place, piece};
use crate::form::{ColumnKind, TableForm};
use crate::head;
use crate::ledger::Ledger;
use crate::sheet::{Cell, Row, Status, Text};
use crate::spelling::canonical;
use crate::stream::Stream;
use crate::value::{self, Column};
use assign::{ReadColumn, assign, columns};
use heads::{Band, bands};
use partition::{Body, partition};
use print::{Item, PrintRow, Teller, Wrap, print_rows};

/// How sure the rows of print of a number must be, and those of anything else.
const SURE_VALUE: f64 = 0.98;
const SURE: f64 = 0.7;

/// Rows at the edge of a page among which running heads are looked for, and the pages that one is printed on.
const EDGE: usize = 3;
const RECURS: usize = 3;

/// Part of the rows of print that may be doubtful in a table.
const DOUBTFUL: f64 = 0.25;

/// A table as it was read.
pub(crate) struct Aligned {
    /// Index into the section's tables.
    pub table: usize,
    pub heads: BTreeMap<String, Text>,
    pub rows: Vec<Row>,
}

/// The tables in these lines. `stops` are atoms at which a table ends.
pub(crate) fn read(
    ledger: &mut Ledger<'_, '_>,
    tables: &[TableForm],
    lines: &[Range<u32>],
    stops: &[u32],
    names: &[&str],
    context: &Context,
) -> Vec<Aligned> {
    let stream = ledger.stream;
    let mut rows: Vec<PrintRow> = print_rows(ledger, lines);
    let idle = idle(stream, &rows, names);
    let mut idle = idle.into_iter();
    rows.retain(|_| !idle.next().unwrap_or(false));
    let stops: Vec<(u32, f32)> = stops
        .iter()
        .filter_map(|&at| {
            let page = stream.lines[stream.atoms[at as usize].line as usize].page;
            stream.bbox(at..at + 1).map(|b| (page, b.top))
        })
        .collect();
    let bands = bands(stream, tables, &rows);
    let mut out = Vec::new();
    for (i, band) in bands.iter().enumerate() {
        let first = &rows[band.rows.start];
        let place = |r: &PrintRow| (r.page, r.top);
        let next = bands.get(i + 1).map_or(rows.len(), |b| b.rows.start);
        let ends =
            |r: &&PrintRow| r.leaf != first.leaf || stops.iter().any(|s| *s > place(first) && *s <= place(r));
        let body = &rows[band.rows.end..next];
        let end = body.iter().position(|r| ends(&r)).unwrap_or(body.len());
        // The table may go on where nothing says whose rows these are.
        let goes_on = body.get(end).is_some_and(|r| r.leaf != first.leaf);
        if let Some(table) = table(ledger, tables, band, &body[..end], goes_on, context) {
            out.push(table);
        }
    }
    out
}

/// For each row of print, whether it is of no table: the name of the publisher, and at the edges of a page, its
/// number and what the other pages have there, too.
fn idle(stream: &Stream<'_>, rows: &[PrintRow], names: &[&str]) -> Vec<bool> {
    let texts: Vec<String> = rows.iter().map(|r| r.canonical(stream)).collect();
    let words = |text: &str| -> String { text.chars().filter(|c| !c.is_ascii_digit()).collect() };
    let mut out: Vec<bool> = texts.iter().map(|t| names.contains(&words(t).as_str())).collect();
    let running = running_rows(stream);
    let recurs = |t: &str| running.contains(&words(t));
    let is_number = |t: &str| t.chars().count() <= 3 && words(t).is_empty();
    let mut at = 0;
    for page in rows.chunk_by(|a, b| a.page == b.page) {
        let of_page = at..at + page.len();
        for i in of_page.clone().rev() {
            if !(out[i] || recurs(&texts[i]) || is_number(&texts[i]) && rows[i].below_blank) {
                break;
            }
            out[i] = true;
        }
        for i in of_page {
            if !(out[i] || recurs(&texts[i])) {
                break;
            }
            out[i] = true;
        }
        at += page.len();
    }
    out
}

/// The first and last rows of pages that recur, without their digits.
fn running_rows(stream: &Stream<'_>) -> BTreeSet<String> {
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for page in &stream.document.pages {
        let lines = || page.text.lines().filter(|l| !l.trim().is_empty());
        let mut edges: Vec<&str> = lines().take(EDGE).collect();
        edges.extend(lines().rev().take(EDGE));
        let mut own: Vec<String> = edges
            .into_iter()
            .map(|l| canonical(l).into_iter().filter(|c| !c.is_ascii_digit()).collect::<String>())
            .filter(|t| !t.is_empty())
            .collect();
        own.sort_unstable();
        own.dedup();
        for text in own {
            *count.entry(text).or_default() += 1;
        }
    }
    count.into_iter().filter(|(_, n)| *n >= RECURS).map(|(text, _)| text).collect()
}

/// A row of print, its items in their columns.
struct Laid {
    /// For each column, its items.
    cells: Vec<Vec<Item>>,
    sure: bool,
}

fn table(
    ledger: &mut Ledger<'_, '_>,
    tables: &[TableForm],
    band: &Band,
    body: &[PrintRow],
    goes_on: bool,
    context: &Context,
) -> Option<Aligned> {
    let stream = ledger.stream;
    let form = &tables[band.table];
    let teller = Teller::new(stream, form, context);
    let unit = body.iter().flat_map(|r| &r.words).map(|w| w.x1 - w.x0).fold(10.0_f32, f32::min);
    let items: Vec<Vec<Item>> = body.iter().map(|r| teller.items(r, &[])).collect();
    let columns = columns(form, band, &items, unit);
    let starts: Vec<f32> =
        columns.iter().filter(|c| c.kind == ColumnKind::Text).filter_map(|c| c.start).collect();
    let placed = |i: usize| columns.iter().any(|c| c.form == Some(i));
    let open = form
        .columns
        .iter()
        .enumerate()
        .any(|(i, c)| c.kind == ColumnKind::Text && !c.headers.is_empty() && !placed(i));
    let beside = items.iter().filter(|row| row.len() > 1).filter_map(|row| row.first());
    let widest = beside.map(|i| i.x1 - i.x0).fold(0.0_f32, f32::max);
    let mut laid: Vec<Laid> = Vec::new();
    let mut blank_above = Vec::new();
    for row in body {
        let items = teller.items(row, &starts);
        let first = items.first().map(|i| teller.text(&i.parts)).unwrap_or_default();
        if first.starts_with(['※', '＊', '*']) || first.starts_with("（注") || first.starts_with("注") {
            break;
        }
        let (labels, sure) = assign(&columns, &items, unit).map_or((None, false), |(l, s)| (Some(l), s));
        let sure = sure && !(open && reaches_over(&columns, &items, widest + 2.0 * unit));
        let mut cells = vec![Vec::new(); columns.len()];
        for (i, item) in items.into_iter().enumerate() {
            let column = labels.as_ref().map_or(0, |l| l[i]);
            cells[column].push(item);
        }
        laid.push(Laid { cells, sure });
        blank_above.push(row.below_blank);
    }
    let doubtful = laid.iter().filter(|l| !l.sure).count();
    if laid.is_empty() || doubtful as f64 > DOUBTFUL * laid.len() as f64 {
        return None;
    }
    let mut heads = BTreeMap::new();
    let mut said = vec![Column::default(); form.columns.len()];
    for head in band.heads.iter().chain(&band.over).filter(|h| !h.named) {
        let Some(column) = head.column else { continue };
        said[column] = head::column(stream, &head.parts, context);
        heads.insert(form.columns[column].name.clone(), ledger.take(std::slice::from_ref(&head.parts)));
    }
    let (columns, laid, blank_above) = (&columns, &laid, &blank_above);
    let reader = Reader { form, band, columns, laid, blank_above, teller: &teller };
    let rows = reader.rows(ledger, &said, goes_on, context);
    Some(Aligned { table: band.table, heads, rows })
}

/// True for a row of one item that begins in the first column and ends under the head of the next one, or is wider than
/// any line of the first column with cells beside it: no line of its cells, but a text of a column that has no head,
/// under each row.
fn reaches_over(columns: &[ReadColumn], items: &[Item], widest: f32) -> bool {
    match (items, columns) {
        ([item], [first, next, ..]) => {
            item.x0 < first.head.1 && (item.x1 > next.head.0 || item.x1 - item.x0 > widest)
        }
        _ => false,
    }
}

struct Reader<'a, 's, 'd> {
    form: &'a TableForm,
    band: &'a Band,
    columns: &'a [ReadColumn],
    laid: &'a [Laid],
    blank_above: &'a [bool],
    teller: &'a Teller<'a, 's, 'd>,
}

impl Reader<'_, '_, '_> {
    fn pieces(&self, rows: &[usize], columns: &[usize]) -> Vec<Vec<Vec<Piece>>> {
        let place = Place { page: 0, home: 0, opens_block: false, same_line: false };
        let of = |row: usize, column: usize| {
            let named = |i: &Item| match i.wraps {
                Some(Wrap::Begins(actor)) if self.columns[column].kind == ColumnKind::Actor => {
                    Kind::Actor(actor)
                }
                _ => i.kind.clone(),
            };
            let items = self.laid[row].cells[column].iter();
            items.map(|i| piece(self.teller.stream, i.parts.clone(), named(i), place)).collect()
        };
        rows.iter().map(|&r| columns.iter().map(|&c| of(r, c)).collect()).collect()
    }

    fn rows(
        &self,
        ledger: &mut Ledger<'_, '_>,
        said: &[Column],
        goes_on: bool,
        context: &Context,
    ) -> Vec<Row> {
        let all: Vec<usize> = (0..self.laid.len()).collect();
        let kinds: Vec<ColumnKind> = self.columns.iter().map(|c| c.kind).collect();
        let actor = kinds.iter().position(|k| *k == ColumnKind::Actor);
        // The rows of the actors, each with its rows of print; and the group of each row of print.
        let mut inner: Vec<(usize, Vec<usize>)> = Vec::new();
        let mut groups = vec![None; all.len()];
        if let Some(actor) = actor {
            let own = [actor, actor + 1];
            let lines: Vec<usize> = all
                .iter()
                .copied()
                .filter(|&r| own.iter().any(|&c| !self.laid[r].cells[c].is_empty()))
                .collect();
            let cells = self.pieces(&lines, &own);
            let blank: Vec<bool> = lines.iter().map(|&r| self.blank_above[r]).collect();
            let body = Body {
                kinds: &kinds[actor..actor + 2],
                lead: 0,
                cells: &cells,
                blank_above: &blank,
                groups: &vec![None; lines.len()],
            };
            let mut named: Vec<usize> = Vec::new();
            let mut group = 0;
            for band in partition(&body) {
                let who = cells[band.rows.clone()].iter().flat_map(|r| &r[0]).find_map(|p| match p.kind {
                    Kind::Actor(a) => Some(a),
                    _ => None,
                });
                if who.is_some_and(|who| named.contains(&who)) {
                    group += 1;
                    named.clear();
                }
                named.extend(who);
                let own = lines[band.rows].to_vec();
                for &r in &own {
                    groups[r] = Some(group);
                }
                inner.push((group, own));
            }
        }
        let outer: Vec<usize> =
            (0..kinds.len()).filter(|&c| actor.is_none_or(|a| c < a || c > a + 1)).collect();
        let cells = self.pieces(&all, &outer);
        let outer_kinds: Vec<ColumnKind> = outer.iter().map(|&c| kinds[c]).collect();
        let lead = outer_kinds.iter().position(|k| *k == ColumnKind::Text).unwrap_or(0);
        let lead = if self.form.columns.iter().filter(|c| c.kind == ColumnKind::Text).count() == 1 {
            outer_kinds.iter().position(|k| *k == ColumnKind::Period).unwrap_or(lead)
        } else {
            lead
        };
        let body =
            Body { kinds: &outer_kinds, lead, cells: &cells, blank_above: self.blank_above, groups: &groups };
        let bands = partition(&body);
        let count = bands.len();
        let mut out = Vec::new();
        for (b, band) in bands.into_iter().enumerate() {
            let lines: Vec<usize> = band.rows.clone().collect();
            let last = goes_on && b + 1 == count;
            let sure = lines.iter().all(|&r| self.laid[r].sure) && !last;
            let torn =
                cells[band.rows.clone()].iter().flat_map(|r| &r[lead]).map(|p| p.open_brackets).sum::<i32>()
                    != 0;
            let astray = self.astray(&lines);
            let mut row = Row::new();
            for &c in outer.iter().filter(|&&c| self.columns[c].actor.is_none()) {
                let Some(column) = self.columns[c].form else { continue };
                let limit = if kinds[c] == ColumnKind::Value { SURE_VALUE } else { SURE };
                let known =
                    sure && band.sure >= limit && !((torn || astray) && kinds[c] == ColumnKind::Value);
                row.insert(
                    self.form.columns[column].name.clone(),
                    self.cell(ledger, &lines, c, column, &said[column], known, context),
                );
            }
            if self.band.over.is_some() {
                out.extend(self.named(ledger, &row, &lines, sure && band.sure >= SURE, context));
                continue;
            }
            let Some(actor) = actor else {
                out.push(row);
                continue;
            };
            for (_, lines) in inner.iter().filter(|(_, own)| own.iter().any(|r| lines.contains(r))) {
                let mut row = row.clone();
                for c in [actor, actor + 1] {
                    let Some(column) = self.columns[c].form else { continue };
                    let cell = self.cell(ledger, lines, c, column, &said[column], sure, context);
                    row.insert(self.form.columns[column].name.clone(), cell);
                }
                out.push(row);
            }
        }
        out
    }

    /// True where a number stands in a column of texts, and none in a column of numbers, or where a head of numbers stands
    /// before that of their names: the lines are out of line with the heads.
    fn astray(&self, lines: &[usize]) -> bool {
        let has_number = |c: usize| {
            let mut items = lines.iter().flat_map(|&r| &self.laid[r].cells[c]);
            items.any(|i| matches!(i.kind, Kind::Figure { .. }))
        };
        let value = |c: &usize| self.columns[*c].kind == ColumnKind::Value;
        let (values, texts): (Vec<usize>, Vec<usize>) = (0..self.columns.len()).partition(value);
        // The name of a row stands before its numbers.
        let name = texts.iter().find(|&&c| self.columns[c].kind == ColumnKind::Text);
        if name.zip(values.first()).is_some_and(|(name, value)| value < name) {
            return true;
        }
        let beside = |c: usize| values.iter().any(|v| v.abs_diff(c) == 1);
        let text = |c: usize| self.columns[c].kind == ColumnKind::Text && beside(c);
        texts.into_iter().any(|c| text(c) && has_number(c)) && values.into_iter().any(|c| !has_number(c))
    }

    /// The row of each actor whose name is the head of a column.
    fn named(
        &self,
        ledger: &mut Ledger<'_, '_>,
        row: &Row,
        lines: &[usize],
        known: bool,
        context: &Context,
    ) -> Vec<Row> {
        let Some(over) = self.band.over.as_ref().and_then(|h| h.column) else { return Vec::new() };
        let plain = Column::default();
        let mut out = Vec::new();
        for (c, column) in self.columns.iter().enumerate() {
            let (Some(head), Some(form)) = (column.actor, column.form) else { continue };
            let mut row = row.clone();
            let who = &self.band.heads[head].parts;
            let who = value::cell(ledger, who, ColumnKind::Actor, &plain, context);
            row.insert(self.form.columns[over].name.clone(), who);
            let mut what = self.cell(ledger, lines, c, form, &plain, known, context);
            if !known {
                what.status = Some(Status::Ambiguous);
            }
            row.insert(self.form.columns[form].name.clone(), what);
            out.push(row);
        }
        out
    }

    #[allow(clippy::too_many_arguments)]
    fn cell(
        &self,
        ledger: &mut Ledger<'_, '_>,
        lines: &[usize],
        c: usize,
        column: usize,
        said: &Column,
        known: bool,
        context: &Context,
    ) -> Cell {
        let parts: Vec<Range<u32>> = lines
            .iter()
            .flat_map(|&r| &self.laid[r].cells[c])
            .flat_map(|i| i.parts.iter().cloned())
            .collect();
        let parts = super::written::joined(ledger, &parts);
        let form = &self.form.columns[column];
        let mut cell = value::of_column(ledger, &parts, form, said, context);
        if !known && (form.kind == ColumnKind::Value || form.kind == ColumnKind::Period) {
            (cell.value, cell.as_of, cell.period) = (None, None, None);
            cell.status = Some(Status::Ambiguous);
        }
        cell
    }
}
