//! Units: which words count as one, and the one spelling of those that have several.
//!
//! The variants of か所 are those of 「公用文作成の考え方」 (Council for Cultural Affairs, 2022: か所 in official text,
//! 箇所 in laws) and of the JIS X 0208 characters that print them (ヶ, ヵ, ケ, カ, 個, 箇). Units of measure are those of the
//! Measurement Act (計量法) with their katakana names; the rest are the counters that ministries' sheets print.

use crate::characters::{is_han, is_katakana};
use crate::counters::{COUNTERS, VARIANTS};
use crate::reader::Reader;

/// The one spelling of a unit: か所 for ヶ所, カ所, 箇所, ヵ所, ケ所 and 個所, ％ for % and パーセント.
///
/// A unit without variants is its own canonical form.
///
/// ```
/// use chohyo_normalize::units::canonical;
///
/// assert_eq!(canonical("箇所"), "か所");
/// assert_eq!(canonical("ヶ月"), "か月");
/// assert_eq!(canonical("%"), "％");
/// assert_eq!(canonical("人"), "人");
/// ```
pub fn canonical(unit: &str) -> &str {
    variant(unit).unwrap_or(unit)
}

/// The units that have several spellings, with each of them.
///
/// ```
/// use chohyo_normalize::units;
///
/// assert!(units::variants().any(|(unit, other)| unit == "か所" && other == "箇所"));
/// ```
pub fn variants() -> impl Iterator<Item = (&'static str, &'static str)> {
    VARIANTS.iter().flat_map(|(unit, others)| others.iter().map(move |other| (*unit, *other)))
}

fn variant(unit: &str) -> Option<&'static str> {
    VARIANTS.iter().find(|(_, others)| others.contains(&unit)).map(|(unit, _)| *unit)
}

/// The end of the unit at `at`: a counter, a unit of measure, or a word in katakana.
pub(crate) fn eat(reader: Reader<'_>, at: usize) -> Option<usize> {
    let first = reader.at(at)?;
    if first.is_ascii_alphabetic() {
        return eat_latin(reader, at);
    }
    if let Some(end) = eat_counter(reader, at, first) {
        return Some(end);
    }
    // 香港ドル, 立方フィート, 平方メートル.
    let katakana = reader
        .eat_any(at, &["香港", "立方", "平方", "米", "英", "豪"])
        .filter(|&next| reader.at(next).is_some_and(is_katakana))
        .unwrap_or(at);
    eat_katakana(reader, katakana)
}

/// The end of the longest counter at `at`.
pub(crate) fn eat_counter(reader: Reader<'_>, at: usize, first: char) -> Option<usize> {
    let start = COUNTERS.partition_point(|counter| counter.chars().next() < Some(first));
    COUNTERS[start..]
        .iter()
        .take_while(|counter| counter.starts_with(first))
        .filter_map(|counter| reader.eat(at, counter).filter(|&end| !is_part_of_word(reader, counter, end)))
        .max()
}

/// Whether what looks like a counter only begins a longer word: 部 in 部会, 回 in 回答, 市 in 市民.
fn is_part_of_word(reader: Reader<'_>, counter: &str, end: usize) -> bool {
    let Some(next) = reader.at(end) else { return false };
    let words = match counter {
        "部" => "会門局署長品",
        "回" => "答復転収避",
        "市" | "町" | "村" | "県" => "民内役庁立営",
        "区" => "民内役分",
        "人" => "口材事権員工身",
        "本" => "人事市県庁部年日木",
        "点" => "検字",
        "台" => "帳風湾",
        "条" => "例件約",
        "番" => "組",
        "件" => "数名",
        "名" => "称前簿",
        "校" => "長区舎内",
        "社" => "会員長団内",
        "階" => "層",
        "問" => "題",
        "段" => "落",
        "組" => "織合",
        "班" => "長員",
        "代" => "替表理",
        "度" => "合",
        "円" => "滑高安",
        _ => return false,
    };
    words.contains(next)
}

/// cm, km², kg: Latin letters up to the end of the word, where they are a unit.
fn eat_latin(reader: Reader<'_>, at: usize) -> Option<usize> {
    const UNITS: &[&str] = &[
        "km2", "km", "cm", "mm", "nm", "pm", "m2", "m3", "m", "kg", "mg", "g", "kl", "ml", "dl", "cc", "t",
        "L", "l", "ha", "kW", "kWh", "MW", "W", "V", "Hz", "kcal", "cal", "kB", "MB", "GB", "TB", "KB", "GH",
        "t-CO2", "USD", "JPY", "dB", "hPa", "ppm", "pt", "bit", "FTE", "mSv", "Bq", "kJ", "MJ", "GJ", "TJ",
        "J", "h",
    ];
    if let Some(end) = reader.eat_any(at, &["k㎡", "k㎥"]) {
        return Some(end);
    }
    let letters =
        reader.text.as_bytes()[at..].iter().take(8).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let word = &reader.text[at..at + letters];
    let end = at + letters;
    UNITS.contains(&word).then(|| reader.eat_any(end, &["²", "³"]).unwrap_or(end))
}

/// A word in katakana, as in 10フィート, 2テーマ, スイス・フラン.
fn eat_katakana(reader: Reader<'_>, at: usize) -> Option<usize> {
    let mut end = at;
    let mut letters = 0;
    while let Some(c) = reader.at(end).filter(|&c| is_katakana(c)) {
        end += c.len_utf8();
        letters += 1;
        if letters > 12 {
            return None;
        }
    }
    if letters < 2 {
        return None;
    }
    // ニュー台湾ドル.
    if let Some(next) = reader.eat(end, "台湾ドル") {
        return Some(next);
    }
    if let Some(next) = reader.eat_any(
        end,
        &["・フラン", "・ドル", "・ポンド", "・ルピー", "・ペソ", "・クローネ", "・クローナ", "・ルーブル"],
    ) {
        return Some(next);
    }
    Some(end)
}

/// Whether a kanji may follow a unit without making it part of a word that is none.
pub(crate) fn ends_cleanly(reader: Reader<'_>, at: usize) -> bool {
    !reader.at(at).is_some_and(is_han)
}
