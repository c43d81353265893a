//! The output folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::file::Record;
use crate::partial::PartialFile;
use crate::{Error, ErrorKind, Failure, Report};

/// The files of the output folder while they are written.
#[derive(Debug)]
pub(crate) struct Output {
    folder: PathBuf,
    records: PartialFile,
    failures: PartialFile,
}

impl Output {
    /// Makes the folder, where it is not there yet, and begins its files.
    pub(crate) fn create(folder: &Path) -> Result<Self, Error> {
        fs::create_dir_all(folder).map_err(|e| Error::io(ErrorKind::Output, folder, e))?;
        Ok(Self {
            folder: folder.to_owned(),
            records: PartialFile::create(folder, "records.jsonl")?,
            failures: PartialFile::create(folder, "failures.jsonl")?,
        })
    }

    pub(crate) fn record(&mut self, record: &Record) -> Result<(), Error> {
        self.records.line(&record.line)
    }

    pub(crate) fn failure(&mut self, failure: &Failure) -> Result<(), Error> {
        let mut line = serde_json::to_vec(failure).map_err(|e| self.not_json(e))?;
        line.push(b'\n');
        self.failures.line(&line)
    }

    /// Gives the files their names. The report comes last: where it stands, the others are complete.
    pub(crate) fn publish(self, report: &Report) -> Result<(), Error> {
        let mut json = serde_json::to_vec_pretty(report).map_err(|e| self.not_json(e))?;
        json.push(b'\n');
        let mut file = PartialFile::create(&self.folder, "report.json")?;
        file.line(&json)?;
        self.records.publish()?;
        self.failures.publish()?;
        file.publish()
    }

    fn not_json(&self, error: serde_json::Error) -> Error {
        Error::io(ErrorKind::Write, &self.folder, io::Error::from(error))
    }
}
