//! `records.sqlite`.

use std::fmt::Write as _;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql, params_from_iter};

use crate::sink::catalog::{Catalog, Rows};
use crate::sink::table::{Column, Table, Type, Value};
use crate::sink::tabular::Writer;
use crate::sink::{Complete, partial_name};
use crate::{Error, ErrorKind};

/// One database with all tables.
pub(crate) struct Sqlite {
    connection: Connection,
    tables: Vec<Table>,
    /// For each table the statement that takes a row.
    inserts: Vec<String>,
    partial: PathBuf,
    name: PathBuf,
}

/// The database is made anew and thrown away when that fails, so nothing is gained by a journal of it; until
/// the commit rows wait in the file itself.
const SETTINGS: &str = "
PRAGMA page_size = 4096;
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA foreign_keys = ON;
BEGIN;
";

/// What people join, joined: the [views](crate::sink::catalog::VIEWS).
const VIEW_STATEMENTS: &str = "
CREATE VIEW sheets AS
SELECT f.file, f.path, f.sha256, f.form, f.municipality_code, f.municipality, f.municipality_kind, f.prefecture,
  f.fiscal_year, f.title, f.pages, f.producer,
  (SELECT count(*) FROM measures m WHERE m.file = f.file AND m.value IS NOT NULL) AS values_read,
  (SELECT count(*) FROM measures m WHERE m.file = f.file AND m.status = 'ambiguous') AS values_ambiguous,
  (SELECT count(*) FROM measures m WHERE m.file = f.file AND m.status = 'missing') AS values_missing,
  (SELECT count(*) FROM diagnostics d WHERE d.file = f.file AND d.severity <> 'info') AS warnings
FROM files f
WHERE f.read;

CREATE VIEW measures_checked AS
SELECT m.*, f.title, f.producer, f.form_match,
  (SELECT json_group_array(d.code) FROM diagnostics d, json_each(d.keys) k
    WHERE d.file = m.file AND d.severity <> 'info' AND k.value = m.key) AS warnings
FROM measures m JOIN files f ON f.file = m.file;
";

impl Sqlite {
    /// Begins the database.
    pub(crate) fn create(folder: &Path, catalog: &Catalog) -> Result<Self, Error> {
        let name = folder.join("records.sqlite");
        let partial = partial_name(&name);
        let tables = catalog.tables().to_vec();
        // An empty file is an empty database, and what an earlier run left is gone.
        File::create(&partial).map_err(|e| Error::io(ErrorKind::Output, &partial, e))?;
        let connection = Connection::open(&partial)
            .and_then(|connection| {
                connection.execute_batch(SETTINGS)?;
                tables.iter().try_for_each(|t| connection.execute_batch(&create(t)))?;
                connection.set_prepared_statement_cache_capacity(tables.len());
                Ok(connection)
            })
            .map_err(|e| error(&partial, e))?;
        let inserts = tables.iter().map(insert).collect();
        Ok(Self { connection, tables, inserts, partial, name })
    }

    /// Indices are made when the rows are there: one by one into the tree would cost many times that.
    fn end(&self) -> rusqlite::Result<()> {
        for table in &self.tables {
            for columns in &table.indices {
                // With a point, which no name of a table has: both are of one kind here.
                let index = format!("{}.{}", table.name, columns.join("."));
                let on: Vec<_> = columns.iter().map(|c| quoted(c)).collect();
                let sql =
                    format!("CREATE INDEX {} ON {} ({})", quoted(&index), quoted(&table.name), on.join(", "));
                self.connection.execute_batch(&sql)?;
            }
        }
        self.connection.execute_batch(VIEW_STATEMENTS)?;
        self.connection.execute_batch("COMMIT")
    }
}

impl Rows for Sqlite {
    fn row(&mut self, table: usize, row: &[Value<'_>]) -> Result<(), Error> {
        let insert = &self.inserts[table];
        let written =
            self.connection.prepare_cached(insert).and_then(|mut s| s.execute(params_from_iter(row)));
        written.map(drop).map_err(|e| error(&self.partial, e))
    }
}

impl Writer for Sqlite {
    fn finish(self: Box<Self>) -> Result<Vec<Complete>, Error> {
        self.end().map_err(|e| error(&self.partial, e))?;
        let Self { connection, partial, name, .. } = *self;
        connection.close().map_err(|(_, e)| error(&partial, e))?;
        let synced = File::options().write(true).open(&partial).and_then(|f| f.sync_all());
        synced.map_err(|e| Error::io(ErrorKind::Write, &partial, e))?;
        Ok(vec![Complete::new(partial, name)])
    }
}

fn create(table: &Table) -> String {
    let mut sql = format!("CREATE TABLE {} (", quoted(&table.name));
    for (index, column) in table.columns.iter().enumerate() {
        let _ = write!(
            sql,
            "{}\n  {} {}",
            if index == 0 { "" } else { "," },
            quoted(&column.name),
            constraint(table, column)
        );
    }
    sql.push_str("\n);");
    sql
}

fn constraint(table: &Table, column: &Column) -> String {
    let declared = match column.kind {
        Type::Text | Type::Key | Type::Json => "TEXT",
        Type::Integer => "INTEGER",
        // There are no decimals: an integer stays one, and what has a point becomes the nearest binary fraction.
        Type::Decimal => "NUMERIC",
        Type::Real => "REAL",
        // Text as 2020-04-01, which the date functions take; readers that know types of columns make dates of it.
        Type::Date => "DATE",
        Type::Boolean => "BOOLEAN",
    };
    match (column.name.as_str(), table.name.as_str()) {
        ("file", "files") => format!("{declared} PRIMARY KEY NOT NULL"),
        ("file", _) => format!("{declared} NOT NULL REFERENCES files (file)"),
        _ if column.required => format!("{declared} NOT NULL"),
        _ => declared.to_owned(),
    }
}

fn insert(table: &Table) -> String {
    let values = vec!["?"; table.columns.len()].join(", ");
    format!("INSERT INTO {} VALUES ({values})", quoted(&table.name))
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Self::Integer(number) => ToSqlOutput::Borrowed(ValueRef::Integer(*number)),
            Self::Decimal(number) => match i64::try_from(*number) {
                Ok(integer) if number.is_integer() => ToSqlOutput::from(integer),
                _ => ToSqlOutput::from(chohyo_extract::Number(*number).to_f64()),
            },
            Self::Real(number) => ToSqlOutput::Borrowed(ValueRef::Real(*number)),
            Self::Date(day) => ToSqlOutput::from(day.to_string()),
            Self::Boolean(truth) => ToSqlOutput::from(*truth),
        })
    }
}

/// What the disk did, where that is what failed; else what the database says.
fn error(path: &Path, source: rusqlite::Error) -> Error {
    let kind = match source.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DiskFull) => io::ErrorKind::StorageFull,
        Some(rusqlite::ErrorCode::ReadOnly) => io::ErrorKind::ReadOnlyFilesystem,
        _ => io::ErrorKind::Other,
    };
    Error::io(ErrorKind::Write, path, io::Error::new(kind, source))
}
