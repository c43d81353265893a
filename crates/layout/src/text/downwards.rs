//! Text that runs downwards on the page, and that a dump has one letter a line.

use crate::{Document, Error, ErrorKind, Line};

/// The fewest letters that are a word.
const LEAST: usize = 3;
/// As many lines of single letters are no accident.
const MANY: usize = 20;

/// Letters that stand alone in a column of their own, each the unit of a number.
const UNITS: &str = "人名床件回年月日時分秒歳所院円点校社台本冊個組区市町村県郡圏棟室戸頭匹枚度倍割";

/// Joins the letters of words that run downwards: single letters on lines that follow each other, all of them with
/// a blank line between or none. `lines` come with whether a blank line stands before them.
///
/// What may be a column of units or marks stays as it is: where a letter follows itself, or where most of them are
/// units. A number is never part of such a word.
pub(super) fn join(lines: Vec<(Line, bool)>) -> Vec<(Line, bool)> {
    let mut joined: Vec<(Line, bool)> = Vec::with_capacity(lines.len());
    let mut rest = lines.into_iter().peekable();
    let mut run: Vec<(Line, bool)> = Vec::new();
    while let Some(line) = rest.next() {
        if !run.is_empty() && !goes_on(&run, &line) {
            end(&mut run, &mut joined);
        }
        let is_unit =
            || UNITS.contains(line.0.text.as_str()) && joined.last().is_some_and(|(l, _)| ends_in_digit(l));
        let opens = is_letter(&line.0) && !is_unit();
        if opens || !run.is_empty() {
            run.push(line);
            if rest.peek().is_none() {
                end(&mut run, &mut joined);
            }
        } else {
            end(&mut run, &mut joined);
            joined.push(line);
        }
    }
    joined
}

/// Refuses a dump that is mostly single letters all the same: vertical text that is cut across, whose order nothing
/// tells.
pub(super) fn check(document: &Document) -> Result<(), Error> {
    let lines = || document.pages.iter().flat_map(|p| &p.lines);
    let cut = lines().filter(|line| line.text.split_whitespace().all(is_one_letter)).count();
    let all = lines().count();
    if cut < MANY || 2 * cut <= all {
        return Ok(());
    }
    let detail = format!("{cut} of {all} lines are single letters: text that runs downwards, cut across");
    Err(Error::new(ErrorKind::Undecodable, detail))
}

fn ends_in_digit(line: &Line) -> bool {
    line.text.ends_with(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c))
}

fn goes_on(run: &[(Line, bool)], line: &(Line, bool)) -> bool {
    let same_step = run.len() < 2 || run[1].1 == line.1;
    same_step && (is_letter(&line.0) || is_bracket(&line.0))
}

fn end(run: &mut Vec<(Line, bool)>, joined: &mut Vec<(Line, bool)>) {
    // What may stand between letters ends no word.
    let count = run.iter().rposition(|(line, _)| is_letter(line)).map_or(0, |last| last + 1);
    let rest = run.split_off(count);
    if is_word(run) {
        let before = run[0].1;
        joined.push((word(run), before));
        run.clear();
    } else {
        joined.append(run);
    }
    joined.extend(rest);
}

fn is_word(run: &[(Line, bool)]) -> bool {
    let letters: Vec<&str> = run.iter().filter(|(l, _)| is_letter(l)).map(|(l, _)| l.text.as_str()).collect();
    let units = letters.iter().filter(|letter| UNITS.contains(**letter)).count();
    let repeated = run.windows(2).any(|w| w[0].0.text == w[1].0.text);
    letters.len() >= LEAST && 2 * units < letters.len() && !repeated
}

fn word(run: &[(Line, bool)]) -> Line {
    let mut word = Line { vertical: true, ..Line::default() };
    for (line, _) in run {
        let offset = word.text.len() as u32;
        word.text.push_str(&line.text);
        word.glyphs.extend(&line.glyphs);
        word.starts.extend(line.starts.iter().map(|start| start + offset));
    }
    word
}

fn is_letter(line: &Line) -> bool {
    is_one_letter(&line.text)
}

/// Kana, an ideograph, or the long vowel mark.
fn is_one_letter(text: &str) -> bool {
    let mut chars = text.chars();
    let letter = chars.next().is_some_and(|c| c as u32 >= 0x2e80 && c.is_alphabetic() || c == 'ー');
    letter && chars.next().is_none()
}

fn is_bracket(line: &Line) -> bool {
    matches!(line.text.as_str(), "（" | "）" | "(" | ")" | "「" | "」" | "・" | "︵" | "︶" | "︱")
}
