//! The sheets in `fixtures/`, their records and their truth.

use std::fs;
use std::path::{Path, PathBuf};

use chohyo_extract::{Error, Extractor, Sheet};
use chohyo_layout::{Document, Options, SourceKind};
use serde_json::Value;

/// A sheet of `fixtures/sheets`.
#[derive(Clone, Debug)]
pub struct Fixture {
    /// File name.
    pub name: String,
    /// The sheet.
    pub bytes: Vec<u8>,
}

/// The folder `fixtures`.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures")
}

/// All sheets, by name.
///
/// # Panics
/// When they cannot be read.
pub fn fixtures() -> Vec<Fixture> {
    let folder = folder().join("sheets");
    let entries = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut all: Vec<_> = entries
        .filter_map(Result::ok)
        .map(|entry| Fixture {
            name: entry.file_name().to_string_lossy().into_owned(),
            bytes: fs::read(entry.path()).unwrap_or_else(|e| panic!("{}: {e}", entry.path().display())),
        })
        .collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(!all.is_empty(), "no sheets in {}", folder.display());
    all
}

impl Fixture {
    /// The fixture of this name.
    ///
    /// # Panics
    /// When there is none.
    pub fn named(name: &str) -> Self {
        fixtures().into_iter().find(|f| f.name == name).unwrap_or_else(|| panic!("no fixture {name}"))
    }

    /// True for a text dump.
    pub fn is_dump(&self) -> bool {
        matches!(chohyo_layout::source_kind(&self.bytes), Ok(SourceKind::Text))
    }

    /// A text dump as text.
    ///
    /// # Panics
    /// When it is none.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap_or_else(|e| panic!("{}: {e}", self.name))
    }

    /// The record.
    ///
    /// # Errors
    /// When there is none.
    pub fn sheet(&self) -> Result<Sheet, Error> {
        Extractor::new().extract_named(&self.name, &self.bytes)
    }

    /// The record, as JSON.
    ///
    /// # Panics
    /// When there is none.
    pub fn record(&self) -> Value {
        let sheet = self.sheet().unwrap_or_else(|e| panic!("{}: {e}", self.name));
        serde_json::to_value(sheet).unwrap_or_else(|e| panic!("{}: {e}", self.name))
    }

    /// What the layout reader sees.
    ///
    /// # Panics
    /// When it sees nothing.
    pub fn document(&self) -> Document {
        chohyo_layout::read(&self.bytes, &Options::default()).unwrap_or_else(|e| panic!("{}: {e}", self.name))
    }

    /// The truth, written by hand.
    ///
    /// # Panics
    /// When there is none.
    pub fn truth(&self) -> Value {
        let path = folder().join("golden").join(format!("{}.json", self.name));
        let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    }
}
