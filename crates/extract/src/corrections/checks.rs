//! The rules of the form over corrected values: what they did not hold of before, they may hold of now, or not any longer.

use std::collections::BTreeSet;

use crate::check;
use crate::diagnostic::Code;
use crate::form::Form;
use crate::sheet::{Diagnostic, Measure, Sheet, Status};

use super::target::Target;

/// Diagnostics of what does not add up.
const RULES: [Code; 6] = [
    Code::SumMismatch,
    Code::ShareMismatch,
    Code::OrderBreak,
    Code::UnusualOrder,
    Code::OutOfBounds,
    Code::AsOfMismatch,
];

/// Has the diagnostics of a sheet say what is so after these have been corrected.
pub(super) fn again(sheet: &mut Sheet, form: Option<&Form>, corrected: &[Target]) {
    decided(sheet, corrected);
    let keys: BTreeSet<String> = corrected.iter().map(Target::key).collect();
    let concerned = |d: &Diagnostic| {
        Code::from_name(&d.code).is_some_and(|c| RULES.contains(&c))
            && d.keys.iter().any(|k| keys.contains(k))
    };
    let is_measure = |d: &Diagnostic| d.keys.iter().all(|k| sheet.measures.iter().any(|m| m.key == *k));
    let known = form.is_some();
    let mut kept = std::mem::take(&mut sheet.diagnostics);
    kept.retain_mut(|d| {
        if !concerned(d) {
            return true;
        }
        if known && is_measure(d) {
            return false;
        }
        d.message += " (before the correction)";
        true
    });
    let blocks: BTreeSet<Option<u32>> = sheet.measures.iter().map(|m| m.block).collect();
    let publisher = sheet.municipality.as_ref().map(|m| m.kind);
    for section in form.iter().flat_map(|f| &f.sections) {
        for block in &blocks {
            let of_block =
                |m: &&Measure| m.block == *block && section.measures.iter().any(|f| f.key == m.key);
            let measures: Vec<Measure> = sheet.measures.iter().filter(of_block).cloned().collect();
            let mut found = Vec::new();
            check::check(section, &measures, publisher, &mut found);
            kept.extend(found.into_iter().filter(concerned));
        }
    }
    sheet.diagnostics = kept;
}

/// What a person has decided is in doubt no longer.
fn decided(sheet: &mut Sheet, corrected: &[Target]) {
    let measures: Vec<&str> =
        sheet.measures.iter().filter(|m| m.status == Status::Ambiguous).map(|m| m.key.as_str()).collect();
    let doubtful = |table: &str, column: &str| {
        let cells = sheet.tables.get(table).into_iter().flatten().filter_map(|row| row.get(column));
        cells.clone().any(|c| c.status == Some(Status::Ambiguous))
    };
    let done: BTreeSet<String> = corrected
        .iter()
        .filter(|target| match target {
            Target::Labelled { key, .. } => !measures.contains(&key.as_str()),
            Target::Cell { table, column, .. } => !doubtful(table, column),
        })
        .map(Target::key)
        .collect();
    sheet.diagnostics.retain_mut(|d| {
        let open = [Code::Ambiguous, Code::DuplicateLabel];
        let doubt = open.iter().any(|c| d.code == c.name()) && !d.keys.is_empty();
        if doubt {
            d.keys.retain(|key| !done.contains(key));
        }
        !(doubt && d.keys.is_empty())
    });
}
