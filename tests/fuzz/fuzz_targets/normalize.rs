//! The laws of the normaliser, on any text: they are those of `crates/normalize/tests/properties.rs`.

#![no_main]

use chohyo_normalize::{Context, Found, Period, fold, is_null_mark, is_placeholder, number, period, scan};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = valid(bytes);
    fold_keeps_its_laws(&text);
    scan_keeps_its_laws(&text);
    whole_texts_do_not_panic(&text);
    // As cells come: a line each.
    text.lines().for_each(whole_texts_do_not_panic);
});

/// What is UTF-8 in the bytes. A mutation cuts characters in two all the time; what stands around them is kept.
fn valid(bytes: &[u8]) -> String {
    bytes.utf8_chunks().map(|chunk| chunk.valid()).collect()
}

fn fold_keeps_its_laws(source: &str) {
    let folded = fold(source);
    assert_eq!(fold(folded.text()).text(), folded.text(), "folding is idempotent");

    // The map is monotone and total.
    let mut last = 0..0;
    for at in 0..=folded.text().len() {
        let place = folded.to_source(at..at);
        assert!(last.start <= place.start && last.end <= place.end && place.end <= source.len());
        last = place;
    }
    let mut last = 0..0;
    for at in 0..=source.len() {
        let place = folded.to_folded(at..at);
        assert!(last.start <= place.start && last.end <= place.end && place.end <= folded.text().len());
        last = place;
    }

    // A character comes from characters, and goes to characters.
    for (at, c) in folded.text().char_indices() {
        let end = at + c.len_utf8();
        let place = folded.to_source(at..end);
        assert!(!source[place.clone()].is_empty());
        let again = folded.to_folded(place);
        assert!(again.start <= at && end <= again.end);
    }
    for (at, c) in source.char_indices() {
        assert!(folded.text().get(folded.to_folded(at..at + c.len_utf8())).is_some());
    }
}

fn scan_keeps_its_laws(source: &str) {
    let contexts = [Context::default(), Context::default().with_fiscal_year(2020)];
    for context in contexts {
        let mut end = 0;
        for found in scan(source, &context) {
            assert!(end <= found.span.start && found.span.start < found.span.end, "{found:?}");
            assert!(source.get(found.span.clone()).is_some(), "{found:?}");
            end = found.span.end;
            let _ = (found.iso(), found.value_text());
            what_it_prints_it_parses(&found);
        }
    }
    let folded = fold(source);
    let of_map: Vec<_> = folded.finds(&contexts[0]).map(|found| (found.kind, found.iso(), found.value)).collect();
    let of_text: Vec<_> =
        scan(folded.text(), &contexts[0]).into_iter().map(|found| (found.kind, found.iso(), found.value)).collect();
    assert_eq!(of_map, of_text, "finds are those of the folded text");
}

fn what_it_prints_it_parses(found: &Found) {
    let Some(printed) = found.period.as_ref().filter(|period| !period.edtf.is_empty()) else { return };
    if printed.start.is_some_and(|day| !(1..9999).contains(&day.year())) {
        return;
    }
    let read = Period::from_edtf(&printed.to_string()).unwrap_or_else(|| panic!("{printed:?}"));
    assert_eq!((read.start, read.end, &read.edtf), (printed.start, printed.end, &printed.edtf));
}

fn whole_texts_do_not_panic(text: &str) {
    let _ = period(text, &Context::default());
    let _ = (is_null_mark(text), is_placeholder(text));
    if let Some(number) = number(text) {
        assert!(!text[number.span].is_empty());
        if let Some((unit, place)) = number.unit {
            assert_eq!(text[place], unit);
        }
    }
}
