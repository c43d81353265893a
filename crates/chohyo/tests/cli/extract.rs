//! `chohyo extract`.

use crate::{code, run, run_with_stdin, sheets, stderr, stdout};

#[test]
fn one_file_gives_one_indented_record() {
    let output = run(&["extract", "sendai.txt"]);
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    assert!(stdout(&output).starts_with("{\n  \"schema\": \"chohyo.sheet/1\",\n"));
    let record: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(record["source"]["name"], "sendai.txt");
    assert_eq!(record["municipality"]["name"], "仙台市");
}

#[test]
fn jsonl_gives_one_record_a_line_in_the_order_of_the_arguments() {
    let output = run(&["extract", "--jsonl", "sendai.txt", "../sheets/sapporo.pdf", "sapporo.txt"]);
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    let names: Vec<_> = stdout(&output)
        .lines()
        .map(|l| serde_json::from_str::<serde_json::Value>(l).unwrap()["source"]["name"].clone())
        .collect();
    assert_eq!(names, ["sendai.txt", "sapporo.pdf", "sapporo.txt"]);
}

#[test]
fn several_files_without_jsonl_are_wrong_usage() {
    let output = run(&["extract", "sendai.txt", "sapporo.txt"]);
    assert_eq!((code(&output), stdout(&output)), (2, ""));
    assert!(stderr(&output).contains("--jsonl"));
}

#[test]
fn a_dash_reads_standard_input() {
    let bytes = std::fs::read(sheets().join("sendai.pdf")).unwrap();
    let output = run_with_stdin(&["extract", "-"], &bytes);
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    let record: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(record["source"]["name"], "");
    let named = run(&["extract", "sendai.pdf"]);
    assert_eq!(stdout(&output), stdout(&named).replace(r#""name": "sendai.pdf""#, r#""name": """#));
}

#[test]
fn a_file_that_fails_is_told_and_the_others_are_printed() {
    let output = run(&["extract", "--jsonl", "missing.pdf", "sendai.txt", "..", "../README.md"]);
    assert_eq!(code(&output), 1);
    assert_eq!(stdout(&output).lines().count(), 1);
    let told: Vec<_> = stderr(&output).lines().collect();
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[0].starts_with("chohyo: missing.pdf: "), "{told:?}");
    assert!(told[1].starts_with("chohyo: ..: is a folder"), "{told:?}");
    assert!(told[2].starts_with("chohyo: ../README.md: "), "{told:?}");
}

#[test]
fn what_is_no_sheet_is_an_error_with_its_name() {
    for (input, expected) in [(&b""[..], "empty"), (b" \n\x0c", "empty"), (b"\x00\xff\xfe", "UTF-8")] {
        let output = run_with_stdin(&["extract", "-"], input);
        assert_eq!((code(&output), stdout(&output)), (1, ""), "{input:?}");
        assert!(stderr(&output).starts_with("chohyo: standard input: "), "{}", stderr(&output));
        assert!(stderr(&output).contains(expected), "{}", stderr(&output));
    }
}
