//! `records.jsonl`.

use std::path::Path;

use crate::Error;
use crate::partial::PartialFile;
use crate::sink::{Complete, Entry, Sink};

/// One record a line, as it was given.
#[derive(Debug)]
pub(crate) struct Jsonl {
    file: PartialFile,
    line: Vec<u8>,
}

impl Jsonl {
    pub(crate) fn create(folder: &Path) -> Result<Self, Error> {
        Ok(Self { file: PartialFile::create(folder, "records.jsonl")?, line: Vec::new() })
    }
}

impl Sink for Jsonl {
    fn write(&mut self, entry: &Entry<'_>) -> Result<(), Error> {
        let Some((json, _)) = entry.record else { return Ok(()) };
        self.line.clear();
        self.line.extend_from_slice(json.as_bytes());
        self.line.push(b'\n');
        self.file.line(&self.line)
    }

    fn finish(self: Box<Self>) -> Result<Vec<Complete>, Error> {
        Ok(vec![self.file.complete()?])
    }
}
