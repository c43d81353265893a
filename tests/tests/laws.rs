//! The laws that every record keeps, over every sheet in `fixtures/sheets`.

use std::path::{Path, PathBuf};

use chohyo_batch::{Batch, Settings};
use chohyo_tests::law::{conservation, nothing_invented};
use chohyo_tests::{Fixture, fixtures};
use serde_json::Value;

/// Law 1: every printed character is in exactly one place of the record.
#[test]
fn law_1_conservation() {
    hold(conservation);
}

/// Law 2: what the record says is printed stands at its place in the input.
#[test]
fn law_2_nothing_invented() {
    hold(nothing_invented);
}

/// Nothing breaks the law in any fixture.
fn hold(law: fn(&Fixture, &Value) -> Vec<String>) {
    let mut broken = Vec::new();
    for fixture in fixtures() {
        let found = law(&fixture, &fixture.record());
        broken.extend(found.into_iter().map(|message| format!("{}: {message}", fixture.name)));
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// Law 3: the same bytes give the same record, at any number of threads and in any run.
#[test]
fn law_3_same_bytes_same_record() {
    let folder = tempfile::tempdir().unwrap();
    let paths = many(folder.path());
    let run = |jobs: usize, name: &str| {
        let out = folder.path().join(name);
        let report = Batch::new(Settings::default()).jobs(jobs).run(&paths, &out).unwrap();
        assert_eq!((report.records, report.failed), (paths.len() as u64, 0), "{name}");
        let read = |file: &str| std::fs::read(out.join(file)).unwrap();
        (read("records.jsonl"), read("failures.jsonl"))
    };
    let one = run(1, "one");
    assert!(!one.0.is_empty());
    assert!(one == run(8, "eight"), "8 threads change the records");
    assert!(one == run(8, "again"), "a second run changes the records");
}

/// Each sheet several times with other line feeds at its end, so that 8 threads have something to overtake each other with.
fn many(folder: &Path) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    for round in 0..4 {
        for fixture in fixtures() {
            let path = folder.join(format!("{round}-{}", fixture.name));
            let bytes = [&fixture.bytes[..], "\n".repeat(round).as_bytes()].concat();
            std::fs::write(&path, bytes).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            paths.push(path);
        }
    }
    paths
}
