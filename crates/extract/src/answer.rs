//! Answers to a form's questions: ticked boxes, circles and crosses, names of municipalities.

use std::collections::BTreeMap;

use crate::form::{Alias, ColumnKind};
use crate::municipality;
use crate::sheet::{Cell, Status};
use crate::spelling::canonical;

/// Marks of what is chosen, whatever else is printed.
const TICKED: &str = "■☑☒✓✔●◉";
/// Marks of what is not chosen.
const EMPTY: &str = "□☐";
/// A circle: of what is chosen, unless [`TICKED`] stand beside it.
const CIRCLE: &str = "○◯〇◎";

const YES: &[&str] = &[
    "○", "◯", "〇", "◎", "●", "✓", "✔", "☑", "■", "レ", "有", "有り", "あり", "はい", "該当", "可", "実施",
    "済",
];
const NO: &[&str] = &[
    "×",
    "x",
    "X",
    "✕",
    "✖",
    "☓",
    "□",
    "☐",
    "無",
    "無し",
    "なし",
    "いいえ",
    "非該当",
    "否",
    "未実施",
    "未",
    "不可",
];

/// Fills in what a cell of this type says, from its text.
///
/// `prefecture` is the one that the sheet's publisher lies in; it parts municipalities of one name.
pub(crate) fn complete(
    cell: &mut Cell,
    kind: ColumnKind,
    choices: &BTreeMap<String, Vec<Alias>>,
    prefecture: Option<&str>,
) {
    match kind {
        ColumnKind::Choice => choice(cell, choices),
        ColumnKind::Flag => flag(cell),
        ColumnKind::Municipality => {
            if cell.text.is_empty() {
                cell.status = Some(Status::Blank);
                return;
            }
            let text: String = canonical(&cell.text).into_iter().collect();
            cell.municipality = municipality::told(&text, |p| prefecture == Some(p));
            // 県計 is none of them, and says what it says.
            let several = cell.municipality.is_none() && municipality::of_name(&text).len() > 1;
            cell.status = Some(if several { Status::Ambiguous } else { Status::Read });
        }
        _ => {}
    }
}

fn flag(cell: &mut Cell) {
    let text: String = canonical(&cell.text).into_iter().collect();
    let said = |words: &[&str]| words.iter().any(|w| canonical(w).iter().copied().eq(text.chars()));
    cell.flag = if said(YES) {
        Some(true)
    } else if said(NO) {
        Some(false)
    } else {
        None
    };
    cell.status = Some(if text.is_empty() {
        Status::Blank
    } else if cell.flag.is_none() && chohyo_normalize::is_null_mark(&text) {
        Status::NullMark
    } else {
        // Words in place of a mark: the text says what there is to say.
        Status::Read
    });
}

fn choice(cell: &mut Cell, choices: &BTreeMap<String, Vec<Alias>>) {
    let text = canonical(&cell.text);
    if text.is_empty() {
        cell.status = Some(Status::Blank);
        return;
    }
    let (chosen, status) = chosen(&text, choices);
    cell.choice = chosen;
    cell.status = Some(status);
}

/// What is chosen in a text, by key.
fn chosen(text: &[char], choices: &BTreeMap<String, Vec<Alias>>) -> (Vec<String>, Status) {
    let plain = plain(text);
    // What looks like an enumerator may be a part of it: 65歳以上.
    for text in [text, plain] {
        let mut whole =
            choices.iter().filter(|(_, labels)| labels.iter().any(|l| text == l.canonical.as_slice()));
        if let (Some((key, _)), None) = (whole.next(), whole.next()) {
            return (vec![key.clone()], Status::Read);
        }
    }
    let options = options(text, choices);
    let ticked = |marks: &str| -> Vec<String> {
        let with = options.iter().filter(|(_, mark)| mark.is_some_and(|m| marks.contains(m)));
        let mut keys: Vec<String> = with.map(|(key, _)| (*key).to_owned()).collect();
        keys.dedup();
        keys
    };
    let any = |marks: &str| options.iter().any(|(_, mark)| mark.is_some_and(|m| marks.contains(m)));
    if any(TICKED) {
        return (ticked(TICKED), Status::Read);
    }
    let circled = ticked(CIRCLE);
    if !circled.is_empty() && (circled.len() < options.len() || options.len() == 1) {
        return (circled, Status::Read);
    }
    // Every box is empty; where some are not in the text at all, or lost theirs, one of them may be ticked.
    let unmarked = options.iter().any(|(_, mark)| mark.is_none());
    if any(EMPTY) && !unmarked && choices.keys().all(|key| options.iter().any(|(k, _)| k == key)) {
        return (Vec::new(), Status::Blank);
    }
    if chohyo_normalize::is_null_mark(&text.iter().collect::<String>()) {
        return (Vec::new(), Status::NullMark);
    }
    // An answer that the form does not know says what it says. Of several without a mark one may have a ring drawn
    // around it, which is no character.
    (Vec::new(), if options.is_empty() { Status::Read } else { Status::Ambiguous })
}

/// The options that stand in a text, each with the mark before it.
fn options<'a>(text: &[char], choices: &'a BTreeMap<String, Vec<Alias>>) -> Vec<(&'a str, Option<char>)> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let here = choices.iter().flat_map(|(key, labels)| labels.iter().map(move |l| (key, &l.canonical)));
        let longest = here.filter(|(_, l)| text[at..].starts_with(l)).max_by_key(|(_, l)| l.len());
        let Some((key, label)) = longest else {
            at += 1;
            continue;
        };
        let before = text[..at].iter().rev().copied();
        // An enumerator may stand between the mark and its option: ■ 1. 継続.
        let mut before = before.skip_while(|c| c.is_ascii_digit() || matches!(c, '.' | ')' | '(' | ':'));
        let mark = before.next().filter(|c| TICKED.contains(*c) || EMPTY.contains(*c) || CIRCLE.contains(*c));
        out.push((key.as_str(), mark));
        at += label.len();
    }
    out
}

/// A label less the enumerator before it and the brackets behind it: 決算額 of `②決算額（千円）`.
pub(crate) fn plain(text: &[char]) -> &[char] {
    let mut text = text;
    let enumerator =
        |c: char| c.is_ascii_digit() || ('①'..='⑳').contains(&c) || matches!(c, '(' | ')' | '.' | '・' | ':');
    let start = text.iter().position(|&c| !enumerator(c)).unwrap_or(0);
    text = &text[start..];
    while text.last() == Some(&')') {
        match text.iter().rposition(|&c| c == '(') {
            Some(open) if open > 0 => text = &text[..open],
            _ => break,
        }
    }
    while let Some((':' | '※', rest)) = text.split_last() {
        text = rest;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_may_begin_with_a_number() {
        let alias = |s: &str| vec![Alias { canonical: canonical(s), written: s.to_owned() }];
        let choices =
            BTreeMap::from([("older".to_owned(), alias("75歳以上")), ("all".to_owned(), alias("計"))]);
        let older = (vec!["older".to_owned()], Status::Read);
        assert_eq!(chosen(&canonical("７５歳以上"), &choices), older);
    }

    fn read(text: &str) -> (Vec<String>, Status) {
        let alias = |s: &str| Alias { canonical: canonical(s), written: s.to_owned() };
        let choices = BTreeMap::from([
            ("go_on".to_owned(), vec![alias("継続")]),
            ("review".to_owned(), vec![alias("見直し"), alias("見直しのうえ継続")]),
            ("end".to_owned(), vec![alias("廃止")]),
        ]);
        chosen(&canonical(text), &choices)
    }

    #[test]
    fn boxes_circles_and_words() {
        let one = |key: &str| (vec![key.to_owned()], Status::Read);
        assert_eq!(read("■継続　□見直し　□廃止"), one("go_on"));
        assert_eq!(read("☐ 継続 ☐ 見直しのうえ継続 ☑ 廃止"), one("end"));
        assert_eq!(read("○ 継続 ● 見直し ○ 廃止"), one("review"));
        assert_eq!(read("継続 ○見直し 廃止"), one("review"));
        assert_eq!(read("１．継続"), one("go_on"));
        assert_eq!(read("□継続　□見直し　□廃止"), (vec![], Status::Blank));
        // A tick that no font could print.
        assert_eq!(read("□継続　見直し　□廃止"), (vec![], Status::Ambiguous));
        assert_eq!(read("継続・見直し・廃止"), (vec![], Status::Ambiguous));
        assert_eq!(read("■継続　■見直し"), (vec!["go_on".to_owned(), "review".to_owned()], Status::Read));
    }

    #[test]
    fn circles_and_crosses() {
        for (text, flag, status) in [
            ("○", Some(true), Status::Read),
            ("×", Some(false), Status::Read),
            ("有", Some(true), Status::Read),
            ("なし", Some(false), Status::Read),
            ("―", None, Status::NullMark),
            ("", None, Status::Blank),
            ("△", None, Status::Read),
        ] {
            let mut cell = Cell { text: text.to_owned(), ..Cell::default() };
            flag_of(&mut cell);
            assert_eq!((cell.flag, cell.status), (flag, Some(status)), "{text}");
        }
    }

    fn flag_of(cell: &mut Cell) {
        complete(cell, ColumnKind::Flag, &BTreeMap::new(), None);
    }
}
