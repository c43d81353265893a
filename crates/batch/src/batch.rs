//! Settings of a batch, and its run.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use chohyo_extract::Corrections;

use crate::journal::{Journal, Terms};
use crate::output::{self, Output};
use crate::publication::Publication;
use crate::run::{self, Run, Source, State};
use crate::sink::SinkOptions;
use crate::workers::Workers;
use crate::{
    Discovery, Earlier, Error, ErrorKind, Failure, Format, Report, Settings, Sink, WorkerCommand,
    WorkerLimits,
};

/// Reads many files; see the [crate](crate) for what is written.
#[derive(Clone, Debug)]
pub struct Batch {
    settings: Settings,
    workers: Option<(WorkerCommand, WorkerLimits)>,
    jobs: usize,
    earlier: Earlier,
    corrections: Corrections,
    sinks: SinkOptions,
    stop: Arc<AtomicBool>,
}

/// How far a batch is, after each file, in the order in which they are finished.
#[derive(Debug)]
#[non_exhaustive]
pub struct Progress<'a> {
    /// The file.
    pub path: &'a Path,
    /// Why it gave no record; `None` when it gave one, and when it needed no work.
    pub failure: Option<&'a Failure>,
    /// True when it needed no work: an earlier run had finished the same content, or this one met it before.
    pub known: bool,
    /// Files done, this one included.
    pub done: usize,
    /// Files in all.
    pub files: usize,
}

impl Batch {
    /// A batch that reads every file with these settings, in this process.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            workers: None,
            jobs: 0,
            earlier: Earlier::default(),
            corrections: Corrections::default(),
            sinks: SinkOptions::default(),
            stop: Arc::default(),
        }
    }

    /// Reads files in processes of their own, each within `limits`: what one of them does to its process costs no other
    /// file anything.
    #[must_use]
    pub fn isolated(mut self, command: WorkerCommand, limits: WorkerLimits) -> Self {
        self.workers = Some((command, limits));
        self
    }

    /// Number of files that are read at once; 0, the default, for as many as there are cores.
    #[must_use]
    pub fn jobs(mut self, jobs: usize) -> Self {
        self.jobs = jobs;
        self
    }

    /// What to do about an earlier batch in the output folder.
    #[must_use]
    pub fn earlier(mut self, earlier: Earlier) -> Self {
        self.earlier = earlier;
        self
    }

    /// Corrections of records. They are applied when the records are written, so that a batch that was run without them
    /// can be written with them and no file need be read again.
    #[must_use]
    pub fn corrections(mut self, corrections: Corrections) -> Self {
        self.corrections = corrections;
        self
    }

    /// What the records are written as, any number at once; [`Format::Jsonl`] alone when this is not called.
    #[must_use]
    pub fn formats(mut self, formats: &[Format]) -> Self {
        self.sinks.formats = formats.to_vec();
        self
    }

    /// Begin CSV files with a byte order mark, by which Excel knows that they are UTF-8.
    #[must_use]
    pub fn byte_order_mark(mut self, mark: bool) -> Self {
        self.sinks.byte_order_mark = mark;
        self
    }

    /// A flag that stops the batch when it becomes true: files that have been begun are finished, no other
    /// is begun, and the output is complete for what was read, with `interrupted` set in the report.
    #[must_use]
    pub fn stop(mut self, stop: Arc<AtomicBool>) -> Self {
        self.stop = stop;
        self
    }

    /// Reads the files and folders `paths` and writes into the folder `out`, which is made if need be.
    /// What [`Discovery`] says is which files are read, and in which order.
    ///
    /// # Errors
    /// See [`ErrorKind`]: a path that does not exist, nothing to do, an output that cannot be written. What was finished
    /// until then is in the journal, and [`Earlier::Resume`] goes on from there.
    pub fn run<P: AsRef<Path>>(&self, paths: &[P], out: &Path) -> Result<Report, Error> {
        self.run_with(paths, out, |_| {})
    }

    /// The same; `progress` is called after each file, in this thread.
    ///
    /// # Errors
    /// As [`Batch::run`].
    pub fn run_with<P: AsRef<Path>>(
        &self,
        paths: &[P],
        out: &Path,
        progress: impl FnMut(&Progress<'_>),
    ) -> Result<Report, Error> {
        self.run_found(&Discovery::new(paths)?, out, progress)
    }

    /// The same over files that have been found already.
    ///
    /// # Errors
    /// As [`Batch::run`].
    pub fn run_found(
        &self,
        found: &Discovery,
        out: &Path,
        progress: impl FnMut(&Progress<'_>),
    ) -> Result<Report, Error> {
        self.run_into(found, out, Vec::new(), progress)
    }

    /// The same; `sinks` take every entry too, after those of the formats.
    ///
    /// # Errors
    /// As [`Batch::run`], and those of the sinks.
    pub fn run_into(
        &self,
        found: &Discovery,
        out: &Path,
        sinks: Vec<Box<dyn Sink>>,
        progress: impl FnMut(&Progress<'_>),
    ) -> Result<Report, Error> {
        let begun = Instant::now();
        if found.inputs.is_empty() {
            return Err(Error::new(ErrorKind::NothingToDo));
        }
        let extractor = self
            .settings
            .extractor()
            .map_err(|e| Error::caused(ErrorKind::Form, std::io::Error::other(e.to_string())))?;
        output::folder(out)?;
        let terms = Terms {
            made_by: self.settings.fingerprint(),
            limits: self.workers.as_ref().map(|(_, limits)| *limits),
            password: self.settings.password.is_some(),
        };
        let reader = extractor.clone().without_hash();
        let in_process = |bytes: &[u8]| reader.extract(bytes);
        let source = match &self.workers {
            None => Source::InProcess(&in_process),
            Some((command, limits)) => Source::Workers(Workers::start(command, *limits, &self.settings)?),
        };
        let pool = run::threads(self.jobs)?;
        // After the workers: a program that is none costs no journal.
        let mut journal = Journal::open(out, self.earlier, &terms)?;
        let run = Run {
            inputs: &found.inputs,
            source: &source,
            terms: &terms,
            most_bytes: self.settings.limits.bytes,
            pool: &pool,
            stop: &self.stop,
        };
        let read = run.read_all(&mut journal, progress)?;
        let mut report = Report {
            files: found.inputs.len() as u64,
            skipped: found.skipped,
            jobs: pool.current_num_threads(),
            known: read.known,
            workers_lost: source.lost(),
            ..Report::default()
        };
        // No worker is needed from here on; the memory is.
        drop(source);
        let states = &read.states;
        let is_part = states.contains(&State::Open);
        // To the millisecond: more would be noise.
        let seconds = || (begun.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
        let (inputs, corrections) = (&found.inputs, &self.corrections);
        let publication = |journal, sheets| Publication { inputs, states, journal, corrections, sheets };
        if is_part && journal.is_over() {
            // A part does not take the place of the whole.
            publication(&journal, false).write(&pool, |_| Ok(()), &mut report)?;
            (report.seconds, report.left) = (seconds(), true);
            return Ok(report);
        }
        let published = Output::create(out, &self.sinks, extractor.forms()).and_then(|mut output| {
            output.add(sinks);
            let publication = publication(&journal, output.wants_sheets());
            publication.write(&pool, |entry| output.write(entry), &mut report)?;
            report.seconds = seconds();
            output.publish(&report)
        });
        output::discard(out);
        published?;
        journal.end(!is_part)?;
        Ok(report)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_part_does_not_take_the_place_of_the_whole() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        let path = folder.path().join("a.pdf");
        fs::write(&path, "").unwrap();
        let failures = || fs::read_to_string(out.join("failures.jsonl")).unwrap();
        let batch = Batch::new(Settings::default());
        let stopped = batch.clone().stop(Arc::new(AtomicBool::new(true)));

        let report = stopped.run(&[&path], &out).unwrap();
        assert!(report.interrupted && !report.left && failures().is_empty());
        batch.run(&[&path], &out).unwrap();
        let whole = failures();
        assert_eq!(whole.lines().count(), 1);
        for earlier in [Earlier::Ask, Earlier::Replace, Earlier::Resume] {
            let report = stopped.clone().earlier(earlier).run(&[&path], &out).unwrap();
            assert!(report.interrupted && report.left);
            assert_eq!(failures(), whole);
        }
    }

    #[test]
    fn nothing_to_do_is_an_error_and_makes_no_output() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        let error = Batch::new(Settings::default()).run(&[folder.path()], &out).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NothingToDo);
        assert!(!out.exists());
    }
}
