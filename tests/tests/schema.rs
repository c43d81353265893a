//! The committed JSON Schema against the types.

use std::fs;
use std::path::Path;

use chohyo_extract::Sheet;

#[test]
fn the_schema_file_is_that_of_the_types() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/extract/schema/chohyo.sheet-1.json");
    let schema = serde_json::to_string_pretty(&schemars::schema_for!(Sheet)).unwrap() + "\n";
    assert!(
        fs::read_to_string(&path).is_ok_and(|file| file == schema),
        "the types have changed; if that is meant: cargo run -- schema > crates/extract/schema/chohyo.sheet-1.json"
    );
}
