//! One date: a day, a month, a year, a fiscal year or a part of one.

use crate::calendar::{Calendar, Shape, days_in_month};
use crate::flags::{Flag, Flags};
use crate::reader::Reader;
use crate::year::{self, Head, Style};
use crate::{characters, duration, fiscal};

/// A date that was read, and where it ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Date {
    pub(crate) calendar: Calendar,
    /// A Latin letter or one kanji and digits, with nothing that says that it is a year: R2, H27.
    pub(crate) brief: bool,
    pub(crate) end: usize,
}

impl Date {
    fn new(calendar: Calendar, end: usize) -> Date {
        Date { calendar, brief: false, end }
    }

    /// Whether it names a day, month or year that does not exist.
    pub(crate) fn is_invalid(&self) -> bool {
        let flags = self.calendar.flags;
        flags.contains(Flag::InvalidDay)
            || flags.contains(Flag::InvalidMonth)
            || flags.contains(Flag::InvalidYear)
    }
}

/// The date at `at`.
pub(crate) fn read(reader: Reader<'_>, at: usize) -> Option<Date> {
    if let Some(head) = year::head(reader, at) {
        if let Some(date) = after_head(reader, head) {
            return Some(date);
        }
        if head.era.is_some() {
            return None;
        }
    }
    month_first(reader, at)
        .or_else(|| day_only(reader, at))
        .or_else(|| day_month_year(reader, at))
        .or_else(|| fiscal::alone(reader, at).map(|(calendar, end)| Date::new(calendar, end)))
}

fn calendar_of(head: Head, shape: Shape) -> Calendar {
    let Head { era, year, short, flags, .. } = head;
    Calendar { year, era, short, flags, ..Calendar::new(shape) }
}

fn after_head(reader: Reader<'_>, head: Head) -> Option<Date> {
    match head.style {
        Style::FiscalYear => {
            let (shape, end, flags) = fiscal::part(reader, head.end);
            let mut calendar = calendar_of(head, shape);
            calendar.flags = calendar.flags.union(flags);
            Some(Date::new(calendar, end))
        }
        Style::Year => after_year(reader, head),
        Style::Bare => delimited(reader, head).or_else(|| bare(reader, head)),
    }
}

/// What may follow 年: a month, a part of the year, or nothing.
fn after_year(reader: Reader<'_>, head: Head) -> Option<Date> {
    let mut calendar = calendar_of(head, Shape::Year);
    let mut next = reader.gap(head.end);
    next = reader.eat_any(next, &["の", "/", "、"]).unwrap_or(next);
    if let Some(month) = reader.integer(reader.gap(next)).filter(|month| month.digits <= 3) {
        let slash = reader.eat(head.end, "/").is_some() && reader.eat_after_gap(month.end, "月").is_none();
        let end = if slash { Some(month.end) } else { eat_month(reader, month.end) };
        if let Some(end) = end {
            if month.kanji {
                calendar.flags.insert(Flag::Kanji);
            }
            return Some(after_month(reader, calendar, month.value, end));
        }
    }
    head.year?;
    let next = reader.gap(head.end);
    if let Some((shape, end)) = fiscal::half_or_quarter(reader, next) {
        calendar.shape = shape;
        calendar.flags.insert(Flag::CalendarYear);
        return Some(Date::new(calendar, end));
    }
    // 2025年問題 is a name, 1年生 a pupil.
    if reader.eat_any(head.end, &["問題", "生", "次", "金", "目"]).is_some() && head.era.is_none() {
        return None;
    }
    let (flags, end) = year_modifier(reader, head.end);
    calendar.flags = calendar.flags.union(flags);
    Some(Date::new(calendar, end))
}

/// 月 as the unit of a month's number, and not of a duration or a compound.
fn eat_month(reader: Reader<'_>, at: usize) -> Option<usize> {
    let end = reader.eat_after_gap(at, "月")?;
    let compound = matches!(reader.at(end), Some('間' | '曜' | '額' | '給' | '刊' | '謝' | '賦'));
    (!compound).then_some(end)
}

/// The rest of a date behind its month.
fn after_month(reader: Reader<'_>, mut calendar: Calendar, month: i32, end: usize) -> Date {
    calendar.shape = Shape::Month;
    let Some(month) = u8::try_from(month).ok().filter(|month| (1..=12).contains(month)) else {
        calendar.flags.insert(Flag::InvalidMonth);
        let end = reader
            .integer(reader.gap(end))
            .and_then(|day| reader.eat_after_gap(day.end, "日"))
            .unwrap_or(end);
        return Date::new(calendar, end);
    };
    calendar.month = Some(month);
    let mut next = reader.gap(end);
    next = reader.eat_any(next, &["の", "/"]).unwrap_or(next);
    let day = reader.integer(reader.gap(next)).filter(|day| day.digits <= 3);
    if let Some(day) = day {
        let slash = reader.eat(end, "/").is_some() && reader.eat_after_gap(day.end, "日").is_none();
        let day_end = if slash { Some(day.end) } else { eat_day(reader, day.end) };
        if let Some(day_end) = day_end {
            if day.kanji {
                calendar.flags.insert(Flag::Kanji);
            }
            set_day(&mut calendar, day.value);
            return Date::new(calendar, day_end);
        }
    }
    if let Some(last) = reader.eat_any(reader.gap(end), &["晦日", "みそか"]) {
        let last_day = days_in_month(calendar.year, month);
        set_day(&mut calendar, i32::from(last_day));
        calendar.flags.insert(Flag::MonthEnd);
        return Date::new(calendar, last);
    }
    let (flags, end) = month_modifier(reader, end);
    calendar.flags = calendar.flags.union(flags);
    Date::new(calendar, end)
}

fn eat_day(reader: Reader<'_>, at: usize) -> Option<usize> {
    let end = reader.eat_after_gap(at, "日")?;
    (!matches!(reader.at(end), Some('間' | '半' | '目' | '本' | '数'))).then_some(end)
}

fn set_day(calendar: &mut Calendar, day: i32) {
    calendar.shape = Shape::Day;
    let last = calendar.month.map_or(31, |month| days_in_month(calendar.year, month));
    match u8::try_from(day).ok().filter(|day| (1..=last).contains(day)) {
        Some(day) => calendar.day = Some(day),
        None => calendar.flags.insert(Flag::InvalidDay),
    }
}

/// 末, 上旬 and the like behind a month.
fn month_modifier(reader: Reader<'_>, at: usize) -> (Flags, usize) {
    const WORDS: &[(&str, Flag)] = &[
        ("末日", Flag::MonthEnd),
        ("月末", Flag::MonthEnd),
        ("末", Flag::MonthEnd),
        ("上旬", Flag::ModEarly),
        ("初旬", Flag::ModEarly),
        ("頭", Flag::ModEarly),
        ("初め", Flag::ModEarly),
        ("はじめ", Flag::ModEarly),
        ("当初", Flag::ModEarly),
        ("前半", Flag::ModEarly),
        ("中旬", Flag::ModMid),
        ("半ば", Flag::ModMid),
        ("下旬", Flag::ModLate),
        ("後半", Flag::ModLate),
        ("終わり", Flag::ModLate),
        ("おわり", Flag::ModLate),
    ];
    modifier(reader, at, WORDS)
}

fn year_modifier(reader: Reader<'_>, at: usize) -> (Flags, usize) {
    const WORDS: &[(&str, Flag)] = &[
        ("初頭", Flag::ModEarly),
        ("始め", Flag::ModEarly),
        ("上旬", Flag::ModEarly),
        ("中旬", Flag::ModMid),
        ("下旬", Flag::ModLate),
        ("頭", Flag::ModEarly),
        ("初め", Flag::ModEarly),
        ("はじめ", Flag::ModEarly),
        ("当初", Flag::ModEarly),
        ("前半", Flag::ModEarly),
        ("半ば", Flag::ModMid),
        ("後半", Flag::ModLate),
        ("末", Flag::ModLate),
        ("終わり", Flag::ModLate),
        ("おわり", Flag::ModLate),
    ];
    modifier(reader, at, WORDS)
}

fn modifier(reader: Reader<'_>, at: usize, words: &[(&str, Flag)]) -> (Flags, usize) {
    let next = reader.space(at);
    if reader.at(next).is_none_or(|c| c.is_ascii()) {
        return (Flags::NONE, at);
    }
    words
        .iter()
        .find_map(|(word, flag)| reader.eat(next, word).map(|end| (Flags::NONE.with(*flag), end)))
        .unwrap_or((Flags::NONE, at))
}

/// R3.4.1, 2020-04-01, H31/4, 2021/7.
fn delimited(reader: Reader<'_>, head: Head) -> Option<Date> {
    head.year?;
    let delimiter = reader.at(head.end).filter(|c| matches!(c, '.' | '/' | '-' | '・'))?;
    let delimiter: &str = &reader.text[head.end..head.end + delimiter.len_utf8()];
    let month =
        reader.integer(reader.space(head.end + delimiter.len())).filter(|n| !n.kanji && n.digits <= 2)?;
    let calendar = calendar_of(head, Shape::Month);
    let day = reader
        .eat(month.end, delimiter)
        .and_then(|next| reader.integer(reader.space(next)))
        .filter(|n| !n.kanji && n.digits <= 2);
    let ends = |end: usize| {
        !reader.at(end).is_some_and(|c| c.is_ascii_alphanumeric())
            && !reader
                .eat(end, delimiter)
                .is_some_and(|next| reader.at(next).is_some_and(|c| c.is_ascii_digit()))
    };
    if let Some(day) = day {
        if !ends(day.end) || !(1..=12).contains(&month.value) && head.era.is_none() {
            return None;
        }
        let mut date = after_month(Reader::new(""), calendar, month.value, 0);
        if !date.is_invalid() {
            set_day(&mut date.calendar, day.value);
        }
        date.end = reader.eat(day.end, "日").unwrap_or(day.end);
        return Some(date);
    }
    let written = reader.eat_after_gap(month.end, "月");
    let plain = match delimiter {
        "/" => true,
        "." | "・" => head.era.is_some(),
        _ => head.era.is_none() && month.digits == 2,
    };
    if !(1..=12).contains(&month.value) || written.is_none() && !(plain && ends(month.end)) {
        return None;
    }
    if let Some(end) = written {
        return Some(after_month(reader, calendar, month.value, end));
    }
    let mut date = after_month(Reader::new(""), calendar, month.value, 0);
    date.end = month.end;
    Some(date)
}

/// 平成30, R2: a year without 年.
fn bare(reader: Reader<'_>, head: Head) -> Option<Date> {
    head.era?;
    let mut calendar = calendar_of(head, Shape::Year);
    calendar.flags.insert(Flag::Bare);
    calendar.flags.insert(Flag::AmbiguousFy);
    let dual = head.flags.contains(Flag::DualNotation);
    if !dual && !may_end_bare_year(reader, head.end) {
        return None;
    }
    Some(Date { calendar, brief: head.brief && !dual, end: head.end })
}

/// Whether a year without 年 may end here: not before a unit, a word in katakana, or more of a code.
fn may_end_bare_year(reader: Reader<'_>, at: usize) -> bool {
    match reader.at(at) {
        Some('.') => !reader.at(at + 1).is_some_and(|c| c.is_ascii_digit()),
        Some(c) if c.is_ascii_alphanumeric() || characters::is_katakana(c) => false,
        // R2実績, R5目標値, H30予算, R2現在.
        Some(c) if characters::is_han(c) => "現時末当頃以予実目見計比決国調春夏秋冬".contains(c),
        _ => true,
    }
}

/// 7月, 7月18日, 5月の21日.
fn month_first(reader: Reader<'_>, at: usize) -> Option<Date> {
    let month = reader.integer(at).filter(|month| month.digits <= 2 && (1..=12).contains(&month.value))?;
    let end = eat_month(reader, month.end)?;
    // A cell's number, and 月 on the next line.
    if reader.text[month.end..end].contains('\n') {
        return None;
    }
    let mut calendar = Calendar::new(Shape::Month);
    if month.kanji {
        calendar.flags.insert(Flag::Kanji);
    }
    Some(after_month(reader, calendar, month.value, end))
}

/// 18日. One kanji alone (一日, 二日) is too often a word.
fn day_only(reader: Reader<'_>, at: usize) -> Option<Date> {
    let day = reader.integer(at).filter(|day| day.digits <= 3 && (1..=31).contains(&day.value))?;
    if day.kanji && day.digits < 2 {
        return None;
    }
    let end = reader.eat(reader.space(day.end), "日")?;
    // 3日間, 30日以内, 1日当たり, 8日目, 10日程度, 3日前: durations and ordinals.
    let counted = [
        "間",
        "半",
        "以",
        "当",
        "あたり",
        "目",
        "程",
        "分",
        "前",
        "後",
        "数",
        "本",
        "未",
        "超",
        "にわた",
        "につき",
    ];
    let rate = reader.at(end).is_some_and(|c| c.is_ascii_digit());
    if rate || reader.eat_any(end, &counted).is_some() || duration::is_counted(reader, at) {
        return None;
    }
    let mut calendar = Calendar::new(Shape::Day);
    set_day(&mut calendar, day.value);
    if day.kanji {
        calendar.flags.insert(Flag::Kanji);
    }
    Some(Date::new(calendar, end))
}

/// 13.5.2015, as foreign sheets print it.
fn day_month_year(reader: Reader<'_>, at: usize) -> Option<Date> {
    let small = |at| reader.integer(at).filter(|n| !n.kanji && n.digits <= 2);
    let day = small(at)?;
    let month = small(reader.eat(day.end, ".")?).filter(|month| (1..=12).contains(&month.value))?;
    let year = reader.integer(reader.eat(month.end, ".")?).filter(|year| !year.kanji && year.digits == 4)?;
    if !(1000..3000).contains(&year.value) || reader.before(at) == Some('.') {
        return None;
    }
    let mut calendar =
        Calendar { year: Some(year.value), month: Some(month.value as u8), ..Calendar::new(Shape::Day) };
    set_day(&mut calendar, day.value);
    Some(Date::new(calendar, year.end))
}
