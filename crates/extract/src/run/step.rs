//! What a step from one cell of a table to the next one costs, in natural logarithms of odds.

use std::ops::Range;

use crate::form::ColumnKind;

/// Going on in another table of the section.
const OTHER_TABLE: f64 = 1.5;

/// A column of a table that is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct ReadColumn {
    /// Index into the tables of the shape.
    pub table: usize,
    pub kind: ColumnKind,
    /// Its cells stand beside several rows each: those of a group.
    pub grouped: bool,
    /// Cost of a cell that is not there.
    pub blank: f64,
}

/// A table that is read.
#[derive(Clone, Debug)]
pub(super) struct ReadTable {
    /// Its columns, from left to right, among those of the shape.
    pub columns: Range<usize>,
    /// The first row of each group; empty where no column is grouped.
    pub groups: Vec<usize>,
    /// The number of rows, where something tells it.
    pub rows: Option<usize>,
}

/// The tables of a text, and their columns.
#[derive(Clone, Debug, Default)]
pub(super) struct Shape {
    pub columns: Vec<ReadColumn>,
    pub tables: Vec<ReadTable>,
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
        if groups.is_empty() { row } else { groups.partition_point(|&g| g <= row).saturating_sub(1) }
    }

    /// True for the first column of its table.
    pub(super) fn is_first(&self, column: usize) -> bool {
        self.tables[self.columns[column].table].columns.start == column
    }

    /// True when the cell of this column beside `row` is written, with `next` cells in it.
    fn written(&self, column: usize, row: usize, next: usize) -> bool {
        if self.columns[column].grouped { self.group(column, row) < next } else { row < next }
    }

    /// The cost of the step to a cell (row and column), with `next` cells written in each column. `last` is
    /// the cell before; `own`, the last one of the same table.
    pub(super) fn step(
        &self,
        last: Option<(usize, usize)>,
        own: Option<(usize, usize)>,
        to: (usize, usize),
        next: &[usize],
    ) -> f64 {
        let same = last.is_none_or(|(_, c)| self.columns[c].table == self.columns[to.1].table);
        let other = if same { 0.0 } else { OTHER_TABLE };
        let (row, column) = to;
        let first = || if self.is_first(column) { 0.0 } else { 1.5 } + row as f64;
        other + own.map_or_else(first, |own| self.within(own, to, next))
    }

    /// The cost of the step from one cell to another one of the same table.
    fn within(&self, (r, c): (usize, usize), (row, column): (usize, usize), next: &[usize]) -> f64 {
        let kind = |c: usize, kind| self.columns[c].kind == kind;
        let grouped = |c: usize| self.columns[c].grouped;
        let group = |row: usize| self.group(column, row);
        let beside = if grouped(c) || grouped(column) { group(r) == group(row) } else { r == row };
        if beside && column != c {
            let both = |k| kind(c, k) && kind(column, k);
            return match column.checked_sub(c) {
                Some(_) if (c + 1..column).all(|i| self.written(i, row, next[i])) => 0.1,
                // Cells of one height stand from left to right.
                None if both(ColumnKind::Value) => 3.5,
                None if both(ColumnKind::Text) && !grouped(c) => 2.5,
                None if grouped(c) => 0.8,
                // What an actor does follows its name, or those of other actors.
                None if kind(c, ColumnKind::Actor) => 2.5,
                // A cell between them comes later, or is blank.
                _ => 1.2,
            };
        }
        let down = if grouped(c) { group(row) == group(r) + 1 } else { row == r + 1 };
        if down && column == c {
            return 0.5;
        }
        let columns = self.tables[self.columns[column].table].columns.clone();
        let pending = |i: usize| grouped(i) && group(r) == group(row);
        let complete = columns.clone().all(|i| pending(i) || self.written(i, r, next[i]));
        if down && complete {
            let first = columns.clone().find(|&i| !pending(i) && !self.written(i, row, next[i]));
            return if first == Some(column) { 0.1 } else { 1.0 };
        }
        // From the last column back into a block of columns whose left neighbours are written already.
        let filled = (columns.start..column).all(|i| pending(i) || self.written(i, row, next[i]));
        if down && column < c && filled {
            let text = kind(c, ColumnKind::Text) && c + 1 == columns.end;
            return if text { 0.9 } else { 3.5 };
        }
        // To the top of another column.
        if row < r && column == c + 1 {
            return 1.0;
        }
        match (row <= r, column < c) {
            (true, false) => 2.0,
            (true, true) if kind(c, ColumnKind::Value) && kind(column, ColumnKind::Value) => 4.5,
            (true, true) => 2.5,
            _ => 3.0,
        }
    }
}
