//! Settings of a batch, and its run.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use chohyo_extract::Extractor;
use chohyo_layout::Limits;

use crate::file::{self, Reader};
use crate::output::Output;
use crate::sink::{Entry, FileRow, SinkOptions};
use crate::{Discovery, Error, ErrorKind, Failure, Format, Input, Report, window};

/// Stack of a thread in bytes: as much as a main thread has, where PDF readers are mostly tried out.
const STACK: usize = 8 << 20;

/// Files that may be worked on or wait for one before them, for each thread.
const WINDOW: usize = 16;

/// Reads many files; see the [crate](crate) for what is written.
#[derive(Clone, Debug)]
pub struct Batch {
    extractor: Extractor,
    limits: Limits,
    jobs: usize,
    sinks: SinkOptions,
    stop: Arc<AtomicBool>,
}

/// How far a batch is, after each file, in the order of the input.
#[derive(Debug)]
#[non_exhaustive]
pub struct Progress<'a> {
    /// The file.
    pub path: &'a Path,
    /// Why it gave no record; `None` when it gave one.
    pub failure: Option<&'a Failure>,
    /// Files done, this one included.
    pub done: usize,
    /// Files in all.
    pub files: usize,
}

impl Batch {
    /// A batch that reads every file with `extractor`.
    pub fn new(extractor: Extractor) -> Self {
        let limits = Limits::default();
        Self {
            extractor: extractor.limits(limits.clone()),
            limits,
            jobs: 0,
            sinks: SinkOptions::default(),
            stop: Arc::default(),
        }
    }

    /// Number of threads; 0, the default, for as many as there are cores.
    #[must_use]
    pub fn jobs(mut self, jobs: usize) -> Self {
        self.jobs = jobs;
        self
    }

    /// Bounds on what one file may cost.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.extractor = self.extractor.limits(limits.clone());
        self.limits = limits;
        self
    }

    /// What the records are written as, any number at once; [`Format::Jsonl`] alone when this is not called.
    #[must_use]
    pub fn formats(mut self, formats: &[Format]) -> Self {
        self.sinks.formats = formats.to_vec();
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
    /// See [`ErrorKind`]: a path that does not exist, nothing to do, an output that cannot be written. When
    /// a disk is full, what was written until then is in `records.jsonl.partial` in whole lines.
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
        let begun = Instant::now();
        let discovery = Discovery::new(paths)?;
        if discovery.inputs.is_empty() {
            return Err(Error::new(ErrorKind::NothingToDo));
        }
        let mut output = Output::create(out, &self.sinks)?;
        let mut report =
            Report { files: discovery.inputs.len() as u64, skipped: discovery.skipped, ..Report::default() };
        let reader = |name: &str, bytes: &[u8]| self.extractor.extract_named(name, bytes);
        self.read_all(&discovery.inputs, &reader, &mut output, &mut report, progress)?;
        // To the millisecond: more would be noise.
        report.seconds = (begun.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
        output.publish(&report)?;
        Ok(report)
    }

    fn read_all(
        &self,
        inputs: &[Input],
        reader: &Reader<'_>,
        output: &mut Output,
        report: &mut Report,
        mut progress: impl FnMut(&Progress<'_>),
    ) -> Result<(), Error> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(self.jobs)
            .stack_size(STACK)
            .thread_name(|i| format!("reader {i}"))
            .build()
            .map_err(|_| Error::new(ErrorKind::Threads))?;
        report.jobs = pool.current_num_threads();
        // Set by the first error of the output too, so that nothing more is begun then.
        let full = AtomicBool::new(false);
        let work = |i: usize| {
            let stopped = self.stop.load(Ordering::Relaxed) || full.load(Ordering::Relaxed);
            (!stopped).then(|| file::read(&inputs[i], self.limits.bytes, reader))
        };
        let mut done = 0;
        window::in_order(&pool, inputs.len(), report.jobs * WINDOW, work, |i, result| {
            let Some(result) = result else {
                report.interrupted = true;
                return Ok(());
            };
            let path = inputs[i].path.to_string_lossy().into_owned();
            let (file, record, failure) = match &result {
                Ok(record) => {
                    report.record(&record.tally);
                    let source = &record.sheet.source;
                    let (sha256, bytes) = (Some(source.sha256.clone()), Some(source.bytes));
                    let file = FileRow { path, sha256, bytes, same_as: None };
                    (file, Some((record.line.as_str(), &record.sheet)), None)
                }
                Err(failure) => {
                    report.failure(failure);
                    (FileRow { path, ..FileRow::default() }, None, Some(failure))
                }
            };
            let written = output.write(&Entry { file: &file, record, failure });
            written.inspect_err(|_| full.store(true, Ordering::Relaxed))?;
            done += 1;
            progress(&Progress { path: &inputs[i].path, failure, done, files: inputs.len() });
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A sheet with nothing on it, named `name`.
    fn sheet(name: &str) -> chohyo_extract::Sheet {
        serde_json::from_value(serde_json::json!({
            "schema": "chohyo.sheet/1",
            "source": {"name": name, "kind": "text", "sha256": "", "bytes": 0, "pages": 1, "producer": null},
            "form": {"id": "test", "match": 1.0},
            "municipality": null, "fiscal_year": null, "title": null, "program": null, "sections": [],
            "measures": [], "tables": {}, "columns": {}, "texts": {}, "residue": [], "unclaimed": [],
            "diagnostics": []
        }))
        .unwrap()
    }

    /// Reads `count` files of which each seventh makes the reader panic; gives both outputs.
    fn run(batch: &Batch, count: usize) -> (Report, String, String) {
        let out = tempfile::tempdir().unwrap();
        let files = tempfile::tempdir().unwrap();
        let inputs: Vec<_> = (0..count)
            .map(|i| {
                let path = files.path().join(format!("{i:03}.txt"));
                fs::write(&path, "x").unwrap();
                Input { path, unreadable: None }
            })
            .collect();
        let reader = |name: &str, _: &[u8]| {
            let number: usize = name.trim_end_matches(".txt").parse().unwrap();
            std::thread::sleep(std::time::Duration::from_micros((number as u64 * 7919) % 500));
            assert!(number % 7 != 3, "seven");
            Ok(sheet(name))
        };
        let mut output = Output::create(out.path(), &SinkOptions::default()).unwrap();
        let mut report = Report::default();
        batch.read_all(&inputs, &reader, &mut output, &mut report, |_| {}).unwrap();
        output.publish(&report).unwrap();
        let read = |name: &str| fs::read_to_string(out.path().join(name)).unwrap();
        let failures = read("failures.jsonl").replace(&files.path().to_string_lossy().into_owned(), "");
        (report, read("records.jsonl"), failures)
    }

    #[test]
    fn a_crash_costs_one_file_and_threads_change_nothing() {
        let batch = Batch::new(Extractor::new());
        let (report, records, failures) = run(&batch.clone().jobs(1), 100);
        assert_eq!((report.records, report.failed, report.jobs), (86, 14, 1));
        assert_eq!(report.failures["crashed"], 14);
        assert_eq!(report.forms["test"], 86);
        assert_eq!(records.lines().count(), 86);
        assert!(failures.lines().all(|l| l.contains(r#""kind":"crashed""#)), "{failures}");
        let (_, more, same) = run(&batch.jobs(8), 100);
        assert_eq!((records, failures), (more, same));
    }

    #[test]
    fn a_stopped_batch_keeps_what_it_has() {
        let stop = Arc::new(AtomicBool::new(true));
        let (report, records, _) = run(&Batch::new(Extractor::new()).stop(stop), 5);
        assert!(report.interrupted);
        assert_eq!((report.records, records.as_str()), (0, ""));
    }

    #[test]
    fn nothing_to_do_is_an_error_and_makes_no_output() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        let error = Batch::new(Extractor::new()).run(&[folder.path()], &out).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NothingToDo);
        assert!(!out.exists());
    }
}
