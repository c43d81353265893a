//! Tables of dates and texts that are told by the head of their dates alone: what was done stands in one or more
//! columns whose heads no form can know (体制・会議, 事業・研修).

use std::ops::Range;

use chohyo_normalize::Context;

use super::{Grid, Placement};
use crate::form::{ColumnKind, TableForm};
use crate::head;
use crate::stream::Stream;
use crate::value::Column;

/// The two columns of a form's table that has nothing but dates and a text.
fn columns(form: &TableForm) -> Option<(usize, usize)> {
    let [a, b] = form.columns.as_slice() else { return None };
    match (a.kind, b.kind) {
        (ColumnKind::Period, ColumnKind::Text) => Some((0, 1)),
        (ColumnKind::Text, ColumnKind::Period) => Some((1, 0)),
        _ => None,
    }
}

/// The head of the dates: the first cell of the grid's first row.
fn head_of(stream: &Stream<'_>, grid: Grid<'_>, form: &TableForm, parts: &[&[Range<u32>]]) -> Option<usize> {
    let (period, _) = columns(form)?;
    (0..parts.len()).find(|&c| {
        let cell = &grid.table.cells[c];
        cell.rows.start == grid.rows.0
            && cell.columns.start == grid.columns.0
            && head::is_head(stream, parts[c], &form.columns[period])
    })
}

/// The table of the form that a grid is whose first column is a head of dates over dates.
pub(super) fn table<'f>(
    stream: &Stream<'_>,
    grid: Grid<'_>,
    tables: &'f [TableForm],
    parts: &[&[Range<u32>]],
    context: &Context,
) -> Option<(usize, &'f TableForm)> {
    tables.iter().enumerate().find(|(_, form)| {
        let Some(head) = head_of(stream, grid, form, parts) else { return false };
        let own = &grid.table.cells[head];
        let below = (0..parts.len()).filter(|&c| {
            let cell = &grid.table.cells[c];
            cell.rows.start >= own.rows.end && cell.columns == own.columns && !parts[c].is_empty()
        });
        let (mut dates, mut all) = (0, 0);
        for cell in below {
            let text: String = parts[cell].iter().map(|p| stream.printed_text(p.clone())).collect();
            let date = chohyo_normalize::period(&text, context);
            all += 1;
            dates += usize::from(date.is_some_and(|d| d.start.is_some() || d.end.is_some()));
        }
        all >= 2 && 3 * dates >= 2 * all
    })
}

/// Gives the text all columns to the right of the dates, where its own head was not found: their heads.
pub(super) fn place(
    stream: &Stream<'_>,
    grid: Grid<'_>,
    form: &TableForm,
    parts: &[&[Range<u32>]],
    placement: &mut Placement,
) -> Option<(usize, Vec<Range<u32>>)> {
    let (period, text) = columns(form)?;
    if placement.columns[period].is_none() || placement.columns[text].is_some() {
        return None;
    }
    let own = &grid.table.cells[head_of(stream, grid, form, parts)?];
    let mut heads: Vec<usize> = (0..parts.len())
        .filter(|&c| {
            let cell = &grid.table.cells[c];
            cell.rows.start == own.rows.start && cell.columns.start >= own.columns.end && grid.holds(cell)
        })
        .collect();
    heads.sort_by_key(|&c| grid.table.cells[c].columns.start);
    let right = heads.iter().map(|&c| grid.table.cells[c].bbox.x1).reduce(f32::max)?;
    placement.columns[text] = Some((own.bbox.x1, right, Column::default()));
    Some((text, heads.into_iter().flat_map(|c| parts[c]).cloned().collect()))
}

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet, texts};

    #[test]
    fn what_was_done_in_two_columns() {
        let page = Page::default()
            .text(30.0, 30.0, "３ 精神障害にも対応した地域包括ケアシステムの構築に向けた取組の経緯")
            .grid(&[30.0, 150.0, 350.0, 560.0], &[50.0, 70.0, 90.0, 110.0])
            .text(35.0, 64.0, "年度")
            .text(155.0, 64.0, "体制・会議")
            .text(355.0, 64.0, "事業・研修")
            .text(35.0, 84.0, "平成29年度")
            .text(155.0, 84.0, "協議の場を設置")
            .text(355.0, 84.0, "手引きを改訂")
            .text(35.0, 104.0, "平成30年度")
            .text(355.0, 104.0, "講演会を開催");
        assert_eq!(
            texts(&sheet(&[page]), "history", ["period", "content"]),
            [["平成29年度", "協議の場を設置\n手引きを改訂"], ["平成30年度", "講演会を開催"]]
        );
    }
}
