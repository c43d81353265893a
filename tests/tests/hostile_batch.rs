//! Hostile files through a batch, with good ones between them. The program is its own worker: it has no test harness,
//! for that would print into the pipe.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "this is a test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use chohyo_batch::{Batch, Report, Settings, WorkerCommand, WorkerLimits, serve};
use chohyo_tests::fixture::folder;
use chohyo_tests::hostile;
use serde_json::Value;

/// The kinds that a file may fail by. A crash is none of them: it would be ours to mend.
const KINDS: [&str; 8] =
    ["not_pdf", "encrypted", "damaged", "no_text", "no_form", "too_large", "timeout", "out_of_memory"];

/// A good file for each this many hostile ones.
const MIXTURE: usize = 20;

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some("worker") {
        serve().unwrap();
        return ExitCode::SUCCESS;
    }
    each_hostile_file_ends_in_a_record_or_a_typed_failure_and_the_good_ones_come_out_the_same();
    ExitCode::SUCCESS
}

fn batch(input: &Path, out: &Path) -> Report {
    let command = WorkerCommand::new(std::env::current_exe().unwrap(), ["worker"]);
    let limits = WorkerLimits { seconds: 6, memory: 1024 };
    Batch::new(Settings::default()).isolated(command, limits).run(&[input], out).unwrap()
}

fn lines(path: &Path) -> Vec<Value> {
    fs::read_to_string(path).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

fn each_hostile_file_ends_in_a_record_or_a_typed_failure_and_the_good_ones_come_out_the_same() {
    let root = tempfile::tempdir().unwrap();
    let (mixed, good) = (root.path().join("mixed"), root.path().join("good"));
    fs::create_dir(&mixed).unwrap();
    fs::create_dir(&good).unwrap();
    let sheets = ["sendai.pdf", "sapporo.pdf", "sendai.txt", "sapporo.txt"];
    let (mut count, mut goods) = (0, 0);
    for (i, (name, bytes)) in hostile::hostile().enumerate() {
        if i % MIXTURE == 0 {
            let sheet = sheets[goods % sheets.len()];
            // Each differs from the others, for content that was met before is not read again.
            let mut bytes = fs::read(folder().join("sheets").join(sheet)).unwrap();
            bytes.extend("\n".repeat(goods).bytes());
            goods += 1;
            let name = format!("{i:04}-good-{sheet}");
            fs::write(mixed.join(&name), &bytes).unwrap();
            fs::write(good.join(&name), &bytes).unwrap();
        }
        fs::write(mixed.join(format!("{i:04}-{}.pdf", name.replace('/', "_"))), bytes).unwrap();
        count += 1;
    }

    let (out, alone) = (root.path().join("out"), root.path().join("alone"));
    let report = batch(&mixed, &out);
    println!(
        "{count} hostile files, {goods} good ones, {:.0} s: {} records, {:?}, {} workers lost; slowest {:?}",
        report.seconds, report.records, report.failures, report.workers_lost, report.slowest
    );
    let failures = lines(&out.join("failures.jsonl"));
    let records = lines(&out.join("records.jsonl"));
    assert_eq!(report.records + report.failed + report.duplicates, (count + goods) as u64);
    let mut bad = BTreeMap::new();
    for failure in &failures {
        let kind = failure["kind"].as_str().unwrap();
        if !KINDS.contains(&kind) {
            bad.insert(failure["path"].as_str().unwrap().to_owned(), failure.to_string());
        }
    }
    assert!(bad.is_empty(), "{bad:#?}");

    assert_eq!(batch(&good, &alone).failed, 0);
    let is_good = |r: &&Value| r["source"]["name"].as_str().unwrap().contains("-good-");
    let kept: Vec<_> = records.iter().filter(is_good).collect();
    assert!(
        kept.iter().copied().eq(&lines(&alone.join("records.jsonl"))),
        "the good records are not the same"
    );
}
