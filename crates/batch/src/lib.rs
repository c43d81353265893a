//! A folder of sheets to records.
//!
//! A [`Batch`] takes files and folders, reads every sheet it finds, as many at once as there are cores, and
//! writes into an output folder:
//!
//! - `records.jsonl`: one record a line, in the order of the input;
//! - the same as [tables], where [`Batch::formats`] asks for them: CSV, Parquet, SQLite;
//! - `failures.jsonl`: one line for each file that gave no record, with the [kind](FailureKind) of failure;
//! - `report.json`: counts, durations and versions (a [`Report`]);
//! - `journal.jsonl`: what was finished, for a batch that goes on where this one ended.
//!
//! ```no_run
//! use std::path::{Path, PathBuf};
//!
//! use chohyo_batch::{Batch, Settings};
//!
//! # fn main() -> Result<(), chohyo_batch::Error> {
//! let report = Batch::new(Settings::default()).run(&[PathBuf::from("sheets")], Path::new("records"))?;
//! println!("{} records, {} failures", report.records, report.failed);
//! # Ok(())
//! # }
//! ```
//!
//! # Files from strangers
//!
//! Files that may be hostile are read in worker processes, which a program makes of itself:
//!
//! ```no_run
//! use std::path::{Path, PathBuf};
//!
//! use chohyo_batch::{Batch, Settings, WorkerCommand, WorkerLimits, serve};
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     if std::env::args().nth(1).as_deref() == Some("worker") {
//!         return Ok(serve()?);
//!     }
//!     let command = WorkerCommand::new(std::env::current_exe()?, ["worker"]);
//!     Batch::new(Settings::default())
//!         .isolated(command, WorkerLimits::default())
//!         .run(&[PathBuf::from("sheets")], Path::new("records"))?;
//!     Ok(())
//! }
//! ```
//!
//! # Guarantees
//!
//! - One bad file costs one file: a file that cannot be read, even one that makes the reader panic, is a line
//!   in `failures.jsonl`, and the records of all other files are the same as without it. In a worker process
//!   that holds for a file that makes the reader hang, overflow its stack, exhaust its memory or abort, too.
//! - The same files give the same `records.jsonl`, byte for byte, and the same failures, at any number of jobs, and
//!   however often the batch was interrupted and resumed. Only how long a failure took, `report.json` and the journal
//!   differ.
//! - A file is on the disk, in the journal, before it counts as finished. A name without `.partial` is only ever given
//!   to a file that is complete.
//! - Memory does not grow with the records: of each file its path and some hundred bytes are kept.

/// What a batch promises, how each promise is tested, and what is not promised.
#[doc = include_str!("../docs/reliability.md")]
pub mod reliability {}

mod batch;
mod content;
mod discovery;
mod error;
mod failure;
mod frame;
mod journal;
mod output;
mod path_text;
mod publication;
mod reading;
mod report;
mod run;
mod settings;
pub mod sink;
mod watchdog;
mod worker;
mod workers;

#[doc = include_str!("../docs/tables.md")]
pub mod tables {}

pub use batch::{Batch, Progress};
pub use discovery::{Discovery, Input, Skipped};
pub use error::{Error, ErrorKind};
pub use failure::{Failure, FailureKind};
pub use journal::Earlier;
pub use report::{Corrected, Report, Slow, Versions, Worst};
pub use settings::Settings;
pub use sink::{Complete, Entry, FileRow, Format, Record, Sink, UnknownFormat};
#[doc(hidden)]
pub use worker::{Asking, serve_with};
pub use worker::{confine, serve};
pub use workers::{WorkerCommand, WorkerLimits};
