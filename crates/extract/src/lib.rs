//! Structured records out of published Japanese sheets, with provenance for every number.
//!
//! Ministries and cities publish numbers as PDFs exported from office programs. [`extract_sheet`] reads such
//! a PDF, or the text that some tool dumped from one, and gives a [`Sheet`]: every number with its unit, its
//! as-of date and its place in the input. What cannot be known is said to be unknown.
//!
//! ```
//! # fn main() -> Result<(), chohyo_extract::Error> {
//! use chohyo_extract::{Status, extract_sheet};
//!
//! let dump = "仙台市\n\n１ 県又は政令市の基礎情報\n\n\
//!     市町村数（R2年4月時点） 1 市町村\n人口（R2年4月時点） 1,087,723 人\n";
//! let sheet = extract_sheet(dump)?;
//!
//! let population = sheet.measure("population").expect("the form has this measure");
//! assert_eq!(population.value.expect("it is printed").to_string(), "1087723");
//! assert_eq!(population.unit.as_deref(), Some("人"));
//! assert_eq!(population.as_of.as_ref().map(|p| p.edtf.as_str()), Some("2020-04"));
//! let [start, end] = population.at[0].span.expect("a dump has spans of bytes");
//! assert_eq!(&dump[start..end], "1,087,723");
//!
//! // What is not on the sheet is missing, and never a guess.
//! let beds = sheet.measure("psychiatric_beds").expect("the form has this measure");
//! assert_eq!((beds.status, beds.value), (Status::Missing, None));
//! # Ok(())
//! # }
//! ```
//!
//! Tables come as rows of cells, or in a type of the caller's, one field a column:
//!
//! ```
//! # fn main() -> Result<(), chohyo_extract::Error> {
//! #[derive(serde::Deserialize)]
//! struct Entry {
//!     period_edtf: String,
//!     content: String,
//! }
//!
//! let dump = "仙台市\n\n３ 精神障害にも対応した地域包括ケアシステムの構築に向けた取組の経緯\n\n\
//!     年度 内容\n\n平成24年度 地域移行支援（退院支援）の調査\n";
//! let sheet = chohyo_extract::extract_sheet(dump)?;
//! let history: Vec<Entry> = sheet.rows("history")?;
//! assert_eq!(history[0].period_edtf, "2012-04/2013-03");
//! assert_eq!(history[0].content, "地域移行支援（退院支援）の調査");
//! # Ok(())
//! # }
//! ```
//!
//! # Guarantees
//!
//! - Every printed character that is not white space is in the provenance of exactly one thing in the record,
//!   or in [`Sheet::unclaimed`].
//! - A value's `raw` stands at its place in the input. What has no value has a [`Status`] that says why.
//! - The same bytes give the same record.
//! - Any bytes give a record or a typed [`Error`].
//!
//! # Forms
//!
//! A [`Form`] is a TOML file: sections by their headings, fields and measures with labels, units, bounds and
//! rules, tables with the heads of their columns. One form is compiled in; [`Extractor::form`] adds another.
//! Nothing in the Rust code knows a label of any form. [`forms`] teaches the format, [`faults`] says what is
//! wrong in a file, and [`Extractor::trial`] what a form finds on a sheet and what it misses.
//!
//! # Numbers without a place
//!
//! On a page, a number is tied to its label by its row. In a dump there may be nothing but the order of
//! lines; [`solver`] says how numbers are then assigned, and how far that was found to be right.
//!
//! # What to look at
//!
//! What does not add up, or cannot be read, is said in [`Sheet::diagnostics`]; [`diagnostics`] lists the codes.
//!
//! # Limits
//!
//! - Text that is only a picture is not read: such measures are `missing`, with a diagnostic.
//! - Of a dump whose tables fell apart, the measures are solved where they can be; rows of its other tables are
//!   `ambiguous` or left in [`Sheet::unclaimed`] more often than not.
//! - Known publishers are the prefectures, cities, special wards, towns and villages of January 2024, by the names of
//!   that day.

/// The format of forms: how a TOML file teaches a kind of sheet.
#[doc = include_str!("../docs/forms.md")]
pub mod forms {}

/// What a record warns of: each code, what it means, and what to do about it.
#[doc = include_str!("../docs/diagnostics.md")]
pub mod diagnostics {}

/// How numbers are assigned to measures where only the order of a dump is left.
#[doc = include_str!("../docs/solver.md")]
pub mod solver {}

mod actors;
mod anchor;
mod answer;
mod assemble;
mod beneath;
mod broken_date;
mod captioned;
mod cards;
mod centred;
mod check;
mod chronicle;
mod column_label;
pub mod corrections;
mod cover;
mod cross;
mod diagnostic;
mod diagram;
mod drawn;
mod entries;
mod era;
mod error;
mod extractor;
mod field;
mod figure;
mod fiscal_year;
mod form;
mod form_tables;
mod furniture;
mod grid;
mod head;
mod headless;
mod heads_above;
mod label;
mod leaders;
mod ledger;
mod line_rows;
mod listing;
mod measures;
mod municipality;
mod notes;
mod number;
mod open_roles;
mod open_table;
mod open_text;
mod other_column;
#[cfg(test)]
mod page_maker;
mod paragraph;
mod prose;
mod publisher;
mod ratios;
mod records;
mod relation;
mod residue;
mod roles_across;
mod row_dates;
mod row_prefecture;
mod rows;
mod run;
mod seam;
mod section;
mod sentence;
mod shared;
mod sheet;
mod similarity;
mod solve;
mod spelling;
mod strays;
mod stream;
mod succession;
mod texts;
mod timeline;
mod trial;
mod trie;
mod unit;
mod value;
#[cfg(feature = "witness")]
mod witness;
mod wrap;
mod written_dates;

pub use corrections::{Correction, Corrections};
pub use diagnostic::Code;
pub use error::{Error, ErrorKind};
pub use extractor::{Extractor, extract_sheet};
pub use form::{Fault, Form, faults};
pub use form_tables::{FormColumn, FormColumnKind, FormTable};
pub use number::Number;
pub use relation::{FormMeasure, Relation};
pub use sheet::{
    Candidate, Cell, Diagnostic, Evidence, Field, FormMatch, Measure, Municipality, MunicipalityKind, Place,
    Row, SCHEMA, Section, Severity, Sheet, Source, SourceKind, Status, Text,
};
pub use trial::{Near, Sought, SoughtKind, Trial};
