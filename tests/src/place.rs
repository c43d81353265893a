//! What in a record stands where in the input.

use std::collections::BTreeSet;

use chohyo_layout::Document;
use serde_json::Value;

/// A place of the input, in a form that can be compared: the JSON that the record prints.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place(String);

/// Something in a record that has places.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Where in the record, as a JSON pointer.
    pub pointer: String,
    /// What it says, by kind.
    pub content: Content,
    /// Where it stands.
    pub at: Vec<Place>,
}

/// What a claim says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Content {
    /// A text or a cell.
    Text(String),
    /// The number and title of a heading, which may be printed on several pages.
    Heading(String),
    /// The number of a measure or of one of its candidates; its unit may stand at the same places.
    Raw(String),
}

impl Place {
    fn new(place: &Value) -> Self {
        Self(place.to_string())
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.0).unwrap_or_default()
    }

    /// Page, from 1.
    pub fn page(&self) -> u64 {
        self.json()["page"].as_u64().unwrap_or_default()
    }

    /// Bytes of a dump.
    pub fn span(&self) -> Option<std::ops::Range<usize>> {
        let json = self.json();
        let edge = |i| json["span"][i].as_u64().and_then(|n: u64| usize::try_from(n).ok());
        Some(edge(0)?..edge(1)?)
    }

    /// The characters of the glyphs whose centre lies in the box, in drawing order.
    pub fn glyphs(&self, document: &Document) -> String {
        let json = self.json();
        let edge = |i: usize| json["bbox"][i].as_f64().unwrap_or(f64::NAN);
        let mut text = String::new();
        for page in document.pages.iter().filter(|p| u64::from(p.number) == self.page()) {
            for (i, glyph) in page.glyphs.iter().enumerate() {
                let (x, y) = glyph.bbox.center();
                let (x, y) = (f64::from(x), f64::from(y));
                if edge(0) <= x && x <= edge(2) && edge(1) <= y && y <= edge(3) {
                    text += page.glyph_text(i as u32);
                }
            }
        }
        text
    }
}

impl Claim {
    /// Number of pages on which it stands.
    pub fn pages(&self) -> usize {
        self.at.iter().map(Place::page).collect::<BTreeSet<_>>().len()
    }
}

/// Everything in a record that has places, except diagnostics: they point at what is said elsewhere.
///
/// # Panics
/// On a thing with places of a kind that is not known here: then this function must learn it, lest the laws
/// be blind for it.
pub fn claims(record: &Value) -> Vec<Claim> {
    let mut claims = Vec::new();
    if let Value::Object(fields) = record {
        for (name, value) in fields.iter().filter(|(name, _)| *name != "diagnostics") {
            collect(value, &format!("/{name}"), &mut claims);
        }
    }
    claims
}

fn collect(value: &Value, pointer: &str, claims: &mut Vec<Claim>) {
    match value {
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                collect(item, &format!("{pointer}/{i}"), claims);
            }
        }
        Value::Object(fields) => {
            // Of a corrected value, what was read is printed, and the correction holds it.
            let at = fields.get("at").filter(|_| !fields.contains_key("correction"));
            if let Some(Value::Array(at)) = at {
                let string = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
                let content = if let Some(text) = string("text") {
                    Content::Text(text)
                } else if let (Some(number), Some(title)) = (string("number"), string("title")) {
                    Content::Heading(number + &title)
                } else if let Some(raw) = string("raw") {
                    Content::Raw(raw)
                } else {
                    panic!("{pointer} has places and no known text: {value}");
                };
                claims.push(Claim {
                    pointer: pointer.to_owned(),
                    content,
                    at: at.iter().map(Place::new).collect(),
                });
            }
            for (name, item) in fields.iter().filter(|(name, _)| *name != "at") {
                collect(item, &format!("{pointer}/{name}"), claims);
            }
        }
        _ => {}
    }
}

/// The characters that are not white space.
pub fn printed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
