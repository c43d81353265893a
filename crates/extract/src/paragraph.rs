//! Lines to paragraphs: which line end is a wrap, and which one the writer meant.

use std::ops::Range;

use crate::stream::Stream;

/// Characters that open an entry of a list when they begin a line.
const BULLETS: &str = "・･•●○◎■□◆◇▲△▼▽※★☆→⇒➢✓【＜<〔";

/// Groups `parts` (each within one line, in reading order) into paragraphs.
///
/// A line goes on in the next one when the next one's first word would not have fitted into it any more;
/// it does not when the next one opens with a bullet or an enumerator, or stands in another block.
pub(crate) fn paragraphs(stream: &Stream<'_>, parts: &[Range<u32>]) -> Vec<Vec<Range<u32>>> {
    let measured: Vec<Measured> = parts.iter().map(|p| Measured::new(stream, p)).collect();
    let mut out: Vec<Vec<Range<u32>>> = Vec::new();
    for (i, part) in parts.iter().enumerate() {
        let wraps = i > 0 && {
            let (before, line) = (&measured[i - 1], &measured[i]);
            let right = measured
                .iter()
                .filter(|m| m.home == before.home)
                .map(|m| m.x1)
                .fold(f32::MIN, f32::max);
            let same_row = before.row == line.row;
            same_row
                || before.home == line.home
                    && !opens_entry(stream, part)
                    && before.x1 + line.first_word > right - before.slack
        };
        match out.last_mut() {
            Some(last) if wraps => last.push(part.clone()),
            _ => out.push(vec![part.clone()]),
        }
    }
    out
}

/// What a line's shape says, in points for a PDF and in columns (a full-width character is 2) for a dump.
struct Measured {
    /// The block and cell.
    home: (u32, Option<(u32, u32)>),
    /// The line.
    row: u32,
    /// Right edge.
    x1: f32,
    /// Width of the first word: what would have had to fit into the line before.
    first_word: f32,
    /// How far a full line may fall short of the right edge: lines are not always justified, and a dump
    /// counts columns where the page had points.
    slack: f32,
}

impl Measured {
    fn new(stream: &Stream<'_>, part: &Range<u32>) -> Self {
        let row = stream.atoms[part.start as usize].line;
        let line = &stream.lines[row as usize];
        let home = (line.block, line.cell);
        let printed = stream.printed_text(part.clone());
        let word = first_word(printed);
        if let Some(b) = stream.bbox(part.clone()) {
            let page = stream.page(row);
            let em = stream
                .glyphs(part.clone())
                .iter()
                .map(|&g| page.glyphs[g as usize].size)
                .fold(1.0, f32::max);
            return Self { home, row, x1: b.x1, first_word: columns(word) * em / 2.0, slack: em / 2.0 };
        }
        Self { home, row, x1: columns(printed), first_word: columns(word), slack: 2.0 }
    }
}

/// Display width in columns: 1 for ASCII and half-width kana, 2 for everything else.
fn columns(text: &str) -> f32 {
    text.chars().map(|c| if c.is_ascii() || ('\u{ff61}'..='\u{ff9f}').contains(&c) { 1.0 } else { 2.0 }).sum()
}

/// What cannot be broken at the start of a line: opening brackets with the character after them, a run of
/// Latin letters and digits, or one character; and the closing marks that may not begin a line.
fn first_word(text: &str) -> &str {
    let mut chars = text.char_indices().peekable();
    while chars.next_if(|(_, c)| "（(「『【〔［[｛{“".contains(*c)).is_some() {}
    let Some((_, first)) = chars.next() else { return text };
    if first.is_ascii_alphanumeric() {
        while chars.next_if(|(_, c)| c.is_ascii_alphanumeric() || matches!(c, '.' | ',' | '%')).is_some() {}
    }
    while chars.next_if(|(_, c)| "、。，．）)」』】〕］]｝}”・ー".contains(*c)).is_some() {}
    let end = chars.peek().map_or(text.len(), |&(i, _)| i);
    &text[..end]
}

/// True when the part begins with a bullet or an enumerator: ・, ①, (1), （１）, 1., １．, ア , 例）.
pub(crate) fn opens_entry(stream: &Stream<'_>, part: &Range<u32>) -> bool {
    let text = stream.printed_text(part.clone());
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return false };
    if BULLETS.contains(first) || ('①'..='⑳').contains(&first) || ('㋐'..='㋾').contains(&first) {
        return true;
    }
    text.starts_with("例）") || text.starts_with("例)") || enumerator(text).is_some()
}

/// The enumerator that `text` begins with: digits or a kana letter with `.` or `)` behind, or in brackets.
pub(crate) fn enumerator(text: &str) -> Option<&str> {
    let mut chars = text.char_indices().peekable();
    let bracket = chars.next_if(|(_, c)| matches!(c, '(' | '（')).is_some();
    let mut count = 0;
    while chars.next_if(|(_, c)| c.is_numeric() && !('①'..='⑳').contains(c)).is_some() {
        count += 1;
    }
    let letter =
        count == 0 && chars.next_if(|(_, c)| ('ア'..='ン').contains(c) || c.is_ascii_lowercase()).is_some();
    if count == 0 && !letter || count > 2 {
        return None;
    }
    let (at, close) = chars.next()?;
    let closes = match close {
        ')' | '）' => true,
        '.' | '．' => !bracket && chars.peek().is_none_or(|(_, c)| !c.is_ascii_digit()),
        ' ' | '\u{3000}' => !bracket,
        _ => false,
    };
    closes.then(|| &text[..at + close.len_utf8()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enumerators() {
        for text in ["(1) 退院支援", "（２）人材", "1. x", "１．強み", "ア 対象者", "2)"] {
            assert!(enumerator(text).is_some(), "{text}");
        }
        for text in ["1.5倍", "平成18年度", "35", "アウトリーチ", "100人", "（個別支援"] {
            assert_eq!(enumerator(text), None, "{text}");
        }
    }

    #[test]
    fn first_words() {
        assert_eq!(first_word("（R1年度当初）"), "（R1");
        assert_eq!(first_word("関係機関"), "関");
        assert_eq!(first_word("365日"), "365");
        assert_eq!(first_word("る」こと"), "る」");
    }
}
