//! Units that stand away from their numbers: in a head, in a label, over a table.

use std::ops::Range;

use crate::stream::Stream;

/// Units of time in the one spelling; a number before one of them is read as a date or a duration.
const TIME: &[&str] = &["年", "か年", "年間", "月", "か月", "週", "週間", "日", "日間", "時間", "分", "秒"];

/// Number words that begin the unit of a table, as 千円 and 百万円.
const MULTIPLIERS: [char; 6] = ['十', '百', '千', '万', '億', '兆'];

/// True for a unit that begins with a number word.
pub(crate) fn is_multiple(unit: &str) -> bool {
    unit.starts_with(MULTIPLIERS)
}

/// True for a number word that the unit of a table begins with, and that is not written for a small number: 千, 百万.
pub(crate) fn begins_multiple(c: char) -> bool {
    c != '十' && MULTIPLIERS.contains(&c)
}

/// True for a word that counts or measures something when a number stands before it.
pub(crate) fn is_known(unit: &str) -> bool {
    let folded = chohyo_normalize::fold(unit);
    // Beside a number the 千 of 千円 would be read as the number's.
    let bare = folded.text().trim_start_matches(MULTIPLIERS);
    if TIME.contains(&bare) {
        return true;
    }
    let text = format!("1{bare}");
    let number = chohyo_normalize::number(&text);
    number.and_then(|n| n.unit).is_some_and(|(_, span)| span.start == 1 && span.end == text.len())
}

/// The unit that a label ends with in brackets: 千円 of `決算額（千円）`, 人 of `人口（単位：人）`.
pub(crate) fn in_brackets(label: &str) -> Option<String> {
    let folded = chohyo_normalize::fold(label);
    let text = folded.text().trim();
    let (_, inner) = text.strip_suffix([')', ']'])?.rsplit_once(['(', '['])?;
    let inner: String = inner.chars().filter(|c| !c.is_whitespace()).collect();
    let inner = inner.strip_prefix("単位").map_or(inner.as_str(), |rest| rest.trim_start_matches([':', '/']));
    is_known(inner).then(|| inner.to_owned())
}

/// A line that gives the unit of a table: `（単位：千円）`.
#[derive(Clone, Debug)]
pub(crate) struct Caption {
    pub atoms: Range<u32>,
    /// `None` where it gives several: then each row knows its own.
    pub unit: Option<String>,
}

/// The unit captions of these lines, in reading order.
pub(crate) fn captions(stream: &Stream<'_>, lines: &[Range<u32>]) -> Vec<Caption> {
    let mut out = Vec::new();
    for line in lines.iter().flat_map(Clone::clone) {
        for atoms in stream.fields_in(stream.lines[line as usize].atoms.clone()) {
            let text = stream.spelled(atoms.clone());
            let inner = text.trim_start_matches(['(', '[', '【']).trim_end_matches([')', ']', '】']);
            let Some(rest) = inner.strip_prefix("単位") else { continue };
            let unit = rest.trim_start_matches([':', '/']);
            let several = unit.split([',', '、', '・', '/']).all(|u| is_known(u.trim()));
            if several {
                let unit = is_known(unit).then(|| unit.to_owned());
                out.push(Caption { atoms, unit });
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spelling::canonical;

    #[test]
    fn units_of_time_are_written_in_the_one_spelling() {
        assert!(TIME.iter().all(|t| canonical(t).into_iter().eq(t.chars())));
    }

    #[test]
    fn units_that_are_known() {
        for unit in [
            "千円",
            "百万円",
            "人",
            "か所",
            "％",
            "㎡",
            "市町村",
            "床",
            "病院",
            "件",
            "日",
            "円",
            "km2",
            "世帯",
        ] {
            assert!(is_known(unit), "{unit}");
        }
        for unit in ["千丹", "目標", "", "R2", "実績"] {
            assert!(!is_known(unit), "{unit}");
        }
    }

    #[test]
    fn units_in_brackets() {
        for (label, unit) in [
            ("決算額（千円）", Some("千円")),
            ("人口(単位：人)", Some("人")),
            ("面積［㎢］", Some("㎢")),
            ("目標（R2）", None),
            ("決算額", None),
        ] {
            assert_eq!(in_brackets(label).as_deref(), unit, "{label}");
        }
    }
}
