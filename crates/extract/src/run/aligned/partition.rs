//! Which rows of print are one row of a table.
//!
//! Cells stand at the top of their row, or in its middle; all of a table's do the same. So a row of a table is
//! some rows of print in which the lines of each cell begin together, or have their middle in common.

use crate::form::ColumnKind;
use crate::paragraph::Opener;
use crate::run::line_end::goes_on;
use crate::run::piece::{Kind, Piece};

/// Rows of print that a row of a table has at most.
const MOST_ROWS: usize = 24;

/// What stands in the rows of print: for each, the pieces in each column.
pub(super) struct Body<'a> {
    pub kinds: &'a [ColumnKind],
    /// The column that names the row.
    pub lead: usize,
    pub cells: &'a [Vec<Vec<Piece>>],
    pub blank_above: &'a [bool],
    /// Rows of print that are of one row of the table, whatever else stands in them: numbered groups.
    pub groups: &'a [Option<usize>],
}

/// A row of a table: its rows of print, and how sure they are.
#[derive(Clone, Debug)]
pub(super) struct Band {
    pub rows: std::ops::Range<usize>,
    pub sure: f64,
}

/// How the cells of a table are set: what each half of a row of print costs by which their middles are off, and
/// each row by which their tops are.
#[derive(Clone, Copy)]
struct Set {
    middle: f64,
    top: f64,
    prior: f64,
}

/// Exactly in the middle, about there, at the top.
const SETS: [Set; 3] = [
    Set { middle: 2.5, top: 0.0, prior: 0.0 },
    Set { middle: 0.7, top: 0.0, prior: 2.0 },
    Set { middle: 0.0, top: 2.0, prior: 0.0 },
];

/// The cost of a row of a table, and how far its cells are off their middle and their top.
#[derive(Clone, Copy)]
struct Cost {
    cells: f64,
    middle: f64,
    top: f64,
}

impl Cost {
    fn of(self, set: Set) -> f64 {
        self.cells + set.middle * self.middle + set.top * self.top
    }
}

/// The rows of the table.
pub(super) fn partition(body: &Body<'_>) -> Vec<Band> {
    let n = body.cells.len();
    let mut best: Option<(f64, Set)> = None;
    let mut all: Vec<(Set, Vec<f64>, Vec<f64>)> = Vec::new();
    let costs: Vec<Vec<Cost>> =
        (0..n).map(|a| (a + 1..=n.min(a + MOST_ROWS)).map(|b| body.cost(a, b)).collect()).collect();
    let cost = |set: Set, a: usize, b: usize| costs[a][b - a - 1].of(set);
    for top in SETS {
        let mut ahead = vec![f64::NEG_INFINITY; n + 1];
        ahead[0] = -top.prior;
        for b in 1..=n {
            let from = b.saturating_sub(MOST_ROWS)..b;
            ahead[b] = log_sum(from.map(|a| ahead[a] - cost(top, a, b)));
        }
        let mut behind = vec![f64::NEG_INFINITY; n + 1];
        behind[n] = 0.0;
        for a in (0..n).rev() {
            let to = a + 1..=n.min(a + MOST_ROWS);
            behind[a] = log_sum(to.map(|b| behind[b] - cost(top, a, b)));
        }
        if best.is_none_or(|(weight, _)| ahead[n] > weight) {
            best = Some((ahead[n], top));
        }
        all.push((top, ahead, behind));
    }
    let Some((_, top)) = best else { return Vec::new() };
    let total = log_sum(all.iter().map(|(_, ahead, _)| ahead[n]));
    // The likeliest way through.
    let mut least = vec![(0.0, 0); n + 1];
    for b in 1..=n {
        let from = b.saturating_sub(MOST_ROWS)..b;
        least[b] = from
            .map(|a| (least[a].0 + cost(top, a, b), a))
            .min_by(|x, y| x.0.total_cmp(&y.0))
            .unwrap_or((0.0, 0));
    }
    let mut out = Vec::new();
    let mut b = n;
    while b > 0 {
        let a = least[b].1;
        let weights = all.iter().map(|(top, ahead, behind)| ahead[a] + behind[b] - cost(*top, a, b));
        out.push(Band { rows: a..b, sure: (log_sum(weights) - total).exp() });
        b = a;
    }
    out.reverse();
    out
}

/// True for a date over several lines: none of them is one, or the first is its year.
fn wraps(pieces: &[&Piece]) -> bool {
    let parted = match pieces {
        [first, second, ..] => {
            first.text.trim_end().ends_with('年') || first.kind != Kind::Period && second.kind != Kind::Period
        }
        _ => false,
    };
    let text = || pieces.iter().map(|p| p.text.as_str()).collect::<String>();
    parted && chohyo_normalize::period(&text(), &chohyo_normalize::Context::default()).is_some()
}

fn log_sum(values: impl Iterator<Item = f64>) -> f64 {
    let values: Vec<f64> = values.collect();
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if most == f64::NEG_INFINITY {
        return most;
    }
    most + values.iter().map(|v| (v - most).exp()).sum::<f64>().ln()
}

impl Body<'_> {
    /// What it costs to take these rows of print for one row of the table whose cells stand in its middle, or at
    /// its top.
    fn cost(&self, a: usize, b: usize) -> Cost {
        let mut cost = 0.0;
        let (mut firsts, mut lasts): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
        for (c, kind) in self.kinds.iter().enumerate() {
            let own: Vec<usize> = (a..b).filter(|&r| !self.cells[r][c].is_empty()).collect();
            let (Some(&first), Some(&last)) = (own.first(), own.last()) else {
                cost += match kind {
                    _ if c == self.lead => 6.0,
                    ColumnKind::Value => 1.5,
                    ColumnKind::Text => 2.0,
                    _ => 3.0,
                };
                continue;
            };
            firsts.push(first);
            lasts.push(last);
            let pieces: Vec<&Piece> = own.iter().flat_map(|&r| &self.cells[r][c]).collect();
            cost += match kind {
                ColumnKind::Value => {
                    let figures = pieces.iter().filter(|p| matches!(p.kind, Kind::Figure { .. })).count();
                    7.0 * figures.saturating_sub(1) as f64 + if figures == 0 { 3.0 } else { 0.0 }
                }
                ColumnKind::Period => {
                    let periods = pieces.iter().filter(|p| p.kind == Kind::Period).count();
                    let periods = if periods != 1 && wraps(&pieces) { 1 } else { periods };
                    5.0 * periods.saturating_sub(1) as f64 + if periods == 0 { 2.0 } else { 0.0 }
                }
                ColumnKind::Actor => {
                    let names = pieces.iter().filter(|p| matches!(p.kind, Kind::Actor(_))).count();
                    7.0 * names.saturating_sub(1) as f64 + if names == 0 { 3.0 } else { 0.0 }
                }
                _ => self.text(c, &own),
            };
        }
        let groups: Vec<usize> = (a..b).filter_map(|r| self.groups[r]).collect();
        if self.groups.iter().any(Option::is_some) {
            let split = |at: usize| {
                at > 0
                    && at < self.groups.len()
                    && self.groups[..at].iter().flatten().next_back()
                        == self.groups[at..].iter().flatten().next()
            };
            let mut distinct = groups.clone();
            distinct.dedup();
            cost += 8.0 * distinct.len().abs_diff(1) as f64;
            cost += if split(a) { 8.0 } else { 0.0 };
            if let (Some(first), Some(last)) =
                ((a..b).find(|&r| self.groups[r].is_some()), (a..b).rev().find(|&r| self.groups[r].is_some()))
            {
                firsts.push(first);
                lasts.push(last);
            }
        }
        // A blank row within the row of the table, and none where it begins.
        let blanks = (a + 1..b).filter(|&r| self.blank_above[r]).count();
        cost += 1.2 * blanks as f64;
        if a > 0 {
            if !self.blank_above[a] {
                cost += 0.7;
            }
            cost += self.broken(a);
        }
        let spread = |values: &mut dyn Iterator<Item = usize>| {
            let values: Vec<usize> = values.collect();
            values.iter().max().copied().unwrap_or(0) - values.iter().min().copied().unwrap_or(0)
        };
        let middle = spread(&mut firsts.iter().zip(&lasts).map(|(f, l)| f + l));
        let top = spread(&mut firsts.iter().copied());
        Cost { cells: cost, middle: middle as f64, top: top as f64 }
    }

    /// The line ends inside a cell of text, and how unlike the other cells of its column it begins and ends.
    fn text(&self, c: usize, rows: &[usize]) -> f64 {
        let mut cost = 0.0;
        let first = rows.first().and_then(|&r| self.cells[r][c].first());
        let last = rows.last().and_then(|&r| self.cells[r][c].last());
        let column = || self.cells.iter().flat_map(|r| &r[c]);
        if column().any(|p| p.text.ends_with('。')) && last.is_some_and(|p| !p.text.ends_with('。')) {
            cost += 2.0;
        }
        let counted = |p: &Piece| matches!(p.opener, Opener::Circled(_) | Opener::Enumerator(_));
        if c == self.lead && column().filter(|p| counted(p)).count() > 1 {
            if first.is_some_and(|p| !counted(p)) {
                cost += 4.0;
            }
            let all = rows.iter().flat_map(|&r| &self.cells[r][c]);
            cost += 4.0 * all.filter(|p| counted(p)).count().saturating_sub(1) as f64;
        }
        let width = self.cells.iter().flat_map(|r| &r[c]).map(|p| p.width).fold(0.0, f32::max);
        for pair in rows.windows(2) {
            let (Some(before), Some(this)) = (self.cells[pair[0]][c].last(), self.cells[pair[1]][c].first())
            else {
                continue;
            };
            if goes_on(before, this) {
                continue;
            }
            if this.opener != Opener::None {
                cost += 0.4;
            } else if before.text.ends_with('。') {
                cost += 0.9;
            } else if before.width + this.first_word < width - 2.0 {
                cost += 1.2;
            }
        }
        cost
    }

    /// What it costs to part the rows of print above this one.
    fn broken(&self, at: usize) -> f64 {
        let torn = (0..self.kinds.len()).filter(|&c| self.kinds[c] == ColumnKind::Text).any(|c| {
            let before = self.cells[..at].iter().rev().find_map(|r| r[c].last());
            let this = self.cells[at..].iter().find_map(|r| r[c].first());
            before.zip(this).is_some_and(|(before, this)| goes_on(before, this))
        });
        if torn { 4.0 } else { 0.0 }
    }
}
