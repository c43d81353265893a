//! The EDTF spelling of what was read.

use std::fmt::Write;

use jiff::civil::Date;

use crate::calendar::{Calendar, Shape, When};

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
