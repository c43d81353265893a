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
use super::support::{self, Domain};
use super::{Choice, Item, Problem, Token, Variable};

/// Weight (natural logarithm) of a number that belongs to a measure whose label is not in the text.
const UNLABELLED: f64 = -4.0;
/// Beginnings of assignments that cannot come to weigh more than the heaviest ones less this much (natural
/// logarithm) are left out, and those beyond the heaviest so many.
const NEGLIGIBLE: f64 = 16.0;
const WIDTH: usize = 1_500;
/// The same for a second look at what a first one leaves in doubt.
const WIDE: usize = 8_000;
/// Steps of a walk are not as independent as they are taken for: all weights count by this much.
const TEMPER: f64 = 0.8;
/// What it weighs that a text without order has a number more than there are measures.
const EXCESS: f64 = -6.0;
/// What beginnings that were cut off weigh less than they may, where all that break no rule were followed.
const BROKEN: f64 = -12.0;
/// What it weighs that a text without order breaks some rule.
const CONTRADICTION: f64 = -3.0;
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
    let rows = problem.rows();
    let labels: Vec<i32> = problem.sequence.iter().filter_map(Item::label).collect();
    let shuffled = SHUFFLED.ln() + apart(&labels, rows);
    let bound = if let Some(domains) = domains {
        shuffled + matchings(problem, domains, rows)
    } else {
        shuffled + CONTRADICTION + matchings(problem, &support::free(problem), rows)
    };
    let loose = domains.map(|_| Search::new(problem, None, domains, shuffled, f64::NEG_INFINITY).run(WIDTH));
    let loose = loose.filter(|found| !found.cut);
    let bound = loose.as_ref().map_or(bound, Found::total);
    for grammar in &GRAMMARS {
        let floor = heaviest.max(bound) - HOPELESS;
        let prior = grammar.share.ln();
        // Assignments without a broken rule are fewer, so that the search among them goes further.
        let strict = domains.map(|_| {
            let search = Search::new(problem, Some(grammar), domains, prior, floor);
            let found = search.run(WIDTH);
            let doubtful = found.cut && found.lost > found.total() - 9.0;
            if doubtful { search.run(WIDE) } else { found }
        });
        let result = Search::new(problem, Some(grammar), None, prior, floor).run(WIDTH);
        let cut = strict.as_ref().map_or(result.lost, |strict| strict.lost.max(result.lost + BROKEN));
        let mut result = match strict {
            Some(strict) if strict.total() > result.total() + 0.1 => strict,
            _ => result,
        };
        result.lost = cut;
        heaviest = heaviest.max(result.total());
        found.push(result);
    }
    let mut elsewhere = f64::NEG_INFINITY;
    if let Some(loose) = loose {
        found.push(loose);
    } else {
        elsewhere = bound;
        exhausted = heaviest < bound;
    }
    let top = found.iter().map(Found::total).fold(elsewhere, f64::max);
    let mut shares: Vec<Vec<(Choice, f64)>> = vec![Vec::new(); count];
    let mut best: Option<(f64, Vec<Choice>)> = None;
    let lost: f64 = found.iter().map(|f| (TEMPER * (f.lost - top)).exp()).sum();
    let (mut ordered, mut all) = (0.0, (TEMPER * (elsewhere - top)).exp() + lost);
    for (i, result) in found.into_iter().enumerate() {
        let weight = (TEMPER * (result.total() - top)).exp();
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
fn matchings(problem: &Problem, domains: &[Domain], rows: f64) -> f64 {
    let mut sum = 0.0;
    for t in 0..problem.tokens.len() {
        let options = domains.iter().filter(|d| d.tokens >> t & 1 == 1).count();
        let options = options + usize::from(problem.tokens[t].optional());
        let factorial: f64 = (1..=options).map(|i| (i as f64).ln()).sum();
        let most = domains.iter().enumerate().filter(|(_, d)| d.tokens >> t & 1 == 1);
        let most = most.map(|(v, _)| local(problem, v, t)).fold(problem.tokens[t].stray, f64::max);
        sum += factorial / options.max(1) as f64 - rows.ln() + most;
    }
    let excess = problem.owed().saturating_sub(domains.len());
    sum + excess as f64 * EXCESS
}

/// What the pair alone weighs.
pub(super) fn local(problem: &Problem, v: usize, t: usize) -> f64 {
    let (variable, token) = (&problem.variables[v], &problem.tokens[t]);
    let label = if variable.labelled || token.only.is_some() { 0.0 } else { UNLABELLED };
    let unit = token.next_unit.as_ref().map_or(0.0, |next| next.weight(&variable.unit));
    label + unit + token.kept - unusual(variable, token)
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
    /// There were more beginnings than could be followed.
    cut: bool,
    /// Logarithm of what those can have come to weigh.
    lost: f64,
}

impl Found {
    fn total(&self) -> f64 {
        if self.total > 0.0 { self.total.ln() / TEMPER + self.scale } else { f64::NEG_INFINITY }
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
    rows: f64,
    floor: f64,
    /// Upper bound of the weight that the tokens from here on can add, by the state the walk is in.
    bound: Vec<Vec<f64>>,
    /// What stands before the first token, and what no assignment can weigh more than.
    start: Node,
    most: f64,
}

/// The beginning of an assignment, up to some token.
#[derive(Clone, Copy, Debug)]
struct Node {
    /// Index of the beginning that is one token shorter.
    parent: usize,
    /// The variable of its last token.
    given: Option<usize>,
    /// The variables of all its tokens, as a set of bits.
    taken: u64,
    weight: f64,
    walk: Walk,
    /// The last variable that was given, and whether its row has another one to come.
    number: Option<(usize, bool)>,
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
        floor: f64,
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
        let start =
            Node { parent: 0, given: None, taken: 0, weight: prior, walk: Walk::default(), number: None };
        let mut search = Self {
            problem,
            grammar,
            options: (0..tokens).map(|t| (0..count).filter(|&v| can(v, t)).collect()).collect(),
            blank: (0..count).map(|v| domains.is_none_or(|d| d[v].blank)).collect(),
            labels,
            rows: problem.rows(),
            floor,
            bound: Vec::new(),
            start,
            most: 0.0,
        };
        search.bound = search.bounds();
        let (weight, walk) = search.labels_behind(0, prior, Walk::default());
        search.start = Node { weight, walk, ..start };
        search.most = weight + search.bound[0][0];
        search
    }

    /// The heaviest walk from each state on, where a measure may have any number of numbers and rules are not
    /// looked at.
    fn bounds(&self) -> Vec<Vec<f64>> {
        let (count, tokens) = (self.problem.variables.len(), self.options.len());
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
                    (v, most + local(self.problem, v, t))
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

    /// Goes over the labels behind the token before `t`.
    fn labels_behind(&self, t: usize, mut weight: f64, mut walk: Walk) -> (f64, Walk) {
        let Some(grammar) = self.grammar else { return (weight, walk) };
        for &row in &self.labels[t] {
            weight += grammar.label(&walk, row, self.rows).ln();
            walk = walk.to_label(row);
        }
        (weight, walk)
    }

    /// Follows the heaviest beginnings, token by token.
    fn run(&self, width: usize) -> Found {
        let (count, tokens) = (self.problem.variables.len(), self.options.len());
        let mut found = Found {
            best: (f64::NEG_INFINITY, vec![None; count]),
            scale: self.most,
            sums: vec![vec![0.0; tokens + 1]; count],
            total: 0.0,
            cut: false,
            lost: f64::NEG_INFINITY,
        };
        if !self.most.is_finite() || self.most < self.floor {
            return found;
        }
        let mut layers: Vec<Vec<Node>> = vec![vec![self.start]];
        let mut given: Vec<Choice> = vec![None; count];
        for t in 0..tokens {
            let mut next: Vec<(f64, Node)> = Vec::new();
            for parent in 0..layers[t].len() {
                assigned(&layers, parent, &mut given);
                self.follow(t, parent, layers[t][parent], &mut given, &mut next);
            }
            // The heaviest first; equals in the order of the form.
            next.sort_by(|a, b| {
                b.0.total_cmp(&a.0).then(a.1.taken.cmp(&b.1.taken)).then(a.1.parent.cmp(&b.1.parent))
            });
            let least = next.first().map_or(f64::INFINITY, |(most, _)| most - NEGLIGIBLE).max(self.floor);
            let kept = next.partition_point(|(most, _)| *most >= least);
            found.cut |= kept > width;
            if kept > width {
                let most = next[width].0;
                let sum: f64 = next[width..kept].iter().map(|(weight, _)| (weight - most).exp()).sum();
                found.lost = found.lost.max(most + sum.ln());
            }
            layers.push(next.into_iter().take(kept.min(width)).map(|(_, node)| node).collect());
        }
        for last in 0..layers[tokens].len() {
            assigned(&layers, last, &mut given);
            self.leaf(layers[tokens][last].weight, &given, &mut found);
        }
        found
    }

    /// All that a beginning goes on to, each with the most it can come to weigh.
    fn follow(&self, t: usize, parent: usize, node: Node, given: &mut [Choice], next: &mut Vec<(f64, Node)>) {
        let variables = &self.problem.variables;
        let mut push = |weight: f64, walk: Walk, given: Option<usize>, number: Option<(usize, bool)>| {
            let (weight, walk) = self.labels_behind(t + 1, weight, walk);
            let most = weight + self.bound[t + 1][state(number)];
            let taken = node.taken | given.map_or(0, |v| 1 << v);
            next.push((most, Node { parent, given, taken, weight, walk, number }));
        };
        for &v in self.options[t].iter().filter(|&&v| node.taken >> v & 1 == 0) {
            let row = variables[v].position;
            let other = |u: usize| u != v && variables[u].position == row && node.taken >> u & 1 == 0;
            let open = (0..variables.len()).any(other);
            given[v] = Some(t);
            let whole = |r: &&super::Rule| r.names(v) && r.every(|u| given[u].is_some());
            let cost: f64 = self.problem.rules.iter().filter(whole).map(|r| self.broken(r, given)).sum();
            given[v] = None;
            if cost > f64::NEG_INFINITY {
                let weight = node.weight + self.step(&node.walk, v) + local(self.problem, v, t) + cost;
                push(weight, node.walk.to_number(row, open), Some(v), Some((v, open)));
            }
        }
        let token = &self.problem.tokens[t];
        if self.grammar.is_some() || token.optional() {
            push(node.weight + token.stray, node.walk, None, node.number);
        }
    }

    /// What a rule takes off.
    fn broken(&self, rule: &super::Rule, given: &[Choice]) -> f64 {
        if rule.holds(self.problem, |u| given[u]) {
            0.0
        } else if self.grammar.is_some() {
            rule.broken(|u| self.problem.blank(given[u]))
        } else {
            f64::NEG_INFINITY
        }
    }

    fn leaf(&self, weight: f64, given: &[Choice], found: &mut Found) {
        if (0..given.len()).any(|v| given[v].is_none() && !self.blank[v]) {
            return;
        }
        let open = |r: &&super::Rule| !r.every(|u| given[u].is_some());
        let weight =
            weight + self.problem.rules.iter().filter(open).map(|r| self.broken(r, given)).sum::<f64>();
        if weight == f64::NEG_INFINITY {
            return;
        }
        if weight > found.best.0 {
            found.best = (weight, given.to_vec());
        }
        let share = (TEMPER * (weight - found.scale)).exp();
        found.total += share;
        let none = self.problem.tokens.len();
        for (sums, choice) in found.sums.iter_mut().zip(given) {
            sums[choice.unwrap_or(none)] += share;
        }
    }
}

/// What each variable has in the beginning of an assignment.
fn assigned(layers: &[Vec<Node>], mut at: usize, given: &mut [Choice]) {
    given.fill(None);
    for (t, layer) in layers.iter().enumerate().skip(1).rev() {
        let node = &layer[at];
        if let Some(v) = node.given {
            given[v] = Some(t - 1);
        }
        at = node.parent;
    }
}
