//! What a piece has to be for a column, and how unlike two cells are, in natural logarithms of odds.

use super::piece::{Kind, Piece};
use crate::form::ColumnKind;
use crate::paragraph::Opener;

pub(super) fn kind_cost(column: ColumnKind, piece: &Piece) -> Option<f64> {
    match (column, &piece.kind) {
        (ColumnKind::Value, Kind::Figure { .. } | Kind::Broken)
        | (ColumnKind::Period, Kind::Period)
        | (ColumnKind::Text, Kind::Text)
        | (ColumnKind::Actor, Kind::Actor(_)) => Some(0.0),
        (ColumnKind::Value, Kind::Text) if piece.width <= 16.0 => Some(6.0),
        (ColumnKind::Period, Kind::Text) if piece.width <= 16.0 => Some(5.0),
        (ColumnKind::Text, Kind::Period) => Some(4.0),
        _ => None,
    }
}

/// Of the marks that two cells of a column begin with. The first column counts the rows; in others, ① begins
/// a list inside each cell.
pub(super) fn opener_cost(before: Opener, this: Opener, first: bool) -> f64 {
    match (before, this) {
        (Opener::Circled(a), Opener::Circled(b)) | (Opener::Enumerator(a), Opener::Enumerator(b)) => {
            match (b == a + 1, a == b && a <= 1) {
                (true, _) => {
                    if first {
                        0.0
                    } else {
                        0.8
                    }
                }
                (_, true) => {
                    if first {
                        1.5
                    } else {
                        0.0
                    }
                }
                _ => 4.0,
            }
        }
        (a, b) if a == b => 0.0,
        // What is a list in one row may be a sentence in another one.
        (Opener::None, _) | (_, Opener::None) if !first => 0.5,
        _ => 1.5,
    }
}

/// Of two numbers that may be of one row: their units, and their sizes.
pub(super) fn figures_apart(a: &Kind, b: &Kind) -> f64 {
    let (Kind::Figure { number: a, unit: unit_a }, Kind::Figure { number: b, unit: unit_b }) = (a, b) else {
        return 1.0;
    };
    let (Some(a), Some(b)) = (a, b) else { return 0.5 };
    let units = if unit_a == unit_b { 0.0 } else { 2.5 };
    let sizes = if *a > 0.0 && *b > 0.0 { (a / b).ln().abs() } else { 0.7 };
    units + (1.5 * sizes).min(3.0)
}
