//! Tables of kinds that Japanese sheets have, each on a small page that is made here.

#![allow(clippy::unwrap_used, clippy::format_push_string, clippy::format_collect)]

mod common;

use chohyo_layout::{Document, Options, read};
use common::{Content, assert_conserved, pdf, rows};

fn reads(page: Content) -> Document {
    let document = read(&pdf(&[page]), &Options::default()).unwrap();
    assert_conserved(&document);
    document
}

fn lines(document: &Document) -> Vec<&str> {
    let page = &document.pages[0];
    page.blocks.iter().flat_map(|b| &b.lines).map(|&l| page.lines[l as usize].text.as_str()).collect()
}

/// All rows of the page's only table.
fn table(document: &Document) -> Vec<String> {
    let page = &document.pages[0];
    let [table] = page.tables.as_slice() else { panic!("{} tables", page.tables.len()) };
    rows(page, table)
}

/// Parts of a word spread over `from..to`; each is ten points an em, Latin letters half.
fn spread(mut page: Content, from: f32, to: f32, y: f32, parts: &[&str]) -> Content {
    let width = |part: &str| part.chars().map(|c| if c.is_ascii() { 5.0 } else { 10.0 }).sum::<f32>();
    let text: f32 = parts.iter().map(|p| width(p)).sum();
    let gap = (to - from - text) / (parts.len() - 1) as f32;
    let mut x = from;
    for part in parts {
        page = page.text(x, y, 10.0, part);
        x += width(part) + gap;
    }
    page
}

#[test]
fn the_foot_of_a_page_is_no_row_of_the_table_above_it() {
    let foot = |page: Content, number: &str| {
        page.text(50.0, 20.0, 10.0, "厚生労働省提出様式").text(260.0, 20.0, 10.0, number)
    };
    let table = ["都道府県", "障害保健福祉圏域", "市町村", "保健所数"].iter().zip(0_u8..);
    let table = table.fold(Content::default(), |page, (label, i)| {
        let y = 92.0 - 18.0 * f32::from(i);
        page.text(50.0, y, 10.0, label).text(260.0, y, 10.0, "12")
    });
    let first = Content::default().text(50.0, 300.0, 10.0, "表紙");
    let document = read(&pdf(&[foot(first, "1 / 7"), foot(table, "2 / 7")]), &Options::default()).unwrap();
    assert_conserved(&document);
    let page = &document.pages[1];
    assert_eq!(
        rows(page, &page.tables[0]),
        ["都道府県 / 12", "障害保健福祉圏域 / 12", "市町村 / 12", "保健所数 / 12"]
    );
}

/// Two rows of two cells, 100 points wide each.
fn two_by_two() -> Content {
    let page =
        [340.0, 320.0, 300.0].iter().fold(Content::default(), |page, &y| page.stroke(50.0, y, 250.0, y));
    [50.0, 150.0, 250.0].iter().fold(page, |page, &x| page.stroke(x, 300.0, x, 340.0))
}

#[test]
fn text_that_runs_over_into_an_empty_cell_is_of_the_cell_it_begins_in() {
    let page = two_by_two()
        .text(55.0, 325.0, 10.0, "自立支援協議会の設置状況")
        .text(55.0, 305.0, 10.0, "会議")
        .text(155.0, 305.0, 10.0, "開催");
    assert_eq!(table(&reads(page)), ["自立支援協議会の設置状況 / ", "会議 / 開催"]);
}

#[test]
fn texts_that_meet_at_the_edge_of_their_cells_are_two() {
    let page = two_by_two()
        .text(100.0, 325.0, 10.0, "1,087,7231")
        .text(150.0, 325.0, 10.0, "人以上")
        .text(55.0, 305.0, 10.0, "自立支援協議会の設置")
        .text(155.0, 305.0, 10.0, "済み");
    assert_eq!(table(&reads(page))[0], "1,087,7231 / 人以上");
}

#[test]
fn labels_spread_over_their_column_are_words() {
    let mut page = Content::default();
    let labels: [&[&str]; 4] = [
        &["人", "口", "（", "R2", "年", "4", "月", "時", "点", "）"],
        &["市", "町", "村", "数"],
        &["合", "計"],
        &["退", "院", "率"],
    ];
    for (i, label) in labels.iter().enumerate() {
        let y = 300.0 - 18.0 * i as f32;
        page = spread(page, 50.0, 250.0, y, label)
            .text(400.0, y, 10.0, &format!("1,{i}23"))
            .text(430.0, y, 10.0, "人");
    }
    assert_eq!(
        table(&reads(page)),
        [
            "人口（R2年4月時点） / 1,023 / 人",
            "市町村数 / 1,123 / 人",
            "合計 / 1,223 / 人",
            "退院率 / 1,323 / 人"
        ]
    );
}

#[test]
fn a_letter_in_each_column_is_no_spread_word() {
    // The same mark in all columns, and marks over columns of numbers.
    let page = (0..4).fold(Content::default(), |page, i| {
        let x = 60.0 + 90.0 * i as f32;
        let page = page.text(x, 300.0, 10.0, "有").text(x, 280.0, 10.0, &format!("{i}12"));
        page.text(x, 260.0, 10.0, "34").text(x, 240.0, 10.0, "5")
    });
    assert_eq!(lines(&reads(page))[..4], ["有", "有", "有", "有"]);
}

#[test]
fn a_label_that_runs_downwards_holds_its_brackets_and_numbers() {
    let mut page = Content::default();
    for (i, letter) in ["退", "院", "率", "（", "R", "2", "年", "6", "月", "）"].iter().enumerate() {
        let x = if letter.is_ascii() { 52.5 } else { 50.0 };
        page = page.text(x, 300.0 - 10.5 * i as f32, 10.0, letter);
    }
    let document = reads(page);
    assert_eq!(lines(&document), ["退院率（R2年6月）"]);
    assert!(document.pages[0].lines[0].vertical);
}

#[test]
fn digits_under_each_other_are_no_vertical_line() {
    let page = (0..5)
        .fold(Content::default(), |page, i| page.text(50.0, 300.0 - 11.0 * i as f32, 10.0, &i.to_string()));
    assert_eq!(lines(&reads(page)), ["0", "1", "2", "3", "4"]);
}

#[test]
fn rows_ruled_off_without_upright_rulings_have_columns() {
    let mut page = Content::default().raw("0.5 w 40 210 400 126 re S");
    let rows = [
        ("圏域数", "7 か所"),
        ("人口", "1,087,723 人"),
        ("退院率（令和2年6月時点）のあらまし、病院が答えたもの", ""),
        ("入院後3か月時点", "65.4％"),
        ("入院後6か月時点", "87.3％"),
        ("入院後1年時点", "93.2％"),
        ("保健所数", "5 か所"),
    ];
    for (i, (label, value)) in rows.iter().enumerate() {
        let y = 322.0 - 18.0 * i as f32;
        page =
            page.text(45.0, y, 10.0, label).text(270.0, y, 10.0, value).stroke(40.0, y - 4.0, 440.0, y - 4.0);
    }
    let document = reads(page);
    assert_eq!(
        table(&document),
        [
            "圏域数 / 7 か所",
            "人口 / 1,087,723 人",
            "退院率（令和2年6月時点）のあらまし、病院が答えたもの",
            "入院後3か月時点 / 65.4％",
            "入院後6か月時点 / 87.3％",
            "入院後1年時点 / 93.2％",
            "保健所数 / 5 か所"
        ]
    );
}

#[test]
fn lines_set_wide_apart_are_one_cell() {
    let mut page = Content::default();
    for i in 0..4 {
        let y = 340.0 - 40.0 * i as f32;
        page = page
            .text(40.0, y - 8.0, 10.0, "研修の受講者")
            .text(180.0, y - 8.0, 10.0, &format!("{i}2"))
            .text(260.0, y, 10.0, "職種を問わず参加があり、連携に役立った")
            .text(260.0, y - 16.0, 10.0, "と考えている。");
    }
    let row =
        |i: usize| format!("研修の受講者 / {i}2 / 職種を問わず参加があり、連携に役立った|と考えている。");
    assert_eq!(table(&reads(page)), [row(0), row(1), row(2), row(3)]);
}

#[test]
fn rows_of_text_set_as_close_as_lines_are_rows() {
    let rows = [
        ("時期", "項目", "内容"),
        ("7月", "協議の場の開催", "今年度の方針を確認する"),
        ("9月", "研修会", "多職種で事例を学ぶ"),
        ("11月", "連絡会", "課題の整理を行う"),
        ("通年", "普及啓発の講演会", "体験の発表"),
    ];
    let page = rows.iter().enumerate().fold(Content::default(), |page, (i, (period, item, content))| {
        let y = 300.0 - 14.0 * i as f32;
        page.text(50.0, y, 10.0, period).text(120.0, y, 10.0, item).text(260.0, y, 10.0, content)
    });
    let expected: Vec<String> = rows.iter().map(|(a, b, c)| format!("{a} / {b} / {c}")).collect();
    assert_eq!(table(&reads(page)), expected);
}

#[test]
fn a_table_of_dots_is_ruled() {
    // A dot each point and a half, as some programs draw a dotted border.
    let mut dots = String::new();
    for y in [100.0_f32, 120.0, 140.0, 160.0] {
        for i in 0..200 {
            dots += &format!("{} {y} 0.75 0.75 re f\n", 50.0 + 1.5 * i as f32);
        }
    }
    for x in [50.0_f32, 150.0, 348.5] {
        for i in 0..40 {
            dots += &format!("{x} {} 0.75 0.75 re f\n", 100.0 + 1.5 * i as f32);
        }
    }
    let page = Content::default()
        .raw(&dots)
        .text(55.0, 146.0, 10.0, "年度")
        .text(155.0, 146.0, 10.0, "内容")
        .text(55.0, 126.0, 10.0, "平成29年度")
        .text(155.0, 126.0, 10.0, "協議の場を設置")
        .text(55.0, 106.0, 10.0, "平成30年度")
        .text(155.0, 106.0, 10.0, "講演会を開催");
    let document = reads(page);
    assert!(document.pages[0].tables[0].ruled);
    assert_eq!(table(&document), ["年度 / 内容", "平成29年度 / 協議の場を設置", "平成30年度 / 講演会を開催"]);
}

#[test]
fn cells_that_are_painted_are_cells() {
    let mut page = Content::default().raw("0.9 g");
    for row in 0..3 {
        for (x, width) in [(50.0, 80.0), (132.0, 200.0)] {
            page = page.raw(&format!("{x} {} {width} 30 re f", 200.0 - 32.0 * row as f32));
        }
    }
    page = page.raw("0 g");
    for row in 0..3 {
        let y = 218.0 - 32.0 * row as f32;
        page = page.text(55.0, y, 10.0, &format!("項目{row}"));
        page = page.text(140.0, y, 10.0, "一行目").text(140.0, y - 12.0, 10.0, "二行目");
    }
    let row = |i: usize| format!("項目{i} / 一行目|二行目");
    assert_eq!(table(&reads(page)), [row(0), row(1), row(2)]);
}

#[test]
fn rulings_that_end_amid_a_table_tell_a_ruling_that_is_not_drawn() {
    // A box, a ruling between its two groups, and some between the rows of the right half.
    let page = Content::default().raw("0.5 w 50 180 400 160 re S").stroke(50.0, 260.0, 450.0, 260.0);
    let mut page = [313.0, 287.0, 233.0, 207.0].iter().fold(page, |page, &y| page.stroke(200.0, y, 450.0, y));
    for (middle, issue) in [(297.0, "住まいの場の不足"), (217.0, "退院意欲の低下")] {
        page = page.text(60.0, middle, 10.0, issue);
        for (y, actor) in [(26.0, "行政"), (0.0, "医療"), (-26.0, "福祉")] {
            page =
                page.text(210.0, middle + y, 10.0, actor).text(330.0, middle + y, 10.0, "連携の会議を開く");
        }
    }
    let rows = table(&reads(page));
    assert_eq!(rows[0], "住まいの場の不足 / 行政 / 連携の会議を開く");
    assert_eq!((rows.len(), rows[5].as_str()), (6, "福祉 / 連携の会議を開く"));
}

#[test]
fn an_underline_amid_a_table_tells_nothing() {
    let page = two_by_two()
        .text(60.0, 325.0, 10.0, "人口")
        .text(160.0, 325.0, 10.0, "12")
        .stroke(160.0, 323.0, 170.0, 323.0);
    let page = page
        .text(60.0, 305.0, 10.0, "病床")
        .text(160.0, 305.0, 10.0, "34")
        .stroke(160.0, 303.0, 170.0, 303.0);
    assert_eq!(table(&reads(page)), ["人口 / 12", "病床 / 34"]);
}

#[test]
fn the_marks_of_a_list_are_no_column() {
    let mut page = Content::default();
    for (i, item) in
        ["研修を行う", "会議を開く", "冊子を配る", "手順を見直す", "様式を改める"].iter().enumerate()
    {
        let y = 300.0 - 16.0 * i as f32;
        page = page.text(50.0, y, 10.0, &format!("({})", i + 1)).text(69.9, y, 10.0, item);
    }
    let document = reads(page);
    assert!(document.pages[0].tables.is_empty());
    assert_eq!(lines(&document)[2], "(3)冊子を配る");
}

#[test]
fn the_longer_numbers_of_a_column_make_no_column_of_their_own() {
    let numbers = ["1,087,723", "12", "5", "2,674", "345,678", "9", "41", "7"];
    let mut page = Content::default()
        .text(60.0, 350.0, 10.0, "市")
        .text(200.0, 350.0, 10.0, "人口")
        .text(330.0, 350.0, 10.0, "備考");
    for (i, number) in numbers.iter().enumerate() {
        let y = 330.0 - 20.0 * i as f32;
        page = page.text(60.0, y, 10.0, "市").text(250.0 - 5.0 * number.len() as f32, y, 10.0, number);
        page = page.text(330.0, y, 10.0, "推計");
    }
    let rows = table(&reads(page));
    assert_eq!(
        (rows[0].as_str(), rows[1].as_str(), rows[3].as_str()),
        ("市 / 人口 / 備考", "市 / 1,087,723 / 推計", "市 / 5 / 推計")
    );
}

#[test]
fn numbers_side_by_side_are_two() {
    let row = |page: Content, y: f32| {
        page.text(50.0, y, 10.0, "病院").text(150.0, y, 10.0, "241,619").text(191.0, y, 10.0, "508,110")
    };
    let page = [340.0, 320.0].iter().fold(Content::default(), |page, &y| row(page, y));
    assert_eq!(lines(&reads(page)).iter().filter(|line| **line == "508,110").count(), 2);
}

#[test]
fn the_outlines_of_letters_are_no_rulings() {
    // A program without a bold font strokes the outlines of the letters over them: a stem with a serif, and a bar.
    let outlines: String = (0..6_u8)
        .map(|i| {
            let x = 50.0 + 14.0 * f32::from(i);
            let stem = "0 0 m 0 11 l 2 12 l 4 11 l 5 9 l 5 6 l 9 6 l 9 5 l 5 5 l 5 1 l 4 0 l h";
            format!("q 1 0 0 1 {x} 200 cm {stem} 0 11 m 12 11 l 12 10 l 0 10 l h S Q ")
        })
        .collect();
    let page = Content::default().text(50.0, 200.0, 14.0, "障害保健福祉").raw(&outlines);
    let document = reads(page);
    assert!(document.pages[0].rulings.is_empty());
    assert_eq!(lines(&document), ["障害保健福祉"]);
}
