//! `chohyo forms`, and a form of one's own.

use std::fs;

use crate::{code, run, stderr, stdout};

const FORM: &str = "mhlw-community-care";

#[test]
fn the_forms_are_listed_and_shown() {
    let output = run(&["forms"]);
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    assert!(stdout(&output).starts_with(&format!("{FORM}\t精神障害にも対応した")), "{}", stdout(&output));
    let output = run(&["forms", "show", FORM]);
    assert_eq!(code(&output), 0);
    assert!(stdout(&output).contains(&format!("id = \"{FORM}\"")));
    let output = run(&["forms", "show", "other"]);
    assert_eq!((code(&output), stdout(&output)), (2, ""));
    assert!(stderr(&output).contains(FORM), "{}", stderr(&output));
}

#[test]
fn a_form_of_ones_own_is_tried_first() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("form.toml");
    let own = stdout(&run(&["forms", "show", FORM])).replacen(&format!("id = \"{FORM}\""), "id = \"own\"", 1);
    fs::write(&path, own).unwrap();
    let output = run(&["extract", "sendai.pdf", "--form", path.to_str().unwrap()]);
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    let record: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(record["form"]["id"], "own");
}

#[test]
fn a_form_that_cannot_be_used_is_wrong_usage() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("form.toml");
    for (form, named) in [(None, "No such file"), (Some("id = 1"), "line 1")] {
        if let Some(form) = form {
            fs::write(&path, form).unwrap();
        }
        let output = run(&["extract", "sendai.pdf", "--form", path.to_str().unwrap()]);
        assert_eq!((code(&output), stdout(&output)), (2, ""), "{form:?}");
        assert!(
            stderr(&output).contains("form.toml: ") && stderr(&output).contains(named),
            "{}",
            stderr(&output)
        );
    }
}
