//! The journal: what a batch has finished, on the disk before it counts.
//!
//! `journal.jsonl` in the output folder only ever grows, by whole lines. Each is a JSON object that begins with a
//! checksum of the rest of the line:
//!
//! ```json
//! {"crc":"5d41402a","run":{"made_by":"0123456789abcdef","version":"0.1.0","over":false}}
//! {"crc":"7f9a8e01","entry":{"sha256":"…","bytes":1234,"made_by":"…","seconds":0.051,"record":{…}}}
//! {"crc":"0a1b2c3d","entry":{"sha256":"…","bytes":99,"made_by":"…","seconds":60.0,"limits":{…},"cause":{…}}}
//! {"crc":"99887766","end":{"complete":true}}
//! ```
//!
//! A line whose checksum does not fit is passed over: the last one of a run that was killed, or what a loss of power
//! left in the middle. An entry is for content, not for a file: it has no name, so that a file that is moved or met
//! twice needs no work. Of two entries for the same content the later one holds.

use std::collections::HashMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::content::{Hash, hash_of, hexadecimal};
use crate::failure::{Cause, FailureKind};
use crate::reading::Outcome;
use crate::{Error, ErrorKind, WorkerLimits};

/// Name of the journal in the output folder.
pub(crate) const NAME: &str = "journal.jsonl";

const HEAD: &[u8] = br#"{"crc":"00000000","#;

/// What stands before the record of an entry, and after it. A quotation mark within a string has a backslash before it, so
/// that nothing else in a line is the first of these.
const RECORD: (&[u8], &[u8]) = (br#","record":"#, b"}}");

/// What was finished, by content; entries stay on the disk.
#[derive(Debug)]
pub(crate) struct Journal {
    file: File,
    path: PathBuf,
    /// Length in bytes of the whole lines.
    length: u64,
    index: HashMap<Hash, Slot>,
    /// True when the folder holds the results of a batch that came to its end.
    over: bool,
}

/// Where a line is.
#[derive(Clone, Copy, Debug)]
struct Slot {
    offset: u64,
    length: usize,
}

/// What a journal held when it was opened.
#[derive(Debug, Default)]
struct Found {
    /// Where the entries are that stand under the terms of this run.
    index: HashMap<Hash, Slot>,
    /// Length in bytes of the whole lines.
    length: u64,
    /// Entries under whatever terms, and lines that are not understood.
    entries: usize,
    /// True when the last run came to its end.
    complete: bool,
    /// True when the folder holds the results of a run that did, be it not the last.
    over: bool,
}

/// What entries were made with. An entry made otherwise is made again.
#[derive(Clone, Debug)]
pub(crate) struct Terms {
    /// [Fingerprint](crate::Settings::fingerprint) of the settings.
    pub(crate) made_by: String,
    /// `None` when files are read in this process.
    pub(crate) limits: Option<WorkerLimits>,
    pub(crate) password: bool,
}

/// What is to be done about a journal that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Earlier {
    /// One that is complete is replaced; one that is not is an error,
    /// [`Unfinished`](crate::ErrorKind::Unfinished).
    #[default]
    Ask,
    /// What it holds is not done again.
    Resume,
    /// It is replaced.
    Replace,
}

/// A line without its checksum and its record.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Line {
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<Entry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    run: Option<Run>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<End>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Run {
    made_by: String,
    version: String,
    /// True when the folder holds the results of an earlier run that came to its end.
    over: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct End {
    complete: bool,
}

/// What came of some content; its record is the last member, which is not parsed with it.
#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    sha256: String,
    bytes: u64,
    made_by: String,
    seconds: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    limits: Option<WorkerLimits>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cause: Option<Cause>,
}

/// An entry as it was read back.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) bytes: u64,
    pub(crate) seconds: f64,
    pub(crate) outcome: Outcome,
}

impl Journal {
    /// Opens the journal in `folder`, for this process alone.
    pub(crate) fn open(folder: &Path, earlier: Earlier, terms: &Terms) -> Result<Self, Error> {
        let path = folder.join(NAME);
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|e| Error::io(ErrorKind::Output, &path, e))?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Err(Error::at(ErrorKind::Busy, folder)),
            // A file system without locks is no reason not to write to it.
            Err(TryLockError::Error(_)) | Ok(()) => {}
        }
        let mut journal = Self { file, path, length: 0, index: HashMap::new(), over: false };
        let found = journal.scan(terms).map_err(|e| journal.unreadable(e))?;
        let keep = match earlier {
            Earlier::Resume => true,
            Earlier::Replace => false,
            Earlier::Ask if found.complete || found.entries == 0 => false,
            Earlier::Ask => return Err(Error::at(ErrorKind::Unfinished, folder)),
        };
        if keep {
            (journal.index, journal.length) = (found.index, found.length);
        }
        journal.over = found.over;
        journal.file.set_len(journal.length).map_err(|e| journal.unwritable(e))?;
        let (made_by, version) = (terms.made_by.clone(), env!("CARGO_PKG_VERSION").to_owned());
        let run = Run { made_by, version, over: found.over };
        journal.append(&Line { run: Some(run), ..Line::default() })?;
        Ok(journal)
    }

    /// Hashes of the content that is finished.
    pub(crate) fn finished(&self) -> impl Iterator<Item = Hash> {
        self.index.keys().copied()
    }

    /// Appends what came of some content. It counts once [`sync`](Self::sync) has returned.
    pub(crate) fn add(&mut self, hash: Hash, line: &[u8]) -> Result<(), Error> {
        let slot = Slot { offset: self.length, length: line.len() };
        self.write(line)?;
        self.index.insert(hash, slot);
        Ok(())
    }

    /// Sees everything appended on the disk.
    pub(crate) fn sync(&self) -> Result<(), Error> {
        self.file.sync_data().map_err(|e| self.unwritable(e))
    }

    /// True when the folder holds the results of an earlier run that came to its end.
    pub(crate) fn is_over(&self) -> bool {
        self.over
    }

    /// Says that the results of this run have their names, and whether nothing is left to do.
    pub(crate) fn end(&mut self, complete: bool) -> Result<(), Error> {
        self.append(&Line { end: Some(End { complete }), ..Line::default() })?;
        self.sync()
    }

    /// Reads an entry back; `None` when the content is not finished.
    pub(crate) fn read(&self, hash: &Hash) -> Result<Option<Finished>, Error> {
        let Some(&Slot { offset, length }) = self.index.get(hash) else { return Ok(None) };
        let mut line = vec![0; length];
        read_at(&self.file, offset, &mut line).map_err(|e| self.unreadable(e))?;
        let broken = || self.unreadable(io::ErrorKind::InvalidData.into());
        let (parsed, record) = parse(&line).ok_or_else(broken)?;
        let Entry { bytes, seconds, cause, .. } = parsed.entry.ok_or_else(broken)?;
        let outcome = match (record, cause) {
            (Some(record), _) => {
                line.truncate(record.end);
                line.drain(..record.start);
                Ok(line)
            }
            (None, Some(cause)) => Err(cause),
            (None, None) => return Err(broken()),
        };
        Ok(Some(Finished { bytes, seconds, outcome }))
    }

    fn append(&mut self, line: &Line) -> Result<(), Error> {
        let line = encode(line, None).map_err(|e| self.unwritable(e))?;
        self.write(&line)
    }

    /// Writes one line, past all buffers of this process. Of one that does not fit on the disk nothing is left.
    fn write(&mut self, line: &[u8]) -> Result<(), Error> {
        let written = self.file.seek(SeekFrom::Start(self.length)).and_then(|_| self.file.write_all(line));
        match written {
            Ok(()) => {
                self.length += line.len() as u64;
                Ok(())
            }
            Err(e) => {
                // The error to tell is the first; a second one would only hide it.
                let _ = self.file.set_len(self.length);
                Err(self.unwritable(e))
            }
        }
    }

    fn scan(&self, terms: &Terms) -> io::Result<Found> {
        let mut reader = BufReader::with_capacity(1 << 16, &self.file);
        let mut found = Found::default();
        let mut line = Vec::new();
        loop {
            line.clear();
            let length = reader.read_until(b'\n', &mut line)?;
            if line.last() != Some(&b'\n') {
                return Ok(found);
            }
            let slot = Slot { offset: found.length, length };
            found.length += length as u64;
            let Some((line, _)) = parse(&line) else {
                // Be it damaged or of another version: there was work in it, which is not to be replaced unasked.
                found.entries += 1;
                log::warn!("{}: a broken line at byte {} is passed over", self.path.display(), slot.offset);
                continue;
            };
            found.complete = line.end.as_ref().is_some_and(|e| e.complete);
            found.over = match (&line.run, &line.end) {
                (Some(run), _) => run.over,
                (_, Some(end)) => end.complete,
                _ => found.over,
            };
            let Some(entry) = line.entry else { continue };
            let Some(hash) = hash_of(&entry.sha256) else { continue };
            found.entries += 1;
            if terms.stand_for(&entry) {
                found.index.insert(hash, slot);
            } else {
                found.index.remove(&hash);
            }
        }
    }

    fn unreadable(&self, source: io::Error) -> Error {
        Error::io(ErrorKind::Journal, &self.path, source)
    }

    fn unwritable(&self, source: io::Error) -> Error {
        Error::io(ErrorKind::Write, &self.path, source)
    }
}

impl Terms {
    /// True when doing it again could only give the same.
    fn stand_for(&self, entry: &Entry) -> bool {
        use FailureKind::{Crashed, Encrypted, OutOfMemory, Timeout};
        entry.made_by == self.made_by
            && match entry.cause.as_ref().map(|c| c.kind) {
                Some(Timeout | OutOfMemory | Crashed) => entry.limits == self.limits,
                Some(Encrypted) => !self.password,
                _ => true,
            }
    }

    /// The line for what came of some content. The record of it is one line of JSON, which is not looked at.
    pub(crate) fn line(
        &self,
        hash: &Hash,
        bytes: u64,
        seconds: f64,
        outcome: &Outcome,
    ) -> io::Result<Vec<u8>> {
        let entry = Entry {
            sha256: hexadecimal(hash),
            bytes,
            made_by: self.made_by.clone(),
            // To the millisecond: more would be noise.
            seconds: (seconds * 1000.0).round() / 1000.0,
            limits: self.limits.filter(|_| outcome.is_err()),
            cause: outcome.as_ref().err().cloned(),
        };
        encode(&Line { entry: Some(entry), ..Line::default() }, outcome.as_ref().ok().map(Vec::as_slice))
    }
}

/// Reads at a place, whatever other threads read meanwhile.
#[cfg(unix)]
fn read_at(file: &File, offset: u64, bytes: &mut [u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
}

#[cfg(windows)]
fn read_at(file: &File, mut offset: u64, mut bytes: &mut [u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, bytes, offset)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            count => {
                bytes = &mut bytes[count..];
                offset += count as u64;
            }
        }
    }
    Ok(())
}

/// A line with its checksum and line feed.
fn encode(line: &Line, record: Option<&[u8]>) -> io::Result<Vec<u8>> {
    let body = serde_json::to_vec(line)?;
    let length = HEAD.len() + body.len() + RECORD.0.len() + record.map_or(0, <[u8]>::len) + 1;
    let mut bytes = Vec::with_capacity(length);
    bytes.extend_from_slice(HEAD);
    // The head replaces the opening brace.
    bytes.extend_from_slice(body.get(1..).unwrap_or_default());
    if let Some(record) = record {
        bytes.truncate(bytes.len() - RECORD.1.len());
        for part in [RECORD.0, record, RECORD.1] {
            bytes.extend_from_slice(part);
        }
    }
    let sum = format!("{:08x}", crc32fast::hash(&bytes[HEAD.len()..]));
    bytes[8..16].copy_from_slice(sum.as_bytes());
    bytes.push(b'\n');
    Ok(bytes)
}

/// A line, with or without its line feed, and where in it its record is; `None` when it is not as it was written.
fn parse(line: &[u8]) -> Option<(Line, Option<Range<usize>>)> {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let (head, body) = line.split_at_checked(HEAD.len())?;
    if head[..8] != HEAD[..8] || head[16..] != HEAD[16..] {
        return None;
    }
    let sum = u32::from_str_radix(std::str::from_utf8(&head[8..16]).ok()?, 16).ok()?;
    if sum != crc32fast::hash(body) {
        return None;
    }
    let Some(at) = memchr::memmem::find(line, RECORD.0) else {
        return Some((serde_json::from_slice(line).ok()?, None));
    };
    let record = at + RECORD.0.len()..line.len().checked_sub(RECORD.1.len())?;
    let parsed = serde_json::from_slice(&[&line[..at], RECORD.1].concat()).ok()?;
    Some((parsed, (record.start <= record.end).then_some(record)))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn terms() -> Terms {
        Terms { made_by: "a".to_owned(), limits: Some(WorkerLimits::default()), password: false }
    }

    fn add(journal: &mut Journal, name: u8, outcome: &Outcome) {
        let line = terms().line(&[name; 32], 7, 0.25, outcome).unwrap();
        journal.add([name; 32], &line).unwrap();
        journal.sync().unwrap();
    }

    #[allow(clippy::unnecessary_wraps, reason = "it stands beside causes")]
    fn record(text: &str) -> Outcome {
        Ok(text.as_bytes().to_vec())
    }

    fn open(folder: &Path, earlier: Earlier) -> Result<Journal, Error> {
        Journal::open(folder, earlier, &terms())
    }

    impl Journal {
        fn holds(&self, hash: &Hash) -> bool {
            self.index.contains_key(hash)
        }
    }

    fn count(folder: &Path, terms: &Terms) -> usize {
        Journal::open(folder, Earlier::Resume, terms).unwrap().finished().count()
    }

    #[test]
    fn what_was_added_is_there_again_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let exact = record(r#"{"b":1.50,"a":"\u00e9 仙台"}"#);
        let cause = Err(Cause { page: Some(3), ..Cause::new(FailureKind::Damaged, "it \"is\"\n") });
        let mut journal = open(folder.path(), Earlier::Ask).unwrap();
        add(&mut journal, 1, &exact);
        add(&mut journal, 2, &cause);
        add(&mut journal, 3, &record("1"));
        add(&mut journal, 3, &record("2"));
        drop(journal);
        let journal = open(folder.path(), Earlier::Resume).unwrap();
        let outcome = |name: u8| journal.read(&[name; 32]).unwrap().map(|f| f.outcome);
        assert_eq!(outcome(1), Some(exact));
        assert_eq!(outcome(2), Some(cause));
        assert_eq!(outcome(3), Some(record("2")));
        assert_eq!(outcome(4), None);
    }

    #[test]
    fn a_torn_last_line_is_dropped_wherever_it_is_torn() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(NAME);
        let mut journal = open(folder.path(), Earlier::Ask).unwrap();
        add(&mut journal, 1, &record("1"));
        let whole = journal.length as usize;
        add(&mut journal, 2, &record("2"));
        drop(journal);
        let bytes = fs::read(&path).unwrap();
        for cut in whole..bytes.len() {
            fs::write(&path, &bytes[..cut]).unwrap();
            let mut journal = open(folder.path(), Earlier::Resume).unwrap();
            assert!(journal.holds(&[1; 32]) && !journal.holds(&[2; 32]), "{cut}");
            add(&mut journal, 2, &record("2"));
            drop(journal);
            assert_eq!(count(folder.path(), &terms()), 2, "{cut}");
        }
    }

    #[test]
    fn a_line_that_was_damaged_costs_itself() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(NAME);
        let mut journal = open(folder.path(), Earlier::Ask).unwrap();
        (1..=3).for_each(|name| add(&mut journal, name, &record("\"x\"")));
        let slot = journal.index[&[2; 32]];
        drop(journal);
        let bytes = fs::read(&path).unwrap();
        for at in slot.offset as usize..slot.offset as usize + slot.length - 1 {
            let mut damaged = bytes.clone();
            damaged[at] = 0;
            fs::write(&path, damaged).unwrap();
            let journal = open(folder.path(), Earlier::Resume).unwrap();
            assert!(journal.holds(&[1; 32]) && !journal.holds(&[2; 32]) && journal.holds(&[3; 32]), "{at}");
        }
    }

    #[test]
    fn what_was_not_finished_is_never_replaced_unasked() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = open(folder.path(), Earlier::Ask).unwrap();
        add(&mut journal, 1, &record("1"));
        assert_eq!(open(folder.path(), Earlier::Resume).unwrap_err().kind(), ErrorKind::Busy);
        drop(journal);
        assert_eq!(open(folder.path(), Earlier::Ask).unwrap_err().kind(), ErrorKind::Unfinished);
        let mut journal = open(folder.path(), Earlier::Resume).unwrap();
        assert!(journal.holds(&[1; 32]));
        journal.end(true).unwrap();
        drop(journal);
        assert!(!open(folder.path(), Earlier::Ask).unwrap().holds(&[1; 32]));
        assert!(!open(folder.path(), Earlier::Replace).unwrap().holds(&[1; 32]));
    }

    #[test]
    fn what_another_version_has_written_is_not_replaced_unasked_and_done_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = open(folder.path(), Earlier::Ask).unwrap();
        add(&mut journal, 1, &record("1"));
        // Whole and undamaged, but of another shape.
        let body = r#""entry":{"sha256":7}}"#;
        let line = format!("{{\"crc\":\"{:08x}\",{body}\n", crc32fast::hash(body.as_bytes()));
        journal.write(line.as_bytes()).unwrap();
        drop(journal);
        let path = folder.path().join(NAME);
        let whole = fs::read(&path).unwrap();
        for from in [0, whole.len() - line.len()] {
            fs::write(&path, &whole[from..]).unwrap();
            assert_eq!(open(folder.path(), Earlier::Ask).unwrap_err().kind(), ErrorKind::Unfinished);
            let journal = open(folder.path(), Earlier::Resume).unwrap();
            assert_eq!(journal.finished().count(), usize::from(from == 0));
        }
    }

    #[test]
    fn results_of_a_whole_batch_are_known_until_others_take_their_place() {
        let folder = tempfile::tempdir().unwrap();
        let is_over = |earlier| open(folder.path(), earlier).unwrap().is_over();
        assert!(!is_over(Earlier::Ask));
        assert!(!is_over(Earlier::Ask));
        open(folder.path(), Earlier::Ask).unwrap().end(true).unwrap();
        assert!(is_over(Earlier::Ask));
        assert!(is_over(Earlier::Resume));
        assert!(is_over(Earlier::Replace));
        open(folder.path(), Earlier::Resume).unwrap().end(false).unwrap();
        assert!(!is_over(Earlier::Resume));
    }

    #[test]
    fn what_other_terms_could_change_is_done_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = open(folder.path(), Earlier::Ask).unwrap();
        add(&mut journal, 1, &record("1"));
        add(&mut journal, 2, &Err(Cause::new(FailureKind::Timeout, "")));
        add(&mut journal, 3, &Err(Cause::new(FailureKind::Encrypted, "")));
        drop(journal);
        assert_eq!(count(folder.path(), &terms()), 3);
        assert_eq!(count(folder.path(), &Terms { password: true, ..terms() }), 2);
        assert_eq!(count(folder.path(), &Terms { limits: None, ..terms() }), 2);
        assert_eq!(count(folder.path(), &Terms { made_by: "b".to_owned(), ..terms() }), 0);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_an_error_that_names_the_journal() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = open(folder.path(), Earlier::Ask).unwrap();
        journal.file = OpenOptions::new().read(true).write(true).open("/dev/full").unwrap();
        let error = journal.end(true).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Write);
        assert!(error.to_string().contains(NAME), "{error}");
    }
}
