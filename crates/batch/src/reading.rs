//! Bytes to a record or a cause, whatever the bytes do within a process.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use chohyo_extract::Sheet;
use serde::Deserialize;

use crate::content::{Hash, hash_of, hexadecimal};
use crate::failure::{Cause, FailureKind};

/// How bytes become a sheet.
pub(crate) type Reader<'a> = dyn Fn(&[u8]) -> Result<Sheet, chohyo_extract::Error> + Sync + 'a;

/// The record of some bytes, as one line of JSON without its line feed and without a name, or why there is none.
pub(crate) type Outcome = Result<Vec<u8>, Cause>;

/// Reads bytes with this hash; a panic of the reader's is a cause like any other. A reader need not hash them again.
pub(crate) fn read(
    bytes: &[u8],
    hash: &Hash,
    reader: &dyn Fn(&[u8]) -> Result<Sheet, chohyo_extract::Error>,
) -> Outcome {
    let crashed = |message: String| Cause::new(FailureKind::Crashed, message);
    // Nothing of the reader's outlives the call, so there is no broken state to see.
    let mut sheet = catch_unwind(AssertUnwindSafe(|| reader(bytes)))
        .map_err(|panic| crashed(panic_message(panic.as_ref())))?
        .map_err(|e| Cause::of(&e))?;
    if sheet.source.sha256.is_empty() {
        sheet.source.sha256 = hexadecimal(hash);
    }
    serde_json::to_vec(&sheet).map_err(|e| crashed(format!("the record cannot be written: {e}")))
}

/// True when the bytes are one line of JSON, and a record of the content with this hash.
pub(crate) fn is_record_of(record: &[u8], hash: &Hash) -> bool {
    #[derive(Deserialize)]
    struct Record<'a> {
        #[serde(borrow)]
        source: Source<'a>,
    }
    #[derive(Deserialize)]
    struct Source<'a> {
        sha256: &'a str,
    }
    // The rest is passed over, and so seen to be JSON.
    let parsed: Result<Record<'_>, _> = serde_json::from_slice(record);
    parsed.is_ok_and(|r| hash_of(r.source.sha256) == Some(*hash)) && memchr::memchr(b'\n', record).is_none()
}

fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text =
        panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    format!("the reader panicked: {}", text.unwrap_or("no message"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_cause() {
        let cause = read(b"x", &[0; 32], &|bytes| panic!("{} byte broke it", bytes.len())).unwrap_err();
        assert_eq!(cause.kind, FailureKind::Crashed);
        assert_eq!(cause.message, "the reader panicked: 1 byte broke it");
    }

    #[test]
    fn the_hash_need_not_be_made_again() {
        let dump = "仙台市\n\n１ 県又は政令市の基礎情報\n\n人口（R2年4月時点） 1,087,723 人\n";
        let extractor = chohyo_extract::Extractor::new().without_hash();
        let record = read(dump.as_bytes(), &[0xab; 32], &|bytes| extractor.extract(bytes)).unwrap();
        assert!(is_record_of(&record, &[0xab; 32]));
    }

    #[test]
    fn a_record_is_one_line_about_the_content() {
        let (hash, digits) = ([0xab; 32], "ab".repeat(32));
        let is = |text: &str| is_record_of(text.replace("HASH", &digits).as_bytes(), &hash);
        assert!(is(r#"{"schema":"x","source":{"name":"","sha256":"HASH"},"measures":[1.5,{"a":null}]}"#));
        assert!(!is(r#"{"source":{"sha256":"cd"}}"#));
        assert!(!is(&r#"{"source":{"sha256":"HASH"}}"#.replace("HASH", &"cd".repeat(32))));
        assert!(!is("{\"source\":\n{\"sha256\":\"HASH\"}}"));
        assert!(!is(r#"{"source":{"sha256":"HASH"},"measures":[1,]}"#));
        assert!(!is(r#"{"source":{"sha256":"HASH"}} {}"#));
        assert!(!is(r#"{"a":1}"#));
    }
}
