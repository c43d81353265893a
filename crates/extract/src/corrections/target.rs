//! What a correction is of, and how it takes the place of what was read.

use crate::diagnostic::Code;
use crate::form::Form;
use crate::sheet::{Cell, Measure, Place, Sheet, Status};

use super::typed::{Known, typed};
use super::{Correction, Entry, Refusal, place, reread};

/// What a correction is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    /// A measure or a field; where the sheet repeats its section, of one block of it.
    Labelled {
        key: String,
        block: Option<u32>,
    },
    Cell {
        table: String,
        row: usize,
        column: String,
    },
}

impl Target {
    /// As diagnostics name it.
    pub(super) fn key(&self) -> String {
        match self {
            Self::Labelled { key, .. } => key.clone(),
            Self::Cell { table, column, .. } => format!("{table}.{column}"),
        }
    }
}

/// Puts a correction in place of what was read.
pub(super) fn correct(
    sheet: &mut Sheet,
    form: Option<&Form>,
    target: &Target,
    entry: &Entry,
) -> Result<(), Refusal> {
    let known = Known::of(sheet, form);
    let changed = match target {
        Target::Labelled { key, block } => {
            if let Some(measure) = sheet.measures.iter_mut().find(|m| m.key == *key && m.block == *block) {
                correct_measure(measure, &known, entry)?
            } else if let Some(field) = sheet.fields.iter_mut().find(|f| f.key == *key && f.block == *block) {
                let before = field.cell.clone();
                field.cell = typed(&field.cell, known.field(key), &known, entry)?;
                if !entry.at.is_empty() {
                    field.cell.at.clone_from(&entry.at);
                }
                field.cell.correction.clone().filter(|_| !entry.was(&before.text, before.status))
            } else {
                let of_block = block.map_or_else(String::new, |b| format!(" in block {b}"));
                let message = format!("the sheet has no {key}{of_block} to correct");
                return Err(Refusal::new(Code::CorrectionKey, message));
            }
        }
        Target::Cell { table, row, column } => {
            correct_cell(sheet, &known, (table, *row, column), entry)?;
            None
        }
    };
    if let Some(before) = changed {
        let at: Vec<Place> = if entry.at.is_empty() { before.at.clone() } else { entry.at.clone() };
        reread(sheet, target.key(), &before, &entry.raw, at);
    }
    Ok(())
}

/// Gives what was read, where that is not what it was when the correction was made.
fn correct_measure(
    measure: &mut Measure,
    known: &Known<'_>,
    entry: &Entry,
) -> Result<Option<Correction>, Refusal> {
    let before = Cell {
        text: measure.raw.clone(),
        at: measure.at.clone(),
        value: measure.value,
        unit: measure.unit.clone(),
        as_of: measure.as_of.clone(),
        status: Some(measure.status),
        ..Cell::default()
    };
    let now = typed(&before, Some(known.measure(&measure.key)), known, entry)?;
    measure.raw = now.text;
    measure.value = now.value;
    measure.unit = now.unit;
    measure.as_of = now.as_of;
    measure.status = Status::Corrected;
    measure.confidence = 1.0;
    measure.evidence.clear();
    if !entry.at.is_empty() {
        measure.at.clone_from(&entry.at);
    }
    measure.correction.clone_from(&now.correction);
    Ok(now.correction.filter(|_| !entry.was(&before.text, before.status)))
}

fn correct_cell(
    sheet: &mut Sheet,
    known: &Known<'_>,
    (table, row, column): (&str, usize, &str),
    entry: &Entry,
) -> Result<(), Refusal> {
    let missing = || {
        let message = format!("{table} has no row {row} with the {column} that was to be corrected");
        Refusal::new(Code::CorrectionKey, message)
    };
    let rows = sheet.tables.get_mut(table).ok_or_else(missing)?;
    let fits = |cell: &Cell| {
        entry.old.as_ref().is_none_or(|old| cell.text == old.raw)
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
    for (i, row) in rows.iter_mut().enumerate() {
        let Some(cell) = row.get_mut(column) else { continue };
        // A merged cell stands in several rows, and once on the page.
        let same = i == index || (!before.at.is_empty() && cell.at == before.at && cell.text == before.text);
        if same {
            *cell = typed(cell, known.column(table, column), known, entry)?;
        }
    }
    Ok(())
}
