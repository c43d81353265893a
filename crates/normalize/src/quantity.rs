//! A number as printed: digits with separators, kanji numerals, 万 and 億.

use rust_decimal::Decimal;

use crate::reader::{Reader, kanji_digit};

/// A number that was read, without its sign and unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quantity {
    pub(crate) value: Decimal,
    /// Digits printed behind the decimal point.
    pub(crate) decimals: u32,
    pub(crate) end: usize,
    /// Written with kanji digits or 十, 百, 千 and no other digit.
    pub(crate) kanji: bool,
    /// How many numerals, scales included.
    pub(crate) numerals: usize,
    /// Has 十, 百, 千, 万 or 億.
    pub(crate) scaled: bool,
    /// What 万 or 千円 multiplies by, where it does so for all of the number.
    pub(crate) scale: Option<Decimal>,
    /// Groups parted by spaces.
    pub(crate) spaced: bool,
}

/// A run of digits.
#[derive(Clone, Copy)]
struct Digits {
    value: Decimal,
    decimals: u32,
    numerals: usize,
    kanji: bool,
    end: usize,
}

/// What Decimal can hold with certainty.
const MOST_DIGITS: usize = 28;

/// ASCII digits, with groups of three behind commas, and decimals.
fn ascii_digits(reader: Reader<'_>, at: usize) -> Option<Digits> {
    let bytes = reader.text.as_bytes();
    let run = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let first = run(at);
    if first == 0 || first > MOST_DIGITS {
        return None;
    }
    let mut end = at + first;
    let mut numerals = first;
    if first <= 3 {
        while numerals < MOST_DIGITS - 3
            && let Some(next) = comma(reader, end)
            && run(next) == 3
        {
            end = next + 3;
            numerals += 3;
        }
    }
    let whole = end;
    let mut decimals = 0;
    if bytes.get(end) == Some(&b'.') {
        let run = run(end + 1);
        // A second point makes it a list, a section or an address.
        let listed = bytes.get(end + 1 + run) == Some(&b'.')
            && bytes.get(end + 2 + run).is_some_and(u8::is_ascii_digit);
        let behind = at > 1 && bytes[at - 1] == b'.' && bytes[at - 2].is_ascii_digit();
        if run > 0 && numerals + run <= MOST_DIGITS && !listed && !behind {
            decimals = run as u32;
            end += 1 + run;
        }
    }
    let digits = bytes[at..whole].iter().chain(&bytes[whole..end]).filter(|byte| byte.is_ascii_digit());
    let mantissa = digits.fold(0_i128, |value, byte| value * 10 + i128::from(byte - b'0'));
    let value = Decimal::try_from_i128_with_scale(mantissa, decimals).ok()?;
    Some(Digits { value, decimals, numerals: numerals + decimals as usize, kanji: false, end })
}

/// Behind the comma between two groups. A gap before it is letter-spacing (1 , 192 , 533), one only behind it a list.
fn comma(reader: Reader<'_>, at: usize) -> Option<usize> {
    match reader.eat(at, ",") {
        Some(next) => Some(next),
        None => Some(reader.space(reader.eat(reader.eat(at, " ")?, ",")?)),
    }
}

/// Kanji digits in a row: 二〇二〇.
fn kanji_digits(reader: Reader<'_>, at: usize) -> Option<Digits> {
    let (mut mantissa, mut numerals, mut end) = (0_i128, 0, at);
    while let Some((c, digit)) = reader.at(end).and_then(|c| Some((c, numeral(c)?))) {
        numerals += 1;
        if numerals > MOST_DIGITS {
            return None;
        }
        mantissa = mantissa * 10 + i128::from(digit);
        end += c.len_utf8();
    }
    let value = Decimal::try_from_i128_with_scale(mantissa, 0).ok()?;
    (numerals > 0).then_some(Digits { value, decimals: 0, numerals, kanji: true, end })
}

/// A kanji digit, the forms that deeds use included.
fn numeral(c: char) -> Option<u8> {
    kanji_digit(c).or(match c {
        '壹' => Some(1),
        '弍' | '貳' | '貮' => Some(2),
        '參' => Some(3),
        '肆' => Some(4),
        '伍' => Some(5),
        '陸' => Some(6),
        '漆' | '柒' => Some(7),
        '捌' => Some(8),
        '玖' => Some(9),
        _ => None,
    })
}

/// 十, 百, 千: the exponent of ten.
fn small_scale(c: char) -> Option<u32> {
    match c {
        '十' | '拾' => Some(1),
        '百' | '佰' | '陌' => Some(2),
        '千' | '仟' | '阡' => Some(3),
        _ => None,
    }
}

/// 万, 億: the exponent of ten.
fn large_scale(c: char) -> Option<u32> {
    match c {
        '万' | '萬' => Some(4),
        '億' => Some(8),
        '兆' => Some(12),
        '京' => Some(16),
        '垓' => Some(20),
        _ => None,
    }
}

/// Whether a number can begin with `c`.
pub(crate) fn begins(c: char) -> bool {
    c.is_ascii_digit() || numeral(c).is_some() || small_scale(c).is_some()
}

fn is_scale(c: char) -> bool {
    small_scale(c).is_some() || large_scale(c).is_some()
}

/// Whether 十, 万 or the like stands at `at`.
pub(crate) fn is_scale_at(reader: Reader<'_>, at: usize) -> bool {
    reader.at(at).is_some_and(is_scale)
}

fn power(exponent: u32) -> Decimal {
    Decimal::try_from_i128_with_scale(10_i128.pow(exponent), 0).unwrap_or(Decimal::MAX)
}

/// The sum so far: what is closed by 万 and 億, the thousands since, the digits since.
struct Sum {
    total: Decimal,
    section: Decimal,
    current: Option<Digits>,
    /// The exponents that the next scales must stay below.
    small: u32,
    large: u32,
    /// The digits that the number began with, while nothing but scales follow them.
    first: Option<Decimal>,
    found: Quantity,
}

impl Sum {
    fn below(&self, value: Decimal) -> bool {
        value < power(if self.small < 4 { self.small } else { self.large.min(24) })
    }

    fn digits(&mut self, digits: Digits) {
        self.found.numerals += digits.numerals;
        self.found.kanji &= digits.kanji;
        self.found.decimals = digits.decimals;
        self.found.end = digits.end;
        self.first = if self.found.scaled { None } else { Some(digits.value) };
        self.current = Some(digits);
    }

    /// Takes a scale; `None` if it cannot stand here.
    fn scale(&mut self, c: char) -> Option<()> {
        let current = self.current.map(|digits| digits.value);
        if let Some(exponent) = small_scale(c) {
            if exponent >= self.small {
                return None;
            }
            // 千〇十: the zero only fills a place.
            let part = current
                .filter(|value| !value.is_zero())
                .unwrap_or(Decimal::ONE)
                .checked_mul(power(exponent))?;
            self.section = self.section.checked_add(part)?;
            self.small = exponent;
        } else {
            let exponent = large_scale(c).filter(|&exponent| exponent < self.large)?;
            let part = self.section.checked_add(current.unwrap_or_default())?;
            if part.is_zero() {
                return None;
            }
            self.total = self.total.checked_add(part.checked_mul(power(exponent))?)?;
            self.section = Decimal::ZERO;
            self.large = exponent;
            self.small = 4;
        }
        self.current = None;
        self.found.numerals += 1;
        self.found.scaled = true;
        Some(())
    }

    fn finish(mut self) -> Option<Quantity> {
        let current = self.current.map(|digits| digits.value).unwrap_or_default();
        self.found.value = self.total.checked_add(self.section)?.checked_add(current)?;
        if self.found.scaled {
            self.found.value = self.found.value.normalize();
            let first = self.first.filter(|first| !first.is_zero());
            self.found.scale = first.and_then(|first| self.found.value.checked_div(first));
            self.found.decimals = self.found.value.scale();
        }
        Some(self.found)
    }
}

/// The number at `at`. `None` also where it has more digits than a [`Decimal`] holds.
pub(crate) fn read(reader: Reader<'_>, at: usize) -> Option<Quantity> {
    if let Some(grouped) = space_grouped(reader, at) {
        return Some(grouped);
    }
    let found = Quantity {
        value: Decimal::ZERO,
        decimals: 0,
        end: at,
        kanji: true,
        numerals: 0,
        scaled: false,
        scale: None,
        spaced: false,
    };
    let mut sum = Sum {
        total: Decimal::ZERO,
        section: Decimal::ZERO,
        current: None,
        small: 4,
        large: 24,
        first: None,
        found,
    };
    let mut next = at;
    while let Some(c) = reader.at(next) {
        if is_scale(c) {
            if sum.scale(c).is_none() {
                break;
            }
            next += c.len_utf8();
            sum.found.end = next;
        } else if sum.current.is_none() && (c.is_ascii_digit() || numeral(c).is_some()) {
            let Some(digits) = ascii_digits(reader, next).or_else(|| kanji_digits(reader, next)) else {
                break;
            };
            if sum.found.scaled && !sum.below(digits.value) {
                break;
            }
            next = digits.end;
            sum.digits(digits);
        } else if c == ' ' && continues(reader, reader.space(next), &sum) {
            next = reader.space(next);
        } else {
            break;
        }
    }
    if sum.found.numerals == 0 {
        return None;
    }
    let whole = sum.finish()?;
    Some(kanji_decimals(reader, whole).unwrap_or(whole))
}

/// 三点一四: the decimals of a kanji numeral.
fn kanji_decimals(reader: Reader<'_>, whole: Quantity) -> Option<Quantity> {
    let point = reader.eat(whole.end, "点").filter(|_| whole.kanji)?;
    let part = kanji_digits(reader, point).filter(|part| part.numerals <= 8)?;
    let decimals = part.numerals as u32;
    let value = whole.value.checked_add(part.value.checked_div(power(decimals))?)?;
    let numerals = whole.numerals + part.numerals;
    Some(Quantity { value, decimals, numerals, end: part.end, scale: None, ..whole })
}

/// Whether a number goes on behind a space: 591 万 5,956 件, 三千 八百.
fn continues(reader: Reader<'_>, at: usize, sum: &Sum) -> bool {
    let Some(c) = reader.at(at) else { return false };
    if sum.current.is_some() {
        // 万 of 万一 and the like begin a word.
        return is_scale(c) && (large_scale(c).is_some() || sum.found.scaled);
    }
    if !sum.found.scaled {
        return false;
    }
    match ascii_digits(reader, at).or_else(|| kanji_digits(reader, at)) {
        Some(digits) if digits.numerals <= 4 => {
            let behind = reader.space(digits.end);
            digits.numerals == 4 && digits.end > at + 4
                || reader.at(behind).is_some_and(is_scale)
                || digits.kanji && reader.is_end(digits.end)
        }
        _ => small_scale(c).is_some() && sum.found.kanji,
    }
}

/// 1 087 723: a line of its own, with two or more groups of three.
fn space_grouped(reader: Reader<'_>, at: usize) -> Option<Quantity> {
    if !reader.before(at).is_none_or(|c| c == '\n' || c == '-') {
        return None;
    }
    let bytes = reader.text.as_bytes();
    let run = |from: usize| bytes[from..].iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
    let mut end = at + Some(run(at)).filter(|digits| (1..=3).contains(digits))?;
    let mut groups = 0;
    while bytes.get(end) == Some(&b' ') && run(end + 1) == 3 && groups < 8 {
        end += 4;
        groups += 1;
    }
    let whole = end;
    let decimals = reader.eat(end, ".").map_or(0, run);
    if decimals > 0 {
        end += 1 + decimals;
    }
    let alone = reader.at(end).is_none_or(|c| c == '\n' || !c.is_ascii() && c != '～');
    if groups < 2 || !alone {
        return None;
    }
    let digits = bytes[at..end].iter().filter(|byte| byte.is_ascii_digit());
    let mantissa = digits.fold(0_i128, |value, byte| value * 10 + i128::from(byte - b'0'));
    let decimals = if end > whole { decimals as u32 } else { 0 };
    let value = Decimal::try_from_i128_with_scale(mantissa, decimals).ok()?;
    let numerals = 3 * groups;
    Some(Quantity { value, decimals, end, kanji: false, numerals, scaled: false, scale: None, spaced: true })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> String {
        read(Reader::new(text), 0)
            .filter(|found| found.end == text.len())
            .map_or(String::new(), |found| found.value.to_string())
    }

    #[test]
    fn scales() {
        assert_eq!(value("1万2千"), "12000");
        assert_eq!(value("3億5,000万"), "350000000");
        assert_eq!(value("1.5億"), "150000000");
        assert_eq!(value("250.32千"), "250320");
        assert_eq!(value("2234千億4256万6千"), "223400042566000");
        assert_eq!(value("四億五千六百四十二万零一十五"), "456420015");
        assert_eq!(value("591 万 5,956"), "5915956");
        assert_eq!(value("百億"), "10000000000");
    }

    #[test]
    fn digits() {
        assert_eq!(value("1,087,723"), "1087723");
        assert_eq!(value("10,000.233"), "10000.233");
        assert_eq!(value("90.40"), "90.40");
        assert_eq!(value("二〇二〇"), "2020");
        assert_eq!(value("1 087 723"), "1087723");
        assert_eq!(value("三点一四"), "3.14");
        assert_eq!(value("1 087"), "");
        assert_eq!(value("1 , 192 , 533"), "1192533");
        assert_eq!(value("1, 192"), "");
        assert_eq!(value("12,34"), "");
        assert_eq!(value("1.2.3"), "");
        assert_eq!(value(&"9".repeat(29)), "");
    }

    #[test]
    fn a_number_does_not_begin_with_a_large_scale() {
        assert_eq!(value("万"), "");
        assert_eq!(value("億"), "");
    }
}
