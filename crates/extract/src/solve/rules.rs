//! The rules that tie measures to each other.

use super::{Choice, Problem, SCALE};
use crate::sheet::Evidence;

/// A rule over variables, by their index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// The parts add up to the total. A table that splits a total prints all parts or none, and the total
    /// with them; with a null mark among the parts, the others do not exceed the total.
    Sum { total: usize, parts: Vec<usize> },
    /// `share` is 100 * part / total, to one unit of the last printed place; it is printed where both are, and is no
    /// number where the part is none.
    Share { share: usize, part: usize, total: usize },
    /// The first is not greater than the second.
    AtMost { less: usize, more: usize },
    /// The two are printed twice.
    Same { one: usize, other: usize },
}

/// What a broken rule weighs (natural logarithm) where a table is clear about its order: about one table in
/// fifty is wrong in its arithmetic, and a wrong assignment would hold it by chance as often as one number
/// in a range of them is the right one.
const BROKEN_SUM: f64 = -9.0;
const BROKEN_SHARE: f64 = -8.0;
const BROKEN_ORDER: f64 = -4.5;
const BROKEN_SAME: f64 = -7.0;
/// The same of a rule that wants a number where the table has none.
const BROKEN_BLANK: f64 = -3.0;

impl Rule {
    pub(crate) fn names(&self, v: usize) -> bool {
        !self.every(|u| u != v)
    }

    /// True when all its variables pass. The searches ask this at every step: nothing is allocated.
    pub(super) fn every(&self, mut test: impl FnMut(usize) -> bool) -> bool {
        match self {
            Self::Sum { total, parts } => test(*total) && parts.iter().all(|&part| test(part)),
            Self::Share { share, part, total } => test(*total) && test(*part) && test(*share),
            Self::AtMost { less, more } => test(*less) && test(*more),
            Self::Same { one, other } => test(*one) && test(*other),
        }
    }

    pub(crate) fn variables(&self) -> Vec<usize> {
        match self {
            Self::Sum { total, parts } => std::iter::once(*total).chain(parts.iter().copied()).collect(),
            Self::Share { share, part, total } => vec![*total, *part, *share],
            Self::AtMost { less, more } => vec![*less, *more],
            Self::Same { one, other } => vec![*one, *other],
        }
    }

    /// What it weighs that the rule is broken.
    pub(crate) fn broken(&self, blank: impl Fn(usize) -> bool) -> f64 {
        match self {
            _ if !self.every(|v| !blank(v)) => BROKEN_BLANK,
            Self::Sum { .. } => BROKEN_SUM,
            Self::Share { .. } => BROKEN_SHARE,
            Self::AtMost { .. } => BROKEN_ORDER,
            Self::Same { .. } => BROKEN_SAME,
        }
    }

    pub(crate) fn evidence(&self) -> Evidence {
        match self {
            Self::Sum { .. } | Self::Same { .. } => Evidence::Sum,
            Self::Share { .. } => Evidence::Share,
            Self::AtMost { .. } => Evidence::Order,
        }
    }

    /// True when the rule holds; `given` says what each variable has, and is asked only when all variables
    /// of the rule are decided.
    pub(crate) fn holds(&self, problem: &Problem, given: impl Fn(usize) -> Choice) -> bool {
        let given = |v: usize| given(v).filter(|&t| !problem.tokens[t].place);
        let value = |v: usize| given(v).and_then(|t| problem.tokens[t].value);
        match self {
            Self::Sum { total, parts } => {
                let blanks = parts.iter().filter(|&&p| given(p).is_none()).count();
                if blanks > 0 {
                    return blanks == parts.len();
                }
                if given(*total).is_none() {
                    return false;
                }
                let Some(total) = value(*total) else { return true };
                let known: i64 = parts.iter().filter_map(|&p| value(p)).sum();
                if parts.iter().all(|&p| value(p).is_some()) { known == total } else { known <= total }
            }
            Self::Share { share, part, total } => {
                if given(*share).is_none() {
                    return given(*part).is_none() || given(*total).is_none();
                }
                if given(*part).is_none() || given(*total).is_none() {
                    return false;
                }
                // Of what is not known, nobody prints the share.
                if value(*share).is_some() && value(*part).is_none() {
                    return false;
                }
                let (Some(share_value), Some(part), Some(total)) =
                    (value(*share), value(*part), value(*total))
                else {
                    return true;
                };
                let places = given(*share).map_or(0, |t| problem.tokens[t].places);
                share_holds(share_value, places, part, total)
            }
            Self::AtMost { less, more } => match (value(*less), value(*more)) {
                (Some(less), Some(more)) => less <= more,
                _ => true,
            },
            Self::Same { one, other } => match (value(*one), value(*other)) {
                (Some(one), Some(other)) => one == other,
                _ => true,
            },
        }
    }
}

/// True when `share` is 100 * part / total to one unit of its last printed place: tables are rounded, cut,
/// or adjusted so that the shares add up to 100.
pub(crate) fn share_holds(share: i64, places: u32, part: i64, total: i64) -> bool {
    if total <= 0 {
        return total == 0 && part == 0;
    }
    let exact = i128::from(part) * 100 * i128::from(SCALE) / i128::from(total);
    let unit = i128::from(SCALE) / 10_i128.pow(places.min(4));
    (exact - i128::from(share)).abs() <= unit
}
