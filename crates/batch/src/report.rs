//! What came of a batch, for a program to read.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use chohyo_extract::{FormMatch, SCHEMA, Severity};
use serde::{Deserialize, Serialize};

use crate::{Failure, Skipped};

/// Files that are listed as the worst, and as the slowest.
const LISTED: usize = 10;

/// What came of a batch: the content of `report.json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// What the records were made with.
    pub versions: Versions,
    /// Files that were to be read.
    pub files: u64,
    /// Records; files of the same content share one.
    pub records: u64,
    /// Files that gave none.
    pub failed: u64,
    /// Files that share the record of a file before them, for they have the same content.
    pub duplicates: u64,
    /// Files whose content an earlier run had finished.
    pub known: u64,
    /// True when the batch was stopped before all files were read.
    pub interrupted: bool,
    /// True when the results of an earlier batch, which was whole, were left in their place.
    pub left: bool,
    /// What the folders hold besides sheets.
    pub skipped: Skipped,
    /// Failures by kind.
    pub failures: BTreeMap<String, u64>,
    /// Records by the id of their form.
    pub forms: BTreeMap<String, u64>,
    /// Records with at least one ambiguous measure.
    pub ambiguous: u64,
    /// Measures of all records by status.
    pub measures: BTreeMap<String, u64>,
    /// Diagnostics of all records by code.
    pub diagnostics: BTreeMap<String, u64>,
    /// What came of the corrections that were given.
    pub corrections: Corrected,
    /// The records that need a look first: at most ten, those with the most measures in doubt.
    pub worst: Vec<Worst>,
    /// The files that took longest, at most ten.
    pub slowest: Vec<Slow>,
    /// Worker processes that files were the end of, in this run.
    pub workers_lost: u64,
    /// Files that were read at once.
    pub jobs: usize,
    /// Duration of the run in seconds.
    pub seconds: f64,
}

/// What came of the corrections that were given to a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Corrected {
    /// Values that were corrected.
    pub applied: u64,
    /// Corrections that were not applied; the diagnostics of their records say why.
    pub refused: u64,
    /// SHA-256 and name of each file that there are corrections of and no record.
    pub unused: Vec<String>,
}

/// A record with measures in doubt.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct Worst {
    /// Measures that are ambiguous.
    pub ambiguous: u64,
    /// Diagnostics that are errors.
    pub errors: u64,
    /// Measures whose label is not in the text.
    pub missing: u64,
    /// The path, as in the list of files.
    pub path: String,
}

/// A file and the time it took.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Slow {
    /// Seconds of wall time.
    pub seconds: f64,
    /// The path, as in the list of files.
    pub path: String,
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
    errors: u64,
    /// Corrections that were applied to it.
    pub(crate) corrected: u64,
    /// Corrections of it that were not applied.
    pub(crate) refused: u64,
}

/// What is counted of a record's line. The rest of it is passed over, which costs a fraction of the whole sheet.
#[derive(Deserialize)]
struct Counted<'a> {
    form: FormMatch,
    #[serde(borrow)]
    measures: Vec<CountedMeasure<'a>>,
    #[serde(borrow)]
    diagnostics: Vec<CountedDiagnostic<'a>>,
}

#[derive(Deserialize)]
struct CountedMeasure<'a> {
    #[serde(borrow)]
    status: Cow<'a, str>,
}

#[derive(Deserialize)]
struct CountedDiagnostic<'a> {
    #[serde(borrow)]
    code: Cow<'a, str>,
    severity: Severity,
}

impl Tally {
    pub(crate) fn of_line(line: &str) -> serde_json::Result<Self> {
        let counted: Counted<'_> = serde_json::from_str(line)?;
        let mut tally = Self { form: counted.form.id, ..Self::default() };
        for measure in counted.measures {
            *tally.measures.entry(measure.status.into_owned()).or_default() += 1;
        }
        for diagnostic in counted.diagnostics {
            *tally.diagnostics.entry(diagnostic.code.into_owned()).or_default() += 1;
            tally.errors += u64::from(diagnostic.severity == Severity::Error);
        }
        Ok(tally)
    }
}

impl Report {
    pub(crate) fn record(&mut self, path: &str, tally: &Tally, seconds: f64) {
        self.records += 1;
        *self.forms.entry(tally.form.clone()).or_default() += 1;
        add(&mut self.measures, &tally.measures);
        add(&mut self.diagnostics, &tally.diagnostics);
        self.corrections.applied += tally.corrected;
        self.corrections.refused += tally.refused;
        let count = |status: &str| tally.measures.get(status).copied().unwrap_or_default();
        let (ambiguous, missing) = (count("ambiguous"), count("missing"));
        self.ambiguous += u64::from(ambiguous > 0);
        let worst = Worst { ambiguous, errors: tally.errors, missing, path: path.to_owned() };
        if ambiguous + tally.errors + missing > 0 {
            // The path decides last, downwards, so that the list does not depend on anything else.
            let place = |w: &Worst| (Reverse((w.ambiguous, w.errors, w.missing)), w.path.clone());
            let at = self.worst.partition_point(|w| place(w) <= place(&worst));
            self.worst.insert(at, worst);
            self.worst.truncate(LISTED);
        }
        self.took(path, seconds);
    }

    fn took(&mut self, path: &str, seconds: f64) {
        let at = self.slowest.partition_point(|s| s.seconds >= seconds);
        if at < LISTED {
            self.slowest.insert(at, Slow { seconds, path: path.to_owned() });
            self.slowest.truncate(LISTED);
        }
    }

    pub(crate) fn failure(&mut self, failure: &Failure) {
        if let Some(seconds) = failure.seconds {
            self.took(&failure.path, seconds);
        }
        self.failed += 1;
        *self.failures.entry(failure.kind.name().to_owned()).or_default() += 1;
    }
}

fn add(sums: &mut BTreeMap<String, u64>, counts: &BTreeMap<String, u64>) {
    for (key, count) in counts {
        *sums.entry(key.clone()).or_default() += count;
    }
}
