//! A number with what it measures: a share, a length of time, or a count in some unit.

use rust_decimal::Decimal;

use crate::duration::{self, Duration};
use crate::flags::{Flag, Flags};
use crate::quantity::{self, Quantity};
use crate::reader::Reader;
use crate::{number, units};

/// What a number measures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Of {
    Percent,
    Duration(Duration),
    /// A count; the unit's end, if one is printed.
    Number(Option<usize>),
}

/// A measured number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Measure {
    pub(crate) value: Decimal,
    pub(crate) quantity: Quantity,
    pub(crate) of: Of,
    /// Where the unit begins.
    pub(crate) unit: usize,
    pub(crate) end: usize,
    pub(crate) flags: Flags,
}

/// The measure at `at`, its sign included.
pub(crate) fn read(reader: Reader<'_>, at: usize) -> Option<Measure> {
    let (negative, digits) = number::sign(reader, at).unwrap_or((false, at));
    let quantity = quantity::read(reader, digits)?;
    let mut flags = Flags::NONE;
    if quantity.kanji {
        flags.insert(Flag::Kanji);
    }
    if quantity.spaced {
        flags.insert(Flag::SpaceGrouped);
    }
    if reader.at(at) == Some('+') {
        flags.insert(Flag::Signed);
    }
    let mut value = quantity.value;
    if negative {
        value.set_sign_negative(!value.is_zero());
    }
    let unit = reader.space(quantity.end);
    let measure = |value, of, end, flags| Measure { value, quantity, of, unit, end, flags };
    if let Some(end) = percent_sign(reader, unit) {
        return Some(measure(value, Of::Percent, end, flags));
    }
    if let Some((value, end)) = wari(reader, unit, value) {
        return Some(measure(value, Of::Percent, end, flags.with(Flag::Wari)));
    }
    if digits == at
        && let Some(duration) = duration::read(reader, at, &quantity)
    {
        let (end, flags) = (duration.end, flags.union(duration.flags));
        return Some(measure(value, Of::Duration(duration), end, flags));
    }
    let spaced = unit > quantity.end;
    let unit_end = units::eat(reader, unit).filter(|&end| !spaced || is_unit_behind_space(reader, unit, end));
    Some(measure(value, Of::Number(unit_end), unit_end.unwrap_or(quantity.end), flags))
}

/// In 73 か所 the unit is the number's; in 3 センター it may be the next cell.
fn is_unit_behind_space(reader: Reader<'_>, at: usize, end: usize) -> bool {
    let katakana =
        reader.at(at).is_some_and(crate::characters::is_katakana) && !reader.text[at..end].ends_with('所');
    !katakana && units::ends_cleanly(reader, end)
}

fn percent_sign(reader: Reader<'_>, at: usize) -> Option<usize> {
    let end = reader.eat_any(at, &["%", "パーセント"])?;
    (reader.eat(end, "ポイント").is_none()).then_some(end)
}

/// 3割, 二割五分, 1割2分5厘: in percent, and the end.
fn wari(reader: Reader<'_>, at: usize, tenths: Decimal) -> Option<(Decimal, usize)> {
    let mut end = reader.eat(at, "割")?;
    if reader.eat_any(end, &["合", "り当", "当", "振"]).is_some() {
        return None;
    }
    let mut value = tenths.checked_mul(Decimal::TEN)?;
    for (unit, worth) in [("分", Decimal::ONE), ("厘", Decimal::new(1, 1))] {
        let part = quantity::read(reader, end).filter(|part| part.value < Decimal::TEN);
        if let Some(part) = part
            && let Some(next) = reader.eat(part.end, unit)
        {
            value = value.checked_add(part.value.checked_mul(worth)?)?;
            end = next;
        }
    }
    Some((value.normalize(), end))
}
