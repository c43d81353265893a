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
//! key = "inpatients_under_3_months"            # a measure or field; of a table: table, row (from 0) and column
//! raw = "452"                                  # what the sheet says; empty for a blank
//! at = [{ page = 2, span = [2929, 2932] }]     # where, if that is known
//! printed = "452"                              # what is printed there
//! old = { status = "ambiguous", raw = "" }     # how it was read when the correction was made
//! who = "Sato"
//! when = "2021-04-01T09:30:00Z"
//! ```
//!
//! Where a sheet repeats its section, `block = 2` beside the key says which of its blocks is meant. A correction holds
//! for the file with that SHA-256, whatever its name is and whatever version of the program reads it:
//!
//! - What `printed` says must stand at `at`. Where it does not, the correction is not applied, and a diagnostic
//!   says so (`correction_place`).
//! - A measure that is read otherwise than when the correction was made gets the correction, and a diagnostic
//!   (`correction_reread`).
//! - A correction of a file of the same name with other content is not applied (`correction_other_file`); nor is
//! - A correction of a file of the same name with other content is not applied (`correction_other_file`); nor is
//!   one whose measure or row is not there (`correction_key`), whose text is no number where one is needed
//!   (`correction_number`), or that another one contradicts (`correction_conflict`). Of several for one value the
//!   latest counts, if their `when` tells which that is.
//!
//! What is corrected is read again in the way of the form: a period, a choice, and whether the sums, shares, orders
//! and bounds hold.

mod checks;
mod place;
mod target;
mod typed;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::diagnostic::Code;
use crate::error::{Error, ErrorKind};
use crate::form::Form;
use crate::number::Number;
use crate::sheet::{Diagnostic, Place, Sheet, Status};
use target::Target;

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
#[derive(Clone, Debug)]
pub struct Corrections {
    files: Vec<File>,
    forms: Vec<Arc<Form>>,
}

impl Default for Corrections {
    fn default() -> Self {
        Self { files: Vec::new(), forms: Form::builtin().to_vec() }
    }
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
    block: Option<u32>,
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
            if !entry.at.iter().all(place::is_possible) {
                return Err(wrong(format!("correction {} has an at that is no place", i + 1)));
            }
        }
        self.files.push(file);
        Ok(())
    }

    /// Adds a form that sheets may have been read with, beside those of this crate.
    #[must_use]
    pub fn form(mut self, form: Form) -> Self {
        self.forms.insert(0, Arc::new(form));
        self
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
        let form = self.forms.iter().find(|f| f.id() == sheet.form.id).map(Arc::as_ref);
        // All places are looked at before anything is changed: what one correction replaces may be the place of another.
        let chosen: Vec<_> = chosen
            .into_iter()
            .map(|(target, entries)| {
                let chosen = one_of(&entries).and_then(|e| place::check(sheet, e).map(|()| e));
                (target, entries, chosen)
            })
            .collect();
        let mut corrected = Vec::new();
        for (target, entries, chosen) in chosen {
            match chosen.and_then(|entry| target::correct(sheet, form, &target, entry)) {
                Ok(()) => {
                    applied.corrected += 1;
                    corrected.push(target);
                }
                Err(refusal) => {
                    applied.refused += entries.len();
                    let at = entries.iter().flat_map(|e| e.at.clone()).collect();
                    report(sheet, refusal, vec![target.key()], at);
                }
            }
        }
        if !corrected.is_empty() {
            checks::again(sheet, form, &corrected);
        }
        applied
    }

    fn knows(&self, sha256: &str) -> bool {
        self.files.iter().any(|f| f.source.sha256.eq_ignore_ascii_case(sha256))
    }
}

impl Entry {
    fn target(&self) -> Option<Target> {
        match (&self.key, self.block, &self.table, self.row, &self.column) {
            (Some(key), block, None, None, None) => Some(Target::Labelled { key: key.clone(), block }),
            (None, None, Some(table), Some(row), Some(column)) => {
                Some(Target::Cell { table: table.clone(), row, column: column.clone() })
            }
            _ => None,
        }
    }

    /// When it was made. A time that does not say where is taken as UTC; what is no date of ISO 8601 tells nothing.
    fn instant(&self) -> Option<Timestamp> {
        let when = self.when.as_deref()?.trim();
        let local = |when: &str| when.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok();
        when.parse::<Timestamp>().ok().or_else(|| local(when).as_ref().map(Zoned::timestamp))
    }

    /// True when the value is read as it was when the correction was made.
    fn was(&self, raw: &str, status: Option<Status>) -> bool {
        self.old.as_ref().is_none_or(|old| old.raw == raw && (old.status.is_none() || old.status == status))
    }
}

/// The entry that counts of those for one value: they agree, or one is the latest.
fn one_of<'a>(entries: &[&'a Entry]) -> Result<&'a Entry, Refusal> {
    let latest = entries.iter().map(|e| e.instant()).max().flatten();
    let mut last = entries.iter().filter(|e| e.instant() == latest);
    let contradiction = || {
        let raws: Vec<_> = entries.iter().map(|e| format!("{:?}", e.raw)).collect();
        Refusal::new(
            Code::CorrectionConflict,
            format!("corrections contradict each other ({}), and none is applied", raws.join(", ")),
        )
    };
    let first = last.next().ok_or_else(contradiction)?;
    if last.all(|e| e.raw == first.raw) { Ok(first) } else { Err(contradiction()) }
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
