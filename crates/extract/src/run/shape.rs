//! What is looked for in the text of a dump's tables: their columns, and where their heads are printed.

use super::extent::Extent;
use super::piece::{Kind, Piece, Place, piece};
use super::step::{ReadColumn, ReadTable, Shape};
use crate::form::{ColumnKind, TableForm};
use crate::paragraph::Opener;
use crate::stream::Stream;

/// Characters of a word over the heads of several columns, at most.
const COMMON_HEAD: usize = 2;

/// Cost of a cell that is not there, by its column's type; what an actor does is left out often, and a date
/// stands beside several rows.
const BLANK_PERIOD: f64 = 3.0;
const BLANK_VALUE: f64 = 3.5;
const BLANK_TEXT: f64 = 5.0;
const BLANK_BESIDE: f64 = 2.0;

/// A column of the shape: which one of the form it is, and whose actor's it is, where each actor has one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source {
    pub(super) form: usize,
    pub(super) actor: Option<usize>,
}

/// Makes the shape of the tables, column by column.
pub(super) fn shape(
    forms: &[(&TableForm, &Extent)],
    pieces: &mut [Piece],
) -> (Shape, Vec<Source>, Vec<Piece>) {
    let mut shape = Shape::default();
    let mut sources = Vec::new();
    let across = across(pieces);
    for (table, (form, extent)) in forms.iter().enumerate() {
        let start = shape.columns.len();
        let has_actors = form.columns.iter().any(|c| c.kind == ColumnKind::Actor);
        for (c, column) in form.columns.iter().enumerate() {
            let over = column.beside.as_ref().and_then(|b| form.columns.iter().position(|o| o.name == *b));
            if !extent.has(over.unwrap_or(c)) {
                continue;
            }
            let grouped = has_actors && across.is_empty();
            let (grouped, blank) = match column.kind {
                ColumnKind::Value => (false, BLANK_VALUE),
                ColumnKind::Actor => (false, BLANK_TEXT),
                ColumnKind::Period => (grouped, BLANK_PERIOD),
                _ if over.is_some() => (false, BLANK_BESIDE),
                ColumnKind::Text | ColumnKind::Choice | ColumnKind::Flag | ColumnKind::Municipality => {
                    (grouped, BLANK_TEXT)
                }
            };
            // What is printed there are words.
            let kind = match column.kind {
                ColumnKind::Choice | ColumnKind::Flag | ColumnKind::Municipality => ColumnKind::Text,
                kind => kind,
            };
            let of_actor = over.is_some();
            let read =
                ReadColumn { table, kind, grouped, beside: of_actor && across.is_empty(), blank, of_actor };
            if over.is_some() && !across.is_empty() {
                for actor in 0..across.len() {
                    shape.columns.push(read);
                    sources.push(Source { form: c, actor: Some(actor) });
                }
            } else if column.kind != ColumnKind::Actor || across.is_empty() {
                shape.columns.push(read);
                sources.push(Source { form: c, actor: None });
            }
        }
        let (groups, rows) = if has_actors && across.is_empty() {
            (groups(pieces), Some(pieces.iter().filter(|p| matches!(p.kind, Kind::Actor(_))).count()))
        } else {
            (Vec::new(), None)
        };
        shape.tables.push(ReadTable { columns: start..shape.columns.len(), groups, rows });
    }
    let named: Vec<Piece> = across.iter().map(|&i| pieces[i].clone()).collect();
    for (actor, &i) in across.iter().enumerate() {
        if let Some(column) = sources.iter().position(|s| s.actor == Some(actor)) {
            pieces[i].kind = Kind::Head(column);
        }
    }
    (shape, sources, named)
}

/// The heads of the tables among the pieces, each where it is printed.
pub(super) fn with_heads(
    stream: &Stream<'_>,
    forms: &[(&TableForm, &Extent)],
    shape: &Shape,
    sources: &[Source],
    pieces: Vec<Piece>,
) -> Vec<Piece> {
    let mut all = pieces;
    for (home, (_, extent)) in forms.iter().enumerate() {
        for (form, parts) in &extent.heads {
            let column = shape.tables[home]
                .columns
                .clone()
                .find(|&c| sources[c].form == *form && sources[c].actor.is_none());
            let (Some(column), Some(first)) = (column, parts.first()) else { continue };
            let line = |at: u32| &stream.lines[stream.atoms[at as usize].line as usize];
            let before = first.start.checked_sub(1).map(line);
            let own = line(first.start);
            let place = Place {
                page: own.page,
                home,
                opens_block: before.is_none_or(|b| b.block != own.block),
                same_line: own.atoms.start < first.start,
            };
            all.push(piece(stream, parts.clone(), Kind::Head(column), place));
        }
    }
    all.sort_by_key(|p| p.parts.first().map_or(0, |r| r.start));
    drop_common_heads(shape, &mut all);
    // What stands behind a head is of its table, as a rule.
    let mut home = None;
    for piece in &mut all {
        match piece.kind {
            Kind::Head(column) => home = Some(shape.columns[column].table),
            _ => piece.home = home.unwrap_or(piece.home),
        }
    }
    all
}

/// Drops words that stand over the heads of several columns of numbers (`値` over `現状` and `目標`): a character or two,
/// and next to a head. Where the heads under it were written behind those beside it, they go to its place.
fn drop_common_heads(shape: &Shape, pieces: &mut Vec<Piece>) {
    let is_value = |c: usize| shape.columns[c].kind == ColumnKind::Value;
    let value = |p: &Piece| matches!(p.kind, Kind::Head(c) if is_value(c));
    let mut at = 0;
    while at < pieces.len() {
        let p = &pieces[at];
        let word = p.kind == Kind::Text
            && p.opener == Opener::None
            && p.text.chars().count() <= COMMON_HEAD
            && p.text.chars().all(char::is_alphabetic);
        let before = at.checked_sub(1).and_then(|i| pieces.get(i));
        let behind = pieces.get(at + 1);
        let beside = before.is_some_and(value) || behind.is_some_and(value);
        let among = before.is_some_and(Piece::is_head) && behind.is_some_and(Piece::is_head);
        if !(word && (beside || among)) {
            at += 1;
            continue;
        }
        pieces.remove(at);
        let run = pieces[at..].iter().take_while(|p| p.is_head()).count();
        pieces[at..at + run].sort_by_key(|p| !value(p));
    }
}

/// The pieces that name the actors as heads of columns: one each, one after the other, over several rows.
fn across(pieces: &[Piece]) -> Vec<usize> {
    let named: Vec<(usize, usize)> = pieces
        .iter()
        .enumerate()
        .filter_map(|(i, p)| match p.kind {
            Kind::Actor(actor) => Some((i, actor)),
            _ => None,
        })
        .collect();
    let mut actors: Vec<usize> = named.iter().map(|n| n.1).collect();
    actors.sort_unstable();
    actors.dedup();
    let (Some(first), Some(last)) = (named.first(), named.last()) else { return Vec::new() };
    let together = last.0 - first.0 + 1 == named.len();
    if named.len() >= 3 && actors.len() == named.len() && together {
        named.iter().map(|n| n.0).collect()
    } else {
        Vec::new()
    }
}

/// The first row of each group of actors: one that was named in a group already begins the next one.
fn groups(pieces: &[Piece]) -> Vec<usize> {
    let mut out = Vec::new();
    let mut named: Vec<usize> = Vec::new();
    let actors = pieces.iter().filter_map(|p| match p.kind {
        Kind::Actor(actor) => Some(actor),
        _ => None,
    });
    for (row, actor) in actors.enumerate() {
        if row == 0 || named.contains(&actor) {
            out.push(row);
            named.clear();
        }
        named.push(actor);
    }
    out
}
