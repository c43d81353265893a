//! Structured records out of published Japanese sheets, with provenance for every number.

mod actors;
mod assemble;
mod cards;
mod check;
mod column_label;
mod entries;
mod error;
mod extractor;
mod figure;
mod fiscal_year;
mod form;
mod furniture;
mod grid;
mod head;
mod heads_above;
mod label;
mod ledger;
mod measures;
mod municipality;
mod notes;
mod number;
mod paragraph;
mod prose;
mod ratios;
mod residue;
mod rows;
mod run;
mod section;
mod shared;
mod sheet;
mod solve;
mod spelling;
mod strays;
mod stream;
mod texts;
mod tiling;
mod timeline;
mod value;

pub use error::{Error, ErrorKind};
pub use extractor::{Extractor, extract_sheet};
pub use form::Form;
pub use number::Number;
pub use sheet::{
    Candidate, Cell, Diagnostic, Evidence, FormMatch, Measure, Municipality, MunicipalityKind, Place, Row,
    SCHEMA, Section, Severity, Sheet, Source, SourceKind, Status, Text,
};
