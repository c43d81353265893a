//! The record: what [`extract_sheet`](crate::extract_sheet) returns, as it is printed in JSON.
//!
//! Field names are stable. The JSON Schema of these types is `schema/chohyo.sheet-1.json` in this crate.

use std::collections::BTreeMap;

use chohyo_normalize::Period;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};

use crate::corrections::Correction;
use crate::error::{Error, ErrorKind};
use crate::number::Number;

/// The value of [`Sheet::schema`] that this version of the crate writes and reads.
pub const SCHEMA: &str = "chohyo.sheet/1";

/// One sheet: everything printed on it, each thing with its place.
///
/// Every printed character of the input is in the provenance of exactly one thing in the record, or in
/// [`unclaimed`](Sheet::unclaimed).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Sheet {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The input.
    pub source: Source,
    /// The form the sheet was read with.
    pub form: FormMatch,
    /// Who published the sheet; `None` when no name on it is a known one.
    pub municipality: Option<Municipality>,
    /// Fiscal year of the sheet (the year in which it starts); `None`, with a diagnostic, if it cannot be told.
    pub fiscal_year: Option<i32>,
    /// The sheet's title.
    pub title: Option<Text>,
    /// The program the sheet belongs to.
    pub program: Option<Text>,
    /// The sections whose headings were found, in the order of the pages.
    pub sections: Vec<Section>,
    /// One entry for each measure of the form, in the form's order.
    pub measures: Vec<Measure>,
    /// One entry for each field of the form (a name, a date, a choice), in the form's order.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub fields: Vec<Field>,
    /// Rows of each table of the form, by table, then by column. A merged cell is repeated in each row it spans.
    pub tables: BTreeMap<String, Vec<Row>>,
    /// The printed head of each column found, by table, then by column.
    pub columns: BTreeMap<String, BTreeMap<String, Text>>,
    /// Running text, by the form's name for it.
    pub texts: BTreeMap<String, Vec<Text>>,
    /// Template text left standing: samples, instructions, unfilled placeholders.
    pub residue: Vec<Text>,
    /// What orients the reader and is no text of a section: page numbers, running heads and feet, fixed words of the
    /// form, the publisher's name where it stands alone, and what parts the texts of a cell: colons behind names, brackets
    /// around them, the names themselves where each row prints them.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub furniture: Vec<Text>,
    /// Everything else on the pages.
    pub unclaimed: Vec<Text>,
    /// What a reader of the record should know.
    pub diagnostics: Vec<Diagnostic>,
}

/// A row of a table: cells by column.
pub type Row = BTreeMap<String, Cell>;

/// The input a sheet was read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Source {
    /// File name without its folder; empty when the caller gave none.
    pub name: String,
    /// Names of further files with the same bytes, which a batch has met.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub other_names: Vec<String>,
    /// `pdf` or `text`.
    pub kind: SourceKind,
    /// SHA-256 of the input, in lower-case hexadecimal.
    pub sha256: String,
    /// Size of the input in bytes.
    pub bytes: u64,
    /// Number of pages.
    pub pages: u32,
    /// The PDF's `/Producer`.
    pub producer: Option<String>,
}

/// PDF or text dump.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// A PDF; places are boxes in points.
    Pdf,
    /// A text dump; places are byte spans of the input.
    Text,
}

/// Which form a sheet was read with, and how well it fits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FormMatch {
    /// The form's id.
    pub id: String,
    /// Share of the form's required headings found, from 0 to 1.
    #[serde(rename = "match")]
    pub score: f64,
}

/// A local government: who publishes a sheet, or whom a row of a table speaks of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Municipality {
    /// Its name, as 仙台市.
    pub name: String,
    /// Which kind of local government it is.
    pub kind: MunicipalityKind,
    /// The prefecture it is or lies in.
    pub prefecture: String,
    /// Local government code (全国地方公共団体コード), six digits with the check digit.
    pub code: String,
}

/// The kinds of [`Municipality`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MunicipalityKind {
    /// One of the 47 都道府県.
    Prefecture,
    /// One of the 20 政令指定都市.
    DesignatedCity,
    /// Any other city (市).
    City,
    /// One of the 23 特別区 of 東京都.
    SpecialWard,
    /// A town (町).
    Town,
    /// A village (村).
    Village,
}

/// A heading and the pages of its section.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Section {
    /// The form's id of the section.
    pub id: String,
    /// The number as printed (`１`, `(2)`); empty when none is printed.
    pub number: String,
    /// The heading as printed, without its number.
    pub title: String,
    /// Pages, from 1.
    pub pages: Vec<u32>,
    /// Where the heading stands (each time it is printed).
    pub at: Vec<Place>,
    /// Captions of the form inside the section, and heads of its tables that are printed again.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub captions: Vec<Text>,
}

/// Printed text with its places.
///
/// Full-width characters are kept. A line wrap is joined without a space (between two Latin words: with
/// one); paragraphs and bullets are separated by `\n`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Text {
    /// The text.
    pub text: String,
    /// Where it stands.
    pub at: Vec<Place>,
}

/// A place in the input: a box on a page of a PDF, or a byte span of a dump.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// Page, from 1.
    pub page: u32,
    /// Of a PDF: `[x0, top, x1, bottom]` in points, origin at the top left, y downwards.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub bbox: Option<[f64; 4]>,
    /// Of a dump: `[start, end]` in bytes of the input.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub span: Option<[usize; 2]>,
}

/// One number of the form with its label, unit, as-of date and place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Measure {
    /// The form's key.
    pub key: String,
    /// Of a section that the sheet repeats: which of its blocks, from 1.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub block: Option<u32>,
    /// The printed label; `None` when it was not found.
    pub label: Option<Text>,
    /// The printed label of the group the measure stands in; repeated in each of its measures.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub group: Option<Text>,
    /// The date the number stands for.
    pub as_of: Option<Period>,
    /// The number as printed; empty when there is none.
    pub raw: String,
    /// The number; `None` unless the status is `read`, `solved` or `corrected`.
    pub value: Option<Number>,
    /// The unit as printed beside the number, else the form's.
    pub unit: Option<String>,
    /// How the value was come by.
    pub status: Status,
    /// Between 0 and 1: how sure the status and value are.
    pub confidence: f64,
    /// What decided.
    pub evidence: Vec<Evidence>,
    /// Of an ambiguous measure: the values it may have, the likeliest first.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub candidates: Vec<Candidate>,
    /// Where the number stands, and its unit where that stands alone.
    pub at: Vec<Place>,
    /// Of a corrected measure: how it was read, and who corrected it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub correction: Option<Correction>,
}

/// Something with a label that is no measure: a name, a date, a choice, a lone number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Field {
    /// The form's key.
    pub key: String,
    /// Of a section that the sheet repeats: which of its blocks, from 1.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub block: Option<u32>,
    /// The printed label; `None` when it was not found.
    pub label: Option<Text>,
    /// What stands beside it. Its status is `missing` where the label is not on the sheet.
    #[serde(flatten)]
    pub cell: Cell,
}

/// One possible value of an ambiguous measure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Candidate {
    /// The number as printed; empty for "the measure is blank".
    pub raw: String,
    /// The number; `None` for "the measure is blank".
    pub value: Option<Number>,
    /// Its share of the weight of all assignments, from 0 to 1.
    pub weight: f64,
    /// What speaks for it.
    pub evidence: Vec<Evidence>,
    /// Where the number stands.
    pub at: Vec<Place>,
}

/// How a value was come by, or why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Status {
    /// Layout ties label and value.
    Read,
    /// The only value that fits all rules, or by far the likeliest.
    Solved,
    /// Several values fit; they are listed as candidates.
    Ambiguous,
    /// The label is there and its place is empty.
    Blank,
    /// A dash or the like is printed in place of a number.
    NullMark,
    /// The template's own text stands in place of a number.
    Placeholder,
    /// The label is not in the text of the sheet.
    Missing,
    /// A person who saw the sheet put it in place of what was read.
    Corrected,
}

/// What ties a number to a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Evidence {
    /// The same row of a table, or the same line.
    Row,
    /// The unit printed with it.
    Unit,
    /// A sum that adds up.
    Sum,
    /// A share of a total, as rounded in print.
    Share,
    /// An order the form prescribes (3, 6, 12 months).
    Order,
    /// A bound the form prescribes.
    Bound,
    /// The order of lines in the dump.
    ReadingOrder,
    /// How large such a number usually is.
    Plausibility,
}

/// A cell of a row.
///
/// Cells of a value column always have a `status`, and print `value` and `unit` even where they are null.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
pub struct Cell {
    /// The text as printed; bullets and entries separated by `\n`.
    pub text: String,
    /// Where it stands; empty when the cell is blank.
    pub at: Vec<Place>,
    /// Of a value column: the number.
    #[serde(default)]
    pub value: Option<Number>,
    /// Of a value column: the unit printed in the cell; where the form gives the column a unit, else that of its
    /// head, its row's label, the caption of the table, or the form.
    #[serde(default)]
    pub unit: Option<String>,
    /// Of a value column: the date the number stands for.
    #[serde(default)]
    pub as_of: Option<Period>,
    /// Of a period column: the period.
    #[serde(default)]
    pub period: Option<Period>,
    /// Of a value column, and of any cell that cannot be tied to one row: how it was come by.
    #[serde(default)]
    pub status: Option<Status>,
    /// Of a choice: the keys of what is chosen.
    #[serde(default)]
    pub choice: Vec<String>,
    /// Of a flag: true for ○, false for ×.
    #[serde(default)]
    pub flag: Option<bool>,
    /// Of a municipality: which one it is.
    #[serde(default)]
    pub municipality: Option<Municipality>,
    /// Of a corrected cell: how it was read, and who corrected it.
    #[serde(default)]
    pub correction: Option<Correction>,
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("text", &self.text)?;
        map.serialize_entry("at", &self.at)?;
        if !self.choice.is_empty() {
            map.serialize_entry("choice", &self.choice)?;
        }
        if let Some(flag) = &self.flag {
            map.serialize_entry("flag", flag)?;
        }
        if let Some(municipality) = &self.municipality {
            map.serialize_entry("municipality", municipality)?;
        }
        let other = !self.choice.is_empty() || self.flag.is_some() || self.municipality.is_some();
        if !other && self.status.is_some() || self.value.is_some() {
            map.serialize_entry("value", &self.value)?;
            map.serialize_entry("unit", &self.unit)?;
        }
        if let Some(as_of) = &self.as_of {
            map.serialize_entry("as_of", as_of)?;
        }
        if let Some(period) = &self.period {
            map.serialize_entry("period", period)?;
        }
        if let Some(status) = &self.status {
            map.serialize_entry("status", status)?;
        }
        if let Some(correction) = &self.correction {
            map.serialize_entry("correction", correction)?;
        }
        map.end()
    }
}

/// Something a reader of the record should know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Diagnostic {
    /// A stable name: `sum_mismatch`, `ambiguous`, `unreadable_page`, ...
    pub code: String,
    /// How grave it is.
    pub severity: Severity,
    /// One sentence for a person, with what was expected.
    pub message: String,
    /// The measures or `table.column`s concerned.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub keys: Vec<String>,
    /// Where.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub at: Vec<Place>,
}

/// How grave a [`Diagnostic`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Look before you use the values concerned.
    Warning,
    /// The values concerned are not to be used as they are.
    Error,
}

impl Sheet {
    /// The measure with this key, `None` when the form has no such measure.
    pub fn measure(&self, key: &str) -> Option<&Measure> {
        self.measures.iter().find(|m| m.key == key)
    }

    /// The field with this key, the first one where the sheet repeats its section; `None` when the form has no such
    /// field.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.key == key)
    }

    /// The rows of a table; empty when the sheet or the form has none.
    pub fn table(&self, name: &str) -> &[Row] {
        self.tables.get(name).map_or(&[], Vec::as_slice)
    }

    /// The rows of a table in the caller's own type, one field a column.
    ///
    /// For a column `actual` there are the fields `actual` (the number of a value column, the text of any
    /// other; null where it is blank, a null mark or ambiguous, so that such a row needs an `Option`),
    /// `actual_text`, `actual_unit`, `actual_edtf` (of the cell's period or as-of date) and `actual_cell`
    /// (the whole [`Cell`]). What the type does not name is passed over.
    ///
    /// # Errors
    /// [`ErrorKind::Row`] names the row (from 1) that does not fit the type, and why.
    pub fn rows<T: DeserializeOwned>(&self, name: &str) -> Result<Vec<T>, Error> {
        self.table(name)
            .iter()
            .enumerate()
            .map(|(i, row)| {
                crate::rows::deserialize(row)
                    .map_err(|e| Error::new(ErrorKind::Row, format!("{name}, row {}: {e}", i + 1)))
            })
            .collect()
    }
}
