//! Columns that stand together, with the values they take from one thing of the record: a place, a period, a cell.

use std::ops::Deref;

use crate::sink::table::{Column, Type, Value};

/// What a group of columns takes its values from.
pub(crate) trait Thing: 'static {
    /// The thing, borrowed from an entry.
    type Of<'a>;
}

/// A thing, as the columns of its group are given it.
pub(crate) struct Item<'a, T: Thing>(pub(crate) T::Of<'a>);

impl<'a, T: Thing> Deref for Item<'a, T> {
    type Target = T::Of<'a>;

    fn deref(&self) -> &T::Of<'a> {
        &self.0
    }
}

/// One column of a group: its name (or what is put behind a name), its type, and where its value comes from.
pub(crate) struct Part<T: Thing> {
    name: &'static str,
    kind: Type,
    required: bool,
    about: &'static str,
    value: for<'a> fn(&Item<'a, T>) -> Value<'a>,
}

/// A column that has a value in every row.
pub(crate) const fn part<T: Thing>(
    name: &'static str,
    kind: Type,
    about: &'static str,
    value: for<'a> fn(&Item<'a, T>) -> Value<'a>,
) -> Part<T> {
    Part { name, kind, required: true, about, value }
}

/// A column that may be null.
pub(crate) const fn maybe<T: Thing>(
    name: &'static str,
    kind: Type,
    about: &'static str,
    value: for<'a> fn(&Item<'a, T>) -> Value<'a>,
) -> Part<T> {
    Part { name, kind, required: false, about, value }
}

/// The columns of a group, each named `prefix` and its own name.
pub(crate) fn columns<T: Thing>(prefix: &str, parts: &[Part<T>]) -> Vec<Column> {
    let column = |p: &Part<T>| Column {
        name: format!("{prefix}{}", p.name),
        kind: p.kind,
        required: p.required,
        about: p.about,
    };
    parts.iter().map(column).collect()
}

/// Appends the values of a group.
pub(crate) fn values<'a, T: Thing>(parts: &[Part<T>], thing: T::Of<'a>, row: &mut Vec<Value<'a>>) {
    let thing = Item(thing);
    row.extend(parts.iter().map(|p| (p.value)(&thing)));
}
