//! A PDF written object by object, right or wrong as it is told.

use std::fmt::Display;

/// A PDF being written. Objects are numbered from 1 in the order they are added.
#[derive(Clone, Debug)]
pub(super) struct File {
    pub(super) bytes: Vec<u8>,
    offsets: Vec<usize>,
}

/// The catalog, the page tree, the one page and its font, in this order: what most files begin with.
const CATALOG: usize = 1;
const PAGE: usize = 3;
const FONT: usize = 4;

/// A line that every reader of the page should find.
pub(super) const TEXT: &str = "BT /F1 12 Tf 50 700 Td <4eba53e30031003200330034> Tj ET\n";

impl File {
    pub(super) fn new() -> Self {
        Self { bytes: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec(), offsets: Vec::new() }
    }

    /// The number that the next object gets.
    pub(super) fn next(&self) -> usize {
        self.offsets.len() + 1
    }

    /// Adds an object; its number.
    pub(super) fn add(&mut self, body: impl AsRef<[u8]>) -> usize {
        let number = self.next();
        self.offsets.push(self.bytes.len());
        self.put(format!("{number} 0 obj\n"));
        self.bytes.extend_from_slice(body.as_ref());
        self.put("\nendobj\n");
        number
    }

    /// Adds a stream; `entries` is what its dictionary has beside the length.
    pub(super) fn stream(&mut self, entries: impl Display, data: &[u8]) -> usize {
        let head = format!("<< {entries} /Length {} >>\nstream\n", data.len());
        self.add([head.as_bytes(), data, b"\nendstream"].concat())
    }

    /// Adds bytes as they are.
    pub(super) fn put(&mut self, bytes: impl AsRef<[u8]>) {
        self.bytes.extend_from_slice(bytes.as_ref());
    }

    /// Where object `number` begins.
    pub(super) fn offset(&self, number: usize) -> usize {
        self.offsets[number - 1]
    }

    /// Ends the file with a cross-reference table; `entries` go into the trailer.
    pub(super) fn finish(mut self, entries: impl Display) -> Vec<u8> {
        let at = self.bytes.len();
        let count = self.offsets.len() + 1;
        let mut table = format!("xref\n0 {count}\n0000000000 65535 f \n");
        for offset in &self.offsets {
            table.push_str(&format!("{offset:010} 00000 n \n"));
        }
        self.put(table);
        self.put(format!(
            "trailer\n<< /Size {count} /Root {CATALOG} 0 R {entries} >>\nstartxref\n{at}\n%%EOF\n"
        ));
        self.bytes
    }

    /// A file of one page: its dictionary has `page`, its resources have `resources`, its content is that of
    /// the object that is added next.
    pub(super) fn page(page: impl Display, resources: impl Display) -> Self {
        Self::with_catalog("", page, resources)
    }

    /// The same with `catalog` in the catalog.
    pub(super) fn with_catalog(catalog: impl Display, page: impl Display, resources: impl Display) -> Self {
        let mut file = Self::new();
        file.add(format!("<< /Type /Catalog /Pages 2 0 R {catalog} >>"));
        file.add(format!("<< /Type /Pages /Kids [{PAGE} 0 R] /Count 1 >>"));
        file.add(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 6 0 R \
             /Resources << /Font << /F1 {FONT} 0 R >> {resources} >> {page} >>"
        ));
        file.font();
        file
    }

    /// Adds a Japanese font that is not embedded, and its descendant.
    pub(super) fn font(&mut self) {
        let descendant = self.next() + 1;
        self.add(format!(
            "<< /Type /Font /Subtype /Type0 /BaseFont /Ryumin-Light /Encoding /UniJIS-UTF16-H \
             /DescendantFonts [{descendant} 0 R] >>"
        ));
        self.add(
            "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Ryumin-Light /DW 1000 \
             /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 6 >> >>",
        );
    }

    /// Adds the page's content.
    #[must_use]
    pub(super) fn content(mut self, operators: impl AsRef<[u8]>) -> Self {
        self.stream("", operators.as_ref());
        self
    }

    /// The same behind a line of text.
    #[must_use]
    pub(super) fn content_after_text(self, operators: impl AsRef<[u8]>) -> Self {
        let operators = [TEXT.as_bytes(), operators.as_ref()].concat();
        self.content(operators)
    }
}
