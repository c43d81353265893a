//! Lines to paragraphs: which line end is a wrap, and which one the writer meant.

use std::ops::Range;

use chohyo_layout::SourceKind;

use crate::stream::Stream;

/// Characters that open an entry of a list when they begin a line.
const BULLETS: &str = "・･•\u{2027}\u{b7}●○◎■□◆◇▲△▼▽※★☆→⇒➢✓【＜<〔";

/// Groups `parts` (each within one line, in reading order) into paragraphs.
///
/// A line goes on in the next one when the next one's first word would not have fitted into it any more, or
/// when the next one begins with hiragana, as no entry does. It does not when the next one opens with a
/// bullet or an enumerator. In a dump a line may go on behind a blank line; on a page it stays in its box.
pub(crate) fn paragraphs(stream: &Stream<'_>, parts: &[Range<u32>]) -> Vec<Vec<Range<u32>>> {
    if let [part] = parts {
        return vec![vec![part.clone()]];
    }
    let measured: Vec<Measured<'_>> = parts.iter().map(|p| Measured::new(stream, p)).collect();
    let mut out: Vec<Vec<Range<u32>>> = Vec::new();
    for (i, part) in parts.iter().enumerate() {
        let wraps = i > 0 && wraps(stream, &measured, i, part);
        match out.last_mut() {
            Some(last) if wraps => last.push(part.clone()),
            _ => out.push(vec![part.clone()]),
        }
    }
    out
}

/// True when the line before `i` goes on in it.
fn wraps(stream: &Stream<'_>, lines: &[Measured<'_>], i: usize, part: &Range<u32>) -> bool {
    let (before, line) = (&lines[i - 1], &lines[i]);
    if before.row == line.row {
        return true;
    }
    let dump = !stream.has_places;
    let same = before.home == line.home;
    // `平成` / `23 年度には`, where the dump puts white space around its numbers.
    let dated = stream.spaced && ["平成", "令和", "昭和"].iter().any(|era| before.text.ends_with(era));
    if opens_entry(stream, part) && !dated || !(same || dump && before.page == line.page) {
        return false;
    }
    // Behind a blank line only what fills the width of the page goes on.
    let peers = || lines.iter().filter(|m| if same { m.home == before.home } else { m.page == before.page });
    let right = peers().map(|m| m.x1).fold(f32::MIN, f32::max);
    let full = before.x1 + line.first_word >= right - before.slack;
    // No paragraph ends with a comma.
    if same && before.text.ends_with('、') {
        return true;
    }
    let ends = before.text.ends_with(['。', '）', ')', '」', '】', '』']);
    if !same {
        return full && !before.text.ends_with('。');
    }
    // A remark in brackets on a line of its own.
    if line.text.starts_with(['（', '(']) && line.text.ends_with(['）', ')']) {
        return false;
    }
    // Where paragraphs are set apart, what is not is no other paragraph.
    if before.text.ends_with('。')
        && let Some(apart) = set_apart(lines, i)
        && (apart || before.x1 + 4.0 * before.slack >= right)
    {
        return !apart;
    }
    let hiragana = line.text.starts_with(|c: char| ('ぁ'..='ん').contains(&c) || c == 'ー');
    if hiragana && !before.text.ends_with('。') && before.x1 >= 0.6 * right {
        return true;
    }
    // A sentence that ends well inside a ruled cell ends there for its writer, however long its neighbours are.
    if ends && before.inner.is_some_and(|inner| before.x1 + line.first_word < inner - 2.0 * before.slack) {
        return false;
    }
    // So does one that leaves room under or over the longer lines of other texts that begin where it does.
    if before.text.ends_with('。')
        && before.inner.is_none()
        && before.x1 + line.first_word < reach(stream, before)
    {
        return false;
    }
    // One long line alone does not tell how wide the box is.
    let others = peers().filter(|m| m.row != before.row && m.x1 >= right - before.slack).count();
    full && (!ends || others > 0)
}

/// True when a line stands further from the one before it than lines of one paragraph do, false when it does not; `None`
/// where nothing in its box or cell is set apart by a sentence's end.
fn set_apart(lines: &[Measured<'_>], i: usize) -> Option<bool> {
    /// How much wider the space between paragraphs is, of the distance of two lines, and in points.
    const WIDER: (f32, f32) = (1.08, 0.8);
    lines[i].corner?;
    let pitch = |a: &Measured<'_>, b: &Measured<'_>| {
        let ((x, top), (over_x, over_top)) = (b.corner?, a.corner?);
        let step = top - over_top;
        // A first line may be indented; what begins elsewhere is another column.
        let column = (x - over_x).abs() <= 4.0 * a.slack;
        (a.home == b.home && a.row != b.row && column && step > a.slack).then_some(step)
    };
    let steps = || lines.windows(2).filter_map(|w| pitch(&w[0], &w[1]).map(|step| (&w[0], step)));
    let near = |l: &Measured<'_>| l.home == lines[i].home;
    let least = steps().filter(|(l, _)| near(l)).map(|(_, step)| step).reduce(f32::min)?;
    let wide = |step: f32| step > WIDER.0 * least && step > least + WIDER.1;
    let ends = |(l, step): (&Measured<'_>, f32)| near(l) && l.text.ends_with('。') && wide(step);
    let own = pitch(&lines[i - 1], &lines[i])?;
    steps().any(ends).then(|| wide(own))
}

/// Lines before and behind a line that are looked at for the width of its column.
const NEAR: usize = 150;

/// How far to the right, less two ems, the lines of other texts reach that begin where this one does, on its page or
/// in its table. Headings may stand across columns, and say nothing.
fn reach(stream: &Stream<'_>, line: &Measured<'_>) -> f32 {
    let own = &stream.lines[line.row as usize];
    let bbox =
        |l: &crate::stream::LineRef| (!l.atoms.is_empty()).then(|| stream.bbox(l.atoms.clone())).flatten();
    let Some(b) = bbox(own).filter(|_| stream.document.kind == SourceKind::Pdf) else {
        return f32::NEG_INFINITY;
    };
    let at = line.row as usize;
    let near = &stream.lines[at.saturating_sub(NEAR)..stream.lines.len().min(at + NEAR)];
    let table = |l: &crate::stream::LineRef| l.cell.map(|c| c.0);
    let text = |l: &&crate::stream::LineRef| {
        use chohyo_layout::BlockKind::{ListItem, Paragraph, Table};
        l.page == own.page
            && table(l) == table(own)
            && (l.block, l.cell) != (own.block, own.cell)
            && matches!(l.kind, Paragraph | ListItem | Table(_))
    };
    let others = near.iter().filter(text).filter_map(bbox).filter(|o| (o.x0 - b.x0).abs() < 0.5 * b.height());
    others.map(|o| o.x1).fold(f32::NEG_INFINITY, f32::max) - 2.0 * b.height()
}

/// What a line's shape says, in points for a PDF and in columns (a full-width character is 2) for a dump.
struct Measured<'a> {
    text: &'a str,
    page: u32,
    /// The block and cell.
    home: (u32, Option<(u32, u32)>),
    /// The line.
    row: u32,
    /// Its upper left corner, on a page.
    corner: Option<(f32, f32)>,
    /// Right edge; punctuation that hangs over it does not count.
    x1: f32,
    /// Where the text of a ruled cell may end: as far from its right edge as the line begins from its left one.
    inner: Option<f32>,
    /// Width of the first word: what would have had to fit into the line before.
    first_word: f32,
    /// How far a full line may fall short of the right edge: lines are not always justified, and a dump
    /// counts columns where the page had points.
    slack: f32,
}

impl<'a> Measured<'a> {
    fn new(stream: &Stream<'a>, part: &Range<u32>) -> Self {
        let row = stream.atoms[part.start as usize].line;
        let line = &stream.lines[row as usize];
        let (page, home) = (line.page, (line.block, line.cell));
        let text = stream.printed_text(part.clone());
        let hangs = text.ends_with(['、', '。', '，', '．']);
        let first_word = columns(first_word(text));
        if let Some(b) = stream.bbox(part.clone()) {
            let glyphs = &stream.page(row).glyphs;
            let em = stream.glyphs(part.clone()).iter().map(|&g| glyphs[g as usize].size).fold(1.0, f32::max);
            let x1 = if hangs { b.x1 - em } else { b.x1 };
            let inner = line.cell.and_then(|(t, c)| {
                let table = &stream.page(row).tables[t as usize];
                let cell = &table.cells[c as usize].bbox;
                table.ruled.then_some(cell.x1 - (b.x0 - cell.x0).max(0.0))
            });
            return Self {
                text,
                page,
                home,
                row,
                corner: (stream.document.kind == chohyo_layout::SourceKind::Pdf).then_some((b.x0, b.top)),
                x1,
                inner,
                first_word: first_word * em / 2.0,
                // A dump counts columns, where the page had points.
                slack: if stream.document.kind == SourceKind::Text { em } else { em / 2.0 },
            };
        }
        let x1 = columns(text) - if hangs { 2.0 } else { 0.0 };
        Self { text, page, home, row, corner: None, x1, inner: None, first_word, slack: 2.0 }
    }
}

/// Display width in columns: 1 for ASCII and half-width kana, 2 for everything else.
fn columns(text: &str) -> f32 {
    text.chars().map(|c| if c.is_ascii() || ('\u{ff61}'..='\u{ff9f}').contains(&c) { 1.0 } else { 2.0 }).sum()
}

/// How an entry begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opener {
    None,
    Bullet,
    /// ①: its number.
    Circled(u32),
    /// A number or a kana letter with `.` or `)`: its number, 0 for a letter.
    Enumerator(u32),
}

/// What a text begins with.
pub(crate) fn opener(text: &str) -> Opener {
    let Some(first) = text.chars().next() else { return Opener::None };
    if ('①'..='⑳').contains(&first) {
        return Opener::Circled(first as u32 - '①' as u32 + 1);
    }
    if BULLETS.contains(first) {
        return Opener::Bullet;
    }
    let Some(mark) = enumerator(text) else { return Opener::None };
    let digits = chohyo_normalize::fold(mark).text().chars().filter(char::is_ascii_digit).collect::<String>();
    Opener::Enumerator(digits.parse().unwrap_or(0))
}

/// Display width of a text in columns.
pub(crate) fn text_columns(text: &str) -> f32 {
    columns(text)
}

/// Display width of what cannot be broken at the start of a text.
pub(crate) fn first_word_columns(text: &str) -> f32 {
    columns(first_word(text))
}

/// What cannot be broken at the start of a line: opening brackets with the character after them, a run of
/// Latin letters and digits, or one character; and the closing marks that may not begin a line.
fn first_word(text: &str) -> &str {
    let mut chars = text.char_indices().peekable();
    while chars.next_if(|(_, c)| "（(「『【〔［[｛{“".contains(*c)).is_some() {}
    let Some((_, first)) = chars.next() else { return text };
    if first.is_ascii_alphanumeric() {
        while chars
            .next_if(|(_, c)| c.is_ascii_alphanumeric() || matches!(c, '.' | ',' | '%' | '％'))
            .is_some()
        {}
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
    fn paragraphs_that_are_set_apart() {
        let page = |third: f32| {
            let full =
                "圏域ごとに協議の場を設け、病院と事業所とが互いの仕事を知るところから始めた取組である。";
            crate::page_maker::Page::default()
                .text(40.0, 30.0, "２ 精神障害にも対応した地域包括ケアシステムの構築に向けた取組概要（全体）")
                .text(40.0, 60.0, full)
                .text(40.0, 74.0, full)
                .text(40.0, third, full)
                .text(40.0, third + 14.0, "記録を共有した。")
        };
        let count = |third| crate::page_maker::sheet(&[page(third)]).texts["overview"].len();
        assert_eq!(count(90.0), 2);
    }

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

    #[test]
    fn a_sentence_that_leaves_room_ends_its_paragraph() {
        let page = crate::page_maker::Page::default()
            .text(30.0, 30.0, "２ 精神障害にも対応した地域包括ケアシステムの構築に向けた取組概要")
            .text(30.0, 60.0, "退院の支援を病院とともに進める。")
            .text(30.0, 74.0, "研修会を年に二回開き事例を学ぶ。")
            .text(30.0, 120.0, "圏域ごとの協議の場で課題を話し合い、全体の会議に報告して施策に反映する。");
        let sheet = crate::page_maker::sheet(&[page]);
        assert_eq!(sheet.texts["overview"].iter().flat_map(|t| t.text.lines()).count(), 3);
    }
}
