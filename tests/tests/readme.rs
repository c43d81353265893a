//! What the README shows is what the program does.

use std::fs;

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
