//! A point of the calendar as it was printed, and the days it covers.

use jiff::ToSpan;
use jiff::civil::{Date, date};

use crate::context::Context;
use crate::era::Era;
use crate::flags::{Flag, Flags};

/// What kind of stretch a [`Calendar`] names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Day,
    Month,
    Year,
    FiscalYear,
    /// 年度当初: its first day.
    FiscalStart,
    /// 年度末: its last day.
    FiscalEnd,
    /// 1 or 2.
    Half(u8),
    /// 1 to 4.
    Quarter(u8),
    /// 通年.
    WholeYear,
}

impl Shape {
    /// Whether the year of this shape runs from April to March.
    pub(crate) fn is_fiscal(self) -> bool {
        !matches!(self, Shape::Day | Shape::Month | Shape::Year)
    }
}

/// A day, month, year, fiscal year or part of one; what was not printed is absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Calendar {
    pub(crate) shape: Shape,
    /// Of a fiscal shape: the year in which the fiscal year begins.
    pub(crate) year: Option<i32>,
    pub(crate) era: Option<Era>,
    /// The year of an era that was not printed.
    pub(crate) short: Option<i32>,
    pub(crate) month: Option<u8>,
    pub(crate) day: Option<u8>,
    /// Years from the one that is spoken of: 翌年度.
    pub(crate) offset: i8,
    pub(crate) flags: Flags,
}

impl Calendar {
    pub(crate) fn new(shape: Shape) -> Calendar {
        Calendar {
            shape,
            year: None,
            era: None,
            short: None,
            month: None,
            day: None,
            offset: 0,
            flags: Flags::NONE,
        }
    }

    /// Completes the year from the context, and flags what the year is to its era.
    pub(crate) fn complete(&mut self, context: &Context) {
        if let (None, Some(n)) = (self.year, self.short) {
            if let Some(era) = context.era_of(n) {
                self.era = Some(era);
                self.year = Some(era.year(n));
            }
            self.flags.insert(Flag::EraOmitted);
        }
        if self.year.is_none() && self.short.is_none() {
            self.supply_year(context);
        }
        if self.year.is_none() {
            self.flags.insert(Flag::YearUnspecified);
        }
        if let (Some(era), Some(first), Some(last)) = (self.era, self.first_day(), self.last_day()) {
            self.judge_era(era, first, last);
        }
    }

    fn supply_year(&mut self, context: &Context) {
        let Some(fiscal_year) = context.fiscal_year else { return };
        self.year = match (self.shape, self.month) {
            (Shape::Day | Shape::Month, Some(month)) => Some(fiscal_year + i32::from(month < 4)),
            (Shape::Day | Shape::Month, None) => None,
            _ => Some(fiscal_year),
        }
        .map(|year| year + i32::from(self.offset));
        if self.year.is_some() && self.shape != Shape::WholeYear {
            self.flags.insert(Flag::YearOmitted);
        }
    }

    fn judge_era(&mut self, era: Era, mut first: Date, mut last: Date) {
        if self.shape.is_fiscal()
            && let Some(days) = self.year.and_then(fiscal_year_days)
        {
            (first, last) = days;
        }
        if last < era.first_day() {
            self.flags.insert(Flag::EraUnderflow);
        }
        if let Some(end) = era.last_day() {
            if first > end {
                self.flags.insert(Flag::EraOverflow);
            } else if last > end && self.shape.is_fiscal() {
                self.flags.insert(Flag::EraCrosses);
            }
        }
        if self.shape == Shape::Day && Era::ALL.into_iter().any(|era| era.first_day() == first) {
            self.flags.insert(Flag::EraBoundary);
        }
    }

    /// The month that a half or quarter begins with, counted from January of the year it is in, and its length.
    fn part(self) -> Option<(i8, i32)> {
        let offset = if self.flags.contains(Flag::CalendarYear) { 0 } else { 3 };
        match self.shape {
            Shape::Half(n) => Some((offset + 6 * (n as i8 - 1), 6)),
            Shape::Quarter(n) => Some((offset + 3 * (n as i8 - 1), 3)),
            _ => None,
        }
    }

    /// The first day, where the year is known.
    pub(crate) fn first_day(self) -> Option<Date> {
        let year = civil_year(self.year?)?;
        match self.shape {
            Shape::Day => Date::new(year, self.month? as i8, self.day? as i8).ok(),
            Shape::Month => Date::new(year, self.month? as i8, 1).ok(),
            Shape::Year => Date::new(year, 1, 1).ok(),
            Shape::FiscalYear | Shape::FiscalStart | Shape::WholeYear => Date::new(year, 4, 1).ok(),
            Shape::FiscalEnd => Date::new(year + 1, 3, 31).ok(),
            Shape::Half(_) | Shape::Quarter(_) => {
                let (months, _) = self.part()?;
                Date::new(year + i16::from(months / 12), months % 12 + 1, 1).ok()
            }
        }
    }

    /// The last day, where the year is known.
    pub(crate) fn last_day(self) -> Option<Date> {
        let first = self.first_day()?;
        match self.shape {
            Shape::Day | Shape::FiscalStart | Shape::FiscalEnd => Some(first),
            Shape::Month => Some(first.last_of_month()),
            Shape::Year => Some(first.last_of_year()),
            Shape::FiscalYear | Shape::WholeYear => Date::new(first.year() + 1, 3, 31).ok(),
            Shape::Half(_) | Shape::Quarter(_) => {
                let (_, months) = self.part()?;
                Some(first.checked_add((months - 1).months()).ok()?.last_of_month())
            }
        }
    }

    /// The fiscal year that this is, or lies in and prints.
    pub(crate) fn fiscal_year(self) -> Option<i32> {
        if self.shape.is_fiscal() && !self.flags.contains(Flag::CalendarYear) { self.year } else { None }
    }
}

/// A year that a date can have, and the next one too.
fn civil_year(year: i32) -> Option<i16> {
    i16::try_from(year).ok().filter(|year| (1..9999).contains(year))
}

/// How many days a month has; February has 29 where the year is not known.
pub(crate) fn days_in_month(year: Option<i32>, month: u8) -> u8 {
    let year = year.and_then(civil_year).unwrap_or(2000);
    Date::new(year, month as i8, 1).map_or(31, |first| first.days_in_month() as u8)
}

/// What a text says of time: a point, a stretch between two, or several points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum When {
    Point(Calendar),
    /// One end may be open.
    Range(Option<Calendar>, Option<Calendar>),
    Set(Vec<Calendar>),
}

impl When {
    /// All points, for the first and last day and what they remark.
    pub(crate) fn points(&self) -> impl Iterator<Item = &Calendar> {
        let (pair, set): ([Option<&Calendar>; 2], &[Calendar]) = match self {
            When::Point(point) => ([Some(point), None], &[]),
            When::Range(from, to) => ([from.as_ref(), to.as_ref()], &[]),
            When::Set(set) => ([None, None], set),
        };
        pair.into_iter().flatten().chain(set)
    }

    pub(crate) fn points_mut(&mut self) -> impl Iterator<Item = &mut Calendar> {
        let (pair, set): ([Option<&mut Calendar>; 2], &mut [Calendar]) = match self {
            When::Point(point) => ([Some(point), None], &mut []),
            When::Range(from, to) => ([from.as_mut(), to.as_mut()], &mut []),
            When::Set(set) => ([None, None], set),
        };
        pair.into_iter().flatten().chain(set)
    }

    pub(crate) fn first_day(&self) -> Option<Date> {
        match self {
            When::Point(point) => point.first_day(),
            When::Range(from, _) => from.and_then(Calendar::first_day),
            When::Set(set) => set.iter().map(|point| point.first_day()).min().flatten(),
        }
    }

    pub(crate) fn last_day(&self) -> Option<Date> {
        match self {
            When::Point(point) => point.last_day(),
            When::Range(_, to) => to.and_then(Calendar::last_day),
            When::Set(set) => set.iter().map(|point| point.last_day()).max().flatten(),
        }
    }
}

/// The first day of a fiscal year.
///
/// ```
/// use chohyo_normalize::fiscal_year_days;
///
/// let (first, last) = fiscal_year_days(2020).unwrap();
/// assert_eq!(first.to_string(), "2020-04-01");
/// assert_eq!(last.to_string(), "2021-03-31");
/// ```
///
/// `None` outside of the years 1 to 9998.
pub fn fiscal_year_days(year: i32) -> Option<(Date, Date)> {
    let year = civil_year(year)?;
    Some((date(year, 4, 1), date(year + 1, 3, 31)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(shape: Shape, year: i32) -> (String, String) {
        let calendar = Calendar { year: Some(year), ..Calendar::new(shape) };
        (calendar.first_day().unwrap().to_string(), calendar.last_day().unwrap().to_string())
    }

    #[test]
    fn parts_of_a_fiscal_year() {
        assert_eq!(days(Shape::Half(2), 2020), ("2020-10-01".into(), "2021-03-31".into()));
        assert_eq!(days(Shape::Quarter(4), 2020), ("2021-01-01".into(), "2021-03-31".into()));
        assert_eq!(days(Shape::FiscalEnd, 2019), ("2020-03-31".into(), "2020-03-31".into()));
    }

    #[test]
    fn absurd_years_have_no_days() {
        for year in [i32::MIN, -1, 0, 9999, i32::MAX] {
            assert_eq!(Calendar { year: Some(year), ..Calendar::new(Shape::FiscalEnd) }.first_day(), None);
        }
    }
}
