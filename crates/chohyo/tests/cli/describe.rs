//! What the command says about itself.

use std::process::Stdio;

use crate::{code, command, run, stderr, stdout};

#[test]
fn help_is_data_and_wrong_usage_is_2() {
    let help = run(&["--help"]);
    assert_eq!(code(&help), 0);
    assert!(stdout(&help).contains("Examples:"), "{}", stdout(&help));
    for arguments in
        [&[][..], &["extract"], &["batch", "."], &["batch", ".", "--out", "x", "--jobs", "0"], &["no"]]
    {
        let wrong = run(arguments);
        assert_eq!((code(&wrong), stdout(&wrong)), (2, ""), "{arguments:?}");
        assert!(!stderr(&wrong).is_empty(), "{arguments:?}");
    }
}

#[test]
fn the_schema_is_a_schema_of_the_record() {
    let output = run(&["schema"]);
    assert_eq!(code(&output), 0);
    let schema: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(schema["title"], "Sheet");
    assert_eq!(schema["properties"]["measures"]["items"]["$ref"], "#/$defs/Measure");
}

#[test]
fn completions_know_the_commands() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = run(&["completions", shell]);
        assert_eq!(code(&output), 0, "{shell}");
        assert!(stdout(&output).contains("batch"), "{shell}");
        assert!(!stdout(&output).contains("page-worker"), "{shell}: what is hidden is not completed");
    }
    assert_eq!(code(&run(&["completions", "cmd"])), 2);
}

#[test]
fn a_broken_pipe_ends_quietly() {
    for arguments in [
        &["schema"][..],
        &["completions", "bash"],
        &["layout", "sendai.txt", "--what", "glyphs"],
        &["--help"],
    ] {
        // Nobody reads from the start on, so that nothing depends on who is quicker.
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = command(arguments).stdout(Stdio::from(writer)).output().unwrap();
        assert_eq!((code(&output), stderr(&output)), (0, ""), "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let output = command(&["schema"]).stdout(full).output().unwrap();
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).starts_with("chohyo: standard output: "), "{}", stderr(&output));
}

#[test]
fn manual_pages() {
    for (arguments, title, holds) in [
        (&["man"][..], ".TH chohyo 1", "chohyo\\-batch(1)"),
        (&["man", "batch"], ".TH chohyo-batch 1", "\\-\\-resume"),
    ] {
        let output = run(arguments);
        assert_eq!(code(&output), 0);
        let page = stdout(&output);
        assert!(page.contains(title) && page.contains(holds) && !page.contains("chohyo\\-worker"), "{page}");
    }
    for name in ["worker", "nothing"] {
        let output = run(&["man", name]);
        assert_eq!((code(&output), stdout(&output)), (2, ""));
    }
}
