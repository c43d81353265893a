//! Bytes to a finished record against the layout alone, of the same bytes in the same run.
//!
//! `cargo bench -p chohyo-benches --bench records`
//!
//! With `CHOHYO_BENCH_DIR` set to a folder of sheets as PDFs, these are read instead of the fixtures. What is held:
//! a record costs at most 1.25 times what its layout costs.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use chohyo_extract::Extractor;
use chohyo_layout::Options;
use divan::Bencher;

fn main() {
    divan::main();
}

/// The sheets' bytes.
static SHEETS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let fixtures = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/sheets");
    let folder = std::env::var_os("CHOHYO_BENCH_DIR").map_or_else(fixtures, PathBuf::from);
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let is_pdf = |p: &PathBuf| p.extension().is_some_and(|e| e.eq_ignore_ascii_case("pdf"));
    let mut files: Vec<PathBuf> = entries.map(|e| e.path()).filter(is_pdf).collect();
    files.sort();
    files.iter().filter_map(|f| std::fs::read(f).ok()).collect()
});

#[divan::bench(sample_count = 10, sample_size = 1)]
fn layout_alone(bencher: Bencher<'_, '_>) {
    bencher.bench(|| SHEETS.iter().filter_map(|b| chohyo_layout::read(b, &Options::default()).ok()).count());
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn records(bencher: Bencher<'_, '_>) {
    let extractor = Extractor::new();
    bencher.bench(|| SHEETS.iter().filter_map(|b| extractor.extract(b).ok()).count());
}
