//! What a person typed, read by the type that the form gives the value.

use crate::diagnostic::Code;
use std::collections::BTreeMap;

use chohyo_normalize::{Context, Period};

use crate::form::{Alias, ColumnKind, Form};
use crate::number::Number;
use crate::sheet::{Cell, Sheet, Status};
use crate::{answer, value};

use super::{Correction, Entry, Refusal};

/// What a corrected value is by its form.
#[derive(Clone, Copy)]
pub(super) struct Type<'f> {
    kind: ColumnKind,
    unit: Option<&'f str>,
    choices: Option<&'f BTreeMap<String, Vec<Alias>>>,
}

/// What is known of the sheet that is corrected.
pub(super) struct Known<'f> {
    form: Option<&'f Form>,
    context: Context,
    prefecture: Option<String>,
}

impl<'f> Known<'f> {
    pub(super) fn of(sheet: &Sheet, form: Option<&'f Form>) -> Self {
        let context =
            sheet.fiscal_year.map_or_else(Context::default, |year| Context::default().with_fiscal_year(year));
        Self { form, context, prefecture: sheet.municipality.as_ref().map(|m| m.prefecture.clone()) }
    }

    /// A measure is a number, whatever form it is of.
    pub(super) fn measure(&self, key: &str) -> Type<'f> {
        let mut measures = self.form.iter().flat_map(|f| &f.sections).flat_map(|s| &s.measures);
        let unit = measures.find(|m| m.key == key).map(|m| m.unit.written.as_str());
        Type { kind: ColumnKind::Value, unit, choices: None }
    }

    pub(super) fn field(&self, key: &str) -> Option<Type<'f>> {
        let field = self.form?.sections.iter().flat_map(|s| &s.fields).find(|f| f.key == key)?;
        Some(Type { kind: field.kind, unit: field.unit.as_deref(), choices: Some(&field.choices) })
    }

    pub(super) fn column(&self, table: &str, name: &str) -> Option<Type<'f>> {
        let sections = &self.form?.sections;
        let columns =
            sections.iter().flat_map(|s| &s.tables).filter(|t| t.name == table).flat_map(|t| &t.columns);
        let of_form = columns.clone().find(|c| c.name == name).map(|c| Type {
            kind: c.kind,
            unit: c.unit.as_deref(),
            choices: Some(&c.choices),
        });
        let mut ratios = sections.iter().flat_map(|s| &s.ratios).filter(|r| r.name == table);
        of_form.or_else(|| {
            let ratio = ratios.find(|r| r.columns.0 == name || r.columns.1 == name)?;
            Some(Type { kind: ColumnKind::Value, unit: Some(&ratio.unit.written), choices: None })
        })
    }
}

/// The cell as a person corrected it.
pub(super) fn typed(
    before: &Cell,
    of: Option<Type<'_>>,
    known: &Known<'_>,
    entry: &Entry,
) -> Result<Cell, Refusal> {
    let guess = || match before {
        Cell { value: Some(_), .. } => ColumnKind::Value,
        Cell { period: Some(_), .. } => ColumnKind::Period,
        _ => ColumnKind::Text,
    };
    let kind = of.map_or_else(guess, |of| of.kind);
    let mut cell = Cell { text: entry.raw.clone(), at: before.at.clone(), ..Cell::default() };
    match kind {
        ColumnKind::Value => {
            cell.as_of.clone_from(&before.as_of);
            if let Some((number, as_of)) = figure(&entry.raw, &known.context)? {
                (cell.value, cell.unit) = (Some(Number(number.value)), number.unit.map(|(unit, _)| unit));
                cell.as_of = as_of.or(cell.as_of);
                value::own_unit(&mut cell, of.and_then(|of| of.unit), [before.unit.as_deref()]);
            }
            cell.unit = cell.unit.or_else(|| before.unit.clone());
        }
        ColumnKind::Period => cell.period = chohyo_normalize::period(&entry.raw, &known.context),
        ColumnKind::Text | ColumnKind::Actor => {}
        ColumnKind::Choice | ColumnKind::Flag | ColumnKind::Municipality => {
            let none = BTreeMap::new();
            let choices = of.and_then(|of| of.choices).unwrap_or(&none);
            answer::complete(&mut cell, None, kind, choices, known.prefecture.as_deref());
        }
    }
    cell.status = Some(Status::Corrected);
    cell.correction = Some(Correction {
        raw: before.text.clone(),
        value: before.value,
        status: before.status,
        at: before.at.clone(),
        who: entry.who.clone(),
        when: entry.when.clone(),
        note: entry.note.clone(),
    });
    Ok(cell)
}

/// The number that a person typed, perhaps with a date in brackets behind it; neither for a blank or a dash.
fn figure(
    raw: &str,
    context: &Context,
) -> Result<Option<(chohyo_normalize::Number, Option<Period>)>, Refusal> {
    let raw = raw.trim();
    if raw.is_empty() || chohyo_normalize::is_null_mark(raw) {
        return Ok(None);
    }
    if let Some(number) = chohyo_normalize::number(raw) {
        return Ok(Some((number, None)));
    }
    let dated = || {
        let (number, note) = raw.strip_suffix([')', '）'])?.rsplit_once(['(', '（'])?;
        let as_of = chohyo_normalize::period(note, context)?;
        Some((chohyo_normalize::number(number)?, Some(as_of)))
    };
    match dated() {
        Some(found) => Ok(Some(found)),
        None => {
            Err(Refusal::new(Code::CorrectionNumber, format!("{raw:?} is no number, and is not applied")))
        }
    }
}
