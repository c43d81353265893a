//! What the records of a batch are written into.

mod catalog;
mod columns;
mod complete;
mod csv;
mod jsonl;
#[cfg(feature = "parquet")]
mod parquet;
mod part;
mod record;
#[cfg(feature = "sqlite")]
mod sqlite;
mod staged;
#[cfg_attr(
    not(all(feature = "parquet", feature = "sqlite")),
    allow(dead_code, reason = "CSV asks less of a table than these do")
)]
mod table;
mod tabular;

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use chohyo_extract::Form;

pub use complete::Complete;
pub(crate) use complete::partial_name;
pub use record::Record;
pub(crate) use staged::Staged;

use crate::sink::catalog::Catalog;
use crate::sink::tabular::{Tabular, Writer};
use crate::{Error, Failure};

/// Takes what came of each file, in the order of the input.
///
/// A sink writes under names that end in `.partial`. [`finish`](Sink::finish) ends its files and hands them over, and
/// whoever drives the sinks gives the names when all of them are finished: a name without `.partial` stands for
/// a file that is complete, and the files of one run appear together.
pub trait Sink {
    /// Takes one file.
    ///
    /// # Errors
    /// [`ErrorKind::Write`](crate::ErrorKind::Write) when it cannot be written. Nothing is to be written to the sink after that.
    fn write(&mut self, entry: &Entry<'_>) -> Result<(), Error>;

    /// True when it asks records for their [sheets](Record::sheet). They are parsed by other threads then, ahead of it.
    fn wants_sheets(&self) -> bool {
        true
    }

    /// Ends the files and sees them on the disk, without giving them their names.
    ///
    /// # Errors
    /// [`ErrorKind::Write`](crate::ErrorKind::Write), as when a disk is full.
    fn finish(self: Box<Self>) -> Result<Vec<Complete>, Error>;
}

/// What came of one file of the input: a record, a failure, or neither when its content was met before.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The file.
    pub file: &'a FileRow,
    /// Its record.
    pub record: Option<&'a Record>,
    /// Why there is no record.
    pub failure: Option<&'a Failure>,
}

/// A file of the input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileRow {
    /// The path as it was found, from the argument on.
    pub path: String,
    /// True when the path is no Unicode, and `path` is percent-encoded for that.
    pub path_escaped: bool,
    /// SHA-256 of the content in lower-case hexadecimal; `None` when the content could not be read.
    pub sha256: Option<String>,
    /// Size of the content in bytes.
    pub bytes: Option<u64>,
    /// Path of the file before this one that has the same content; the record is that file's.
    pub same_as: Option<String>,
}

/// What records are written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Format {
    /// `records.jsonl`: one record a line.
    Jsonl,
    /// `TABLE.csv` for each of the [tables](crate::tables).
    Csv,
    /// `TABLE.parquet` for each of the [tables](crate::tables).
    #[cfg(feature = "parquet")]
    Parquet,
    /// `records.sqlite` with the [tables](crate::tables).
    #[cfg(feature = "sqlite")]
    Sqlite,
}

impl Format {
    /// Every format that this build can write.
    pub const ALL: &[Self] = &[
        Self::Jsonl,
        Self::Csv,
        #[cfg(feature = "parquet")]
        Self::Parquet,
        #[cfg(feature = "sqlite")]
        Self::Sqlite,
    ];

    /// The name of the format: `jsonl`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            #[cfg(feature = "parquet")]
            Self::Parquet => "parquet",
            #[cfg(feature = "sqlite")]
            Self::Sqlite => "sqlite",
        }
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        Self::ALL.iter().copied().find(|f| f.name() == name).ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

/// A name that is no [`Format`] of this build.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no format of this build; there are {known}", known = names())]
pub struct UnknownFormat(String);

fn names() -> String {
    Format::ALL.iter().map(|f| f.name()).collect::<Vec<_>>().join(", ")
}

/// What to write, and how.
#[derive(Clone, Debug)]
pub(crate) struct SinkOptions {
    pub(crate) formats: Vec<Format>,
    /// CSV begins with a byte order mark, by which Excel knows UTF-8.
    pub(crate) byte_order_mark: bool,
}

impl Default for SinkOptions {
    fn default() -> Self {
        Self { formats: vec![Format::Jsonl], byte_order_mark: false }
    }
}

/// The sinks of a run, fed together.
pub(crate) struct Sinks(Vec<Box<dyn Sink>>);

impl Sinks {
    /// Begins the files in `folder`; a format that is named twice is written once.
    /// `forms` are those that the sheets are read with.
    pub(crate) fn create(folder: &Path, options: &SinkOptions, forms: &[Arc<Form>]) -> Result<Self, Error> {
        let catalog = Catalog::new(forms.iter().map(Arc::as_ref));
        let mut sinks: Vec<Box<dyn Sink>> = Vec::new();
        let mut writers: Vec<Box<dyn Writer>> = Vec::new();
        for format in Format::ALL.iter().filter(|f| options.formats.contains(f)) {
            match format {
                Format::Jsonl => sinks.push(Box::new(jsonl::Jsonl::create(folder)?)),
                Format::Csv => {
                    writers.push(Box::new(csv::Csv::create(folder, &catalog, options.byte_order_mark)?));
                }
                #[cfg(feature = "parquet")]
                Format::Parquet => writers.push(Box::new(parquet::Parquet::create(folder, &catalog)?)),
                #[cfg(feature = "sqlite")]
                Format::Sqlite => writers.push(Box::new(sqlite::Sqlite::create(folder, &catalog)?)),
            }
        }
        if !writers.is_empty() {
            sinks.push(Box::new(Tabular::new(catalog, writers)));
        }
        Ok(Self(sinks))
    }

    pub(crate) fn add(&mut self, sinks: Vec<Box<dyn Sink>>) {
        self.0.extend(sinks);
    }

    pub(crate) fn want_sheets(&self) -> bool {
        self.0.iter().any(|sink| sink.wants_sheets())
    }

    pub(crate) fn write(&mut self, entry: &Entry<'_>) -> Result<(), Error> {
        self.0.iter_mut().try_for_each(|sink| sink.write(entry))
    }

    /// Ends all files; none has its name yet.
    pub(crate) fn finish(self) -> Result<Vec<Complete>, Error> {
        let mut complete = Vec::new();
        for sink in self.0 {
            complete.extend(sink.finish()?);
        }
        Ok(complete)
    }
}

impl std::fmt::Debug for Sinks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} sinks", self.0.len())
    }
}

#[cfg(test)]
mod tests;
