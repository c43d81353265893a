//! What a reader is told of pages and glyphs that cannot be taken as they are.

#![allow(clippy::unwrap_used)]

mod common;

use std::io::Write as _;

use chohyo_layout::{Document, ErrorKind, Ink, Options, Warning, read};
use common::{Content, assert_conserved, pdf};

fn codes(document: &Document) -> Vec<(&str, Option<u32>)> {
    document.warnings.iter().map(|w| (w.code, w.page)).collect()
}

fn reads(content: Content) -> Document {
    let document = read(&pdf(&[content]), &Options::default()).unwrap();
    assert_conserved(&document);
    document
}

/// Codes that the `CMap` does not define; the engine makes two glyphs of each.
fn unknown(count: usize) -> String {
    format!("BT /F1 10 Tf 50 200 Td <{}> Tj ET", "fffe".repeat(count))
}

#[test]
fn one_page_that_cannot_be_read_costs_one_page() {
    let pages = || {
        let good = |text: &str| Content::default().text(50.0, 300.0, 10.0, text);
        [good("一頁"), good("二頁は長い"), good("三頁")]
    };
    let mut options = Options::default();
    options.limits.glyphs_per_page = 4;
    let document = read(&pdf(&pages()), &options).unwrap();
    let texts: Vec<&str> = document.pages.iter().map(|p| p.text.as_str()).collect();
    assert_eq!(texts, ["一頁", "", "三頁"]);
    assert_eq!((document.pages[1].number, document.pages[1].width), (2, 600.0));
    assert_eq!(codes(&document), [("unreadable_page", Some(2))]);
    assert!(document.warnings[0].message.contains("more than 4 glyphs"), "{:?}", document.warnings);
    options.strict = true;
    let error = read(&pdf(&pages()), &options).unwrap_err();
    assert_eq!((error.kind(), error.page()), (ErrorKind::TooLarge, Some(2)));
}

#[test]
fn no_page_that_can_be_read_is_an_error() {
    let mut options = Options::default();
    options.limits.glyphs_per_page = 1;
    let page = || Content::default().text(50.0, 300.0, 10.0, "二字");
    let error = read(&pdf(&[page(), page()]), &options).unwrap_err();
    assert_eq!((error.kind(), error.page()), (ErrorKind::TooLarge, Some(1)));
}

#[test]
fn a_number_of_which_digits_are_cut_off_is_told() {
    let clipped = |clip: &str, x: f32, text: &str| {
        Content::default()
            .text(50.0, 350.0, 10.0, "人口")
            .raw(&format!("q {clip} re W n"))
            .text(x, 295.0, 10.0, text)
            .raw("Q")
    };
    let document = reads(clipped("50 290 22 20", 50.0, "1,087,723"));
    assert_eq!(document.pages[0].text, "人口1,087");
    assert_eq!(codes(&document), [("cut_numbers", Some(1))]);
    let at = document.warnings[0].bbox.unwrap();
    assert!((69.5..=70.5).contains(&at.x0), "{at:?}");
    // Its beginning is cut off.
    assert_eq!(codes(&reads(clipped("80 290 60 20", 50.0, "1087723人"))), [("cut_numbers", Some(1))]);
    // Words are cut off, and numbers as a whole.
    assert_eq!(codes(&reads(clipped("50 290 42 20", 50.0, "人口の推移12"))), []);
}

#[test]
fn a_page_of_mostly_unknown_glyphs_is_refused() {
    let good = Content::default().text(50.0, 300.0, 10.0, "読める頁");
    let bad = Content::default().text(50.0, 300.0, 10.0, "12").raw(&unknown(5));
    let document = read(&pdf(&[good, bad]), &Options::default()).unwrap();
    assert_eq!(codes(&document), [("undecodable_page", Some(2))]);
    assert_eq!(document.pages[1].text, "");
}

#[test]
fn each_run_of_unknown_glyphs_is_told_with_its_place() {
    let page = Content::default()
        .text(50.0, 300.0, 10.0, "読める字の方が多い頁")
        .raw(&unknown(2))
        .text(50.0, 250.0, 10.0, "間")
        .raw("BT /F1 10 Tf 50 100 Td <fffe> Tj ET");
    let document = reads(page);
    assert_eq!(codes(&document), [("unmapped_glyphs", Some(1)); 2]);
    let Warning { bbox: Some(bbox), message, .. } = &document.warnings[0] else { panic!() };
    assert_eq!((bbox.x0, bbox.x1.round(), bbox.bottom.round()), (50.0, 70.0, 201.0));
    assert!(message.starts_with("4 glyphs of the font Ryumin-Light"), "{message}");
}

#[test]
fn colour_and_ink_of_glyphs_are_taken_down() {
    let page = Content::default()
        .raw("1 0 0 rg")
        .text(50.0, 300.0, 10.0, "赤")
        .raw("0 0 1 RG 1 Tr")
        .text(50.0, 280.0, 10.0, "縁")
        .raw("2 Tr")
        .text(50.0, 260.0, 10.0, "両")
        .raw("3 Tr")
        .text(50.0, 240.0, 10.0, "無");
    let document = reads(page);
    let seen: Vec<_> = document.pages[0].glyphs.iter().map(|g| (g.ink, g.color)).collect();
    let (red, blue) = (Some([255, 0, 0, 255]), Some([0, 0, 255, 255]));
    assert_eq!(seen, [(Ink::Filled, red), (Ink::Outlined, blue), (Ink::Filled, red), (Ink::Without, red)]);
    assert_eq!(codes(&document), [("invisible_text", Some(1))]);
}

#[test]
fn white_text_is_told_where_only_paper_is_under_it() {
    let page = Content::default()
        .text(50.0, 300.0, 10.0, "見出し")
        .raw("0 0 0.5 rg 40 190 100 30 re f 1 g")
        .text(50.0, 200.0, 10.0, "白抜き")
        .text(50.0, 100.0, 10.0, "隠れた字");
    let document = reads(page);
    assert_eq!(codes(&document), [("hidden_text", Some(1))]);
    assert!(document.warnings[0].message.starts_with("4 of 10"), "{:?}", document.warnings);
    assert!(document.pages[0].text.contains("隠れた字"));
}

#[test]
fn a_white_shadow_under_black_text_is_no_hidden_text() {
    let page = Content::default().raw("1 g").text(50.3, 299.7, 10.0, "影付き").raw("0 g").text(
        50.0,
        300.0,
        10.0,
        "影付き",
    );
    let document = reads(page);
    assert_eq!(document.pages[0].text, "影付き");
    assert_eq!(document.warnings, []);
}

#[test]
fn warnings_have_a_limit_and_say_so() {
    let page = (0..5).fold(
        Content::default().text(50.0, 390.0, 10.0, "読める字の方が多い頁である"),
        |page, i| page.raw(&format!("BT /F1 10 Tf 50 {} Td <fffe> Tj ET", 300 - 30 * i)),
    );
    let mut options = Options::default();
    options.limits.warnings = 2;
    let document = read(&pdf(&[page]), &options).unwrap();
    assert_eq!(document.warnings.len(), 3);
    assert_eq!(document.warnings[2].code, "too_many_warnings");
}

#[test]
fn text_in_place_of_glyphs_without_a_character_makes_them_known() {
    let page = "/Span << /ActualText <feff4eba53e3> >> BDC BT /F1 10 Tf 50 200 Td <fffe> Tj ET EMC";
    let document = reads(Content::default().raw(page));
    assert_eq!(document.pages[0].text, "人口");
    assert!(document.warnings.is_empty(), "{:?}", document.warnings);
}

#[test]
fn glyphs_that_nobody_sees_do_not_make_a_page_unknown() {
    let hidden = format!("q 0 0 1 1 re W n {} Q", unknown(9));
    let document = reads(Content::default().text(50.0, 300.0, 10.0, "人口").raw(&hidden));
    assert_eq!(document.pages[0].text, "人口");
}

#[test]
fn symbols_in_place_of_digits_are_told() {
    let document = reads(Content::default().text(50.0, 300.0, 10.0, "™œ›Ÿ"));
    assert_eq!(codes(&document), [("symbol_characters", Some(1))]);
    let document = reads(Content::default().text(50.0, 300.0, 10.0, "人口———（注）"));
    assert!(document.warnings.is_empty());
}

/// A page with this content, compressed, and one byte of it replaced.
fn compressed(content: &str, replace: Option<(u8, u8)>) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::none());
    encoder.write_all(content.as_bytes()).unwrap();
    let mut data = encoder.finish().unwrap();
    if let Some((from, to)) = replace {
        let at = data.iter().position(|&b| b == from).unwrap();
        data[at] = to;
    }
    let mut file = b"%PDF-1.7\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj\n\
        3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 600 400]/Contents 4 0 R/Resources<</Font<</F1 \
        <</Type/Font/Subtype/Type1/BaseFont/Helvetica>> >> >> >> endobj\n"
        .to_vec();
    writeln!(file, "4 0 obj <</Length {}/Filter/FlateDecode>> stream", data.len()).unwrap();
    file.extend(&data);
    file.extend(b"\nendstream endobj\ntrailer <</Root 1 0 R>>\n");
    file
}

#[test]
fn content_that_lost_bytes_is_told() {
    let content = "BT /F1 10 Tf 50 200 Td (12) Tj ET";
    let document = read(&compressed(content, None), &Options::default()).unwrap();
    assert_eq!((document.pages[0].text.as_str(), document.warnings.len()), ("12", 0));
    let document =
        read(&compressed("BT /F1 10 Tf 50 200 Td (a2) Tj ET", Some((b'a', b'3'))), &Options::default())
            .unwrap();
    assert_eq!(
        (document.pages[0].text.as_str(), codes(&document)),
        ("32", vec![("damaged_content", Some(1))])
    );
}
