//! The EDTF spelling of what was read.

use std::fmt::Write;

use jiff::civil::Date;

use crate::calendar::{Calendar, Shape, When, days_in_month};

/// EDTF (ISO 8601-2): fiscal years and their parts as intervals of months. Empty where no year is known and the form
/// has no place for that.
pub(crate) fn edtf(when: &When) -> String {
    let mut text = String::with_capacity(16);
    match when {
        When::Point(point) => match interval_of_months(*point) {
            Some((first, last)) => {
                push_month(&mut text, first);
                text.push('/');
                push_month(&mut text, last);
            }
            None => push_end(&mut text, *point, true),
        },
        When::Range(from, to) => {
            push_side(&mut text, *from, true);
            if text.is_empty() {
                return text;
            }
            text.push('/');
            let length = text.len();
            push_side(&mut text, *to, false);
            if text.len() == length {
                text.clear();
            }
        }
        When::Set(set) => {
            text.push('{');
            for (index, point) in set.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                push_end(&mut text, *point, true);
                if interval_of_months(*point).is_some() {
                    text.push_str("..");
                    push_end(&mut text, *point, false);
                }
            }
            text.push('}');
        }
    }
    text
}

fn push_side(text: &mut String, side: Option<Calendar>, first: bool) {
    match side {
        Some(point) => push_end(text, point, first),
        None => text.push_str(".."),
    }
}

/// A point as the beginning or the end of an interval.
fn push_end(text: &mut String, point: Calendar, first: bool) {
    match interval_of_months(point) {
        Some((from, to)) => push_month(text, if first { from } else { to }),
        None => push_point(text, point),
    }
}

fn interval_of_months(point: Calendar) -> Option<(Date, Date)> {
    match point.shape {
        Shape::FiscalYear | Shape::Half(_) | Shape::Quarter(_) | Shape::WholeYear => {
            Some((point.first_day()?, point.last_day()?))
        }
        _ => None,
    }
}

fn push_month(text: &mut String, day: Date) {
    push_year(text, i32::from(day.year()));
    push_two(text, day.month() as u8);
}

/// Four digits. By hand: this is most of what a scan writes.
fn push_year(text: &mut String, year: i32) {
    if !(0..=9999).contains(&year) {
        let _ = write!(text, "{year}");
        return;
    }
    for place in [1000, 100, 10, 1] {
        text.push(char::from(b'0' + (year / place % 10) as u8));
    }
}

fn push_two(text: &mut String, part: u8) {
    text.push('-');
    text.push(char::from(b'0' + part / 10 % 10));
    text.push(char::from(b'0' + part % 10));
}

/// A day, month or year, with X for what is not known.
fn push_point(text: &mut String, point: Calendar) {
    let year = |text: &mut String| match point.year {
        Some(year) => push_year(text, year),
        None => text.push_str("XXXX"),
    };
    let two = |text: &mut String, part: Option<u8>| match part {
        Some(part) => push_two(text, part),
        None => text.push_str("-XX"),
    };
    match point.shape {
        Shape::Day => {
            year(text);
            two(text, point.month);
            two(text, point.day);
        }
        Shape::Month => {
            year(text);
            two(text, point.month);
        }
        Shape::Year if point.year.is_some() => year(text),
        Shape::FiscalStart | Shape::FiscalEnd => {
            if let Some(day) = point.first_day() {
                push_month(text, day);
                push_two(text, day.day() as u8);
            }
        }
        _ => {}
    }
}

/// Reads what [`edtf`] writes.
pub(crate) fn parse(text: &str) -> Option<When> {
    if let Some(list) = text.strip_prefix('{').and_then(|list| list.strip_suffix('}')) {
        return list.split(',').map(member).collect::<Option<Vec<_>>>().map(When::Set);
    }
    let Some((from, to)) = text.split_once('/') else { return point(text).map(When::Point) };
    let side = |text: &str| if text == ".." { Some(None) } else { point(text).map(Some) };
    match (side(from)?, side(to)?) {
        (None, None) => None,
        (from, to) => Some(When::Range(from, to)),
    }
}

/// A member of a set: a point, or a fiscal year or part of one as months.
fn member(text: &str) -> Option<Calendar> {
    let Some((from, to)) = text.split_once("..") else { return point(text) };
    let (from, to) = (point(from)?, point(to)?);
    let shapes = [1, 2].map(Shape::Half).into_iter().chain([1, 2, 3, 4].map(Shape::Quarter));
    [Shape::FiscalYear].into_iter().chain(shapes).find_map(|shape| {
        let year = from.year? - i32::from(from.month? < 4);
        let calendar = Calendar { year: Some(year), ..Calendar::new(shape) };
        let same = calendar.first_day() == from.first_day() && calendar.last_day() == to.last_day();
        same.then_some(calendar)
    })
}

/// 2020, 2020-04, 2020-04-01, with XXXX or XX for what is not known.
fn point(text: &str) -> Option<Calendar> {
    let mut parts = text.split('-');
    let year = parts.next().filter(|year| year.len() == 4)?;
    let year = if year == "XXXX" { None } else { Some(digits(year)?) };
    let two = |part: &str| match part {
        "XX" => Some(None),
        _ if part.len() == 2 => digits(part).and_then(|part| u8::try_from(part).ok()).map(Some),
        _ => None,
    };
    let month = parts.next().map(two);
    let day = parts.next().map(two);
    if parts.next().is_some() {
        return None;
    }
    let shape = match (month, day) {
        (None, _) => Shape::Year,
        (Some(_), None) => Shape::Month,
        (Some(_), Some(_)) => Shape::Day,
    };
    let (month, day) = (month.unwrap_or(Some(None))?, day.unwrap_or(Some(None))?);
    let last = month.map_or(31, |month| days_in_month(year, month));
    let valid = month.is_none_or(|month| (1..=12).contains(&month))
        && day.is_none_or(|day| (1..=last).contains(&day));
    let known = year.is_some() || shape != Shape::Year;
    (valid && known && (shape != Shape::Month || month.is_some())).then_some(Calendar {
        year,
        month,
        day,
        ..Calendar::new(shape)
    })
}

fn digits(text: &str) -> Option<i32> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for text in [
            "2020",
            "2020-04",
            "2020-04-01",
            "XXXX-07",
            "XXXX-XX-18",
            "2020-09/..",
            "../2021-03",
            "{2020-07,2020-09}",
            "{2018-04..2019-03,2020-10..2021-03}",
        ] {
            assert_eq!(parse(text).map(|when| edtf(&when)).as_deref(), Some(text));
        }
        for text in [
            "",
            "20",
            "2020-13",
            "2020-02-30",
            "XXXX",
            "2020-XX",
            "../..",
            "2020-04-01-01",
            "２０２０",
            "{}",
            "{2020,",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
