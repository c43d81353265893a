//! Small PDFs for tests: text in a Japanese font that is not embedded, and strokes.

use lopdf::{Document, Object, Stream, dictionary};

use crate::sheet::Sheet;

/// A page of 600 by 400 points; y grows downwards, as in the records.
#[derive(Clone, Default)]
pub(crate) struct Page(String);

impl Page {
    /// `text` with its baseline at (x, y), 10 points high.
    pub(crate) fn text(mut self, x: f32, y: f32, text: &str) -> Self {
        use std::fmt::Write;
        let _ = write!(self.0, "BT /F1 10 Tf {x} {} Td <", 400.0 - y);
        for unit in text.encode_utf16() {
            let _ = write!(self.0, "{unit:04x}");
        }
        self.0.push_str("> Tj ET\n");
        self
    }

    /// A grid of strokes through these x and y.
    pub(crate) fn grid(mut self, xs: &[f32], ys: &[f32]) -> Self {
        use std::fmt::Write;
        let (Some(left), Some(right)) = (xs.first(), xs.last()) else { return self };
        let (Some(top), Some(bottom)) = (ys.first(), ys.last()) else { return self };
        for x in xs {
            let _ = writeln!(self.0, "0.5 w {x} {} m {x} {} l S", 400.0 - top, 400.0 - bottom);
        }
        for y in ys {
            let y = 400.0 - y;
            let _ = writeln!(self.0, "0.5 w {left} {y} m {right} {y} l S");
        }
        self
    }
}

/// The record of these pages.
pub(crate) fn sheet(pages: &[Page]) -> Sheet {
    crate::extract_sheet(pdf(pages)).unwrap()
}

pub(crate) fn pdf(pages: &[Page]) -> Vec<u8> {
    let mut file = Document::with_version("1.7");
    let descriptor = file.add_object(dictionary! {
        "Type" => "FontDescriptor", "FontName" => "Ryumin-Light", "Flags" => 6,
        "FontBBox" => vec![0.into(), (-120).into(), 1000.into(), 880.into()], "ItalicAngle" => 0,
        "Ascent" => 880, "Descent" => -120, "CapHeight" => 700, "StemV" => 80,
    });
    let system = dictionary! {
        "Registry" => Object::string_literal("Adobe"), "Ordering" => Object::string_literal("Japan1"),
        "Supplement" => 6,
    };
    let widths: Vec<Object> = vec![1.into(), 94.into(), 500.into()];
    let descendant = file.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "CIDFontType0", "BaseFont" => "Ryumin-Light", "DW" => 1000, "W" => widths,
        "CIDSystemInfo" => system, "FontDescriptor" => descriptor,
    });
    let font = file.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type0", "BaseFont" => "Ryumin-Light", "Encoding" => "UniJIS-UTF16-H",
        "DescendantFonts" => vec![descendant.into()],
    });
    let tree = file.new_object_id();
    let mut kids: Vec<Object> = Vec::new();
    for page in pages {
        let stream = file.add_object(Stream::new(dictionary! {}, page.0.clone().into_bytes()));
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
