//! The work: every file to an entry of the journal.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rayon::ThreadPool;
use rayon::iter::{ParallelBridge, ParallelIterator};

use crate::content::{Content, Hash};
use crate::failure::{Cause, FailureKind};
use crate::journal::{Journal, Terms};
use crate::reading::{self, Outcome, Reader};
use crate::workers::Workers;
use crate::{Error, ErrorKind, Failure, Input, Progress, path_text};

/// Stack of a thread in bytes: as much as a main thread has, where PDF readers are mostly tried out.
const STACK: usize = 8 << 20;

/// Finished files that may wait for the disk, for each thread.
const WAITING: usize = 4;

/// Most finished files that are seen on the disk together.
const TOGETHER: usize = 64;

/// How long a finished file may wait for others, so that the disk is asked once for all of them. None of them counts before.
const PATIENCE: Duration = Duration::from_millis(20);

/// Where outcomes come from.
pub(crate) enum Source<'a> {
    InProcess(&'a Reader<'a>),
    Workers(Workers),
}

/// What is known of a file of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// It was not begun.
    Open,
    /// It has this content, which the journal knows.
    Content(Hash),
    /// Its content could not be had. This needs no journal: it is found again as quickly.
    Failed(Box<Cause>),
}

/// What a run needs to know.
pub(crate) struct Run<'a> {
    pub(crate) inputs: &'a [Input],
    pub(crate) source: &'a Source<'a>,
    pub(crate) terms: &'a Terms,
    /// Most bytes of a file.
    pub(crate) most_bytes: usize,
    pub(crate) pool: &'a ThreadPool,
    /// Set when no further file is to be begun.
    pub(crate) stop: &'a AtomicBool,
}

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Read {
    /// One for each input.
    pub(crate) states: Vec<State>,
    /// Files whose content an earlier run had finished.
    pub(crate) known: u64,
}

/// A finished file on its way to the journal.
struct Message {
    index: usize,
    state: State,
    /// The journal's line, where there was work to do, and what became of it.
    line: Option<(Vec<u8>, Option<Cause>)>,
}

/// The content that need not be begun any more.
struct Begun<'a> {
    /// What the journal held at the start.
    earlier: &'a HashSet<Hash>,
    now: Mutex<HashSet<Hash>>,
}

impl Begun<'_> {
    /// True for the first who asks, who is to begin it.
    fn is_new(&self, hash: Hash) -> bool {
        !self.earlier.contains(&hash) && self.now.lock().unwrap_or_else(PoisonError::into_inner).insert(hash)
    }
}

/// The threads of a batch: so many, or as many as there are cores for 0.
pub(crate) fn threads(jobs: usize) -> Result<ThreadPool, Error> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(jobs)
        .stack_size(STACK)
        .thread_name(|i| format!("reader {i}"))
        .build()
        .map_err(|_| Error::new(ErrorKind::Threads))
}

impl Source<'_> {
    fn read(&self, Content { bytes, hash }: &Content) -> Result<Outcome, Error> {
        match self {
            Self::InProcess(reader) => Ok(reading::read(bytes, hash, reader)),
            Self::Workers(workers) => workers.read(bytes, hash),
        }
    }

    pub(crate) fn lost(&self) -> u64 {
        match self {
            Self::InProcess(_) => 0,
            Self::Workers(workers) => workers.lost(),
        }
    }
}

impl Run<'_> {
    /// Reads every file that the journal does not know; `progress` is called for each that is on the disk.
    pub(crate) fn read_all(
        &self,
        journal: &mut Journal,
        progress: impl FnMut(&Progress<'_>),
    ) -> Result<Read, Error> {
        let earlier: HashSet<Hash> = journal.finished().collect();
        let begun = Begun { earlier: &earlier, now: Mutex::default() };
        let (sender, receiver) = mpsc::sync_channel(self.pool.current_num_threads() * WAITING);
        let mut fatal = Ok(());
        let written = self.pool.in_place_scope(|scope| {
            let fatal = &mut fatal;
            scope.spawn(move |_| *fatal = self.work(&begun, sender));
            self.take_down(journal, &earlier, receiver, progress)
        });
        let (states, known) = written?;
        fatal.map(|()| Read { states, known })
    }

    /// In the order of the input, as far as threads allow: whoever is interrupted has the first ones.
    fn work(&self, begun: &Begun<'_>, sender: SyncSender<Message>) -> Result<(), Error> {
        // Set by the first error, so that nothing more is begun then.
        let broken = AtomicBool::new(false);
        self.inputs.iter().enumerate().par_bridge().try_for_each_with(sender, |sender, (index, input)| {
            if self.stop.load(Ordering::Relaxed) || broken.load(Ordering::Relaxed) {
                return Ok(());
            }
            let message =
                self.message(index, input, begun).inspect_err(|_| broken.store(true, Ordering::Relaxed))?;
            if sender.send(message).is_err() {
                // The journal cannot be written, which its own thread tells.
                broken.store(true, Ordering::Relaxed);
            }
            Ok(())
        })
    }

    fn message(&self, index: usize, input: &Input, begun: &Begun<'_>) -> Result<Message, Error> {
        let content = match &input.unreadable {
            Some(message) => Err(Cause::new(FailureKind::Io, message)),
            None => Content::read(&input.path, self.most_bytes),
        };
        let content = match content {
            Ok(content) => content,
            Err(cause) => return Ok(Message { index, state: State::Failed(Box::new(cause)), line: None }),
        };
        let hash = content.hash;
        let state = State::Content(hash);
        if !begun.is_new(hash) {
            return Ok(Message { index, state, line: None });
        }
        let start = Instant::now();
        let outcome = self.source.read(&content)?;
        let seconds = start.elapsed().as_secs_f64();
        let what = outcome.as_ref().map_or_else(|cause| cause.kind.name(), |_| "record");
        log::info!("{}: {what}, {seconds:.3} s", path_text::of(&input.path).0.escape_debug());
        let line = self
            .terms
            .line(&hash, content.bytes.len() as u64, seconds, &outcome)
            .map_err(|e| Error::io(ErrorKind::Write, &input.path, e))?;
        Ok(Message { index, state, line: Some((line, outcome.err())) })
    }

    /// Puts into the journal what comes, and sees it on the disk before it counts.
    #[allow(clippy::needless_pass_by_value, reason = "an error drops it, which ends those who send")]
    fn take_down(
        &self,
        journal: &mut Journal,
        earlier: &HashSet<Hash>,
        receiver: Receiver<Message>,
        mut progress: impl FnMut(&Progress<'_>),
    ) -> Result<(Vec<State>, u64), Error> {
        let mut states = vec![State::Open; self.inputs.len()];
        let (mut done, mut known) = (0, 0);
        let mut together = Vec::new();
        while let Ok(first) = receiver.recv() {
            together.push(first);
            let end = Instant::now() + PATIENCE;
            while together.len() < TOGETHER
                && let Ok(next) = receiver.recv_timeout(end.saturating_duration_since(Instant::now()))
            {
                together.push(next);
            }
            let mut lines = 0;
            for message in &together {
                if let (State::Content(hash), Some((line, _))) = (&message.state, &message.line) {
                    journal.add(*hash, line)?;
                    lines += 1;
                }
            }
            if lines > 0 {
                journal.sync()?;
            }
            for Message { index, state, line } in together.drain(..) {
                done += 1;
                let is_known = line.is_none() && matches!(state, State::Content(_));
                known += u64::from(matches!(&state, State::Content(hash) if earlier.contains(hash)));
                let cause = match (&state, line) {
                    (State::Failed(cause), _) => Some(cause.as_ref().clone()),
                    (_, line) => line.and_then(|(_, cause)| cause),
                };
                let path = self.inputs[index].path.as_path();
                let failure = cause.map(|cause| Failure::new(path, cause, None));
                states[index] = state;
                let files = self.inputs.len();
                progress(&Progress { path, failure: failure.as_ref(), known: is_known, done, files });
            }
        }
        Ok((states, known))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::output::Output;
    use crate::publication::Publication;
    use crate::sink::SinkOptions;
    use crate::{Earlier, Report};

    /// A sheet with nothing on it but its content.
    fn sheet(bytes: &[u8]) -> chohyo_extract::Sheet {
        serde_json::from_value(serde_json::json!({
            "schema": "chohyo.sheet/1",
            "source": {"name": "", "kind": "text", "sha256": String::from_utf8_lossy(bytes), "bytes": 0, "pages": 1,
                "producer": null},
            "form": {"id": "test", "match": 1.0},
            "municipality": null, "fiscal_year": null, "title": null, "program": null, "sections": [],
            "measures": [], "tables": {}, "columns": {}, "texts": {}, "residue": [], "unclaimed": [],
            "diagnostics": []
        }))
        .unwrap()
    }

    fn inputs(folder: &Path, count: usize) -> Vec<Input> {
        (0..count)
            .map(|i| {
                let path = folder.join(format!("{i:03}.txt"));
                fs::write(&path, i.to_string()).unwrap();
                Input { path, unreadable: None }
            })
            .collect()
    }

    fn terms() -> Terms {
        Terms { made_by: "test".to_owned(), limits: None, password: false }
    }

    /// Reads the inputs; gives the report, the records and the failures.
    fn run(
        inputs: &[Input],
        out: &Path,
        jobs: usize,
        stop: &AtomicBool,
        reader: &Reader<'_>,
    ) -> (Report, String, String) {
        let mut journal = Journal::open(out, Earlier::Resume, &terms()).unwrap();
        let pool = &threads(jobs).unwrap();
        let run =
            Run { inputs, source: &Source::InProcess(reader), terms: &terms(), most_bytes: 100, pool, stop };
        let mut last = 0;
        let read = run
            .read_all(&mut journal, |p| {
                assert_eq!((p.done, p.files), (last + 1, inputs.len()));
                last = p.done;
            })
            .unwrap();
        let mut report = Report { known: read.known, ..Report::default() };
        let mut output =
            Output::create(out, &SinkOptions::default(), chohyo_extract::Form::builtin()).unwrap();
        let corrections = chohyo_extract::Corrections::default();
        let (states, journal, corrections) = (&read.states, &journal, &corrections);
        let publication = Publication { inputs, states, journal, corrections, sheets: false };
        publication.write(pool, |e| output.write(e), &mut report).unwrap();
        output.publish(&report).unwrap();
        let text = |name: &str| fs::read_to_string(out.join(name)).unwrap();
        // How long a failure took differs from run to run.
        let timed = text("failures.jsonl");
        let failures = timed.lines().map(|line| {
            let (failure, seconds) = line.rsplit_once(r#","seconds":"#).unwrap();
            assert!(seconds.trim_end_matches('}').parse::<f64>().is_ok(), "{line}");
            format!("{failure}\n")
        });
        let failures = failures.collect();
        (report, text("records.jsonl"), failures)
    }

    #[allow(clippy::unnecessary_wraps, reason = "it is a reader")]
    fn fails_at_each_seventh(bytes: &[u8]) -> Result<chohyo_extract::Sheet, chohyo_extract::Error> {
        let number: u64 = std::str::from_utf8(bytes).unwrap().parse().unwrap();
        std::thread::sleep(std::time::Duration::from_micros((number * 7919) % 500));
        assert!(number % 7 != 3, "seven");
        Ok(sheet(bytes))
    }

    #[test]
    fn a_crash_costs_one_file_and_threads_change_nothing() {
        let (files, one, eight) =
            (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let inputs = inputs(files.path(), 100);
        let stop = AtomicBool::new(false);
        let (report, records, failures) = run(&inputs, one.path(), 1, &stop, &fails_at_each_seventh);
        assert_eq!((report.records, report.failed), (86, 14));
        assert_eq!(report.failures["crashed"], 14);
        assert_eq!(report.forms["test"], 86);
        assert_eq!(records.lines().count(), 86);
        assert!(failures.lines().all(|l| l.contains(r#""kind":"crashed""#)), "{failures}");
        let (_, more, same) = run(&inputs, eight.path(), 8, &stop, &fails_at_each_seventh);
        assert_eq!((&records, &failures), (&more, &same));
        // What is finished is not done again, be it a failure, and gives the same again.
        let (report, more, same) = run(&inputs, eight.path(), 2, &stop, &|_| panic!("no work is left"));
        assert_eq!((records, failures, report.known), (more, same, 100));
    }

    #[test]
    fn a_stopped_run_keeps_what_it_has_and_goes_on_from_there() {
        let (files, out, whole) =
            (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let inputs = inputs(files.path(), 20);
        let stop = AtomicBool::new(false);
        let stops_at_five = |bytes: &[u8]| {
            stop.store(bytes == b"4", Ordering::Relaxed);
            Ok(sheet(bytes))
        };
        let (report, first, _) = run(&inputs, out.path(), 1, &stop, &stops_at_five);
        assert!(report.interrupted);
        assert_eq!((report.records, first.lines().count()), (5, 5));
        stop.store(false, Ordering::Relaxed);
        let (report, resumed, _) = run(&inputs, out.path(), 1, &stop, &|bytes| Ok(sheet(bytes)));
        assert_eq!((report.interrupted, report.known, report.records), (false, 5, 20));
        let (_, undisturbed, _) = run(&inputs, whole.path(), 1, &stop, &|bytes| Ok(sheet(bytes)));
        assert_eq!(resumed, undisturbed);
    }

    #[test]
    fn the_same_content_is_one_record_with_all_its_names() {
        let (files, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut inputs = inputs(files.path(), 4);
        for name in ["b.txt", "a.txt"] {
            let path = files.path().join(name);
            fs::write(&path, "2").unwrap();
            inputs.push(Input { path, unreadable: None });
        }
        let stop = AtomicBool::new(false);
        let (report, records, _) = run(&inputs, out.path(), 2, &stop, &|bytes| Ok(sheet(bytes)));
        assert_eq!((report.records, report.duplicates, report.known), (4, 2, 0));
        let records: Vec<serde_json::Value> =
            records.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        assert_eq!(records[2]["source"]["name"], "002.txt");
        assert_eq!(records[2]["source"]["other_names"], serde_json::json!(["b.txt", "a.txt"]));
        assert!(records[1]["source"].get("other_names").is_none());
    }
}
