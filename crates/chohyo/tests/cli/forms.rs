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
    for (form, named) in
        [(None, "No such file"), (Some("id = 1"), "form.toml:1:6: error: id of form is a name")]
    {
        if let Some(form) = form {
            fs::write(&path, form).unwrap();
        }
        let output = run(&["extract", "sendai.pdf", "--form", path.to_str().unwrap()]);
        assert_eq!((code(&output), stdout(&output)), (2, ""), "{form:?}");
        assert!(
            stderr(&output).contains("form.toml:") && stderr(&output).contains(named),
            "{}",
            stderr(&output)
        );
    }
}

#[test]
fn check_tells_every_fault_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("form.toml");
    let form = "id = \"x\"\ntitle = \"評価\"\ncolour = 1\n\n[[section]]\nid = \"a\"\nheadings = []\n\n\
        [[section.measure]]\nkey = \"count\"\nlabels = [\"数\"]\nunit = \"千丹\"\nmin = 3\nmax = 1\n\n\
        [[section.sum]]\ntotal = \"count\"\nparts = [\"counts\"]\n";
    fs::write(&path, form).unwrap();
    let output = run(&["forms", "check", path.to_str().unwrap()]);
    assert_eq!((code(&output), stderr(&output)), (1, ""));
    let lines: Vec<&str> = stdout(&output).lines().collect();
    for (line, expected) in lines.iter().zip([
        ":3:1: error: form has no key colour",
        ":7:12: error: headings is empty",
        ":12:8: warning: the unit 千丹",
        ":13:7: error: no value is both at least 3 and at most 1",
        ":18:10: error: there is no measure counts; did you mean count?",
        "4 errors, 1 warning",
    ]) {
        assert!(line.contains(expected), "{line} lacks {expected}");
    }
    assert_eq!(lines.len(), 6);
    let missing = run(&["forms", "check", "nowhere.toml"]);
    assert_eq!(code(&missing), 2);
}

#[test]
fn check_explains_a_form_without_faults() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("form.toml");
    fs::write(&path, stdout(&run(&["forms", "show", FORM]))).unwrap();
    let output = run(&["forms", "check", path.to_str().unwrap()]);
    assert_eq!(code(&output), 0, "{}", stdout(&output));
    for said in [
        "measure  population  人  「人口」 or 「総人口」 or 「人口総数」 500000 to 15000000",
        "sum      inpatients_total = inpatients_under_3_months + ",
        "column period  period, headed 「時期（月）」 or 「時期」",
        "0 errors, 0 warnings",
    ] {
        assert!(stdout(&output).contains(said), "{said}: {}", stdout(&output));
    }
}

#[test]
fn try_tells_what_is_found_and_what_comes_near() {
    let output = run(&["forms", "try", FORM, "sendai.pdf"]);
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    assert!(
        stdout(&output)
            .contains("found   measure population  page 2 「人口（R2年4月時点）」: 1,087,723 人 (read)")
    );
    assert!(stdout(&output).contains("unclaimed: "));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("form.toml");
    let own = stdout(&run(&["forms", "show", FORM]))
        .replace("labels = [\"保健所数\", \"保健所の数\"]", "labels = [\"保健所の個数\"]");
    fs::write(&path, own).unwrap();
    let output = run(&["forms", "try", path.to_str().unwrap(), "sendai.pdf"]);
    assert_eq!(code(&output), 0);
    let text = stdout(&output);
    let at = text.find("missed  measure public_health_centers  「保健所の個数」").unwrap();
    assert!(
        text[at..].lines().nth(1).unwrap().contains("like 0.67  page 2 「保健所数"),
        "{}",
        &text[at..at + 400]
    );
    assert_eq!(code(&run(&["forms", "try", "nowhere.toml", "sendai.pdf"])), 2);
}
