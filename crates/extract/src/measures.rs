//! The measures of a section: labels, figures, and what ties them.

mod digits;
mod matrix;
mod other_numbers;
mod row;
mod scattered;
mod share;
mod turns;

use self::scattered::{Owner, Solved, Source};
use self::turns::Turns;

use std::ops::Range;

use crate::diagnostic::Code;
use crate::figure::{Content, Figure, figures};
use crate::form::{MeasureForm, SectionForm};
use crate::label::{Label, Named, printed};
use crate::ledger::Ledger;
use crate::number::Number;
use crate::other_column;
use crate::ratios::Ratio;
use crate::sheet::{Candidate, Diagnostic, Evidence, Measure, MunicipalityKind, Status};
use crate::solve::{Choice, Outcome};

/// Confidence of a value that stands in its label's row of a ruled table or line.
const READ: f64 = 0.99;

/// The confidence of a first candidate at most, where something speaks against what its weight says: about three in four of
/// these are right.
const DOUBTED: f64 = 0.75;

/// How sure a value must be that another measure without one might have as well.
const SURE_OF_RIVALS: f64 = 0.97;

/// The measures of one section with all it needs.
pub(crate) struct Reader<'a, 's, 'd> {
    pub ledger: &'a mut Ledger<'s, 'd>,
    pub form: &'a SectionForm,
    pub labels: &'a [Label],
    pub lines: Vec<Range<u32>>,
    pub publisher: Option<MunicipalityKind>,
    /// Numbers that sentences tell, each with its measure.
    pub told: Vec<(usize, Figure)>,
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
    ///
    /// `ratios` are those of the text, each with the index of its form; what comes with the measures is the row
    /// of each, where it can be told.
    pub(crate) fn read(mut self, ratios: &[(usize, Ratio)]) -> (Vec<Measure>, Vec<Option<usize>>) {
        let units = self.units();
        let stream = self.ledger.stream;
        let free = |atoms: Range<u32>| {
            // Where the form has ratios, a bare ／ is one without numbers and no null mark.
            let ratio =
                !self.form.ratios.is_empty() && atoms.len() == 1 && stream.spelled(atoms.clone()) == "/";
            let part = |r: &Range<u32>| r.start <= atoms.start && atoms.end <= r.end;
            let ratio = ratio || ratios.iter().any(|(_, r)| part(&r.atoms));
            !ratio && self.ledger.is_free(atoms)
        };
        let mut figures: Vec<Figure> =
            self.lines.iter().flat_map(|lines| figures(stream, lines.clone(), &units, free)).collect();
        let in_labels = self.in_labels();
        let in_label = |f: &Figure| {
            let before = in_labels.partition_point(|p| p.start <= f.atoms.start);
            before > 0 && f.atoms.start < in_labels[before - 1].end
        };
        let counting = other_numbers::counting(stream, &self.lines);
        let counts =
            |atoms: &Range<u32>| counting.iter().any(|c| c.start <= atoms.start && atoms.end <= c.end);
        let ratio_units: Vec<&str> = self.form.ratios.iter().map(|r| r.unit.canonical.as_str()).collect();
        figures.retain(|f| {
            !self.is_page_number(&f.atoms)
                && !counts(&f.atoms)
                && !other_numbers::is_of_ratio(stream, &ratio_units, f)
                && !other_numbers::is_enumerator(stream, f)
                && !other_numbers::is_in_entry(stream, self.labels, f)
                && !in_label(f)
        });
        other_numbers::drop_counts_of_words(stream, self.labels, &units, &mut figures);
        let others = [
            other_numbers::in_ratio_rows(stream, self.labels, &figures),
            other_numbers::in_dates(stream, &figures),
        ];
        let mut at = 0..figures.len();
        figures.retain(|_| at.next().is_some_and(|at| others.iter().all(|of| !of[at])));
        let mut rows = self.rows(&figures, &units);
        for (measure, figure) in std::mem::take(&mut self.told) {
            if rows.iter().all(|t| t.measure != measure || t.figure >= figures.len()) {
                rows.push(Tie { figure: figures.len(), measure, unit: None });
                figures.push(figure);
            }
        }
        let pdf = self.ledger.stream.document.kind == chohyo_layout::SourceKind::Pdf;
        // In a dump, numbers of another year are not told from the form's.
        let mingled = !pdf && other_column::in_dump(stream, &self.lines);
        if mingled {
            rows.clear();
        }
        let turns = if self.ledger.stream.has_places || mingled {
            Turns::default()
        } else {
            self.turns(&figures, &rows, ratios)
        };
        rows.extend(turns.ties.iter().cloned());
        // Text that has slipped out of its cells: where it stands no longer says which row it is.
        let tied = rows.len();
        let digits = self.digits();
        rows.retain(|t| {
            !self.slipped(&figures[t.figure]) && !self.is_broken(&figures[t.figure], &digits, &units)
        });
        // One number in the rows of two labels is of neither.
        let figures_tied: Vec<usize> = rows.iter().map(|t| t.figure).collect();
        rows.retain(|t| figures_tied.iter().filter(|f| **f == t.figure).count() == 1);
        let contested = self.contested(&mut rows, &figures);
        let tied = tied - contested.iter().map(|(_, figures)| figures.len()).sum::<usize>();
        let solved = if pdf && tied == rows.len() {
            None
        } else {
            let mut solved = self.solve(&figures, &rows, ratios);
            // The rules speak of all numbers of the section; with some not understood, they prove nothing.
            solved.outcome.unread = mingled || self.unread(&figures, &units, counts);
            Some(solved)
        };
        let mut measures: Vec<Measure> = Vec::new();
        for m in 0..self.form.measures.len() {
            let tie = rows.iter().find(|t| t.measure == m);
            let label = self.label_of(m).cloned();
            if label.is_none() && self.form.measures[m].optional {
                continue;
            }
            let mut measure = self.measure(m, label.as_ref());
            let rivals = contested.iter().find(|(c, _)| *c == m).map(|(_, figures)| figures);
            if let Some(rivals) = rivals {
                self.contest(&mut measure, rivals, &figures);
                measures.push(measure);
                continue;
            }
            match (tie, &solved) {
                (Some(tie), _) => {
                    let mut figure = figures[tie.figure].clone();
                    figure.unit = figure.unit.or_else(|| tie.unit.clone());
                    let (status, evidence) = if turns.ties.iter().any(|t| t.figure == tie.figure) {
                        (Status::Solved, vec![Evidence::Unit, Evidence::ReadingOrder])
                    } else {
                        (Status::Read, vec![Evidence::Row])
                    };
                    self.fill(&mut measure, &figure, status, READ, evidence);
                }
                (None, _) if turns.blank.contains(&m) => {}
                (None, Some(solved)) => {
                    if let Some(v) = solved.owners.iter().position(|&o| o == Owner::Measure(m)) {
                        self.answer(&mut measure, solved, v, &figures);
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
        self.doubt_blanks(&mut measures);
        self.check(&measures, solved.as_ref().map(|s| &s.outcome));
        let told = (0..ratios.len()).map(|r| solved.as_ref().and_then(|s| s.ratio_row(r))).collect();
        (measures, told)
    }

    /// A measure is blank where nothing stands in its place: not where a number does that nobody took.
    fn doubt_blanks(&self, measures: &mut [Measure]) {
        if self.ledger.stream.document.kind != chohyo_layout::SourceKind::Pdf {
            return;
        }
        for measure in measures.iter_mut().filter(|m| m.status == Status::Blank) {
            let of_key = |m: &MeasureForm| m.key == measure.key;
            let Some(m) = self.form.measures.iter().position(of_key) else { continue };
            if self.label_of(m).is_some_and(|label| self.number_beside(label)) {
                measure.status = Status::Ambiguous;
            }
        }
    }

    /// What the labels take, in order; each range ends where it or any before it does.
    fn in_labels(&self) -> Vec<Range<u32>> {
        let mut parts: Vec<Range<u32>> = self.labels.iter().flat_map(|l| l.parts.clone()).collect();
        parts.sort_by_key(|p| p.start);
        let mut end = 0;
        for part in &mut parts {
            end = part.end.max(end);
            part.end = end;
        }
        parts
    }

    /// Takes the ties of measures whose label stands in two rows with different numbers, or in one row with several of its
    /// unit, out of the rest.
    fn contested(&self, rows: &mut Vec<Tie>, figures: &[Figure]) -> Vec<(usize, Vec<usize>)> {
        let mut out: Vec<(usize, Vec<usize>)> = Vec::new();
        for m in 0..self.form.measures.len() {
            let own: Vec<usize> = rows.iter().filter(|t| t.measure == m).map(|t| t.figure).collect();
            let mut numbers = own.iter().map(|&f| figures[f].number());
            let first = numbers.next();
            if numbers.any(|n| Some(n) != first) {
                rows.retain(|t| t.measure != m);
                out.push((m, own));
            }
        }
        out
    }

    /// Leaves it open which of several rows is the measure's.
    fn contest(&mut self, measure: &mut Measure, rivals: &[usize], figures: &[Figure]) {
        let stream = self.ledger.stream;
        let mut said: Vec<String> = Vec::new();
        for &rival in rivals {
            let figure = &figures[rival];
            self.ledger.claim(figure.atoms.clone());
            let raw = printed(stream, figure.atoms.clone()).into_owned();
            said.push(raw.clone());
            let at = self.ledger.places_by_line(figure.atoms.clone());
            let (value, weight) = (figure.number().map(Number), 1.0 / rivals.len() as f64);
            let weight = (weight * 10_000.0).round() / 10_000.0;
            measure.candidates.push(Candidate { raw, value, weight, evidence: vec![Evidence::Row], at });
        }
        (measure.status, measure.confidence) = (Status::Ambiguous, 1.0 / rivals.len() as f64);
        let message = format!("the label of {} stands beside {}", measure.key, said.join(" and "));
        let at = measure.candidates.iter().flat_map(|c| c.at.clone()).collect();
        let keys = vec![measure.key.clone()];
        self.diagnostics.push(Diagnostic::new(Code::DuplicateLabel, message).of(keys).at(at));
    }

    fn units(&self) -> Vec<String> {
        let mut units: Vec<String> = self.form.measures.iter().map(|m| m.unit.canonical.clone()).collect();
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
        // The name of the group may be printed before that of the measure, and be a part of its label.
        let own = |l: &Label| -> Vec<Range<u32>> {
            let within = group.as_ref().filter(|g| {
                l.atoms != g.atoms && l.atoms.start <= g.atoms.start && g.atoms.end <= l.atoms.end
            });
            let Some(within) = within else { return l.parts.clone() };
            let sides = l
                .parts
                .iter()
                .flat_map(|p| [p.start..within.atoms.start.min(p.end), within.atoms.end.max(p.start)..p.end]);
            sides.filter(|p| p.start < p.end).collect()
        };
        let label = label.map(|l| self.ledger.take(&[own(l)]));
        let group = group.filter(|g| !g.parts.is_empty()).map(|g| self.ledger.take(&[g.parts]));
        Measure {
            key: form.key.clone(),
            block: None,
            label,
            group,
            as_of,
            raw: String::new(),
            value: None,
            unit: Some(form.unit.written.clone()),
            status: Status::Missing,
            confidence: 0.9,
            evidence: Vec::new(),
            candidates: Vec::new(),
            at: Vec::new(),
            correction: None,
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
        measure.raw = printed(stream, figure.atoms.clone()).into_owned();
        measure.status = match figure.content {
            Content::Number(value, _) => {
                measure.value = Some(Number(value));
                status
            }
            Content::NullMark => Status::NullMark,
            Content::Placeholder => Status::Placeholder,
        };
        self.ledger.claim(figure.atoms.clone());
        measure.at = self.ledger.places_by_line(figure.atoms.clone());
        if let Some(unit) = &figure.unit {
            measure.unit = Some(printed(self.ledger.stream, unit.clone()).into_owned());
            self.ledger.claim(unit.clone());
            // A place of its own: a candidate elsewhere may name the number alone.
            measure.at.extend(self.ledger.places_by_line(unit.clone()));
        }
        measure.confidence = confidence;
        measure.evidence = evidence;
    }

    fn answer(&mut self, measure: &mut Measure, solved: &Solved, v: usize, figures: &[Figure]) {
        let (outcome, sources) = (&solved.outcome, &solved.sources);
        let answer = &outcome.answers[v];
        let Some(&(choice, weight)) = answer.choices.first() else {
            if !sources.is_empty() {
                measure.status = Status::Ambiguous;
                measure.confidence = 0.0;
            }
            return;
        };
        // A proof is as good as the form's rules are.
        let confidence = if answer.proved { READ } else { weight.min(READ) };
        let tied = answer.evidence.contains(&Evidence::Row);
        // Where most labels are not in the text, its order says nothing of them.
        let told = answer.proved || outcome.solves(weight) && solved.labelled;
        let told = told && (answer.proved || weight >= SURE_OF_RIVALS || !outcome.has_blank_rival(v));
        let told = told && (answer.proved || !outcome.may_be_exchanged(v));
        if told && (!outcome.unread && !answer.left_over || tied) {
            if let Some(Source::Figure(figure)) = choice.map(|t| &sources[t]) {
                self.fill(measure, &figures[*figure], Status::Solved, confidence, answer.evidence.clone());
            } else if measure.label.is_some() {
                measure.confidence = confidence;
                measure.status = Status::Blank;
            }
            return;
        }
        if measure.label.is_none() && choice.is_none() {
            return;
        }
        measure.status = Status::Ambiguous;
        measure.confidence = weight.min(DOUBTED);
        let likely = || answer.choices.iter().filter(|(_, weight)| *weight > 0.001);
        let printed_at = |choice: Choice| match choice.map(|t| &sources[t]) {
            Some(Source::Figure(figure)) => Some(&figures[*figure]),
            _ => None,
        };
        for (choice, _) in likely() {
            if let Some(figure) = printed_at(*choice) {
                self.ledger.claim(figure.atoms.clone());
            }
        }
        measure.candidates = likely()
            .enumerate()
            .map(|(i, &(choice, weight))| {
                let figure = printed_at(choice);
                Candidate {
                    raw: figure.map_or_else(String::new, |f| {
                        printed(self.ledger.stream, f.atoms.clone()).into_owned()
                    }),
                    value: figure.and_then(Figure::number).map(Number),
                    weight: (weight * 10_000.0).round() / 10_000.0,
                    evidence: if i == 0 { answer.evidence.clone() } else { Vec::new() },
                    at: figure.map_or_else(Vec::new, |f| self.ledger.places_by_line(f.atoms.clone())),
                }
            })
            .collect();
    }

    /// Says what does not add up.
    fn check(&mut self, measures: &[Measure], outcome: Option<&Outcome>) {
        crate::check::check(self.form, measures, self.publisher, self.diagnostics);
        let mut say = |code, message: &str, keys: Vec<String>| {
            self.diagnostics.push(Diagnostic::new(code, message).of(keys));
        };
        let ambiguous: Vec<String> =
            measures.iter().filter(|m| m.status == Status::Ambiguous).map(|m| m.key.clone()).collect();
        if !ambiguous.is_empty() {
            let message = format!("{} measures cannot be told from the text alone", ambiguous.len());
            say(Code::Ambiguous, &message, ambiguous);
        }
        if outcome.is_some_and(|o| o.contradiction) {
            let message = "no assignment of the numbers to the measures holds all rules of the form";
            say(Code::Contradiction, message, Vec::new());
        }
        if outcome.is_some_and(|o| o.unread) {
            let message =
                "the section holds digits that are not understood; no number is solved without them";
            say(Code::UnreadDigits, message, Vec::new());
        }
        if outcome.is_some_and(|o| o.exhausted) {
            let message = "too many assignments to look at; what is not proved is left ambiguous";
            say(Code::SearchExhausted, message, Vec::new());
        }
        // Where tables or fields of the section are in its text, they are no part of a picture.
        let others = !self.form.tables.is_empty() || !self.form.fields.is_empty();
        let digit = |line: u32| {
            let atoms = self.ledger.stream.lines[line as usize].atoms.clone();
            atoms.clone().any(|i| self.ledger.stream.atoms[i as usize].ch.is_ascii_digit())
        };
        let printed = others && self.lines.iter().flat_map(Clone::clone).any(digit);
        if self.present
            && !printed
            && !measures.is_empty()
            && measures.iter().all(|m| m.status == Status::Missing)
        {
            let message = "the section has a heading but no numbers in its text: its table is a picture";
            let keys = measures.iter().map(|m| m.key.clone()).collect();
            say(Code::TableIsImage, message, keys);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet};
    use crate::sheet::Status;

    fn page(second: &str) -> Page {
        Page::default()
            .text(30.0, 30.0, "１ 県又は政令市の基礎情報")
            .grid(&[30.0, 250.0, 400.0], &[50.0, 70.0, 90.0])
            .text(35.0, 64.0, "精神科病床数（R2年4月時点）")
            .text(255.0, 64.0, "2,674床")
            .text(35.0, 84.0, "精神科病床数（R1年4月時点）")
            .text(255.0, 84.0, second)
    }

    #[test]
    fn a_label_in_two_rows_is_left_open() {
        let sheet = sheet(&[page("2,690床")]);
        let beds = sheet.measure("psychiatric_beds").unwrap();
        assert_eq!((beds.status, beds.value), (Status::Ambiguous, None));
        let raw: Vec<&str> = beds.candidates.iter().map(|c| c.raw.as_str()).collect();
        assert_eq!(raw, ["2,674", "2,690"]);
        let said = sheet.diagnostics.iter().find(|d| d.code == "duplicate_label").unwrap();
        assert_eq!((said.keys.as_slice(), said.at.len()), (["psychiatric_beds".to_owned()].as_slice(), 2));
    }

    #[test]
    fn a_row_printed_twice_is_one() {
        let sheet = sheet(&[page("2,674床")]);
        assert_eq!(sheet.measure("psychiatric_beds").unwrap().status, Status::Read);
        assert!(sheet.diagnostics.iter().all(|d| d.code != "duplicate_label"));
    }
}
