//! The fiscal year of a sheet, told from the dates on it.

use std::collections::BTreeMap;

use chohyo_normalize::{Context, Kind};

use crate::form::Form;
use crate::section::Stretch;
use crate::stream::Stream;

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
        let sections =
            stretches.iter().filter(|s| s.section.is_some_and(|i| form.sections[i].id == rule.section));
        for line in sections.flat_map(|s| s.lines.clone()) {
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
