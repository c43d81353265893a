//! Numbers as JSON has them, without a detour through binary fractions.

use std::fmt;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A number as printed: an integer where no decimal point was printed, else a decimal with the printed
/// number of places (`21.0` stays `21.0`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(pub Decimal);

impl Number {
    /// The number as the nearest binary fraction.
    pub fn to_f64(self) -> f64 {
        // A decimal prints as Rust reads a float, so this cannot fail; and nothing is worth a panic.
        self.0.to_string().parse().unwrap_or(f64::NAN)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match i64::try_from(self.0) {
            Ok(integer) if self.0.scale() == 0 => serializer.serialize_i64(integer),
            _ => serializer.serialize_f64(self.to_f64()),
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = serde_json::Number::deserialize(deserializer)?;
        let text = number.to_string();
        text.parse()
            .or_else(|_| Decimal::from_scientific(&text))
            .map(Self)
            .map_err(|e| serde::de::Error::custom(format!("{text}: {e}")))
    }
}

impl JsonSchema for Number {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Number".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "number",
            "description": "A number as printed: an integer where no decimal point was printed, else a decimal."
        })
    }
}
