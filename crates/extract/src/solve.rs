//! The solver: which of the numbers on a sheet belongs to which measure.
//!
//! Numbers reach it in the order in which they stand in the input, measures in the order of the form.
//! Two searches follow each other:
//!
//! 1. [`support`] finds, for each measure, every number that some assignment without a broken rule gives
//!    it. The rules are hard: units, printed places, bounds, sums, shares, orders; every number has
//!    exactly one measure, and a measure at most one number. A measure with one value left is proved.
//! 2. [`weigh`] gives each assignment its weight: how well the order of labels and numbers is one in which
//!    programs write tables, how usual the values are, which rules are broken. A measure whose value holds
//!    most of the weight ([`Outcome::solves`]) is solved by it; any other is ambiguous. Where the text has no order, only what
//!    is proved is solved, or what [`loose`] finds: the order of runs that no grammar joins; or else what
//!    [`unordered`] finds by adding up all assignments that break no rule.
//!
//! Both have a budget. Past it, what is not proved is ambiguous, and the outcome says so.

mod grammar;
mod loose;
mod rules;
mod support;
mod tiling;
mod unordered;
mod weigh;

pub(crate) use rules::{Rule, share_holds};

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::sheet::Evidence;

/// Share of the weight of all assignments that a value must hold to count as solved.
const SOLVED: f64 = 0.95;
/// The same where only broken runs tell: on dumps made for it, what they gave 0.950 was wrong in one sheet,
/// with four tools alike.
const SOLVED_BY_RUNS: f64 = 0.96;

/// The same where numbers come in no order, and only what is usual weighs against what the rules allow.
const SOLVED_ALONE: f64 = 0.97;

/// The same of either where two may be exchanged.
const SOLVED_IF_EXCHANGED: f64 = 0.96;

/// The least weight with which each of two may have the other's number.
const EXCHANGED: f64 = 0.005;

/// The least weight with which a variable that is likely blank is a rival for a number.
const RIVAL: f64 = 0.02;

/// Steps either search may take: some 50 ms of one core.
pub(crate) const BUDGET: u64 = 1_000_000;

/// Values are compared as integers of this many to the unit, so that no rule depends on binary fractions.
const SCALE: i64 = 10_000;

/// A measure as the solver sees it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Variable {
    /// Its row: the place of its label among the labels of the text, in the order of the form. A count and its
    /// share have one.
    pub position: i32,
    /// It is the row of one of these ratios.
    pub ratio: Option<usize>,
    /// The canonical unit.
    pub unit: String,
    /// Decimal places that are printed; 0 for a count.
    pub places: u32,
    pub min: Option<i64>,
    pub max: Option<i64>,
    pub typical: Option<(i64, i64)>,
    /// Its label stands in the text.
    pub labelled: bool,
}

/// A number as the solver sees it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Token {
    /// The value; `None` for a null mark.
    pub value: Option<i64>,
    /// Printed decimal places.
    pub places: u32,
    /// The canonical unit printed with it.
    pub unit: Option<String>,
    /// The other number of a ratio; `value` is the one behind the stroke.
    pub first: Option<i64>,
    /// It is one of these ratios: only a row of theirs can have it.
    pub ratio: Option<usize>,
    /// A unit without a number: the place of a blank.
    pub place: bool,
    /// Layout leaves only these variables.
    pub only: Option<Vec<usize>>,
    /// The unit that stands behind it, though not beside it.
    pub next_unit: Option<NextUnit>,
    /// What it weighs (natural logarithm) that the number is no measure's, and that it is one's.
    pub stray: f64,
    pub kept: f64,
}

impl Token {
    /// True when the rules alone may leave it without a measure.
    pub(crate) fn optional(&self) -> bool {
        self.stray > OPTIONAL
    }
}

/// Numbers that weigh more than this as strays are owed to no measure.
const OPTIONAL: f64 = -4.0;

/// A unit that follows a number.
#[derive(Clone, Debug)]
pub(crate) struct NextUnit {
    pub unit: String,
    /// How far it can be trusted in this text that a number's unit follows it.
    pub trust: f64,
    /// Share of the text's units that are this one.
    pub usual: f64,
}

impl NextUnit {
    /// Logarithm of the probability that it follows a number of this unit.
    fn weight(&self, unit: &str) -> f64 {
        let own = if self.unit == unit { self.trust } else { 0.0 };
        (own + (1.0 - self.trust) * self.usual).ln()
    }
}

/// What follows what in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    /// The label of a row.
    Label(i32),
    /// A number, by its index; they come in order.
    Number(usize),
}

impl Item {
    fn label(&self) -> Option<i32> {
        match self {
            Self::Label(row) => Some(*row),
            Self::Number(_) => None,
        }
    }
}

/// Numbers, measures and rules.
#[derive(Clone, Debug, Default)]
pub(crate) struct Problem {
    pub variables: Vec<Variable>,
    pub tokens: Vec<Token>,
    pub rules: Vec<Rule>,
    /// Labels and numbers in the order of the text.
    pub sequence: Vec<Item>,
    /// Steps either search may take: [`BUDGET`].
    pub budget: u64,
}

/// What one measure may have: a token, or none.
pub(crate) type Choice = Option<usize>;

/// What the solver found for one measure.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answer {
    /// Choices with their share of the weight, the heaviest first; tokens of the same value are one choice.
    pub choices: Vec<(Choice, f64)>,
    /// True when the rules alone leave one value.
    pub proved: bool,
    /// What decided, or speaks for the first choice.
    pub evidence: Vec<Evidence>,
    /// No assignment holds all rules, and a number that has no measure might be this one's.
    pub left_over: bool,
}

/// What the solver found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outcome {
    /// One for each variable.
    pub answers: Vec<Answer>,
    /// No assignment holds all rules.
    pub contradiction: bool,
    /// The budget ended before the search did.
    pub exhausted: bool,
    /// The caller knows of numbers that were not handed to the solver.
    pub unread: bool,
    /// Share of the weight to ask for where it is not [`SOLVED`].
    pub threshold: Option<f64>,
}

impl Outcome {
    /// True when a value that holds this share of the weight is solved by it.
    pub(crate) fn solves(&self, weight: f64) -> bool {
        weight >= self.threshold.unwrap_or(SOLVED)
    }

    /// True where two variables may have each other's numbers, and that either has its own is too little sure: cells that are
    /// written in an order of their own in one place are in others, too.
    pub(crate) fn may_be_exchanged(&self, v: usize) -> bool {
        let first = |u: usize| self.answers[u].choices.first().filter(|(choice, _)| choice.is_some());
        let takes = |u: usize, choice: Choice| {
            self.answers[u].choices.iter().any(|(c, weight)| *c == choice && *weight >= EXCHANGED)
        };
        let Some(&(own, weight)) = first(v) else { return false };
        (0..self.answers.len()).filter(|&u| u != v).any(|u| {
            first(u).is_some_and(|&(other, rival)| {
                weight.min(rival) < SOLVED_IF_EXCHANGED && takes(u, own) && takes(v, other)
            })
        })
    }

    /// True where a variable that is likely blank could have the first choice of this one.
    pub(crate) fn has_blank_rival(&self, v: usize) -> bool {
        let Some((choice, _)) = self.answers[v].choices.first() else { return false };
        let blank = |a: &Answer| a.choices.first().is_some_and(|(choice, _)| choice.is_none());
        let takes = |a: &Answer, choice: Choice| a.choices.iter().any(|(c, w)| *c == choice && *w > RIVAL);
        let rivals = || self.answers.iter().enumerate().filter(|(other, _)| *other != v).map(|(_, a)| a);
        choice.is_some() && rivals().any(|a| blank(a) && takes(a, *choice))
    }
}

/// A decimal in the solver's units; `None` when it does not fit.
pub(crate) fn scaled(value: Decimal) -> Option<i64> {
    value.checked_mul(Decimal::from(SCALE))?.round().to_i64()
}

impl Problem {
    /// True when nothing about the two alone forbids that the variable has the token.
    fn fits(&self, variable: usize, token: usize) -> bool {
        let (v, t) = (&self.variables[variable], &self.tokens[token]);
        if t.ratio != v.ratio || t.only.as_ref().is_some_and(|only| !only.contains(&variable)) {
            return false;
        }
        if t.unit.as_ref().is_some_and(|u| *u != v.unit) {
            return false;
        }
        let Some(value) = t.value else { return true };
        t.places <= v.places && v.min.is_none_or(|m| m <= value) && v.max.is_none_or(|m| value <= m)
    }

    /// Number of rows.
    fn rows(&self) -> f64 {
        f64::from(self.variables.iter().map(|v| v.position).max().unwrap_or(0)) + 1.0
    }

    /// Number of tokens that must have a measure.
    fn owed(&self) -> usize {
        self.tokens.iter().filter(|t| !t.optional()).count()
    }

    fn blank(&self, choice: Choice) -> bool {
        choice.is_none_or(|t| self.tokens[t].place)
    }

    /// What is told apart in the record: a blank, or what is printed.
    fn printed(&self, choice: Choice) -> Option<(Option<i64>, u32, Option<i64>)> {
        let token = choice.map(|t| &self.tokens[t]).filter(|t| !t.place)?;
        Some((token.value, token.places, token.first))
    }

    /// Finds what each measure may have.
    pub(crate) fn solve(&self) -> Outcome {
        let none = || vec![Answer::default(); self.variables.len()];
        if self.tokens.is_empty() {
            let blank = Answer { choices: vec![(None, 1.0)], proved: true, ..Answer::default() };
            return Outcome { answers: vec![blank; self.variables.len()], ..Outcome::default() };
        }
        if self.tokens.len() > 64 || self.variables.len() > 64 {
            return Outcome { answers: none(), exhausted: true, ..Outcome::default() };
        }
        let support = support::support(self);
        let mut weights = weigh::weigh(self, (!support.contradiction).then_some(&support.domains));
        // What no grammar explains may still be in runs.
        let disordered = weights.ordered < 0.5 && !support.contradiction;
        let loose =
            (disordered && !support.exhausted).then(|| loose::weigh(self, &support.domains)).flatten();
        let runs = loose.is_some();
        // Nor do runs join what was dumped cell by cell, in any order.
        let alone = (disordered && !runs).then(|| unordered::weigh(self, &support.domains)).flatten();
        let threshold = match (runs, &alone) {
            (true, _) => Some(SOLVED_BY_RUNS),
            (false, Some(_)) => Some(SOLVED_ALONE),
            _ => None,
        };
        let counted = alone.is_some();
        if let Some((shares, best)) = alone {
            (weights.shares, weights.best, weights.exhausted) = (shares, best, false);
        }
        if let Some((shares, best)) = loose {
            weights.exhausted = false;
            let measures = shares.into_iter().zip(best).enumerate();
            // The runs say nothing of ratios.
            for (v, (share, choice)) in measures.filter(|(v, _)| self.variables[*v].ratio.is_none()) {
                (weights.shares[v], weights.best[v]) = (share, choice);
            }
        }
        let mut answers: Vec<Answer> = Vec::with_capacity(self.variables.len());
        for (v, domain) in support.domains.iter().enumerate() {
            let mut choices: Vec<(Choice, f64)> = Vec::new();
            for (choice, weight) in weights.shares[v].iter().copied() {
                match choices.iter_mut().find(|(c, _)| self.printed(*c) == self.printed(choice)) {
                    Some((_, sum)) => *sum += weight,
                    None => choices.push((choice, weight)),
                }
            }
            choices.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            // Of several places that print the value, the one that the heaviest assignment gives it: so no
            // place is given to two measures.
            let best = weights.best[v];
            if let Some((choice, _)) =
                choices.iter_mut().find(|(c, _)| self.printed(*c) == self.printed(best))
            {
                *choice = best;
            }
            let sole = !support.contradiction && !support.exhausted && domain.values(self) == 1;
            let first = domain.iter().next();
            // Where all else is left open, the rules speak alone.
            if sole && choices.is_empty() && weights.ordered < 0.5 {
                choices.extend(first.map(|choice| (choice, 1.0)));
            }
            let proved = sole
                && choices.first().map(|(c, _)| self.printed(*c)) == first.map(|choice| self.printed(choice));
            if proved && weights.ordered < 0.5 {
                choices.truncate(1);
                choices[0].1 = 1.0;
            }
            let evidence = self.evidence(v, &choices, proved, runs || weights.ordered > 0.5);
            answers.push(Answer { choices, proved, evidence, left_over: false });
        }
        if support.contradiction {
            self.find_left_over(&weights.best, &mut answers);
        }
        let exhausted = support.exhausted && !counted || weights.exhausted;
        Outcome { answers, contradiction: support.contradiction, exhausted, unread: false, threshold }
    }

    /// Where no assignment holds all rules, a number that the heaviest one leaves over may be that of any measure it fits.
    fn find_left_over(&self, best: &[Choice], answers: &mut [Answer]) {
        let left = |t: &usize| {
            let token = &self.tokens[*t];
            token.value.is_some() && token.ratio.is_none() && !token.optional() && !best.contains(&Some(*t))
        };
        for t in (0..self.tokens.len()).filter(left) {
            for (v, answer) in answers.iter_mut().enumerate() {
                let usual = weigh::unusual(&self.variables[v], &self.tokens[t]) == 0.0;
                answer.left_over |= usual && self.fits(v, t);
            }
        }
    }

    /// What speaks for the first choice of a variable.
    fn evidence(&self, v: usize, choices: &[(Choice, f64)], proved: bool, ordered: bool) -> Vec<Evidence> {
        let Some(&(Some(token), _)) = choices.first() else { return Vec::new() };
        let mut evidence = Vec::new();
        if self.tokens[token].only.is_some() {
            evidence.push(Evidence::Row);
        }
        if self.tokens[token].unit.is_some() || self.variables[v].places > 0 {
            evidence.push(Evidence::Unit);
        }
        evidence.extend(self.rules.iter().filter(|r| r.names(v)).map(Rule::evidence));
        let variable = &self.variables[v];
        let bounded =
            self.tokens.iter().filter_map(|t| t.value.filter(|_| t.places <= variable.places)).any(|value| {
                variable.min.is_some_and(|m| value < m) || variable.max.is_some_and(|m| value > m)
            });
        if bounded {
            evidence.push(Evidence::Bound);
        }
        if !proved {
            if ordered {
                evidence.push(Evidence::ReadingOrder);
            }
            let unusual =
                |c: &(Choice, f64)| c.0.is_some_and(|t| weigh::unusual(variable, &self.tokens[t]) > 0.0);
            if choices[1..].iter().any(unusual) && !unusual(&choices[0]) {
                evidence.push(Evidence::Plausibility);
            }
        }
        evidence.sort();
        evidence.dedup();
        evidence
    }
}

#[cfg(test)]
mod tests;
