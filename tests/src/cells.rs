//! The cells of a sheet's tables against the truth: which texts stand in a cell of their own.
//!
//! A truth says what a table holds, not where its rulings run. What it must hold as one cell is told by its
//! rows: the label of a year, all entries of that year, a target, the name of an actor. Text compares as in
//! [`score`](crate::score), the signs before list items left out.

use std::collections::BTreeMap;

use chohyo_layout::{BlockKind, Document};
use serde_json::Value;

use crate::score::norm;

/// What stands for a text of the truth in the layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Found {
    /// The text of one cell.
    Cell,
    /// The text of one cell in each of two tables, the second going on from the first.
    OverPages,
    /// The text of one block that is no table: a box of a diagram, a paragraph.
    Block,
    /// Part of one cell.
    Joined,
    /// Several cells of one column, or lines of several blocks.
    Split,
    /// Not found as such.
    Missing,
}

/// A text that the truth has as one cell.
#[derive(Clone, Debug)]
pub struct Expected {
    /// Section and field: `history.label`.
    pub field: &'static str,
    /// All spellings that are right: a number alone, or with its unit in the same cell.
    pub texts: Vec<String>,
}

/// One expected text with what was found of it.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The text.
    pub expected: Expected,
    /// How it stands in the layout.
    pub found: Found,
}

/// The texts of all cells that the truth knows of; those that are blank are left out.
pub fn expected(truth: &Value) -> Vec<Expected> {
    let mut out = Vec::new();
    let mut push = |field: &'static str, texts: &[String]| {
        let mut texts: Vec<String> = texts.iter().map(|t| plain(t)).filter(|t| !t.is_empty()).collect();
        texts.dedup();
        if !texts.is_empty() {
            out.push(Expected { field, texts });
        }
    };
    measures(truth, &mut push);
    for row in rows(truth, "councils") {
        let raw = text(&row["raw"]);
        push("councils.label", &[text(&row["label"])]);
        push("councils.value", &[format!("{raw}{}", text(&row["unit"])), raw]);
    }
    for row in rows(truth, "history") {
        push("history.label", &[text(&row["label"])]);
        push("history.content", &[list(&row["items"]).concat()]);
    }
    for row in rows(truth, "outcomes") {
        push("outcomes.indicator", &[text(&row["indicator"])]);
        push("outcomes.value", &[text(&row["target"]["raw"])]);
        push("outcomes.value", &[text(&row["actual"]["raw"])]);
        push("outcomes.narrative", &[text(&row["narrative"])]);
    }
    for row in rows(truth, "issues") {
        push("issues.issue", &[text(&row["issue"])]);
        push("issues.policy", &[list(&row["policies"]).concat()]);
        for role in rows(row, "roles") {
            push("issues.content", &[text(&role["content"])]);
        }
    }
    for row in rows(truth, "indicators") {
        push("indicators.indicator", &[text(&row["indicator"])]);
        push("indicators.reason", &[text(&row["reason"])]);
        for field in ["current", "target"] {
            let raw = row.get(format!("{field}_raw")).unwrap_or(&row[field]);
            push("indicators.value", &[text(raw)]);
        }
    }
    for row in rows(truth, "schedule") {
        push("schedule.label", &[text(&row["label"])]);
        push("schedule.item", &[text(&row["item"])]);
        push("schedule.content", &[text(&row["content"])]);
    }
    out
}

/// A measure's count and share may stand in one cell or in two, each with its unit or beside it.
fn measures(truth: &Value, push: &mut impl FnMut(&'static str, &[String])) {
    let all: Vec<&Value> = rows(truth, "measures").collect();
    let mut labels: Vec<String> = Vec::new();
    for row in &all {
        if text(&row["why"]) == "image" {
            continue;
        }
        let key = text(&row["key"]);
        let forms = |row: &Value| {
            let raw = text(&row["raw"]);
            let whole = format!("{raw}{}", text(&row["unit"]));
            if raw.is_empty() { Vec::new() } else { vec![raw, whole] }
        };
        let mut texts = forms(row);
        let pair = key.strip_suffix("_share").unwrap_or(&key);
        let share = format!("{pair}_share");
        let find = |key: &str| all.iter().find(|m| text(&m["key"]) == key).map(|m| forms(m));
        if let (Some(count), Some(share)) = (find(pair), find(&share)) {
            let pairs = count.iter().flat_map(|c| share.iter().map(move |s| (c, s)));
            let both = pairs.flat_map(|(c, s)| [format!("{c}{s}"), format!("{c}({s})")]);
            if !texts.is_empty() {
                texts.extend(both);
            }
        }
        push("measures.value", &texts);
        let label = text(&row["label"]);
        if !labels.contains(&label) {
            push("measures.label", std::slice::from_ref(&label));
            labels.push(label);
        }
    }
}

/// How each expected text stands in the document. A cell answers for one text (a count and its share may
/// share one); equal texts need as many cells.
pub fn compare(document: &Document, truth: &Value) -> Vec<Outcome> {
    let mut cells: BTreeMap<String, usize> = BTreeMap::new();
    let mut blocks: BTreeMap<String, usize> = BTreeMap::new();
    let mut joined = Vec::new();
    let mut running = String::new();
    // The last row of a table and the first of the one that goes on from it.
    let mut over: Vec<String> = Vec::new();
    let mut columns: Vec<String> = Vec::new();
    for (number, page) in document.pages.iter().enumerate() {
        let text_of = |lines: &[u32]| {
            plain(&lines.iter().map(|&l| page.lines[l as usize].text.as_str()).collect::<String>())
        };
        for block in &page.blocks {
            let BlockKind::Table(index) = block.kind else {
                let text = text_of(&block.lines);
                running.push_str(&text);
                *blocks.entry(text).or_default() += 1;
                continue;
            };
            let table = &page.tables[index as usize];
            let mut by_column: BTreeMap<u32, String> = BTreeMap::new();
            for cell in &table.cells {
                let text = text_of(&cell.lines);
                by_column.entry(cell.columns.start).or_default().push_str(&text);
                joined.push(text.clone());
                *cells.entry(text).or_default() += 1;
            }
            columns.extend(by_column.into_values());
            let before = number.checked_sub(1).and_then(|n| document.pages.get(n));
            if let (true, Some(before)) = (table.continues, before)
                && let Some(upper) = before.tables.last()
            {
                let last = upper.cells.iter().filter(|c| c.rows.end == upper.rows);
                for cell in last {
                    let lines = cell.lines.iter().map(|&l| before.lines[l as usize].text.as_str());
                    let begin = plain(&lines.collect::<String>());
                    let same = table.cells.iter().filter(|c| c.columns == cell.columns && c.rows.start <= 1);
                    over.extend(same.map(|c| format!("{begin}{}", text_of(&c.lines))));
                }
            }
        }
    }
    let mut take = |from: &str, in_cells: bool| {
        let counts = if in_cells { &mut cells } else { &mut blocks };
        let left = counts.get_mut(from).filter(|n| **n > 0);
        left.map(|n| *n -= 1).is_some()
    };
    let outcomes = expected(truth).into_iter().map(|expected| {
        let texts = &expected.texts;
        let both = texts.len() > 2 && texts[2..].iter().any(|t| joined.contains(t));
        let any = |all: &[String]| texts.iter().any(|t| all.iter().any(|a| a.contains(t.as_str())));
        let found = if both || texts.iter().any(|t| take(t, true)) {
            Found::Cell
        } else if texts.iter().any(|t| over.contains(t)) {
            Found::OverPages
        } else if texts.iter().any(|t| take(t, false)) {
            Found::Block
        } else if any(&joined) {
            Found::Joined
        } else if any(&columns) || any(std::slice::from_ref(&running)) {
            Found::Split
        } else {
            Found::Missing
        };
        Outcome { expected, found }
    });
    outcomes.collect()
}

/// As compared: without white space, each list item without its sign.
fn plain(text: &str) -> String {
    norm(text).replace(['・', '•', '●', '○', '■'], "")
}

fn rows<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    value[name].as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn list(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(text).collect()
}
