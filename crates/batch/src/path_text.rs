//! Paths as text, without loss.

use std::fmt::Write;
use std::path::Path;

/// The path as text, and whether it had to be escaped for that.
///
/// A path that is Unicode is written as it is. In one that is not, every byte that belongs to no character
/// is written as `%` and two hexadecimal digits, and `%` itself as `%25`.
pub(crate) fn of(path: &Path) -> (String, bool) {
    if let Some(text) = path.to_str() {
        return (text.to_owned(), false);
    }
    let mut text = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        text += &chunk.valid().replace('%', "%25");
        for byte in chunk.invalid() {
            // Writing to a string cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    (text, true)
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    use super::*;

    #[test]
    fn what_is_unicode_stays_and_the_rest_can_be_had_back() {
        let of_bytes = |b: &[u8]| of(Path::new(OsStr::from_bytes(b)));
        assert_eq!(of_bytes("仙台 100%.pdf".as_bytes()), ("仙台 100%.pdf".to_owned(), false));
        assert_eq!(
            of_bytes(b"\x90\xe5\x91\xe4 100%\xff.pdf"),
            ("%90%E5%91%E4 100%25%FF.pdf".to_owned(), true)
        );
        assert_ne!(of_bytes(b"a%FF\xff").0, of_bytes(b"a\xff\xff").0);
    }
}
