//! The cells of tables against the truth: `cargo run -p chohyo-tests --example cells -- [--list] FOLDER...`
//!
//! A folder holds sheets (`NAME.pdf`) and their truth (`NAME.json`); sheets without a truth are left out. For
//! each folder one line is printed with the share of the truth's texts that stand in a cell of their own, then
//! one line for each field. A section of which no text at all stands in a cell is prose, a timeline or a chart,
//! or a table that was not seen: its texts are counted apart. `--list` prints each text that stands in no cell
//! of its own.
#![allow(clippy::print_stdout, reason = "what it finds is its output")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use chohyo_layout::Options;
use chohyo_tests::cells::{Found, Outcome, compare};

/// How often each field was found in which way.
type Counts = BTreeMap<&'static str, BTreeMap<Found, usize>>;

fn main() -> std::io::Result<()> {
    let mut list = false;
    for argument in std::env::args().skip(1) {
        if argument == "--list" {
            list = true;
            continue;
        }
        let mut counts = Counts::new();
        let mut apart: BTreeMap<String, usize> = BTreeMap::new();
        for pdf in sheets(Path::new(&argument))? {
            let truth: serde_json::Value = serde_json::from_slice(&fs::read(pdf.with_extension("json"))?)?;
            let name = pdf.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let document = match chohyo_layout::read(&fs::read(&pdf)?, &Options::default()) {
                Ok(document) => document,
                Err(error) => {
                    println!("{name}: {error}");
                    continue;
                }
            };
            let outcomes = compare(&document, &truth);
            for Outcome { expected, found } in &outcomes {
                let section = section(expected.field);
                // A number is part of some cell anywhere.
                let own = outcomes.iter().filter(|o| {
                    self::section(o.expected.field) == section
                        && (o.found != Found::Joined
                            || !matches!(o.expected.field.rsplit_once('.'), Some((_, "value"))))
                });
                if own.map(|o| o.found).all(|f| !matches!(f, Found::Cell | Found::OverPages | Found::Joined))
                {
                    *apart.entry(section.to_owned()).or_default() += 1;
                } else {
                    *counts.entry(expected.field).or_default().entry(*found).or_default() += 1;
                }
                if list && !matches!(found, Found::Cell | Found::OverPages) {
                    println!("{name} {} {found:?}: {}", expected.field, expected.texts[0]);
                }
            }
        }
        print(&argument, &counts);
        for (section, texts) in apart {
            println!("  {section}: {texts} texts of sheets that have it in no table");
        }
    }
    Ok(())
}

/// The section of a field: `history` of `history.label`.
fn section(field: &str) -> &str {
    field.split('.').next().unwrap_or(field)
}

fn sheets(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut all: Vec<PathBuf> =
        fs::read_dir(folder)?.filter_map(Result::ok).map(|entry| entry.path()).collect();
    all.retain(|p| p.extension().is_some_and(|e| e == "pdf") && p.with_extension("json").exists());
    all.sort();
    Ok(all)
}

fn print(folder: &str, counts: &Counts) {
    let of = |found: &BTreeMap<Found, usize>, wanted: &[Found]| -> usize {
        wanted.iter().filter_map(|w| found.get(w)).sum()
    };
    let exact = [Found::Cell, Found::OverPages];
    let (right, all) = counts
        .values()
        .fold((0, 0), |(right, all), found| (right + of(found, &exact), all + found.values().sum::<usize>()));
    println!(
        "{folder}: {right} of {all} in a cell of their own, {:.1} %",
        100.0 * right as f64 / all.max(1) as f64
    );
    for (field, found) in counts {
        let all: usize = found.values().sum();
        let others: Vec<String> =
            found.iter().filter(|(f, _)| !exact.contains(f)).map(|(f, n)| format!("{n} {f:?}")).collect();
        println!("  {field:<22}{:>5} of {all:>4}  {}", of(found, &exact), others.join(", "));
    }
}
