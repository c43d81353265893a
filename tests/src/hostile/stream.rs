//! Streams that decode to far more than they are, and maps and lengths that promise it.

use super::bomb::{Part, flat, flate, lzw, run_length, zlib};
use super::file::{File, TEXT};
use super::nesting::to_unicode;
use super::{Case, case};

const FLATE: &str = "/Filter /FlateDecode";

pub(super) fn cases() -> Vec<Case> {
    let mut cases = vec![
        case("bomb/content_flate", || content(FLATE, &flate(2 << 30, 1))),
        case("bomb/content_flate_twice", || {
            content("/Filter [/FlateDecode /FlateDecode]", &flate(2 << 30, 2))
        }),
        case("bomb/content_flate_three_times", || {
            content("/Filter [/FlateDecode /FlateDecode /FlateDecode]", &flate(1 << 40, 3))
        }),
        case("bomb/content_lzw", || content("/Filter /LZWDecode", &lzw(2 << 30))),
        case("bomb/content_lzw_of_flate", || {
            let inner = lzw(64 << 20);
            content("/Filter [/FlateDecode /LZWDecode]", &flat(&zlib(&[Part::Bytes(inner)])))
        }),
        case("bomb/content_run_length", || content("/Filter /RunLengthDecode", &run_length(512 << 20))),
        case("bomb/contents_of_64", || {
            let mut file = File::page(format!("/Contents [{}]", "7 0 R ".repeat(64)), "").content(TEXT);
            file.stream(FLATE, &flate(64 << 20, 1));
            let bytes = file.finish("");
            hide(bytes, b"/Contents 6 0 R")
        }),
        case("bomb/filter_named_by_reference", || {
            let mut file = File::page("/Contents 8 0 R", "").content(TEXT);
            file.add("[/FlateDecode /FlateDecode]");
            file.stream("/Filter 7 0 R", &flate(2 << 30, 2));
            hide(file.finish(""), b"/Contents 6 0 R")
        }),
        case("bomb/image", || {
            let mut file = File::page("", "/XObject << /X 7 0 R >>").content_after_text("/X Do");
            let entries =
                "/Subtype /Image /Width 46340 /Height 46340 /BitsPerComponent 8 /ColorSpace /DeviceGray";
            file.stream(format!("{entries} {FLATE}"), &flate(2 << 30, 1));
            file.finish("")
        }),
        case("bomb/image_of_4_billion_by_4_billion", || {
            let mut file = File::page("", "/XObject << /X 7 0 R >>").content_after_text("/X Do");
            file.stream(
                "/Subtype /Image /Width 4294967295 /Height 4294967295 /BitsPerComponent 1 /Filter /CCITTFaxDecode \
                 /DecodeParms << /K -1 /Columns 2147483647 /Rows 2147483647 >>",
                &[0; 64],
            );
            file.finish("")
        }),
        case("bomb/form", || {
            let mut file = File::page("", "/XObject << /X 7 0 R >>").content_after_text("/X Do");
            file.stream(format!("/Subtype /Form /BBox [0 0 9 9] {FLATE}"), &flate(2 << 30, 1));
            file.finish("")
        }),
        case("bomb/font", || {
            let mut file = File::page("", "/Font << /F1 7 0 R >>").content(TEXT);
            file.add(
                "<< /Type /Font /Subtype /TrueType /BaseFont /A /FirstChar 0 /LastChar 1 /Widths [1 1] /FontDescriptor 8 0 R >>",
            );
            file.add("<< /Type /FontDescriptor /FontName /A /Flags 4 /FontFile2 9 0 R >>");
            file.stream(FLATE, &flate(2 << 30, 1));
            file.finish("")
        }),
        case("bomb/profile", || {
            let mut file = File::page("", "/ColorSpace << /C [/ICCBased 7 0 R] >>")
                .content_after_text(format!("/C cs 0.5 scn {TEXT}"));
            file.stream(format!("/N 3 {FLATE}"), &flate(2 << 30, 1));
            file.finish("")
        }),
        case("bomb/to_unicode", || {
            let mut file = File::page("", "/Font << /F1 7 0 R >>").content(TEXT);
            file.add(
                "<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [5 0 R] /ToUnicode 8 0 R >>",
            );
            file.stream(FLATE, &flate(2 << 30, 1));
            file.finish("")
        }),
        case("bomb/cid_to_gid", || {
            let mut file = File::page("", "/Font << /F1 7 0 R >>").content(TEXT);
            file.add("<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [8 0 R] >>");
            file.add("<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /CIDToGIDMap 9 0 R /FontDescriptor 10 0 R >>");
            file.stream(FLATE, &flate(2 << 30, 1));
            file.add("<< /Type /FontDescriptor /FontName /A /Flags 4 >>");
            file.finish("")
        }),
        case("bomb/metadata", || {
            let mut file = File::with_catalog("/Metadata 7 0 R", "", "").content(TEXT);
            file.stream(format!("/Type /Metadata /Subtype /XML {FLATE}"), &flate(2 << 30, 1));
            file.finish("")
        }),
        case("bomb/attached_file", || {
            let mut file = File::with_catalog(
                "/Names << /EmbeddedFiles << /Names [(a) << /EF << /F 7 0 R >> >>] >> >>",
                "",
                "",
            )
            .content(TEXT);
            file.stream(format!("/Type /EmbeddedFile {FLATE}"), &flate(2 << 30, 1));
            file.finish("")
        }),
        case("filter/1000_times_flate", || {
            let parts = (0..1000)
                .fold(vec![Part::Bytes(TEXT.into())], |parts, _| vec![Part::Bytes(flat(&zlib(&parts)))]);
            content(&format!("/Filter [{}]", "/FlateDecode ".repeat(1000)), &flat(&parts))
        }),
        case("filter/1000_times_hexadecimal", || {
            content(&format!("/Filter [{}]", "/ASCIIHexDecode ".repeat(1000)), &b"30".repeat(100_000))
        }),
        case("filter/100000_times_crypt", || {
            content(&format!("/Filter [{}]", "/Crypt ".repeat(100_000)), TEXT.as_bytes())
        }),
        case("filter/nobody_knows", || content("/Filter [/Zstd /FlateDecode]", TEXT.as_bytes())),
        case("filter/none_of_it", || content(FLATE, &b"\x78\x9c\xff\xff".repeat(1000))),
        case("length/itself", || with_length("6 0 R")),
        case("length/of_nothing", || with_length("99 0 R")),
        case("length/huge", || with_length("9223372036854775807")),
        case("length/negative", || with_length("-1")),
        case("length/zero", || with_length("0")),
        case("length/real", || with_length("1e99")),
        case("length/too_short", || with_length("5")),
        case("length/wrong_100000_times", || {
            let mut file = File::page("", "").content(TEXT);
            for _ in 0..100_000 {
                file.add("<< /Length 999999999 >>\nstream\n");
            }
            file.finish("")
        }),
        case("to_unicode/range_of_everything", || {
            to_unicode("1 beginbfrange <00000000> <ffffffff> <0000>\nendbfrange")
        }),
        case("to_unicode/100000_wide_ranges", || {
            to_unicode(&format!(
                "100 beginbfrange {}\nendbfrange",
                "<0000> <ffff> <0000> <00000000> <ffffffff> <d800> ".repeat(100_000)
            ))
        }),
        case("to_unicode/range_backwards", || to_unicode("1 beginbfrange <ffff> <0000> <ffff>\nendbfrange")),
        case("to_unicode/character_of_a_megabyte", || {
            to_unicode(&format!("1 beginbfchar <0031> <{}>\nendbfchar", "3042".repeat(250_000)))
        }),
        case("to_unicode/codes_of_many_lengths", || {
            to_unicode(&format!(
                "9 begincodespacerange {}\nendcodespacerange",
                "<00> <ff> <0000> <ffff> <000000000000> <ffffffffffff> ".repeat(10_000)
            ))
        }),
        case("widths/of_every_character", || font("/W [0 4294967295 500 0 2147483647 1000 -5 5 1]")),
        case("widths/a_million", || font(&format!("/W [0 [{}]]", "1000 ".repeat(1_000_000)))),
        case("function/of_32_inputs", || {
            let mut file = File::page("", "/ColorSpace << /C [/DeviceN [/A /B /C /D /E /F /G /H /I /J /K /L /M /N /O /P /Q /R /S /T /U /V /W /X /Y /Z /a /b /c /d /e /f] /DeviceGray 7 0 R] >>")
                .content_after_text(format!("/C cs {} scn {TEXT}", "0.5 ".repeat(32)));
            let (domain, size) = ("0 1 ".repeat(32), "2 ".repeat(32));
            file.stream(
                format!("/FunctionType 0 /Domain [{domain}] /Range [0 1] /Size [{size}] /BitsPerSample 8"),
                &[0; 4096],
            );
            file.finish("")
        }),
        case("function/sampled_4_billion_times", || {
            let mut file = File::page("", "/ColorSpace << /C [/Separation /X /DeviceGray 7 0 R] >>")
                .content_after_text(format!("/C cs 0.5 scn {TEXT}"));
            file.stream(
                "/FunctionType 0 /Domain [0 1] /Range [0 1] /Size [4294967295] /BitsPerSample 32",
                &[0; 64],
            );
            file.finish("")
        }),
        case("function/calculator_without_end", || {
            let mut file = File::page("", "/ColorSpace << /C [/Separation /X /DeviceGray 7 0 R] >>")
                .content_after_text(format!("/C cs {TEXT}{}", "0.5 scn 0 0 9 9 re f ".repeat(1000)));
            let program =
                format!("{{ {} }}", "dup 2147483647 copy 2147483647 2147483647 roll ".repeat(10_000));
            file.stream("/FunctionType 4 /Domain [0 1] /Range [0 1]", program.as_bytes());
            file.finish("")
        }),
        case("shading/mesh_of_many_bits", || {
            let mut file = File::page("", "/Shading << /S 7 0 R >>").content_after_text("/S sh ".repeat(100));
            file.stream(
                format!("/ShadingType 7 /ColorSpace /DeviceRGB /BitsPerCoordinate 1 /BitsPerComponent 1 /BitsPerFlag 2 \
                 /Decode [0 1 0 1 0 1 0 1 0 1] {FLATE}"),
                &flate(256 << 20, 1),
            );
            file.finish("")
        }),
    ];
    for (name, parameters) in PREDICTORS {
        cases.push(case(format!("predictor/{name}"), move || {
            content(&format!("{FLATE} /DecodeParms << {parameters} >>"), &flate(1 << 20, 1))
        }));
        cases.push(case(format!("predictor/lzw_{name}"), move || {
            content(&format!("/Filter /LZWDecode /DecodeParms << {parameters} >>"), &lzw(1 << 20))
        }));
    }
    cases
}

const PREDICTORS: [(&str, &str); 8] = [
    ("wide", "/Predictor 15 /Columns 2147483647"),
    ("wider", "/Predictor 2 /Columns 9223372036854775807 /Colors 255 /BitsPerComponent 255"),
    ("of_many_colours", "/Predictor 15 /Columns 4 /Colors 255 /BitsPerComponent 16"),
    ("of_no_columns", "/Predictor 15 /Columns 0"),
    ("of_no_colours", "/Predictor 2 /Columns 4 /Colors 0"),
    ("negative", "/Predictor 12 /Columns -1 /Colors -1 /BitsPerComponent -8"),
    ("unknown", "/Predictor 99 /Columns 4"),
    ("of_three_bits", "/Predictor 2 /Columns 100000 /BitsPerComponent 3"),
];

/// A page whose content is this stream alone.
fn content(entries: &str, data: &[u8]) -> Vec<u8> {
    let mut file = File::page("", "");
    file.stream(entries, data);
    file.finish("")
}

/// A page whose content says this of its length.
fn with_length(length: &str) -> Vec<u8> {
    let mut file = File::page("", "");
    file.add(format!("<< /Length {length} >>\nstream\n{TEXT}\nendstream"));
    file.finish("")
}

/// A page whose font has `entries`.
fn font(entries: &str) -> Vec<u8> {
    let mut file = File::page("", "/Font << /F1 7 0 R >>").content(TEXT);
    file.add(
        "<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /UniJIS-UTF16-H /DescendantFonts [8 0 R] >>",
    );
    file.add(format!(
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /A \
         /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 6 >> {entries} >>"
    ));
    file.finish("")
}

/// The file with the first occurrence of an entry blanked, so that the later one of the same name holds.
fn hide(mut bytes: Vec<u8>, entry: &[u8]) -> Vec<u8> {
    if let Some(at) = bytes.windows(entry.len()).position(|w| w == entry) {
        bytes[at..at + entry.len()].fill(b' ');
    }
    bytes
}
