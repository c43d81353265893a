//! From the journal to the files that people read, in the order of the input.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::mpsc;

use chohyo_extract::{Corrections, SCHEMA, Source};
use rayon::ThreadPool;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::content::{Hash, hexadecimal};
use crate::failure::{Cause, FailureKind};
use crate::journal::{Finished, Journal};
use crate::report::Tally;
use crate::run::State;
use crate::sink::{Entry, FileRow, Record};
use crate::{Error, Failure, Input, Report, path_text};

/// Files that are read back at once: so many for each thread, and no more than so many. Twice that are in memory.
const AT_ONCE: (usize, usize) = (4, 16);

/// What is to be written.
pub(crate) struct Publication<'a> {
    pub(crate) inputs: &'a [Input],
    /// One for each input.
    pub(crate) states: &'a [State],
    pub(crate) journal: &'a Journal,
    pub(crate) corrections: &'a Corrections,
    /// True when sheets are asked for, and not only lines.
    pub(crate) sheets: bool,
}

/// A file as it is written.
struct Prepared {
    file: FileRow,
    /// How long it took.
    seconds: Option<f64>,
    came: Came,
}

/// What came of a file.
enum Came {
    /// It was not read.
    Open,
    Failed(Cause),
    /// Its record is that of a file before it.
    Duplicate,
    Record(Box<Record>, Tally),
}

impl Publication<'_> {
    /// Hands what came of every file to `sink`, one after the other, while the threads of `pool` read the next ones back.
    pub(crate) fn write(
        &self,
        pool: &ThreadPool,
        mut sink: impl FnMut(&Entry<'_>) -> Result<(), Error>,
        report: &mut Report,
    ) -> Result<(), Error> {
        let namesakes = Namesakes::new(self.states);
        let at_once = (AT_ONCE.0 * pool.current_num_threads()).min(AT_ONCE.1);
        let mut unused: BTreeMap<String, &str> =
            self.corrections.sources().map(|(sha256, name)| (sha256.to_lowercase(), name)).collect();
        let (sender, receiver) = mpsc::sync_channel(0);
        pool.in_place_scope(|scope| {
            let namesakes = &namesakes;
            scope.spawn(move |_| {
                for start in (0..self.inputs.len()).step_by(at_once) {
                    let these = start..self.inputs.len().min(start + at_once);
                    let these: Vec<_> = these.into_par_iter().map(|i| self.prepare(i, namesakes)).collect();
                    if sender.send(these).is_err() {
                        // A sink has failed, which its own thread tells.
                        return;
                    }
                }
            });
            // An error drops the receiver, and that ends the sender.
            for (input, prepared) in self.inputs.iter().zip(receiver.into_iter().flatten()) {
                let prepared = prepared?;
                if let (Came::Record(..), Some(sha256)) = (&prepared.came, &prepared.file.sha256) {
                    unused.remove(sha256);
                }
                write_one(input, &prepared, &mut sink, report)?;
            }
            Ok(())
        })?;
        report.corrections.unused = unused.iter().map(|(sha256, name)| format!("{sha256} {name}")).collect();
        Ok(())
    }

    /// Reads back what came of a file.
    fn prepare(&self, index: usize, namesakes: &Namesakes) -> Result<Prepared, Error> {
        let path = |index: usize| path_text::of(&self.inputs[index].path);
        let (path_here, path_escaped) = path(index);
        let mut file = FileRow { path: path_here, path_escaped, ..FileRow::default() };
        let hash = match &self.states[index] {
            State::Open => return Ok(Prepared { file, seconds: None, came: Came::Open }),
            State::Failed(cause) => {
                return Ok(Prepared { file, seconds: None, came: Came::Failed(cause.as_ref().clone()) });
            }
            State::Content(hash) => hash,
        };
        file.sha256 = Some(hexadecimal(hash));
        let Some(Finished { bytes, seconds, outcome }) = self.journal.read(hash)? else {
            return Ok(Prepared { file, seconds: None, came: Came::Open });
        };
        file.bytes = Some(bytes);
        let same = namesakes.of(hash);
        let first = same.first().map_or(index, |&first| first as usize);
        if first != index {
            file.same_as = Some(path(first).0);
        }
        let came = match outcome {
            // The same content fails under each of its names, so that every name is a row of the failures.
            Err(cause) => Came::Failed(cause),
            Ok(_) if first != index => Came::Duplicate,
            Ok(record) => {
                let others = same.iter().skip(1).map(|&i| i as usize);
                let names = std::iter::once(index).chain(others).map(|i| name(&self.inputs[i].path));
                // Only a worker that its file has taken over sends such a thing, and that costs the file.
                let none = || {
                    Came::Failed(Cause::new(FailureKind::Crashed, "the reader gave a record that is none"))
                };
                self.record(&record, names.collect()).unwrap_or_else(none)
            }
        };
        Ok(Prepared { file, seconds: Some(seconds), came })
    }

    /// The record as it is written, with the names of its files; `None` when it is none.
    fn record(&self, record: &[u8], names: Vec<String>) -> Option<Came> {
        let line = named(record, names)?;
        let mut tally = Tally::of_line(&line).ok()?;
        let mut record = Record::new(line);
        if self.corrections.sources().next().is_some() {
            let mut sheet = record.sheet().ok()?.clone();
            let applied = self.corrections.apply(&mut sheet);
            if applied.corrected + applied.refused > 0 {
                record = Record::of(sheet).ok()?;
                tally = Tally::of_line(record.line()).ok()?;
            }
            tally.corrected = applied.corrected as u64;
            tally.refused = applied.refused as u64;
        } else if self.sheets {
            record.sheet().ok()?;
        }
        Some(Came::Record(Box::new(record), tally))
    }
}

fn write_one(
    input: &Input,
    Prepared { file, seconds, came }: &Prepared,
    sink: &mut impl FnMut(&Entry<'_>) -> Result<(), Error>,
    report: &mut Report,
) -> Result<(), Error> {
    match came {
        Came::Open => {
            report.interrupted = true;
            Ok(())
        }
        Came::Failed(cause) => {
            let failure = Failure::new(&input.path, cause.clone(), *seconds);
            report.failure(&failure);
            sink(&Entry { file, record: None, failure: Some(&failure) })
        }
        Came::Duplicate => {
            report.duplicates += 1;
            sink(&Entry { file, record: None, failure: None })
        }
        Came::Record(record, tally) => {
            report.record(&file.path, tally, seconds.unwrap_or_default());
            sink(&Entry { file, record: Some(record), failure: None })
        }
    }
}

/// Which files have the same content, by their index.
struct Namesakes(HashMap<Hash, Vec<u32>>);

impl Namesakes {
    fn new(states: &[State]) -> Self {
        let mut files: HashMap<Hash, Vec<u32>> = HashMap::new();
        for (index, state) in states.iter().enumerate() {
            if let State::Content(hash) = state {
                files.entry(*hash).or_default().push(index as u32);
            }
        }
        files.retain(|_, files| files.len() > 1);
        Self(files)
    }

    /// All of them, the first one first; empty when the content is that of one file only.
    fn of(&self, hash: &Hash) -> &[u32] {
        self.0.get(hash).map_or(&[], Vec::as_slice)
    }
}

/// The name of a file without its folder.
fn name(path: &Path) -> String {
    path_text::of(Path::new(path.file_name().unwrap_or_default())).0
}

/// The record with the names of its files, as a line.
///
/// The journal's record has no name, and only that is put in: every other byte stays as it was, down to how
/// a number is written.
fn named(record: &[u8], mut names: Vec<String>) -> Option<String> {
    let record = std::str::from_utf8(record).ok()?;
    let head = format!(r#"{{"schema":"{SCHEMA}","source":"#);
    let rest = record.strip_prefix(&head)?;
    let mut sources = serde_json::Deserializer::from_str(rest).into_iter::<Source>();
    let mut source = sources.next()?.ok()?;
    let rest = rest.get(sources.byte_offset()..)?;
    source.other_names = names.split_off(1.min(names.len()));
    source.name = names.pop().unwrap_or_default();
    let source = serde_json::to_string(&source).ok()?;
    Some([head.as_str(), &source, rest].concat())
}
