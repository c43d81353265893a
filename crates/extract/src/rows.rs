//! Rows of a table into the caller's own type.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::sheet::{Cell, Row, Status};

/// One row as the caller's type: see [`Sheet::rows`](crate::Sheet::rows) for the fields there are.
pub(crate) fn deserialize<T: DeserializeOwned>(row: &Row) -> Result<T, serde_json::Error> {
    let mut fields = Map::new();
    for (column, cell) in row {
        fields.insert(column.clone(), plain(cell)?);
        fields.insert(format!("{column}_text"), Value::from(cell.text.clone()));
        fields.insert(format!("{column}_unit"), serde_json::to_value(&cell.unit)?);
        let period = cell.period.as_ref().or(cell.as_of.as_ref());
        fields.insert(format!("{column}_edtf"), period.map_or(Value::Null, |p| Value::from(p.edtf.clone())));
        fields.insert(format!("{column}_cell"), serde_json::to_value(cell)?);
    }
    serde_json::from_value(Value::Object(fields))
}

/// The cell as one JSON value: its number, or null where it has none or cannot be told, or its text.
fn plain(cell: &Cell) -> Result<Value, serde_json::Error> {
    match (cell.value, cell.status) {
        (Some(number), _) => serde_json::to_value(number),
        (None, None | Some(Status::Read)) => Ok(Value::from(cell.text.clone())),
        (None, Some(_)) => Ok(Value::Null),
    }
}
