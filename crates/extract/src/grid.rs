//! Tables of a page: the grid that the layout found, to rows of the form's columns.

use std::collections::BTreeMap;
use std::ops::Range;

use chohyo_layout::{BBox, Cell as GridCell, Table};
use chohyo_normalize::Context;

use crate::actors::{self, Across};
use crate::form::{ColumnKind, TableForm};
use crate::head;
use crate::heads_above;
use crate::ledger::Ledger;
use crate::shared;
use crate::sheet::{Row, Status, Text};
use crate::stream::Stream;
use crate::value::{self, Column};

/// Where the columns of the form stand in a grid.
#[derive(Clone, Debug)]
pub(crate) struct Placement {
    /// Index into the section's tables.
    pub table: usize,
    /// First grid row behind the head.
    pub first_row: u32,
    /// For each column of the form: its left and right edge in points, and what its head says.
    pub columns: Vec<Option<(f32, f32, Column)>>,
    /// The actors that head columns of their own, from left to right; none where they have a column.
    pub across: Vec<Across>,
    /// For each column of the form that shares its grid column with others: the edges of its head.
    pub shared: Vec<Option<(f32, f32)>>,
}

/// A table of a page with its number in the document.
#[derive(Clone, Copy)]
pub(crate) struct Grid<'d> {
    /// Index into the document's pages.
    pub page: u32,
    /// Index into the page's tables.
    pub index: u32,
    pub table: &'d Table,
}

impl Placement {
    /// Nothing placed yet.
    pub(crate) fn new(table: usize, form: &TableForm) -> Self {
        let count = form.columns.len();
        Self {
            table,
            first_row: 0,
            columns: vec![None; count],
            across: Vec::new(),
            shared: vec![None; count],
        }
    }
}

impl Grid<'_> {
    /// The lines of a cell, as parts.
    pub(crate) fn parts(&self, stream: &Stream<'_>, cell: usize) -> Vec<Range<u32>> {
        let home = Some((self.index, cell as u32));
        let start = stream.lines.partition_point(|l| l.page < self.page);
        stream.lines[start..]
            .iter()
            .take_while(|l| l.page == self.page)
            .filter(|l| l.cell == home && !l.atoms.is_empty())
            .map(|l| l.atoms.clone())
            .collect()
    }
}

impl Grid<'_> {
    /// What of a cell stands between these edges. Where nothing but alignment bounds the cells, one that is wider
    /// than the column may be two whose texts came close: each field of it then goes where its middle is.
    fn parts_between(&self, stream: &Stream<'_>, cell: usize, edges: (f32, f32)) -> Vec<Range<u32>> {
        let parts = self.parts(stream, cell);
        let b = &self.table.cells[cell].bbox;
        let wider = b.x0 < edges.0 - 2.0 || b.x1 > edges.1 + 2.0;
        let several = parts.iter().any(|p| stream.fields_in(p.clone()).len() > 1);
        if self.table.ruled || !wider || !several {
            return parts;
        }
        let within = |f: &Range<u32>| {
            stream.bbox(f.clone()).is_some_and(|b| edges.0 <= b.center().0 && b.center().0 < edges.1)
        };
        let mut out: Vec<Range<u32>> = Vec::new();
        for part in parts {
            let mut line: Option<Range<u32>> = None;
            for field in stream.fields_in(part).into_iter().filter(within) {
                line = Some(line.map_or(field.start, |l| l.start)..field.end);
            }
            out.extend(line);
        }
        out
    }
}

/// Finds the head of a grid among the tables of the form; gives the heads as printed, too.
pub(crate) fn place(
    ledger: &mut Ledger<'_, '_>,
    grid: Grid<'_>,
    tables: &[TableForm],
    context: &Context,
) -> Option<(Placement, BTreeMap<String, Text>)> {
    let stream = ledger.stream;
    let parts: Vec<Vec<Range<u32>>> = (0..grid.table.cells.len()).map(|c| grid.parts(stream, c)).collect();
    let (index, form) = head::best(tables, |column| {
        let shares = |p: &[Range<u32>]| {
            tables.iter().any(|t| {
                let mut heads = shared::heads(stream, t, p).into_iter();
                heads.any(|h| std::ptr::eq(&raw const t.columns[h.column], column))
            })
        };
        parts.iter().any(|p| head::is_head(stream, p, column) || shares(p))
    })?;
    let mut placement = Placement::new(index, form);
    let mut heads = BTreeMap::new();
    for (c, parts) in parts.iter().enumerate() {
        for head in shared::heads(stream, form, parts) {
            let (cell, said) = (&grid.table.cells[c], head::column(stream, &head.parts, context));
            placement.first_row = placement.first_row.max(cell.rows.end);
            placement.columns[head.column] = Some((cell.bbox.x0, cell.bbox.x1, said));
            placement.shared[head.column] = Some(head.edges);
            heads.insert(form.columns[head.column].name.clone(), ledger.take(&[head.parts]));
        }
    }
    for (i, column) in form.columns.iter().enumerate() {
        if placement.columns[i].is_some() {
            continue;
        }
        let Some(c) = parts.iter().position(|p| head::is_head(stream, p, column)) else { continue };
        let cell = &grid.table.cells[c];
        placement.first_row = placement.first_row.max(cell.rows.end);
        let said = head::column(stream, &parts[c], context);
        placement.columns[i] = Some((cell.bbox.x0, cell.bbox.x1, said));
        heads.insert(column.name.clone(), ledger.take(&[parts[c].clone()]));
    }
    // A column without a head of its own has the right part of the head it stands beside.
    for (i, column) in form.columns.iter().enumerate() {
        let Some(beside) =
            column.beside.as_ref().and_then(|b| form.columns.iter().position(|c| c.name == *b))
        else {
            continue;
        };
        let Some((x0, x1, said)) = placement.columns[beside].clone() else { continue };
        let inner: Option<f32> = grid
            .table
            .cells
            .iter()
            .filter(|c| c.rows.start >= placement.first_row && c.bbox.x0 >= x0 - 1.0 && c.bbox.x1 < x1 - 1.0)
            .map(|c| c.bbox.x1)
            .reduce(f32::min);
        if let Some(edge) = inner {
            placement.columns[beside] = Some((x0, edge, said.clone()));
            placement.columns[i] = Some((edge, x1, said));
        }
    }
    actors::place(stream, grid, form, &parts, &mut placement);
    heads_above::take_missing(ledger, grid, form, &mut heads);
    Some((placement, heads))
}

/// The rows of a grid below its head.
pub(crate) fn rows(
    ledger: &mut Ledger<'_, '_>,
    grid: Grid<'_>,
    form: &TableForm,
    placement: &Placement,
    context: &Context,
) -> Vec<Row> {
    let mut out: Vec<Row> = Vec::new();
    let mut before: Option<Vec<Vec<usize>>> = None;
    let mut above: Vec<Range<u32>> = Vec::new();
    for (r, cells) in entries(ledger.stream, grid, form, placement) {
        if cells.iter().all(Vec::is_empty) || before.as_ref() == Some(&cells) {
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
            move_strays(stream, placement, &mut parts);
        }
        let doubtful = part_shared(stream, placement, &mut parts);
        // A row that only goes on with merged cells of the one before says nothing.
        let goes_on = before.as_ref().is_some_and(|before| {
            let kept = |c: &usize| before.iter().flatten().any(|b| b == c);
            let mut all = cells.iter().flatten();
            all.clone().any(kept) && all.all(|c| kept(c) || grid.parts(stream, *c).is_empty())
        });
        if !placement.across.is_empty() {
            if let Some((actor, content)) = across_of(form) {
                let mut parts = parts.clone();
                parts[actor].clear();
                for one in &placement.across {
                    parts[actor].clone_from(&one.name);
                    let edges = (one.edges.0, one.edges.1, Column::default());
                    parts[content] = parts_of(&cells_of(grid, r, Some(&edges)), one.edges);
                    out.push(row(ledger, form, placement, &parts, context));
                }
            }
        } else if parts.iter().any(|p| !p.is_empty()) && !goes_on {
            let single = cells.iter().flatten().all(|&c| grid.table.cells[c].rows.len() == 1);
            let bands = if single { bands(stream, form, &parts) } else { vec![parts] };
            for mut band in bands {
                carry_down(form, &mut band, &mut above);
                let mut row = row(ledger, form, placement, &band, context);
                for &column in &doubtful {
                    if let Some(cell) = row.get_mut(&form.columns[column].name) {
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

/// Moves fields that stand in another column than their cell does: where nothing but alignment bounds the
/// cells, a line that comes close to the next column's is taken for one line with it.
fn move_strays(stream: &Stream<'_>, placement: &Placement, parts: &mut [Vec<Range<u32>>]) {
    let column_of = |field: &Range<u32>| {
        let x = stream.bbox(field.clone())?.center().0;
        let within = |c: &Option<(f32, f32, Column)>| c.as_ref().is_some_and(|c| c.0 <= x && x < c.1);
        let mut columns = (0..placement.columns.len()).filter(|&i| within(&placement.columns[i]));
        let first = columns.next()?;
        columns.next().is_none().then_some(first)
    };
    for i in 0..parts.len() {
        let mut kept: Vec<Range<u32>> = Vec::new();
        for part in std::mem::take(&mut parts[i]) {
            let fields = stream.fields_in(part.clone());
            let first = fields.first().and_then(column_of);
            // Only what follows the cell's own text on its line can have come from the next column.
            let cut = fields.iter().skip(1).find(|f| column_of(f).is_some_and(|c| c != i));
            let Some(cut) = cut.filter(|_| first == Some(i)) else {
                kept.push(part);
                continue;
            };
            let Some(to) = column_of(cut).filter(|&c| parts[c].iter().all(|p| !overlaps(p, cut))) else {
                kept.push(part);
                continue;
            };
            kept.push(part.start..cut.start);
            parts[to].push(cut.start..part.end);
            let height = |p: &Range<u32>| stream.bbox(p.clone()).map_or(0.0, |b| b.center().1);
            parts[to].sort_by(|a, b| height(a).total_cmp(&height(b)));
        }
        // What has come from columns before this one stays with it.
        kept.append(&mut parts[i]);
        parts[i] = kept;
    }
}

fn overlaps(a: &Range<u32>, b: &Range<u32>) -> bool {
    a.start < b.end && b.start < a.end
}

/// Gives columns that share a cell what stands under their own heads; of a cell that cannot be parted, nothing.
/// The columns that are left without what is theirs.
fn part_shared(stream: &Stream<'_>, placement: &Placement, parts: &mut [Vec<Range<u32>>]) -> Vec<usize> {
    let mut doubtful = Vec::new();
    for i in 0..parts.len() {
        let (Some(own), Some((x0, ..))) = (placement.shared[i], placement.columns[i].as_ref()) else {
            continue;
        };
        let same = placement.columns.iter().zip(&placement.shared);
        let all: Vec<(f32, f32)> =
            same.filter(|(c, _)| c.as_ref().is_some_and(|c| c.0 == *x0)).filter_map(|(_, e)| *e).collect();
        match shared::under(stream, &parts[i], own, &all) {
            Some(found) => parts[i] = found,
            None => {
                parts[i].clear();
                doubtful.push(i);
            }
        }
    }
    doubtful
}

/// The grid rows as the cells of each column, those that hold one entry taken together.
///
/// Where no ruling bounds the rows, their number is a guess from the lines of text: rows that share the cell of
/// the first text column, or all cells but it, are one entry whose lines do not stand at the same heights.
fn entries(
    stream: &Stream<'_>,
    grid: Grid<'_>,
    form: &TableForm,
    placement: &Placement,
) -> Vec<(u32, Vec<Vec<usize>>)> {
    let rows = (placement.first_row..grid.table.rows).map(|r| {
        let cells: Vec<Vec<usize>> =
            placement.columns.iter().map(|c| cells_of(grid, r, c.as_ref())).collect();
        (r, cells)
    });
    let anchor = form.columns.iter().position(|c| c.kind == ColumnKind::Text);
    let actors = form.columns.iter().any(|c| c.kind == ColumnKind::Actor);
    let Some(anchor) = anchor.filter(|_| !grid.table.ruled && !actors) else { return rows.collect() };
    let mut out: Vec<(u32, Vec<Vec<usize>>)> = Vec::new();
    for (r, cells) in rows {
        let Some((_, last)) = out.last_mut() else {
            out.push((r, cells));
            continue;
        };
        let shares = |i: usize| cells[i].iter().any(|c| last[i].contains(c));
        let others: Vec<usize> = (0..cells.len()).filter(|&i| i != anchor && !cells[i].is_empty()).collect();
        // The tail of a text that wraps: nothing of its own but a line in some other column.
        let tail = cells[anchor].iter().all(|&c| grid.parts(stream, c).is_empty());
        let tail = tail && others.iter().any(|&i| shares(i));
        if shares(anchor) || tail || others.len() >= 2 && others.iter().all(|&i| shares(i)) {
            for (all, own) in last.iter_mut().zip(cells) {
                let new: Vec<usize> = own.into_iter().filter(|c| !all.contains(c)).collect();
                all.extend(new);
            }
        } else {
            out.push((r, cells));
        }
    }
    out
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
                None => return None,
            };
            Some((column.name.clone(), value::cell(ledger, parts, column.kind, said, context)))
        })
        .collect()
}

/// The cells of a grid row whose middle lies between the edges of the column.
fn cells_of(grid: Grid<'_>, row: u32, column: Option<&(f32, f32, Column)>) -> Vec<usize> {
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

/// Splits one grid row that holds several entries without a ruling between them.
///
/// Blocks of lines are parted by a gap of more than a line. The entries are those of the first text column;
/// a block of another column belongs to the entry at whose height it begins.
fn bands(stream: &Stream<'_>, form: &TableForm, parts: &[Vec<Range<u32>>]) -> Vec<Vec<Vec<Range<u32>>>> {
    let whole = || vec![parts.to_vec()];
    let Some(period) = form.columns.iter().position(|c| c.kind == ColumnKind::Period) else { return whole() };
    let Some(anchor) = form.columns.iter().position(|c| c.kind == ColumnKind::Text) else { return whole() };
    let blocks: Vec<Vec<(f32, Vec<Range<u32>>)>> = parts.iter().map(|p| blocks(stream, p)).collect();
    // A gap between paragraphs of one entry is no row: there must be a period for more than one, too.
    if blocks[period].len() < 2 || blocks[anchor].len() < blocks[period].len() {
        return whole();
    }
    let tops: Vec<f32> = blocks[anchor].iter().map(|b| b.0).collect();
    let slack = 4.0;
    let mut rows = vec![vec![Vec::new(); parts.len()]; tops.len()];
    for (c, column) in blocks.iter().enumerate() {
        for (top, block) in column {
            let at = tops.iter().rposition(|t| *t <= top + slack).unwrap_or(0);
            rows[at][c].extend(block.iter().cloned());
        }
    }
    rows
}

/// A period that is printed once stands for the rows below it, too, as one in a merged cell does.
fn carry_down(form: &TableForm, parts: &mut [Vec<Range<u32>>], above: &mut Vec<Range<u32>>) {
    let Some(period) = form.columns.iter().position(|c| c.kind == ColumnKind::Period) else { return };
    if parts[period].is_empty() {
        parts[period].clone_from(above);
    } else {
        above.clone_from(&parts[period]);
    }
}

/// Lines of a cell grouped where no more than a line's height parts them, each with its top.
fn blocks(stream: &Stream<'_>, parts: &[Range<u32>]) -> Vec<(f32, Vec<Range<u32>>)> {
    let mut out: Vec<(f32, Vec<Range<u32>>)> = Vec::new();
    let mut last: Option<BBox> = None;
    for part in parts {
        let Some(b) = stream.bbox(part.clone()) else { continue };
        let near = last.is_some_and(|l| b.top - l.bottom < 0.75 * l.height() && b.top >= l.top - 1.0);
        match out.last_mut() {
            Some((_, block)) if near => block.push(part.clone()),
            _ => out.push((b.top, vec![part.clone()])),
        }
        last = Some(b);
    }
    out
}
