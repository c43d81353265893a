//! Lengths of time: 3か月, 1時間30分, 2年半.

use rust_decimal::Decimal;

use crate::characters::is_han;
use crate::flags::{Flag, Flags};
use crate::quantity::{self, Quantity};
use crate::reader::Reader;

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Unit {
    Year,
    Month,
    Week,
    Day,
    Hour,
    Minute,
    Second,
}

impl Unit {
    /// The next smaller unit that durations are told in.
    fn next(self) -> Option<Unit> {
        match self {
            Unit::Year => Some(Unit::Month),
            Unit::Month | Unit::Week => Some(Unit::Day),
            Unit::Day => Some(Unit::Hour),
            Unit::Hour => Some(Unit::Minute),
            Unit::Minute => Some(Unit::Second),
            Unit::Second => None,
        }
    }

    fn letter(self) -> char {
        match self {
            Unit::Year => 'Y',
            Unit::Month | Unit::Minute => 'M',
            Unit::Week => 'W',
            Unit::Day => 'D',
            Unit::Hour => 'H',
            Unit::Second => 'S',
        }
    }

    /// The word for it, as a unit of a range.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Unit::Year => "年",
            Unit::Month => "か月",
            Unit::Week => "週",
            Unit::Day => "日",
            Unit::Hour => "時間",
            Unit::Minute => "分",
            Unit::Second => "秒",
        }
    }
}

/// A duration that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Duration {
    /// ISO 8601.
    pub(crate) iso: String,
    /// The first unit, and how many of it.
    pub(crate) value: Decimal,
    pub(crate) unit: Unit,
    pub(crate) parts: usize,
    pub(crate) flags: Flags,
    pub(crate) end: usize,
}

/// The unit at `at` and where it ends. `alone`: nothing larger was read before it.
fn unit_at(
    reader: Reader<'_>,
    at: usize,
    quantity: &Quantity,
    alone: bool,
    counted_before: bool,
) -> Option<(Unit, usize)> {
    const MONTHS: &[&str] = &["か月", "ヶ月", "カ月", "ヵ月", "ケ月", "箇月", "個月", "月間"];
    const YEARS: &[&str] = &["か年", "ヶ年", "カ年", "ヵ年", "ケ年", "箇年"];
    let first = reader.at(at)?;
    match first {
        '年' => {
            let end = at + '年'.len_utf8();
            if let Some(end) = reader.eat(end, "間") {
                return Some((Unit::Year, end));
            }
            let other = reader
                .eat_any(end, &["度", "生", "次", "代", "目", "齢", "金", "号", "制", "分", "問題"])
                .is_some();
            (!other).then_some((Unit::Year, end))
        }
        '日' => {
            let end = at + '日'.len_utf8();
            if let Some(end) = reader.eat(end, "間") {
                return Some((Unit::Day, end));
            }
            if reader.eat_any(end, &["目", "本", "付", "号"]).is_some() {
                return None;
            }
            let counted = [
                "半",
                "以",
                "当",
                "あたり",
                "程",
                "前",
                "後",
                "未",
                "超",
                "にわた",
                "につき",
                "分",
                "ほど",
                "ぶり",
            ];
            // 1日3回
            let rate = reader.at(end).is_some_and(|c| c.is_ascii_digit());
            let marked =
                rate || reader.eat_any(end, &counted).is_some() || quantity.value > Decimal::from(31);
            (!alone || marked || counted_before).then_some((Unit::Day, end))
        }
        '週' => {
            let end = at + '週'.len_utf8();
            let end = reader.eat(end, "間").unwrap_or(end);
            (reader.eat_any(end, &["目", "号"]).is_none()).then_some((Unit::Week, end))
        }
        '時' => Some((Unit::Hour, reader.eat(at, "時間")?))
            .filter(|&(_, end)| reader.eat_any(end, &["目", "帯"]).is_none()),
        '分' => {
            let end = at + '分'.len_utf8();
            if let Some(end) = reader.eat(end, "間") {
                return Some((Unit::Minute, end));
            }
            // 3分の1 is a share, 十分な a word, 2分野 a number of fields.
            let words = ["の", "な", "に", "野", "類", "科", "担", "析", "離", "団", "署", "配", "割", "布"];
            (reader.eat_any(end, &words).is_none()).then_some((Unit::Minute, end))
        }
        '秒' => {
            let end = at + '秒'.len_utf8();
            Some((Unit::Second, reader.eat(end, "間").unwrap_or(end)))
        }
        _ => {
            if let Some(end) = reader.eat_any(at, YEARS) {
                return Some((Unit::Year, reader.eat(end, "間").unwrap_or(end)));
            }
            let end = reader.eat_any(at, MONTHS)?;
            let end = reader.eat(end, "間").unwrap_or(end);
            (reader.eat(end, "目").is_none()).then_some((Unit::Month, end))
        }
    }
}

/// まる1日, 約3日: the number at `at` is counted, not a day of the month.
pub(crate) fn is_counted(reader: Reader<'_>, at: usize) -> bool {
    let before = &reader.text[..at];
    ["まる", "丸", "約", "あと", "延べ", "毎", "計", "泊"].iter().any(|word| before.ends_with(word))
}

/// 半日, 半年, 半世紀: the ISO text and the end.
pub(crate) fn half(reader: Reader<'_>, at: usize) -> Option<(&'static str, usize)> {
    const WORDS: &[(&str, &str)] =
        &[("世紀", "P50Y"), ("年", "P0.5Y"), ("月", "P0.5M"), ("日", "P0.5D"), ("時間", "PT0.5H")];
    if reader.before(at).is_some_and(|c| is_han(c) || c.is_ascii_alphanumeric()) {
        return None;
    }
    let unit = reader.eat(at, "半")?;
    let (iso, end) = WORDS.iter().find_map(|(word, iso)| reader.eat(unit, word).map(|end| (*iso, end)))?;
    Some((iso, reader.eat(end, "間").unwrap_or(end)))
}

/// The duration that begins with `quantity`.
pub(crate) fn read(reader: Reader<'_>, start: usize, quantity: &Quantity) -> Option<Duration> {
    let counted = is_counted(reader, start);
    let mut number = *quantity;
    let mut last = None;
    let mut duration: Option<Duration> = None;
    while let Some((unit, mut end)) =
        unit_at(reader, reader.space(number.end), &number, last.is_none(), counted)
    {
        if last.is_some_and(|last| unit <= last) {
            break;
        }
        let mut value = number.value;
        let half =
            reader.eat(end, "半").filter(|&half| reader.eat_any(half, &["期", "年", "数", "額"]).is_none());
        if let Some(half) = half {
            value = value.checked_add(Decimal::new(5, 1))?;
            end = half;
        }
        let duration = duration.get_or_insert_with(|| Duration {
            iso: String::from("P"),
            value,
            unit,
            parts: 0,
            flags: if number.kanji { Flags::NONE.with(Flag::Kanji) } else { Flags::NONE },
            end,
        });
        if unit >= Unit::Hour && !duration.iso.contains('T') {
            duration.iso.push('T');
        }
        duration.iso.push_str(&value.normalize().to_string());
        duration.iso.push(unit.letter());
        duration.parts += 1;
        duration.end = end;
        last = Some(unit);
        if half.is_some() {
            break;
        }
        // 1か月と2日間: the next smaller unit may be joined; 10ヶ月と2,000時間 are two durations.
        let joined = reader.eat(end, "と");
        let Some(next) = quantity::read(reader, joined.unwrap_or(end)) else { break };
        if joined.is_some() {
            let smaller = unit_at(reader, reader.space(next.end), &next, false, counted);
            if smaller.is_none_or(|(smaller, _)| Some(smaller) != unit.next()) {
                break;
            }
        }
        number = next;
    }
    duration
}
