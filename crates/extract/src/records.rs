//! Records set out as forms: tables in which each field's name stands to the left of its value, or over it,
//! one record after the other.

use std::collections::BTreeMap;
use std::ops::Range;

use chohyo_layout::Table;
use chohyo_normalize::Context;

use crate::actors;
use crate::form::{ColumnKind, TableForm};
use crate::grid::{self, Grid};
use crate::head;
use crate::ledger::Ledger;
use crate::sheet::{Row, Text};
use crate::stream::Stream;
use crate::value::{self, Column};

/// A field's name in the grid.
#[derive(Clone)]
struct Name {
    /// Index of the form's column.
    column: usize,
    /// Index of the cell.
    cell: usize,
    /// The cells that hold its value, from the left, or from the top.
    values: Vec<usize>,
}

/// A row and the printed names of its fields.
pub(crate) type Record = (Row, BTreeMap<String, Text>);

/// The records of a grid and the table of the form they are of; `None` where the names of its columns stand
/// side by side, as heads do. A record without its first column goes on with the one `before`.
pub(crate) fn read<'b>(
    ledger: &mut Ledger<'_, '_>,
    grid: Grid<'_>,
    tables: &[TableForm],
    before: impl Fn(usize) -> Option<&'b Row>,
    context: &Context,
) -> Option<(usize, Vec<Record>)> {
    let stream = ledger.stream;
    let parts = grid.all_parts(stream);
    let (index, form) = head::best(tables, |c| parts.iter().any(|p| head::is_head(stream, p, c)))?;
    if form.columns.iter().any(|c| grid::names_rows(stream, grid, &parts, form, c)) {
        return None;
    }
    // Virtual cells part what one cell of the layout holds: a number and the next name.
    let parts = parts.into_iter().map(<[_]>::to_vec).collect();
    let (table, parts) = part_cells(stream, grid, form, parts, context);
    let grid = Grid { table: &table, columns: (2 * grid.columns.0, 2 * grid.columns.1), ..grid };
    let names = names(stream, grid, form, &parts);
    if !are_stacked(grid, &names, &parts) {
        return None;
    }
    let lead = form.columns.iter().position(|c| !c.headers.is_empty());
    let has_lead = names.iter().any(|n| Some(n.column) == lead);
    let mut records: Vec<Vec<Name>> = Vec::new();
    for name in names {
        let begins = has_lead && Some(name.column) == lead;
        match records.last_mut() {
            Some(record) if !begins && record.iter().all(|n| n.column != name.column) => record.push(name),
            _ => records.push(vec![name]),
        }
    }
    let mut out = Vec::new();
    for (r, record) in records.iter().enumerate() {
        let band =
            if has_lead { None } else { lead.and_then(|lead| band_over(grid, record, &parts, lead, form)) };
        // The rest of a record that began on the page before, or nobody's.
        if band.is_none() && record.iter().all(|n| Some(n.column) != lead) {
            let open = before(index).filter(|row| {
                out.is_empty() && record.iter().all(|n| !row.contains_key(&form.columns[n.column].name))
            });
            if open.is_none() {
                continue;
            }
        }
        let row = |record: &Vec<Name>| record.first().map(|n| table.cells[n.cell].rows.start);
        let end = records.get(r + 1).and_then(row).unwrap_or(grid.rows.1);
        let grid = Grid { rows: (row(record).unwrap_or(grid.rows.0), end), ..grid };
        let mut found = rows(ledger, grid, form, record, &parts, context);
        if let (Some(band), Some(lead)) = (band, lead) {
            let column = &form.columns[lead];
            let cell = value::of_column(ledger, &parts[band], column, &Column::default(), context);
            for (row, _) in &mut found {
                row.insert(column.name.clone(), cell.clone());
            }
        }
        out.extend(found);
    }
    Some((index, out))
}

/// The cell over the whole width of the table right over the fields of a record: its first column, whose name is not
/// printed.
fn band_over(
    grid: Grid<'_>,
    record: &[Name],
    parts: &[Vec<Range<u32>>],
    lead: usize,
    form: &TableForm,
) -> Option<usize> {
    let cells = &grid.table.cells;
    let first = record.iter().map(|n| cells[n.cell].rows.start).min()?;
    let over = |c: &usize| {
        let cell = &cells[*c];
        grid.holds(cell)
            && cell.rows.end == first
            && cell.columns == (grid.columns.0..grid.columns.1)
            && !parts[*c].is_empty()
    };
    (form.columns[lead].kind == ColumnKind::Text).then(|| (0..cells.len()).find(over))?
}

/// The names in the grid with the cells of their values, in reading order.
fn names(stream: &Stream<'_>, grid: Grid<'_>, form: &TableForm, parts: &[Vec<Range<u32>>]) -> Vec<Name> {
    let cells = &grid.table.cells;
    let column = |p: &[Range<u32>]| form.columns.iter().position(|c| head::is_head(stream, p, c));
    let column_of: Vec<Option<usize>> = parts.iter().map(|p| column(p)).collect();
    let named = |c: usize| column_of[c].map(|column| (c, column));
    let mut names = Vec::new();
    for (c, column) in (0..cells.len()).filter_map(named) {
        let own = &cells[c];
        let mut right: Vec<usize> = (0..cells.len())
            .filter(|&o| cells[o].rows.start < own.rows.end && own.rows.start < cells[o].rows.end)
            .filter(|&o| cells[o].columns.start >= own.columns.end)
            .collect();
        right.sort_by_key(|&o| (cells[o].columns.start, cells[o].rows.start));
        let next = right.iter().filter(|&&o| column_of[o].is_some()).map(|&o| cells[o].columns.start).min();
        right.retain(|&o| next.is_none_or(|next| cells[o].columns.start < next));
        let beside = right.iter().any(|&o| !parts[o].is_empty());
        // Those who act may stand in the rows under their head, whatever is to its right.
        let under = form.columns[column].kind == ColumnKind::Actor && !beside;
        let values = if under {
            rows_below(grid, c, &column_of)
        } else if beside || next.is_none() && !right.is_empty() {
            right
        } else {
            below(grid, c, &column_of, parts)
        };
        names.push(Name { column, cell: c, values });
    }
    names.sort_by_key(|n| (cells[n.cell].rows.start, cells[n.cell].columns.start));
    names
}

/// The cells under a name, down to the next row of names. Under a name alone in its row, whatever its place,
/// all cells are its own.
fn below(grid: Grid<'_>, c: usize, column_of: &[Option<usize>], parts: &[Vec<Range<u32>>]) -> Vec<usize> {
    let cells = &grid.table.cells;
    let own = &cells[c];
    let alone = !grid.table.ruled && is_alone(grid, c, parts);
    let names = (0..cells.len()).filter(|&o| column_of[o].is_some() && cells[o].rows.start >= own.rows.end);
    let end = names.map(|o| cells[o].rows.start).min().unwrap_or(grid.rows.1).min(grid.rows.1);
    let mut under: Vec<usize> = (0..cells.len())
        .filter(|&o| cells[o].rows.start >= own.rows.end && cells[o].rows.start < end)
        .filter(|&o| {
            alone || cells[o].columns.start < own.columns.end && own.columns.start < cells[o].columns.end
        })
        .collect();
    under.sort_by_key(|&o| (cells[o].rows.start, cells[o].columns.start));
    under
}

/// All cells in the rows under a name, down to the next name.
fn rows_below(grid: Grid<'_>, c: usize, column_of: &[Option<usize>]) -> Vec<usize> {
    let cells = &grid.table.cells;
    let from = cells[c].rows.end;
    let names = (0..cells.len()).filter(|&o| column_of[o].is_some() && cells[o].rows.start >= from);
    let end = names.map(|o| cells[o].rows.start).min().unwrap_or(grid.rows.1).min(grid.rows.1);
    let mut under: Vec<usize> =
        (0..cells.len()).filter(|&o| cells[o].rows.start >= from && cells[o].rows.start < end).collect();
    under.sort_by_key(|&o| (cells[o].rows.start, cells[o].columns.start));
    under
}

/// Parts cells that hold a number and the name behind it (`64 目標値（R2年度末）`): where numbers are set to the right,
/// little space is left between the two. Grid columns are counted double, so that there is room for one more.
fn part_cells(
    stream: &Stream<'_>,
    grid: Grid<'_>,
    form: &TableForm,
    mut parts: Vec<Vec<Range<u32>>>,
    context: &Context,
) -> (Table, Vec<Vec<Range<u32>>>) {
    let mut table = grid.table.clone();
    table.columns *= 2;
    for cell in &mut table.cells {
        cell.columns = 2 * cell.columns.start..2 * cell.columns.end;
    }
    let initials = head::initials(std::slice::from_ref(form));
    for c in 0..parts.len() {
        let [part] = &parts[c][..] else { continue };
        let part = part.clone();
        let name = head::behind_figure(stream, &part, std::slice::from_ref(form), initials);
        let Some(at) = name else { continue };
        // `6月` is a month, though a head may be 月.
        let text = stream.printed_text(part.clone());
        if chohyo_normalize::period(text, context).is_some() {
            continue;
        }
        let mut cell = table.cells[c].clone();
        let edge = cell.columns.end - 1;
        table.cells[c].columns.end = edge;
        cell.columns.start = edge;
        table.cells.push(cell);
        parts[c] = std::iter::once(part.start..at).collect();
        parts.push(std::iter::once(at..part.end).collect());
    }
    (table, parts)
}

/// True when no other cell of its row holds text.
fn is_alone(grid: Grid<'_>, c: usize, parts: &[Vec<Range<u32>>]) -> bool {
    let own = &grid.table.cells[c];
    let beside = |o: usize| {
        let cell = &grid.table.cells[o];
        o != c && cell.rows.start == own.rows.start && !parts[o].is_empty()
    };
    !(0..parts.len()).any(beside)
}

/// Two different names stand one under the other: in other rows, and beginning at the same grid column, or the
/// lower one alone in its row.
fn are_stacked(grid: Grid<'_>, names: &[Name], parts: &[Vec<Range<u32>>]) -> bool {
    let cell = |n: &Name| &grid.table.cells[n.cell];
    names.iter().enumerate().any(|(i, a)| {
        names[i + 1..].iter().any(|b| {
            let (p, q) = (cell(a), cell(b));
            a.column != b.column
                && (p.columns.start == q.columns.start || !grid.table.ruled && is_alone(grid, b.cell, parts))
                && p.rows.end <= q.rows.start
                && !a.values.is_empty()
        })
    })
}

/// The grid columns in which records begin that stand side by side, each under the first of its fields; `None` where
/// it is one record, whatever cells its fields have.
fn side_by_side(
    grid: Grid<'_>,
    form: &TableForm,
    record: &[Name],
    who: &[usize],
    parts: &[Vec<Range<u32>>],
) -> Option<Vec<u32>> {
    let cells = &grid.table.cells;
    let full = |c: &usize| !parts[*c].is_empty();
    let lead = record.first()?;
    let mut starts: Vec<u32> =
        lead.values.iter().filter(|c| full(c)).map(|&c| cells[c].columns.start).collect();
    starts.sort_unstable();
    starts.dedup();
    let fields = || record.iter().filter(|n| form.columns[n.column].kind != ColumnKind::Actor);
    if starts.len() < 2 || fields().count() + usize::from(!who.is_empty()) < 3 {
        return None;
    }
    // Each field has one cell of its own in each record, or none.
    let own = |n: &Name| {
        let mut taken: Vec<(usize, u32)> = Vec::new();
        n.values.iter().filter(|c| full(c)).all(|&c| {
            let columns = &cells[c].columns;
            let Some(at) = starts.partition_point(|s| *s <= columns.start).checked_sub(1) else {
                return false;
            };
            let whole = starts.get(at + 1).is_none_or(|next| columns.end <= *next);
            let first = taken.iter().all(|&(k, row)| k != at || row != cells[c].rows.start);
            taken.push((at, cells[c].rows.start));
            whole && first
        })
    };
    fields().all(own).then_some(starts)
}

/// The cells to the left of the values that hold the name of one who acts, from the top.
fn actors_at_the_left(
    stream: &Stream<'_>,
    grid: Grid<'_>,
    form: &TableForm,
    record: &[Name],
    parts: &[Vec<Range<u32>>],
) -> Vec<usize> {
    let Some(column) = form.columns.iter().find(|c| c.kind == ColumnKind::Actor) else { return Vec::new() };
    let cells = &grid.table.cells;
    let Some(lead) = record.first() else { return Vec::new() };
    let Some(edge) = lead.values.iter().map(|&c| cells[c].columns.start).min() else { return Vec::new() };
    let mut out: Vec<usize> = (0..parts.len())
        .filter(|&c| grid.holds(&cells[c]) && cells[c].columns.end <= edge)
        .filter(|&c| actors::is_value(stream, &parts[c], column))
        .collect();
    out.sort_by_key(|&c| cells[c].rows.start);
    out
}

fn rows(
    ledger: &mut Ledger<'_, '_>,
    grid: Grid<'_>,
    form: &TableForm,
    record: &[Name],
    parts: &[Vec<Range<u32>>],
    context: &Context,
) -> Vec<Record> {
    let cells = &grid.table.cells;
    let said: Vec<Column> =
        record.iter().map(|n| head::column(ledger.stream, &parts[n.cell], context)).collect();
    let mut names = BTreeMap::new();
    for name in record {
        let text = ledger.take(&[parts[name.cell].clone()]);
        names.insert(form.columns[name.column].name.clone(), text);
    }
    let of =
        |values: &[usize]| -> Vec<Range<u32>> { values.iter().flat_map(|&c| parts[c].clone()).collect() };
    let who = actors_at_the_left(ledger.stream, grid, form, record, parts);
    let several = side_by_side(grid, form, record, &who, parts);
    // The grid columns of each record.
    let spans: Vec<Range<u32>> = match &several {
        Some(starts) => {
            let ends = starts.iter().skip(1).copied().chain([u32::MAX]);
            starts.iter().zip(ends).map(|(&start, end)| start..end).collect()
        }
        None => std::iter::once(0..u32::MAX).collect(),
    };
    let actor = form.columns.iter().position(|c| c.kind == ColumnKind::Actor);
    let named = actor.and_then(|a| record.iter().find(|n| n.column == a));
    let beside = actor.and_then(|a| {
        let name = &form.columns[a].name;
        form.columns.iter().position(|c| c.beside.as_ref() == Some(name))
    });
    let mut out = Vec::new();
    for span in spans {
        let within = |c: &usize| span.contains(&cells[*c].columns.start);
        let mut base = Row::new();
        for (name, said) in record.iter().zip(&said) {
            let column = &form.columns[name.column];
            if column.kind != ColumnKind::Actor {
                let own: Vec<usize> = name.values.iter().copied().filter(within).collect();
                let cell = value::of_column(ledger, &of(&own), column, said, context);
                base.insert(column.name.clone(), cell);
            }
        }
        value::doubt_nameless(form, &mut base);
        // Of each who acts: the name, and what stands to its right.
        let roles: Vec<(usize, Vec<usize>)> = match named {
            Some(name) if several.is_none() => {
                let mut lines: Vec<u32> = name.values.iter().map(|&c| cells[c].rows.start).collect();
                lines.sort_unstable();
                lines.dedup();
                let on = |line| name.values.iter().copied().filter(move |&c| cells[c].rows.start == line);
                let split = |line| on(line).next().map(|who| (who, on(line).skip(1).collect()));
                lines.into_iter().filter_map(split).collect()
            }
            _ => {
                let own = |w: usize| {
                    let level = |c: &usize| {
                        cells[*c].rows.start < cells[w].rows.end && cells[w].rows.start < cells[*c].rows.end
                    };
                    let right = |c: &usize| cells[*c].columns.start >= cells[w].columns.end;
                    (0..cells.len())
                        .filter(|c| grid.holds(&cells[*c]) && level(c) && right(c) && !who.contains(c))
                        // What one cell says of several records it says of each.
                        .filter(|&c| cells[c].columns.start < span.end && span.start < cells[c].columns.end)
                        .collect()
                };
                who.iter().map(|&w| (w, own(w))).collect()
            }
        };
        let (Some(a), Some(beside), false) = (actor, beside, roles.is_empty()) else {
            out.push((base, std::mem::take(&mut names)));
            continue;
        };
        for (who, what) in roles {
            let mut row = base.clone();
            let plain = Column::default();
            let who = value::cell(ledger, &parts[who], ColumnKind::Actor, &plain, context);
            let what = value::cell(ledger, &of(&what), form.columns[beside].kind, &plain, context);
            row.insert(form.columns[a].name.clone(), who);
            row.insert(form.columns[beside].name.clone(), what);
            out.push((row, std::mem::take(&mut names)));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet, texts};

    fn heading(title: &str) -> Page {
        Page::default().text(30.0, 30.0, title)
    }

    #[test]
    fn names_to_the_left_of_their_values() {
        let mut page =
            heading("６ 精神障害にも対応した地域包括ケアシステムの構築に向けた今年度の取組スケジュール");
        let entries =
            [("令和2年7月", "協議の場の開催", "方針を確認する"), ("令和2年9月", "研修会", "事例を学ぶ")];
        for (i, (period, item, content)) in entries.iter().enumerate() {
            let top = 50.0 + 70.0 * i as f32;
            page = page.grid(&[30.0, 130.0, 560.0], &[top, top + 20.0, top + 40.0, top + 60.0]);
            for (k, (name, value)) in
                [("時期（月）", period), ("実施する項目", item), ("実施する内容", content)].iter().enumerate()
            {
                let y = top + 14.0 + 20.0 * k as f32;
                page = page.text(35.0, y, name).text(135.0, y, value);
            }
        }
        let sheet = sheet(&[page]);
        let rows: Vec<(&str, &str, &str)> = sheet.tables["schedule"]
            .iter()
            .map(|r| (r["period"].text.as_str(), r["item"].text.as_str(), r["content"].text.as_str()))
            .collect();
        assert_eq!(rows, entries);
    }

    #[test]
    fn names_over_their_values() {
        let page = heading("４ 精神障害にも対応した地域包括ケアシステム構築に資する取組の成果・効果")
            .grid(&[30.0, 250.0, 400.0, 560.0], &[50.0, 70.0, 90.0])
            .grid(&[30.0, 560.0], &[90.0, 110.0, 130.0])
            .text(35.0, 64.0, "課題解決の達成度を測る指標")
            .text(255.0, 64.0, "目標値（R2年度当初）")
            .text(405.0, 64.0, "実績値（R2年度末）")
            .text(35.0, 84.0, "①研修会の開催回数")
            .text(255.0, 84.0, "20回")
            .text(405.0, 84.0, "12回")
            .text(35.0, 104.0, "具体的な成果・効果")
            .text(35.0, 124.0, "理解が深まった。");
        let sheet = sheet(&[page]);
        let [row] = sheet.tables["outcomes"].as_slice() else { panic!("{:?}", sheet.tables["outcomes"]) };
        assert_eq!(row["indicator"].text, "①研修会の開催回数");
        assert_eq!(row["target"].value.unwrap().0, 20.into());
        assert_eq!(row["actual"].value.unwrap().0, 12.into());
        assert_eq!(row["narrative"].text, "理解が深まった。");
    }

    #[test]
    fn actors_of_a_record() {
        let page = heading("４ 精神障害にも対応した地域包括ケアシステムの構築に向けた強みと課題")
            .grid(&[30.0, 200.0, 560.0], &[50.0, 70.0, 90.0])
            .grid(&[30.0, 200.0], &[90.0, 130.0])
            .grid(&[200.0, 300.0, 560.0], &[90.0, 110.0, 130.0])
            .text(35.0, 64.0, "課題")
            .text(205.0, 64.0, "人材の不足")
            .text(35.0, 84.0, "課題解決に向けた取組方針")
            .text(205.0, 84.0, "研修を行う")
            .text(35.0, 114.0, "課題・方針に対する役割（取組）")
            .text(205.0, 104.0, "行政")
            .text(305.0, 104.0, "企画")
            .text(205.0, 124.0, "医療")
            .text(305.0, 124.0, "受入れ");
        let sheet = sheet(&[page]);
        assert_eq!(
            texts(&sheet, "issues", ["issue", "policy", "actor", "content"]),
            [["人材の不足", "研修を行う", "行政", "企画"], ["人材の不足", "研修を行う", "医療", "受入れ"]]
        );
    }

    #[test]
    fn a_number_and_the_next_name_in_one_cell() {
        let page = heading("４ 精神障害にも対応した地域包括ケアシステムの構築に向けた強みと課題")
            .grid(&[30.0, 200.0, 420.0, 560.0], &[50.0, 70.0, 90.0, 110.0])
            .text(35.0, 64.0, "指標")
            .text(205.0, 64.0, "研修の受講者数")
            .text(35.0, 84.0, "指標の設定理由")
            .text(205.0, 84.0, "人材の育成")
            .text(35.0, 104.0, "現状値")
            .text(300.0, 104.0, "64目標値（R3）")
            .text(425.0, 104.0, "85");
        let sheet = sheet(&[page]);
        let row = &sheet.tables["indicators"][0];
        assert_eq!(row["current"].value.map(|v| v.0), Some(64.into()));
        assert_eq!(row["target"].value.map(|v| v.0), Some(85.into()));
    }

    #[test]
    fn actors_in_the_rows_under_their_head() {
        let page = heading("４ 精神障害にも対応した地域包括ケアシステムの構築に向けた強みと課題")
            .grid(&[30.0, 200.0, 560.0], &[50.0, 70.0, 90.0])
            .grid(&[30.0, 560.0], &[90.0, 110.0])
            .grid(&[30.0, 200.0, 560.0], &[110.0, 130.0, 150.0])
            .text(35.0, 64.0, "課題")
            .text(205.0, 64.0, "人材の不足")
            .text(35.0, 84.0, "取組方針")
            .text(205.0, 84.0, "研修を行う")
            .text(35.0, 104.0, "課題・方針に対する役割（取組）")
            .text(35.0, 124.0, "行政")
            .text(205.0, 124.0, "企画")
            .text(35.0, 144.0, "医療")
            .text(205.0, 144.0, "受入れ");
        assert_eq!(
            texts(&sheet(&[page]), "issues", ["issue", "policy", "actor", "content"]),
            [["人材の不足", "研修を行う", "行政", "企画"], ["人材の不足", "研修を行う", "医療", "受入れ"]]
        );
    }

    #[test]
    fn records_side_by_side_with_actors_down_the_left() {
        let mut page = heading("４ 精神障害にも対応した地域包括ケアシステムの構築に向けた強みと課題")
            .grid(&[30.0, 200.0, 380.0, 560.0], &[50.0, 70.0, 90.0, 110.0, 130.0]);
        let rows = [
            ["課題", "人材の不足", "住まい"],
            ["課題解決に向けた取組方針", "研修を行う", "会議を開く"],
            ["行政", "企画", "住宅部局との協議"],
            ["医療", "", "評価"],
        ];
        for (r, row) in rows.iter().enumerate() {
            for (c, text) in row.iter().enumerate() {
                page = page.text([35.0, 205.0, 385.0][c], 64.0 + 20.0 * r as f32, text);
            }
        }
        assert_eq!(
            texts(&sheet(&[page]), "issues", ["issue", "policy", "actor", "content"]),
            [
                ["人材の不足", "研修を行う", "行政", "企画"],
                ["人材の不足", "研修を行う", "医療", ""],
                ["住まい", "会議を開く", "行政", "住宅部局との協議"],
                ["住まい", "会議を開く", "医療", "評価"],
            ]
        );
    }
}
