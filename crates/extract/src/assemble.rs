//! All parts of a sheet, in the order in which they claim their text.

use std::collections::BTreeMap;
use std::ops::Range;

use chohyo_normalize::Context;

use crate::diagnostic::Code;
use crate::fiscal_year;
use crate::form::{Form, SectionForm, TableForm};
use crate::label::{self, Named};
use crate::ledger::Ledger;
use crate::measures;
use crate::municipality;
use crate::number::Number;
use crate::section::{self, Heading, Stretch};
use crate::sentence::{self, Told};
use crate::sheet::{Cell, Diagnostic, FormMatch, SCHEMA, Section, Sheet, Source, SourceKind, Status};
use crate::spelling::canonical;
use crate::stream::Stream;
use crate::{
    broken_date, column_label, cover, cross, field, furniture, listing, notes, other_column, publisher,
    ratios, residue, row_dates, row_prefecture, run, succession, texts, unit,
};

mod tables;

use tables::grids;

/// Makes the sheet. `hint` is the fiscal year to assume where the sheet does not tell its own.
pub(crate) fn assemble(
    stream: &Stream<'_>,
    form: &Form,
    score: f64,
    headings: &[Heading],
    hint: Option<i32>,
) -> Sheet {
    let stretches = section::stretches(stream, form, headings);
    let told = fiscal_year::told(stream, form, &stretches);
    let year = told.as_ref().map(|t| t.year).or(hint);
    let publisher = publisher::told(stream, form);
    let names = names(form, &publisher);
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
        municipality: publisher.municipality.clone(),
        fiscal_year: year,
        title: None,
        program: None,
        sections: Vec::new(),
        measures: Vec::new(),
        fields: Vec::new(),
        tables: BTreeMap::new(),
        columns: BTreeMap::new(),
        texts: BTreeMap::new(),
        residue: Vec::new(),
        furniture: Vec::new(),
        unclaimed: Vec::new(),
        diagnostics: Vec::new(),
    };
    if year.is_none() {
        say(&mut sheet, Code::FiscalYearUnknown, "no date on the sheet tells its fiscal year");
    } else if told.as_ref().is_some_and(|t| t.share < 0.6) {
        say(&mut sheet, Code::FiscalYearDoubtful, "the dates on the sheet speak for several fiscal years");
    }
    if let Some((entries, _)) = &publisher.ambiguous {
        let names: Vec<String> = entries
            .iter()
            .map(|e| format!("{}{} ({})", e.prefecture(), e.name, e.municipality().code))
            .collect();
        let message = format!("the publisher is one of {}; no prefecture is named", names.join(", "));
        say(&mut sheet, Code::MunicipalityAmbiguous, &message);
    } else if sheet.municipality.is_none() {
        say(&mut sheet, Code::MunicipalityUnknown, "no line of the sheet is the name of its publisher");
    }
    let mut context = Context::default();
    if let Some(year) = year {
        context = context.with_fiscal_year(year);
    }
    let ordered = stream.has_places || !run::disordered(stream, form, headings);
    let mut ledger = Ledger::new(stream);
    ledger.prefecture = publisher.municipality.as_ref().map(|m| m.prefecture.as_str());
    let mut reader = Assembly { ledger, form, names: &names, context, sheet, ordered };
    reader.headings(headings);
    reader.sheet.residue = residue::take(&mut reader.ledger, form);
    let furniture = furniture::take(&mut reader.ledger);
    let cover: Vec<Range<u32>> =
        stretches.iter().filter(|s| s.section.is_none()).map(|s| s.lines.clone()).collect();
    for lines in cover.clone() {
        let found = cover::read(&mut reader.ledger, &form.cover, lines, &names);
        reader.sheet.title = reader.sheet.title.take().or(found.title);
        reader.sheet.program = reader.sheet.program.take().or(found.program);
        reader.sheet.furniture.extend(found.label);
        if let Some(name) = &form.cover.text {
            reader.sheet.texts.entry(name.clone()).or_default().extend(found.text);
        }
    }
    for (index, section) in form.sections.iter().enumerate() {
        let lines = if section.headings.is_empty() { cover.clone() } else { of_section(&stretches, index) };
        match &section.repeated {
            Some(name) if !lines.is_empty() => {
                for (block, lines) in lines.iter().enumerate() {
                    reader.block(section, lines, name, block as u32 + 1);
                }
            }
            _ => reader.section(section, &lines, !lines.is_empty()),
        }
    }
    reader.sheet.furniture.extend(furniture);
    let marks = reader.ledger.take_marks();
    reader.sheet.furniture.extend(marks);
    crate::era::overflows(&mut reader.sheet);
    reader.sheet.diagnostics.extend(section::unknown(stream, form, headings));
    if reader.sheet.municipality.is_none() && publisher.ambiguous.is_none() {
        reader.sheet.municipality = publisher::of_fields(&reader.sheet.fields, form);
        if reader.sheet.municipality.is_some() {
            reader.sheet.diagnostics.retain(|d| d.code != Code::MunicipalityUnknown.name());
        }
    }
    let own: Vec<String> =
        reader.sheet.municipality.iter().flat_map(|m| [&m.name, &m.prefecture]).cloned().collect();
    for text in reader.ledger.rest() {
        let named = text.text.lines().all(|l| own.iter().any(|name| canonical(l) == canonical(name)));
        let into = if named { &mut reader.sheet.furniture } else { &mut reader.sheet.unclaimed };
        into.push(text);
    }
    reader.sheet
}

/// The names of publishers that say nothing of their own where they stand alone on a line.
fn names(form: &Form, publisher: &publisher::Told) -> Vec<&'static str> {
    if form.publishers.is_empty() {
        let own = publisher.municipality.as_ref().map(|m| municipality::of_name(&m.name));
        return own.into_iter().flatten().map(|e| e.name).take(1).collect();
    }
    municipality::names(&form.publishers).collect()
}

fn of_section(stretches: &[Stretch], index: usize) -> Vec<Range<u32>> {
    stretches.iter().filter(|s| s.section == Some(index)).map(|s| s.lines.clone()).collect()
}

fn say(sheet: &mut Sheet, code: Code, message: &str) {
    sheet.diagnostics.push(Diagnostic::new(code, message));
}

struct Assembly<'a, 's, 'd> {
    ledger: Ledger<'s, 'd>,
    form: &'a Form,
    names: &'a [&'a str],
    context: Context,
    sheet: Sheet,
    /// The text stands in an order of reading.
    ordered: bool,
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
                .filter(|_| self.form.sections[heading.section].repeated.is_none())
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

    /// One block of a section that the sheet repeats: what is found in it says so.
    fn block(&mut self, form: &SectionForm, lines: &Range<u32>, name: &str, number: u32) {
        let (measures, fields) = (self.sheet.measures.len(), self.sheet.fields.len());
        let before: BTreeMap<String, usize> =
            self.sheet.tables.iter().map(|(name, rows)| (name.clone(), rows.len())).collect();
        self.section(form, std::slice::from_ref(lines), true);
        for measure in &mut self.sheet.measures[measures..] {
            measure.block = Some(number);
        }
        for field in &mut self.sheet.fields[fields..] {
            field.block = Some(number);
        }
        let heading = self.sheet.sections.iter().filter(|s| s.id == form.id).nth(number as usize - 1);
        let cell = Cell {
            text: heading.map_or_else(String::new, |h| h.title.clone()),
            at: heading.map_or_else(Vec::new, |h| h.at.clone()),
            value: Some(Number(number.into())),
            status: Some(Status::Read),
            ..Cell::default()
        };
        for (table, rows) in &mut self.sheet.tables {
            for row in rows.iter_mut().skip(before.get(table).copied().unwrap_or(0)) {
                row.insert(name.to_owned(), cell.clone());
            }
        }
    }

    fn section(&mut self, form: &SectionForm, lines: &[Range<u32>], present: bool) {
        let stream = self.ledger.stream;
        if form.headings.is_empty() && present {
            let mut pages: Vec<u32> =
                lines.iter().flat_map(Clone::clone).map(|l| stream.page(l).number).collect();
            pages.dedup();
            let (number, title, at, captions) = Default::default();
            self.sheet
                .sections
                .insert(0, Section { id: form.id.clone(), number, title, pages, at, captions });
        }
        let mut labels: Vec<label::Label> =
            lines.iter().flat_map(|range| label::find(stream, form, range.clone())).collect();
        column_label::find(stream, form, lines, &mut labels);
        broken_date::join(stream, lines, &mut labels);
        let mut notes = notes::dates(stream, form, lines, &mut labels);
        notes.extend(notes::marked(stream, lines, &mut labels));
        if !notes.is_empty() && notes.iter().all(|n| self.ledger.is_free(n.clone())) {
            let text = self.ledger.take(&[notes]);
            if let Some(section) = self.sheet.sections.iter_mut().find(|s| s.id == form.id) {
                section.captions.push(text);
            }
        }
        if !form.measures.is_empty() || !form.ratios.is_empty() {
            self.leave_other_columns(form, lines);
            for dates in row_dates::find(stream, form, lines, &mut labels, self.ordered) {
                if dates.iter().all(|d| self.ledger.is_free(d.clone())) {
                    let text = self.ledger.take(&[dates]);
                    if let Some(section) = self.sheet.sections.iter_mut().find(|s| s.id == form.id) {
                        section.captions.push(text);
                    }
                }
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
        let units = self.units(form, lines);
        if !form.fields.is_empty() {
            let caption = units.iter().find_map(|u| u.unit.as_deref());
            let found = field::read(&mut self.ledger, form, &labels, lines, caption, &self.context);
            self.sheet.fields.extend(found);
        }
        if present && form.tables.iter().any(TableForm::is_cross) {
            self.cross_tables(form, lines, &labels, &units);
        }
        if !form.measures.is_empty() {
            let told = sentence::read(stream, form, lines);
            let apart = |a: &label::Label, b: &label::Label| {
                a.atoms.end <= b.atoms.start || b.atoms.end <= a.atoms.start
            };
            let known = labels.len();
            for label in &told.labels {
                if labels[..known].iter().all(|other| apart(label, other)) {
                    labels.push(label.clone());
                }
            }
            if labels.len() > known {
                labels.sort_by_key(|l| l.atoms.start);
            }
            self.measures(form, lines, &labels, told, present);
        }
        if present && !stream.has_places {
            for (i, text) in form.texts.iter().enumerate() {
                if let Some(caption) = texts::caption(&labels, i) {
                    let found = listing::apart(&mut self.ledger, caption, lines, self.names);
                    self.sheet.texts.entry(text.name.clone()).or_default().extend(found);
                }
            }
        }
        if present {
            self.tables(form, lines, &labels, &units);
        }
        for text in form.texts.iter().filter(|t| !t.begins.is_empty()) {
            let found = texts::beginning(&mut self.ledger, &text.begins, lines);
            self.sheet.texts.entry(text.name.clone()).or_default().extend(found);
        }
        for (i, text) in form.texts.iter().enumerate().filter(|(_, t)| t.begins.is_empty()) {
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

    /// The captions that give the unit of a table, where the form has something with a unit that may be printed apart.
    fn units(&mut self, form: &SectionForm, lines: &[Range<u32>]) -> Vec<unit::Caption> {
        let columns = form.tables.iter().flat_map(|t| &t.columns).filter_map(|c| c.unit.as_ref());
        if columns.chain(form.fields.iter().filter_map(|f| f.unit.as_ref())).next().is_none() {
            return Vec::new();
        }
        let found = unit::captions(self.ledger.stream, lines);
        for caption in &found {
            if self.ledger.is_free(caption.atoms.clone()) {
                let text = self.ledger.take(&[vec![caption.atoms.clone()]]);
                if let Some(section) = self.sheet.sections.iter_mut().find(|s| s.id == form.id) {
                    section.captions.push(text);
                }
            }
        }
        found
    }

    fn cross_tables(
        &mut self,
        form: &SectionForm,
        lines: &[Range<u32>],
        labels: &[label::Label],
        units: &[unit::Caption],
    ) {
        let grids = grids(self.ledger.stream, lines);
        let found = cross::read(&mut self.ledger, form, &grids, lines, labels, units, &self.context);
        for (index, mut table) in found {
            let name = &form.tables[index].name;
            succession::complete(&form.tables[index], &mut table.rows, &self.context);
            row_prefecture::tell(&form.tables[index], &mut table.rows);
            self.columns(form, name, table.heads);
            if let Some(section) = self.sheet.sections.iter_mut().find(|s| s.id == form.id) {
                section.captions.extend(table.captions);
            }
            self.sheet.diagnostics.append(&mut table.diagnostics);
            crate::check::table_sums(&form.tables[index], &table.rows, &mut self.sheet.diagnostics);
            self.sheet.tables.entry(name.clone()).or_default().extend(table.rows);
        }
    }

    /// Leaves what stands under heads of other years: it is no measure's.
    fn leave_other_columns(&mut self, form: &SectionForm, lines: &[Range<u32>]) {
        let cells = other_column::cells(self.ledger.stream, lines);
        let free: Vec<Range<u32>> = cells.into_iter().filter(|c| self.ledger.is_free(c.clone())).collect();
        if free.is_empty() {
            return;
        }
        self.sheet.unclaimed.extend(free.into_iter().map(|cell| self.ledger.take(&[vec![cell]])));
        let message =
            format!("{} has a column of other years or of differences, which was left out", form.id);
        self.sheet.diagnostics.push(Diagnostic::new(Code::OtherColumn, message));
    }

    fn measures(
        &mut self,
        form: &SectionForm,
        lines: &[Range<u32>],
        labels: &[label::Label],
        sentences: Told,
        present: bool,
    ) {
        // On a page, rows tell the ratios; in a dump, what tells the measures tells them too.
        let scattered = !self.ledger.stream.has_places;
        let mut printed: Vec<(usize, ratios::Ratio)> = Vec::new();
        for (i, ratios_form) in form.ratios.iter().enumerate().filter(|_| scattered) {
            let found = ratios::printed(&self.ledger, lines, ratios_form);
            printed.extend(found.into_iter().map(|ratio| (i, ratio)));
        }
        let reader = measures::Reader {
            ledger: &mut self.ledger,
            form,
            labels,
            lines: lines.to_vec(),
            publisher: self.sheet.municipality.as_ref().map(|m| m.kind),
            told: sentences.figures,
            present,
            diagnostics: &mut self.sheet.diagnostics,
        };
        let (measures, mut told) = reader.read(&printed);
        for (index, ratio, row) in sentences.ratios {
            printed.push((index, ratio));
            told.push(Some(row));
        }
        for (i, ratios_form) in form.ratios.iter().enumerate() {
            let own = printed.iter().zip(&told).filter(|((form, _), _)| *form == i);
            let told: Vec<_> = own.map(|((_, ratio), row)| (ratio.clone(), *row)).collect();
            let rows = ratios::read(&mut self.ledger, ratios_form, i, labels, lines, &told);
            self.sheet.tables.entry(ratios_form.name.clone()).or_default().extend(rows);
            if let Some(label) = labels.iter().find(|l| l.named == Named::Ratios(i)) {
                let text = self.ledger.take(std::slice::from_ref(&label.parts));
                let columns = self.sheet.columns.entry(ratios_form.name.clone()).or_default();
                columns.insert(ratios_form.columns.0.clone(), text);
            }
        }
        self.sheet.measures.extend(measures);
    }
}
