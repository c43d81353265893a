//! Entries of a table: which of the grid's rows are one, and which one holds several.

use std::ops::Range;

use chohyo_layout::BBox;

use crate::form::{ColumnKind, TableForm};
use crate::grid::{Grid, Placement, cells_of};
use crate::stream::Stream;

/// The grid rows as the cells of each column, those that hold one entry taken together.
///
/// Where no ruling bounds the rows, their number is a guess from the lines of text: rows that share the cell of
/// the first text column, or all cells but it, are one entry whose lines do not stand at the same heights.
pub(crate) fn entries(
    stream: &Stream<'_>,
    grid: Grid<'_>,
    form: &TableForm,
    placement: &Placement,
) -> Vec<(u32, Vec<Vec<usize>>)> {
    let rows = (placement.first_row.max(grid.rows.0)..grid.rows.1).map(|r| {
        let cells: Vec<Vec<usize>> =
            placement.columns.iter().map(|c| cells_of(grid, r, c.as_ref())).collect();
        (r, cells)
    });
    let anchor = form.columns.iter().position(|c| c.kind == ColumnKind::Text);
    let actors = form.columns.iter().any(|c| c.kind == ColumnKind::Actor);
    let Some(anchor) = anchor.filter(|_| !grid.table.ruled && !actors) else { return rows.collect() };
    let mut out: Vec<(u32, Vec<Vec<usize>>)> = Vec::new();
    for (r, cells) in rows {
        let Some((_, last)) = out.last_mut() else {
            out.push((r, cells));
            continue;
        };
        let shares = |i: usize| cells[i].iter().any(|c| last[i].contains(c));
        let others: Vec<usize> = (0..cells.len()).filter(|&i| i != anchor && !cells[i].is_empty()).collect();
        // The tail of a text that wraps: nothing of its own but a line in some other column.
        let tail = cells[anchor].iter().all(|&c| grid.parts(stream, c).is_empty());
        let tail = tail && others.iter().any(|&i| shares(i));
        if shares(anchor) || tail || others.len() >= 2 && others.iter().all(|&i| shares(i)) {
            for (all, own) in last.iter_mut().zip(cells) {
                let new: Vec<usize> = own.into_iter().filter(|c| !all.contains(c)).collect();
                all.extend(new);
            }
        } else {
            out.push((r, cells));
        }
    }
    out
}

/// Rows that share the cell of their period are one entry, where the form has nothing but a text beside it: that
/// holds the items of the entry, each ruled off or not.
pub(crate) fn joined(form: &TableForm, rows: Vec<(u32, Vec<Vec<usize>>)>) -> Vec<(u32, Vec<Vec<usize>>)> {
    if let Some(actor) = form.columns.iter().position(|c| c.kind == ColumnKind::Actor) {
        return joined_roles(actor, rows);
    }
    let [a, b] = form.columns.as_slice() else { return rows };
    let period = match (a.kind, b.kind) {
        (ColumnKind::Period, ColumnKind::Text) => 0,
        (ColumnKind::Text, ColumnKind::Period) => 1,
        _ => return rows,
    };
    let mut out: Vec<(u32, Vec<Vec<usize>>)> = Vec::new();
    for (r, cells) in rows {
        match out.last_mut() {
            Some((_, last)) if !cells[period].is_empty() && last[period] == cells[period] => {
                for (all, own) in last.iter_mut().zip(cells) {
                    let new: Vec<usize> = own.into_iter().filter(|c| !all.contains(c)).collect();
                    all.extend(new);
                }
            }
            _ => out.push((r, cells)),
        }
    }
    out
}

/// Rows that share the cell of those who act, and the first one, are one entry with several texts between.
fn joined_roles(actor: usize, rows: Vec<(u32, Vec<Vec<usize>>)>) -> Vec<(u32, Vec<Vec<usize>>)> {
    let mut out: Vec<(u32, Vec<Vec<usize>>)> = Vec::new();
    for (r, cells) in rows {
        let same = |last: &[Vec<usize>]| {
            let shares = |i: usize| !cells[i].is_empty() && cells[i] == last[i];
            actor > 0 && shares(0) && shares(actor) && cells != last
        };
        match out.last_mut().filter(|(_, last)| same(last)) {
            Some((_, last)) => {
                for (all, own) in last.iter_mut().zip(cells) {
                    let new: Vec<usize> = own.into_iter().filter(|c| !all.contains(c)).collect();
                    all.extend(new);
                }
            }
            None => out.push((r, cells)),
        }
    }
    out
}

/// Splits one grid row that holds several entries without a ruling between them.
///
/// Blocks of lines are parted by a gap of more than a line. The entries are those of the first text column;
/// a block of another column belongs to the entry at whose height it begins.
pub(crate) fn bands(
    stream: &Stream<'_>,
    form: &TableForm,
    parts: &[Vec<Range<u32>>],
) -> Vec<Vec<Vec<Range<u32>>>> {
    let whole = || vec![parts.to_vec()];
    let Some(period) = form.columns.iter().position(|c| c.kind == ColumnKind::Period) else { return whole() };
    let Some(anchor) = form.columns.iter().position(|c| c.kind == ColumnKind::Text) else { return whole() };
    let blocks: Vec<Vec<(f32, Vec<Range<u32>>)>> = parts.iter().map(|p| blocks(stream, p)).collect();
    // A gap between paragraphs of one entry is no row: there must be a period for more than one, too.
    if blocks[period].len() < 2 || blocks[anchor].len() < blocks[period].len() {
        return whole();
    }
    let tops: Vec<f32> = blocks[anchor].iter().map(|b| b.0).collect();
    let slack = 4.0;
    let mut rows = vec![vec![Vec::new(); parts.len()]; tops.len()];
    for (c, column) in blocks.iter().enumerate() {
        for (top, block) in column {
            let at = tops.iter().rposition(|t| *t <= top + slack).unwrap_or(0);
            rows[at][c].extend(block.iter().cloned());
        }
    }
    rows
}

/// A period at the left of a table that is printed once stands for the rows below it, too, as one in a merged cell
/// does. Elsewhere a row without one has none.
pub(crate) fn carry_down(
    form: &TableForm,
    placement: &Placement,
    parts: &mut [Vec<Range<u32>>],
    above: &mut Vec<Range<u32>>,
) {
    let Some(period) = form.columns.iter().position(|c| c.kind == ColumnKind::Period) else { return };
    let left = |i: usize| placement.columns[i].as_ref().map_or(f32::INFINITY, |c| c.0);
    if (0..form.columns.len()).any(|i| left(i) < left(period)) {
        return;
    }
    if parts[period].is_empty() {
        parts[period].clone_from(above);
    } else {
        above.clone_from(&parts[period]);
    }
}

/// Lines of a cell grouped where no more than a line's height parts them, each with its top.
fn blocks(stream: &Stream<'_>, parts: &[Range<u32>]) -> Vec<(f32, Vec<Range<u32>>)> {
    let mut out: Vec<(f32, Vec<Range<u32>>)> = Vec::new();
    let mut last: Option<BBox> = None;
    for part in parts {
        let Some(b) = stream.bbox(part.clone()) else { continue };
        let near = last.is_some_and(|l| b.top - l.bottom < 0.75 * l.height() && b.top >= l.top - 1.0);
        match out.last_mut() {
            Some((_, block)) if near => block.push(part.clone()),
            _ => out.push((b.top, vec![part.clone()])),
        }
        last = Some(b);
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet};

    #[test]
    fn items_ruled_off_beside_one_year_are_one_entry() {
        let page = Page::default()
            .text(30.0, 30.0, "３ 精神障害にも対応した地域包括ケアシステムの構築に向けた取組の経緯")
            .grid(&[30.0, 150.0, 560.0], &[50.0, 70.0, 110.0, 130.0])
            .grid(&[150.0, 560.0], &[70.0, 90.0, 110.0])
            .text(35.0, 64.0, "年度")
            .text(155.0, 64.0, "内容")
            .text(35.0, 94.0, "平成29年度")
            .text(155.0, 84.0, "協議の場を設置")
            .text(155.0, 104.0, "手引きを改訂")
            .text(35.0, 124.0, "平成30年度")
            .text(155.0, 124.0, "講演会を開催");
        let sheet = sheet(&[page]);
        let rows: Vec<(&str, &str)> = sheet.tables["history"]
            .iter()
            .map(|r| (r["period"].text.as_str(), r["content"].text.as_str()))
            .collect();
        assert_eq!(rows, [("平成29年度", "協議の場を設置\n手引きを改訂"), ("平成30年度", "講演会を開催")]);
    }
}
