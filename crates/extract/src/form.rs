//! Forms: what a kind of sheet may hold, as data.
//!
//! A form is a TOML file. Nothing in the Rust code knows a label, a heading or a unit of any form.

use std::sync::{Arc, LazyLock};

use regex::Regex;
use rust_decimal::Decimal;
use serde::Deserialize;

use crate::error::{Error, ErrorKind};
use crate::sheet::MunicipalityKind;
use crate::spelling::canonical;

/// A kind of sheet: its sections, measures, tables and texts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    id: String,
    title: String,
    #[serde(default)]
    pub(crate) publishers: Vec<MunicipalityKind>,
    #[serde(default)]
    pub(crate) cover: Cover,
    #[serde(default)]
    pub(crate) fiscal_year: Vec<FiscalYearForm>,
    #[serde(default, rename = "residue")]
    pub(crate) residue: Vec<Residue>,
    #[serde(default, rename = "section")]
    pub(crate) sections: Vec<SectionForm>,
    #[serde(skip)]
    source: String,
}

/// What is printed before the first heading.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cover {
    /// The line that holds one of these is the title.
    #[serde(default)]
    pub title: Vec<Alias>,
    /// How titles end, where they run over lines.
    #[serde(default)]
    pub title_end: Vec<Alias>,
    /// The paragraph that is one of these is the program.
    #[serde(default)]
    pub program: Vec<Alias>,
    /// Fixed text that says nothing.
    #[serde(default)]
    pub label: Vec<Alias>,
    /// Name of the text that the rest is.
    pub text: Option<String>,
}

/// A section whose dates tell the fiscal year of the sheet.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FiscalYearForm {
    pub section: String,
    /// Only months of this number count.
    pub month: Option<i8>,
    pub weight: f64,
}

/// Template text that sheets leave standing.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Residue {
    #[serde(deserialize_with = "pattern")]
    pub pattern: Regex,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SectionForm {
    pub id: String,
    pub headings: Vec<Alias>,
    /// Fixed lines of the section that say nothing of their own.
    #[serde(default)]
    pub captions: Vec<Alias>,
    #[serde(default, rename = "text")]
    pub texts: Vec<TextForm>,
    #[serde(default, rename = "group")]
    pub groups: Vec<GroupForm>,
    #[serde(default, rename = "measure")]
    pub measures: Vec<MeasureForm>,
    #[serde(default, rename = "table")]
    pub tables: Vec<TableForm>,
    #[serde(default)]
    pub ratios: Vec<RatiosForm>,
    #[serde(default, rename = "sum")]
    pub sums: Vec<SumForm>,
    #[serde(default, rename = "share")]
    pub shares: Vec<ShareForm>,
    #[serde(default, rename = "order")]
    pub orders: Vec<OrderForm>,
    #[serde(default, rename = "bound")]
    pub bounds: Vec<BoundForm>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TextForm {
    pub name: String,
    /// Without headings: what nothing else in the section takes.
    #[serde(default)]
    pub headings: Vec<Alias>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GroupForm {
    pub id: String,
    pub labels: Vec<Alias>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MeasureForm {
    pub key: String,
    pub labels: Vec<Alias>,
    pub unit: String,
    pub group: Option<String>,
    /// Decimal places that are printed; 0 for a count.
    #[serde(default)]
    pub places: u32,
    pub min: Option<Decimal>,
    pub max: Option<Decimal>,
    /// Where nearly all values lie; it weighs, and forbids nothing.
    pub typical: Option<(Decimal, Decimal)>,
    /// Not on every sheet of the form: then it is left out of the record rather than `missing`.
    #[serde(default)]
    pub optional: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TableForm {
    pub name: String,
    #[serde(rename = "column")]
    pub columns: Vec<ColumnForm>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ColumnForm {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: ColumnKind,
    #[serde(default)]
    pub headers: Vec<Alias>,
    /// Of an actor column: the names there are.
    #[serde(default)]
    pub values: Vec<Alias>,
    /// This column has no head of its own and stands to the right of that one.
    pub beside: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ColumnKind {
    Text,
    Value,
    Period,
    Actor,
}

/// A table of "x ／ y" by fixed rows.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RatiosForm {
    pub name: String,
    pub labels: Vec<Alias>,
    pub rows: Vec<Alias>,
    pub row_column: String,
    pub columns: (String, String),
    pub unit: String,
    /// Of each row: the second number, as a number or the key of the measure it equals.
    #[serde(default)]
    pub totals: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SumForm {
    pub total: String,
    pub parts: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShareForm {
    pub share: String,
    pub part: String,
    pub total: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrderForm {
    pub keys: Vec<String>,
    #[serde(default)]
    pub publishers: Vec<MunicipalityKind>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BoundForm {
    pub key: String,
    #[serde(default)]
    pub publishers: Vec<MunicipalityKind>,
    pub min: Option<Decimal>,
    pub max: Option<Decimal>,
}

/// Text of the form as printed, with what it is compared by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Alias {
    /// Folded, spelled one way, without white space.
    pub canonical: Vec<char>,
}

impl<'de> Deserialize<'de> for Alias {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let canonical = canonical(&text);
        if canonical.is_empty() {
            return Err(serde::de::Error::custom("an empty label or heading"));
        }
        Ok(Self { canonical })
    }
}

fn pattern<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Regex, D::Error> {
    let text = String::deserialize(deserializer)?;
    Regex::new(&text).map_err(serde::de::Error::custom)
}

impl Form {
    /// Reads a form.
    ///
    /// # Errors
    /// [`ErrorKind::Form`] names the line and column, or the key that is wrong.
    pub fn parse(source: &str) -> Result<Self, Error> {
        let mut form: Self = toml::from_str(source)
            .map_err(|e| Error::new(ErrorKind::Form, e.to_string().trim_end().to_owned()))?;
        source.clone_into(&mut form.source);
        form.check()?;
        Ok(form)
    }

    /// The forms compiled into this crate.
    pub fn builtin() -> &'static [Arc<Form>] {
        static FORMS: LazyLock<Vec<Arc<Form>>> = LazyLock::new(|| {
            // A test parses each of them, so none is lost here.
            SOURCES.iter().filter_map(|source| Form::parse(source).ok()).map(Arc::new).collect()
        });
        &FORMS
    }

    /// The form's id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The form's printed name.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The TOML it was read from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Every key that a rule names must be a measure of the same section.
    fn check(&self) -> Result<(), Error> {
        for section in &self.sections {
            let known = |key: &str| section.measures.iter().any(|m| m.key == key);
            let sums = section.sums.iter().flat_map(|s| std::iter::once(&s.total).chain(&s.parts));
            let shares = section.shares.iter().flat_map(|s| [&s.share, &s.part, &s.total]);
            let orders = section.orders.iter().flat_map(|o| &o.keys);
            let bounds = section.bounds.iter().map(|b| &b.key);
            if let Some(key) = sums.chain(shares).chain(orders).chain(bounds).find(|key| !known(key)) {
                let message =
                    format!("section {}: a rule names {key}, which is no measure of it", section.id);
                return Err(Error::new(ErrorKind::Form, message));
            }
            let group = section.measures.iter().filter_map(|m| m.group.as_ref());
            if let Some(id) = group.into_iter().find(|id| !section.groups.iter().any(|g| g.id == **id)) {
                let message = format!("section {}: no group {id}", section.id);
                return Err(Error::new(ErrorKind::Form, message));
            }
        }
        Ok(())
    }
}

const SOURCES: &[&str] = &[include_str!("../forms/mhlw-community-care.toml")];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_builtin_form_parses() {
        for source in SOURCES {
            Form::parse(source).unwrap();
        }
        assert_eq!(Form::builtin().len(), SOURCES.len());
    }

    #[test]
    fn a_wrong_form_is_refused_with_its_place() {
        let error = Form::parse("id = \"x\"\ntitle = \"x\"\ncolour = 1\n").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Form);
        assert!(error.to_string().contains("line 3"), "{error}");
        let rule = "id=\"x\"\ntitle=\"x\"\n[[section]]\nid=\"s\"\nheadings=[\"h\"]\n[[section.order]]\nkeys=[\"nope\"]\n";
        assert!(Form::parse(rule).unwrap_err().to_string().contains("nope"));
    }
}
