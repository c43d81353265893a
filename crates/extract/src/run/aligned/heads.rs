//! The heads of tables among rows of print.

use std::ops::Range;

use super::print::PrintRow;
use crate::form::{ColumnKind, TableForm};
use crate::head;
use crate::stream::Stream;

/// Words that one head is set in.
const WORDS: usize = 5;

/// Rows of print that one head wraps over.
const ROWS: usize = 3;

/// Rows from the end of one head to the next head of the table: a head of several lines stands beside one of one.
const APART: usize = 1;

/// Names of actors that are no accident side by side.
const NAMES: usize = 3;

/// A head, or what stands where one is expected.
#[derive(Clone, Debug)]
pub(super) struct Head {
    /// Index of the form's column; none where the form knows no such head.
    pub column: Option<usize>,
    pub parts: Vec<Range<u32>>,
    pub x0: f32,
    pub x1: f32,
    /// Its parts are the name of an actor, whose column it is.
    pub named: bool,
}

/// The heads of one table.
#[derive(Clone, Debug)]
pub(super) struct Band {
    /// Index into the section's tables.
    pub table: usize,
    /// From left to right.
    pub heads: Vec<Head>,
    /// The head over the names of actors, where these are heads of columns.
    pub over: Option<Head>,
    /// First row, and the one behind the last.
    pub rows: Range<usize>,
}

struct Found {
    rows: Range<usize>,
    words: Vec<(usize, Range<usize>)>,
    head: Head,
}

/// The bands of heads, from the top.
pub(super) fn bands(stream: &Stream<'_>, tables: &[TableForm], rows: &[PrintRow]) -> Vec<Band> {
    let mut found: Vec<Found> = Vec::new();
    for at in 0..rows.len() {
        for segment in rows[at].segments() {
            let taken = |words: &Range<usize>| {
                found
                    .iter()
                    .flat_map(|f| &f.words)
                    .any(|(r, w)| *r == at && w.start < words.end && words.start < w.end)
            };
            if taken(&segment) {
                continue;
            }
            if let Some(stack) = stack(stream, tables, rows, at, segment.clone()) {
                found.push(stack);
            }
        }
        // Several heads with one blank between them, or one with wide ones in it.
        let mut i = 0;
        while i < rows[at].words.len() {
            let taken =
                |w: usize| found.iter().flat_map(|f| &f.words).any(|(r, o)| *r == at && o.contains(&w));
            let longest = (i + 1..=rows[at].words.len().min(i + WORDS))
                .rev()
                .find(|&end| !(i..end).any(&taken) && is_any(stream, tables, &rows[at].parts(i..end)));
            match longest {
                Some(end) => {
                    found.push(one(rows, at, i..end));
                    i = end;
                }
                None => i += 1,
            }
        }
    }
    found.sort_by_key(|f| f.rows.start);
    let mut groups: Vec<Vec<Found>> = Vec::new();
    for f in found {
        let near = |g: &Vec<Found>| {
            let end = g.iter().map(|o| o.rows.end).max().unwrap_or(0);
            let leaf = g.first().map(|o| rows[o.rows.start].leaf);
            f.rows.start < end + APART && leaf == Some(rows[f.rows.start].leaf)
        };
        match groups.last_mut() {
            Some(group) if near(group) => group.push(f),
            _ => groups.push(vec![f]),
        }
    }
    groups.into_iter().filter_map(|g| band(stream, tables, rows, g)).collect()
}

fn is_any(stream: &Stream<'_>, tables: &[TableForm], parts: &[Range<u32>]) -> bool {
    tables.iter().filter(|t| !t.is_cross()).flat_map(|t| &t.columns).any(|c| head::is_head(stream, parts, c))
}

fn one(rows: &[PrintRow], at: usize, words: Range<usize>) -> Found {
    let all = &rows[at].words[words.clone()];
    Found {
        rows: at..at + 1,
        head: Head {
            column: None,
            parts: rows[at].parts(words.clone()),
            x0: all.first().map_or(0.0, |w| w.x0),
            x1: all.last().map_or(0.0, |w| w.x1),
            named: false,
        },
        words: vec![(at, words)],
    }
}

/// The longest head that begins with this segment and goes on in the rows below it.
fn stack(
    stream: &Stream<'_>,
    tables: &[TableForm],
    rows: &[PrintRow],
    at: usize,
    segment: Range<usize>,
) -> Option<Found> {
    let mut open = one(rows, at, segment);
    let mut best = is_any(stream, tables, &open.head.parts).then(|| clone(&open));
    for below in at + 1..rows.len().min(at + 2 * ROWS - 1) {
        if rows[below].leaf != rows[at].leaf || open.words.len() >= ROWS {
            break;
        }
        let over = |s: &Range<usize>| {
            let words = &rows[below].words[s.clone()];
            words.first().is_some_and(|w| w.x0 < open.head.x1)
                && words.last().is_some_and(|w| w.x1 > open.head.x0)
        };
        let Some(next) = rows[below].segments().into_iter().find(over) else { continue };
        let next = one(rows, below, next);
        open.rows.end = below + 1;
        open.head.parts.extend(next.head.parts);
        open.head.x0 = open.head.x0.min(next.head.x0);
        open.head.x1 = open.head.x1.max(next.head.x1);
        open.words.extend(next.words);
        if is_any(stream, tables, &open.head.parts) {
            best = Some(clone(&open));
        }
    }
    best
}

fn clone(found: &Found) -> Found {
    Found { rows: found.rows.clone(), words: found.words.clone(), head: found.head.clone() }
}

/// The band that these heads are, with what stands between them.
fn band(stream: &Stream<'_>, tables: &[TableForm], rows: &[PrintRow], found: Vec<Found>) -> Option<Band> {
    let (table, form) =
        head::best(tables, |c| found.iter().any(|f| head::is_head(stream, &f.head.parts, c)))?;
    let mut taken: Vec<(usize, Range<usize>)> = Vec::new();
    let mut heads: Vec<Head> = Vec::new();
    let mut range: Option<Range<usize>> = None;
    for f in found {
        let Some(column) = form.columns.iter().position(|c| head::is_head(stream, &f.head.parts, c)) else {
            continue;
        };
        if heads.iter().any(|h| h.column == Some(column)) {
            continue;
        }
        let all = range.get_or_insert_with(|| f.rows.clone());
        *all = all.start.min(f.rows.start)..all.end.max(f.rows.end);
        taken.extend(f.words);
        heads.push(Head { column: Some(column), ..f.head });
    }
    let range = range?;
    // A head that the form does not know has a column of its own.
    for at in range.clone() {
        for segment in rows[at].segments() {
            let own = taken.iter().any(|(r, w)| *r == at && w.start < segment.end && segment.start < w.end);
            let words = &rows[at].words[segment.clone()];
            let (x0, x1) = (words.first().map_or(0.0, |w| w.x0), words.last().map_or(0.0, |w| w.x1));
            if !own && !heads.iter().any(|h| h.x0 < x1 && x0 < h.x1) {
                heads.push(Head { column: None, parts: rows[at].parts(segment), x0, x1, named: false });
            }
        }
    }
    let mut band = Band { table, heads, over: None, rows: range };
    name_columns(stream, form, rows, &mut band);
    band.heads.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    Some(band)
}

/// Names of actors that stand side by side, among the heads or in the row below them, are heads of columns.
fn name_columns(stream: &Stream<'_>, form: &TableForm, rows: &[PrintRow], band: &mut Band) {
    let Some(over) =
        band.heads.iter().position(|h| h.column.is_some_and(|c| form.columns[c].kind == ColumnKind::Actor))
    else {
        return;
    };
    let Some(actor) = band.heads[over].column else { return };
    let name = &form.columns[actor].name;
    let Some(beside) = form.columns.iter().position(|c| c.beside.as_ref() == Some(name)) else { return };
    let last = (band.rows.end + 1).min(rows.len());
    for at in band.rows.start..last {
        let mut seen: Vec<usize> = Vec::new();
        let mut named: Vec<Head> = Vec::new();
        for segment in rows[at].segments() {
            let parts = rows[at].parts(segment.clone());
            let chars = || parts.iter().flat_map(Clone::clone).map(|i| stream.atoms[i as usize].ch);
            let who = form.columns[actor].values.iter().position(|a| a.canonical.iter().copied().eq(chars()));
            if let Some(who) = who.filter(|who| !seen.contains(who)) {
                seen.push(who);
                named.push(Head { column: Some(beside), named: true, ..one(rows, at, segment).head });
            }
        }
        // Below the heads, only names: else it is the first row of the table.
        let alone = named.len() == rows[at].segments().len();
        if named.len() >= NAMES && (alone || band.rows.contains(&at)) {
            band.rows.end = band.rows.end.max(at + 1);
            band.over = Some(band.heads.remove(over));
            let free = |h: &Head| h.column.is_some() || !named.iter().any(|n| n.x0 < h.x1 && h.x0 < n.x1);
            band.heads.retain(free);
            band.heads.extend(named);
            return;
        }
    }
}
