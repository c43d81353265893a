//! Cross tables: columns that are printed once for each head of a row of heads - fiscal years, say - as rows of the
//! record, one for each row and head.

mod place;
mod run;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod unruled;

use std::collections::BTreeMap;
use std::ops::Range;

use chohyo_layout::SourceKind;
use chohyo_normalize::{Context, Period};

use crate::answer;
use crate::figure::{Content, figure};
use crate::form::{AcrossKind, ColumnForm, ColumnKind, SectionForm, TableForm};
use crate::grid::Grid;
use crate::label::{Label, Named};
use crate::ledger::Ledger;
use crate::sheet::{Cell, Diagnostic, Row, Status, Text};
use crate::stream::Stream;
use crate::unit;
use crate::value::{self, Column};
use place::{Placement, place};
pub(crate) use run::physical_lines;

/// What was found of one table.
#[derive(Default)]
pub(crate) struct Found {
    pub rows: Vec<Row>,
    pub heads: BTreeMap<String, Text>,
    pub captions: Vec<Text>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads the cross tables of a section; each with its index in the form.
pub(crate) fn read(
    ledger: &mut Ledger<'_, '_>,
    form: &SectionForm,
    grids: &[Grid<'_>],
    lines: &[Range<u32>],
    labels: &[Label],
    units: &[unit::Caption],
    context: &Context,
) -> Vec<(usize, Found)> {
    let mut out: Vec<(usize, Found)> = Vec::new();
    // The table that was read last, to its end: its page and index, and how it was placed.
    let mut last: Option<((u32, u32), usize, Placement)> = None;
    // The cells of a dump are made of its rows, and no finer than they are: there numbers are counted.
    let pdf = ledger.stream.document.kind == SourceKind::Pdf;
    for grid in grids.iter().filter(|_| pdf) {
        let mut grid = within(ledger.stream, *grid, lines);
        while grid.rows.0 < grid.rows.1 {
            let taken: Vec<usize> = out.iter().map(|(i, _)| *i).collect();
            let placed = place(ledger, grid, form, &taken, context);
            let (index, mut placement) = match (placed, &last) {
                (Some(found), _) => found,
                // It goes on from the page before, without its heads.
                (None, Some((end, index, before)))
                    if grid.predecessor(ledger.stream) == Some(*end)
                        && !grid.begins_with_heads(ledger.stream, &before.columns()) =>
                {
                    (*index, before.going_on())
                }
                _ => break,
            };
            let table = &form.tables[index];
            let mut found = Found::default();
            placement.take_heads(ledger, grid, &mut found);
            found.diagnostics = placement.doubts(table);
            let first_line = first_line(ledger.stream, grid, placement.first_row);
            let caption = units.iter().rev().find(|u| u.atoms.start <= first_line).or(units.first());
            let reader = Reader { grid, table, placement: &placement, caption, labels, context };
            let end = reader.rows(ledger, &mut found);
            merge(&mut out, index, found);
            let whole = grid.to_the_end(ledger.stream).filter(|_| end >= grid.rows.1);
            last = whole.map(|table| (table, index, placement));
            grid.rows.0 = end.max(grid.rows.0 + 1);
        }
    }
    if out.is_empty() {
        for (index, found) in run::read(ledger, form, lines, labels, units, context) {
            if !out.iter().any(|(i, f)| *i == index && !f.rows.is_empty()) {
                merge(&mut out, index, found);
            }
        }
    }
    out
}

fn merge(out: &mut Vec<(usize, Found)>, index: usize, found: Found) {
    match out.iter_mut().find(|(i, _)| *i == index) {
        Some((_, before)) => {
            before.rows.extend(found.rows);
            before.captions.extend(found.captions);
            before.diagnostics.extend(found.diagnostics);
            for (name, text) in found.heads {
                match before.heads.entry(name) {
                    std::collections::btree_map::Entry::Vacant(entry) => {
                        entry.insert(text);
                    }
                    // Printed again, on the next page.
                    std::collections::btree_map::Entry::Occupied(_) => before.captions.push(text),
                }
            }
        }
        None => out.push((index, found)),
    }
}

/// The rows of the grid that hold lines of the section: a sheet may be one grid, with its headings in it.
fn within<'d>(stream: &Stream<'_>, grid: Grid<'d>, lines: &[Range<u32>]) -> Grid<'d> {
    let mut rows: Option<(u32, u32)> = None;
    for line in lines.iter().flat_map(Clone::clone) {
        let line = &stream.lines[line as usize];
        if line.page != grid.page || line.atoms.is_empty() {
            continue;
        }
        if let Some((t, c)) = line.cell.filter(|(t, _)| *t == grid.index) {
            let cell = &stream.document.pages[line.page as usize].tables[t as usize].cells[c as usize].rows;
            let (start, end) = rows.unwrap_or((cell.start, cell.end));
            rows = Some((start.min(cell.start), end.max(cell.end)));
        }
    }
    Grid { rows: rows.unwrap_or((0, 0)), ..grid }
}

/// The first atom of what stands in the grid from this row on.
fn first_line(stream: &Stream<'_>, grid: Grid<'_>, row: u32) -> u32 {
    let cells = (0..grid.table.cells.len()).filter(|&c| grid.table.cells[c].rows.start >= row);
    cells.flat_map(|c| grid.parts(stream, c)).map(|p| p.start).min().unwrap_or(u32::MAX)
}

/// The text of some parts in the spelling of labels.
fn canonical(stream: &Stream<'_>, parts: &[Range<u32>]) -> Vec<char> {
    parts.iter().flat_map(|p| stream.atoms[p.start as usize..p.end as usize].iter().map(|a| a.ch)).collect()
}

/// What a head of the row of heads is.
enum HeadCell {
    Words,
    Period(Period),
}

impl HeadCell {
    fn period(self) -> Option<Period> {
        match self {
            Self::Words => None,
            Self::Period(period) => Some(period),
        }
    }
}

/// The head of a column across, if this is one: any words, or a period, alone or with words around it.
fn head_cell(
    stream: &Stream<'_>,
    parts: &[Range<u32>],
    kind: AcrossKind,
    context: &Context,
) -> Option<HeadCell> {
    if parts.is_empty() {
        return None;
    }
    if kind == AcrossKind::Text {
        return Some(HeadCell::Words);
    }
    let printed: String = parts.iter().map(|p| crate::label::printed(stream, p.clone())).collect();
    period(&printed, context).map(HeadCell::Period)
}

/// Characters of the longest head of a period with words around it.
const LONGEST_HEAD: usize = 24;

/// The period of a head: 令和2年度, R2, 令和2年度（実績）, 令和2年度決算, 決算額（R2）; one period, and no other number.
pub(crate) fn period(printed: &str, context: &Context) -> Option<Period> {
    let dated = |text: &str| chohyo_normalize::period(text, context).filter(|p| p.start.is_some());
    if printed.is_empty() || printed.chars().count() > LONGEST_HEAD {
        return None;
    }
    if let Some(period) = dated(printed) {
        return Some(period);
    }
    let mut found = chohyo_normalize::scan(printed, context).into_iter().filter(|f| f.period.is_some());
    let (Some(one), None) = (found.next(), found.next()) else { return None };
    let (before, after) = (printed.get(..one.span.start)?, printed.get(one.span.end..)?);
    let numbered = before.chars().chain(after.chars()).any(char::is_numeric);
    one.period.filter(|p| p.start.is_some() && !numbered)
}

/// Reads the rows under the heads.
struct Reader<'a, 'd> {
    grid: Grid<'d>,
    table: &'a TableForm,
    placement: &'a Placement,
    caption: Option<&'a unit::Caption>,
    labels: &'a [Label],
    context: &'a Context,
}

impl Reader<'_, '_> {
    /// The rows; gives the grid row behind the last one.
    fn rows(&self, ledger: &mut Ledger<'_, '_>, found: &mut Found) -> u32 {
        let last = self.grid.rows.1;
        for row in self.placement.first_row..last {
            if self.ends(ledger.stream, row) {
                return row;
            }
            self.row(ledger, row, &mut found.rows);
        }
        last
    }

    /// True where something else begins: another row of heads, a label of the section.
    fn ends(&self, stream: &Stream<'_>, row: u32) -> bool {
        if row == self.placement.first_row {
            return false;
        }
        let starting =
            (0..self.grid.table.cells.len()).filter(|&c| self.grid.table.cells[c].rows.start == row);
        let mut heads = 0;
        for c in starting {
            let parts = self.grid.parts(stream, c);
            let Some(first) = parts.first() else { continue };
            let label = self.labels.iter().find(|l| l.atoms.start == first.start);
            if label.is_some_and(|l| matches!(l.named, Named::Field(_) | Named::Text(_) | Named::Group(_))) {
                return true;
            }
            let across = self.grid.table.cells[c].columns.start >= self.placement.left;
            heads += usize::from(
                across
                    && self.placement.kind == AcrossKind::Period
                    && head_cell(stream, parts, AcrossKind::Period, self.context).is_some(),
            );
        }
        heads >= 2
    }

    /// The cells of a row between two grid columns, from left to right.
    fn cells(&self, row: u32, columns: &Range<u32>) -> Vec<usize> {
        let cells = &self.grid.table.cells;
        let mut found: Vec<usize> = (0..cells.len())
            .filter(|&c| {
                let cell = &cells[c];
                cell.rows.contains(&row)
                    && cell.columns.start < columns.end
                    && columns.start < cell.columns.end
            })
            .collect();
        found.sort_by_key(|&c| cells[c].columns.start);
        found
    }

    fn row(&self, ledger: &mut Ledger<'_, '_>, row: u32, out: &mut Vec<Row>) {
        let stream = ledger.stream;
        let grid = &self.grid;
        let parts = |cells: &[usize]| -> Vec<Range<u32>> {
            cells.iter().flat_map(|&c| grid.parts(stream, c)).cloned().collect()
        };
        // Of each column of the form that is printed once: its cells.
        let mut fixed: Vec<(&ColumnForm, Vec<usize>)> = Vec::new();
        for (form, columns) in &self.placement.fixed {
            let form = &self.table.columns[*form];
            let mut cells = self.cells(row, columns);
            // A cell under two heads is the right one's: 合計 stands across 区分 and 項目.
            cells.retain(|&c| {
                grid.table.cells[c].columns.end <= columns.end
                    || columns.end >= self.placement.left
                    || grid.table.cells[c].columns.start >= self.placement.left
            });
            fixed.push((form, cells));
        }
        let values: Vec<Vec<Option<Vec<usize>>>> = self
            .placement
            .heads
            .iter()
            .map(|head| head.columns.iter().map(|c| c.as_ref().map(|c| self.cells(row, c))).collect())
            .collect();
        let some = values.iter().flatten().flatten().any(|cells| !parts(cells).is_empty());
        let own = fixed.iter().any(|(_, cells)| {
            cells.iter().any(|&c| grid.table.cells[c].rows.start == row && !grid.parts(stream, c).is_empty())
        });
        // A title across the whole width, or nothing at all.
        let title = values.iter().flatten().flatten().flatten().any(|c| {
            let columns = &grid.table.cells[*c].columns;
            columns.start < self.placement.left && !fixed.is_empty()
        });
        if title || !some && !own {
            return;
        }
        let row_unit =
            fixed.iter().filter(|(form, _)| form.kind != ColumnKind::Value).find_map(|(_, cells)| {
                let printed: String =
                    parts(cells).into_iter().map(|p| crate::label::printed(stream, p)).collect();
                unit::in_brackets(&printed)
            });
        let fixed: Vec<(String, Cell)> = fixed
            .into_iter()
            .map(|(form, cells)| {
                let parts = parts(&cells);
                (form.name.clone(), self.cell(ledger, &parts, form, &Column::default(), None))
            })
            .collect();
        for (head, values) in self.placement.heads.iter().zip(&values) {
            if values.iter().all(Option::is_none) {
                continue;
            }
            let mut line: Row = fixed.iter().cloned().collect();
            line.insert(self.placement.across.clone(), head.cell.clone());
            for (k, (&form, cells)) in self.placement.crossed.iter().zip(values).enumerate() {
                let (Some(cells), Some(columns)) = (cells, &head.columns[k]) else { continue };
                let form = &self.table.columns[form];
                let mut cell = self.cell(ledger, &parts(cells), form, &head.said[k], row_unit.as_deref());
                let wide = head.several[k]
                    || self.has_several_numbers(stream, cells)
                    || cells.iter().any(|&c| {
                        let own = &grid.table.cells[c].columns;
                        own.start < columns.start || own.end > columns.end
                    });
                // One number under several heads is of which?
                if wide && cell.value.is_some() {
                    (cell.value, cell.unit, cell.status) = (None, None, Some(Status::Ambiguous));
                }
                line.insert(form.name.clone(), cell);
            }
            out.push(line);
        }
    }

    /// Numbers in several cells under one head.
    fn has_several_numbers(&self, stream: &Stream<'_>, cells: &[usize]) -> bool {
        let number = |c: &&usize| {
            let mut figures = self.grid.parts(stream, **c).iter().filter_map(|p| figure(stream, p.clone()));
            figures.any(|f| matches!(f.content, Content::Number(..)))
        };
        cells.len() > 1 && cells.iter().filter(number).nth(1).is_some()
    }

    fn cell(
        &self,
        ledger: &mut Ledger<'_, '_>,
        parts: &[Range<u32>],
        form: &ColumnForm,
        said: &Column,
        row_unit: Option<&str>,
    ) -> Cell {
        cell(ledger, parts, form, said, row_unit, self.caption, self.context)
    }
}

/// A cell; its unit is its own, else that of its head, of its row's label, of the caption, of the form.
fn cell(
    ledger: &mut Ledger<'_, '_>,
    parts: &[Range<u32>],
    form: &ColumnForm,
    said: &Column,
    row_unit: Option<&str>,
    caption: Option<&unit::Caption>,
    context: &Context,
) -> Cell {
    let mut cell = value::cell(ledger, parts, form.kind, said, context);
    let printed = answer::printed(ledger.stream, parts, form.kind);
    answer::complete(&mut cell, printed.as_deref(), form.kind, &form.choices, ledger.prefecture);
    if form.kind == ColumnKind::Period && cell.period.is_none() {
        cell.period = period(&cell.text, context);
    }
    let printed = [said.unit.as_deref(), row_unit, caption.and_then(|c| c.unit.as_deref())];
    value::own_unit(&mut cell, form.unit.as_deref(), printed);
    if form.unit.is_none() && cell.value.is_some() && cell.unit.is_none() {
        cell.unit = said.unit.as_deref().or(row_unit).map(str::to_owned);
    }
    cell
}
