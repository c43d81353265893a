//! Which piece is of which cell: a search over the ways in which a table can have been written as text.
//!
//! Dumps write the cells of a table row by row, column by column, or by blocks of cells that are near each
//! other; within a column, the order is that of the page. So a reading is a column for each piece, and its row
//! is the next one of that column. Each reading has a cost, in natural logarithms of odds: the steps from cell
//! to cell that are not to the right, down, or to the next row; line ends taken for the end of a cell; cells
//! of one column that are unlike each other; rows whose numbers are; a line that breaks where another one of its
//! column goes on; a number that does not count. The heads are read along, as a row above the first one: what stands
//! behind a head is below it, or below those beside it. The tables of a section are read together,
//! for some dumps write the heads of all of them first. The best readings are kept, and a piece is
//! as sure as the share of the weight of those that agree on it.

mod cost;

use super::likeness::kind_cost;
use super::line_end::{Blanks, break_cost, goes_on, join_cost};
use super::order;
use super::piece::{Kind, Piece};
use super::step::{Before, HEAD, Shape};
use crate::form::ColumnKind;

/// Readings that are kept at each piece.
const BEAM: usize = 240;

/// What a reading may cost more than the best one and be kept.
const MOST_ABOVE: f64 = 14.0;

/// A reading that costs no more than this for each piece is not doubted.
const CLEAN: f64 = 0.4;

/// Cost of columns that are printed in another order than the form's.
const ORDER: f64 = 2.0;

/// How much surer the best reading is than its cost alone says: the steps of one table are of a kind, so that
/// an odd one among them is rarer than the same step in another table.
const SHARPNESS: f64 = 1.6;

/// Cost of a step that begins a row as the row before it began.
const REPEATED: f64 = 0.3;

/// Cost of a cell that stands behind the heads of another table.
const AWAY: f64 = 2.5;

/// Cost of a line that breaks too early: for each part of the line by which it does, from a slack on (characters
/// differ in width), and at most.
const WIDTH: f64 = 24.0;
const WIDTH_SLACK: f32 = 1.04;
const WIDTH_MOST: f64 = 5.0;

/// Cost of a column that is written before its head.
const ABOVE_HEAD: f64 = 2.0;

/// A table with more pieces than this is not read.
const MOST_PIECES: usize = 200;

/// The cell of a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Label {
    /// Index into the columns of the shape.
    pub(super) column: usize,
    /// The first row of the cell.
    pub(super) row: usize,
    /// The piece begins its cell.
    pub(super) opens: bool,
}

/// The best reading.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub(super) labels: Vec<Label>,
    /// For each piece, how sure its label is, from 0 to 1.
    pub(super) sure: Vec<f64>,
    /// For each piece, how sure its table is.
    pub(super) of_table: Vec<f64>,
    /// The number of rows of each table.
    pub(super) rows: Vec<usize>,
    /// Cost for each piece.
    pub(super) strain: f64,
    /// The same, of each table alone.
    pub(super) strains: Vec<f64>,
}

impl Reading {
    /// The number of cells of a column that have text.
    pub(super) fn count(&self, column: usize) -> usize {
        self.labels.iter().filter(|l| l.opens && l.row != HEAD && l.column == column).count()
    }

    /// The pieces of a cell.
    pub(super) fn cell(&self, row: usize, column: usize) -> impl Iterator<Item = usize> + '_ {
        self.labels
            .iter()
            .enumerate()
            .filter(move |(_, l)| (l.row, l.column) == (row, column))
            .map(|(i, _)| i)
    }
}

#[derive(Clone)]
struct State {
    cost: f64,
    /// The number of cells of each column, blank ones with them.
    next: Vec<usize>,
    labels: Vec<Label>,
    /// What is known of the width of each column.
    measures: Vec<Measure>,
}

/// The widest line of a column, and the least of what did not fit on one.
#[derive(Clone, Copy)]
struct Measure {
    widest: f32,
    least: f32,
}

impl Measure {
    const NONE: Self = Self { widest: 0.0, least: f32::INFINITY };

    /// How odd it is that a line broke where another one goes on.
    fn strain(self) -> f64 {
        (WIDTH * f64::from(self.widest / self.least - WIDTH_SLACK)).clamp(0.0, WIDTH_MOST)
    }

    fn with_line(self, width: f32) -> Self {
        Self { widest: self.widest.max(width), ..self }
    }

    fn with_wrap(self, room: f32) -> Self {
        Self { least: self.least.min(room), ..self }
    }
}

impl State {
    /// First and last pieces of the cells of a text column, in order.
    fn cells(&self, column: usize) -> Vec<(usize, usize)> {
        let mut out: Vec<(usize, usize)> = Vec::new();
        for (i, label) in self.labels.iter().enumerate().filter(|(_, l)| l.column == column && l.row != HEAD)
        {
            match out.last_mut() {
                Some(last) if !label.opens => last.1 = i,
                _ => out.push((i, i)),
            }
        }
        out
    }
}

/// A table's columns, in the order of the form, and its pieces in reading order.
struct Search<'a> {
    shape: &'a Shape,
    pieces: &'a [Piece],
    /// Cost of going on, and of beginning a cell, with each piece.
    joins: Vec<f64>,
    breaks: Vec<f64>,
    /// For each piece, the columns whose heads stand before it.
    heads: Vec<Vec<bool>>,
    /// The columns that have heads.
    headed: Vec<bool>,
}

/// The best reading of these pieces; none where there is nothing to read, or too much.
///
/// The tables of a section are first read together, then each one alone with the pieces that are its own: so
/// the doubts about one do not crowd out those about another.
pub(super) fn read(shape: &Shape, pieces: &[Piece]) -> Option<Reading> {
    let printed = order::printed(shape, pieces);
    let as_in_form = printed.as_ref().is_none_or(|order| order.is_sorted());
    let mut best = read_tables(shape, pieces)?;
    if best.strain <= CLEAN && as_in_form {
        return Some(best);
    }
    let mut others: Vec<(Vec<usize>, f64)> = Vec::new();
    match printed {
        Some(order) if !as_in_form => {
            best.strain += ORDER / cells(pieces);
            others.push((order, 0.0));
        }
        Some(_) => {}
        None => others.extend(shape.orders().into_iter().map(|order| (order, ORDER))),
    }
    for (order, cost) in others {
        let Some(mut other) = read_in(shape, pieces, &order) else { continue };
        other.strain += cost / cells(pieces);
        let odds = SHARPNESS * (best.strain - other.strain) * cells(pieces);
        if odds > 0.0 {
            std::mem::swap(&mut best, &mut other);
        }
        let share = 1.0 / (1.0 + (-odds.abs()).exp());
        for i in 0..pieces.len() {
            best.sure[i] *= share;
            if best.labels[i] == other.labels[i] {
                best.sure[i] += other.sure[i] * (1.0 - share);
            }
        }
    }
    Some(best)
}

/// The best reading where the columns stand in another order.
fn read_in(shape: &Shape, pieces: &[Piece], order: &[usize]) -> Option<Reading> {
    let moved = |c: usize| order.iter().position(|&o| o == c).unwrap_or(c);
    let again: Vec<Piece> = pieces.iter().map(|p| p.under(moved)).collect();
    let mut reading = read_tables(&shape.reordered(order), &again)?;
    for label in &mut reading.labels {
        label.column = order[label.column];
    }
    Some(reading)
}

fn read_tables(shape: &Shape, pieces: &[Piece]) -> Option<Reading> {
    let mut reading = read_together(shape, pieces)?;
    if shape.tables.len() < 2 {
        return Some(reading);
    }
    let mut cost = 0.0;
    for table in 0..shape.tables.len() {
        let start = shape.tables[table].columns.start;
        let own: Vec<usize> =
            (0..pieces.len()).filter(|&i| shape.columns[reading.labels[i].column].table == table).collect();
        let alone: Vec<Piece> =
            own.iter().map(|&i| Piece { home: 0, ..pieces[i].under(|c| c - start) }).collect();
        let Some(second) = read_together(&shape.only(table), &alone) else { continue };
        for (k, &i) in own.iter().enumerate() {
            let label = second.labels[k];
            reading.labels[i] = Label { column: start + label.column, ..label };
            reading.sure[i] = reading.of_table[i] * second.sure[k];
        }
        reading.strains[table] = second.strain;
        reading.rows[table] = second.rows.first().copied().unwrap_or(0);
        cost += second.strain * cells(&alone);
    }
    reading.strain = cost / cells(pieces);
    Some(reading)
}

/// The number of pieces that are no heads.
fn cells(pieces: &[Piece]) -> f64 {
    pieces.iter().filter(|p| !p.is_head()).count().max(1) as f64
}

fn read_together(shape: &Shape, pieces: &[Piece]) -> Option<Reading> {
    if pieces.iter().all(Piece::is_head) || pieces.len() > MOST_PIECES || shape.columns.is_empty() {
        return None;
    }
    let blanks = Blanks::of(pieces);
    let joins = (0..pieces.len()).map(|i| join_cost(pieces, i, blanks)).collect();
    let breaks = (0..pieces.len()).map(|i| break_cost(pieces, i, blanks)).collect();
    let mut seen = vec![false; shape.columns.len()];
    let mut heads = Vec::with_capacity(pieces.len());
    for piece in pieces {
        heads.push(seen.clone());
        if let Kind::Head(column) = piece.kind {
            shape.heads_of(column).for_each(|c| seen[c] = true);
        }
    }
    let search = Search { shape, pieces, joins, breaks, heads, headed: seen };
    let mut beam = vec![State {
        cost: 0.0,
        next: vec![0; shape.columns.len()],
        labels: Vec::new(),
        measures: vec![Measure::NONE; shape.columns.len()],
    }];
    for i in 0..pieces.len() {
        let mut all: Vec<State> = beam.iter().flat_map(|s| search.successors(s, i)).collect();
        all.sort_by(|a, b| a.cost.total_cmp(&b.cost));
        all.truncate(BEAM);
        let worst = all.first().map_or(0.0, |best| best.cost + MOST_ABOVE);
        all.truncate(all.partition_point(|s| s.cost <= worst));
        beam = all;
    }
    for state in &mut beam {
        state.cost += search.finish(state);
    }
    beam.sort_by(|a, b| a.cost.total_cmp(&b.cost));
    let best = beam.first()?;
    let weight = |s: &State| (SHARPNESS * (best.cost - s.cost)).exp();
    let total: f64 = beam.iter().map(weight).sum();
    let sure = (0..pieces.len())
        .map(|i| beam.iter().filter(|s| s.labels[i] == best.labels[i]).map(weight).sum::<f64>() / total)
        .collect();
    let table = |l: &Label| shape.columns[l.column].table;
    let of_table = (0..pieces.len())
        .map(|i| {
            let agree = beam.iter().filter(|s| table(&s.labels[i]) == table(&best.labels[i]));
            agree.map(weight).sum::<f64>() / total
        })
        .collect();
    Some(Reading {
        of_table,
        labels: best.labels.clone(),
        sure,
        rows: (0..shape.tables.len()).map(|table| search.rows(best, table)).collect(),
        strains: vec![best.cost / cells(pieces); shape.tables.len()],
        strain: best.cost / cells(pieces),
    })
}

impl Search<'_> {
    fn successors(&self, state: &State, i: usize) -> Vec<State> {
        let mut out = Vec::new();
        let last = state.labels.last().copied();
        if let Kind::Head(column) = self.pieces[i].kind {
            let mut next = state.clone();
            next.labels.push(Label { column, row: HEAD, opens: true });
            return vec![next];
        }
        let heads = &self.heads[i];
        for (to, cost) in self.open_cells(state, i) {
            let kind = match self.pieces[i].kind {
                Kind::Text => 0.0,
                Kind::Actor(_) => 20.0,
                Kind::Period => 2.5,
                Kind::Figure { .. } | Kind::Broken | Kind::Head(_) => 4.0,
            };
            let table = self.shape.columns[to.column].table;
            let home = if self.pieces[i].home == table { 0.0 } else { AWAY };
            let mut next = state.clone();
            next.cost += cost + kind + home + self.first_column(i, to.column);
            next.cost += self.wrap(&mut next.measures[to.column], &next.labels, i, to);
            next.labels.push(Label { opens: false, ..to });
            out.push(next);
        }
        for column in 0..self.shape.columns.len() {
            let Some(kind) = kind_cost(self.shape.columns[column].kind, &self.pieces[i]) else { continue };
            // Which rows a date stands beside is not told by its place among the dates.
            let most = if self.shape.columns[column].kind == ColumnKind::Period { 1 } else { 3 };
            for skipped in 0..most {
                let n = state.next[column] + skipped;
                let Some(row) = self.shape.row(column, n) else { continue };
                let blank = skipped as f64 * self.shape.columns[column].blank;
                let cell = |l: &Label| (l.row, l.column);
                let table = self.shape.columns[column].table;
                let own = state.labels.iter().rev().find(|l| self.shape.columns[l.column].table == table);
                let before = Before { cells: &state.next, heads };
                let mut step = self.shape.step(last.as_ref().map(cell), own.map(cell), (row, column), before);
                if step > REPEATED && self.repeats(state, table, (row, column)) {
                    step = REPEATED;
                }
                if let Some(last) = last.filter(|_| self.pieces[i].same_line) {
                    step += self.on_line(last, (row, column), &state.next);
                }
                let home = if self.pieces[i].home == table { 0.0 } else { AWAY };
                let ends = self.pieces[i].kind == Kind::Text
                    && last.is_some_and(|l| l.row != HEAD)
                    && (self.pieces[i].same_line
                        || last.is_some_and(|l| self.shape.columns[l.column].kind == ColumnKind::Text));
                let mut next = state.clone();
                next.cost += kind + blank + step + home + self.first_column(i, column);
                if ends {
                    next.cost += self.breaks[i];
                }
                if self.headed[column] && !heads[column] && state.next[column] == 0 {
                    next.cost += ABOVE_HEAD;
                }
                next.next[column] = n + 1;
                next.labels.push(Label { column, row, opens: true });
                next.cost += self.line(&mut next.measures[column], i);
                next.cost += self.number(&next, i, row, column)
                    + self.likeness(&next, i, column)
                    + self.pair(&next, i, row, column);
                out.push(next);
            }
        }
        out
    }

    /// The cells of text that this piece may go on with, and what that costs: the one of the piece before, and
    /// one that a number or a line of another column was written into.
    fn open_cells(&self, state: &State, i: usize) -> Vec<(Label, f64)> {
        let text = |l: &Label| self.shape.columns[l.column].kind == ColumnKind::Text;
        let mut out = Vec::new();
        let mut columns: Vec<usize> = Vec::new();
        for (back, label) in state.labels.iter().rev().enumerate().take(3) {
            if label.row == HEAD {
                break;
            }
            let written_into =
                matches!(self.shape.columns[label.column].kind, ColumnKind::Text | ColumnKind::Value);
            if !written_into {
                break;
            }
            if columns.contains(&label.column) || !text(label) {
                columns.push(label.column);
                continue;
            }
            columns.push(label.column);
            let before = i - 1 - back;
            if back == 0 {
                out.push((*label, self.joins[i] + self.stranger(state, i, label)));
            } else if !self.pieces[before + 1..=i].iter().any(|p| p.opens_block) {
                let goes_on = goes_on(&self.pieces[before], &self.pieces[i]);
                let odd = match (self.pieces[before + 1..=i].iter().any(|p| p.same_line), goes_on) {
                    (true, true) => 0.3,
                    (true, false) => 3.0,
                    (false, true) => 1.8,
                    (false, false) => 3.4,
                };
                // What is written into the lines of a text stands next to it.
                let last = state.labels.last();
                let apart = last.map_or(0.0, |l| {
                    if self.pieces[i].same_line {
                        self.on_line(*l, (label.row, label.column), &state.next)
                    } else {
                        self.over_number(*l, (label.row, label.column), &state.next)
                    }
                });
                out.push((*label, odd + apart));
            }
        }
        out
    }
}
