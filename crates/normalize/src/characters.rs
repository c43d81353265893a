//! What becomes of one character in the fold, apart from its neighbours.

use unicode_normalization::UnicodeNormalization;

use crate::radicals;

/// The fate of one character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It stays as it is.
    Keep,
    /// It becomes this one character.
    Char(char),
    /// It becomes what NFKC makes of it, which is more than one character.
    Expand,
    /// It is invisible and goes.
    Drop,
}

/// `JIS X 0208` 1-33, the wave that official text writes ranges with.
pub(crate) const WAVE: char = '～';

/// The fate of `c`.
pub(crate) fn fate(c: char) -> Fate {
    match c {
        '~' | '\u{2053}' | '\u{223C}' | '\u{223E}' | '\u{301C}' | '\u{3030}' => Fate::Char(WAVE),
        '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => Fate::Char(' '),
        '\u{AD}'
        | '\u{34F}'
        | '\u{200B}'..='\u{200F}'
        | '\u{2060}'
        | '\u{FEFF}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{E0100}'..='\u{E01EF}' => Fate::Drop,
        '\u{2D7}'
        | '\u{58A}'
        | '\u{2010}'..='\u{2013}'
        | '\u{2043}'
        | '\u{207B}'
        | '\u{208B}'
        | '\u{2212}' => Fate::Char('-'),
        // JIS X 0208 1-29 is U+2014 to some converters and U+2015 to others.
        '\u{2014}' => Fate::Char('―'),
        '\u{2E80}'..='\u{2FD5}' => match radicals::UNIFIED[(c as u32 - radicals::FIRST) as usize] {
            '\0' => Fate::Keep,
            unified => Fate::Char(unified),
        },
        // Months, the squared katakana words, hours, the five eras, days.
        '\u{32C0}'..='\u{32CB}'
        | '\u{32FF}'
        | '\u{3300}'..='\u{3370}'
        | '\u{337B}'..='\u{337E}'
        | '\u{33E0}'..='\u{33FE}'
        | '\u{FB00}'..='\u{FB06}' => Fate::Expand,
        '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}' => canonical(c),
        '\u{FE10}'..='\u{FE19}'
        | '\u{FE30}'..='\u{FE44}'
        | '\u{FE47}'..='\u{FE48}'
        | '\u{FE50}'..='\u{FE6B}' => presentation_form(c),
        '\u{FF01}'..='\u{FF5D}' => char::from_u32(c as u32 - 0xFEE0).map_or(Fate::Keep, Fate::Char),
        '\u{FF5F}'..='\u{FF9F}' => Fate::Char(halfwidth(c)),
        // But not U+FFE3, which NFKC makes a space and a mark.
        '\u{FFE0}'..='\u{FFE2}' | '\u{FFE4}'..='\u{FFEE}' => compatible(c),
        _ => Fate::Keep,
    }
}

/// NFC of a compatibility ideograph; those that have none stay.
fn canonical(c: char) -> Fate {
    let mut composed = std::iter::once(c).nfc();
    match (composed.next(), composed.next()) {
        (Some(one), None) if one != c => Fate::Char(one),
        _ => Fate::Keep,
    }
}

/// NFKC where that is one character.
fn compatible(c: char) -> Fate {
    let mut composed = std::iter::once(c).nfkc();
    match (composed.next(), composed.next()) {
        (Some(one), None) if one != c => Fate::Char(one),
        _ => Fate::Keep,
    }
}

/// Vertical and small forms, which vertical text in a PDF yields.
fn presentation_form(c: char) -> Fate {
    match c {
        '︙' => Fate::Char('…'),
        '︰' => Fate::Char('‥'),
        '︱' | '﹘' => Fate::Char('―'),
        '︲' => Fate::Char('-'),
        _ => compatible(c),
    }
}

/// The full-width form of U+FF5F to U+FF9F; a lone voiced mark becomes the spacing mark.
pub(crate) fn halfwidth(c: char) -> char {
    match c {
        '\u{FF9E}' => '゛',
        '\u{FF9F}' => '゜',
        _ => std::iter::once(c).nfkc().next().unwrap_or(c),
    }
}

/// The character that `base` and a voiced mark make, if there is one.
///
/// `mark` may be combining, spacing or half-width; `base` full-width.
pub(crate) fn voiced(base: char, mark: char) -> Option<char> {
    let combining = match mark {
        '\u{3099}' | '\u{309B}' | '\u{FF9E}' => '\u{3099}',
        '\u{309A}' | '\u{309C}' | '\u{FF9F}' => '\u{309A}',
        _ => return None,
    };
    if !matches!(base, '\u{3041}'..='\u{3096}' | '\u{309D}' | '\u{30A1}'..='\u{30FD}') {
        return None;
    }
    unicode_normalization::char::compose(base, combining)
}

/// Whether `c` is a voiced mark of any kind.
pub(crate) fn is_voiced_mark(c: char) -> bool {
    matches!(c, '\u{3099}'..='\u{309C}' | '\u{FF9E}' | '\u{FF9F}')
}

/// Whether `c` is a Han ideograph, 々 or 〇.
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '々' | '〇' | '\u{20000}'..='\u{323AF}')
}

/// Whether `c` is a katakana letter or the prolonged sound mark.
pub(crate) fn is_katakana(c: char) -> bool {
    matches!(c, '\u{30A1}'..='\u{30FA}' | 'ー')
}

/// Whether `c` is a hiragana letter.
pub(crate) fn is_hiragana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn radicals_become_the_ideograph_that_japanese_writes() {
        assert_eq!(fate('⻑'), Fate::Char('長'));
        assert_eq!(fate('⼾'), Fate::Char('戸'));
        assert_eq!(fate('⿊'), Fate::Char('黒'));
        assert_eq!(fate('\u{2E80}'), Fate::Keep);
        assert_eq!(fate('⿕'), Fate::Char('龠'));
    }

    #[test]
    fn what_official_text_needs_is_kept() {
        for c in "①⑴⒈㈱㎡㎥㎞㎏㏄²½Ⅲ℃…‥―━─々ー’´￣".chars() {
            assert_eq!(fate(c), Fate::Keep, "{c}");
        }
    }

    #[test]
    fn marks_compose_or_stand_alone() {
        assert_eq!(voiced('か', '゛'), Some('が'));
        assert_eq!(voiced('ウ', '\u{FF9E}'), Some('ヴ'));
        assert_eq!(voiced('ア', '\u{FF9E}'), None);
        assert_eq!(voiced('漢', '゛'), None);
    }
}
