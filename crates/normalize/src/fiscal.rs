//! Parts of a fiscal year: its first and last day, halves, quarters.

use crate::calendar::{Calendar, Shape};
use crate::characters;
use crate::flags::{Flag, Flags};
use crate::reader::{Reader, kanji_digit};

/// What follows 年度: a part of it, or nothing.
pub(crate) fn part(reader: Reader<'_>, at: usize) -> (Shape, usize, Flags) {
    let next = reader.space(at);
    let next = reader.eat(next, "の").filter(|&next| half_or_quarter(reader, next).is_some()).unwrap_or(next);
    // A bracket closes what it opened, whatever lies between: （令和元年度 … 末）.
    let closed = reader.text[at..].trim_start();
    let far = reader.text.len() - closed.len();
    let far = if far <= at + 6 {
        point(reader, far).filter(|&(_, end, _)| reader.eat(end, ")").is_some())
    } else {
        None
    };
    if let Some((shape, end, flag)) = point(reader, reader.gap(at)).or(far) {
        return (shape, end, Flags::NONE.with(flag));
    }
    match half_or_quarter(reader, next).or_else(|| half_of_fiscal_year(reader, next)) {
        Some((shape, end)) => (shape, end, Flags::NONE),
        None => (Shape::FiscalYear, at, Flags::NONE),
    }
}

fn point(reader: Reader<'_>, at: usize) -> Option<(Shape, usize, Flag)> {
    const START: &[&str] = &["当初", "初頭", "初め", "はじめ", "始め", "期首", "始"];
    const END: &[&str] = &["末日", "末", "終わり", "おわり"];
    // 当初予算 is a budget and no day.
    let start =
        reader.eat_any(at, START).filter(|&end| reader.eat_any(end, &["予算", "計画", "案", "比"]).is_none());
    if let Some(end) = start {
        return Some((Shape::FiscalStart, end, Flag::FyStart));
    }
    reader.eat_any(at, END).map(|end| (Shape::FiscalEnd, end, Flag::FyEnd))
}

/// Halves that 年度 must stand before, since 年 and 前半 make another stretch: 2021年前半.
fn half_of_fiscal_year(reader: Reader<'_>, at: usize) -> Option<(Shape, usize)> {
    let first = reader.eat_any(at, &["前半期", "前期", "前半"]).map(|end| (Shape::Half(1), end));
    first.or_else(|| reader.eat_any(at, &["後半期", "後期", "後半"]).map(|end| (Shape::Half(2), end)))
}

/// 上半期, 第1四半期, 第２・四半期, 1Q.
pub(crate) fn half_or_quarter(reader: Reader<'_>, at: usize) -> Option<(Shape, usize)> {
    if let Some(end) = reader.eat_any(at, &["上半期", "上期"]) {
        return Some((Shape::Half(1), end));
    }
    if let Some(end) = reader.eat_any(at, &["下半期", "下期"]) {
        return Some((Shape::Half(2), end));
    }
    if let Some(end) = reader.eat(at, "第") {
        // Not as an integer: the 四 of 第一四半期 is none of it.
        let at = reader.space(end);
        let digit = reader.at(at)?;
        let n = digit
            .to_digit(10)
            .map(|n| n as u8)
            .or_else(|| kanji_digit(digit))
            .filter(|n| (1..=4).contains(n))?;
        let end = reader.space(at + digit.len_utf8());
        let end = reader.eat(end, "・").unwrap_or(end);
        return Some((Shape::Quarter(n), reader.eat(end, "四半期")?));
    }
    let (n, end) = match reader.at(at)? {
        'Q' => (reader.at(at + 1).filter(char::is_ascii_digit)?, at + 2),
        n if n.is_ascii_digit() => (n, reader.eat_any(at + 1, &["Q", "四半期"])?),
        _ => return None,
    };
    let ends = !reader.at(end).is_some_and(|c| c.is_ascii_alphanumeric());
    let n = n.to_digit(10).filter(|n| ends && (1..=4).contains(n))?;
    Some((Shape::Quarter(n as u8), end))
}

/// Parts that stand without a year, and years named by their place: 年度当初, 上半期, 今年度末.
pub(crate) fn alone(reader: Reader<'_>, at: usize) -> Option<(Calendar, usize)> {
    const RELATIVE: &[(&str, i8)] = &[
        ("今年度", 0),
        ("本年度", 0),
        ("当年度", 0),
        ("前年度", -1),
        ("昨年度", -1),
        ("来年度", 1),
        ("翌年度", 1),
    ];
    let first = reader.at(at)?;
    if !"今本当前昨来翌通年第上下".contains(first) {
        return None;
    }
    if let Some((end, offset)) =
        RELATIVE.iter().find_map(|(word, by)| reader.eat(at, word).map(|end| (end, *by)))
    {
        // 前年度比, 前年度同月, 前年度並み compare.
        if reader.eat_any(end, &["比", "同", "並", "繰"]).is_some() {
            return None;
        }
        let (shape, end, flags) = part(reader, end);
        let flags = flags.with(Flag::Relative);
        let calendar = Calendar { offset, flags, ..Calendar::new(shape) };
        return Some((calendar, end));
    }
    if let Some(end) = reader.eat(at, "通年") {
        // 普通年, 通年度 and 通年齢 are other words.
        let word = reader.before(at).is_some_and(characters::is_han)
            || reader.at(end).is_some_and(|c| "度齢生金".contains(c));
        return (!word).then_some((Calendar::new(Shape::WholeYear), end));
    }
    if let Some(end) = reader.eat(at, "年度") {
        let (shape, end, flag) = point(reader, end)?;
        let mut calendar = Calendar::new(shape);
        calendar.flags.insert(flag);
        return (!reader.before(at).is_some_and(characters::is_han)).then_some((calendar, end));
    }
    // 前期 and 後半 alone are words; so is a quarter without 第.
    let half = ["上半期", "下半期", "上期", "下期"];
    if first == '第' || reader.eat_any(at, &half).is_some() {
        let (shape, end) = half_or_quarter(reader, at)?;
        return Some((Calendar::new(shape), end));
    }
    None
}
