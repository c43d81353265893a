//! The normaliser against the NFKC of `unicode-normalization`, on 10 MB made of two published sheets.
//!
//! What is held: fold at 2.5 times the throughput of NFKC, fold and scan together at 1.5 times.

use std::sync::LazyLock;

use chohyo_normalize::{Context, fold, scan};
use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use unicode_normalization::UnicodeNormalization;

fn main() {
    divan::main();
}

const SHEETS: [&str; 2] = [
    include_str!("../../crates/normalize/tests/data/sendai.txt"),
    include_str!("../../crates/normalize/tests/data/sapporo.txt"),
];

/// The sheets over and over, to `megabytes`.
fn text(megabytes: usize) -> String {
    let both = SHEETS.concat();
    both.repeat(megabytes * 1_000_000 / both.len() + 1)
}

static TEN: LazyLock<String> = LazyLock::new(|| text(10));

#[divan::bench(sample_count = 10, sample_size = 1)]
fn nfkc(bencher: Bencher<'_, '_>) {
    bencher.counter(BytesCount::of_str(&*TEN)).bench(|| black_box(&*TEN).nfkc().collect::<String>());
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn fold_only(bencher: Bencher<'_, '_>) {
    bencher.counter(BytesCount::of_str(&*TEN)).bench(|| fold(black_box(&*TEN)));
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn fold_and_scan(bencher: Bencher<'_, '_>) {
    let context = Context::default().with_fiscal_year(2020);
    bencher
        .counter(BytesCount::of_str(&*TEN))
        .bench(|| fold(black_box(&*TEN)).finds(&context).map(|found| found.span.len()).sum::<usize>());
}

/// All finds of the text in memory at once.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn fold_and_scan_collected(bencher: Bencher<'_, '_>) {
    let context = Context::default().with_fiscal_year(2020);
    bencher.counter(BytesCount::of_str(&*TEN)).bench(|| scan(black_box(&*TEN), &context));
}

/// Ten times the text: the throughput should stay.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn fold_and_scan_100_mb(bencher: Bencher<'_, '_>) {
    let text = text(100);
    let context = Context::default().with_fiscal_year(2020);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| fold(black_box(&text)).finds(&context).map(|found| found.span.len()).sum::<usize>());
}

/// A megabyte of one character each: nothing may be slower than linear.
#[divan::bench(args = ["1", "〇", "～", "1～", "1,", "一", " ", "年 ", "-", "(1", "R", "1年", "、1", "□", "か゛", "1 ", " -", " - ", "(", "な", " なし", "令和", "十", "年度 ", "R□", "ー", "１", "\u{AD}", "a-"], sample_count = 3, sample_size = 1)]
fn monotony(bencher: Bencher<'_, '_>, unit: &str) {
    let text = unit.repeat(1_000_000 / unit.len());
    bencher.counter(BytesCount::of_str(&text)).bench(|| scan(black_box(&text), &Context::default()));
}
