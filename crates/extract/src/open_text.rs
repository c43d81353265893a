//! Text columns of the form whose head a table does not print: a text under each of its rows, or the first line of
//! each cell of the column beside it.

use std::ops::Range;

use crate::anchor::Piece;
use crate::figure::figure;
use crate::form::{ColumnKind, TableForm};
use crate::grid::{Grid, Placement};
use crate::head;
use crate::open_table::{Entry, Head, level};
use crate::paragraph::paragraphs;
use crate::stream::Stream;

/// Lines of a text, or parts of them.
type Parts = Vec<Range<u32>>;

/// A text and the column of the form that it is of.
pub(crate) struct OpenText {
    pub column: usize,
    pub parts: Vec<Range<u32>>,
    /// The column's name, where it stands before the text.
    pub name: Vec<Range<u32>>,
}

/// The text columns of the form that have no place.
fn open_columns(form: &TableForm, placed: impl Fn(usize) -> bool) -> impl Iterator<Item = usize> {
    (0..form.columns.len()).filter(move |&i| {
        let column = &form.columns[i];
        column.kind == ColumnKind::Text && !column.headers.is_empty() && column.beside.is_none() && !placed(i)
    })
}

/// The only text column of the form that has no place.
pub(crate) fn open_column(form: &TableForm, placed: impl Fn(usize) -> bool) -> Option<usize> {
    let mut open = open_columns(form, placed);
    let only = open.next()?;
    open.next().is_none().then_some(only)
}

/// The text of a row that is one cell over all columns that were placed, numbers among them.
pub(crate) fn under(
    stream: &Stream<'_>,
    grid: Grid<'_>,
    form: &TableForm,
    placement: &Placement,
    cells: &[Vec<usize>],
) -> Option<OpenText> {
    let open = || open_columns(form, |i| placement.columns[i].is_some());
    if let Some(text) = open().find_map(|column| named_row(stream, grid, form, column, cells)) {
        return Some(text);
    }
    let placed: Vec<usize> = (0..cells.len()).filter(|&i| placement.columns[i].is_some()).collect();
    let values = placed.iter().any(|&i| form.columns[i].kind == ColumnKind::Value);
    let full = |i: &usize| cells[*i].iter().any(|&c| !grid.parts(stream, c).is_empty());
    let whole = placed.iter().copied().find(full)?;
    let cell = cells[whole].iter().copied().find(|&c| !grid.parts(stream, c).is_empty())?;
    let one = placed.iter().all(|&i| cells[i].iter().all(|&c| c == cell || grid.parts(stream, c).is_empty()));
    let spans = placed.iter().filter(|&&i| cells[i].contains(&cell)).count();
    if !values || placed.len() < 2 || !one {
        return None;
    }
    let mut parts = grid.parts(stream, cell).to_vec();
    let mut name = Vec::new();
    // Of several columns without a place, the text has to name its own.
    let named_by = |column: &usize| {
        let own = &form.columns[*column];
        parts.len() > 1 && head::is_head(stream, &parts[..1], own) || named(stream, &parts[0], own).is_some()
    };
    let only = || open_column(form, |i| placement.columns[i].is_some());
    // Where no ruling bounds the cell, its name tells that it is none of the column that it stands in.
    let own_name = open().find(named_by);
    if spans < 2 && spans < placed.len() && (own_name.is_none() || grid.table.ruled) {
        return None;
    }
    let column = own_name.or_else(only)?;
    let own = &form.columns[column];
    if parts.len() > 1 && head::is_head(stream, &parts[..1], own) {
        name.push(parts.remove(0));
    } else if let Some(colon) = named(stream, &parts[0], own) {
        name.push(parts[0].start..colon);
        parts[0].start = colon;
    }
    parts.retain(|p| !p.is_empty());
    Some(OpenText { column, parts, name })
}

/// A row whose first cell is the column's name and whose other cell is the text.
fn named_row(
    stream: &Stream<'_>,
    grid: Grid<'_>,
    form: &TableForm,
    column: usize,
    cells: &[Vec<usize>],
) -> Option<OpenText> {
    let mut all: Vec<usize> = cells.iter().flatten().copied().collect();
    all.sort_by_key(|&c| grid.table.cells[c].columns.start);
    all.dedup();
    all.retain(|&c| !grid.parts(stream, c).is_empty());
    let [name, text] = all[..] else { return None };
    let (name, parts) = (grid.parts(stream, name), grid.parts(stream, text));
    let is_named = head::is_head(stream, name, &form.columns[column]);
    is_named.then(|| OpenText { column, parts: parts.to_vec(), name: name.to_vec() })
}

/// Texts under the rows of an open table, and what is left: the rows themselves.
pub(crate) struct Beneath {
    pub column: usize,
    pub rows: Vec<Piece>,
    /// Each text, after the row under which it stands.
    pub texts: Vec<Vec<Range<u32>>>,
}

/// The texts of the only column without a head, where each row is one line with numbers, and lines without any stand
/// under each: sentences, or lines that reach under the heads of the numbers.
pub(crate) fn beneath(
    stream: &Stream<'_>,
    form: &TableForm,
    heads: &[Head],
    body: &[Piece],
) -> Option<Beneath> {
    let column = open_column(form, |i| heads.iter().any(|h| h.column == i))?;
    let (values, others): (Vec<&Head>, Vec<&Head>) =
        heads.iter().partition(|h| form.columns[h.column].kind == ColumnKind::Value);
    let [lead] = others[..] else { return None };
    let edge = values.iter().map(|h| h.bbox.x0).reduce(f32::min)?;
    let is_number = |p: &Piece| p.bbox.x0 > lead.bbox.x1 && figure(stream, p.part.clone()).is_some();
    let mut found = Beneath { column, rows: Vec::new(), texts: Vec::new() };
    let mut told = true;
    let mut bottom = f32::NEG_INFINITY;
    for line in body.chunk_by(|a, b| level(&a.bbox, &b.bbox)) {
        let Some(b) = line.iter().map(|p| p.bbox).reduce(|a, b| a.union(&b)) else { continue };
        if line.iter().any(is_number) {
            if !told || !line.iter().any(|p| !is_number(p)) {
                return None;
            }
            found.rows.extend(line.iter().cloned());
            found.texts.push(Vec::new());
            told = false;
        } else {
            let text = found.texts.last_mut()?;
            // What stands apart under the last row is nobody's.
            if b.top - bottom > b.height() {
                break;
            }
            let sentence = |p: &Piece| stream.printed_text(p.part.clone()).ends_with('。');
            told |= line.iter().any(|p| p.bbox.x1 > edge || sentence(p));
            text.extend(line.iter().map(|p| p.part.clone()));
        }
        bottom = b.bottom;
    }
    (told && !found.texts.is_empty()).then_some(found)
}

/// Where the text begins behind the column's name and a colon.
fn named(stream: &Stream<'_>, part: &Range<u32>, column: &crate::form::ColumnForm) -> Option<u32> {
    column.heads.prefixes(stream.chars(part.clone())).find_map(|&length| {
        let end = part.start + length as u32;
        (end < part.end && stream.atoms[end as usize].ch == ':').then_some(end + 1)
    })
}

/// Parts the cells of a column that holds two texts of the form, one under the other: the first is the one whose
/// column comes first.
pub(crate) fn lead(
    stream: &Stream<'_>,
    form: &TableForm,
    placement: &Placement,
    row: &mut [Vec<Range<u32>>],
) -> Option<OpenText> {
    let column = open_column(form, |i| placement.columns[i].is_some())?;
    let own = beside_date(form, |i| placement.columns[i].is_some()).filter(|&own| row[own].len() >= 2)?;
    let right = placement.columns[own].as_ref().map_or(f32::INFINITY, |c| c.1);
    let (first, rest) = first_text(stream, &row[own], right)?;
    let (before, behind) = if own < column { (first, rest) } else { (rest, first) };
    row[own] = before;
    Some(OpenText { column, parts: behind, name: Vec::new() })
}

/// The only text column that has a place, where one of dates has one, too.
fn beside_date(form: &TableForm, placed: impl Fn(usize) -> bool) -> Option<usize> {
    let of = |kind: ColumnKind| (0..form.columns.len()).filter(move |&i| form.columns[i].kind == kind);
    let mut texts = of(ColumnKind::Text).filter(|&i| placed(i));
    let own = texts.next().filter(|_| of(ColumnKind::Period).any(&placed))?;
    texts.next().is_none().then_some(own)
}

/// The same for an entry under heads that no ruling bounds.
pub(crate) fn lead_of_entry(stream: &Stream<'_>, form: &TableForm, entry: &mut Entry) -> Option<OpenText> {
    let columns: Vec<usize> = entry.iter().map(|(head, _)| head.column).collect();
    let column = open_column(form, |i| columns.contains(&i))?;
    let own = beside_date(form, |i| columns.contains(&i))?;
    let (_, parts) = entry.iter_mut().find(|(head, _)| head.column == own).filter(|(_, p)| p.len() >= 2)?;
    let right = parts.iter().filter_map(|p| stream.bbox(p.clone())).map(|b| b.x1).fold(0.0, f32::max);
    let (first, rest) = first_text(stream, parts, right)?;
    let (before, behind) = if own < column { (first, rest) } else { (rest, first) };
    *parts = before;
    Some(OpenText { column, parts: behind, name: Vec::new() })
}

/// The first of two texts, one under the other, and what stands under it: another type tells them apart, or a line
/// that ends well before the edge.
pub(crate) fn first_text(stream: &Stream<'_>, parts: &[Range<u32>], right: f32) -> Option<(Parts, Parts)> {
    let (first, others) = parts.split_first()?;
    let own = font(stream, first);
    if own.is_some()
        && let Some(other) = others.iter().position(|p| font(stream, p) != own).map(|i| i + 1)
        && parts[other..].iter().all(|p| font(stream, p) != own)
    {
        return Some((parts[..other].to_vec(), parts[other..].to_vec()));
    }
    let mut all = paragraphs(stream, parts).into_iter();
    let lead = all.next()?;
    let rest: Vec<Range<u32>> = all.flatten().collect();
    if !rest.is_empty() {
        return Some((lead, rest));
    }
    let b = stream.bbox(first.clone())?;
    let ends = right - b.x1 >= 3.0 * b.height() && !others.is_empty();
    ends.then(|| (vec![first.clone()], others.to_vec()))
}

/// The font of the first character of a line that is no Latin one: those are of another font in most sheets.
fn font(stream: &Stream<'_>, part: &Range<u32>) -> Option<u16> {
    let at = part.clone().find(|&i| !stream.atoms[i as usize].ch.is_ascii())?;
    let page = stream.page(stream.atoms[at as usize].line);
    stream.glyphs(at..at + 1).first().map(|&g| page.glyphs[g as usize].font)
}

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet, texts};

    const OUTCOMES: &str = "４ 精神障害にも対応した地域包括ケアシステム構築に資する取組の成果・効果";
    const SCHEDULE: &str =
        "６ 精神障害にも対応した地域包括ケアシステムの構築に向けた今年度の取組スケジュール";

    fn outcomes(first: &str) -> Page {
        Page::default()
            .text(30.0, 30.0, OUTCOMES)
            .grid(&[30.0, 300.0, 420.0, 560.0], &[50.0, 70.0, 90.0])
            .grid(&[30.0, 560.0], &[90.0, 110.0])
            .grid(&[30.0, 300.0, 420.0, 560.0], &[110.0, 130.0])
            .grid(&[30.0, 560.0], &[130.0, 150.0])
            .text(35.0, 64.0, "指標")
            .text(305.0, 64.0, "目標値")
            .text(425.0, 64.0, "実績値")
            .text(35.0, 84.0, "研修会の開催回数")
            .text(310.0, 84.0, "20")
            .text(430.0, 84.0, "12")
            .text(35.0, 104.0, first)
            .text(35.0, 124.0, "協議の場の数")
            .text(310.0, 124.0, "3")
            .text(430.0, 124.0, "4")
            .text(35.0, 144.0, "輪が広がった。")
    }

    #[test]
    fn a_text_under_each_row() {
        for first in ["理解が深まった。", "具体的な成果・効果：理解が深まった。"] {
            assert_eq!(
                texts(&sheet(&[outcomes(first)]), "outcomes", ["indicator", "target", "actual", "narrative"]),
                [
                    ["研修会の開催回数", "20", "12", "理解が深まった。"],
                    ["協議の場の数", "3", "4", "輪が広がった。"]
                ]
            );
        }
    }

    #[test]
    fn two_texts_in_one_cell() {
        let page = Page::default()
            .text(30.0, 30.0, SCHEDULE)
            .grid(&[30.0, 130.0, 560.0], &[50.0, 70.0, 110.0, 150.0])
            .text(35.0, 64.0, "時期")
            .text(135.0, 64.0, "取組")
            .text(35.0, 84.0, "令和2年7月")
            .text(135.0, 84.0, "協議の場の開催")
            .text(135.0, 98.0, "方針を確認する")
            .text(35.0, 124.0, "令和2年9月")
            .text(135.0, 124.0, "研修会")
            .text(135.0, 138.0, "事例を学ぶ");
        assert_eq!(
            texts(&sheet(&[page]), "schedule", ["period", "item", "content"]),
            [["令和2年7月", "協議の場の開催", "方針を確認する"], ["令和2年9月", "研修会", "事例を学ぶ"]]
        );
    }

    #[test]
    fn a_schedule_as_a_list() {
        let page = Page::default()
            .text(30.0, 30.0, SCHEDULE)
            .text(30.0, 60.0, "令和2年7月　協議の場の開催")
            .text(50.0, 74.0, "方針を確認する")
            .text(30.0, 90.0, "【令和2年9月】研修会：事例を学ぶ");
        assert_eq!(
            texts(&sheet(&[page]), "schedule", ["period", "item", "content"]),
            [["令和2年7月", "協議の場の開催", "方針を確認する"], ["【令和2年9月】", "研修会", "事例を学ぶ"]]
        );
    }

    #[test]
    fn a_text_under_each_row_without_rulings() {
        let page = Page::default()
            .text(30.0, 30.0, OUTCOMES)
            .text(110.0, 60.0, "指標")
            .text(300.0, 60.0, "目標値（R2年度当初）")
            .text(440.0, 60.0, "実績値（R2年度末）")
            .text(30.0, 76.0, "研修会の開催回数")
            .text(345.0, 76.0, "20")
            .text(480.0, 76.0, "12")
            .text(30.0, 90.0, "研修会を病院ごとに開くようになり、職種を越えた理解が深まったところであ")
            .text(30.0, 102.0, "る。")
            .text(30.0, 116.0, "協議の場の数")
            .text(345.0, 116.0, "3")
            .text(480.0, 116.0, "4")
            .text(30.0, 130.0, "輪が広がった。");
        let long = "研修会を病院ごとに開くようになり、職種を越えた理解が深まったところである。";
        assert_eq!(
            texts(&sheet(&[page]), "outcomes", ["indicator", "target", "actual", "narrative"]),
            [["研修会の開催回数", "20", "12", long], ["協議の場の数", "3", "4", "輪が広がった。"]]
        );
    }
}
