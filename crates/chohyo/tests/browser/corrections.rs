//! Corrections: made on the page, saved from it, and in the next batch.

use std::fs;
use std::time::Duration;

use crate::{Desk, chohyo, fixture, text};

#[test]
fn a_correction_made_on_the_page_reaches_csv_and_parquet() {
    let Some(desk) = Desk::new("en") else { return };
    desk.inspect(&fixture("sendai.txt"));
    let browser = &desk.browser;
    // The first doubt is ambiguous: its second candidate is picked with a key.
    browser.keys("n");
    assert_eq!(browser.eval("chosen.path"), "inpatients_under_3_months");
    assert_eq!(browser.eval("chosen.candidates[1].raw"), "490");
    browser.keys("2");
    browser.wait("document.querySelector('#detail .big').innerText === '490 人'");
    // Another value is typed; a word is refused first.
    browser.eval("choose(BY_KEY.get('population'), 'keys')");
    browser.keys("c");
    browser.wait("document.activeElement.id === 'says'");
    browser.keys("many\u{e007}");
    browser.wait("document.querySelector('.problem').textContent !== ''");
    browser.eval("document.getElementById('says').select()");
    browser.keys("1,087,724");
    browser.click("#who");
    browser.keys("Sato \"S\" <s@example.org>");
    browser.keys("\u{e007}");
    browser.wait("document.querySelector('#detail .big').innerText === '1,087,724 人'");
    browser.keys("\u{e00c}");
    // They outlive the page.
    browser.eval("location.reload()");
    browser.wait("document.readyState === 'complete' && CORRECTIONS.size === 2");
    browser.keys("s");
    let file = desk.path("sendai.corrections.toml");
    for _ in 0..500 {
        if file.exists() {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    desk.assert_quiet();

    let out = desk.path("out");
    let folder = desk.path("corrections");
    fs::create_dir(&folder).unwrap();
    fs::copy(&file, folder.join("sendai.corrections.toml")).unwrap();
    let formats = if cfg!(feature = "parquet") { "jsonl,csv,parquet" } else { "jsonl,csv" };
    let sheet = fixture("sendai.txt");
    let output = chohyo(&[
        "batch",
        text(&sheet),
        "--out",
        text(&out),
        "--format",
        formats,
        "--corrections",
        text(&folder),
    ]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stderr).contains("2 values corrected"));
    let record: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(out.join("records.jsonl")).unwrap()).unwrap();
    let measure =
        |key: &str| record["measures"].as_array().unwrap().iter().find(|m| m["key"] == key).cloned().unwrap();
    let population = measure("population");
    assert_eq!((&population["status"], &population["value"]), (&"corrected".into(), &1_087_724.into()));
    assert_eq!(population["correction"]["who"], "Sato \"S\" <s@example.org>");
    assert_eq!(population["correction"]["raw"], "1,087,723");
    assert_eq!(measure("inpatients_under_3_months")["value"], 490);
    assert_eq!(measure("inpatients_under_3_months")["correction"]["status"], "ambiguous");

    let csv = fs::read_to_string(out.join("measures.csv")).unwrap();
    let row = |key: &str| csv.lines().find(|l| l.contains(&format!(",{key},"))).unwrap().to_owned();
    assert!(
        row("population").contains("1087724") && row("population").contains("corrected"),
        "{}",
        row("population")
    );
    assert!(
        row("inpatients_under_3_months").contains(",490,490,人,corrected,"),
        "{}",
        row("inpatients_under_3_months")
    );
    #[cfg(feature = "parquet")]
    assert_eq!(
        parquet(&out.join("measures.parquet"), "population"),
        ("corrected".to_owned(), "1087724".to_owned())
    );
}

/// Status and value of a measure in a Parquet file.
#[cfg(feature = "parquet")]
fn parquet(file: &std::path::Path, key: &str) -> (String, String) {
    use parquet::file::reader::{FileReader, SerializedFileReader};

    let reader = SerializedFileReader::new(fs::File::open(file).unwrap()).unwrap();
    let row = reader
        .get_row_iter(None)
        .unwrap()
        .map(Result::unwrap)
        .find(|row| {
            row.get_column_iter()
                .any(|(name, field)| name == "key" && field.to_string() == format!("{key:?}"))
        })
        .unwrap();
    let field = |wanted: &str| {
        let found = row.get_column_iter().find(|(name, _)| *name == wanted).unwrap().1.to_string();
        found.trim_matches('"').trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    (field("status"), field("value"))
}
