//! A record, as sinks are given it.

use std::io;
use std::sync::OnceLock;

use chohyo_extract::Sheet;

use crate::{Error, ErrorKind};

/// A record: a line of JSON, and the sheet that it parses to, for those who ask for it.
#[derive(Debug)]
pub struct Record {
    line: String,
    sheet: OnceLock<Sheet>,
}

impl Record {
    /// The record that is this line of JSON, without its line feed.
    pub fn new(line: String) -> Self {
        Self { line, sheet: OnceLock::new() }
    }

    /// The record of a sheet.
    ///
    /// # Errors
    /// When it is none that JSON can say.
    pub(crate) fn of(sheet: Sheet) -> io::Result<Self> {
        Ok(Self { line: serde_json::to_string(&sheet)?, sheet: OnceLock::from(sheet) })
    }

    /// The line of JSON, without its line feed.
    pub fn line(&self) -> &str {
        &self.line
    }

    /// The sheet. It is parsed when it is first asked for.
    ///
    /// # Errors
    /// [`ErrorKind::Journal`] when the line is no record.
    pub fn sheet(&self) -> Result<&Sheet, Error> {
        if let Some(sheet) = self.sheet.get() {
            return Ok(sheet);
        }
        let sheet =
            serde_json::from_str(&self.line).map_err(|e| Error::caused(ErrorKind::Journal, e.into()))?;
        Ok(self.sheet.get_or_init(|| sheet))
    }
}
