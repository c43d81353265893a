//! Disks that are full, and folders that cannot be written to.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::{code, make_sheets, run, sheets, stderr};

const SHEETS: usize = 20;

/// A batch onto a small disk, and once more when there is room: `first` and `second` tell how they ended, and `after-N`
/// holds the output folder as they left it.
const SMALL_DISK: &str = r#"
mount -t tmpfs -o size="$SIZE" chohyo disk
set +e
"$PROGRAM" batch in --out disk/out --jobs 1 2> first.err; echo $? > first
cp -r disk/out after-1
mount -o remount,size=64m disk
"$PROGRAM" batch in --out disk/out --jobs 1 --resume 2> second.err; echo $? > second
cp -r disk/out after-2
umount disk
"#;

/// Runs that with a disk of this size; `None` where mounting is not allowed.
fn on_a_small_disk(folder: &Path, size: &str) -> Option<()> {
    let may_mount = Command::new("unshare").args(["-rm", "mount", "-t", "tmpfs", "chohyo", "/mnt"]).output();
    if !may_mount.is_ok_and(|o| o.status.success()) {
        return None;
    }
    make_sheets(&folder.join("in"), SHEETS);
    fs::create_dir(folder.join("disk")).unwrap();
    let output = Command::new("unshare")
        .args(["-rm", "sh", "-ec", SMALL_DISK])
        .env("SIZE", size)
        .env("PROGRAM", env!("CARGO_BIN_EXE_chohyo"))
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    Some(())
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn entries(folder: &Path) -> usize {
    fs::read_to_string(folder.join("journal.jsonl")).unwrap().matches(r#""entry":"#).count()
}

/// The disk is full at first with the journal, then with the results: either way nothing finished is lost, nothing half is
/// under a final name, and the second run ends with what a run with room gives.
#[test]
fn a_full_disk_loses_nothing_that_was_finished() {
    for (size, least) in [("64k", 3), ("128k", SHEETS)] {
        let folder = tempfile::tempdir().unwrap();
        let Some(()) = on_a_small_disk(folder.path(), size) else {
            // There remains what is tried with /dev/full.
            return;
        };
        let text = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(text("first"), "1\n", "{}", text("first.err"));
        assert!(text("first.err").contains("No space left"), "{}", text("first.err"));
        assert!(text("first.err").contains("--resume"), "{}", text("first.err"));
        let after = folder.path().join("after-1");
        assert_eq!(names(&after), ["journal.jsonl"]);
        let finished = entries(&after);
        assert!(finished >= least, "{finished} of at least {least}");

        assert_eq!(text("second"), "0\n", "{}", text("second.err"));
        let after = folder.path().join("after-2");
        assert_eq!(names(&after), ["failures.jsonl", "journal.jsonl", "records.jsonl", "report.json"]);
        assert_eq!(entries(&after), SHEETS, "no file was read twice");
        let calm = folder.path().join("calm");
        let input = folder.path().join("in");
        run(&["batch".as_ref(), input.as_os_str(), "--out".as_ref(), calm.as_os_str()]);
        assert!(
            fs::read(after.join("records.jsonl")).unwrap() == fs::read(calm.join("records.jsonl")).unwrap()
        );
    }
}

/// A folder that is read-only even to the superuser.
#[test]
fn a_read_only_folder_is_2_and_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let script = r#"
mount -t tmpfs chohyo out
mount -o remount,ro out
set +e
"$PROGRAM" batch "$SHEETS"/sendai.txt --out out 2> err; echo $? > code
"#;
    fs::create_dir(folder.path().join("out")).unwrap();
    let output = Command::new("unshare")
        .args(["-rm", "sh", "-ec", script])
        .env("PROGRAM", env!("CARGO_BIN_EXE_chohyo"))
        .env("SHEETS", sheets())
        .current_dir(folder.path())
        .output();
    if !output.is_ok_and(|o| o.status.success()) {
        // Mounting is not allowed here. A file in the place of the folder is tried elsewhere.
        return;
    }
    let text = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(text("code"), "2\n", "{}", text("err"));
    assert!(text("err").contains("journal.jsonl: cannot be created: Read-only"), "{}", text("err"));
}

/// A sink that fails when all files are read: the work is in the journal, and the next run has only the results to write.
#[test]
fn a_sink_that_fails_costs_no_work() {
    let folder = tempfile::tempdir().unwrap();
    let (input, out) = (folder.path().join("in"), folder.path().join("out"));
    make_sheets(&input, SHEETS);
    fs::create_dir(&out).unwrap();
    std::os::unix::fs::symlink("/dev/full", out.join("records.jsonl.partial")).unwrap();
    let batch = |more: &str| {
        run(&["batch".as_ref(), input.as_os_str(), "--out".as_ref(), out.as_os_str(), more.as_ref()])
    };
    let output = batch("--jobs=2");
    assert_eq!(code(&output), 1);
    assert!(
        stderr(&output).contains("records.jsonl.partial: cannot be written: No space left"),
        "{}",
        stderr(&output)
    );
    assert!(stderr(&output).contains("--resume"), "{}", stderr(&output));
    assert_eq!(names(&out), ["journal.jsonl"]);

    let output = batch("--resume");
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stderr(&output).contains("20 were finished before"), "{}", stderr(&output));
    assert_eq!(entries(&out), SHEETS);
}
