//! Why a batch could not be run, or not to its end.

use std::io;
use std::path::{Path, PathBuf};

/// Why a batch could not be run, or not to its end. What befalls one file is a
/// [`Failure`](crate::Failure) instead.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.describe())]
pub struct Error {
    kind: ErrorKind,
    path: Option<PathBuf>,
    #[source]
    source: Option<io::Error>,
}

/// The kinds of [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A path that was named does not exist or cannot be looked at.
    Input,
    /// No file that was named, and no `*.pdf` or `*.txt` in a folder that was named.
    NothingToDo,
    /// The output folder cannot be made, or a file in it cannot be created.
    Output,
    /// A result could not be written: a full disk, mostly.
    Write,
    /// The threads could not be started.
    Threads,
    /// A form cannot be used.
    Form,
    /// Another batch is writing into the output folder.
    Busy,
    /// The output folder holds the journal of a batch that was not finished, and nothing was said about it; see
    /// [`Earlier`](crate::Earlier).
    Unfinished,
    /// The journal cannot be read.
    Journal,
    /// No worker process can be started.
    Worker,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self { kind, path: None, source: None }
    }

    /// An error of this kind at this path, as a [`Sink`](crate::Sink) of the caller's gives it.
    pub fn io(kind: ErrorKind, path: &Path, source: io::Error) -> Self {
        Self { kind, path: Some(path.to_owned()), source: Some(source) }
    }

    pub(crate) fn at(kind: ErrorKind, path: &Path) -> Self {
        Self { kind, path: Some(path.to_owned()), source: None }
    }

    pub(crate) fn caused(kind: ErrorKind, source: io::Error) -> Self {
        Self { kind, path: None, source: Some(source) }
    }

    /// What kind of error this is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The file or folder concerned.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    fn describe(&self) -> String {
        let path = self.path.as_ref().map(|p| p.display().to_string()).unwrap_or_default();
        match self.kind {
            ErrorKind::Input => format!("{path}: cannot be found or looked at"),
            ErrorKind::NothingToDo => "no sheets: no *.pdf and no *.txt in what was named".to_owned(),
            ErrorKind::Output => format!("{path}: cannot be created"),
            ErrorKind::Write => format!("{path}: cannot be written"),
            ErrorKind::Threads => "the threads cannot be started".to_owned(),
            ErrorKind::Form => "the form cannot be used".to_owned(),
            ErrorKind::Busy => format!("{path}: another batch is writing there"),
            ErrorKind::Unfinished => format!("{path}: holds the work of a batch that was not finished"),
            ErrorKind::Journal => format!("{path}: cannot be read"),
            ErrorKind::Worker => "no worker process can be started".to_owned(),
        }
    }
}
