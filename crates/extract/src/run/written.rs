//! Tables whose cells a dump wrote one after the other.
//!
//! What is a row is told by the best reading of all their text. Where none explains it, the table has no rows.

mod doubt;

use std::ops::Range;

use chohyo_normalize::Context;

use super::extent::Extent;
use super::piece::{Kind, Piece, pieces};
use super::reading::{self, Reading};
use super::scale;
use super::shape::{Source, shape, with_heads};
use super::step::{HEAD, Shape};
use crate::form::{ColumnForm, ColumnKind, TableForm};
use crate::head;
use crate::ledger::Ledger;
use crate::open_text::open_column;
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

/// Letters of a text that is a cell, where it stands beside another one on its line.
const JOINED: usize = 5;

/// The most that a reading may cost for each piece: what costs more is no reading of a table.
const MOST_STRAIN: f64 = 1.6;

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

    /// True when a number of a table is not sure: it may be that of another row.
    fn unsure(&self, table: usize) -> bool {
        let number = |i: usize| {
            let column = self.shape.columns[self.reading.labels[i].column];
            let value = column.table == table && column.kind == ColumnKind::Value;
            value && matches!(self.pieces[i].kind, Kind::Figure { .. })
        };
        (0..self.pieces.len()).any(|i| number(i) && self.reading.sure[i] < SURE_VALUE_AT_EASE)
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
        let unsure = (0..self.forms.len()).map(|t| self.unsure(t)).collect();
        let texts = Vec::new();
        let mut maker =
            Maker { ledger, pieces, shape, reading, torn, above_heads, doubted, unsure, texts, context };
        maker.texts = (0..self.forms.len()).map(|t| maker.tells_text(t)).collect();
        (0..self.forms.len())
            .map(|table| self.rows_of(&mut maker, table, said.get(table).map_or(&[], Vec::as_slice)))
            .collect()
    }

    /// The only text column of a table that has dates, and the form's column that has no head, where the cells of the
    /// former hold the texts of both, the second one below the first.
    fn halves(&self, table: usize) -> Option<(usize, usize)> {
        let columns = || self.shape.tables[table].columns.clone();
        let of = |kind: ColumnKind| columns().filter(move |&c| self.shape.columns[c].kind == kind);
        let mut texts = of(ColumnKind::Text);
        let text =
            texts.next().filter(|_| texts.next().is_none() && of(ColumnKind::Period).next().is_some())?;
        let placed = |form: usize| columns().any(|c| self.sources[c].form == form);
        let open = open_column(self.forms[table], placed)?;
        let rows = self.reading.rows[table];
        let lines = |r: usize| self.reading.cell(r, text).count();
        let twos = (0..rows).filter(|&r| lines(r) == 2).count();
        let both = self.sources[text].form < open && (0..rows).all(|r| lines(r) >= 2) && 2 * twos > rows;
        both.then_some((text, open))
    }

    fn rows_of(&self, maker: &mut Maker<'_, '_, '_>, table: usize, said: &[Option<Column>]) -> Vec<Row> {
        let columns = self.shape.tables[table].columns.clone();
        let across = columns.clone().any(|s| self.sources[s].actor.is_some());
        let actors: Vec<Option<usize>> =
            if across { (0..self.actors.len()).map(Some).collect() } else { vec![None] };
        let mut rows = Vec::new();
        let halves = self.halves(table);
        for (r, &actor) in (0..self.reading.rows[table]).flat_map(|r| actors.iter().map(move |a| (r, a))) {
            let mut row = Row::new();
            for (c, column) in self.forms[table].columns.iter().enumerate() {
                let head = said.get(c).cloned().flatten().unwrap_or_default();
                let own = columns.clone().find(|&s| {
                    let source = &self.sources[s];
                    source.form == c && (source.actor.is_none() || source.actor == actor)
                });
                if let Some((text, open)) = halves.filter(|(text, open)| own == Some(*text) || c == *open) {
                    row.insert(column.name.clone(), maker.half(r, text, c == open, &head));
                    continue;
                }
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
    /// Of each table, see [`Written::unsure`].
    unsure: Vec<bool>,
    /// See [`Maker::tells_text`].
    texts: Vec<bool>,
    context: &'a Context,
}

impl Maker<'_, '_, '_> {
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

    /// The first line of a cell that holds two texts, or what stands below it. Where that is more than a line, any of its lines
    /// may be the first one's.
    fn half(&mut self, row: usize, column: usize, below: bool, head: &Column) -> Cell {
        let kind = ColumnKind::Text;
        let lines: Vec<usize> = self.reading.cell(row, column).collect();
        let own = if below { &lines[1..] } else { &lines[..1] };
        let parts: Vec<Range<u32>> = own.iter().flat_map(|&i| self.pieces[i].parts.clone()).collect();
        let mut cell = value::cell(self.ledger, &joined(self.ledger, &parts), kind, head, self.context);
        let sure = sure_of(self.reading, self.pieces, row, column);
        if lines.len() > 2 || sure < SURE || !self.texts[self.shape.columns[column].table] {
            cell.status = Some(Status::Ambiguous);
        }
        cell
    }

    /// The cell of a row in a column of the shape.
    fn cell(&mut self, row: usize, column: usize, kind: ColumnKind, head: &Column) -> Cell {
        let read = self.shape.columns[column];
        let groups = &self.shape.tables[read.table].groups;
        let row = match groups.get(self.shape.group(column, row)) {
            Some(&first) if read.grouped => first,
            _ => row,
        };
        let (row, merged) = self.merged(row, column);
        let parts: Vec<Range<u32>> =
            self.reading.cell(row, column).flat_map(|i| self.pieces[i].parts.clone()).collect();
        let mut cell = value::cell(self.ledger, &joined(self.ledger, &parts), kind, head, self.context);
        let sure = sure_of(self.reading, self.pieces, row, column);
        let known = merged
            && match read.kind {
                ColumnKind::Value => self.tells_number(row, column),
                ColumnKind::Text => self.texts[read.table],
                _ => true,
            };
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
