//! In which order a dump's table has its columns.

use super::piece::{Kind, Piece};
use super::step::Shape;
use crate::form::ColumnKind;

/// The order in which the columns are printed, where the heads of a table with numbers stand side by side; none where no
/// table tells it. (The first head may stand before the others.)
pub(super) fn printed(shape: &Shape, pieces: &[Piece]) -> Option<Vec<usize>> {
    let mut order: Vec<usize> = (0..shape.columns.len()).collect();
    let mut told = false;
    for (index, table) in shape.tables.iter().enumerate() {
        let own = &shape.columns[table.columns.clone()];
        if own.iter().any(|c| c.beside) {
            continue;
        }
        if !own.iter().any(|c| c.kind == ColumnKind::Value) {
            if let Some(line) = head_line(shape, index, pieces) {
                order[table.columns.clone()].copy_from_slice(&line);
                told = true;
            }
            continue;
        }
        let head = |p: &Piece| match p.kind {
            Kind::Head(c) if shape.columns[c].table == index => Some(c),
            _ => None,
        };
        let runs = pieces.chunk_by(|a, b| head(a).is_some() == head(b).is_some());
        let runs: Vec<Vec<usize>> = runs.map(|run| run.iter().filter_map(head).collect()).collect();
        let Some(mut run) = runs.into_iter().max_by_key(Vec::len) else { continue };
        if !run.contains(&table.columns.start) {
            run.insert(0, table.columns.start);
        }
        let mut columns = run.clone();
        columns.sort_unstable();
        // Numbers stand in the order of the form: where their heads do not, these were not written from left to right.
        let value = |c: &&usize| shape.columns[**c].kind == ColumnKind::Value;
        // Nor where a text's head stands between theirs.
        let last = run.iter().rposition(|c| value(&c));
        let apart = run
            .iter()
            .position(|c| value(&c))
            .zip(last)
            .is_some_and(|(first, last)| !run[first..=last].iter().all(|c| value(&c)));
        if !run.iter().filter(value).is_sorted() || apart {
            continue;
        }
        if run.first() == Some(&table.columns.start) && columns.iter().copied().eq(table.columns.clone()) {
            order[table.columns.clone()].copy_from_slice(&run);
            told = true;
        }
    }
    told.then_some(order)
}

/// The columns of a table in the order in which their heads stand on one line, where all of them do.
fn head_line(shape: &Shape, table: usize, pieces: &[Piece]) -> Option<Vec<usize>> {
    let head = |p: &Piece| match p.kind {
        Kind::Head(c) if shape.columns[c].table == table => Some(c),
        _ => None,
    };
    let columns = || shape.tables[table].columns.clone();
    pieces.chunk_by(|_, b| b.same_line).find_map(|line| {
        let found: Vec<usize> = line.iter().filter_map(head).collect();
        let whole = found.len() == columns().len() && columns().all(|c| found.contains(&c));
        (whole && line.len() == found.len()).then_some(found)
    })
}
