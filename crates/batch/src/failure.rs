//! A file that gave no record, and why.

use std::path::Path;

use serde::{Serialize, Serializer};

/// A file that gave no record: a line of `failures.jsonl`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Failure {
    /// The path as it was found, from the argument on.
    pub path: String,
    /// What kind of failure it is; written as its [name](FailureKind::name).
    pub kind: FailureKind,
    /// One sentence for a person.
    pub message: String,
    /// The page it happened on, from 1, when it is one page's.
    pub page: Option<u32>,
}

/// The kinds of [`Failure`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FailureKind {
    /// No sheet could be had from the bytes.
    Sheet(chohyo_extract::ErrorKind),
    /// The file or folder could not be read.
    Io,
    /// The reader panicked. That is a bug worth reporting; the file costs no other file.
    Crashed,
}

impl Failure {
    pub(crate) fn new(path: &Path, kind: FailureKind, message: impl Into<String>) -> Self {
        Self { path: path.to_string_lossy().into_owned(), kind, message: message.into(), page: None }
    }

    pub(crate) fn sheet(path: &Path, error: &chohyo_extract::Error) -> Self {
        Self { page: error.page(), ..Self::new(path, FailureKind::Sheet(error.kind()), error.message()) }
    }
}

impl FailureKind {
    /// The stable name used in `failures.jsonl` and `report.json`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sheet(kind) => kind.name(),
            Self::Io => "io",
            Self::Crashed => "crashed",
        }
    }
}

impl Serialize for FailureKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
