//! Which column each item of a row of print is of.

use super::heads::Band;
use super::print::Item;
use crate::form::{ColumnKind, TableForm};
use crate::run::piece::Kind;

/// A column of a table, from left to right.
#[derive(Clone, Debug)]
pub(super) struct ReadColumn {
    /// Index of the form's column; none where the form knows no such head.
    pub form: Option<usize>,
    pub kind: ColumnKind,
    /// Index of the band's head where that is the name of an actor.
    pub actor: Option<usize>,
    /// The edges of its head.
    pub head: (f32, f32),
    /// Where its cells begin, where that can be told.
    pub start: Option<f32>,
}

/// How sure an item must be of its column.
const SURE: f64 = 0.95;

/// The most that the items of one row may cost.
const MOST: f64 = 10.0;

/// The columns of a band, and where their cells begin.
pub(super) fn columns(form: &TableForm, band: &Band, rows: &[Vec<Item>], unit: f32) -> Vec<ReadColumn> {
    let mut out: Vec<ReadColumn> = Vec::new();
    for (at, head) in band.heads.iter().enumerate() {
        let actor = head.named.then_some(at);
        let kind = head.column.map_or(ColumnKind::Text, |c| form.columns[c].kind);
        let edges = (head.x0, head.x1);
        out.push(ReadColumn { form: head.column, kind, actor, head: edges, start: None });
        let name = head.column.map(|c| form.columns[c].name.as_str());
        if let Some(beside) = form.columns.iter().position(|c| name.is_some() && c.beside.as_deref() == name)
        {
            let kind = form.columns[beside].kind;
            out.push(ReadColumn { form: Some(beside), kind, actor: None, head: edges, start: None });
        }
    }
    for c in 0..out.len() {
        let beside = c > 0 && out[c].head == out[c - 1].head;
        let left = match c.checked_sub(1) {
            None => f32::NEG_INFINITY,
            Some(b) if beside => out[b].start.unwrap_or(out[b].head.0),
            Some(b) => f32::midpoint(out[b].head.0, out[b].head.1),
        };
        let next = out.get(c + 1).filter(|n| n.head != out[c].head).map_or(f32::INFINITY, |n| n.head.0);
        let right = if beside { next } else { out[c].head.1 };
        let fits = |item: &&Item| {
            item.x0 > left
                && item.x0 < right
                && matches!(
                    (out[c].kind, &item.kind),
                    (ColumnKind::Period, Kind::Period)
                        | (ColumnKind::Actor, Kind::Actor(_))
                        | (ColumnKind::Text, Kind::Text)
                )
        };
        let mut starts: Vec<f32> = rows.iter().flatten().filter(fits).map(|i| i.x0).collect();
        starts.sort_by(f32::total_cmp);
        let groups = starts.chunk_by(|a, b| (b - a).abs() < 0.5 * unit);
        // The most frequent one; of two that are as frequent, the left one.
        let mut best: Option<(usize, f32)> = None;
        for group in groups {
            if best.is_none_or(|(n, _)| group.len() > n) {
                best = group.first().map(|x| (group.len(), *x));
            }
        }
        out[c].start = best.map(|b| b.1);
    }
    out
}

/// The column of each item of a row, and whether that is sure.
pub(super) fn assign(columns: &[ReadColumn], items: &[Item], unit: f32) -> Option<(Vec<usize>, bool)> {
    let numbers = numbers(columns, items);
    let mut all: Vec<(f64, Vec<usize>)> = vec![(0.0, Vec::new())];
    for (i, item) in items.iter().enumerate() {
        let told = numbers.as_ref().and_then(|(first, told)| told.get(i.checked_sub(*first)?).copied());
        let mut next: Vec<(f64, Vec<usize>)> = Vec::new();
        for (cost, labels) in &all {
            let from = labels.last().copied().unwrap_or(0);
            for c in from..columns.len() {
                if told.is_some_and(|told| told != c) {
                    continue;
                }
                let own = if told.is_some() { Some(0.0) } else { item_cost(columns, c, item, unit) };
                let Some(own) = own else { continue };
                let step = match (i > 0 && labels.last() == Some(&c), item.close) {
                    (true, false) => 2.5,
                    (false, true) if i > 0 => 0.6,
                    _ => 0.0,
                };
                let mut labels = labels.clone();
                labels.push(c);
                next.push((cost + own + step, labels));
            }
        }
        next.sort_by(|a, b| a.0.total_cmp(&b.0));
        next.truncate(200);
        all = next;
    }
    let (best, labels) = all.first()?.clone();
    if best > MOST {
        return None;
    }
    let weight = |cost: f64| (best - cost).exp();
    let total: f64 = all.iter().map(|(c, _)| weight(*c)).sum();
    let sure = 1.0 / total >= SURE;
    Some((labels, sure))
}

/// The first of the numbers of a row, and the columns of all: where there are as many as columns of numbers, and a name
/// before them, the columns are theirs in order. (The heads may stand out of line with what is under them.)
fn numbers(columns: &[ReadColumn], items: &[Item]) -> Option<(usize, Vec<usize>)> {
    let values: Vec<usize> = (0..columns.len()).filter(|&c| columns[c].kind == ColumnKind::Value).collect();
    let is_number = |item: &Item| matches!(item.kind, Kind::Figure { .. });
    let first = items.iter().position(is_number)?;
    let count = items[first..].iter().take_while(|item| is_number(item)).count();
    let alone = items.iter().filter(|item| is_number(item)).count() == count;
    let named = items[..first].iter().any(|item| item.kind == Kind::Text);
    let first_column = columns.first().is_some_and(|c| c.kind != ColumnKind::Value);
    (values.len() > 1 && values.len() == count && alone && named && first_column).then_some((first, values))
}

/// How far an item is off a column, and how unlike what the column holds.
fn item_cost(columns: &[ReadColumn], c: usize, item: &Item, unit: f32) -> Option<f64> {
    let column = &columns[c];
    let kind = match (column.kind, &item.kind) {
        (ColumnKind::Value, Kind::Figure { .. })
        | (ColumnKind::Period, Kind::Period)
        | (ColumnKind::Actor, Kind::Actor(_))
        | (ColumnKind::Text, Kind::Text) => 0.0,
        (ColumnKind::Text, Kind::Figure { .. } | Kind::Period) => {
            if item.close {
                1.5
            } else {
                2.5
            }
        }
        (ColumnKind::Text, Kind::Actor(_)) => 5.0,
        (ColumnKind::Period, Kind::Text) => 2.0,
        (ColumnKind::Value, Kind::Text) if item.unit => 0.5,
        (ColumnKind::Value, Kind::Text) => 8.0,
        // A name that wraps.
        (ColumnKind::Actor, Kind::Text) if item.wraps.is_some() => 0.5,
        (ColumnKind::Actor, Kind::Text) => 4.0,
        _ => return None,
    };
    let units = |x: f32| f64::from(x / unit);
    let place = match (column.kind, column.start) {
        (ColumnKind::Value, _) | (_, None) => {
            let (x0, x1) = column.head;
            let off = (item.x0 - x1).max(x0 - item.x1).max(0.0);
            // Text begins left of a head that stands in the middle.
            let slack = if column.kind == ColumnKind::Value { 1.0 } else { 6.0 };
            0.6 * (units(off) - slack).max(0.0)
        }
        (_, Some(start)) => {
            let off = units(item.x0 - start);
            if off.abs() < 0.6 {
                0.0
            } else if off < 0.0 {
                1.0 + 0.5 * -off
            } else {
                // What is indented, up to where the next column begins.
                let next = columns[c + 1..].iter().filter_map(|n| n.start).any(|s| s - 0.6 * unit <= item.x0);
                0.7 + 0.12 * off + if next { 3.0 } else { 0.0 }
            }
        }
    };
    Some(kind + place)
}
