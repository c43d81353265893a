//! Little data that decodes to much.
//!
//! Written code by code: a compressor would have to be given the much first.

/// Data with long runs of zeros in it.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Bytes(Vec<u8>),
    Zeros(u64),
}

/// All of it in one piece.
pub(super) fn flat(parts: &[Part]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in parts {
        match part {
            Part::Bytes(data) => bytes.extend_from_slice(data),
            Part::Zeros(count) => bytes.resize(bytes.len() + *count as usize, 0),
        }
    }
    bytes
}

/// `count` zeros as `/FlateDecode` data, compressed `times` times.
pub(super) fn flate(count: u64, times: usize) -> Vec<u8> {
    flat(&(0..times).fold(vec![Part::Zeros(count)], |parts, _| zlib(&parts)))
}

/// As zlib data (RFC 1950, RFC 1951): zeros become 1,032 times less, the rest is stored.
pub(super) fn zlib(parts: &[Part]) -> Vec<Part> {
    let mut out = vec![Part::Bytes(vec![0x78, 0x9c])];
    let mut sum = Adler(1, 0);
    for part in parts {
        match part {
            Part::Bytes(data) => {
                sum.bytes(data);
                stored(&mut out, data);
            }
            Part::Zeros(count) => {
                sum.zeros(*count);
                zeros(&mut out, *count);
            }
        }
    }
    // An empty stored block that is the last.
    out.push(Part::Bytes(vec![1, 0, 0, 0xff, 0xff]));
    out.push(Part::Bytes(sum.value().to_be_bytes().to_vec()));
    out
}

fn stored(out: &mut Vec<Part>, data: &[u8]) {
    for block in data.chunks(0xffff) {
        let length = block.len() as u16;
        let [a, b] = length.to_le_bytes();
        out.push(Part::Bytes([&[0, a, b, !a, !b], block].concat()));
    }
}

/// A block with codes of its own: "0" for a match of 258 bytes, "10" for a zero, "11" for the end; "0" for
/// the one distance, 1.
fn zeros(out: &mut Vec<Part>, count: u64) {
    if count == 0 {
        return;
    }
    let mut bits = Bits::default();
    bits.put(0b100, 3);
    // 286 codes of literals and lengths, 1 of distances; 18 lengths of the codes of code lengths, in the order
    // 16 17 18 0 8 7 9 6 10 5 11 4 12 3 13 2 14 1: a run of codes not used (18) is "0", a length of 1 "10", of
    // 2 "11".
    bits.put(286 - 257, 5);
    bits.put(0, 5);
    bits.put(18 - 4, 4);
    for length in [0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 2] {
        bits.put(length, 3);
    }
    let (one, two) = (0b01, 0b11);
    let unused = |bits: &mut Bits, count: u32| {
        bits.put(0, 1);
        bits.put(count - 11, 7);
    };
    bits.put(two, 2);
    unused(&mut bits, 138);
    unused(&mut bits, 117);
    bits.put(two, 2);
    unused(&mut bits, 28);
    bits.put(one, 2);
    bits.put(one, 2);
    let (matches, literals) = ((count - 1) / 258, (count - 1) % 258 + 1);
    for _ in 0..literals {
        bits.put(0b01, 2);
    }
    // A match is two zero bits.
    let (total, filling) = (2 * matches, (8 - bits.count) % 8);
    if let Some(after) = total.checked_sub(u64::from(filling)) {
        bits.put(0, filling);
        out.push(Part::Bytes(std::mem::take(&mut bits.bytes)));
        out.push(Part::Zeros(after / 8));
        bits.put(0, (after % 8) as u32);
    } else {
        bits.put(0, total as u32);
    }
    bits.put(0b11, 2);
    // An empty stored block ends at a whole byte.
    bits.put(0, 3);
    bits.put(0, (8 - bits.count) % 8);
    bits.bytes.extend_from_slice(&[0, 0, 0xff, 0xff]);
    out.push(Part::Bytes(bits.bytes));
}

/// Bits, the lowest first.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    open: u32,
    count: u32,
}

impl Bits {
    fn put(&mut self, value: u32, count: u32) {
        self.open |= value << self.count;
        self.count += count;
        while self.count >= 8 {
            self.bytes.push(self.open as u8);
            self.open >>= 8;
            self.count -= 8;
        }
    }
}

/// The check sum of zlib data.
struct Adler(u64, u64);

const ADLER: u64 = 65_521;

impl Adler {
    fn bytes(&mut self, data: &[u8]) {
        for &byte in data {
            self.0 = (self.0 + u64::from(byte)) % ADLER;
            self.1 = (self.1 + self.0) % ADLER;
        }
    }

    fn zeros(&mut self, count: u64) {
        self.1 = (self.1 + count % ADLER * self.0) % ADLER;
    }

    fn value(&self) -> u32 {
        (self.1 << 16 | self.0) as u32
    }
}

/// About `count` zeros as `/LZWDecode` data: each code is a string one longer than the one before.
pub(super) fn lzw(count: u64) -> Vec<u8> {
    let (mut bytes, mut open, mut width) = (Vec::new(), 0_u64, 0);
    let mut put = |code: u64, bits: u32| {
        open = open << bits | code;
        width += bits;
        while width >= 8 {
            width -= 8;
            bytes.push((open >> width) as u8);
            open &= (1 << width) - 1;
        }
    };
    let mut written = 0;
    let mut bits = 9;
    while written < count {
        put(256, bits);
        put(0, 9);
        written += 1;
        // A code of the table that the code itself completes; codes grow one entry early.
        for code in 258..4_094_u64 {
            bits = 9 + u32::from(code >= 511) + u32::from(code >= 1_023) + u32::from(code >= 2_047);
            put(code, bits);
            written += code - 256;
        }
    }
    put(257, 12);
    put(0, 8);
    bytes
}

/// `count` zeros as `/RunLengthDecode` data.
pub(super) fn run_length(count: u64) -> Vec<u8> {
    let mut bytes = [129, 0].repeat((count / 128) as usize);
    bytes.push(128);
    bytes
}
