//! Files and standard input.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use chohyo_layout::Limits;

/// The bytes of a file, or of standard input for `-`. Reading stops one byte past the default limit, which is enough
/// for the reader to refuse them.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.take(Limits::default().bytes as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A file, or standard input for `-`.
pub(crate) fn open(path: &Path) -> io::Result<Box<dyn Read>> {
    if is_stdin(path) {
        Ok(Box::new(io::stdin().lock()))
    } else if fs::metadata(path)?.is_dir() {
        Err(io::Error::new(io::ErrorKind::IsADirectory, "is a folder: chohyo batch reads folders"))
    } else {
        Ok(Box::new(File::open(path)?))
    }
}

/// The file's name without its folder, as records have it; empty for standard input.
pub(crate) fn name(path: &Path) -> Cow<'_, str> {
    if is_stdin(path) { Cow::Borrowed("") } else { path.file_name().unwrap_or_default().to_string_lossy() }
}

/// What to call the input before a person.
pub(crate) fn title(path: &Path) -> String {
    if is_stdin(path) { "standard input".to_owned() } else { path.display().to_string() }
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}
