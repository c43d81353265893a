//! The JSON of a period, as records print it.
#![cfg(feature = "serde")]

use chohyo_normalize::{Context, Period, period};
use serde_json::json;

#[test]
fn a_period_in_json() {
    let context = Context::default().with_fiscal_year(2020);
    let cases = [
        (
            "Ｈ20～24年度",
            json!({"text": "Ｈ20～24年度", "edtf": "2008-04/2013-03", "start": "2008-04-01", "end": "2013-03-31",
                "fiscal_year": null, "kind": "range", "flags": ["elided_era", "fiscal"]}),
        ),
        (
            "R1年度当初",
            json!({"text": "R1年度当初", "edtf": "2019-04-01", "start": "2019-04-01", "end": "2019-04-01",
                "fiscal_year": 2019, "kind": "fiscal_point", "flags": ["fy_start"]}),
        ),
        (
            "R2年9月～",
            json!({"text": "R2年9月～", "edtf": "2020-09/..", "start": "2020-09-01", "end": null,
                "fiscal_year": null, "kind": "open", "flags": ["open_end"]}),
        ),
        (
            "通年",
            json!({"text": "通年", "edtf": "2020-04/2021-03", "start": "2020-04-01", "end": "2021-03-31",
                "fiscal_year": 2020, "kind": "whole_year", "flags": []}),
        ),
    ];
    for (text, expected) in cases {
        let read = period(text, &context).expect(text);
        let printed = serde_json::to_value(&read).expect("a period is JSON");
        assert_eq!(printed, expected);
        let again: Period = serde_json::from_value(printed).expect("what is printed is read");
        assert_eq!(again, read);
    }
}

#[test]
fn an_unknown_flag_is_refused() {
    let text = r#"{"text": "", "edtf": "", "start": null, "end": null, "fiscal_year": null, "kind": "day", "flags": ["x"]}"#;
    let error = serde_json::from_str::<Period>(text).expect_err("no such flag").to_string();
    assert!(error.contains("unknown flag `x`"), "{error}");
}

#[cfg(feature = "schemars")]
#[test]
fn the_schema_names_the_kinds() {
    let schema = serde_json::to_value(schemars::schema_for!(Period)).expect("a schema is JSON");
    let text = schema.to_string();
    for name in ["fiscal_point", "whole_year", "edtf", "era_overflow"] {
        assert!(text.contains(name), "{name}");
    }
    assert_eq!(schema["properties"]["start"]["type"], json!(["string", "null"]));
}
