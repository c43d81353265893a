//! Objects that lead back to themselves, or to ever more of their like.

use std::fmt::Write;

use super::file::{File, TEXT};
use super::{Case, case};

/// Levels of a graph each of whose nodes names the next twice.
const LEVELS: usize = 28;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = vec![
        case("graph/page_tree_is_its_own_kid", || {
            let mut file = File::new();
            file.add("<< /Type /Catalog /Pages 2 0 R >>");
            file.add("<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 1000000 >>");
            file.add("<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count -1 >>");
            file.finish("")
        }),
        case("graph/page_tree_is_the_catalog", || {
            let mut file = File::new();
            file.add("<< /Type /Catalog /Pages 1 0 R /Kids [1 0 R] >>");
            file.finish("")
        }),
        case("graph/page_tree_20000_deep", || {
            let mut file = File::new();
            file.add("<< /Type /Catalog /Pages 2 0 R >>");
            for _ in 0..20_000 {
                let next = file.next() + 1;
                file.add(format!("<< /Type /Pages /Parent {} 0 R /Kids [{next} 0 R] /Count 1 >>", next - 2));
            }
            page_at_the_end(file)
        }),
        case("graph/page_tree_fans_out", || {
            let mut file = File::new();
            file.add("<< /Type /Catalog /Pages 2 0 R >>");
            for _ in 0..LEVELS {
                let next = file.next() + 1;
                file.add(format!("<< /Type /Pages /Kids [{next} 0 R {next} 0 R] /Count 268435456 >>"));
            }
            page_at_the_end(file)
        }),
        case("graph/kids_is_a_chain_of_references", || {
            let mut file = File::new();
            file.add("<< /Type /Catalog /Pages 2 0 R >>");
            file.add("<< /Type /Pages /Kids 3 0 R /Count 1 >>");
            for _ in 0..100_000 {
                let next = file.next() + 1;
                file.add(format!("{next} 0 R"));
            }
            file.add("[2 0 R]");
            file.finish("")
        }),
        case("graph/reference_to_itself", || {
            let mut file = File::page("/Rotate 7 0 R /CropBox 7 0 R", "").content(TEXT);
            file.add("7 0 R");
            file.finish("/Info 7 0 R")
        }),
        case("graph/parents_in_a_ring", || {
            let mut file = File::page("/Annots [7 0 R]", "").content(TEXT);
            file.add("<< /Subtype /Widget /Rect [0 0 9 9] /Parent 8 0 R >>");
            file.add("<< /Parent 7 0 R >>");
            file.finish("")
        }),
        case("graph/form_draws_itself", || {
            form_file(
                "/Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /X 7 0 R >> >>",
                "/X Do /X Do",
            )
        }),
        case("graph/form_draws_itself_by_the_page", || {
            form_file("/Subtype /Form /BBox [0 0 595 842]", &format!("{TEXT} /X Do"))
        }),
        case("graph/forms_double", || doubling("/Subtype /Form /BBox [0 0 595 842]", "/X Do /X Do")),
        case("graph/forms_double_with_text", || {
            doubling("/Subtype /Form /BBox [0 0 595 842]", &format!("{TEXT} /X Do /X Do"))
        }),
        case("graph/groups_double", || {
            doubling("/Subtype /Form /BBox [0 0 595 842] /Group << /S /Transparency >>", "/X Do /X Do")
        }),
        case("graph/one_form_100000_times", || {
            let mut file = File::page("", "/XObject << /X 7 0 R >>").content("/X Do ".repeat(100_000));
            file.stream("/Subtype /Form /BBox [0 0 595 842]", "1 0 m 2 3 l ".repeat(10_000).as_bytes());
            file.finish("")
        }),
        case("graph/one_stream_100000_times", || {
            let contents = "7 0 R ".repeat(100_000);
            let mut file = File::page(format!("/Contents [{contents}]"), "").content(TEXT);
            file.stream("", "1 0 m 2 3 l ".repeat(10_000).as_bytes());
            // Of two entries of one name readers take the first or the last: let both be the array.
            let bytes = file.finish("");
            replace(bytes, b"/Contents 6 0 R", b"               ")
        }),
        case("graph/one_appearance_100000_times", || {
            let notes = "<< /Subtype /Stamp /Rect [0 0 9 9] /AP << /N 7 0 R >> >> ".repeat(100_000);
            let mut file = File::page(format!("/Annots [{notes}]"), "").content(TEXT);
            file.stream("/Subtype /Form /BBox [0 0 9 9]", TEXT.repeat(100).as_bytes());
            file.finish("")
        }),
        case("graph/appearance_draws_itself", || {
            let mut file =
                File::page("/Annots [<< /Subtype /Stamp /Rect [0 0 9 9] /AP << /N 7 0 R >> >>]", "")
                    .content(TEXT);
            file.stream(
                "/Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 7 0 R >> >>",
                b"/X Do /X Do",
            );
            file.finish("")
        }),
        case("graph/glyph_draws_its_font", || {
            let mut file =
                File::page("", "/Font << /F1 7 0 R >>").content("BT /F1 12 Tf 50 600 Td (aaaa) Tj ET");
            file.add(
                "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0] /FirstChar 97 /LastChar 97 \
                 /Widths [1] /Encoding << /Differences [97 /a] >> /CharProcs << /a 8 0 R >> \
                 /Resources << /Font << /F1 7 0 R >> >> >>",
            );
            file.stream("", b"1 0 d0 BT /F1 1 Tf (aa) Tj ET");
            file.finish("")
        }),
        case("graph/pattern_paints_with_itself", || {
            let mut file = File::page("", "/Pattern << /P 7 0 R >>")
                .content_after_text(format!("/Pattern cs /P scn 0 0 500 500 re f {TEXT}"));
            file.stream(
                "/PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 9 9] /XStep 0.0001 /YStep 0.0001 \
                 /Resources << /Pattern << /P 7 0 R >> >>",
                b"/Pattern cs /P scn 0 0 9 9 re f 0 0 5 5 re f",
            );
            file.finish("")
        }),
        case("graph/soft_mask_masks_itself", || {
            let mut file =
                File::page("", "/ExtGState << /G 7 0 R >>").content_after_text(format!("/G gs {TEXT}"));
            file.add("<< /SMask << /S /Alpha /G 8 0 R >> >>");
            file.stream(
                "/Subtype /Form /BBox [0 0 9 9] /Group << /S /Transparency >> /Resources << /ExtGState << /G 7 0 R >> >>",
                b"/G gs 0 0 9 9 re f",
            );
            file.finish("")
        }),
        case("graph/descendant_is_the_font", || {
            let mut file = File::page("", "/Font << /F1 7 0 R >>").content(TEXT);
            file.add("<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [7 0 R] >>");
            file.finish("")
        }),
        case("graph/encoding_uses_itself", || {
            let mut file = File::page("", "/Font << /F1 7 0 R >>").content(TEXT);
            file.add(
                "<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding 8 0 R /DescendantFonts [5 0 R] >>",
            );
            file.stream(
                "/Type /CMap /CMapName /Own /UseCMap 8 0 R",
                b"/Own usecmap begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange endcmap",
            );
            file.finish("")
        }),
        case("graph/functions_double", || {
            let mut file = File::page("", "/ColorSpace << /C [/Separation /X /DeviceGray 7 0 R] >>")
                .content_after_text(format!("/C cs 0.5 scn {TEXT}"));
            for _ in 0..LEVELS {
                let next = file.next() + 1;
                file.add(format!(
                    "<< /FunctionType 3 /Domain [0 1] /Functions [{next} 0 R {next} 0 R] /Bounds [0.5] \
                     /Encode [0 1 0 1] >>"
                ));
            }
            file.add("<< /FunctionType 2 /Domain [0 1] /N 1 >>");
            file.finish("")
        }),
        case("graph/objects_of_a_ring_of_object_streams", || {
            let mut file = File::page("", "").content(TEXT);
            file.stream("/Type /ObjStm /N 1 /First 4 /Extends 7 0 R", b"7 0 7 0 R");
            file.finish("")
        }),
        case("graph/outlines_and_names_in_rings", || {
            let mut file =
                File::with_catalog("/Outlines 7 0 R /Names << /Dests 8 0 R >>", "", "").content(TEXT);
            file.add("<< /First 7 0 R /Next 7 0 R /Prev 7 0 R /Parent 7 0 R >>");
            file.add("<< /Kids [8 0 R 8 0 R] >>");
            file.finish("")
        }),
    ];
    for (name, colour) in COLOURS {
        cases.push(case(format!("graph/{name}"), move || {
            let mut file = File::page("", "/ColorSpace << /C 7 0 R >>")
                .content_after_text(format!("/C cs 0.5 scn {TEXT}"));
            file.add(colour);
            file.stream("/N 3 /Alternate [/ICCBased 8 0 R]", b"no profile");
            file.add("<< /FunctionType 2 /Domain [0 1] /N 1 >>");
            file.add("<< /FunctionType 3 /Domain [0 1] /Functions [10 0 R] /Bounds [] /Encode [0 1] >>");
            file.finish("")
        }));
    }
    cases
}

/// Colour spaces as object 7; 8 is a profile, 9 a function, 10 a function made of itself.
const COLOURS: [(&str, &str); 7] = [
    ("colour_indexes_itself", "[/Indexed 7 0 R 1 <00ff>]"),
    ("colour_separates_itself", "[/Separation /X 7 0 R 9 0 R]"),
    ("colour_of_many_inks_is_itself", "[/DeviceN [/X] 7 0 R 9 0 R]"),
    ("colour_of_its_own_pattern", "[/Pattern 7 0 R]"),
    ("profile_is_its_own_alternate", "[/ICCBased 8 0 R]"),
    ("function_stitches_itself", "[/Separation /X /DeviceGray 10 0 R]"),
    ("colour_behind_an_array", "[/Indexed [/Indexed [/Pattern 7 0 R] 1 <00ff>] 1 <00ff>]"),
];

fn page_at_the_end(mut file: File) -> Vec<u8> {
    let font = file.next() + 1;
    file.add(format!(
        "<< /Type /Page /MediaBox [0 0 595 842] /Contents {} 0 R /Resources << /Font << /F1 {font} 0 R >> >> >>",
        font + 2
    ));
    file.font();
    file.content(TEXT).finish("")
}

/// A page that draws the form of object 7.
fn form_file(entries: &str, operators: &str) -> Vec<u8> {
    let mut file = File::page("", "/XObject << /X 7 0 R >>").content_after_text("/X Do");
    file.stream(entries, operators.as_bytes());
    file.finish("")
}

/// Forms each of which draws the next twice.
fn doubling(entries: &str, operators: &str) -> Vec<u8> {
    let mut file = File::page("", "/XObject << /X 7 0 R >>").content_after_text("/X Do");
    for _ in 0..LEVELS {
        let mut resources = String::new();
        // Writing to a string cannot fail.
        let _ = write!(
            resources,
            "/Resources << /Font << /F1 4 0 R >> /XObject << /X {} 0 R >> >>",
            file.next() + 1
        );
        file.stream(format!("{entries} {resources}"), operators.as_bytes());
    }
    file.stream(entries, b"0 0 m 9 9 l S");
    file.finish("")
}

fn replace(mut bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    if let Some(at) = bytes.windows(from.len()).position(|w| w == from) {
        bytes[at..at + from.len()].copy_from_slice(to);
    }
    bytes
}
