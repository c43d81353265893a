//! When a kanji numeral is a number, and when it is part of a word.

use crate::characters::{is_han, is_hiragana, is_katakana};
use crate::measure::{Measure, Of};
use crate::quantity;
use crate::reader::Reader;

/// The end of the run of kanji numerals at `at`.
pub(crate) fn run(reader: Reader<'_>, at: usize) -> usize {
    let mut end = at;
    while let Some(c) = reader.at(end).filter(|&c| !c.is_ascii() && is_numeral(c)) {
        end += c.len_utf8();
    }
    end.max(at + 1)
}

fn is_numeral(c: char) -> bool {
    quantity::begins(c) || "万億兆".contains(c)
}

/// Words that begin with a numeral and a counter, or with what looks like a date, and count nothing.
#[rustfmt::skip]
const IDIOMS: &[&str] = &[
    "一人ひとり", "一人一人", "一人暮", "一人親", "一人前", "一人っ子", "一人でも", "一部", "一般", "一回り", "一番", "一度", "一層", "一種の",
    "一連", "一環", "一時", "一体", "一元", "一切", "一丸", "一貫", "一段", "一面", "一本", "一組", "一期一会", "一件落着", "一戸建", "一年生",
    "一対一", "一個人", "一点", "一号", "一級", "二級", "三級", "一次", "二次", "三次", "一課", "二課", "一端", "一目", "一校", "一大", "一歩",
    "一旦", "一通り", "一条", "一円", "一杯", "一週", "一軒家", "一両日", "一匹狼", "一日も", "一生", "一律", "一括", "一定", "一致", "一覧",
    "一方", "一社員", "二重", "二人三脚", "三者", "三角", "三回忌", "三種の", "三日坊主", "三日月", "三十三間堂", "四角", "四季", "四半期",
    "四六時", "五月雨", "五分五分", "五輪", "七夕", "七五三", "七回忌", "八百屋", "八百長", "十分", "十二分", "十字", "百人一首", "十人十色", "千代", "千羽鶴", "八千代",
    "四日市", "五日市", "八日市", "十日町",
];

/// Exceptions to [`IDIOMS`]: they count after all.
const COUNTS: &[&str] =
    &["一時間", "十分間", "一部屋", "一年間", "一週間", "一本の", "一点の", "一杯の", "一度に"];

/// Whether the kanji numeral at `at` begins a word that counts nothing.
pub(crate) fn is_idiom(reader: Reader<'_>, at: usize) -> bool {
    let Some(rest) = reader.text.as_bytes().get(at..) else { return false };
    // Each word has two characters or more, and most differ in the last bytes of those.
    let begins = |word: &str| match (rest, word.as_bytes()) {
        ([_, _, a, _, _, b, ..], word @ [_, _, c, _, _, d, ..]) => a == c && b == d && rest.starts_with(word),
        _ => false,
    };
    IDIOMS.iter().any(|word| begins(word))
        && !COUNTS.iter().any(|word| begins(word))
        && !reader.before(at).is_some_and(quantity::begins)
}

/// Kanji that may stand before a number written in kanji.
const BEFORE: &str = "約計各全第延平均毎他満対前後年者数額費口率値長高量度人";

/// Kanji that may stand behind a unit, or behind a number without one.
const BEHIND: &str = "以未程前後超弱強近当中分増減目";

/// Counters that make even one numeral a number, whatever follows: 四粒飲む.
const EVERYDAY: &str = "人名匹粒台枚冊個件回本頭羽か箇ヶ社校棟世戸床円店";

/// Whether what was read from `at` counts something.
pub(crate) fn counts(reader: Reader<'_>, at: usize, measure: &Measure) -> bool {
    let quantity = measure.quantity;
    if !quantity.kanji {
        return true;
    }
    let before = reader.before(at);
    if before.is_some_and(|c| "数何幾第".contains(c) || !c.is_ascii() && is_numeral(c)) {
        return false;
    }
    // 百余り, 十数人.
    if reader.at(measure.end).is_some_and(|c| "数余幾".contains(c)) {
        return false;
    }
    let one = quantity.numerals == 1;
    let free = !before.is_some_and(|c| is_han(c) && !BEFORE.contains(c));
    // Of a long text this would be trimmed for every numeral in it.
    let whole = || {
        reader.text.len() <= 256
            && reader.text[..at].trim_start().is_empty()
            && reader.text[measure.end..].trim_end().is_empty()
    };
    let cut = |end| reader.at(end).is_some_and(|c| is_han(c) && !BEHIND.contains(c));
    let counted = match &measure.of {
        Of::Percent => free || !one,
        Of::Duration(_) => !one || free && !cut(measure.end),
        Of::Number(Some(_)) if reader.at(measure.unit).is_some_and(is_katakana) => true,
        Of::Number(Some(unit)) if one => {
            let everyday = reader.at(measure.unit).is_some_and(|c| EVERYDAY.contains(c));
            free && (!cut(*unit) || everyday && reader.at(at) != Some('一'))
        }
        Of::Number(Some(unit)) => free || !cut(*unit),
        Of::Number(None) => free && bare(reader, at, measure.end, one),
    };
    counted || whole()
}

/// Whether a numeral without a unit is a number: 答えは百億です, 一と二百三十四.
fn bare(reader: Reader<'_>, at: usize, end: usize, one: bool) -> bool {
    let Some(next) = reader.at(end) else { return true };
    let before = reader.before(at);
    if next.is_whitespace() || "、。,.・)」】～-/:%".contains(next) {
        // A name ends so too: 栗三、.
        return !one || !before.is_some_and(is_han);
    }
    if one {
        // グループ一の, but not 市一の坂.
        let the = reader.eat(end, "の").is_some() && !before.is_some_and(is_katakana);
        let particle =
            reader.eat_any(end, &["は", "と", "です", "を", "が", "に", "で", "つ", "の"]).is_some();
        return particle && !the && !before.is_some_and(is_han);
    }
    is_hiragana(next) || BEHIND.contains(next) || !is_han(next) && !is_katakana(next)
}
