//! What the cells of a reading cost, each by itself and beside those before it.

use super::{Label, Measure, Search, State};
use crate::form::ColumnKind;
use crate::paragraph::Opener;
use crate::run::likeness::{figures_apart, opener_cost};
use crate::run::line_end::goes_on;
use crate::run::piece::Kind;
use crate::run::step::HEAD;

/// Characters that cells of one kind begin with alike: more of them say no more.
const ALIKE: usize = 4;

/// What each more of them is worth at their ends.
const ALIKE_ENDS: f64 = 0.4;

/// How much more the ends of names and reasons say than those of what actors do.
const OF_ONE_KIND: f64 = 1.3;

/// Cost of a numbered entry in a cell whose list does not come to it, and the pieces that are looked at for that.
const STRANGER: f64 = 2.5;
const LIST: usize = 24;

/// Cost of cells that stand beside each other on a line, and are of two rows, or have a number between them that is written
/// elsewhere: what is as high as they are stands on the line, too.
const OTHER_ROW: f64 = 2.0;
const WITHOUT_NUMBER: f64 = 3.0;

/// Cost of a number that is out of step.
const MISCOUNT: f64 = 4.0;

/// Cost of a paragraph within a cell that nothing marks.
const PARAGRAPH: f64 = 1.2;
const PARAGRAPH_OF_NAME: f64 = 3.0;

impl Search<'_> {
    /// How odd it is that a cell stands on the line of the one before it.
    pub(super) fn on_line(&self, last: Label, (row, column): (usize, usize), next: &[usize]) -> f64 {
        let shape = self.shape;
        let (from, to) = (shape.columns[last.column], shape.columns[column]);
        if last.row == HEAD || from.table != to.table || from.grouped || to.grouped {
            return 0.0;
        }
        if last.row != row {
            // Where heads name the rows of print, the cells of a column stand side by side; where a page has room, whole rows do.
            let columns = &shape.tables[to.table].columns;
            let side_by_side =
                row == last.row + 1 && column == columns.start && last.column + 1 == columns.end;
            return if last.column == column || side_by_side { 0.0 } else { OTHER_ROW };
        }
        self.over_number(last, (row, column), next)
    }

    /// The cost of a cell next to one of its row that numbers written elsewhere stand between.
    pub(super) fn over_number(&self, last: Label, (row, column): (usize, usize), next: &[usize]) -> f64 {
        let same =
            last.row == row && self.shape.columns[last.column].table == self.shape.columns[column].table;
        let number = |c: usize| self.shape.columns[c].kind == ColumnKind::Value && row < next[c];
        if same && (last.column + 1..column).any(number) { WITHOUT_NUMBER } else { 0.0 }
    }

    /// True where this cell begins a row, the row before it was written as the one before that: the same columns in the
    /// same order, whatever columns come later for all rows.
    pub(super) fn repeats(&self, state: &State, table: usize, (row, column): (usize, usize)) -> bool {
        let opens = || {
            let own = |l: &&Label| l.opens && self.shape.columns[l.column].table == table;
            state.labels.iter().rev().filter(own)
        };
        let Some(last) = row.checked_sub(1) else { return false };
        let written = opens().take_while(|l| l.row == last).count();
        let before = last.checked_sub(1);
        let same = opens().zip(opens().skip(written)).take(written);
        written > 1
            && opens().nth(written - 1).is_some_and(|l| l.column == column)
            && opens().skip(written).take_while(|l| Some(l.row) == before).count() >= written
            && same.clone().count() == written
            && same.clone().all(|(l, b)| l.column == b.column)
    }

    /// The cost of a numbered entry in a cell that does not hold the one before it.
    pub(super) fn stranger(&self, state: &State, i: usize, cell: &Label) -> f64 {
        let counts = |before: Opener| match (before, self.pieces[i].opener) {
            (Opener::Circled(a), Opener::Circled(b)) | (Opener::Enumerator(a), Opener::Enumerator(b)) => {
                a + 1 == b
            }
            _ => false,
        };
        let numbered = matches!(self.pieces[i].opener, Opener::Circled(n) | Opener::Enumerator(n) if n > 1);
        let own = |l: &Label| (l.row, l.column) == (cell.row, cell.column);
        let mut pieces = state.labels.iter().zip(self.pieces).rev().take(LIST).filter(|(l, _)| own(l));
        if numbered && !pieces.any(|(_, p)| counts(p.opener)) { STRANGER } else { 0.0 }
    }

    /// The first column names what the row is about; sentences stand in the others, numbered entries seldom.
    pub(super) fn first_column(&self, i: usize, column: usize) -> f64 {
        let piece = &self.pieces[i];
        if self.shape.columns[column].kind != ColumnKind::Text {
            return 0.0;
        }
        match (self.shape.is_first(column), piece.opener) {
            (true, _) if piece.text.ends_with('。') => 1.5,
            (true, _) | (_, Opener::None | Opener::Bullet) => 0.0,
            _ => 0.3,
        }
    }

    /// Enters a line in what is known of its column's width, and gives what that costs.
    pub(super) fn line(&self, measure: &mut Measure, i: usize) -> f64 {
        if self.pieces[i].kind != Kind::Text {
            return 0.0;
        }
        let before = measure.strain();
        *measure = measure.with_line(self.pieces[i].width);
        measure.strain() - before
    }

    /// The same for a line that goes on with a cell. It is one that did not fit on the line before, or a paragraph of
    /// its own.
    pub(super) fn wrap(&self, measure: &mut Measure, labels: &[Label], i: usize, to: Label) -> f64 {
        let cost = self.line(measure, i);
        let last =
            labels.iter().rposition(|l| (l.column, l.row) == (to.column, to.row)).map(|l| &self.pieces[l]);
        let Some(last) = last.filter(|_| !self.pieces[i].same_line && self.pieces[i].opener == Opener::None)
        else {
            let listed = self.shape.is_first(to.column) && self.pieces[i].opener != Opener::None;
            return cost + if listed { 2.0 } else { 0.0 };
        };
        let wrapped = measure.with_wrap(last.width + self.pieces[i].first_word);
        let odd = wrapped.strain() - measure.strain();
        let paragraph = match (self.shape.is_first(to.column), self.pieces[i].opens_block) {
            (true, _) => PARAGRAPH_OF_NAME,
            (_, true) => 0.0,
            _ => PARAGRAPH,
        };
        if odd > paragraph && !goes_on(last, &self.pieces[i]) {
            return cost + paragraph;
        }
        *measure = wrapped;
        cost + odd
    }

    pub(super) fn rows(&self, state: &State, table: usize) -> usize {
        let table = &self.shape.tables[table];
        let counts = table.columns.clone().filter_map(|c| state.next.get(c).copied());
        table.rows.unwrap_or_else(|| counts.max().unwrap_or(0))
    }

    /// How odd the number is that a cell begins with: in the first column it counts the rows, in others it begins a
    /// list.
    pub(super) fn number(&self, state: &State, i: usize, row: usize, column: usize) -> f64 {
        if self.shape.columns[column].kind != ColumnKind::Text {
            return 0.0;
        }
        let number = match self.pieces[i].opener {
            Opener::Circled(n) | Opener::Enumerator(n) if n > 0 => n as usize,
            _ => 0,
        };
        if !self.shape.is_first(column) {
            return if number > 1 { MISCOUNT } else { 0.0 };
        }
        let first = state.labels.iter().position(|l| l.opens && l.row != HEAD && l.column == column);
        let counted = first.is_some_and(|f| {
            f != i && matches!(self.pieces[f].opener, Opener::Circled(1) | Opener::Enumerator(1))
        });
        // What counts on begins with the first row.
        let uncounted = number > 1 && first.is_some_and(|f| f != i && self.pieces[f].opener == Opener::None);
        let due = self.shape.group(column, row) + 1;
        if number > 0 && number != due || counted && number == 0 || uncounted { MISCOUNT } else { 0.0 }
    }

    /// How unlike the cell that begins with this piece is to the one before it in its column, and that one to
    /// the one before.
    pub(super) fn likeness(&self, state: &State, i: usize, column: usize) -> f64 {
        if self.shape.columns[column].kind != ColumnKind::Text {
            return 0.0;
        }
        let cells = state.cells(column);
        let Some(&[before, _]) = cells.last_chunk::<2>() else { return 0.0 };
        let first = self.shape.is_first(column);
        let mut cost = opener_cost(self.pieces[before.0].opener, self.pieces[i].opener, first);
        let chars = |p: usize| self.pieces[p].text.chars();
        let alike = chars(i).zip(chars(before.0)).take_while(|(a, b)| a == b).take(ALIKE).count();
        if alike >= 2 {
            cost -= 0.4 * alike as f64;
        }
        if let Some(&[a, b, _]) = cells.last_chunk::<3>() {
            cost += self.unlike(a, b, column);
        }
        cost
    }

    pub(super) fn unlike(&self, a: (usize, usize), b: (usize, usize), column: usize) -> f64 {
        let width = |c: (usize, usize)| self.pieces[c.0..=c.1].iter().map(|p| p.width).sum::<f32>().max(1.0);
        let sentence = |c: (usize, usize)| self.pieces[c.1].text.ends_with('。');
        let lengths = f64::from((width(a) / width(b)).ln().abs());
        let last = |c: (usize, usize)| self.pieces[c.1].text.chars().next_back();
        let alike = self.pieces[a.1].text.chars().rev().zip(self.pieces[b.1].text.chars().rev());
        // What actors do is of no one kind.
        let of_actor = self.shape.columns[column].of_actor;
        let alike = alike.take_while(|(a, b)| a == b && !of_actor).take(ALIKE).count();
        let ends = match (sentence(a) == sentence(b), last(a) == last(b)) {
            (true, true) => -0.6 - ALIKE_ENDS * alike.saturating_sub(1) as f64,
            (true, false) if script(last(a)) == script(last(b)) => -0.2,
            (true, false) => 0.6,
            _ => 1.2,
        };
        let ends = if of_actor { ends } else { OF_ONE_KIND * ends };
        0.5 * lengths.min(2.0) + ends
    }

    /// How unlike a number is to the other ones of its row.
    pub(super) fn pair(&self, state: &State, i: usize, row: usize, column: usize) -> f64 {
        if self.shape.columns[column].kind != ColumnKind::Value {
            return 0.0;
        }
        let others = state.labels[..i].iter().zip(self.pieces).filter(|(l, _)| {
            l.row == row
                && l.column != column
                && self.shape.columns[l.column].table == self.shape.columns[column].table
                && self.shape.columns[l.column].kind == ColumnKind::Value
        });
        others.map(|(_, p)| figures_apart(&self.pieces[i].kind, &p.kind)).sum()
    }

    pub(super) fn finish(&self, state: &State) -> f64 {
        let mut cost = 0.0;
        for column in 0..self.shape.columns.len() {
            let form = self.shape.columns[column];
            let groups = self.shape.tables[form.table].groups.len();
            let all = if form.grouped { groups } else { self.rows(state, form.table) };
            cost += all.saturating_sub(state.next[column]) as f64 * form.blank;
            if self.shape.columns[column].kind == ColumnKind::Text
                && let Some(&[a, b]) = state.cells(column).last_chunk::<2>()
            {
                cost += self.unlike(a, b, column);
            }
        }
        cost
    }
}

/// What a character is of: texts of one kind end alike, in nouns or in verbs.
fn script(c: Option<char>) -> u8 {
    match c {
        Some('ぁ'..='ん') => 1,
        Some('ァ'..='ヶ' | 'ー') => 2,
        Some(c) if c.is_alphabetic() && !c.is_ascii() => 2,
        Some(c) if c.is_numeric() => 3,
        _ => 4,
    }
}
