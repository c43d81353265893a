//! A folder of sheets to records.
//!
//! A [`Batch`] takes files and folders, reads every sheet it finds with a
//! [`chohyo_extract::Extractor`], on as many threads as there are cores, and writes into an output folder:
//!
//! - `records.jsonl`: one record a line, in the order of the input;
//! - `failures.jsonl`: one line for each file that gave no record, with the [kind](FailureKind) of failure;
//! - `report.json`: counts, durations and versions (a [`Report`]).
//!
//! ```no_run
//! use std::path::{Path, PathBuf};
//!
//! use chohyo_batch::Batch;
//! use chohyo_extract::Extractor;
//!
//! # fn main() -> Result<(), chohyo_batch::Error> {
//! let report = Batch::new(Extractor::new()).run(&[PathBuf::from("sheets")], Path::new("records"))?;
//! println!("{} records, {} failures", report.records, report.failed);
//! # Ok(())
//! # }
//! ```
//!
//! # Guarantees
//!
//! - One bad file costs one file: a file that cannot be read, even one that makes the reader panic, is a line
//!   in `failures.jsonl`, and the records of all other files are the same as without it.
//! - The same files give the same `records.jsonl` and `failures.jsonl`, byte for byte, at any number of
//!   threads. Only `report.json` holds durations.
//! - A name without `.partial` is only ever given to a file that is complete. Until then whole lines are
//!   written, so that what an interrupted run has finished can be read in `records.jsonl.partial`.
//! - Memory does not grow with the number of files: a record is written as soon as those before it are.
//!
//! # Limits
//!
//! All files are read in one process. A file that overflows the stack or exhausts memory ends that process.

mod batch;
mod discovery;
mod error;
mod failure;
mod file;
mod output;
mod partial;
mod report;
pub mod sink;
mod window;

pub use batch::{Batch, Progress};
pub use discovery::{Discovery, Input, Skipped};
pub use error::{Error, ErrorKind};
pub use failure::{Failure, FailureKind};
pub use report::{Report, Versions};
pub use sink::Format;
