//! How a command ended, and how that is told.

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use chohyo_batch::ErrorKind;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All is well.
    Well,
    /// Some files failed, and were told.
    SomeFailed,
    /// The command could not be done as it was given.
    Usage,
    /// Ctrl-C ended it.
    Interrupted,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Well => 0,
            Outcome::SomeFailed => 1,
            Outcome::Usage => 2,
            // What a shell gives for a command that SIGINT ended.
            Outcome::Interrupted => 130,
        })
    }
}

/// The arguments ask for something that is not to be had.
#[derive(Debug)]
pub(crate) struct UsageError(pub(crate) String);

impl fmt::Display for UsageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for UsageError {}

/// How a command ended that gave `error`.
pub(crate) fn of_error(error: &anyhow::Error) -> Outcome {
    if error.is::<UsageError>() {
        return Outcome::Usage;
    }
    match error.downcast_ref::<chohyo_batch::Error>().map(chohyo_batch::Error::kind) {
        Some(
            ErrorKind::Input
            | ErrorKind::NothingToDo
            | ErrorKind::Output
            | ErrorKind::Busy
            | ErrorKind::Unfinished
            | ErrorKind::Form,
        ) => Outcome::Usage,
        _ => Outcome::SomeFailed,
    }
}

/// What can be done about `error`.
pub(crate) fn advice(error: &anyhow::Error) -> Option<&'static str> {
    match error.downcast_ref::<chohyo_batch::Error>()?.kind() {
        ErrorKind::Unfinished => Some("--resume goes on with it; --fresh begins again"),
        ErrorKind::Write => Some("what was finished is kept: --resume goes on with it"),
        _ => None,
    }
}

/// True when nobody reads our standard output any more.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .any(|e| e.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe))
}

/// Text from a file, or a name, without what a terminal would obey.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// Tells a person that something went wrong.
pub(crate) fn complain(message: impl fmt::Display) {
    tell(format_args!("chohyo: {message}"));
}

/// Tells a person something. That standard error is closed is no reason to stop.
pub(crate) fn tell(message: impl fmt::Display) {
    let _ = writeln!(io::stderr(), "{message}");
}
