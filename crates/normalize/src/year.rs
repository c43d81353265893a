//! The head of a date: an era or Western year, with or without 年 or 年度.

use crate::era::Era;
use crate::flags::{Flag, Flags};
use crate::reader::{Integer, Reader};

/// How a year ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// 平成30, R2, 2020.
    Bare,
    /// 平成30年.
    Year,
    /// 平成30年度.
    FiscalYear,
}

/// A year as printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) era: Option<Era>,
    /// The Gregorian year; `None` where the era was left out.
    pub(crate) year: Option<i32>,
    /// The number as printed where the era was left out.
    pub(crate) short: Option<i32>,
    pub(crate) style: Style,
    /// The era is one Latin letter or one kanji, which may be something else.
    pub(crate) brief: bool,
    pub(crate) flags: Flags,
    pub(crate) end: usize,
}

/// An era's name or abbreviation at `at`: the era, whether it is brief, the end.
pub(crate) fn era(reader: Reader<'_>, at: usize) -> Option<(Era, bool, usize)> {
    let first = reader.at(at)?;
    if first.is_ascii() {
        let era = Era::from_letter(first)?;
        if reader.before(at).is_some_and(|before| before.is_ascii_alphanumeric() || "_.@".contains(before)) {
            return None;
        }
        let end = reader.eat(at + 1, ".").unwrap_or(at + 1);
        return Some((era, true, end));
    }
    let era = Era::from_abbreviation(first)?;
    let second = at + first.len_utf8();
    let name = &era.name()[first.len_utf8()..];
    match reader.eat(second, name).or_else(|| reader.eat_after_gap(second, name)) {
        Some(end) => Some((era, false, end)),
        None => Some((era, true, second)),
    }
}

/// The year at `at`.
pub(crate) fn head(reader: Reader<'_>, at: usize) -> Option<Head> {
    if let Some(end) = reader.eat(at, "西暦") {
        let integer =
            reader.integer(reader.space(end)).filter(|integer| (1..3000).contains(&integer.value))?;
        let flags = if integer.kanji { Flags::NONE.with(Flag::Kanji) } else { Flags::NONE };
        let year = Some(integer.value);
        let head =
            Head { era: None, year, short: None, style: Style::Bare, brief: false, flags, end: integer.end };
        return Some(finish(reader, head)).filter(|head| head.style != Style::Bare);
    }
    if let Some(end) = reader.eat(at, "FY") {
        let integer =
            reader.integer(reader.space(end)).filter(|integer| !integer.kanji && integer.digits == 4)?;
        let head = Head { style: Style::FiscalYear, ..western_head(integer)? };
        return Some(finish(reader, head));
    }
    match era(reader, at) {
        Some((era, brief, end)) => of_era(reader, era, brief, end),
        None => spaced(reader, at).or_else(|| western(reader, at)),
    }
}

fn of_era(reader: Reader<'_>, era: Era, brief: bool, at: usize) -> Option<Head> {
    let number = reader.gap(at);
    // R 元年: a letter and a gap need the 年. One kanji and a gap are two words.
    let parted = brief && number > at;
    if parted && !reader.before(at)?.is_ascii_alphabetic() {
        return None;
    }
    let mut flags = Flags::NONE;
    let (n, end) = if let Some(end) = reader.eat(number, "元") {
        flags.insert(Flag::Gannen);
        (1, end)
    } else {
        let integer = reader.integer(number).filter(|integer| integer.value < 100)?;
        if brief && integer.kanji {
            return None;
        }
        if integer.kanji {
            flags.insert(Flag::Kanji);
        }
        broken_number(reader, integer).unwrap_or((integer.value, integer.end))
    };
    if n == 0 {
        flags.insert(Flag::InvalidYear);
    }
    let head =
        Head { era: Some(era), year: Some(era.year(n)), short: None, style: Style::Bare, brief, flags, end };
    let head = finish(reader, head);
    (!parted || head.style != Style::Bare).then_some(head)
}

/// A line end between the digits of 平成31年.
fn broken_number(reader: Reader<'_>, first: Integer) -> Option<(i32, usize)> {
    let next = reader.eat(first.end, "\n").filter(|_| first.digits == 1 && !first.kanji)?;
    let second = reader.integer(next).filter(|second| second.digits == 1 && !second.kanji)?;
    reader.eat(second.end, "年")?;
    Some((first.value * 10 + second.value, second.end))
}

fn western_head(integer: Integer) -> Option<Head> {
    let style = Style::Bare;
    let (year, short) = match integer.value {
        1000..=2999 => (Some(integer.value), None),
        1..=64 if integer.digits <= 3 => (None, Some(integer.value)),
        _ => return None,
    };
    let flags = if integer.kanji { Flags::NONE.with(Flag::Kanji) } else { Flags::NONE };
    Some(Head { era: None, year, short, style, brief: false, flags, end: integer.end })
}

fn western(reader: Reader<'_>, at: usize) -> Option<Head> {
    Some(finish(reader, western_head(reader.integer(at)?)?))
}

/// 1 9 2 8 年: four digits with a space between each, and 年.
fn spaced(reader: Reader<'_>, at: usize) -> Option<Head> {
    let bytes = reader.text.as_bytes().get(at..at + 7)?;
    let mut year = 0;
    for (index, &byte) in bytes.iter().enumerate() {
        match (index % 2, byte) {
            (0, b'0'..=b'9') => year = year * 10 + i32::from(byte - b'0'),
            (1, b' ') => {}
            _ => return None,
        }
    }
    let head = western_head(Integer { value: year, digits: 4, kanji: false, end: at + 7 })?;
    Some(finish(reader, head)).filter(|head| head.year.is_some() && head.style != Style::Bare)
}

/// Reads what follows the number: the other notation in brackets, 年, 度.
fn finish(reader: Reader<'_>, mut head: Head) -> Head {
    if head.year.is_some() {
        other_in_brackets(reader, &mut head);
    }
    nen(reader, &mut head);
    if head.year.is_some() {
        if head.style != Style::Bare {
            other_in_brackets(reader, &mut head);
        }
        other_beside(reader, &mut head);
    }
    head
}

fn nen(reader: Reader<'_>, head: &mut Head) {
    let Some(end) = reader.eat_after_gap(head.end, "年") else { return };
    // A number alone on a line is a cell; 年 on the next line belongs to something else.
    if head.era.is_none() && reader.text[head.end..end].contains('\n') {
        return;
    }
    (head.style, head.end) = match reader.eat_after_gap(end, "度") {
        Some(end) => (Style::FiscalYear, end),
        None => (Style::Year, end),
    };
}

/// The year of an era at `at`: the era, whether it is brief, the number, the end.
fn era_year(reader: Reader<'_>, at: usize) -> Option<(Era, bool, i32, usize)> {
    let (era, brief, end) = era(reader, at)?;
    let number = if brief { end } else { reader.gap(end) };
    if let Some(end) = reader.eat(number, "元") {
        return Some((era, brief, 1, end));
    }
    let n = reader.integer(number).filter(|n| (1..100).contains(&n.value))?;
    Some((era, brief, n.value, n.end))
}

/// The year at `at` in another notation than that of `head`: Western beside an era, an era beside a Western year, the
/// next era beside the last.
fn other_notation(reader: Reader<'_>, at: usize, head: &Head) -> Option<(i32, usize)> {
    if let Some((era, brief, n, end)) = era_year(reader, at) {
        let other = head.era.is_none_or(|first| first != era && brief == head.brief);
        return other.then_some((era.year(n), end));
    }
    let integer = reader.integer(reader.space(reader.eat(at, "西暦").unwrap_or(at)))?;
    let western = head.era.is_some() && integer.digits == 4 && (1000..3000).contains(&integer.value);
    western.then_some((integer.value, integer.end))
}

/// 令和2(2020)年, 令和2年(2020年), 2020(令和2)年度, 平成31(令和元)年度.
fn other_in_brackets(reader: Reader<'_>, head: &mut Head) {
    let read = || {
        let open = reader.eat_any(reader.space(head.end), &["(", "<", "〈", "["])?;
        let (year, end) = other_notation(reader, reader.space(open), head)?;
        let end = reader.eat_after_gap(end, "年").map_or(end, |end| reader.eat(end, "度").unwrap_or(end));
        Some((year, reader.eat_any(reader.space(end), &[")", ">", "〉", "]"])?))
    };
    if let Some((year, end)) = read() {
        head.flags.insert(Flag::DualNotation);
        if Some(year) != head.year {
            head.flags.insert(Flag::DualMismatch);
        }
        head.end = end;
    }
}

/// 平成31・令和元年度, H31/R1年度: the same year by two names.
fn other_beside(reader: Reader<'_>, head: &mut Head) {
    let read = || {
        let next = reader.eat_any(reader.space(head.end), &["・", "/", "、"])?;
        let (_, end) =
            other_notation(reader, reader.space(next), head).filter(|(year, _)| Some(*year) == head.year)?;
        let mut other = Head { style: Style::Bare, end, flags: head.flags.with(Flag::DualNotation), ..*head };
        nen(reader, &mut other);
        (head.style == Style::Bare || other.style == head.style).then_some(other)
    };
    if let Some(other) = read() {
        *head = other;
    }
}
