//! Every number that each measure can have without a broken rule.
//!
//! A depth-first search that keeps its domains consistent: after each decision, [`narrow`] takes out what no
//! choice of the other variables of a rule goes with, and what leaves a number without a measure.

use super::{Choice, Problem, Rule};

/// The tokens a variable can have, as a set of bits, and whether it can be blank.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Domain {
    pub tokens: u64,
    pub blank: bool,
}

impl Domain {
    pub(crate) fn iter(self) -> impl Iterator<Item = Choice> {
        self.numbers().map(Some).chain(self.blank.then_some(None))
    }

    fn numbers(self) -> impl Iterator<Item = usize> {
        let mut left = self.tokens;
        std::iter::from_fn(move || {
            let next = left.trailing_zeros();
            left &= left.wrapping_sub(1);
            (next < 64).then_some(next as usize)
        })
    }

    fn only(choice: Choice) -> Self {
        choice.map_or(Self { tokens: 0, blank: true }, |t| Self { tokens: 1 << t, blank: false })
    }

    fn has(self, choice: Choice) -> bool {
        choice.map_or(self.blank, |t| self.tokens >> t & 1 == 1)
    }

    fn add(&mut self, choice: Choice) {
        let one = Self::only(choice);
        self.tokens |= one.tokens;
        self.blank |= one.blank;
    }

    pub(super) fn len(self) -> u32 {
        self.tokens.count_ones() + u32::from(self.blank)
    }

    /// Number of different values (a blank is one of them).
    pub(crate) fn values(self, problem: &Problem) -> usize {
        let mut values: Vec<_> = self.iter().map(|c| problem.printed(c)).collect();
        values.sort_unstable();
        values.dedup();
        values.len()
    }
}

/// What [`support`] found.
pub(crate) struct Support {
    pub domains: Vec<Domain>,
    pub contradiction: bool,
    pub exhausted: bool,
}

/// For each variable, the tokens that nothing about the two alone forbids.
pub(super) fn free(problem: &Problem) -> Vec<Domain> {
    let count = problem.variables.len();
    let blank = count > problem.owed();
    let mut root = vec![Domain { tokens: 0, blank }; count];
    for (v, domain) in root.iter_mut().enumerate() {
        for t in (0..problem.tokens.len()).filter(|&t| problem.fits(v, t)) {
            domain.add(Some(t));
        }
    }
    root
}

/// For each variable, the choices that some assignment without a broken rule gives it.
///
/// Each choice that no assignment found so far has shown to be possible is tried: it is fixed, and the
/// search looks for one assignment with it.
pub(crate) fn support(problem: &Problem) -> Support {
    let count = problem.variables.len();
    let mut root = free(problem);
    let mut search = Search::new(problem);
    if !search.narrow(&mut root) {
        return Support { domains: root, contradiction: true, exhausted: false };
    }
    let mut proven = vec![Domain::default(); count];
    let mut found_any = false;
    for v in 0..count {
        for choice in root[v].iter() {
            if proven[v].has(choice) {
                continue;
            }
            let mut domains = root.clone();
            domains[v] = Domain::only(choice);
            match search.find(domains) {
                Found::Assignment(given) => {
                    found_any = true;
                    for (domain, choice) in proven.iter_mut().zip(given) {
                        domain.add(choice);
                    }
                }
                Found::Nothing => {}
                // What could not be looked at stays possible.
                Found::Exhausted => return Support { domains: root, contradiction: false, exhausted: true },
            }
        }
    }
    Support { domains: proven, contradiction: !found_any, exhausted: false }
}

enum Found {
    Assignment(Vec<Choice>),
    Nothing,
    Exhausted,
}

struct Search<'p> {
    problem: &'p Problem,
    steps: u64,
    /// The rules, each with its variables.
    rules: Vec<(&'p Rule, Vec<usize>)>,
    /// What each variable of the rule that is looked at has.
    given: Vec<Choice>,
}

impl<'p> Search<'p> {
    fn new(problem: &'p Problem) -> Self {
        let rules = problem.rules.iter().map(|rule| (rule, rule.variables())).collect();
        Self { problem, steps: 0, rules, given: vec![None; problem.variables.len()] }
    }

    /// One assignment within these domains.
    fn find(&mut self, mut domains: Vec<Domain>) -> Found {
        if !self.narrow(&mut domains) {
            return Found::Nothing;
        }
        if self.steps > self.problem.budget {
            return Found::Exhausted;
        }
        let open = (0..domains.len()).filter(|&v| domains[v].len() > 1).min_by_key(|&v| domains[v].len());
        let Some(v) = open else {
            let given: Vec<Choice> = domains.iter().map(|d| d.iter().next().flatten()).collect();
            let holds = self.problem.rules.iter().all(|r| r.holds(self.problem, |u| given[u]));
            return if holds { Found::Assignment(given) } else { Found::Nothing };
        };
        for choice in domains[v].iter() {
            let mut next = domains.clone();
            next[v] = Domain::only(choice);
            match self.find(next) {
                Found::Nothing => {}
                done => return done,
            }
        }
        Found::Nothing
    }

    /// Takes out of the domains what cannot be; false when nothing is left for some variable or number.
    fn narrow(&mut self, domains: &mut [Domain]) -> bool {
        loop {
            self.steps += domains.len() as u64;
            let before: u32 = domains.iter().map(|d| d.len()).sum();
            if !Self::apart(domains) || !self.placed(domains) || !self.blanks(domains) {
                return false;
            }
            for rule in 0..self.rules.len() {
                self.narrow_rule(rule, domains);
                if domains.iter().any(|d| d.len() == 0) {
                    return false;
                }
            }
            if domains.iter().map(|d| d.len()).sum::<u32>() == before {
                return true;
            }
        }
    }

    /// A number that one variable must have, no other can.
    fn apart(domains: &mut [Domain]) -> bool {
        loop {
            let mut changed = false;
            for v in 0..domains.len() {
                if domains[v].blank || domains[v].tokens.count_ones() != 1 {
                    continue;
                }
                let taken = domains[v].tokens;
                for (u, domain) in domains.iter_mut().enumerate() {
                    if u != v && domain.tokens & taken != 0 {
                        domain.tokens &= !taken;
                        changed = true;
                        if domain.len() == 0 {
                            return false;
                        }
                    }
                }
            }
            if !changed {
                return true;
            }
        }
    }

    /// Each number must find a variable of its own (a matching), unless there are more numbers than
    /// variables; a choice that no such matching goes with is taken out.
    fn placed(&self, domains: &mut [Domain]) -> bool {
        let owed = self.problem.owed();
        if owed > domains.len() {
            return true;
        }
        let fitting = fitting(domains);
        let Some(owner) = matching(domains.len(), &fitting, self.problem) else { return false };
        // A number that may be nobody's moves anywhere.
        if owed < self.problem.tokens.len() {
            return true;
        }
        // From a variable, the number it has can move on to any other it fits, and so on: a choice can be
        // part of a matching where such moves end at a variable without a number, or come round.
        let mut home = [0_u64; 64];
        let mut reach: Vec<u64> = owner.iter().enumerate().map(|(v, _)| 1 << v).collect();
        for (v, t) in owner.iter().enumerate() {
            if let Some(t) = t {
                reach[v] |= fitting[*t];
                home[*t] = 1 << v;
            }
        }
        for middle in 0..reach.len() {
            for v in 0..reach.len() {
                if reach[v] >> middle & 1 == 1 {
                    reach[v] |= reach[middle];
                }
            }
        }
        let free =
            owner.iter().enumerate().filter(|(_, t)| t.is_none()).fold(0_u64, |set, (v, _)| set | 1 << v);
        for v in 0..domains.len() {
            for t in domains[v].numbers() {
                if reach[v] & (free | home[t]) == 0 {
                    domains[v].tokens &= !(1 << t);
                }
            }
        }
        true
    }

    /// No more variables are blank than there are numbers too few.
    fn blanks(&self, domains: &mut [Domain]) -> bool {
        let most = domains.len().saturating_sub(self.problem.owed());
        let blank = domains.iter().filter(|d| d.tokens == 0).count();
        if blank >= most {
            for domain in domains.iter_mut().filter(|d| d.tokens != 0) {
                domain.blank = false;
            }
        }
        blank <= most
    }

    /// Takes out of the domains of a rule's variables what no choice of the others goes with.
    fn narrow_rule(&mut self, index: usize, domains: &mut [Domain]) {
        let (rule, variables) = (self.rules[index].0, std::mem::take(&mut self.rules[index].1));
        let mut kept = vec![Domain::default(); variables.len()];
        self.combine(rule, &variables, domains, 0, 0, &mut kept);
        if self.steps <= self.problem.budget {
            for (v, domain) in variables.iter().zip(kept) {
                domains[*v] = domain;
            }
        }
        self.rules[index].1 = variables;
    }

    /// Tries every choice of the variables from `at` on; `taken` are the tokens that those before have.
    fn combine(
        &mut self,
        rule: &Rule,
        variables: &[usize],
        domains: &[Domain],
        at: usize,
        taken: u64,
        kept: &mut [Domain],
    ) {
        self.steps += 1;
        if self.steps > self.problem.budget {
            return;
        }
        if at == variables.len() {
            if rule.holds(self.problem, |v| self.given[v]) {
                for (domain, v) in kept.iter_mut().zip(variables) {
                    domain.add(self.given[*v]);
                }
            }
            return;
        }
        // The last part of a sum follows from the others.
        let wanted = if let (Rule::Sum { .. }, true) = (rule, at + 1 == variables.len() && at > 1) {
            let value = |v: &usize| self.given[*v].and_then(|t| self.problem.tokens[t].value);
            let known: Option<i64> = variables[1..at].iter().map(value).sum();
            value(&variables[0]).zip(known).map(|(total, known)| total - known)
        } else {
            None
        };
        for choice in domains[variables[at]].iter() {
            let value = choice.and_then(|t| self.problem.tokens[t].value);
            let own = choice.map_or(0, |t| 1_u64 << t);
            if wanted.is_some_and(|w| value.is_some_and(|v| v != w)) || taken & own != 0 {
                continue;
            }
            self.given[variables[at]] = choice;
            self.combine(rule, variables, domains, at + 1, taken | own, kept);
        }
    }
}

/// For each token, the variables that can have it.
fn fitting(domains: &[Domain]) -> [u64; 64] {
    let mut fitting = [0; 64];
    for (v, domain) in domains.iter().enumerate() {
        for t in domain.numbers() {
            fitting[t] |= 1 << v;
        }
    }
    fitting
}

/// For each variable the token it has when each token has a variable of its own; `None` when that cannot
/// be. Augmenting paths (Kuhn).
fn matching(variables: usize, fitting: &[u64; 64], problem: &Problem) -> Option<Vec<Option<usize>>> {
    fn augment(t: usize, fitting: &[u64; 64], seen: &mut u64, owner: &mut [Option<usize>]) -> bool {
        let mut left = fitting[t];
        while left != 0 {
            let v = left.trailing_zeros() as usize;
            left &= left - 1;
            if *seen >> v & 1 == 1 {
                continue;
            }
            *seen |= 1 << v;
            if owner[v].is_none_or(|other| augment(other, fitting, seen, owner)) {
                owner[v] = Some(t);
                return true;
            }
        }
        false
    }
    let mut owner: Vec<Option<usize>> = vec![None; variables];
    let owed = (0..problem.tokens.len()).filter(|&t| !problem.tokens[t].optional());
    { owed }.all(|t| augment(t, fitting, &mut 0, &mut owner)).then_some(owner)
}
