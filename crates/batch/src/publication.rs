//! From the journal to the files that people read, in the order of the input.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use chohyo_extract::{Corrections, SCHEMA, Sheet, Source};

use crate::content::{Hash, hexadecimal};
use crate::failure::Cause;
use crate::journal::{Finished, Journal};
use crate::report::Tally;
use crate::run::State;
use crate::sink::{Entry, FileRow};
use crate::{Error, ErrorKind, Failure, Input, Report, path_text};

/// Hands what came of every file to `sink`, one after the other, so that no more than one record is in memory.
pub(crate) fn write(
    inputs: &[Input],
    states: &[State],
    journal: &mut Journal,
    corrections: &Corrections,
    mut sink: impl FnMut(&Entry<'_>) -> Result<(), Error>,
    report: &mut Report,
) -> Result<(), Error> {
    let namesakes = Namesakes::new(states);
    let mut unused: BTreeMap<&str, &str> = corrections.sources().collect();
    for (index, (input, state)) in inputs.iter().zip(states).enumerate() {
        let (path, path_escaped) = path_text::of(&input.path);
        let mut file = FileRow { path, path_escaped, ..FileRow::default() };
        let finished = match state {
            State::Open => None,
            State::Failed(cause) => {
                fail(input, cause, None, &file, &mut sink, report)?;
                continue;
            }
            State::Content(hash) => {
                file.sha256 = Some(hexadecimal(hash));
                journal.read(hash)?.map(|finished| (hash, finished))
            }
        };
        let Some((hash, Finished { bytes, seconds, outcome })) = finished else {
            report.interrupted = true;
            continue;
        };
        file.bytes = Some(bytes);
        let others = namesakes.of(hash);
        let first = others.first().map_or(index, |&first| first as usize);
        if first != index {
            file.same_as = inputs.get(first).map(|i| path_text::of(&i.path).0);
        }
        match outcome {
            // The same content fails under each of its names, so that every name is a row of the failures.
            Err(cause) => fail(input, &cause, Some(seconds), &file, &mut sink, report)?,
            Ok(_) if first != index => {
                report.duplicates += 1;
                sink(&Entry { file: &file, record: None, failure: None })?;
            }
            Ok(record) => {
                let others = others.iter().skip(1).filter_map(|&i| inputs.get(i as usize));
                let names: Vec<_> = std::iter::once(input).chain(others).map(|i| name(&i.path)).collect();
                let broken = || {
                    let broken = std::io::Error::other("the journal holds a record that is none");
                    Error::io(ErrorKind::Journal, &input.path, broken)
                };
                let (mut line, mut sheet) = named(&record, names).ok_or_else(broken)?;
                let applied = corrections.apply(&mut sheet);
                if applied.corrected + applied.refused > 0 {
                    line = serde_json::to_string(&sheet).map_err(|_| broken())?;
                    report.corrections.applied += applied.corrected as u64;
                    report.corrections.refused += applied.refused as u64;
                }
                unused.retain(|sha256, _| *sha256 != sheet.source.sha256);
                report.record(&file.path, &Tally::of(&sheet), seconds);
                sink(&Entry { file: &file, record: Some((&line, &sheet)), failure: None })?;
            }
        }
    }
    report.corrections.unused = unused.into_iter().map(|(sha256, name)| format!("{sha256} {name}")).collect();
    Ok(())
}

fn fail(
    input: &Input,
    cause: &Cause,
    seconds: Option<f64>,
    file: &FileRow,
    sink: &mut impl FnMut(&Entry<'_>) -> Result<(), Error>,
    report: &mut Report,
) -> Result<(), Error> {
    let failure = Failure::new(&input.path, cause.clone());
    report.failure(&failure, seconds);
    sink(&Entry { file, record: None, failure: Some(&failure) })
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

/// The record with the names of its files: as a line, and as the sheet which that parses to.
///
/// The journal's record has no name, and only that is put in: every other byte stays as it was, down to how
/// a number is written.
fn named(record: &[u8], mut names: Vec<String>) -> Option<(String, Sheet)> {
    let record = std::str::from_utf8(record).ok()?;
    let head = format!(r#"{{"schema":"{SCHEMA}","source":"#);
    let rest = record.strip_prefix(&head)?;
    let mut sources = serde_json::Deserializer::from_str(rest).into_iter::<Source>();
    let mut source = sources.next()?.ok()?;
    let rest = rest.get(sources.byte_offset()..)?;
    source.other_names = names.split_off(1.min(names.len()));
    source.name = names.pop().unwrap_or_default();
    let line = head + &serde_json::to_string(&source).ok()? + rest;
    let sheet = serde_json::from_str(&line).ok()?;
    Some((line, sheet))
}
