//! Whether a number of a reading is that of its row and its column.

use super::{Maker, SURE_VALUE, SURE_VALUE_AT_EASE, sure_of};
use crate::form::ColumnKind;
use crate::paragraph::Opener;
use crate::run::line_end::goes_on;
use crate::run::piece::{Kind, Piece};
use crate::run::reading;
use crate::run::step::{HEAD, ReadTable};

/// The most that it may cost where its numbers are to be believed.
const VALUE_STRAIN: f64 = 0.86;

/// Dates one after the other that are a column.
const RUN: usize = 3;

/// Characters of an enumerator that stands alone, at most.
const ENUMERATOR: usize = 2;

/// What clauses of reason and purpose end with, and no name.
const CLAUSES: [&str; 2] = ["ため", "から"];

impl Maker<'_, '_, '_> {
    /// True where nothing speaks against it that the number in this row and column is theirs.
    pub(super) fn tells_number(&self, row: usize, column: usize) -> bool {
        let of = self.shape.columns[column].table;
        let table = &self.shape.tables[of];
        let (named, rows) = (table.columns.start, self.reading.rows[of]);
        let tied = self.tied(row, table);
        self.is_of_table(of)
            && self.is_home((row, column), named, of)
            && self.counted(row, table)
            && self.alike(row, table)
            && !self.beneath_name(row, table)
            && (tied || !self.in_cards(table) && !self.unsure[of])
            && !self.broken(row, table)
            && self.of_numbers(row, table)
            && !self.backwards(row, rows, table)
            && !self.of_blocks(row, rows, table)
            && self.is_named(row, named)
    }

    /// True where nothing speaks against it that the texts of a table stand beside its dates.
    pub(super) fn tells_text(&self, table: usize) -> bool {
        !self.at_half_height(table) && !self.of_runs(table)
    }

    /// True when some dates of a table stand on the line of their text, and one stands alone above a single line: then dates
    /// stand at half the height of their rows, and what is written below one may be of the next one.
    fn at_half_height(&self, table: usize) -> bool {
        let own = |i: usize| {
            let label = self.reading.labels[i];
            label.row != HEAD && self.shape.columns[label.column].table == table
        };
        let same_line = |i: usize| self.pieces.get(i).is_some_and(|p| p.same_line);
        let shares = |i: usize| same_line(i) || same_line(i + 1);
        let dates: Vec<usize> =
            (0..self.pieces.len()).filter(|&i| own(i) && self.pieces[i].kind == Kind::Period).collect();
        dates.iter().any(|&i| shares(i)) && dates.windows(2).any(|w| !shares(w[0]) && w[1] == w[0] + 2)
    }

    /// True when the dates of a table were written one after the other, and a text beside them not in as many pieces: which of
    /// these are of one row is a guess.
    fn of_runs(&self, table: usize) -> bool {
        let columns = || self.shape.tables[table].columns.clone();
        let of = |column: usize| {
            let labels = self.reading.labels.iter().enumerate();
            labels.filter(move |(_, l)| l.column == column && l.row != HEAD).map(|(i, _)| i)
        };
        let kind = |c: usize| self.shape.columns[c].kind;
        let in_run = |column: usize| {
            let places: Vec<usize> = of(column).collect();
            places.windows(RUN).any(|w| w[RUN - 1] - w[0] == RUN - 1)
        };
        columns().any(|c| kind(c) == ColumnKind::Period && in_run(c))
            && columns().any(|c| {
                let firm = of(c).filter(|&i| i == 0 || !goes_on(&self.pieces[i - 1], &self.pieces[i]));
                let lines = firm.clone().count();
                let blocks = firm.filter(|&i| self.pieces[i].opens_block).count();
                let rows = self.reading.rows[table];
                kind(c) == ColumnKind::Text && lines != rows && blocks != rows
            })
    }

    /// True where the table was read well, and lacks no text: which one that is may be a guess.
    fn is_of_table(&self, table: usize) -> bool {
        let texts = self.shape.tables[table].columns.clone();
        let mut texts = texts.filter(|&c| self.shape.columns[c].kind == ColumnKind::Text);
        self.reading.strains[table] <= VALUE_STRAIN
            && !self.torn[table]
            && !self.above_heads
            && !self.doubted[table]
            && texts.all(|c| self.reading.count(c) == self.reading.rows[table])
    }

    /// False for a number behind the heads of another table, or whose name is: it may be none of this one.
    fn is_home(&self, (row, column): (usize, usize), named: usize, table: usize) -> bool {
        let mut own = self.reading.cell(row, column).chain(self.reading.cell(row, named));
        own.all(|i| self.pieces[i].home == table)
    }

    /// Where a number is missing, those of a row are as sure as the least sure one of them.
    fn alike(&self, row: usize, table: &ReadTable) -> bool {
        let counts = || self.values(table).map(|c| self.reading.count(c));
        let sure = |i: usize| self.reading.sure[i] >= SURE_VALUE_AT_EASE;
        counts().max() == counts().min() || self.values(table).all(|c| self.reading.cell(row, c).all(sure))
    }

    /// True where what it is the number of is sure, and is a name: no enumerator, no sentence, no clause, no remark.
    fn is_named(&self, row: usize, column: usize) -> bool {
        let texts = || self.reading.cell(row, column).map(|i| self.pieces[i].text.as_str());
        let letters: usize = texts().map(|text| text.chars().count()).sum();
        let other = |text: &str| {
            text.contains('。') || text.starts_with('※') || CLAUSES.iter().any(|c| text.ends_with(c))
        };
        sure_of(self.reading, self.pieces, row, column) >= SURE_VALUE
            && self.begins_line(row, column)
            && self.is_name(row, column)
            && (letters == 0 || letters > ENUMERATOR)
            && !texts().any(other)
    }

    /// True where it is told which row a number is of: none is missing, or each column is written down alone, or those
    /// of the row stand next to its name.
    fn counted(&self, row: usize, table: &ReadTable) -> bool {
        let values = || self.values(table);
        let rows = values().map(|c| self.reading.count(c)).max().unwrap_or(0);
        let value = |l: &reading::Label| values().any(|c| c == l.column) && l.row != HEAD;
        let beside = |w: &[reading::Label]| value(&w[0]) && value(&w[1]) && w[0].row == w[1].row;
        let labels = &self.reading.labels;
        // Behind its name alone, a number may be of any column.
        let placed = |i: usize| {
            let own = labels[i];
            let above = i.checked_sub(1).and_then(|n| labels.get(n)).is_some_and(|l| l.column == own.column);
            let next = labels.get(i + 1);
            let column = |l: &reading::Label| l.column == own.column;
            let beside = |l: &reading::Label| (l.row, l.column) == (row, own.column + 1);
            above || next.is_some_and(|l| column(l) || beside(l))
        };
        values().all(|c| self.reading.count(c) == rows)
            || !labels.windows(2).any(beside) && values().all(|c| self.reading.cell(row, c).all(placed))
            || self.tied(row, table)
    }

    fn values(&self, table: &ReadTable) -> impl Iterator<Item = usize> {
        table.columns.clone().filter(|&c| self.shape.columns[c].kind == ColumnKind::Value)
    }

    /// True where all numbers of a row stand next to its name, and nothing of another row between them.
    fn tied(&self, row: usize, table: &ReadTable) -> bool {
        let own = self.values(table).chain([table.columns.start]);
        let cells: Vec<usize> = own.flat_map(|c| self.reading.cell(row, c)).collect();
        let (Some(&first), Some(&last)) = (cells.iter().min(), cells.iter().max()) else { return false };
        let labels = &self.reading.labels[first..=last];
        self.values(table).all(|c| self.reading.cell(row, c).next().is_some())
            && labels.iter().all(|l| (l.row == row || l.row == HEAD) && table.columns.contains(&l.column))
    }

    /// False where the name of a row stands behind cells of another row on its line: then it ends that row, or the order
    /// of the columns is another one. A name that counts its row is its name.
    fn begins_line(&self, row: usize, column: usize) -> bool {
        let Some(first) = self.reading.cell(row, column).next() else { return true };
        let other = first.checked_sub(1).map(|before| self.reading.labels[before].row);
        let counts = match self.pieces[first].opener {
            Opener::Circled(n) | Opener::Enumerator(n) => n as usize == row + 1,
            _ => false,
        };
        counts || !self.pieces[first].same_line || other.is_none_or(|other| other == row)
    }

    /// True where the line of a row's numbers begins with another text than its name: in lines that hold the cells of a row
    /// beside each other, that text may as well be the name, and the one above a line of a cell that is taller.
    fn beneath_name(&self, row: usize, table: &ReadTable) -> bool {
        self.values(table).flat_map(|c| self.reading.cell(row, c)).any(|number| {
            let same = |&i: &usize| i == 0 || self.pieces[i].same_line;
            let before = (1..=number).rev().take_while(same).count();
            let first = number - before;
            let label = self.reading.labels[first];
            before > 0
                && label.row == row
                && label.column != table.columns.start
                && self.pieces[first].kind == Kind::Text
        })
    }

    /// True where heads are printed again for each row or two (cards): all that is one row's stands together there, and what
    /// does not may be another one's.
    fn in_cards(&self, table: &ReadTable) -> bool {
        let first = self.values(table).next();
        let heads = self.reading.labels.iter().filter(|l| l.row == HEAD && Some(l.column) == first).count();
        heads > 1 && 2 * heads > self.reading.count(table.columns.start)
    }

    /// True where a number that breaks in its cell may be one of this row's, or put it out of step.
    fn broken(&self, row: usize, table: &ReadTable) -> bool {
        let broken = |i: usize| self.pieces[i].kind == Kind::Broken;
        (0..self.pieces.len()).any(broken)
            && (!self.tied(row, table)
                || table.columns.clone().any(|c| self.reading.cell(row, c).any(broken)))
    }

    /// True where all that stands in the columns of numbers beside a row is a number, or a mark for none.
    fn of_numbers(&self, row: usize, table: &ReadTable) -> bool {
        let figure = |i: usize| matches!(self.pieces[i].kind, Kind::Figure { .. });
        self.values(table).all(|c| self.reading.cell(row, c).all(figure))
    }

    /// True where the numbers of a row are read from right to left, and those of another row from left to right.
    fn backwards(&self, row: usize, rows: usize, table: &ReadTable) -> bool {
        let order = |row: usize| {
            let cells: Vec<usize> =
                self.values(table).filter_map(|c| self.reading.cell(row, c).next()).collect();
            (cells.len() > 1).then(|| cells.is_sorted())
        };
        order(row) == Some(false) && (0..rows).any(|other| order(other) == Some(true))
    }

    /// True where a text of a row, and none of another row, goes on behind a blank line: it may be of two cells.
    fn of_blocks(&self, row: usize, rows: usize, table: &ReadTable) -> bool {
        let parted = |row: usize, c: usize| {
            let cell = |i: usize| (self.reading.labels[i].row, self.reading.labels[i].column) == (row, c);
            self.reading.cell(row, c).skip(1).any(|i| self.pieces[i].opens_block && cell(i - 1))
        };
        table.columns.clone().any(|c| {
            self.shape.columns[c].kind == ColumnKind::Text
                && parted(row, c)
                && (0..rows).any(|other| other != row && !parted(other, c))
        })
    }

    /// False where what stands in the first column of a row is no whole name: a bracket is open, or the row is numbered
    /// as another one is.
    fn is_name(&self, row: usize, column: usize) -> bool {
        let cell = || self.reading.cell(row, column).map(|i| &self.pieces[i]);
        let brackets: i32 = cell().map(|p| p.open_brackets).sum();
        let count = |p: &Piece| match p.opener {
            Opener::Circled(n) | Opener::Enumerator(n) if n > 0 => Some(n as usize),
            _ => None,
        };
        let counted = self.reading.cell(0, column).next().is_some_and(|i| count(&self.pieces[i]) == Some(1));
        let mut opens = cell();
        let numbered = opens.next().is_none_or(|first| count(first) == Some(row + 1))
            && opens.all(|p| count(p).is_none());
        brackets == 0 && (!counted || numbered)
    }
}
