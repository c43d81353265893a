//! When a kanji numeral is a number, and when it is part of a word.

use crate::characters::{is_han, is_hiragana, is_katakana};
use crate::measure::{Measure, Of};
use crate::quantity;
use crate::reader::Reader;

/// The end of the run of kanji numerals at `at`.
pub(crate) fn run(reader: Reader<'_>, at: usize) -> usize {
    let mut end = at;
    while let Some(c) =
        reader.at(end).filter(|&c| !c.is_ascii() && (quantity::begins(c) || "万億兆".contains(c)))
    {
        end += c.len_utf8();
    }
    end.max(at + 1)
}

/// Words that begin with a numeral and a counter and count nothing.
const IDIOMS: &[&str] = &[
    "一人ひとり",
    "一人一人",
    "一人暮",
    "一人親",
    "一人前",
    "一人っ子",
    "一人でも",
    "一部",
    "一般",
    "一回り",
    "一番",
    "一度",
    "一層",
    "一種の",
    "一連",
    "一環",
    "一時",
    "一体",
    "一元",
    "一切",
    "一丸",
    "一貫",
    "一段",
    "一面",
    "一本化",
    "一組織",
    "一期一会",
    "一件落着",
    "一戸建",
    "一年生",
    "一対一",
    "一個人",
    "一点",
    "一号",
    "一級",
    "二級",
    "三級",
    "一次",
    "二次",
    "三次",
    "一課",
    "二課",
    "一端",
    "一目",
    "一校",
    "一大",
    "一歩",
    "一旦",
    "一通り",
    "一条",
    "十分",
    "十二分",
    "百人一首",
    "七五三",
    "千代",
    "八千代",
    "五分五分",
    "四半期",
    "三角",
    "四角",
    "一円",
    "一本",
    "一杯",
    "一週",
    "一軒家",
    "十字",
    "一両日",
    "二人三脚",
    "三者",
    "一匹狼",
    "四六時",
    "一日も",
    "三日坊主",
    "一生",
    "一律",
    "一括",
    "一定",
    "一致",
    "一覧",
    "一方",
    "二重",
    "一時間半",
    "三十三間堂",
    "五月雨",
    "三日月",
    "七夕",
    "八百屋",
    "八百長",
    "十日町",
    "四日市",
    "五日市",
    "八日市",
    "廿日市",
    "三種の",
    "一社員",
];

/// Exceptions to [`IDIOMS`]: they count after all.
const COUNTS: &[&str] =
    &["一時間", "十分間", "一部屋", "一年間", "一週間", "一本の", "一点の", "一杯の", "一度に"];

/// Whether the kanji numeral at `at` begins a word that counts nothing.
pub(crate) fn is_idiom(reader: Reader<'_>, at: usize) -> bool {
    if reader.eat_any(at, COUNTS).is_some() {
        return false;
    }
    let tens = reader.before(at).is_some_and(quantity::begins);
    !tens && reader.eat_any(at, IDIOMS).is_some()
}

/// Kanji that may stand before a number written in kanji.
const BEFORE: &str = "約計各全第延平均毎他満対前後年者数額費口率値長高量度人";

/// Whether what was read from `at` counts something.
pub(crate) fn counts(reader: Reader<'_>, at: usize, measure: &Measure) -> bool {
    let quantity = measure.quantity;
    if !quantity.kanji {
        return true;
    }
    let before = reader.before(at);
    if before.is_some_and(|c| {
        "数何幾第".contains(c) || !c.is_ascii() && (quantity::begins(c) || "万億兆".contains(c))
    }) {
        return false;
    }
    let next = reader.at(measure.end);
    // 数十人, 十数人, 百余り.
    if next.is_some_and(|c| "数余幾".contains(c)) {
        return false;
    }
    let free = !before.is_some_and(|c| is_han(c) && !BEFORE.contains(c));
    let whole = reader.text.trim().len() == measure.end - at;
    if whole {
        return true;
    }
    let one = quantity.numerals == 1;
    match &measure.of {
        Of::Percent => free || !one,
        Of::Duration(_) => {
            free && !(one
                && reader.at(measure.end).is_some_and(|c| is_han(c) && !"以未程前後超弱強近".contains(c)))
        }
        Of::Number(Some(unit)) => {
            let cut = reader
                .at(*unit)
                .is_some_and(|c| is_han(c) && !"以未程前後超弱強近当中分増減目が".contains(c));
            let katakana = reader.at(measure.unit).is_some_and(is_katakana);
            free && !(one && cut && !katakana) || !one && !cut
        }
        Of::Number(None) => free && bare(reader, at, measure),
    }
}

/// Whether a numeral without a unit is a number: 答えは百億です, 一と二百三十四.
fn bare(reader: Reader<'_>, at: usize, measure: &Measure) -> bool {
    let end = measure.end;
    let Some(next) = reader.at(end) else { return true };
    if next.is_whitespace() || "、。,.・)」】～-/:%".contains(next) {
        // A name ends so too: 栗三、.
        return measure.quantity.numerals > 1 || !reader.before(at).is_some_and(is_han);
    }
    if measure.quantity.numerals == 1 {
        let particle = reader.eat_any(end, &["は", "と", "です", "を", "が", "に", "つ", "の"]).is_some();
        let plain = reader.before(at).is_none_or(|c| !is_han(c));
        let the = reader.eat(end, "の").is_some() && !reader.before(at).is_some_and(is_katakana);
        return particle && plain && !the;
    }
    is_hiragana(next) || !is_han(next) && !is_katakana(next)
}
