//! `chohyo batch --review`: the processes that make pages may die as well.

use std::fs;
use std::process::{Command, Stdio};

use crate::{code, command, lines, sheets, stderr};

/// Two sheets, of which the one is made into a page while its process is killed.
#[test]
fn a_page_whose_process_is_killed_is_told_and_costs_itself() {
    let folder = tempfile::tempdir().unwrap();
    let (input, out, review) =
        (folder.path().join("in"), folder.path().join("out"), folder.path().join("review"));
    fs::create_dir(&input).unwrap();
    fs::copy(sheets().join("sendai.pdf"), input.join("a.pdf")).unwrap();
    fs::copy(sheets().join("sendai.txt"), input.join("b.txt")).unwrap();
    let arguments = ["batch".as_ref(), input.as_os_str(), "--out".as_ref(), out.as_os_str()];
    let more = ["--jobs=1".as_ref(), "--review".as_ref(), review.as_os_str()];
    let mut batch = command(&[&arguments[..], &more].concat()).stderr(Stdio::piped()).spawn().unwrap();
    // The first page is that of the PDF, which takes longest.
    let maker = loop {
        let found = Command::new("pgrep").args(["-P", &batch.id().to_string(), "-f", "page-worker"]).output();
        let found = String::from_utf8(found.unwrap().stdout).unwrap();
        if let Some(id) = found.lines().next() {
            break id.to_owned();
        }
        assert!(batch.try_wait().unwrap().is_none(), "it has ended without a page");
    };
    assert!(Command::new("kill").args(["-KILL", &maker]).status().unwrap().success());
    let output = batch.wait_with_output().unwrap();

    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let told = stderr(&output).lines().find(|l| l.contains("no review page")).unwrap();
    assert!(told.contains("a.pdf") && told.contains("signal: 9"), "{told}");
    let records = lines(&out.join("records.jsonl"));
    assert_eq!(records.len(), 2, "the record is there all the same");
    let page = |i: usize| format!("{}.html", &records[i]["source"]["sha256"].as_str().unwrap()[..16]);
    let pages: Vec<_> =
        fs::read_dir(review.join("sheets")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(pages, [page(1).as_str()], "one page, and nothing half");
    let index = fs::read_to_string(review.join("index.html")).unwrap();
    assert!(index.contains("a.pdf") && !index.contains(&page(0)) && index.contains(&page(1)));
}
