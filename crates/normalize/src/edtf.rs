//! The EDTF spelling of what was read.

use std::fmt::Write;

use jiff::civil::Date;

use crate::calendar::{Calendar, Shape, When};

/// EDTF (ISO 8601-2): fiscal years and their parts as intervals of months. Empty where no year is known and the form
/// has no place for that.
pub(crate) fn edtf(when: &When) -> String {
    let mut text = String::new();
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
    let _ = write!(text, "{:04}-{:02}", day.year(), day.month());
}

/// A day, month or year, with X for what is not known.
fn push_point(text: &mut String, point: Calendar) {
    let year = |text: &mut String| match point.year {
        Some(year) => {
            let _ = write!(text, "{year:04}");
        }
        None => text.push_str("XXXX"),
    };
    let two = |text: &mut String, part: Option<u8>| match part {
        Some(part) => {
            let _ = write!(text, "-{part:02}");
        }
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
                let _ = write!(text, "{day}");
            }
        }
        _ => {}
    }
}
