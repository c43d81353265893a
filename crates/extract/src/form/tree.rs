//! A TOML file as a tree in which everything knows its place.

use std::ops::Range;

use rust_decimal::Decimal;
use toml::de::{DeTable, DeValue};

/// A value and where it stands, in bytes.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub span: Range<usize>,
    pub value: Value,
}

#[derive(Clone, Debug)]
pub(super) enum Value {
    Text(String),
    /// `None` where it is beyond what a decimal holds.
    Integer(Option<Decimal>),
    Float(Option<Decimal>),
    Boolean,
    Date,
    List(Vec<Node>),
    Table(Vec<Entry>),
}

/// A key with its value.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub key: String,
    pub span: Range<usize>,
    pub node: Node,
}

/// A piece of text of the form and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Written<'a> {
    pub text: &'a str,
    pub span: Range<usize>,
}

impl Node {
    pub(super) fn of_table(table: &DeTable<'_>, span: Range<usize>) -> Self {
        let mut entries: Vec<Entry> = table
            .iter()
            .map(|(key, value)| Entry {
                key: key.get_ref().to_string(),
                span: key.span(),
                node: Self::of_value(value.get_ref(), value.span()),
            })
            .collect();
        entries.sort_by_key(|e| e.span.start);
        Self { span, value: Value::Table(entries) }
    }

    fn of_value(value: &DeValue<'_>, span: Range<usize>) -> Self {
        let decimal = |text: &str| -> Option<Decimal> {
            let text = text.replace('_', "");
            text.parse().ok().or_else(|| Decimal::from_scientific(&text).ok())
        };
        let value = match value {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Integer(number) => {
                let text = number.as_str().replace('_', "");
                let other = || i64::from_str_radix(&text, number.radix()).ok().map(Decimal::from);
                Value::Integer(if number.radix() == 10 { decimal(&text) } else { other() })
            }
            DeValue::Float(number) => Value::Float(decimal(number.as_str())),
            DeValue::Boolean(_) => Value::Boolean,
            DeValue::Datetime(_) => Value::Date,
            DeValue::Array(array) => {
                Value::List(array.iter().map(|v| Self::of_value(v.get_ref(), v.span())).collect())
            }
            DeValue::Table(table) => return Self::of_table(table, span),
        };
        Self { span, value }
    }

    /// What a person calls a value of this type.
    pub(super) fn type_name(&self) -> &'static str {
        match self.value {
            Value::Text(_) => "text",
            Value::Integer(_) => "a whole number",
            Value::Float(_) => "a number",
            Value::Boolean => "true or false",
            Value::Date => "a date",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }

    pub(super) fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Table(entries) => entries,
            _ => &[],
        }
    }

    pub(super) fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    pub(super) fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|e| e.key == key)
    }

    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|e| &e.node)
    }

    pub(super) fn as_text(&self) -> Option<Written<'_>> {
        match &self.value {
            Value::Text(text) => Some(Written { text, span: self.span.clone() }),
            _ => None,
        }
    }

    /// The text of a key.
    pub(super) fn text(&self, key: &str) -> Option<Written<'_>> {
        self.get(key)?.as_text()
    }

    /// The texts of a list, none where the key is missing.
    pub(super) fn texts(&self, key: &str) -> Vec<Written<'_>> {
        self.get(key).into_iter().flat_map(Node::items).filter_map(Node::as_text).collect()
    }

    /// The number of a key, and where it stands.
    pub(super) fn number(&self, key: &str) -> Option<(Decimal, Range<usize>)> {
        let node = self.get(key)?;
        Some((node.decimal()?, node.span.clone()))
    }

    pub(super) fn decimal(&self) -> Option<Decimal> {
        match self.value {
            Value::Integer(number) | Value::Float(number) => number,
            _ => None,
        }
    }

    /// The tables of `[[key]]`.
    pub(super) fn tables(&self, key: &str) -> &[Node] {
        self.get(key).map_or(&[], Node::items)
    }
}
