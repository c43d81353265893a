//! The sink of all formats that hold tables: rows are made once and given to each of them.

use crate::Error;
use crate::sink::catalog::{Catalog, Rows};
use crate::sink::table::Value;
use crate::sink::{Complete, Entry, Sink};

/// Writes the rows of a [`Catalog`]'s tables in one format.
pub(crate) trait Writer: Rows {
    /// As [`Sink::finish`].
    fn finish(self: Box<Self>) -> Result<Vec<Complete>, Error>;
}

/// Turns entries into rows, for any number of writers.
pub(crate) struct Tabular {
    catalog: Catalog,
    writers: Writers,
    files: i64,
}

struct Writers(Vec<Box<dyn Writer>>);

impl Rows for Writers {
    fn row(&mut self, table: usize, row: &[Value<'_>]) -> Result<(), Error> {
        self.0.iter_mut().try_for_each(|writer| writer.row(table, row))
    }
}

impl Tabular {
    pub(crate) fn new(catalog: Catalog, writers: Vec<Box<dyn Writer>>) -> Self {
        Self { catalog, writers: Writers(writers), files: 0 }
    }
}

impl Sink for Tabular {
    fn write(&mut self, entry: &Entry<'_>) -> Result<(), Error> {
        self.files += 1;
        self.catalog.rows(self.files, entry, &mut self.writers)
    }

    fn finish(self: Box<Self>) -> Result<Vec<Complete>, Error> {
        let mut complete = Vec::new();
        for writer in self.writers.0 {
            complete.extend(writer.finish()?);
        }
        Ok(complete)
    }
}
