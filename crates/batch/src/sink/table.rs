//! Tables as every sink writes them: columns with a type, and values.

use std::borrow::Cow;
use std::fmt;

use chohyo_extract::Number;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;

/// A table of the output.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    /// Its name: of its file, and in the database.
    pub(crate) name: String,
    /// One sentence for a person.
    pub(crate) about: String,
    /// Its columns, in order.
    pub(crate) columns: Vec<Column>,
    /// By which columns rows are looked for, for sinks that have indices.
    pub(crate) indices: Vec<Vec<&'static str>>,
}

/// A column of a [`Table`].
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: Type,
    /// True when every row has a value.
    pub(crate) required: bool,
    /// What it holds.
    pub(crate) about: &'static str,
}

/// The type of a [`Column`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    /// Text as printed, or a sentence.
    Text,
    /// A name out of few, which repeats from row to row.
    Key,
    /// A JSON array.
    Json,
    /// A whole number of 64 bits.
    Integer,
    /// A number as printed: [`PRECISION`] digits, [`SCALE`] of them behind the point.
    Decimal,
    /// A binary fraction of 64 bits.
    Real,
    /// A day.
    Date,
    Boolean,
}

/// Digits of a [`Type::Decimal`].
pub(crate) const PRECISION: u32 = 38;
/// Digits of a [`Type::Decimal`] behind the point.
pub(crate) const SCALE: u32 = 9;

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => f.write_str("text"),
            Self::Key => f.write_str("key"),
            Self::Json => f.write_str("JSON"),
            Self::Integer => f.write_str("integer"),
            Self::Decimal => f.write_str("decimal"),
            Self::Real => f.write_str("real"),
            Self::Date => f.write_str("date"),
            Self::Boolean => f.write_str("boolean"),
        }
    }
}

/// A cell of a row. It fits its column: null or of its type.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    /// Of a text, key or JSON column.
    Text(Cow<'a, str>),
    Integer(i64),
    /// At most [`SCALE`] digits behind the point.
    Decimal(Decimal),
    Real(f64),
    Date(Date),
    Boolean(bool),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<i32> for Value<'_> {
    fn from(number: i32) -> Self {
        Self::Integer(number.into())
    }
}

impl From<u32> for Value<'_> {
    fn from(number: u32) -> Self {
        Self::Integer(number.into())
    }
}

impl From<u64> for Value<'_> {
    fn from(number: u64) -> Self {
        Self::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<usize> for Value<'_> {
    fn from(number: usize) -> Self {
        Self::from(number as u64)
    }
}

impl From<f64> for Value<'_> {
    fn from(number: f64) -> Self {
        Self::Real(number)
    }
}

impl From<bool> for Value<'_> {
    fn from(truth: bool) -> Self {
        Self::Boolean(truth)
    }
}

impl From<Date> for Value<'_> {
    fn from(day: Date) -> Self {
        Self::Date(day)
    }
}

impl From<Number> for Value<'_> {
    /// Null where more digits were printed than the column takes: the printed text stands beside it, and a
    /// number that was rounded would be another number.
    fn from(number: Number) -> Self {
        let number = if number.0.scale() > SCALE { number.0.normalize() } else { number.0 };
        if number.scale() > SCALE { Self::Null } else { Self::Decimal(number) }
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// The name that the record prints for a value of an enumeration, which its serializer knows.
pub(crate) fn name<'a>(value: impl Serialize) -> Value<'a> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => Value::Text(Cow::Owned(name)),
        _ => Value::Null,
    }
}

/// A list as the record prints it.
pub(crate) fn json<'a>(list: &impl Serialize) -> Value<'a> {
    serde_json::to_string(list).map_or(Value::Null, |json| Value::Text(Cow::Owned(json)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Value<'static> {
        Value::from(Number(text.parse().unwrap()))
    }

    #[test]
    fn a_number_is_exact_or_null() {
        assert_eq!(of("21.0"), Value::Decimal(Decimal::new(210, 1)));
        assert_eq!(of("-0.123456789"), Value::Decimal(Decimal::new(-123_456_789, 9)));
        assert_eq!(of("0.1234567891"), Value::Null);
        // Zeros behind the point do not count, or a sheet's layout would decide.
        assert_eq!(of("0.1000000000000"), Value::Decimal(Decimal::new(1, 1)));
        // The largest number there is still fits into the digits of the column.
        let Value::Decimal(most) = of("79228162514264337593543950335") else { panic!() };
        assert!(most.to_string().len() as u32 + SCALE <= PRECISION);
    }
}
