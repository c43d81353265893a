//! Reads what sinks wrote, with readers that know nothing of how it was written.

use std::path::Path;

use serde_json::Value;

/// The columns of a table, and its rows.
pub(super) type Reader = fn(&Path, &str) -> (Vec<String>, Vec<Vec<Cell>>);

/// A cell as a format gives it.
#[derive(Debug)]
pub(super) enum Cell {
    /// Of CSV, where everything is text and null is the empty text.
    Untyped(String),
    Null,
    Text(String),
    /// A number, in digits.
    Number(String),
    Boolean(bool),
}

impl Cell {
    /// True when it is what the JSON says.
    pub(super) fn is(&self, expected: &Value) -> bool {
        match (self, expected) {
            (Self::Null, Value::Null) => true,
            (Self::Untyped(text), Value::Null) => text.is_empty(),
            (Self::Text(text), Value::String(expected)) => text == expected,
            (Self::Untyped(text), Value::String(expected)) => without_guard(text) == expected,
            (Self::Number(text) | Self::Untyped(text), Value::Number(expected)) => {
                same_number(text, &expected.to_string())
            }
            (Self::Boolean(truth), Value::Bool(expected)) => truth == expected,
            (Self::Untyped(text), Value::Bool(expected)) => *text == expected.to_string(),
            // Where there are no booleans.
            (Self::Number(text), Value::Bool(expected)) => *text == u8::from(*expected).to_string(),
            _ => false,
        }
    }
}

/// Takes off the apostrophe that keeps spreadsheets from taking a text for a formula.
fn without_guard(text: &str) -> &str {
    let bare = text.trim_start_matches('\'');
    let guarded = bare.len() < text.len()
        && bare.starts_with(|c: char| "=+-@＝＋－＠".contains(c) || c.is_ascii_control())
        && !matches!(bare, "＝" | "＋" | "－" | "＠");
    if guarded { &text[1..] } else { text }
}

/// Equal as decimals where they are that, else as binary fractions.
fn same_number(one: &str, two: &str) -> bool {
    let digits = |text: &str| {
        let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let (sign, whole) = whole.strip_prefix('-').map_or((1, whole), |rest| (-1, rest));
        let all: String = format!("{whole}{fraction}");
        let point = fraction.len() as i32 - exponent.parse::<i32>().unwrap();
        let zeros = all.len() - all.trim_end_matches('0').len();
        let significant = all.trim_matches('0').to_owned();
        if significant.is_empty() { (1, String::new(), 0) } else { (sign, significant, point - zeros as i32) }
    };
    digits(one) == digits(two)
}

pub(super) fn csv(folder: &Path, table: &str) -> (Vec<String>, Vec<Vec<Cell>>) {
    let bytes = std::fs::read(folder.join(format!("{table}.csv"))).unwrap();
    let mut reader = ::csv::Reader::from_reader(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes));
    let columns = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let row = |row: ::csv::StringRecord| row.iter().map(|c| Cell::Untyped(c.to_owned())).collect();
    (columns, reader.records().map(|r| row(r.unwrap())).collect())
}

#[cfg(feature = "parquet")]
pub(super) fn parquet(folder: &Path, table: &str) -> (Vec<String>, Vec<Vec<Cell>>) {
    use ::parquet::file::reader::{FileReader, SerializedFileReader};
    use ::parquet::record::Field;
    let file = std::fs::File::open(folder.join(format!("{table}.parquet"))).unwrap();
    let reader = SerializedFileReader::new(file).unwrap();
    let fields = reader.metadata().file_metadata().schema().get_fields();
    let columns = fields.iter().map(|f| f.name().to_owned()).collect();
    let cell = |field: &Field| match field {
        Field::Null => Cell::Null,
        Field::Str(text) => Cell::Text(text.clone()),
        Field::Long(number) => Cell::Number(number.to_string()),
        Field::Double(number) => Cell::Number(number.to_string()),
        Field::Bool(truth) => Cell::Boolean(*truth),
        Field::Date(days) => {
            let span = jiff::Span::new().days(*days);
            Cell::Text(jiff::civil::date(1970, 1, 1).checked_add(span).unwrap().to_string())
        }
        Field::Decimal(number) => {
            assert_eq!((number.precision(), number.scale()), (38, 9));
            let digits = i128::from_be_bytes(number.data().try_into().unwrap());
            Cell::Number(format!("{digits}e-9"))
        }
        other => panic!("{other:?}"),
    };
    let rows = reader.get_row_iter(None).unwrap();
    (columns, rows.map(|r| r.unwrap().get_column_iter().map(|(_, f)| cell(f)).collect()).collect())
}

#[cfg(feature = "sqlite")]
pub(super) fn sqlite(folder: &Path, table: &str) -> (Vec<String>, Vec<Vec<Cell>>) {
    use rusqlite::types::ValueRef;
    let database = rusqlite::Connection::open(folder.join("records.sqlite")).unwrap();
    let mut statement = database.prepare(&format!("SELECT * FROM \"{table}\" ORDER BY rowid")).unwrap();
    let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let cell = |value: ValueRef<'_>| match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Text(text) => Cell::Text(String::from_utf8(text.to_vec()).unwrap()),
        ValueRef::Integer(number) => Cell::Number(number.to_string()),
        ValueRef::Real(number) => Cell::Number(number.to_string()),
        ValueRef::Blob(_) => panic!("a blob"),
    };
    let count = columns.len();
    let rows = statement.query_map([], |r| (0..count).map(|c| r.get_ref(c).map(cell)).collect()).unwrap();
    let rows = rows.map(Result::unwrap).collect();
    (columns, rows)
}
