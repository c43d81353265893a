//! What no row ties: numbers and measures as a problem for the solver.

use std::ops::Range;

use super::{Reader, Tie};
use crate::figure::{Content, Figure, is_stray};
use crate::form::SectionForm;
use crate::label::Named;
use crate::sheet::MunicipalityKind;
use crate::solve::{BUDGET, Outcome, Problem, Rule, Token, Variable, scaled, trust};
use crate::spelling::canonical;
use crate::tiling::{self, Item};

impl Reader<'_, '_, '_> {
    /// True for digits alone on the first or last line of a page that are the number of the page.
    pub(super) fn is_page_number(&self, atoms: &Range<u32>) -> bool {
        let stream = self.ledger.stream;
        // On a page, what numbers it has been set aside; a number beside a label is none of that.
        if stream.document.kind == chohyo_layout::SourceKind::Pdf {
            return false;
        }
        let index = stream.atoms[atoms.start as usize].line as usize;
        let line = &stream.lines[index];
        let alone = line.atoms == *atoms && line.cell.is_none();
        let page = stream.document.pages[line.page as usize].number;
        let outer = index == 0
            || stream.lines[index - 1].page != line.page
            || stream.lines.get(index + 1).is_none_or(|next| next.page != line.page);
        let number: Option<u32> = stream.canonical(atoms.clone()).parse().ok();
        alone && outer && number.is_some_and(|n| n == page || n + 1 == page)
    }

    /// True when digits stand in the section that are no figure, no label and no prose.
    pub(super) fn unread(&self, figures: &[Figure], units: &[String]) -> bool {
        let stream = self.ledger.stream;
        self.lines.iter().flat_map(Clone::clone).any(|line| {
            let atoms = stream.lines[line as usize].atoms.clone();
            let parts = [atoms.clone()];
            if parts.iter().any(|p| p.is_empty() || crate::paragraph::opens_entry(stream, p)) {
                return false;
            }
            stream.fields_in(atoms).into_iter().any(|field| {
                let known = figures.iter().any(|f| f.atoms.start >= field.start && f.atoms.start < field.end)
                    || figures.iter().any(|f| f.atoms.start <= field.start && field.start < f.atoms.end)
                    || self.labels.iter().any(|l| l.atoms.start <= field.start && field.start < l.atoms.end)
                    || self.labels.iter().any(|l| field.start <= l.atoms.start && l.atoms.start < field.end);
                !known
                    && self.ledger.is_free(field.clone())
                    && is_stray(stream, field.clone(), units)
                    && !self.is_page_number(&field)
            })
        })
    }

    /// Hands what no row ties to the solver; gives its outcome with the figures and measures it speaks of.
    pub(super) fn solve(&self, figures: &[Figure], rows: &[Tie]) -> (Outcome, Vec<usize>, Vec<usize>) {
        let variables: Vec<usize> = (0..self.form.measures.len())
            .filter(|&m| !self.form.measures[m].optional || self.label_of(m).is_some())
            .collect();
        let tokens: Vec<usize> =
            (0..figures.len()).filter(|&f| figures[f].content != Content::Placeholder).collect();
        // Where lines tie most numbers, what is left is not written in turns.
        let lines = rows.len() * 3 > figures.len();
        let beside = if lines { vec![Vec::new(); figures.len()] } else { self.beside(figures, &variables) };
        let problem = Problem {
            variables: variables.iter().map(|&m| self.variable(m)).collect(),
            tokens: tokens
                .iter()
                .map(|&f| {
                    let tie = rows.iter().find(|t| t.figure == f);
                    let only =
                        tie.and_then(|t| variables.iter().position(|&v| v == t.measure)).map(|v| vec![v]);
                    Token { beside: beside[f].clone(), ..self.token(figures, f, only) }
                })
                .collect(),
            rules: rules(self.form, &variables, self.publisher),
            order: self.order(figures),
            budget: BUDGET,
        };
        (problem.solve(), tokens, variables)
    }

    fn variable(&self, m: usize) -> Variable {
        let form = &self.form.measures[m];
        let mut distinct: Vec<&Vec<crate::form::Alias>> = Vec::new();
        for measure in &self.form.measures[..=m] {
            if !distinct.contains(&&measure.labels) {
                distinct.push(&measure.labels);
            }
        }
        let (mut min, mut max) = (form.min, form.max);
        for bound in self.form.bounds.iter().filter(|b| b.key == form.key) {
            if bound.publishers.is_empty() || self.publisher.is_some_and(|p| bound.publishers.contains(&p)) {
                min = bound.min.or(min);
                max = bound.max.or(max);
            }
        }
        Variable {
            position: distinct.len() as i32 - 1,
            unit: canonical(&form.unit).into_iter().collect(),
            places: form.places,
            min: min.and_then(scaled),
            max: max.and_then(scaled),
            typical: form.typical.and_then(|(low, high)| Some((scaled(low)?, scaled(high)?))),
            labelled: self.label_of(m).is_some(),
        }
    }

    fn token(&self, figures: &[Figure], f: usize, only: Option<Vec<usize>>) -> Token {
        let (value, places) = match figures[f].content {
            Content::Number(value, places) => (scaled(value), places),
            _ => (None, 0),
        };
        // In a dump, a run ends where a label stands between two numbers.
        let start = figures[f].atoms.start;
        let run = if self.ledger.stream.has_places {
            0
        } else {
            self.labels.iter().filter(|l| l.atoms.end <= start).count() as u32
        };
        let unit = figures[f].unit.as_ref().map(|(u, _)| canonical(u).into_iter().collect());
        Token { value, places, unit, run, only, beside: Vec::new() }
    }

    /// For each figure, the variables of the labels it may stand beside, each with its probability; empty
    /// where labels and numbers are not written in turns.
    fn beside(&self, figures: &[Figure], variables: &[usize]) -> Vec<Vec<(usize, f64)>> {
        let none = || vec![Vec::new(); figures.len()];
        if self.ledger.stream.has_places {
            return none();
        }
        let mut families: Vec<Vec<usize>> = Vec::new();
        let mut items: Vec<(u32, Item)> = Vec::new();
        for label in self.labels {
            let Named::Measure(first) = label.named else { continue };
            let same =
                |v: &usize| self.form.measures[variables[*v]].labels == self.form.measures[first].labels;
            let family: Vec<usize> = (0..variables.len()).filter(same).collect();
            items.push((label.atoms.start, Item::Label(family.len())));
            families.push(family);
        }
        items.extend(figures.iter().map(|f| (f.atoms.start, Item::Number)));
        // Labels are in the order of the text, and so are the figures.
        items.sort_by_key(|(at, _)| *at);
        let items: Vec<Item> = items.into_iter().map(|(_, item)| item).collect();
        let Some(owners) = tiling::owners(&items) else { return none() };
        let spread = |(label, share): (usize, f64)| families[label].iter().map(move |&v| (v, share));
        owners.into_iter().map(|owners| owners.into_iter().flat_map(spread).collect()).collect()
    }

    /// How far the order of the text can be trusted, told from the labels.
    fn order(&self, figures: &[Figure]) -> f64 {
        if self.ledger.stream.has_places {
            // Cells come row by row.
            return 0.95;
        }
        let mut positions: Vec<(u32, i32)> = Vec::new();
        for label in self.labels {
            if let Named::Measure(m) = label.named {
                // A run of labels ends where a number stands between two of them.
                let run = figures.iter().filter(|f| f.atoms.end <= label.atoms.start).count() as u32;
                positions.push((run, self.variable(m).position));
            }
        }
        trust(&positions, positions.len())
    }
}

/// The rules of the section over the variables at hand.
fn rules(form: &SectionForm, variables: &[usize], publisher: Option<MunicipalityKind>) -> Vec<Rule> {
    let index = |key: &String| variables.iter().position(|&m| form.measures[m].key == *key);
    let mut rules = Vec::new();
    for sum in &form.sums {
        if let (Some(total), Some(parts)) = (index(&sum.total), sum.parts.iter().map(index).collect()) {
            rules.push(Rule::Sum { total, parts });
        }
    }
    for share in &form.shares {
        if let (Some(share), Some(part), Some(total)) =
            (index(&share.share), index(&share.part), index(&share.total))
        {
            rules.push(Rule::Share { share, part, total });
        }
    }
    for order in form.orders.iter().filter(|o| !o.usual) {
        if !order.publishers.is_empty() && !publisher.is_some_and(|p| order.publishers.contains(&p)) {
            continue;
        }
        for pair in order.keys.windows(2) {
            if let (Some(less), Some(more)) = (index(&pair[0]), index(&pair[1])) {
                rules.push(Rule::AtMost { less, more });
            }
        }
    }
    rules
}
