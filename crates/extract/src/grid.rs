//! Tables of a page: the grid that the layout found, to rows of the form's columns.

use std::collections::BTreeMap;
use std::ops::Range;

use chohyo_layout::{Cell as GridCell, Table};
use chohyo_normalize::Context;

use crate::actors::{self, Across};
use crate::anchor::{self, Piece};
use crate::chronicle;
use crate::entries::{bands, carry_down, entries, joined};
use crate::form::{ColumnForm, ColumnKind, TableForm};
use crate::head;
use crate::heads_above;
use crate::ledger::Ledger;
use crate::open_text;
use crate::shared;
use crate::sheet::{Row, Status, Text};
use crate::strays;
use crate::stream::{LineRef, Stream};
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
    /// For each column of the form: the edges of its head's text.
    pub heads: Vec<Option<(f32, f32)>>,
    /// For each column of the form that shares its grid column with others: the edges of its head.
    pub shared: Vec<Option<(f32, f32)>>,
}

/// A table of a page with its number in the document, or some of its rows.
#[derive(Clone, Copy)]
pub(crate) struct Grid<'d> {
    /// Index into the document's pages.
    pub page: u32,
    /// Index into the page's tables.
    pub index: u32,
    pub table: &'d Table,
    /// First grid row, and the one behind the last.
    pub rows: (u32, u32),
    /// First grid column, and the one behind the last.
    pub columns: (u32, u32),
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
            heads: vec![None; count],
            shared: vec![None; count],
        }
    }
}

impl<'d> Grid<'d> {
    /// Tables that stand close, one over the other, may be one grid: its rows from each table's head to the next
    /// one's. The head of one table may be printed several times.
    pub(crate) fn stacked(self, stream: &Stream<'_>, tables: &[TableForm]) -> Vec<Grid<'d>> {
        let parts = self.all_parts(stream);
        let mut tops: Vec<u32> = tables.iter().filter_map(|t| self.head_row(stream, t, &parts)).collect();
        tops.extend(tables.iter().flat_map(|t| self.rows_of_heads(stream, t, &parts)));
        tops.sort_unstable();
        tops.dedup();
        let mut cuts = vec![self.rows.0];
        cuts.extend(tops.iter().skip(1));
        let ends = cuts.iter().skip(1).copied().chain([self.rows.1]);
        let stacks = cuts.iter().zip(ends).map(|(&top, end)| Grid { rows: (top, end), ..self });
        stacks.flat_map(|grid| grid.side_by_side(stream, tables, &parts)).collect()
    }

    /// The heads of a table may stand twice in one row, and those of two tables beside each other: its columns from
    /// each first head to the next.
    fn side_by_side(
        self,
        stream: &Stream<'_>,
        tables: &[TableForm],
        parts: &[Vec<Range<u32>>],
    ) -> Vec<Grid<'d>> {
        let cell = |c: usize| &self.table.cells[c];
        let within = |c: &usize| (self.rows.0..self.rows.1).contains(&cell(*c).rows.start);
        // Of each first head: its row, its column, its table.
        let mut leads: Vec<(u32, u32, usize)> = Vec::new();
        for (t, table) in tables.iter().enumerate().filter(|(_, t)| !t.is_cross()) {
            let Some(lead) = table.columns.iter().find(|c| !c.headers.is_empty()) else { continue };
            let found = (0..parts.len()).filter(within).filter(|&c| head::is_head(stream, &parts[c], lead));
            leads.extend(found.map(|c| (cell(c).rows.start, cell(c).columns.start, t)));
        }
        leads.sort_unstable();
        leads.dedup_by_key(|l| (l.0, l.1));
        let Some(row) = leads.chunk_by(|a, b| a.0 == b.0).find(|row| row.len() > 1) else {
            return vec![self];
        };
        let ends = row.iter().skip(1).map(|l| l.1).chain([self.columns.1]);
        let mut starts = Vec::new();
        for (&(r, start, t), end) in row.iter().zip(ends) {
            let others: Vec<&ColumnForm> =
                tables[t].columns.iter().filter(|c| !c.headers.is_empty()).skip(1).collect();
            let near: Vec<usize> = (0..parts.len())
                .filter(|&c| cell(c).rows.contains(&r) && (start..end).contains(&cell(c).columns.start))
                .collect();
            let is_there = |h: &&&ColumnForm| near.iter().any(|&c| head::is_head(stream, &parts[c], h));
            if others.is_empty() || 2 * others.iter().filter(is_there).count() < others.len() {
                return vec![self];
            }
            starts.push(start);
        }
        starts[0] = self.columns.0;
        let ends = starts.iter().skip(1).copied().chain([self.columns.1]);
        starts.iter().zip(ends).map(|(&start, end)| Grid { columns: (start, end), ..self }).collect()
    }

    /// True for a cell that begins in the rows and columns.
    fn holds(&self, cell: &GridCell) -> bool {
        (self.rows.0..self.rows.1).contains(&cell.rows.start)
            && (self.columns.0..self.columns.1).contains(&cell.columns.start)
    }

    /// The row in which the head of this table begins, if the grid has it.
    fn head_row(&self, stream: &Stream<'_>, form: &TableForm, parts: &[Vec<Range<u32>>]) -> Option<u32> {
        head::best(std::slice::from_ref(form), |c| parts.iter().any(|p| head::is_head(stream, p, c)))?;
        let heads =
            form.columns.iter().filter_map(|c| parts.iter().position(|p| head::is_head(stream, p, c)));
        heads.map(|c| self.table.cells[c].rows.start).min()
    }

    /// The rows in which the first head of this table stands with half of its others.
    fn rows_of_heads(&self, stream: &Stream<'_>, form: &TableForm, parts: &[Vec<Range<u32>>]) -> Vec<u32> {
        let mut heads = form.columns.iter().filter(|c| !c.headers.is_empty());
        let Some(lead) = heads.next() else { return Vec::new() };
        let others: Vec<_> = heads.collect();
        let cell = |c: usize| &self.table.cells[c];
        let leads = (0..parts.len()).filter(|&c| head::is_head(stream, &parts[c], lead));
        leads
            .filter(|&c| {
                let beside = |o: &usize| {
                    cell(*o).columns.start >= cell(c).columns.end
                        && cell(*o).rows.contains(&cell(c).rows.start)
                };
                let near: Vec<usize> = (0..parts.len()).filter(beside).collect();
                let count =
                    others.iter().filter(|h| near.iter().any(|&o| head::is_head(stream, &parts[o], h)));
                2 * count.count() >= others.len().max(1)
            })
            .map(|c| cell(c).rows.start)
            .collect()
    }

    /// The lines of all cells within the rows and columns.
    pub(crate) fn lines<'s>(&self, stream: &'s Stream<'_>) -> impl Iterator<Item = &'s LineRef> {
        let grid = *self;
        let within = self.table.cells.iter().enumerate().filter(move |(_, cell)| grid.holds(cell));
        within
            .flat_map(move |(c, _)| stream.lines_of_cell(grid.page, grid.index, c as u32))
            .filter(|l| !l.atoms.is_empty())
    }

    /// The lines of all cells; those outside the rows and columns are left empty.
    pub(crate) fn all_parts(&self, stream: &Stream<'_>) -> Vec<Vec<Range<u32>>> {
        let cells = self.table.cells.iter().enumerate();
        cells.map(|(c, cell)| if self.holds(cell) { self.parts(stream, c) } else { Vec::new() }).collect()
    }

    /// The lines of a cell, as parts.
    pub(crate) fn parts(&self, stream: &Stream<'_>, cell: usize) -> Vec<Range<u32>> {
        let lines = stream.lines_of_cell(self.page, self.index, cell as u32);
        lines.iter().filter(|l| !l.atoms.is_empty()).map(|l| l.atoms.clone()).collect()
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
    let parts = grid.all_parts(stream);
    let mut shared: Vec<&ColumnForm> = Vec::new();
    for table in tables {
        let heads = parts.iter().flat_map(|p| shared::heads(stream, table, p));
        shared.extend(heads.map(|h| &table.columns[h.column]));
    }
    let (index, form) = head::best_of(
        tables,
        |column| {
            shared.iter().any(|c| std::ptr::eq(*c, column))
                || parts.iter().any(|p| head::is_head(stream, p, column))
        },
        |table| known_rows(stream, &parts, table),
    )?;
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
        if placement.columns[i].is_some() || names_rows(stream, grid, &parts, form, column) {
            continue;
        }
        let Some((c, over)) = head_cell(stream, grid, &parts, form, column, &placement) else { continue };
        let cell = &grid.table.cells[c];
        let mut own = parts[c].clone();
        placement.first_row = placement.first_row.max(cell.rows.end);
        if head::is_open(stream, &own) {
            let below = |o: &usize| {
                let next = &grid.table.cells[*o];
                next.columns == cell.columns && next.rows.start >= cell.rows.end && !parts[*o].is_empty()
            };
            let next = (0..parts.len()).filter(below).min_by_key(|&o| grid.table.cells[o].rows.start);
            if let Some(o) = next.filter(|&o| !head::is_open(stream, &[&own[..], &parts[o]].concat())) {
                own.extend(parts[o].iter().cloned());
                placement.first_row = placement.first_row.max(grid.table.cells[o].rows.end);
            }
        }
        let said = head::column(stream, &own, context);
        let text = own.iter().filter_map(|p| stream.bbox(p.clone())).reduce(|a, b| a.union(&b));
        placement.heads[i] = text.map(|b| (b.x0, b.x1));
        placement.columns[i] = Some((cell.bbox.x0, cell.bbox.x1, said));
        let over = over.map_or_else(Vec::new, |o| parts[o].clone());
        heads.insert(column.name.clone(), ledger.take(&[[over, own].concat()]));
    }
    stub(grid, form, &mut placement);
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
            .filter(|c| c.rows.start < grid.rows.1 && c.rows.start >= placement.first_row)
            .filter(|c| c.bbox.x0 >= x0 - 1.0 && c.bbox.x1 < x1 - 1.0)
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

/// True for a text column whose name stands before the text of each row, under the row of the other heads.
pub(crate) fn names_rows(
    stream: &Stream<'_>,
    grid: Grid<'_>,
    parts: &[Vec<Range<u32>>],
    form: &TableForm,
    column: &ColumnForm,
) -> bool {
    let Some(lead) = form.columns.iter().find(|c| !c.headers.is_empty()) else { return false };
    let of = |column: &ColumnForm| -> Vec<u32> {
        let cells = (0..parts.len()).filter(|&c| head::is_head(stream, &parts[c], column));
        cells.map(|c| grid.table.cells[c].rows.start).collect()
    };
    let (heads, own) = (of(lead), of(column));
    column.kind == ColumnKind::Text
        && !std::ptr::eq(lead, column)
        && heads.len() == 1
        && own.len() >= 2
        && own.iter().all(|r| *r > heads[0] + 1)
}

/// How many of these cells are a choice of the table.
fn known_rows(stream: &Stream<'_>, parts: &[Vec<Range<u32>>], table: &TableForm) -> usize {
    let choices: Vec<&[char]> =
        table.columns.iter().flat_map(|c| c.choices.values().flatten()).map(|a| &*a.canonical).collect();
    if choices.is_empty() {
        return 0;
    }
    let known = |parts: &&Vec<Range<u32>>| {
        let own = parts.iter().flat_map(|p| &stream.atoms[p.start as usize..p.end as usize]);
        let text: Vec<char> = own.map(|a| a.ch).collect();
        choices.contains(&text.as_slice())
    };
    parts.iter().filter(known).count()
}

/// The cell that is the head of a column, and the one over it, where the form says what stands there.
fn head_cell(
    stream: &Stream<'_>,
    grid: Grid<'_>,
    parts: &[Vec<Range<u32>>],
    form: &TableForm,
    column: &ColumnForm,
    placement: &Placement,
) -> Option<(usize, Option<usize>)> {
    let left = column.right_of.as_ref().and_then(|l| form.columns.iter().position(|c| c.name == *l));
    let edge = left.and_then(|l| placement.columns[l].as_ref()).map_or(f32::NEG_INFINITY, |c| c.1);
    let beyond = |c: &usize| grid.table.cells[*c].bbox.x0 >= edge - 1.0;
    let mut heads = (0..parts.len()).filter(|&c| head::is_head(stream, &parts[c], column)).filter(beyond);
    if column.under.is_empty() {
        return heads.next().map(|c| (c, None));
    }
    heads.find_map(|c| {
        let own = &grid.table.cells[c];
        let over = (0..parts.len()).find(|&o| {
            let cell = &grid.table.cells[o];
            cell.rows.end <= own.rows.start
                && cell.columns.start <= own.columns.start
                && own.columns.end <= cell.columns.end
                && head::is_one_of(stream, &parts[o], &column.under)
        })?;
        Some((c, Some(over)))
    })
}

/// Puts the columns without a head at the left of the table, in the order of the form.
fn stub(grid: Grid<'_>, form: &TableForm, placement: &mut Placement) {
    let open = (0..form.columns.len()).filter(|&i| {
        let column = &form.columns[i];
        column.headers.is_empty() && column.beside.is_none() && column.kind != ColumnKind::Actor
    });
    let left = placement.columns.iter().flatten().map(|c| c.0).fold(f32::INFINITY, f32::min);
    let mut edges: Vec<(f32, f32)> = grid
        .table
        .cells
        .iter()
        .filter(|c| c.rows.start >= placement.first_row && grid.holds(c) && c.bbox.x1 <= left + 1.0)
        .map(|c| (c.bbox.x0, c.bbox.x1))
        .collect();
    edges.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    edges.dedup_by(|a, b| (a.0 - b.0).abs() < 1.0);
    for (i, (x0, x1)) in open.zip(edges) {
        placement.columns[i] = Some((x0, x1, Column::default()));
    }
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
    if let Some(dated) = dated(ledger.stream, grid, form, placement, context) {
        let rows = dated.iter().map(|parts| row(ledger, form, placement, parts, context));
        return rows.collect();
    }
    let mut before: Option<Vec<Vec<usize>>> = None;
    let entries = joined(form, entries(ledger.stream, grid, form, placement));
    let mut above: Vec<Range<u32>> = Vec::new();
    for (r, cells) in entries {
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
            strays::move_strays(stream, placement, &mut parts);
        }
        let mut doubtful = shared::part(stream, placement, &mut parts);
        let mut spanned = claimed_twice(&mut parts);
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
                ledger.claim(name);
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
            let bands = if single { bands(stream, form, &parts) } else { vec![parts] };
            let bands = bands.into_iter().flat_map(|band| actors::split(stream, form, band));
            for mut band in bands {
                carry_down(form, placement, &mut band, &mut above);
                if let Some(colon) = actors::colon(stream, form, &band) {
                    ledger.claim(colon);
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
    let lines: Vec<Range<u32>> = body.flat_map(|c| grid.parts(stream, c)).collect();
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

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet};

    #[test]
    fn two_tables_in_one_grid() {
        let page = Page::default()
            .text(30.0, 30.0, "４ 精神障害にも対応した地域包括ケアシステムの構築に向けた強みと課題")
            .grid(&[30.0, 170.0, 300.0, 430.0, 560.0], &[50.0, 70.0, 90.0, 110.0, 130.0])
            .text(35.0, 64.0, "課題解決の達成度を測る指標")
            .text(175.0, 64.0, "指標の設定理由")
            .text(305.0, 64.0, "現状値")
            .text(435.0, 64.0, "目標値")
            .text(35.0, 84.0, "研修の受講者数")
            .text(175.0, 84.0, "人材の育成")
            .text(305.0, 84.0, "12")
            .text(435.0, 84.0, "20")
            .text(35.0, 104.0, "課題")
            .text(175.0, 104.0, "課題解決に向けた取組方針")
            .text(305.0, 104.0, "課題・方針に対する役割（取組）")
            .text(35.0, 124.0, "人材の不足")
            .text(175.0, 124.0, "研修を行う")
            .text(305.0, 124.0, "行政")
            .text(435.0, 124.0, "企画");
        let sheet = sheet(&[page]);
        let [indicator] = sheet.tables["indicators"].as_slice() else { panic!("{:?}", sheet.tables) };
        assert_eq!((indicator["current"].text.as_str(), indicator["target"].text.as_str()), ("12", "20"));
        let [issue] = sheet.tables["issues"].as_slice() else { panic!("{:?}", sheet.tables) };
        assert_eq!(
            (issue["issue"].text.as_str(), issue["policy"].text.as_str()),
            ("人材の不足", "研修を行う")
        );
    }
}
