//! The weight of each assignment in a text that none of the [grammars](super::grammar) explains.
//!
//! Numbers still come in runs where a program drew a table, though the runs are broken: the reading order is a
//! hidden Markov chain. A run goes along the form or against it, and may turn round. Given the direction, the
//! next number is most often that of the next label, or the other number of the same label (a count and its
//! share); any other label further on is alike; a step against the direction is rare. How far the order can be
//! trusted at all is what makes the order of the labels, which the form knows, likeliest ([`trust`]). The same
//! chain is laid along the counts alone and along the shares alone, since tables are also written column by
//! column. Where labels and numbers are written in turns, a number is most often that of a label beside it (see
//! [`tiling`](super::tiling)).
//!
//! Only assignments that hold all rules are looked at.

use super::support::Domain;
use super::weigh::unusual;
use super::{Choice, Item, Problem, tiling};

/// Probability that a run turns round between two numbers.
const TURN: f64 = 0.1;
/// Probability of a step against the direction of the run.
const AGAINST: f64 = 0.08;
/// Probability that the next number has the same label.
const SAME: f64 = 0.2;
/// Probability that the next number is that of the neighbouring label.
const NEXT: f64 = 0.35;
/// What is said twice counts half: the chain along all numbers and that along those of one kind share most of
/// their steps, and a count and its share stand beside the same label. With 1, of the values at 0.95 and more
/// on 37 dumps, 9 % were wrong; with one half, none of 74 solved by the order.
const OVERLAP: f64 = 0.5;
/// How far it can be trusted that numbers stand beside their labels, where they do so at all.
const BESIDE: f64 = 0.9;
/// Weight (natural logarithm) of a number that belongs to a measure whose label is not in the text.
const UNLABELLED: f64 = -4.0;
/// Assignments lighter than the heaviest by this much (natural logarithm) are left out.
const NEGLIGIBLE: f64 = 14.0;

/// For each variable its choices with their share of the weight, and the heaviest assignment.
pub(super) type Found = (Vec<Vec<(Choice, f64)>>, Vec<Choice>);

/// How labels and numbers stand to each other in the text.
struct Text {
    /// For each token the number of labels in front of it: numbers without a label between them are one run.
    runs: Vec<u32>,
    /// For each token the variables of the labels it may stand beside, each with its probability; empty when
    /// nothing is known of that.
    beside: Vec<Vec<(usize, f64)>>,
    /// How far the order can be trusted, from 0 (shuffled) to 1.
    order: f64,
}

impl Text {
    fn new(problem: &Problem) -> Self {
        let count = problem.tokens.len();
        let mut text = Self { runs: vec![0; count], beside: vec![Vec::new(); count], order: 0.0 };
        let family = |row: i32| -> Vec<usize> {
            let own =
                |v: &usize| problem.variables[*v].position == row && problem.variables[*v].ratio.is_none();
            (0..problem.variables.len()).filter(own).collect()
        };
        let mut labels: Vec<(u32, i32)> = Vec::new();
        let mut families: Vec<Vec<usize>> = Vec::new();
        let mut turns: Vec<tiling::Item> = Vec::new();
        let mut numbers: Vec<usize> = Vec::new();
        for item in &problem.sequence {
            match *item {
                Item::Label(row) => {
                    let family = family(row);
                    if !family.is_empty() {
                        labels.push((numbers.len() as u32, row));
                        turns.push(tiling::Item::Label(family.len()));
                        families.push(family);
                    }
                }
                Item::Number(t) if problem.tokens[t].ratio.is_none() && !problem.tokens[t].place => {
                    text.runs[t] = labels.len() as u32;
                    turns.push(tiling::Item::Number);
                    numbers.push(t);
                }
                Item::Number(_) => {}
            }
        }
        text.order = trust(&labels, labels.len() as f64);
        // Where lines tie most numbers, what is left is not written in turns.
        let tied = problem.tokens.iter().filter(|t| t.only.is_some()).count();
        if tied * 3 <= count {
            for (t, owners) in numbers.into_iter().zip(tiling::owners(&turns).unwrap_or_default()) {
                let spread = |(label, share): (usize, f64)| families[label].iter().map(move |&v| (v, share));
                text.beside[t] = owners.into_iter().flat_map(spread).collect();
            }
        }
        text
    }
}

/// How far the order of a text can be trusted: the share of order against chance that makes the labels,
/// given as (run, position in the form) in the order of the text, likeliest.
fn trust(labels: &[(u32, i32)], count: f64) -> f64 {
    let likelihood = |order: f64| -> f64 {
        let mut chain = Chain::default();
        labels.iter().map(|&(run, position)| chain.step(run, position, order, count).ln()).sum()
    };
    let candidates = (0..=9).map(|tenth| f64::from(tenth) / 10.0);
    candidates.max_by(|a, b| likelihood(*a).total_cmp(&likelihood(*b))).unwrap_or(0.0)
}

/// Goes through the assignments within `domains` and adds up their weights; `None` when the budget ends first.
pub(super) fn weigh(problem: &Problem, domains: &[Domain]) -> Option<Found> {
    let count = problem.variables.len();
    let options: Vec<Vec<usize>> = (0..problem.tokens.len())
        .map(|t| (0..count).filter(|&v| domains[v].tokens >> t & 1 == 1).collect())
        .collect();
    let mut search = Search {
        problem,
        text: Text::new(problem),
        options,
        domains,
        given: vec![None; count],
        best: f64::NEG_INFINITY,
        found: Vec::new(),
        steps: 0,
        bound: Vec::new(),
    };
    search.bound = search.bounds();
    if !search.descend(0, 0.0, Chains::default()) || search.found.is_empty() {
        return None;
    }
    let mut shares: Vec<Vec<(Choice, f64)>> =
        domains.iter().map(|d| d.iter().map(|c| (c, 0.0)).collect()).collect();
    let mut total = 0.0;
    for (weight, given) in &search.found {
        let weight = (weight - search.best).exp();
        total += weight;
        for (v, choice) in given.iter().enumerate() {
            if let Some((_, sum)) = shares[v].iter_mut().find(|(c, _)| c == choice) {
                *sum += weight;
            }
        }
    }
    for (_, share) in shares.iter_mut().flatten() {
        *share /= total;
    }
    let best = search.found.iter().max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, given)| given.clone());
    Some((shares, best?))
}

/// The chain along all numbers, and those along counts and along shares.
#[derive(Clone, Copy, Debug, Default)]
struct Chains {
    all: Chain,
    counts: Chain,
    shares: Chain,
}

/// Where a chain stands: the run and label of its last number, and the probability that it runs forwards.
#[derive(Clone, Copy, Debug)]
struct Chain {
    last: Option<(u32, i32)>,
    forwards: f64,
}

impl Default for Chain {
    fn default() -> Self {
        Self { last: None, forwards: 0.5 }
    }
}

impl Chain {
    /// Goes on to the label at `position`; gives the probability of the step.
    fn step(&mut self, run: u32, position: i32, order: f64, labels: f64) -> f64 {
        let Some((before, from)) = self.last.replace((run, position)) else { return 1.0 };
        if before != run {
            self.forwards = 0.5;
            return 1.0;
        }
        let near = match (position - from).abs() {
            0 => SAME,
            1 => NEXT,
            _ => (1.0 - SAME - NEXT) * 2.0 / labels,
        };
        let chance = |along: bool| match (position == from, along) {
            // A count and its share, in either order.
            (true, _) => near,
            (_, true) => near * (1.0 - AGAINST),
            (_, false) => near * AGAINST,
        };
        let mixed = |along: bool| order * chance(along) + (1.0 - order) / (2.0 * labels);
        let forwards = self.forwards * (1.0 - TURN) + (1.0 - self.forwards) * TURN;
        let (up, down) = (forwards * mixed(position > from), (1.0 - forwards) * mixed(position < from));
        self.forwards = up / (up + down);
        up + down
    }
}

struct Search<'p> {
    problem: &'p Problem,
    text: Text,
    /// The variables each token can belong to.
    options: Vec<Vec<usize>>,
    domains: &'p [Domain],
    given: Vec<Choice>,
    best: f64,
    found: Vec<(f64, Vec<Choice>)>,
    steps: u64,
    /// Upper bound of the weight that the tokens from here on can add.
    bound: Vec<f64>,
}

impl Search<'_> {
    fn bounds(&self) -> Vec<f64> {
        let mut bounds = vec![0.0; self.options.len() + 1];
        for t in (0..self.options.len()).rev() {
            let local = |v: &usize| self.local(*v, t);
            let token = &self.problem.tokens[t];
            let left = if token.optional() { token.stray } else { f64::NEG_INFINITY };
            let most = self.options[t].iter().map(local).fold(left, f64::max);
            bounds[t] = bounds[t + 1] + if most.is_finite() { most } else { 0.0 };
        }
        bounds
    }

    /// What the pair alone weighs.
    fn local(&self, v: usize, t: usize) -> f64 {
        let variable = &self.problem.variables[v];
        let label = if variable.labelled || self.problem.tokens[t].only.is_some() { 0.0 } else { UNLABELLED };
        label + OVERLAP * self.beside(v, t) - unusual(variable, &self.problem.tokens[t])
    }

    /// What it weighs that the token stands beside a label.
    fn beside(&self, v: usize, t: usize) -> f64 {
        let owners = &self.text.beside[t];
        if owners.is_empty() {
            return 0.0;
        }
        let share = owners.iter().find(|(u, _)| *u == v).map_or(0.0, |(_, share)| *share);
        let chance = 1.0 / self.problem.variables.len() as f64;
        (BESIDE * share + (1.0 - BESIDE) * chance).ln()
    }

    /// Decides the tokens from `t` on; false when the budget has ended.
    fn descend(&mut self, t: usize, weight: f64, chains: Chains) -> bool {
        self.steps += self.options.get(t).map_or(1, |o| o.len() as u64);
        if self.steps > self.problem.budget {
            return false;
        }
        if weight + self.bound[t] < self.best - NEGLIGIBLE {
            return true;
        }
        if t == self.options.len() {
            self.leaf(weight);
            return true;
        }
        let token = &self.problem.tokens[t];
        let labels = f64::from(self.problem.variables.iter().map(|v| v.position).max().unwrap_or(0)) + 1.0;
        let mut next: Vec<(f64, Option<usize>, Chains)> = Vec::with_capacity(self.options[t].len());
        for &v in &self.options[t] {
            if self.given[v].is_some() {
                continue;
            }
            let mut chains = chains;
            let (position, order) = (self.problem.variables[v].position, self.text.order);
            let kind =
                if self.problem.variables[v].places > 0 { &mut chains.shares } else { &mut chains.counts };
            let run = self.text.runs[t];
            let chance = if token.ratio.is_some() || token.place {
                1.0
            } else {
                kind.step(run, position, order, labels) * chains.all.step(run, position, order, labels)
            };
            next.push((weight + OVERLAP * chance.ln() + self.local(v, t), Some(v), chains));
        }
        if token.optional() {
            next.push((weight + token.stray, None, chains));
        } else if self.problem.tokens.len() > self.problem.variables.len() {
            next.push((weight - 2.0 * NEGLIGIBLE, None, chains));
        }
        // The heaviest first: what it finds prunes the others.
        next.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        for (weight, v, chains) in next {
            let Some(v) = v else {
                if !self.descend(t + 1, weight, chains) {
                    return false;
                }
                continue;
            };
            self.given[v] = Some(t);
            let whole = |rule: &super::Rule| {
                !rule.names(v)
                    || !rule.every(|u| self.given[u].is_some())
                    || rule.holds(self.problem, |u| self.given[u])
            };
            let go_on = !self.problem.rules.iter().all(whole) || self.descend(t + 1, weight, chains);
            self.given[v] = None;
            if !go_on {
                return false;
            }
        }
        true
    }

    fn leaf(&mut self, weight: f64) {
        let blank_allowed = |v: usize| self.given[v].is_some() || self.domains[v].blank;
        let holds = (0..self.given.len()).all(blank_allowed)
            && self.problem.rules.iter().all(|r| r.holds(self.problem, |u| self.given[u]));
        if !holds {
            return;
        }
        if weight > self.best {
            self.best = weight;
            self.found.retain(|(w, _)| *w >= weight - NEGLIGIBLE);
        }
        self.found.push((weight, self.given.clone()));
    }
}
