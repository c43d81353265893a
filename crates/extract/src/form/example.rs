//! The example of the forms' documentation, read on sheets that are made here.

use std::collections::BTreeMap;

use super::shape::{FORM, Holds, Shape};
use super::{Form, faults};
use crate::page_maker::{Page, pdf};
use crate::sheet::{Cell, Row, Sheet, Status};
use crate::{Extractor, MunicipalityKind};

const DOCUMENTATION: &str = include_str!("../../docs/forms.md");

/// The first block of this language.
fn block(language: &str) -> &'static str {
    let (_, rest) = DOCUMENTATION.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```").unwrap().0
}

fn read(bytes: &[u8]) -> Sheet {
    Extractor::new().form(Form::parse(block("toml")).unwrap()).extract(bytes).unwrap()
}

#[test]
fn the_example_has_no_fault() {
    assert_eq!(faults(block("toml")), []);
}

#[test]
fn every_key_is_documented() {
    fn all(shape: &'static Shape, out: &mut Vec<(&'static str, &'static str)>) {
        for key in shape.keys {
            out.push((shape.name, key.name));
            if let Holds::Table(shape) | Holds::Tables(shape) = key.holds {
                all(shape, out);
            }
        }
    }
    let mut keys = Vec::new();
    all(&FORM, &mut keys);
    assert!(keys.len() > 60);
    for (shape, key) in keys {
        let named = [
            format!("`{key}`"),
            format!("[[section.{key}]]"),
            format!("[[{key}]]"),
            format!("[{key}]"),
            format!("[[…{key}]]"),
        ];
        assert!(named.iter().any(|n| DOCUMENTATION.contains(n)), "{key} of {shape} is not in docs/forms.md");
    }
    for kind in super::shape::COLUMN_TYPES {
        assert!(DOCUMENTATION.contains(&format!("| `{kind}` |")), "{kind}");
    }
}

/// A ruled row of the sheet at this height: each cell with its left edge; the last number is the right edge.
fn row(page: Page, y: f32, edges: &[f32], cells: &[&str]) -> Page {
    let page = page.grid(edges, &[y, y + 18.0]);
    cells
        .iter()
        .zip(edges)
        .fold(page, |page, (text, x)| if text.is_empty() { page } else { page.text(x + 3.0, y + 13.0, text) })
}

/// The sheet of the documentation on two pages.
fn pages() -> Vec<Page> {
    let first = Page::default()
        .text(200.0, 30.0, "令和３年度 事務事業評価シート")
        .text(480.0, 30.0, "府中市")
        .text(480.0, 46.0, "東京都");
    let identity = [30.0, 120.0, 300.0, 380.0, 570.0];
    let first =
        row(first, 60.0, &identity, &["事務事業名", "高齢者見守り事業", "担当部局", "福祉部 高齢者支援課"]);
    let first = row(first, 78.0, &identity, &["事業開始年度", "平成20年度", "実施方法", "□直営 ■委託 □補助"]);
    let first =
        row(first, 96.0, &[30.0, 120.0, 570.0], &["事業の概要", "協力員が高齢者を訪ね、安否を確かめる。"]);
    let first = first.text(30.0, 150.0, "１ 事業費の推移").text(480.0, 150.0, "（単位：千円）");
    let years = [30.0, 120.0, 240.0, 350.0, 460.0, 570.0];
    let wide = [30.0, 240.0, 350.0, 460.0, 570.0];
    let first = row(first, 160.0, &wide, &["区分", "令和元年度決算", "令和２年度決算", "令和３年度予算"]);
    let first = row(first, 178.0, &wide, &["事業費", "12,345", "13,000", "14,600"]);
    let first = row(first, 196.0, &years, &["財源内訳", "国庫支出金", "1,000", "1,500", "2,000"]);
    let first = row(first, 214.0, &years, &["", "一般財源", "11,345", "11,500", "12,500"]);
    let second = Page::default().text(30.0, 30.0, "２ 成果指標");
    let indicators = [30.0, 200.0, 250.0, 300.0, 390.0, 480.0, 570.0];
    let second = row(second, 40.0, &indicators, &["指標名", "単位", "", "Ｒ１", "Ｒ２", "Ｒ３"]);
    let second = second
        .grid(&[30.0, 200.0, 250.0], &[58.0, 94.0])
        .grid(&[250.0, 300.0, 390.0, 480.0, 570.0], &[58.0, 76.0, 94.0])
        .text(33.0, 71.0, "見守り協力員数")
        .text(203.0, 71.0, "人");
    let cells = [("目標", 58.0, ["100", "110", "120"]), ("実績", 76.0, ["95", "112", "－"])];
    let second = cells.iter().fold(second, |page, (kind, y, values)| {
        let page = page.text(253.0, y + 13.0, kind);
        values.iter().zip([303.0, 393.0, 483.0]).fold(page, |page, (value, x)| page.text(x, y + 13.0, value))
    });
    let second = second.text(30.0, 130.0, "３ 評価");
    let two = [30.0, 150.0, 570.0];
    let second = row(second, 140.0, &two, &["必要性", "○"]);
    let second = row(second, 158.0, &two, &["今後の方向性", "□拡充 ■継続 □廃止"]);
    let second = row(second, 176.0, &two, &["課題", "協力員の高齢化が進んでいる。"]);
    let second = second.text(30.0, 220.0, "※ 人件費は含まない。");
    vec![first, second]
}

fn value(cell: &Cell) -> Option<String> {
    cell.value.map(|v| v.to_string())
}

/// (choice, period, value, unit) of each row.
fn tidy(rows: &[Row], choice: &str, number: &str) -> Vec<(String, String, Option<String>, String)> {
    rows.iter()
        .map(|row| {
            let year = row["year"].period.as_ref().map_or_else(String::new, |p| p.edtf.clone());
            let unit = row[number].unit.clone().unwrap_or_default();
            (row[choice].choice.concat(), year, value(&row[number]), unit)
        })
        .collect()
}

#[test]
fn the_example_reads_its_sheet() {
    let sheet = read(&pdf(&pages()));
    let municipality = sheet.municipality.as_ref().unwrap();
    assert_eq!((municipality.code.as_str(), municipality.kind), ("132063", MunicipalityKind::City));
    assert_eq!(sheet.fiscal_year, Some(2021));
    assert_eq!(sheet.form.score, 1.0);
    let text = |key: &str| sheet.field(key).unwrap().cell.text.clone();
    assert_eq!(text("project"), "高齢者見守り事業");
    assert_eq!(text("department"), "福祉部 高齢者支援課");
    assert_eq!(text("outline"), "協力員が高齢者を訪ね、安否を確かめる。");
    assert_eq!(text("problems"), "協力員の高齢化が進んでいる。");
    let cell = |key: &str| &sheet.field(key).unwrap().cell;
    assert_eq!(cell("start").period.as_ref().unwrap().fiscal_year, Some(2008));
    assert_eq!(cell("method").choice, ["contract"]);
    assert_eq!(cell("direction").choice, ["keep"]);
    assert_eq!(cell("necessity").flag, Some(true));
    let costs = tidy(sheet.table("costs"), "item", "amount");
    let expected = [
        ("total", "12345", "13000", "14600"),
        ("national", "1000", "1500", "2000"),
        ("own", "11345", "11500", "12500"),
    ];
    let years = ["2019-04/2020-03", "2020-04/2021-03", "2021-04/2022-03"];
    let rows: Vec<_> = expected
        .iter()
        .flat_map(|(item, a, b, c)| [a, b, c].into_iter().zip(years).map(move |(v, y)| (*item, y, *v)))
        .map(|(item, year, value)| {
            (item.to_owned(), year.to_owned(), Some(value.to_owned()), "千円".to_owned())
        })
        .collect();
    assert_eq!(costs, rows);
    assert_eq!(sheet.table("costs")[3]["group"].text, "財源内訳");
    let indicators: Vec<_> =
        tidy(sheet.table("indicators"), "kind", "value").into_iter().map(|r| (r.0, r.1, r.2)).collect();
    let row = |kind: &str, year: &str, value: Option<&str>| {
        (kind.to_owned(), year.to_owned(), value.map(str::to_owned))
    };
    assert_eq!(
        indicators,
        [
            row("target", "2019", Some("100")),
            row("target", "2020", Some("110")),
            row("target", "2021", Some("120")),
            row("actual", "2019", Some("95")),
            row("actual", "2020", Some("112")),
            row("actual", "2021", None),
        ]
    );
    let last = &sheet.table("indicators")[5];
    assert_eq!(
        (last["indicator"].text.as_str(), last["value"].status),
        ("見守り協力員数", Some(Status::NullMark))
    );
    assert_eq!(sheet.texts["notes"][0].text, "※ 人件費は含まない。");
    // 2,000 + 12,500 is not 14,600; the years before add up.
    let [mismatch] = sheet.diagnostics.as_slice() else { panic!("{:?}", sheet.diagnostics) };
    assert_eq!(mismatch.code, "sum_mismatch");
    assert!(mismatch.message.contains("2000 + 12500 = 14500, but 14600"), "{}", mismatch.message);
    assert_eq!((mismatch.keys.as_slice(), mismatch.at.len()), (["costs.amount".to_owned()].as_slice(), 3));
}

#[test]
fn the_example_reads_a_dump_of_its_sheet() {
    let dump = "令和３年度 事務事業評価シート\n府中市\n東京都\n事務事業名 高齢者見守り事業 担当部局 福祉部\n\
        事業開始年度 平成20年度\n実施方法 □直営 ■委託 □補助\n１ 事業費の推移\n（単位：千円）\n\
        区分 令和元年度決算 令和２年度決算 令和３年度予算\n事業費 12,345 13,000 14,500\n\
        財源内訳 国庫支出金 1,000 1,500 2,000\n一般財源 11,345 11,500 12,500\n\
        ２ 成果指標\n指標名 単位 Ｒ１ Ｒ２ Ｒ３\n見守り協力員数 人 目標 100 110 120\n実績 95 112\n";
    let sheet = read(dump.as_bytes());
    assert_eq!(sheet.field("project").unwrap().cell.text, "高齢者見守り事業");
    assert_eq!(sheet.field("department").unwrap().cell.text, "福祉部");
    assert_eq!(sheet.field("method").unwrap().cell.choice, ["contract"]);
    let mut totals: BTreeMap<String, Option<String>> = BTreeMap::new();
    for (item, year, value, unit) in tidy(sheet.table("costs"), "item", "amount") {
        assert_eq!(unit, "千円");
        totals.insert(format!("{item} {}", &year[..4]), value);
    }
    assert_eq!(totals.len(), 9);
    assert_eq!(totals["own 2021"].as_deref(), Some("12500"));
    // The group of 一般財源 is a merged cell that the dump does not repeat.
    assert_eq!(sheet.table("costs")[6]["group"].status, Some(Status::Ambiguous));
    // Two numbers for three years: whose they are cannot be told.
    let kinds: Vec<String> = sheet.table("indicators").iter().map(|r| r["kind"].choice.concat()).collect();
    assert_eq!(kinds, ["target", "target", "target"]);
    assert!(sheet.unclaimed.iter().any(|t| t.text.contains("実績 95 112")), "{:?}", sheet.unclaimed);
}

#[test]
fn a_form_may_be_of_anything_else() {
    let form = r#"
        id = "beds"
        title = "病床機能"
        marks = ["病床機能報告"]
        [[section]]
        id = "facility"
        headings = ["施設の概要"]
        repeated = "facility"
        [[section.field]]
        key = "city"
        labels = ["所在地"]
        type = "municipality"
        [[section.measure]]
        key = "beds"
        labels = ["病床数"]
        unit = "床"
        [[section.table]]
        name = "functions"
        [[section.table.column]]
        name = "ward"
        type = "text"
        headers = ["病棟"]
        [[section.table.column]]
        name = "beds"
        type = "value"
        across = "function"
        across_type = "text"
        unit = "床"
    "#;
    let facility = |page: Page, y: f32, city: &str, beds: [&str; 3]| {
        let page = page.text(30.0, y, "■ 施設の概要").text(30.0, y, "");
        let page = row(
            page,
            y + 10.0,
            &[30.0, 120.0, 200.0, 290.0, 400.0],
            &["所在地", city, "病床数（床）", beds[2]],
        );
        let page = row(page, y + 40.0, &[30.0, 120.0, 210.0, 300.0], &["病棟", "急性期", "慢性期"]);
        row(page, y + 58.0, &[30.0, 120.0, 210.0, 300.0], &["１病棟", beds[0], beds[1]])
    };
    let page = Page::default().text(200.0, 30.0, "令和２年度 病床機能報告");
    let page = facility(page, 60.0, "長野県池田町", ["40", "50", "90"]);
    let page = facility(page, 200.0, "松本市", ["10", "―", "10"]);
    let sheet = Extractor::new().form(Form::parse(form).unwrap()).extract(pdf(&[page])).unwrap();
    assert_eq!((sheet.form.id.as_str(), sheet.sections.len()), ("beds", 2));
    let cities: Vec<_> =
        sheet.fields.iter().map(|f| (f.block, f.cell.municipality.as_ref().unwrap().code.as_str())).collect();
    assert_eq!(cities, [(Some(1), "204811"), (Some(2), "202029")]);
    let beds: Vec<_> = sheet.measures.iter().map(|m| (m.block, m.raw.as_str())).collect();
    assert_eq!(beds, [(Some(1), "90"), (Some(2), "10")]);
    let rows: Vec<_> = sheet
        .table("functions")
        .iter()
        .map(|r| {
            (
                value(&r["facility"]).unwrap(),
                r["ward"].text.as_str(),
                r["function"].text.as_str(),
                value(&r["beds"]),
            )
        })
        .collect();
    let text = |s: &str| Some(s.to_owned());
    assert_eq!(
        rows,
        [
            ("1".to_owned(), "１病棟", "急性期", text("40")),
            ("1".to_owned(), "１病棟", "慢性期", text("50")),
            ("2".to_owned(), "１病棟", "急性期", text("10")),
            ("2".to_owned(), "１病棟", "慢性期", None),
        ]
    );
}

#[test]
fn each_row_of_a_statistic_knows_its_municipality() {
    let form = r#"
        id = "population"
        title = "人口"
        [[section]]
        id = "table"
        headings = ["市町村別人口"]
        [[section.table]]
        name = "population"
        [[section.table.column]]
        name = "municipality"
        type = "municipality"
        headers = ["市町村名"]
        [[section.table.column]]
        name = "men"
        type = "value"
        headers = ["男"]
        under = ["人口"]
        unit = "人"
        [[section.table.column]]
        name = "men_heads"
        type = "value"
        headers = ["男"]
        under = ["世帯主"]
        unit = "人"
    "#;
    let page = Page::default().text(30.0, 30.0, "第３表 市町村別人口（令和２年10月１日現在）").text(
        30.0,
        46.0,
        "広島県",
    );
    let page = page.grid(&[30.0, 130.0], &[60.0, 96.0]).text(33.0, 73.0, "市町村名");
    let page = row(page, 60.0, &[130.0, 230.0, 330.0], &["人口（人）", "世帯主"]);
    let page = row(page, 78.0, &[130.0, 230.0, 330.0], &["男", "男"]);
    let page = row(page, 96.0, &[30.0, 130.0, 230.0, 330.0], &["県計", "1,000", "500"]);
    let page = row(page, 114.0, &[30.0, 130.0, 230.0, 330.0], &["府中市", "300", "100"]);
    let sheet = Extractor::new().form(Form::parse(form).unwrap()).extract(pdf(&[page])).unwrap();
    assert_eq!(sheet.municipality.as_ref().unwrap().code, "340006");
    let [all, city] = sheet.table("population") else { panic!("{:?}", sheet.tables) };
    assert!(all["municipality"].municipality.is_none());
    assert_eq!(city["municipality"].municipality.as_ref().unwrap().code, "342084");
    assert_eq!(
        (value(&city["men"]).as_deref(), value(&city["men_heads"]).as_deref()),
        (Some("300"), Some("100"))
    );
}
