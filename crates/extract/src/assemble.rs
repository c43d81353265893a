//! All parts of a sheet, in the order in which they claim their text.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;

use chohyo_normalize::Context;

use crate::fiscal_year;
use crate::form::{ColumnKind, Form, SectionForm};
use crate::grid::{self, Grid, Placement};
use crate::label::{self, Named};
use crate::ledger::Ledger;
use crate::measures;
use crate::municipality;
use crate::section::{self, Heading, Stretch};
use crate::sheet::{
    Diagnostic, FormMatch, Municipality, Row, SCHEMA, Section, Severity, Sheet, Source, SourceKind, Status,
};
use crate::stream::Stream;
use crate::{
    cards, column_label, cover, furniture, heads_above, notes, prose, ratios, records, residue, run, texts,
};

/// Makes the sheet. `hint` is the fiscal year to assume where the sheet does not tell its own.
pub(crate) fn assemble(
    stream: &Stream<'_>,
    form: &Form,
    score: f64,
    headings: &[Heading],
    hint: Option<i32>,
) -> Sheet {
    let stretches = section::stretches(stream, headings);
    let told = fiscal_year::told(stream, form, &stretches);
    let year = told.as_ref().map(|t| t.year).or(hint);
    let names: Vec<&str> = municipality::names().map(|(name, _)| name).collect();
    let document = stream.document;
    let mut sheet = Sheet {
        schema: SCHEMA.to_owned(),
        source: Source {
            name: String::new(),
            other_names: Vec::new(),
            kind: match document.kind {
                chohyo_layout::SourceKind::Pdf => SourceKind::Pdf,
                chohyo_layout::SourceKind::Text => SourceKind::Text,
            },
            sha256: String::new(),
            bytes: 0,
            pages: document.pages.len() as u32,
            producer: document.producer.clone(),
        },
        form: FormMatch { id: form.id().to_owned(), score: (score * 100.0).round() / 100.0 },
        municipality: publisher(stream, form),
        fiscal_year: year,
        title: None,
        program: None,
        sections: Vec::new(),
        measures: Vec::new(),
        tables: BTreeMap::new(),
        columns: BTreeMap::new(),
        texts: BTreeMap::new(),
        residue: Vec::new(),
        unclaimed: Vec::new(),
        diagnostics: Vec::new(),
    };
    if year.is_none() {
        say(
            &mut sheet,
            "fiscal_year_unknown",
            Severity::Warning,
            "no date on the sheet tells its fiscal year",
        );
    } else if told.as_ref().is_some_and(|t| t.share < 0.6) {
        say(
            &mut sheet,
            "fiscal_year_doubtful",
            Severity::Warning,
            "the dates on the sheet speak for several fiscal years",
        );
    }
    if sheet.municipality.is_none() {
        say(
            &mut sheet,
            "municipality_unknown",
            Severity::Warning,
            "no line of the sheet is the name of its publisher",
        );
    }
    let mut context = Context::default();
    if let Some(year) = year {
        context = context.with_fiscal_year(year);
    }
    let mut reader = Assembly { ledger: Ledger::new(stream), form, names: &names, context, sheet };
    reader.headings(headings);
    reader.sheet.residue = residue::take(&mut reader.ledger, form);
    let furniture = furniture::take(&mut reader.ledger);
    let cover: Vec<Range<u32>> =
        stretches.iter().filter(|s| s.section.is_none()).map(|s| s.lines.clone()).collect();
    for lines in cover {
        let found = cover::read(&mut reader.ledger, &form.cover, lines, &names);
        reader.sheet.title = reader.sheet.title.take().or(found.title);
        reader.sheet.program = reader.sheet.program.take().or(found.program);
        if let Some(name) = &form.cover.text {
            reader.sheet.texts.entry(name.clone()).or_default().extend(found.text);
        }
    }
    for (index, section) in form.sections.iter().enumerate() {
        let lines: Vec<Range<u32>> = of_section(&stretches, index);
        reader.section(section, &lines, !lines.is_empty());
    }
    reader.sheet.unclaimed = furniture;
    let rest = reader.ledger.rest();
    reader.sheet.unclaimed.extend(rest);
    reader.sheet
}

fn of_section(stretches: &[Stretch], index: usize) -> Vec<Range<u32>> {
    stretches.iter().filter(|s| s.section == Some(index)).map(|s| s.lines.clone()).collect()
}

fn say(sheet: &mut Sheet, code: &str, severity: Severity, message: &str) {
    let message = message.to_owned();
    let (keys, at) = (Vec::new(), Vec::new());
    sheet.diagnostics.push(Diagnostic { code: code.to_owned(), severity, message, keys, at });
}

/// Who published the sheet: the known name that most lines consist of; a title that begins with it counts more.
fn publisher(stream: &Stream<'_>, form: &Form) -> Option<Municipality> {
    let known: Vec<_> = municipality::names()
        .filter(|(_, kind)| form.publishers.is_empty() || form.publishers.contains(kind))
        .map(|(name, _)| name)
        .collect();
    let mut votes: BTreeMap<&str, u32> = BTreeMap::new();
    for field in &stream.fields {
        let text = stream.canonical(field.atoms.clone());
        if let Some(name) = known.iter().find(|name| text == **name) {
            *votes.entry(name).or_default() += 1;
        }
        let title = |name: &&&str| {
            let rest = text.strip_prefix(**name);
            rest.is_some_and(|rest| {
                form.cover.title.iter().any(|t| {
                    let title: String = t.canonical.iter().collect();
                    // The title may wrap: its first line need only begin as the form's does.
                    !rest.is_empty()
                        && (rest.starts_with(&title) || title.starts_with(rest) && rest.chars().count() >= 4)
                })
            })
        };
        if let Some(name) = known.iter().find(title) {
            *votes.entry(name).or_default() += 5;
        }
    }
    let most = votes.values().copied().max()?;
    let mut winners = votes.into_iter().filter(|(_, v)| *v == most);
    let (name, _) = winners.next()?;
    winners.next().is_none().then(|| municipality::by_name(name)).flatten()
}

struct Assembly<'a, 's, 'd> {
    ledger: Ledger<'s, 'd>,
    form: &'a Form,
    names: &'a [&'a str],
    context: Context,
    sheet: Sheet,
}

impl Assembly<'_, '_, '_> {
    fn headings(&mut self, headings: &[Heading]) {
        let stream = self.ledger.stream;
        for heading in headings {
            let id = &self.form.sections[heading.section].id;
            let number = stream.printed_text(heading.number.clone()).to_owned();
            let title = self.ledger.text(&[vec![heading.title.clone()]]).text;
            let parts = [heading.number.clone(), heading.title.clone()];
            let parts: Vec<Range<u32>> = parts.into_iter().filter(|p| !p.is_empty()).collect();
            for part in &parts {
                self.ledger.claim(part.clone());
            }
            let at = self.ledger.places(parts);
            let page = at.first().map_or(0, |p| p.page);
            match self
                .sheet
                .sections
                .iter_mut()
                .find(|s| s.id == *id && s.number == number && s.title == title)
            {
                Some(section) => {
                    section.pages.push(page);
                    section.at.extend(at);
                }
                None => self.sheet.sections.push(Section {
                    id: id.clone(),
                    number,
                    title,
                    pages: vec![page],
                    at,
                    captions: Vec::new(),
                }),
            }
        }
    }

    fn section(&mut self, form: &SectionForm, lines: &[Range<u32>], present: bool) {
        let stream = self.ledger.stream;
        let mut labels: Vec<label::Label> =
            lines.iter().flat_map(|range| label::find(stream, form, range.clone())).collect();
        column_label::find(stream, form, lines, &mut labels);
        let notes = notes::dates(stream, form, lines, &mut labels);
        if !notes.is_empty() && notes.iter().all(|n| self.ledger.is_free(n.clone())) {
            let text = self.ledger.take(&[notes]);
            if let Some(section) = self.sheet.sections.iter_mut().find(|s| s.id == form.id) {
                section.captions.push(text);
            }
        }
        for label in &labels {
            if matches!(label.named, Named::Caption | Named::Text(_))
                && self.ledger.is_free(label.atoms.clone())
            {
                let text = self.ledger.take(&[vec![label.atoms.clone()]]);
                if let Some(section) = self.sheet.sections.iter_mut().find(|s| s.id == form.id) {
                    section.captions.push(text);
                }
            }
            if let Some(placeholder) = &label.placeholder {
                let text = self.ledger.take(&[vec![placeholder.clone()]]);
                self.sheet.residue.push(text);
            }
        }
        if !form.measures.is_empty() {
            self.measures(form, lines, &labels, present);
        }
        if present {
            self.tables(form, lines);
        }
        for (i, text) in form.texts.iter().enumerate() {
            let found = if text.headings.is_empty() {
                texts::rest(&mut self.ledger, lines, self.names)
            } else if let Some(caption) = texts::caption(&labels, i) {
                texts::under(&mut self.ledger, caption, lines, form, self.names)
            } else {
                Vec::new()
            };
            self.sheet.texts.entry(text.name.clone()).or_default().extend(found);
        }
    }

    fn measures(&mut self, form: &SectionForm, lines: &[Range<u32>], labels: &[label::Label], present: bool) {
        let reader = measures::Reader {
            ledger: &mut self.ledger,
            form,
            labels,
            lines: lines.to_vec(),
            publisher: self.sheet.municipality.as_ref().map(|m| m.kind),
            present,
            diagnostics: &mut self.sheet.diagnostics,
        };
        let measures = reader.read();
        for (i, ratios_form) in form.ratios.iter().enumerate() {
            let rows = ratios::read(&mut self.ledger, ratios_form, i, labels, lines, &measures);
            self.sheet.tables.entry(ratios_form.name.clone()).or_default().extend(rows);
            if let Some(label) = labels.iter().find(|l| l.named == Named::Ratios(i)) {
                let text = self.ledger.take(std::slice::from_ref(&label.parts));
                let columns = self.sheet.columns.entry(ratios_form.name.clone()).or_default();
                columns.insert(ratios_form.columns.0.clone(), text);
            }
        }
        self.sheet.measures.extend(measures);
    }

    fn tables(&mut self, form: &SectionForm, lines: &[Range<u32>]) {
        if form.tables.is_empty() {
            return;
        }
        let mut rows: BTreeMap<usize, Vec<Row>> = BTreeMap::new();
        let mut placed: Option<Placement> = None;
        let stream = self.ledger.stream;
        let stacks = grids(stream, lines).into_iter().flat_map(|g| g.stacked(stream, &form.tables));
        for grid in stacks {
            let before = |index: usize| rows.get(&index).and_then(|rows| rows.last());
            if let Some((index, records)) =
                records::read(&mut self.ledger, grid, &form.tables, before, &self.context)
            {
                let table = &form.tables[index];
                for (row, names) in records {
                    self.columns(form, &table.name, names);
                    let all = rows.entry(index).or_default();
                    let lead = table.columns.iter().find(|c| !c.headers.is_empty());
                    match all.last_mut().filter(|_| lead.is_some_and(|c| !row.contains_key(&c.name))) {
                        Some(open) => open.extend(row),
                        None => all.push(row),
                    }
                }
                continue;
            }
            let found = grid::place(&mut self.ledger, grid, &form.tables, &self.context)
                .or_else(|| heads_above::place(&mut self.ledger, grid, &form.tables, &self.context));
            let placement = match (found, &placed) {
                (Some((placement, heads)), _) => {
                    self.columns(form, &form.tables[placement.table].name, heads);
                    placement
                }
                // It goes on from the page before, without its head.
                (None, Some(before)) if grid.table.continues => Placement { first_row: 0, ..before.clone() },
                _ => continue,
            };
            let table = &form.tables[placement.table];
            let found = grid::rows(&mut self.ledger, grid, table, &placement, &self.context);
            rows.entry(placement.table).or_default().extend(found);
            placed = Some(placement);
        }
        if self.ledger.stream.has_places {
            for (index, table) in form.tables.iter().enumerate() {
                for (row, names) in cards::rows(&mut self.ledger, table, lines, &self.context) {
                    self.columns(form, &table.name, names);
                    rows.entry(index).or_default().push(row);
                }
            }
        }
        // Tables whose grid the layout did not see, or that have none.
        for range in lines {
            let stream = self.ledger.stream;
            let atoms = stream.atoms_of(range.clone());
            let heads: Vec<run::Head> = run::heads(stream, &form.tables, atoms.clone())
                .into_iter()
                .filter(|h| self.ledger.is_free(h.atoms.clone()) && !rows.contains_key(&h.table))
                .collect();
            for (i, head) in heads.iter().enumerate() {
                let table = &form.tables[head.table];
                let (printed, said) = run::take_head(&mut self.ledger, table, head, &self.context);
                self.columns(form, &table.name, printed);
                let end = heads.get(i + 1).map_or(atoms.end, |h| h.atoms.start);
                let body = head.atoms.end..end;
                let found = run::rows(&mut self.ledger, table, head, &said, body, &self.context);
                rows.entry(head.table).or_default().extend(found);
            }
        }
        for (index, table) in form.tables.iter().enumerate() {
            let period = table.columns.iter().any(|c| c.kind == ColumnKind::Period);
            let texts = table.columns.iter().filter(|c| c.kind == ColumnKind::Text).count();
            if period && texts == 1 && rows.get(&index).is_none_or(Vec::is_empty) {
                let (found, headings) =
                    prose::rows(&mut self.ledger, table, lines, self.names, &self.context);
                rows.entry(index).or_default().extend(found);
                self.sheet.texts.entry(table.name.clone()).or_default().extend(headings);
            }
            let found = rows.remove(&index).unwrap_or_default();
            let doubtful = found.iter().flatten().any(|(_, c)| c.status == Some(Status::Ambiguous));
            if doubtful {
                let keys: Vec<String> = table
                    .columns
                    .iter()
                    .filter(|c| {
                        found
                            .iter()
                            .any(|r| r.get(&c.name).is_some_and(|c| c.status == Some(Status::Ambiguous)))
                    })
                    .map(|c| format!("{}.{}", table.name, c.name))
                    .collect();
                self.sheet.diagnostics.push(Diagnostic {
                    code: "ambiguous".to_owned(),
                    severity: Severity::Warning,
                    message: format!(
                        "the text alone does not say which rows of {} these cells belong to",
                        table.name
                    ),
                    keys,
                    at: Vec::new(),
                });
            }
            self.sheet.tables.entry(table.name.clone()).or_default().extend(found);
        }
    }

    /// Enters the heads of a table. What is printed again, on the next page or the next card, is a caption of
    /// the section.
    fn columns(&mut self, form: &SectionForm, table: &str, heads: BTreeMap<String, crate::sheet::Text>) {
        let columns = self.sheet.columns.entry(table.to_owned()).or_default();
        let mut again = Vec::new();
        for (name, text) in heads {
            match columns.entry(name) {
                Entry::Vacant(entry) => {
                    entry.insert(text);
                }
                Entry::Occupied(_) => again.push(text),
            }
        }
        if let Some(section) = self.sheet.sections.iter_mut().find(|s| s.id == form.id) {
            section.captions.extend(again);
        }
    }
}

/// The tables in these lines, in reading order.
fn grids<'d>(stream: &Stream<'d>, lines: &[Range<u32>]) -> Vec<Grid<'d>> {
    let mut out: Vec<Grid<'d>> = Vec::new();
    for line in lines.iter().flat_map(Clone::clone) {
        let line = &stream.lines[line as usize];
        let Some((index, _)) = line.cell else { continue };
        if !out.iter().any(|g| (g.page, g.index) == (line.page, index)) {
            let page = &stream.document.pages[line.page as usize];
            let table = &page.tables[index as usize];
            out.push(Grid { page: line.page, index, table, rows: (0, table.rows) });
        }
    }
    out
}
