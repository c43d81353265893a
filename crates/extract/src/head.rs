//! The head of a table: which columns of the form stand where.

use std::ops::Range;

use chohyo_normalize::{Context, Period};

use crate::era::may_begin_year;
use crate::form::{Alias, ColumnForm, ColumnKind, TableForm};
use crate::label::printed;
use crate::spelling::Initials;
use crate::stream::Stream;
use crate::trie::Trie;
use crate::unit;
use crate::value::Column;

/// True when these characters are one of the column's heads, alone or with a note behind it. Two heads in
/// one cell are none: whose column it is cannot be told.
pub(crate) fn is_head(stream: &Stream<'_>, parts: &[Range<u32>], column: &ColumnForm) -> bool {
    let first = parts.iter().find(|p| !p.is_empty()).map(|p| stream.atoms[p.start as usize].ch);
    first.is_some_and(|first| {
        column.heads.may_begin(first) && is_any(stream, parts, &column.heads)
            || column.kind == ColumnKind::Value && is_dated(stream, parts, column, first)
    })
}

/// The same with no date before it: among heads that are dates, such a one has run into its neighbour.
pub(crate) fn is_plain_head(stream: &Stream<'_>, parts: &[Range<u32>], column: &ColumnForm) -> bool {
    let first = parts.iter().find(|p| !p.is_empty()).map(|p| stream.atoms[p.start as usize].ch);
    first.is_some_and(|first| column.heads.may_begin(first)) && is_any(stream, parts, &column.heads)
}

/// Characters that a head has with a date before it.
const DATED: usize = 24;

/// True for a head of numbers with its date before it: 令和5年度末の実績値.
fn is_dated(stream: &Stream<'_>, parts: &[Range<u32>], column: &ColumnForm, first: char) -> bool {
    let count: usize = parts.iter().map(ExactSizeIterator::len).sum();
    if !may_begin_year(first) || count > DATED {
        return false;
    }
    let atoms = || parts.iter().flat_map(|p| stream.chars(p.clone()));
    // Most cells that begin as a date does are numbers.
    if !atoms().skip(1).any(|c| column.heads.may_begin(c)) {
        return false;
    }
    let text: Vec<char> = atoms().collect();
    (1..text.len()).any(|at| {
        let mut heads = column.heads.prefixes(text[at..].iter().copied());
        let named = heads.any(|length| is_note(text[at + length..].iter().copied()));
        named && date_before(&text[..at].iter().collect::<String>(), &Context::default()).is_some()
    })
}

/// The date that all of this is, but for the `の` behind it.
fn date_before(text: &str, context: &Context) -> Option<Period> {
    chohyo_normalize::period(text.trim().trim_end_matches('の'), context)
        .filter(|period| period.start.is_some() || period.end.is_some())
}

/// The same for any list of heads.
pub(crate) fn is_one_of(stream: &Stream<'_>, parts: &[Range<u32>], heads: &[Alias]) -> bool {
    let atoms = || parts.iter().flat_map(|p| &stream.atoms[p.start as usize..p.end as usize]).map(|a| a.ch);
    let Some(part) = parts.iter().find(|p| !p.is_empty()) else { return false };
    let first = stream.atoms[part.start as usize].ch;
    heads.iter().filter(|head| head.canonical[0] == first).any(|head| {
        let mut rest = atoms();
        head.canonical.iter().all(|&c| rest.next() == Some(c)) && is_note(rest)
    })
}

/// The same for heads that were made ready, each with how many characters it has.
fn is_any(stream: &Stream<'_>, parts: &[Range<u32>], heads: &Trie<usize>) -> bool {
    let atoms = || parts.iter().flat_map(|p| stream.chars(p.clone()));
    heads.prefixes(atoms()).any(|&length| is_note(atoms().skip(length)))
}

/// The characters that heads of these tables begin with.
pub(crate) fn initials(tables: &[TableForm]) -> Initials {
    let heads = tables.iter().flat_map(|t| &t.columns).flat_map(|c| &c.headers);
    Initials::of(heads.map(|head| head.canonical[0]))
}

/// Where a head begins behind a number, in the same part of a line; `initials` are those of the tables.
pub(crate) fn behind_figure(
    stream: &Stream<'_>,
    part: &Range<u32>,
    tables: &[TableForm],
    initials: Initials,
) -> Option<u32> {
    let first = stream.atoms.get(part.start as usize)?.ch;
    if first.is_alphabetic() {
        return None;
    }
    let may_begin = |at: &u32| initials.may_begin(stream.atoms[*at as usize].ch);
    part.clone().skip(1).filter(may_begin).find(|&at| {
        tables
            .iter()
            .flat_map(|t| &t.columns)
            // 8月 is a date, and no number before the head of a column of months.
            .filter(|c| c.kind != ColumnKind::Period)
            .any(|c| is_head(stream, std::slice::from_ref(&(at..part.end)), c))
            && crate::figure::figure(stream, part.start..at).is_some()
    })
}

/// True for a head whose bracket does not close: the rest of it stands in another cell.
pub(crate) fn is_open(stream: &Stream<'_>, parts: &[Range<u32>]) -> bool {
    let ch = parts.iter().flat_map(|p| stream.atoms[p.start as usize..p.end as usize].iter().map(|a| a.ch));
    ch.fold(0_i32, |depth, c| depth + i32::from(c == '(') - i32::from(c == ')')) > 0
}

/// Nothing, brackets, or a footnote mark.
fn is_note(mut rest: impl Iterator<Item = char>) -> bool {
    let mut first = true;
    let mut depth = 0_u32;
    loop {
        match rest.next() {
            // A bracket that does not close goes on in the next cell, unless it is all there is.
            None => return depth == 0 || !first,
            Some('※' | '*') if depth == 0 => return true,
            Some('(') => (depth, first) = (depth + 1, depth == 0),
            Some(')') if depth > 0 => depth -= 1,
            Some(_) if depth == 0 => return false,
            Some(_) => first = false,
        }
    }
}

/// What the head says of its column: the date in its brackets.
pub(crate) fn column(stream: &Stream<'_>, parts: &[Range<u32>], context: &Context) -> Column {
    let text: String = parts.iter().map(|p| printed(stream, p.clone())).collect();
    let inner = text.split_once(['（', '(']).map(|(_, rest)| {
        let rest = rest.trim_end().trim_end_matches(['：', ':']);
        // 令和3（2021）年度当初: a bracket inside of it is closed by itself.
        rest.strip_suffix(['）', ')']).unwrap_or(rest)
    });
    Column {
        // 年度末 of no known year dates nothing.
        as_of: inner
            .and_then(|inner| chohyo_normalize::period(inner, context))
            .filter(|period| period.start.is_some() || period.end.is_some())
            .or_else(|| first_date(&text, context)),
        unit: unit::in_brackets(&text),
    }
}

/// The date that a head begins with.
fn first_date(text: &str, context: &Context) -> Option<Period> {
    let folded = chohyo_normalize::fold(text);
    if !folded.text().starts_with(may_begin_year) || text.chars().count() > DATED {
        return None;
    }
    let ends = text.char_indices().map(|(at, _)| at).skip(1);
    ends.collect::<Vec<_>>().into_iter().rev().find_map(|end| date_before(&text[..end], context))
}

/// The form's table whose heads are found most, and at least half of them.
pub(crate) fn best(
    tables: &[TableForm],
    found: impl FnMut(&ColumnForm) -> bool,
) -> Option<(usize, &TableForm)> {
    best_of(tables, found, |_| 0)
}

/// The same; of those whose heads are found as often, the one that more speaks for.
pub(crate) fn best_of(
    tables: &[TableForm],
    mut found: impl FnMut(&ColumnForm) -> bool,
    speaks: impl Fn(&TableForm) -> usize,
) -> Option<(usize, &TableForm)> {
    let mut best: Option<(usize, usize)> = None;
    for (i, table) in tables.iter().enumerate().filter(|(_, t)| !t.is_cross()) {
        let heads = table.columns.iter().filter(|c| !c.headers.is_empty());
        let count = heads.clone().filter(|c| found(c)).count();
        let more = |b: usize, other: usize| count > b || count == b && speaks(table) > speaks(&tables[other]);
        if count >= 2 && count * 2 >= heads.count() && best.is_none_or(|(b, other)| more(b, other)) {
            best = Some((count, i));
        }
    }
    best.map(|(_, i)| (i, &tables[i]))
}
