//! What no row ties: numbers and measures as a problem for the solver.

use std::ops::Range;

use super::{Reader, Tie};
use crate::figure::{Content, Figure, is_stray};
use crate::form::{Alias, SectionForm};
use crate::label::Named;
use crate::ratios::Ratio;
use crate::sheet::MunicipalityKind;
use crate::solve::{BUDGET, Item, NextUnit, Outcome, Problem, Rule, Token, Variable, scaled};

/// What the solver calls a number.
#[derive(Clone, Debug)]
pub(super) enum Source {
    Figure(usize),
    Ratio(usize),
    /// A unit without a number.
    Place(Range<u32>),
}

/// What the solver calls a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    Measure(usize),
    /// (ratios, row)
    RatioRow(usize, usize),
}

/// A problem solved, with what its numbers and measures are.
#[derive(Debug)]
pub(super) struct Solved {
    pub outcome: Outcome,
    pub sources: Vec<Source>,
    pub owners: Vec<Owner>,
    /// Most labels are in the text.
    pub labelled: bool,
}

impl Solved {
    /// The row that a ratio is solved to be of.
    pub(super) fn ratio_row(&self, ratio: usize) -> Option<usize> {
        let token = self.sources.iter().position(|s| matches!(s, Source::Ratio(r) if *r == ratio))?;
        let owner = self.outcome.answers.iter().zip(&self.owners).find(|(answer, _)| {
            let first = answer.choices.first();
            first.is_some_and(|(choice, weight)| *choice == Some(token) && self.outcome.solves(*weight))
        });
        match owner?.1 {
            Owner::RatioRow(_, row) => Some(*row),
            Owner::Measure(_) => None,
        }
    }
}

/// Weights (natural logarithms) of a number that is no measure's: of any, of one with its unit, of one in a text
/// that keeps its rows.
const STRAY: f64 = -8.0;
const STRAY_WITH_UNIT: f64 = -11.0;
const STRAY_ON_PAGE: f64 = -14.0;
/// What it weighs that a number has no unit where nearly all have, and that a measure is blank.
const WITHOUT_UNIT: f64 = -2.3;
const BLANK: f64 = -3.0;
/// The place of a blank may be that of something else.
const STRAY_PLACE: f64 = -3.0;
/// Share of the numbers that must have their units behind them for a unit without a number to be a blank's.
const BOUND: f64 = 0.9;

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
        let page = stream.document.pages[line.page as usize].number;
        let number: Option<u32> = stream.spelled(atoms.clone()).parse().ok();
        let text = stream.canonical(line.atoms.clone());
        if text.strip_prefix('-').and_then(|t| t.strip_suffix('-')) == Some(&page.to_string()) {
            return true;
        }
        let alone = line.atoms == *atoms && line.cell.is_none();
        if alone && !stream.has_places && self.numbered(page, number) == Some(1) {
            return true;
        }
        let outer = index == 0
            || stream.lines[index - 1].page != line.page
            || stream.lines.get(index + 1).is_none_or(|next| next.page != line.page);
        alone && outer && number.is_some_and(|n| n == page || n + 1 == page)
    }

    /// Where nearly all pages have their number on a line of its own, and this is the number of this page: the
    /// lines of the page that are this number alone.
    fn numbered(&self, page: u32, number: Option<u32>) -> Option<usize> {
        let stream = self.ledger.stream;
        let number = number?;
        let before = page.checked_sub(number).filter(|&before| before <= 1)?;
        let lines_with = |p: usize| {
            let printed = (stream.document.pages[p].number - before).to_string();
            let own = |l: &&chohyo_layout::Line| {
                l.text.trim().len() <= 8 && chohyo_normalize::fold(l.text.trim()).text() == printed
            };
            stream.document.pages[p].lines.iter().filter(own).count()
        };
        let others = (0..stream.document.pages.len())
            .filter(|&p| stream.document.pages[p].number != page && stream.document.pages[p].number > before);
        let (with, without): (Vec<usize>, Vec<usize>) = others.partition(|&p| lines_with(p) > 0);
        let numbered = with.len() >= 2 && with.len() > 2 * without.len();
        let own = stream.document.pages.iter().position(|p| p.number == page)?;
        numbered.then(|| lines_with(own))
    }

    /// True when digits stand in the section that are no figure, no label, no number that counts the rows, and no prose.
    pub(super) fn unread(
        &self,
        figures: &[Figure],
        units: &[String],
        counts: impl Fn(&Range<u32>) -> bool,
    ) -> bool {
        let stream = self.ledger.stream;
        self.lines.iter().flat_map(Clone::clone).any(|line| {
            let atoms = stream.lines[line as usize].atoms.clone();
            let parts = [atoms.clone()];
            if parts.iter().any(|p| p.is_empty() || crate::paragraph::opens_entry(stream, p)) {
                return false;
            }
            stream.fields_in(atoms).any(|field| {
                // Most fields are words, which costs less to see than what else is known of them.
                if !is_stray(stream, field.clone(), units) {
                    return false;
                }
                let known = figures.iter().any(|f| f.atoms.start >= field.start && f.atoms.start < field.end)
                    || figures.iter().any(|f| f.atoms.start <= field.start && field.start < f.atoms.end)
                    || self.labels.iter().any(|l| l.atoms.start <= field.start && field.start < l.atoms.end)
                    || self.labels.iter().any(|l| field.start <= l.atoms.start && l.atoms.start < field.end);
                // A date's digits are of a date, wherever its other parts stand.
                let dated =
                    || matches!(stream.atoms.get(field.end as usize).map(|a| a.ch), Some('年' | '月'));
                !known
                    && !dated()
                    && !counts(&field)
                    && self.ledger.is_free(field.clone())
                    && !self.is_page_number(&field)
            })
        })
    }

    /// Hands what no row ties to the solver.
    pub(super) fn solve(&self, figures: &[Figure], rows: &[Tie], ratios: &[(usize, Ratio)]) -> Solved {
        let stream = self.ledger.stream;
        let measures = (0..self.form.measures.len())
            .filter(|&m| !self.form.measures[m].optional || self.label_of(m).is_some())
            .map(Owner::Measure);
        let ratio_rows = self
            .form
            .ratios
            .iter()
            .enumerate()
            .filter(|_| !ratios.is_empty())
            .flat_map(|(i, form)| (0..form.rows.len()).map(move |row| Owner::RatioRow(i, row)));
        let owners: Vec<Owner> = measures.chain(ratio_rows).collect();
        let positions = self.positions(&owners);
        let variables: Vec<Variable> =
            owners.iter().zip(&positions).map(|(owner, position)| self.variable(*owner, *position)).collect();
        let mut sources: Vec<(u32, Source)> = Vec::new();
        sources.extend(figures.iter().enumerate().map(|(f, figure)| (figure.atoms.start, Source::Figure(f))));
        sources
            .extend(ratios.iter().enumerate().map(|(r, (_, ratio))| (ratio.atoms.start, Source::Ratio(r))));
        let units = self.lone_units(figures, ratios);
        let behind = self.units_behind(figures, &units, &variables);
        if behind.bound {
            let free = units.iter().filter(|(at, _)| !behind.of.iter().flatten().any(|u| u == at));
            sources.extend(free.map(|(at, _)| (at.start, Source::Place(at.clone()))));
        }
        sources.sort_by_key(|(at, _)| *at);
        let mut items: Vec<(u32, Item)> =
            sources.iter().enumerate().map(|(t, (at, _))| (*at, Item::Number(t))).collect();
        let mut seen: Vec<i32> = Vec::new();
        for label in self.labels {
            let named = match label.named {
                Named::Measure(first) => Owner::Measure(first),
                Named::RatioRow(i, row) => Owner::RatioRow(i, row),
                _ => continue,
            };
            let Some(v) = owners.iter().position(|o| *o == named) else { continue };
            if !seen.contains(&positions[v]) {
                seen.push(positions[v]);
                items.push((label.atoms.start, Item::Label(positions[v])));
            }
        }
        items.sort_by_key(|(at, _)| *at);
        let index = |owner: Owner| owners.iter().position(|o| *o == owner);
        let tokens = sources
            .iter()
            .map(|(_, source)| match source {
                Source::Figure(f) => {
                    let tie = rows.iter().find(|t| t.figure == *f);
                    let only = tie.and_then(|t| index(Owner::Measure(t.measure))).map(|v| vec![v]);
                    self.token(&figures[*f], behind.next(*f, stream, &units), only, behind.bound)
                }
                Source::Ratio(r) => {
                    let (form, ratio) = &ratios[*r];
                    let only =
                        self.ratio_row(ratio, *form).and_then(|row| index(Owner::RatioRow(*form, row)));
                    Token {
                        value: ratio.second.and_then(scaled),
                        first: ratio.first.and_then(scaled),
                        ratio: Some(*form),
                        only: only.map(|v| vec![v]),
                        stray: STRAY,
                        ..Token::default()
                    }
                }
                Source::Place(at) => Token {
                    unit: Some(stream.canonical(at.clone())),
                    place: true,
                    stray: STRAY_PLACE,
                    ..Token::default()
                },
            })
            .collect();
        let problem = Problem {
            rules: rules(self.form, &owners, self.publisher),
            variables,
            tokens,
            sequence: items.into_iter().map(|(_, item)| item).collect(),
            budget: BUDGET,
        };
        let sources = sources.into_iter().map(|(_, source)| source).collect();
        let labelled = owners.iter().filter(|o| self.labelled(**o)).count() * 2 > owners.len();
        Solved { outcome: problem.solve(), sources, owners, labelled }
    }

    /// The row of each: its label's place among those of the text, in the order of the form.
    fn positions(&self, owners: &[Owner]) -> Vec<i32> {
        let mut position = -1;
        let mut rows: Vec<(&[Alias], i32)> = Vec::new();
        let mut out = Vec::with_capacity(owners.len());
        for owner in owners {
            let labels: &[Alias] = match *owner {
                Owner::Measure(m) => &self.form.measures[m].labels,
                Owner::RatioRow(i, row) => std::slice::from_ref(&self.form.ratios[i].rows[row]),
            };
            let known = rows.iter().find(|(l, _)| *l == labels).map(|(_, at)| *at);
            out.push(known.unwrap_or_else(|| {
                position += i32::from(self.labelled(*owner) || position < 0);
                rows.push((labels, position));
                position
            }));
        }
        out
    }

    fn labelled(&self, owner: Owner) -> bool {
        match owner {
            Owner::Measure(m) => self.label_of(m).is_some(),
            Owner::RatioRow(i, row) => self.labels.iter().any(|l| l.named == Named::RatioRow(i, row)),
        }
    }

    fn variable(&self, owner: Owner, position: i32) -> Variable {
        let labelled = self.labelled(owner);
        let m = match owner {
            Owner::Measure(m) => m,
            Owner::RatioRow(i, row) => {
                let total = self.form.ratios[i].totals.get(row).and_then(|t| t.parse().ok()).and_then(scaled);
                let unit = self.form.ratios[i].unit.canonical.clone();
                return Variable {
                    position,
                    unit,
                    ratio: Some(i),
                    min: total,
                    max: total,
                    labelled,
                    ..Variable::default()
                };
            }
        };
        let form = &self.form.measures[m];
        let (mut min, mut max) = (form.min, form.max);
        for bound in self.form.bounds.iter().filter(|b| b.key == form.key) {
            if bound.publishers.is_empty() || self.publisher.is_some_and(|p| bound.publishers.contains(&p)) {
                min = bound.min.or(min);
                max = bound.max.or(max);
            }
        }
        Variable {
            position,
            ratio: None,
            unit: form.unit.canonical.clone(),
            places: form.places(),
            min: min.and_then(scaled),
            max: max.and_then(scaled),
            typical: form.typical.and_then(|(low, high)| Some((scaled(low)?, scaled(high)?))),
            labelled,
        }
    }

    fn token(
        &self,
        figure: &Figure,
        next_unit: Option<NextUnit>,
        only: Option<Vec<usize>>,
        bound: bool,
    ) -> Token {
        let stream = self.ledger.stream;
        let (value, places) = match figure.content {
            Content::Number(value, places) => (scaled(value), places),
            _ => (None, 0),
        };
        let unit = figure.unit.as_ref().map(|u| stream.canonical(u.clone()));
        let page = stream.page(stream.atoms[figure.atoms.start as usize].line).number;
        let alike = if stream.has_places || unit.is_some() {
            None
        } else {
            self.numbered(page, stream.spelled(figure.atoms.clone()).parse().ok()).filter(|&n| n > 1)
        };
        let (mut stray, mut kept) = match (&unit, &next_unit) {
            _ if only.is_some() => (f64::NEG_INFINITY, 0.0),
            (None, None) if figure.content == Content::Placeholder => (STRAY_PLACE, 0.0),
            _ if alike.is_some() => {
                let share = 1.0 / alike.unwrap_or(1) as f64;
                (share.ln() + BLANK, (1.0 - share).ln())
            }
            (None, None) => (STRAY, 0.0),
            _ => (STRAY_WITH_UNIT, 0.0),
        };
        if bound && unit.is_none() && next_unit.is_none() && only.is_none() {
            kept += WITHOUT_UNIT;
        }
        if stream.has_places {
            (stray, kept) = (STRAY_ON_PAGE, 0.0);
        }
        Token { value, places, unit, only, next_unit, stray, kept, ..Token::default() }
    }

    /// Units that stand alone: in no label, and beside no number of their line.
    pub(super) fn lone_units(
        &self,
        figures: &[Figure],
        ratios: &[(usize, Ratio)],
    ) -> Vec<(Range<u32>, String)> {
        let stream = self.ledger.stream;
        if stream.has_places {
            return Vec::new();
        }
        let units = self.units();
        let lines = self.lines.iter().flat_map(Clone::clone);
        let fields = lines.flat_map(|line| stream.fields_of(line)).map(|f| f.atoms.clone());
        let mut out = Vec::new();
        for field in fields {
            let text = stream.canonical(field.clone());
            let taken = |at: &Range<u32>| at.start <= field.start && field.start < at.end;
            let known = figures.iter().any(|f| taken(&f.atoms) || f.unit.as_ref().is_some_and(taken))
                || ratios.iter().any(|(_, r)| r.unit.as_ref().is_some_and(taken))
                || self.labels.iter().any(|l| taken(&l.atoms));
            if !known && units.contains(&text) && self.ledger.is_free(field.clone()) {
                out.push((field, text));
            }
        }
        out
    }

    /// The unit that is the next thing behind each figure, and how far that can be trusted.
    fn units_behind(
        &self,
        figures: &[Figure],
        units: &[(Range<u32>, String)],
        variables: &[Variable],
    ) -> Behind {
        let own = |f: &Figure| {
            f.unit.is_none().then(|| units.iter().position(|(u, _)| u.start == f.atoms.end)).flatten()
        };
        let of: Vec<Option<usize>> = figures.iter().map(own).collect();
        let pairs: Vec<(&Figure, &String)> =
            figures.iter().zip(&of).filter_map(|(f, u)| u.map(|u| (f, &units[u].1))).collect();
        let fits = |figure: &Figure, unit: &String| {
            let Content::Number(value, places) = figure.content else { return true };
            variables.iter().any(|v| {
                let value = scaled(value);
                v.ratio.is_none()
                    && v.unit == *unit
                    && places <= v.places
                    && (places > 0) == (v.places > 0)
                    && v.min.is_none_or(|m| value >= Some(m))
                    && v.max.is_none_or(|m| value <= Some(m))
            })
        };
        let wrong = pairs.iter().filter(|(f, u)| !fits(f, u)).count();
        let trust = (1.0 - (wrong as f64 + 0.5) / (pairs.len() as f64 + 1.0) / CHANCE).max(0.0);
        let front = self.units_in_front(figures);
        let wrong_in_front =
            figures.iter().zip(&front).filter(|(f, u)| u.as_ref().is_some_and(|u| !fits(f, u)));
        let in_front = front.iter().flatten().count() as f64;
        let front_trust = (1.0 - (wrong_in_front.count() as f64 + 0.5) / (in_front + 1.0) / CHANCE).max(0.0);
        let with = figures.iter().zip(&of).filter(|(f, u)| f.unit.is_some() || u.is_some()).count();
        let bound = !figures.is_empty() && with as f64 >= BOUND * figures.len() as f64 && wrong == 0;
        Behind {
            of: of.into_iter().map(|u| u.map(|u| units[u].0.clone())).collect(),
            trust,
            front,
            front_trust,
            bound,
        }
    }

    /// The unit right in front of each figure, in its own field (`人525`).
    fn units_in_front(&self, figures: &[Figure]) -> Vec<Option<String>> {
        let stream = self.ledger.stream;
        let units = self.units();
        let in_front = |f: &Figure| {
            let line = &stream.lines[stream.atoms[f.atoms.start as usize].line as usize];
            let field = stream
                .fields_in(line.atoms.clone())
                .into_iter()
                .find(|field| field.contains(&f.atoms.start))?;
            let text = stream.canonical(field.start..f.atoms.start);
            (f.unit.is_none() && units.contains(&text)).then_some(text)
        };
        figures.iter().map(in_front).collect()
    }

    /// The row of a ratio's label on its line of a dump.
    fn ratio_row(&self, ratio: &Ratio, form: usize) -> Option<usize> {
        let stream = self.ledger.stream;
        let line = stream.atoms[ratio.atoms.start as usize].line;
        self.labels.iter().find_map(|l| match l.named {
            Named::RatioRow(i, row) if i == form => {
                let same =
                    stream.atoms[l.atoms.start as usize].line == line && l.atoms.end <= ratio.atoms.start;
                same.then_some(row)
            }
            _ => None,
        })
    }
}

/// Share of random pairs of a number and a unit that do not fit.
const CHANCE: f64 = 0.6;

/// What stands behind the figures.
struct Behind {
    /// For each figure the unit that follows it.
    of: Vec<Option<Range<u32>>>,
    trust: f64,
    /// For each figure the unit in front of it, in its own field.
    front: Vec<Option<String>>,
    front_trust: f64,
    /// Nearly every number has its unit, and none has one that cannot be its own.
    bound: bool,
}

impl Behind {
    fn next(
        &self,
        figure: usize,
        stream: &crate::stream::Stream<'_>,
        units: &[(Range<u32>, String)],
    ) -> Option<NextUnit> {
        if let Some(unit) = &self.front[figure] {
            let usual = self.front.iter().flatten().filter(|u| *u == unit).count() as f64;
            let usual = usual / self.front.iter().flatten().count() as f64;
            return Some(NextUnit { unit: unit.clone(), trust: self.front_trust, usual });
        }
        let unit = stream.canonical(self.of[figure].clone()?);
        let usual = units.iter().filter(|(_, u)| *u == unit).count() as f64 / units.len().max(1) as f64;
        Some(NextUnit { unit, trust: self.trust, usual })
    }
}

/// The rules of the section over the variables at hand.
fn rules(form: &SectionForm, owners: &[Owner], publisher: Option<MunicipalityKind>) -> Vec<Rule> {
    let index = |key: &String| {
        let own = |o: &Owner| matches!(o, Owner::Measure(m) if form.measures[*m].key == *key);
        owners.iter().position(own)
    };
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
    for (i, ratios) in form.ratios.iter().enumerate() {
        for (row, total) in ratios.totals.iter().enumerate() {
            let own = owners.iter().position(|o| *o == Owner::RatioRow(i, row));
            if let (Some(one), Some(other)) = (own, index(total)) {
                rules.push(Rule::Same { one, other });
            }
        }
    }
    rules
}
