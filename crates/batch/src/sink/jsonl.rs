//! `records.jsonl`.

use std::path::Path;

use crate::Error;
use crate::sink::staged::Staged;
use crate::sink::{Complete, Entry, Sink};

/// One record a line, as it was given.
#[derive(Debug)]
pub(crate) struct Jsonl(Staged);

impl Jsonl {
    pub(crate) fn create(folder: &Path) -> Result<Self, Error> {
        Staged::create(folder, "records.jsonl").map(Self)
    }
}

impl Sink for Jsonl {
    fn write(&mut self, entry: &Entry<'_>) -> Result<(), Error> {
        entry.record.map_or(Ok(()), |record| self.0.line(record.line().as_bytes()))
    }

    fn wants_sheets(&self) -> bool {
        false
    }

    fn finish(self: Box<Self>) -> Result<Vec<Complete>, Error> {
        Ok(vec![self.0.complete()?])
    }
}
