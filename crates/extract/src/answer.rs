//! Answers to a form's questions: ticked boxes, circles and crosses, names of municipalities.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use crate::form::{Alias, ColumnKind};
use crate::municipality;
use crate::sheet::{Cell, Status};
use crate::spelling::canonical;
use crate::stream::Stream;

/// Marks of what is chosen, whatever else is printed.
const TICKED: &str = "■☑☒✓✔●◉";
/// Marks of what is not chosen.
const EMPTY: &str = "□☐";
/// A circle: of what is chosen, unless [`TICKED`] stand beside it.
const CIRCLE: &str = "○◯〇◎";

/// What brackets behind an answer say that is not so yet.
const LATER: &[&str] = &["予定", "検討", "見込"];

/// Answers that are marks, though letters for Unicode.
const MARKS: &[&str] = &["〇", "x", "X", "レ"];

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
/// `prefecture` is the one that the sheet's publisher lies in; it parts municipalities of one name. `printed` is the
/// text with the ends of its lines, where they tell what a mark stands beside: else that of the cell does.
pub(crate) fn complete(
    cell: &mut Cell,
    printed: Option<&str>,
    kind: ColumnKind,
    choices: &BTreeMap<String, Vec<Alias>>,
    prefecture: Option<&str>,
) {
    match kind {
        ColumnKind::Choice => {
            let printed = printed.unwrap_or(&cell.text);
            (cell.choice, cell.status) = choice(printed, choices);
        }
        ColumnKind::Flag => {
            let printed = printed.unwrap_or(&cell.text);
            (cell.flag, cell.status) = flag(printed);
        }
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

/// The text of a cell of several lines, with their ends, where its type has marks.
pub(crate) fn printed(stream: &Stream<'_>, parts: &[Range<u32>], kind: ColumnKind) -> Option<String> {
    let marked = matches!(kind, ColumnKind::Choice | ColumnKind::Flag) && parts.len() > 1;
    marked.then(|| parts.iter().map(|p| stream.printed_text(p.clone())).collect::<Vec<_>>().join("\n"))
}

/// The words and marks of [`YES`] and [`NO`], made ready.
static ANSWERS: LazyLock<[Vec<Vec<char>>; 2]> =
    LazyLock::new(|| [YES, NO].map(|words| words.iter().map(|w| canonical(w)).collect()));

/// Their words, as those of a choice.
static WORDS: LazyLock<BTreeMap<String, Vec<Alias>>> = LazyLock::new(|| {
    let words = |words: &[&str]| -> Vec<Alias> {
        let words = words.iter().filter(|w| w.chars().any(char::is_alphabetic) && !MARKS.contains(w));
        words.map(|w| Alias { canonical: canonical(w), written: (*w).to_owned() }).collect()
    };
    BTreeMap::from([("no".to_owned(), words(NO)), ("yes".to_owned(), words(YES))])
});

fn flag(printed: &str) -> (Option<bool>, Option<Status>) {
    let text = canonical(printed);
    let [yes, no] = &*ANSWERS;
    let told = |text: &[char]| {
        let said = |words: &[Vec<char>]| words.iter().any(|w| w == text);
        if said(yes) { Some(true) } else { said(no).then_some(false) }
    };
    if let Some(flag) = told(&text) {
        return (Some(flag), Some(Status::Read));
    }
    if text.is_empty() {
        return (None, Some(Status::Blank));
    }
    if chohyo_normalize::is_null_mark(&text.iter().collect::<String>()) {
        return (None, Some(Status::NullMark));
    }
    // 有（３回）: what stands in brackets behind the answer says more of it; a plan is none yet.
    let short = plain(&text);
    if let Some(flag) = told(short) {
        let planned = LATER.iter().any(|word| printed.contains(word));
        return if planned { (None, Some(Status::Ambiguous)) } else { (Some(flag), Some(Status::Read)) };
    }
    match chosen(&text, &gaps(printed, &text), &WORDS) {
        (keys, Status::Read) if keys.len() == 1 && is_answer(&text, &WORDS) => {
            (Some(keys[0] == "yes"), Some(Status::Read))
        }
        // Words in place of a mark: the text says what there is to say.
        (keys, Status::Read) if keys.is_empty() => (None, Some(Status::Read)),
        (_, Status::Blank) => (None, Some(Status::Blank)),
        _ => (None, Some(Status::Ambiguous)),
    }
}

/// True for a text of answers and their marks alone.
fn is_answer(text: &[char], choices: &BTreeMap<String, Vec<Alias>>) -> bool {
    let options = options(text, choices);
    let letters = text.iter().filter(|c| c.is_alphanumeric()).count();
    letters == options.iter().map(|o| o.end - o.start).sum::<usize>() + letters_of_marks(text)
}

/// A ring may be a letter for Unicode (〇).
fn letters_of_marks(text: &[char]) -> usize {
    text.iter().filter(|c| c.is_alphanumeric() && is_mark(**c)).count()
}

fn choice(printed: &str, choices: &BTreeMap<String, Vec<Alias>>) -> (Vec<String>, Option<Status>) {
    let text = canonical(printed);
    if text.is_empty() {
        return (Vec::new(), Some(Status::Blank));
    }
    let (chosen, status) = chosen(&text, &gaps(printed, &text), choices);
    (chosen, Some(status))
}

/// Before which characters of the canonical text white space is printed.
fn gaps(printed: &str, text: &[char]) -> Vec<usize> {
    let mut all: Vec<char> = Vec::new();
    let mut gaps = Vec::new();
    for word in printed.split_whitespace() {
        gaps.push(all.len());
        all.extend(canonical(word));
    }
    // A word that white space parts may be spelled in another way than its halves.
    if all == text { gaps } else { Vec::new() }
}

/// What is chosen in a text, by key.
fn chosen(text: &[char], gaps: &[usize], choices: &BTreeMap<String, Vec<Alias>>) -> (Vec<String>, Status) {
    let plain = plain(text);
    // What looks like an enumerator may be a part of it: 65歳以上.
    for text in [text, plain] {
        let mut whole =
            choices.iter().filter(|(_, labels)| labels.iter().any(|l| text == l.canonical.as_slice()));
        if let (Some((key, _)), None) = (whole.next(), whole.next()) {
            return (vec![key.clone()], Status::Read);
        }
    }
    let mut options = options(text, choices);
    let bound = bind(text, gaps, &mut options);
    if bound == Bound::Unclear {
        return (Vec::new(), Status::Ambiguous);
    }
    let ticked = |marks: &str| -> Vec<String> {
        let with = options.iter().filter(|o| o.mark.is_some_and(|m| marks.contains(m)));
        let mut keys: Vec<String> = with.map(|o| o.key.to_owned()).collect();
        keys.dedup();
        keys
    };
    let any = |marks: &str| options.iter().any(|o| o.mark.is_some_and(|m| marks.contains(m)));
    if any(TICKED) {
        return (ticked(TICKED), Status::Read);
    }
    let circled = ticked(CIRCLE);
    if !circled.is_empty() && (circled.len() < options.len() || options.len() == 1) {
        return (circled, Status::Read);
    }
    if bound == Bound::Elsewhere {
        return (Vec::new(), Status::Read);
    }
    // Every box is empty; where some are not in the text at all, or lost theirs, one of them may be ticked.
    let unmarked = options.iter().any(|o| o.mark.is_none());
    if any(EMPTY) && !unmarked && choices.keys().all(|key| options.iter().any(|o| o.key == key)) {
        return (Vec::new(), Status::Blank);
    }
    if chohyo_normalize::is_null_mark(&text.iter().collect::<String>()) {
        return (Vec::new(), Status::NullMark);
    }
    // An answer that the form does not know says what it says. Of several without a mark one may have a ring drawn
    // around it, which is no character.
    (Vec::new(), if options.is_empty() { Status::Read } else { Status::Ambiguous })
}

/// An answer that stands in a text, with its mark.
struct Choosable<'a> {
    key: &'a str,
    start: usize,
    end: usize,
    mark: Option<char>,
}

/// The options that stand in a text, without their marks.
fn options<'a>(text: &[char], choices: &'a BTreeMap<String, Vec<Alias>>) -> Vec<Choosable<'a>> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let here = choices.iter().flat_map(|(key, labels)| labels.iter().map(move |l| (key, &l.canonical)));
        let longest =
            here.filter(|(_, l)| !l.is_empty() && text[at..].starts_with(l)).max_by_key(|(_, l)| l.len());
        let Some((key, label)) = longest else {
            at += 1;
            continue;
        };
        out.push(Choosable { key, start: at, end: at + label.len(), mark: None });
        at += label.len();
    }
    out
}

/// How the marks of a text are tied to its options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bound {
    Clear,
    /// A tick is that of something that is no option.
    Elsewhere,
    /// Nothing tells on which side the option of a mark stands.
    Unclear,
}

/// Gives the options their marks. A mark stands before its option, with an enumerator between them or not (■ 1. 継続);
/// between two options it is that of the one it touches, unless each has one before it.
fn bind(text: &[char], gaps: &[usize], options: &mut [Choosable<'_>]) -> Bound {
    let before = |option: &Choosable<'_>| {
        let number = |c: &&char| c.is_ascii_digit() || matches!(c, '.' | ')' | '(' | ':');
        let at = option.start - text[..option.start].iter().rev().take_while(number).count();
        at.checked_sub(1).filter(|&at| is_mark(text[at]))
    };
    let marks_before: Vec<Option<usize>> = options.iter().map(before).collect();
    let each = !options.is_empty() && marks_before.iter().all(Option::is_some);
    let mut bound = Bound::Clear;
    for (at, &mark) in text.iter().enumerate().filter(|(_, c)| is_mark(**c)) {
        if options.iter().any(|o| o.start <= at && at < o.end) {
            continue;
        }
        let next = marks_before.iter().position(|m| *m == Some(at));
        let last = options.iter().position(|o| o.end == at).filter(|_| !each);
        let (gap, gap_behind) = (gaps.contains(&at), gaps.contains(&(at + 1)));
        let word = text.get(at + 1).is_some_and(|c| c.is_alphanumeric() && !is_mark(*c));
        let to = match (next, last) {
            (Some(next), None) => Some(next),
            (Some(next), Some(_)) if gap && !gap_behind => Some(next),
            (_, Some(last)) if !gap && gap_behind => Some(last),
            (None, Some(last)) if !word => Some(last),
            (Some(_), Some(_)) => return Bound::Unclear,
            (None, _) => None,
        };
        match to {
            Some(option) => options[option].mark = options[option].mark.or(Some(mark)),
            None if TICKED.contains(mark) => bound = Bound::Elsewhere,
            None => {}
        }
    }
    bound
}

fn is_mark(c: char) -> bool {
    TICKED.contains(c) || EMPTY.contains(c) || CIRCLE.contains(c)
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
        assert_eq!(chosen(&canonical("７５歳以上"), &[], &choices), older);
    }

    fn read(text: &str) -> (Vec<String>, Status) {
        let alias = |s: &str| Alias { canonical: canonical(s), written: s.to_owned() };
        let choices = BTreeMap::from([
            ("go_on".to_owned(), vec![alias("継続")]),
            ("review".to_owned(), vec![alias("見直し"), alias("見直しのうえ継続")]),
            ("end".to_owned(), vec![alias("廃止")]),
        ]);
        let (chosen, status) = choice(text, &choices);
        (chosen, status.unwrap())
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
    fn a_mark_is_of_the_option_it_touches() {
        let one = |key: &str| (vec![key.to_owned()], Status::Read);
        let none = (vec![], Status::Ambiguous);
        assert_eq!(read("継続○　見直し　廃止"), one("go_on"));
        assert_eq!(read("継続・○見直し・廃止"), one("review"));
        assert_eq!(read("継続　見直し　廃止 ○"), one("end"));
        // Of which of the two is it?
        assert_eq!(read("継続 ○　廃止"), none);
        assert_eq!(read("継続○廃止"), none);
        assert_eq!(read("継続 ○\n廃止"), none);
        assert_eq!(read("□継続 □見直し □廃止 ■その他"), (vec![], Status::Read));
        assert_eq!(read("継続■　見直し□　廃止□"), one("go_on"));
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
            ("☑有 □無", Some(true), Status::Read),
            ("○有　無", Some(true), Status::Read),
            ("有　○無", Some(false), Status::Read),
            ("有（３回）", Some(true), Status::Read),
            ("□有 □無", None, Status::Blank),
            ("有　無", None, Status::Ambiguous),
            ("有 ○ 無", None, Status::Ambiguous),
            ("有（令和６年度予定）", None, Status::Ambiguous),
            ("一部有", None, Status::Ambiguous),
            ("協議会に委託", None, Status::Read),
        ] {
            let mut cell = Cell { text: text.to_owned(), ..Cell::default() };
            flag_of(&mut cell);
            assert_eq!((cell.flag, cell.status), (flag, Some(status)), "{text}");
        }
    }

    fn flag_of(cell: &mut Cell) {
        complete(cell, None, ColumnKind::Flag, &BTreeMap::new(), None);
    }
}
