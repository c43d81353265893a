//! `chohyo layout`.

use serde_json::Value;

use crate::{code, run, run_with_stdin, sheets, stderr, stdout};

fn rows(file: &str, what: &str) -> Vec<Value> {
    let output = run(&["layout", file, "--what", what]);
    assert_eq!((code(&output), stderr(&output)), (0, ""), "{file} {what}");
    stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_glyph_has_the_fields_it_is_known_by() {
    let glyphs = rows("sendai.pdf", "glyphs");
    assert!(glyphs.len() > 1000);
    let names: Vec<_> = glyphs[0].as_object().unwrap().keys().collect();
    let expected = "page text x0 top x1 bottom origin size font vertical ink color";
    assert_eq!(names, expected.split(' ').collect::<Vec<_>>());
    for glyph in &glyphs {
        let edge = |name: &str| glyph[name].as_f64().unwrap();
        assert!(edge("x0") <= edge("x1") && edge("top") <= edge("bottom"), "{glyph}");
        assert!((1..=7).contains(&glyph["page"].as_u64().unwrap()), "{glyph}");
    }
}

#[test]
fn lines_rulings_and_tables_are_where_the_sheet_has_them() {
    let lines = rows("sendai.pdf", "lines");
    assert!(lines.iter().any(|l| l["page"] == 2 && l["text"].as_str().unwrap().contains("1,087,723")));
    let horizontal = |r: &Value| r["horizontal"] == true && r["top"] == r["bottom"];
    assert!(rows("sendai.pdf", "rulings").iter().any(horizontal));
    let tables = rows("sendai.pdf", "tables");
    assert!(tables.iter().any(|t| t["page"] == 2 && t["rows"].as_u64() > Some(10)), "{tables:?}");
}

#[test]
fn blocks_say_what_they_are() {
    let blocks = rows("sendai.pdf", "blocks");
    let told = |page: u64, kind: &str, text: &str| {
        let has = |b: &&Value| {
            b["page"] == page && b["kind"] == kind && b["text"].as_str().unwrap().starts_with(text)
        };
        assert_eq!(blocks.iter().filter(has).count(), 1, "{kind} {text}");
    };
    told(2, "heading", "１ 県又は政令市の基礎情報");
    told(2, "running_head", "仙台市");
    told(4, "list_item", "・これを受けて");
    told(6, "note", "※指標設定が困難な場合は");
    told(5, "table", "課題解決の達成度を測る指標");
    told(1, "paragraph", "仙台市では、平成18年度に精神保健福祉総合センターを中心に");
}

#[test]
fn a_dump_has_lines_and_standard_input_is_read() {
    let lines = rows("sendai.txt", "lines");
    let bytes = std::fs::read(sheets().join("sendai.txt")).unwrap();
    let output = run_with_stdin(&["layout", "-", "--what", "lines"], &bytes);
    assert_eq!(stdout(&output).lines().count(), lines.len());
    assert_eq!(lines[0]["text"], "仙台市");
}

#[test]
fn what_a_page_cannot_be_trusted_with_is_told() {
    let file = sheets().join("../probes/tr3_invisible_90ms-RKSJ-H.pdf");
    let output = run(&["layout", file.to_str().unwrap(), "--what", "glyphs"]);
    assert_eq!(code(&output), 0);
    assert!(stderr(&output).contains("page 1: 7 of "), "{}", stderr(&output));
    assert!(stdout(&output).contains(r#""ink":"without""#));
}

#[cfg(feature = "witness")]
/// A page that is said to read 9 where an 8 is drawn: the witness reads what is drawn.
fn replaced_digit() -> Vec<u8> {
    use lopdf::{Document, Object, Stream, dictionary};
    let mut file = Document::with_version("1.7");
    let font = file
        .add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica",
        "Encoding" => "WinAnsiEncoding" });
    let operators =
        b"BT /F1 12 Tf 50 300 Td (beds 10) Tj /Span << /ActualText (9) >> BDC (8) Tj EMC ET".to_vec();
    let content = file.add_object(Stream::new(dictionary! {}, operators));
    let pages = file.new_object_id();
    let page = file.add_object(dictionary! { "Type" => "Page", "Parent" => pages, "Contents" => content,
    "MediaBox" => vec![0.into(), 0.into(), 300.into(), 400.into()],
    "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } } });
    let tree = dictionary! { "Type" => "Pages", "Count" => 1, "Kids" => vec![page.into()] };
    file.objects.insert(pages, Object::Dictionary(tree));
    let catalog = file.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    file.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    file.save_to(&mut bytes).unwrap();
    bytes
}

#[cfg(feature = "witness")]
#[test]
fn a_second_reader_is_asked_what_it_reads() {
    let output = run_with_stdin(&["layout", "-", "--what", "witness"], &replaced_digit());
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    let row: Value = serde_json::from_str(stdout(&output)).unwrap();
    assert_eq!((&row["read"], &row["witnessed"], &row["digits"]), (&"9".into(), &"8".into(), &true.into()));
    assert!((85.0..100.0).contains(&row["x0"].as_f64().unwrap()), "{row}");
    assert_eq!(rows("sendai.pdf", "witness"), Vec::<Value>::new());
}

#[cfg(feature = "witness")]
#[test]
fn a_second_reader_that_fails_is_told() {
    let file = sheets().join("../probes/cmap_90ms-RKSJ-H.pdf");
    let output = run(&["layout", file.to_str().unwrap(), "--what", "witness"]);
    assert_eq!((code(&output), stdout(&output)), (0, ""));
    assert!(stderr(&output).contains("page 1: the second reader did not read it"), "{}", stderr(&output));
}

#[test]
fn each_page_is_drawn() {
    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().join("pages");
    let output = run(&["layout", "sendai.pdf", "--svg", pages.to_str().unwrap()]);
    assert_eq!((code(&output), stdout(&output), stderr(&output)), (0, "", ""));
    let mut names: Vec<String> = std::fs::read_dir(&pages)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, (1..=7).map(|n| format!("page-{n:03}.svg")).collect::<Vec<_>>());
    let page = std::fs::read_to_string(pages.join("page-002.svg")).unwrap();
    let parts = [r#"stroke="red""#, r##"stroke="#0a0""##, r#"stroke="black""#, "<polyline ", "</svg>"];
    assert!(parts.iter().all(|part| page.contains(part)), "{parts:?}");
    // A dump has nothing to draw.
    let output = run(&["layout", "sendai.txt", "--svg", pages.to_str().unwrap()]);
    assert_eq!((code(&output), stderr(&output)), (1, "chohyo: no page has places to draw\n"));
}

#[test]
fn a_file_that_cannot_be_read_is_told() {
    let output = run_with_stdin(&["layout", "-", "--what", "lines"], b"");
    assert_eq!((code(&output), stdout(&output)), (1, ""));
    assert_eq!(stderr(&output), "chohyo: standard input: the file is empty\n");
    assert_eq!(code(&run(&["layout", "sendai.pdf"])), 2);
}
