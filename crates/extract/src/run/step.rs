//! What a step from one cell of a table to the next one costs, in natural logarithms of odds.

use std::ops::Range;

use crate::form::ColumnKind;

/// Going on in another table of the section.
const OTHER_TABLE: f64 = 1.5;
/// Going on along a row of texts where the column before was written down alone.
const RAN_DOWN: f64 = 0.8;

/// Going on to the right over a number that is not written yet, from a number or to one, and from text to text.
const OVER_NUMBER: f64 = 3.4;
const OVER_NUMBERS: f64 = 1.8;

/// The row of the heads.
pub(super) const HEAD: usize = usize::MAX;

/// What is written before a piece.
#[derive(Clone, Copy)]
pub(super) struct Before<'a> {
    /// The cells of each column.
    pub(super) cells: &'a [usize],
    /// For each column, whether its head is printed, and stands before the piece.
    pub(super) heads: &'a [bool],
}

/// What an actor does, before its name.
const UNNAMED: f64 = 2.0;

/// A column of a table that is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct ReadColumn {
    /// Index into the tables of the shape.
    pub(super) table: usize,
    pub(super) kind: ColumnKind,
    /// Its cells stand beside several rows each: those of a group.
    pub(super) grouped: bool,
    /// It has no head of its own: it stands under that of the column before it.
    pub(super) beside: bool,
    /// Cost of a cell that is not there.
    pub(super) blank: f64,
    /// It says what an actor does: its texts are of no one kind.
    pub(super) of_actor: bool,
}

/// A table that is read.
#[derive(Clone, Debug)]
pub(super) struct ReadTable {
    /// Its columns, from left to right, among those of the shape.
    pub(super) columns: Range<usize>,
    /// The first row of each group; empty where no column is grouped.
    pub(super) groups: Vec<usize>,
    /// The number of rows, where something tells it.
    pub(super) rows: Option<usize>,
}

/// The tables of a text, and their columns.
#[derive(Clone, Debug, Default)]
pub(super) struct Shape {
    pub(super) columns: Vec<ReadColumn>,
    pub(super) tables: Vec<ReadTable>,
}

impl Shape {
    /// One of the tables alone.
    pub(super) fn only(&self, table: usize) -> Self {
        let ReadTable { columns, groups, rows } = self.tables[table].clone();
        Self {
            columns: self.columns[columns.clone()].iter().map(|c| ReadColumn { table: 0, ..*c }).collect(),
            tables: vec![ReadTable { columns: 0..columns.len(), groups, rows }],
        }
    }

    /// Other orders in which the columns may be printed: a text behind the numbers that stands before them.
    pub(super) fn orders(&self) -> Vec<Vec<usize>> {
        let mut out = Vec::new();
        for table in &self.tables {
            let value = |c: usize| self.columns[c].kind == ColumnKind::Value;
            let Some(first) = table.columns.clone().find(|&c| value(c)) else { continue };
            let Some(last) = table.columns.clone().next_back().filter(|&c| !value(c) && c > first) else {
                continue;
            };
            let mut order: Vec<usize> = (0..self.columns.len()).collect();
            order.remove(last);
            order.insert(first, last);
            out.push(order);
        }
        out
    }

    /// The shape with its columns in another order.
    pub(super) fn reordered(&self, order: &[usize]) -> Self {
        Self { columns: order.iter().map(|&c| self.columns[c]).collect(), tables: self.tables.clone() }
    }

    /// The first row of the n-th cell of a column; none where there is no such row.
    pub(super) fn row(&self, column: usize, n: usize) -> Option<usize> {
        let table = &self.tables[self.columns[column].table];
        if self.columns[column].grouped {
            table.groups.get(n).copied()
        } else {
            table.rows.is_none_or(|rows| n < rows).then_some(n)
        }
    }

    /// The group of a row of a column's table.
    pub(super) fn group(&self, column: usize, row: usize) -> usize {
        let groups = &self.tables[self.columns[column].table].groups;
        if groups.is_empty() || row == HEAD {
            row
        } else {
            groups.partition_point(|&g| g <= row).saturating_sub(1)
        }
    }

    /// The columns that a head stands over: its own one, and those beside it that have none.
    pub(super) fn heads_of(&self, column: usize) -> impl Iterator<Item = usize> + '_ {
        let end = self.tables[self.columns[column].table].columns.end;
        (column..end).take_while(move |&c| c == column || self.columns[c].beside)
    }

    /// True for the first column of its table.
    pub(super) fn is_first(&self, column: usize) -> bool {
        self.tables[self.columns[column].table].columns.start == column
    }

    /// True when the cell of this column beside `row` is written.
    fn written(&self, column: usize, row: usize, before: Before<'_>) -> bool {
        if row == HEAD {
            return before.heads[column];
        }
        let next = before.cells[column];
        if self.columns[column].grouped { self.group(column, row) < next } else { row < next }
    }

    /// False where a cell has no head of its own, and what it stands beside is not written yet.
    fn named(&self, column: usize, row: usize, before: Before<'_>) -> bool {
        !self.columns[column].beside || column == 0 || self.written(column - 1, row, before)
    }

    /// True where the column to the left of this one was written down to rows below this one before: the others of the
    /// table are hardly written row by row.
    fn ran_down(&self, column: usize, row: usize, before: Before<'_>) -> bool {
        let columns = self.tables[self.columns[column].table].columns.start..column;
        row != HEAD
            && columns.rev().find(|&i| !self.columns[i].grouped).is_some_and(|i| before.cells[i] > row + 1)
    }

    /// The cost of the step to a cell (row and column), after what is written `before`. `last` is
    /// the cell before; `own`, the last one of the same table.
    pub(super) fn step(
        &self,
        last: Option<(usize, usize)>,
        own: Option<(usize, usize)>,
        to: (usize, usize),
        before: Before<'_>,
    ) -> f64 {
        let same = last.is_none_or(|(_, c)| self.columns[c].table == self.columns[to.1].table);
        let other = if same { 0.0 } else { OTHER_TABLE };
        let (row, column) = to;
        let first = || if self.is_first(column) { 0.0 } else { 1.5 } + row as f64;
        let unnamed = if self.named(column, row, before) { 0.0 } else { UNNAMED };
        other + unnamed + own.map_or_else(first, |own| self.within(own, to, before))
    }

    /// The cost of the step from one cell to another one of the same table.
    fn within(&self, (r, c): (usize, usize), (row, column): (usize, usize), before: Before<'_>) -> f64 {
        let kind = |c: usize, kind| self.columns[c].kind == kind;
        let grouped = |c: usize| self.columns.get(c).is_some_and(|c| c.grouped);
        let group = |row: usize| self.group(column, row);
        let beside = if grouped(c) || grouped(column) { group(r) == group(row) } else { r == row };
        if beside && column != c {
            let both = |k| kind(c, k) && kind(column, k);
            let complete = !grouped(c)
                && (c..self.tables[self.columns[c].table].columns.end).all(|i| self.written(i, r, before));
            return match column.checked_sub(c) {
                _ if !self.named(column, row, before) => 0.5,
                Some(_) if (c + 1..column).all(|i| self.written(i, row, before)) => {
                    if both(ColumnKind::Text) && self.ran_down(c, row, before) { RAN_DOWN } else { 0.1 }
                }
                // Cells of one height stand from left to right.
                None if both(ColumnKind::Value) => 3.5,
                None if kind(c, ColumnKind::Actor) => 2.5,
                // A cell that is several rows high stands beside any of them.
                _ if grouped(c) != grouped(column) && (grouped(c) || complete) => 0.9,
                None if both(ColumnKind::Text) && !grouped(c) => 2.5,
                None if grouped(c) => 0.8,
                None if kind(column, ColumnKind::Actor) => 3.0,
                // A cell between them comes later, or is blank. Numbers stand next to each other and to the texts beside them,
                // as a rule.
                Some(_)
                    if (c + 1..column)
                        .any(|i| kind(i, ColumnKind::Value) && !self.written(i, row, before)) =>
                {
                    if both(ColumnKind::Text) { OVER_NUMBERS } else { OVER_NUMBER }
                }
                _ => 1.2,
            };
        }
        let both_values = kind(c, ColumnKind::Value) && kind(column, ColumnKind::Value);
        let down = if grouped(c) { group(row) == group(r).wrapping_add(1) } else { row == r.wrapping_add(1) };
        // What is left out on the way is paid for as blank cells.
        if column == c && (down || both_values && r != HEAD && row > r) {
            return 0.5;
        }
        let columns = self.tables[self.columns[column].table].columns.clone();
        let pending = |i: usize| grouped(i) && group(r) == group(row);
        let complete = columns.clone().all(|i| pending(i) || self.written(i, r, before));
        if down && complete {
            let first = columns.clone().find(|&i| !pending(i) && !self.written(i, row, before));
            let texts = kind(c, ColumnKind::Text) && kind(column, ColumnKind::Text);
            // Where names were written one by one, so were the numbers beside them, or line by line.
            let by_row = column == columns.start || grouped(c) || !both_values || r == HEAD;
            return match first {
                Some(first) if first == column && texts && self.ran_down(column, row, before) => RAN_DOWN,
                Some(first) if first == column && by_row => 0.1,
                Some(first) if first == column => 3.0,
                _ => 1.0,
            };
        }
        // Back to the first of a block of columns whose left neighbours are written already, or to a new row.
        let filled = (columns.start..column).all(|i| pending(i) || self.written(i, row, before));
        if down && column < c && filled {
            let text = (column..=c).all(|i| kind(i, ColumnKind::Text));
            // The cells beside the rows of a group are a block of their own.
            let block = grouped(c) && (column..c).all(grouped) && !grouped(c + 1);
            return if block || r == HEAD {
                0.4
            } else if text && c + 1 == columns.end {
                0.9
            } else if text || column == columns.start {
                1.5
            } else if both_values {
                4.0
            } else {
                3.0
            };
        }
        // The first cells of the next group before the last ones of this one, and back to those.
        if r != HEAD && grouped(c) != grouped(column) {
            let (from, to) = (group(r), group(row));
            if grouped(column) && to == from + 1 || grouped(c) && from == to + 1 {
                return 1.5;
            }
        }
        // To the top of another column.
        let below_heads = r != HEAD;
        if below_heads && row < r && column == c + 1 {
            return 1.0;
        }
        match (below_heads && row <= r, column < c) {
            (true, false) => 2.0,
            (true, true) if kind(c, ColumnKind::Value) && kind(column, ColumnKind::Value) => 4.5,
            (true, true) => 3.2,
            _ => 3.0,
        }
    }
}
