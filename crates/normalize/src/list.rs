//! Lists of dates: 7月・9月, R2年度、R4年度.

use crate::calendar::{Calendar, Shape, When};
use crate::date;
use crate::flags::Flag;
use crate::range::{as_left, inherit, share_style};
use crate::reader::{Integer, Reader};

const SEPARATORS: &[&str] = &["・", "、", ",", "及び", "および", "と", "/"];

/// A cell lists a dozen months at most.
const MOST: usize = 48;

/// The parts of a list as they are read.
#[derive(Default)]
struct List {
    points: Vec<Calendar>,
    /// Numbers whose unit is yet to come: the 6 of 6・9月.
    pending: Vec<Integer>,
    /// The year or month that stands before all: R2年7・9月, 4月1・15日.
    head: Option<Calendar>,
    end: usize,
}

/// The list of two or more dates at `at`, and where it ends.
pub(crate) fn read(reader: Reader<'_>, at: usize) -> Option<(When, usize)> {
    let mut list = List::default();
    let mut next = at;
    while list.points.len() + list.pending.len() < MOST {
        next = list.part(reader, next)?;
        if list.may_be_head() && reader.integer(next).is_some() {
            list.head = list.points.pop();
            continue;
        }
        match reader.eat_any(reader.gap(next), SEPARATORS) {
            Some(separator) => next = reader.gap(separator),
            None => break,
        }
    }
    list.share();
    (list.pending.is_empty() && list.points.len() >= 2).then_some((When::Set(list.points), list.end))
}

impl List {
    /// Reads one part; returns where it ends.
    fn part(&mut self, reader: Reader<'_>, at: usize) -> Option<usize> {
        let Some(date) = date::read(reader, at).filter(|date| !date.is_invalid()) else {
            let integer = reader.integer(at)?;
            self.pending.push(integer);
            return Some(integer.end);
        };
        let unit = Calendar { year: None, era: None, ..date.calendar };
        for integer in self.pending.drain(..) {
            self.points.push(as_left(integer, unit)?);
        }
        self.points.push(date.calendar);
        self.end = date.end;
        Some(date.end)
    }

    fn may_be_head(&self) -> bool {
        let head = |point: &Calendar| {
            matches!(point.shape, Shape::Year | Shape::Month) && !point.flags.contains(Flag::Bare)
        };
        self.head.is_none() && matches!(&self.points[..], [only] if head(only))
    }

    /// Gives each part what only another one prints.
    fn share(&mut self) {
        if let Some(head) = self.head {
            for point in self.points.iter_mut().filter(|point| point.year.is_none()) {
                (point.year, point.era) = (head.year, head.era);
                point.month = point.month.or(head.month);
            }
        }
        for index in (1..self.points.len()).rev() {
            let right = self.points[index];
            if right.shape == Shape::FiscalYear {
                share_style(&mut self.points[index - 1], &right);
            }
        }
        for index in 1..self.points.len() {
            let mut left = self.points[index - 1];
            inherit(&mut left, &mut self.points[index], false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length(text: &str) -> Option<usize> {
        match read(Reader::new(text), 0)? {
            (When::Set(points), end) if end == text.len() => Some(points.len()),
            _ => None,
        }
    }

    #[test]
    fn lists() {
        assert_eq!(length("7月・9月"), Some(2));
        assert_eq!(length("6、9、12、3月"), Some(4));
        assert_eq!(length("R2年7・9月"), Some(2));
        assert_eq!(length("4月1日・15日"), Some(2));
        assert_eq!(length("R2年4月1・15日"), Some(2));
        assert_eq!(length("7月"), None);
        assert_eq!(length("7月・その他"), None);
    }
}
