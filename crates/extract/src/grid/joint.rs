//! Cells that hold more than a column of the form has: the number of a row before its text, and two values in one cell.

use std::ops::Range;

use chohyo_normalize::Context;

use super::{Grid, Placement};
use crate::cards;
use crate::figure::{Content, figure};
use crate::form::{ColumnForm, ColumnKind, TableForm};
use crate::head;
use crate::stream::Stream;
use crate::value::Column;

/// Characters that the head of a column of row numbers has.
const NUMBER_HEAD: u32 = 3;

/// A head behind that of a column of row numbers, which the layout took for one with its own: its parts, and where
/// what stands before it ends.
pub(super) fn behind_number(
    stream: &Stream<'_>,
    cell: &[Range<u32>],
    column: &ColumnForm,
) -> Option<(Vec<Range<u32>>, f32)> {
    let fields: Vec<Range<u32>> = cell.iter().flat_map(|p| stream.fields_in(p.clone())).collect();
    let (number, own) = fields.split_first()?;
    let left = stream.bbox(own.first()?.clone())?.x0;
    let edge = stream.bbox(number.clone())?.x1;
    (number.len() as u32 <= NUMBER_HEAD && edge < left && head::is_head(stream, own, column))
        .then(|| (own.to_vec(), edge))
}

/// Takes the numbers of the rows from before the texts of their column.
pub(super) fn without_numbers(stream: &Stream<'_>, placement: &Placement, parts: &mut [Vec<Range<u32>>]) {
    for (own, edge) in parts.iter_mut().zip(&placement.numbers) {
        let Some(edge) = edge else { continue };
        for part in own.iter_mut() {
            let Some(number) = stream.fields_in(part.clone()).next() else { continue };
            let before = stream.bbox(number.clone()).is_some_and(|b| b.x1 <= edge + 1.0);
            let figure = figure(stream, number.clone());
            if before && figure.is_some_and(|f| matches!(f.content, Content::Number(..))) {
                part.start = number.end;
            }
        }
        own.retain(|p| !p.is_empty());
    }
}

/// Places the columns of numbers whose heads share one cell (目標値・実績値): each of its values says its name, or they
/// stand in the order of the heads.
pub(super) fn place(
    stream: &Stream<'_>,
    grid: Grid<'_>,
    parts: &[&[Range<u32>]],
    form: &TableForm,
    context: &Context,
    placement: &mut Placement,
) -> Option<usize> {
    let open: Vec<usize> = (0..form.columns.len())
        .filter(|&i| form.columns[i].kind == ColumnKind::Value && placement.columns[i].is_none())
        .collect();
    if open.len() < 2 {
        return None;
    }
    let (cell, order) =
        parts.iter().enumerate().find_map(|(c, cell)| Some((c, joint(stream, cell, form, &open)?)))?;
    let own = &grid.table.cells[cell];
    placement.first_row = placement.first_row.max(own.rows.end);
    let said = head::column(stream, parts[cell], context);
    for &column in &order {
        // A date that stands over both is that of none.
        let said = Column { as_of: None, unit: said.unit.clone() };
        placement.columns[column] = Some((own.bbox.x0, own.bbox.x1, said));
    }
    placement.joint = order;
    Some(cell)
}

/// The columns whose heads these parts are, one behind the other with a mark between them.
fn joint(stream: &Stream<'_>, cell: &[Range<u32>], form: &TableForm, open: &[usize]) -> Option<Vec<usize>> {
    let text: Vec<char> =
        cell.iter().flat_map(|p| &stream.atoms[p.start as usize..p.end as usize]).map(|a| a.ch).collect();
    let mut rest = text.as_slice();
    let mut order = Vec::new();
    while !rest.is_empty() && order.len() < open.len() {
        let begins = |h: &&crate::form::Alias| rest.starts_with(&h.canonical);
        let longest = |i: &usize| {
            let heads = form.columns[*i].headers.iter().filter(begins);
            heads.map(|h| h.canonical.len()).max().map(|length| (length, *i))
        };
        let (length, column) = open.iter().filter(|i| !order.contains(*i)).filter_map(longest).max()?;
        order.push(column);
        rest = &rest[length..];
        let marks = rest
            .iter()
            .take_while(|c| matches!(c, '・' | '/' | '、' | ',' | '及' | 'び' | 'と' | '|'))
            .count();
        rest = &rest[marks..];
    }
    (order.len() == open.len() && rest.is_empty()).then_some(order)
}

/// Gives each of the columns that share a cell what of it is theirs; those that cannot be told get nothing. What their
/// names in the cell say, and where these stand.
pub(super) fn part(
    stream: &Stream<'_>,
    form: &TableForm,
    context: &Context,
    placement: &Placement,
    parts: &mut [Vec<Range<u32>>],
) -> Vec<(usize, Column, Range<u32>)> {
    let Some(&first) = placement.joint.first() else { return Vec::new() };
    let cell = std::mem::take(&mut parts[first]);
    let mut said = Vec::new();
    let mut last: Option<usize> = None;
    for &column in &placement.joint {
        parts[column].clear();
    }
    for line in &cell {
        let mut rest = line.clone();
        for field in stream.fields_in(line.clone()) {
            let Some((column, name)) = cards::name_at(stream, form, field.start, line.end) else { continue };
            if !placement.joint.contains(&column) {
                continue;
            }
            if let Some(last) = last.filter(|_| rest.start < field.start) {
                parts[last].push(rest.start..field.start);
            }
            let own = head::column(stream, std::slice::from_ref(&name), context);
            rest.start = name.end;
            said.push((column, own, name));
            last = Some(column);
        }
        if let Some(last) = last.filter(|_| !rest.is_empty()) {
            parts[last].push(rest);
        }
    }
    if !said.is_empty() {
        return said;
    }
    let values = in_order(stream, &cell);
    if values.len() == placement.joint.len() {
        for (&column, value) in placement.joint.iter().zip(values) {
            parts[column].push(value);
        }
    }
    said
}

/// The values of a cell: one a line, or with a stroke between them.
fn in_order(stream: &Stream<'_>, cell: &[Range<u32>]) -> Vec<Range<u32>> {
    let [line] = cell else { return cell.to_vec() };
    let mut out = Vec::new();
    let mut start = line.start;
    for at in line.clone() {
        if stream.atoms[at as usize].ch == '/' {
            out.push(start..at);
            start = at + 1;
        }
    }
    out.push(start..line.end);
    out.retain(|p| !p.is_empty());
    out
}

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet, texts};

    fn outcomes(value: [&str; 2]) -> Vec<[String; 3]> {
        let page = Page::default()
            .text(30.0, 30.0, "４ 精神障害にも対応した地域包括ケアシステム構築に資する取組の成果・効果")
            .grid(&[30.0, 200.0, 380.0, 560.0], &[50.0, 70.0, 110.0])
            .text(35.0, 64.0, "課題解決の達成度を測る指標")
            .text(205.0, 64.0, "目標値・実績値")
            .text(385.0, 64.0, "具体的な成果・効果")
            .text(35.0, 84.0, "研修会の参加者数")
            .text(205.0, 84.0, value[0])
            .text(205.0, 98.0, value[1])
            .text(385.0, 84.0, "増えた。");
        let sheet = sheet(&[page]);
        texts(&sheet, "outcomes", ["indicator", "target", "actual"])
            .into_iter()
            .map(|row| row.map(str::to_owned))
            .collect()
    }

    #[test]
    fn two_values_in_one_cell() {
        let named = ["目標値（R2年度当初）：60人", "実績値（R2年度末）：39人"];
        for values in [named, ["60人", "39人"]] {
            assert_eq!(outcomes(values), [["研修会の参加者数", "60人", "39人"]], "{values:?}");
        }
    }
}
