//! Tables of a page: the grid that the layout found, and where the columns of the form stand in it.

use std::collections::BTreeMap;
use std::ops::Range;

use chohyo_layout::{BlockKind, Cell as GridCell, Table};
use chohyo_normalize::Context;

use crate::actors::{self, Across};
use crate::form::{ColumnForm, ColumnKind, TableForm};
use crate::head;
use crate::heads_above;
use crate::ledger::Ledger;
use crate::shared;
use crate::sheet::Text;
use crate::stream::{LineRef, Stream};
use crate::value::Column;

mod dated;
mod joint;
mod rows;

pub(crate) use rows::{cells_of, rows};

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
    /// For each column of the form: the right edge of the row numbers that stand before its texts in the same cells.
    pub numbers: Vec<Option<f32>>,
    /// The columns of the form whose values stand in the same cells, in the order of their heads.
    pub joint: Vec<usize>,
    /// For each column of the form: there are several of it, under heads that the form does not know.
    pub several: Vec<bool>,
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
            numbers: vec![None; count],
            joint: Vec::new(),
            several: vec![false; count],
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
        parts: &[&[Range<u32>]],
    ) -> Vec<Grid<'d>> {
        let cell = |c: usize| &self.table.cells[c];
        let within = |c: &usize| (self.rows.0..self.rows.1).contains(&cell(*c).rows.start);
        // Of each first head: its row, its column, its table.
        let mut leads: Vec<(u32, u32, usize)> = Vec::new();
        for (t, table) in tables.iter().enumerate().filter(|(_, t)| !t.is_cross()) {
            let Some(lead) = table.columns.iter().find(|c| !c.headers.is_empty()) else { continue };
            let found = (0..parts.len()).filter(within).filter(|&c| head::is_head(stream, parts[c], lead));
            let found: Vec<usize> = found.collect();
            leads.extend(found.iter().map(|&c| (self.level(&found, c).1, cell(c).columns.start, t)));
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
            let is_there = |h: &&&ColumnForm| near.iter().any(|&c| head::is_head(stream, parts[c], h));
            if others.is_empty() || 2 * others.iter().filter(is_there).count() < others.len() {
                return vec![self];
            }
            starts.push(start);
        }
        starts[0] = self.columns.0;
        let ends = starts.iter().skip(1).copied().chain([self.columns.1]);
        starts.iter().zip(ends).map(|(&start, end)| Grid { columns: (start, end), ..self }).collect()
    }

    /// The table that this grid goes on from, by its page and index: the last one of the page before.
    pub(crate) fn predecessor(&self, stream: &Stream<'_>) -> Option<(u32, u32)> {
        if !self.table.continues || self.rows.0 > 0 {
            return None;
        }
        let page = self.page.checked_sub(1)?;
        let blocks = &stream.document.pages[page as usize].blocks;
        let index = blocks.iter().rev().find_map(|b| match b.kind {
            BlockKind::Table(index) => Some(index),
            _ => None,
        })?;
        Some((page, index))
    }

    /// The page and index of the table whose last row this grid has.
    pub(crate) fn to_the_end(self, stream: &Stream<'_>) -> Option<(u32, u32)> {
        let below = (0..self.table.cells.len()).filter(|&c| self.table.cells[c].rows.start >= self.rows.1);
        let empty = below.into_iter().all(|c| self.parts(stream, c).is_empty());
        empty.then_some((self.page, self.index))
    }

    /// True where several cells with text stand under this head, above the first row of the table.
    pub(crate) fn is_parted(&self, parts: &[&[Range<u32>]], head: usize, first_row: u32) -> bool {
        let head = &self.table.cells[head];
        let under = |c: &usize| {
            let cell = &self.table.cells[*c];
            cell.rows.start >= head.rows.end
                && cell.rows.end <= first_row
                && head.columns.start <= cell.columns.start
                && cell.columns.end <= head.columns.end
                && cell.columns.len() < head.columns.len()
        };
        head.columns.len() > 1
            && (0..parts.len()).filter(under).filter(|&c| !parts[c].is_empty()).nth(1).is_some()
    }

    /// True where the first row has words in each of these columns, two at least: the heads of some other table.
    pub(crate) fn begins_with_heads(&self, stream: &Stream<'_>, columns: &[Range<u32>]) -> bool {
        let words = |column: &Range<u32>| {
            let mut cells = (0..self.table.cells.len()).filter(|&c| {
                let cell = &self.table.cells[c];
                cell.rows.start == self.rows.0 && cell.columns == *column
            });
            let parts = cells.next().map_or(&[][..], |c| self.parts(stream, c));
            let chars = || parts.iter().flat_map(|p| stream.chars(p.clone()));
            chars().any(char::is_alphabetic) && !chars().any(|c| c.is_ascii_digit())
        };
        columns.len() >= 2 && columns.iter().all(words)
    }

    /// True for a cell that begins in the rows and columns.
    pub(crate) fn holds(&self, cell: &GridCell) -> bool {
        (self.rows.0..self.rows.1).contains(&cell.rows.start)
            && (self.columns.0..self.columns.1).contains(&cell.columns.start)
    }

    /// The row in which the head of this table begins, if the grid has it.
    fn head_row(&self, stream: &Stream<'_>, form: &TableForm, parts: &[&[Range<u32>]]) -> Option<u32> {
        head::best(std::slice::from_ref(form), |c| parts.iter().any(|p| head::is_head(stream, p, c)))?;
        let heads =
            form.columns.iter().filter_map(|c| parts.iter().position(|p| head::is_head(stream, p, c)));
        heads.map(|c| self.table.cells[c].rows.start).min()
    }

    /// The rows in which the first head of this table stands with half of its others.
    fn rows_of_heads(&self, stream: &Stream<'_>, form: &TableForm, parts: &[&[Range<u32>]]) -> Vec<u32> {
        let mut heads = form.columns.iter().filter(|c| !c.headers.is_empty());
        let Some(lead) = heads.next() else { return Vec::new() };
        let others: Vec<_> = heads.collect();
        let cell = |c: usize| &self.table.cells[c];
        let leads = (0..parts.len()).filter(|&c| head::is_head(stream, parts[c], lead));
        let leads: Vec<usize> = leads.collect();
        leads
            .iter()
            .copied()
            .filter(|&c| {
                let beside = |o: &usize| {
                    cell(*o).columns.start >= cell(c).columns.end
                        && cell(*o).rows.contains(&cell(c).rows.start)
                };
                let near: Vec<usize> = (0..parts.len()).filter(beside).collect();
                let count =
                    others.iter().filter(|h| near.iter().any(|&o| head::is_head(stream, parts[o], h)));
                2 * count.count() >= others.len().max(1)
            })
            .map(|c| self.level(&leads, c).0)
            .collect()
    }

    /// The first and the last row in which one of these heads begins that stand side by side with this one: the first
    /// of them may begin over the others, beside what stands over all of these.
    fn level(&self, heads: &[usize], own: usize) -> (u32, u32) {
        let rows = |c: usize| &self.table.cells[c].rows;
        let beside = |&c: &usize| {
            let columns = &self.table.cells[c].columns;
            let meets = rows(c).start < rows(own).end && rows(own).start < rows(c).end;
            c == own || meets && *columns != self.table.cells[own].columns
        };
        let starts = heads.iter().copied().filter(beside).map(|c| rows(c).start);
        starts.fold((u32::MAX, 0), |(first, last), start| (first.min(start), last.max(start)))
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
    pub(crate) fn all_parts<'s>(&self, stream: &'s Stream<'_>) -> Vec<&'s [Range<u32>]> {
        let cells = self.table.cells.iter().enumerate();
        cells.map(|(c, cell)| if self.holds(cell) { self.parts(stream, c) } else { &[] }).collect()
    }

    /// The lines of a cell, as parts.
    pub(crate) fn parts<'s>(&self, stream: &'s Stream<'_>, cell: usize) -> &'s [Range<u32>] {
        stream.parts_of_cell(self.page, self.index, cell as u32)
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
    )
    .or_else(|| dated::table(stream, grid, tables, &parts, context))?;
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
    let mut placed: Vec<(usize, usize)> = Vec::new();
    for (i, column) in form.columns.iter().enumerate() {
        if placement.columns[i].is_some() || names_rows(stream, grid, &parts, form, column) {
            continue;
        }
        let Some((c, over)) = head_cell(stream, grid, &parts, form, column, &placement) else { continue };
        let cell = &grid.table.cells[c];
        placement.several[i] = is_printed_twice(stream, grid, &parts, (form, i), c);
        placed.push((i, c));
        let mut own = parts[c].to_vec();
        placement.first_row = placement.first_row.max(cell.rows.end);
        if head::is_open(stream, &own) {
            let below = |o: &usize| {
                let next = &grid.table.cells[*o];
                next.columns == cell.columns && next.rows.start >= cell.rows.end && !parts[*o].is_empty()
            };
            let next = (0..parts.len()).filter(below).min_by_key(|&o| grid.table.cells[o].rows.start);
            if let Some(o) = next.filter(|&o| !head::is_open(stream, &[&own[..], parts[o]].concat())) {
                own.extend(parts[o].iter().cloned());
                placement.first_row = placement.first_row.max(grid.table.cells[o].rows.end);
            }
        }
        let said = head::column(stream, &own, context);
        let text = own.iter().filter_map(|p| stream.bbox(p.clone())).reduce(|a, b| a.union(&b));
        placement.heads[i] = text.map(|b| (b.x0, b.x1));
        placement.columns[i] = Some((cell.bbox.x0, cell.bbox.x1, said));
        let over = over.map_or(&[][..], |o| parts[o]);
        heads.insert(column.name.clone(), ledger.take(&[[over, &own].concat()]));
    }
    for (i, c) in placed {
        let number = form.columns[i].kind == ColumnKind::Value && placement.shared[i].is_none();
        placement.several[i] |= number && grid.is_parted(&parts, c, placement.first_row);
    }
    if let Some(cell) = joint::place(stream, grid, &parts, form, context, &mut placement) {
        let text = ledger.take(&[parts[cell]]);
        for &i in &placement.joint {
            heads.insert(form.columns[i].name.clone(), text.clone());
        }
    }
    for (i, column) in form.columns.iter().enumerate() {
        if placement.columns[i].is_some() || column.kind != ColumnKind::Text {
            continue;
        }
        let numbered = |c: usize| Some((c, joint::behind_number(stream, parts[c], column)?));
        let Some((c, (own, edge))) = (0..parts.len()).find_map(numbered) else { continue };
        let cell = &grid.table.cells[c];
        placement.first_row = placement.first_row.max(cell.rows.end);
        placement.columns[i] = Some((cell.bbox.x0, cell.bbox.x1, head::column(stream, &own, context)));
        placement.numbers[i] = Some(edge);
        heads.insert(column.name.clone(), ledger.take(&[own]));
    }
    if let Some((column, text)) = dated::place(stream, grid, form, &parts, &mut placement) {
        heads.insert(form.columns[column].name.clone(), ledger.take(&[text]));
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

/// True for a head of numbers that stands more than once in its row, where no other column of the form is called so.
fn is_printed_twice(
    stream: &Stream<'_>,
    grid: Grid<'_>,
    parts: &[&[Range<u32>]],
    (form, column): (&TableForm, usize),
    cell: usize,
) -> bool {
    let own = &form.columns[column];
    if own.kind != ColumnKind::Value || !own.under.is_empty() || own.right_of.is_some() {
        return false;
    }
    let row = grid.table.cells[cell].rows.start;
    let again = |c: &usize| {
        *c != cell && grid.table.cells[*c].rows.start == row && head::is_head(stream, parts[*c], own)
    };
    let others = || (0..form.columns.len()).filter(|&o| o != column).map(|o| &form.columns[o]);
    (0..parts.len()).filter(again).any(|c| !others().any(|o| head::is_head(stream, parts[c], o)))
}

/// True for a text column whose name stands before the text of each row, under the row of the other heads.
pub(crate) fn names_rows(
    stream: &Stream<'_>,
    grid: Grid<'_>,
    parts: &[&[Range<u32>]],
    form: &TableForm,
    column: &ColumnForm,
) -> bool {
    let Some(lead) = form.columns.iter().find(|c| !c.headers.is_empty()) else { return false };
    let of = |column: &ColumnForm| -> Vec<u32> {
        let cells = (0..parts.len()).filter(|&c| head::is_head(stream, parts[c], column));
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
fn known_rows(stream: &Stream<'_>, parts: &[&[Range<u32>]], table: &TableForm) -> usize {
    let choices: Vec<&[char]> =
        table.columns.iter().flat_map(|c| c.choices.values().flatten()).map(|a| &*a.canonical).collect();
    if choices.is_empty() {
        return 0;
    }
    let known = |parts: &&&[Range<u32>]| {
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
    parts: &[&[Range<u32>]],
    form: &TableForm,
    column: &ColumnForm,
    placement: &Placement,
) -> Option<(usize, Option<usize>)> {
    let left = column.right_of.as_ref().and_then(|l| form.columns.iter().position(|c| c.name == *l));
    let edge = left.and_then(|l| placement.columns[l].as_ref()).map_or(f32::NEG_INFINITY, |c| c.1);
    let beyond = |c: &usize| grid.table.cells[*c].bbox.x0 >= edge - 1.0;
    let mut heads = (0..parts.len()).filter(|&c| head::is_head(stream, parts[c], column)).filter(beyond);
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
                && head::is_one_of(stream, parts[o], &column.under)
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

    /// The first head of the left half begins over the others, that of the right half beside them.
    #[test]
    fn heads_that_stand_twice_side_by_side_head_two_halves() {
        let form = r#"
            id = "uses"
            title = "費目・使途"
            [[section]]
            id = "uses"
            headings = ["費目・使途"]
            [[section.table]]
            name = "uses"
            [[section.table.column]]
            name = "expense"
            type = "text"
            headers = ["費目"]
            [[section.table.column]]
            name = "use"
            type = "text"
            headers = ["使途"]
            [[section.table.column]]
            name = "amount"
            type = "value"
            headers = ["金額"]
        "#;
        let rows = [
            ["費目", "使途", "金額", "費目", "使途", "金額"],
            ["人件費", "相談員", "322", "人件費", "研究員", "14"],
            ["旅費", "研修旅費", "0.4", "印刷費", "報告書", "1.5"],
            ["計", "", "322.4", "計", "", "15.5"],
        ];
        let page = Page::default().text(30.0, 30.0, "費目・使途");
        let page = page.text(120.0, 60.0, "Ａ").text(430.0, 60.0, "Ｂ");
        let xs = [30.0, 120.0, 230.0, 320.0, 410.0, 520.0];
        let page = rows.iter().zip([74.0, 92.0, 110.0, 128.0]).fold(page, |page, (row, y)| {
            let printed = row.iter().zip(xs).filter(|(text, _)| !text.is_empty());
            printed.fold(page, |page, (text, x)| page.text(x, y, text))
        });
        let sheet = crate::page_maker::sheet_of(form, &[page]);
        let told: Vec<[&str; 2]> = crate::page_maker::texts(&sheet, "uses", ["expense", "amount"]);
        let left = rows[1..].iter().map(|r| [r[0], r[2]]);
        let right = rows[1..].iter().map(|r| [r[3], r[5]]);
        assert_eq!(told, left.chain(right).collect::<Vec<_>>());
    }
}
