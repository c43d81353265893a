//! The weight of each assignment.
//!
//! A document was written by one of the [grammars](super::grammar), or in no order at all. Under each grammar
//! an assignment has a probability: that of the walk over the rows which it makes of the text's labels and
//! numbers, that of its values (a form gives the range in which nearly all values of a measure lie), that of the
//! units printed behind the numbers, and that of each rule of the form it breaks: a table that is clear about
//! its order may be wrong in its sums. What all assignments of a grammar weigh together says how likely the
//! document was written by it; the answer is the mixture.
//!
//! Where the document has no order, only assignments without a broken rule count. There may be too many of them
//! to look at; then an upper bound of their number stands for them, as weight that speaks for no value.

use super::grammar::{GRAMMARS, Grammar, SHUFFLED, Walk, apart};
use super::support::Domain;
use super::{Choice, Item, Problem, Token, Variable};

/// Weight (natural logarithm) of a number that belongs to a measure whose label is not in the text.
const UNLABELLED: f64 = -4.0;
/// Assignments lighter than the heaviest by this much (natural logarithm) are left out: the first of these that
/// the budget allows.
const NEGLIGIBLE: [f64; 3] = [12.0, 8.0, 5.0];
/// A whole grammar that weighs less than the others by this much (natural logarithm) is left out.
const HOPELESS: f64 = 9.0;

/// What [`weigh`] found.
pub(crate) struct Weights {
    /// For each variable its choices with their share of the weight.
    pub shares: Vec<Vec<(Choice, f64)>>,
    /// The heaviest assignment.
    pub best: Vec<Choice>,
    /// Share of the weight that lies with documents written in an order.
    pub ordered: f64,
    pub exhausted: bool,
}

/// How unusual the value is for the variable: 0 inside its typical range, growing outside by one for each
/// standard deviation. The range is taken for four standard deviations of the value's logarithm.
pub(crate) fn unusual(variable: &Variable, token: &Token) -> f64 {
    let (Some((low, high)), Some(value)) = (variable.typical, token.value) else { return 0.0 };
    let one = super::SCALE as f64;
    let ratio = |more: i64, less: i64| ((more as f64 + one) / (less as f64 + one)).ln();
    let beyond = if value < low { ratio(low, value) } else { ratio(value, high) };
    let deviation = (ratio(high, low) / 4.0).max(0.05);
    (beyond / deviation).clamp(0.0, 8.0)
}

/// Adds up the weights of the assignments; `domains` is what assignments without a broken rule allow, and
/// `None` when there is no such assignment.
pub(crate) fn weigh(problem: &Problem, domains: Option<&[Domain]>) -> Weights {
    let count = problem.variables.len();
    let mut found: Vec<Found> = Vec::new();
    let mut heaviest = f64::NEG_INFINITY;
    let mut exhausted = false;
    for grammar in &GRAMMARS {
        let prior = grammar.share.ln();
        let mut result = None;
        for negligible in NEGLIGIBLE {
            let mut search = Search::new(problem, Some(grammar), None, prior);
            search.floor = heaviest - HOPELESS;
            search.negligible = negligible;
            if search.run() {
                result = Some(search.found);
                break;
            }
        }
        let Some(result) = result else {
            exhausted = true;
            continue;
        };
        heaviest = heaviest.max(result.total());
        found.push(result);
    }
    let rows = problem.rows();
    let labels: Vec<i32> = problem.sequence.iter().filter_map(Item::label).collect();
    let prior = SHUFFLED.ln() + apart(&labels, rows);
    let mut elsewhere = f64::NEG_INFINITY;
    if let Some(domains) = domains {
        let bound = prior + bound(problem, domains, rows);
        if bound < heaviest - HOPELESS {
            elsewhere = bound;
        } else {
            let mut search = Search::new(problem, None, Some(domains), prior);
            search.negligible = NEGLIGIBLE[0];
            if search.run() {
                found.push(search.found);
            } else {
                elsewhere = bound;
                exhausted = exhausted || found.is_empty();
            }
        }
    }
    let top = found.iter().map(Found::total).fold(elsewhere, f64::max);
    let mut shares: Vec<Vec<(Choice, f64)>> = vec![Vec::new(); count];
    let mut best: Option<(f64, Vec<Choice>)> = None;
    let (mut ordered, mut all) = (0.0, (elsewhere - top).exp());
    for (i, result) in found.into_iter().enumerate() {
        let weight = (result.total() - top).exp();
        all += weight;
        if i < GRAMMARS.len() {
            ordered += weight;
        }
        for (v, choices) in result.shares(problem).into_iter().enumerate() {
            for (choice, share) in choices {
                match shares[v].iter_mut().find(|(c, _)| *c == choice) {
                    Some((_, sum)) => *sum += share * weight,
                    None => shares[v].push((choice, share * weight)),
                }
            }
        }
        if best.as_ref().is_none_or(|(w, _)| result.best.0 > *w) {
            best = Some(result.best);
        }
    }
    for (_, share) in shares.iter_mut().flatten() {
        *share /= all;
    }
    let best = best.map_or_else(|| vec![None; count], |(_, given)| given);
    Weights { shares, best, ordered: ordered / all, exhausted }
}

/// Logarithm of an upper bound of what all assignments within the domains weigh where numbers come in no order:
/// the bound of Minc and Brègman on the number of matchings.
fn bound(problem: &Problem, domains: &[Domain], rows: f64) -> f64 {
    let mut sum = 0.0;
    for t in 0..problem.tokens.len() {
        let options = domains.iter().filter(|d| d.tokens >> t & 1 == 1).count();
        let options = options + usize::from(problem.tokens[t].optional());
        let factorial: f64 = (1..=options).map(|i| (i as f64).ln()).sum();
        sum += factorial / options.max(1) as f64 - rows.ln();
    }
    sum
}

/// What a search has added up.
struct Found {
    /// The heaviest assignment and its weight.
    best: (f64, Vec<Choice>),
    /// The logarithm that all sums are scaled by.
    scale: f64,
    /// For each variable the weights of its tokens, and that of no token.
    sums: Vec<Vec<f64>>,
    total: f64,
}

impl Found {
    fn total(&self) -> f64 {
        if self.total > 0.0 { self.total.ln() + self.scale } else { f64::NEG_INFINITY }
    }

    fn shares(&self, problem: &Problem) -> Vec<Vec<(Choice, f64)>> {
        let choice = |i: usize| (i < problem.tokens.len()).then_some(i);
        let share = |sums: &Vec<f64>| {
            let some = sums.iter().enumerate().filter(|(_, s)| **s > 0.0);
            some.map(|(i, s)| (choice(i), s / self.total)).collect()
        };
        self.sums.iter().map(share).collect()
    }
}

struct Search<'p> {
    problem: &'p Problem,
    /// `None`: numbers come in no order.
    grammar: Option<&'p Grammar>,
    /// The variables each token can belong to.
    options: Vec<Vec<usize>>,
    /// Variables that may be blank.
    blank: Vec<bool>,
    /// The labels behind each token; before the first one: those in front of it.
    labels: Vec<Vec<i32>>,
    given: Vec<Choice>,
    found: Found,
    rows: f64,
    prior: f64,
    floor: f64,
    negligible: f64,
    steps: u64,
    /// Upper bound of the weight that the tokens from here on can add, by the state the walk is in.
    bound: Vec<Vec<f64>>,
}

/// A state of the walk: no number yet, or the variable of the last one, open or not.
fn state(number: Option<(usize, bool)>) -> usize {
    number.map_or(0, |(v, open)| 1 + 2 * v + usize::from(open))
}

impl<'p> Search<'p> {
    fn new(
        problem: &'p Problem,
        grammar: Option<&'p Grammar>,
        domains: Option<&[Domain]>,
        prior: f64,
    ) -> Self {
        let (count, tokens) = (problem.variables.len(), problem.tokens.len());
        let can = |v: usize, t: usize| match domains {
            Some(domains) => domains[v].tokens >> t & 1 == 1,
            None => problem.fits(v, t),
        };
        let mut labels: Vec<Vec<i32>> = vec![Vec::new()];
        for item in &problem.sequence {
            match item {
                Item::Label(row) => labels.last_mut().into_iter().for_each(|l| l.push(*row)),
                Item::Number(_) => labels.push(Vec::new()),
            }
        }
        labels.resize(tokens + 1, Vec::new());
        let mut search = Self {
            problem,
            grammar,
            options: (0..tokens).map(|t| (0..count).filter(|&v| can(v, t)).collect()).collect(),
            blank: (0..count).map(|v| domains.is_none_or(|d| d[v].blank)).collect(),
            labels,
            given: vec![None; count],
            found: Found {
                best: (f64::NEG_INFINITY, vec![None; count]),
                scale: 0.0,
                sums: vec![vec![0.0; tokens + 1]; count],
                total: 0.0,
            },
            rows: problem.rows(),
            prior,
            floor: f64::NEG_INFINITY,
            negligible: NEGLIGIBLE[0],
            steps: 0,
            bound: Vec::new(),
        };
        search.bound = search.bounds();
        search
    }

    /// The heaviest walk from each state on, where a measure may have any number of numbers and rules are not
    /// looked at.
    fn bounds(&self) -> Vec<Vec<f64>> {
        let (count, tokens) = (self.given.len(), self.options.len());
        let row = |v: usize| self.problem.variables[v].position;
        let sibling = |v: usize| (0..count).any(|u| u != v && row(u) == row(v));
        let mut bounds = vec![vec![0.0; 1 + 2 * count]; tokens + 1];
        let mut before: Vec<Option<i32>> = vec![None];
        for labels in &self.labels {
            before.push(labels.last().copied().or(before.last().copied().flatten()));
        }
        for t in (0..tokens).rev() {
            let start = before[t].map_or_else(Walk::default, |row| Walk::default().to_label(row));
            let here = |number: Option<(usize, bool)>| {
                let walk = number.map_or(start, |(v, open)| start.to_number(row(v), open));
                self.labels[t].iter().fold(walk, |walk, label| walk.to_label(*label))
            };
            // What comes behind the number does not ask where the walk was before it.
            let behind: Vec<(usize, f64)> = self.options[t]
                .iter()
                .map(|&v| {
                    let after = |open: bool| {
                        let walk = here(None).to_number(row(v), open);
                        self.labels_behind(t + 1, 0.0, walk).0 + bounds[t + 1][state(Some((v, open)))]
                    };
                    let most = if sibling(v) { after(true).max(after(false)) } else { after(false) };
                    (v, most + self.local(v, t))
                })
                .collect();
            let stray = self.problem.tokens[t].stray;
            let states = (0..count).flat_map(|v| [Some((v, false)), Some((v, true))]).chain([None]);
            for number in states {
                let walk = here(number);
                let left = self.labels_behind(t + 1, stray, walk).0 + bounds[t + 1][state(number)];
                let step = |(v, most): &(usize, f64)| self.step(&walk, *v) + most;
                bounds[t][state(number)] = behind.iter().map(step).fold(left, f64::max);
            }
        }
        bounds
    }

    /// What the step to a variable weighs.
    fn step(&self, walk: &Walk, v: usize) -> f64 {
        match self.grammar {
            Some(grammar) => grammar.number(walk, self.problem.variables[v].position, self.rows).ln(),
            None => -self.rows.ln(),
        }
    }

    /// Looks at all assignments that weigh enough; false when the budget has ended.
    fn run(&mut self) -> bool {
        let (weight, walk) = self.labels_behind(0, self.prior, Walk::default());
        self.found.scale = weight + self.bound[0][0];
        !self.found.scale.is_finite() || self.descend(0, weight, walk, None)
    }

    /// What the pair alone weighs.
    fn local(&self, v: usize, t: usize) -> f64 {
        let (variable, token) = (&self.problem.variables[v], &self.problem.tokens[t]);
        let label = if variable.labelled || token.only.is_some() { 0.0 } else { UNLABELLED };
        let unit = token.next_unit.as_ref().map_or(0.0, |next| next.weight(&variable.unit));
        label + unit + token.kept - unusual(variable, token)
    }

    /// Goes over the labels behind the token before `t`.
    fn labels_behind(&self, t: usize, mut weight: f64, mut walk: Walk) -> (f64, Walk) {
        let Some(grammar) = self.grammar else { return (weight, walk) };
        for &row in &self.labels[t] {
            weight += grammar.label(&walk, row, self.rows).ln();
            walk = walk.to_label(row);
        }
        (weight, walk)
    }

    /// Decides the tokens from `t` on; false when the budget has ended.
    fn descend(&mut self, t: usize, weight: f64, walk: Walk, number: Option<(usize, bool)>) -> bool {
        self.steps += self.options.get(t).map_or(1, |o| o.len() as u64);
        if self.steps > self.problem.budget {
            return false;
        }
        let least = (self.found.best.0 - self.negligible).max(self.floor);
        if weight + self.bound[t][state(number)] < least {
            return true;
        }
        if t == self.options.len() {
            self.leaf(weight);
            return true;
        }
        let mut next: Vec<(f64, f64, Option<(usize, bool)>, Walk)> = Vec::with_capacity(self.options[t].len() + 1);
        for &v in &self.options[t] {
            if self.given[v].is_some() {
                continue;
            }
            let row = self.problem.variables[v].position;
            let open = self.problem.variables.iter().enumerate().any(|(u, other)| {
                u != v && other.position == row && self.given[u].is_none()
            });
            let weight = weight + self.step(&walk, v) + self.local(v, t);
            let (weight, walk) = self.labels_behind(t + 1, weight, walk.to_number(row, open));
            next.push((weight + self.bound[t + 1][state(Some((v, open)))], weight, Some((v, open)), walk));
        }
        let stray = self.problem.tokens[t].stray;
        if stray > f64::NEG_INFINITY && (self.grammar.is_some() || self.problem.tokens[t].optional()) {
            let (weight, walk) = self.labels_behind(t + 1, weight + stray, walk);
            next.push((weight + self.bound[t + 1][state(number)], weight, None, walk));
        }
        // The heaviest first: what it finds prunes the others.
        next.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.2.cmp(&b.2)));
        for (_, weight, to, walk) in next {
            let Some((v, _)) = to else {
                if !self.descend(t + 1, weight, walk, number) {
                    return false;
                }
                continue;
            };
            self.given[v] = Some(t);
            let cost: f64 = self
                .problem
                .rules
                .iter()
                .filter(|r| r.names(v) && r.variables().iter().all(|&u| self.given[u].is_some()))
                .map(|r| self.broken(r))
                .sum();
            let go_on = cost == f64::NEG_INFINITY || self.descend(t + 1, weight + cost, walk, to);
            self.given[v] = None;
            if !go_on {
                return false;
            }
        }
        true
    }

    /// What a rule takes off.
    fn broken(&self, rule: &super::Rule) -> f64 {
        if rule.holds(self.problem, |u| self.given[u]) {
            0.0
        } else if self.grammar.is_some() {
            rule.broken(|u| self.problem.blank(self.given[u]))
        } else {
            f64::NEG_INFINITY
        }
    }

    fn leaf(&mut self, weight: f64) {
        if (0..self.given.len()).any(|v| self.given[v].is_none() && !self.blank[v]) {
            return;
        }
        let open = |r: &&super::Rule| r.variables().iter().any(|&u| self.given[u].is_none());
        let cost: f64 = self.problem.rules.iter().filter(open).map(|r| self.broken(r)).sum();
        let weight = weight + cost;
        if weight == f64::NEG_INFINITY {
            return;
        }
        if weight > self.found.best.0 {
            self.found.best = (weight, self.given.clone());
        }
        let share = (weight - self.found.scale).exp();
        self.found.total += share;
        let none = self.problem.tokens.len();
        for (sums, choice) in self.found.sums.iter_mut().zip(&self.given) {
            sums[choice.unwrap_or(none)] += share;
        }
    }
}
