//! A form tried on a sheet: what it finds there, what it misses, and what comes near.

use std::collections::HashSet;
use std::ops::Range;

use crate::form::{Alias, Form};
use crate::sheet::{Sheet, Status};
use crate::similarity::similarity;
use crate::stream::Stream;

/// How like a label a text must be to be named as a near miss.
const NEAR: f64 = 0.5;

/// Near misses named of each label.
const NAMED: usize = 3;

/// What a form finds on a sheet: see [`Extractor::trial`](crate::Extractor::trial).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Trial {
    /// The record that the form gives.
    pub sheet: Sheet,
    /// What the form looks for, in its order.
    pub sought: Vec<Sought>,
}

/// A heading, label or head that a form looks for.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Sought {
    /// What it is.
    pub kind: SoughtKind,
    /// The section's id.
    pub section: String,
    /// Its id, key or name in the form; of a column `table.column`.
    pub name: String,
    /// The labels that are looked for.
    pub labels: Vec<String>,
    /// Where it was found: page and printed text.
    pub found: Option<(u32, String)>,
    /// What came of it: the value and its status, the number of rows.
    pub outcome: String,
    /// What stands on the sheet and is like it, the likest first; empty where it was found.
    pub near: Vec<Near>,
}

/// What a form looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SoughtKind {
    /// The heading of a section.
    Heading,
    /// A text that tells the form.
    Mark,
    /// A field.
    Field,
    /// A measure.
    Measure,
    /// A column of a table.
    Column,
    /// A table, whatever its columns.
    Table,
    /// A text.
    Text,
}

/// Text of the sheet that is like a label.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Near {
    /// The page, from 1.
    pub page: u32,
    /// The text as printed.
    pub text: String,
    /// From 0 to 1: the share of characters that are the same. 1 is a label that stands inside other text, or at a place
    /// where it is not looked for.
    pub similarity: f64,
}

/// What was sought, from the record and the sheet.
pub(crate) fn sought(stream: &Stream<'_>, form: &Form, sheet: &Sheet) -> Vec<Sought> {
    let pieces = pieces(stream);
    let mut out = Vec::new();
    let mut add =
        |kind, section: &str, name: &str, labels: &[Alias], found: Option<(u32, String)>, outcome: String| {
            let near = if found.is_some() { Vec::new() } else { near(&pieces, labels) };
            let labels = labels.iter().map(|l| l.written.clone()).collect();
            out.push(Sought {
                kind,
                section: section.to_owned(),
                name: name.to_owned(),
                labels,
                found,
                outcome,
                near,
            });
        };
    for mark in &form.marks {
        let whole = pieces.iter().find(|p| contains(&p.canonical, &mark.canonical));
        let found = whole.map(|p| (p.page, p.printed.clone()));
        add(SoughtKind::Mark, "", &mark.written, std::slice::from_ref(mark), found, String::new());
    }
    for section in &form.sections {
        let id = section.id.as_str();
        let headings: Vec<_> = sheet.sections.iter().filter(|s| s.id == id).collect();
        if !section.headings.is_empty() {
            let found = headings.first().map(|h| {
                (h.pages.first().copied().unwrap_or(0), format!("{} {}", h.number, h.title).trim().to_owned())
            });
            let outcome =
                if headings.len() > 1 { format!("{} times", headings.len()) } else { String::new() };
            add(SoughtKind::Heading, id, id, &section.headings, found, outcome);
        }
        for field in &section.fields {
            let read = sheet.fields.iter().find(|f| f.key == field.key);
            let found = read.and_then(|f| f.label.as_ref()).map(place);
            let outcome = read.map_or_else(
                || "not on the sheet, and optional".to_owned(),
                |f| {
                    let status = f.cell.status.map_or_else(String::new, |s| format!(" ({})", status(s)));
                    format!("{}{status}", f.cell.text.replace('\n', " / "))
                },
            );
            add(SoughtKind::Field, id, &field.key, &field.labels, found, outcome);
        }
        for measure in &section.measures {
            let read = sheet.measures.iter().find(|m| m.key == measure.key);
            let found = read.and_then(|m| m.label.as_ref()).map(place);
            let outcome = read.map_or_else(
                || "not on the sheet, and optional".to_owned(),
                |m| {
                    let unit = m.unit.as_deref().filter(|_| m.value.is_some()).unwrap_or_default();
                    format!("{} {unit} ({})", m.raw, status(m.status)).trim().to_owned()
                },
            );
            add(SoughtKind::Measure, id, &measure.key, &measure.labels, found, outcome);
        }
        for table in &section.tables {
            let rows = sheet.table(&table.name).len();
            let heads = sheet.columns.get(&table.name);
            let first = sheet.table(&table.name).iter().flat_map(|r| r.values()).find_map(|c| c.at.first());
            let found = first.map(|p| (p.page, String::new()));
            let mut outcome = format!("{rows} rows");
            let headed: Vec<_> = table.columns.iter().filter(|c| !c.headers.is_empty()).collect();
            if rows == 0 && !headed.is_empty() {
                let printed = headed.iter().filter(|c| {
                    pieces.iter().any(|p| c.headers.iter().any(|h| is_head(&p.canonical, &h.canonical)))
                });
                outcome =
                    format!("0 rows; {} of its {} heads are on the sheet", printed.count(), headed.len());
            }
            add(SoughtKind::Table, id, &table.name, &table.captions, found, outcome);
            for column in &table.columns {
                if column.headers.is_empty() {
                    continue;
                }
                let head = heads.and_then(|h| h.get(&column.name)).map(place);
                // Cells may be read where their head is not told from other text.
                let cell = || {
                    let mut cells = sheet.table(&table.name).iter().filter_map(|r| r.get(&column.name));
                    cells.find_map(|c| c.at.first()).map(|p| (p.page, String::new()))
                };
                let found = head.or_else(cell);
                let name = format!("{}.{}", table.name, column.name);
                add(SoughtKind::Column, id, &name, &column.headers, found, String::new());
            }
        }
        for ratios in &section.ratios {
            let rows = sheet.table(&ratios.name).len();
            let found = sheet.columns.get(&ratios.name).and_then(|c| c.values().next()).map(place);
            add(SoughtKind::Table, id, &ratios.name, &ratios.labels, found, format!("{rows} rows"));
        }
        for text in &section.texts {
            let read = sheet.texts.get(&text.name).filter(|t| !t.is_empty());
            let found =
                read.and_then(|t| t.first()).map(|t| (t.at.first().map_or(0, |p| p.page), String::new()));
            let outcome = read.map_or_else(String::new, |t| {
                format!(
                    "{} paragraphs, {} characters",
                    t.len(),
                    t.iter().map(|t| t.text.chars().count()).sum::<usize>()
                )
            });
            let labels = if text.begins.is_empty() { &text.headings } else { &text.begins };
            add(SoughtKind::Text, id, &text.name, labels, found, outcome);
        }
    }
    out
}

fn place(text: &crate::sheet::Text) -> (u32, String) {
    (text.at.first().map_or(0, |p| p.page), text.text.replace('\n', " / "))
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Read => "read",
        Status::Solved => "solved",
        Status::Ambiguous => "ambiguous",
        Status::Blank => "blank",
        Status::NullMark => "null_mark",
        Status::Placeholder => "placeholder",
        Status::Missing => "missing",
        Status::Corrected => "corrected",
    }
}

/// A field, line or cell of the sheet.
struct Piece {
    page: u32,
    printed: String,
    canonical: Vec<char>,
}

fn pieces(stream: &Stream<'_>) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    let mut seen: HashSet<(u32, Vec<char>)> = HashSet::new();
    let mut add = |atoms: &[Range<u32>]| {
        let Some(first) = atoms.first() else { return };
        let page = stream.page(stream.atoms[first.start as usize].line).number;
        let canonical: Vec<char> =
            atoms.iter().flat_map(|a| stream.spelled(a.clone()).chars().collect::<Vec<_>>()).collect();
        if !seen.insert((page, canonical.clone())) {
            return;
        }
        let printed = atoms.iter().map(|a| crate::label::printed(stream, a.clone())).collect();
        out.push(Piece { page, printed, canonical });
    };
    let mut at = 0;
    while at < stream.lines.len() {
        let home = (stream.lines[at].block, stream.lines[at].cell);
        let end = at + stream.lines[at..].iter().take_while(|l| (l.block, l.cell) == home).count();
        let lines: Vec<Range<u32>> =
            stream.lines[at..end].iter().map(|l| l.atoms.clone()).filter(|a| !a.is_empty()).collect();
        if home.1.is_some() {
            add(&lines);
        }
        for line in &lines {
            add(std::slice::from_ref(line));
            for field in stream.fields_in(line.clone()) {
                add(&[field]);
            }
        }
        at = end;
    }
    out
}

/// True for a head, alone or with brackets behind it.
fn is_head(text: &[char], head: &[char]) -> bool {
    text == head || crate::answer::plain(text) == head
}

fn contains(text: &[char], part: &[char]) -> bool {
    text.windows(part.len().max(1)).any(|w| w == part)
}

fn near(pieces: &[Piece], labels: &[Alias]) -> Vec<Near> {
    let mut found: Vec<Near> = Vec::new();
    for piece in pieces {
        let like = labels.iter().map(|label| {
            if contains(&piece.canonical, &label.canonical) {
                return 1.0;
            }
            // What stands in brackets behind a label is not part of it.
            let text = crate::answer::plain(&piece.canonical);
            let (long, short) =
                (text.len().max(label.canonical.len()), text.len().min(label.canonical.len()));
            if short * 2 < long { 0.0 } else { similarity(text, &label.canonical) }
        });
        let like = like.fold(0.0, f64::max);
        if like >= NEAR {
            found.push(Near { page: piece.page, text: piece.printed.clone(), similarity: like });
        }
    }
    found.sort_by(|a, b| {
        b.similarity.total_cmp(&a.similarity).then(a.text.chars().count().cmp(&b.text.chars().count()))
    });
    found.truncate(NAMED);
    found
}
