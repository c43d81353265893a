//! What is wrong in a form file: all of it, each with its line and column.

use std::fmt::{self, Write as _};
use std::ops::Range;

use regex::Regex;
use toml::de::DeTable;

use super::meaning;
use super::shape::{FORM, Holds, Key, LABELS, OTHER_WORDS, Shape, homes};
use super::tree::{Node, Value};
use crate::sheet::Severity;
use crate::spelling::canonical;

/// Something wrong in a form file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// An error keeps the form from being used; a warning is something that does not do what it seems to.
    pub severity: Severity,
    /// One sentence for a person.
    pub message: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters.
    pub column: usize,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        };
        write!(f, "{}:{}: {severity}: {}", self.line, self.column, self.message)
    }
}

/// Everything wrong in a form file, in the order of the file.
///
/// ```
/// use chohyo_extract::faults;
///
/// let form = r#"
/// id = "office"
/// title = "評価シート"
/// [[section]]
/// id = "costs"
/// heading = ["事業費"]
/// text = [{ name = "costs" }]
/// "#;
/// let found: Vec<String> = faults(form).iter().map(ToString::to_string).collect();
/// assert_eq!(found[0], "6:1: error: [[section]] has no key heading; did you mean headings?");
/// ```
pub fn faults(source: &str) -> Vec<Fault> {
    let (table, errors) = DeTable::parse_recoverable(source);
    let mut found = Found::default();
    for error in &errors {
        found.error(error.span().unwrap_or(0..0), error.message().to_owned());
    }
    if found.0.is_empty() {
        let root = Node::of_table(table.get_ref(), 0..0);
        found.table(&root, &FORM);
        meaning::check(&root, &mut found);
    }
    let mut out: Vec<Fault> = found
        .0
        .into_iter()
        .map(|(severity, at, message)| {
            let (line, column) = position(source, at.start);
            Fault { severity, message, line, column }
        })
        .collect();
    out.sort_by_key(|f| (f.line, f.column));
    out.dedup();
    out
}

/// Line and column of a byte, both from 1; the column in characters.
fn position(source: &str, at: usize) -> (usize, usize) {
    let before = source.get(..at.min(source.len())).unwrap_or(source);
    let line_start = before.rfind('\n').map_or(0, |i| i + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// What was found so far.
#[derive(Default)]
pub(super) struct Found(Vec<(Severity, Range<usize>, String)>);

impl Found {
    /// True when something was found already, so that what seems to be missing may only be misspelt.
    pub(super) fn any(&self) -> bool {
        !self.0.is_empty()
    }

    pub(super) fn error(&mut self, at: Range<usize>, message: impl Into<String>) {
        self.0.push((Severity::Error, at, message.into()));
    }

    pub(super) fn warning(&mut self, at: Range<usize>, message: impl Into<String>) {
        self.0.push((Severity::Warning, at, message.into()));
    }

    /// A table against its shape.
    fn table(&mut self, node: &Node, shape: &Shape) {
        for entry in node.entries() {
            let Some(key) = shape.keys.iter().find(|k| k.name == entry.key) else {
                let near = nearest(&entry.key, shape.keys.iter().map(|k| k.name));
                let own = |name: &&&str| shape.keys.iter().any(|k| k.name == **name);
                let labels = LABELS.contains(&entry.key.as_str()).then(|| LABELS.iter().find(own)).flatten();
                let homes = homes(&entry.key);
                let hint = match near.or(labels.copied()) {
                    Some(near) => format!("did you mean {near}?"),
                    None if !homes.is_empty() => format!("it is a key of {}", homes.join(" and ")),
                    None => format!("it may have {}", list(shape.keys.iter().map(|k| k.name))),
                };
                self.error(entry.span.clone(), format!("{} has no key {}; {hint}", shape.name, entry.key));
                continue;
            };
            self.value(&entry.node, key, shape);
        }
        for key in shape.keys.iter().filter(|k| k.required && node.entry(k.name).is_none()) {
            self.error(node.span.clone(), format!("{} lacks {}", shape.name, key.name));
        }
    }

    fn value(&mut self, node: &Node, key: &Key, shape: &Shape) {
        let expected = match (&key.holds, &node.value) {
            (Holds::Text, Value::Text(text)) if text.trim().is_empty() => "text that is not empty",
            (Holds::Text, Value::Text(_)) | (Holds::Boolean, Value::Boolean) => return,
            (Holds::Text | Holds::One(_), _) if !matches!(node.value, Value::Text(_)) => "text",
            (Holds::Name, Value::Text(text)) if is_name(text) => return,
            (Holds::Name, _) => "a name of letters, digits, _, - and .",
            (Holds::Boolean, _) => "true or false",
            (Holds::Number, _) if node.decimal().is_some() => return,
            (Holds::Number, _) => "a number",
            (Holds::Count, Value::Integer(Some(number))) if !number.is_sign_negative() => return,
            (Holds::Count, _) => "a whole number from 0",
            (Holds::Interval, Value::List(items)) => match items.as_slice() {
                [low, high] if low.decimal().zip(high.decimal()).is_some_and(|(l, h)| l <= h) => return,
                _ => "two numbers, the lower one first",
            },
            (Holds::Interval, _) => "two numbers, the lower one first",
            (Holds::Pair, Value::List(items)) if items.len() == 2 => return self.names(node, key, shape),
            (Holds::Pair, _) => "a list of two names",
            (Holds::Names, Value::List(_)) => return self.names(node, key, shape),
            (Holds::Names, _) => "a list of names",
            (Holds::Labels, Value::List(_)) => return self.labels(node, key.name),
            (Holds::Labels, _) => "a list of labels",
            (Holds::Pattern, Value::Text(text)) => return self.pattern(node, text),
            (Holds::Pattern, _) => "a regular expression",
            (Holds::One(words), Value::Text(text)) => return self.word(node, text, words, key.name),
            (Holds::Text | Holds::One(_), _) => "text",
            (Holds::Some(words), Value::List(items)) => {
                for item in items {
                    match item.as_text() {
                        Some(written) => self.word(item, written.text, words, key.name),
                        None => self.error(item.span.clone(), format!("{} is a list of text", key.name)),
                    }
                }
                return;
            }
            (Holds::Some(_), _) => "a list of text",
            (Holds::Choices, Value::Table(entries)) => {
                if entries.is_empty() {
                    self.error(node.span.clone(), format!("{} is empty", key.name));
                }
                for entry in entries {
                    if !is_name(&entry.key) {
                        let message = format!(
                            "the choice {} is no name of letters, digits, _, - and .; the record names it so",
                            entry.key
                        );
                        self.error(entry.span.clone(), message);
                    }
                    if matches!(entry.node.value, Value::List(_)) {
                        self.labels(&entry.node, &entry.key);
                    } else {
                        self.error(entry.node.span.clone(), format!("{} is a list of labels", entry.key));
                    }
                }
                return;
            }
            (Holds::Choices, _) => "a table of choices, each with its labels: { go_on = [\"継続\"] }",
            (Holds::Table(shape), Value::Table(_)) => return self.table(node, shape),
            (Holds::Table(_), _) => "a table",
            (Holds::Tables(shape), Value::List(items)) => {
                for item in items {
                    match item.value {
                        Value::Table(_) => self.table(item, shape),
                        _ => self.error(item.span.clone(), format!("{} is a list of tables", key.name)),
                    }
                }
                return;
            }
            (Holds::Tables(_), Value::Table(_)) => {
                let message = format!("{0} is a list of tables: write [[…{0}]] with two brackets", key.name);
                return self.error(node.span.clone(), message);
            }
            (Holds::Tables(_), _) => "a list of tables",
        };
        let mut message = format!("{} of {} is {expected}, not {}", key.name, shape.name, node.type_name());
        if let (Holds::Labels | Holds::Names | Holds::Some(_), Some(one)) = (&key.holds, node.as_text()) {
            let _ = write!(message, ": write [\"{}\"]", one.text);
        }
        self.error(node.span.clone(), message);
    }

    fn names(&mut self, node: &Node, key: &Key, shape: &Shape) {
        if node.items().is_empty() {
            self.error(node.span.clone(), format!("{} of {} is empty", key.name, shape.name));
        }
        for item in node.items() {
            if !item.as_text().is_some_and(|w| is_name(w.text)) {
                self.error(item.span.clone(), format!("{} is a list of names", key.name));
            }
        }
    }

    /// Labels: text, none of it empty, none twice.
    fn labels(&mut self, node: &Node, name: &str) {
        if node.items().is_empty() {
            self.error(node.span.clone(), format!("{name} is empty: nothing can be found by it"));
        }
        let mut seen: Vec<(Vec<char>, &str)> = Vec::new();
        for item in node.items() {
            let Some(written) = item.as_text() else {
                let message = format!("{name} is a list of labels, and {} is none", item.type_name());
                self.error(item.span.clone(), message);
                continue;
            };
            let folded = canonical(written.text);
            if folded.is_empty() {
                self.error(item.span.clone(), format!("an empty label in {name}"));
            } else if let Some((_, before)) = seen.iter().find(|(f, _)| *f == folded) {
                let message = format!(
                    "「{}」 is the same as 「{before}」: width, spaces and spelling are folded",
                    written.text
                );
                self.warning(item.span.clone(), message);
            } else {
                seen.push((folded, written.text));
            }
        }
    }

    fn pattern(&mut self, node: &Node, text: &str) {
        match Regex::new(text) {
            Ok(pattern) if pattern.is_match("") => {
                self.error(node.span.clone(), "the pattern fits every paragraph: it fits an empty one");
            }
            Ok(_) => {}
            Err(error) => {
                let message = error.to_string();
                let last =
                    message.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
                self.error(node.span.clone(), format!("not a regular expression: {last}"));
            }
        }
    }

    fn word(&mut self, node: &Node, text: &str, words: &[&'static str], name: &str) {
        if words.contains(&text) {
            return;
        }
        let other = OTHER_WORDS.iter().find(|(word, own)| *word == text && words.contains(own)).map(|w| w.1);
        let hint = other.or_else(|| nearest(text, words.iter().copied())).map_or_else(
            || format!("it may be {}", list(words.iter().copied())),
            |near| format!("did you mean {near}?"),
        );
        self.error(node.span.clone(), format!("{name} is never \"{text}\"; {hint}"));
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

fn list<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.collect::<Vec<_>>().join(", ")
}

/// The word that is nearest to `text`, if one is near: at most a third of its letters differ.
pub(super) fn nearest<'a>(text: &str, words: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let distance = |word: &str| -> usize {
        let (a, b): (Vec<char>, Vec<char>) = (text.chars().collect(), word.chars().collect());
        crate::similarity::distance(&a, &b)
    };
    let (distance, word) = words.map(|w| (distance(w), w)).min()?;
    (distance * 3 <= word.chars().count().max(text.chars().count())).then_some(word)
}
