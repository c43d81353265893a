//! The review page: complete in itself, the same for the same sheet, and never made of the sheet's text.
#![allow(clippy::unwrap_used, reason = "helpers of tests panic as tests do")]

use std::path::Path;

use chohyo_extract::{Extractor, Form, Sheet};
use chohyo_inspect::{PageOptions, sheet_page};
use chohyo_layout::{Options, PictureLimits};
use lopdf::{Document, Object, Stream, dictionary};

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/sheets").join(name)).unwrap()
}

fn page(name: &str, bytes: &[u8]) -> (Sheet, String) {
    let sheet = Extractor::new().extract_named(name, bytes).unwrap();
    let html = sheet_page(&sheet, Some(&Form::builtin()[0]), bytes, &PageOptions::default()).unwrap();
    (sheet, html)
}

/// True when the page's data holds this record.
fn holds(html: &str, sheet: &Sheet) -> bool {
    let json = serde_json::to_string(sheet).unwrap().replace('<', "\\u003c");
    html.contains(&format!("id=\"data\">{{\"sheet\":{json},"))
}

#[test]
fn a_page_is_small_complete_and_always_the_same() {
    for (name, limit) in [("sendai.pdf", 1 << 20), ("sapporo.pdf", 1 << 20), ("sendai.txt", 1 << 18)] {
        let bytes = fixture(name);
        let (sheet, html) = page(name, &bytes);
        assert!(html.len() < limit, "{name}: {} bytes", html.len());
        assert!(holds(&html, &sheet), "{name}");
        assert!(html == page(name, &bytes).1, "{name}");
        for outside in ["http://", "https://", "src=", "@import", "url(http"] {
            let found = html.replace("http://www.w3.org/2000/svg", "");
            assert!(!found.contains(outside), "{name}: {outside}");
        }
    }
}

#[test]
fn every_page_of_a_pdf_has_its_picture_and_its_text() {
    let (sheet, html) = page("sendai.pdf", &fixture("sendai.pdf"));
    assert_eq!(html.matches("<figure class=\"page\"").count(), sheet.source.pages as usize);
    assert!(!html.contains("data-cut"));
    assert!(html.contains(">1,087,723</text>"));
    // 仙台市's sheet shows over a thousand characters; each is drawn.
    assert!(html.matches("<use ").count() > 3000);
}

/// What a page may hold that comes from us: its own scripts, and none of the sheet's.
fn assert_inert(html: &str, sheet: &Sheet) {
    assert!(holds(html, sheet));
    let scripts = html.matches("<script").count();
    assert_eq!(scripts, html.matches("<script>\"use strict\"").count() + 5, "{scripts} scripts");
    assert_eq!(html.matches("</script").count(), scripts);
    for evil in ["<script>alert", "<img", "\"onclick=\"evil", "<svg onload", "javascript:evil\""] {
        assert!(!html.contains(evil), "{evil}");
    }
}

#[test]
fn text_of_a_dump_is_never_markup() {
    let dump = "仙台市</title><script>alert(1)</script>\n\n１ 県又は政令市の基礎情報\n\n\
        市町村数（R2年4月時点） 1 市町村\n人口（R2年4月時点） 1,087,723 人\n\
        </script><script>alert(2)</script><img src=x onerror=alert(3)>\n\"onclick=\"evil\" <!-- <svg onload=alert(4)>\n";
    let (sheet, html) = page("\"><script>alert(5)</script>.txt", dump.as_bytes());
    assert_eq!(sheet.source.name, "\"><script>alert(5)</script>.txt");
    assert_inert(&html, &sheet);
}

/// A page that says `aaa` in black and `aa` in red, in a font whose glyph is a drawing.
fn drawn_font() -> Vec<u8> {
    let mut document = Document::with_version("1.7");
    let glyph =
        document.add_object(Stream::new(dictionary! {}, b"600 0 0 0 500 500 d1 0 0 500 500 re f".to_vec()));
    let font = document.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type3", "FontBBox" => vec![0.into(), 0.into(), 500.into(), Object::from(500)],
        "FontMatrix" => vec![0.001.into(), 0.into(), 0.into(), 0.001.into(), 0.into(), Object::from(0)],
        "CharProcs" => dictionary! { "square" => glyph },
        "Encoding" => dictionary! { "Differences" => vec![97.into(), Object::from("square")] },
        "FirstChar" => 97, "LastChar" => 97, "Widths" => vec![Object::from(600)],
    });
    let content = b"BT /F 10 Tf 1 0 0 1 20 50 Tm (aaa) Tj 1 0 0 rg 1 0 0 1 20 20 Tm (aa) Tj ET".to_vec();
    let content = document.add_object(Stream::new(dictionary! {}, content));
    let pages = document.new_object_id();
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "Contents" => content,
        "MediaBox" => vec![0.into(), 0.into(), 100.into(), Object::from(100)],
        "Resources" => dictionary! { "Font" => dictionary! { "F" => font } },
    });
    document.objects.insert(
        pages,
        dictionary! { "Type" => "Pages", "Kids" => vec![Object::from(page)], "Count" => 1 }.into(),
    );
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

#[test]
fn a_glyph_that_is_a_drawing_is_drawn_once_for_each_colour() {
    let pictures =
        chohyo_layout::pictures(&drawn_font(), &Options::default(), &PictureLimits::default()).unwrap();
    let (definitions, body) = (&pictures.definitions, &pictures.pages[0].body);
    assert_eq!(
        (definitions.matches("<path").count(), body.matches("<path").count()),
        (2, 0),
        "{definitions}\n{body}"
    );
    assert_eq!(definitions.matches("fill=\"#ff0000\"").count(), 1, "{definitions}");
    // Each stands on its own place: 6 points from the one before, and on the line it is printed on.
    let places: Vec<&str> =
        body.split("<use ").skip(1).map(|u| u.split_once(" x=").unwrap().1.trim_end_matches("/>")).collect();
    let [first, second, third, fourth, fifth] = places.as_slice() else { panic!("{body}") };
    assert!(first.starts_with("\"20\" y=\"50\"") && second.starts_with("\"26\" y=\"50\""), "{body}");
    assert!(third.starts_with("\"32\" y=\"50\""), "{body}");
    assert!(fourth.starts_with("\"20\" y=\"80\"") && fifth.starts_with("\"26\" y=\"80\""), "{body}");
}
