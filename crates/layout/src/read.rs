//! One way in for both kinds of input.

use crate::{Document, Error, ErrorKind, Options, SourceKind, pdf, text};

/// Reads a PDF or a text dump; which of the two it is, is told from its content.
///
/// # Errors
/// See [`ErrorKind`]: an empty file, bytes that are neither PDF nor UTF-8 text, a damaged or
/// encrypted PDF, a document without pages or without text, one that is past the limits.
pub fn read(bytes: &[u8], options: &Options) -> Result<Document, Error> {
    read_while(bytes, options, || ()).map(|(document, ())| document)
}

/// The same, and what `meanwhile` gives: a PDF is read in a thread of its own, and this one would only wait for it.
///
/// # Errors
/// As [`read`]; whether `meanwhile` was called is not said then.
pub fn read_while<T>(
    bytes: &[u8],
    options: &Options,
    meanwhile: impl FnOnce() -> T,
) -> Result<(Document, T), Error> {
    if bytes.len() > options.limits.bytes {
        let detail = format!("{} bytes, the limit is {}", bytes.len(), options.limits.bytes);
        return Err(Error::new(ErrorKind::TooLarge, detail));
    }
    match source_kind(bytes)? {
        SourceKind::Text => text::read(bytes, options).map(|document| (document, meanwhile())),
        SourceKind::Pdf if is_cut_off(bytes) => Err(Error::new(
            ErrorKind::Damaged,
            "it ends before its cross-reference table: the file is cut off",
        )),
        SourceKind::Pdf => pdf::read(bytes, options, meanwhile),
    }
}

/// True when neither a cross-reference table or stream nor a trailer ends the file: ISO 32000-1, 7.5.4 to 7.5.8,
/// has them at the end of every file and of every update. Such a file has lost its end. Its objects could be
/// searched for, but nothing would say which pages, or which newer versions of them, are missing.
fn is_cut_off(bytes: &[u8]) -> bool {
    let Some(last) = memrmem(bytes, b"endobj") else { return false };
    // A cross-reference stream is an object itself.
    let tail = &bytes[memrmem(&bytes[..last], b"endobj").unwrap_or(last)..];
    let behind = &bytes[last..];
    let has = |part: &[u8], word: &[u8]| memchr::memmem::find(part, word).is_some();
    !has(behind, b"xref") && !has(behind, b"trailer") && !has(tail, b"/XRef")
}

fn memrmem(bytes: &[u8], what: &[u8]) -> Option<usize> {
    memchr::memmem::rfind(bytes, what)
}

/// Tells a PDF from a text dump by content.
///
/// A PDF has `%PDF-` in its first 1,024 bytes (ISO 32000-1, implementation note 13). Anything else
/// must be UTF-8 without control characters other than tab, line and page breaks.
///
/// # Errors
/// [`ErrorKind::Empty`] for nothing but white space, [`ErrorKind::NotASheet`] for anything else.
pub fn source_kind(bytes: &[u8]) -> Result<SourceKind, Error> {
    let head = &bytes[..bytes.len().min(1024)];
    if head.windows(5).any(|w| w == b"%PDF-") {
        return Ok(SourceKind::Pdf);
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|e| Error::new(ErrorKind::NotASheet, format!("byte {} is not UTF-8", e.valid_up_to())))?;
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    if body.trim().is_empty() {
        return Err(Error::new(ErrorKind::Empty, ""));
    }
    match body
        .char_indices()
        .find(|&(_, c)| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\x0c' | '\x0b'))
    {
        Some((at, c)) => Err(Error::new(
            ErrorKind::NotASheet,
            format!("control character U+{:04X} at byte {at}", c as u32),
        )),
        None => Ok(SourceKind::Text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_meanwhile_comes_with_the_document() {
        let (document, done) = read_while("人口".as_bytes(), &Options::default(), || 7).unwrap();
        assert_eq!((document.pages.len(), done), (1, 7));
        assert!(read_while(b"", &Options::default(), || 7).is_err());
    }
}
