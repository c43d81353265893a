//! What is looked at in the bytes of a PDF before an engine sees them: the streams that it decodes in order to
//! find the pages.
//!
//! Cross-reference streams and object streams (ISO 32000-1, 7.5.7 and 7.5.8) are decoded as soon as a file is
//! opened. All other streams wait until their page is drawn, and are measured then. In an encrypted file object
//! streams cannot be measured here.

use crate::decoded::{self, Coding};
use crate::{Error, ErrorKind, Limits};

/// How far before its data the dictionary of a stream is looked for.
const DICTIONARY: usize = 4096;

/// Refuses a file whose structure decodes to more than the limit.
pub(crate) fn check(bytes: &[u8], limits: &Limits) -> Result<(), Error> {
    let limit = limits.decoded_bytes as u64;
    let mut from = 0;
    while let Some(at) = find(&bytes[from..], b"stream") {
        let keyword = from + at;
        from = keyword + b"stream".len();
        if bytes[..keyword].ends_with(b"end") {
            continue;
        }
        let head = dictionary(&bytes[keyword.saturating_sub(DICTIONARY)..keyword]);
        if find(head, b"/ObjStm").is_none() && find(head, b"/XRef").is_none() {
            continue;
        }
        let data = &bytes[from..];
        let data = data.strip_prefix(b"\r").unwrap_or(data);
        let data = data.strip_prefix(b"\n").unwrap_or(data);
        let codings = codings(head);
        let end = data_end(data, head);
        if decoded::bound(end, &codings) > limit && decoded::length(&data[..end], &codings, limit) > limit {
            let detail = format!("its structure decodes to more than {limit} bytes");
            return Err(Error::new(ErrorKind::TooLarge, detail));
        }
    }
    Ok(())
}

/// From the last `obj` on.
fn dictionary(before: &[u8]) -> &[u8] {
    before.windows(4).rposition(|w| w == b" obj").map_or(before, |at| &before[at..])
}

/// Where the data ends: as its length says if `endstream` stands there, else at the end of the file, for what
/// looks like an `endstream` may be data.
fn data_end(data: &[u8], head: &[u8]) -> usize {
    let given = find(head, b"/Length").and_then(|at| {
        let value = head[at + b"/Length".len()..].trim_ascii_start();
        let digits = value.iter().take_while(|b| b.is_ascii_digit()).count();
        std::str::from_utf8(&value[..digits]).ok()?.parse::<usize>().ok()
    });
    let is_end =
        |end: &usize| data.get(*end..).is_some_and(|rest| rest.trim_ascii_start().starts_with(b"endstream"));
    given.filter(is_end).unwrap_or(data.len())
}

/// The filters that a dictionary names, in their order.
fn codings(head: &[u8]) -> Vec<Coding> {
    let Some(at) = find(head, b"/Filter") else { return Vec::new() };
    let value = head[at + b"/Filter".len()..].trim_ascii_start();
    let names = match value.strip_prefix(b"[") {
        Some(array) => &array[..find(array, b"]").unwrap_or(array.len())],
        None => {
            &value[..value
                .iter()
                .skip(1)
                .position(|b| b"/<>[] \r\n\t".contains(b))
                .map_or(value.len(), |n| n + 1)]
        }
    };
    names
        .split(|b| *b == b'/')
        .skip(1)
        .map(|name| match name.trim_ascii() {
            b"FlateDecode" | b"Fl" => Coding::Flate,
            b"LZWDecode" | b"LZW" => Coding::Lzw,
            b"RunLengthDecode" | b"RL" => Coding::RunLength,
            b"ASCIIHexDecode" | b"AHx" => Coding::Hexadecimal,
            b"ASCII85Decode" | b"A85" => Coding::Base85,
            _ => Coding::Same,
        })
        .collect()
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(entries: &str, data: &[u8]) -> Vec<u8> {
        let head = format!("%PDF-1.7\n1 0 obj\n<< {entries} /Length {} >>\nstream\r\n", data.len());
        [head.as_bytes(), data, b"\nendstream\nendobj\n"].concat()
    }

    fn limits(decoded_bytes: usize) -> Limits {
        Limits { decoded_bytes, ..Limits::default() }
    }

    #[test]
    fn only_streams_of_the_structure_count() {
        let runs = [129, 0].repeat(10);
        let refused = |entries: &str| check(&file(entries, &runs), &limits(100)).is_err();
        assert!(refused("/Type /ObjStm /Filter /RunLengthDecode"));
        assert!(refused("/Type/XRef/Filter[/Crypt/RunLengthDecode]"));
        assert!(!refused("/Type /ObjStm"));
        assert!(!refused("/Filter /RunLengthDecode"));
    }

    #[test]
    fn a_length_that_is_not_so_does_not_hide_the_rest() {
        let mut file = file("/Type /ObjStm /Filter /RL", &[129, 0].repeat(10));
        let at = find(&file, b"/Length 20").unwrap();
        file[at + 8] = b'0';
        assert_eq!(check(&file, &limits(1000)).unwrap_err().kind(), ErrorKind::TooLarge);
    }
}
