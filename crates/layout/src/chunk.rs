//! Chunks: the lines of one column that are the text of one cell, told apart by the space between them.

use crate::line::PlacedLine;
use crate::{BBox, Ruling};

/// Lines of one cell.
#[derive(Clone, Debug)]
pub(crate) struct Chunk {
    /// Indices of placed lines, from the top.
    pub(crate) lines: Vec<usize>,
    pub(crate) bbox: BBox,
}

/// The widest leading (space between lines of a paragraph, in em) that tables are usually set with.
const LEADING: f32 = 0.4;
/// The widest that is believed of lines that wrap.
const WIDEST: f32 = 1.0;
/// Cells are set apart by this much more than their lines, in em.
const APART: f32 = 0.22;

/// What tells the lines of a cell from the next cell.
pub(crate) struct Spacing<'a> {
    placed: &'a [PlacedLine],
    /// The column of each line, by line.
    column_of: Vec<(usize, usize)>,
    /// All lines of the table, from the top.
    all: Vec<usize>,
    /// Horizontal rulings and edges of fills, from the top.
    rules: Vec<Ruling>,
    /// Space within a cell at most, in em.
    most: f32,
    /// Number of columns.
    columns: usize,
    /// Each line is a row: nearly all have one beside them in every column.
    by_line: bool,
    /// Rulings part the rows: most lines have one between them and the next.
    by_rule: bool,
    /// All lines are set alike.
    even: bool,
}

impl<'a> Spacing<'a> {
    /// Takes the leading from the closest lines in `columns` (lines from the top in each); `even` when all lines
    /// are set alike, and their distance says nothing.
    pub(crate) fn new(
        placed: &'a [PlacedLine],
        columns: &[Vec<usize>],
        rules: &[Ruling],
        even: bool,
    ) -> Self {
        let mut column_of: Vec<(usize, usize)> =
            columns.iter().enumerate().flat_map(|(c, lines)| lines.iter().map(move |&i| (i, c))).collect();
        column_of.sort_unstable();
        let center = |i: usize| placed[i].line.bbox.center().1;
        let mut all: Vec<usize> = columns.iter().flatten().copied().collect();
        all.sort_by(|&a, &b| center(a).total_cmp(&center(b)).then(a.cmp(&b)));
        let rules = rules.iter().filter(|r| r.horizontal).copied().collect();
        let mut spacing = Self {
            placed,
            column_of,
            all,
            rules,
            most: 0.0,
            columns: columns.len(),
            by_line: false,
            by_rule: false,
            even,
        };
        spacing.most = spacing.leading(columns) + APART;
        spacing.by_line = !even && spacing.is_by_line(columns);
        spacing.by_rule = spacing.is_by_rule(columns);
        spacing
    }

    /// Space between the lines of a paragraph, in em: the least there is, or what most lines that wrap are set
    /// with, if that is more than is usual.
    fn leading(&self, columns: &[Vec<usize>]) -> f32 {
        let pairs = || {
            columns.iter().flat_map(|c| c.windows(2)).filter_map(|w| {
                let (a, b) = (&self.placed[w[0]], &self.placed[w[1]]);
                let gap = gap(a, b);
                (gap > -0.3 && a.line.bbox.overlap_x(&b.line.bbox) > 0.0).then_some((w[0], w[1], gap))
            })
        };
        let least = pairs().map(|p| p.2).fold(f32::INFINITY, f32::min);
        if least <= LEADING {
            return least.max(0.0);
        }
        let right: Vec<f32> = columns
            .iter()
            .map(|c| c.iter().map(|&i| self.placed[i].line.bbox.x1).fold(f32::NEG_INFINITY, f32::max))
            .collect();
        // A line that fills its column goes on in the next one; that has no line beside it in some column.
        let wraps = pairs().filter(|&(i, j, _)| {
            let (a, b) = (&self.placed[i], &self.placed[j]);
            let full = self.column(i).is_some_and(|c| a.line.bbox.x1 >= right[c] - 1.2 * a.size);
            let begins = (a.line.bbox.x0 - b.line.bbox.x0).abs() <= 0.3 * a.size;
            full && begins && !self.is_whole(j)
        });
        let least = wraps.map(|p| p.2).fold(f32::INFINITY, f32::min);
        if least <= WIDEST { least } else { LEADING }
    }

    /// True when nearly all lines have one beside them in every column, and end where they please: lines of
    /// paragraphs end where their column does. Two columns may be text set in columns all the same.
    fn is_by_line(&self, columns: &[Vec<usize>]) -> bool {
        let lines: usize = columns.iter().map(Vec::len).sum();
        if columns.len() < 3 || lines < 4 * columns.len() {
            return false;
        }
        let whole = self.all.iter().filter(|&&i| self.is_whole(i)).count();
        let ragged = |column: &&Vec<usize>| {
            let right = column.iter().map(|&i| self.placed[i].line.bbox.x1).fold(f32::NEG_INFINITY, f32::max);
            let short =
                column.iter().filter(|&&i| self.placed[i].line.bbox.x1 < right - 1.5 * self.placed[i].size);
            short.count() * 5 >= column.len() * 2
        };
        whole * 5 >= lines * 4 && columns.iter().filter(ragged).count() + 1 >= columns.len()
    }

    /// True when most lines of three columns or more are ruled off from the next one.
    fn is_by_rule(&self, columns: &[Vec<usize>]) -> bool {
        let pairs =
            columns.iter().flat_map(|c| c.windows(2)).map(|w| (&self.placed[w[0]], &self.placed[w[1]]));
        let off: Vec<bool> = pairs.map(|(a, b)| self.is_ruled_off(a, b)).collect();
        columns.len() > 2 && off.len() >= 6 && off.iter().filter(|o| **o).count() * 2 > off.len()
    }

    /// True when there is a line beside this one in every other column.
    fn is_whole(&self, i: usize) -> bool {
        let mut beside: Vec<Option<usize>> = self.beside(i).map(|k| self.column(k)).collect();
        beside.sort_unstable();
        beside.dedup();
        beside.len() + 1 >= self.columns
    }

    /// The chunks of one column, whose lines come from the top.
    pub(crate) fn chunks(&self, column: &[usize]) -> Vec<Chunk> {
        let mut chunks: Vec<Chunk> = Vec::new();
        for &i in column {
            let line = &self.placed[i];
            match chunks.last_mut() {
                Some(chunk) if self.goes_on(chunk, i) => {
                    chunk.lines.push(i);
                    chunk.bbox = chunk.bbox.union(&line.line.bbox);
                }
                _ => chunks.push(Chunk { lines: vec![i], bbox: line.line.bbox }),
            }
        }
        chunks
    }

    fn goes_on(&self, chunk: &Chunk, next: usize) -> bool {
        let (Some(&last), line) = (chunk.lines.last(), &self.placed[next]) else { return false };
        let above = &self.placed[last];
        if gap(above, line) > self.most || self.is_ruled_off(above, line) {
            return false;
        }
        // Side by side on one baseline.
        if above.line.bbox.overlap_y(&line.line.bbox) > 0.5 * line.size.min(above.size) {
            return true;
        }
        if self.by_line && self.is_whole(last) && self.is_whole(next) {
            return false;
        }
        if !self.even && self.is_under_heads(last, next) {
            return false;
        }
        // A number broken between its digits: １，２２ and ０ under it.
        if self.by_rule && !self.is_whole(next) || is_broken_number(&above.line.text) {
            return true;
        }
        // Rows of a table set as close as lines: each has a value beside it.
        let valued =
            |i: usize| is_value(&self.placed[i]) || self.beside(i).any(|j| is_value(&self.placed[j]));
        !(valued(last)
            && valued(next)
            && self.beside(last).next().is_some()
            && self.beside(next).next().is_some())
    }

    /// True where numbers stand under words in two columns: a row of heads, and the first one under it.
    fn is_under_heads(&self, above: usize, below: usize) -> bool {
        if is_value(&self.placed[above]) || self.beside(above).any(|i| is_value(&self.placed[i])) {
            return false;
        }
        let heads = |i: usize| {
            let column = self.column(i);
            self.column(above) == column || self.beside(above).any(|o| self.column(o) == column)
        };
        let own = Some(below).into_iter().chain(self.beside(below));
        own.filter(|&i| is_number(&self.placed[i]) && heads(i)).nth(1).is_some()
    }

    fn is_ruled_off(&self, above: &PlacedLine, below: &PlacedLine) -> bool {
        let (from, to) = (above.line.bbox.center().1, below.line.bbox.center().1);
        let first = self.rules.partition_point(|r| r.bbox.top <= from);
        let x = above.line.bbox.center().0.max(below.line.bbox.x0).min(below.line.bbox.x1);
        self.rules[first..].iter().take_while(|r| r.bbox.top < to).any(|r| r.bbox.x0 <= x && x <= r.bbox.x1)
    }

    /// Lines of other columns on the same baseline.
    fn beside(&self, i: usize) -> impl Iterator<Item = usize> + '_ {
        let line = &self.placed[i];
        let (_, y) = line.line.bbox.center();
        let reach = 0.3 * line.size;
        let center = |j: usize| self.placed[j].line.bbox.center().1;
        let first = self.all.partition_point(|&j| center(j) < y - reach);
        let near = self.all[first..].iter().copied().take_while(move |&j| center(j) <= y + reach);
        let own = self.column(i);
        near.filter(move |&j| self.column(j) != own)
    }

    fn column(&self, i: usize) -> Option<usize> {
        let at = self.column_of.binary_search_by_key(&i, |&(line, _)| line).ok()?;
        Some(self.column_of[at].1)
    }
}

/// Space between a line and the one under it, in em.
fn gap(above: &PlacedLine, below: &PlacedLine) -> f32 {
    (below.line.bbox.top - above.line.bbox.bottom) / above.size.max(below.size).max(0.1)
}

/// Ends in a comma and one or two digits.
fn is_broken_number(text: &str) -> bool {
    let digits = text.chars().rev().take_while(|c| c.is_ascii_digit() || ('０'..='９').contains(c)).count();
    (1..=2).contains(&digits) && text.chars().rev().nth(digits).is_some_and(|c| matches!(c, ',' | '，'))
}

/// A number that nothing else stands beside, not even a unit.
fn is_number(line: &PlacedLine) -> bool {
    let text = line.line.text.as_str();
    let digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    text.contains(digit)
        && text.chars().all(|c| digit(c) || matches!(c, ',' | '，' | '.' | '．' | '△' | '▲' | '-' | '−'))
}

/// A number with its unit, a mark for none, or a unit: what stands in a cell of its own.
pub(crate) fn is_value(line: &PlacedLine) -> bool {
    let text = line.line.text.as_str();
    let digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let sign = |c: char| {
        matches!(c, ',' | '，' | '.' | '．' | '(' | ')' | '（' | '）' | '△' | '▲' | '／' | '/' | ' ')
    };
    let first = text.chars().find(|&c| !sign(c));
    let words = text.chars().filter(|&c| !digit(c) && !sign(c)).count();
    // A digit and a point begin a list's item: 1．住まいの確保
    let number = first.is_some_and(digit) && words <= 4;
    number
        || matches!(text, "―" | "－" | "-" | "—" | "–" | "ー" | "…" | "／" | "/" | "人" | "床" | "％" | "%")
}

/// Intervals of y, from the top.
pub(crate) type Rows = Vec<(f32, f32)>;

/// Rows from the chunks of several columns: each an interval of y, from the top.
///
/// The column with the most chunks gives the rows; a chunk of another column widens the row it lies in,
/// is a row of its own where it lies in none, and covers several where it lies across them.
pub(crate) fn rows(columns: &[Vec<&Chunk>]) -> Rows {
    let mut by_count: Vec<&Vec<&Chunk>> = columns.iter().collect();
    by_count.sort_by_key(|c| std::cmp::Reverse(c.len()));
    let mut rows = Rows::new();
    for column in by_count {
        for chunk in column {
            let (top, bottom) = (chunk.bbox.top, chunk.bbox.bottom);
            let covered = covered(&rows, top, bottom);
            match covered.len() {
                0 => rows.insert(covered.start, (top, bottom)),
                1 => {
                    let i = covered.start;
                    let above = if i > 0 { rows[i - 1].1 } else { f32::NEG_INFINITY };
                    let below = rows.get(i + 1).map_or(f32::INFINITY, |r| r.0);
                    rows[i].0 = rows[i].0.min(top.max(above));
                    rows[i].1 = rows[i].1.max(bottom.min(below));
                }
                _ => {}
            }
        }
    }
    rows
}

/// The rows that an interval covers in good part; an empty range says where between them it lies.
pub(crate) fn covered(rows: &[(f32, f32)], top: f32, bottom: f32) -> std::ops::Range<usize> {
    let is_in = |row: &(f32, f32)| {
        let overlap = bottom.min(row.1) - top.max(row.0);
        overlap > 0.3 * (bottom - top).min(row.1 - row.0)
    };
    let Some(first) = rows.iter().position(is_in) else {
        let at = rows.partition_point(|r| r.0 + r.1 < top + bottom);
        return at..at;
    };
    first..first + rows[first..].iter().take_while(|r| is_in(r)).count()
}
