//! Municipalities of one name in the rows of a table: the prefecture that their row, or a row above, names.

use crate::form::{ColumnKind, TableForm};
use crate::municipality;
use crate::sheet::{Cell, MunicipalityKind, Row, Status};
use crate::spelling::canonical;

/// Tells the municipalities that their names leave open: 府中市 in a row of 東京都.
pub(crate) fn tell(form: &TableForm, rows: &mut [Row]) {
    for column in form.columns.iter().filter(|c| c.kind == ColumnKind::Municipality) {
        let mut above: Option<&'static str> = None;
        for row in rows.iter_mut() {
            let named = row.values().find_map(prefecture);
            above = named.or(above);
            let Some(prefecture) = above else { continue };
            let Some(cell) = row.get_mut(&column.name) else { continue };
            if cell.municipality.is_some() || cell.status != Some(Status::Ambiguous) {
                continue;
            }
            let text: String = canonical(&cell.text).into_iter().collect();
            cell.municipality = municipality::told(&text, |p| p == prefecture);
            if cell.municipality.is_some() {
                cell.status = Some(Status::Read);
            }
        }
    }
}

/// The prefecture that a cell names.
fn prefecture(cell: &Cell) -> Option<&'static str> {
    // No name of one is longer.
    if cell.text.chars().filter(|c| !c.is_whitespace()).count() > 4 {
        return None;
    }
    let text: String = canonical(&cell.text).into_iter().collect();
    let named = municipality::of_name(&text);
    named.iter().find(|e| e.kind == MunicipalityKind::Prefecture).map(|e| e.name)
}
