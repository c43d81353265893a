//! One file to one record, whatever the file does.

use std::any::Any;
use std::fs::File;
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use chohyo_extract::Sheet;

use crate::report::Tally;
use crate::{Failure, FailureKind, Input};

/// How the bytes of a file of this name become a sheet.
pub(crate) type Reader<'a> = dyn Fn(&str, &[u8]) -> Result<Sheet, chohyo_extract::Error> + Sync + 'a;

/// A record on its way to the output.
#[derive(Debug)]
pub(crate) struct Record {
    /// The sheet as one line of JSON, without a line feed.
    pub(crate) line: String,
    /// What the line parses to.
    pub(crate) sheet: Sheet,
    /// What the report counts of it.
    pub(crate) tally: Tally,
}

/// Reads one file. Reading stops one byte past `most_bytes`: enough for `reader` to refuse the file.
pub(crate) fn read(input: &Input, most_bytes: usize, reader: &Reader<'_>) -> Result<Record, Failure> {
    let path = &input.path;
    if let Some(message) = &input.unreadable {
        return Err(Failure::new(path, FailureKind::Io, message));
    }
    let bytes =
        read_bytes(path, most_bytes).map_err(|e| Failure::new(path, FailureKind::Io, e.to_string()))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    // Nothing of the reader's outlives the call, so there is no broken state to see.
    let sheet = catch_unwind(AssertUnwindSafe(|| reader(&name, &bytes)))
        .map_err(|panic| Failure::new(path, FailureKind::Crashed, panic_message(panic.as_ref())))?
        .map_err(|e| Failure::sheet(path, &e))?;
    let line =
        serde_json::to_string(&sheet).map_err(|e| Failure::new(path, FailureKind::Crashed, e.to_string()))?;
    Ok(Record { line, tally: Tally::of(&sheet), sheet })
}

fn read_bytes(path: &Path, most_bytes: usize) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    let size = file.metadata().map_or(0, |m| usize::try_from(m.len()).unwrap_or(usize::MAX));
    let mut bytes = Vec::with_capacity(size.min(most_bytes) + 1);
    file.take(most_bytes as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text =
        panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    format!("the reader panicked: {}", text.unwrap_or("no message"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(bytes: &[u8]) -> (tempfile::TempDir, Input) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sheet.pdf");
        std::fs::write(&path, bytes).unwrap();
        (folder, Input { path, unreadable: None })
    }

    #[test]
    fn a_panic_is_a_failure() {
        let (_folder, input) = file(b"x");
        let failure = read(&input, 10, &|name, _| panic!("{name} broke it")).unwrap_err();
        assert_eq!(failure.kind, FailureKind::Crashed);
        assert_eq!(failure.message, "the reader panicked: sheet.pdf broke it");
    }

    #[test]
    fn reading_stops_past_the_limit() {
        let (_folder, input) = file(&[b'x'; 100]);
        let failure = read(&input, 10, &|_, bytes| panic!("{} bytes", bytes.len())).unwrap_err();
        assert_eq!(failure.message, "the reader panicked: 11 bytes");
    }

    #[test]
    fn a_file_that_is_gone_is_an_io_failure() {
        let input = Input { path: "no/such/sheet.pdf".into(), unreadable: None };
        let failure = read(&input, 10, &|_, _| panic!("not reached")).unwrap_err();
        assert_eq!((failure.kind, failure.path.as_str()), (FailureKind::Io, "no/such/sheet.pdf"));
    }
}
