//! Whether the box of a value, as a review page draws it, lies on the digits that are printed there.

use serde_json::Value;

use crate::Fixture;
use crate::place::{claims, printed};

/// How much wider or higher than its glyphs a box may be, in points.
const SLACK: f64 = 1.0;

/// Compares what stands in the box of each measure with the truth: `(compared, what is wrong, as sentences)`.
///
/// Measures that are not read as the truth has them are passed over: that is for others to count.
pub fn measures(fixture: &Fixture, record: &Value, truth: &Value) -> (usize, Vec<String>) {
    let empty = Vec::new();
    let list = |value: &Value| value["measures"].as_array().unwrap_or(&empty).clone();
    let document = fixture.document();
    let claims = claims(record);
    let (mut compared, mut wrong) = (0, Vec::new());
    for (index, measure) in list(record).iter().enumerate() {
        let text = |value: &Value, field: &str| printed(value[field].as_str().unwrap_or_default());
        let raw = text(measure, "raw");
        let Some(true_one) = list(truth).into_iter().find(|t| t["key"] == measure["key"]) else { continue };
        if raw.is_empty() || text(&true_one, "raw") != raw {
            continue;
        }
        compared += 1;
        let key = &measure["key"];
        let pointer = format!("/measures/{index}");
        let places = claims.iter().find(|c| c.pointer == pointer).map(|c| c.at.clone()).unwrap_or_default();
        if fixture.is_dump() {
            let here = places.first().and_then(|p| fixture.text().get(p.span()?)).unwrap_or_default();
            if printed(here) != raw {
                wrong.push(format!("{key}: {here:?} stands there, and not {raw:?}"));
            }
            continue;
        }
        let here: String = places.iter().map(|p| printed(&p.glyphs(&document))).collect();
        let rest = here.strip_prefix(&raw);
        if rest.is_none_or(|unit| unit.chars().any(char::is_numeric)) {
            wrong.push(format!("{key}: {here:?} stands in its box, and not {raw:?}"));
        }
        for place in &measure["at"].as_array().cloned().unwrap_or_default() {
            wrong.extend(loose(&document, place).map(|m| format!("{key}: {m}")));
        }
    }
    (compared, wrong)
}

/// What is wrong with a box that is larger than the glyphs in it.
fn loose(document: &chohyo_layout::Document, place: &Value) -> Option<String> {
    let edge = |i: usize| place["bbox"][i].as_f64().unwrap_or(f64::NAN);
    let page = document.pages.iter().find(|p| place["page"] == p.number)?;
    let within = |b: &&chohyo_layout::BBox| {
        let (x, y) = b.center();
        let (x, y) = (f64::from(x), f64::from(y));
        edge(0) <= x && x <= edge(2) && edge(1) <= y && y <= edge(3)
    };
    let boxes: Vec<_> = page.glyphs.iter().map(|g| &g.bbox).filter(within).collect();
    let Some(hull) = chohyo_layout::hull(boxes) else { return Some("nothing stands in its box".to_owned()) };
    let wide = edge(2) - edge(0) > f64::from(hull.width()) + SLACK;
    let high = edge(3) - edge(1) > f64::from(hull.height()) + SLACK;
    (wide || high).then(|| format!("its box {} is larger than {hull:?}", place["bbox"]))
}
