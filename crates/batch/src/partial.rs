//! A file that gets its name when it is complete.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::sink::{Complete, partial_name};
use crate::{Error, ErrorKind};

/// A file of lines under the name `NAME.partial`, which becomes `NAME` when it is complete.
#[derive(Debug)]
pub(crate) struct PartialFile {
    file: File,
    partial: PathBuf,
    name: PathBuf,
    /// Length in bytes of the whole lines written.
    whole: u64,
}

impl PartialFile {
    /// Begins the file `name` in `folder`. What an earlier run left unfinished is overwritten.
    pub(crate) fn create(folder: &Path, name: &str) -> Result<Self, Error> {
        let name = folder.join(name);
        let partial = partial_name(&name);
        let file = File::create(&partial).map_err(|e| Error::io(ErrorKind::Output, &partial, e))?;
        Ok(Self { file, partial, name, whole: 0 })
    }

    /// Writes one line, which ends in its line feed, past all buffers of this process: when the process is
    /// killed, the line stands. Of a line that does not fit on the disk nothing is left.
    pub(crate) fn line(&mut self, line: &[u8]) -> Result<(), Error> {
        match self.file.write_all(line) {
            Ok(()) => {
                self.whole += line.len() as u64;
                Ok(())
            }
            Err(e) => {
                // The error to tell is the first; a second one would only hide it.
                let _ = self.file.set_len(self.whole);
                Err(self.error(e))
            }
        }
    }

    /// Sees its bytes on the disk; the name is left to be given.
    pub(crate) fn complete(self) -> Result<Complete, Error> {
        self.file.sync_all().map_err(|e| self.error(e))?;
        Ok(Complete::new(self.partial, self.name))
    }

    fn error(&self, source: io::Error) -> Error {
        Error::io(ErrorKind::Write, &self.partial, source)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_name_is_given_at_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = PartialFile::create(folder.path(), "a.jsonl").unwrap();
        file.line(b"1\n").unwrap();
        assert_eq!(fs::read(folder.path().join("a.jsonl.partial")).unwrap(), b"1\n");
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
        let mut file = PartialFile::create(folder.path(), "a.jsonl").unwrap();
        let error = file.line(b"1\n").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Write);
        assert!(error.to_string().contains("a.jsonl.partial"), "{error}");
        assert!(!folder.path().join("a.jsonl").exists());
    }
}
