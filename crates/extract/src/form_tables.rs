//! What tables a form's records have, for those who lay records out as tables.

use crate::form::{AcrossKind, ColumnKind, Form};

/// A table of a form, as it is in [`Sheet::tables`](crate::Sheet::tables).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FormTable {
    /// Its name.
    pub name: String,
    /// The columns that its rows may have, in the form's order.
    pub columns: Vec<FormColumn>,
}

/// A column of a [`FormTable`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FormColumn {
    /// Its name.
    pub name: String,
    /// What its cells hold.
    pub kind: FormColumnKind,
}

/// What the cells of a [`FormColumn`] hold besides their text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FormColumnKind {
    /// Nothing.
    Text,
    /// A [value](crate::Cell::value) with its unit and as-of date.
    Value,
    /// A [period](crate::Cell::period).
    Period,
    /// The keys of a [choice](crate::Cell::choice).
    Choice,
    /// A [flag](crate::Cell::flag).
    Flag,
    /// A [municipality](crate::Cell::municipality).
    Municipality,
}

impl Form {
    /// The tables that records of this form may have, in the form's order; a table that several sections have
    /// is there once, with the columns of all of them.
    pub fn tables(&self) -> Vec<FormTable> {
        let mut tables: Vec<FormTable> = Vec::new();
        for section in &self.sections {
            for ratios in &section.ratios {
                let values = [&ratios.columns.0, &ratios.columns.1];
                let columns = std::iter::once((&ratios.row_column, FormColumnKind::Text))
                    .chain(values.map(|name| (name, FormColumnKind::Value)));
                add(&mut tables, &ratios.name, columns);
            }
            for table in &section.tables {
                let columns = table.columns.iter().map(|c| (&c.name, kind(c.kind)));
                let across =
                    table.columns.iter().find_map(|c| c.across.as_ref().map(|a| (a, heads(c.across_type))));
                // Which of the blocks of its section a row is in.
                let block = section.repeated.as_ref().map(|name| (name, FormColumnKind::Value));
                add(&mut tables, &table.name, block.into_iter().chain(columns).chain(across));
            }
        }
        tables
    }
}

fn heads(kind: AcrossKind) -> FormColumnKind {
    match kind {
        AcrossKind::Period => FormColumnKind::Period,
        AcrossKind::Text => FormColumnKind::Text,
    }
}

fn kind(kind: ColumnKind) -> FormColumnKind {
    match kind {
        ColumnKind::Text | ColumnKind::Actor => FormColumnKind::Text,
        ColumnKind::Value => FormColumnKind::Value,
        ColumnKind::Period => FormColumnKind::Period,
        ColumnKind::Choice => FormColumnKind::Choice,
        ColumnKind::Flag => FormColumnKind::Flag,
        ColumnKind::Municipality => FormColumnKind::Municipality,
    }
}

fn add<'a>(
    tables: &mut Vec<FormTable>,
    name: &str,
    columns: impl Iterator<Item = (&'a String, FormColumnKind)>,
) {
    let index = tables.iter().position(|t| t.name == name).unwrap_or_else(|| {
        tables.push(FormTable { name: name.to_owned(), columns: Vec::new() });
        tables.len() - 1
    });
    let known = &mut tables[index].columns;
    for (name, kind) in columns {
        if !known.iter().any(|c| c.name == *name) {
            known.push(FormColumn { name: name.clone(), kind });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_several_sections_are_one() {
        let form = Form::parse(
            r#"
            id = "x"
            title = "x"
            [[section]]
            id = "a"
            headings = ["甲"]
            [[section.table]]
            name = "t"
            column = [{ name = "when", type = "period" }, { name = "who", type = "actor", values = ["市"] }]
            [[section.ratios]]
            name = "r"
            labels = ["率"]
            rows = ["市"]
            row_column = "level"
            columns = ["part", "whole"]
            unit = "か所"
            [[section]]
            id = "b"
            headings = ["乙"]
            [[section.table]]
            name = "t"
            column = [{ name = "who", type = "actor", values = ["市"] }, { name = "sum", type = "value" }]
            "#,
        )
        .unwrap();
        let found: Vec<_> = form
            .tables()
            .into_iter()
            .map(|t| (t.name, t.columns.into_iter().map(|c| (c.name, c.kind)).collect::<Vec<_>>()))
            .collect();
        let column = |name: &str, kind| (name.to_owned(), kind);
        let r = vec![
            column("level", FormColumnKind::Text),
            column("part", FormColumnKind::Value),
            column("whole", FormColumnKind::Value),
        ];
        let t = vec![
            column("when", FormColumnKind::Period),
            column("who", FormColumnKind::Text),
            column("sum", FormColumnKind::Value),
        ];
        assert_eq!(found, [("r".to_owned(), r), ("t".to_owned(), t)]);
    }
}
