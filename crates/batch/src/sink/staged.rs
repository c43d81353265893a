//! A file that gets its name when it is complete.

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

    /// Writes a line, and its line feed.
    pub(crate) fn line(&mut self, line: &[u8]) -> Result<(), Error> {
        let written = self.writer.write_all(line).and_then(|()| self.writer.write_all(b"\n"));
        written.map_err(|e| Error::io(ErrorKind::Write, &self.partial, e))
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

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_name_is_given_at_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = Staged::create(folder.path(), "a.jsonl").unwrap();
        file.line(b"1").unwrap();
        assert!(folder.path().join("a.jsonl.partial").exists());
        assert!(!folder.path().join("a.jsonl").exists());
        file.complete().unwrap().publish().unwrap();
        assert_eq!(fs::read(folder.path().join("a.jsonl")).unwrap(), b"1\n");
        assert!(!folder.path().join("a.jsonl.partial").exists());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_an_error_that_names_the_file() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/dev/full", folder.path().join("a.jsonl.partial")).unwrap();
        // Be it told by the first line, or when the buffer is written at the end.
        for length in [1, 1 << 20] {
            let mut file = Staged::create(folder.path(), "a.jsonl").unwrap();
            let error = file.line(&vec![b'1'; length]).and_then(|()| file.complete().map(drop)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Write);
            assert!(error.to_string().contains("a.jsonl.partial"), "{error}");
            assert!(!folder.path().join("a.jsonl").exists());
        }
    }
}
