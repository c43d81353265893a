//! Which gaps between letters are typography and not separators.

use unicode_normalization::UnicodeNormalization;

use crate::characters::{self, Fate, is_han, is_hiragana, is_katakana};

/// A run of single characters with one space between each, as in a letter-spaced 令 和 ２ 年.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// Where in the source it ends, in bytes.
    pub(crate) until: usize,
    /// Whether it is one word, whose spaces go.
    pub(crate) closed: bool,
}

/// What a character is to a letter-spaced word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Kanji that are no numerals.
    Han,
    Hiragana,
    /// Of kanji, too.
    Digit,
    /// Any other character of a word.
    Word,
    Space,
    Other,
    Invisible,
}

fn class(c: char) -> Class {
    let c = match characters::fate(c) {
        Fate::Keep => c,
        Fate::Char(new) => new,
        Fate::Drop => return Class::Invisible,
        Fate::Expand => return Class::Word,
    };
    match c {
        ' ' => Class::Space,
        '0'..='9' | '〇' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' => {
            Class::Digit
        }
        _ if is_han(c) => Class::Han,
        _ if is_hiragana(c) => Class::Hiragana,
        _ if c.is_alphanumeric() => Class::Word,
        _ => Class::Other,
    }
}

/// The folded character that ends before `at`, and where it begins; invisible ones are passed over.
pub(crate) fn previous_visible(source: &str, at: usize) -> Option<(usize, char)> {
    let (start, c) = source[..at].char_indices().rev().find(|&(_, c)| class(c) != Class::Invisible)?;
    Some((start, if let Fate::Char(new) = characters::fate(c) { new } else { c }))
}

/// The folded character that begins at or after `at`; invisible ones are passed over.
pub(crate) fn next_visible(source: &str, at: usize) -> Option<char> {
    let c = source[at..].chars().find(|&c| class(c) != Class::Invisible)?;
    match characters::fate(c) {
        Fate::Char(new) => Some(new),
        Fate::Expand => std::iter::once(c).nfkc().next(),
        _ => Some(c),
    }
}

/// The class of what begins at or after `at`, and where that ends.
fn class_at(source: &str, at: usize) -> Option<(Class, usize)> {
    source[at..]
        .char_indices()
        .map(|(offset, c)| (class(c), at + offset + c.len_utf8()))
        .find(|&(class, _)| class != Class::Invisible)
}

fn is_word(class: Class) -> bool {
    matches!(class, Class::Han | Class::Hiragana | Class::Digit | Class::Word)
}

/// Judges the run of single characters that the space at `at` stands in.
///
/// One word is three or more kanji, hiragana and digits with one space between each, or two kanji with an ideographic
/// space between them (氏　名). Two digits side by side are two cells of a table, and then so may the rest be; and the
/// gap of 年　月 is there to be written in.
pub(crate) fn letter_spaced(source: &str, at: usize) -> Run {
    let open = |until| Run { until, closed: false };
    let mut end = at + 1;
    if is_beside_word(source.as_bytes(), at) {
        return open(end);
    }
    let Some((start, first)) = previous_visible(source, at) else { return open(end) };
    let before = previous_visible(source, start).map(|(_, c)| class(c));
    let mut last = (class(first), first);
    if before.is_some_and(is_word) || !is_letter(last.0) {
        return open(end);
    }
    let (mut count, mut closed, mut kanji, mut wide, mut gap) = (1, true, last.0 == Class::Han, true, at);
    while let Some((Class::Space, letter)) = class_at(source, gap)
        && let Some((class, after)) = class_at(source, letter)
        && is_letter(class)
        && !class_at(source, after).is_some_and(|(class, _)| is_word(class))
    {
        let c = previous_visible(source, after).map_or(' ', |(_, c)| c);
        let cells = last.0 == Class::Digit && class == Class::Digit;
        let blank = matches!((last.1, c), ('年', '月') | ('月', '日'));
        closed &= !cells && !blank;
        wide &= source[gap..].starts_with('\u{3000}');
        kanji &= class == Class::Han;
        (last, count, gap, end) = ((class, c), count + 1, after, after);
    }
    Run { until: end, closed: closed && (count >= 3 || count == 2 && wide && kanji) }
}

fn is_letter(class: Class) -> bool {
    matches!(class, Class::Han | Class::Hiragana | Class::Digit)
}

/// Whether a word of kana ends before the space at `at`, or one of kanji or kana begins behind it: what most spaces part.
fn is_beside_word(bytes: &[u8], at: usize) -> bool {
    let is_kana = |at: usize| matches!(bytes.get(at..at + 2), Some([0xE3, 0x81..=0x83]));
    let is_letter = |at: usize| is_kana(at) || matches!(bytes.get(at), Some(0xE4..=0xE9));
    let width = match bytes[at] {
        0..=0x7F => 1,
        0xC2 => 2,
        _ => 3,
    };
    let next = at + width;
    let word = |at: usize| is_letter(at) && is_letter(at + 3);
    at.checked_sub(6).is_some_and(word) || word(next) || matches!(bytes.get(next), Some(b'\n' | b' '))
}

/// Whether the gap between `before` (the folded text in two parts) and `after` is there only to justify a line: it
/// parts a word of two or more kanji from one of three or more katakana. A name (巴 マミ) keeps its gap, and so
/// does the end of a date or quantity.
pub(crate) fn justified(before: [&str; 2], after: &str) -> bool {
    let mut left = before[1].chars().rev().chain(before[0].chars().rev());
    let ideograph = |c: Option<char>| {
        c.is_some_and(|c| is_han(c) && !"年月日度回人件円所末〇一二三四五六七八九十".contains(c))
    };
    if !ideograph(left.next()) || !ideograph(left.next()) {
        return false;
    }
    begins_with_katakana(after, 3)
}

/// Whether the fold of `source` begins with `count` katakana.
fn begins_with_katakana(source: &str, count: usize) -> bool {
    let folded = source.chars().flat_map(|c| {
        let (one, expanded) = match characters::fate(c) {
            Fate::Keep => (Some(c), None),
            Fate::Char(new) => (Some(new), None),
            Fate::Drop => (None, None),
            Fate::Expand => (None, Some(std::iter::once(c).nfkc())),
        };
        one.into_iter().chain(expanded.into_iter().flatten())
    });
    let (mut found, mut base) = (0, None);
    for c in folded {
        if base.take().is_some_and(|base| characters::voiced(base, c).is_some()) {
            continue;
        }
        if !is_katakana(c) {
            return false;
        }
        found += 1;
        if found == count {
            return true;
        }
        base = Some(c);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_three_or_more() {
        assert_eq!(letter_spaced("令 和 ２ 年", 3), Run { until: 15, closed: true });
        assert_eq!(letter_spaced("目 次", 3), Run { until: 7, closed: false });
        assert!(letter_spaced("目　次", 3).closed);
        assert!(letter_spaced("お 知 ら せ", 3).closed);
        assert!(!letter_spaced("年　月　日", 3).closed);
        assert_eq!(letter_spaced("1 2 3", 1), Run { until: 5, closed: false });
        assert!(!letter_spaced("人口 1 人", 6).closed);
    }

    #[test]
    fn a_name_keeps_its_gap() {
        assert!(justified(["", "検索"], "エンジン"));
        assert!(!justified(["", "巴"], "マミ"));
        assert!(!justified(["2", "年度"], "アウトリーチ"));
    }

    #[test]
    fn katakana_are_known_before_they_are_folded() {
        for after in ["㌶", "ｴﾝｼﾞﾝ", "カ\u{3099}イド", "エ\u{AD}ンジン", "ｺﾞﾙﾌ"] {
            assert!(justified(["", "検索"], after), "{after}");
        }
        for after in ["㌔", "ｶﾞｽ", "ガス", "ｱﾞｲｳ", "㋃", ""] {
            assert!(!justified(["", "検索"], after), "{after}");
        }
    }
}
