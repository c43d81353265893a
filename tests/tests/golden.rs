//! The records of the fixtures against the truth, which was written by hand from reading the sheets.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers of tests panic as tests do, and a table is printed"
)]

use chohyo_tests::Fixture;
use chohyo_tests::adapt::adapt;
use chohyo_tests::score::{Sections, compare, sections, table, wrong_values};
use serde_json::Value;

/// What only the eye can tell from a page: in which order its boxes are to be read, and so where one ends.
const FREE: [&str; 1] = ["overview"];

/// A fixture with its record and its truth.
struct Case {
    fixture: Fixture,
    record: Value,
    adapted: Value,
    truth: Value,
}

impl Case {
    fn new(name: &str) -> Self {
        let fixture = Fixture::named(name);
        let record = fixture.record();
        let case = Self { adapted: adapt(&record), truth: fixture.truth(), record, fixture };
        println!("== {name}\n{}", case.table());
        case
    }

    fn sections(&self) -> (Sections, Sections) {
        (sections(&self.adapted), sections(&self.truth))
    }

    fn table(&self) -> String {
        let (record, truth) = self.sections();
        table(&record, &truth)
    }

    /// No number differs from the truth, and none stands where the truth has none.
    fn assert_no_wrong_value(&self) {
        let wrong = wrong_values(&self.adapted, &self.truth);
        assert!(wrong.is_empty(), "{}:\n{}", self.fixture.name, wrong.join("\n"));
    }

    /// Record and truth say the same in these sections.
    fn assert_right(&self, names: &[&str]) {
        let (record, truth) = self.sections();
        let scores = compare(&record, &truth);
        let wrong: Vec<_> =
            names.iter().filter(|n| !scores.get(**n).is_none_or(|s| s.is_perfect())).collect();
        assert!(wrong.is_empty(), "{}: {wrong:?} not as in the truth\n{}", self.fixture.name, self.table());
    }

    /// Record and truth say the same in all sections but these.
    fn assert_right_except(&self, free: &[&str]) {
        let (record, truth) = self.sections();
        let names = compare(&record, &truth).into_keys();
        self.assert_right(&names.filter(|n| !free.contains(n)).collect::<Vec<_>>());
    }

    fn measures(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.record["measures"].as_array().unwrap().iter().map(|m| (m["key"].as_str().unwrap(), m))
    }

    fn true_value(&self, key: &str) -> &Value {
        let measures = self.truth["measures"].as_array().unwrap();
        &measures.iter().find(|m| m["key"] == key).unwrap_or_else(|| panic!("no {key} in the truth"))["value"]
    }

    fn has_diagnostic(&self, code: &str) -> bool {
        self.record["diagnostics"].as_array().unwrap().iter().any(|d| d["code"] == code)
    }
}

/// Sections that a dump tells as surely as the page does.
const TOLD_BY_A_DUMP: [&str; 18] = [
    "title",
    "program",
    "municipality",
    "prefecture",
    "municipality_kind",
    "fiscal_year",
    "summary",
    "strengths",
    "template_residue",
    "history",
    "outcomes",
    "outcomes.as_of",
    "outcomes.narrative",
    "issues",
    "roles",
    "indicators",
    "indicators.reason",
    "schedule.items",
];

/// What is told of a period in the schedule is true, and what is not told is said to be ambiguous.
fn assert_schedule_is_true_or_ambiguous(case: &Case) {
    let (_, truth) = case.sections();
    let rows = case.record["tables"]["schedule"].as_array().unwrap();
    let mut ambiguous = 0;
    for row in rows {
        if row["period"]["status"] == "ambiguous" {
            ambiguous += 1;
            continue;
        }
        let one = sections(&adapt(&serde_json::json!({"tables": {"schedule": [row]}})));
        let item = &one["schedule"][0];
        assert!(truth["schedule"].contains(item), "{}: {item:?} is not in the truth", case.fixture.name);
    }
    assert!(ambiguous < rows.len(), "{}: no period of the schedule is told", case.fixture.name);
}

#[test]
fn golden_sendai_pdf() {
    let case = Case::new("sendai.pdf");
    case.assert_no_wrong_value();
    case.assert_right_except(&FREE);
    for (key, measure) in case.measures() {
        let blank = case.true_value(key).is_null();
        assert_eq!(measure["status"], if blank { "blank" } else { "read" }, "{key}");
        assert!(blank || measure["at"][0]["bbox"].is_array(), "{key} has no box");
    }
    let (_, population) = case.measures().find(|(key, _)| *key == "population").unwrap();
    assert_eq!(population["at"].as_array().unwrap().len(), 2, "the number, and its unit in the next cell");
    assert_councils_are_placeholders(&case);
}

#[test]
fn golden_sapporo_pdf() {
    let case = Case::new("sapporo.pdf");
    case.assert_no_wrong_value();
    case.assert_right_except(&FREE);
    assert_basic_information_is_a_picture(&case);
}

#[test]
fn golden_sapporo_dump() {
    let case = Case::new("sapporo.txt");
    case.assert_no_wrong_value();
    case.assert_right(&TOLD_BY_A_DUMP);
    assert_schedule_is_true_or_ambiguous(&case);
    assert_basic_information_is_a_picture(&case);
}

#[test]
fn golden_sendai_dump() {
    let case = Case::new("sendai.txt");
    case.assert_no_wrong_value();
    case.assert_right(&TOLD_BY_A_DUMP);
    assert_schedule_is_true_or_ambiguous(&case);

    let mut solved = 0;
    let mut blank = Vec::new();
    for (key, measure) in case.measures() {
        let truth = case.true_value(key);
        match measure["status"].as_str().unwrap() {
            "solved" | "read" => {
                assert!(!truth.is_null(), "{key} is invented");
                assert!(!measure["evidence"].as_array().unwrap().is_empty(), "{key} is solved by nothing");
                solved += 1;
            }
            "ambiguous" => {
                let first = &measure["candidates"][0]["value"];
                assert_eq!(&first.to_string(), truth.as_str().unwrap(), "{key}: its first candidate");
                assert!(measure["value"].is_null(), "{key} is ambiguous and has a value");
            }
            "blank" => blank.push(key),
            status => panic!("{key} is {status}"),
        }
    }
    assert!(solved >= 13, "{solved} of 19 are solved");
    assert_eq!(blank, ["inpatients_over_1_year_under_65", "inpatients_over_1_year_65_and_over"]);
    assert_councils_are_placeholders(&case);
}

/// The sheet still has the template's R●年●月 there, and no number.
fn assert_councils_are_placeholders(case: &Case) {
    let rows = case.record["tables"]["councils"].as_array().unwrap();
    assert!(!rows.is_empty(), "{}: no row of councils", case.fixture.name);
    for row in rows {
        for column in ["established", "total"] {
            assert!(row[column]["value"].is_null(), "{row}");
            assert_eq!(row[column]["status"], "placeholder", "{row}");
        }
    }
}

/// The table of section 1 is a picture: its numbers are not in the text, and the record says so.
fn assert_basic_information_is_a_picture(case: &Case) {
    for (key, measure) in case.measures() {
        assert_eq!((&measure["status"], &measure["value"]), (&"missing".into(), &Value::Null), "{key}");
    }
    assert!(case.has_diagnostic("table_is_image"), "{}", case.record["diagnostics"]);
}
