//! The rows that tables are to have, taken from the JSON of the records alone.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::sink::FileRow;
use crate::sink::catalog::Catalog;

pub(super) type Rows = Vec<Map<String, Value>>;

pub(super) struct Expected {
    /// Names of the columns of each table, in order.
    pub(super) columns: BTreeMap<String, Vec<String>>,
    pub(super) tables: BTreeMap<String, Rows>,
}

impl Expected {
    pub(super) fn new(catalog: &Catalog) -> Self {
        let tables = || catalog.tables().iter();
        Self {
            columns: tables()
                .map(|t| (t.name.clone(), t.columns.iter().map(|c| c.name.clone()).collect()))
                .collect(),
            tables: tables().map(|t| (t.name.clone(), Rows::new())).collect(),
        }
    }

    pub(super) fn add(
        &mut self,
        number: usize,
        file: &FileRow,
        record: Option<&Value>,
        failure: Option<&Value>,
    ) {
        let none = Value::Null;
        let (sheet, failure) = (record.unwrap_or(&none), failure.unwrap_or(&none));
        let mut brief = Map::new();
        brief.insert("file".into(), number.into());
        brief.insert("form".into(), sheet["form"]["id"].clone());
        let mut head = brief.clone();
        head.insert("path".into(), json!(file.path));
        head.insert("sha256".into(), json!(file.sha256));
        head.insert("municipality_code".into(), sheet["municipality"]["code"].clone());
        head.insert("municipality".into(), sheet["municipality"]["name"].clone());
        head.insert("municipality_kind".into(), sheet["municipality"]["kind"].clone());
        head.insert("prefecture".into(), sheet["municipality"]["prefecture"].clone());
        head.insert("fiscal_year".into(), sheet["fiscal_year"].clone());

        let mut row = head.clone();
        row.insert("bytes".into(), json!(file.bytes));
        row.insert("path_escaped".into(), file.path_escaped.into());
        row.insert("same_as".into(), json!(file.same_as));
        row.insert("read".into(), record.is_some().into());
        row.insert("failure".into(), failure["kind"].clone());
        row.insert("failure_message".into(), failure["message"].clone());
        row.insert("failure_page".into(), failure["page"].clone());
        row.insert("kind".into(), sheet["source"]["kind"].clone());
        row.insert("pages".into(), sheet["source"]["pages"].clone());
        row.insert("producer".into(), sheet["source"]["producer"].clone());
        row.insert("form_match".into(), sheet["form"]["match"].clone());
        row.insert("title".into(), sheet["title"]["text"].clone());
        row.insert("program".into(), sheet["program"]["text"].clone());
        self.push("files", row);

        for (index, measure) in list(&sheet["measures"]).iter().enumerate() {
            let mut row = numbered(&head, index);
            for (column, value) in [
                ("label", &measure["label"]["text"]),
                ("label_group", &measure["group"]["text"]),
                ("key", &measure["key"]),
                ("block", &measure["block"]),
                ("raw", &measure["raw"]),
                ("unit", &measure["unit"]),
                ("status", &measure["status"]),
                ("confidence", &measure["confidence"]),
            ] {
                row.insert(column.into(), value.clone());
            }
            row.insert("value".into(), exact(&measure["value"]));
            row.insert("evidence".into(), text(&measure["evidence"]));
            row.insert("candidates".into(), list(&measure["candidates"]).len().into());
            row.insert("correction".into(), object(&measure["correction"]));
            row.insert("candidate_list".into(), text(&measure["candidates"]));
            time(&mut row, "as_of", &measure["as_of"]);
            places(&mut row, &measure["at"]);
            self.push("measures", row);
        }
        for (index, field) in list(&sheet["fields"]).iter().enumerate() {
            let mut row = numbered(&head, index);
            row.insert("key".into(), field["key"].clone());
            row.insert("block".into(), field["block"].clone());
            row.insert("label".into(), field["label"]["text"].clone());
            whole(&mut row, field);
            self.push("fields", row);
        }
        let mut number = 0;
        for (name, texts) in sheet["texts"].as_object().into_iter().flatten() {
            for piece in list(texts) {
                let mut row = numbered(&head, number);
                row.insert("name".into(), name.clone().into());
                row.insert("text".into(), piece["text"].clone());
                places(&mut row, &piece["at"]);
                self.push("texts", row);
                number += 1;
            }
        }
        for (index, diagnostic) in list(&sheet["diagnostics"]).iter().enumerate() {
            let mut row = numbered(&head, index);
            for column in ["code", "severity", "message"] {
                row.insert(column.into(), diagnostic[column].clone());
            }
            row.insert("keys".into(), text(&diagnostic["keys"]));
            places(&mut row, &diagnostic["at"]);
            self.push("diagnostics", row);
        }
        for (index, section) in list(&sheet["sections"]).iter().enumerate() {
            let mut row = numbered(&head, index);
            row.insert("section".into(), section["id"].clone());
            row.insert("number".into(), section["number"].clone());
            row.insert("title".into(), section["title"].clone());
            row.insert("pages".into(), text(&section["pages"]));
            row.insert("captions".into(), text(&section["captions"]));
            places(&mut row, &section["at"]);
            self.push("sections", row);
        }
        let mut number = 0;
        for kind in ["residue", "furniture", "unclaimed"] {
            for piece in list(&sheet[kind]) {
                let mut row = numbered(&head, number);
                row.insert("kind".into(), kind.into());
                row.insert("text".into(), piece["text"].clone());
                places(&mut row, &piece["at"]);
                self.push("leftovers", row);
                number += 1;
            }
        }
        for (table, rows) in sheet["tables"].as_object().into_iter().flatten() {
            for (index, cells) in list(rows).iter().enumerate() {
                for (column, cell) in cells.as_object().unwrap() {
                    let mut row = numbered(&brief, index);
                    row.insert("table_name".into(), table.clone().into());
                    row.insert("column_name".into(), column.clone().into());
                    row.insert("head".into(), sheet["columns"][table][column]["text"].clone());
                    whole(&mut row, cell);
                    self.push("cells", row);
                }
                if self.tables.contains_key(table) {
                    let row = self.tidy(table, numbered(&head, index), cells);
                    self.push(table, row);
                }
            }
        }
    }

    /// A row of a form's own table: each column by its name and the part of the cell that its ending says.
    fn tidy(&self, table: &str, mut row: Map<String, Value>, cells: &Value) -> Map<String, Value> {
        let columns = &self.columns[table];
        let has = |name: &str, ending: &str| columns.iter().any(|c| *c == format!("{name}{ending}"));
        let of_form: Vec<&String> = columns.iter().filter(|c| has(c, "_status")).collect();
        let first = of_form.iter().map(|c| &cells[c.as_str()]["at"]).find(|at| !list(at).is_empty());
        row.insert("page".into(), first.map_or(Value::Null, |at| at[0]["page"].clone()));
        for name in of_form {
            let cell = &cells[name.as_str()];
            let mut insert =
                |ending: &str, value: &Value| row.insert(format!("{name}{ending}"), value.clone());
            insert("_status", &cell["status"]);
            let period = if has(name, "_unit") {
                insert("", &exact(&cell["value"]));
                insert("_text", &cell["text"]);
                insert("_unit", &cell["unit"]);
                &cell["as_of"]
            } else {
                insert("", &cell["text"]);
                &cell["period"]
            };
            for ending in ["edtf", "start", "end", "fiscal_year", "kind"] {
                if has(name, &format!("_{ending}")) {
                    insert(&format!("_{ending}"), &period[ending]);
                }
            }
        }
        row
    }

    fn push(&mut self, table: &str, row: Map<String, Value>) {
        self.tables.get_mut(table).unwrap().push(row);
    }
}

fn whole(row: &mut Map<String, Value>, cell: &Value) {
    for column in ["text", "unit", "status", "flag"] {
        row.insert(column.into(), cell[column].clone());
    }
    row.insert("value".into(), exact(&cell["value"]));
    row.insert("choice".into(), text(&cell["choice"]));
    row.insert("named".into(), object(&cell["municipality"]));
    row.insert("correction".into(), object(&cell["correction"]));
    time(row, "as_of", &cell["as_of"]);
    time(row, "period", &cell["period"]);
    places(row, &cell["at"]);
}

fn numbered(head: &Map<String, Value>, index: usize) -> Map<String, Value> {
    let mut row = head.clone();
    row.insert("row".into(), (index + 1).into());
    row
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A list as JSON; one that the record leaves out is empty.
fn text(value: &Value) -> Value {
    if value.is_null() { "[]".into() } else { value.to_string().into() }
}

/// An object as JSON.
fn object(value: &Value) -> Value {
    if value.is_null() { Value::Null } else { value.to_string().into() }
}

/// A number with nine places behind the point at most; there is none else.
fn exact(value: &Value) -> Value {
    let digits = value.to_string();
    let places = digits.split_once('.').map_or(0, |(_, places)| places.len());
    let exponent: i32 = digits.split_once("e-").map_or(0, |(_, e)| e.parse().unwrap());
    if places as i32 + exponent > 9 { Value::Null } else { value.clone() }
}

fn time(row: &mut Map<String, Value>, name: &str, period: &Value) {
    row.insert(name.into(), period["text"].clone());
    for part in ["edtf", "start", "end", "fiscal_year", "kind"] {
        row.insert(format!("{name}_{part}"), period[part].clone());
    }
    let flags = if period.is_null() { Value::Null } else { text(&period["flags"]) };
    row.insert(format!("{name}_flags"), flags);
}

fn places(row: &mut Map<String, Value>, at: &Value) {
    row.insert("page".into(), at[0]["page"].clone());
    for (index, edge) in ["x0", "top", "x1", "bottom"].into_iter().enumerate() {
        row.insert(edge.into(), at[0]["bbox"][index].clone());
    }
    row.insert("span_start".into(), at[0]["span"][0].clone());
    row.insert("span_end".into(), at[0]["span"][1].clone());
    row.insert("places".into(), text(at));
}
