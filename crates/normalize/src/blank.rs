//! What stands where a value should: marks for none, and template text that nobody filled in.

use crate::affix;
use crate::fold::fold_with;
use crate::reader::Reader;
use crate::{characters, units, year};

/// Words that say that there is no value.
const WORDS: &[&str] = &[
    "該当なし",
    "該当無し",
    "該当なし。",
    "なし",
    "無し",
    "無",
    "特になし",
    "特に無し",
    "空欄",
    "未定",
    "集計中",
    "未集計",
    "不明",
    "非公表",
    "未設定",
    "未把握",
    "未実施",
    "算出不可",
    "対象外",
    "データなし",
    "実績なし",
    "設定なし",
    "N/A",
    "n/a",
    "NA",
    "n.a.",
    "-",
];

/// Whether a whole text - a cell - says that there is no value: ―, －, …, 該当なし.
///
/// ```
/// use chohyo_normalize::is_null_mark;
///
/// assert!(is_null_mark("―"));
/// assert!(is_null_mark(" － "));
/// assert!(is_null_mark("該当なし"));
/// assert!(!is_null_mark("0"));
/// assert!(!is_null_mark(""));
/// ```
pub fn is_null_mark(text: &str) -> bool {
    let folded = fold_with(text, false);
    let inner = affix::unbracketed(folded.text());
    let lacks = || {
        let at = inner.strip_suffix("なし").or_else(|| inner.strip_suffix("無し"))?.len();
        lacking(Reader::new(inner), at).filter(|&(start, _)| start == 0)
    };
    WORDS.contains(&inner) || is_mark(inner) || lacks().is_some()
}

/// A mark of dashes, dots, asterisks or a lone cross or slash. `text` is folded.
fn is_mark(text: &str) -> bool {
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return false };
    let count = 1 + chars.clone().count();
    if count > 8 || !chars.all(|c| c == first) {
        return false;
    }
    match first {
        '-' | '―' | 'ー' | '─' | '━' | '…' | '‥' | '*' | '～' => true,
        '・' | '.' => count >= 2,
        'x' | 'X' | '/' | '\\' | 'χ' | '×' | '※' => count == 1,
        _ => false,
    }
}

/// 記載なし, 設定無し: a word in a cell or brackets of its own that ends in the なし at `at`. Where it begins and ends.
pub(crate) fn lacking(reader: Reader<'_>, at: usize) -> Option<(usize, usize)> {
    let end = reader.eat_any(at, &["なし", "無し"])?;
    if !reader.at(end).is_none_or(|c| c.is_whitespace() || ")」]、。,".contains(c)) {
        return None;
    }
    let mut start = at;
    for _ in 0..6 {
        match reader.before(start) {
            Some(c) if characters::is_han(c) || characters::is_katakana(c) => start -= c.len_utf8(),
            _ => break,
        }
    }
    reader.before(start).is_none_or(|c| c.is_whitespace() || "(:「[、,|".contains(c)).then_some((start, end))
}

/// The end of a null mark that stands at `at` in running text, parted from what is around it.
pub(crate) fn null_mark(reader: Reader<'_>, at: usize) -> Option<usize> {
    let first = reader.at(at)?;
    let starts = reader.before(at).is_none_or(|c| c.is_whitespace() || "(:「[、,|".contains(c));
    if !starts {
        return None;
    }
    // A cell is short; of a long text this would be trimmed for every mark in it.
    let whole = if reader.text.len() <= 64 { reader.text.trim() } else { "" };
    if matches!(first, '-' | '―' | 'ー' | '…' | '‥' | '─') {
        return dashes(reader, at, first);
    }
    if matches!(first, '*' | '.' | '・' | 'x' | 'X' | '/' | '\\' | '━' | '×' | '～' | '※') {
        let alone = whole.len() <= 24 && is_mark(whole) && reader.text[..at].trim().is_empty();
        return alone.then(|| at + whole.len());
    }
    let end = WORDS.iter().filter_map(|word| reader.eat(at, word)).max()?;
    let ends = reader.at(end).is_none_or(|c| c.is_whitespace() || ")」]、。,".contains(c));
    // 無 and the like are words of their own only as a cell.
    let short = end - at <= '無'.len_utf8();
    (ends && (!short || whole.len() == end - at)).then_some(end)
}

fn dashes(reader: Reader<'_>, at: usize, first: char) -> Option<usize> {
    let mut end = at;
    while reader.at(end) == Some(first) && end < at + 24 {
        end += first.len_utf8();
    }
    let next = reader.at(end);
    if !next.is_none_or(|c| c.is_whitespace() || ")(」]、。,|%".contains(c)) {
        return None;
    }
    // A dash before text on its line is a bullet or part of a title, unless it stands among values.
    let value = |c: char| c.is_ascii_digit() || "-―…%)".contains(c);
    let gap = [' ', '\t'];
    let after = reader.text[end..].trim_start_matches(gap).chars().next().filter(|&c| c != '\n');
    let before = reader.text[..at].trim_end_matches(gap).chars().next_back().filter(|&c| c != '\n');
    let cell = after.is_none()
        || matches!(next, Some('(' | '%'))
        || after.is_some_and(value)
        || before.is_some_and(value);
    cell.then_some(end)
}

const SHAPES: [char; 15] = ['○', '●', '◯', '〇', '□', '■', '△', '▲', '×', '◇', '◆', '◎', '＊', '☆', '_'];

/// Whether a whole text is template text that nobody filled in: R●年●月, □□□, ○○.
///
/// ```
/// use chohyo_normalize::is_placeholder;
///
/// assert!(is_placeholder("R●年●月時点"));
/// assert!(is_placeholder("令和○年○月"));
/// assert!(is_placeholder("□□□□"));
/// assert!(is_placeholder("○○人"));
/// assert!(!is_placeholder("○"));
/// assert!(!is_placeholder("R2年4月"));
/// ```
pub fn is_placeholder(text: &str) -> bool {
    let folded = fold_with(text, false);
    let inner = affix::unbracketed(folded.text());
    placeholder(Reader::new(inner), 0).is_some_and(|end| affix::is_tail(&inner[end..]))
}

/// The end of a placeholder at `at`.
pub(crate) fn placeholder(reader: Reader<'_>, at: usize) -> Option<usize> {
    if let Some((_, _, after)) = year::era(reader, at) {
        let (_, end) = blank(reader, after, true)?;
        return match reader.eat_after_gap(end, "年") {
            Some(end) => Some(rest_of_date(reader, reader.eat(end, "度").unwrap_or(end))),
            None => delimited(reader, end),
        };
    }
    if let Some(end) = reader.eat(at, "年") {
        // 「年　　月　　日」 to write on.
        let date = rest_of_date(reader, end);
        return (date > end && !reader.before(at).is_some_and(char::is_alphanumeric)).then_some(date);
    }
    let digits = reader.text.as_bytes()[at..].iter().take(3).take_while(|byte| byte.is_ascii_digit()).count();
    if digits == 2 {
        // 20XX年
        let (_, end) = blank(reader, at + 2, true).filter(|&(_, end)| reader.before(end) != Some(' '))?;
        let end = reader.eat(end, "年")?;
        return Some(rest_of_date(reader, reader.eat(end, "度").unwrap_or(end)));
    }
    let letters = matches!(reader.at(at), Some('X' | 'x'));
    let (shapes, end) = blank(reader, at, letters)?;
    if let Some(end) = reader.eat_any(end, &["年度", "年", "月", "日"]) {
        return Some(rest_of_date(reader, end));
    }
    if letters {
        return None;
    }
    match reader.at(end).and_then(|first| units::eat_counter(reader, end, first)) {
        // 〇人 is none at all, and not a blank.
        Some(unit) if shapes >= 2 || reader.at(at) != Some('〇') && units::ends_cleanly(reader, unit) => {
            Some(unit)
        }
        _ if shapes >= 2 => Some(end),
        _ => None,
    }
}

/// The blank months and days behind a blank year.
fn rest_of_date(reader: Reader<'_>, at: usize) -> usize {
    let mut end = at;
    while let Some((_, next)) = blank(reader, end, true)
        && let Some(next) = reader.eat_any(reader.gap(next), &["月", "日", "時", "分"])
    {
        end = next;
    }
    end
}

/// R○.○.○
fn delimited(reader: Reader<'_>, at: usize) -> Option<usize> {
    let mut end = at;
    while let Some(next) = reader.eat_any(end, &[".", "/"])
        && let Some((_, next)) = blank(reader, next, true).filter(|&(_, end)| reader.before(end) != Some(' '))
    {
        end = next;
    }
    (end > at).then_some(end)
}

/// A run of one shape, or of gaps and X where a number is `expected`: how many, and the end.
fn blank(reader: Reader<'_>, at: usize, expected: bool) -> Option<(usize, usize)> {
    let first = reader.at(at)?;
    let x = expected && matches!(first, 'X' | 'x' | '*' | '?');
    let mut end = at;
    let mut count = 0;
    if SHAPES.contains(&first) || x {
        while reader.at(end) == Some(first) {
            end += first.len_utf8();
            count += 1;
        }
        return Some((count, end));
    }
    if expected && first == ' ' {
        let spaces = reader.text.as_bytes()[at..].iter().take(12).take_while(|&&byte| byte == b' ').count();
        let unit = reader.eat_any(at + spaces, &["年", "月", "日"]).is_some();
        return unit.then_some((spaces, at + spaces));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bullets_are_not_null_marks() {
        let mark = |text: &str, at| null_mark(Reader::new(text), at);
        assert_eq!(mark("- 項目", 0), None);
        assert_eq!(mark("― 3,794", 0), Some(3));
        assert_eq!(mark("件数 ―", 7), Some(10));
        assert_eq!(mark("ピアサポーター", 9), None);
    }

    #[test]
    fn blanks_to_fill_in() {
        for text in ["令和　　年　　月　　日", "令和ＸＸ年度", "●●人", "R●年●月", "○年○月○日", "〇〇〇"]
        {
            assert!(is_placeholder(text), "{text}");
        }
        for text in ["令和 2 年", "〇", "二〇〇", "○ 実施", "X"] {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
