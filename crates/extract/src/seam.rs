//! Rows that run over a page: what stands at the top of the next page is the rest of the last row.

use crate::form::{ColumnKind, TableForm};
use crate::paragraph::{Opener, opener};
use crate::sheet::{Cell, Row};

/// Joins the rows of a page to those of the one before, of which there are `before`.
pub(crate) fn join(form: &TableForm, rows: &mut Vec<Row>, before: usize) {
    if before == 0 || before >= rows.len() {
        return;
    }
    match form.columns.iter().position(|c| c.kind == ColumnKind::Actor) {
        Some(actor) => join_entries(form, rows, before, &form.columns[actor].name),
        None if is_rest(form, &rows[before - 1], &rows[before]) => {
            let rest = rows.remove(before);
            append(form, &mut rows[before - 1], &rest);
        }
        None => {}
    }
}

fn text<'r>(row: &'r Row, column: &str) -> &'r str {
    row.get(column).map_or("", |c| c.text.as_str())
}

/// True for a row without its date or numbers, where the one before has them, whose texts begin like no text does.
fn is_rest(form: &TableForm, last: &Row, row: &Row) -> bool {
    let exact = || form.columns.iter().filter(|c| c.kind != ColumnKind::Text);
    let none = exact().all(|c| text(row, &c.name).is_empty());
    let has = exact().any(|c| !text(last, &c.name).is_empty());
    let texts: Vec<&str> =
        form.columns.iter().map(|c| text(row, &c.name)).filter(|t| !t.is_empty()).collect();
    let Some(lead) = form.columns.iter().find(|c| c.kind == ColumnKind::Text) else { return false };
    let lead = text(row, &lead.name);
    let dated = form.columns.iter().any(|c| c.kind == ColumnKind::Period);
    // A name may be of a row that nobody filled in; the rest of one begins inside a word or with a bracket.
    let cut = lead.is_empty() || dated || lead.starts_with(cut_begins);
    none && has && !texts.is_empty() && cut
}

fn cut_begins(c: char) -> bool {
    matches!(c, '（' | '(' | '）' | ')' | 'ー' | '、' | '。') || ('ぁ'..='ん').contains(&c)
}

/// The same for entries of several rows, one a name of those who act: the rest of an entry has the names that it
/// lacks, and its texts go on.
fn join_entries(form: &TableForm, rows: &mut Vec<Row>, before: usize, actor: &str) {
    let others: Vec<&str> = form
        .columns
        .iter()
        .filter(|c| c.kind == ColumnKind::Text && c.beside.is_none())
        .map(|c| c.name.as_str())
        .collect();
    let same = |a: &Row, b: &Row| others.iter().all(|c| text(a, c) == text(b, c));
    let start =
        (0..before).rev().take_while(|&i| same(&rows[i], &rows[before - 1])).last().unwrap_or(before - 1);
    // A piece without a name, and the rows that go on with its cells.
    let nameless = text(&rows[before], actor).is_empty();
    let end =
        (before..rows.len()).take_while(|&i| same(&rows[i], &rows[before])).last().map_or(before, |i| i + 1);
    let names = |range: std::ops::Range<usize>| -> Vec<String> {
        range.map(|i| text(&rows[i], actor).to_owned()).filter(|t| !t.is_empty()).collect()
    };
    let (here, there) = (names(start..before), names(before..end));
    let blank = others.iter().all(|c| text(&rows[before], c).is_empty());
    let opens = others.first().is_some_and(|c| opener(text(&rows[before], c)) != Opener::None);
    let apart = here.iter().all(|n| !there.contains(n));
    let whole = whole_entry(rows, actor, &others).is_some_and(|n| n == here.len() + there.len());
    if here.is_empty() || !apart || opens || !(blank || nameless || whole && !there.is_empty()) {
        return;
    }
    let rest = rows[before].clone();
    for row in &mut rows[start..before] {
        for column in &others {
            append_cell(row, column, &rest);
        }
    }
    let joined = rows[start].clone();
    for row in &mut rows[before..end] {
        for column in &others {
            if let Some(cell) = joined.get(*column) {
                row.insert((*column).to_owned(), cell.clone());
            }
        }
    }
    if nameless {
        let piece = rows.remove(before);
        let content: Vec<String> = form
            .columns
            .iter()
            .filter(|c| c.beside.as_deref() == Some(actor))
            .map(|c| c.name.clone())
            .collect();
        for column in &content {
            append_cell(&mut rows[before - 1], column, &piece);
        }
    }
}

/// How many names the other entries have, where they all have as many.
fn whole_entry(rows: &[Row], actor: &str, others: &[&str]) -> Option<usize> {
    let mut counts: Vec<(Vec<&str>, usize)> = Vec::new();
    for row in rows.iter().filter(|r| !text(r, actor).is_empty()) {
        let key: Vec<&str> = others.iter().map(|c| text(row, c)).collect();
        match counts.last_mut().filter(|(k, _)| *k == key) {
            Some((_, count)) => *count += 1,
            None => counts.push((key, 1)),
        }
    }
    counts.into_iter().map(|(_, count)| count).max()
}

fn append(form: &TableForm, row: &mut Row, rest: &Row) {
    for column in &form.columns {
        append_cell(row, &column.name, rest);
    }
}

fn append_cell(row: &mut Row, column: &str, rest: &Row) {
    let Some(more) = rest.get(column).filter(|c| !c.text.is_empty()) else { return };
    let cell: &mut Cell = row.entry(column.to_owned()).or_default();
    if !cell.text.is_empty() && opener(&more.text) != Opener::None {
        cell.text.push('\n');
    }
    cell.text.push_str(&more.text);
    cell.at.extend(more.at.iter().cloned());
}

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet, texts};

    fn page(title: &str) -> Page {
        Page::default().text(30.0, 30.0, title)
    }

    const OUTCOMES: &str = "４ 精神障害にも対応した地域包括ケアシステム構築に資する取組の成果・効果";
    const ISSUES: &str = "５ 精神障害にも対応した地域包括ケアシステムの構築に向けた強みと課題";

    fn head(page: Page, y: f32) -> Page {
        page.text(35.0, y, "課題解決の達成度を測る指標")
            .text(205.0, y, "目標値")
            .text(265.0, y, "実績値")
            .text(325.0, y, "具体的な成果・効果")
    }

    fn rows(second: [&str; 4]) -> Vec<[String; 4]> {
        let columns = [30.0, 200.0, 260.0, 320.0, 560.0];
        let first = head(page(OUTCOMES), 304.0).grid(&columns, &[290.0, 310.0, 390.0]);
        let first =
            first.text(35.0, 324.0, "①研修会の開催回数").text(210.0, 324.0, "12").text(270.0, 324.0, "8");
        let mut next = head(Page::default(), 34.0).grid(&columns, &[20.0, 40.0, 60.0]);
        for (x, text) in [35.0, 210.0, 270.0, 325.0].into_iter().zip(second) {
            next = next.text(x, 54.0, text);
        }
        let sheet = sheet(&[first.text(325.0, 324.0, "理解が深まり、"), next]);
        let text = |r: &crate::sheet::Row, c: &str| r.get(c).map_or(String::new(), |c| c.text.clone());
        let rows = sheet.tables["outcomes"].iter();
        rows.map(|r| ["indicator", "target", "actual", "narrative"].map(|c| text(r, c))).collect()
    }

    #[test]
    fn the_rest_of_a_row_goes_to_it() {
        let whole = ["①研修会の開催回数（回）", "12", "8", "理解が深まり、輪が広がった。"].map(str::to_owned);
        assert_eq!(rows(["（回）", "", "", "輪が広がった。"]), [whole]);
    }

    #[test]
    fn a_row_without_numbers_is_one_of_its_own() {
        assert_eq!(rows(["協議の場の開催回数", "", "", ""]).len(), 2);
    }

    #[test]
    fn an_entry_goes_on_with_the_names_it_lacks() {
        let page = page(ISSUES)
            .grid(&[30.0, 110.0, 240.0, 560.0], &[270.0, 290.0])
            .grid(&[30.0, 110.0, 240.0], &[290.0, 330.0, 390.0])
            .grid(&[240.0, 330.0, 560.0], &[290.0, 310.0, 330.0, 390.0])
            .text(35.0, 284.0, "課題")
            .text(115.0, 284.0, "課題解決に向けた取組方針")
            .text(245.0, 284.0, "課題・方針に対する役割（取組）")
            .text(35.0, 304.0, "人材の不足")
            .text(115.0, 304.0, "研修を行う")
            .text(245.0, 304.0, "行政")
            .text(335.0, 304.0, "企画")
            .text(245.0, 324.0, "医療")
            .text(335.0, 324.0, "受入れ")
            .text(35.0, 344.0, "住まい")
            .text(115.0, 344.0, "会議を")
            .text(245.0, 344.0, "行政")
            .text(335.0, 344.0, "協議");
        let next = Page::default()
            .grid(&[30.0, 110.0, 240.0, 560.0], &[20.0, 40.0])
            .grid(&[30.0, 110.0, 240.0, 330.0, 560.0], &[40.0, 60.0])
            .text(35.0, 34.0, "課題")
            .text(115.0, 34.0, "課題解決に向けた取組方針")
            .text(245.0, 34.0, "課題・方針に対する役割（取組）")
            .text(35.0, 54.0, "の不足")
            .text(115.0, 54.0, "開く")
            .text(245.0, 54.0, "医療")
            .text(335.0, 54.0, "評価");
        let sheet = sheet(&[page, next]);
        assert_eq!(
            texts(&sheet, "issues", ["issue", "policy", "actor", "content"]),
            [
                ["人材の不足", "研修を行う", "行政", "企画"],
                ["人材の不足", "研修を行う", "医療", "受入れ"],
                ["住まいの不足", "会議を開く", "行政", "協議"],
                ["住まいの不足", "会議を開く", "医療", "評価"],
            ]
        );
    }
}
