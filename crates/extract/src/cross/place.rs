//! Where the heads of a cross table stand in a grid.

use std::collections::btree_map::Entry;
use std::ops::Range;

use chohyo_normalize::{Context, Period};

use super::{Found, canonical, head_cell};
use crate::diagnostic::Code;
use crate::form::{AcrossKind, Alias, ColumnForm, SectionForm, TableForm};
use crate::grid::Grid;
use crate::head;
use crate::heads_above;
use crate::ledger::Ledger;
use crate::sheet::{Cell, Diagnostic};
use crate::stream::Stream;
use crate::succession;
use crate::value::Column;

/// Rows of heads over or under the row of the periods.
const HEAD_ROWS: u32 = 2;

/// A head of the row of heads.
#[derive(Clone, Debug)]
pub(super) struct Head {
    /// What it says, for the record.
    pub cell: Cell,
    pub parts: Vec<Range<u32>>,
    /// The same head where it is printed again, for other columns.
    pub again: Vec<Vec<Range<u32>>>,
    /// For each crossed column: its grid columns under this head.
    pub columns: Vec<Option<Range<u32>>>,
    /// For each crossed column: what its own head says.
    pub said: Vec<Column>,
    /// For each crossed column: there are several of it under this head, under heads that the form does not know.
    pub several: Vec<bool>,
}

/// Where the columns of a cross table stand.
#[derive(Clone, Debug)]
pub(super) struct Placement {
    pub first_row: u32,
    /// The name of the column that says which head a row is of.
    pub across: String,
    pub kind: AcrossKind,
    /// Leftmost grid column of the heads.
    pub left: u32,
    pub heads: Vec<Head>,
    /// The form's columns that are printed once, with their grid columns.
    pub fixed: Vec<(usize, Range<u32>)>,
    /// The form's columns that are printed once for each head.
    pub crossed: Vec<usize>,
    /// Cells of the heads: name of the column, cell.
    pub named: Vec<(String, usize)>,
    /// The caption that told the table.
    pub caption: Vec<Range<u32>>,
    /// Some heads of the crossed columns stand under none of the heads.
    pub stray: bool,
}

impl Placement {
    /// The same columns on the next page, where no heads are printed.
    pub(super) fn going_on(&self) -> Self {
        let mut next = Self { first_row: 0, named: Vec::new(), caption: Vec::new(), ..self.clone() };
        next.heads.iter_mut().for_each(|head| head.again.clear());
        next
    }

    /// What the heads leave open.
    pub(super) fn doubts(&self, form: &TableForm) -> Vec<Diagnostic> {
        if self.named.is_empty() && self.first_row == 0 {
            return Vec::new();
        }
        let keys = |which: &dyn Fn(usize) -> bool| -> Vec<String> {
            let columns = self.crossed.iter().enumerate().filter(|(k, _)| which(*k));
            columns.map(|(_, &f)| format!("{}.{}", form.name, form.columns[f].name)).collect()
        };
        let places = |heads: &[&Head]| heads.iter().flat_map(|h| h.cell.at.iter().cloned()).collect();
        let mut out = Vec::new();
        let doubt = |message: String| Diagnostic::new(Code::Ambiguous, message);
        let several: Vec<&Head> = self.heads.iter().filter(|h| h.several.contains(&true)).collect();
        if !several.is_empty() {
            let message = format!(
                "several columns of {} stand under one head, under heads of another level",
                form.name
            );
            let keys = keys(&|k| several.iter().any(|h| h.several[k]));
            out.push(doubt(message).of(keys).at(places(&several)));
        }
        if self.stray {
            let message = format!("nothing says under which head some columns of {} stand", form.name);
            let keys = keys(&|k| self.heads.iter().any(|h| h.columns[k].is_none()));
            out.push(doubt(message).of(keys));
        }
        let of_one = |h: &&Head| {
            let same = |other: &Head| !std::ptr::eq(*h, other) && h.cell.period == other.cell.period;
            h.cell.period.is_some() && self.heads.iter().any(same)
        };
        let same: Vec<&Head> = self.heads.iter().filter(of_one).collect();
        if !same.is_empty() {
            let message = format!(
                "several heads of {} are of one period: only their text tells their rows apart",
                form.name
            );
            out.push(doubt(message).of(keys(&|_| true)).at(places(&same)));
        }
        out
    }

    /// The grid columns of the numbers.
    pub(super) fn columns(&self) -> Vec<Range<u32>> {
        self.heads.iter().flat_map(|h| h.columns.iter().flatten().cloned()).collect()
    }

    /// Claims the heads.
    pub(super) fn take_heads(&mut self, ledger: &mut Ledger<'_, '_>, grid: Grid<'_>, found: &mut Found) {
        let stream = ledger.stream;
        let mut texts: Vec<(String, Vec<Range<u32>>)> = Vec::new();
        for (name, cell) in &self.named {
            texts.push((name.clone(), grid.parts(stream, *cell).to_vec()));
        }
        for (name, parts) in texts {
            if parts.is_empty() {
                continue;
            }
            let text = ledger.take(&[parts]);
            match found.heads.entry(name) {
                Entry::Vacant(entry) => {
                    entry.insert(text);
                }
                // It stands under each period.
                Entry::Occupied(_) => found.captions.push(text),
            }
        }
        for head in &mut self.heads {
            let text = ledger.take(std::slice::from_ref(&head.parts));
            (head.cell.text, head.cell.at) = (text.text, text.at);
            found.captions.extend(head.again.iter().map(|parts| ledger.take(std::slice::from_ref(parts))));
        }
        if !self.caption.is_empty() && self.caption.iter().all(|p| ledger.is_free(p.clone())) {
            found.captions.push(ledger.take(std::slice::from_ref(&self.caption)));
        }
    }
}

/// The table of the form whose heads the grid has first, and where they stand. `taken` are those that were found.
pub(super) fn place(
    ledger: &Ledger<'_, '_>,
    grid: Grid<'_>,
    form: &SectionForm,
    taken: &[usize],
    context: &Context,
) -> Option<(usize, Placement)> {
    let parts = grid.all_parts(ledger.stream);
    let mut best: Option<((u32, u32), usize, Placement)> = None;
    for (index, table) in form.tables.iter().enumerate().filter(|(_, t)| t.is_cross()) {
        let Some((score, placement)) = place_one(ledger, grid, &parts, table, context) else { continue };
        // What nothing tells apart comes in the order of the form.
        let score = score + u32::from(!taken.contains(&index));
        let row = placement.first_row;
        let better = match &best {
            None => true,
            Some(((s, r), ..)) => row < *r && score >= *s || score > *s && row <= *r + HEAD_ROWS,
        };
        if better {
            best = Some(((score, row), index, placement));
        }
    }
    best.map(|(_, index, placement)| (index, placement))
}

/// The heads of one table, and how much speaks for it.
fn place_one(
    ledger: &Ledger<'_, '_>,
    grid: Grid<'_>,
    parts: &[&[Range<u32>]],
    form: &TableForm,
    context: &Context,
) -> Option<(u32, Placement)> {
    let stream = ledger.stream;
    let cells = &grid.table.cells;
    let crossed: Vec<usize> = (0..form.columns.len()).filter(|&c| form.columns[c].across.is_some()).collect();
    let first = &form.columns[*crossed.first()?];
    let (across, kind) = (first.across.clone()?, first.across_type);
    let fixed: Vec<usize> = (0..form.columns.len()).filter(|&c| form.columns[c].across.is_none()).collect();
    let is = |c: usize, column: &ColumnForm| head::is_head(stream, parts[c], column);
    // The row of heads: the first one with two periods, or with one beside a head of the form.
    let mut row = None;
    for r in grid.rows.0..grid.rows.1 {
        let starting: Vec<usize> = (0..cells.len()).filter(|&c| cells[c].rows.start == r).collect();
        let stub = |c: &usize| fixed.iter().any(|&f| is(*c, &form.columns[f]));
        let sub = |c: &usize| crossed.iter().any(|&f| is(*c, &form.columns[f]));
        let possible = |c: &usize| {
            let outer = !fixed.is_empty() && cells[*c].columns.start == 0;
            let free = parts[*c].iter().all(|p| ledger.is_free(p.clone()));
            free && !outer && !stub(c) && !sub(c)
        };
        let heads = row_of_heads(stream, starting.iter().copied().filter(possible), parts, kind, context);
        // They may begin over it, beside what stands over all of the heads.
        let stubs = (0..cells.len()).filter(|&c| cells[c].rows.contains(&r)).filter(stub).count();
        let enough = match kind {
            AcrossKind::Period => heads.len() >= 2 || heads.len() == 1 && stubs > 0,
            AcrossKind::Text => {
                heads.len() >= 2 && (stubs > 0 || fixed.iter().all(|&f| form.columns[f].headers.is_empty()))
            }
        };
        if enough {
            row = Some((r, heads));
            break;
        }
    }
    let (row, heads) = row?;
    let heads: Vec<HeadPlace> =
        heads.into_iter().map(|(cell, period)| HeadPlace { cell, over: None, period }).collect();
    let sub = |c: usize| crossed.iter().any(|&f| is(c, &form.columns[f]));
    let heads = finer(stream, grid, parts, heads, &sub, context);
    let row = heads.iter().map(|h| cells[h.cell].rows.start).max().unwrap_or(row);
    let left = heads.iter().map(|h| cells[h.cell].columns.start).min()?;
    let near = |c: usize| {
        let r = &cells[c].rows;
        r.start + HEAD_ROWS >= row && r.start <= row + HEAD_ROWS && r.start >= grid.rows.0
    };
    let mut first_row = heads.iter().map(|h| cells[h.cell].rows.end).max()?;
    let mut named: Vec<(String, usize)> = Vec::new();
    let mut score = 0;
    // Heads of the crossed columns, under or over the periods.
    let mut own: Vec<(usize, usize)> = Vec::new();
    for (k, &f) in crossed.iter().enumerate() {
        let column = &form.columns[f];
        for c in (0..cells.len())
            .filter(|&c| near(c) && heads.iter().all(|h| h.cell != c && h.over != Some(c)) && is(c, column))
        {
            own.push((k, c));
            named.push((column.name.clone(), c));
            first_row = first_row.max(cells[c].rows.end);
        }
        score += u32::from(own.iter().any(|(o, _)| *o == k)) * 2;
    }
    let meet = |a: &Range<u32>, b: &Range<u32>| {
        let (start, end) = (a.start.max(b.start), a.end.min(b.end));
        (start < end).then_some(start..end)
    };
    let (in_turn, stray) = by_turns(&heads, cells, &own, crossed.len());
    let placed: Vec<Head> = heads
        .into_iter()
        .enumerate()
        .map(|(n, HeadPlace { cell: h, over, period })| {
            let printed: Vec<Range<u32>> =
                over.into_iter().chain([h]).flat_map(|c| parts[c].iter().cloned()).collect();
            let columns: Vec<Option<Range<u32>>> = (0..crossed.len())
                .map(|k| {
                    if let Some(cell) = in_turn.get(n * crossed.len() + k) {
                        return Some(cells[*cell].columns.clone());
                    }
                    let mut under = own
                        .iter()
                        .filter(|(o, _)| *o == k)
                        .filter_map(|(_, c)| meet(&cells[*c].columns, &cells[h].columns));
                    match under.next() {
                        Some(columns) => Some(columns),
                        None if crossed.len() == 1 => Some(cells[h].columns.clone()),
                        None => None,
                    }
                })
                .collect();
            let of_head = head::column(stream, parts[h], context);
            let said = (0..crossed.len())
                .map(|k| {
                    let own = own
                        .iter()
                        .find(|(o, c)| *o == k && meet(&cells[*c].columns, &cells[h].columns).is_some());
                    let own = in_turn.get(n * crossed.len() + k).copied().or(own.map(|(_, c)| *c));
                    let mut said =
                        own.map_or_else(Column::default, |c| head::column(stream, parts[c], context));
                    said.unit = said.unit.or_else(|| of_head.unit.clone());
                    // The period of a row is in its own column, not the date of its numbers.
                    said.as_of = None;
                    said
                })
                .collect();
            let several = (0..crossed.len())
                .map(|k| {
                    let under = own
                        .iter()
                        .filter(|(o, c)| *o == k && meet(&cells[*c].columns, &cells[h].columns).is_some());
                    let parted = crossed.len() == 1 && grid.is_parted(parts, h, first_row);
                    in_turn.is_empty() && (under.count() > 1 || parted)
                })
                .collect();
            let cell = Cell { period, ..Cell::default() };
            Head { cell, parts: printed, again: Vec::new(), columns, said, several }
        })
        .collect();
    let left = placed.iter().flat_map(|h| h.columns.iter().flatten().map(|c| c.start)).fold(left, u32::min);
    let placed = of_one_period(placed);
    if placed.iter().all(|h| h.columns.iter().all(Option::is_none)) {
        return None;
    }
    let fixed = stubs(
        form,
        &fixed,
        cells,
        parts,
        stream,
        (row, left, near_rows(row, grid)),
        &mut named,
        &mut first_row,
        &mut score,
    );
    // Names of rows that the form knows.
    let choices = form.columns.iter().flat_map(|c| c.choices.values().flatten());
    let known: Vec<&Alias> = choices.collect();
    if !known.is_empty() {
        let rows =
            (0..cells.len()).filter(|&c| cells[c].rows.start >= first_row && cells[c].columns.start < left);
        let hits = rows
            .filter(|&c| {
                let text = canonical(stream, parts[c]);
                let plain = crate::answer::plain(&text);
                known.iter().any(|a| a.canonical == plain)
            })
            .count();
        score += (hits as u32).min(4) * 2;
    }
    let caption = caption(ledger, grid, parts, form, row);
    if !form.captions.is_empty() {
        if caption.is_empty() && score == 0 {
            return None;
        }
        score += if caption.is_empty() { 0 } else { 8 };
    }
    Some((
        score,
        Placement { first_row, across, kind, left, heads: placed, fixed, crossed, named, caption, stray },
    ))
}

/// Heads that stand in the middle of their columns where nothing parts these: each column's heads in turn, head by
/// head, where they come in one order under each. Gives too whether some stand under no head.
fn by_turns(
    heads: &[HeadPlace],
    cells: &[chohyo_layout::Cell],
    own: &[(usize, usize)],
    count: usize,
) -> (Vec<usize>, bool) {
    let under = |c: usize, h: &HeadPlace| {
        let (own, head) = (&cells[c].columns, &cells[h.cell].columns);
        own.start < head.end && head.start < own.end
    };
    let stray = own.iter().any(|&(_, c)| !heads.iter().any(|h| under(c, h)));
    if !stray || own.len() != heads.len() * count {
        return (Vec::new(), stray);
    }
    let mut order: Vec<(usize, usize)> = own.to_vec();
    order.sort_by_key(|&(_, c)| cells[c].columns.start);
    let first: Vec<usize> = order[..count].iter().map(|o| o.0).collect();
    let mut places: Vec<&HeadPlace> = heads.iter().collect();
    places.sort_by_key(|h| cells[h.cell].columns.start);
    let in_turn = places.iter().map(|h| h.cell).eq(heads.iter().map(|h| h.cell))
        && order.chunks(count).zip(&places).all(|(turn, head)| {
            let (from, to) = (cells[turn[0].1].columns.start, cells[turn[count - 1].1].columns.end);
            let place = &cells[head.cell].columns;
            let same_row = turn.iter().all(|t| cells[t.1].rows == cells[order[0].1].rows);
            turn.iter().map(|t| &t.0).eq(&first) && from <= place.start && place.end <= to && same_row
        });
    if !in_turn || first.iter().collect::<std::collections::BTreeSet<_>>().len() < count {
        return (Vec::new(), stray);
    }
    let of = |turn: &[(usize, usize)], k: usize| turn.iter().find(|t| t.0 == k).map(|t| t.1);
    (order.chunks(count).flat_map(|turn| (0..count).filter_map(move |k| of(turn, k))).collect(), false)
}

/// Heads of one period that stand over different columns of the form - its years under 計画, and again under 実績 - are
/// one head.
fn of_one_period(heads: Vec<Head>) -> Vec<Head> {
    let mut out: Vec<Head> = Vec::with_capacity(heads.len());
    for head in heads {
        let apart = |other: &&mut Head| {
            let mut columns = other.columns.iter().zip(&head.columns);
            head.cell.period.is_some()
                && other.cell.period == head.cell.period
                && columns.all(|(a, b)| a.is_none() || b.is_none())
        };
        let Some(same) = out.iter_mut().find(apart) else {
            out.push(head);
            continue;
        };
        same.again.push(head.parts);
        let own = head.columns.into_iter().zip(head.said).zip(head.several).enumerate();
        for (k, ((columns, said), several)) in own.filter(|(_, ((columns, _), _))| columns.is_some()) {
            (same.columns[k], same.said[k], same.several[k]) = (columns, said, several);
        }
    }
    out
}

/// A head of the row of heads.
struct HeadPlace {
    cell: usize,
    /// The year over it, where it is a part of one.
    over: Option<usize>,
    period: Option<Period>,
}

/// The heads of the row below, where they are parts of the periods: quarters or months under years.
fn finer(
    stream: &Stream<'_>,
    grid: Grid<'_>,
    parts: &[&[Range<u32>]],
    heads: Vec<HeadPlace>,
    sub: &impl Fn(usize) -> bool,
    context: &Context,
) -> Vec<HeadPlace> {
    let cells = &grid.table.cells;
    let mut lower: Vec<Vec<HeadPlace>> = Vec::new();
    for head in &heads {
        let own = &cells[head.cell];
        let below = (0..cells.len()).filter(|&c| {
            cells[c].rows.start == own.rows.end
                && own.columns.start <= cells[c].columns.start
                && cells[c].columns.end <= own.columns.end
        });
        let found = below.map(|cell| {
            let year = head.period.as_ref()?;
            let printed: String =
                parts[cell].iter().map(|p| crate::label::printed(stream, p.clone())).collect();
            let period = if sub(cell) { None } else { succession::within(year, &printed, context) };
            period.map(|period| HeadPlace { cell, over: Some(head.cell), period: Some(period) })
        });
        lower.push(found.collect::<Option<Vec<_>>>().unwrap_or_default());
    }
    if lower.iter().all(|below| below.len() < 2) {
        return heads;
    }
    heads
        .into_iter()
        .zip(lower)
        .flat_map(|(head, below)| if below.is_empty() { vec![head] } else { below })
        .collect()
}

/// The heads among the cells of a row, each with its period; a year may be printed short behind another.
fn row_of_heads(
    stream: &Stream<'_>,
    cells: impl Iterator<Item = usize>,
    parts: &[&[Range<u32>]],
    kind: AcrossKind,
    context: &Context,
) -> Vec<(usize, Option<Period>)> {
    let mut heads = Vec::new();
    let mut before: Option<Period> = None;
    for c in cells {
        if let Some(head) = head_cell(stream, parts[c], kind, context) {
            let period = head.period();
            before.clone_from(&period);
            heads.push((c, period));
        } else if let Some(full) = &before {
            let printed: String = parts[c].iter().map(|p| crate::label::printed(stream, p.clone())).collect();
            if let Some(period) = succession::next(full, &printed, context) {
                before = Some(succession::in_words_of(full, &period));
                heads.push((c, Some(period)));
            }
        }
    }
    heads
}

fn near_rows(row: u32, grid: Grid<'_>) -> Range<u32> {
    row.saturating_sub(HEAD_ROWS).max(grid.rows.0)..(row + HEAD_ROWS + 1).min(grid.rows.1)
}

/// The grid columns of the form's columns that are printed once: by their heads; without heads, those left of the
/// periods that are free, in the order of the form.
#[expect(clippy::too_many_arguments, reason = "the parts of one placement")]
fn stubs(
    form: &TableForm,
    fixed: &[usize],
    cells: &[chohyo_layout::Cell],
    parts: &[&[Range<u32>]],
    stream: &Stream<'_>,
    (row, left, near): (u32, u32, Range<u32>),
    named: &mut Vec<(String, usize)>,
    first_row: &mut u32,
    score: &mut u32,
) -> Vec<(usize, Range<u32>)> {
    let _ = row;
    let mut out: Vec<(usize, Range<u32>)> = Vec::new();
    for &f in fixed {
        let column = &form.columns[f];
        let head = (0..cells.len())
            .find(|&c| near.contains(&cells[c].rows.start) && head::is_plain_head(stream, parts[c], column));
        if let Some(head) = head {
            named.push((column.name.clone(), head));
            *first_row = (*first_row).max(cells[head].rows.end);
            *score += 2;
            out.push((f, cells[head].columns.clone()));
        }
    }
    // The right part of a head that two columns stand under.
    for &f in fixed {
        let Some(beside) = form.columns[f].beside.as_ref() else { continue };
        let Some(at) = out.iter().position(|(o, _)| form.columns[*o].name == *beside) else { continue };
        let whole = out[at].1.clone();
        // Where no row of the grid parts the two, its cells are the right one's.
        let middle = if whole.end - whole.start > 1 { whole.start + 1 } else { whole.start };
        out[at].1 = whole.start..middle;
        out.push((f, middle..whole.end));
    }
    let open: Vec<usize> = fixed
        .iter()
        .copied()
        .filter(|&f| form.columns[f].headers.is_empty() && form.columns[f].beside.is_none())
        .collect();
    let mut free: Vec<u32> = (0..left).filter(|c| !out.iter().any(|(_, r)| r.contains(c))).collect();
    // The same of those without heads: the right ones have theirs.
    let lost = open.len().saturating_sub(free.len());
    for (i, &f) in open.iter().enumerate().skip(lost) {
        if free.is_empty() {
            break;
        }
        let count = if i + 1 == open.len() { free.len() } else { 1 };
        let own: Vec<u32> = free.drain(..count).collect();
        out.push((f, own[0]..own[own.len() - 1] + 1));
    }
    // What stands in the corner over the columns without heads is a head all the same.
    for (f, columns) in &out {
        if !named.iter().any(|(n, _)| *n == form.columns[*f].name) {
            let corner = (0..cells.len()).find(|&c| {
                near.contains(&cells[c].rows.start)
                    && cells[c].rows.end <= *first_row
                    && cells[c].columns.start == columns.start
                    && !parts[c].is_empty()
                    && cells[c].columns.end <= left
            });
            if let Some(corner) = corner
                && cells[corner].rows.start >= row
                && !named.iter().any(|(_, c)| *c == corner)
            {
                named.push((form.columns[*f].name.clone(), corner));
            }
        }
    }
    out
}

/// The caption of the table: over the grid, or in a cell of its rows up to the heads.
fn caption(
    ledger: &Ledger<'_, '_>,
    grid: Grid<'_>,
    parts: &[&[Range<u32>]],
    form: &TableForm,
    row: u32,
) -> Vec<Range<u32>> {
    let stream = ledger.stream;
    let fits =
        |text: &[char]| form.captions.iter().any(|a| crate::answer::plain(text).starts_with(&a.canonical));
    let inside = (0..parts.len()).find(|&c| {
        let rows = &grid.table.cells[c].rows;
        rows.start <= row && rows.start + 2 * HEAD_ROWS >= row && fits(&canonical(stream, parts[c]))
    });
    if let Some(c) = inside {
        return parts[c].to_vec();
    }
    if grid.rows.0 > 0 {
        return Vec::new();
    }
    let above = heads_above::above(ledger, grid);
    above
        .into_iter()
        .map(|(p, _)| p)
        .find(|p| fits(&canonical(stream, std::slice::from_ref(p))))
        .into_iter()
        .collect()
}
