//! The fold: one spelling of each character, with a map back to the source.

use std::borrow::Cow;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use crate::characters::{self, Fate};
use crate::map::Map;
use crate::spacing::{self, Run};

/// Folds `text`: full-width letters and digits to ASCII, half-width kana to full width, radicals and compatibility
/// ideographs to unified ideographs, square eras and months to words, dashes and waves each to one.
///
/// What official text tells apart stays apart: ①, ㈱, ㎡, superscripts, … and ～. The text is borrowed when
/// nothing changes.
///
/// ```
/// let folded = chohyo_normalize::fold("㍻３０年４⽉　⻑⼾ 10㎡①");
/// assert_eq!(folded.text(), "平成30年4月 長戸 10㎡①");
///
/// // The place of 平成 in the source is the one square character.
/// assert_eq!(folded.to_source(0..6), 0..3);
/// ```
pub fn fold(text: &str) -> Folded<'_> {
    fold_with(text, true)
}

/// `justified`: close the gap that justification leaves between a kanji word and a katakana word. The scanner does
/// without: there a gap may be the only thing that parts two cells.
pub(crate) fn fold_with(text: &str, justified: bool) -> Folded<'_> {
    let mut folder = Folder {
        source: text,
        out: String::new(),
        copied: 0,
        map: Map::default(),
        run: Run { until: 0, closed: false },
        justified,
    };
    folder.run();
    folder.finish(text)
}

/// Text folded by [`fold`], with the map between it and its source.
///
/// All ranges are in bytes, half open. The map is monotone and total: a position inside a character that the fold
/// changed widens to the whole of it, and a position past the end is the end.
#[derive(Clone, Debug)]
pub struct Folded<'a> {
    source: &'a str,
    text: Cow<'a, str>,
    map: Map,
}

impl Folded<'_> {
    /// The folded text.
    ///
    /// ```
    /// assert_eq!(chohyo_normalize::fold("Ｈ２０〜２４").text(), "H20～24");
    /// ```
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The range of the source that a range of the folded text came from.
    ///
    /// ```
    /// let folded = chohyo_normalize::fold("約ｶﾞｽ");
    /// assert_eq!(folded.text(), "約ガス");
    /// assert_eq!(folded.to_source(3..6), 3..9);
    /// ```
    pub fn to_source(&self, folded: Range<usize>) -> Range<usize> {
        self.map.to_source(folded, self.text.len(), self.source.len())
    }

    /// The characters of the folded text, each with the place in the source where what it came from begins.
    ///
    /// ```
    /// let folded = chohyo_normalize::fold("Ｈ㌔A");
    /// let places: Vec<(usize, char)> = folded.chars().collect();
    /// assert_eq!(places, [(0, 'H'), (3, 'キ'), (3, 'ロ'), (6, 'A')]);
    /// ```
    pub fn chars(&self) -> impl Iterator<Item = (usize, char)> + Clone + '_ {
        let mut index = 0;
        self.text.char_indices().map(move |(at, c)| (self.map.start_after(&mut index, at), c))
    }

    /// As [`Folded::to_source`] for ranges in order; `index` begins at 0 and keeps the place in the map.
    pub(crate) fn to_source_after(&self, index: &mut usize, folded: Range<usize>) -> Range<usize> {
        self.map.to_source_after(index, folded, self.text.len(), self.source.len())
    }

    /// The range of the folded text that a range of the source went to.
    ///
    /// ```
    /// let folded = chohyo_normalize::fold("約ｶﾞｽ");
    /// // The voiced mark alone is part of ガ.
    /// assert_eq!(folded.to_folded(6..9), 3..6);
    /// ```
    pub fn to_folded(&self, source: Range<usize>) -> Range<usize> {
        self.map.to_folded(source, self.text.len(), self.source.len())
    }

    /// The text that was folded.
    pub fn source(&self) -> &str {
        self.source
    }

    /// Whether the fold changed anything.
    ///
    /// ```
    /// assert!(!chohyo_normalize::fold("平成30年").is_changed());
    /// ```
    pub fn is_changed(&self) -> bool {
        matches!(self.text, Cow::Owned(_))
    }

    /// The folded text, without its map.
    pub fn into_string(self) -> String {
        self.text.into_owned()
    }
}

struct Folder<'a> {
    source: &'a str,
    out: String,
    /// The source up to here is in `out`; what follows is not yet.
    copied: usize,
    map: Map,
    /// The run of letter-spaced characters last judged: where it ends, and whether its spaces go.
    run: Run,
    justified: bool,
}

impl Folder<'_> {
    fn run(&mut self) {
        let bytes = self.source.as_bytes();
        let mut at = 0;
        // The branches stand in the order of how frequent their characters are.
        while let Some(&byte) = bytes.get(at) {
            match byte {
                // U+4000 to U+9FFF: unified ideographs.
                0xE4..=0xE9 => at += 3,
                0xE3 if is_plain_kana(&bytes[at..]) => at += 3,
                b' ' => {
                    self.space(at..at + 1);
                    at += 1;
                }
                b'~' => at = self.slow(at),
                0..=0x7F => at += 1,
                // U+FF00 to U+FF5D, the full-width forms of ASCII.
                0xEF if bytes[at + 1] == 0xBC || bytes[at + 1] == 0xBD && bytes[at + 2] < 0x9E => {
                    let code = (bytes[at + 1] & 1) << 6 | bytes[at + 2] & 0x3F;
                    let ascii = code.wrapping_add(0x20);
                    if code == 0 {
                        at = self.slow(at);
                    } else {
                        self.put(at..at + 3, ascii as char);
                        at += 3;
                    }
                }
                _ => at = self.slow(at),
            }
        }
    }

    /// Handles the character at `at`; returns where the next one begins.
    fn slow(&mut self, at: usize) -> usize {
        let Some(c) = self.source[at..].chars().next() else { return self.source.len() };
        let end = at + c.len_utf8();
        if characters::is_voiced_mark(c) {
            self.mark(at..end, c);
        } else if c == 'ー' || c == '\u{FF70}' {
            // Between digits the prolonged sound mark was typed for a dash.
            let between = self.last(at).is_some_and(|last| last.is_ascii_digit())
                && spacing::next_visible(self.source, end).is_some_and(|next| next.is_ascii_digit());
            if between {
                self.put(at..end, '-');
            } else if c != 'ー' {
                self.put(at..end, 'ー');
            }
        } else {
            match characters::fate(c) {
                Fate::Keep if c == ' ' => self.space(at..end),
                Fate::Char(' ') => self.space(at..end),
                Fate::Keep => {}
                Fate::Char(new) => self.put(at..end, new),
                Fate::Drop => self.drop(at..end),
                Fate::Expand => self.expand(at..end, c),
            }
        }
        end
    }

    /// A space goes inside a letter-spaced word and in a justified one; else it is U+0020.
    fn space(&mut self, at: Range<usize>) {
        if at.start >= self.run.until {
            self.run = spacing::letter_spaced(self.source, at.start);
        }
        let ascii = at.len() == 1;
        let spaced = self.run.closed && at.start < self.run.until;
        if spaced || self.justified && spacing::justified(self.tail(at.start), &self.source[at.end..]) {
            self.drop(at);
        } else if !ascii {
            self.put(at, ' ');
        }
    }

    /// A voiced mark joins the kana before it, if the two make one.
    fn mark(&mut self, at: Range<usize>, mark: char) {
        if let Some((start, base)) = spacing::previous_visible(self.source, at.start)
            && let Some(voiced) = characters::voiced(base, mark)
            && self.last(at.start) == Some(base)
        {
            self.rewind(start);
            self.put(start..at.end, voiced);
            return;
        }
        if self.mark_expanded(at.clone(), mark) {
            return;
        }
        let alone = if matches!(mark, '\u{3099}' | '\u{309B}' | '\u{FF9E}') { '゛' } else { '゜' };
        if alone != mark {
            self.put(at, alone);
        }
    }

    /// A voiced mark joins the last kana of a square word (㌳ and ゛); whether it did.
    fn mark_expanded(&mut self, at: Range<usize>, mark: char) -> bool {
        let Some((start, square)) = spacing::previous_visible(self.source, at.start) else { return false };
        if characters::fate(square) != Fate::Expand {
            return false;
        }
        let mut word: String = std::iter::once(square).nfkc().collect();
        let Some(voiced) = word.pop().and_then(|base| characters::voiced(base, mark)) else { return false };
        word.push(voiced);
        self.rewind(start);
        self.copy(start);
        self.map.push(start, self.out.len(), at.end - start, word.len());
        self.out.push_str(&word);
        self.copied = at.end;
        true
    }

    fn expand(&mut self, at: Range<usize>, c: char) {
        self.copy(at.start);
        let before = self.out.len();
        self.out.extend(std::iter::once(c).nfkc());
        self.map.push(at.start, before, at.len(), self.out.len() - before);
        self.copied = at.end;
    }

    fn put(&mut self, at: Range<usize>, new: char) {
        self.copy(at.start);
        self.map.push(at.start, self.out.len(), at.len(), new.len_utf8());
        self.out.push(new);
        self.copied = at.end;
    }

    fn drop(&mut self, at: Range<usize>) {
        self.copy(at.start);
        self.map.push(at.start, self.out.len(), at.len(), 0);
        self.copied = at.end;
    }

    /// Copies what is unchanged up to `at`.
    fn copy(&mut self, at: usize) {
        if self.out.capacity() == 0 {
            self.out.reserve(self.source.len());
        }
        self.out.push_str(&self.source[self.copied..at]);
    }

    /// Takes back everything from the character that began at `start`.
    fn rewind(&mut self, start: usize) {
        if start >= self.copied {
            return;
        }
        let folded = self.map.rewind(start);
        self.out.truncate(folded);
        self.copied = start;
    }

    /// The folded text so far, as it ends before `at`: what is not copied yet, or else what is.
    fn tail(&self, at: usize) -> [&str; 2] {
        [&self.out, &self.source[self.copied..at]]
    }

    /// The last folded character before `at`.
    fn last(&self, at: usize) -> Option<char> {
        let [done, ahead] = self.tail(at);
        ahead.chars().next_back().or_else(|| done.chars().next_back())
    }

    fn finish(mut self, source: &str) -> Folded<'_> {
        if self.map.is_empty() {
            return Folded { source, text: Cow::Borrowed(source), map: self.map };
        }
        self.copy(source.len());
        Folded { source, text: Cow::Owned(self.out), map: self.map }
    }
}

/// Whether a character of U+3000 to U+3FFF, with what follows it, stays as it is.
fn is_plain_kana(bytes: &[u8]) -> bool {
    let &[_, second, third, ref next @ ..] = bytes else { return false };
    match second {
        // U+3099 to U+309C, the voiced marks.
        0x82 => !matches!(third, 0x99..=0x9C),
        // ー is a dash between digits; U+3200 on may expand to some.
        0x83 => third != 0xBC || matches!(next, [0xE3, 0x80..=0x87, ..] | [0xE4..=0xE9, ..] | []),
        // U+3000, U+301C, U+3030.
        0x80 => !matches!(third, 0x80 | 0x9C | 0xB0),
        0x8B..=0x8F => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_to_fold_borrows() {
        assert!(matches!(fold("平成30年度の人口は1,087人").text, Cow::Borrowed(_)));
    }

    #[test]
    fn marks_join_the_kana_before_them() {
        assert_eq!(fold("う゛ほﾟ").text(), "ゔぽ");
        assert_eq!(fold("ｱﾞｲﾞｳﾞｴﾞｵﾞ").text(), "ア゛イ゛ヴエ゛オ゛");
        assert_eq!(fold("か\u{AD}゛ﾊ\u{AD}ﾟ").text(), "がパ");
    }

    #[test]
    fn the_map_goes_both_ways() {
        let folded = fold("ｶﾞ㍻３０年\u{AD}度");
        assert_eq!(folded.text(), "ガ平成30年度");
        assert_eq!(folded.to_source(0..3), 0..6);
        assert_eq!(folded.to_source(3..9), 6..9);
        assert_eq!(folded.to_source(9..11), 9..15);
        assert_eq!(folded.to_source(11..17), 15..23);
        assert_eq!(folded.to_folded(6..9), 3..9);
        assert_eq!(folded.to_folded(18..20), 14..14);
        assert_eq!(folded.to_folded(0..99), 0..17);
    }

    #[test]
    fn letter_spaced_words_close() {
        assert_eq!(fold("令 和 ２ 年 度").text(), "令和2年度");
        assert_eq!(fold("２ 年 ４ 月").text(), "2年4月");
        assert_eq!(fold("１ １ 人").text(), "1 1 人");
        assert_eq!(fold("巴 マミ").text(), "巴 マミ");
    }

    #[test]
    fn a_prolonged_sound_mark_between_digits_is_a_dash() {
        assert_eq!(fold("４ー５").text(), "4-5");
        assert_eq!(fold("データー1").text(), "データー1");
    }
}
