//! Ranges of measures: 5～10％, 20歳以上65歳未満, 1から2日間.

use rust_decimal::Decimal;

use crate::flags::{Flag, Flags};
use crate::measure::{self, Measure, Of};
use crate::reader::Reader;
use crate::{quantity, units};

/// The unit of a measure, in its canonical form.
pub(crate) fn unit_of(reader: Reader<'_>, measure: &Measure) -> Option<String> {
    match &measure.of {
        Of::Percent => Some("％".to_owned()),
        Of::Duration(duration) => Some(duration.unit.word().to_owned()),
        Of::Number(end) => end.map(|end| units::canonical(&reader.text[measure.unit..end]).to_owned()),
    }
}

/// 以上, 未満 and the like behind a count.
pub(crate) fn count_tail(reader: Reader<'_>, at: usize) -> (Flags, usize) {
    const WORDS: &[(&str, Flag)] = &[
        ("以上", Flag::Ge),
        ("以内", Flag::Le),
        ("以下", Flag::Le),
        ("未満", Flag::Lt),
        ("超", Flag::Gt),
        ("程度", Flag::Approx),
        ("前後", Flag::Approx),
        ("ほど", Flag::Approx),
        ("弱", Flag::Approx),
        ("強", Flag::Approx),
    ];
    if reader.at(at).is_none_or(|c| c.is_ascii()) {
        return (Flags::NONE, at);
    }
    WORDS
        .iter()
        .find_map(|(word, flag)| reader.eat(at, word).map(|end| (Flags::NONE.with(*flag), end)))
        .unwrap_or((Flags::NONE, at))
}

/// The upper end of a range of measures: its measure, the end, flags.
pub(crate) fn upper(reader: Reader<'_>, low: &Measure) -> Option<(Measure, usize, Flags)> {
    let mut flags = Flags::NONE;
    let (tail, after) = count_tail(reader, low.end);
    let at = reader.space(after);
    let (next, joint) = match reader.at(at)? {
        '～' => (reader.gap(at + '～'.len_utf8()), '～'),
        '-' | '―' => (at + reader.at(at)?.len_utf8(), '-'),
        'か' => (reader.eat(at, "から")?, 'か'),
        c if tail.contains(Flag::Ge) && quantity::begins(c) => (at, '以'),
        _ => return None,
    };
    if !reader.at(next).is_some_and(|c| quantity::begins(c) || "-△▲".contains(c)) {
        return None;
    }
    let high = measure::read(reader, next)?;
    if high.value < low.value && scale_alike(low, &high).0 > high.value {
        return None;
    }
    let bare = matches!(low.of, Of::Number(None));
    let same = match (&low.of, &high.of) {
        (Of::Duration(low), Of::Duration(high)) => low.unit == high.unit && low.parts == 1 && high.parts == 1,
        (Of::Number(None), Of::Duration(high)) => high.parts == 1,
        (Of::Percent, Of::Percent) | (Of::Number(None), _) => true,
        (Of::Number(Some(_)), Of::Number(Some(_))) => unit_of(reader, low) == unit_of(reader, &high),
        _ => false,
    };
    let measured = !matches!(high.of, Of::Number(None));
    let mut end = high.end;
    let joined = match joint {
        '～' => same,
        '-' => same && measured && at == low.end,
        'か' => {
            let until = reader.eat(high.end, "まで");
            end = until.unwrap_or(end);
            same && measured && (bare || until.is_some())
        }
        _ => {
            let (upper, after) = count_tail(reader, high.end);
            if upper.contains(Flag::Lt) {
                flags.insert(Flag::HiExclusive);
            }
            end = after;
            same && !bare && (upper.contains(Flag::Lt) || upper.contains(Flag::Le))
        }
    };
    if matches!(high.of, Of::Duration(_)) {
        flags.insert(Flag::Duration);
    }
    joined.then_some((high, end, flags))
}

/// Both ends in the scale that only the upper one prints: 5～6万人 is 50000 to 60000.
pub(crate) fn scale_alike(low: &Measure, high: &Measure) -> (Decimal, Decimal) {
    let alike = high.quantity.scale.filter(|_| !low.quantity.scaled && matches!(low.of, Of::Number(None)));
    let wari = high.flags.contains(Flag::Wari) && !low.flags.contains(Flag::Wari);
    let factor = if wari { Some(Decimal::TEN) } else { alike };
    match factor.and_then(|factor| low.value.checked_mul(factor)) {
        Some(scaled) if scaled <= high.value => (scaled, high.value),
        _ => (low.value, high.value),
    }
}
