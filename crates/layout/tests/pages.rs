//! What is read from small pages that are made here, one thing each.

#![allow(clippy::unwrap_used)]

mod common;

use chohyo_layout::{Document, ErrorKind, Options, read};
use common::{Content, assert_conserved, pdf, pdf_with, rows};

fn reads(pages: &[Content]) -> Document {
    let document = read(&pdf(pages), &Options::default()).unwrap();
    assert_conserved(&document);
    document
}

fn lines(document: &Document) -> Vec<&str> {
    let page = &document.pages[0];
    page.blocks.iter().flat_map(|b| &b.lines).map(|&l| page.lines[l as usize].text.as_str()).collect()
}

#[test]
fn text_drawn_twice_to_look_bold_is_read_once() {
    let page = Content::default().text(50.0, 300.0, 10.0, "人口123").text(50.3, 300.0, 10.0, "人口123");
    let document = reads(&[page]);
    assert_eq!(lines(&document), ["人口123"]);
    assert_eq!(document.pages[0].text, "人口123");
}

#[test]
fn equal_letters_side_by_side_are_kept() {
    let document = reads(&[Content::default().text(50.0, 300.0, 10.0, "11,111・・・…")]);
    assert_eq!(lines(&document), ["11,111・・・…"]);
}

#[test]
fn a_footnote_mark_does_not_run_into_its_number() {
    let page = Content::default()
        .text(50.0, 300.0, 10.0, "65.3")
        .text(70.0, 304.0, 5.0, "1)")
        .text(80.0, 300.0, 10.0, "％");
    assert_eq!(lines(&reads(&[page])), ["65.3 1)％"]);
}

#[test]
fn letters_spread_over_a_width_are_one_line_without_spaces() {
    let mut page = Content::default();
    for (i, letter) in ["市", "町", "村", "数"].iter().enumerate() {
        page = page.text(50.0 + 22.0 * i as f32, 300.0, 10.0, letter);
    }
    // Free text: 1.2 em apart. In a box the gaps may be wider.
    let boxed = ["備", "考"]
        .iter()
        .enumerate()
        .fold(Content::default(), |page, (i, letter)| page.text(60.0 + 45.0 * i as f32, 305.0, 10.0, letter));
    let boxed = boxed.raw("0.5 w 50 300 100 20 re S");
    assert_eq!(lines(&reads(&[page])), ["市町村数"]);
    assert_eq!(lines(&reads(&[boxed])), ["備考"]);
}

#[test]
fn letters_set_one_under_the_other_are_one_vertical_line() {
    let page = "退院率".chars().enumerate().fold(Content::default(), |page, (i, letter)| {
        page.text(50.0, 300.0 - 11.0 * i as f32, 10.0, &letter.to_string())
    });
    let document = reads(&[page]);
    assert_eq!(lines(&document), ["退院率"]);
    assert!(document.pages[0].lines[0].vertical);
}

#[test]
fn a_column_of_units_is_no_vertical_line() {
    let page =
        (0..4).fold(Content::default(), |page, i| page.text(50.0, 300.0 - 14.0 * i as f32, 10.0, "人"));
    assert_eq!(lines(&reads(&[page])), ["人", "人", "人", "人"]);
}

#[test]
fn text_under_a_clip_that_hides_it_is_left_out() {
    let page = Content::default()
        .text(50.0, 350.0, 10.0, "見える")
        .raw("q 50 290 20 20 re W n")
        .text(50.0, 295.0, 10.0, "半分消える")
        .raw("Q")
        .text(50.0, 200.0, 10.0, "残り");
    assert_eq!(lines(&reads(&[page])), ["見える", "半分", "残り"]);
}

/// A table's text with no rulings at all: label, value and unit in three columns.
fn unruled() -> Content {
    let rows = [
        ("圏域数", "7", "か所"),
        ("市町村数", "33", "市町村"),
        ("人口", "1,087,723", "人"),
        ("病床数", "2,674", "床"),
    ];
    rows.iter().enumerate().fold(Content::default(), |page, (i, (label, value, unit))| {
        let y = 300.0 - 18.0 * i as f32;
        let right = 260.0 - 5.0 * value.len() as f32;
        page.text(50.0, y, 10.0, label).text(right, y, 10.0, value).text(280.0, y, 10.0, unit)
    })
}

#[test]
fn columns_of_aligned_text_are_a_table_without_rulings() {
    let document = reads(&[unruled()]);
    let page = &document.pages[0];
    assert!(!page.tables[0].ruled);
    assert_eq!(
        rows(page, &page.tables[0]),
        ["圏域数 / 7 / か所", "市町村数 / 33 / 市町村", "人口 / 1,087,723 / 人", "病床数 / 2,674 / 床"]
    );
}

#[test]
fn two_paragraphs_side_by_side_are_no_table() {
    let text = "地域の支援体制の課題や居住資源の確保の課題等がある";
    let page = (0..6).fold(Content::default(), |page, i| {
        let y = 300.0 - 14.0 * i as f32;
        page.text(30.0, y, 10.0, text).text(320.0, y, 10.0, text)
    });
    let document = reads(&[page]);
    assert!(document.pages[0].tables.is_empty());
    let left = &document.pages[0].blocks[0];
    assert_eq!(left.lines.len(), 6, "the left column is read to its end first");
}

#[test]
fn rows_that_no_ruling_parts_are_rows() {
    let page = Content::default()
        .raw("0.5 w 50 100 500 250 re S")
        .stroke(50.0, 330.0, 550.0, 330.0)
        .stroke(150.0, 100.0, 150.0, 350.0)
        .stroke(300.0, 100.0, 300.0, 350.0)
        .text(60.0, 336.0, 10.0, "時期")
        .text(160.0, 336.0, 10.0, "項目")
        .text(310.0, 336.0, 10.0, "内容")
        .text(60.0, 310.0, 10.0, "4月")
        .text(160.0, 310.0, 10.0, "連絡会議")
        .text(310.0, 310.0, 10.0, "支援状況の共有、")
        .text(310.0, 298.0, 10.0, "手順の見直し")
        .text(60.0, 250.0, 10.0, "通年")
        .text(160.0, 250.0, 10.0, "研修")
        .text(310.0, 250.0, 10.0, "事例を学ぶ");
    let document = reads(&[page]);
    let page = &document.pages[0];
    assert_eq!(
        rows(page, &page.tables[0]),
        ["時期 / 項目 / 内容", "4月 / 連絡会議 / 支援状況の共有、|手順の見直し", "通年 / 研修 / 事例を学ぶ"]
    );
}

#[test]
fn the_text_of_a_cell_with_two_paragraphs_stays_in_it() {
    let page = Content::default()
        .raw("0.5 w 50 200 400 100 re S")
        .stroke(150.0, 200.0, 150.0, 300.0)
        .text(60.0, 245.0, 10.0, "課題")
        .text(160.0, 280.0, 10.0, "一つ目の段落")
        .text(160.0, 230.0, 10.0, "二つ目の段落");
    let document = reads(&[page]);
    assert_eq!(rows(&document.pages[0], &document.pages[0].tables[0]), ["課題 / 一つ目の段落|二つ目の段落"]);
}

fn grid(page: Content, top: f32, rows: usize) -> Content {
    let bottom = top - 20.0 * rows as f32;
    let across = (0..=rows).fold(page, |page, i| {
        let y = top - 20.0 * i as f32;
        page.stroke(50.0, y, 450.0, y)
    });
    [50.0, 200.0, 450.0].iter().fold(across, |page, &x| page.stroke(x, top, x, bottom))
}

#[test]
fn borders_painted_as_the_area_between_two_boxes_are_rulings() {
    // Each cell has a border of its own, a point thick and two points from the next.
    let cell = |x: i32, y: i32| format!("{x} {y} 98 18 re {} {} 96 16 re f*", x + 1, y + 1);
    let cells = [(50, 280), (150, 280), (50, 260), (150, 260)].map(|(x, y)| cell(x, y)).join("\n");
    let page = Content::default()
        .raw(&cells)
        .text(60.0, 285.0, 9.0, "年度")
        .text(160.0, 285.0, 9.0, "内容")
        .text(60.0, 265.0, 9.0, "H30")
        .text(160.0, 265.0, 9.0, "開始");
    let document = reads(&[page]);
    let page = &document.pages[0];
    assert!(page.tables[0].ruled);
    assert_eq!(rows(page, &page.tables[0]), ["年度 / 内容", "H30 / 開始"]);
}

#[test]
fn letters_spread_over_a_ruled_cell_do_not_part_it() {
    let mut page = grid(Content::default(), 300.0, 3);
    for (i, label) in ["人口", "面積", "世帯"].iter().enumerate() {
        let y = 285.0 - 20.0 * i as f32;
        for (k, letter) in label.chars().enumerate() {
            page = page.text(70.0 + 40.0 * k as f32, y, 10.0, &letter.to_string());
        }
        page = page.text(300.0, y, 10.0, "1,000");
    }
    let document = reads(&[page]);
    let page = &document.pages[0];
    assert!(page.tables[0].ruled);
    assert_eq!(rows(page, &page.tables[0]), ["人口 / 1,000", "面積 / 1,000", "世帯 / 1,000"]);
}

#[test]
fn marks_of_a_list_far_from_its_items_make_no_column() {
    let mut page = grid(Content::default(), 300.0, 3);
    for (i, mark) in ["①", "②", "③"].iter().enumerate() {
        let y = 285.0 - 20.0 * i as f32;
        page = page.text(55.0, y, 10.0, mark).text(90.0, y, 10.0, "研修の実施").text(300.0, y, 10.0, "通年");
    }
    let document = reads(&[page]);
    let table = &document.pages[0].tables[0];
    assert!(table.ruled);
    assert_eq!((table.rows, table.columns), (3, 2));
}

#[test]
fn a_label_beside_several_rows_stands_for_them() {
    let mut page = Content::default();
    for (i, (label, value)) in
        [("合計", "2,150"), ("男", "1,000"), ("女", "1,150"), ("合計", "83"), ("男", "40"), ("女", "43")]
            .iter()
            .enumerate()
    {
        let y = 300.0 - 18.0 * i as f32;
        page = page.text(150.0, y, 10.0, label).text(260.0 - 5.0 * value.len() as f32, y, 10.0, value);
    }
    let page = page.text(50.0, 282.0, 10.0, "入院者数").text(50.0, 228.0, 10.0, "退院者数");
    let document = reads(&[page]);
    let table = &document.pages[0].tables[0];
    assert_eq!(table.cell_at(0, 0).unwrap().rows, 0..3);
    assert_eq!(table.cell_at(5, 0).unwrap().rows, 3..6);
}

#[test]
fn a_table_that_goes_on_with_its_head_repeated_is_marked() {
    let first =
        grid(Content::default(), 360.0, 3).text(60.0, 345.0, 10.0, "年度").text(210.0, 345.0, 10.0, "内容");
    let second =
        grid(Content::default(), 360.0, 2).text(60.0, 345.0, 10.0, "年度").text(210.0, 345.0, 10.0, "内容");
    let other = grid(Content::default(), 300.0, 2)
        .text(50.0, 350.0, 14.0, "別の表")
        .text(60.0, 285.0, 10.0, "年度")
        .text(210.0, 285.0, 10.0, "内容");
    let document = reads(&[first, second, other]);
    let marks: Vec<bool> = document.pages.iter().map(|p| p.tables[0].continues).collect();
    assert_eq!(marks, [false, true, false]);
}

#[test]
fn a_box_over_a_table_belongs_to_the_cell_it_lies_on() {
    let page = grid(Content::default(), 300.0, 2)
        .text(60.0, 285.0, 10.0, "年度")
        .raw("0.5 w 220 263 100 14 re S")
        .text(225.0, 266.0, 9.0, "貼り紙");
    let document = reads(&[page]);
    let page = &document.pages[0];
    assert_eq!(rows(page, &page.tables[0]), ["年度 / ", " / 貼り紙"]);
}

#[test]
fn a_page_with_an_unknown_cmap_is_flagged_not_guessed() {
    let known = Content::default().text(50.0, 300.0, 10.0, "県");
    let error = read(&pdf_with("NoSuchMap-H", &[known]), &Options::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Undecodable);
}

#[test]
fn a_field_without_an_appearance_is_read_at_its_place() {
    // 北海道 in UTF-16.
    let value = "53176d779053";
    let field = format!(
        "/Annots [<< /Type /Annot /Subtype /Widget /FT /Tx /Rect [100 200 300 220] /V <feff{value}> /DA (/F1 10 Tf) >>]"
    );
    let bytes = pdf(&[Content::default().text(50.0, 300.0, 10.0, "県名")]);
    let document = read(&with_page_entry(&bytes, &field), &Options::default()).unwrap();
    assert_eq!(lines(&document), ["県名", "北海道"]);
    let glyph = document.pages[0].glyphs[2];
    assert_eq!((glyph.origin.0, glyph.size), (102.0, 10.0));
    assert!((180.0..200.0).contains(&glyph.origin.1));
}

#[test]
fn a_field_whose_appearance_is_empty_shows_its_value() {
    // What is drawn in the field's place counts, whatever its value is.
    let field = "/Annots [<< /Type /Annot /Subtype /Widget /FT /Tx /Rect [100 200 300 220] /V <feff53176d779053> \
        /DA (/F1 10 Tf) /AP << >> >>]";
    let read_with =
        |page: Content| read(&with_page_entry(&pdf(&[page]), field), &Options::default()).unwrap();
    let page = || Content::default().text(50.0, 300.0, 10.0, "県名");
    assert_eq!(lines(&read_with(page())), ["県名", "北海道"]);
    assert_eq!(lines(&read_with(page().text(110.0, 205.0, 10.0, "東京都"))), ["県名", "東京都"]);
}

/// The file with one more entry in its page's dictionary.
fn with_page_entry(bytes: &[u8], entry: &str) -> Vec<u8> {
    let at = bytes.windows(10).position(|w| w == b"/MediaBox[").unwrap();
    [&bytes[..at], entry.as_bytes(), &bytes[at..]].concat()
}

#[test]
fn a_page_set_sideways_is_read_like_an_upright_one() {
    let upright = reads(&[grid(Content::default(), 300.0, 2)
        .text(60.0, 285.0, 10.0, "年度")
        .text(210.0, 285.0, 10.0, "内容")
        .text(60.0, 265.0, 10.0, "H30")
        .text(210.0, 265.0, 10.0, "開始")]);
    let turned = grid(Content::default().raw("q 0 1 -1 0 400 -50 cm"), 300.0, 2)
        .text(60.0, 285.0, 10.0, "年度")
        .text(210.0, 285.0, 10.0, "内容")
        .text(60.0, 265.0, 10.0, "H30")
        .text(210.0, 265.0, 10.0, "開始")
        .raw("Q");
    let turned = reads(&[turned]);
    let (a, b) = (&upright.pages[0], &turned.pages[0]);
    assert_eq!(rows(a, &a.tables[0]), rows(b, &b.tables[0]));
    assert!(b.lines.iter().all(|l| l.vertical));
    // Boxes are where they are on the page: every cell holds its glyphs.
    for cell in &b.tables[0].cells {
        for &line in &cell.lines {
            for &glyph in &b.lines[line as usize].glyphs {
                let (x, y) = b.glyphs[glyph as usize].bbox.center();
                assert!(cell.bbox.contains(x, y));
            }
        }
    }
}

#[test]
fn limits_are_kept() {
    let mut options = Options::default();
    options.limits.glyphs_per_page = 2;
    let page = || Content::default().text(50.0, 300.0, 10.0, "三文字");
    let error = read(&pdf(&[page()]), &options).unwrap_err();
    assert_eq!((error.kind(), error.page()), (ErrorKind::TooLarge, Some(1)));
    let mut options = Options::default();
    options.limits.pages = 1;
    let error = read(&pdf(&[page(), page()]), &options).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    let mut options = Options::default();
    options.limits.rulings_per_page = 3;
    let document = read(&pdf(&[grid(page(), 300.0, 4)]), &options).unwrap();
    assert_eq!(lines(&document), ["三文字"]);
    assert!(document.warnings.iter().any(|w| w.code == "too_many_rulings" && w.page == Some(1)));
}

#[test]
fn no_pages_and_no_text_are_errors() {
    assert_eq!(read(&pdf(&[]), &Options::default()).unwrap_err().kind(), ErrorKind::NoPages);
    let blank = Content::default().stroke(0.0, 0.0, 100.0, 0.0);
    assert_eq!(read(&pdf(&[blank]), &Options::default()).unwrap_err().kind(), ErrorKind::NoText);
}

#[test]
fn a_page_can_be_drawn_as_svg() {
    let document = reads(&[grid(Content::default(), 300.0, 2).text(60.0, 285.0, 10.0, "<年度>")]);
    let svg = document.pages[0].to_svg();
    assert!(svg.starts_with("<svg") && svg.ends_with("</svg>\n"));
    assert_eq!(svg.matches(r#"stroke="red""#).count(), 4);
    assert!(svg.contains(">&lt;</text>"));
}

/// Letter by letter, each under the one before, as some programs set vertical text with a horizontal font.
fn downwards(page: Content, x: f32, y: f32, text: &str) -> Content {
    text.chars().zip(0_u8..).fold(page, |page, (letter, i)| {
        page.text(x, y - 10.0 * f32::from(i), 10.0, letter.encode_utf8(&mut [0; 4]))
    })
}

#[test]
fn vertical_text_drawn_letter_by_letter_is_read_from_the_right() {
    let texts = [
        "内閣は、道路交通法の一部を改正する法律の施行に伴い、",
        "この政令を制定する。",
        "二　公示の日付及び内容の公表",
    ];
    let page = texts.iter().zip(0_u8..).fold(Content::default(), |page, (text, i)| {
        downwards(page, 300.0 - 16.0 * f32::from(i), 350.0, text)
    });
    let document = reads(&[page]);
    assert!(document.pages[0].lines.iter().all(|l| l.vertical));
    assert_eq!(lines(&document), [texts[0], texts[1], "二 公示の日付及び内容の公表"]);
}

#[test]
fn a_column_of_units_is_no_vertical_text() {
    let page = ["人", "人", "床", "件", "件", "名"]
        .iter()
        .zip(0_u8..)
        .fold(Content::default(), |page, (unit, i)| {
            page.text(300.0, 350.0 - 14.0 * f32::from(i), 10.0, unit)
        });
    let document = reads(&[page]);
    assert!(document.pages[0].lines.iter().all(|l| !l.vertical));
}

#[test]
fn a_file_that_has_a_trailer_and_no_table_of_its_objects_is_read() {
    let objects = "%PDF-1.7\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n\
        2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj\n\
        3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 600 400]/Contents 4 0 R/Resources<</Font<</F1 \
        <</Type/Font/Subtype/Type1/BaseFont/Helvetica>> >> >> >> endobj\n\
        4 0 obj <</Length 33>> stream\nBT /F1 10 Tf 50 200 Td (12) Tj ET\nendstream endobj\n";
    let whole = format!("{objects}trailer <</Root 1 0 R>>\n");
    assert_eq!(lines(&read(whole.as_bytes(), &Options::default()).unwrap()), ["12"]);
    let error = read(objects.as_bytes(), &Options::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Damaged);
}
