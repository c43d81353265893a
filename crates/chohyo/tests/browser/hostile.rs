//! Text of a sheet is text, whatever it says.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use lopdf::{Document, Object, Stream, dictionary};

use crate::{Desk, chohyo, text};

/// What would tell that it was run, were it run.
const EVIL: [&str; 6] = [
    "</script><script>window.evil = 1</script>",
    "<img src=x onerror=\"window.evil = 2\">",
    "\"onclick=\"window.evil = 3\" x=\"",
    "'><svg onload='window.evil = 4'>",
    "<!--<script>",
    "${window.evil = 5}`+(window.evil = 6)+`",
];

const HEAD: &str = "仙台市\n\n１ 県又は政令市の基礎情報\n\n市町村数（R2年4月時点） 1 市町村\n人口（R2年4月時点） 1,087,723 人\n";

/// A PDF of one page that says these lines, in UTF-16.
fn pdf(lines: &[&str]) -> Vec<u8> {
    let mut document = Document::with_version("1.7");
    let descendant = document.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "CIDFontType0", "BaseFont" => "HeiseiMin-W3",
        "CIDSystemInfo" => dictionary! {
            "Registry" => Object::string_literal("Adobe"), "Ordering" => Object::string_literal("Japan1"), "Supplement" => 2,
        },
        "FontDescriptor" => dictionary! {
            "Type" => "FontDescriptor", "FontName" => "HeiseiMin-W3", "Flags" => 4, "ItalicAngle" => 0, "Ascent" => 880,
            "Descent" => -120, "CapHeight" => 700, "StemV" => 80, "FontBBox" => vec![0.into(), Object::from(-120), 1000.into(), 880.into()],
        },
    });
    let font = document.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type0", "BaseFont" => "HeiseiMin-W3", "Encoding" => "UniJIS-UTF16-H",
        "DescendantFonts" => vec![Object::from(descendant)],
    });
    let mut content = String::from("BT /F 10 Tf 14 TL 30 800 Td\n");
    for line in lines {
        let hexadecimal: Vec<_> = line.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
        let _ = writeln!(content, "<{}> Tj T*", hexadecimal.concat());
    }
    content += "ET";
    let content = document.add_object(Stream::new(dictionary! {}, content.into_bytes()));
    let pages = document.new_object_id();
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "Contents" => content,
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), Object::from(842)],
        "Resources" => dictionary! { "Font" => dictionary! { "F" => font } },
    });
    let kids = dictionary! { "Type" => "Pages", "Kids" => vec![Object::from(page)], "Count" => 1 };
    document.objects.insert(pages, kids.into());
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

fn assert_harmless(desk: &Desk) {
    let browser = &desk.browser;
    assert_eq!(browser.eval("window.evil"), serde_json::Value::Null);
    assert_eq!(
        browser.eval(
            "document.querySelectorAll('img, iframe, object, embed, [onclick], [onerror], [onload]').length"
        ),
        0
    );
    desk.assert_quiet();
}

fn look_into(desk: &Desk, sheet: &Path) {
    desk.inspect(sheet);
    assert_harmless(desk);
    // Every item is shown in full once, in both languages.
    desk.browser.eval("(() => { for (const item of ITEMS) choose(item, 'list'); speakOther(); for (const item of ITEMS) choose(item, 'paper'); help(); })()");
    assert_harmless(desk);
    // And what is evil is there to be read.
    let all = desk.browser.eval("document.body.textContent").to_string();
    assert!(all.contains("window.evil = 1") && all.contains("window.evil = 2"), "the text is shown");
}

#[test]
fn text_of_a_sheet_runs_nothing() {
    let Some(desk) = Desk::new("en") else { return };
    let name = if cfg!(windows) { "evil.txt" } else { "\"><img src=x onerror=window.evil=7>.txt" };
    let dump = desk.path(name);
    fs::write(&dump, format!("{HEAD}{}\n", EVIL.join("\n"))).unwrap();
    look_into(&desk, &dump);
    let lines: Vec<_> = HEAD.lines().chain(EVIL).collect();
    let sheet = desk.path("evil.pdf");
    fs::write(&sheet, pdf(&lines)).unwrap();
    look_into(&desk, &sheet);

    let (out, review) = (desk.path("out"), desk.path("review"));
    fs::write(desk.path("<script>window.evil=8<script>.pdf"), "%PDF-1.7").unwrap();
    chohyo(&["batch", text(desk.folder.path()), "--out", text(&out), "--review", text(&review), "--quiet"]);
    desk.browser.open(&review.join("index.html"));
    assert_eq!(desk.browser.eval("document.querySelectorAll('#failures tbody tr').length > 0"), true);
    assert_harmless(&desk);
}
