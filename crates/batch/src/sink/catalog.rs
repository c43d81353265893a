//! All tables of a run, and the rows that an entry gives them.

use std::collections::BTreeMap;

use chohyo_extract::{Cell, Form, FormColumn, FormColumnKind, Row, Sheet};

use crate::Error;
use crate::sink::columns::{
    FIELD, FILE, LONG, Located, MEASURE, Numbered, OTHER, PLACE, PROSE, REMARK, ROW, Running, SECTION, SHEET,
    SHEET_BRIEF, TIME, WHOLE, of_column,
};
use crate::sink::part::{columns, values};
use crate::sink::table::{Column, Table, Value};
use crate::sink::{Entry, Record};

/// Takes the rows of the tables of a [`Catalog`].
pub(crate) trait Rows {
    /// Takes a row of the table with this index; `row` has a value for each of its columns.
    fn row(&mut self, table: usize, row: &[Value<'_>]) -> Result<(), Error>;
}

/// The tables that a run writes: the same ones whatever the sheets hold.
#[derive(Clone, Debug)]
pub(crate) struct Catalog {
    tables: Vec<Table>,
    /// The tables of forms, by their name in the record.
    forms: BTreeMap<String, FormRows>,
}

/// How the rows of a form's table are laid out.
#[derive(Clone, Debug)]
struct FormRows {
    table: usize,
    columns: Vec<FormColumn>,
}

/// Names of views of the database, which no table may have.
pub(crate) const VIEWS: [&str; 2] = ["sheets", "measures_checked"];

const FILES: usize = 0;
const MEASURES: usize = 1;
const TEXTS: usize = 2;
const DIAGNOSTICS: usize = 3;
const CELLS: usize = 4;
const FIELDS: usize = 5;
const SECTIONS: usize = 6;
const LEFTOVERS: usize = 7;
/// Of the tables, where those of forms begin.
#[cfg(test)]
pub(crate) const FORMS: usize = LEFTOVERS + 1;

impl Catalog {
    /// The tables of sheets that are read with these forms: `files`, `measures`, `texts`, `diagnostics`, `cells`, `fields`,
    /// `sections`, `leftovers`, and one for each table that a form names.
    pub(crate) fn new<'a>(forms: impl IntoIterator<Item = &'a Form>) -> Self {
        let mut catalog = Self { tables: fixed(), forms: BTreeMap::new() };
        let mut found: Vec<(String, Vec<FormColumn>)> = Vec::new();
        for table in forms.into_iter().flat_map(Form::tables) {
            match found.iter_mut().find(|(name, _)| *name == table.name) {
                None => found.push((table.name, table.columns)),
                Some((_, columns)) => merge(columns, table.columns),
            }
        }
        for (name, columns) in found {
            catalog.add(name, columns);
        }
        catalog
    }

    pub(crate) fn tables(&self) -> &[Table] {
        &self.tables
    }

    fn add(&mut self, name: String, form: Vec<FormColumn>) {
        let mut all = [columns("", SHEET), columns("", ROW), columns("", &PLACE[..1])].concat();
        for column in &form {
            for mut part in columns(&identifier(&column.name), of_column(column.kind)) {
                part.name = unique(part.name, |n| all.iter().any(|c| c.name.eq_ignore_ascii_case(n)));
                all.push(part);
            }
        }
        let taken = |name: &str| {
            let mut names = self.tables.iter().map(|t| t.name.as_str()).chain(VIEWS);
            names.any(|n| n.eq_ignore_ascii_case(name))
        };
        let table = Table {
            name: unique(identifier(&name), taken),
            about: format!("Rows of the form's table `{name}`."),
            columns: all,
            indices: vec![vec!["file"], vec!["municipality_code", "fiscal_year"]],
        };
        self.forms.insert(name, FormRows { table: self.tables.len(), columns: form });
        self.tables.push(table);
    }

    /// Gives `rows` the rows of an entry, that of `files` first. `number` counts the entries, from 1.
    pub(crate) fn rows(&self, number: i64, entry: &Entry<'_>, rows: &mut dyn Rows) -> Result<(), Error> {
        let sheet = entry.record.map(Record::sheet).transpose()?;
        let file = Numbered { number, entry: *entry, sheet };
        let mut row = Vec::new();
        values(FILE, file, &mut row);
        rows.row(FILES, &row)?;
        let Some(sheet) = sheet else { return Ok(()) };

        let mut head = Vec::new();
        values(SHEET, file, &mut head);
        for (index, measure) in sheet.measures.iter().enumerate() {
            begin(&mut row, &head, index);
            values(MEASURE, measure, &mut row);
            values(TIME, measure.as_of.as_ref(), &mut row);
            values(PLACE, measure.at.as_slice(), &mut row);
            rows.row(MEASURES, &row)?;
        }
        for (index, field) in sheet.fields.iter().enumerate() {
            begin(&mut row, &head, index);
            values(FIELD, field, &mut row);
            whole(&field.cell, &mut row);
            rows.row(FIELDS, &row)?;
        }
        let texts =
            sheet.texts.iter().flat_map(|(name, texts)| texts.iter().map(move |text| Running { name, text }));
        for (index, text) in texts.enumerate() {
            begin(&mut row, &head, index);
            values(PROSE, text, &mut row);
            values(PLACE, text.text.at.as_slice(), &mut row);
            rows.row(TEXTS, &row)?;
        }
        for (index, diagnostic) in sheet.diagnostics.iter().enumerate() {
            begin(&mut row, &head, index);
            values(REMARK, diagnostic, &mut row);
            values(PLACE, diagnostic.at.as_slice(), &mut row);
            rows.row(DIAGNOSTICS, &row)?;
        }
        for (index, section) in sheet.sections.iter().enumerate() {
            begin(&mut row, &head, index);
            values(SECTION, section, &mut row);
            values(PLACE, section.at.as_slice(), &mut row);
            rows.row(SECTIONS, &row)?;
        }
        let others =
            [("residue", &sheet.residue), ("furniture", &sheet.furniture), ("unclaimed", &sheet.unclaimed)];
        let others =
            others.into_iter().flat_map(|(name, texts)| texts.iter().map(move |text| Running { name, text }));
        for (index, other) in others.enumerate() {
            begin(&mut row, &head, index);
            values(OTHER, other, &mut row);
            values(PLACE, other.text.at.as_slice(), &mut row);
            rows.row(LEFTOVERS, &row)?;
        }
        for (name, found) in &sheet.tables {
            for (index, cells) in found.iter().enumerate() {
                self.form_row(name, index, cells, &head, &mut row, rows)?;
            }
        }
        let mut brief = Vec::new();
        values(SHEET_BRIEF, file, &mut brief);
        long_rows(sheet, &brief, rows)
    }

    fn form_row<'a>(
        &self,
        name: &str,
        index: usize,
        cells: &'a Row,
        head: &[Value<'a>],
        row: &mut Vec<Value<'a>>,
        rows: &mut dyn Rows,
    ) -> Result<(), Error> {
        // A table that no form of this run names, in a record that was made with another one, is in `cells`.
        let Some(form) = self.forms.get(name) else { return Ok(()) };
        begin(row, head, index);
        let place = form.columns.iter().filter_map(|c| cells.get(&c.name)).find(|c| !c.at.is_empty());
        values(&PLACE[..1], place.map_or(&[][..], |c| c.at.as_slice()), row);
        for column in &form.columns {
            values(of_column(column.kind), cells.get(&column.name), row);
        }
        rows.row(form.table, row)
    }
}

fn begin<'a>(row: &mut Vec<Value<'a>>, head: &[Value<'a>], index: usize) {
    row.clear();
    row.extend_from_slice(head);
    values(ROW, index as i64 + 1, row);
}

fn whole<'a>(cell: &'a Cell, row: &mut Vec<Value<'a>>) {
    values(WHOLE, cell, row);
    values(TIME, cell.as_of.as_ref(), row);
    values(TIME, cell.period.as_ref(), row);
    values(PLACE, cell.at.as_slice(), row);
}

fn long_rows<'a>(sheet: &'a Sheet, head: &[Value<'a>], rows: &mut dyn Rows) -> Result<(), Error> {
    let mut row = Vec::new();
    for (table, found) in &sheet.tables {
        let heads = sheet.columns.get(table);
        for (index, cells) in found.iter().enumerate() {
            for (column, cell) in cells {
                row.clear();
                row.extend_from_slice(head);
                let head = heads.and_then(|h| h.get(column));
                let located = Located { table, row: index as i64 + 1, column, head };
                values(LONG, located, &mut row);
                whole(cell, &mut row);
                rows.row(CELLS, &row)?;
            }
        }
    }
    Ok(())
}

/// The tables that every form has, in the order of their constants.
fn fixed() -> Vec<Table> {
    let sheet = || [columns("", SHEET), columns("", ROW)].concat();
    let whole =
        || [columns("", WHOLE), columns("as_of", TIME), columns("period", TIME), columns("", PLACE)].concat();
    let table = |name: &str, about: &str, columns: Vec<Column>, indices: &[&[&'static str]]| Table {
        name: name.to_owned(),
        about: about.to_owned(),
        columns,
        indices: indices.iter().map(|i| i.to_vec()).collect(),
    };
    vec![
        table(
            "files",
            "One row for each file of the input, in its order, whether it gave a record or not.",
            columns("", FILE),
            &[&["sha256"], &["municipality_code", "fiscal_year"]],
        ),
        table(
            "measures",
            "One row for each measure of each sheet.",
            [sheet(), columns("", MEASURE), columns("as_of", TIME), columns("", PLACE)].concat(),
            &[&["file"], &["key", "fiscal_year"], &["municipality_code", "fiscal_year"]],
        ),
        table(
            "texts",
            "One row for each piece of running text.",
            [sheet(), columns("", PROSE), columns("", PLACE)].concat(),
            &[&["file"], &["name"]],
        ),
        table(
            "diagnostics",
            "One row for each thing that a reader of a record should know.",
            [sheet(), columns("", REMARK), columns("", PLACE)].concat(),
            &[&["file"], &["code"]],
        ),
        table(
            "cells",
            "One row for each cell of each table of each sheet, with all that the record says of it.",
            [columns("", SHEET_BRIEF), columns("", LONG), whole()].concat(),
            &[&["file"], &["table_name", "column_name"]],
        ),
        table(
            "fields",
            "One row for each field of each sheet: a name, a date, a choice, a lone number.",
            [sheet(), columns("", FIELD), whole()].concat(),
            &[&["file"], &["key", "fiscal_year"]],
        ),
        table(
            "sections",
            "One row for each section of each sheet whose heading was found, in the order of the pages.",
            [sheet(), columns("", SECTION), columns("", PLACE)].concat(),
            &[&["file"], &["section"]],
        ),
        table(
            "leftovers",
            "One row for each piece of what is printed on a sheet besides: what no rule knew, above all.",
            [sheet(), columns("", OTHER), columns("", PLACE)].concat(),
            &[&["file"], &["kind"]],
        ),
    ]
}

/// Adds the columns of another form's table of the same name. Where the two do not agree on what a column
/// holds, it has its text, and `cells` has the rest.
fn merge(columns: &mut Vec<FormColumn>, more: Vec<FormColumn>) {
    for column in more {
        match columns.iter_mut().find(|c| c.name == column.name) {
            None => columns.push(column),
            Some(known) if known.kind != column.kind => known.kind = FormColumnKind::Text,
            Some(_) => {}
        }
    }
}

/// A form's name as one that is good for a file and needs no quotes in SQL.
fn identifier(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    let reserved = plain.get(..7).is_some_and(|s| s.eq_ignore_ascii_case("sqlite_"));
    if reserved || !plain.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        format!("_{plain}")
    } else {
        plain
    }
}

/// The name, with as many low lines behind it as make it a new one.
fn unique(mut name: String, taken: impl Fn(&str) -> bool) -> String {
    while taken(&name) {
        name.push('_');
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(tables: &str) -> Form {
        let source =
            format!("id = \"x\"\ntitle = \"x\"\n[[section]]\nid = \"a\"\nheadings = [\"甲\"]\n{tables}");
        Form::parse(&source).unwrap()
    }

    fn names(table: &Table) -> Vec<&str> {
        table.columns.iter().map(|c| c.name.as_str()).collect()
    }

    #[test]
    fn names_of_a_form_stay_apart_from_those_of_every_table() {
        let form = form(
            r#"
            [[section.table]]
            name = "Measures"
            column = [{ name = "page", type = "text" }, { name = "a.b", type = "text" }, { name = "a-b", type = "text" }]
            [[section.table]]
            name = "..etc.passwd"
            column = [{ name = "2020", type = "value" }]
            [[section.table]]
            name = "sheets"
            column = [{ name = "a", type = "text" }]
            [[section.table]]
            name = "sqlite_master"
            column = [{ name = "a", type = "text" }, { name = "a_status", type = "text" }]
            "#,
        );
        let catalog = Catalog::new([&form]);
        let tables: Vec<_> = catalog.tables()[FORMS..].iter().map(|t| t.name.as_str()).collect();
        assert_eq!(tables, ["Measures_", "__etc_passwd", "sheets_", "_sqlite_master"]);
        assert_eq!(
            names(&catalog.tables()[FORMS])[10..],
            ["page", "page_", "page_status", "a_b", "a_b_status", "a_b_", "a_b_status_"]
        );
        assert_eq!(names(&catalog.tables()[FORMS + 1])[11], "_2020");
        assert_eq!(
            names(&catalog.tables()[FORMS + 3])[11..],
            ["a", "a_status", "a_status_", "a_status_status"]
        );
    }

    #[test]
    fn two_forms_share_a_table() {
        let one = form(
            "[[section.table]]\nname = \"t\"\ncolumn = [{ name = \"a\", type = \"value\" }, { name = \"b\", type = \"value\" }]",
        );
        let two = form(
            "[[section.table]]\nname = \"t\"\ncolumn = [{ name = \"c\", type = \"text\" }, { name = \"b\", type = \"period\" }]",
        );
        let catalog = Catalog::new([&one, &two]);
        assert_eq!(catalog.tables().len(), FORMS + 1);
        let of_form: Vec<_> =
            names(&catalog.tables()[FORMS])[11..].iter().filter(|n| !n.contains('_')).copied().collect();
        assert_eq!(of_form, ["a", "b", "c"]);
        assert!(!names(&catalog.tables()[FORMS]).contains(&"b_unit"));
    }
}
