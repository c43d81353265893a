//! Batches that end before their time: Ctrl-C, SIGKILL, and how they go on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use crate::{code, command, lines, make_sheets, run, stderr};

/// So many that a batch of them takes many times as long as it takes to stop it.
const SHEETS: usize = 400;

/// A folder of sheets, to be read on one thread.
struct Trial {
    folder: tempfile::TempDir,
}

impl Trial {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        make_sheets(&folder.path().join("in"), SHEETS);
        Self { folder }
    }

    fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    fn arguments(&self, out: &Path, more: &[&str]) -> Vec<std::ffi::OsString> {
        let input = self.folder.path().join("in");
        let mut all: Vec<_> =
            vec!["batch".into(), input.into(), "--out".into(), out.into(), "--jobs=1".into()];
        all.extend(more.iter().map(std::ffi::OsString::from));
        all
    }

    /// Starts the batch, and returns when the first file is in the journal.
    fn start(&self, more: &[&str]) -> Child {
        let arguments = self.arguments(&self.out(), more);
        let child = command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        while self.finished() == 0 {
            std::thread::sleep(Duration::from_millis(1));
        }
        child
    }

    /// Stops a worker in the middle of a file, so that the batch waits for it.
    fn hold(&self, worker: Pid) {
        signal(Signal::STOP, worker);
        // What it had answered already is taken down, and it is given the next file.
        let mut before = usize::MAX;
        while std::mem::replace(&mut before, self.finished()) != before {
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    /// Whole entries in the journal.
    fn finished(&self) -> usize {
        let journal = fs::read_to_string(self.out().join("journal.jsonl")).unwrap_or_default();
        journal.split_inclusive('\n').filter(|l| l.ends_with('\n') && l.contains(r#""entry":"#)).count()
    }

    fn records(&self, out: &Path) -> Vec<u8> {
        fs::read(self.folder.path().join(out).join("records.jsonl")).unwrap()
    }

    /// The records of a batch that nothing disturbed.
    fn undisturbed(&self) -> Vec<u8> {
        let out = self.folder.path().join("undisturbed");
        assert_eq!(code(&run(&self.arguments(&out, &[]))), 0);
        self.records(&out)
    }
}

fn id(process: u32) -> Pid {
    Pid::from_raw(process.cast_signed()).unwrap()
}

fn signal(signal: Signal, process: Pid) {
    kill_process(process, signal).unwrap();
}

/// The processes that `parent` has started.
fn children(parent: &Child) -> Vec<Pid> {
    let id_of = |digits: &str| id(digits.parse().unwrap());
    let own = format!("/proc/{0}/task/{0}/children", parent.id());
    let listed = fs::read_to_string(own).unwrap_or_else(|_| {
        let output = Command::new("pgrep").args(["-P", &parent.id().to_string()]).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    });
    listed.split_whitespace().map(id_of).collect()
}

fn interrupt(child: &Child) {
    signal(Signal::INT, id(child.id()));
    // The flag must be seen before the batch goes on, and a signal tells nobody that it has arrived.
    std::thread::sleep(Duration::from_millis(200));
}

#[test]
fn the_first_ctrl_c_finishes_what_was_begun_and_resume_does_the_rest() {
    let trial = Trial::new();
    let child = trial.start(&[]);
    let workers = children(&child);
    assert_eq!(workers.len(), 1);
    trial.hold(workers[0]);
    interrupt(&child);
    signal(Signal::CONT, workers[0]);
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 130, "{}", stderr(&output));
    assert!(stderr(&output).contains("--resume"), "{}", stderr(&output));

    let report: serde_json::Value =
        serde_json::from_slice(&fs::read(trial.out().join("report.json")).unwrap()).unwrap();
    let count = lines(&trial.out().join("records.jsonl")).len();
    assert_eq!((&report["interrupted"], &report["files"]), (&true.into(), &SHEETS.into()));
    assert!(0 < count && count < SHEETS && report["records"] == count, "{report}");

    // What is finished is not thrown away unasked.
    let output = run(&trial.arguments(&trial.out(), &[]));
    assert_eq!(code(&output), 2);
    assert!(
        stderr(&output).contains("--resume") && stderr(&output).contains("--fresh"),
        "{}",
        stderr(&output)
    );

    let output = run(&trial.arguments(&trial.out(), &["--resume"]));
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(trial.records(&trial.out()), trial.undisturbed());
    assert_eq!(trial.finished(), SHEETS, "no file was read twice");
}

#[test]
fn the_second_ctrl_c_ends_at_once_and_takes_the_workers_along() {
    let trial = Trial::new();
    let child = trial.start(&[]);
    let workers = children(&child);
    trial.hold(workers[0]);
    interrupt(&child);
    interrupt(&child);
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 130);
    assert!(trial.finished() > 0);
    assert!(!trial.out().join("records.jsonl").exists() && !trial.out().join("report.json").exists());
    // The worker sees that nobody is there any more.
    signal(Signal::CONT, workers[0]);
    while test_kill_process(workers[0]).is_ok() {
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn killed_again_and_again_it_ends_with_the_same_bytes() {
    let trial = Trial::new();
    let mut before = 0;
    for _ in 0..4 {
        let mut child = trial.start(&["--resume"]);
        while trial.finished() < before + SHEETS / 8 {
            std::thread::sleep(Duration::from_millis(3));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let finished = trial.finished();
        assert!(finished >= before + SHEETS / 8, "{finished} after {before}");
        before = finished;
        assert!(!trial.out().join("records.jsonl").exists());
    }
    let output = run(&trial.arguments(&trial.out(), &["--resume"]));
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(trial.records(&trial.out()), trial.undisturbed());
    assert_eq!(trial.finished(), SHEETS, "no file was read twice");
}

#[test]
fn a_worker_that_is_killed_costs_nothing() {
    let trial = Trial::new();
    let child = trial.start(&[]);
    for worker in children(&child) {
        signal(Signal::KILL, worker);
    }
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(trial.records(&trial.out()), trial.undisturbed());
}
