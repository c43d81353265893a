//! The command line as a user meets it: exit codes, standard streams, files.
#![allow(clippy::unwrap_used, reason = "helpers of tests panic as tests do")]

mod batch;
mod corrections;
mod describe;
#[cfg(target_os = "linux")]
mod disk;
mod extract;
mod forms;
mod inspect;
#[cfg(unix)]
mod interrupt;
mod layout;
mod normalize;
#[cfg(unix)]
mod review;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The command with these arguments, run in the folder of the fixtures.
fn command<S: AsRef<std::ffi::OsStr>>(arguments: &[S]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chohyo"));
    command.args(arguments).current_dir(sheets()).stdin(Stdio::null());
    command
}

fn run<S: AsRef<std::ffi::OsStr>>(arguments: &[S]) -> Output {
    command(arguments).output().unwrap()
}

fn run_with_stdin(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = command(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

/// Makes a folder of so many sheets, `000.txt` and on: dumps with one number, which are read in a moment, and differ in
/// their last line feeds only.
fn make_sheets(folder: &Path, count: usize) {
    std::fs::create_dir(folder).unwrap();
    for i in 0..count {
        let text = format!(
            "仙台市\n\n１ 県又は政令市の基礎情報\n\n人口（R2年4月時点） 1,087,723 人\n{}",
            "\n".repeat(i)
        );
        std::fs::write(folder.join(format!("{i:03}.txt")), text).unwrap();
    }
}

fn sheets() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/sheets")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("an exit code, not a signal")
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

/// Each line of a file as JSON.
fn lines(path: &Path) -> Vec<serde_json::Value> {
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'), "the last line of {} is whole", path.display());
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
