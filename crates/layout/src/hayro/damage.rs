//! Content of a page that lost bytes: what can be decoded of it is drawn, and the rest is not there.

use hayro_interpret::hayro_syntax::Filter;
use hayro_interpret::hayro_syntax::object::dict::keys::{CONTENTS, DECODE_PARMS};
use hayro_interpret::hayro_syntax::object::{Object, Stream};
use hayro_interpret::hayro_syntax::page::Page;

/// How far before the end of the data its checksum may stand: line breaks may follow it.
const TAIL: usize = 12;

/// True when the page's content is one compressed stream, and what it decodes to has another checksum (RFC 1950,
/// 2.2) than it was made with.
pub(super) fn is_damaged(page: &Page<'_>) -> bool {
    let Some(Object::Stream(stream)) = page.raw().get::<Object<'_>>(CONTENTS) else { return false };
    is_deflated(&stream)
        && page.page_stream().is_none_or(|content| {
            let data = stream.raw_data();
            let sum = adler32(content).to_be_bytes();
            let tail = &data[data.len().saturating_sub(TAIL)..];
            !content.is_empty() && !tail.windows(sum.len()).any(|w| w == sum)
        })
}

fn is_deflated(stream: &Stream<'_>) -> bool {
    matches!(stream.filters().as_slice(), [Filter::FlateDecode]) && !stream.dict().contains_key(DECODE_PARMS)
}

fn adler32(data: &[u8]) -> u32 {
    /// The most bytes whose sums do not overflow.
    const RUN: usize = 5552;
    const BASE: u32 = 65_521;
    let (mut a, mut b) = (1_u32, 0_u32);
    for run in data.chunks(RUN) {
        for &byte in run {
            a += u32::from(byte);
            b += a;
        }
        a %= BASE;
        b %= BASE;
    }
    b << 16 | a
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_checksum_is_that_of_the_format() {
        assert_eq!(super::adler32(b"Wikipedia"), 0x11e6_0398);
    }
}
