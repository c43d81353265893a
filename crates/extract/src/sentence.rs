//! Measures told in sentences on a page: `令和3年4月時点の市町村数は43市町村、人口は1,087,723人である。`
//!
//! A number is told where it follows a name with nothing but a date in brackets and particles between the two, and its
//! own unit behind it. A few such numbers in a text are remarks; a section that tells its measures so tells many.

use std::ops::Range;

use chohyo_layout::SourceKind;
use chohyo_normalize::{Context, Period, PeriodKind};

use crate::era::may_begin_year;
use crate::figure::{Content, Figure, figure};
use crate::form::SectionForm;
use crate::label::{Label, Named, printed};
use crate::ratios::{self, Ratio};
use crate::stream::Stream;

/// So many numbers and more are the measures of a section.
const LEAST: usize = 5;
/// Characters of a bracket behind a name, at most.
const BRACKET: u32 = 30;
/// Characters of the longest date, and what says that one is a date of numbers.
const DATE: u32 = 18;
const POINTS: [&str; 3] = ["時点", "現在", "末"];
/// What may stand between a name and its number.
const PARTICLES: &str = "はがでのも、,:";

/// What sentences tell.
#[derive(Default)]
pub(crate) struct Told {
    pub labels: Vec<Label>,
    /// The measure that each number is of.
    pub figures: Vec<(usize, Figure)>,
    /// Of each ratio: the index of its form, and its row.
    pub ratios: Vec<(usize, Ratio, usize)>,
}

/// The measures in the sentences of these lines.
pub(crate) fn read(stream: &Stream<'_>, form: &SectionForm, lines: &[Range<u32>]) -> Told {
    if stream.document.kind != SourceKind::Pdf {
        return Told::default();
    }
    let mut told = Told::default();
    for range in lines {
        let all: Vec<u32> = range.clone().collect();
        let home = |l: u32| (stream.lines[l as usize].block, stream.lines[l as usize].cell);
        for run in all.chunk_by(|a, b| home(*a) == home(*b)) {
            let atoms = stream.atoms_of(run[0]..run[run.len() - 1] + 1);
            let mut sentences = Sentences { stream, form, end: atoms.end, as_of: None };
            sentences.read(atoms.start, &mut told);
        }
    }
    if told.figures.len() < LEAST { Told::default() } else { told }
}

/// The sentences of one text.
struct Sentences<'a, 'd> {
    stream: &'a Stream<'d>,
    form: &'a SectionForm,
    end: u32,
    /// The last date that says of when numbers are.
    as_of: Option<Period>,
}

impl Sentences<'_, '_> {
    fn ch(&self, at: u32) -> Option<char> {
        (at < self.end).then(|| self.stream.atoms[at as usize].ch)
    }

    fn read(&mut self, start: u32, told: &mut Told) {
        let mut at = start;
        while at < self.end {
            if let Some((period, end)) = self.date(at) {
                (self.as_of, at) = (Some(period), end);
                continue;
            }
            // A name begins where a word does.
            let word = |c: char| c.is_alphanumeric() && !('ぁ'..='ん').contains(&c);
            let within = at > start && self.ch(at - 1).is_some_and(word);
            match self.name(at).filter(|_| !within) {
                Some((named, end)) => at = self.named(at, named, end, told),
                None => at += 1,
            }
        }
    }

    fn name(&self, at: u32) -> Option<(Named, u32)> {
        let (named, alias) = self.form.names.in_sentences(self.stream, at..self.end).next()?;
        Some((named, at + alias.canonical.len() as u32))
    }

    /// Reads what follows a name; gives where to go on.
    fn named(&mut self, start: u32, named: Named, end: u32, told: &mut Told) -> u32 {
        let behind = self.bracket(end);
        let stream = self.stream;
        let label = |named, as_of: &Option<Period>| Label {
            named,
            parts: stream.by_line(start..end).collect(),
            atoms: start..end,
            as_of: as_of.clone(),
            placeholder: None,
        };
        let number = self.particles(behind);
        if (end..self.end.min(number + 1)).any(|i| self.is_parted(i)) {
            return behind;
        }
        match named {
            Named::Measure(first) => {
                // 入院後３か月時点の退院率は58.9％
                let number = match self.name(number) {
                    Some((Named::Group(_), end)) => {
                        let end = self.bracket(end);
                        self.particles(end)
                    }
                    _ => number,
                };
                let Some(end) = self.numbers(first, number, told) else { return behind };
                told.labels.push(label(Named::Measure(first), &self.as_of));
                end
            }
            Named::Group(group) => {
                let total = self.total(group);
                let count = told.figures.len();
                let end = total.and_then(|total| self.numbers(total, number, told));
                told.labels.push(label(Named::Group(group), &self.as_of));
                if let (Some(total), true) = (total, told.figures.len() > count) {
                    told.labels.push(label(Named::Measure(total), &self.as_of));
                }
                end.unwrap_or(behind)
            }
            Named::Ratios(_) => {
                told.labels.push(label(named, &self.as_of));
                behind
            }
            Named::RatioRow(index, row) => {
                let Some((ratio, end)) = self.ratio(index, number) else { return behind };
                told.labels.push(label(named, &self.as_of));
                told.ratios.push((index, ratio, row));
                end
            }
            _ => behind,
        }
    }

    /// Behind the bracket that opens here; its date is that of what follows.
    fn bracket(&mut self, at: u32) -> u32 {
        if self.ch(at) != Some('(') {
            return at;
        }
        let Some(close) = (at + 1..at + BRACKET).find(|&i| self.ch(i) == Some(')')) else { return at };
        let Some(period) = date(&printed(self.stream, at + 1..close)) else { return at };
        self.as_of = Some(period);
        close + 1
    }

    /// True when white space stands before a character, as between the cells of a table.
    fn is_parted(&self, at: u32) -> bool {
        let stream = self.stream;
        if stream.atoms[at as usize].line == stream.atoms[at as usize - 1].line {
            return stream.starts_field(at);
        }
        match (stream.bbox(at - 1..at), stream.bbox(at..at + 1)) {
            (Some(a), Some(b)) => a.overlap_y(&b) > 0.3 * b.height(),
            _ => true,
        }
    }

    fn particles(&self, at: u32) -> u32 {
        (at..self.end).find(|&i| !self.ch(i).is_some_and(|c| PARTICLES.contains(c))).unwrap_or(self.end)
    }

    /// The date here that says of when numbers are: 令和3年4月時点.
    fn date(&self, at: u32) -> Option<(Period, u32)> {
        let first = self.ch(at)?;
        let before = at.checked_sub(1).map(|i| self.stream.atoms[i as usize].ch);
        if !may_begin_year(first) || before.is_some_and(|c| c.is_ascii_alphanumeric()) {
            return None;
        }
        let text = self.stream.spelled(at..self.end.min(at + DATE));
        let (cut, point) =
            POINTS.iter().filter_map(|p| text.find(p).map(|cut| (cut, p))).min_by_key(|f| f.0)?;
        let length = |text: &str| text.chars().count() as u32;
        let period = date(&printed(self.stream, at..at + length(&text[..cut])))?;
        Some((period, at + length(&text[..cut + point.len()])))
    }

    /// The numbers of the measures that share a name, each with its unit: `3,007人（20.9％）`.
    fn numbers(&self, first: usize, at: u32, told: &mut Told) -> Option<u32> {
        let measures = &self.form.measures;
        let family = || (0..measures.len()).filter(|&m| measures[m].labels == measures[first].labels);
        let (measure, figure, mut end) =
            family().find_map(|m| self.number(m, at).map(|(f, end)| (m, f, end)))?;
        told.figures.push((measure, figure));
        for other in family().filter(|m| *m != measure) {
            let share = self.form.shares.iter().find(|s| s.share == measures[other].key);
            let bracket = self.ch(end) == Some('(');
            let mut from = if bracket { end + 1 } else { self.particles(end) };
            let labels = share.map_or(&[][..], |s| &s.labels);
            let label = labels.iter().find(|a| self.stream.matches(from, self.end, &a.canonical));
            from += label.map_or(0, |a| a.canonical.len() as u32);
            if !bracket && label.is_none() {
                continue;
            }
            if let Some((figure, behind)) = self.number(other, self.particles(from)) {
                told.figures.push((other, figure));
                end = behind + u32::from(bracket && self.ch(behind) == Some(')'));
            }
        }
        Some(end)
    }

    /// A number, or a mark in place of one, with the unit of this measure behind it.
    fn number(&self, measure: usize, at: u32) -> Option<(Figure, u32)> {
        let digit = |i: &u32| self.ch(*i).is_some_and(|c| c.is_ascii_digit() || matches!(c, ',' | '.'));
        let mut end = at + (at..self.end).take_while(digit).count() as u32;
        if end == at && at < self.end {
            end += 1;
        }
        let unit = &self.form.measures[measure].unit.canonical;
        if end == at || !self.stream.spelled(end..self.end).starts_with(unit) {
            return None;
        }
        let found = figure(self.stream, at..end).filter(|f| f.unit.is_none() && f.atoms == (at..end))?;
        if found.content == Content::Placeholder {
            return None;
        }
        let place = end..end + unit.chars().count() as u32;
        let end = place.end;
        Some((Figure { unit: Some(place), ..found }, end))
    }

    /// A ratio of this form: 7／33か所.
    fn ratio(&self, index: usize, at: u32) -> Option<(Ratio, u32)> {
        let part = |i: &u32| self.ch(*i).is_some_and(|c| c.is_ascii_digit() || matches!(c, ',' | '/'));
        let body = at + (at..self.end).take_while(part).count() as u32;
        let unit = &self.form.ratios[index].unit.canonical;
        if body == at || !self.stream.spelled(body..self.end).starts_with(unit) {
            return None;
        }
        let end = body + unit.chars().count() as u32;
        ratios::ratio(self.stream, at..end, unit).map(|ratio| (ratio, end))
    }

    /// The measure that is the sum of those of a group, and a part of no other.
    fn total(&self, group: usize) -> Option<usize> {
        let id = &self.form.groups[group].id;
        (0..self.form.measures.len()).find(|&m| {
            let measure = &self.form.measures[m];
            measure.group.as_ref() == Some(id)
                && self.form.sums.iter().any(|s| s.total == measure.key)
                && !self.form.sums.iter().any(|s| s.parts.contains(&measure.key))
        })
    }
}

/// The month or day that a text is.
fn date(text: &str) -> Option<Period> {
    let text = POINTS.iter().fold(text, |text, point| text.trim_end_matches(point));
    let period = chohyo_normalize::period(text, &Context::default())?;
    matches!(period.kind, PeriodKind::Month | PeriodKind::Day).then_some(period)
}

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet};

    #[test]
    fn measures_and_ratios_told_in_sentences() {
        let page = Page::default()
            .text(30.0, 30.0, "１ 県又は政令市の基礎情報")
            .text(30.0, 60.0, "令和2年4月時点の障害保健福祉圏域数は7か所、市町村数は43市町村であり、人口は1,087,")
            .text(30.0, 74.0, "723人である。入院精神障害者数（令和元年6月時点）は2,150人で、うち３か月未満が452人")
            .text(30.0, 88.0, "（21.0％）、１年以上は1,208人（構成割合56.2％）となっている。令和元年6月時点の退院率は入院後")
            .text(30.0, 102.0, "３か月時点で58.9％、入院後１年時点で―％である。協議の場の設置状況（令和2年4月時点）は、")
            .text(30.0, 116.0, "都道府県が1／1か所、市町村が7／43か所である。");
        let sheet = sheet(&[page]);
        let told = |key: &str| {
            let measure = sheet.measure(key).unwrap();
            let as_of = measure.as_of.as_ref().map(|p| p.edtf.clone()).unwrap_or_default();
            (measure.value.map(|v| v.0.to_string()).unwrap_or_default(), as_of)
        };
        let is = |value: &str, as_of: &str| (value.to_owned(), as_of.to_owned());
        assert_eq!(told("welfare_areas"), is("7", "2020-04"));
        assert_eq!(told("municipalities"), is("43", "2020-04"));
        assert_eq!(told("population"), is("1087723", "2020-04"));
        assert_eq!(told("inpatients_total"), is("2150", "2019-06"));
        assert_eq!(told("inpatients_under_3_months"), is("452", "2019-06"));
        assert_eq!(told("inpatients_under_3_months_share"), is("21.0", "2019-06"));
        assert_eq!(told("inpatients_over_1_year_share"), is("56.2", "2019-06"));
        assert_eq!(told("discharge_rate_3_months"), is("58.9", "2019-06"));
        assert_eq!(told("discharge_rate_12_months").0, "");
        let rows: Vec<(String, Option<String>)> = sheet.tables["councils"]
            .iter()
            .map(|r| (r["level"].text.clone(), r["established"].value.map(|v| v.0.to_string())))
            .collect();
        assert_eq!(
            rows,
            [("都道府県".to_owned(), Some("1".to_owned())), ("市町村".to_owned(), Some("7".to_owned()))]
        );
    }

    #[test]
    fn a_few_numbers_in_a_text_are_remarks() {
        let page = Page::default()
            .text(30.0, 30.0, "１ 県又は政令市の基礎情報")
            .text(30.0, 60.0, "取組内容")
            .text(30.0, 74.0, "・保健所数は6か所であるが、訪問の体制を整えている。");
        assert!(sheet(&[page]).measure("public_health_centers").unwrap().value.is_none());
    }
}
