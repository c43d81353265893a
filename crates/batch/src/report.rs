//! What came of a batch, for a program to read.

use std::collections::BTreeMap;

use chohyo_extract::{SCHEMA, Sheet};
use serde::Serialize;

use crate::{Failure, Skipped};

/// What came of a batch: the content of `report.json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// What the records were made with.
    pub versions: Versions,
    /// Files that were to be read.
    pub files: u64,
    /// Files that gave a record.
    pub records: u64,
    /// Files that gave none.
    pub failed: u64,
    /// True when the batch was stopped before all files were read.
    pub interrupted: bool,
    /// What the folders hold besides sheets.
    pub skipped: Skipped,
    /// Failures by kind.
    pub failures: BTreeMap<String, u64>,
    /// Records by the id of their form.
    pub forms: BTreeMap<String, u64>,
    /// Measures of all records by status.
    pub measures: BTreeMap<String, u64>,
    /// Diagnostics of all records by code.
    pub diagnostics: BTreeMap<String, u64>,
    /// Threads.
    pub jobs: usize,
    /// Duration of the batch in seconds.
    pub seconds: f64,
}

/// What records were made with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Versions {
    /// Version of chohyo.
    pub chohyo: String,
    /// Version of the record.
    pub schema: String,
}

impl Default for Versions {
    fn default() -> Self {
        Self { chohyo: env!("CARGO_PKG_VERSION").to_owned(), schema: SCHEMA.to_owned() }
    }
}

/// What the report counts of one record.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    form: String,
    measures: BTreeMap<String, u64>,
    diagnostics: BTreeMap<String, u64>,
}

impl Tally {
    pub(crate) fn of(sheet: &Sheet) -> Self {
        let mut tally = Self { form: sheet.form.id.clone(), ..Self::default() };
        for measure in &sheet.measures {
            // The name that the record prints, which its serializer knows.
            let status = serde_json::to_value(measure.status);
            let status = status.as_ref().ok().and_then(|s| s.as_str()).unwrap_or_default();
            *tally.measures.entry(status.to_owned()).or_default() += 1;
        }
        for diagnostic in &sheet.diagnostics {
            *tally.diagnostics.entry(diagnostic.code.clone()).or_default() += 1;
        }
        tally
    }
}

impl Report {
    pub(crate) fn record(&mut self, tally: &Tally) {
        self.records += 1;
        *self.forms.entry(tally.form.clone()).or_default() += 1;
        add(&mut self.measures, &tally.measures);
        add(&mut self.diagnostics, &tally.diagnostics);
    }

    pub(crate) fn failure(&mut self, failure: &Failure) {
        self.failed += 1;
        *self.failures.entry(failure.kind.name().to_owned()).or_default() += 1;
    }
}

fn add(sums: &mut BTreeMap<String, u64>, counts: &BTreeMap<String, u64>) {
    for (key, count) in counts {
        *sums.entry(key.clone()).or_default() += count;
    }
}
