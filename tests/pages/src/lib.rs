//! Small PDFs that tests make: text in a Japanese font that is not embedded, and strokes.

use std::fmt::Write;

use lopdf::{Document, Object, Stream, dictionary};

/// Width of a page in points.
pub const WIDTH: i64 = 600;
/// Height of a page in points.
pub const HEIGHT: i64 = 400;

/// Content of a page: text in a Japanese font that is not embedded, and strokes.
#[derive(Clone, Debug, Default)]
pub struct Content(String);

impl Content {
    /// `text` at (x, y) from the lower left corner.
    #[must_use]
    pub fn text(mut self, x: f32, y: f32, size: f32, text: &str) -> Self {
        // Writing to a string cannot fail.
        let _ = write!(self.0, "BT /F1 {size} Tf {x} {y} Td <");
        for unit in text.encode_utf16() {
            let _ = write!(self.0, "{unit:04x}");
        }
        self.0.push_str("> Tj ET\n");
        self
    }

    /// A stroke of half a point.
    #[must_use]
    pub fn stroke(mut self, x0: f32, y0: f32, x1: f32, y1: f32) -> Self {
        let _ = writeln!(self.0, "0.5 w {x0} {y0} m {x1} {y1} l S");
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

/// A PDF of [`WIDTH`] by [`HEIGHT`] points a page. The font has the metrics of a fixed-pitch Japanese font: a full em
/// for all characters but the Latin ones, which take half.
pub fn pdf(pages: &[Content]) -> Vec<u8> {
    pdf_with("UniJIS-UTF16-H", pages)
}

/// The same with another `CMap`.
///
/// # Panics
/// If it cannot be written to memory.
#[allow(clippy::unwrap_used)] // Only tests call it.
pub fn pdf_with(cmap: &str, pages: &[Content]) -> Vec<u8> {
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
            "MediaBox" => vec![0.into(), 0.into(), WIDTH.into(), HEIGHT.into()],
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
