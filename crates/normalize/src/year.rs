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
    let number = if brief { at } else { reader.gap(at) };
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
        (integer.value, integer.end)
    };
    if n == 0 {
        flags.insert(Flag::InvalidYear);
    }
    let head =
        Head { era: Some(era), year: Some(era.year(n)), short: None, style: Style::Bare, brief, flags, end };
    Some(finish(reader, head))
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

/// 令和2(2020)年, 令和2年(2020年), 2020(令和2)年度.
fn other_in_brackets(reader: Reader<'_>, head: &mut Head) {
    let Some(open) = reader.eat_any(reader.space(head.end), &["(", "<", "〈", "[", "/"]) else { return };
    let slash = reader.text.as_bytes()[open - 1] == b'/';
    let inside = reader.space(reader.eat(open, "西暦").unwrap_or(open));
    let (year, mut end, flags) = match era(reader, inside) {
        Some((era, _, end)) if head.era.is_none() || slash => {
            let end = reader.gap(end);
            match (reader.eat(end, "元"), reader.integer(end)) {
                (Some(end), _) => (era.year(1), end, Flags::NONE.with(Flag::Gannen)),
                (None, Some(n)) if n.value < 100 => (era.year(n.value), n.end, Flags::NONE),
                _ => return,
            }
        }
        Some((era, false, end)) if head.style != Style::Bare || head.era == Some(Era::Heisei) => {
            // 平成31(令和元)年度
            match (reader.eat(end, "元"), reader.integer(end)) {
                (Some(end), _) => (era.year(1), end, Flags::NONE),
                (None, Some(n)) if n.value < 100 => (era.year(n.value), n.end, Flags::NONE),
                _ => return,
            }
        }
        None if head.era.is_some() && !slash => {
            match reader.integer(inside).filter(|n| n.digits == 4 && (1000..3000).contains(&n.value)) {
                Some(integer) => (integer.value, integer.end, Flags::NONE),
                None => return,
            }
        }
        _ => return,
    };
    if let Some(next) = reader.eat_after_gap(end, "年") {
        end = reader.eat(next, "度").unwrap_or(next);
    } else if slash && head.style != Style::Bare {
        return;
    }
    if !slash {
        let Some(close) = reader.eat_any(reader.space(end), &[")", ">", "〉", "]"]) else { return };
        end = close;
    } else if head.style == Style::Bare && Some(year) != head.year {
        return;
    }
    head.flags = head.flags.union(flags);
    head.flags.insert(if Some(year) == head.year { Flag::DualNotation } else { Flag::DualMismatch });
    head.end = end;
}

/// 平成31・令和元年度, 平成31年・令和元年: the year in which the era changed, by both names.
fn other_beside(reader: Reader<'_>, head: &mut Head) {
    let Some(first) = head.era else { return };
    let Some(next) = reader.eat_any(head.end, &["・", "/", "、"]) else { return };
    let Some((second, brief, at)) = era(reader, next) else { return };
    if second == first || brief != head.brief {
        return;
    }
    let (n, end) = match (reader.eat(at, "元"), reader.integer(at)) {
        (Some(end), _) => (1, end),
        (None, Some(integer)) => (integer.value, integer.end),
        _ => return,
    };
    if Some(second.year(n)) != head.year {
        return;
    }
    let mut other = Head { era: Some(second), style: Style::Bare, end, ..*head };
    nen(reader, &mut other);
    if head.style == Style::Bare || other.style == head.style {
        other.flags.insert(Flag::DualNotation);
        *head = other;
    }
}
