//! The fiscal year of a sheet, told from the dates on it.

use std::collections::BTreeMap;

use chohyo_normalize::{Context, Kind};

use crate::era::NAMES;
use crate::form::Form;
use crate::section::Stretch;
use crate::stream::Stream;

/// The section of a rule that looks at the title of the sheet.
pub(crate) const TITLE: &str = "title";

/// What the dates say: the year, and the share of the votes it has.
pub(crate) struct Told {
    pub year: i32,
    pub share: f64,
}

/// Counts the fiscal years of the dates in the sections that the form names; `None` without any.
///
/// Each section has the weight the form gives it, spread over its dates.
pub(crate) fn told(stream: &Stream<'_>, form: &Form, stretches: &[Stretch]) -> Option<Told> {
    let mut votes: BTreeMap<i32, f64> = BTreeMap::new();
    for rule in &form.fiscal_year {
        let mut years: Vec<i32> = Vec::new();
        let of_rule = |s: &&Stretch| match s.section {
            Some(i) => form.sections[i].id == rule.section,
            // What stands before the first heading: the section that has none.
            None => form.sections.iter().any(|s| s.headings.is_empty() && s.id == rule.section),
        };
        let lines: Vec<u32> = if rule.section == TITLE {
            title_lines(stream, form)
        } else {
            stretches.iter().filter(of_rule).flat_map(|s| s.lines.clone()).collect()
        };
        for line in lines {
            if !may_hold_year(stream.spelled(stream.lines[line as usize].atoms.clone())) {
                continue;
            }
            let text = &stream.printed(line).text;
            for found in chohyo_normalize::scan(text, &Context::default()) {
                let dated = matches!(
                    found.kind,
                    Kind::Date | Kind::Month | Kind::FiscalYear | Kind::FiscalPoint | Kind::Range
                );
                let Some(start) = found.period.as_ref().and_then(|p| p.start).filter(|_| dated) else {
                    continue;
                };
                if rule.month.is_none_or(|month| start.month() == month) {
                    years.push(i32::from(start.year()) - i32::from(start.month() < 4));
                }
            }
        }
        for year in &years {
            *votes.entry(*year).or_default() += rule.weight / years.len() as f64;
        }
    }
    let total: f64 = votes.values().sum();
    // Of equal votes, the later year: sheets look back more than ahead.
    let (year, votes) = votes.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)))?;
    Some(Told { year, share: votes / total })
}

/// False for a text without a date: a year is printed with its word, or with digits behind its era or before a mark
/// that parts it from the month.
fn may_hold_year(spelled: &str) -> bool {
    let sign = |c: char| NAMES.contains(&c) || matches!(c, '/' | '.' | '-');
    spelled.contains('年') || spelled.contains(sign) && spelled.contains(|c: char| c.is_ascii_digit())
}

/// The lines that hold the title, and what stands beside it.
fn title_lines(stream: &Stream<'_>, form: &Form) -> Vec<u32> {
    let titles: Vec<String> = form.cover.title.iter().map(|t| t.canonical.iter().collect()).collect();
    let titled = |line: &u32| {
        let text = stream.spelled(stream.lines[*line as usize].atoms.clone());
        titles.iter().any(|t| text.contains(t))
    };
    let lines = 0..stream.lines.len() as u32;
    // The first one: a title may be named again in the text.
    let Some(first) = lines.clone().find(titled) else { return Vec::new() };
    let of = |l: u32| stream.bbox(stream.lines[l as usize].atoms.clone());
    // The year may stand apart from the title on its line.
    let level = |l: u32| {
        let same = stream.lines[first as usize].page == stream.lines[l as usize].page;
        same && of(first)
            .zip(of(l))
            .is_some_and(|(a, b)| (a.center().1 - b.center().1).abs() < 0.5 * a.height())
    };
    lines.filter(|&l| l == first || level(l)).collect()
}
