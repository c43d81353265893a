//! Cross-references, object streams and encryption that cannot be followed.

use super::bomb::flate;
use super::file::{File, TEXT};
use super::{Case, case};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = vec![
        case("xref/prev_is_itself", || {
            let bytes = File::page("", "").content(TEXT).finish("");
            let at = last(&bytes, b"xref\n0 ");
            File::page("", "").content(TEXT).finish(format!("/Prev {at}"))
        }),
        case("xref/stream_prev_is_itself", || {
            xref_stream(|at| format!("/W [1 4 2] /Size 8 /Prev {at} /XRefStm {at}"), &[])
        }),
        case("xref/prev_chain_of_100000", || {
            let mut file = File::page("", "").content(TEXT);
            let mut before = 0;
            for _ in 0..100_000 {
                let at = file.bytes.len();
                file.put(format!("xref\n0 0\ntrailer\n<< /Root 1 0 R /Size 7 /Prev {before} >>\n"));
                before = at;
            }
            file.finish(format!("/Prev {before}"))
        }),
        case("xref/two_tables_name_each_other", || {
            let mut file = File::page("", "").content(TEXT);
            let (a, b) = (file.bytes.len(), file.bytes.len() + 60);
            for prev in [b, a] {
                let table = format!("xref\n0 0\ntrailer\n<< /Root 1 0 R /Size 7 /Prev {prev} >>");
                file.put(format!("{table:<60}"));
            }
            file.put(format!("\nstartxref\n{a}\n%%EOF\n"));
            file.bytes
        }),
        case("xref/subsection_of_4_billion", || {
            let file = File::page("", "").content(TEXT);
            let at = file.bytes.len();
            let mut bytes = file.bytes;
            bytes.extend_from_slice(
                format!("xref\n0 4294967295\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R /Size 4294967295 >>\nstartxref\n{at}\n%%EOF")
                    .as_bytes(),
            );
            bytes
        }),
        case("xref/startxref_beyond_the_end", || start_at("2147483647")),
        case("xref/startxref_negative", || start_at("-1")),
        case("xref/startxref_of_many_digits", || start_at(&"9".repeat(100_000))),
        case("xref/startxref_in_the_middle", || start_at("20")),
        case("xref/no_widths", || xref_stream(|_| "/W [0 0 0] /Size 2147483647".to_owned(), &[0; 64])),
        case("xref/no_widths_and_large_index", || {
            xref_stream(|_| "/W [0 0 0] /Size 9 /Index [0 2147483647]".to_owned(), &[0; 64])
        }),
        case("xref/narrow_and_large_index", || {
            xref_stream(|_| "/W [0 1 0] /Size 9 /Index [0 4294967295 0 4294967295]".to_owned(), &[0; 64])
        }),
        case("xref/wide_entries", || {
            xref_stream(|_| "/W [2147483647 2147483647 2147483647] /Size 9".to_owned(), &[0; 64])
        }),
        case("xref/negative_widths", || {
            xref_stream(|_| "/W [-1 -4 -2] /Size -1 /Index [-5 -9]".to_owned(), &[0; 64])
        }),
        case("xref/index_of_100000_sections", || {
            let index = "0 0 ".repeat(100_000);
            xref_stream(move |_| format!("/W [1 4 2] /Size 9 /Index [{index}]"), &[0; 64])
        }),
        case("xref/bomb", || {
            xref_stream(|_| "/W [1 4 2] /Size 9 /Filter /FlateDecode".to_owned(), &flate(2 << 30, 1))
        }),
        case("xref/bomb_of_entries", || {
            // Type 0 with no other field: every byte an entry that is free.
            xref_stream(|_| "/W [1 1 0] /Size 4294967295 /Filter /FlateDecode".to_owned(), &flate(1 << 30, 2))
        }),
        case("xref/length_in_the_table_it_reads", || {
            let mut file = File::page("", "").content(TEXT);
            let (number, at) = (file.next(), file.bytes.len());
            file.put(format!(
                "{number} 0 obj\n<< /Type /XRef /Root 1 0 R /W [1 4 2] /Size 9 /Length {number} 0 R >>\nstream\n\0\0\0\0\0\0\0\nendstream\nendobj\nstartxref\n{at}\n%%EOF"
            ));
            file.bytes
        }),
        case("xref/all_objects_at_one_place", || {
            let bytes = File::page("", "").content(TEXT).finish("");
            let at = last(&bytes, b"xref\n0 ");
            let (head, tail) = bytes.split_at(at);
            let tail = String::from_utf8_lossy(tail);
            let mut out = head.to_vec();
            for line in tail.split_inclusive('\n') {
                let entry = line.ends_with(" n \n");
                out.extend_from_slice(if entry { b"0000000015 00000 n \n" } else { line.as_bytes() });
            }
            out
        }),
        case("objects/stream_contains_itself", || {
            object_streams("/Type /ObjStm /N 1 /First 4", &[(7, 2, 7), (6, 2, 7)], b"7 0 << /A 7 0 R >>")
        }),
        case("objects/streams_contain_each_other", || {
            object_streams("/Type /ObjStm /N 1 /First 4", &[(7, 2, 6), (6, 2, 7), (1, 2, 7)], b"6 0 << >>")
        }),
        case("objects/stream_of_2_billion_objects", || {
            object_streams("/Type /ObjStm /N 2147483647 /First 4", &[(1, 2, 7)], b"1 0 << /Pages 2 0 R >>")
        }),
        case("objects/first_beyond_the_end", || {
            object_streams(
                "/Type /ObjStm /N 1 /First 18446744073709551615",
                &[(1, 2, 7)],
                b"1 18446744073709551615 << /Pages 2 0 R >>",
            )
        }),
        case("objects/stream_bomb", || {
            object_streams(
                "/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode",
                &[(1, 2, 7)],
                &flate(2 << 30, 1),
            )
        }),
    ];
    for (name, dictionary) in ENCRYPTION {
        cases.push(case(format!("encrypt/{name}"), move || {
            let mut file = File::page("", "").content(TEXT);
            file.add(dictionary);
            file.finish("/Encrypt 7 0 R /ID [<00> <00>]")
        }));
    }
    cases
}

const ENCRYPTION: [(&str, &str); 12] = [
    ("empty", "<< >>"),
    ("itself", "7 0 R"),
    ("no_keys", "<< /Filter /Standard /V 1 /R 2 >>"),
    ("short_keys", "<< /Filter /Standard /V 1 /R 2 /O (a) /U (b) /P -4 >>"),
    ("version_99", "<< /Filter /Standard /V 99 /R 99 /O (a) /U (b) /P -4 >>"),
    ("length_huge", "<< /Filter /Standard /V 2 /R 3 /Length 2147483647 /O (a) /U (b) /P -4 >>"),
    ("length_negative", "<< /Filter /Standard /V 2 /R 3 /Length -8 /O (a) /U (b) /P -4 >>"),
    ("length_odd", "<< /Filter /Standard /V 2 /R 3 /Length 7 /O (a) /U (b) /P -4 >>"),
    (
        "filters_in_a_ring",
        "<< /Filter /Standard /V 4 /R 4 /Length 128 /O (a) /U (b) /P -4 /CF << /StdCF 7 0 R >> /StmF /StdCF /StrF /No >>",
    ),
    (
        "aes_without_a_vector",
        "<< /Filter /Standard /V 5 /R 6 /Length 256 /O () /U () /OE () /UE () /Perms () /P -4 \
         /CF << /StdCF << /CFM /AESV3 /Length 2147483647 >> >> /StmF /StdCF /StrF /StdCF >>",
    ),
    ("another_handler", "<< /Filter /Adobe.PubSec /SubFilter /adbe.pkcs7.s5 /V 4 /Recipients [(a)] >>"),
    ("permissions_huge", "<< /Filter /Standard /V 1 /R 2 /O (a) /U (b) /P 99999999999999999999 >>"),
];

fn last(bytes: &[u8], what: &[u8]) -> usize {
    bytes.windows(what.len()).rposition(|w| w == what).unwrap_or(0)
}

/// A sound file that says its table is somewhere else.
fn start_at(place: &str) -> Vec<u8> {
    let mut bytes = File::page("", "").content(TEXT).finish("");
    bytes.truncate(last(&bytes, b"startxref"));
    bytes.extend_from_slice(format!("startxref\n{place}\n%%EOF\n").as_bytes());
    bytes
}

/// A file that ends with a cross-reference stream; `entries` may name its place.
fn xref_stream(entries: impl Fn(usize) -> String, data: &[u8]) -> Vec<u8> {
    let mut file = File::page("", "").content(TEXT);
    let at = file.bytes.len();
    file.stream(format!("/Type /XRef /Root 1 0 R {}", entries(at)), data);
    file.put(format!("startxref\n{at}\n%%EOF\n"));
    file.bytes
}

/// A file whose object 7 is an object stream; `entries` are fields of the cross-reference stream that are not
/// the objects' places: number, type 2, number of the object stream.
fn object_streams(dictionary: &str, entries: &[(usize, u8, usize)], data: &[u8]) -> Vec<u8> {
    let mut file = File::page("", "").content(TEXT);
    file.stream(dictionary, data);
    let mut table = vec![0; 7];
    for number in 1..=7 {
        let (kind, field) = match entries.iter().find(|e| e.0 == number) {
            Some(&(_, kind, stream)) => (kind, stream),
            None => (1, file.offset(number)),
        };
        table.push(kind);
        table.extend_from_slice(&(field as u32).to_be_bytes());
        table.extend_from_slice(&[0, 0]);
    }
    let at = file.bytes.len();
    file.stream("/Type /XRef /Root 1 0 R /W [1 4 2] /Size 8", &table);
    file.put(format!("startxref\n{at}\n%%EOF\n"));
    file.bytes
}
