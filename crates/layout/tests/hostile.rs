//! Pages that nobody would print: they cost time in proportion to their size, and nothing is lost.

#![allow(clippy::unwrap_used, clippy::format_push_string)]

mod common;

use std::time::{Duration, Instant};

use chohyo_layout::{Options, read};
use common::{Content, assert_conserved, pdf};

/// Reads the page; far more time than it should take, in a debug build on a busy machine, is a failure.
fn is_read(page: Content) {
    let begin = Instant::now();
    let bytes = pdf(&[page]);
    match read(&bytes, &Options::default()) {
        Ok(document) => assert_conserved(&document),
        Err(error) => assert_eq!(error.kind().name(), "too_large"),
    }
    assert!(begin.elapsed() < Duration::from_mins(1), "{:?}", begin.elapsed());
}

/// Numbers without a pattern, the same in every run.
fn scatter(count: usize) -> impl Iterator<Item = (f32, f32)> {
    let mut state = 0x2545_f491_u32;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as f32 / u32::MAX as f32
    };
    (0..count).map(move |_| (next() * 590.0, next() * 390.0))
}

#[test]
fn letters_strewn_over_a_page() {
    is_read(scatter(20_000).fold(Content::default(), |page, (x, y)| page.text(x, y, 3.0, "字")));
}

#[test]
fn one_row_of_very_many_words() {
    is_read((0..20_000).fold(Content::default(), |page, i| page.text(0.03 * i as f32, 200.0, 0.01, "語")));
}

#[test]
fn one_column_of_very_many_letters() {
    is_read(
        (0..20_000)
            .fold(Content::default(), |page, i| page.text(100.0, 399.0 - 0.0195 * i as f32, 0.01, "語")),
    );
}

#[test]
fn very_many_boxes() {
    let mut operators = String::new();
    for (x, y) in scatter(10_000) {
        operators += &format!("{x} {y} 3 3 re S\n");
    }
    let page =
        scatter(5_000).fold(Content::default().raw(&operators), |page, (x, y)| page.text(x, y, 1.0, "箱"));
    is_read(page);
}

#[test]
fn a_very_fine_grid() {
    let mut operators = String::new();
    for i in 0..900 {
        let at = 0.4 * i as f32;
        operators += &format!("0 {at} m 600 {at} l S {at} 0 m {at} 400 l S\n");
    }
    is_read(
        scatter(5_000).fold(Content::default().raw(&operators), |page, (x, y)| page.text(x, y, 1.0, "目")),
    );
}

#[test]
fn many_small_tables_and_rules() {
    let mut operators = String::new();
    for (x, y) in scatter(3_000) {
        operators += &format!("{x} {y} 20 4 re S {x} {y} 10 4 re S {x} {y} m {} {y} l S\n", x + 60.0);
    }
    let page =
        scatter(8_000).fold(Content::default().raw(&operators), |page, (x, y)| page.text(x, y, 2.0, "12人"));
    is_read(page);
}

#[test]
fn brackets_and_dictionaries_without_end() {
    for bracket in ["[", "<<", "(", "q ", "/Span << /A << "] {
        is_read(Content::default().text(50.0, 50.0, 10.0, "先").raw(&bracket.repeat(100_000)));
    }
    let page = Content::default().text(50.0, 50.0, 10.0, "先");
    let bytes = pdf(&[page]);
    let at = bytes.windows(10).position(|w| w == b"/MediaBox[").unwrap();
    for bracket in ["[", "<</A"] {
        let nested = format!("/Deep {}", bracket.repeat(100_000));
        let file = [&bytes[..at], nested.as_bytes(), &bytes[at..]].concat();
        let _ = read(&file, &Options::default());
    }
}
