//! The measures of a section: labels, figures, and what ties them.

use std::ops::Range;

use crate::figure::{Content, Figure, figures, is_stray, is_unit};
use crate::form::{MeasureForm, SectionForm};
use crate::label::{Label, Named, printed};
use crate::ledger::Ledger;
use crate::number::Number;
use crate::sheet::{Candidate, Diagnostic, Evidence, Measure, MunicipalityKind, Severity, Status};
use crate::solve::{BUDGET, Outcome, Problem, Rule, SOLVED, Token, Variable, scaled, trust};
use crate::spelling::canonical;
use crate::tiling::{self, Item};

/// Confidence of a value that stands in its label's row of a ruled table or line.
const READ: f64 = 0.99;

/// The measures of one section with all it needs.
pub(crate) struct Reader<'a, 's, 'd> {
    pub ledger: &'a mut Ledger<'s, 'd>,
    pub form: &'a SectionForm,
    pub labels: &'a [Label],
    pub lines: Vec<Range<u32>>,
    pub publisher: Option<MunicipalityKind>,
    /// The section's heading is on the sheet.
    pub present: bool,
    pub diagnostics: &'a mut Vec<Diagnostic>,
}

/// What a row of the layout gives a measure.
#[derive(Clone, Debug)]
struct Tie {
    figure: usize,
    measure: usize,
    /// The unit in the next cell.
    unit: Option<Range<u32>>,
}

impl Reader<'_, '_, '_> {
    /// All measures of the form, in its order.
    pub(crate) fn read(mut self) -> Vec<Measure> {
        let units = self.units();
        let stream = self.ledger.stream;
        let free = |atoms: Range<u32>| {
            // Where the form has ratios, a bare ／ is one without numbers and no null mark.
            let ratio =
                !self.form.ratios.is_empty() && atoms.len() == 1 && stream.canonical(atoms.clone()) == "/";
            !ratio && self.ledger.is_free(atoms)
        };
        let mut figures: Vec<Figure> =
            self.lines.iter().flat_map(|lines| figures(stream, lines.clone(), &units, free)).collect();
        let in_label =
            |f: &Figure| self.labels.iter().flat_map(|l| &l.parts).any(|p| p.contains(&f.atoms.start));
        figures.retain(|f| !self.is_page_number(&f.atoms) && !in_label(f));
        let mut rows = self.rows(&figures, &units);
        let pdf = self.ledger.stream.document.kind == chohyo_layout::SourceKind::Pdf;
        // Text that has slipped out of its cells: where it stands no longer says which row it is.
        let tied = rows.len();
        rows.retain(|t| !self.slipped(&figures[t.figure]));
        // One number in the rows of two labels is of neither.
        let figures_tied: Vec<usize> = rows.iter().map(|t| t.figure).collect();
        rows.retain(|t| figures_tied.iter().filter(|f| **f == t.figure).count() == 1);
        let outcome = if pdf && tied == rows.len() {
            None
        } else {
            let (mut outcome, tokens, variables) = self.solve(&figures, &rows);
            // The rules speak of all numbers of the section; with some not understood, they prove nothing.
            outcome.unread = self.unread(&figures, &units);
            Some((outcome, tokens, variables))
        };
        let mut measures: Vec<Measure> = Vec::new();
        for m in 0..self.form.measures.len() {
            let tie = rows.iter().find(|t| t.measure == m);
            let label = self.label_of(m).cloned();
            if label.is_none() && self.form.measures[m].optional {
                continue;
            }
            let mut measure = self.measure(m, label.as_ref());
            match (tie, &outcome) {
                (Some(tie), _) => {
                    let mut figure = figures[tie.figure].clone();
                    let beside = tie.unit.clone().map(|u| (printed(stream, u.clone()), u));
                    figure.unit = figure.unit.or(beside);
                    self.fill(&mut measure, &figure, Status::Read, READ, vec![Evidence::Row]);
                }
                (None, Some((outcome, tokens, variables))) => {
                    if let Some(v) = variables.iter().position(|&v| v == m) {
                        self.answer(&mut measure, outcome, v, tokens, &figures);
                    }
                }
                (None, None) => {}
            }
            if let (true, Status::Missing, Some(label)) = (measure.raw.is_empty(), measure.status, &label) {
                // Digits in the row that no number was made of: it is not blank.
                let unread = self.unread_in_row(label);
                measure.status = if unread { Status::Ambiguous } else { Status::Blank };
            }
            measures.push(measure);
        }
        self.check(&measures, outcome.as_ref().map(|(o, ..)| o));
        measures
    }

    fn units(&self) -> Vec<String> {
        let mut units: Vec<String> =
            self.form.measures.iter().map(|m| canonical(&m.unit).into_iter().collect()).collect();
        units.sort();
        units.dedup();
        units
    }

    /// The first label of the measure (its own, or the one it shares).
    fn label_of(&self, m: usize) -> Option<&Label> {
        let labels = &self.form.measures[m].labels;
        self.labels.iter().find(|l| match l.named {
            Named::Measure(first) => self.form.measures[first].labels == *labels,
            _ => false,
        })
    }

    fn group_of(&self, form: &MeasureForm) -> Option<&Label> {
        let id = form.group.as_ref()?;
        let index = self.form.groups.iter().position(|g| g.id == *id)?;
        self.labels.iter().find(|l| l.named == Named::Group(index))
    }

    /// The measure as its label alone gives it; the label is claimed.
    fn measure(&mut self, m: usize, label: Option<&Label>) -> Measure {
        let form = &self.form.measures[m];
        let group = self.group_of(form).filter(|_| label.is_some()).cloned();
        let as_of =
            label.and_then(|l| l.as_of.clone()).or_else(|| group.as_ref().and_then(|g| g.as_of.clone()));
        let mut text = |l: &Label| self.ledger.take(std::slice::from_ref(&l.parts));
        Measure {
            key: form.key.clone(),
            label: label.map(&mut text),
            group: group.as_ref().map(text),
            as_of,
            raw: String::new(),
            value: None,
            unit: Some(form.unit.clone()),
            status: Status::Missing,
            confidence: 0.9,
            evidence: Vec::new(),
            candidates: Vec::new(),
            at: Vec::new(),
        }
    }

    /// Gives the measure this figure.
    fn fill(
        &mut self,
        measure: &mut Measure,
        figure: &Figure,
        status: Status,
        confidence: f64,
        evidence: Vec<Evidence>,
    ) {
        let stream = self.ledger.stream;
        measure.raw = printed(stream, figure.atoms.clone());
        measure.status = match figure.content {
            Content::Number(value, _) => {
                measure.value = Some(Number(value));
                status
            }
            Content::NullMark => Status::NullMark,
            Content::Placeholder => Status::Placeholder,
        };
        self.ledger.claim(figure.atoms.clone());
        measure.at = self.ledger.places([figure.atoms.clone()]);
        if let Some((unit, place)) = &figure.unit {
            measure.unit = Some(unit.clone());
            self.ledger.claim(place.clone());
            // A place of its own: a candidate elsewhere may name the number alone.
            measure.at.extend(self.ledger.places([place.clone()]));
        }
        measure.confidence = confidence;
        measure.evidence = evidence;
    }

    /// Figures that stand in the row of a label: to its right on a page, behind it on the line of a dump.
    fn rows(&mut self, figures: &[Figure], units: &[String]) -> Vec<Tie> {
        let mut ties = Vec::new();
        let stream = self.ledger.stream;
        let leaves: Vec<&Label> = self
            .labels
            .iter()
            .filter(|l| !matches!(l.named, Named::Group(_) | Named::Caption | Named::Text(_)))
            .collect();
        for label in &leaves {
            let Named::Measure(first) = label.named else { continue };
            let row = if stream.has_places {
                self.row_on_page(label, &leaves, figures)
            } else {
                row_on_line(self.ledger, label, &leaves, figures)
            };
            let family: Vec<usize> = (0..self.form.measures.len())
                .filter(|&m| self.form.measures[m].labels == self.form.measures[first].labels)
                .collect();
            let mut open = family;
            for figure in row {
                let unit =
                    figures[figure].unit.as_ref().map(|(u, _)| canonical(u).into_iter().collect::<String>());
                let unit = unit.or_else(|| self.unit_beside(&figures[figure], units));
                let fits = |m: &usize| {
                    let form = &self.form.measures[*m];
                    let same =
                        unit.as_ref().is_none_or(|u| canonical(&form.unit).iter().copied().eq(u.chars()));
                    let places = match figures[figure].content {
                        Content::Number(_, places) => places <= form.places || unit.is_some(),
                        _ => true,
                    };
                    same && places
                };
                if let Some(at) = open.iter().position(fits) {
                    let unit = self.unit_place(&figures[figure], units);
                    ties.push(Tie { figure, measure: open.remove(at), unit });
                }
            }
        }
        ties
    }

    /// The canonical unit that stands in the field to the right, on a page.
    fn unit_beside(&self, figure: &Figure, units: &[String]) -> Option<String> {
        let place = self.unit_place(figure, units)?;
        Some(self.ledger.stream.canonical(place))
    }

    fn unit_place(&self, figure: &Figure, units: &[String]) -> Option<Range<u32>> {
        let stream = self.ledger.stream;
        let own = stream.bbox(figure.atoms.clone())?;
        let page = stream.lines[stream.atoms[figure.atoms.start as usize].line as usize].page;
        let mut best: Option<(f32, Range<u32>)> = None;
        for lines in &self.lines {
            for line in lines.clone().filter(|&l| stream.lines[l as usize].page == page) {
                for field in &stream.fields[stream.lines[line as usize].fields.start as usize
                    ..stream.lines[line as usize].fields.end as usize]
                {
                    let Some(b) = stream.bbox(field.atoms.clone()) else { continue };
                    let gap = b.x0 - own.x1;
                    let level = b.center().1 >= own.top && b.center().1 <= own.bottom;
                    if level && gap > -1.0 && best.as_ref().is_none_or(|(g, _)| gap < *g) {
                        best = Some((gap, field.atoms.clone()));
                    }
                }
            }
        }
        best.map(|(_, atoms)| atoms).filter(|atoms| is_unit(stream, atoms.clone(), units))
    }

    /// The figures to the right of a label within its row, from left to right, up to the next label.
    fn row_on_page(&self, label: &Label, leaves: &[&Label], figures: &[Figure]) -> Vec<usize> {
        let stream = self.ledger.stream;
        let Some(own) = self.extent(&label.atoms) else { return Vec::new() };
        let page = |atoms: &Range<u32>| stream.lines[stream.atoms[atoms.start as usize].line as usize].page;
        let level = |b: &chohyo_layout::BBox, row: &chohyo_layout::BBox| {
            let y = b.center().1;
            row.top <= y && y <= row.bottom
        };
        let right_edge = leaves
            .iter()
            .filter(|l| l.atoms != label.atoms && page(&l.atoms) == page(&label.atoms))
            // The unit behind a number may be spelled as a label is (42 市町村).
            .filter(|l| l.atoms.start == 0 || !stream.atoms[l.atoms.start as usize - 1].ch.is_ascii_digit())
            .filter_map(|l| self.extent(&l.atoms))
            .filter(|b| b.x0 >= own.x1 - 1.0 && b.overlap_y(&own) > 0.0)
            .map(|b| b.x0)
            .fold(f32::INFINITY, f32::min);
        let mut row: Vec<(f32, usize)> = figures
            .iter()
            .enumerate()
            .filter(|(_, f)| page(&f.atoms) == page(&label.atoms) && self.ledger.is_free(f.atoms.clone()))
            .filter_map(|(i, f)| stream.bbox(f.atoms.clone()).map(|b| (b, i)))
            .filter(|(b, _)| level(b, &own) && b.x0 >= own.x1 - 1.0 && b.x0 < right_edge)
            .map(|(b, i)| (b.x0, i))
            .collect();
        row.sort_by(|a, b| a.0.total_cmp(&b.0));
        row.into_iter().map(|(_, i)| i).collect()
    }

    /// True when a figure stands across the upper or lower edge of its cell.
    fn slipped(&self, figure: &Figure) -> bool {
        self.ledger.stream.slipped(&figure.atoms)
    }

    /// True when digits that nothing has claimed stand to the right of a label on its page, within its height.
    fn unread_in_row(&self, label: &Label) -> bool {
        let stream = self.ledger.stream;
        let Some(own) = self.extent(&label.atoms) else { return false };
        let page = stream.lines[stream.atoms[label.atoms.start as usize].line as usize].page;
        let in_label = |f: &Range<u32>| self.labels.iter().any(|l| l.atoms.contains(&f.start));
        self.lines.iter().flat_map(Clone::clone).filter(|&l| stream.lines[l as usize].page == page).any(
            |line| {
                stream.fields_in(stream.lines[line as usize].atoms.clone()).into_iter().any(|field| {
                    let level = stream.bbox(field.clone()).is_some_and(|b| {
                        let y = b.center().1;
                        own.top <= y && y <= own.bottom && b.x0 >= own.x1 - 1.0
                    });
                    let digits = field.clone().all(|i| {
                        let c = stream.atoms[i as usize].ch;
                        c.is_ascii_digit() || matches!(c, '.' | ',')
                    });
                    level && digits && !in_label(&field) && self.ledger.is_free(field)
                })
            },
        )
    }

    /// The cell that holds these atoms, or the box around them where there is no cell.
    fn extent(&self, atoms: &Range<u32>) -> Option<chohyo_layout::BBox> {
        let stream = self.ledger.stream;
        let line = &stream.lines[stream.atoms[atoms.start as usize].line as usize];
        // The cells of a dump are made of its rows, and no finer than they are.
        let cell = line.cell.filter(|_| stream.document.kind == chohyo_layout::SourceKind::Pdf);
        match cell {
            Some((t, c)) => {
                let page = &stream.document.pages[line.page as usize];
                Some(page.tables[t as usize].cells[c as usize].bbox)
            }
            None => stream.bbox(atoms.clone()),
        }
    }

    /// True for digits alone on the first or last line of a page that are the number of the page.
    fn is_page_number(&self, atoms: &Range<u32>) -> bool {
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
    fn unread(&self, figures: &[Figure], units: &[String]) -> bool {
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
    fn solve(&self, figures: &[Figure], rows: &[Tie]) -> (Outcome, Vec<usize>, Vec<usize>) {
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

    fn answer(
        &mut self,
        measure: &mut Measure,
        outcome: &Outcome,
        v: usize,
        tokens: &[usize],
        figures: &[Figure],
    ) {
        let answer = &outcome.answers[v];
        let Some(&(choice, weight)) = answer.choices.first() else {
            if !tokens.is_empty() {
                measure.status = Status::Ambiguous;
                measure.confidence = 0.0;
            }
            return;
        };
        // A proof is as good as the form's rules are.
        let confidence = if answer.proved { READ } else { weight.min(READ) };
        let tied = answer.evidence.contains(&Evidence::Row);
        if (answer.proved || weight >= SOLVED) && (!outcome.unread || tied) {
            if let Some(token) = choice {
                let figure = &figures[tokens[token]];
                self.fill(measure, figure, Status::Solved, confidence, answer.evidence.clone());
            } else {
                measure.confidence = confidence;
                if measure.label.is_some() {
                    measure.status = Status::Blank;
                }
            }
            return;
        }
        if measure.label.is_none() && choice.is_none() {
            return;
        }
        measure.status = Status::Ambiguous;
        measure.confidence = weight;
        let likely = || answer.choices.iter().filter(|(_, weight)| *weight > 0.001);
        for (choice, _) in likely() {
            if let Some(token) = choice {
                self.ledger.claim(figures[tokens[*token]].atoms.clone());
            }
        }
        measure.candidates = likely()
            .enumerate()
            .map(|(i, &(choice, weight))| {
                let figure = choice.map(|t| &figures[tokens[t]]);
                Candidate {
                    raw: figure.map_or_else(String::new, |f| printed(self.ledger.stream, f.atoms.clone())),
                    value: figure.and_then(Figure::number).map(Number),
                    weight: (weight * 10_000.0).round() / 10_000.0,
                    evidence: if i == 0 { answer.evidence.clone() } else { Vec::new() },
                    at: figure.map_or_else(Vec::new, |f| self.ledger.places([f.atoms.clone()])),
                }
            })
            .collect();
    }

    /// Says what does not add up.
    fn check(&mut self, measures: &[Measure], outcome: Option<&Outcome>) {
        crate::check::check(self.form, measures, self.publisher, self.diagnostics);
        let mut say = |code: &str, severity, message: String, keys: Vec<String>| {
            self.diagnostics.push(Diagnostic {
                code: code.to_owned(),
                severity,
                message,
                keys,
                at: Vec::new(),
            });
        };
        let ambiguous: Vec<String> =
            measures.iter().filter(|m| m.status == Status::Ambiguous).map(|m| m.key.clone()).collect();
        if !ambiguous.is_empty() {
            let message = format!("{} measures cannot be told from the text alone", ambiguous.len());
            say("ambiguous", Severity::Warning, message, ambiguous);
        }
        if outcome.is_some_and(|o| o.contradiction) {
            let message =
                "no assignment of the numbers to the measures holds all rules of the form".to_owned();
            say("contradiction", Severity::Warning, message, Vec::new());
        }
        if outcome.is_some_and(|o| o.unread) {
            let message =
                "the section holds digits that are not understood; no number is solved without them"
                    .to_owned();
            say("unread_digits", Severity::Warning, message, Vec::new());
        }
        if outcome.is_some_and(|o| o.exhausted) {
            let message = "too many assignments to look at; what is not proved is left ambiguous".to_owned();
            say("search_exhausted", Severity::Warning, message, Vec::new());
        }
        if self.present && !measures.is_empty() && measures.iter().all(|m| m.status == Status::Missing) {
            let message = "the section has a heading but no numbers in its text: its table is a picture";
            let keys = measures.iter().map(|m| m.key.clone()).collect();
            say("table_is_image", Severity::Warning, message.to_owned(), keys);
        }
    }
}

/// The figures behind a label on its line of a dump, up to the next label, and those between its lines.
fn row_on_line(ledger: &Ledger<'_, '_>, label: &Label, leaves: &[&Label], figures: &[Figure]) -> Vec<usize> {
    let stream = ledger.stream;
    let row_of = |part: &Range<u32>| {
        let line = stream.atoms[part.end as usize - 1].line;
        let next = leaves.iter().map(|l| l.atoms.start).filter(|&start| start >= part.end).min();
        part.end..next.unwrap_or(u32::MAX).min(stream.lines[line as usize].atoms.end)
    };
    let rows: Vec<Range<u32>> = label.parts.iter().map(row_of).collect();
    let inside = |f: &Figure| {
        rows.iter().any(|r| r.contains(&f.atoms.start))
            || label.atoms.contains(&f.atoms.start) && !label.parts.iter().any(|p| p.contains(&f.atoms.start))
    };
    figures.iter().enumerate().filter(|(_, f)| inside(f)).map(|(i, _)| i).collect()
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
    for order in &form.orders {
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
