//! A record against the truth: what agrees, what is wrong, what is invented.
//!
//! Items of a section are tuples of strings, and an item is right when the whole tuple is, after NFKC and
//! without white space. Order does not count, except inside an item.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

/// Sections by name, each a list of items.
pub type Sections = BTreeMap<&'static str, Vec<Vec<String>>>;

/// How many items of a section agree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Items in both.
    pub hit: usize,
    /// Items in the record.
    pub record: usize,
    /// Items in the truth.
    pub truth: usize,
}

impl Score {
    /// True when record and truth say the same.
    pub fn is_perfect(self) -> bool {
        self.hit == self.record && self.hit == self.truth
    }
}

/// What stands for null in an item.
const NULL: &str = "null";

/// NFKC, the many dashes and waves each to one, without white space. Of the radicals that NFKC leaves, those that
/// are on the sheets.
pub fn norm(text: &str) -> String {
    let radicals = text.chars().map(|c| match c {
        '⻑' => '長',
        '⺠' => '民',
        '⻄' => '西',
        '⻘' => '青',
        c => c,
    });
    let folded = radicals.map(|c| match c {
        '〜' | '～' => '~',
        '−' | '－' | '—' | '―' | '‐' | '–' => '-',
        '，' => ',',
        c => c,
    });
    folded.nfkc().filter(|c| !c.is_whitespace()).collect()
}

fn item(value: &Value) -> String {
    match value {
        Value::Null => NULL.to_owned(),
        Value::String(text) => norm(text),
        Value::Array(parts) => parts.iter().map(|p| norm(p.as_str().unwrap_or_default())).collect(),
        other => other.to_string(),
    }
}

/// Text that may be missing or empty, which is the same.
fn blank(value: &Value) -> String {
    if value.is_null() { String::new() } else { item(value) }
}

/// A number without separators and trailing zeros.
fn number(value: &Value) -> String {
    let Some(text) = value.as_str() else { return item(value) };
    let text = norm(text).replace(',', "");
    text.parse::<f64>().map_or(text, |n| n.to_string())
}

fn unit(value: &Value) -> String {
    let unit = item(value);
    if matches!(unit.as_str(), "ヶ所" | "カ所" | "箇所" | "ヵ所" | "ケ所" | "個所") {
        "か所".to_owned()
    } else {
        unit
    }
}

/// A date without its day, and without the words that the truth adds to a fiscal year.
fn month(value: &Value) -> String {
    let date = value.as_str().unwrap_or(NULL).replace(" start", "").replace(" end", "");
    if date.len() == 10 && date.is_ascii() { date[..7].to_owned() } else { date }
}

fn list<'v>(value: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    value[name].as_array().into_iter().flatten().filter(|v| !v.is_null())
}

/// A record in the shape of the truth, or a truth, as lists of items.
pub fn sections(sheet: &Value) -> Sections {
    let mut all = Sections::new();
    for name in ["title", "program", "municipality", "prefecture", "municipality_kind", "fiscal_year"] {
        all.entry(name).or_default().push(vec![blank(&sheet[name])]);
    }
    for name in ["summary", "initiatives", "overview", "strengths", "template_residue"] {
        let texts: Vec<_> = list(sheet, name).map(|t| vec![item(t)]).filter(|t| !t[0].is_empty()).collect();
        all.insert(name, texts);
    }
    // Where one paragraph or box ends is told less surely than what is in them.
    for (name, parts) in [("initiatives.joined", "initiatives"), ("overview.characters", "overview")] {
        let mut characters: Vec<char> = all[parts].iter().flat_map(|t| t[0].chars()).collect();
        if name == "overview.characters" {
            characters.sort_unstable();
        }
        all.insert(name, vec![vec![characters.into_iter().collect()]]);
    }
    let mut add = |name, items: Vec<String>| all.entry(name).or_default().push(items);
    for m in list(sheet, "measures").filter(|m| m["why"] != "image") {
        let value = number(&m["value"]);
        let why = if value == NULL { item(&m["why"]) } else { String::new() };
        add("measures", vec![item(&m["key"]), value, unit(&m["unit"]), month(&m["as_of"]), why]);
    }
    for c in list(sheet, "councils").filter(|c| !c["level"].is_null() && c["why"] != "image") {
        add(
            "councils",
            vec![item(&c["level"]), number(&c["established"]), number(&c["total"]), month(&c["as_of"])],
        );
    }
    for h in list(sheet, "history") {
        let period = if h["period"].is_null() { item(&h["label"]) } else { item(&h["period"]) };
        add("history", vec![period, item(&h["items"])]);
    }
    for o in list(sheet, "outcomes") {
        let (target, actual) = (&o["target"], &o["actual"]);
        add("outcomes", vec![item(&o["indicator"]), number(&target["value"]), number(&actual["value"])]);
        add("outcomes.as_of", vec![item(&o["indicator"]), month(&target["as_of"]), month(&actual["as_of"])]);
        add("outcomes.narrative", vec![item(&o["indicator"]), blank(&o["narrative"])]);
    }
    for i in list(sheet, "issues") {
        add("issues", vec![item(&i["issue"]), item(&i["policies"])]);
        for r in list(i, "roles") {
            add("roles", vec![item(&i["issue"]), item(&r["actor"]), blank(&r["content"])]);
        }
    }
    for i in list(sheet, "indicators") {
        add("indicators", vec![item(&i["indicator"]), number(&i["current"]), number(&i["target"])]);
        add("indicators.reason", vec![item(&i["indicator"]), blank(&i["reason"])]);
    }
    for s in list(sheet, "schedule") {
        let period = if s["period"].is_null() { item(&s["label"]) } else { item(&s["period"]) };
        add("schedule", vec![period, item(&s["item"]), item(&s["content"])]);
        add("schedule.items", vec![item(&s["item"]), item(&s["content"])]);
    }
    all
}

/// The sections of both, compared.
pub fn compare(record: &Sections, truth: &Sections) -> BTreeMap<&'static str, Score> {
    let names = record.keys().chain(truth.keys());
    names
        .map(|&name| {
            let none = Vec::new();
            let (found, expected) = (record.get(name).unwrap_or(&none), truth.get(name).unwrap_or(&none));
            let mut left = expected.clone();
            let mut hit = 0;
            for item in found {
                if let Some(at) = left.iter().position(|t| t == item) {
                    left.swap_remove(at);
                    hit += 1;
                }
            }
            (name, Score { hit, record: found.len(), truth: expected.len() })
        })
        .collect()
}

/// The scores as a table, with the items of either side that the other does not have.
pub fn table(record: &Sections, truth: &Sections) -> String {
    let mut text = format!("{:20} hit/record/truth\n", "section");
    for (name, score) in compare(record, truth) {
        let _ = writeln!(text, "{name:20} {}/{}/{}", score.hit, score.record, score.truth);
        for (mark, from, against) in [("+", record, truth), ("-", truth, record)] {
            let mut left = against.get(name).cloned().unwrap_or_default();
            for item in from.get(name).into_iter().flatten() {
                match left.iter().position(|t| t == item) {
                    Some(at) => drop(left.swap_remove(at)),
                    None => drop(writeln!(text, "  {mark} {}", item.join(" | "))),
                }
            }
        }
    }
    text
}

/// Values of the record that differ from the truth, or that the truth does not have, as sentences.
pub fn wrong_values(record: &Value, truth: &Value) -> Vec<String> {
    let expected = values(truth);
    let mut wrong = Vec::new();
    for (slot, value) in values(record).into_iter().filter(|(_, value)| value != NULL) {
        match expected.get(&slot) {
            Some(right) if *right == value => {}
            Some(right) if right != NULL => wrong.push(format!("{slot} is {value}, in truth {right}")),
            _ => wrong.push(format!("{slot} is {value}, in truth there is none")),
        }
    }
    wrong
}

/// All numbers by what they are the number of.
fn values(sheet: &Value) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for m in list(sheet, "measures") {
        all.insert(format!("measure {}", item(&m["key"])), number(&m["value"]));
    }
    for c in list(sheet, "councils") {
        for column in ["established", "total"] {
            all.insert(format!("council {} {column}", item(&c["level"])), number(&c[column]));
        }
    }
    for o in list(sheet, "outcomes") {
        for column in ["target", "actual"] {
            all.insert(format!("outcome {} {column}", item(&o["indicator"])), number(&o[column]["value"]));
        }
    }
    for i in list(sheet, "indicators") {
        for column in ["current", "target"] {
            all.insert(format!("indicator {} {column}", item(&i["indicator"])), number(&i[column]));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn spelling_does_not_count_and_content_does() {
        assert_eq!(norm("Ｒ２ 年～３−⻑"), "R2年~3-長");
        let truth = json!({
            "measures": [
                {"key": "population", "value": "1087723", "unit": "人", "as_of": "2020-04"},
                {"key": "beds", "value": null, "unit": "床", "as_of": null, "why": "blank"},
                {"key": "areas", "value": null, "why": "image"},
            ],
            "history": [{"label": "平成18年度", "period": "2006-04/2007-03", "items": ["Ａ", "B"]}],
        });
        let record = json!({
            "measures": [
                {"key": "population", "value": "1087723.0", "unit": "人", "as_of": "2020-04-01", "why": "read"},
                {"key": "beds", "value": "5", "unit": "床", "as_of": null, "why": "read"},
            ],
            "history": [{"label": "", "period": "2006-04/2007-03", "items": ["A B"]}],
        });
        let scores = compare(&sections(&record), &sections(&truth));
        assert!(scores["history"].is_perfect());
        assert_eq!(scores["measures"], Score { hit: 1, record: 2, truth: 2 });
        assert_eq!(wrong_values(&record, &truth), ["measure beds is 5, in truth there is none"]);
        let table = table(&sections(&record), &sections(&truth));
        assert!(table.contains("measures             1/2/2\n  + beds | 5 | 床 | null | \n"), "{table}");
    }
}
