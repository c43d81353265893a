//! Tables whose cells a dump wrote one after the other.
//!
//! What is a row is told by the best reading of all their text. Where none explains it, the table has no rows.

use std::ops::Range;

use chohyo_normalize::Context;

use super::extent::Extent;
use super::piece::{Kind, Piece, pieces};
use super::reading::{self, Reading};
use super::scale;
use super::shape::{Source, shape, with_heads};
use super::step::{HEAD, ReadTable, Shape};
use crate::form::{ColumnForm, ColumnKind, TableForm};
use crate::head;
use crate::ledger::Ledger;
use crate::paragraph::Opener;
use crate::sheet::{Cell, Row, Status, Text};
use crate::stream::Stream;
use crate::value::{self, Column};

/// How sure a number must be of its row and its column; and how sure, where the reading of its table costs little.
const SURE_VALUE: f64 = 0.97;
const SURE_VALUE_AT_EASE: f64 = 0.95;
const EASE: f64 = 0.4;

/// How sure everything else must be.
const SURE: f64 = 0.8;

/// How sure the table of a text must be that stands behind the heads of another one.
const SURE_TABLE: f64 = 0.98;

/// Particles that no sentence and no noun ends with.
const PARTICLES: [char; 9] = ['に', 'は', 'を', 'が', 'も', 'で', 'と', 'の', '、'];

/// What clauses of reason and purpose end with, and no name.
const CLAUSES: [&str; 2] = ["ため", "から"];

/// Letters of a text that is a cell, where it stands beside another one on its line.
const JOINED: usize = 5;

/// The most that it may cost where its numbers are to be believed.
const VALUE_STRAIN: f64 = 0.86;

/// The most that a reading may cost for each piece: what costs more is no reading of a table.
const MOST_STRAIN: f64 = 1.6;

/// Characters of an enumerator that stands alone, at most.
const ENUMERATOR: usize = 2;

/// Rows whose cells stand in order by no accident.
const ROWS: usize = 3;

/// The tables of a section as they were read.
pub(crate) struct Written<'f> {
    forms: Vec<&'f TableForm>,
    pieces: Vec<Piece>,
    shape: Shape,
    sources: Vec<Source>,
    /// The names of actors that are heads of columns.
    actors: Vec<Piece>,
    /// Heads of the tables of other sections stand among the cells.
    strange: bool,
    /// For each table, whether its heads stand on one line: then so do its cells that are beside each other, line by
    /// line, and what wraps is mixed with what stands beside it.
    by_line: Vec<bool>,
    reading: Reading,
}

/// Reads the tables of a section; none where they have no text.
pub(crate) fn read<'f>(
    ledger: &Ledger<'_, '_>,
    tables: &'f [TableForm],
    strangers: &[&TableForm],
    extents: &[Extent],
    names: &[&str],
    context: &Context,
) -> Option<Written<'f>> {
    let forms: Vec<(&TableForm, &Extent)> = extents.iter().map(|e| (&tables[e.table], e)).collect();
    let texts: Vec<(&TableForm, &[Range<u32>])> =
        forms.iter().map(|(form, e)| (*form, e.atoms.as_slice())).collect();
    let mut pieces = pieces(ledger, &texts, names, context);
    let (shape, sources, actors) = shape(&forms, &mut pieces);
    let pieces = with_heads(ledger.stream, &forms, &shape, &sources, pieces);
    let (pieces, reading) = read_best(&shape, pieces)?;
    let strange = pieces.iter().any(|p| {
        let head = |c: &ColumnForm| head::is_head(ledger.stream, &p.parts, c);
        p.kind == Kind::Text
            && strangers.iter().any(|t| t.columns.iter().any(head))
            && !tables.iter().any(|t| t.columns.iter().any(head))
    });
    let by_line =
        extents.iter().map(|e| !ledger.stream.by_cell && heads_on_one_line(ledger.stream, e)).collect();
    let forms = forms.into_iter().map(|(form, _)| form).collect();
    Some(Written { forms, pieces, shape, sources, actors, strange, by_line, reading })
}

/// The best reading, without the months of a chart beside the table where there is a better one without them.
fn read_best(shape: &Shape, pieces: Vec<Piece>) -> Option<(Vec<Piece>, Reading)> {
    let Some(scale) = scale::find(&pieces) else {
        let reading = reading::read(shape, &pieces)?;
        return Some((pieces, reading));
    };
    let of_scale = |i: usize| scale.contains(&i);
    let rest: Vec<Piece> = (0..pieces.len()).filter(|&i| !of_scale(i)).map(|i| pieces[i].clone()).collect();
    let (all, without) = (reading::read(shape, &pieces), reading::read(shape, &rest));
    match (all, without) {
        (all, Some(without)) if all.as_ref().is_none_or(|all| without.strain < all.strain) => {
            Some((rest, without))
        }
        (all, _) => all.map(|all| (pieces, all)),
    }
}

fn heads_on_one_line(stream: &Stream<'_>, extent: &Extent) -> bool {
    let line = |atoms: &[Range<u32>]| atoms.first().map(|a| stream.atoms[a.start as usize].line);
    extent.heads.iter().enumerate().any(|(i, (column, atoms))| {
        extent.heads[..i].iter().any(|(other, before)| other != column && line(before) == line(atoms))
    })
}

impl Written<'_> {
    /// True when there is a reading that the rules of tables explain.
    pub(crate) fn readable(&self) -> bool {
        self.reading.strain <= MOST_STRAIN && !self.strange && self.in_order() && !self.mixed()
    }

    /// True when lines of a table with numbers hold parts of several cells, and one of them wraps: what goes on beside another cell may as well
    /// be of a third one. (The first line of a cell may stand beside others.)
    fn mixed(&self) -> bool {
        let cell = |i: usize| (self.reading.labels[i].row, self.reading.labels[i].column);
        let shares = |i: usize| {
            let line = |i: usize| self.pieces.get(i).is_some_and(|p| p.same_line);
            line(i) && i > 0 && cell(i - 1) != cell(i) || line(i + 1) && cell(i + 1) != cell(i)
        };
        (0..self.forms.len()).filter(|&t| self.by_line[t]).any(|t| {
            let columns = self.shape.tables[t].columns.clone();
            let numbers = columns.clone().any(|c| self.shape.columns[c].kind == ColumnKind::Value);
            numbers
                && (0..self.reading.rows[t])
                    .flat_map(|r| columns.clone().map(move |c| (r, c)))
                    .any(|(r, c)| self.reading.cell(r, c).skip(1).any(shares))
        })
    }

    /// True when the cells of each table are written row by row, each from left to right, and there are rows enough to
    /// say that this is no accident: a dump that keeps no order elsewhere keeps it here.
    pub(crate) fn row_by_row(&self) -> bool {
        self.shape.tables.iter().enumerate().all(|(table, shape)| {
            let own = |l: &&reading::Label| l.row != HEAD && shape.columns.contains(&l.column);
            let labels = self.reading.labels.iter().filter(own);
            let cells: Vec<(usize, usize)> = labels.map(|l| (l.row, l.column)).collect();
            let beside = cells.windows(2).filter(|w| w[0].0 == w[1].0 && w[0].1 < w[1].1).count();
            let rows = self.reading.rows[table];
            cells.is_sorted() && rows >= ROWS && beside >= rows
        })
    }

    /// True when a cell of a table ends in the midst of a sentence: then some of its cells are parted wrongly.
    fn torn(&self, table: usize) -> bool {
        let labels = &self.reading.labels;
        let own = |i: &usize| self.shape.columns[labels[*i].column].table == table;
        (0..self.pieces.len()).filter(own).any(|i| {
            let text = self.shape.columns[labels[i].column].kind == ColumnKind::Text;
            let cell = (labels[i].row, labels[i].column);
            let last = labels[i + 1..].iter().all(|l| (l.row, l.column) != cell);
            text && last && !self.pieces[i].is_head() && self.pieces[i].text.ends_with(PARTICLES)
        })
    }

    /// True when numbers are written before the head of their column: which of two heads it is cannot be told where each
    /// column may have been written before its own, or behind it.
    fn above_heads(&self) -> bool {
        let labels = || self.reading.labels.iter().zip(&self.pieces);
        self.shape.columns.iter().enumerate().any(|(column, read)| {
            let head = labels().position(|(_, p)| p.kind == Kind::Head(column));
            let first = labels().position(|(l, p)| l.column == column && !p.is_head());
            read.kind == ColumnKind::Value && first.zip(head).is_some_and(|(first, head)| first < head)
        })
    }

    /// True when the heads of two columns of numbers stand together in another order than the form's, in a table that was
    /// not read in their order: either the columns stand in another order, or the heads were not written from left to right.
    /// (Some tools write heads of more lines behind those of fewer, or before them, whatever columns they are of.)
    fn crossed(&self, stream: &Stream<'_>, table: usize) -> bool {
        let lines =
            |p: &Piece| p.parts.iter().map(|part| stream.by_line(part.clone()).count()).sum::<usize>();
        let value = |c: usize| self.shape.columns[c].kind == ColumnKind::Value;
        let runs = self.pieces.split(|p| matches!(p.kind, Kind::Figure { .. }));
        runs.into_iter().any(|run| {
            let heads = || {
                run.iter().filter_map(|p| match p.kind {
                    Kind::Head(c) if self.shape.columns[c].table == table => Some((c, p)),
                    _ => None,
                })
            };
            // Where those of the texts are out of order, too, they are no line from left to right.
            let first = heads().map(|(c, _)| c).filter(|&c| value(c)).min();
            let in_line = heads().map(|(c, _)| first.filter(|_| value(c)).unwrap_or(c)).is_sorted();
            let values: Vec<(usize, usize)> =
                heads().filter(|(c, _)| value(*c)).map(|(c, p)| (c, lines(p))).collect();
            values.windows(2).any(|w| w[0].0 > w[1].0 && (in_line || w[0].1 == w[1].1))
        })
    }

    /// True when a text of a table holds the texts of two cells: a line of a dump that holds the cells of a row beside
    /// each other, with nothing but a space between them. Then no text of it is known to be a whole name.
    fn joined_cells(&self, stream: &Stream<'_>, table: usize) -> bool {
        let texts = || {
            self.shape.tables[table]
                .columns
                .clone()
                .filter(|&c| self.shape.columns[c].kind == ColumnKind::Text)
        };
        let long = |field: &Range<u32>| {
            let atoms = &stream.atoms[field.start as usize..field.end as usize];
            atoms.iter().filter(|a| a.ch.is_alphabetic()).count() >= JOINED
        };
        // Some tools put white space around each number of a sentence.
        let ch = |at: u32| stream.atoms[at as usize].ch;
        let fields = |part: &Range<u32>| {
            let mut out: Vec<Range<u32>> = Vec::new();
            for field in stream.fields_in(part.clone()) {
                match out.last_mut() {
                    Some(last)
                        if stream.spaced
                            && (ch(last.end - 1).is_ascii_alphanumeric()
                                || ch(field.start).is_ascii_alphanumeric()) =>
                    {
                        last.end = field.end;
                    }
                    _ => out.push(field),
                }
            }
            out
        };
        texts().count() > 1
            && self.reading.labels.iter().zip(&self.pieces).any(|(label, piece)| {
                piece.kind == Kind::Text
                    && texts().any(|c| c == label.column)
                    && piece.parts.iter().any(|part| fields(part).iter().filter(|f| long(f)).count() > 1)
            })
    }

    /// True when a number that stands alone on its line is read as a part of a text, in a table that lacks one: it may be the
    /// one that is missing.
    fn swallows(&self, table: usize) -> bool {
        let columns = || self.shape.tables[table].columns.clone();
        let lacks = columns().any(|c| {
            self.shape.columns[c].kind == ColumnKind::Value
                && self.reading.count(c) < self.reading.rows[table]
        });
        lacks
            && self.reading.labels.iter().zip(&self.pieces).enumerate().any(|(i, (label, piece))| {
                let number = matches!(piece.kind, Kind::Figure { number: Some(_), .. });
                let alone = !piece.same_line && self.pieces.get(i + 1).is_none_or(|next| !next.same_line);
                let text = self.shape.columns[label.column].kind == ColumnKind::Text;
                number && alone && text && columns().contains(&label.column)
            })
    }

    /// True when a text of a table stands behind the heads of another one: where its own first cells are is a guess then.
    fn holds_others(&self, table: usize) -> bool {
        self.reading.labels.iter().zip(&self.pieces).any(|(label, piece)| {
            let column = self.shape.columns[label.column];
            column.table == table
                && column.kind == ColumnKind::Text
                && !piece.is_head()
                && piece.home != table
        })
    }

    /// True when a cell of one table stands behind the heads of another, and is doubtful: then the doubt is about whose
    /// cells the others are, too.
    fn tangled(&self) -> bool {
        let labels = || self.reading.labels.iter().zip(&self.pieces);
        let away = |l: &reading::Label, p: &Piece| self.shape.columns[l.column].table != p.home;
        let text = |l: &reading::Label| self.shape.columns[l.column].kind == ColumnKind::Text;
        labels()
            .zip(self.reading.sure.iter().zip(&self.reading.of_table))
            .any(|((l, p), (sure, table))| text(l) && away(l, p) && *sure < SURE && *table < SURE_TABLE)
    }

    /// True when the numbers that the rows are counted with go up.
    pub(crate) fn in_order(&self) -> bool {
        self.shape.tables.iter().all(|table| {
            let opening = self.reading.labels.iter().zip(&self.pieces);
            let numbers: Vec<u32> = opening
                // `12 月` counts no rows.
                .filter(|(l, p)| {
                    l.opens && l.row != HEAD && l.column == table.columns.start && p.kind == Kind::Text
                })
                .filter_map(|(_, p)| match p.opener {
                    Opener::Circled(n) | Opener::Enumerator(n) => (n > 0).then_some(n),
                    _ => None,
                })
                .collect();
            numbers.is_sorted()
        })
    }

    /// All of their text, claimed.
    pub(crate) fn texts(&self, ledger: &mut Ledger<'_, '_>) -> Vec<Text> {
        let cells = self.pieces.iter().filter(|p| !p.is_head()).chain(&self.actors);
        cells.map(|p| ledger.take(std::slice::from_ref(&p.parts))).collect()
    }

    /// The rows of each table.
    pub(crate) fn rows(
        &self,
        ledger: &mut Ledger<'_, '_>,
        said: &[Vec<Option<Column>>],
        context: &Context,
    ) -> Vec<Vec<Row>> {
        let Self { pieces, shape, reading, .. } = self;
        let tangled = self.tangled();
        let torn = (0..self.forms.len())
            .map(|t| tangled || self.torn(t) || self.holds_others(t) || self.swallows(t))
            .collect();
        let above_heads = self.above_heads();
        let doubted = (0..self.forms.len())
            .map(|t| self.crossed(ledger.stream, t) || self.by_line[t] && self.joined_cells(ledger.stream, t))
            .collect();
        let mut maker = Maker { ledger, pieces, shape, reading, torn, above_heads, doubted, context };
        (0..self.forms.len())
            .map(|table| self.rows_of(&mut maker, table, said.get(table).map_or(&[], Vec::as_slice)))
            .collect()
    }

    fn rows_of(&self, maker: &mut Maker<'_, '_, '_>, table: usize, said: &[Option<Column>]) -> Vec<Row> {
        let columns = self.shape.tables[table].columns.clone();
        let across = columns.clone().any(|s| self.sources[s].actor.is_some());
        let actors: Vec<Option<usize>> =
            if across { (0..self.actors.len()).map(Some).collect() } else { vec![None] };
        let mut rows = Vec::new();
        for (r, &actor) in (0..self.reading.rows[table]).flat_map(|r| actors.iter().map(move |a| (r, a))) {
            let mut row = Row::new();
            for (c, column) in self.forms[table].columns.iter().enumerate() {
                let head = said.get(c).cloned().flatten().unwrap_or_default();
                let own = columns.clone().find(|&s| {
                    let source = &self.sources[s];
                    source.form == c && (source.actor.is_none() || source.actor == actor)
                });
                let name = actor.filter(|_| column.kind == ColumnKind::Actor).map(|a| &self.actors[a]);
                let cell = match (name, own) {
                    (Some(name), _) => {
                        value::cell(maker.ledger, &name.parts, column.kind, &head, maker.context)
                    }
                    (None, Some(own)) => maker.cell(r, own, column.kind, &head),
                    // A column that is not printed has no cells.
                    (None, None) => continue,
                };
                row.insert(column.name.clone(), cell);
            }
            rows.push(row);
        }
        rows
    }
}

/// Makes the cells of a reading.
struct Maker<'a, 's, 'd> {
    ledger: &'a mut Ledger<'s, 'd>,
    pieces: &'a [Piece],
    shape: &'a Shape,
    reading: &'a Reading,
    /// Of each table, see [`Written::torn`], [`Written::tangled`], [`Written::holds_others`].
    torn: Vec<bool>,
    /// See [`Written::above_heads`].
    above_heads: bool,
    /// Of each table, see [`Written::crossed`] and [`Written::joined_cells`].
    doubted: Vec<bool>,
    context: &'a Context,
}

impl Maker<'_, '_, '_> {
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

    /// True where each number of the table is sure: one that is not may be that of another row.
    fn all_sure(&self, table: &ReadTable) -> bool {
        self.values(table).all(|c| {
            let own = (0..self.pieces.len()).filter(|&i| {
                self.reading.labels[i].column == c && matches!(self.pieces[i].kind, Kind::Figure { .. })
            });
            own.into_iter().all(|i| self.reading.sure[i] >= SURE_VALUE_AT_EASE)
        })
    }

    /// True where the numbers of a row are read from right to left, and those of another row from left to right.
    fn backwards(&self, row: usize, table: &ReadTable) -> bool {
        let order = |row: usize| {
            let cells: Vec<usize> =
                self.values(table).filter_map(|c| self.reading.cell(row, c).next()).collect();
            (cells.len() > 1).then(|| cells.is_sorted())
        };
        let rows = self.reading.rows[self.shape.columns[table.columns.start].table];
        order(row) == Some(false) && (0..rows).any(|other| order(other) == Some(true))
    }

    /// True where a text of a row, and none of another row, goes on behind a blank line: it may be of two cells.
    fn of_blocks(&self, row: usize, table: &ReadTable) -> bool {
        let rows = self.reading.rows[self.shape.columns[table.columns.start].table];
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

    /// The row whose cell stands for this one, and whether that can be told: where there are fewer dates than
    /// rows, each stands beside one or more of them, and only the first row's and the last one's are sure.
    fn merged(&self, row: usize, column: usize) -> (usize, bool) {
        let read = self.shape.columns[column];
        let rows = self.reading.rows[read.table];
        if read.kind != ColumnKind::Period {
            return (row, true);
        }
        let mut own: Vec<usize> = self
            .reading
            .labels
            .iter()
            .filter(|l| l.column == column && l.row != HEAD)
            .map(|l| l.row)
            .collect();
        own.dedup();
        match own.len() {
            0 => (row, true),
            n if n == rows => (row, true),
            n if row + 1 == rows => (own[n - 1], true),
            n => (own[row.min(n - 1)], n == 1 || row == 0),
        }
    }

    /// The cell of a row in a column of the shape.
    fn cell(&mut self, row: usize, column: usize, kind: ColumnKind, head: &Column) -> Cell {
        let read = self.shape.columns[column];
        let groups = &self.shape.tables[read.table].groups;
        let row = match groups.get(self.shape.group(column, row)) {
            Some(&first) if read.grouped => first,
            _ => row,
        };
        let (row, known) = self.merged(row, column);
        let parts: Vec<Range<u32>> =
            self.reading.cell(row, column).flat_map(|i| self.pieces[i].parts.clone()).collect();
        let mut cell = value::cell(self.ledger, &joined(self.ledger, &parts), kind, head, self.context);
        let sure = sure_of(self.reading, self.pieces, row, column);
        let mut known = known;
        if kind == ColumnKind::Value {
            // What it is the number of must be sure, too.
            let named = self.shape.tables[read.table].columns.start;
            known &= sure_of(self.reading, self.pieces, row, named) >= SURE_VALUE;
            known &= self.reading.strains[read.table] <= VALUE_STRAIN && !self.torn[read.table];
            // A number behind the heads of another table may be none of a table.
            let own = self.reading.cell(row, column).chain(self.reading.cell(row, named));
            known &= own.into_iter().all(|i| self.pieces[i].home == read.table);
            // Nor where a text is missing: which one it is may be a guess.
            let table = &self.shape.tables[read.table];
            known &= table.columns.clone().all(|c| {
                self.shape.columns[c].kind != ColumnKind::Text
                    || self.reading.count(c) == self.reading.rows[read.table]
            });
            known &= !self.above_heads && !self.doubted[read.table] && self.counted(row, table);
            // Where a number is missing, those of a row are as sure as the least sure one of them.
            let counts = || self.values(table).map(|c| self.reading.count(c));
            known &= counts().max() == counts().min()
                || self
                    .values(table)
                    .all(|c| self.reading.cell(row, c).all(|i| self.reading.sure[i] >= SURE_VALUE_AT_EASE));
            known &= self.begins_line(row, named) && !self.beneath_name(row, table);
            known &= self.tied(row, table) || !self.in_cards(table);
            known &= !self.broken(row, table) && self.of_numbers(row, table) && !self.backwards(row, table);
            known &= self.tied(row, table) || self.all_sure(table);
            known &= !self.of_blocks(row, table) && self.is_name(row, named);
            // Nor is an enumerator a name.
            let name: usize =
                self.reading.cell(row, named).map(|i| self.pieces[i].text.chars().count()).sum();
            known &= name == 0 || name > ENUMERATOR;
            // A name is no sentence, and no remark.
            known &= self.reading.cell(row, named).all(|i| {
                let text = &self.pieces[i].text;
                !text.contains('。') && !text.starts_with('※') && !CLAUSES.iter().any(|c| text.ends_with(c))
            });
        }
        let limit = match kind {
            ColumnKind::Value if self.reading.strains[read.table] <= EASE => SURE_VALUE_AT_EASE,
            ColumnKind::Value => SURE_VALUE,
            _ => SURE,
        };
        if !known || sure < limit {
            (cell.value, cell.as_of, cell.period) = (None, None, None);
            cell.status = Some(Status::Ambiguous);
        }
        cell
    }
}

/// How sure the least sure piece of a cell is; of a cell without any, how sure the rest of its column is.
fn sure_of(reading: &Reading, pieces: &[Piece], row: usize, column: usize) -> f64 {
    let of = |all: bool| {
        (0..pieces.len())
            .filter(|&i| reading.labels[i].column == column && (all || reading.labels[i].row == row))
            .map(|i| reading.sure[i])
            .fold(1.0, f64::min)
    };
    if reading.cell(row, column).next().is_some() { of(false) } else { of(true) }
}

/// Parts that follow each other on a line are one.
pub(super) fn joined(ledger: &Ledger<'_, '_>, parts: &[Range<u32>]) -> Vec<Range<u32>> {
    let line = |at: u32| ledger.stream.atoms[at as usize].line;
    let mut out: Vec<Range<u32>> = Vec::new();
    for part in parts {
        match out.last_mut() {
            Some(last) if last.end == part.start && line(last.end - 1) == line(part.start) => {
                last.end = part.end;
            }
            _ => out.push(part.clone()),
        }
    }
    out
}
