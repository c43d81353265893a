use crate::page_maker::{Page, sheet_of};
use crate::sheet::{Sheet, Status};

const FORM: &str = r#"
id = "facilities"
title = "施設調査票"
[[section]]
id = "plan"
headings = ["計画と実績"]
[[section.table]]
name = "plan"
[[section.table.column]]
name = "item"
type = "text"
headers = ["区分"]
[[section.table.column]]
name = "plan"
type = "value"
headers = ["計画"]
across = "year"
[[section.table.column]]
name = "actual"
type = "value"
headers = ["実績"]
across = "year"
[[section]]
id = "trend"
headings = ["年度推移"]
[[section.table]]
name = "trend"
[[section.table.column]]
name = "item"
type = "text"
headers = ["項目"]
[[section.table.column]]
name = "value"
type = "value"
across = "year"
[[section]]
id = "beds"
headings = ["病床数"]
[[section.table]]
name = "beds"
[[section.table.column]]
name = "area"
type = "text"
headers = ["圏域"]
[[section.table.column]]
name = "value"
type = "value"
across = "function"
across_type = "text"
[[section]]
id = "staff"
headings = ["職員数"]
[[section.table]]
name = "staff"
[[section.table.column]]
name = "job"
type = "text"
headers = ["職種"]
[[section.table.column]]
name = "full"
type = "value"
headers = ["常勤"]
[[section.table.column]]
name = "part"
type = "value"
headers = ["非常勤"]
"#;

fn read(pages: &[Page]) -> Sheet {
    sheet_of(FORM, pages)
}

fn row(page: Page, y: f32, xs: &[f32], texts: &[&str]) -> Page {
    xs.iter().zip(texts).fold(page, |page, (&x, text)| page.text(x + 5.0, y, text))
}

/// Item, year and number of each row, where it has one.
fn rows(
    sheet: &Sheet,
    table: &str,
    across: &str,
    value: &str,
    item: &str,
) -> Vec<(String, String, Option<String>)> {
    let text = |r: &crate::sheet::Row, c: &str| r.get(c).map_or(String::new(), |c| c.text.clone());
    let rows = sheet.tables.get(table).into_iter().flatten();
    rows.map(|r| {
        let number = r.get(value).and_then(|c| c.value.as_ref()).map(|v| v.0.to_string());
        (text(r, item), text(r, across), number)
    })
    .collect()
}

const XS: [f32; 4] = [30.0, 200.0, 350.0, 500.0];

#[test]
fn another_table_that_goes_on_over_the_page_is_no_row_of_this_one() {
    let first = Page::default()
        .text(30.0, 20.0, "１ 年度推移")
        .grid(&XS, &[30.0, 50.0, 70.0])
        .text(30.0, 110.0, "設備")
        .grid(&XS, &[290.0, 310.0, 390.0]);
    let first = row(first, 44.0, &XS, &["項目", "令和３年度", "令和４年度"]);
    let first = row(first, 64.0, &XS, &["利用者", "10", "20"]);
    let first = row(first, 304.0, &XS, &["名称", "台数", "年数"]);
    let first = row(first, 324.0, &XS, &["車両", "1", "2"]);
    let next = row(Page::default().grid(&XS, &[20.0, 40.0, 60.0]), 34.0, &XS, &["機械", "3", "4"]);
    let next = row(next, 54.0, &XS, &["器具", "5", "6"]);
    let sheet = read(&[first, next]);
    let found: Vec<Option<String>> =
        rows(&sheet, "trend", "year", "value", "item").into_iter().map(|r| r.2).collect();
    assert_eq!(found, [Some("10".to_owned()), Some("20".to_owned())]);
}

#[test]
fn a_table_goes_on_over_the_page() {
    let first = Page::default().text(30.0, 20.0, "１ 年度推移").grid(&XS, &[290.0, 310.0, 390.0]);
    let first = row(first, 304.0, &XS, &["項目", "令和３年度", "令和４年度"]);
    let first = row(first, 324.0, &XS, &["利用者", "10", "20"]);
    let next = row(Page::default().grid(&XS, &[20.0, 40.0, 60.0]), 34.0, &XS, &["職員（人）", "3", "4"]);
    let next = row(next, 54.0, &XS, &["日数", "5", "6"]);
    let sheet = read(&[first, next]);
    let found: Vec<Option<String>> =
        rows(&sheet, "trend", "year", "value", "item").into_iter().map(|r| r.2).collect();
    assert_eq!(found, ["10", "20", "3", "4", "5", "6"].map(|n| Some(n.to_owned())));
    // The form has no unit: the label's.
    let units: Vec<Option<&str>> = sheet.tables["trend"].iter().map(|r| r["value"].unit.as_deref()).collect();
    assert_eq!(units, [None, None, Some("人"), Some("人"), None, None]);
}

#[test]
fn numbers_under_heads_of_another_level_are_ambiguous() {
    let xs = [30.0, 130.0, 180.0, 230.0, 280.0, 330.0];
    let page = Page::default()
        .text(30.0, 20.0, "１ 計画と実績")
        .grid(&[30.0, 130.0, 330.0], &[30.0, 50.0])
        .grid(&[30.0, 130.0, 230.0, 330.0], &[50.0, 70.0])
        .grid(&xs, &[70.0, 90.0, 110.0, 130.0])
        .text(35.0, 84.0, "区分")
        .text(200.0, 44.0, "令和３年度")
        .text(150.0, 64.0, "甲地区")
        .text(250.0, 64.0, "乙地区");
    let page = row(page, 84.0, &xs[1..], &["計画", "実績", "計画", "実績"]);
    let page = row(page, 104.0, &xs, &["訪問", "1", "2", "3", "4"]);
    let page = row(page, 124.0, &xs, &["通所", "5", "6", "7", "8"]);
    let sheet = read(&[page]);
    for row in sheet.tables.get("plan").into_iter().flatten() {
        assert_eq!((row["plan"].value.as_ref(), row["plan"].status), (None, Some(Status::Ambiguous)));
        assert_eq!(row["actual"].value.as_ref(), None);
    }
}

#[test]
fn heads_over_the_years_make_one_row_of_each_year() {
    let xs = [30.0, 130.0, 230.0, 330.0, 430.0, 530.0];
    let page = Page::default()
        .text(30.0, 20.0, "１ 計画と実績")
        .grid(&[30.0, 130.0, 330.0, 530.0], &[30.0, 50.0])
        .grid(&xs, &[50.0, 70.0, 90.0])
        .text(35.0, 64.0, "区分")
        .text(200.0, 44.0, "計画")
        .text(400.0, 44.0, "実績");
    let page = row(page, 64.0, &xs[1..], &["令和３年度", "令和４年度", "令和３年度", "令和４年度"]);
    let page = row(page, 84.0, &xs, &["訪問", "1", "2", "3", "4"]);
    let sheet = read(&[page]);
    let of = |column: &str| -> Vec<Option<String>> {
        rows(&sheet, "plan", "year", column, "item").into_iter().map(|r| r.2).collect()
    };
    assert_eq!(of("plan"), ["1", "2"].map(|n| Some(n.to_owned())));
    assert_eq!(of("actual"), ["3", "4"].map(|n| Some(n.to_owned())));
}

#[test]
fn two_heads_of_one_year_are_told() {
    let page = Page::default().text(30.0, 20.0, "１ 年度推移").grid(&XS, &[30.0, 50.0, 70.0]);
    let page = row(page, 44.0, &XS, &["項目", "令和４年度", "令和４年度（目標）"]);
    let sheet = read(&[row(page, 64.0, &XS, &["利用者", "10", "20"])]);
    assert_eq!(sheet.tables["trend"].len(), 2);
    let told = |d: &&crate::sheet::Diagnostic| d.keys == ["trend.value"] && d.message.contains("one period");
    assert_eq!(sheet.diagnostics.iter().filter(told).count(), 1);
}

#[test]
fn words_across_under_a_title_of_their_own() {
    let page = Page::default()
        .text(30.0, 20.0, "１ 病床数")
        .grid(&[30.0, 200.0], &[30.0, 70.0])
        .grid(&[200.0, 500.0], &[30.0, 50.0])
        .grid(&[200.0, 350.0, 500.0], &[50.0, 70.0])
        .grid(&XS, &[70.0, 90.0])
        .text(35.0, 54.0, "圏域")
        .text(300.0, 44.0, "医療機能")
        .text(205.0, 64.0, "急性期")
        .text(355.0, 64.0, "回復期");
    let sheet = read(&[row(page, 84.0, &XS, &["東部", "10", "20"])]);
    let found = rows(&sheet, "beds", "function", "value", "area");
    let expected = [("急性期", "10"), ("回復期", "20")]
        .map(|(f, n)| ("東部".to_owned(), f.to_owned(), Some(n.to_owned())));
    assert_eq!(found, expected);
}

#[test]
fn equal_heads_under_heads_that_the_form_does_not_know_are_ambiguous() {
    let xs = [30.0, 130.0, 230.0, 330.0, 430.0, 530.0];
    let page = Page::default()
        .text(30.0, 20.0, "１ 職員数")
        .grid(&[30.0, 130.0], &[30.0, 70.0])
        .grid(&[130.0, 330.0, 530.0], &[30.0, 50.0])
        .grid(&xs[1..], &[50.0, 70.0])
        .grid(&xs, &[70.0, 90.0])
        .text(35.0, 54.0, "職種")
        .text(200.0, 44.0, "本館")
        .text(400.0, 44.0, "別館");
    let page = row(page, 64.0, &xs[1..], &["常勤", "非常勤", "常勤", "非常勤"]);
    let sheet = read(&[row(page, 84.0, &xs, &["医師", "1", "2", "3", "4"])]);
    let [row] = sheet.tables["staff"].as_slice() else { panic!("{:?}", sheet.tables) };
    assert_eq!((row["full"].value.as_ref(), row["full"].status), (None, Some(Status::Ambiguous)));
    assert_eq!((row["part"].value.as_ref(), row["part"].status), (None, Some(Status::Ambiguous)));
}
