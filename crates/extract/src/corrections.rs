//! Corrections: what a person saw on a sheet, put in place of what was read from it.
//!
//! A person who checks a sheet saves a file of corrections, in TOML:
//!
//! ```toml
//! schema = "chohyo.corrections/1"
//!
//! [source]
//! name = "sendai.txt"
//! sha256 = "a15bbcc8203ebf13c9b59ab6c86bf5bd2c6fcdb04835eb346c5f389da70d0b76"
//!
//! [[correction]]
//! key = "inpatients_under_3_months"            # a measure; of a table: table, row (from 0) and column
//! raw = "452"                                  # what the sheet says; empty for a blank
//! at = [{ page = 2, span = [2929, 2932] }]     # where, if that is known
//! printed = "452"                              # what is printed there
//! old = { status = "ambiguous", raw = "" }     # how it was read when the correction was made
//! who = "Sato"
//! when = "2021-04-01T09:30:00Z"
//! ```
//!
//! A correction holds for the file with that SHA-256, whatever version of the program reads it:
//!
//! - What `printed` says must stand at `at`. Where it does not, the correction is not applied, and a diagnostic
//!   says so (`correction_place`).
//! - A measure that is read otherwise than when the correction was made gets the correction, and a diagnostic
//!   (`correction_reread`).
//! - A correction of a file of the same name with other content is not applied (`correction_other_file`); nor is
//!   one whose measure or row is not there (`correction_key`), whose text is no number where one is needed
//!   (`correction_number`), or that another one contradicts (`correction_conflict`).

mod place;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::diagnostic::Code;
use crate::error::{Error, ErrorKind};
use crate::number::Number;
use crate::sheet::{Cell, Diagnostic, Place, Sheet, Status};

/// The value of `schema` in a file of corrections that this version of the crate reads.
pub const CORRECTIONS_SCHEMA: &str = "chohyo.corrections/1";

/// How a corrected value was read, and who corrected it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Correction {
    /// The text that was read; empty when there was none.
    pub raw: String,
    /// The value that was read.
    pub value: Option<Number>,
    /// The status it was read with; `None` for a cell that has none.
    pub status: Option<Status>,
    /// Where what was read stands.
    pub at: Vec<Place>,
    /// Who corrected it, if that was told.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub who: Option<String>,
    /// When it was corrected, as told: a date or a time of ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub when: Option<String>,
    /// Why, if that was told.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub note: Option<String>,
}

/// Corrections of any number of files.
#[derive(Clone, Debug, Default)]
pub struct Corrections {
    files: Vec<File>,
}

/// What came of the corrections of one sheet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Applied {
    /// Values that were corrected.
    pub corrected: usize,
    /// Corrections that were not applied; a diagnostic of the sheet says why.
    pub refused: usize,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: String,
    source: FileSource,
    #[serde(default, rename = "correction")]
    entries: Vec<Entry>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSource {
    #[serde(default)]
    name: String,
    sha256: String,
    /// Of the program that the corrections were made with; for people.
    #[serde(default, rename = "version")]
    _version: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    key: Option<String>,
    table: Option<String>,
    row: Option<usize>,
    column: Option<String>,
    raw: String,
    #[serde(default)]
    at: Vec<Place>,
    #[serde(default)]
    printed: String,
    old: Option<Old>,
    who: Option<String>,
    #[serde(default, deserialize_with = "moment")]
    when: Option<String>,
    note: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Old {
    status: Option<Status>,
    raw: String,
}

/// A date or time, as TOML has it or as a string.
fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Moment {
        Text(String),
        Time(toml::value::Datetime),
    }
    Ok(Some(match Moment::deserialize(deserializer)? {
        Moment::Text(text) => text,
        Moment::Time(time) => time.to_string(),
    }))
}

/// What a correction is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    Measure(String),
    Cell { table: String, row: usize, column: String },
}

/// Why a correction is not applied.
struct Refusal {
    code: Code,
    message: String,
}

impl Refusal {
    fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

impl Corrections {
    /// Adds the corrections of one file, given as TOML.
    ///
    /// # Errors
    /// [`ErrorKind::Corrections`] names the line and column, or what is wrong.
    pub fn add(&mut self, source: &str) -> Result<(), Error> {
        let wrong = |message: String| Error::new(ErrorKind::Corrections, message);
        let file: File = toml::from_str(source).map_err(|e| wrong(e.to_string().trim_end().to_owned()))?;
        if file.schema != CORRECTIONS_SCHEMA {
            return Err(wrong(format!("schema is {:?}, and {CORRECTIONS_SCHEMA:?} is known", file.schema)));
        }
        for (i, entry) in file.entries.iter().enumerate() {
            if entry.target().is_none() {
                return Err(wrong(format!("correction {} needs a key, or table, row and column", i + 1)));
            }
        }
        self.files.push(file);
        Ok(())
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The SHA-256 of each file that there are corrections of, with its name.
    pub fn sources(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|f| (f.source.sha256.as_str(), f.source.name.as_str()))
    }

    /// Corrects a sheet. What was not applied, and why, is in its diagnostics.
    pub fn apply(&self, sheet: &mut Sheet) -> Applied {
        let mut applied = Applied::default();
        let mut chosen: BTreeMap<Target, Vec<&Entry>> = BTreeMap::new();
        for file in &self.files {
            let source = &sheet.source;
            if file.source.sha256.eq_ignore_ascii_case(&source.sha256) {
                for entry in &file.entries {
                    if let Some(target) = entry.target() {
                        chosen.entry(target).or_default().push(entry);
                    }
                }
            } else if !source.name.is_empty()
                && file.source.name == source.name
                && !self.knows(&source.sha256)
            {
                applied.refused += file.entries.len();
                let refusal = Refusal::new(
                    Code::CorrectionOtherFile,
                    format!(
                        "{} corrections are of a file of this name with other content (SHA-256 {}…), and are not applied",
                        file.entries.len(),
                        file.source.sha256.chars().take(12).collect::<String>()
                    ),
                );
                report(sheet, refusal, Vec::new(), Vec::new());
            }
        }
        let mut corrected = Vec::new();
        for (target, entries) in chosen {
            let outcome = one_of(&entries).and_then(|entry| apply(sheet, &target, entry).map(|()| entry));
            match outcome {
                Ok(_) => {
                    applied.corrected += 1;
                    corrected.push(target.key());
                }
                Err(refusal) => {
                    applied.refused += entries.len();
                    let at = entries.iter().flat_map(|e| e.at.clone()).collect();
                    report(sheet, refusal, vec![target.key()], at);
                }
            }
        }
        // What a person has decided is in doubt no longer.
        sheet.diagnostics.retain_mut(|d| {
            let doubt = d.code == Code::Ambiguous.name() && !d.keys.is_empty();
            if doubt {
                d.keys.retain(|key| !corrected.contains(key));
            }
            !(doubt && d.keys.is_empty())
        });
        applied
    }

    fn knows(&self, sha256: &str) -> bool {
        self.files.iter().any(|f| f.source.sha256.eq_ignore_ascii_case(sha256))
    }
}

impl Entry {
    fn target(&self) -> Option<Target> {
        match (&self.key, &self.table, self.row, &self.column) {
            (Some(key), None, None, None) => Some(Target::Measure(key.clone())),
            (None, Some(table), Some(row), Some(column)) => {
                Some(Target::Cell { table: table.clone(), row, column: column.clone() })
            }
            _ => None,
        }
    }

    fn record(&self, raw: &str, value: Option<Number>, status: Option<Status>, at: &[Place]) -> Correction {
        Correction {
            raw: raw.to_owned(),
            value,
            status,
            at: at.to_vec(),
            who: self.who.clone(),
            when: self.when.clone(),
            note: self.note.clone(),
        }
    }

    /// True when the value is read as it was when the correction was made.
    fn was(&self, raw: &str, status: Option<Status>) -> bool {
        self.old.as_ref().is_none_or(|old| old.raw == raw && (old.status.is_none() || old.status == status))
    }
}

impl Target {
    /// As diagnostics name it.
    fn key(&self) -> String {
        match self {
            Self::Measure(key) => key.clone(),
            Self::Cell { table, column, .. } => format!("{table}.{column}"),
        }
    }
}

/// The entry that counts of those for one value: they agree, or one is the latest.
fn one_of<'a>(entries: &[&'a Entry]) -> Result<&'a Entry, Refusal> {
    let latest = entries.iter().map(|e| e.when.as_deref().unwrap_or_default()).max().unwrap_or_default();
    let mut last = entries.iter().filter(|e| e.when.as_deref().unwrap_or_default() == latest);
    let contradiction = || {
        let raws: Vec<_> = entries.iter().map(|e| format!("{:?}", e.raw)).collect();
        Refusal::new(
            Code::CorrectionConflict,
            format!("corrections contradict each other ({}), and none is applied", raws.join(", ")),
        )
    };
    let first = last.next().ok_or_else(contradiction)?;
    let agree = last.all(|e| e.raw == first.raw)
        && (!latest.is_empty() || entries.iter().all(|e| e.raw == first.raw));
    if agree { Ok(first) } else { Err(contradiction()) }
}

fn apply(sheet: &mut Sheet, target: &Target, entry: &Entry) -> Result<(), Refusal> {
    if !place::stands(sheet, &entry.at, &entry.printed) {
        return Err(Refusal::new(
            Code::CorrectionPlace,
            format!("{:?} does not stand where the correction says, which is not applied", entry.printed),
        ));
    }
    match target {
        Target::Measure(key) => measure(sheet, key, entry),
        Target::Cell { table, row, column } => cell(sheet, table, *row, column, entry),
    }
}

fn measure(sheet: &mut Sheet, key: &str, entry: &Entry) -> Result<(), Refusal> {
    let Some(measure) = sheet.measures.iter_mut().find(|m| m.key == key) else {
        return Err(Refusal::new(Code::CorrectionKey, format!("the sheet has no measure {key} to correct")));
    };
    let (value, unit) = value_of(&entry.raw)?;
    let was = entry.was(&measure.raw, Some(measure.status));
    let before = entry.record(&measure.raw, measure.value, Some(measure.status), &measure.at);
    measure.raw.clone_from(&entry.raw);
    measure.value = value;
    if unit.is_some() {
        measure.unit = unit;
    }
    measure.status = Status::Corrected;
    measure.confidence = 1.0;
    measure.evidence.clear();
    if !entry.at.is_empty() {
        measure.at.clone_from(&entry.at);
    }
    let at = measure.at.clone();
    measure.correction = Some(before.clone());
    if !was {
        reread(sheet, key.to_owned(), &before, &entry.raw, at);
    }
    Ok(())
}

fn cell(sheet: &mut Sheet, table: &str, row: usize, column: &str, entry: &Entry) -> Result<(), Refusal> {
    let missing =
        || Refusal::new(Code::CorrectionKey, format!("{table} has no row {row} with a {column} to correct"));
    let rows = sheet.tables.get_mut(table).ok_or_else(missing)?;
    let fits = |cell: &Cell| {
        let old = entry.old.as_ref().map_or("", |old| old.raw.as_str());
        cell.text == old
            && (entry.at.is_empty() || cell.at.iter().any(|p| entry.at.iter().any(|q| place::meet(p, q))))
    };
    // Another version may find more rows, or fewer: then the place says which row is meant.
    let here = rows.get(row).and_then(|r| r.get(column)).is_some_and(fits);
    let index = if here {
        Some(row)
    } else if entry.at.is_empty() {
        None
    } else {
        rows.iter().position(|r| r.get(column).is_some_and(fits))
    };
    let index = index.ok_or_else(missing)?;
    let before = rows.get(index).and_then(|r| r.get(column)).cloned().ok_or_else(missing)?;
    let (value, unit) = if before.status.is_some() { value_of(&entry.raw)? } else { (None, None) };
    for (i, row) in rows.iter_mut().enumerate() {
        let Some(cell) = row.get_mut(column) else { continue };
        // A merged cell stands in several rows, and once on the page.
        let same = i == index || (!before.at.is_empty() && cell.at == before.at && cell.text == before.text);
        if same {
            cell.correction = Some(entry.record(&cell.text, cell.value, cell.status, &cell.at));
            cell.text.clone_from(&entry.raw);
            cell.value = value;
            cell.unit = unit.clone().or(cell.unit.take());
            cell.status = Some(Status::Corrected);
        }
    }
    Ok(())
}

/// The number that a person typed, and its unit; neither for a blank or a dash.
fn value_of(raw: &str) -> Result<(Option<Number>, Option<String>), Refusal> {
    let raw = raw.trim();
    if raw.is_empty() || chohyo_normalize::is_null_mark(raw) {
        return Ok((None, None));
    }
    match chohyo_normalize::number(raw) {
        Some(number) => Ok((Some(Number(number.value)), number.unit.map(|(unit, _)| unit))),
        None => {
            Err(Refusal::new(Code::CorrectionNumber, format!("{raw:?} is no number, and is not applied")))
        }
    }
}

/// Says that a value is corrected which is read otherwise than when a person saw it.
fn reread(sheet: &mut Sheet, key: String, before: &Correction, raw: &str, at: Vec<Place>) {
    let now = if before.raw.is_empty() { "no number".to_owned() } else { format!("{:?}", before.raw) };
    let message =
        format!("corrected to {raw:?}, and now read as {now}, which it was not when it was corrected");
    sheet.diagnostics.push(Diagnostic::new(Code::CorrectionReread, message).of(vec![key]).at(at));
}

fn report(sheet: &mut Sheet, refusal: Refusal, keys: Vec<String>, at: Vec<Place>) {
    sheet.diagnostics.push(Diagnostic::new(refusal.code, refusal.message).of(keys).at(at));
}

#[cfg(test)]
mod tests;
