use rust_decimal::Decimal;

use super::{Applied, Corrections};
use crate::error::ErrorKind;
use crate::{Sheet, Status, extract_sheet};

const DUMP: &str = "仙台市\n\n１ 県又は政令市の基礎情報\n\n\
    市町村数（R2年4月時点） 1 市町村\n人口（R2年4月時点） 1,087,723 人\n";

fn sheet() -> Sheet {
    extract_sheet(DUMP).unwrap()
}

/// Corrections of `sheet`: each is what follows `[[correction]]`.
fn corrections(sheet: &Sheet, entries: &[&str]) -> Corrections {
    let mut corrections = Corrections::default();
    let entries: Vec<_> = entries.iter().map(|e| format!("[[correction]]\n{e}\n")).collect();
    let head = format!("schema = \"chohyo.corrections/1\"\n[source]\nsha256 = \"{}\"\n", sheet.source.sha256);
    corrections.add(&(head + &entries.concat())).unwrap();
    corrections
}

fn population(sheet: &Sheet) -> (Status, &str, Option<Decimal>) {
    let measure = sheet.measure("population").unwrap();
    (measure.status, &measure.raw, measure.value.map(|v| v.0))
}

fn codes(sheet: &Sheet) -> Vec<&str> {
    sheet.diagnostics.iter().map(|d| d.code.as_str()).filter(|c| c.starts_with("correction")).collect()
}

/// Where the population stands, as TOML.
fn place(sheet: &Sheet) -> String {
    let [start, end] = sheet.measure("population").unwrap().at[0].span.unwrap();
    format!("at = [{{ page = 1, span = [{start}, {end}] }}]")
}

#[test]
fn a_correction_keeps_what_was_read() {
    let mut sheet = sheet();
    let entry = format!(
        "key = \"population\"\nraw = \"１，０８７，７２４\"\nprinted = \"1,087,723\"\n{}\n\
        old = {{ status = \"{}\", raw = \"1,087,723\" }}\nwho = \"佐藤\"\nwhen = 2021-04-01T09:30:00Z\nnote = \"typo\"",
        place(&sheet),
        serde_json::to_value(sheet.measure("population").unwrap().status).unwrap().as_str().unwrap()
    );
    let applied = corrections(&sheet, &[&entry]).apply(&mut sheet);
    assert_eq!(applied, Applied { corrected: 1, refused: 0 });
    assert_eq!(population(&sheet), (Status::Corrected, "１，０８７，７２４", Some(Decimal::from(1_087_724))));
    assert!(codes(&sheet).is_empty());
    let before = sheet.measure("population").unwrap().correction.clone().unwrap();
    assert_eq!((before.raw.as_str(), before.value.unwrap().0), ("1,087,723", Decimal::from(1_087_723)));
    assert_eq!((before.who.as_deref(), before.when.as_deref()), (Some("佐藤"), Some("2021-04-01T09:30:00Z")));
    // And it is a record like any other.
    let json = serde_json::to_string(&sheet).unwrap();
    assert_eq!(serde_json::from_str::<Sheet>(&json).unwrap(), sheet);
}

#[test]
fn what_stands_elsewhere_is_not_applied() {
    let before = sheet();
    for wrong in [
        format!("printed = \"1,087,999\"\n{}", place(&before)),
        "printed = \"1,087,723\"\nat = [{ page = 1, span = [0, 3] }]".to_owned(),
        format!("printed = \"1,087,723\"\n{}", place(&before).replace("page = 1", "page = 2")),
    ] {
        let mut sheet = sheet();
        let entry = format!("key = \"population\"\nraw = \"5\"\n{wrong}");
        assert_eq!(corrections(&sheet, &[&entry]).apply(&mut sheet), Applied { corrected: 0, refused: 1 });
        assert_eq!(population(&sheet), population(&before));
        assert_eq!(codes(&sheet), ["correction_place"]);
    }
}

#[test]
fn another_file_of_the_name_is_not_corrected() {
    let mut corrections = Corrections::default();
    corrections
        .add(
            "schema = \"chohyo.corrections/1\"\n[source]\nname = \"a.txt\"\nsha256 = \"00\"\n\
            [[correction]]\nkey = \"population\"\nraw = \"5\"",
        )
        .unwrap();
    let mut sheet = sheet();
    assert_eq!(corrections.apply(&mut sheet), Applied::default());
    sheet.source.name = "a.txt".to_owned();
    assert_eq!(corrections.apply(&mut sheet), Applied { corrected: 0, refused: 1 });
    assert_eq!(codes(&sheet), ["correction_other_file"]);
    assert_eq!(population(&sheet).1, "1,087,723");
}

#[test]
fn a_reading_that_has_changed_is_told() {
    let mut sheet = sheet();
    let entry = "key = \"population\"\nraw = \"1,087,724\"\nold = { status = \"ambiguous\", raw = \"\" }";
    assert_eq!(corrections(&sheet, &[entry]).apply(&mut sheet).corrected, 1);
    assert_eq!(population(&sheet).0, Status::Corrected);
    assert_eq!(codes(&sheet), ["correction_reread"]);
}

#[test]
fn blanks_and_dashes_are_values_and_words_are_not() {
    for raw in ["", "―"] {
        let mut sheet = sheet();
        let entry = format!("key = \"population\"\nraw = \"{raw}\"");
        assert_eq!(corrections(&sheet, &[&entry]).apply(&mut sheet).corrected, 1, "{raw:?}");
        assert_eq!(population(&sheet), (Status::Corrected, raw, None));
    }
    let mut sheet = sheet();
    let entry = "key = \"population\"\nraw = \"about a million\"";
    assert_eq!(corrections(&sheet, &[entry]).apply(&mut sheet).refused, 1);
    assert_eq!(codes(&sheet), ["correction_number"]);
}

#[test]
fn the_latest_correction_counts_and_a_contradiction_does_not() {
    let entry = |raw: &str, when: &str| format!("key = \"population\"\nraw = \"{raw}\"\n{when}");
    let mut corrected = sheet();
    let (first, second) = (entry("5", "when = \"2021-04-01\""), entry("6", "when = \"2021-04-02\""));
    corrections(&corrected, &[&second, &first]).apply(&mut corrected);
    assert_eq!(population(&corrected).1, "6");
    let mut sheet = sheet();
    let applied = corrections(&sheet, &[&entry("5", ""), &entry("6", "")]).apply(&mut sheet);
    assert_eq!(applied, Applied { corrected: 0, refused: 2 });
    assert_eq!((codes(&sheet), population(&sheet).1), (vec!["correction_conflict"], "1,087,723"));
    let applied = corrections(&sheet, &[&entry("5", ""), &entry("5", "")]).apply(&mut sheet);
    assert_eq!(applied.corrected, 1);
}

#[test]
fn what_is_not_there_is_told() {
    let mut sheet = sheet();
    let entries =
        ["key = \"no_such\"\nraw = \"5\"", "table = \"history\"\nrow = 7\ncolumn = \"period\"\nraw = \"5\""];
    assert_eq!(corrections(&sheet, &entries).apply(&mut sheet).refused, 2);
    assert_eq!(codes(&sheet), ["correction_key", "correction_key"]);
}

#[test]
fn a_wrong_file_is_refused_whole() {
    let head = "schema = \"chohyo.corrections/1\"\n[source]\nsha256 = \"00\"\n";
    for (wrong, word) in [
        ("schema = 1".to_owned(), "line 1"),
        (head.replace("/1", "/2"), "chohyo.corrections/2"),
        (format!("{head}[[correction]]\nraw = \"5\""), "needs a key"),
        (format!("{head}[[correction]]\nkey = \"x\"\nraw = \"5\"\ncolour = 1"), "colour"),
    ] {
        let error = Corrections::default().add(&wrong).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Corrections);
        assert!(error.to_string().contains(word), "{error}");
    }
}
