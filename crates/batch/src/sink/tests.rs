//! What the sinks write is read back and compared, cell by cell, with the JSON of the records.

mod documentation;
mod expected;
#[cfg_attr(not(feature = "parquet"), allow(dead_code, reason = "cells of CSV have no types"))]
mod read_back;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use chohyo_extract::{Extractor, Form, Sheet};
use expected::{Expected, Rows};
use read_back::Reader;
use serde_json::json;

use super::*;
use crate::FailureKind;
use crate::failure::Cause;

/// One file of a run, owned.
struct Outcome {
    file: FileRow,
    line: Option<String>,
    failure: Option<Failure>,
}

impl Outcome {
    fn record(path: &str, line: String) -> Self {
        let record: serde_json::Value = serde_json::from_str(&line).unwrap();
        let file = FileRow {
            path: path.to_owned(),
            sha256: record["source"]["sha256"].as_str().map(str::to_owned),
            bytes: record["source"]["bytes"].as_u64(),
            ..FileRow::default()
        };
        Self { file, line: Some(line), failure: None }
    }
}

fn fixtures() -> Vec<Outcome> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/sheets");
    let extract = |name: &str| {
        let bytes = fs::read(folder.join(name)).unwrap();
        let sheet = Extractor::new().extract_named(name, bytes).unwrap();
        Outcome::record(&format!("sheets/{name}"), serde_json::to_string(&sheet).unwrap())
    };
    ["sapporo.pdf", "sapporo.txt", "sendai.pdf", "sendai.txt"].map(extract).into()
}

/// A record of everything that gives trouble on the way through a format.
fn trouble() -> Outcome {
    let text = |text: &str| json!({"text": text, "at": [{"page": 1, "span": [3, 9]}, {"page": 2, "bbox": [0.1, -2.5, 1e9, 4.0]}]});
    let period = |edtf: &str, start: Option<&str>, end: Option<&str>| {
        json!({"text": "平成32年\u{3000}～", "edtf": edtf, "start": start, "end": end, "fiscal_year": 2020,
            "kind": "open", "flags": ["era_overflow"]})
    };
    let measure = |key: &str, raw: &str, value: serde_json::Value| {
        json!({"key": key, "label": text("=SUM(A1:A9)"), "group": text("\t計"), "as_of": null, "raw": raw,
            "value": value, "unit": "人", "status": "read", "confidence": 0.929_809_223_687_508_7, "evidence": ["row", "sum"], "at": []})
    };
    let correction = json!({"raw": "-1", "value": -1, "status": "solved", "at": [{"page": 1}], "who": "=me", "note": "「引用」"});
    let mut corrected = measure("corrected", "1", json!(1));
    corrected["status"] = json!("corrected");
    corrected["correction"] = correction.clone();
    let mut ambiguous = measure("=cmd|' /C calc'!A1", "", json!(null));
    ambiguous["status"] = json!("ambiguous");
    ambiguous["as_of"] = period("2020-09/..", Some("0001-01-01"), None);
    ambiguous["candidates"] = json!([
        {"raw": "-5", "value": -5, "weight": 0.25, "evidence": ["reading_order"], "at": [{"page": 1, "span": [0, 2]}]},
        {"raw": "", "value": null, "weight": 0.75, "evidence": [], "at": []}
    ]);
    let cell = |mut cell: serde_json::Value, more: serde_json::Value| {
        cell.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        cell
    };
    let record = json!({
        "schema": "chohyo.sheet/1",
        "source": {"name": "a,\"b\".pdf", "kind": "pdf", "sha256": "00", "bytes": 1, "pages": 4_294_967_295_u32, "producer": "@évil\r\n"},
        "form": {"id": "mhlw-community-care", "match": 0.333_333_333_333_333_3},
        "municipality": {"name": "堺市", "kind": "designated_city", "prefecture": "大阪府", "code": "271403"},
        "fiscal_year": -1, "title": text("+見出し"), "program": text("\u{feff}'=1"),
        "sections": [
            {"id": "basic_info", "number": "=１", "title": "県の\n情報", "pages": [2, 3], "at": [{"page": 2}], "captions": [text("＜-＞")]},
            {"id": "history", "number": "", "title": "", "pages": [], "at": []}
        ],
        "measures": [
            measure("negative", "-5", json!(-5)), measure("share", "21.0", json!(21.0)),
            measure("largest", "9,223,372,036,854,775,807", json!(i64::MAX)),
            measure("smallest", "-9,223,372,036,854,775,808", json!(i64::MIN)),
            measure("huge", "7.9e28", json!(7.9e28)), measure("fine", "0.000000001", json!(0.000_000_001)),
            measure("too fine", "0.12345678901234", json!(0.123_456_789_012_34)),
            measure("zero", "0", json!(0)), corrected, ambiguous
        ],
        "fields": [
            {"key": "answer", "block": 2, "label": text("-回答"), "text": "@はい", "at": [], "choice": ["yes", "=no"], "status": "read"},
            {"key": "city", "label": null, "text": "堺市", "at": [{"page": 2}], "flag": false,
                "municipality": {"name": "堺市", "kind": "designated_city", "prefecture": "大阪府", "code": "271403"}}
        ],
        "tables": {
            "history": [
                {"period": cell(text("-2020"), json!({"period": period("../2020-03-31", None, Some("9999-12-31"))})),
                 "content": text("一行目\n二行目\r\n\"引用\",、\u{0}\u{1f}終")},
                {"content": cell(text(""), json!({"status": "ambiguous"}))},
                {}
            ],
            "outcomes": [{
                "indicator": text("𠮷野家👨‍👩‍👧‍👦"),
                "target": cell(text("－"), json!({"value": null, "unit": null, "status": "null_mark"})),
                "actual": cell(text("＝3,794（R2年6月末）"), json!({"value": 3794, "unit": "人", "status": "read",
                    "as_of": period("2020-06-30", Some("2020-06-30"), Some("2020-06-30"))})),
                "narrative": cell(text("'already quoted"), json!({"value": null, "unit": null, "status": "corrected", "correction": correction})),
                "no such column": text("in cells only")
            }],
            "no such table": [{"列": cell(text("''=1"), json!({"value": -0.5, "unit": "点", "status": "solved"}))}]
        },
        "columns": {"outcomes": {"actual": text("実績値\n（R2）")}},
        "texts": {"summary": [text(""), text("\n")], "=name": [text("@"), text("x".repeat(100_000).as_str())]},
        "residue": [text("SAMPLE"), text("=R●年")], "furniture": [text("- 1 -")], "unclaimed": [text(""), text("\"□")],
        "diagnostics": [
            {"code": "sum_mismatch", "severity": "warning", "message": "-1 ≠ +1", "keys": ["share", "a\"b"], "at": [{"page": 3}]},
            {"code": "-", "severity": "info", "message": "―"}
        ]
    });
    // As a record is written, which the line of a run always is.
    let sheet: Sheet = serde_json::from_value(record).unwrap();
    Outcome::record("信じられない,\"名前\"\n.pdf", serde_json::to_string(&sheet).unwrap())
}

fn failed(path: &str) -> Outcome {
    let mut cause = Cause::new(FailureKind::OutOfMemory, "=no \"such\"\nfile");
    cause.page = Some(7);
    let failure = Failure::new(Path::new(path), cause, Some(0.25));
    let file = FileRow { path: path.to_owned(), ..FileRow::default() };
    Outcome { file, line: None, failure: Some(failure) }
}

fn everything() -> Vec<Outcome> {
    let mut outcomes = fixtures();
    outcomes.push(trouble());
    outcomes.push(failed("-rf"));
    let again = FileRow {
        path: "again.pdf".to_owned(),
        same_as: Some(outcomes[0].file.path.clone()),
        ..outcomes[0].file.clone()
    };
    outcomes.push(Outcome { file: again, line: None, failure: None });
    outcomes
}

/// Writes everything in every format, and gives the files their names.
fn write(folder: &Path, outcomes: &[Outcome], byte_order_mark: bool) {
    let options = SinkOptions { formats: Format::ALL.to_vec(), byte_order_mark };
    let mut sinks = Sinks::create(folder, &options, Form::builtin()).unwrap();
    for outcome in outcomes {
        let record = outcome.line.clone().map(Record::new);
        let (file, failure) = (&outcome.file, outcome.failure.as_ref());
        sinks.write(&Entry { file, record: record.as_ref(), failure }).unwrap();
    }
    let complete = sinks.finish().unwrap();
    let named = |name: &Path| name.extension().is_some_and(|e| e != "partial");
    assert!(names(folder).iter().all(|n| !named(n)), "no file has its name before all are complete");
    for file in complete {
        file.publish().unwrap();
    }
    assert!(names(folder).iter().all(|n| named(n)), "every file has its name");
}

fn names(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    names.sort();
    names
}

/// The rows of all tables, as the JSON says.
fn of_json(folder: &Path, outcomes: &[Outcome]) -> Expected {
    let jsonl = fs::read_to_string(folder.join("records.jsonl")).unwrap();
    let mut records = jsonl.split_terminator('\n').map(|line| serde_json::from_str(line).unwrap());
    let mut expected = Expected::new(&Catalog::new(Form::builtin().iter().map(Arc::as_ref)));
    for (index, outcome) in outcomes.iter().enumerate() {
        let record: Option<serde_json::Value> = outcome.line.is_some().then(|| records.next().unwrap());
        let failure = outcome.failure.as_ref().map(|f| serde_json::to_value(f).unwrap());
        expected.add(index + 1, &outcome.file, record.as_ref(), failure.as_ref());
    }
    assert!(records.next().is_none());
    expected
}

fn compare(format: &str, expected: &Expected, folder: &Path, read: Reader) {
    let mut cells = 0;
    for (table, rows) in &expected.tables {
        let (columns, found) = read(folder, table);
        assert_eq!(columns, expected.columns[table], "{format}: columns of {table}");
        assert_eq!(found.len(), rows.len(), "{format}: rows of {table}");
        for (number, (row, found)) in rows.iter().zip(&found).enumerate() {
            assert!(row.keys().all(|c| columns.contains(c)), "{format}: {table} has {:?}", row.keys());
            for (column, cell) in columns.iter().zip(found) {
                let expected = row.get(column).unwrap_or_else(|| panic!("{table}.{column} is not compared"));
                assert!(
                    cell.is(expected),
                    "{format}: {table}.{column}, row {number}: {cell:?} for {expected}"
                );
                cells += 1;
            }
        }
    }
    assert_eq!(
        cells,
        expected.tables.iter().map(|(t, rows)| rows.len() * expected.columns[t].len()).sum::<usize>()
    );
}

fn readers() -> Vec<(&'static str, Reader)> {
    vec![
        ("csv", read_back::csv),
        #[cfg(feature = "parquet")]
        ("parquet", read_back::parquet),
        #[cfg(feature = "sqlite")]
        ("sqlite", read_back::sqlite),
    ]
}

#[test]
fn every_cell_of_every_format_is_that_of_the_json() {
    let folder = tempfile::tempdir().unwrap();
    let outcomes = everything();
    write(folder.path(), &outcomes, false);
    let expected = of_json(folder.path(), &outcomes);
    for (table, least) in
        [("files", 7), ("measures", 90), ("cells", 200), ("history", 20), ("texts", 20), ("outcomes", 5)]
    {
        assert!(expected.tables[table].len() >= least, "{table}: {}", expected.tables[table].len());
    }
    for (format, read) in readers() {
        compare(format, &expected, folder.path(), read);
    }
}

#[test]
fn an_empty_run_has_every_table_without_rows() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[], true);
    assert_eq!(fs::read(folder.path().join("records.jsonl")).unwrap(), b"");
    assert!(fs::read(folder.path().join("files.csv")).unwrap().starts_with(b"\xef\xbb\xbffile,path,"));
    let expected = of_json(folder.path(), &[]);
    for table in ["measures", "history", "outcomes", "issues", "indicators", "schedule", "councils", "texts"]
    {
        assert_eq!(expected.tables[table], Rows::new());
    }
    for (format, read) in readers() {
        compare(format, &expected, folder.path(), read);
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let outcomes = everything();
    write(one.path(), &outcomes, true);
    // What an earlier run left unfinished changes nothing.
    fs::write(two.path().join("records.sqlite.partial"), b"SQLite format 3\0 and no more").unwrap();
    fs::write(two.path().join("files.csv.partial"), b"x").unwrap();
    write(two.path(), &outcomes, true);
    let bytes = |folder: &Path| -> BTreeMap<_, _> {
        names(folder).into_iter().map(|p| (p.file_name().unwrap().to_owned(), fs::read(p).unwrap())).collect()
    };
    let (one, two) = (bytes(one.path()), bytes(two.path()));
    assert_eq!(one.keys().collect::<Vec<_>>(), two.keys().collect::<Vec<_>>());
    for (name, bytes) in &one {
        assert!(*bytes == two[name], "{} differs", name.display());
    }
}

#[test]
fn no_text_of_a_csv_begins_like_a_formula() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[trouble(), failed("=x")], false);
    let mut texts = 0;
    for table in Catalog::new(Form::builtin().iter().map(Arc::as_ref)).tables() {
        let mut reader = ::csv::Reader::from_path(folder.path().join(format!("{}.csv", table.name))).unwrap();
        for row in reader.records() {
            for (cell, column) in row.unwrap().iter().zip(&table.columns) {
                if matches!(column.kind, table::Type::Text | table::Type::Key | table::Type::Json) {
                    assert!(
                        !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0']),
                        "{}.{}: {cell:?}",
                        table.name,
                        column.name
                    );
                    texts += usize::from(cell.starts_with('\''));
                }
            }
        }
    }
    assert!(texts > 20, "only {texts} cells were in question");
    let measures = fs::read_to_string(folder.path().join("measures.csv")).unwrap();
    assert!(measures.contains(",0.9298092236875087,"), "a number is that of the record to its last digit");
    assert!(measures.contains(",'-5,-5,人,"), "a negative number stays a number, and its text becomes one");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_that_names_the_file() {
    for format in Format::ALL {
        let file = match format.name() {
            "csv" => "files.csv",
            "parquet" => "files.parquet",
            name => &format!("records.{name}"),
        };
        let folder = tempfile::tempdir().unwrap();
        let partial = folder.path().join(format!("{file}.partial"));
        std::os::unix::fs::symlink("/dev/full", &partial).unwrap();
        let options = SinkOptions { formats: vec![*format], byte_order_mark: false };
        let outcome = trouble();
        let record = outcome.line.map(Record::new);
        let record = record.as_ref();
        let error = Sinks::create(folder.path(), &options, Form::builtin()).and_then(|mut sinks| {
            sinks.write(&Entry { file: &outcome.file, record, failure: None })?;
            sinks.finish().map(drop)
        });
        let error = error.unwrap_err();
        assert!(error.to_string().contains(&format!("{file}.partial")), "{error}");
        assert!(!folder.path().join(file).exists());
    }
}
