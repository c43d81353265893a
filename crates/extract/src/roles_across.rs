//! Tables of those who act in which the entries head the columns: the names of those who act stand down the left side,
//! and what each does for an entry stands under it.

use std::collections::BTreeMap;
use std::ops::Range;

use chohyo_normalize::Context;

use crate::actors;
use crate::form::{ColumnKind, TableForm};
use crate::grid::Grid;
use crate::head;
use crate::heads_above;
use crate::ledger::Ledger;
use crate::sheet::{Cell, Row, Text};
use crate::value::{self, Column};

/// The rows of such a grid, and the heads that it prints.
pub(crate) struct Across {
    pub rows: Vec<Row>,
    pub heads: BTreeMap<String, Text>,
    /// The rows of the grid that it takes; what stands over and under them may be other tables.
    pub taken: Range<u32>,
}

/// Reads such a grid, or the part of one that is such.
pub(crate) fn read(
    ledger: &mut Ledger<'_, '_>,
    grid: Grid<'_>,
    form: &TableForm,
    context: &Context,
) -> Option<Across> {
    let stream = ledger.stream;
    let actor = form.columns.iter().position(|c| c.kind == ColumnKind::Actor)?;
    let beside = form.columns.iter().position(|c| c.beside.as_ref() == Some(&form.columns[actor].name))?;
    let lead = value::lead(form)?;
    let cells = &grid.table.cells;
    let parts = grid.all_parts(stream);
    let held: Vec<usize> = (0..cells.len()).filter(|&c| grid.holds(&cells[c])).collect();
    // Who acts: cells of the first column, one under the other, with the corner over them.
    let first = |c: &&usize| cells[**c].columns.start == grid.columns.0;
    let mut left: Vec<usize> = held.iter().filter(first).copied().collect();
    left.sort_by_key(|&c| cells[c].rows.start);
    let is_actor = |c: &usize| actors::is_value(stream, parts[*c], &form.columns[actor]);
    let at = left.iter().position(is_actor)?;
    let who: Vec<usize> = left[at..].iter().copied().take_while(is_actor).collect();
    let corner = left[at.checked_sub(1)?];
    let top = cells[who[0]].rows.start;
    let is = |c: usize, column: usize| head::is_head(stream, parts[c], &form.columns[column]);
    if who.len() < 2 || cells[corner].rows.end != top || !is(corner, lead) && !is(corner, actor) {
        return None;
    }
    let edge = who.iter().map(|&c| cells[c].columns.end).max()?;
    let over =
        |c: &usize| cells[*c].rows.end == top && cells[*c].columns.start >= edge && !parts[*c].is_empty();
    let mut entries: Vec<usize> = held.iter().copied().filter(over).collect();
    entries.sort_by_key(|&c| cells[c].columns.start);
    let is_head = |c: &usize| form.columns.iter().any(|column| head::is_head(stream, parts[*c], column));
    if entries.is_empty() || entries.iter().any(|c| is_head(c) || is_actor(c)) {
        return None;
    }
    let plain = Column::default();
    let mut heads = BTreeMap::new();
    let column = if is(corner, lead) { lead } else { actor };
    heads.insert(form.columns[column].name.clone(), ledger.take(&[parts[corner]]));
    // The head of those who act may stand in a row of its own over the corner.
    let mut from = cells[corner].rows.start;
    let bar = left.iter().copied().find(|&c| cells[c].rows.end == from && is(c, actor) && column == lead);
    if let Some(bar) = bar {
        heads.insert(form.columns[actor].name.clone(), ledger.take(&[parts[bar]]));
        from = cells[bar].rows.start;
    }
    heads_above::take_missing(ledger, grid, form, &mut heads);
    let mut cell = |parts: &[Range<u32>], column: usize| -> Cell {
        value::cell(ledger, parts, form.columns[column].kind, &plain, context)
    };
    let names: Vec<Cell> = who.iter().map(|&w| cell(parts[w], actor)).collect();
    let mut rows = Vec::new();
    for &entry in &entries {
        let issue = cell(parts[entry], lead);
        for (&w, name) in who.iter().zip(&names) {
            let under = |c: &usize| {
                cells[*c].rows.start < cells[w].rows.end
                    && cells[w].rows.start < cells[*c].rows.end
                    && cells[*c].columns.start < cells[entry].columns.end
                    && cells[entry].columns.start < cells[*c].columns.end
            };
            let own: Vec<Range<u32>> =
                held.iter().copied().filter(under).flat_map(|c| parts[c]).cloned().collect();
            let mut row = Row::new();
            row.insert(form.columns[lead].name.clone(), issue.clone());
            row.insert(form.columns[actor].name.clone(), name.clone());
            row.insert(form.columns[beside].name.clone(), cell(&own, beside));
            rows.push(row);
        }
    }
    let end = who.last().map_or(top, |&w| cells[w].rows.end);
    Some(Across { rows, heads, taken: from..end })
}

/// Rows that name nobody who acts give what they say to those of the same entry that do, in another table. Gives the
/// rows that are joined to others: their entry is printed twice.
pub(crate) fn join(form: &TableForm, rows: &mut Vec<Row>) -> Vec<Row> {
    let Some(actor) = form.columns.iter().find(|c| c.kind == ColumnKind::Actor) else {
        return halves(form, rows);
    };
    let Some(lead) = value::lead(form).map(|i| &form.columns[i]) else { return Vec::new() };
    let text = |row: &Row| row.get(&lead.name).map(|c| c.text.clone()).filter(|t| !t.is_empty());
    let acts = |row: &Row| row.get(&actor.name).is_some_and(|c| !c.text.is_empty());
    let said: Vec<(String, Row)> =
        rows.iter().filter(|r| !acts(r)).filter_map(|r| Some((text(r)?, r.clone()))).collect();
    let mut given: Vec<String> = Vec::new();
    for row in rows.iter_mut().filter(|r| acts(r)) {
        let Some((name, other)) = said.iter().find(|(name, _)| Some(name) == text(row).as_ref()) else {
            continue;
        };
        for (column, cell) in other {
            let empty = row.get(column).is_none_or(|c| c.text.is_empty());
            if empty && *column != actor.name {
                row.insert(column.clone(), cell.clone());
            }
        }
        given.push(name.clone());
    }
    rows.extract_if(.., |r| !acts(r) && text(r).is_some_and(|t| given.contains(&t))).collect()
}

/// Rows of two tables that have the same first column and no other: each pair is one row.
fn halves(form: &TableForm, rows: &mut Vec<Row>) -> Vec<Row> {
    let Some(lead) = value::lead(form).map(|i| &form.columns[i].name) else { return Vec::new() };
    if rows.len() < 2 || form.columns.iter().any(|c| c.kind == ColumnKind::Period) {
        return Vec::new();
    }
    let name = |row: &Row| -> String {
        row.get(lead).map_or_else(String::new, |c| c.text.chars().filter(|c| !c.is_whitespace()).collect())
    };
    let names: Vec<String> = rows.iter().map(name).collect();
    // The first row of the second table.
    let Some(second) = (1..rows.len()).find(|&i| names[i] == names[0]) else { return Vec::new() };
    let same = 2 * second == rows.len() && names[..second] == names[second..] && !names[0].is_empty();
    let apart = rows[..second]
        .iter()
        .zip(&rows[second..])
        .all(|(a, b)| b.keys().all(|k| k == lead || a.get(k).is_none_or(|c| c.text.is_empty())));
    if !same || !apart {
        return Vec::new();
    }
    let others = rows.split_off(second);
    for (row, other) in rows.iter_mut().zip(&others) {
        let more = other.iter().filter(|(k, _)| *k != lead);
        row.extend(more.map(|(k, cell)| (k.clone(), cell.clone())));
    }
    others
}

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet, texts};

    #[test]
    fn numbers_and_texts_of_the_same_rows_in_two_tables() {
        let page = Page::default()
            .text(30.0, 30.0, "４ 精神障害にも対応した地域包括ケアシステム構築に資する取組の成果・効果")
            .grid(&[30.0, 300.0, 420.0, 560.0], &[50.0, 70.0, 90.0, 110.0])
            .text(35.0, 64.0, "指標")
            .text(305.0, 64.0, "目標値")
            .text(425.0, 64.0, "実績値")
            .text(35.0, 84.0, "研修会の開催回数")
            .text(310.0, 84.0, "20")
            .text(430.0, 84.0, "12")
            .text(35.0, 104.0, "協議の場の数")
            .text(310.0, 104.0, "3")
            .text(430.0, 104.0, "4")
            .grid(&[30.0, 300.0, 560.0], &[150.0, 170.0, 190.0, 210.0])
            .text(35.0, 164.0, "指標")
            .text(305.0, 164.0, "具体的な成果・効果")
            .text(35.0, 184.0, "研修会の開催回数")
            .text(305.0, 184.0, "理解が深まった。")
            .text(35.0, 204.0, "協議の場の数")
            .text(305.0, 204.0, "輪が広がった。");
        assert_eq!(
            texts(&sheet(&[page]), "outcomes", ["indicator", "target", "actual", "narrative"]),
            [
                ["研修会の開催回数", "20", "12", "理解が深まった。"],
                ["協議の場の数", "3", "4", "輪が広がった。"]
            ]
        );
    }

    #[test]
    fn entries_as_heads_of_columns() {
        let page = Page::default()
            .text(30.0, 30.0, "４ 精神障害にも対応した地域包括ケアシステムの構築に向けた強みと課題")
            .grid(&[30.0, 200.0, 560.0], &[50.0, 70.0, 90.0, 110.0])
            .text(35.0, 64.0, "課題")
            .text(205.0, 64.0, "課題解決に向けた取組方針")
            .text(35.0, 84.0, "人材の不足")
            .text(205.0, 84.0, "研修を行う")
            .text(35.0, 104.0, "住まい")
            .text(205.0, 104.0, "会議を開く")
            .text(30.0, 150.0, "課題・方針に対する役割（取組）")
            .grid(&[30.0, 150.0, 350.0, 560.0], &[160.0, 180.0, 200.0, 220.0])
            .text(35.0, 174.0, "課題")
            .text(155.0, 174.0, "人材の不足")
            .text(355.0, 174.0, "住まい")
            .text(35.0, 194.0, "行政")
            .text(155.0, 194.0, "企画")
            .text(355.0, 194.0, "周知")
            .text(35.0, 214.0, "医療")
            .text(355.0, 214.0, "助言");
        assert_eq!(
            texts(&sheet(&[page]), "issues", ["issue", "policy", "actor", "content"]),
            [
                ["人材の不足", "研修を行う", "行政", "企画"],
                ["人材の不足", "研修を行う", "医療", ""],
                ["住まい", "会議を開く", "行政", "周知"],
                ["住まい", "会議を開く", "医療", "助言"]
            ]
        );
    }
}
