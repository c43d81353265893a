//! Pages for tests, in the coordinates of the records.

use std::collections::{BTreeMap, BTreeSet};

use chohyo_test_pages::{Content, HEIGHT};

use crate::sheet::Sheet;

/// A page of 600 by 400 points; y grows downwards, as in the records.
#[derive(Clone, Default)]
pub(crate) struct Page(Content);

impl Page {
    /// `text` with its baseline at (x, y), 10 points high.
    pub(crate) fn text(self, x: f32, y: f32, text: &str) -> Self {
        self.text_of(10.0, x, y, text)
    }

    /// The same in another size.
    pub(crate) fn text_of(self, size: f32, x: f32, y: f32, text: &str) -> Self {
        Self(self.0.text(x, HEIGHT as f32 - y, size, text))
    }

    /// A grid of strokes through these x and y.
    pub(crate) fn grid(self, xs: &[f32], ys: &[f32]) -> Self {
        let (Some(&left), Some(&right)) = (xs.first(), xs.last()) else { return self };
        let (Some(top), Some(bottom)) = (ys.first(), ys.last()) else { return self };
        let up = |y: &f32| HEIGHT as f32 - y;
        let upright = xs.iter().fold(self.0, |page, &x| page.stroke(x, up(top), x, up(bottom)));
        Self(ys.iter().fold(upright, |page, y| page.stroke(left, up(y), right, up(y))))
    }
}

/// The record of these pages, which keeps what is printed on them.
pub(crate) fn sheet(pages: &[Page]) -> Sheet {
    read(pages, &crate::Extractor::new())
}

/// The same by a form.
pub(crate) fn sheet_of(form: &str, pages: &[Page]) -> Sheet {
    read(pages, &crate::Extractor::new().form(crate::Form::parse(form).unwrap()))
}

fn read(pages: &[Page], extractor: &crate::Extractor) -> Sheet {
    let bytes = pdf(pages);
    let sheet = extractor.extract(&bytes).unwrap();
    assert_eq!(
        not_kept(&bytes, &sheet),
        [],
        "characters, and how much more often they are printed than kept"
    );
    sheet
}

/// Law 1: the characters that the record holds more or less often than the pages do.
fn not_kept(bytes: &[u8], sheet: &Sheet) -> Vec<(char, i64)> {
    let document = chohyo_layout::read(bytes, &chohyo_layout::Options::default()).unwrap();
    let mut counts: BTreeMap<char, i64> = BTreeMap::new();
    let mut count = |text: &str, times: i64| {
        for c in text.chars().filter(|c| !c.is_whitespace()) {
            *counts.entry(c).or_default() += times;
        }
    };
    for page in &document.pages {
        (0..page.glyphs.len() as u32).for_each(|i| count(page.glyph_text(i), 1));
    }
    let record = serde_json::to_value(sheet).unwrap();
    let mut claims = BTreeSet::new();
    claimed(&record, &mut claims);
    for (text, at) in claims {
        let at: Vec<crate::Place> = serde_json::from_str(&at).unwrap();
        let pages: BTreeSet<u32> = at.iter().map(|p| p.page).collect();
        match text {
            Claim::Text(text) => count(&text, -1),
            // A heading that goes on may be printed on each page.
            Claim::Heading(text) => count(&text, -(pages.len() as i64)),
            Claim::Number => at.iter().for_each(|place| count(&printed_at(&document, place), -1)),
        }
    }
    counts.into_iter().filter(|(_, n)| *n != 0).collect()
}

/// What a record says at some place.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Claim {
    Text(String),
    Heading(String),
    /// Of a measure or a candidate for one; its unit may stand at the same places.
    Number,
}

/// All that a record says with a place, each once, but for the diagnostics, which are about what is said elsewhere.
fn claimed(value: &serde_json::Value, out: &mut BTreeSet<(Claim, String)>) {
    match value {
        serde_json::Value::Array(items) => items.iter().for_each(|item| claimed(item, out)),
        serde_json::Value::Object(fields) => {
            if let Some(at) = fields.get("at").filter(|at| at.as_array().is_some_and(|at| !at.is_empty())) {
                let string = |name: &str| fields.get(name).and_then(|v| v.as_str()).map(str::to_owned);
                let claim = match (string("text"), string("number"), string("title")) {
                    (Some(text), ..) => Claim::Text(text),
                    (_, Some(number), Some(title)) => Claim::Heading(number + &title),
                    _ => Claim::Number,
                };
                out.insert((claim, at.to_string()));
            }
            let others = fields.iter().filter(|(name, _)| !matches!(name.as_str(), "at" | "diagnostics"));
            others.for_each(|(_, field)| claimed(field, out));
        }
        _ => {}
    }
}

/// The characters whose centre lies in a place.
fn printed_at(document: &chohyo_layout::Document, place: &crate::Place) -> String {
    let bbox = place.bbox.unwrap();
    let page = document.pages.iter().find(|p| p.number == place.page).unwrap();
    let within = |i: &u32| {
        let (x, y) = page.glyphs[*i as usize].bbox.center();
        (bbox[0]..=bbox[2]).contains(&x.into()) && (bbox[1]..=bbox[3]).contains(&y.into())
    };
    (0..page.glyphs.len() as u32).filter(within).map(|i| page.glyph_text(i)).collect()
}

/// The texts of these columns of a table, row by row.
pub(crate) fn texts<'s, const N: usize>(
    sheet: &'s Sheet,
    table: &str,
    columns: [&str; N],
) -> Vec<[&'s str; N]> {
    sheet.tables[table].iter().map(|row| columns.map(|c| row[c].text.as_str())).collect()
}

pub(crate) fn pdf(pages: &[Page]) -> Vec<u8> {
    let contents: Vec<Content> = pages.iter().map(|page| page.0.clone()).collect();
    chohyo_test_pages::pdf(&contents)
}
