//! What a line begins with: the number of a heading or a list's item, a bullet, the sign of a note, the number of
//! a figure.

/// What a line begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Marker {
    /// A number or letter that counts.
    Number(Scheme),
    /// A sign that each item of a list has.
    Bullet,
    /// ※, 注１）, (注), 出典：
    Note,
    /// 図１, 表2-1
    Caption,
}

/// How numbers are written; siblings are written alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// 第１, 第２章
    Chapter,
    /// Ⅰ, II.
    Roman,
    /// １ and white space.
    Bare,
    /// 1. or １．, and 1.2 or １－２ below that.
    Point,
    /// 1) or ア）
    Closed,
    /// (1) or （ア）
    Bracketed,
    /// ①
    Circled,
    /// ア and white space, or a.
    Letter,
    /// 【…】 as the whole line.
    Titled,
}

impl Scheme {
    /// Headings are numbered so; lists may be too.
    pub(crate) fn heads(self) -> bool {
        !matches!(self, Self::Closed | Self::Circled | Self::Letter)
    }
}

/// Signs that begin an item of a list.
pub(crate) fn is_bullet(c: char) -> bool {
    matches!(
        c,
        '・' | '○'
            | '●'
            | '◎'
            | '■'
            | '□'
            | '◆'
            | '◇'
            | '▪'
            | '•'
            | '-'
            | '‐'
            | '*'
            | '➢'
            | '⇒'
            | '→'
    )
}

/// Signs that do so where text follows; alone they are marks or values as well.
fn is_bullet_before_text(c: char) -> bool {
    is_bullet(c) || matches!(c, '･' | '▲' | '△' | '▼' | '▽' | '★' | '☆' | '✓' | '✔' | '▫' | '〇' | '–')
}

/// Numbers in circles, squares and brackets that are one character.
pub(crate) fn is_enclosed(c: char) -> bool {
    matches!(c, '\u{2460}'..='\u{24ff}' | '\u{2776}'..='\u{2793}' | '\u{3220}'..='\u{32ff}')
}

/// What `text` begins with; `more` says that something stands beside it in its row.
pub(crate) fn marker(text: &str, more: bool) -> Option<Marker> {
    let first = text.chars().next()?;
    let rest = &text[first.len_utf8()..];
    if is_note(text) {
        return Some(Marker::Note);
    }
    if is_caption(text) {
        return Some(Marker::Caption);
    }
    let next = rest.chars().next();
    if is_enclosed(first) {
        return (next.is_some() || more).then_some(Marker::Number(Scheme::Circled));
    }
    if is_bullet_before_text(first) {
        let other = match next {
            None => more,
            // A placeholder (●年, ○○市), a leader, a negative number.
            Some(c) => {
                let placeholder = matches!(first, '●' | '○' | '◎' | '〇' | '□') && is_counter(c);
                let sign = matches!(first, '-' | '‐' | '–' | '*' | '→' | '⇒');
                c != first
                    && !placeholder
                    && !(digit(c) && (sign || matches!(first, '▲' | '△')))
                    && (!sign || c.is_whitespace() || !c.is_ascii())
            }
        };
        return other.then_some(Marker::Bullet);
    }
    number(text, more).map(Marker::Number)
}

/// The first number in `text`.
pub(crate) fn ordinal(text: &str) -> Option<u32> {
    let digits = text.chars().skip_while(|&c| !digit(c)).take_while(|&c| digit(c)).take(4);
    let value = |c: char| c.to_digit(10).unwrap_or_else(|| (c as u32).wrapping_sub('０' as u32));
    digits.map(value).fold(None, |number, value| Some(number.unwrap_or(0) * 10 + value))
}

fn number(text: &str, more: bool) -> Option<Scheme> {
    let first = text.chars().next()?;
    let after_digits = |text: &str| {
        let end = text.find(|c| !digit(c)).unwrap_or(text.len());
        let count = text[..end].chars().count();
        (1..=2).contains(&count).then(|| text[end..].to_owned())
    };
    let begins = |text: &str, signs: &[char]| text.starts_with(signs);
    let ends_or_space = |text: &str| text.chars().next().map_or(more, char::is_whitespace);
    match first {
        '第' => {
            let rest = &text[first.len_utf8()..];
            let end = rest.find(|c| !digit(c) && !is_kanji_digit(c)).unwrap_or(rest.len());
            let rest = &rest[end..];
            let chapter = begins(rest, &['章', '節', '編', '部', '款']) || ends_or_space(rest);
            (end > 0 && chapter).then_some(Scheme::Chapter)
        }
        'Ⅰ'..='Ⅻ' | 'ⅰ'..='ⅻ' => Some(Scheme::Roman),
        '【' | '〔' | '＜' | '《' => {
            let close = text.find(['】', '〕', '＞', '》'])?;
            let whole = text[close..].chars().nth(1).is_none() && !more;
            whole.then_some(Scheme::Titled)
        }
        '(' | '（' => {
            let inner = &text[first.len_utf8()..];
            let close = inner.find([')', '）'])?;
            let label = &inner[..close];
            let counts = after_digits(label).is_some_and(|rest| rest.is_empty())
                || !label.is_empty() && label.chars().all(is_kanji_digit);
            (counts || is_letter(label)).then_some(Scheme::Bracketed)
        }
        c if is_kanji_digit(c) => {
            let rest = text.trim_start_matches(is_kanji_digit);
            let after = rest.trim_start();
            let spaced = after.len() < rest.len() && after.chars().nth(2).is_some() && !is_unit(after);
            if begins(rest, &['、', '．', '.']) {
                Some(Scheme::Point)
            } else {
                spaced.then_some(Scheme::Bare)
            }
        }
        c if digit(c) => {
            let rest = after_digits(text)?;
            if begins(&rest, &[')', '）']) {
                return Some(Scheme::Closed);
            }
            if begins(&rest, &['.', '．', '、', '-', '－', '‐', '−', 'ー', '―']) {
                let below = rest.chars().skip(1).collect::<String>();
                let level = after_digits(&below);
                return match level {
                    None => (!begins(&rest, &['-', '－', '‐', '−', 'ー', '―'])
                        && below.chars().next().map_or(more, |c| !digit(c)))
                    .then_some(Scheme::Point),
                    // 1.2 or １－２ count where white space follows, not a unit.
                    Some(rest) => {
                        let text = rest.trim_start_matches(['.', '．', ')', '）']).trim_start();
                        (rest.len() > text.len() && !is_unit(text) && !text.is_empty())
                            .then_some(Scheme::Point)
                    }
                };
            }
            let after = rest.trim_start();
            let spaced = after.len() < rest.len() || rest.is_empty() && more;
            let words = rest.is_empty() || after.starts_with(is_word) && !is_unit(after);
            (spaced && words && after.chars().nth(2).is_some() || rest.is_empty() && more)
                .then_some(Scheme::Bare)
        }
        'ア'..='ン' | 'ｱ'..='ﾝ' | 'a'..='z' => {
            let rest = &text[first.len_utf8()..];
            if begins(rest, &[')', '）']) {
                return Some(Scheme::Closed);
            }
            let point = begins(rest, &['.', '．'])
                && rest.chars().nth(1).map_or(more, |c| !c.is_ascii_alphanumeric());
            let spaced = !first.is_ascii() && ends_or_space(rest);
            (point || spaced).then_some(Scheme::Letter)
        }
        _ => None,
    }
}

/// ※１, 注）, 注１：, （注）, ＊１, 出典：
fn is_note(text: &str) -> bool {
    let open = text.trim_start_matches(['(', '（', '[', '［', '【', '〔', '〈', '＜']);
    let Some(first) = open.chars().next() else { return false };
    let rest = &open[first.len_utf8()..];
    let closes = |rest: &str| {
        let rest = rest.trim_start_matches(digit);
        rest.starts_with([
            ')', '）', '：', ':', '.', '．', ' ', '　', ']', '］', '】', '〕', '〉', '＞', '、',
        ])
    };
    match first {
        '※' => true,
        '†' | '‡' => open.len() == text.len(),
        '＊' | '*' => rest.starts_with(digit) || rest.starts_with([' ', '　']),
        '注' => closes(rest),
        '出' | '資' | '備' => ["出典", "出所", "資料", "備考"].iter().any(|word| {
            open.strip_prefix(word).is_some_and(|rest| rest.starts_with(['：', ':', '）', ')', '】', '＞']))
        }),
        _ => false,
    }
}

/// 図１, 表2-1, 【図表３】, Figure 4, with white space, a colon or nothing behind.
fn is_caption(text: &str) -> bool {
    let open =
        text.trim_start_matches(['(', '（', '[', '［', '【', '〔', '〈', '＜', '■', '◆', '●', '○', ' ']);
    let words = ["図表", "図", "表", "別表", "写真", "グラフ", "Figure", "Fig.", "Table", "FIGURE", "TABLE"];
    let Some(rest) = words.iter().find_map(|word| open.strip_prefix(word)) else { return false };
    let rest = rest.trim_start().trim_start_matches('第');
    let after = rest.trim_start_matches(|c| digit(c) || is_kanji_digit(c));
    if after.len() == rest.len() {
        return false;
    }
    let after = after.trim_start_matches(|c| digit(c) || matches!(c, '-' | '－' | '‐' | '−' | 'ー'));
    after.chars().next().is_none_or(|c| {
        c.is_whitespace()
            || matches!(
                c,
                '.' | '．' | ':' | '：' | ')' | '）' | ']' | '］' | '】' | '〕' | '〉' | '＞' | '（' | '('
            )
    })
}

/// A letter that counts items: ア, イ, a, b.
fn is_letter(label: &str) -> bool {
    let mut chars = label.chars();
    let counts = |c: char| ('ア'..='ン').contains(&c) || ('ｱ'..='ﾝ').contains(&c) || c.is_ascii_lowercase();
    chars.next().is_some_and(counts) && chars.next().is_none()
}

fn digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

pub(crate) fn is_kanji_digit(c: char) -> bool {
    "一二三四五六七八九十".contains(c)
}

/// What a placeholder or a round sign stands before where it begins no item: ●年, ○人.
fn is_counter(c: char) -> bool {
    "年月日時分人名床件回歳市町村区県圏％%、，・/／".contains(c)
}

/// A number stands before this as a count or a date, not as the number of a heading.
fn is_unit(text: &str) -> bool {
    const UNITS: [&str; 19] = [
        "市町村",
        "年",
        "月",
        "日",
        "時",
        "分",
        "％",
        "%",
        "か所",
        "ヶ所",
        "カ所",
        "か月",
        "ヶ月",
        "カ月",
        "名",
        "件",
        "回",
        "倍",
        "～",
    ];
    // 人口 and 人材 are words, 人以上 is not.
    let persons =
        text.starts_with('人') && !["人口", "人材", "人権", "人事"].iter().any(|w| text.starts_with(w));
    persons || UNITS.iter().any(|unit| text.starts_with(unit))
}

fn is_word(c: char) -> bool {
    c.is_alphabetic()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_begin_with_markers() {
        use Marker::{Bullet, Caption, Note, Number};
        use Scheme::{Bare, Bracketed, Chapter, Circled, Closed, Letter, Point, Roman, Titled};
        for (text, expected) in [
            ("第１ 総則", Number(Chapter)),
            ("第２章　取組", Number(Chapter)),
            ("第三 方針", Number(Chapter)),
            ("Ⅱ 現状", Number(Roman)),
            ("１ 県又は政令市の基礎情報", Number(Bare)),
            ("１ 人口の動き", Number(Bare)),
            ("1. 目的", Number(Point)),
            ("２．強み", Number(Point)),
            ("１－２ 課題の整理", Number(Point)),
            ("1.2 課題の整理", Number(Point)),
            ("二、主要な会計データ", Number(Point)),
            ("三　計画の期間", Number(Bare)),
            ("（一）目的", Number(Bracketed)),
            ("1) 対象", Number(Closed)),
            ("（２）人材", Number(Bracketed)),
            ("(ア) 対象者", Number(Bracketed)),
            ("③研修", Number(Circled)),
            ("ア 対象者", Number(Letter)),
            ("【課題】", Number(Titled)),
            ("・連絡会議", Bullet),
            ("■基本情報", Bullet),
            ("- item", Bullet),
            ("※１月時点", Note),
            ("注）推計値", Note),
            ("（注１）推計値", Note),
            ("出典：統計局", Note),
            ("図１ 推移", Caption),
            ("【図表２－３】推移", Caption),
            ("表4", Caption),
            ("Figure 2: Scores", Caption),
        ] {
            assert_eq!(marker(text, false), Some(expected), "{text}");
        }
    }

    #[test]
    fn other_lines_do_not() {
        for text in [
            "1.5倍",
            "平成18年度",
            "35",
            "アウトリーチ",
            "100人",
            "（個別支援）",
            "7 か所",
            "3 年度実績",
            "2 人以上",
            "１２ 市町村",
            "2-3人",
            "1.2 倍",
            "●年●月",
            "○○市",
            "・・・",
            "△5.2",
            "-3",
            "第１回会議",
            "図書館",
            "表１に示す",
            "表彰 1件",
            "注目",
            "【課題】人材",
            "10:30",
            "3/7",
            "2020 年",
            "○",
        ] {
            assert_eq!(marker(text, false), None, "{text}");
        }
    }
}
