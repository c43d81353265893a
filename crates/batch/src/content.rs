//! The bytes of a file, and their name.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::failure::{Cause, FailureKind};

/// SHA-256 of the bytes of a file: what the journal knows a file by.
pub(crate) type Hash = [u8; 32];

/// The bytes of a file and their hash.
#[derive(Debug)]
pub(crate) struct Content {
    pub(crate) bytes: Vec<u8>,
    pub(crate) hash: Hash,
}

impl Content {
    /// Reads a file of at most `most` bytes. What is not a regular file is refused, and never waited for.
    pub(crate) fn read(path: &Path, most: usize) -> Result<Self, Cause> {
        let io = |e: io::Error| Cause::new(FailureKind::Io, e.to_string());
        let file = open(path).map_err(io)?;
        let metadata = file.metadata().map_err(io)?;
        if !metadata.is_file() {
            let what = if metadata.is_dir() { "a folder" } else { "a pipe, a socket or a device" };
            return Err(Cause::new(FailureKind::Io, format!("{what}, and not a file")));
        }
        let too_large = |size: u64| {
            Cause::new(FailureKind::TooLarge, format!("too large: {size} bytes, the limit is {most}"))
        };
        if metadata.len() > most as u64 {
            return Err(too_large(metadata.len()));
        }
        let mut bytes = Vec::with_capacity(metadata.len() as usize + 1);
        // It may have grown since.
        file.take(most as u64 + 1).read_to_end(&mut bytes).map_err(io)?;
        if bytes.len() > most {
            return Err(too_large(bytes.len() as u64));
        }
        let hash = Sha256::digest(&bytes).into();
        Ok(Self { bytes, hash })
    }
}

/// Opens a file for reading. Opening a pipe would wait for its writer; with this flag it does not.
#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let flags = rustix::fs::OFlags::NONBLOCK.bits();
    OpenOptions::new().read(true).custom_flags(flags.cast_signed()).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).open(path)
}

/// Bytes in lower-case hexadecimal.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |d: u8| char::from_digit(u32::from(d), 16).unwrap_or('0');
    bytes.iter().flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect()
}

/// A hash from its hexadecimal digits.
pub(crate) fn hash_of(digits: &str) -> Option<Hash> {
    let mut hash = [0; 32];
    if digits.len() != 64 || !digits.is_ascii() {
        return None;
    }
    for (i, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(digits.get(2 * i..2 * i + 2)?, 16).ok()?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_and_its_digits() {
        let hash: Hash = Sha256::digest(b"abc").into();
        let digits = hexadecimal(&hash);
        assert!(digits.starts_with("ba7816bf"), "{digits}");
        assert_eq!(hash_of(&digits), Some(hash));
        assert_eq!(hash_of(&digits[1..]), None);
        assert_eq!(hash_of(&digits.replace('b', "x")), None);
    }

    #[test]
    fn what_is_too_large_or_no_file_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.pdf");
        std::fs::write(&path, b"12345").unwrap();
        assert_eq!(Content::read(&path, 5).unwrap().bytes, b"12345");
        assert_eq!(Content::read(&path, 4).unwrap_err().kind, FailureKind::TooLarge);
        let folder = Content::read(folder.path(), 5).unwrap_err();
        assert_eq!(folder.kind, FailureKind::Io);
        assert_eq!(Content::read(Path::new("no/such.pdf"), 5).unwrap_err().kind, FailureKind::Io);
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_that_nobody_writes_to_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.pdf");
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        let cause = Content::read(&path, 5).unwrap_err();
        assert_eq!(
            (cause.kind, cause.message.as_str()),
            (FailureKind::Io, "a pipe, a socket or a device, and not a file")
        );
    }
}
