//! Any text dump gives a record or a typed error, and the same one twice.

#![no_main]

use chohyo_extract::extract_sheet;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // PDFs are read by an engine that is not ours.
    if bytes.windows(5).any(|window| window == b"%PDF-") {
        return;
    }
    let first = extract_sheet(bytes);
    let second = extract_sheet(bytes);
    match (first, second) {
        (Ok(first), Ok(second)) => assert!(first == second, "the same bytes, another record"),
        (Err(first), Err(second)) => assert_eq!(first.kind(), second.kind()),
        (first, second) => panic!("once {:?}, once {:?}", first.err(), second.err()),
    }
});
