//! What the README shows is what the program does.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use chohyo_tests::Fixture;
use chohyo_tests::fixture::folder;
use serde::Deserialize;
use serde_json::Value;

/// The blocks of code in this language, of both READMEs.
fn blocks(language: &str) -> Vec<(&'static str, String)> {
    let mut blocks = Vec::new();
    for name in ["README.md", "README.ja.md"] {
        let text =
            fs::read_to_string(folder().join("..").join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
        for block in text.split(&format!("```{language}\n")).skip(1) {
            let (code, _) =
                block.split_once("```").unwrap_or_else(|| panic!("{name}: a block is not closed"));
            blocks.push((name, code.to_owned()));
        }
    }
    assert_eq!(blocks.len() % 2, 0, "the READMEs are not in step");
    blocks
}

/// True when all of `part` is in `whole`: each field of an object, each item of a list, in order.
fn is_part(part: &Value, whole: &Value) -> bool {
    match (part, whole) {
        (Value::Object(part), Value::Object(whole)) => {
            part.iter().all(|(name, value)| whole.get(name).is_some_and(|w| is_part(value, w)))
        }
        (Value::Array(part), Value::Array(whole)) => {
            let mut rest = whole.iter();
            part.iter().all(|item| rest.any(|w| is_part(item, w)))
        }
        _ => part == whole,
    }
}

#[test]
fn the_record_shown_is_real() {
    let shown = blocks("json");
    assert_eq!(shown.len(), 2);
    for (readme, block) in shown {
        let part: Value = serde_json::from_str(&block).unwrap_or_else(|e| panic!("{readme}: {e}"));
        let name = part["source"]["name"].as_str().unwrap_or_else(|| panic!("{readme}: no source.name"));
        assert!(is_part(&part, &Fixture::named(name).record()), "{readme}: not in the record of {name}");
    }
}

/// The example of the READMEs, on a fixture.
#[test]
fn the_library_example_works() -> Result<(), Box<dyn std::error::Error>> {
    #[derive(Deserialize)]
    struct Entry {
        period_edtf: Option<String>,
        content: String,
    }

    let sheet = chohyo_extract::extract_sheet(fs::read(folder().join("sheets/sendai.pdf"))?)?;
    let population = sheet.measure("population").ok_or("no population")?;
    assert_eq!(population.value.map(|v| v.to_string()).as_deref(), Some("1087723"));
    assert!(population.at.iter().all(|place| place.page == 2 && place.bbox.is_some()), "{population:?}");
    let entries = sheet.rows::<Entry>("history")?;
    assert_eq!(entries.len(), 11);
    assert_eq!(entries[0].period_edtf.as_deref(), Some("2006-04/2007-03"));
    assert!(entries[0].content.starts_with("仙台市精神障害者退院促進事業開始"), "{}", entries[0].content);
    for (readme, block) in blocks("rust") {
        let used =
            block.contains(r#"sheet.measure("population")"#) && block.contains(r#"rows::<Entry>("history")"#);
        assert!(used, "{readme} shows another example");
    }
    Ok(())
}

/// The text of the Rust files of a folder, without those of tests.
fn sources(folder: &Path, out: &mut String) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("a source").path();
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") && name != "tests.rs" {
            let text = fs::read_to_string(&path).expect("a source");
            *out += text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        }
    }
}

#[test]
fn the_codes_of_diagnostics_are_those_that_are_listed() {
    let crates = folder().join("../crates");
    let list = fs::read_to_string(crates.join("extract/docs/diagnostics.md")).expect("the list");
    let listed: BTreeSet<&str> =
        list.lines().filter_map(|l| l.strip_prefix("| `")?.split_once('`')).map(|(code, _)| code).collect();
    let mut source = String::new();
    for name in ["layout", "extract"] {
        sources(&crates.join(name).join("src"), &mut source);
    }
    for code in &listed {
        assert!(source.contains(&format!("\"{code}\"")), "{code} is listed, and no diagnostic has it");
    }
    // And the other way: what follows each of these is a code.
    let mut found = BTreeSet::new();
    for before in ["warn(", "say(", "say(&mut sheet,", "code:", "Refusal::new(", "diagnostic("] {
        for after in source.split(before).skip(1) {
            let Some((code, _)) = after.trim_start().strip_prefix('"').and_then(|a| a.split_once('"')) else {
                continue;
            };
            found.insert(code);
        }
    }
    assert!(found.len() > 20, "{found:?}");
    let unlisted: Vec<_> = found.difference(&listed).collect();
    assert!(unlisted.is_empty(), "not in crates/extract/docs/diagnostics.md: {unlisted:?}");
}
