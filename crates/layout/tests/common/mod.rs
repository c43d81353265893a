//! What several tests need.

#![allow(dead_code, clippy::unwrap_used, unreachable_pub, unused_imports)]

use chohyo_layout::{Document, Options, Page, Table, read};
pub use chohyo_test_pages::{Content, pdf, pdf_with};
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
        let in_tables = page.blocks.iter().filter(|b| matches!(b.kind, chohyo_layout::BlockKind::Table(_)));
        for &line in in_tables.flat_map(|b| &b.lines) {
            seen[line as usize] -= 1;
        }
        assert!(seen.iter().all(|&n| n == 1), "page {}: cells and table blocks differ", page.number);
    }
}
