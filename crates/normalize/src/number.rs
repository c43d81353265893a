//! A whole text as one number.

use std::ops::Range;

use rust_decimal::Decimal;

use crate::fold::fold_with;
use crate::reader::Reader;
use crate::{affix, quantity, units};

/// A text that is one number, with at most a unit.
///
/// ```
/// let number = chohyo_normalize::number("１，０８７人").unwrap();
/// assert_eq!(number.value.to_string(), "1087");
/// assert_eq!(number.unit.unwrap().0, "人");
///
/// let share = chohyo_normalize::number("21.0％").unwrap();
/// assert_eq!(share.value.to_string(), "21.0");
/// assert_eq!(share.decimals, 1);
/// assert!(share.percent);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// The number in the given text, its sign and scale (千, 万) included, in bytes.
    pub span: Range<usize>,
    /// The value, with the decimals that were printed.
    pub value: Decimal,
    /// How many decimals were printed; 0 behind a scale that leaves none (1.5万).
    pub decimals: u32,
    /// The unit as printed, and its place in the given text in bytes.
    pub unit: Option<(String, Range<usize>)>,
    /// Whether it is a percentage: ％, パーセント, or 割 (then the value is ten times what is printed).
    pub percent: bool,
}

/// Reads a whole text - a cell - as one number.
///
/// White space and brackets around it, 約 and 延べ before it and a unit behind it are allowed; anything else makes
/// it `None`. Dates and durations are none.
///
/// ```
/// use chohyo_normalize::number;
///
/// assert_eq!(number("△ 1,234千円").unwrap().value.to_string(), "-1234000");
/// assert_eq!(number("３か所").unwrap().unit.unwrap().0, "か所");
/// assert_eq!(number("3か月"), None);
/// assert_eq!(number("R2年"), None);
/// assert_eq!(number("1 2"), None);
/// ```
pub fn number(text: &str) -> Option<Number> {
    let folded = fold_with(text, false);
    let inner = affix::unbracketed(folded.text());
    let offset = inner.as_ptr() as usize - folded.text().as_ptr() as usize;
    let reader = Reader::new(inner);
    let prefix = reader.eat_any(0, &["約", "延べ", "計"]).unwrap_or(0);
    let start = reader.space(prefix);
    let (negative, digits) = sign(reader, start).unwrap_or((false, start));
    let found = quantity::read(reader, digits)?;
    let mut value = found.value;
    if negative {
        value.set_sign_negative(!value.is_zero());
    }
    let unit_at = reader.gap(found.end);
    let source = |range: Range<usize>| folded.to_source(range.start + offset..range.end + offset);
    let mut number = Number {
        span: source(start..found.end),
        value,
        decimals: found.decimals,
        unit: None,
        percent: false,
    };
    if unit_at == inner.len() {
        return Some(number);
    }
    let end = if let Some(end) = reader.eat_any(unit_at, &["%", "パーセント"]) {
        number.percent = true;
        end
    } else if let Some(end) = reader.eat(unit_at, "割") {
        number.percent = true;
        number.value = number.value.checked_mul(Decimal::TEN)?.normalize();
        number.decimals = number.value.scale();
        end
    } else {
        units::eat(reader, unit_at)?
    };
    if reader.gap(end) != inner.len() {
        return None;
    }
    let span = source(unit_at..end);
    number.unit = Some((text[span.clone()].to_owned(), span));
    Some(number)
}

/// A sign at `at`: whether it is minus, and where the digits begin. △ and ▲ are minus in accounts.
pub(crate) fn sign(reader: Reader<'_>, at: usize) -> Option<(bool, usize)> {
    let c = reader.at(at)?;
    let negative = match c {
        '-' | '△' | '▲' => true,
        '+' | '±' => false,
        _ => return None,
    };
    let next = at + c.len_utf8();
    let digits = if c == '-' { next } else { reader.space(next) };
    reader.at(digits).is_some_and(|c| c.is_ascii_digit()).then_some((negative, digits))
}
