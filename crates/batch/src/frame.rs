//! What goes over the pipes between the batch and its workers: frames of a tag, a length and that many bytes.

use std::io::{self, Read, Write};

/// To the worker, first: how it is to read, as JSON.
pub(crate) const SETUP: u8 = b'S';
/// From the worker: it is set up.
pub(crate) const READY: u8 = b'Y';
/// To the worker: the hash of a file, and its bytes.
pub(crate) const FILE: u8 = b'F';
/// From the worker: the file is a sheet, and it asks what the witness says of it.
#[cfg(feature = "witness")]
pub(crate) const ASK: u8 = b'A';
/// To the worker, as an answer to that.
#[cfg(feature = "witness")]
pub(crate) const TESTIMONY: u8 = b'T';
/// From the worker: the record, as one line of JSON without its line feed.
pub(crate) const RECORD: u8 = b'R';
/// From the worker: why there is none, as JSON.
pub(crate) const CAUSE: u8 = b'C';

/// Longest payload that is taken. A record is smaller than its file by far; what is longer is no record.
pub(crate) const MOST: u64 = 1 << 30;

/// Writes one frame, and sees it on its way.
pub(crate) fn write(out: &mut impl Write, tag: u8, payload: &[u8]) -> io::Result<()> {
    write_both(out, tag, b"", payload)
}

/// The same with a payload of two parts.
pub(crate) fn write_both(out: &mut impl Write, tag: u8, first: &[u8], second: &[u8]) -> io::Result<()> {
    let mut head = [tag; 9];
    head[1..].copy_from_slice(&(first.len() as u64 + second.len() as u64).to_le_bytes());
    out.write_all(&[&head, first].concat())?;
    out.write_all(second)?;
    out.flush()
}

/// Reads one frame; `None` where the stream ends between two.
pub(crate) fn read(input: &mut impl Read) -> io::Result<Option<(u8, Vec<u8>)>> {
    let mut tag = [0];
    if input.read(&mut tag)? == 0 {
        return Ok(None);
    }
    let mut length = [0; 8];
    input.read_exact(&mut length)?;
    let length = u64::from_le_bytes(length);
    if length > MOST {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a frame longer than any record"));
    }
    let mut payload = Vec::new();
    payload.try_reserve_exact(length as usize).map_err(|_| io::ErrorKind::OutOfMemory)?;
    if input.take(length).read_to_end(&mut payload)? as u64 != length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some((tag[0], payload)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_back_and_a_cut_one_is_an_error() {
        let mut stream = Vec::new();
        write(&mut stream, FILE, b"abc").unwrap();
        write_both(&mut stream, CAUSE, b"", b"").unwrap();
        write_both(&mut stream, FILE, b"hash", b"file").unwrap();
        let mut input = stream.as_slice();
        assert_eq!(read(&mut input).unwrap(), Some((FILE, b"abc".to_vec())));
        assert_eq!(read(&mut input).unwrap(), Some((CAUSE, Vec::new())));
        assert_eq!(read(&mut input).unwrap(), Some((FILE, b"hashfile".to_vec())));
        assert_eq!(read(&mut input).unwrap(), None);
        for cut in 1..12 {
            assert!(read(&mut &stream[..cut]).is_err(), "{cut}");
        }
    }

    #[test]
    fn a_length_that_no_record_has_is_refused_before_anything_is_allocated() {
        let mut stream = vec![RECORD];
        stream.extend(u64::MAX.to_le_bytes());
        assert_eq!(read(&mut stream.as_slice()).unwrap_err().kind(), io::ErrorKind::InvalidData);
    }
}
