//! The part of `docs/tables.md` that lists the columns.

use std::fmt::Write as _;
use std::path::Path;

use chohyo_extract::{Form, FormColumnKind};

use crate::sink::catalog::{Catalog, FORMS};
use crate::sink::columns::{CHOICE, FLAG, MUNICIPALITY, PERIOD, SHEET, TEXT, VALUE};
use crate::sink::part::columns;
use crate::sink::table::{Column, Table};

/// As it is to be: the columns that every form has, and those of the form that is the example of the others.
fn columns_as_documented() -> String {
    let form = Form::builtin().iter().find(|f| f.id() == "mhlw-community-care").unwrap();
    let catalog = Catalog::new([form.as_ref()]);
    let sheet = columns("", SHEET);
    let mut text = String::new();
    let (files, rest) = catalog.tables().split_first().unwrap();
    section(&mut text, files, &files.columns);
    text.push_str("\n## Which sheet\n\nWith these begins every table but `files` and `cells`.\n\n");
    list(&mut text, &sheet);
    for table in &rest[..FORMS - 1] {
        let own = if table.name == "cells" { &table.columns[..] } else { &table.columns[sheet.len()..] };
        section(&mut text, table, own);
    }
    text.push_str(
        "\n## Tables of forms\n\nAfter the columns that say which sheet stand `row` and `page`, as in `measures`, and then, for each \
         column of the form, what it gives by its type. Names that are no identifiers, or are taken, get low lines.\n",
    );
    let kinds = [
        ("text", TEXT),
        ("value", VALUE),
        ("period", PERIOD),
        ("choice", CHOICE),
        ("flag", FLAG),
        ("municipality", MUNICIPALITY),
    ];
    for (kind, parts) in kinds.map(|(kind, parts)| (kind, columns("", parts))) {
        let _ = write!(text, "\nA column NAME of type {kind} gives:\n\n");
        let named = |c: &Column| Column { name: format!("NAME{}", c.name), ..c.clone() };
        list(&mut text, &parts.iter().map(named).collect::<Vec<_>>());
    }
    let _ = write!(text, "\nThe tables of {}:\n\n| table | columns |\n|---|---|\n", form.title());
    for table in form.tables() {
        let kind = |kind| match kind {
            FormColumnKind::Value => "value",
            FormColumnKind::Period => "period",
            _ => "text",
        };
        let columns: Vec<_> =
            table.columns.iter().map(|c| format!("`{}` ({})", c.name, kind(c.kind))).collect();
        let _ = writeln!(text, "| `{}` | {} |", table.name, columns.join(", "));
    }
    text
}

fn section(text: &mut String, table: &Table, columns: &[Column]) {
    let _ = write!(text, "\n## {}\n\n{}\n\n", table.name, table.about);
    list(text, columns);
}

fn list(text: &mut String, columns: &[Column]) {
    text.push_str("| column | type | |\n|---|---|---|\n");
    for column in columns {
        let required = if column.required { "*" } else { "" };
        let _ = writeln!(text, "| `{}`{required} | {} | {} |", column.name, column.kind, column.about);
    }
}

#[test]
fn the_documentation_lists_the_columns() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/tables.md");
    let found = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = found.split_once("<!-- columns: ").unwrap();
    let (mark, rest) = rest.split_once('\n').unwrap();
    let (_, after) = rest.split_once("<!-- end -->").unwrap();
    let expected = format!("{before}<!-- columns: {mark}\n{}\n<!-- end -->{after}", columns_as_documented());
    if std::env::var_os("UPDATE_DOCUMENTATION").is_some() {
        std::fs::write(&path, expected).unwrap();
    } else {
        assert!(found == expected, "run this test with UPDATE_DOCUMENTATION=1");
    }
}
