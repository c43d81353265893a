//! The lines that `chohyo normalize --jsonl` reads and writes.
//!
//! Offsets are characters (code points), half open, where the rest of this crate counts bytes: the readers of these lines
//! are scripts.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::found::Found;

/// A line of input. Other fields are ignored.
///
/// The id may be of any type: `serde_json`'s `RawValue` takes whatever a line has and gives it back as it was.
///
/// ```
/// use chohyo_normalize::jsonl::{FoldedLine, InputLine};
///
/// let input: InputLine<u64> = serde_json::from_str(r#"{"id": 7, "text": "Ｒ２"}"#).unwrap();
/// assert_eq!(serde_json::to_string(&FoldedLine::new(&input)).unwrap(), r#"{"id":7,"text":"R2"}"#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputLine<Id = String> {
    /// Comes back in the answer.
    pub id: Id,
    /// The text to read.
    pub text: String,
}

/// What was found in one line.
///
/// ```
/// use chohyo_normalize::{Context, jsonl::{FoundLine, InputLine}};
///
/// let input = InputLine { id: "1".to_owned(), text: "人口は1,087,723人".into() };
/// let line = FoundLine::new(&input, &Context::default());
/// assert_eq!(
///     serde_json::to_string(&line).unwrap(),
///     r#"{"id":"1","found":[{"start":3,"end":13,"kind":"number","iso":null,"value":"1087723","unit":"人","flags":[]}]}"#,
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FoundLine<Id = String> {
    /// That of the input.
    pub id: Id,
    /// In order, without overlap.
    pub found: Vec<Item>,
}

/// One find.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Where it begins, in characters.
    pub start: usize,
    /// Where it ends, in characters.
    pub end: usize,
    /// [`Kind::name`](crate::Kind::name).
    pub kind: &'static str,
    /// [`Found::iso`].
    pub iso: Option<String>,
    /// [`Found::value_text`].
    pub value: Option<String>,
    /// The unit in its canonical form.
    pub unit: Option<String>,
    /// The names of the flags.
    pub flags: Vec<&'static str>,
}

impl<Id: Clone> FoundLine<Id> {
    /// Scans one line of input.
    pub fn new(input: &InputLine<Id>, context: &Context) -> FoundLine<Id> {
        let found = crate::scan(&input.text, context);
        FoundLine { id: input.id.clone(), found: items(&input.text, &found) }
    }
}

/// Finds as lines print them: byte spans of `text` become character offsets.
pub fn items(text: &str, found: &[Found]) -> Vec<Item> {
    let (mut byte, mut character) = (0, 0);
    let mut characters = |at: usize| {
        // Finds are in order, so that each stretch is counted once.
        character += text.get(byte..at).map_or(0, |stretch| stretch.chars().count());
        byte = byte.max(at);
        character
    };
    found
        .iter()
        .map(|found| Item {
            start: characters(found.span.start),
            end: characters(found.span.end),
            kind: found.kind.name(),
            iso: found.iso(),
            value: found.value_text(),
            unit: found.unit.clone(),
            flags: found.flags.iter().collect(),
        })
        .collect()
}

/// One readable line: the place, the kind, what it means, its unit, its flags, parted by tabs.
impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let meaning = self.iso.as_ref().or(self.value.as_ref()).map_or("", String::as_str);
        let unit = self.unit.as_deref().unwrap_or_default();
        write!(f, "{}..{}\t{}\t{meaning}\t{unit}\t{}", self.start, self.end, self.kind, self.flags.join(" "))
    }
}

/// A folded line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FoldedLine<Id = String> {
    /// That of the input.
    pub id: Id,
    /// The folded text.
    pub text: String,
}

impl<Id: Clone> FoldedLine<Id> {
    /// Folds one line of input.
    pub fn new(input: &InputLine<Id>) -> FoldedLine<Id> {
        FoldedLine { id: input.id.clone(), text: crate::fold(&input.text).into_string() }
    }
}
