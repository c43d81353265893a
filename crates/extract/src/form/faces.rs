//! Forms met on sheets that are set in other ways than the one they were made from.

use super::Form;
use crate::Extractor;
use crate::page_maker::{Page, pdf};
use crate::sheet::{Cell, Sheet, Status};

const FORM: &str = r#"
    id = "facility"
    title = "施設調査票"
    [cover]
    title = ["施設調査票"]
    [[fiscal_year]]
    section = "title"
    weight = 1
    [[section]]
    id = "identification"
    [[section.field]]
    key = "city"
    labels = ["市町村名"]
    type = "municipality"
    optional = true
    [[section]]
    id = "facility"
    headings = ["施設の概要"]
    [[section.field]]
    key = "owner"
    labels = ["設置者"]
    type = "text"
    [[section.field]]
    key = "address"
    labels = ["所在地"]
    type = "text"
    [[section.field]]
    key = "purpose"
    labels = ["設置目的"]
    type = "text"
    [[section.field]]
    key = "opened"
    labels = ["開設日"]
    type = "period"
    [[section.field]]
    key = "fee"
    labels = ["利用料"]
    type = "value"
    unit = "円"
    [[section]]
    id = "grade"
    headings = ["総合評価"]
    [[section.field]]
    key = "grade"
    labels = ["総合評価"]
    type = "choice"
    choices = { a = ["Ａ"], b = ["Ｂ"] }
    [[section]]
    id = "patients"
    headings = ["患者の状況"]
    [[section.field]]
    key = "ward"
    labels = ["病棟"]
    type = "text"
    optional = true
    [[section.measure]]
    key = "patients"
    labels = ["入院患者数"]
    unit = "人"
    [[section.measure]]
    key = "older"
    labels = ["うち高齢者"]
    unit = "人"
"#;

fn read(source: impl AsRef<[u8]>) -> Sheet {
    Extractor::new().form(Form::parse(FORM).unwrap()).extract(source).unwrap()
}

fn on(page: &Page) -> Sheet {
    read(pdf(std::slice::from_ref(page)))
}

fn cell(sheet: &Sheet, key: &str) -> (String, Option<Status>) {
    let Cell { text, status, .. } = &sheet.field(key).unwrap().cell;
    (text.clone(), *status)
}

/// A title, with what else stands at the top, over a section.
fn headed(top: &[(f32, f32, &str)]) -> Sheet {
    let page = top.iter().fold(Page::default(), |page, (x, y, text)| page.text(*x, *y, text));
    on(&page.text(30.0, 120.0, "１ 施設の概要").text(30.0, 140.0, "設置者：ひまわり会"))
}

#[test]
fn the_fiscal_year_of_a_title() {
    let title = (200.0, 50.0, "施設調査票");
    for (top, year) in [
        // Days say when the sheet was made.
        (vec![(120.0, 50.0, "令和４年度　施設調査票"), (400.0, 50.0, "令和５年６月30日現在")], Some(2022)),
        (vec![(120.0, 50.0, "令和４年度　施設調査票（令和５年度計画）")], Some(2022)),
        (vec![(120.0, 50.0, "施設調査票（令和４年度実績・令和５年度計画）")], None),
        (vec![title, (200.0, 66.0, "令和４年度")], Some(2022)),
        (vec![(200.0, 34.0, "令和４年度"), title], Some(2022)),
        (vec![title, (200.0, 66.0, "（令和４年度分）")], Some(2022)),
        (vec![title, (200.0, 66.0, "令和５年６月30日作成")], None),
        (vec![(120.0, 50.0, "令和４年度"), (200.0, 50.0, "施設調"), (200.0, 62.0, "査票")], Some(2022)),
    ] {
        assert_eq!(headed(&top).fiscal_year, year, "{top:?}");
    }
}

#[test]
fn the_publisher_that_a_title_or_a_field_names() {
    let title = (200.0, 50.0, "施設調査票");
    for (top, name) in [
        (vec![(120.0, 50.0, "令和４年度小田原市施設調査票")], Some("小田原市")),
        (vec![title, (30.0, 70.0, "小田原市（神奈川県）")], Some("小田原市")),
        (vec![title, (30.0, 70.0, "府中市（広島県）")], Some("府中市")),
        (vec![title, (30.0, 70.0, "市町村名：小田原市")], Some("小田原市")),
        (vec![title, (30.0, 70.0, "提出先：小田原市")], None),
    ] {
        let sheet = headed(&top);
        assert_eq!(sheet.municipality.as_ref().map(|m| m.name.as_str()), name, "{top:?}");
        let unknown = sheet.diagnostics.iter().any(|d| d.code == "municipality_unknown");
        assert_eq!(unknown, name.is_none(), "{top:?}");
    }
}

#[test]
fn labels_beside_the_middle_of_their_text_in_a_dump() {
    let dump = "                 令和４年度　施設調査票\n\n\
        １　施設の概要\n\
        設置者            ひまわり会\n\
        所在地            藤枝市岡出山二丁目15番10号\n\
        \u{20}                 市民の文化の向上及び福祉の増進を図るとともに、青少年の健全な育成に資するた\n\
        設置目的\n\
        \u{20}                 め設置する。\n\
        開設日            昭和46年10月１日\n\
        利用料            500円\n";
    let sheet = read(dump);
    let purpose = cell(&sheet, "purpose").0.replace('\n', "");
    assert_eq!(
        purpose,
        "市民の文化の向上及び福祉の増進を図るとともに、青少年の健全な育成に資するため設置する。"
    );
    assert_eq!(cell(&sheet, "address").0, "藤枝市岡出山二丁目15番10号");
    // With a line more, nobody can tell whose they are.
    let sheet = read(dump.replace("開設日", "                  本館は昭和40年に建てた。\n開設日"));
    assert_eq!(cell(&sheet, "purpose"), (String::new(), Some(Status::Ambiguous)));
    assert_eq!(cell(&sheet, "owner").0, "ひまわり会");
}

#[test]
fn a_label_beside_rows_with_names_of_their_own_has_no_value() {
    let page = Page::default()
        .text(30.0, 30.0, "１ 施設の概要")
        .grid(&[100.0, 200.0, 400.0], &[50.0, 70.0, 90.0])
        .grid(&[30.0, 100.0], &[50.0, 90.0])
        .text(35.0, 74.0, "設置者")
        .text(105.0, 64.0, "氏名")
        .text(205.0, 64.0, "ひまわり会")
        .text(105.0, 84.0, "電話")
        .text(205.0, 84.0, "0465-33-1111");
    assert_eq!(cell(&on(&page), "owner"), (String::new(), Some(Status::Ambiguous)));
}

#[test]
fn a_colon_whose_box_overlaps_the_label() {
    let page = Page::default().text(30.0, 30.0, "１ 施設の概要").text(30.0, 60.0, "利用料（月額）").text(
        94.0,
        60.0,
        "：4,800円",
    );
    let fee = &on(&page).field("fee").unwrap().cell.clone();
    assert_eq!(
        (fee.value.map(|v| v.0.to_string()).as_deref(), fee.status),
        (Some("4800"), Some(Status::Read))
    );
}

#[test]
fn a_field_called_like_its_section() {
    let page = Page::default()
        .text(30.0, 30.0, "１ 施設の概要")
        .text(30.0, 60.0, "２ 総合評価")
        .grid(&[30.0, 130.0, 400.0], &[70.0, 90.0])
        .text(35.0, 84.0, "総合評価")
        .text(135.0, 84.0, "Ａ");
    let sheet = on(&page);
    assert_eq!(sheet.field("grade").unwrap().cell.choice, ["a"]);
    assert_eq!(sheet.sections.iter().filter(|s| s.id == "grade").count(), 1);
}

#[test]
fn numbers_and_dates_that_are_not_all_there_is() {
    let fee = |text: &str| {
        let page =
            Page::default().text(30.0, 30.0, "１ 施設の概要").text(30.0, 60.0, &format!("利用料：{text}"));
        let cell = on(&page).field("fee").unwrap().cell.clone();
        (cell.value.map(|v| v.0.to_string()), cell.status.unwrap())
    };
    for text in ["100～200", "50以上", "約500円程度", "98.5％ → 101.2％"] {
        assert_eq!(fee(text), (None, Status::Ambiguous), "{text}");
    }
    assert_eq!(fee("無料"), (None, Status::Read));
    assert_eq!(fee("500円"), (Some("500".to_owned()), Status::Read));
    let opened = |text: &str| {
        let page =
            Page::default().text(30.0, 30.0, "１ 施設の概要").text(30.0, 60.0, &format!("開設日：{text}"));
        let cell = on(&page).field("opened").unwrap().cell.clone();
        (cell.period.map(|p| p.edtf), cell.status)
    };
    assert_eq!(opened("令和３年４月１日（木）").0.as_deref(), Some("2021-04-01"));
    assert_eq!(opened("R3.4～R8.3（５年間）").0.as_deref(), Some("2021-04/2026-03"));
    assert_eq!(opened("第８期（令和３年度～令和５年度）").0.as_deref(), Some("2021-04/2024-03"));
    assert_eq!(opened("３月の第２週"), (None, Some(Status::Ambiguous)));
}

#[test]
fn a_measure_with_a_number_nobody_took_is_not_blank() {
    let page = |first: &str, second: &str| {
        Page::default()
            .text(30.0, 30.0, "１ 患者の状況")
            .grid(&[30.0, 130.0, 330.0], &[50.0, 70.0])
            .grid(&[30.0, 130.0, 230.0, 330.0], &[70.0, 90.0])
            .text(35.0, 64.0, "入院患者数")
            .text(135.0, 64.0, "うち高齢者")
            .text(35.0, 84.0, "500人")
            .text(135.0, 84.0, first)
            .text(235.0, 84.0, second)
    };
    let status = |page: &Page| {
        let sheet = on(page);
        let older = sheet.measure("older").unwrap();
        (older.value.map(|v| v.0.to_string()), older.status)
    };
    // A count and its share have a column each; of two counts nobody can tell which one is meant.
    assert_eq!(status(&page("200人", "40.0％")), (Some("200".to_owned()), Status::Read));
    assert_eq!(status(&page("200人", "180人")), (None, Status::Ambiguous));
    assert_eq!(status(&page("", "")), (None, Status::Blank));
}

#[test]
fn measures_that_are_not_on_the_sheet_are_no_picture() {
    let page = Page::default().text(30.0, 30.0, "１ 患者の状況").text(30.0, 60.0, "病棟：東３階");
    assert!(on(&page).diagnostics.iter().all(|d| d.code != "table_is_image"));
}
