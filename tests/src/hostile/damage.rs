//! Files cut, padded and misprinted, and numbers that no page has.

use super::bomb::{Part, flat, zlib};
use super::file::{File, TEXT};
use super::{Case, case};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = vec![
        case("damage/nothing", Vec::new),
        case("damage/web_page", || {
            b"<!DOCTYPE html>\n<html><head><title>404</title></head><body>%PDF</body></html>\n".to_vec()
        }),
        case("damage/header_alone", || b"%PDF-1.7\n".to_vec()),
        case("damage/end_alone", || b"%PDF-1.7\nstartxref\n0\n%%EOF".to_vec()),
        case("damage/trailer_alone", || b"%PDF-1.7\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF".to_vec()),
        case("damage/zeros", || [&b"%PDF-1.7\n"[..], &[0; 1 << 20]].concat()),
        case("damage/ones", || [&b"%PDF-1.7\n"[..], &[0xff; 1 << 20]].concat()),
        case("damage/noise", || {
            let mut state = 0x2545_f491_4f6c_dd1d_u64;
            let noise = (0..1 << 17).flat_map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                state.to_le_bytes()
            });
            b"%PDF-1.7\n".iter().copied().chain(noise).collect()
        }),
        case("damage/a_million_times_one_object", || {
            let mut file = File::page("", "").content(TEXT);
            file.put("1 0 obj ".repeat(1_000_000));
            file.finish("")
        }),
        case("damage/a_million_times_one_object_and_no_table", || {
            let mut file = File::page("", "").content(TEXT);
            file.put("1 0 obj << /Type /Catalog >> endobj\n".repeat(300_000));
            file.put("trailer << /Root 1 0 R >>\nstartxref\n0\n%%EOF");
            file.bytes
        }),
        case("damage/a_million_trailers", || {
            let mut file = File::page("", "").content(TEXT);
            file.put("trailer << /Root 1 0 R >>\n".repeat(300_000));
            file.put("startxref\n0\n%%EOF");
            file.bytes
        }),
        case("damage/a_million_pages", || {
            let mut file = File::new();
            file.add("<< /Type /Catalog /Pages 2 0 R >>");
            file.add(format!(
                "<< /Type /Pages /Kids [{}] /Count 1000000 >>",
                "<< /Type /Page >> ".repeat(1_000_000)
            ));
            file.finish("")
        }),
        case("damage/a_page_100000_times", || {
            let mut file = File::page("", "").content(TEXT);
            let kids = "3 0 R ".repeat(100_000);
            file.add(format!("<< /Type /Pages /Kids [{kids}] /Count 100000 >>"));
            let bytes = file.finish("");
            replace(bytes, b"/Pages 2 0 R", b"/Pages 7 0 R")
        }),
        case("damage/a_million_glyphs", || page("BT /F1 1 Tf 50 600 Td ", "<3042> Tj ", 1_000_000)),
        case("damage/a_million_rulings", || page("", "1 2 m 3 2 l S ", 1_000_000)),
        case("damage/a_path_of_a_million_points", || page("0 0 m ", "1 2 l 2 1 l ", 500_000)),
        case("damage/a_million_fonts", || page("BT ", "/F1 1 Tf ", 1_000_000)),
        case("damage/a_million_inline_images", || page("", "BI /W 1 /H 1 /BPC 8 /CS /G ID a EI ", 300_000)),
        case("damage/inline_images_left_open", || page("", "BI /W 1 /H 1 ID ", 100_000)),
        case("damage/a_string_of_32_megabytes", || {
            File::page("", "").content_after_text(format!("({}", "a".repeat(32 << 20))).finish("")
        }),
        case("damage/a_name_of_8_megabytes", || {
            File::page("", "").content_after_text(format!("/{} gs", "#41".repeat(8 << 20))).finish("")
        }),
        case("damage/a_comment_of_8_megabytes", || {
            File::page("", "").content_after_text(format!("%{}", "%".repeat(8 << 20))).finish("")
        }),
        case("damage/one_word_drawn_100000_times", || {
            File::page("", "").content_after_text(TEXT.repeat(100_000)).finish("")
        }),
        case("damage/dictionary_of_a_million_keys", || {
            let entries: String = (0..200_000).map(|i| format!("/K{i} {i} ")).collect();
            File::page("", format!("/Properties << {entries} >>"))
                .content_after_text("/K1 gs ".repeat(1000))
                .finish("")
        }),
        case("damage/operands_without_operator", || page("", "1 2 3 (a) /B [1] ", 500_000)),
        case("damage/array_of_a_million_strings", || {
            File::page("", "")
                .content_after_text(format!("BT /F1 1 Tf [{}] TJ ET", "<3042> -500 ".repeat(150_000)))
                .finish("")
        }),
    ];
    for (name, length) in [("1000", 1000), ("1024", 1024), ("a_megabyte", 1 << 20)] {
        cases.push(case(format!("damage/junk_of_{name}_before_the_header"), move || {
            let mut bytes = b"junk\n".repeat(length / 5);
            bytes.extend_from_slice(&File::page("", "").content(TEXT).finish(""));
            bytes
        }));
    }
    for sixteenth in 1..16 {
        cases.push(case(format!("damage/cut_at_{sixteenth}_of_16"), move || {
            let mut bytes = sound();
            bytes.truncate(bytes.len() * sixteenth / 16);
            bytes
        }));
        cases.push(case(format!("damage/hole_at_{sixteenth}_of_16"), move || {
            let mut bytes = sound();
            let at = bytes.len() * sixteenth / 16;
            let end = (at + 100).min(bytes.len());
            bytes[at..end].fill(b'\xa5');
            bytes
        }));
    }
    for cut in (0..sound().len()).step_by(37) {
        cases.push(case(format!("damage/cut_after_{cut}"), move || {
            let mut bytes = sound();
            bytes.truncate(cut);
            bytes
        }));
    }
    for (name, number) in NUMBERS {
        let whole = move |text: &str| text.replace('#', number).into_bytes();
        cases.push(case(format!("number/box_{name}"), move || {
            let boxed = format!("/MediaBox [{number} {number} {number} {number}] /CropBox [0 0 {number} 9]");
            replace_box(File::page(boxed, "").content(TEXT).finish(""))
        }));
        cases.push(case(format!("number/rotate_{name}"), move || {
            File::page(format!("/Rotate {number} /UserUnit {number}"), "").content(TEXT).finish("")
        }));
        cases.push(case(format!("number/matrix_{name}"), move || {
            let operators = whole("q # # # # # # cm 0 0 9 9 re S BT /F1 12 Tf 1 1 Td <4eba> Tj ET Q q # 0 0 # 0 0 cm # # m # 9 l S 0 0 # # re f Q\n");
            File::page("", "").content_after_text(operators).finish("")
        }));
        cases.push(case(format!("number/text_{name}"), move || {
            let operators = whole("BT /F1 # Tf # Tc # Tw # Tz # TL # Ts # # Td <4eba4eba> Tj T* <4eba> Tj # # # # # # Tm <4eba> Tj [# <4eba> #] TJ ET\n");
            File::page("", "").content_after_text(operators).finish("")
        }));
        cases.push(case(format!("number/path_{name}"), move || {
            let operators = whole("# w # M [# #] # d # # m # # l # 0 l S # # # # re f # # # # # # c S # i 0 0 # 1 re W n # # # rg 0 0 9 9 re f\n");
            File::page("", "").content_after_text(operators).finish("")
        }));
    }
    cases
}

/// Numbers as a file may spell them.
const NUMBERS: [(&str, &str); 10] = [
    ("nan", "nan"),
    ("infinity", "inf"),
    ("1e38", "1e38"),
    ("large", "340282350000000000000000000000000000000"),
    ("larger", "99999999999999999999999999999999999999999999999999999999999999999999999999999999"),
    ("least_integer", "-2147483648"),
    ("least_long", "-9223372036854775808"),
    ("tiny", "0.0000000000000000000000000000000000000000000001"),
    ("zero", "0"),
    ("signs", "--5"),
];

/// A file with nothing wrong, its content compressed.
fn sound() -> Vec<u8> {
    let mut file = File::page("", "");
    let lines = TEXT.repeat(20);
    file.stream("/Filter /FlateDecode", &flat(&zlib(&[Part::Bytes(lines.into_bytes())])));
    file.finish("")
}

fn page(first: &str, operators: &str, times: usize) -> Vec<u8> {
    File::page("", "").content_after_text(format!("{first}{}", operators.repeat(times))).finish("")
}

/// The page has two boxes: the sound one is blanked.
fn replace_box(bytes: Vec<u8>) -> Vec<u8> {
    replace(bytes, b"/MediaBox [0 0 595 842]", b"                       ")
}

fn replace(mut bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    if let Some(at) = bytes.windows(from.len()).position(|w| w == from) {
        bytes[at..at + from.len()].copy_from_slice(to);
    }
    bytes
}
