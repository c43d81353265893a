//! Reading a PDF to finished layout, and how much of it is the engine's drawing alone.
//!
//! `cargo bench -p chohyo-benches --bench layout`
//!
//! With `CHOHYO_BENCH_DIR` set to a folder of PDFs, all of them are read as well.

use std::path::{Path, PathBuf};

use chohyo_layout::{Options, engine_only, read};
use divan::Bencher;

fn main() {
    divan::main();
}

fn sheets() -> Vec<PathBuf> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/sheets");
    pdfs(&fixtures)
}

fn pdfs(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let is_pdf = |p: &PathBuf| p.extension().is_some_and(|e| e.eq_ignore_ascii_case("pdf"));
    let mut files: Vec<PathBuf> = entries.map(|e| e.path()).filter(is_pdf).collect();
    files.sort();
    files
}

fn contents(files: &[PathBuf]) -> Vec<Vec<u8>> {
    files.iter().filter_map(|f| std::fs::read(f).ok()).collect()
}

#[divan::bench]
fn sheets_to_layout(bencher: Bencher<'_, '_>) {
    let files = contents(&sheets());
    bencher.bench(|| files.iter().filter_map(|b| read(b, &Options::default()).ok()).count());
}

#[divan::bench]
fn sheets_drawn_by_the_engine_alone(bencher: Bencher<'_, '_>) {
    let files = contents(&sheets());
    bencher.bench(|| files.iter().filter_map(|b| engine_only(b, &Options::default()).ok()).sum::<usize>());
}

#[divan::bench(sample_count = 10)]
fn folder_to_layout(bencher: Bencher<'_, '_>) {
    let files =
        contents(&std::env::var_os("CHOHYO_BENCH_DIR").map(PathBuf::from).map_or(Vec::new(), |d| pdfs(&d)));
    bencher.bench(|| files.iter().filter_map(|b| read(b, &Options::default()).ok()).count());
}

#[divan::bench(sample_count = 10)]
fn folder_drawn_by_the_engine_alone(bencher: Bencher<'_, '_>) {
    let files =
        contents(&std::env::var_os("CHOHYO_BENCH_DIR").map(PathBuf::from).map_or(Vec::new(), |d| pdfs(&d)));
    bencher.bench(|| files.iter().filter_map(|b| engine_only(b, &Options::default()).ok()).sum::<usize>());
}
