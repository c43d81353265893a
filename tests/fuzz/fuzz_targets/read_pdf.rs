//! Any PDF gives pages or a typed error, and keeps what the layout promises. What the PDF engine does is contained there;
//! here its panics are only noted, by their place, with the first input that led to each.

#![no_main]

use std::collections::BTreeSet;
use std::fs;
use std::panic::PanicHookInfo;
use std::path::Path;
use std::sync::Mutex;

use chohyo_extract::Extractor;
use chohyo_layout::{Document, Limits, Options, read};
use libfuzzer_sys::fuzz_target;

/// Where in the engine the current input made it panic.
static PANICS: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

fuzz_target!(init: note_panics_of_the_engine(), |bytes: &[u8]| {
    if !bytes.windows(5).take(1024).any(|window| window == b"%PDF-") {
        return;
    }
    let mut options = Options::default();
    options.limits = limits();
    let first = read(bytes, &options);
    let second = read(bytes, &options);
    keep_panics_of_the_engine(bytes);
    match (first, second) {
        (Ok(first), Ok(second)) => {
            every_glyph_is_in_one_line(&first);
            assert!(format!("{first:?}") == format!("{second:?}"), "the same bytes, another document");
            let _ = Extractor::new().extract_document(&first);
        }
        (Err(first), Err(second)) => assert_eq!(first.kind(), second.kind()),
        (first, second) => panic!("once {:?}, once {:?}", first.err(), second.err()),
    }
});

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.pages = 20;
    limits.glyphs_per_page = 20_000;
    limits
}

fn every_glyph_is_in_one_line(document: &Document) {
    for page in &document.pages {
        let mut lines = vec![0_u32; page.glyphs.len()];
        for line in &page.lines {
            for glyph in &line.glyphs {
                lines[*glyph as usize] += 1;
            }
        }
        assert!(lines.iter().all(|&n| n == 1), "page {}: a glyph in no line or in two", page.number);
    }
}

/// A panic in our code ends the fuzzer; one in the engine is caught by the layout, and noted.
fn note_panics_of_the_engine() {
    let ends = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info: &PanicHookInfo<'_>| {
        let place = info.location().map(|l| (l.file().to_owned(), l.line()));
        match place {
            Some((file, line)) if file.contains("/registry/") => {
                let crate_file = file.rsplit("/registry/src/").next().unwrap_or(&file);
                let name = crate_file.split_once('/').map_or(crate_file, |(_, rest)| rest);
                if let Ok(mut panics) = PANICS.lock() {
                    panics.insert(format!("{}-{line}", name.replace('/', "_")));
                }
            }
            // The standard library's own panics have the caller's place, so this one is ours.
            _ => ends(info),
        }
    }));
}

fn keep_panics_of_the_engine(bytes: &[u8]) {
    let Ok(mut panics) = PANICS.lock() else { return };
    for place in std::mem::take(&mut *panics) {
        let folder = Path::new("artifacts/read_pdf/engine");
        let file = folder.join(format!("{place}.pdf"));
        if !file.exists() && fs::create_dir_all(folder).is_ok() {
            // Without the file the finding is lost, not the run.
            let _ = fs::write(file, bytes);
        }
    }
}
