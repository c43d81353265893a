//! One spelling for what official text spells in several ways.
//!
//! Labels and headings are compared in this spelling only; the record keeps what is printed.

/// Spellings of one word, by the one that stands for all. Longer ones come first, so that the first
/// that fits is the right one.
///
/// 障害 and 取組 as the ministry's form prints them (障がい is what 札幌市 and others write; 公用文作成の考え方,
/// 文化審議会 2022, allows both for 取組); か所 and か月 as 公用文における漢字使用等について (2010) writes them.
const VARIANTS: &[(&[char], &str)] = &[
    (&['障', 'が', 'い'], "障害"),
    (&['障', '碍'], "障害"),
    (&['取', 'り', '組', 'み'], "取組"),
    (&['取', '組', 'み'], "取組"),
    (&['取', 'り', '組'], "取組"),
    (&['ヶ', '所'], "か所"),
    (&['ヵ', '所'], "か所"),
    (&['ケ', '所'], "か所"),
    (&['カ', '所'], "か所"),
    (&['箇', '所'], "か所"),
    (&['個', '所'], "か所"),
    (&['ヶ', '月'], "か月"),
    (&['ヵ', '月'], "か月"),
    (&['ケ', '月'], "か月"),
    (&['カ', '月'], "か月"),
    (&['箇', '月'], "か月"),
    (&['ま', 'た', 'は'], "又は"),
    (&['お', 'よ', 'び'], "及び"),
    // What programs name the middle dot of a font that draws several of them alike: HYPHENATION POINT, MIDDLE DOT,
    // DOT OPERATOR (The Unicode Standard, 6.2).
    (&['\u{2027}'], "・"),
    (&['\u{b7}'], "・"),
    (&['\u{22c5}'], "・"),
    // DIVISION SLASH and FRACTION SLASH, named so for the same reason.
    (&['\u{2215}'], "/"),
    (&['\u{2044}'], "/"),
];

/// The characters that begin some words, or a few more: a quick no for most others.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Initials([u64; 4]);

impl Initials {
    /// Those of these words.
    pub(crate) fn of(words: impl IntoIterator<Item = char>) -> Self {
        words.into_iter().fold(Self::default(), Self::with)
    }

    const fn with(self, c: char) -> Self {
        let mut bits = self.0;
        bits[(c as usize / 64) % 4] |= 1 << (c as u32 % 64);
        Self(bits)
    }

    /// False when no word begins with this character.
    pub(crate) const fn may_begin(self, c: char) -> bool {
        self.0[(c as usize / 64) % 4] >> (c as u32 % 64) & 1 == 1
    }
}

/// Most characters begin no variant.
const FIRST: Initials = {
    let (mut initials, mut at) = (Initials([0; 4]), 0);
    while at < VARIANTS.len() {
        initials = initials.with(VARIANTS[at].0[0]);
        at += 1;
    }
    initials
};

/// The variant that begins with `first` and goes on with `rest`: how many characters it has, and what stands for it.
#[inline]
pub(crate) fn variant<I: Iterator<Item = char>>(
    first: char,
    rest: impl Fn() -> I,
) -> Option<(usize, &'static str)> {
    if FIRST.may_begin(first) { variant_of(first, rest) } else { None }
}

fn variant_of<I: Iterator<Item = char>>(first: char, rest: impl Fn() -> I) -> Option<(usize, &'static str)> {
    VARIANTS
        .iter()
        .filter(|(printed, _)| printed[0] == first)
        .find(|(printed, _)| rest().take(printed.len() - 1).eq(printed[1..].iter().copied()))
        .map(|&(printed, one)| (printed.len(), one))
}

/// `text` folded, in one spelling, without white space.
pub(crate) fn canonical(text: &str) -> Vec<char> {
    let folded: Vec<char> =
        chohyo_normalize::fold(text).text().chars().filter(|c| !c.is_whitespace()).collect();
    let mut out = Vec::with_capacity(folded.len());
    let mut at = 0;
    while at < folded.len() {
        if let Some((length, one)) = variant(folded[at], || folded[at + 1..].iter().copied()) {
            out.extend(one.chars());
            at += length;
        } else {
            out.push(folded[at]);
            at += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_miss_no_word() {
        let initials = Initials::of(['人', '1', '\u{10ffff}']);
        assert!(['人', '1', '\u{10ffff}'].into_iter().all(|c| initials.may_begin(c)));
        assert!(!initials.may_begin('口'));
        assert!(VARIANTS.iter().all(|(printed, _)| FIRST.may_begin(printed[0])));
    }

    #[test]
    fn spellings_meet() {
        for (a, b) in
            [("障がい者", "障害者"), ("３ヶ月 未満", "3か月未満"), ("取り組み", "取組"), ("（％）", "(%)")]
        {
            assert_eq!(canonical(a), canonical(b), "{a} {b}");
        }
        assert_ne!(canonical("３か月未満"), canonical("３か月以上"));
    }
}
