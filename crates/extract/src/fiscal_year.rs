//! The fiscal year of a sheet, told from the dates on it.

use std::collections::BTreeMap;

use chohyo_layout::BBox;
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
        if rule.section == TITLE {
            // The title says a year, or names several: then it tells none.
            if let Some(year) = of_title(stream, form, rule.month) {
                *votes.entry(year).or_default() += rule.weight;
            }
            continue;
        }
        for line in stretches.iter().filter(of_rule).flat_map(|s| s.lines.clone()) {
            if may_hold_year(stream.spelled(stream.lines[line as usize].atoms.clone())) {
                dates(&stream.printed(line).text, |date| years.extend(year_of(&date, rule.month)));
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

/// A date in a text.
struct Date {
    /// The fiscal year that it begins in, and the month.
    year: i32,
    month: i8,
    /// It is a fiscal year by its own words.
    fiscal: bool,
    /// Letters of the text that are not the date's, but for brackets and what parts words.
    others: usize,
    /// A bracket stands open before it.
    in_brackets: bool,
}

/// Tells the dates of a text that may be of its fiscal year.
fn dates(text: &str, mut tell: impl FnMut(Date)) {
    for found in chohyo_normalize::scan(text, &Context::default()) {
        let dated = matches!(
            found.kind,
            Kind::Date | Kind::Month | Kind::FiscalYear | Kind::FiscalPoint | Kind::Range
        );
        let Some(start) = found.period.as_ref().and_then(|p| p.start).filter(|_| dated) else { continue };
        let before = text.get(..found.span.start).unwrap_or_default();
        let after = text.get(found.span.end..).unwrap_or_default();
        let opened = before.chars().filter(|c| matches!(c, '(' | '（')).count();
        let closed = before.chars().filter(|c| matches!(c, ')' | '）')).count();
        tell(Date {
            year: i32::from(start.year()) - i32::from(start.month() < 4),
            month: start.month(),
            fiscal: found.kind == Kind::FiscalYear,
            others: before.chars().chain(after.chars()).filter(|c| c.is_alphanumeric()).count(),
            in_brackets: opened > closed,
        });
    }
}

/// The year of a date whose month counts.
fn year_of(date: &Date, month: Option<i8>) -> Option<i32> {
    month.is_none_or(|month| date.month == month).then_some(date.year)
}

/// Characters beside a fiscal year that stands alone: 令和４年度分, 令和４年度版.
const BESIDE: usize = 2;

/// The year that the title is of: the fiscal year printed in it, rather than the one in its brackets, that of a line of
/// its own over or under it, or the day or month beside it, which say when the sheet was made. Several are none.
fn of_title(stream: &Stream<'_>, form: &Form, month: Option<i8>) -> Option<i32> {
    let title = title_lines(stream, form);
    let printed = |line: &u32| stream.printed(*line).text.as_str();
    let mut own: Vec<Date> = Vec::new();
    dates(&title.held.iter().map(printed).collect::<String>(), |date| own.push(date));
    title.beside.iter().for_each(|line| dates(printed(line), |date| own.push(date)));
    let mut alone: Vec<Date> = Vec::new();
    title.next.iter().for_each(|line| {
        dates(printed(line), |date| alone.extend((date.fiscal && date.others <= BESIDE).then_some(date)));
    });
    let years = |dates: &[Date], of: fn(&Date) -> bool| {
        let years: Vec<i32> = dates.iter().filter(|d| of(d)).filter_map(|d| year_of(d, month)).collect();
        (!years.is_empty()).then_some(years)
    };
    let years = years(&own, |d| d.fiscal && !d.in_brackets)
        .or_else(|| years(&own, |d| d.fiscal))
        .or_else(|| years(&alone, |d| d.fiscal))
        .or_else(|| years(&own, |d| !d.fiscal))?;
    years.iter().all(|year| *year == years[0]).then(|| years[0])
}

/// False for a text without a date: a year is printed with its word, or with digits behind its era or before a mark
/// that parts it from the month.
fn may_hold_year(spelled: &str) -> bool {
    let sign = |c: char| NAMES.contains(&c) || matches!(c, '/' | '.' | '-');
    spelled.contains('年') || spelled.contains(sign) && spelled.contains(|c: char| c.is_ascii_digit())
}

/// How far over or under the title, in heights of its line, its year may stand on a line of its own.
const NEXT: f32 = 4.0;

/// The lines of a title.
#[derive(Default)]
struct Title {
    /// Those that hold it, and what its last bracket goes on in.
    held: Vec<u32>,
    /// Those at their height.
    beside: Vec<u32>,
    /// The nearest over and under them.
    next: Vec<u32>,
}

fn title_lines(stream: &Stream<'_>, form: &Form) -> Title {
    let end = stream.atoms.len() as u32;
    // The first one: a title may be named again in the text. It may go on over lines.
    let titled = |at: u32| {
        let title = form.cover.title.iter().find(|t| stream.matches(at, end, &t.canonical))?;
        Some(at..at + title.canonical.len() as u32)
    };
    let Some(title) = (0..end).find_map(titled).filter(|t| !t.is_empty()) else { return Title::default() };
    let line = |at: u32| stream.atoms[at as usize].line;
    let mut held = line(title.start)..line(title.end - 1) + 1;
    let page = stream.lines[held.start as usize].page;
    let lines = || (0..stream.lines.len() as u32).filter(|l| stream.lines[*l as usize].page == page);
    let full = |l: &u32| !stream.lines[*l as usize].atoms.is_empty();
    let atoms = stream.atoms_of(held.clone());
    let count = |c: char| stream.chars(atoms.clone()).filter(|ch| *ch == c).count();
    if count('(') > count(')')
        && let Some(next) = lines().filter(full).find(|l| *l >= held.end)
    {
        held.end = next + 1;
    }
    let of = |l: u32| stream.bbox(stream.lines[l as usize].atoms.clone());
    let own: Vec<BBox> = held.clone().filter_map(of).collect();
    // The year may stand apart from the title on its line.
    let level = |b: &BBox| own.iter().any(|a| (a.center().1 - b.center().1).abs() < 0.5 * a.height());
    let mut found = Title { held: held.clone().collect(), ..Title::default() };
    let others: Vec<u32> = lines().filter(|l| full(l) && !held.contains(l)).collect();
    let Some(whole) = own.iter().copied().reduce(|a, b| a.union(&b)) else {
        found.next.extend(others.iter().rev().find(|l| **l < held.start));
        found.next.extend(others.iter().find(|l| **l >= held.end));
        return found;
    };
    let reach = NEXT * own[0].height();
    let (mut over, mut under) = (f32::NEG_INFINITY, f32::INFINITY);
    let placed: Vec<(u32, BBox)> = others.into_iter().filter_map(|l| Some((l, of(l)?))).collect();
    found.beside.extend(placed.iter().filter(|(_, b)| level(b)).map(|(l, _)| *l));
    for b in placed.iter().map(|(_, b)| b).filter(|b| !level(b)) {
        if b.center().1 < whole.top {
            over = over.max(b.center().1);
        } else if b.center().1 > whole.bottom {
            under = under.min(b.center().1);
        }
    }
    // What stands at the height of the nearest is as near.
    let near = |b: &BBox, to: f32| (b.top..b.bottom).contains(&to) && (to - whole.center().1).abs() < reach;
    let next = placed.iter().filter(|(_, b)| !level(b) && (near(b, over) || near(b, under)));
    found.next.extend(next.map(|(l, _)| *l));
    found
}
