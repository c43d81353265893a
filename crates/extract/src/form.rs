//! Forms: what a kind of sheet may hold, as data.
//!
//! A form is a TOML file. Nothing in the Rust code knows a label, a heading or a unit of any form.

#[cfg(test)]
mod example;
mod explain;
#[cfg(test)]
mod faces;
mod faults;
mod meaning;
mod shape;
#[cfg(test)]
mod statistics;
mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use regex::RegexSet;
use rust_decimal::Decimal;
use serde::Deserialize;

use crate::error::{Error, ErrorKind};
use crate::label::Names;
use crate::section::{Heading, Spellings};
use crate::sheet::{MunicipalityKind, Severity};
use crate::spelling::canonical;
use crate::stream::Stream;
use crate::trie::Trie;

pub use faults::{Fault, faults};

/// A kind of sheet: its sections, measures, tables and texts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    id: String,
    title: String,
    #[serde(default)]
    pub(crate) publishers: Vec<MunicipalityKind>,
    /// Text that tells the form wherever it stands on the sheet.
    #[serde(default)]
    pub(crate) marks: Vec<Alias>,
    /// What headings begin with that sheets write in several ways, or leave out: see `short_headings` of a section.
    #[serde(default)]
    pub(crate) heading_leads: Vec<Alias>,
    #[serde(default)]
    pub(crate) cover: Cover,
    #[serde(default)]
    pub(crate) fiscal_year: Vec<FiscalYearForm>,
    #[serde(default, rename = "residue")]
    pub(crate) residue: Vec<Residue>,
    /// The patterns of these, to be looked for all at once.
    #[serde(skip)]
    pub(crate) residue_patterns: RegexSet,
    #[serde(default, rename = "section")]
    pub(crate) sections: Vec<SectionForm>,
    /// The headings of all sections, made ready to be looked for.
    #[serde(skip)]
    pub(crate) spellings: Spellings,
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
    pub pattern: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SectionForm {
    pub id: String,
    /// Without headings: what stands before the first heading of the sheet, all of it where there is none.
    #[serde(default)]
    pub headings: Vec<Alias>,
    /// Headings without what they begin with: they are headings behind any of `heading_leads`, and behind a number or
    /// mark, or in brackets, where they stand alone.
    #[serde(default)]
    pub short_headings: Vec<Alias>,
    /// Fixed lines of the section that say nothing of their own.
    #[serde(default)]
    pub captions: Vec<Alias>,
    /// Each time the heading is printed is a block of its own; rows name it in the column of this name.
    pub repeated: Option<String>,
    #[serde(default, rename = "field")]
    pub fields: Vec<FieldForm>,
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
    /// All the names above, made ready to be looked for.
    #[serde(skip)]
    pub names: Names,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TextForm {
    pub name: String,
    /// Without headings: what nothing else in the section takes.
    #[serde(default)]
    pub headings: Vec<Alias>,
    /// Only paragraphs that begin with one of these (※, 注).
    #[serde(default)]
    pub begins: Vec<Alias>,
}

/// One thing with a label: a name, a date, a choice, a number that no rule ties to others.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FieldForm {
    pub key: String,
    pub labels: Vec<Alias>,
    #[serde(rename = "type")]
    pub kind: ColumnKind,
    /// Of a value: its unit where none is printed.
    pub unit: Option<String>,
    /// Of a choice: what may be chosen, by key.
    #[serde(default)]
    pub choices: BTreeMap<String, Vec<Alias>>,
    /// Not on every sheet of the form: then it is left out of the record rather than `missing`.
    #[serde(default)]
    pub optional: bool,
    /// The label stands behind the value: `令和５年４月１日現在`.
    #[serde(default)]
    pub behind: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GroupForm {
    pub id: String,
    pub labels: Vec<Alias>,
}

/// Decimal places that nearly all sheets print of a share.
const SHARE_PLACES: u32 = 1;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MeasureForm {
    pub key: String,
    pub labels: Vec<Alias>,
    pub unit: Unit,
    pub group: Option<String>,
    /// Decimal places that are printed; without, those of a count or a share.
    pub places: Option<u32>,
    pub min: Option<Decimal>,
    pub max: Option<Decimal>,
    /// Where nearly all values lie; it weighs, and forbids nothing.
    pub typical: Option<(Decimal, Decimal)>,
    /// Not on every sheet of the form: then it is left out of the record rather than `missing`.
    #[serde(default)]
    pub optional: bool,
}

impl MeasureForm {
    /// Decimal places that a number of it may have.
    pub(crate) fn places(&self) -> u32 {
        self.places.unwrap_or(0)
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TableForm {
    pub name: String,
    /// What stands over the table or in its corner, where its heads do not tell it from others.
    #[serde(default)]
    pub captions: Vec<Alias>,
    #[serde(default, rename = "column")]
    pub columns: Vec<ColumnForm>,
    #[serde(default, rename = "sum")]
    pub sums: Vec<TableSumForm>,
}

impl TableForm {
    /// True when some column is printed once for each head of a row of heads (fiscal years, say).
    pub(crate) fn is_cross(&self) -> bool {
        self.columns.iter().any(|c| c.across.is_some())
    }
}

/// Rows of a table that are the parts of another one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TableSumForm {
    /// The choice column that tells the rows.
    pub by: String,
    pub total: String,
    pub parts: Vec<String>,
    /// The columns that are added; those across, or all that are no share.
    #[serde(default)]
    pub columns: Vec<String>,
    /// How far the sum may be off: parts are rounded where the unit is large.
    #[serde(default)]
    pub tolerance: Decimal,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ColumnForm {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: ColumnKind,
    #[serde(default)]
    pub headers: Vec<Alias>,
    /// The same made ready to be looked for, each with how many characters it has.
    #[serde(skip)]
    pub heads: Trie<usize>,
    /// Of an actor column: the names there are.
    #[serde(default)]
    pub values: Vec<Alias>,
    /// This column has no head of its own and stands to the right of that one.
    pub beside: Option<String>,
    /// Its head is the first one of its spelling to the right of that column's.
    pub right_of: Option<String>,
    /// Its head stands under one of these.
    #[serde(default)]
    pub under: Vec<Alias>,
    /// Of a value: its unit where neither the cell, the head nor a caption prints one.
    pub unit: Option<String>,
    /// Of a choice: what may be chosen, by key.
    #[serde(default)]
    pub choices: BTreeMap<String, Vec<Alias>>,
    /// Printed once for each head of a row of heads; the record's column of this name says which.
    pub across: Option<String>,
    /// What those heads are: a period unless it says otherwise.
    #[serde(default)]
    pub across_type: AcrossKind,
}

/// What heads the columns of a table that has one for each of something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AcrossKind {
    #[default]
    Period,
    Text,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ColumnKind {
    Text,
    Value,
    Period,
    Actor,
    /// One or more of fixed answers, ticked or written.
    Choice,
    /// ○ or ×.
    Flag,
    /// A prefecture, city, ward, town or village.
    Municipality,
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
    pub unit: Unit,
    /// Heads of the two columns, where each side of the ratio has one.
    #[serde(default)]
    pub first_heads: Vec<Alias>,
    #[serde(default)]
    pub second_heads: Vec<Alias>,
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
    /// What a row or column of shares is called.
    #[serde(default)]
    pub labels: Vec<Alias>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrderForm {
    pub keys: Vec<String>,
    /// It holds on nearly all sheets: where it does not, a diagnostic says so, and it decides nothing.
    #[serde(default)]
    pub usual: bool,
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
#[derive(Clone, Debug)]
pub(crate) struct Alias {
    /// Folded, spelled one way, without white space.
    pub canonical: Vec<char>,
    /// As the form writes it.
    pub written: String,
}

impl Alias {
    /// Several words of the form as one.
    pub(crate) fn of(written: String) -> Self {
        Self { canonical: canonical(&written), written }
    }
}

/// A unit of the form.
#[derive(Clone, Debug)]
pub(crate) struct Unit {
    /// Folded, spelled one way, without white space.
    pub canonical: String,
    /// As the form writes it.
    pub written: String,
}

impl<'de> Deserialize<'de> for Unit {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = String::deserialize(deserializer)?;
        Ok(Self { canonical: canonical(&written).into_iter().collect(), written })
    }
}

impl PartialEq for Alias {
    fn eq(&self, other: &Self) -> bool {
        self.canonical == other.canonical
    }
}

impl<'de> Deserialize<'de> for Alias {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let canonical = canonical(&text);
        if canonical.is_empty() {
            return Err(serde::de::Error::custom("an empty label or heading"));
        }
        Ok(Self { canonical, written: text })
    }
}

impl Form {
    /// Reads a form.
    ///
    /// # Errors
    /// [`ErrorKind::Form`] names everything that is wrong, each with its line and column: see [`faults`].
    pub fn parse(source: &str) -> Result<Self, Error> {
        let found: Vec<Fault> =
            faults(source).into_iter().filter(|f| f.severity == Severity::Error).collect();
        if !found.is_empty() {
            let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
            return Err(Error::new(ErrorKind::Form, lines.join("\n")));
        }
        let mut form: Self = toml::from_str(source)
            .map_err(|e| Error::new(ErrorKind::Form, e.to_string().trim_end().to_owned()))?;
        form.residue_patterns = RegexSet::new(form.residue.iter().map(|r| &r.pattern))
            .map_err(|e| Error::new(ErrorKind::Form, e.to_string()))?;
        for section in &mut form.sections {
            let mut known: BTreeSet<Vec<char>> =
                section.headings.iter().map(|h| h.canonical.clone()).collect();
            for (lead, short) in
                form.heading_leads.iter().flat_map(|l| section.short_headings.iter().map(move |s| (l, s)))
            {
                let whole = Alias::of(format!("{}{}", lead.written, short.written));
                if known.insert(whole.canonical.clone()) {
                    section.headings.push(whole);
                }
            }
            for column in section.tables.iter_mut().flat_map(|t| &mut t.columns) {
                let heads = column.headers.iter().map(|head| &head.canonical);
                column.heads = Trie::of(heads.map(|head| (head, head.len())));
            }
            for share in &section.shares {
                let own = section.measures.iter_mut().filter(|m| m.key == share.share);
                own.for_each(|m| m.places = m.places.or(Some(SHARE_PLACES)));
            }
            section.names = Names::of(section);
        }
        form.spellings = Spellings::of(&form);
        source.clone_into(&mut form.source);
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

    /// How many of the headings and marks that tell the form are on a sheet, and how many there are.
    pub(crate) fn found(&self, stream: &Stream<'_>, headings: &[Heading]) -> (usize, usize) {
        let headed = || (0..self.sections.len()).filter(|&s| !self.sections[s].headings.is_empty());
        let found = headed().filter(|&s| headings.iter().any(|h| h.section == s)).count();
        let marks = self.marks.iter().filter(|mark| stream.has(&mark.canonical)).count();
        (found + marks, headed().count() + self.marks.len())
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
        assert!(error.to_string().contains("3:1"), "{error}");
        let rule = "id=\"x\"\ntitle=\"x\"\n[[section]]\nid=\"s\"\nheadings=[\"h\"]\n[[section.order]]\nkeys=[\"nope\"]\n";
        assert!(Form::parse(rule).unwrap_err().to_string().contains("nope"));
    }
}
