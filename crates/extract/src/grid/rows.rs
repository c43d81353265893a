//! The rows of a grid under the heads that were found: one row of the record for each entry.

use std::ops::Range;

use chohyo_layout::Cell as GridCell;
use chohyo_normalize::Context;

use super::{Grid, Placement, joint};
use crate::actors::{self, Across};
use crate::anchor::{self, Piece};
use crate::chronicle;
use crate::entries::{bands, carry_down, entries, joined};
use crate::form::{ColumnKind, TableForm};
use crate::ledger::Ledger;
use crate::open_text;
use crate::shared;
use crate::sheet::{Row, Status};
use crate::strays;
use crate::stream::Stream;
use crate::value::{self, Column};
/// The rows of a grid below its head.
pub(crate) fn rows(
    ledger: &mut Ledger<'_, '_>,
    grid: Grid<'_>,
    form: &TableForm,
    placement: &Placement,
    context: &Context,
) -> Vec<Row> {
    let mut out: Vec<Row> = Vec::new();
    if let Some(dated) = dated(ledger.stream, grid, form, placement, context) {
        let rows = dated.iter().map(|parts| row(ledger, form, placement, parts, context));
        return rows.collect();
    }
    let mut before: Option<Vec<Vec<usize>>> = None;
    let entries = joined(form, entries(ledger.stream, grid, form, placement));
    let mut above: Vec<Range<u32>> = Vec::new();
    // What is in the record already makes no row.
    let taken: Vec<bool> = (0..grid.table.cells.len())
        .map(|c| {
            let mut parts = grid.parts(ledger.stream, c).iter().filter(|p| !p.is_empty());
            let is_taken = |p: &Range<u32>| ledger.free_parts(p.clone()).is_empty();
            parts.clone().next().is_some() && parts.all(is_taken)
        })
        .collect();
    for (r, cells) in entries {
        if cells.iter().all(Vec::is_empty) || before.as_ref() == Some(&cells) {
            continue;
        }
        let mut printed = cells.iter().flatten().filter(|&&c| !grid.parts(ledger.stream, c).is_empty());
        if printed.clone().next().is_some() && printed.all(|&c| taken[c]) {
            continue;
        }
        let stream = ledger.stream;
        let parts_of = |cells: &[usize], edges: (f32, f32)| -> Vec<Range<u32>> {
            cells.iter().flat_map(|&i| grid.parts_between(stream, i, edges)).collect()
        };
        let columns = cells.iter().zip(&placement.columns);
        let mut parts: Vec<Vec<Range<u32>>> = columns
            .map(|(cells, column)| match column {
                Some((x0, x1, _)) => parts_of(cells, (*x0, *x1)),
                None => Vec::new(),
            })
            .collect();
        if !grid.table.ruled {
            strays::move_strays(stream, placement, &mut parts);
        }
        joint::without_numbers(stream, placement, &mut parts);
        let said = joint::part(stream, form, context, placement, &mut parts);
        let mut own_heads: Option<Placement> = None;
        for (column, said, name) in said {
            ledger.mark(name);
            let heads = own_heads.get_or_insert_with(|| placement.clone());
            heads.columns[column] = heads.columns[column].take().map(|(x0, x1, _)| (x0, x1, said));
        }
        let placement = own_heads.as_ref().unwrap_or(placement);
        let mut doubtful = shared::part(stream, placement, &mut parts);
        let mut spanned = claimed_twice(&mut parts);
        doubtful.extend((0..form.columns.len()).filter(|&i| placement.several[i]));
        // A cell of a ruled row that spans columns of texts is the first one's: 小計.
        if grid.table.ruled {
            let others = spanned.extract_if(.., |i| form.columns[*i].kind == ColumnKind::Value);
            doubtful.extend(others);
        } else {
            doubtful.append(&mut spanned);
            doubtful.extend(before_heads(stream, form, placement, &parts));
        }
        let named = value::lead(form).is_some_and(|lead| spanned.contains(&lead));
        // A row that only goes on with merged cells of the one before says nothing.
        let goes_on = before.as_ref().is_some_and(|before| {
            let kept = |c: &usize| before.iter().flatten().any(|b| b == c);
            let mut all = cells.iter().flatten();
            all.clone().any(kept) && all.all(|c| kept(c) || grid.parts(stream, *c).is_empty())
        });
        // A row of one text under another row is its text: the head of that column is not printed.
        if let (Some(text), Some(last)) =
            (open_text::under(stream, grid, form, placement, &cells), out.last_mut())
            && !last.contains_key(&form.columns[text.column].name)
        {
            let column = &form.columns[text.column];
            let cell = value::cell(ledger, &text.parts, column.kind, &Column::default(), context);
            last.insert(column.name.clone(), cell);
            for name in text.name {
                ledger.mark(name);
            }
            before = Some(cells);
            continue;
        }
        if !placement.across.is_empty() {
            if let Some((actor, content)) = across_of(form) {
                let mut parts = parts.clone();
                parts[actor].clear();
                let of = |one: &Across| {
                    let edges = (one.edges.0, one.edges.1, Column::default());
                    parts_of(&cells_of(grid, r, Some(&edges)), one.edges)
                };
                let contents: Vec<Vec<Range<u32>>> = placement.across.iter().map(of).collect();
                for part in &mut parts {
                    part.retain(|p| !contents.iter().flatten().any(|c| c.start < p.end && p.start < c.end));
                }
                for (one, own) in placement.across.iter().zip(contents) {
                    parts[actor].clone_from(&one.name);
                    parts[content] = own;
                    out.push(row(ledger, form, placement, &parts, context));
                }
            }
        } else if parts.iter().any(|p| !p.is_empty()) && !goes_on {
            let single = cells.iter().flatten().all(|&c| grid.table.cells[c].rows.len() == 1);
            let pairs = actors::pairs(stream, grid, form, &cells, &parts);
            let bands = if single { bands(stream, form, &parts) } else { vec![parts] };
            let split = |band| actors::split(stream, form, band);
            let bands = pairs.unwrap_or_else(|| bands.into_iter().flat_map(split).collect());
            for mut band in bands {
                carry_down(form, placement, &mut band, &mut above);
                for mark in actors::marks(stream, form, &band) {
                    ledger.mark(mark);
                }
                let led = open_text::lead(stream, form, placement, &mut band);
                let mut row = row(ledger, form, placement, &band, context);
                if let Some(text) = led {
                    let column = &form.columns[text.column];
                    let cell = value::cell(ledger, &text.parts, column.kind, &Column::default(), context);
                    row.insert(column.name.clone(), cell);
                }
                if !named {
                    value::doubt_nameless(form, &mut row);
                }
                if value::lead(form).is_some_and(|lead| placement.columns[lead].is_none()) {
                    value::doubt_unnamed(form, &mut row);
                }
                for &column in &doubtful {
                    if let Some(cell) = row.get_mut(&form.columns[column].name) {
                        cell.value = None;
                        cell.status = Some(Status::Ambiguous);
                    }
                }
                out.push(row);
            }
        }
        before = Some(cells);
    }
    out
}

/// The parts of each column, entry by entry, where no ruling bounds the rows and a column of dates tells them.
fn dated(
    stream: &Stream<'_>,
    grid: Grid<'_>,
    form: &TableForm,
    placement: &Placement,
    context: &Context,
) -> Option<Vec<Vec<Vec<Range<u32>>>>> {
    let period = form.columns.iter().position(|c| c.kind == ColumnKind::Period)?;
    let edges: Vec<(f32, f32)> =
        placement.columns.iter().map(|c| c.as_ref().map(|c| (c.0, c.1))).collect::<Option<_>>()?;
    if grid.table.ruled || placement.shared.iter().any(Option::is_some) {
        return None;
    }
    let body = (0..grid.table.cells.len()).filter(|&c| {
        let row = grid.table.cells[c].rows.start;
        placement.first_row.max(grid.rows.0) <= row && row < grid.rows.1
    });
    let lines: Vec<Range<u32>> = body.flat_map(|c| grid.parts(stream, c)).cloned().collect();
    let mut columns: Vec<Vec<Piece>> = vec![Vec::new(); edges.len()];
    for piece in anchor::pieces(stream, &lines)?.0 {
        let within = |e: &(f32, f32)| e.0 - 2.0 <= piece.bbox.x0 && piece.bbox.x1 <= e.1 + 2.0;
        columns[edges.iter().position(within)?].push(piece);
    }
    let (dates, others) = chronicle::dates(stream, std::mem::take(&mut columns[period]), context);
    if !others.is_empty() || dates.is_empty() {
        return None;
    }
    let columns: Vec<Vec<anchor::Line>> = columns.into_iter().map(anchor::lines).collect();
    let texts: Vec<usize> = (0..columns.len()).filter(|&i| i != period).collect();
    let boxes = |i: &usize| columns[*i].iter().map(|l| l.bbox).collect();
    let told = anchor::tie(&dates, &texts.iter().map(boxes).collect::<Vec<_>>())?;
    let mut entries: Vec<Vec<Vec<Range<u32>>>> = vec![vec![Vec::new(); columns.len()]; dates.len()];
    for (entry, date) in entries.iter_mut().zip(dates) {
        entry[period] = date.parts;
    }
    for (&column, told) in texts.iter().zip(&told) {
        for (line, &entry) in columns[column].iter().zip(told) {
            entries[entry][column].extend(line.parts.iter().cloned());
        }
    }
    Some(entries)
}

/// A cell that two columns reach into is the first one's; the others are left without what they shared.
fn claimed_twice(parts: &mut [Vec<Range<u32>>]) -> Vec<usize> {
    let mut doubtful = Vec::new();
    for i in 1..parts.len() {
        let (before, own) = parts.split_at_mut(i);
        let count = own[0].len();
        own[0].retain(|p| !before.iter().flatten().any(|b| b.start < p.end && p.start < b.end));
        if own[0].len() < count {
            doubtful.push(i);
        }
    }
    doubtful
}

/// Numbers that end before the text of their head begins, where the number column before theirs is empty: without
/// rulings, nothing says whose they are.
fn before_heads(
    stream: &Stream<'_>,
    form: &TableForm,
    placement: &Placement,
    parts: &[Vec<Range<u32>>],
) -> Vec<usize> {
    let value = |i: &usize| form.columns[*i].kind == ColumnKind::Value;
    let columns: Vec<(usize, (f32, f32))> =
        (0..parts.len()).filter(value).filter_map(|i| placement.heads[i].map(|head| (i, head))).collect();
    let before = |&(i, (x0, _)): &(usize, (f32, f32))| {
        let right = parts[i].iter().filter_map(|p| stream.bbox(p.clone())).map(|b| b.x1).reduce(f32::max);
        let empty = columns.iter().any(|(o, head)| head.1 <= x0 && parts[*o].is_empty());
        empty && right.is_some_and(|right| right < x0)
    };
    columns.iter().filter(|c| before(c)).map(|c| c.0).collect()
}

/// The actor column and the one beside it.
fn across_of(form: &TableForm) -> Option<(usize, usize)> {
    let actor = form.columns.iter().position(|c| c.kind == ColumnKind::Actor)?;
    let name = &form.columns[actor].name;
    let content = form.columns.iter().position(|c| c.beside.as_ref() == Some(name))?;
    Some((actor, content))
}

fn row(
    ledger: &mut Ledger<'_, '_>,
    form: &TableForm,
    placement: &Placement,
    parts: &[Vec<Range<u32>>],
    context: &Context,
) -> Row {
    let columns = form.columns.iter().zip(&placement.columns).zip(parts);
    let across = if placement.across.is_empty() { None } else { across_of(form) };
    let plain = Column::default();
    columns
        .enumerate()
        .filter_map(|(i, ((column, place), parts))| {
            let said = match place {
                Some((_, _, said)) => said,
                None if across.is_some_and(|(actor, content)| content == i || actor == i) => &plain,
                // What an actor does, behind its name in one cell.
                None if !parts.is_empty() => &plain,
                None => return None,
            };
            Some((column.name.clone(), value::of_column(ledger, parts, column, said, context)))
        })
        .collect()
}

/// The cells of a grid row whose middle lies between the edges of the column.
pub(crate) fn cells_of(grid: Grid<'_>, row: u32, column: Option<&(f32, f32, Column)>) -> Vec<usize> {
    let Some((x0, x1, _)) = column else { return Vec::new() };
    let within = |c: &GridCell| {
        let covers = c.bbox.x0 <= x0 + 1.0 && c.bbox.x1 >= x1 - 1.0;
        let middle = c.bbox.center().0;
        c.rows.contains(&row) && (covers || (*x0 < middle && middle < *x1))
    };
    let mut cells: Vec<usize> =
        (0..grid.table.cells.len()).filter(|&i| within(&grid.table.cells[i])).collect();
    cells.sort_by(|&a, &b| grid.table.cells[a].bbox.x0.total_cmp(&grid.table.cells[b].bbox.x0));
    cells
}
