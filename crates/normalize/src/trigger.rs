//! Which characters an expression can begin with.

/// What may begin at a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trigger {
    Digit,
    /// A kanji numeral.
    Kanji,
    Latin,
    /// An era, 西暦, 年度, 上半期, 今年度.
    Date,
    /// 第.
    Ordinal,
    /// A sign, a dash, a shape that is minus in accounts.
    Sign,
    Wave,
    /// A shape of template text.
    Shape,
    /// A null mark or a word for one.
    Mark,
    Enumerator,
    /// 半.
    Half,
}

/// The trigger of a folded character.
fn trigger(c: char) -> Option<Trigger> {
    Some(match c {
        '0'..='9' => Trigger::Digit,
        'A'..='Z' | 'a'..='z' => Trigger::Latin,
        '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百' | '千' | '〇' | '零' => {
            Trigger::Kanji
        }
        '壱' | '弐' | '弍' | '参' | '肆' | '伍' | '陸' | '漆' | '捌' | '玖' | '拾' | '佰' | '仟' | '阡'
        | '陌' => Trigger::Kanji,
        '明' | '大' | '昭' | '平' | '令' | '西' | '年' | '上' | '下' | '今' | '本' | '当' | '前' | '昨'
        | '来' | '翌' | '通' => Trigger::Date,
        '第' => Trigger::Ordinal,
        '半' => Trigger::Half,
        '-' | '+' | '±' | '△' | '▲' | '―' | 'ー' => Trigger::Sign,
        '～' => Trigger::Wave,
        '○' | '●' | '◯' | '□' | '■' | '×' | '◇' | '◆' | '◎' | '☆' | '_' => Trigger::Shape,
        '…' | '‥' | '*' | '/' | '\\' | '─' | '━' | '※' => Trigger::Mark,
        'な' | '無' | '空' | '未' | '集' | '不' | '非' | '対' | '算' | '該' | '特' | 'デ' | '実' | '設' => {
            Trigger::Mark
        }
        '('
        | '\u{2460}'..='\u{24FF}'
        | '\u{2776}'..='\u{2793}'
        | '\u{3220}'..='\u{3229}'
        | '\u{3280}'..='\u{3289}'
        | '\u{3251}'..='\u{325F}'
        | '\u{32B1}'..='\u{32BF}' => Trigger::Enumerator,
        _ => return None,
    })
}

/// The next place at or after `at` where something may begin.
pub(crate) fn next(text: &str, at: usize) -> Option<(usize, Trigger)> {
    text.get(at..)?.char_indices().find_map(|(offset, c)| trigger(c).map(|trigger| (at + offset, trigger)))
}
