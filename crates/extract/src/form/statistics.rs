//! A third form: statistics as prefectures publish them, on pages that are made here.

use super::Form;
use crate::Extractor;
use crate::page_maker::{Page, pdf};
use crate::sheet::{Cell, Sheet, Status};

const FORM: &str = r#"
    id = "statistics"
    title = "統計"
    [[section]]
    id = "quarters"
    headings = ["四半期別推移"]
    [[section.field]]
    key = "as_of"
    labels = ["現在"]
    behind = true
    type = "period"
    [[section.table]]
    name = "quarters"
    [[section.table.column]]
    name = "item"
    type = "choice"
    headers = ["区分"]
    choices = { older = ["75歳以上"], all = ["総数"] }
    [[section.table.column]]
    name = "count"
    type = "value"
    across = "quarter"
    unit = "人"

    [[section]]
    id = "cities"
    headings = ["市町村別人口"]
    [[section.table]]
    name = "cities"
    [[section.table.column]]
    name = "prefecture"
    type = "text"
    headers = ["都道府県"]
    [[section.table.column]]
    name = "city"
    type = "municipality"
    headers = ["市町村"]
    [[section.table.column]]
    name = "population"
    type = "value"
    headers = ["人口"]
    unit = "人"
    [[section.table.column]]
    name = "change"
    type = "value"
    headers = ["増減率"]
    unit = "％"

    [[section]]
    id = "trend"
    headings = ["年度別推移"]
    [[section.table]]
    name = "trend"
    [[section.table.column]]
    name = "year"
    type = "period"
    headers = ["年度"]
    [[section.table.column]]
    name = "pupils"
    type = "value"
    headers = ["児童数"]
    [[section.table.column]]
    name = "opened"
    type = "period"
    headers = ["開設日"]
"#;

fn read(pages: &[Page]) -> Sheet {
    Extractor::new().form(Form::parse(FORM).unwrap()).extract(pdf(pages)).unwrap()
}

/// A ruled row at this height: its edges, and a text in each cell.
fn row(page: Page, y: f32, edges: &[f32], cells: &[&str]) -> Page {
    let page = page.grid(edges, &[y, y + 18.0]);
    let filled = cells.iter().zip(edges).filter(|(text, _)| !text.is_empty());
    filled.fold(page, |page, (text, x)| page.text(x + 3.0, y + 13.0, text))
}

fn value(cell: &Cell) -> Option<String> {
    cell.value.map(|v| v.to_string())
}

#[test]
fn quarters_stand_under_their_year() {
    let page = Page::default().text(30.0, 30.0, "１ 四半期別推移").text(300.0, 30.0, "令和５年４月１日現在");
    let page = page.grid(&[30.0, 110.0], &[50.0, 86.0]).text(33.0, 72.0, "区分");
    let page = row(page, 50.0, &[110.0, 310.0, 510.0], &["令和３年度", "令和４年度"]);
    let edges = [30.0, 110.0, 210.0, 310.0, 410.0, 510.0];
    let page = row(page, 68.0, &edges[1..], &["10～12月", "１～３月", "４～６月", "計"]);
    let page = row(page, 86.0, &edges, &["７５歳以上", "10", "△20", "30", "1,040"]);
    let sheet = read(&[page]);
    let as_of = &sheet.field("as_of").unwrap().cell;
    assert_eq!(as_of.period.as_ref().unwrap().edtf, "2023-04-01");
    let rows: Vec<_> = sheet
        .table("quarters")
        .iter()
        .map(|r| (r["quarter"].period.as_ref().unwrap().edtf.clone(), value(&r["count"]).unwrap()))
        .collect();
    let expected = [
        ("2021-10/2021-12", "10"),
        ("2022-01/2022-03", "-20"),
        ("2022-04/2022-06", "30"),
        ("2022-04/2023-03", "1040"),
    ];
    assert_eq!(rows, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    assert!(sheet.table("quarters").iter().all(|r| r["item"].choice == ["older"]));
}

#[test]
fn heads_stand_twice_and_cells_break_numbers() {
    let page = Page::default().text(30.0, 30.0, "２ 市町村別人口");
    let one = [30.0, 100.0, 170.0, 240.0, 280.0];
    let edges: Vec<f32> = one.iter().copied().chain(one[1..].iter().map(|x| x + 250.0)).collect();
    let heads = ["都道府県", "市町村", "人口", "増減率"];
    let page = row(page, 50.0, &edges, &heads.repeat(2));
    let page = page.grid(&edges, &[68.0, 100.0]);
    let left = [(33.0, "東京都"), (103.0, "府中市"), (173.0, "260,000"), (258.0, "▲1")];
    let right = [(283.0, "広島県"), (353.0, "府中市"), (423.0, "38,000"), (493.0, "0.5")];
    let page = left.into_iter().chain(right).fold(page, |page, (x, text)| page.text(x, 81.0, text));
    // The rest of ▲10.4.
    let sheet = read(&[page.text(258.0, 93.0, "0.4")]);
    let rows: Vec<_> = sheet
        .table("cities")
        .iter()
        .map(|r| (r["city"].municipality.as_ref().unwrap().code.clone(), value(&r["population"]).unwrap()))
        .collect();
    assert_eq!(rows, [("132063".to_owned(), "260000".to_owned()), ("342084".to_owned(), "38000".to_owned())]);
    // The cell has room for a third character: nobody knows that the number goes on.
    assert_eq!(sheet.table("cities")[0]["change"].value, None);
    assert_eq!(value(&sheet.table("cities")[1]["change"]).as_deref(), Some("0.5"));
}

#[test]
fn years_printed_short_and_dates_that_are_not_there() {
    let page = Page::default().text(30.0, 30.0, "３ 年度別推移");
    let edges = [30.0, 150.0, 300.0, 500.0];
    let page = row(page, 50.0, &edges, &["年度", "児童数", "開設日"]);
    let page = row(page, 68.0, &edges, &["令和元年度", "1,234", "H29.4.1"]);
    let page = row(page, 86.0, &edges, &["２", "…", ""]);
    let sheet = read(&[row(page, 104.0, &edges, &["３", "1,100", ""])]);
    let rows = sheet.table("trend");
    let years: Vec<_> = rows.iter().map(|r| r["year"].period.as_ref().and_then(|p| p.fiscal_year)).collect();
    assert_eq!(years, [Some(2019), Some(2020), Some(2021)]);
    assert_eq!(rows[1]["pupils"].status, Some(Status::NullMark));
    // The date of one row is not the next one's.
    let dates: Vec<_> = rows.iter().map(|r| r["opened"].period.is_some()).collect();
    assert_eq!(dates, [true, false, false]);
}
