//! The examples of `crates/batch/docs/tables.md` run, with the tools they are for, where these are installed.
#![allow(clippy::unwrap_used, reason = "helpers of tests panic as tests do")]

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;

use chohyo_batch::{Batch, Format, Settings};
use chohyo_tests::fixture::folder;

/// A folder in which `records` holds the tables of the fixtures.
fn records() -> tempfile::TempDir {
    let here = tempfile::tempdir().unwrap();
    let batch = Batch::new(Settings::default()).formats(&[Format::Parquet, Format::Sqlite]);
    let report = batch.run(&[folder().join("sheets")], &here.path().join("records")).unwrap();
    assert_eq!((report.records, report.failed), (4, 0));
    here
}

/// The example in this language.
fn example(language: &str) -> String {
    let text = fs::read_to_string(folder().join("../crates/batch/docs/tables.md")).unwrap();
    let (_, rest) = text.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

/// What a program prints; `None`, told past the harness, when it or what it needs is not installed.
fn output(program: &Path, probe: &[&str], run: &[&str], folder: &Path) -> Option<String> {
    let there = Command::new(program).args(probe).output().is_ok_and(|o| o.status.success());
    if !there {
        let told =
            writeln!(io::stderr(), "skipped: `{} {}` does not run here", program.display(), probe.join(" "));
        told.unwrap();
        return None;
    }
    let output = Command::new(program).args(run).current_dir(folder).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    Some(String::from_utf8(output.stdout).unwrap())
}

/// The Python of the environment `CHOHYO_PYTHON`, or that of the system.
fn python() -> std::path::PathBuf {
    std::env::var_os("CHOHYO_PYTHON").map_or_else(|| "python3".into(), Into::into)
}

#[test]
fn duckdb_reads_parquet() {
    let here = records();
    let program =
        format!("import duckdb\nfor row in duckdb.sql('''{}''').fetchall(): print(row)", example("sql"));
    let Some(printed) = output(&python(), &["-c", "import duckdb"], &["-c", &program], here.path()) else {
        return;
    };
    let rows: Vec<&str> = printed.lines().collect();
    assert_eq!(rows.len(), 2, "{printed}");
    assert!(rows.iter().all(|r| r.contains("仙台市") && r.ends_with(", 24.6)")), "{printed}");
}

#[test]
fn pandas_reads_parquet() {
    let here = records();
    let probe = ["-c", "import pandas, pyarrow"];
    let Some(printed) = output(&python(), &probe, &["-c", &example("python")], here.path()) else { return };
    assert_eq!(printed.matches("1087723.0").count(), 2, "{printed}");
    assert_eq!(printed.matches("2674.0").count(), 2, "{printed}");
}

#[test]
fn r_reads_sqlite() {
    let here = records();
    let probe = ["-e", "library(DBI); library(RSQLite)"];
    let run = ["-e", &example("r")];
    let Some(printed) = output(Path::new("Rscript"), &probe, &run, here.path()) else { return };
    assert!(printed.contains("2008") && printed.contains("仙台市"), "{printed}");
}
