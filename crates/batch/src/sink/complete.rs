//! A file that waits for its name.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use crate::{Error, ErrorKind};

/// A file that is complete and on the disk, and has yet to be given its name.
#[derive(Debug)]
#[must_use = "the file keeps its name ending in .partial until it is published"]
pub struct Complete {
    partial: PathBuf,
    name: PathBuf,
}

impl Complete {
    /// The file `partial`, which is to be called `name`.
    pub fn new(partial: PathBuf, name: PathBuf) -> Self {
        Self { partial, name }
    }

    /// The name it is to get.
    pub fn name(&self) -> &Path {
        &self.name
    }

    /// Gives the file its name. A file that has it already is replaced.
    ///
    /// # Errors
    /// [`ErrorKind::Write`] when it cannot be renamed.
    pub fn publish(self) -> Result<(), Error> {
        fs::rename(&self.partial, &self.name).map_err(|e| Error::io(ErrorKind::Write, &self.name, e))
    }
}

/// The name under which `name` is written until it is complete.
pub(crate) fn partial_name(name: &Path) -> PathBuf {
    let mut partial = OsString::from(name);
    partial.push(".partial");
    PathBuf::from(partial)
}
