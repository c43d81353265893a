//! Bytes to a record or a cause, whatever the bytes do within a process.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use chohyo_extract::Sheet;

use crate::failure::{Cause, FailureKind};

/// How bytes become a sheet.
pub(crate) type Reader<'a> = dyn Fn(&[u8]) -> Result<Sheet, chohyo_extract::Error> + Sync + 'a;

/// The record of some bytes, as one line of JSON without its line feed and without a name, or why there is none.
pub(crate) type Outcome = Result<Vec<u8>, Cause>;

/// Reads bytes; a panic of the reader's is a cause like any other.
pub(crate) fn read(bytes: &[u8], reader: &Reader<'_>) -> Outcome {
    let crashed = |message: String| Cause::new(FailureKind::Crashed, message);
    // Nothing of the reader's outlives the call, so there is no broken state to see.
    let sheet = catch_unwind(AssertUnwindSafe(|| reader(bytes)))
        .map_err(|panic| crashed(panic_message(panic.as_ref())))?
        .map_err(|e| Cause::of(&e))?;
    serde_json::to_vec(&sheet).map_err(|e| crashed(format!("the record cannot be written: {e}")))
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
        let cause = read(b"x", &|bytes| panic!("{} byte broke it", bytes.len())).unwrap_err();
        assert_eq!(cause.kind, FailureKind::Crashed);
        assert_eq!(cause.message, "the reader panicked: 1 byte broke it");
    }
}
