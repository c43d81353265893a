//! The index of a whole run: a row a sheet, the values of each measure over all of them, and what was found.

use std::collections::{BTreeMap, HashMap};

use chohyo_extract::{Form, FormMeasure, MunicipalityKind, Severity, Sheet, Status};
use serde::Serialize;

use crate::html;

const STYLE: &str = concat!(include_str!("assets/common.css"), include_str!("assets/index.css"));
const SCRIPTS: &[&str] = &[
    include_str!("assets/words.js"),
    include_str!("assets/common.js"),
    include_str!("assets/plots.js"),
    include_str!("assets/index.js"),
];
const BODY: &str = include_str!("assets/index.html");

/// The index of a run, sheet by sheet.
#[derive(Clone, Debug, Default)]
pub struct Index {
    data: Data,
    measures: HashMap<String, usize>,
    sections: HashMap<String, usize>,
}

/// What the index's script knows. Names are short: there is one row a sheet.
#[derive(Clone, Debug, Default, Serialize)]
struct Data {
    rows: Vec<Row>,
    failures: Vec<Failed>,
    measures: Vec<Series>,
    sections: Vec<Part>,
    version: &'static str,
}

#[derive(Clone, Debug, Serialize)]
struct Row {
    path: String,
    name: String,
    code: String,
    /// True for a prefecture.
    prefecture: bool,
    year: Option<i32>,
    pages: u32,
    /// The review page of the sheet, relative to the index.
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<String>,
    /// Measures and cells of value columns by status.
    counts: BTreeMap<Status, u32>,
    /// Diagnostics by code; those that are information only are left out.
    diagnostics: BTreeMap<String, u32>,
    /// Indices of the sections found.
    sections: Vec<usize>,
}

#[derive(Clone, Debug, Serialize)]
struct Failed {
    path: String,
    kind: String,
    message: String,
    page: Option<u32>,
}

/// The values of one measure.
#[derive(Clone, Debug, Serialize)]
struct Series {
    key: String,
    label: String,
    unit: String,
    /// Row, value, status.
    values: Vec<(usize, f64, Status)>,
    /// Rows that have the measure and no value for it, by status.
    without: BTreeMap<Status, u32>,
}

#[derive(Clone, Debug, Serialize)]
struct Part {
    id: String,
    title: String,
    sheets: u32,
}

impl Index {
    /// An index of nothing.
    pub fn new() -> Self {
        Self { data: Data { version: env!("CARGO_PKG_VERSION"), ..Data::default() }, ..Self::default() }
    }

    /// Adds a sheet: the path it was found at, its record, and the address of its review page relative to the index, if
    /// there is one.
    pub fn add(&mut self, path: &str, sheet: &Sheet, page: Option<&str>) {
        let row = self.data.rows.len();
        let mut counts: BTreeMap<Status, u32> = BTreeMap::new();
        let cells = sheet.tables.values().flatten().flat_map(|r| r.values()).filter_map(|c| c.status);
        for status in sheet.measures.iter().map(|m| m.status).chain(cells) {
            *counts.entry(status).or_default() += 1;
        }
        let mut diagnostics: BTreeMap<String, u32> = BTreeMap::new();
        for diagnostic in sheet.diagnostics.iter().filter(|d| d.severity != Severity::Info) {
            *diagnostics.entry(diagnostic.code.clone()).or_default() += 1;
        }
        let sections = self.sections_of(sheet);
        self.values_of(row, sheet);
        let municipality = sheet.municipality.as_ref();
        self.data.rows.push(Row {
            path: path.to_owned(),
            name: municipality.map(|m| m.name.clone()).unwrap_or_default(),
            code: municipality.map(|m| m.code.clone()).unwrap_or_default(),
            prefecture: municipality.is_some_and(|m| m.kind == MunicipalityKind::Prefecture),
            year: sheet.fiscal_year,
            pages: sheet.source.pages,
            page: page.map(str::to_owned),
            counts,
            diagnostics,
            sections,
        });
    }

    /// Adds a file that gave no record.
    pub fn add_failure(&mut self, path: &str, kind: &str, message: &str, page: Option<u32>) {
        let (kind, message) = (kind.to_owned(), message.to_owned());
        self.data.failures.push(Failed { path: path.to_owned(), kind, message, page });
    }

    /// Takes back the address of a sheet's page, which could not be made; `row` counts the sheets added, from 0.
    pub fn without_page(&mut self, row: usize) {
        if let Some(row) = self.data.rows.get_mut(row) {
            row.page = None;
        }
    }

    /// Number of sheets.
    pub fn len(&self) -> usize {
        self.data.rows.len()
    }

    /// True when there is no sheet.
    pub fn is_empty(&self) -> bool {
        self.data.rows.is_empty()
    }

    /// The index as HTML. Labels that no sheet prints are those of `forms`.
    pub fn to_html(&self, forms: &[&Form]) -> String {
        let mut data = self.data.clone();
        let formed: Vec<FormMeasure> = forms.iter().flat_map(|f| f.measures()).collect();
        for series in &mut data.measures {
            if let Some(measure) = formed.iter().find(|m| m.key == series.key) {
                let group = measure.group.as_ref().map(|g| format!("{g} › ")).unwrap_or_default();
                series.label = format!("{group}{}", measure.label);
            }
        }
        let mut out = String::new();
        html::head(&mut out, "chohyo", STYLE, SCRIPTS);
        out.push_str(BODY);
        // The keys are strings and statuses, so this is always written.
        let _ = html::data_block(&mut out, "data", &data);
        html::foot(&mut out, SCRIPTS);
        out
    }

    fn sections_of(&mut self, sheet: &Sheet) -> Vec<usize> {
        let mut found = Vec::new();
        for section in &sheet.sections {
            let next = self.data.sections.len();
            let index = *self.sections.entry(section.id.clone()).or_insert(next);
            if index == next {
                self.data.sections.push(Part {
                    id: section.id.clone(),
                    title: section.title.clone(),
                    sheets: 0,
                });
            }
            if !found.contains(&index) {
                found.push(index);
                self.data.sections[index].sheets += 1;
            }
        }
        found
    }

    fn values_of(&mut self, row: usize, sheet: &Sheet) {
        for measure in &sheet.measures {
            let next = self.data.measures.len();
            let index = *self.measures.entry(measure.key.clone()).or_insert(next);
            if index == next {
                self.data.measures.push(Series {
                    key: measure.key.clone(),
                    label: measure.key.clone(),
                    unit: measure.unit.clone().unwrap_or_default(),
                    values: Vec::new(),
                    without: BTreeMap::new(),
                });
            }
            let series = &mut self.data.measures[index];
            match measure.value {
                Some(value) => series.values.push((row, value.to_f64(), measure.status)),
                None => *series.without.entry(measure.status).or_default() += 1,
            }
        }
    }
}
