//! Ctrl-C in a batch.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::{code, command, lines, stderr};

/// A folder with an empty file, a pipe and another empty file, and a batch over them on one thread.
fn start(folder: &Path) -> (Child, PathBuf, PathBuf) {
    let pipe = folder.join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let (first, last, out) = (folder.join("1.pdf"), folder.join("3.pdf"), folder.join("out"));
    fs::write(&first, b"").unwrap();
    fs::write(&last, b"").unwrap();
    let arguments = [
        "batch".as_ref(),
        first.as_os_str(),
        pipe.as_os_str(),
        last.as_os_str(),
        "--jobs=1".as_ref(),
        "--out".as_ref(),
        out.as_os_str(),
    ];
    let child = command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    (child, pipe, out)
}

fn interrupt(child: &Child) {
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    // The flag must be seen before the batch goes on, and a signal tells nobody that it has arrived.
    std::thread::sleep(Duration::from_millis(200));
}

#[test]
fn the_first_ctrl_c_finishes_what_was_begun() {
    let folder = tempfile::tempdir().unwrap();
    let (child, pipe, out) = start(folder.path());
    // Opening the pipe waits until the batch reads it.
    let mut pipe = File::options().write(true).open(pipe).unwrap();
    interrupt(&child);
    pipe.write_all(b"\n").unwrap();
    drop(pipe);
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 130, "{}", stderr(&output));
    let failures = lines(&out.join("failures.jsonl"));
    assert_eq!(failures.len(), 2, "the last file is not begun: {failures:?}");
    let report: serde_json::Value =
        serde_json::from_slice(&fs::read(out.join("report.json")).unwrap()).unwrap();
    assert_eq!(
        (&report["interrupted"], &report["files"], &report["failed"]),
        (&true.into(), &3.into(), &2.into())
    );
}

#[test]
fn the_second_ctrl_c_ends_at_once_and_what_was_finished_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let (child, pipe, out) = start(folder.path());
    let pipe = File::options().write(true).open(pipe).unwrap();
    interrupt(&child);
    interrupt(&child);
    let output = child.wait_with_output().unwrap();
    drop(pipe);
    assert_eq!(code(&output), 130);
    assert_eq!(lines(&out.join("failures.jsonl.partial")).len(), 1);
    assert!(!out.join("failures.jsonl").exists() && !out.join("report.json").exists());
}
