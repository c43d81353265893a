//! Tables whose heads are not printed: a column of dates, and as many others as the form has, in its order.

use std::ops::Range;

use chohyo_normalize::Context;

use crate::form::{ColumnKind, TableForm};
use crate::grid::Grid;
use crate::ledger::Ledger;
use crate::sheet::Row;
use crate::value::{self, Column};

/// The parts of each cell of a row, column by column.
type Entry = Vec<Vec<Range<u32>>>;

/// The rows of such grids; none where one of them is no such table.
pub(crate) fn rows(
    ledger: &mut Ledger<'_, '_>,
    form: &TableForm,
    grids: &[Grid<'_>],
    context: &Context,
) -> Vec<Row> {
    let mut all: Vec<Entry> = Vec::new();
    for grid in grids {
        let Some(own) = entries(ledger, form, *grid, context) else { return Vec::new() };
        all.extend(own);
    }
    if all.len() < 2 {
        return Vec::new();
    }
    let plain = Column::default();
    let cells = all.into_iter().map(|entry| {
        let columns = form.columns.iter().zip(entry);
        columns
            .map(|(c, parts)| (c.name.clone(), value::of_column(ledger, &parts, c, &plain, context)))
            .collect()
    });
    cells.collect()
}

/// The cells of each row, column by column; `None` unless each row has a cell in each column, and begins with a date.
fn entries(
    ledger: &Ledger<'_, '_>,
    form: &TableForm,
    grid: Grid<'_>,
    context: &Context,
) -> Option<Vec<Entry>> {
    let stream = ledger.stream;
    let count = form.columns.len();
    let dated = form.columns.first().is_some_and(|c| c.kind == ColumnKind::Period);
    if !dated || grid.table.columns as usize != count || form.columns.iter().any(|c| c.headers.is_empty()) {
        return None;
    }
    let mut rows: Vec<Vec<Vec<Range<u32>>>> = vec![vec![Vec::new(); count]; grid.table.rows as usize];
    for (c, cell) in grid.table.cells.iter().enumerate() {
        let parts = grid.parts(stream, c);
        if cell.rows.len() != 1 || cell.columns.len() != 1 || !parts.iter().all(|p| ledger.is_free(p.clone()))
        {
            return None;
        }
        let row = rows.get_mut(cell.rows.start as usize)?;
        *row.get_mut(cell.columns.start as usize)? = parts.to_vec();
    }
    let is_dated = |row: &Vec<Vec<Range<u32>>>| {
        let text: String = row[0].iter().map(|p| stream.printed_text(p.clone())).collect();
        chohyo_normalize::period(&text, context).is_some_and(|p| p.start.is_some()) && !row[1].is_empty()
    };
    rows.iter().all(is_dated).then_some(rows)
}

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet, texts};

    #[test]
    fn dates_and_two_texts_without_heads() {
        let page = Page::default()
            .text(
                30.0,
                30.0,
                "６ 精神障害にも対応した地域包括ケアシステムの構築に向けた今年度の取組スケジュール",
            )
            .grid(&[30.0, 130.0, 250.0, 560.0], &[50.0, 84.0, 104.0])
            .text(35.0, 70.0, "令和2年7月")
            .text(135.0, 64.0, "協議の場（全体会")
            .text(135.0, 78.0, "議）の開催")
            .text(255.0, 70.0, "方針を確認する")
            .text(35.0, 98.0, "通年")
            .text(135.0, 98.0, "部会 研修会")
            .text(255.0, 98.0, "事例を学ぶ");
        assert_eq!(
            texts(&sheet(&[page]), "schedule", ["period", "item", "content"]),
            [
                ["令和2年7月", "協議の場（全体会議）の開催", "方針を確認する"],
                ["通年", "部会 研修会", "事例を学ぶ"]
            ]
        );
    }
}
