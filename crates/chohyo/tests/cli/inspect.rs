//! `chohyo inspect`.

use crate::{code, command, run, sheets, stderr, stdout};

#[test]
fn a_page_is_written_where_it_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.html");
    let output = run(&["inspect", "sendai.txt", "-o", file.to_str().unwrap()]);
    assert_eq!((code(&output), stdout(&output), stderr(&output)), (0, "", ""));
    let page = std::fs::read_to_string(&file).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("<title>仙台市 2020</title>"));
    let printed = run(&["inspect", "sendai.txt", "-o", "-"]);
    assert_eq!((code(&printed), stdout(&printed)), (0, page.as_str()));
}

#[test]
fn without_a_name_it_goes_into_the_current_folder_and_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let sheet = sheets().canonicalize().unwrap().join("sendai.txt");
    let output = command(&["inspect", sheet.to_str().unwrap()]).current_dir(folder.path()).output().unwrap();
    assert_eq!((code(&output), stderr(&output).trim_end()), (0, "sendai.html"));
    assert!(folder.path().join("sendai.html").exists());
}

#[test]
fn what_is_no_sheet_makes_no_page() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.html");
    let output = run(&["inspect", "no-such.pdf", "-o", file.to_str().unwrap()]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("no-such.pdf"), "{}", stderr(&output));
    assert!(!file.exists());
    assert_eq!(code(&run(&["inspect", "sendai.txt", "-o", "-", "--open"])), 2);
}
