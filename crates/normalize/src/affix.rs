//! The words around a date that say how it is meant: 時点, 以降, 頃, and the brackets of a label.

use crate::flags::{Flag, Flags};

/// Words that may follow a date; longer ones first where one begins another.
const TAILS: &[(&str, Option<Flag>)] = &[
    ("時点", None),
    ("現在", None),
    ("末現在", None),
    ("付け", None),
    ("付", None),
    ("以降", Some(Flag::After)),
    ("以後", Some(Flag::After)),
    ("以来", Some(Flag::After)),
    ("以前", Some(Flag::Before)),
    ("まで", None),
    ("迄", None),
    ("から", None),
    ("より", None),
    ("前後", Some(Flag::Approx)),
    ("頃", Some(Flag::Approx)),
    ("ころ", Some(Flag::Approx)),
    ("ごろ", Some(Flag::Approx)),
    ("中", None),
    ("分", None),
    ("実績", None),
    ("の", None),
    ("に", None),
];

const OPEN: [char; 8] = ['(', '[', '〔', '【', '<', '〈', '「', '『'];
const CLOSE: [char; 8] = [')', ']', '〕', '】', '>', '〉', '」', '』'];

/// The text without the white space and brackets around it.
pub(crate) fn unbracketed(text: &str) -> &str {
    let mut text = text.trim();
    // More than two pairs is not a label.
    for _ in 0..2 {
        let Some(inner) = text.strip_prefix(OPEN).and_then(|inner| inner.strip_suffix(CLOSE)) else { break };
        text = inner.trim();
    }
    text
}

fn split(text: &str) -> Option<(&'static (&'static str, Option<Flag>), &str)> {
    TAILS.iter().find_map(|tail| text.strip_prefix(tail.0).map(|rest| (tail, rest)))
}

/// Whether nothing but such words follow.
pub(crate) fn is_tail(text: &str) -> bool {
    let mut rest = text.trim();
    while let Some((_, next)) = split(rest) {
        rest = next.trim_start();
    }
    rest.is_empty()
}

/// The flags of the words that `text` begins with.
pub(crate) fn flags(text: &str) -> Flags {
    split(text).and_then(|(tail, _)| tail.1).into_iter().collect()
}
