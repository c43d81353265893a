//! Heads that stand over a table rather than in it: rules and fills may begin below them.

use std::collections::BTreeMap;
use std::ops::Range;

use chohyo_layout::BBox;
use chohyo_normalize::Context;

use crate::actors;
use crate::form::{ColumnKind, TableForm};
use crate::grid::{Grid, Placement};
use crate::head;
use crate::ledger::Ledger;
use crate::sheet::Text;

/// How far above the table a head may stand, in heights of its line.
const REACH: f32 = 4.0;

/// Places the columns of a form by the heads over the grid: each over the column that its middle, or most of
/// it, is over.
pub(crate) fn place(
    ledger: &mut Ledger<'_, '_>,
    grid: Grid<'_>,
    tables: &[TableForm],
    context: &Context,
) -> Option<(Placement, BTreeMap<String, Text>)> {
    let stream = ledger.stream;
    let above = above(ledger, grid);
    let is = |column: &crate::form::ColumnForm, part: &Range<u32>| {
        head::is_head(stream, std::slice::from_ref(part), column)
    };
    let (index, form) = head::best(tables, |column| above.iter().any(|(p, _)| is(column, p)))?;
    let edges = edges(grid);
    let mut placement = Placement::new(index, form);
    let mut heads = BTreeMap::new();
    // The column of the form, its grid column, the head's edges.
    let mut placed: Vec<(usize, usize, (f32, f32))> = Vec::new();
    for (i, column) in form.columns.iter().enumerate() {
        let Some((part, b)) = above.iter().find(|(p, _)| is(column, p)) else { continue };
        let middle = b.center().0;
        let at = edges.iter().position(|e| e.0 <= middle && middle < e.1)?;
        placed.push((i, at, (b.x0, b.x1)));
        let said = head::column(stream, &wrapped(&above, part, b), context);
        placement.columns[i] = Some((edges[at].0, edges[at].1, said));
    }
    for &(i, at, own) in &placed {
        let others: Vec<usize> = placed.iter().filter(|p| p.1 == at).map(|p| p.0).collect();
        if others.len() > 1 {
            // Two heads over one column: numbers can be parted between them, text cannot.
            if others.iter().any(|&o| form.columns[o].kind != ColumnKind::Value) {
                return None;
            }
            placement.shared[i] = Some(own);
        }
    }
    for &(i, ..) in &placed {
        let Some((part, b)) = above.iter().find(|(p, _)| is(&form.columns[i], p)) else { continue };
        let parts = wrapped(&above, part, b);
        heads.insert(form.columns[i].name.clone(), ledger.take(&[parts]));
    }
    actors::place(stream, grid, form, &grid.all_parts(stream), &mut placement);
    Some((placement, heads))
}

/// Takes the heads over a grid that has the other heads of its table in it: the upper one of two rows of heads.
pub(crate) fn take_missing(
    ledger: &mut Ledger<'_, '_>,
    grid: Grid<'_>,
    form: &TableForm,
    heads: &mut BTreeMap<String, Text>,
) {
    let missing =
        form.columns.iter().filter(|c| !c.headers.is_empty()).filter(|c| !heads.contains_key(&c.name));
    let missing: Vec<_> = missing.collect();
    if missing.is_empty() {
        return;
    }
    let above = above(ledger, grid);
    for column in missing {
        let is = |p: &Range<u32>| head::is_head(ledger.stream, std::slice::from_ref(p), column);
        if let Some((part, b)) = above.iter().find(|(p, _)| is(p)) {
            let text = ledger.take(&[wrapped(&above, part, b)]);
            heads.insert(column.name.clone(), text);
        }
    }
}

/// The free fields of lines that stand close over the grid, in no table.
pub(crate) fn above(ledger: &Ledger<'_, '_>, grid: Grid<'_>) -> Vec<(Range<u32>, BBox)> {
    let stream = ledger.stream;
    let top = grid.table.bbox.top;
    stream
        .lines
        .iter()
        .filter(|l| l.page == grid.page && l.cell.is_none() && !l.atoms.is_empty())
        .flat_map(|l| stream.fields_in(l.atoms.clone()))
        .filter(|f| ledger.is_free(f.clone()))
        .filter_map(|f| stream.bbox(f.clone()).map(|b| (f, b)))
        .filter(|(_, b)| b.center().1 < top && b.top > top - REACH * b.height())
        .collect()
}

/// A head and the lines below it that it wraps into: its own bracket, not yet closed, goes on in them.
fn wrapped(above: &[(Range<u32>, BBox)], part: &Range<u32>, b: &BBox) -> Vec<Range<u32>> {
    let mut parts = vec![part.clone()];
    let mut last = *b;
    for (next, below) in above {
        let near = below.top >= last.top + 1.0 && below.top - last.bottom < 0.75 * last.height();
        if next.start == parts[parts.len() - 1].end && near && below.overlap_x(&last) > 0.0 {
            parts.push(next.clone());
            last = *below;
        }
    }
    parts
}

/// Left and right edge of each grid column; what stands between two columns belongs to the one before.
fn edges(grid: Grid<'_>) -> Vec<(f32, f32)> {
    let left: Vec<f32> = (0..grid.table.columns)
        .map(|c| {
            let starts = grid.table.cells.iter().filter(|cell| cell.columns.start == c);
            starts.map(|cell| cell.bbox.x0).fold(f32::INFINITY, f32::min)
        })
        .filter(|x| x.is_finite())
        .collect();
    let mut edges: Vec<(f32, f32)> = left.windows(2).map(|w| (w[0], w[1])).collect();
    edges.extend(left.last().map(|x| (*x, grid.table.bbox.x1.max(*x + 1.0))));
    edges
}

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet};

    #[test]
    fn heads_over_a_grid() {
        let page = Page::default()
            .text(
                30.0,
                30.0,
                "６ 精神障害にも対応した地域包括ケアシステムの構築に向けた今年度の取組スケジュール",
            )
            .text(35.0, 64.0, "時期（月）")
            .text(135.0, 64.0, "実施する項目")
            .text(330.0, 64.0, "実施する内容")
            .grid(&[30.0, 130.0, 250.0, 560.0], &[70.0, 90.0, 110.0])
            .text(35.0, 84.0, "令和2年7月")
            .text(135.0, 84.0, "協議の場の開催")
            .text(255.0, 84.0, "方針を確認する")
            .text(35.0, 104.0, "令和2年9月")
            .text(135.0, 104.0, "研修会")
            .text(255.0, 104.0, "事例を学ぶ");
        let sheet = sheet(&[page]);
        let rows: Vec<(&str, &str, &str)> = sheet.tables["schedule"]
            .iter()
            .map(|r| (r["period"].text.as_str(), r["item"].text.as_str(), r["content"].text.as_str()))
            .collect();
        assert_eq!(
            rows,
            [("令和2年7月", "協議の場の開催", "方針を確認する"), ("令和2年9月", "研修会", "事例を学ぶ")]
        );
        assert_eq!(sheet.columns["schedule"]["content"].text, "実施する内容");
    }
}
