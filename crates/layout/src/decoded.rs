//! How much encoded data decodes to, found without holding more of it than a limit allows.

use std::io::{self, Read};

use flate2::read::{DeflateDecoder, ZlibDecoder};

/// A filter whose output may be longer than its input (ISO 32000-1, 7.4), and what else decodes text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coding {
    Hexadecimal,
    Base85,
    RunLength,
    Lzw,
    Flate,
    /// Leaves the data as long as it is.
    Same,
}

impl Coding {
    /// Bytes that one byte of input can become at most.
    fn most(self) -> u64 {
        match self {
            Self::Hexadecimal | Self::Same => 1,
            // A z is four zeros.
            Self::Base85 => 4,
            Self::RunLength => 64,
            // A code of at least nine bits is a string of at most 3,840 bytes.
            Self::Lzw => 3_840,
            // A match of 258 bytes takes at least two bits.
            Self::Flate => 1_032,
        }
    }
}

/// What data of this length can decode to at most.
pub(crate) fn bound(length: usize, codings: &[Coding]) -> u64 {
    codings.iter().fold(length as u64, |length, coding| length.saturating_mul(coding.most()))
}

/// What `data` decodes to in bytes; more than `limit` is `limit + 1`. Data that is damaged counts as far as it
/// can be decoded.
pub(crate) fn length(data: &[u8], codings: &[Coding], limit: u64) -> u64 {
    if bound(data.len(), codings) <= limit && codings.len() > 1 {
        return bound(data.len(), codings);
    }
    let Some((last, before)) = codings.split_last() else { return data.len() as u64 };
    let mut current = Vec::new();
    for (i, coding) in before.iter().enumerate() {
        let input = if i == 0 { data } else { &current };
        let mut output = Vec::new();
        if !decode(input, *coding, limit, &mut output) {
            return bound(data.len(), codings).min(limit + 1);
        }
        if output.len() as u64 > limit {
            return limit + 1;
        }
        current = output;
    }
    count(if before.is_empty() { data } else { &current }, *last, limit)
}

fn count(data: &[u8], coding: Coding, limit: u64) -> u64 {
    match coding {
        Coding::Flate => {
            let counted = |reader: &mut dyn Read| drain(reader, limit);
            // Some data has no zlib header; damaged data is counted as far as it goes.
            counted(&mut ZlibDecoder::new(data)).max(counted(&mut DeflateDecoder::new(data)))
        }
        Coding::RunLength => run_length(data).map(|(length, _)| length as u64).sum::<u64>().min(limit + 1),
        Coding::Lzw => lzw_length(data, limit),
        Coding::Hexadecimal | Coding::Base85 | Coding::Same => bound(data.len(), &[coding]).min(limit + 1),
    }
}

fn drain(reader: &mut dyn Read, limit: u64) -> u64 {
    let mut buffer = [0; 8 << 10];
    let mut total = 0;
    while total <= limit {
        match reader.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => total += read as u64,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => break,
        }
    }
    total.min(limit + 1)
}

/// Decodes at most `limit + 1` bytes; false when it is not known how.
fn decode(data: &[u8], coding: Coding, limit: u64, output: &mut Vec<u8>) -> bool {
    match coding {
        Coding::Flate => {
            // What could be decoded before damage was met is kept.
            let _ = ZlibDecoder::new(data).take(limit + 1).read_to_end(output);
            if output.is_empty() {
                let _ = DeflateDecoder::new(data).take(limit + 1).read_to_end(output);
            }
        }
        Coding::RunLength => {
            for (length, bytes) in run_length(data) {
                if output.len() as u64 > limit {
                    break;
                }
                match bytes {
                    [byte] => output.resize(output.len() + length, *byte),
                    bytes => output.extend_from_slice(bytes),
                }
            }
        }
        Coding::Hexadecimal => {
            let digits: Vec<u8> =
                data.iter().filter_map(|&b| char::from(b).to_digit(16)).map(|d| d as u8).collect();
            output.extend(digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).unwrap_or(&0)));
        }
        Coding::Base85 => base85(data, output),
        Coding::Same => output.extend_from_slice(data),
        Coding::Lzw => return false,
    }
    true
}

/// Five digits are four bytes, a z four zeros; of the last n digits come n - 1 bytes.
fn base85(data: &[u8], output: &mut Vec<u8>) {
    let (mut group, mut count) = (0_u32, 0);
    for &byte in data {
        match byte {
            b'~' => break,
            b'z' if count == 0 => output.extend_from_slice(&[0; 4]),
            b'!'..=b'u' => {
                group = group.wrapping_mul(85).wrapping_add(u32::from(byte - b'!'));
                count += 1;
                if count == 5 {
                    output.extend_from_slice(&group.to_be_bytes());
                    (group, count) = (0, 0);
                }
            }
            _ => {}
        }
    }
    if count > 1 {
        let whole = (count..5).fold(group, |group, _| group.wrapping_mul(85).wrapping_add(84));
        output.extend_from_slice(&whole.to_be_bytes()[..count - 1]);
    }
}

/// Runs: how long, and the bytes (one that is repeated, or all of them).
fn run_length(mut data: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    std::iter::from_fn(move || {
        let (&head, rest) = data.split_first()?;
        let (length, taken) = match head {
            128 => return None,
            0..=127 => (usize::from(head) + 1, usize::from(head) + 1),
            _ => (257 - usize::from(head), 1),
        };
        let bytes = rest.get(..taken.min(rest.len()))?;
        data = &rest[bytes.len()..];
        Some((length, bytes))
    })
}

/// The length of what LZW codes stand for: each adds a string one longer than that of the code before it.
fn lzw_length(data: &[u8], limit: u64) -> u64 {
    const CLEAR: usize = 256;
    const END: usize = 257;
    let mut lengths: Vec<u64> = Vec::with_capacity(4096);
    let (mut total, mut open, mut width) = (0, 0_u32, 0);
    let mut before = None;
    for &byte in data {
        open = open << 8 | u32::from(byte);
        width += 8;
        // Codes grow one entry early, as all but few writers have it.
        let bits = match 258 + lengths.len() + 1 {
            0..512 => 9,
            512..1024 => 10,
            1024..2048 => 11,
            _ => 12,
        };
        if width < bits {
            continue;
        }
        width -= bits;
        let code = (open >> width) as usize;
        open &= (1 << width) - 1;
        match code {
            CLEAR => {
                lengths.clear();
                before = None;
                continue;
            }
            END => break,
            _ => {}
        }
        let known = if code < CLEAR { Some(1) } else { lengths.get(code - 258).copied() };
        let length = match (known, before) {
            (Some(length), _) => length,
            (None, Some(before)) => before + 1,
            (None, None) => break,
        };
        if let Some(before) = before
            && lengths.len() < 4096 - 258
        {
            lengths.push(before + 1);
        }
        before = Some(length);
        total += length;
        if total > limit {
            return limit + 1;
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_those_of_the_decoded_data() {
        // "-----A---B", the example of ISO 32000-1, 7.4.4.2.
        let lzw = [0x80, 0x0b, 0x60, 0x50, 0x22, 0x0c, 0x0c, 0x85, 0x01];
        assert_eq!(length(&lzw, &[Coding::Lzw], 100), 10);
        assert_eq!(length(&lzw, &[Coding::Lzw], 5), 6);
        assert_eq!(length(&[4, 10, 11, 12, 13, 14, 253, 3, 128], &[Coding::RunLength], 100), 10 - 1);
        // "Hello" as zlib data.
        let zlib = [0x78, 0x9c, 0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x05, 0x8c, 0x01, 0xf5];
        assert_eq!(length(&zlib, &[Coding::Flate], 100), 5);
        assert_eq!(length(&zlib[2..], &[Coding::Flate], 100), 5);
        assert_eq!(length(b"789cf348cdc9c907 00058c01f5>", &[Coding::Hexadecimal, Coding::Flate], 4), 5);
        assert_eq!(length(b"abc", &[], 100), 3);
        // "Man " and what is left over.
        let mut text = Vec::new();
        base85(b"9jqo^9j~>", &mut text);
        assert_eq!(text, b"Man M");
    }

    #[test]
    fn a_bound_does_not_overflow() {
        assert_eq!(bound(1 << 20, &[Coding::Flate; 1000]), u64::MAX);
        assert_eq!(bound(7, &[]), 7);
    }
}
