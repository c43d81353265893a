//! What a second reader says against a record.

use std::collections::BTreeSet;

use chohyo_layout::witness::{CrossCheck, Difference, PageCheck, Testimony};
use chohyo_layout::{BBox, Document, SourceKind};

use crate::diagnostic::Code;
use crate::ledger::rounded;
use crate::sheet::{Diagnostic, Place, Severity, Sheet};

/// Asks a second reader about a sheet that was read from a PDF, and puts what it says against it into its diagnostics.
pub(crate) fn confront(sheet: &mut Sheet, document: &Document, ask: impl FnOnce() -> Testimony) {
    if document.kind == SourceKind::Pdf {
        let check = CrossCheck::of(document, &ask());
        sheet.diagnostics.extend(diagnostics(sheet, &check));
    }
}

/// One diagnostic for each place where the readers differ in a digit, one for the places of a page where they
/// differ in other characters, and one for what the second reader did not read.
fn diagnostics(sheet: &Sheet, check: &CrossCheck) -> Vec<Diagnostic> {
    let mut all = Vec::new();
    if let Some(why) = &check.failure {
        all.push(no_witness(format!("the second reader did not read the whole file: {why}")));
    }
    for page in &check.pages {
        if let Some(why) = &page.failure {
            all.push(no_witness(format!("page {}: no second reader: {why}", page.page)));
        }
        let (digits, others): (Vec<_>, Vec<_>) = page.differences.iter().partition(|d| d.concerns_digits());
        all.extend(digits.into_iter().map(|d| about_digits(sheet, d)));
        all.extend(about_others(page, &others));
    }
    all
}

fn no_witness(message: String) -> Diagnostic {
    Diagnostic::new(Code::NoWitness, message)
}

fn disagreement(severity: Severity, message: String) -> Diagnostic {
    Diagnostic { severity, ..Diagnostic::new(Code::ReaderDisagreement, message) }
}

fn about_digits(sheet: &Sheet, difference: &Difference) -> Diagnostic {
    let Difference { page, read, witnessed, bbox, .. } = difference;
    let (severity, message) = if witnessed.is_empty() {
        // It knows fewer fonts and no annotations: that it reads nothing says little.
        (Severity::Info, format!("page {page}: a second reader does not read {read:?}"))
    } else if read.is_empty() {
        (
            Severity::Warning,
            format!("page {page}: a second reader reads {witnessed:?} here, where nothing was read"),
        )
    } else {
        (
            Severity::Warning,
            format!("page {page}: a second reader reads {witnessed:?} where {read:?} was read"),
        )
    };
    let mut diagnostic = disagreement(severity, message);
    if let Some(bbox) = bbox {
        diagnostic.keys = touched(sheet, *page, bbox);
        diagnostic.at = vec![place(*page, *bbox)];
    }
    diagnostic
}

fn about_others(page: &PageCheck, differences: &[&Difference]) -> Option<Diagnostic> {
    let first = differences.first()?;
    let message = format!(
        "page {}: a second reader differs in {} places, none of them a digit; in the first it reads {:?} for {:?}",
        page.page,
        differences.len(),
        first.witnessed,
        first.read
    );
    let mut diagnostic = disagreement(Severity::Info, message);
    diagnostic.at = first.bbox.map(|b| place(page.page, b)).into_iter().collect();
    Some(diagnostic)
}

fn place(page: u32, bbox: BBox) -> Place {
    Place { page, bbox: Some(rounded(bbox)), span: None }
}

/// The measures, and the columns of tables, that have something in this box.
fn touched(sheet: &Sheet, page: u32, bbox: &BBox) -> Vec<String> {
    let [x0, top, x1, bottom] = rounded(*bbox);
    let is_here = |at: &[Place]| {
        at.iter().any(|p| {
            p.page == page && p.bbox.is_some_and(|b| b[0] < x1 && x0 < b[2] && b[1] < bottom && top < b[3])
        })
    };
    let measures = sheet.measures.iter().filter(|m| is_here(&m.at)).map(|m| m.key.clone());
    let columns: BTreeSet<String> = sheet
        .tables
        .iter()
        .flat_map(|(table, rows)| rows.iter().flatten().map(move |(column, cell)| (table, column, cell)))
        .filter(|(.., cell)| is_here(&cell.at))
        .map(|(table, column, _)| format!("{table}.{column}"))
        .collect();
    measures.chain(columns).collect()
}
