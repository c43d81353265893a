//! Whether a record keeps the laws of its input. Each function gives what breaks the law, as sentences.

use std::collections::{BTreeMap, BTreeSet};

use chohyo_layout::Document;
use serde_json::Value;

use crate::Fixture;
use crate::place::{Claim, Content, claims, printed};

/// Whether a record keeps law 1.
pub fn conservation(fixture: &Fixture, record: &Value) -> Vec<String> {
    let claims = claims(record);
    let mut broken = values_stand_alone(&claims);
    broken.extend(if fixture.is_dump() {
        spans_cover(fixture.text(), &claims)
    } else {
        characters_are_kept(&fixture.document(), &claims)
    });
    broken
}

/// Whether a record keeps law 2.
pub fn nothing_invented(fixture: &Fixture, record: &Value) -> Vec<String> {
    let claims = claims(record);
    if fixture.is_dump() {
        let text = fixture.text();
        stands_there(&claims, true, |claim| claim.at.iter().filter_map(|p| text.get(p.span()?)).collect())
    } else {
        let document = fixture.document();
        stands_there(&claims, false, |claim| claim.at.iter().map(|p| p.glyphs(&document)).collect())
    }
}

/// Law 1, of a dump: the distinct spans of the record cover each byte that is not white space once.
fn spans_cover(text: &str, claims: &[Claim]) -> Vec<String> {
    let mut broken = Vec::new();
    let mut spans = BTreeMap::new();
    for claim in claims {
        for place in &claim.at {
            match place.span() {
                Some(span) if !span.is_empty() && text.get(span.clone()).is_some() => {
                    spans.entry((span.start, span.end)).or_insert(&claim.pointer);
                }
                span => broken.push(format!("{}: {span:?} is no span of the input", claim.pointer)),
            }
        }
    }
    let mut end = 0;
    // A byte order mark is not printed.
    let mut unclaimed = String::new();
    for (&(start, stop), pointer) in &spans {
        if start < end {
            broken.push(format!("{pointer}: {:?} is claimed twice", &text[start..end.min(stop)]));
        }
        unclaimed += text.get(end..start).unwrap_or_default();
        end = end.max(stop);
    }
    unclaimed += &text[end..];
    let unclaimed = printed(&unclaimed.replace('\u{feff}', ""));
    if !unclaimed.is_empty() {
        broken.push(format!("in no place of the record: {unclaimed:?}"));
    }
    broken
}

/// Law 1, of a PDF: the characters of its glyphs are those of the distinct texts of the record.
fn characters_are_kept(document: &Document, claims: &[Claim]) -> Vec<String> {
    let mut counts: BTreeMap<char, i64> = BTreeMap::new();
    for page in &document.pages {
        for i in 0..page.glyphs.len() {
            for c in printed(page.glyph_text(i as u32)).chars() {
                *counts.entry(c).or_default() += 1;
            }
        }
    }
    let mut seen = BTreeSet::new();
    for claim in claims.iter().filter(|c| !c.at.is_empty()) {
        let (text, times) = match &claim.content {
            Content::Text(text) => (text.clone(), 1),
            Content::Heading(text) => (text.clone(), claim.pages()),
            // What stands beside the number, its unit, say, is of the same place.
            Content::Raw(_) => (claim.at.iter().map(|place| place.glyphs(document)).collect(), 1),
        };
        if seen.insert((claim.content.clone(), claim.at.clone())) {
            for c in printed(&text).chars() {
                *counts.entry(c).or_default() -= times as i64;
            }
        }
    }
    let of = |keep: fn(i64) -> bool| {
        let kept = counts.iter().filter(|(_, n)| keep(**n));
        kept.map(|(c, n)| format!("{c}×{}", n.abs())).collect::<Vec<_>>().join(" ")
    };
    let mut broken = Vec::new();
    for (what, characters) in [
        ("in no place of the record", of(|n| n > 0)),
        ("more often in the record than on the pages", of(|n| n < 0)),
    ] {
        if !characters.is_empty() {
            broken.push(format!("{what}: {characters}"));
        }
    }
    broken
}

/// Law 1, of measures: a number that is printed once is the value of one measure.
fn values_stand_alone(claims: &[Claim]) -> Vec<String> {
    let mut taken = BTreeMap::new();
    let mut broken = Vec::new();
    for claim in
        claims.iter().filter(|c| matches!(c.content, Content::Raw(_)) && !c.pointer.contains("candidates"))
    {
        // The number comes first; a unit may be printed once for several rows.
        if let Some(other) = claim.at.first().and_then(|place| taken.insert(place, &claim.pointer)) {
            broken.push(format!("{other} and {} have the same place: {:?}", claim.pointer, claim.content));
        }
    }
    broken
}

/// Law 2: what a claim says is printed stands at its places. `there` gives the text that stands at them;
/// `exact` when a place holds nothing else, as a span does and a box may not.
fn stands_there(claims: &[Claim], exact: bool, there: impl Fn(&Claim) -> String) -> Vec<String> {
    let mut broken = Vec::new();
    for claim in claims {
        let there = printed(&there(claim));
        let holds = match &claim.content {
            Content::Raw(raw) => holds_number(&there, &printed(raw)),
            Content::Text(text) if exact => there == printed(text),
            Content::Text(text) | Content::Heading(text) => holds_all(&there, &printed(text)),
        };
        if !holds {
            broken.push(format!("{}: {:?}, but {there:?} stands there", claim.pointer, claim.content));
        }
    }
    broken
}

/// True when the number is in `there`, with no digit beside it that is not its own: a unit may be.
fn holds_number(there: &str, raw: &str) -> bool {
    let digits = |text: &str| text.chars().filter(|c| c.is_numeric()).count();
    there.contains(raw) && digits(there) == digits(raw)
}

/// True when each character of `text` is in `there` at least as often.
fn holds_all(there: &str, text: &str) -> bool {
    let mut left: Vec<char> = there.chars().collect();
    text.chars().all(|c| left.iter().position(|l| *l == c).map(|i| left.swap_remove(i)).is_some())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TEXT: &str = "人口\n 1,087,723 人\n";

    fn record(texts: &[(&str, [usize; 2])], raw: &str) -> Vec<Claim> {
        let all: Value =
            texts.iter().map(|(t, s)| json!({"text": t, "at": [{"page": 1, "span": s}]})).collect();
        claims(&json!({
            "unclaimed": all,
            "measures": [{"raw": raw, "at": [{"page": 1, "span": [8, 17]}]}],
            "diagnostics": [{"at": [{"page": 1, "span": [0, 17]}]}],
        }))
    }

    #[test]
    fn a_dump_is_covered_once() {
        let whole = [("人口", [0, 6]), ("人口", [0, 6]), ("人", [18, 21])];
        let found = spans_cover(TEXT, &record(&whole, "1,087,723"));
        assert!(found.is_empty(), "{found:?}");
        for (texts, expected) in [
            (&whole[..2], "in no place of the record: \"人\""),
            (&[("人口1", [0, 9]), ("人", [18, 21])][..], "/measures/0: \"1\" is claimed twice"),
            (
                &[("人口", [0, 6]), ("人", [18, 22]), ("", [30, 31])],
                "/unclaimed/2: Some(30..31) is no span of the input",
            ),
        ] {
            assert_eq!(spans_cover(TEXT, &record(texts, "1,087,723")), [expected]);
        }
    }

    #[test]
    fn a_number_is_of_one_measure() {
        let one = json!({"raw": "1", "at": [{"page": 1, "span": [0, 1]}]});
        let two = json!({"raw": "1", "at": [{"page": 1, "span": [2, 3]}], "candidates": [one]});
        assert_eq!(values_stand_alone(&claims(&json!({"measures": [one, two]}))), [""; 0]);
        assert_eq!(values_stand_alone(&claims(&json!({"measures": [one, two, one]}))).len(), 1);
    }

    #[test]
    fn what_stands_elsewhere_is_invented() {
        let there = |claim: &Claim| claim.at.iter().filter_map(|p| TEXT.get(p.span()?)).collect::<String>();
        let right = record(&[("人 口", [0, 6])], "1,087,723");
        assert!(stands_there(&right, true, there).is_empty());
        let wrong = record(&[("人", [0, 6])], "1,087,724");
        assert_eq!(stands_there(&wrong, true, there).len(), 2);
        assert_eq!(stands_there(&wrong, false, there).len(), 1, "a box may hold more than the text");
    }

    #[test]
    fn each_character_of_a_pdf_counts() {
        let document = Fixture::named("sendai.pdf").document();
        let mut texts: Vec<_> = document
            .pages
            .iter()
            .flat_map(|page| page.lines.iter().map(move |line| (page.number, line)))
            .map(|(page, line)| {
                let b = line.bbox;
                json!({"text": line.text, "at": [{"page": page, "bbox": [b.x0, b.top, b.x1, b.bottom]}]})
            })
            .collect();
        let whole = claims(&json!({"unclaimed": texts}));
        assert!(whole.len() > 100);
        assert_eq!(characters_are_kept(&document, &whole), [""; 0]);
        let there = |claim: &Claim| claim.at.iter().map(|place| place.glyphs(&document)).collect();
        assert_eq!(stands_there(&whole, false, there), [""; 0]);

        texts[5]["text"] = "龘".into();
        let found = characters_are_kept(&document, &claims(&json!({"unclaimed": texts})));
        assert_eq!(found.len(), 2, "one character too many, and those of the line in no place: {found:?}");
        assert!(found[1].ends_with("龘×1"), "{found:?}");
    }
}
