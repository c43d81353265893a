//! `--corrections`: what a person saw, in place of what was read.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::{code, lines, run, stderr, stdout};

/// Corrections of sendai.txt: one ambiguous measure, one cell, and one that does not fit the file.
const CORRECTIONS: &str = r#"
schema = "chohyo.corrections/1"
[source]
name = "sendai.txt"
sha256 = "a15bbcc8203ebf13c9b59ab6c86bf5bd2c6fcdb04835eb346c5f389da70d0b76"
[[correction]]
key = "inpatients_under_3_months"
raw = "452"
at = [{ page = 2, span = [2929, 2932] }]
printed = "452"
who = "Sato"
when = "2021-04-01T09:30:00Z"
[[correction]]
key = "population"
raw = "5"
at = [{ page = 2, span = [2929, 2932] }]
printed = "1,087,723"
"#;

fn measure<'a>(record: &'a Value, key: &str) -> &'a Value {
    record["measures"].as_array().unwrap().iter().find(|m| m["key"] == key).unwrap()
}

fn assert_corrected(record: &Value) {
    let corrected = measure(record, "inpatients_under_3_months");
    assert_eq!(
        (&corrected["status"], &corrected["raw"], &corrected["value"]),
        (&Value::from("corrected"), &Value::from("452"), &Value::from(452))
    );
    assert_eq!(corrected["correction"]["status"], "ambiguous");
    assert_eq!(corrected["correction"]["who"], "Sato");
    assert_eq!(measure(record, "population")["value"], 1_087_723);
    let codes: Vec<_> = record["diagnostics"].as_array().unwrap().iter().map(|d| &d["code"]).collect();
    assert!(codes.contains(&&Value::from("correction_place")), "{codes:?}");
}

#[test]
fn extract_takes_corrections_from_a_file_and_from_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sendai.corrections.toml");
    fs::write(&file, CORRECTIONS).unwrap();
    fs::write(folder.path().join("notes.txt"), "no corrections").unwrap();
    for path in [folder.path(), &file] {
        let output = run(&["extract", "sendai.txt", "--corrections", path.to_str().unwrap()]);
        assert_eq!((code(&output), stderr(&output)), (0, ""));
        assert_corrected(&serde_json::from_str(stdout(&output)).unwrap());
    }
}

#[test]
fn what_is_no_file_of_corrections_is_told_before_anything_is_read() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("other.toml"), "colour = 1\n").unwrap();
    let output = run(&["extract", "sendai.txt", "--corrections", folder.path().to_str().unwrap()]);
    assert_eq!((code(&output), stdout(&output)), (2, ""));
    assert!(stderr(&output).contains("other.toml"), "{}", stderr(&output));
}

fn batch(out: &Path, more: &[&str]) -> Vec<Value> {
    let out_name = out.to_str().unwrap();
    let output = run(&[&["batch", "sendai.txt", "sapporo.txt", "--quiet", "--out", out_name], more].concat());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    lines(&out.join("records.jsonl"))
}

#[test]
fn a_batch_that_was_read_is_written_again_with_corrections() {
    let folder = tempfile::tempdir().unwrap();
    let (out, review) = (folder.path().join("out"), folder.path().join("review"));
    let corrections = folder.path().join("sendai.corrections.toml");
    fs::write(&corrections, CORRECTIONS).unwrap();
    let plain = batch(&out, &[]);
    let corrections = corrections.to_str().unwrap();
    let records =
        batch(&out, &["--resume", "--corrections", corrections, "--review", review.to_str().unwrap()]);
    let of = |records: &[Value], name: &str| {
        records.iter().find(|r| r["source"]["name"] == name).cloned().unwrap()
    };
    assert_corrected(&of(&records, "sendai.txt"));
    // What is not corrected is the same to the last digit.
    assert_eq!(of(&records, "sapporo.txt"), of(&plain, "sapporo.txt"));
    let (mut old, mut new) = (of(&plain, "sendai.txt"), of(&records, "sendai.txt"));
    for record in [&mut old, &mut new] {
        record["diagnostics"] = Value::Null;
        let measures = record["measures"].as_array_mut().unwrap();
        measures.retain(|m| m["key"] != "inpatients_under_3_months");
    }
    assert_eq!(serde_json::to_string(&old).unwrap(), serde_json::to_string(&new).unwrap());
    let report: Value = serde_json::from_str(&fs::read_to_string(out.join("report.json")).unwrap()).unwrap();
    assert_eq!(report["corrections"]["applied"], 1);
    assert_eq!(report["corrections"]["refused"], 1);
    assert_eq!(report["measures"]["corrected"], 1);

    let index = fs::read_to_string(review.join("index.html")).unwrap();
    let pages: Vec<_> = fs::read_dir(review.join("sheets")).unwrap().map(|e| e.unwrap().path()).collect();
    assert_eq!(pages.len(), 2);
    for page in pages {
        let name = page.file_name().unwrap().to_str().unwrap();
        assert!(index.contains(&format!("\"page\":\"sheets/{name}\"")), "{name}");
        let html = fs::read_to_string(&page).unwrap();
        assert!(html.ends_with("</html>\n") && html.contains("\"index\":\"../index.html\""), "{name}");
    }
    assert!(index.contains("\"corrected\":1"));
}

#[test]
fn corrections_of_no_file_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let corrections = folder.path().join("a.toml");
    fs::write(&corrections, CORRECTIONS).unwrap();
    let out = folder.path().join("out");
    let (out, corrections) = (out.to_str().unwrap(), corrections.to_str().unwrap());
    let output = run(&["batch", "sapporo.txt", "--out", out, "--corrections", corrections]);
    assert_eq!(code(&output), 0);
    assert!(stderr(&output).contains("sendai.txt"), "{}", stderr(&output));
}
