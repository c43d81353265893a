//! Numbers that name and do not count: ordinals, the heads of items, document numbers, codes.

use rust_decimal::Decimal;

use crate::reader::Reader;
use crate::{characters, quantity, units};

/// 第1回, 第84号, 3回目.
pub(crate) struct Label {
    pub(crate) value: Decimal,
    pub(crate) high: Option<Decimal>,
    /// The unit's place.
    pub(crate) unit: Option<(usize, usize)>,
    pub(crate) identifier: bool,
    pub(crate) end: usize,
}

/// The parts of laws and of documents.
const ARTICLES: &[&str] = &["号", "条", "項", "款", "目", "編", "章", "節", "巻"];

/// The rest of 第19条の2第1項第3号.
fn article(reader: Reader<'_>, at: usize) -> usize {
    let mut end = at;
    loop {
        let branch = reader.eat(end, "の").and_then(|next| reader.integer(next)).map(|number| number.end);
        let part = reader
            .eat(end, "第")
            .and_then(|next| reader.integer(next))
            .and_then(|number| reader.eat_any(number.end, ARTICLES));
        match branch.or(part) {
            Some(next) => end = next,
            None => return end,
        }
    }
}

/// What 第 begins.
pub(crate) fn ordinal(reader: Reader<'_>, at: usize) -> Option<Label> {
    let start = reader.space(reader.eat(at, "第")?);
    let number = quantity::read(reader, start)?;
    let mut end = number.end;
    let mut high = None;
    if let Some(next) = reader.eat_any(end, &["～", "-"]).map(|next| reader.eat(next, "第").unwrap_or(next))
        && let Some(other) = quantity::read(reader, next)
    {
        high = Some(other.value);
        end = other.end;
    }
    let unit_at = reader.space(end);
    if let Some(end) = reader.eat_any(unit_at, ARTICLES) {
        let unit = Some((unit_at, end));
        return Some(Label { value: number.value, high, unit, identifier: true, end: article(reader, end) });
    }
    let unit = reader.at(unit_at).and_then(|first| {
        units::eat_counter(reader, unit_at, first)
            .or_else(|| reader.eat_any(unit_at, &["期", "次", "弾", "者"]))
    });
    match unit {
        // 第三者 is a word.
        Some(end) if reader.text[unit_at..end] == *"者" => None,
        Some(end) => {
            let last = reader.eat(end, "目").unwrap_or(end);
            Some(Label {
                value: number.value,
                high,
                unit: Some((unit_at, end)),
                identifier: false,
                end: last,
            })
        }
        None if number.kanji => None,
        None => Some(Label { value: number.value, high, unit: None, identifier: true, end }),
    }
}

/// The 目 that makes an ordinal of a count whose unit ends at `at`.
pub(crate) fn nth(reader: Reader<'_>, at: usize) -> Option<usize> {
    let end = reader.eat(at, "目")?;
    (!reader.at(end).is_some_and(|c| "的標指次安".contains(c))).then_some(end)
}

/// ①, ⑴, ⒈, (1), 1), １．, or a number that heads a line.
pub(crate) fn enumerator(reader: Reader<'_>, at: usize) -> Option<usize> {
    let first = reader.at(at)?;
    if matches!(first, '\u{2460}'..='\u{24FF}' | '\u{2776}'..='\u{2793}' | '\u{3220}'..='\u{3229}' | '\u{3251}'..='\u{325F}' | '\u{3280}'..='\u{3289}' | '\u{32B1}'..='\u{32BF}')
    {
        return Some(at + first.len_utf8());
    }
    let digits = |from: usize| {
        let count =
            reader.text.as_bytes()[from..].iter().take(3).take_while(|byte| byte.is_ascii_digit()).count();
        (1..=2).contains(&count).then_some(from + count)
    };
    if first == '(' {
        let end = reader.eat(digits(at + 1)?, ")")?;
        // 35 (17): a number in brackets behind another one.
        let value =
            reader.text[..at].trim_end_matches(' ').ends_with(|c: char| c.is_ascii_digit() || c == '%');
        return (!value).then_some(end);
    }
    if !line_begins(reader, at) {
        return None;
    }
    let end = digits(at)?;
    if let Some(close) = reader.eat_any(end, &[".", ")", "、"]) {
        // 59. at the end of a line is a broken number.
        return reader.at(close).filter(|&c| !c.is_ascii_digit() && c != '\n').map(|_| close);
    }
    // 「２ 取組の経緯」: a heading. A count would have its unit there, a cell's neighbour a number.
    let text = reader.eat(end, " ").filter(|_| end == at + 1)?;
    let line = reader.text[text..].split('\n').next().unwrap_or("");
    let heading = line.chars().take(4).filter(|&c| characters::is_han(c) || c.is_alphabetic()).count() == 4;
    let unit = units::eat(reader, text).is_some_and(|end| units::ends_cleanly(reader, end));
    (heading && !unit && !line.chars().take(40).any(|c| c.is_ascii_digit())).then_some(end)
}

fn line_begins(reader: Reader<'_>, at: usize) -> bool {
    let mut before = at;
    for _ in 0..8 {
        match reader.before(before) {
            None | Some('\n' | '\x0C') => return true,
            Some(' ' | '\t') => before -= 1,
            Some(_) => return false,
        }
    }
    false
}

/// The end of a code that begins with the digits at `at`: 060-8611, 1-2-3, 0327第16号.
pub(crate) fn code(reader: Reader<'_>, at: usize) -> Option<usize> {
    let bytes = reader.text.as_bytes();
    let run = |from: usize| from + bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut end = run(at);
    if end == at {
        return None;
    }
    if let Some(label) =
        reader.eat(end, "第").and_then(|_| ordinal(reader, end)).filter(|label| label.identifier)
    {
        return Some(label.end);
    }
    let mut parts = 1;
    while bytes.get(end) == Some(&b'-') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
        end = run(end + 1);
        parts += 1;
    }
    if parts == 1 {
        return None;
    }
    // 5-10%, 1-3人 count.
    let counted = parts == 2
        && (reader.eat_any(end, &["%", ".", ","]).is_some()
            || units::eat(reader, end).is_some()
            || quantity::is_scale_at(reader, end));
    (!counted).then_some(end)
}

/// The end of a word of Latin letters and what is joined to it: A4, COVID-19, https://….
pub(crate) fn word(reader: Reader<'_>, at: usize) -> usize {
    let bytes = reader.text.as_bytes();
    let address = reader.eat_any(at, &["http://", "https://", "www."]).is_some();
    let mut end = at;
    while let Some(&byte) = bytes.get(end) {
        let joined = byte.is_ascii_alphanumeric()
            || byte == b'_'
            || address && byte.is_ascii_graphic()
            || matches!(byte, b'-' | b'.' | b'@' | b'&' | b'\'')
                && bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric);
        if !joined {
            break;
        }
        end += 1;
    }
    end.max(at + 1)
}
