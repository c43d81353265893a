//! Where the tables of a dump are: by their heads, wherever among the cells these were written.

use std::ops::Range;

use chohyo_normalize::Context;

use super::{begins, ends_well, head_names};
use crate::form::{ColumnKind, TableForm};
use crate::head;
use crate::paragraph::{Opener, opener};
use crate::stream::Stream;

/// A column of a table of the form, and its head.
type Found = (usize, Vec<Range<u32>>);

/// A table of the form, and the text that it is in.
#[derive(Clone, Debug)]
pub(crate) struct Extent {
    /// Index into the section's tables.
    pub table: usize,
    /// The form's columns whose heads were found, each with its head as often as it is printed.
    pub heads: Vec<(usize, Vec<Range<u32>>)>,
    pub atoms: Vec<Range<u32>>,
}

impl Extent {
    /// True when the form's column has a head here.
    pub(super) fn has(&self, column: usize) -> bool {
        self.heads.iter().any(|(c, _)| *c == column)
    }
}

/// The tables in these atoms, in reading order. Each begins with its first head, and ends with the first head
/// of another one, or at one of `stops`.
pub(crate) fn extents(
    stream: &Stream<'_>,
    tables: &[TableForm],
    ranges: &[Range<u32>],
    stops: &[u32],
    free: impl Fn(Range<u32>) -> bool,
    context: &Context,
) -> Vec<Extent> {
    let heads: Vec<Vec<Range<u32>>> = ranges
        .iter()
        .flat_map(|r| printed_heads(stream, tables, r))
        .filter(|h| h.iter().all(|p| free(p.clone())))
        .collect();
    let mut found: Vec<Vec<Found>> = tables
        .iter()
        .map(|table| {
            let columns =
                |h: &Vec<Range<u32>>| table.columns.iter().position(|c| head::is_head(stream, h, c));
            heads.iter().filter_map(|h| columns(h).map(|c| (c, h.clone()))).collect()
        })
        .collect();
    // A head that two tables of the section have belongs to the one with more of its heads here.
    let distinct = |heads: &[Found]| {
        let mut columns: Vec<usize> = heads.iter().map(|h| h.0).collect();
        columns.sort_unstable();
        columns.dedup();
        columns.len()
    };
    let counts: Vec<usize> = found.iter().map(|h| distinct(h)).collect();
    for t in 0..found.len() {
        let others: Vec<Vec<Range<u32>>> = (0..found.len())
            .filter(|&o| o != t && (counts[o], t) > (counts[t], o))
            .flat_map(|o| found[o].iter().map(|h| h.1.clone()))
            .collect();
        found[t].retain(|(_, h)| !others.contains(h));
    }
    let mut out: Vec<Extent> = Vec::new();
    for (table, heads) in found.into_iter().enumerate() {
        let headed = tables[table].columns.iter().filter(|c| !c.headers.is_empty()).count();
        let count = distinct(&heads);
        let heads = whole_sets(heads, count);
        if count >= 2 && count * 2 >= headed {
            let heads = with_dates(stream, &tables[table], heads, &free, context);
            out.push(Extent { table, heads, atoms: Vec::new() });
        }
    }
    let start = |e: &Extent| e.heads.iter().flat_map(|(_, h)| h).map(|h| h.start).min().unwrap_or(u32::MAX);
    out.sort_by_key(start);
    let starts: Vec<u32> = out.iter().map(start).collect();
    for extent in &mut out {
        let from = start(extent);
        let to = starts.iter().chain(stops).copied().filter(|&s| s > from).min().unwrap_or(u32::MAX);
        extent.atoms =
            ranges.iter().map(|r| r.start.max(from)..r.end.min(to)).filter(|r| r.start < r.end).collect();
    }
    out
}

/// The heads of numbers, each with the date that stands alone on the line before it: the line above that stands over
/// several heads. (What stands before all heads is of no table.)
fn with_dates(
    stream: &Stream<'_>,
    form: &TableForm,
    mut heads: Vec<Found>,
    free: impl Fn(Range<u32>) -> bool,
    context: &Context,
) -> Vec<Found> {
    if form.columns.iter().any(|c| c.kind == ColumnKind::Period) {
        return heads;
    }
    let mut starts: Vec<u32> = heads.iter().filter_map(|(_, h)| h.first()).map(|h| h.start).collect();
    starts.sort_unstable();
    let Some((&first, others)) = starts.split_first() else { return heads };
    for &at in others {
        let line = |at: u32| &stream.lines[stream.atoms[at as usize].line as usize];
        let above = line(at - 1).atoms.clone();
        let alone = line(at).atoms.start == at && above.start > first && above.end == at;
        // The end of the head before it, which wraps.
        let of_head =
            heads.iter().flat_map(|(_, h)| h).any(|p| p.start <= above.start && above.start < p.end);
        if !alone
            || of_head
            || !free(above.clone())
            || chohyo_normalize::period(stream.printed_text(above.clone()), context).is_none()
        {
            continue;
        }
        let values = heads.iter_mut().filter(|(c, h)| {
            form.columns[*c].kind == ColumnKind::Value && h.first().is_some_and(|h| h.start >= at)
        });
        if let Some((_, parts)) = values.min_by_key(|(_, h)| h.first().map(|h| h.start)) {
            parts.insert(0, above);
        }
    }
    heads
}

/// The heads without those that are printed more often than others: `年度` may be the second line of a date.
fn whole_sets(mut heads: Vec<Found>, distinct: usize) -> Vec<Found> {
    let times = |column: usize| heads.iter().filter(|h| h.0 == column).count();
    let least = heads.iter().map(|h| times(h.0)).min().unwrap_or(0);
    let mut seen: Vec<usize> = Vec::with_capacity(heads.len());
    let keep: Vec<bool> = heads
        .iter()
        .map(|(column, _)| {
            seen.push(*column);
            distinct < 2 || seen.iter().filter(|c| *c == column).count() <= least
        })
        .collect();
    let mut keep = keep.into_iter();
    heads.retain(|_| keep.next().unwrap_or(true));
    heads
}

/// Characters that the rest of a bracket may have behind another head that parts it.
const TAIL: u32 = 12;

/// All heads, each with the bracket behind it; where another head was written into the bracket, in parts.
fn printed_heads(stream: &Stream<'_>, tables: &[TableForm], atoms: &Range<u32>) -> Vec<Vec<Range<u32>>> {
    let names = head_names(tables);
    let ch = |i: u32| stream.atoms.get(i as usize).map(|a| a.ch);
    let named = |at: u32| {
        begins(stream, at).then(|| names.iter().find(|n| ends_well(stream, at, atoms.end, n))).flatten()
    };
    let mut out: Vec<Vec<Range<u32>>> = Vec::new();
    let starts_line = |at: u32| stream.lines[stream.atoms[at as usize].line as usize].atoms.start == at;
    let counts = |rest: Range<u32>| {
        matches!(opener(stream.printed_text(rest.start..rest.end.min(rest.start + 4))), Opener::Enumerator(_))
    };
    let mut open: Option<usize> = None;
    let mut at = atoms.start;
    while at < atoms.end {
        if let Some(name) = named(at) {
            let mut end = at + name.len() as u32;
            if ch(end) == Some('(') {
                let inner = end..atoms.end.min(end + 30);
                let stop = inner.clone().find(|&i| i > end && (ch(i) == Some(')') || named(i).is_some()));
                match stop {
                    // `(1)` on the next line counts a row.
                    Some(_) if starts_line(end) && counts(end..atoms.end) => {}
                    Some(stop) if ch(stop) == Some(')') => end = stop + 1,
                    Some(stop) => {
                        end = stop;
                        open = Some(out.len());
                    }
                    None => {}
                }
            }
            out.push(vec![Range { start: at, end }]);
            at = end;
            continue;
        }
        let line = &stream.lines[stream.atoms[at as usize].line as usize];
        let end = line.atoms.end.min(atoms.end);
        if let Some(head) = open.take().filter(|_| line.atoms.start == at && end - at <= TAIL)
            && ch(end - 1) == Some(')')
            && !(at..end - 1).any(|i| matches!(ch(i), Some('(' | ')')))
        {
            if let Some(parts) = out.get_mut(head) {
                parts.push(at..end);
            }
            at = end;
            continue;
        }
        at += 1;
    }
    out
}
