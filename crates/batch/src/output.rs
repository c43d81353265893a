//! The output folder.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chohyo_extract::Form;

use crate::sink::{Complete, Entry, Sink, SinkOptions, Sinks, Staged};
use crate::{Error, ErrorKind, Failure, Report};

/// Makes the folder if it is not there.
pub(crate) fn folder(path: &Path) -> Result<(), Error> {
    fs::create_dir_all(path).map_err(|e| {
        // What the system says of a file in its place is that it exists.
        let e = if path.exists() { io::Error::from(io::ErrorKind::NotADirectory) } else { e };
        Error::io(ErrorKind::Output, path, e)
    })
}

/// Removes what a run that failed or was killed has left unfinished in the folder: on a full disk, it is what fills it. The journal
/// has everything that is in it.
pub(crate) fn discard(folder: &Path) {
    let is_ours = |name: &str| {
        let name = name.strip_suffix("-journal").unwrap_or(name).strip_suffix(".partial");
        let extension = name.and_then(|n| Path::new(n).extension()).and_then(|e| e.to_str());
        extension.is_some_and(|e| ["jsonl", "json", "csv", "parquet", "sqlite"].contains(&e))
    };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_str().is_some_and(is_ours) {
            // What cannot be removed is overwritten by the next run.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// The files of the output folder while they are written.
#[derive(Debug)]
pub(crate) struct Output {
    folder: PathBuf,
    sinks: Sinks,
    failures: Staged,
}

impl Output {
    /// Begins the files in the folder.
    pub(crate) fn create(folder: &Path, options: &SinkOptions, forms: &[Arc<Form>]) -> Result<Self, Error> {
        Ok(Self {
            folder: folder.to_owned(),
            sinks: Sinks::create(folder, options, forms)?,
            failures: Staged::create(folder, "failures.jsonl")?,
        })
    }

    /// Adds sinks of the caller's.
    pub(crate) fn add(&mut self, sinks: Vec<Box<dyn Sink>>) {
        self.sinks.add(sinks);
    }

    /// True when a sink asks for sheets.
    pub(crate) fn wants_sheets(&self) -> bool {
        self.sinks.want_sheets()
    }

    pub(crate) fn write(&mut self, entry: &Entry<'_>) -> Result<(), Error> {
        entry.failure.map_or(Ok(()), |failure| self.failure(failure))?;
        self.sinks.write(entry)
    }

    fn failure(&mut self, failure: &Failure) -> Result<(), Error> {
        let line = serde_json::to_vec(failure).map_err(|e| self.not_json(e))?;
        self.failures.line(&line)
    }

    /// Gives the files their names. The report comes last: where it stands, the others are complete.
    pub(crate) fn publish(self, report: &Report) -> Result<(), Error> {
        let json = serde_json::to_vec_pretty(report).map_err(|e| self.not_json(e))?;
        let mut file = Staged::create(&self.folder, "report.json")?;
        file.line(&json)?;
        let mut complete = self.sinks.finish()?;
        complete.push(self.failures.complete()?);
        let report = file.complete()?;
        // The report of an earlier run would stand beside files that are not its own, were this one stopped here.
        let _ = fs::remove_file(report.name());
        complete.into_iter().try_for_each(Complete::publish)?;
        report.publish()?;
        // Names are on the disk when their folder is. Not every file system can be asked for that.
        let _ = File::open(&self.folder).and_then(|f| f.sync_all());
        Ok(())
    }

    fn not_json(&self, error: serde_json::Error) -> Error {
        Error::io(ErrorKind::Write, &self.folder, io::Error::from(error))
    }
}
