use rust_decimal::Decimal;

use super::{Applied, Corrections};
use crate::error::ErrorKind;
use crate::{Extractor, Form, Sheet, Status, extract_sheet};

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
        (format!("{head}[[correction]]\nkey = \"x\"\nraw = 5\n"), "line 6, column 7"),
        (format!("{head}[[correction]\nkey = \"x\""), "line 4, column 14"),
        (format!("{head}[[correction]]\nkey = \"x\"\ntable = \"y\"\nraw = \"5\""), "needs a key"),
        (
            format!(
                "{head}[[correction]]\nkey = \"x\"\nraw = \"5\"\nat = [{{ page = 1, bbox = [nan, 0.0, 1.0, 1.0] }}]"
            ),
            "no place",
        ),
    ] {
        let error = Corrections::default().add(&wrong).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Corrections);
        assert!(error.to_string().contains(word), "{error}");
    }
}

/// A sheet whose parts do not add up: 240 is printed for 20 + 40 + 100.
const SUMS: &str = "仙台市\n\n１ 県又は政令市の基礎情報\n\n\
    入院精神障害者数 合計 240 人\n３か月未満 20 人\n３か月以上１年未満 40 人\n１年以上 100 人\n";

#[test]
fn corrected_values_are_held_against_the_rules_again() {
    let printed = || extract_sheet(SUMS).unwrap();
    let mismatches = |sheet: &Sheet| -> Vec<String> {
        let found = sheet.diagnostics.iter().filter(|d| d.code == "sum_mismatch");
        found.map(|d| d.message.clone()).collect()
    };
    assert_eq!(printed().measure("inpatients_total").unwrap().raw, "240");
    assert_eq!(mismatches(&printed()).len(), 1);
    let (mut right, mut wrong) = (printed(), printed());
    corrections(&right, &["key = \"inpatients_total\"\nraw = \"160\""]).apply(&mut right);
    assert_eq!(mismatches(&right), Vec::<String>::new());
    // And a correction that breaks a rule is told as a misprint is.
    corrections(&wrong, &["key = \"inpatients_total\"\nraw = \"161\""]).apply(&mut wrong);
    let told = mismatches(&wrong);
    assert!(told.len() == 1 && told[0].contains("160") && told[0].contains("161"), "{told:?}");
    // What is not corrected is still as it was.
    corrections(&printed(), &["key = \"no_such\"\nraw = \"160\""]).apply(&mut right);
    let mut other = printed();
    corrections(&other, &["key = \"population\"\nraw = \"5\""]).apply(&mut other);
    assert_eq!(mismatches(&other), mismatches(&printed()));
}

#[test]
fn two_values_change_places() {
    let mut sheet = extract_sheet(SUMS).unwrap();
    let of = |sheet: &Sheet, key: &str| {
        let measure = sheet.measure(key).unwrap();
        let [start, end] = measure.at[0].span.unwrap();
        (measure.raw.clone(), format!("at = [{{ page = 1, span = [{start}, {end}] }}]"))
    };
    let (short, long) = (of(&sheet, "inpatients_under_3_months"), of(&sheet, "inpatients_3_to_12_months"));
    let entry = |key: &str, (raw, at): &(String, String)| {
        format!("key = \"{key}\"\nraw = \"{raw}\"\nprinted = \"{raw}\"\n{at}")
    };
    let entries = [entry("inpatients_under_3_months", &long), entry("inpatients_3_to_12_months", &short)];
    let applied = corrections(&sheet, &[&entries[0], &entries[1]]).apply(&mut sheet);
    assert_eq!(applied, Applied { corrected: 2, refused: 0 });
    assert_eq!(of(&sheet, "inpatients_under_3_months"), long);
    assert_eq!(of(&sheet, "inpatients_3_to_12_months"), short);
}

#[test]
fn what_people_type_is_a_number() {
    for (typed, value, unit) in [
        ("１，０８７，７２４", "1087724", "人"),
        ("1,087,724人", "1087724", "人"),
        (" 約1,088千人 ", "1088000", "人"),
        ("△5", "-5", "人"),
        ("1,087,724（R2年5月末）", "1087724", "人"),
        ("21.0%", "21.0", "%"),
    ] {
        let mut sheet = sheet();
        let entry = format!("key = \"population\"\nraw = {typed:?}");
        assert_eq!(corrections(&sheet, &[&entry]).apply(&mut sheet).corrected, 1, "{typed}");
        let measure = sheet.measure("population").unwrap();
        assert_eq!((measure.raw.as_str(), measure.value.unwrap().to_string().as_str()), (typed, value));
        assert_eq!(measure.unit.as_deref(), Some(unit), "{typed}");
        let month = if typed.contains("5月末") { "2020-05" } else { "2020-04" };
        assert!(measure.as_of.as_ref().unwrap().edtf.starts_with(month), "{typed}: {:?}", measure.as_of);
    }
    for typed in ["12 34", "1087724?", "<b>5</b>", "R2年", "1,087,724（?）", "3か月"] {
        let mut sheet = sheet();
        let entry = format!("key = \"population\"\nraw = {typed:?}");
        assert_eq!(corrections(&sheet, &[&entry]).apply(&mut sheet).refused, 1, "{typed}");
        assert_eq!((codes(&sheet), population(&sheet).1), (vec!["correction_number"], "1,087,723"));
    }
}

/// The sheet of 仙台市, with its tables.
fn sendai() -> Sheet {
    extract_sheet(include_bytes!("../../../../fixtures/sheets/sendai.pdf")).unwrap()
}

#[test]
fn a_corrected_cell_is_read_by_the_type_of_its_column() {
    let mut sheet = sendai();
    let row = sheet.table("history").iter().position(|r| r["period"].text == "平成20年度").unwrap();
    let entry = |column: &str, old: &str, raw: &str| {
        format!(
            "table = \"history\"\nrow = {row}\ncolumn = \"{column}\"\nraw = {raw:?}\nold = {{ raw = {old:?} }}"
        )
    };
    let content = sheet.table("history")[row]["content"].text.clone();
    let entries =
        [entry("period", "平成20年度", "平成21年度"), entry("content", &content, "<script>1</script>")];
    let applied = corrections(&sheet, &[&entries[0], &entries[1]]).apply(&mut sheet);
    assert_eq!(applied, Applied { corrected: 2, refused: 0 });
    let period = &sheet.table("history")[row]["period"];
    assert_eq!(period.period.as_ref().unwrap().edtf, "2009-04/2010-03");
    assert_eq!((period.status, period.value), (Some(Status::Corrected), None));
    let content = &sheet.table("history")[row]["content"];
    assert_eq!((content.text.as_str(), content.value), ("<script>1</script>", None));
    // Without what it was, the row alone says which cell is meant; with what it was not, none is.
    let place = format!("table = \"history\"\nrow = {row}\ncolumn = \"period\"\nraw = \"H22\"");
    let mut again = sendai();
    assert_eq!(corrections(&again, &[&place]).apply(&mut again).corrected, 1);
    let mut again = sendai();
    assert_eq!(corrections(&again, &[&entry("period", "平成19年度", "H22")]).apply(&mut again).refused, 1);
    assert_eq!(codes(&again), ["correction_key"]);
}

#[test]
fn the_place_says_which_row_is_meant_where_rows_have_moved() {
    let mut sheet = sendai();
    let row = sheet.table("history").iter().position(|r| r["period"].text == "平成20年度").unwrap();
    let [x0, top, x1, bottom] = sheet.table("history")[row]["period"].at[0].bbox.unwrap();
    let page = sheet.table("history")[row]["period"].at[0].page;
    let entry = format!(
        "table = \"history\"\nrow = {}\ncolumn = \"period\"\nraw = \"平成21年度\"\nprinted = \"平成20年度\"\n\
        old = {{ raw = \"平成20年度\" }}\nat = [{{ page = {page}, bbox = [{x0:?}, {top:?}, {x1:?}, {bottom:?}] }}]",
        row + 3
    );
    assert_eq!(corrections(&sheet, &[&entry]).apply(&mut sheet).corrected, 1);
    assert_eq!(sheet.table("history")[row]["period"].text, "平成21年度");
    assert!(sheet.table("history")[row + 3]["period"].correction.is_none());
}

#[test]
fn what_is_printed_may_stand_anywhere_in_the_record() {
    let mut sheet = sendai();
    let furniture = sheet.furniture.first().expect("page numbers").clone();
    let [x0, top, x1, bottom] = furniture.at[0].bbox.unwrap();
    let entry = format!(
        "key = \"population\"\nraw = \"5\"\nprinted = {:?}\nat = [{{ page = {}, bbox = [{x0:?}, {top:?}, {x1:?}, {bottom:?}] }}]",
        furniture.text, furniture.at[0].page
    );
    assert_eq!(corrections(&sheet, &[&entry]).apply(&mut sheet).corrected, 1, "{:?}", codes(&sheet));
}

#[test]
fn the_latest_is_told_by_the_clock() {
    let entry = |raw: &str, when: &str| format!("key = \"population\"\nraw = \"{raw}\"\nwhen = {when}");
    for (earlier, later) in [
        ("\"2021-04-01T18:00:00+09:00\"", "\"2021-04-01T09:30:00Z\""),
        ("2021-04-01", "2021-04-01T09:30:00Z"),
        ("\"yesterday\"", "\"2021-04-01\""),
    ] {
        for entries in [[entry("5", earlier), entry("6", later)], [entry("6", later), entry("5", earlier)]] {
            let mut sheet = sheet();
            corrections(&sheet, &[&entries[0], &entries[1]]).apply(&mut sheet);
            assert_eq!(population(&sheet).1, "6", "{earlier} {later}");
        }
    }
    let mut sheet = sheet();
    let told = [entry("5", "\"yesterday\""), entry("6", "\"today\"")];
    assert_eq!(corrections(&sheet, &[&told[0], &told[1]]).apply(&mut sheet).refused, 2);
}

#[test]
fn only_what_is_decided_is_no_doubt() {
    let mut sheet = sendai();
    let row = sheet.table("history").iter().position(|r| r["period"].text == "平成20年度").unwrap();
    let doubt = |sheet: &mut Sheet, row: usize| {
        let cell = sheet.tables.get_mut("history").unwrap()[row].get_mut("period").unwrap();
        cell.status = Some(Status::Ambiguous);
    };
    doubt(&mut sheet, row);
    doubt(&mut sheet, row + 1);
    sheet.diagnostics.push(crate::Diagnostic {
        code: "ambiguous".to_owned(),
        severity: crate::Severity::Warning,
        message: String::new(),
        keys: vec!["history.period".to_owned()],
        at: Vec::new(),
    });
    let is_told = |sheet: &Sheet| sheet.diagnostics.iter().any(|d| d.code == "ambiguous");
    let entry = |row| format!("table = \"history\"\nrow = {row}\ncolumn = \"period\"\nraw = \"H22\"");
    corrections(&sheet, &[&entry(row)]).apply(&mut sheet);
    assert!(is_told(&sheet));
    corrections(&sheet, &[&entry(row + 1)]).apply(&mut sheet);
    assert!(!is_told(&sheet));
}

#[test]
fn files_from_other_systems_are_read() {
    let before = sheet();
    let file = format!(
        "schema = \"chohyo.corrections/1\"\n[source]\nsha256 = \"{}\"\n\
        [[correction]]\nkey = \"population\"\nraw = \"5\"\nnote = \"\"\"\none\ntwo\"\"\"\n",
        before.source.sha256.to_uppercase()
    );
    for file in [file.replace('\n', "\r\n"), format!("\u{feff}{file}")] {
        let mut corrections = Corrections::default();
        corrections.add(&file).unwrap();
        let mut sheet = sheet();
        // The content tells the file, whatever its name is.
        sheet.source.name = "renamed.txt".to_owned();
        assert_eq!(corrections.apply(&mut sheet), Applied { corrected: 1, refused: 0 });
        assert_eq!(population(&sheet).1, "5");
    }
}

const BLOCKS: &str = r#"
id = "facilities"
title = "施設"
marks = ["施設一覧"]
[[section]]
id = "facility"
headings = ["施設"]
repeated = "facility"
[[section.measure]]
key = "beds"
labels = ["病床数"]
unit = "床"
max = 500
[[section.field]]
key = "open"
labels = ["開設"]
type = "flag"
"#;

#[test]
fn of_repeated_blocks_the_one_that_is_named_is_corrected() {
    let dump = "施設一覧\n\n１ 施設\n\n病床数 120 床\n開設 有\n\n２ 施設\n\n病床数 80 床\n開設 有\n";
    let form = || Form::parse(BLOCKS).unwrap();
    let printed = Extractor::new().form(form()).extract(dump).unwrap();
    let read = |sheet: &Sheet| {
        let beds: Vec<_> = sheet.measures.iter().map(|m| (m.block, m.raw.clone())).collect();
        let open: Vec<_> = sheet.fields.iter().map(|f| (f.block, f.cell.flag)).collect();
        (beds, open)
    };
    let beds = |first: &str, second: &str| vec![(Some(1), first.to_owned()), (Some(2), second.to_owned())];
    assert_eq!(read(&printed), (beds("120", "80"), vec![(Some(1), Some(true)), (Some(2), Some(true))]));
    let mut sheet = printed.clone();
    let entries = ["key = \"beds\"\nblock = 2\nraw = \"800\"", "key = \"open\"\nblock = 2\nraw = \"無\""];
    let applied = corrections(&sheet, &entries).form(form()).apply(&mut sheet);
    assert_eq!(applied, Applied { corrected: 2, refused: 0 });
    assert_eq!(read(&sheet), (beds("120", "800"), vec![(Some(1), Some(true)), (Some(2), Some(false))]));
    assert_eq!(sheet.fields[1].cell.correction.as_ref().unwrap().raw, "有");
    assert!(sheet.diagnostics.iter().any(|d| d.code == "out_of_bounds"), "{:?}", sheet.diagnostics);
    // Without a block it is not told which one is meant.
    let mut sheet = printed.clone();
    assert_eq!(
        corrections(&sheet, &["key = \"beds\"\nraw = \"800\""]).form(form()).apply(&mut sheet).refused,
        1
    );
    assert_eq!((read(&sheet), codes(&sheet)), (read(&printed), vec!["correction_key"]));
}
