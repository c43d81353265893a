//! A file that gave no record, and why.

use std::fmt;
use std::path::Path;

use chohyo_extract::ErrorKind as Sheet;
use chohyo_layout::ErrorKind as Layout;
use serde::{Deserialize, Serialize};

use crate::path_text;

/// A file that gave no record: a line of `failures.jsonl`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Failure {
    /// The path as it was found, from the argument on.
    pub path: String,
    /// True when the path is no Unicode, and `path` is percent-encoded for that; left out otherwise.
    #[serde(skip_serializing_if = "is_false")]
    pub path_escaped: bool,
    /// What kind of failure it is.
    pub kind: FailureKind,
    /// One sentence for a person.
    pub message: String,
    /// The page it happened on, from 1, when it is one page's.
    pub page: Option<u32>,
    /// How long it was read, in seconds of wall time; `None` where nothing could be read of it. The one thing of a
    /// failure that differs from run to run.
    pub seconds: Option<f64>,
}

/// The kinds of [`Failure`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FailureKind {
    /// Neither a PDF nor UTF-8 text: a web page by another name, an empty file.
    NotPdf,
    /// A PDF that needs a password that was not given.
    Encrypted,
    /// A PDF whose structure cannot be followed, or one without pages.
    Damaged,
    /// Pages without text that can be read: a scan mostly, or fonts that do not tell their characters.
    NoText,
    /// No known form fits the sheet.
    NoForm,
    /// More than [`Limits`](chohyo_layout::Limits) allow.
    TooLarge,
    /// No result within the time that a file is given.
    Timeout,
    /// More memory than a worker is given.
    OutOfMemory,
    /// The reader panicked, overflowed its stack or was killed. That is a bug worth reporting; it costs no
    /// other file.
    Crashed,
    /// The file or folder could not be read.
    Io,
}

/// Why content gave no record, whatever the name of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cause {
    pub(crate) kind: FailureKind,
    pub(crate) message: String,
    pub(crate) page: Option<u32>,
}

impl Cause {
    pub(crate) fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), page: None }
    }

    pub(crate) fn of(error: &chohyo_extract::Error) -> Self {
        Self { page: error.page(), ..Self::new(error.kind().into(), error.message()) }
    }
}

impl Failure {
    pub(crate) fn new(path: &Path, cause: Cause, seconds: Option<f64>) -> Self {
        let (path, path_escaped) = path_text::of(path);
        let Cause { kind, message, page } = cause;
        Self { path, path_escaped, kind, message, page, seconds }
    }
}

impl FailureKind {
    /// The stable name used in `failures.jsonl` and `report.json`.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotPdf => "not_pdf",
            Self::Encrypted => "encrypted",
            Self::Damaged => "damaged",
            Self::NoText => "no_text",
            Self::NoForm => "no_form",
            Self::TooLarge => "too_large",
            Self::Timeout => "timeout",
            Self::OutOfMemory => "out_of_memory",
            Self::Crashed => "crashed",
            Self::Io => "io",
        }
    }
}

impl fmt::Display for FailureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl From<Sheet> for FailureKind {
    fn from(kind: Sheet) -> Self {
        match kind {
            Sheet::NoForm => Self::NoForm,
            Sheet::Layout(Layout::Empty | Layout::NotASheet) => Self::NotPdf,
            Sheet::Layout(Layout::Encrypted) => Self::Encrypted,
            Sheet::Layout(Layout::NoText | Layout::Undecodable) => Self::NoText,
            Sheet::Layout(Layout::TooLarge) => Self::TooLarge,
            // A file without pages, and kinds of the reader's that came after this list.
            _ => Self::Damaged,
        }
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
fn is_false(flag: &bool) -> bool {
    !flag
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_written_by_its_name() {
        use FailureKind as K;
        for kind in [
            K::NotPdf,
            K::Encrypted,
            K::Damaged,
            K::NoText,
            K::NoForm,
            K::TooLarge,
            K::Timeout,
            K::OutOfMemory,
            K::Crashed,
            K::Io,
        ] {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
    }
}
