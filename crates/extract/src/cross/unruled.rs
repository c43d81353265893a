//! Tables without rulings: what stands under which head.

use crate::page_maker::{Page, sheet_of, texts};

const FORM: &str = r#"
id = "use"
title = "病床の利用"
[[section]]
id = "use"
headings = ["病床の利用状況"]
[[section.table]]
name = "use"
[[section.table.column]]
name = "area"
type = "text"
headers = ["構想区域"]
[[section.table.column]]
name = "rate"
type = "value"
across = "year"
unit = "％"
[[section]]
id = "monthly"
headings = ["月別実績"]
[[section.table]]
name = "monthly"
[[section.table.column]]
name = "item"
type = "text"
headers = ["区分"]
[[section.table.column]]
name = "count"
type = "value"
across = "month"
across_type = "text"
[[section]]
id = "wards"
headings = ["入院料別病床数"]
[[section.table]]
name = "wards"
[[section.table.column]]
name = "area"
type = "text"
headers = ["区域"]
[[section.table.column]]
name = "kind"
type = "choice"
headers = ["区分"]
choices = { general = ["一般病床"], longterm = ["療養病床"] }
[[section.table.column]]
name = "beds"
type = "value"
across = "function"
across_type = "text"
"#;

/// Width of any character.
const EM: f32 = 10.0;

/// A line of texts that begin at these x.
fn left(page: Page, y: f32, xs: &[f32], cells: &[&str]) -> Page {
    let printed = xs.iter().zip(cells).filter(|(_, text)| !text.is_empty());
    printed.fold(page, |page, (&x, text)| page.text(x, y, text))
}

/// The same, but for the first one set to the right: they end at these x.
fn right(page: Page, y: f32, ends: &[f32], cells: &[&str]) -> Page {
    let start = |(i, text): (usize, &&str)| ends[i] - EM * text.chars().count() as f32;
    let xs: Vec<f32> =
        cells.iter().enumerate().map(|(i, t)| if i == 0 { ends[0] } else { start((i, t)) }).collect();
    left(page, y, &xs, cells)
}

#[test]
fn heads_at_the_left_over_numbers_at_the_right() {
    let page = Page::default().text(30.0, 30.0, "１ 病床の利用状況");
    let heads = ["構想区域", "令和3年度", "令和4年度", "令和5年度"];
    let page = left(page, 60.0, &[30.0, 130.0, 290.0, 446.0], &heads);
    let ends = [30.0, 282.0, 438.0, 590.0];
    let rows =
        [["中部", "7", "62.5", "91.3"], ["東部", "75.7", "80.1", "96.2"], ["西部", "5.7", "8.8", "6.2"]];
    let page = rows.iter().zip([78.0, 96.0, 114.0]).fold(page, |page, (row, y)| right(page, y, &ends, row));
    let told = rows.iter().flat_map(|r| (1..4).map(|i| [r[0], heads[i], r[i]]));
    assert_eq!(texts(&sheet_of(FORM, &[page]), "use", ["area", "year", "rate"]), told.collect::<Vec<_>>());
}

#[test]
fn a_table_over_another_has_columns_of_its_own() {
    let page = Page::default().text(30.0, 30.0, "１ 月別実績");
    let (upper, lower) = ([30.0, 260.0, 400.0, 530.0], [30.0, 220.0, 300.0, 410.0, 530.0]);
    let page = left(page, 60.0, &upper, &["区分", "4月", "5月", "6月"]);
    let page = left(page, 78.0, &upper, &["電話相談", "11", "12", "13"]);
    let page = left(page, 96.0, &upper, &["来所相談", "21", "22", "23"]);
    let page = left(page, 130.0, &lower, &["区分", "7月", "8月", "9月", "合計"]);
    let page = left(page, 148.0, &lower, &["電話相談", "14", "15", "16", "81"]);
    let page = left(page, 166.0, &lower, &["来所相談", "24", "25", "26", "141"]);
    let sheet = sheet_of(FORM, &[page]);
    let told = texts(&sheet, "monthly", ["item", "month", "count"]);
    for row in [["電話相談", "4月", "11"], ["来所相談", "7月", "24"], ["電話相談", "8月", "15"]]
    {
        assert!(told.contains(&row), "{told:?}");
    }
    assert_eq!(told.len(), 14, "{told:?}");
}

#[test]
fn a_title_and_heads_end_a_table() {
    let page = Page::default().text(30.0, 30.0, "１ 病床の利用状況");
    let xs = [30.0, 260.0, 450.0];
    let page = left(page, 60.0, &xs, &["構想区域", "令和4年度", "令和5年度"]);
    let page = left(page, 78.0, &xs, &["中部", "62.5", "91.3"]);
    let page = left(page, 96.0, &xs, &["東部", "75.7", "96.2"]);
    let page = left(page, 126.0, &xs, &["４ 病床数の見込み"]);
    let page = left(page, 144.0, &xs, &["構想区域", "急性期", "回復期"]);
    let page = left(page, 162.0, &xs, &["中部", "1,130", "662"]);
    let page = left(page, 180.0, &xs, &["東部", "881", "1,213"]);
    let sheet = sheet_of(FORM, &[page]);
    let told = texts(&sheet, "use", ["area", "year", "rate"]);
    let rows = [
        ["中部", "令和4年度", "62.5"],
        ["中部", "令和5年度", "91.3"],
        ["東部", "令和4年度", "75.7"],
        ["東部", "令和5年度", "96.2"],
    ];
    assert_eq!(told, rows);
}

#[test]
fn what_stands_again_and_again_tells_the_rows_of_a_label() {
    let page = Page::default().text(30.0, 30.0, "１ 入院料別病床数");
    let xs = [30.0, 130.0, 280.0, 390.0, 500.0];
    let page = left(page, 60.0, &xs, &["区域", "区分", "急性期", "回復期", "計"]);
    let mut page = page;
    let mut rows = Vec::new();
    let told = [("東部", ["11", "12", "23"]), ("南部", ["21", "22", "43"]), ("西部", ["31", "32", "63"])];
    for (i, (area, beds)) in told.into_iter().enumerate() {
        let y = 72.0 + 24.0 * i as f32;
        page = page.text(xs[0], y + 6.0, area);
        page = left(page, y, &xs, &["", "一般病床", beds[0], beds[1], beds[2]]);
        page = left(page, y + 12.0, &xs, &["", "療養病床", "－", "", "5"]);
        rows.push([area, "一般病床", "急性期", beds[0]]);
        rows.push([area, "療養病床", "計", "5"]);
    }
    let sheet = sheet_of(FORM, &[page]);
    let found = texts(&sheet, "wards", ["area", "kind", "function", "beds"]);
    assert!(rows.iter().all(|row| found.contains(row)), "{found:?}");
    assert_eq!(found.len(), 18, "{found:?}");
}

#[test]
fn a_unit_in_a_cell_of_its_own_is_no_number() {
    let form = r#"
        id = "indices"
        title = "財政指標等"
        [[section]]
        id = "indices"
        headings = ["財政指標等"]
        [[section.field]]
        key = "need"
        labels = ["基準財政需要額"]
        type = "value"
        unit = "円"
        [[section.field]]
        key = "ratio"
        labels = ["実質収支比率"]
        type = "value"
    "#;
    let ys = [40.0, 60.0, 80.0];
    let page = Page::default().text(30.0, 30.0, "財政指標等").grid(&[25.0, 200.0, 300.0, 450.0], &ys);
    let xs = [30.0, 210.0, 310.0];
    let page = left(page, 54.0, &xs, &["基準財政需要額", "千円", "3,922,937"]);
    let page = left(page, 74.0, &xs, &["実質収支比率", "千円", ""]);
    let sheet = sheet_of(form, &[page]);
    let value = |key: &str| {
        let cell = &sheet.fields.iter().find(|f| f.key == key).unwrap().cell;
        (cell.value.map(|v| v.to_string()), cell.unit.clone())
    };
    assert_eq!(value("need"), (Some("3922937".to_owned()), Some("千円".to_owned())));
    assert_eq!(value("ratio").0, None);
}
