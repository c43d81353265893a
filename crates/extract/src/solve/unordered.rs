//! The weight of each assignment in a text whose numbers come in no order at all.
//!
//! Where cells were dumped at random, only the form speaks: units, bounds, sums, shares, orders, and the range in
//! which a measure usually lies. Assignments that break no rule are still many, because small numbers can change
//! places freely; but how they continue depends on little: which numbers are taken, and what the measures have
//! whose rules are still open. So they are added up state by state, all of them, and no assignment is looked at
//! by itself.
//!
//! Numbers that meet a rule by chance are rare, so an assignment that explains why they do is likelier than one
//! that leaves the rule without numbers (a null mark for the total asks nothing of its parts).

use std::collections::BTreeMap;

use super::loose::Found;
use super::support::Domain;
use super::weigh::local;
use super::{Choice, Problem, Rule};

/// What it weighs (natural logarithm) that a rule holds for the numbers it is given: the inverse of the chance
/// that random numbers of a table meet it.
const SUM_HOLDS: f64 = 6.0;
const SHARE_HOLDS: f64 = 5.0;
const ORDER_HOLDS: f64 = 0.5;
const SAME_HOLDS: f64 = 3.0;
/// What it weighs that a number is printed with fewer decimal places than the measure has.
const CUT: f64 = -4.0;
/// States that cannot come to weigh more than all that was found first, less this much (natural logarithm), are
/// left out.
const NEGLIGIBLE: f64 = 12.0;
/// States of each layer that a first look follows.
const WIDTH: usize = 1_000;
/// Measures whose rules are open at a time, and the bits that hold what one of them has.
const MOST_OPEN: usize = 9;
const BITS: u32 = 7;

/// What the assignments that lead here have in common.
type Key = (u64, u64);

#[derive(Clone, Copy)]
struct State {
    key: Key,
    /// Sum of the weights of all beginnings that lead here, and of the heaviest of them.
    sum: f64,
    heaviest: f64,
    /// The last step of the heaviest one: the state before it, and what it gives.
    before: (u32, Choice),
    /// Sum of the weights of all that can follow.
    rest: f64,
}

/// The states behind each turn, and the steps between them.
type Layers = Vec<Vec<State>>;
type Steps = Vec<Vec<Step>>;

#[derive(Clone, Copy)]
struct Step {
    from: u32,
    to: u32,
    choice: Choice,
    weight: f64,
}

/// For each variable its choices with their share of the weight, and the heaviest assignment; `None` when there are
/// too many states, or no assignment.
pub(super) fn weigh(problem: &Problem, domains: &[Domain]) -> Option<Found> {
    if problem.owed() > problem.variables.len() {
        return None;
    }
    let plan = plan(problem, domains)?;
    let owed = (0..problem.tokens.len()).filter(|&t| !problem.tokens[t].optional());
    let owed: u64 = owed.fold(0, |set, t| set | 1 << t);
    let search = Search { problem, domains, plan, owed };
    // A first look at the heaviest beginnings says how light the others may be.
    let (layers, _) = search.run(0.0, WIDTH)?;
    let (mut layers, steps) = search.run(total(&layers) * (-NEGLIGIBLE).exp(), usize::MAX)?;
    let total = total(&layers);
    let plan = search.plan;
    if total.is_nan() || total <= 0.0 {
        return None;
    }
    let mut shares: Vec<Vec<(Choice, f64)>> = vec![Vec::new(); problem.variables.len()];
    for at in (0..plan.len()).rev() {
        let (before, behind) = layers.split_at_mut(at + 1);
        let share = &mut shares[plan[at].variable];
        for step in &steps[at] {
            let rest = step.weight * behind[0][step.to as usize].rest;
            let from = &mut before[at][step.from as usize];
            from.rest += rest;
            let part = from.sum * rest / total;
            match share.iter_mut().find(|(choice, _)| *choice == step.choice) {
                Some((_, sum)) => *sum += part,
                None => share.push((step.choice, part)),
            }
        }
    }
    let best = heaviest(&layers, &plan, problem.variables.len())?;
    Some((shares, best))
}

/// What is decided in turn.
struct Turn {
    variable: usize,
    /// The rules that are decided with it.
    closed: Vec<Rule>,
    /// The variables whose rules are open before it, and behind it.
    open: Vec<usize>,
    open_behind: Vec<usize>,
    /// The rules that are open before it.
    pending: Vec<Rule>,
}

/// The order in which variables are decided: those of the rules that few numbers meet first, and so that few rules are
/// open at a time.
fn plan(problem: &Problem, domains: &[Domain]) -> Option<Vec<Turn>> {
    let count = problem.variables.len();
    let rules: Vec<Vec<usize>> = problem.rules.iter().map(Rule::variables).collect();
    let mut decided = vec![false; count];
    let mut turns: Vec<Turn> = Vec::with_capacity(count);
    let open_with = |decided: &[bool], next: Option<usize>| -> Vec<usize> {
        let is = |v: usize| decided[v] || next == Some(v);
        let open = |v: &usize| is(*v) && rules.iter().any(|r| r.contains(v) && r.iter().any(|&u| !is(u)));
        (0..count).filter(open).collect()
    };
    for _ in 0..count {
        let ruled = |v: usize| rules.iter().any(|r| r.contains(&v));
        let selective = |v: usize| {
            problem.rules.iter().any(|r| r.names(v) && matches!(r, Rule::Sum { .. } | Rule::Share { .. }))
        };
        let related =
            |v: usize| rules.iter().any(|r| r.contains(&v) && r.iter().any(|&u| u != v && decided[u]));
        let cost = |v: &usize| {
            let open = open_with(&decided, Some(*v)).len();
            (!ruled(*v), !selective(*v), !related(*v), open, domains[*v].len(), *v)
        };
        let variable = (0..count).filter(|&v| !decided[v]).min_by_key(cost)?;
        let (open, open_behind) = (open_with(&decided, None), open_with(&decided, Some(variable)));
        let is_pending = |r: &&Rule| !r.every(|u| !decided[u]) && !r.every(|u| decided[u]);
        let pending = problem.rules.iter().filter(is_pending).cloned().collect();
        decided[variable] = true;
        let whole = |r: &&Rule| r.names(variable) && r.every(|u| decided[u]);
        let closed = problem.rules.iter().filter(whole).cloned().collect();
        if open_behind.len() > MOST_OPEN {
            return None;
        }
        turns.push(Turn { variable, closed, open, open_behind, pending });
    }
    Some(turns)
}

/// Sum of the weights of all assignments.
fn total(layers: &[Vec<State>]) -> f64 {
    layers.last().map_or(0.0, |last| last.iter().map(|s| s.sum * s.rest).sum())
}

struct Search<'p> {
    problem: &'p Problem,
    domains: &'p [Domain],
    plan: Vec<Turn>,
    /// The numbers that must have a measure.
    owed: u64,
}

impl Search<'_> {
    /// The states of all layers that can come to weigh `least`, of each layer no more than the heaviest so many,
    /// and the steps between them.
    fn run(&self, least: f64, width: usize) -> Option<(Layers, Steps)> {
        let mut left = self.problem.budget;
        let mut layers =
            vec![vec![State { key: (0, 0), sum: 1.0, heaviest: 1.0, before: (0, None), rest: 0.0 }]];
        let mut steps: Vec<Vec<Step>> = Vec::with_capacity(self.plan.len());
        for (at, most) in self.most_behind().into_iter().enumerate() {
            let floor = least / most;
            let states = layers.last()?;
            let floor = match states.len().checked_sub(width) {
                Some(light @ 1..) => {
                    let mut sums: Vec<f64> = states.iter().map(|s| s.sum).collect();
                    *sums.select_nth_unstable_by(light, f64::total_cmp).1
                }
                _ => floor,
            };
            let (states, taken) = self.follow(at, states, floor, &mut left)?;
            layers.push(states);
            steps.push(taken);
        }
        for state in layers.last_mut()? {
            let free = (0..self.problem.tokens.len()).filter(|t| state.key.0 >> t & 1 == 0);
            state.rest = free.map(|t| self.problem.tokens[t].stray).sum::<f64>().exp();
        }
        Some((layers, steps))
    }

    /// The most that what is decided from each turn on can weigh.
    fn most_behind(&self) -> Vec<f64> {
        let mut sum = 0.0;
        let mut out: Vec<f64> = self
            .plan
            .iter()
            .rev()
            .map(|turn| {
                let own = |t: usize| pair(self.problem, turn.variable, t);
                let most = self.domains[turn.variable].iter().map(|c| c.map_or(0.0, own));
                sum += most.fold(f64::NEG_INFINITY, f64::max) + turn.closed.iter().map(holds).sum::<f64>();
                f64::exp(sum)
            })
            .collect();
        out.reverse();
        out
    }

    /// All states behind one more variable, and the steps that lead there.
    fn follow(
        &self,
        at: usize,
        states: &[State],
        floor: f64,
        left: &mut u64,
    ) -> Option<(Vec<State>, Vec<Step>)> {
        let turn = &self.plan[at];
        let after = self.plan.len() - at - 1;
        let mut given: Vec<Choice> = vec![None; self.problem.variables.len()];
        let mut index: BTreeMap<Key, u32> = BTreeMap::new();
        let (mut next, mut steps): (Vec<State>, Vec<Step>) = (Vec::new(), Vec::new());
        for (from, state) in states.iter().enumerate() {
            unpack(state.key.1, &turn.open, &mut given);
            // Rules that have got no number for one of their measures will not be met.
            let number = |v: usize| given[v].is_some_and(|t| self.problem.tokens[t].value.is_some());
            let unmet = |r: &&Rule| turn.open.iter().any(|&v| r.names(v) && !number(v));
            let lost: f64 = turn.pending.iter().filter(unmet).map(holds).sum();
            if state.sum * (-lost).exp() < floor {
                continue;
            }
            for choice in self.domains[turn.variable].iter() {
                let own = choice.map_or(0, |t| 1_u64 << t);
                let taken = state.key.0 | own;
                // Every number that is owed to a measure still finds one.
                if state.key.0 & own != 0 || (self.owed & !taken).count_ones() as usize > after {
                    continue;
                }
                *left = left.checked_sub(1)?;
                given[turn.variable] = choice;
                let held = turn.closed.iter().map(|rule| held(self.problem, rule, &given));
                let Some(held) = held.sum::<Option<f64>>() else { continue };
                let weight = (held + choice.map_or(0.0, |t| pair(self.problem, turn.variable, t))).exp();
                let key = (taken, pack(&turn.open_behind, &given));
                let to = *index.entry(key).or_insert(next.len() as u32);
                if to as usize == next.len() {
                    next.push(State { key, sum: 0.0, heaviest: 0.0, before: (0, None), rest: 0.0 });
                }
                let behind = &mut next[to as usize];
                behind.sum += state.sum * weight;
                if state.heaviest * weight > behind.heaviest {
                    behind.heaviest = state.heaviest * weight;
                    behind.before = (from as u32, choice);
                }
                steps.push(Step { from: from as u32, to, choice, weight });
            }
        }
        Some((next, steps))
    }
}

/// What it weighs that the number is the measure's.
fn pair(problem: &Problem, v: usize, t: usize) -> f64 {
    let whole = problem.tokens[t].value.is_some() && problem.tokens[t].places < problem.variables[v].places;
    local(problem, v, t) + if whole { CUT } else { 0.0 }
}

/// What it weighs that a rule holds for the numbers it is given.
fn holds(rule: &Rule) -> f64 {
    match rule {
        Rule::Sum { .. } => SUM_HOLDS,
        Rule::Share { .. } => SHARE_HOLDS,
        Rule::AtMost { .. } => ORDER_HOLDS,
        Rule::Same { .. } => SAME_HOLDS,
    }
}

/// What it weighs that the rule holds; `None` when it does not.
fn held(problem: &Problem, rule: &Rule, given: &[Choice]) -> Option<f64> {
    if !rule.holds(problem, |v| given[v]) {
        return None;
    }
    let known = rule.every(|v| given[v].is_some_and(|t| problem.tokens[t].value.is_some()));
    Some(if known { holds(rule) } else { 0.0 })
}

fn pack(variables: &[usize], given: &[Choice]) -> u64 {
    variables.iter().fold(0, |key, &v| key << BITS | given[v].map_or(0, |t| t as u64 + 1))
}

fn unpack(mut key: u64, variables: &[usize], given: &mut [Choice]) {
    for &v in variables.iter().rev() {
        let own = key & ((1 << BITS) - 1);
        given[v] = own.checked_sub(1).map(|t| t as usize);
        key >>= BITS;
    }
}

/// The heaviest assignment.
fn heaviest(layers: &[Vec<State>], plan: &[Turn], variables: usize) -> Option<Vec<Choice>> {
    let last = layers.last()?;
    let best = |a: &&State, b: &&State| (a.heaviest * a.rest).total_cmp(&(b.heaviest * b.rest));
    let mut state = last.iter().max_by(best)?;
    let mut given: Vec<Choice> = vec![None; variables];
    for (at, turn) in plan.iter().enumerate().rev() {
        let (before, choice) = state.before;
        given[turn.variable] = choice;
        state = &layers[at][before as usize];
    }
    Some(given)
}

#[cfg(test)]
mod tests {
    use super::super::{Answer, BUDGET, Problem, SCALE, SOLVED_ALONE, Token, Variable, scaled};
    use super::*;
    use rust_decimal::Decimal;

    fn variable(places: u32, typical: (i64, i64)) -> Variable {
        let (min, max) = (Some(0), (places > 0).then_some(100 * SCALE));
        let typical = Some((typical.0 * SCALE, typical.1 * SCALE));
        Variable { places, min, max, typical, labelled: true, ..Variable::default() }
    }

    fn token(text: &str) -> Token {
        let value: Option<Decimal> = text.parse().ok();
        let places = value.map_or(0, |v| v.scale());
        Token { value: value.and_then(scaled), places, stray: -8.0, ..Token::default() }
    }

    /// A total, its three parts with their shares, and five counts that nothing tells apart.
    fn table(numbers: &[&str]) -> Problem {
        let mut variables = vec![variable(0, (800, 20_000))];
        variables.extend(
            [(8, 35), (8, 30), (40, 80)]
                .into_iter()
                .flat_map(|share| [variable(0, (0, 20_000)), variable(1, share)]),
        );
        variables.extend((0..5).map(|_| variable(0, (1, 80))));
        let share = |part| Rule::Share { share: part + 1, part, total: 0 };
        let sum = Rule::Sum { total: 0, parts: vec![1, 3, 5] };
        Problem {
            variables,
            tokens: numbers.iter().map(|n| token(n)).collect(),
            rules: vec![sum, share(1), share(3), share(5)],
            sequence: Vec::new(),
            budget: BUDGET,
        }
    }

    fn solved(problem: &Problem, answer: &Answer) -> Option<i64> {
        let (choice, weight) = answer.choices.first()?;
        problem.tokens[(*choice).filter(|_| *weight >= SOLVED_ALONE)?].value
    }

    #[test]
    fn arithmetic_tells_a_total_and_its_largest_part_though_null_marks_may_be_anywhere() {
        let numbers = ["13", "59.1", "-", "2214", "33", "376", "17.0", "8", "530", "1308", "23.9", "5"];
        let problem = table(&numbers);
        let outcome = problem.solve();
        let solved: Vec<Option<i64>> = outcome.answers.iter().map(|a| solved(&problem, a)).collect();
        assert_eq!(solved[0], Some(2214 * SCALE));
        assert_eq!(solved[5..7], [Some(1308 * SCALE), Some(591_000)]);
        // Which of the two others is which, and which of the five, nobody knows.
        assert!(solved[1..5].iter().chain(&solved[7..]).all(Option::is_none), "{solved:?}");
        assert!(!outcome.exhausted);
    }

    #[test]
    fn two_sums_that_both_hold_leave_the_total_open() {
        // 30 = 10 + 20 and 40 = 10 + 30; no shares are printed, and any of them is usual.
        let mut problem = table(&[]);
        problem.variables = (0..4).map(|_| variable(0, (1, 80))).collect();
        problem.rules = vec![Rule::Sum { total: 0, parts: vec![1, 2] }];
        problem.tokens = ["10", "20", "30", "40"].map(token).into();
        let domains = super::super::support::free(&problem);
        let (shares, best) = weigh(&problem, &domains).unwrap();
        let total: f64 = shares[0].iter().map(|(_, share)| share).sum();
        assert!((total - 1.0).abs() < 1e-9 && shares[0].len() > 1, "{shares:?}");
        assert!(shares[0].iter().all(|(_, share)| *share < SOLVED_ALONE), "{shares:?}");
        assert!(problem.rules[0].holds(&problem, |v| best[v]));
    }
}
