//! A file of bytes that gets its name when it is complete.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::sink::{Complete, partial_name};
use crate::{Error, ErrorKind};

/// A file under the name `NAME.partial`, written through a buffer.
#[derive(Debug)]
pub(crate) struct Staged {
    writer: BufWriter<File>,
    partial: PathBuf,
    name: PathBuf,
}

impl Staged {
    /// Begins the file `name` in `folder`. What an earlier run left unfinished is overwritten.
    pub(crate) fn create(folder: &Path, name: &str) -> Result<Self, Error> {
        let name = folder.join(name);
        let partial = partial_name(&name);
        let file = File::create(&partial).map_err(|e| Error::io(ErrorKind::Output, &partial, e))?;
        Ok(Self { writer: BufWriter::new(file), partial, name })
    }

    pub(crate) fn partial(&self) -> &Path {
        &self.partial
    }

    /// Sees its bytes on the disk; the name is left to be given.
    pub(crate) fn complete(self) -> Result<Complete, Error> {
        let synced =
            self.writer.into_inner().map_err(io::IntoInnerError::into_error).and_then(|f| f.sync_all());
        synced.map_err(|e| Error::io(ErrorKind::Write, &self.partial, e))?;
        Ok(Complete::new(self.partial, self.name))
    }
}

impl Write for Staged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}
