//! Which characters an expression can begin with.

/// What may begin at a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
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

/// The characters of each trigger.
const TRIGGERS: &[(Trigger, &str)] = &[
    (Trigger::Digit, "0123456789"),
    (Trigger::Latin, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),
    (Trigger::Kanji, "〇零一二三四五六七八九十百千壱弐弍参肆伍陸漆捌玖拾佰仟阡陌"),
    (Trigger::Date, "明大昭平令西年上下今本当前昨来翌通"),
    (Trigger::Ordinal, "第"),
    (Trigger::Half, "半"),
    (Trigger::Sign, "-+±△▲"),
    (Trigger::Wave, "～"),
    (Trigger::Shape, "○●◯□■×◇◆◎☆_"),
    (Trigger::Mark, "―ー…‥・.*/\\─━※な無空未集不非対算該特デ実設"),
    (
        Trigger::Enumerator,
        "(①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛❶❷❸❹❺❻❼❽❾❿㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉ⓐⓑⓒⓓⓔ⓪⓵⓶⓷⓸⓹",
    ),
];

/// For each character of the Basic Multilingual Plane 1 + the place of its trigger in [`TRIGGERS`], or 0.
static ROWS: [u8; 0x1_0000] = {
    let mut rows = [0; 0x1_0000];
    let mut row = 0;
    while row < TRIGGERS.len() {
        let bytes = TRIGGERS[row].1.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let (code, length) = decode(bytes, at);
            rows[code] = row as u8 + 1;
            at += length;
        }
        row += 1;
    }
    rows
};

/// One bit for each row of [`ROWS`] that is not 0: small enough to stay in the nearest cache.
static BITS: [u64; 1024] = {
    let mut bits = [0; 1024];
    let mut code = 0;
    while code < ROWS.len() {
        if ROWS[code] != 0 {
            bits[code >> 6] |= 1 << (code & 63);
        }
        code += 1;
    }
    bits
};

/// The code point at `at` of a text in UTF-8 and its length, for characters of the Basic Multilingual Plane; for any
/// other one U+FFFF.
const fn decode(bytes: &[u8], at: usize) -> (usize, usize) {
    let byte = bytes[at] as usize;
    match byte {
        0..=0x7F => (byte, 1),
        0xE0..=0xEF if at + 2 < bytes.len() => {
            ((byte & 0xF) << 12 | (bytes[at + 1] as usize & 0x3F) << 6 | (bytes[at + 2] as usize & 0x3F), 3)
        }
        0xC0..=0xDF if at + 1 < bytes.len() => ((byte & 0x1F) << 6 | (bytes[at + 1] as usize & 0x3F), 2),
        _ => (0xFFFF, 1),
    }
}

/// Whether what follows a character lets a date begin there: most 大 and 本 are parts of words.
fn is_followed(code: usize, bytes: &[u8], at: usize) -> bool {
    let Some(byte) = bytes.get(at) else { return false };
    let ascii = matches!(byte, b'0'..=b'9' | b' ' | b'\n' | b'.');
    let (next, _) = decode(bytes, at);
    let (Some(c), Some(next)) = (char::from_u32(code as u32), char::from_u32(next as u32)) else {
        return false;
    };
    let number = ascii || matches!(next, '元' | '○' | '●' | '□' | '◯' | '〇');
    match c {
        '明' => next == '治' || number,
        '大' => next == '正' || number,
        '昭' | '令' => next == '和' || number,
        '平' => next == '成' || number,
        '西' => next == '暦',
        '年' => next == '度' || next == ' ',
        '上' | '下' => next == '半' || next == '期',
        // 通年, 今年度.
        _ => next == '年',
    }
}

/// Whether kana or a kanji stands before `at`: the ー of a word, the 対 of 絶対.
fn is_inside_word(bytes: &[u8], at: usize) -> bool {
    let Some(before) = at.checked_sub(3).map(|start| &bytes[start..at]) else { return false };
    matches!(before, [0xE3, 0x81..=0x83, _] | [0xE4..=0xE9, ..])
}

/// The next place at or after `at` where something may begin.
pub(crate) fn next(text: &str, at: usize) -> Option<(usize, Trigger)> {
    let bytes = text.as_bytes();
    let mut at = at;
    while let Some(&byte) = bytes.get(at) {
        if byte < 0x80 {
            if BITS[byte as usize >> 6] >> (byte & 63) & 1 == 0 {
                at += 1;
                continue;
            }
        } else if let Some(&[first @ 0xE0..=0xEF, second, third]) = bytes[at..].first_chunk() {
            // The first two bytes of a character choose the word of its bit.
            let word = BITS[(first as usize & 0xF) << 6 | second as usize & 0x3F];
            if word >> (third & 0x3F) & 1 == 0 {
                at += 3;
                continue;
            }
        }
        let (code, length) = decode(bytes, at);
        if let Some((trigger, _)) = TRIGGERS.get((ROWS[code & 0xFFFF] as usize).wrapping_sub(1)) {
            let begins = match trigger {
                Trigger::Date => is_followed(code, bytes, at + length),
                // なし ends a word too: 記載なし.
                Trigger::Mark => !is_inside_word(bytes, at) || bytes[at..].starts_with("なし".as_bytes()),
                _ => true,
            };
            if begins {
                return Some((at, *trigger));
            }
        }
        at += length;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn triggers_are_found_where_they_stand() {
        // The な here is part of a word, the one behind the bracket may begin なし.
        assert_eq!(next("大きな本を平成", 0), Some(("大きな本を".len(), Trigger::Date)));
        assert_eq!(next("(なし", 1), Some((1, Trigger::Mark)));
        assert_eq!(next("ém𠮷5", 3), Some((7, Trigger::Digit)));
        assert_eq!(next("漢字", 0), None);
    }
}
