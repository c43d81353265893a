//! Brackets in brackets.

use super::bomb::{Part, flat, zlib};
use super::file::{File, TEXT};
use super::{Case, case};

const DEEP: usize = 100_000;

/// What opens and closes, and its name.
const BRACKETS: [(&str, &str, &str); 4] =
    [("arrays", "[", "]"), ("dictionaries", "<</A", ">>"), ("strings", "(", ")"), ("both", "[<</A", ">>]")];

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, open, close) in BRACKETS {
        let nested = move |closed: bool| {
            format!("{}0{}", open.repeat(DEEP), if closed { close.repeat(DEEP) } else { String::new() })
        };
        cases.push(case(format!("nesting/catalog_{name}"), move || {
            File::with_catalog(format!("/Deep {}", nested(true)), "", "").content(TEXT).finish("")
        }));
        cases.push(case(format!("nesting/catalog_{name}_left_open"), move || {
            File::with_catalog(format!("/Deep {}", nested(false)), "", "").content(TEXT).finish("")
        }));
        cases.push(case(format!("nesting/resources_{name}"), move || {
            File::page("", format!("/Properties {}", nested(true))).content(TEXT).finish("")
        }));
        cases.push(case(format!("nesting/trailer_{name}"), move || {
            File::page("", "").content(TEXT).finish(format!("/Info {}", nested(true)))
        }));
        cases.push(case(format!("nesting/content_{name}"), move || {
            File::page("", "")
                .content_after_text(format!("/Span {} BDC EMC\n{TEXT}", nested(true)))
                .finish("")
        }));
        cases.push(case(format!("nesting/content_{name}_left_open"), move || {
            File::page("", "").content_after_text(nested(false)).finish("")
        }));
        cases.push(case(format!("nesting/kids_{name}"), move || {
            let mut file = File::new();
            file.add("<< /Type /Catalog /Pages 2 0 R >>");
            file.add(format!("<< /Type /Pages /Count 1 /Kids [{}] >>", nested(true)));
            file.finish("")
        }));
        cases.push(case(format!("nesting/object_stream_{name}"), move || {
            let mut file = File::page("", "").content(TEXT);
            let nested = format!("9 0 {}", nested(true));
            let data = flat(&zlib(&[Part::Bytes(nested.into_bytes())]));
            file.stream("/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", &data);
            file.finish("")
        }));
    }
    for (name, operator) in [("q", "q "), ("marked", "/A BMC "), ("text", "BT "), ("compatibility", "BX ")] {
        cases.push(case(format!("nesting/content_{name}"), move || {
            File::page("", "").content_after_text(operator.repeat(10 * DEEP)).finish("")
        }));
    }
    cases.push(case("nesting/clips", || {
        File::page("", "")
            .content_after_text("q 0 0 100 100 re W n 1 0 m 9 9 l 3 8 l h W n ".repeat(DEEP))
            .finish("")
    }));
    cases.push(case("nesting/calculator_function", || {
        let mut file = File::page("", "/ColorSpace << /C [/Separation /X /DeviceGray 7 0 R] >>")
            .content_after_text(format!("/C cs 0.5 scn {TEXT}"));
        let program = format!("{}{}", "{".repeat(DEEP), "}".repeat(DEEP));
        file.stream("/FunctionType 4 /Domain [0 1] /Range [0 1]", program.as_bytes());
        file.finish("")
    }));
    cases.push(case("nesting/visibility_expression", || {
        let expression = format!("{}8 0 R{}", "[/Not ".repeat(DEEP), "]".repeat(DEEP));
        let mut file = File::with_catalog(
            "/OCProperties << /OCGs [8 0 R] /D << /OFF [8 0 R] >> >>",
            "",
            "/Properties << /L 7 0 R >>",
        )
        .content(format!("/OC /L BDC {TEXT} EMC"));
        file.add(format!("<< /Type /OCMD /VE {expression} >>"));
        file.add("<< /Type /OCG /Name (L) >>");
        file.finish("")
    }));
    cases.push(case("nesting/to_unicode_arrays", || {
        to_unicode(&format!("1 beginbfrange <0000> <ffff> {}\nendbfrange", "[".repeat(DEEP)))
    }));
    cases
}

/// A page whose font has this as its `ToUnicode` map's body.
pub(super) fn to_unicode(body: &str) -> Vec<u8> {
    let map = format!(
        "/CIDInit /ProcSet findresource begin begincmap\n/CMapName /X def\n1 begincodespacerange <0000> <ffff> \
         endcodespacerange\n{body}\nendcmap end\n"
    );
    let mut file = File::page("", "/Font << /F2 7 0 R /F1 4 0 R >>")
        .content("BT /F2 12 Tf 50 600 Td <00310032> Tj ET\n");
    file.add(
        "<< /Type /Font /Subtype /Type0 /BaseFont /Some /Encoding /Identity-H /DescendantFonts [5 0 R] \
         /ToUnicode 8 0 R >>",
    );
    file.stream("", map.as_bytes());
    file.finish("")
}
