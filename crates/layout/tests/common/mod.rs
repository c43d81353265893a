//! What several tests need.

#![allow(dead_code, clippy::unwrap_used, clippy::format_collect, clippy::format_push_string, unreachable_pub)]

use chohyo_layout::{Document, Options, Page, Table, read};
use std::path::{Path, PathBuf};

/// A file under `fixtures/`.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name)
}

/// The bytes of a file under `fixtures/`.
pub fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(fixture(name)).unwrap()
}

/// A file under `fixtures/`, read with default options.
pub fn open(name: &str) -> Document {
    read(&bytes(name), &Options::default()).unwrap()
}

/// Each row of a table as its cells' text, lines of a cell joined by `|`; a merged cell is written in
/// its first row only.
pub fn rows(page: &Page, table: &Table) -> Vec<String> {
    let mut rows = vec![Vec::new(); table.rows as usize];
    for cell in &table.cells {
        let lines: Vec<&str> = cell.lines.iter().map(|&l| page.lines[l as usize].text.as_str()).collect();
        rows[cell.rows.start as usize].push(lines.join("|"));
    }
    rows.iter().map(|cells| cells.join(" / ")).collect()
}

/// Every glyph in exactly one line, every line in exactly one block, and what a table's cells hold is
/// what its block holds.
pub fn assert_conserved(document: &Document) {
    for page in &document.pages {
        let mut seen = vec![0; page.glyphs.len()];
        for line in &page.lines {
            assert_eq!(line.glyphs.len(), line.starts.len());
            for (&glyph, &start) in line.glyphs.iter().zip(&line.starts) {
                seen[glyph as usize] += 1;
                assert!(line.text[start as usize..].starts_with(page.glyph_text(glyph)));
            }
        }
        assert!(seen.iter().all(|&n| n == 1), "page {}: a glyph is in no line or in two", page.number);
        let mut seen = vec![0; page.lines.len()];
        for &line in page.blocks.iter().flat_map(|b| &b.lines) {
            seen[line as usize] += 1;
        }
        assert!(seen.iter().all(|&n| n == 1), "page {}: a line is in no block or in two", page.number);
        for table in &page.tables {
            for &line in table.cells.iter().flat_map(|c| &c.lines) {
                seen[line as usize] += 1;
            }
        }
        let in_tables = page.blocks.iter().filter(|b| b.kind != chohyo_layout::BlockKind::Text);
        for &line in in_tables.flat_map(|b| &b.lines) {
            seen[line as usize] -= 1;
        }
        assert!(seen.iter().all(|&n| n == 1), "page {}: cells and table blocks differ", page.number);
    }
}

/// Content of a page: text in a Japanese font that is not embedded, and strokes.
#[derive(Default)]
pub struct Content(String);

impl Content {
    /// `text` at (x, y) from the lower left corner.
    #[must_use]
    pub fn text(mut self, x: f32, y: f32, size: f32, text: &str) -> Self {
        let hex: String = text.encode_utf16().map(|u| format!("{u:04x}")).collect();
        self.0 += &format!("BT /F1 {size} Tf {x} {y} Td <{hex}> Tj ET\n");
        self
    }

    /// A stroke of half a point.
    #[must_use]
    pub fn stroke(mut self, x0: f32, y0: f32, x1: f32, y1: f32) -> Self {
        self.0 += &format!("0.5 w {x0} {y0} m {x1} {y1} l S\n");
        self
    }

    /// Any operators.
    #[must_use]
    pub fn raw(mut self, operators: &str) -> Self {
        self.0 += operators;
        self.0.push('\n');
        self
    }
}

/// A PDF of 600 by 400 points a page. The font has the metrics of a fixed-pitch Japanese font: a full em
/// for all characters but the Latin ones, which take half.
pub fn pdf(pages: &[Content]) -> Vec<u8> {
    pdf_with("UniJIS-UTF16-H", pages)
}

/// The same with another `CMap`.
pub fn pdf_with(cmap: &str, pages: &[Content]) -> Vec<u8> {
    use lopdf::{Document, Object, Stream, dictionary};
    let mut file = Document::with_version("1.7");
    let descriptor = file.add_object(dictionary! {
        "Type" => "FontDescriptor", "FontName" => "Ryumin-Light", "Flags" => 6,
        "FontBBox" => vec![0.into(), (-120).into(), 1000.into(), 880.into()], "ItalicAngle" => 0,
        "Ascent" => 880, "Descent" => -120, "CapHeight" => 700, "StemV" => 80,
    });
    // CIDs 1 to 94 are the proportional Latin characters of Adobe-Japan1.
    let widths: Vec<Object> = vec![1.into(), 94.into(), 500.into()];
    let descendant = file.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "CIDFontType0", "BaseFont" => "Ryumin-Light", "DW" => 1000, "W" => widths,
        "CIDSystemInfo" => dictionary! {
            "Registry" => Object::string_literal("Adobe"), "Ordering" => Object::string_literal("Japan1"),
            "Supplement" => 6,
        },
        "FontDescriptor" => descriptor,
    });
    let font = file.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type0", "BaseFont" => "Ryumin-Light", "Encoding" => cmap,
        "DescendantFonts" => vec![descendant.into()],
    });
    let tree = file.new_object_id();
    let mut kids: Vec<Object> = Vec::new();
    for content in pages {
        let stream = file.add_object(Stream::new(dictionary! {}, content.0.clone().into_bytes()));
        let page = dictionary! {
            "Type" => "Page", "Parent" => tree, "Contents" => stream,
            "MediaBox" => vec![0.into(), 0.into(), 600.into(), 400.into()],
            "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
        };
        kids.push(file.add_object(page).into());
    }
    let count = kids.len() as i64;
    file.objects.insert(tree, dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count }.into());
    let root = file.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    file.trailer.set("Root", root);
    let mut bytes = Vec::new();
    file.save_to(&mut bytes).unwrap();
    bytes
}
