//! Every number that each measure can have without a broken rule.

use super::{BUDGET, Choice, Problem};

/// The tokens a variable can have, as a set of bits, and whether it can be blank.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Domain {
    pub tokens: u64,
    pub blank: bool,
}

impl Domain {
    pub(crate) fn iter(self) -> impl Iterator<Item = Choice> {
        (0..64).filter(move |t| self.tokens >> t & 1 == 1).map(Some).chain(self.blank.then_some(None))
    }

    fn has(self, choice: Choice) -> bool {
        choice.map_or(self.blank, |t| self.tokens >> t & 1 == 1)
    }

    fn add(&mut self, choice: Choice) {
        match choice {
            Some(t) => self.tokens |= 1 << t,
            None => self.blank = true,
        }
    }

    /// Number of different values (a blank is one of them).
    pub(crate) fn values(self, problem: &Problem) -> usize {
        let mut values: Vec<_> =
            self.iter().map(|c| c.map(|t| (problem.tokens[t].value, problem.tokens[t].places))).collect();
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

/// For each variable, the choices that some assignment without a broken rule gives it.
///
/// Each choice that no assignment found so far has shown to be possible is tried: it is fixed, and a
/// depth-first search looks for one assignment with it.
pub(crate) fn support(problem: &Problem) -> Support {
    let count = problem.variables.len();
    let blanks = count.saturating_sub(problem.tokens.len());
    let mut possible = vec![Domain::default(); count];
    for (v, domain) in possible.iter_mut().enumerate() {
        domain.blank = blanks > 0;
        for t in 0..problem.tokens.len() {
            if problem.fits(v, t) {
                domain.add(Some(t));
            }
        }
    }
    let mut search = Search::new(problem, possible.clone());
    let mut proven = vec![Domain::default(); count];
    let mut found_any = false;
    for v in 0..count {
        for choice in possible[v].iter() {
            if proven[v].has(choice) {
                continue;
            }
            match search.find(v, choice) {
                Some(true) => {
                    found_any = true;
                    for (u, domain) in proven.iter_mut().enumerate() {
                        domain.add(search.given[u]);
                    }
                }
                Some(false) => {}
                None => {
                    // What could not be looked at stays possible.
                    return Support { domains: possible, contradiction: false, exhausted: true };
                }
            }
        }
    }
    Support { domains: proven, contradiction: !found_any, exhausted: false }
}

struct Search<'p> {
    problem: &'p Problem,
    domains: Vec<Domain>,
    /// The order in which variables are decided: those of one rule together, so that it prunes early.
    order: Vec<usize>,
    /// The rules that can be checked once the variable at this place of the order is decided.
    due: Vec<Vec<usize>>,
    given: Vec<Choice>,
    used: u64,
    blanks_left: usize,
    steps: u64,
}

impl<'p> Search<'p> {
    fn new(problem: &'p Problem, domains: Vec<Domain>) -> Self {
        let count = problem.variables.len();
        let mut order: Vec<usize> = Vec::with_capacity(count);
        let mut rules: Vec<_> = problem.rules.iter().map(super::Rule::variables).collect();
        rules.sort_by_key(|vars| std::cmp::Reverse(vars.len()));
        while let Some(at) = (0..rules.len()).min_by_key(|&i| {
            let open = rules[i].iter().filter(|v| !order.contains(v)).count();
            // Rules that share a variable with what is decided come first.
            (usize::from(!order.is_empty() && open == rules[i].len()), open)
        }) {
            for v in rules.swap_remove(at) {
                if !order.contains(&v) {
                    order.push(v);
                }
            }
        }
        let mut rest: Vec<usize> = (0..count).filter(|v| !order.contains(v)).collect();
        rest.sort_by_key(|&v| domains[v].tokens.count_ones());
        order.extend(rest);
        let place = |v: usize| order.iter().position(|&o| o == v).unwrap_or(0);
        let mut due = vec![Vec::new(); count];
        for (r, rule) in problem.rules.iter().enumerate() {
            if let Some(last) = rule.variables().into_iter().map(place).max() {
                due[last].push(r);
            }
        }
        Self { problem, domains, order, due, given: vec![None; count], used: 0, blanks_left: 0, steps: 0 }
    }

    /// True when an assignment in which `variable` has `choice` holds all rules; it is left in `given`.
    /// `None` when the budget ends first.
    fn find(&mut self, variable: usize, choice: Choice) -> Option<bool> {
        let before = self.domains[variable];
        self.domains[variable] = Domain::default();
        self.domains[variable].add(choice);
        self.used = 0;
        self.blanks_left = self.problem.variables.len().saturating_sub(self.problem.tokens.len());
        let found = self.descend(0);
        self.domains[variable] = before;
        found
    }

    fn descend(&mut self, depth: usize) -> Option<bool> {
        if depth == self.order.len() {
            // Every number belongs to something, unless there are more numbers than measures.
            let placed = self.used.count_ones() as usize;
            return Some(placed == self.problem.tokens.len().min(self.problem.variables.len()));
        }
        self.steps += 1;
        if self.steps > BUDGET {
            return None;
        }
        let v = self.order[depth];
        for choice in self.domains[v].iter() {
            match choice {
                Some(t) if self.used >> t & 1 == 1 => continue,
                Some(t) => self.used |= 1 << t,
                None if self.blanks_left == 0 => continue,
                None => self.blanks_left -= 1,
            }
            self.given[v] = choice;
            let (problem, given) = (self.problem, &self.given);
            if self.due[depth].iter().all(|&r| problem.rules[r].holds(problem, |u| given[u]))
                && self.coverable(depth + 1)
            {
                match self.descend(depth + 1) {
                    Some(false) => {}
                    done => return done,
                }
            }
            match choice {
                Some(t) => self.used &= !(1 << t),
                None => self.blanks_left += 1,
            }
        }
        Some(false)
    }

    /// False when a number is left that no open variable can take.
    fn coverable(&self, depth: usize) -> bool {
        if self.problem.tokens.len() > self.problem.variables.len() {
            return true;
        }
        let open = self.order[depth..].iter().fold(0, |set, &v| set | self.domains[v].tokens);
        let all = if self.problem.tokens.len() == 64 { u64::MAX } else { (1 << self.problem.tokens.len()) - 1 };
        all & !self.used & !open == 0
    }
}
