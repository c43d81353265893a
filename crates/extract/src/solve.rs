//! The solver: which of the numbers on a sheet belongs to which measure.
//!
//! Numbers reach it in the order in which they stand in the input, measures in the order of the form.
//! Two searches follow each other:
//!
//! 1. [`support`] finds, for each measure, every number that some assignment without a broken rule gives
//!    it. The rules are hard: units, printed places, bounds, sums, shares, orders; every number has
//!    exactly one measure, and a measure at most one number. A measure with one value left is proved.
//! 2. [`weigh`] goes through the assignments that are left and gives each its weight: how well the order of
//!    the numbers runs along the order of the form, and how usual the values are. A measure whose value
//!    holds [`SOLVED`] of the weight is solved by it; any other is ambiguous.
//!
//! Both have a budget of steps. Past it, what is not proved is ambiguous, and the outcome says so.

mod rules;
mod support;
mod weigh;

pub(crate) use rules::{Rule, share_holds};

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::sheet::Evidence;

/// Share of the weight of all assignments that a value must hold to count as solved.
pub(crate) const SOLVED: f64 = 0.95;

/// Steps either search may take: some 50 ms of one core.
pub(crate) const BUDGET: u64 = 1_000_000;

/// Values are compared as integers of this many to the unit, so that no rule depends on binary fractions.
const SCALE: i64 = 10_000;

/// A measure as the solver sees it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Variable {
    /// Its label's place in the form; a count and its share have one label.
    pub position: i32,
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
    /// Numbers without a label between them are one run.
    pub run: u32,
    /// Layout leaves only these variables.
    pub only: Option<Vec<usize>>,
    /// The variables of the labels it may stand beside, each with its probability; empty when nothing is
    /// known of that.
    pub beside: Vec<(usize, f64)>,
}

/// Numbers, measures and rules.
#[derive(Clone, Debug, Default)]
pub(crate) struct Problem {
    pub variables: Vec<Variable>,
    pub tokens: Vec<Token>,
    pub rules: Vec<Rule>,
    /// How far the order of the text can be trusted, from 0 (shuffled) to 1.
    pub order: f64,
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
}

/// A decimal in the solver's units; `None` when it does not fit.
pub(crate) fn scaled(value: Decimal) -> Option<i64> {
    value.checked_mul(Decimal::from(SCALE))?.round().to_i64()
}

/// How far the order of a text can be trusted, from its labels: see [`weigh`].
pub(crate) fn trust(labels: &[(u32, i32)], count: usize) -> f64 {
    weigh::trust(labels, count as f64)
}

impl Problem {
    /// True when nothing about the two alone forbids that the variable has the token.
    fn fits(&self, variable: usize, token: usize) -> bool {
        let (v, t) = (&self.variables[variable], &self.tokens[token]);
        if t.only.as_ref().is_some_and(|only| !only.contains(&variable)) {
            return false;
        }
        if t.unit.as_ref().is_some_and(|u| *u != v.unit) {
            return false;
        }
        let Some(value) = t.value else { return true };
        t.places <= v.places && v.min.is_none_or(|m| m <= value) && v.max.is_none_or(|m| value <= m)
    }

    /// Finds what each measure may have.
    pub(crate) fn solve(&self) -> Outcome {
        let none = || vec![Answer::default(); self.variables.len()];
        if self.tokens.is_empty() {
            let blank = Answer { choices: vec![(None, 1.0)], proved: true, evidence: Vec::new() };
            return Outcome { answers: vec![blank; self.variables.len()], ..Outcome::default() };
        }
        if self.tokens.len() > 64 || self.variables.len() > 64 {
            return Outcome { answers: none(), exhausted: true, ..Outcome::default() };
        }
        let support = support::support(self);
        if support.contradiction {
            return Outcome {
                answers: none(),
                contradiction: true,
                exhausted: support.exhausted,
                unread: false,
            };
        }
        let weights = weigh::weigh(self, &support.domains);
        let mut answers: Vec<Answer> = Vec::with_capacity(self.variables.len());
        for (v, domain) in support.domains.iter().enumerate() {
            let value = |c: Choice| c.map(|t| (self.tokens[t].value, self.tokens[t].places));
            let mut choices: Vec<(Choice, f64)> = Vec::new();
            for (choice, weight) in weights.shares[v].iter().copied() {
                match choices.iter_mut().find(|(c, _)| value(*c) == value(choice)) {
                    Some((_, sum)) => *sum += weight,
                    None => choices.push((choice, weight)),
                }
            }
            choices.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            // Of several places that print the value, the one that the heaviest assignment gives it: so no
            // place is given to two measures.
            if let Some((choice, _)) = choices.iter_mut().find(|(c, _)| value(*c) == value(weights.best[v])) {
                *choice = weights.best[v];
            }
            let proved = !support.exhausted && domain.values(self) == 1;
            let evidence = self.evidence(v, &choices, proved);
            answers.push(Answer { choices, proved, evidence });
        }
        let exhausted = support.exhausted || weights.exhausted;
        Outcome { answers, exhausted, ..Outcome::default() }
    }

    /// What speaks for the first choice of a variable.
    fn evidence(&self, v: usize, choices: &[(Choice, f64)], proved: bool) -> Vec<Evidence> {
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
            if self.order > 0.0 {
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
