//! Structured records out of published Japanese sheets, with provenance for every number.

mod error;
mod extractor;
mod number;
mod rows;
mod sheet;

pub use error::{Error, ErrorKind};
pub use extractor::{Extractor, extract_sheet};
pub use number::Number;
pub use sheet::{
    Candidate, Cell, Diagnostic, Evidence, FormMatch, Measure, Municipality, MunicipalityKind, Place, Row, SCHEMA,
    Section, Severity, Sheet, Source, SourceKind, Status, Text,
};
