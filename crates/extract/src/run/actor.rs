//! Rows by the names of actors.

use std::ops::Range;

use chohyo_normalize::Context;

use super::BodyLine;
use crate::form::{ColumnKind, TableForm};
use crate::ledger::Ledger;
use crate::sheet::Row;
use crate::value::{self, Column};

/// What stands before the actors of one row, block by block, and its actors with what they do.
struct Entry {
    blocks: Vec<Vec<Range<u32>>>,
    roles: Vec<(Range<u32>, Vec<Range<u32>>)>,
}

/// Rows by the names of actors: what stands before the first of them are the row's texts, a block each.
pub(super) fn by_actor(
    ledger: &mut Ledger<'_, '_>,
    form: &TableForm,
    said: &[Option<Column>],
    lines: &[BodyLine],
    context: &Context,
) -> Vec<Row> {
    let stream = ledger.stream;
    let Some(actor) = form.columns.iter().position(|c| c.kind == ColumnKind::Actor) else {
        return Vec::new();
    };
    let Some(beside) = form.columns.iter().position(|c| c.beside.as_ref() == Some(&form.columns[actor].name))
    else {
        return Vec::new();
    };
    let texts: Vec<usize> = (0..form.columns.len())
        .filter(|&c| form.columns[c].kind == ColumnKind::Text && c != beside)
        .collect();
    let names = &form.columns[actor].values;
    let is_actor = |f: &Range<u32>| {
        names.iter().any(|n| n.canonical.len() == f.len() && stream.matches(f.start, f.end, &n.canonical))
    };
    let mut entries: Vec<Entry> = Vec::new();
    for line in lines {
        if is_actor(&line.fields[0]) {
            let Some(entry) = entries.last_mut() else { continue };
            let rest = line.fields.get(1).map(|f| f.start..line.whole().end);
            entry.roles.push((line.fields[0].clone(), rest.into_iter().collect()));
            continue;
        }
        match entries.last_mut() {
            // Below a role without a blank line: the role goes on.
            Some(entry) if !entry.roles.is_empty() && !line.opens_block => {
                if let Some((_, content)) = entry.roles.last_mut() {
                    content.push(line.whole());
                }
            }
            Some(entry) if entry.roles.is_empty() => {
                if line.opens_block || entry.blocks.is_empty() {
                    entry.blocks.push(Vec::new());
                }
                if let Some(block) = entry.blocks.last_mut() {
                    block.push(line.whole());
                }
            }
            _ => entries.push(Entry { blocks: vec![vec![line.whole()]], roles: Vec::new() }),
        }
    }
    let mut rows = Vec::new();
    for entry in entries.iter().filter(|e| !e.roles.is_empty()) {
        let mut shared = Row::new();
        for (i, &c) in texts.iter().enumerate() {
            let mut blocks: Vec<Range<u32>> = Vec::new();
            if i + 1 == texts.len() {
                blocks.extend(entry.blocks.iter().skip(i).flatten().cloned());
            } else {
                blocks.extend(entry.blocks.get(i).into_iter().flatten().cloned());
            }
            let column = said[c].clone().unwrap_or_default();
            shared.insert(
                form.columns[c].name.clone(),
                value::cell(ledger, &blocks, ColumnKind::Text, &column, context),
            );
        }
        for (name, content) in &entry.roles {
            let mut row = shared.clone();
            let column = Column::default();
            let cell = value::cell(ledger, std::slice::from_ref(name), ColumnKind::Actor, &column, context);
            row.insert(form.columns[actor].name.clone(), cell);
            row.insert(
                form.columns[beside].name.clone(),
                value::cell(ledger, content, ColumnKind::Text, &column, context),
            );
            rows.push(row);
        }
    }
    rows
}
