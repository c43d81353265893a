//! `TABLE.csv`.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use csv::{Terminator, WriterBuilder};

use crate::sink::Complete;
use crate::sink::catalog::{Catalog, Rows};
use crate::sink::staged::Staged;
use crate::sink::table::Value;
use crate::sink::tabular::Writer;
use crate::{Error, ErrorKind};

/// A CSV file for each table: RFC 4180, UTF-8.
pub(crate) struct Csv {
    tables: Vec<File>,
    /// Reused from cell to cell.
    number: String,
}

struct File {
    writer: csv::Writer<Staged>,
    path: PathBuf,
}

impl Csv {
    /// Begins the files; with `byte_order_mark` Excel sees that they are UTF-8.
    pub(crate) fn create(folder: &Path, catalog: &Catalog, byte_order_mark: bool) -> Result<Self, Error> {
        let mut tables = Vec::new();
        for table in catalog.tables() {
            let mut file = Staged::create(folder, &format!("{}.csv", table.name))?;
            let path = file.partial().to_owned();
            if byte_order_mark {
                io::Write::write_all(&mut file, "\u{feff}".as_bytes()).map_err(|e| error(&path, e))?;
            }
            let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(file);
            let names = table.columns.iter().map(|c| &c.name);
            writer.write_record(names).map_err(|e| error(&path, e.into()))?;
            tables.push(File { writer, path });
        }
        Ok(Self { tables, number: String::new() })
    }
}

impl Rows for Csv {
    fn row(&mut self, table: usize, row: &[Value<'_>]) -> Result<(), Error> {
        let File { writer, path } = &mut self.tables[table];
        let number = &mut self.number;
        let mut write = || {
            for value in row {
                if let Value::Text(text) = value {
                    writer.write_field(inert(text).as_bytes())?;
                } else {
                    number.clear();
                    let _ = plain(value, number);
                    writer.write_field(&number)?;
                }
            }
            writer.write_record(None::<&[u8]>)
        };
        write().map_err(|e| error(path, e.into()))
    }
}

impl Writer for Csv {
    fn finish(self: Box<Self>) -> Result<Vec<Complete>, Error> {
        let complete = |File { writer, path }: File| {
            let file = writer.into_inner().map_err(|e| error(&path, io::Error::other(e.to_string())))?;
            file.complete()
        };
        self.tables.into_iter().map(complete).collect()
    }
}

fn plain(value: &Value<'_>, text: &mut String) -> std::fmt::Result {
    match value {
        Value::Null => Ok(()),
        Value::Text(plain) => text.write_str(plain),
        Value::Integer(number) => write!(text, "{number}"),
        Value::Decimal(number) => write!(text, "{number}"),
        Value::Real(number) => write!(text, "{number}"),
        Value::Date(day) => write!(text, "{day}"),
        Value::Boolean(truth) => write!(text, "{truth}"),
    }
}

/// The text with an apostrophe before it where a spreadsheet might take it for a formula: where it begins with
/// one of `= + - @`, be they full-width, or with a control character, apostrophes before that not counted. So
/// the apostrophe can be taken off again, from whatever begins with apostrophes and one of these.
///
/// A full-width sign alone (－ is the usual null mark) is left: no formula is of one character.
fn inert(text: &str) -> Cow<'_, str> {
    let mut rest = text.trim_start_matches('\'').chars();
    let active = match rest.next() {
        Some('=' | '+' | '-' | '@') => true,
        Some('＝' | '＋' | '－' | '＠') => rest.next().is_some(),
        Some(c) => c.is_ascii_control(),
        None => false,
    };
    if active { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

fn error(path: &Path, source: io::Error) -> Error {
    Error::io(ErrorKind::Write, path, source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for text in [
            "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1", "＝1+1", "＠x", "－", "'=1",
            "''-",
        ] {
            let cell = inert(text);
            match text {
                "－" => assert_eq!(cell, text),
                _ => assert_eq!(cell, format!("'{text}")),
            }
        }
        for text in ["", "1", "人口", " =1", "'", "'人", "―", "▲5", "a=b", "・支援"] {
            assert_eq!(inert(text), text);
        }
    }
}
