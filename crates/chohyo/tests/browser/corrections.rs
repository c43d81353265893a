//! Corrections: made on the page, saved from it, and in the next batch.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::{Desk, chohyo, fixture, text};

/// Saves the corrections of the page; gives the file.
fn save(desk: &Desk, name: &str) -> PathBuf {
    desk.browser.keys("s");
    let file = desk.path(name);
    for _ in 0..500 {
        // A browser makes the file, and then writes it.
        if fs::metadata(&file).is_ok_and(|file| file.len() > 0) {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    file
}

/// Types into the field for what the page says, and takes it.
fn correct(desk: &Desk, path: &str, raw: &str) {
    desk.browser.eval(&format!("choose(BY_KEY.get({path:?}), 'keys')"));
    desk.browser.keys("c");
    desk.browser.wait("document.activeElement.id === 'says'");
    desk.browser.eval(&format!("document.getElementById('says').value = {raw:?}"));
    desk.browser.keys("\u{e007}");
    desk.browser.wait(&format!("CORRECTIONS.get({path:?})?.raw === {raw:?}"));
    desk.browser.keys("\u{e00c}");
}

/// The record of a sheet with the corrections of a folder.
fn corrected(sheet: &Path, more: &[&str]) -> serde_json::Value {
    let output = chohyo(&[&["extract", text(sheet)], more].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Codes of the diagnostics that tell of corrections.
fn codes(record: &serde_json::Value) -> Vec<&str> {
    let all = record["diagnostics"].as_array().unwrap().iter().map(|d| d["code"].as_str().unwrap());
    all.filter(|code| code.starts_with("correction")).collect()
}

#[test]
fn what_is_corrected_is_confirmed_and_corrected_again() {
    let Some(desk) = Desk::new("en") else { return };
    let (sheet, folder) = (fixture("sendai.pdf"), desk.path("corrections"));
    fs::create_dir(&folder).unwrap();
    desk.inspect(&sheet);
    correct(&desk, "population", "1,087,724");
    correct(&desk, "history[0].content", "<b>\"新規\"</b>");
    fs::rename(save(&desk, "sendai.corrections.toml"), folder.join("first.toml")).unwrap();
    // The page of the corrected sheet shows what was read, and takes the next correction.
    let more = ["--corrections", text(&folder)];
    desk.inspect_with(&sheet, &more);
    desk.browser.eval("localStorage.clear()");
    desk.browser.eval("location.reload()");
    desk.browser.wait("document.readyState === 'complete' && CORRECTIONS.size === 0");
    desk.browser.eval("choose(BY_KEY.get('population'), 'keys')");
    let detail = desk.browser.eval("document.getElementById('detail').innerText").to_string();
    assert!(detail.contains("1,087,724") && detail.contains("1,087,723 (read)"), "{detail}");
    assert_eq!(desk.browser.eval("document.querySelectorAll('b').length > 0 && [...document.querySelectorAll('b')].some((b) => b.textContent.includes('新規'))"), false);
    correct(&desk, "population", "１，０８７，７２５");
    correct(&desk, "history[0].content", "終了");
    fs::rename(save(&desk, "sendai.corrections.toml"), folder.join("second.toml")).unwrap();
    desk.assert_quiet();
    let record = corrected(&sheet, &more);
    assert_eq!(codes(&record), Vec::<&str>::new());
    let population =
        record["measures"].as_array().unwrap().iter().find(|m| m["key"] == "population").unwrap();
    assert_eq!((&population["raw"], &population["value"]), (&"１，０８７，７２５".into(), &1_087_725.into()));
    assert_eq!(
        (&population["correction"]["raw"], &population["correction"]["status"]),
        (&"1,087,723".into(), &"read".into())
    );
    assert_eq!(record["tables"]["history"][0]["content"]["text"], "終了");
}

#[test]
fn fields_and_blocks_of_other_forms_are_shown_and_corrected() {
    let Some(desk) = Desk::new("en") else { return };
    let (form, sheet) = (desk.path("form.toml"), desk.path("list.txt"));
    fs::write(
        &form,
        "id = \"facilities\"\ntitle = \"施設\"\nmarks = [\"施設一覧\"]\n[[section]]\nid = \"facility\"\nheadings = [\"施設\"]\n\
        repeated = \"facility\"\n[[section.measure]]\nkey = \"beds\"\nlabels = [\"病床数\"]\nunit = \"床\"\n\
        [[section.field]]\nkey = \"open\"\nlabels = [\"開設\"]\ntype = \"flag\"\n",
    )
    .unwrap();
    fs::write(&sheet, "施設一覧\n\n１ 施設\n\n病床数 120 床\n開設 有\n\n２ 施設\n\n病床数 80 床\n開設 有\n")
        .unwrap();
    let more = ["--form", text(&form)];
    desk.inspect_with(&sheet, &more);
    let list = desk.browser.eval("document.getElementById('list').innerText").to_string();
    for shown in ["Fields", "開設", "Block 1", "Block 2", "120", "80"] {
        assert!(list.contains(shown), "{shown} in {list}");
    }
    correct(&desk, "beds#2", "81");
    correct(&desk, "open#2", "無");
    let file = save(&desk, "list.corrections.toml");
    desk.assert_quiet();
    let record = corrected(&sheet, &[&more[..], &["--corrections", text(&file)]].concat());
    assert_eq!(codes(&record), Vec::<&str>::new());
    let raws: Vec<_> = record["measures"].as_array().unwrap().iter().map(|m| &m["raw"]).collect();
    assert_eq!(raws, ["120", "81"]);
    let flags: Vec<_> = record["fields"].as_array().unwrap().iter().map(|f| &f["flag"]).collect();
    assert_eq!(flags, [true, false]);
}

/// What people may type, and what they may not.
const TYPED: [&str; 38] = [
    "452",
    "1,208",
    "１，２０８",
    "21.0",
    "21.0%",
    "２１．０％",
    "約1,234",
    "延べ 56 人",
    "△5",
    "-5",
    "−５",
    "1,234人",
    "3か所",
    "12千円",
    "1.5万人",
    "2億3,000万円",
    "（452）",
    "12 34",
    "1,23",
    "1.2.3",
    "12?",
    "<b>5</b>",
    "5<",
    "R2年",
    "3か月",
    "5年",
    "many",
    "多数",
    "",
    "―",
    "－",
    "…",
    "該当なし",
    "なし",
    "無",
    "*",
    "0",
    "12-34",
];

#[test]
fn the_page_takes_for_a_number_what_a_batch_takes() {
    let Some(desk) = Desk::new("ja") else { return };
    desk.inspect(&fixture("sendai.txt"));
    for typed in TYPED {
        let said = desk.browser.eval(&format!("isNothing({typed:?}) ? 'nothing' : parseNumber({typed:?})"));
        let nothing = typed.is_empty() || chohyo_normalize::is_null_mark(typed);
        let number = chohyo_normalize::number(typed).map(|n| n.value.to_string());
        match number.filter(|_| !nothing) {
            Some(number) => assert_eq!(said.as_f64(), number.parse().ok(), "{typed:?}: {said}"),
            None if nothing => assert_eq!(said, "nothing", "{typed:?}"),
            None => assert_eq!(said, serde_json::Value::Null, "{typed:?}"),
        }
    }
}

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
    let file = save(&desk, "sendai.corrections.toml");
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
