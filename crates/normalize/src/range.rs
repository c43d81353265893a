//! Ranges and lists of dates, and what their parts leave out.

use crate::calendar::{Calendar, Shape, When, days_in_month};
use crate::context::Context;
use crate::date::{self, Date};
use crate::flags::{Flag, Flags};
use crate::reader::{Integer, Reader};

/// What was read, and where it ends.
#[derive(Clone, Debug)]
pub(crate) struct Read {
    pub(crate) when: When,
    pub(crate) end: usize,
    pub(crate) flags: Flags,
    /// One brief date (R2), which what stands around it may yet refuse.
    pub(crate) brief: bool,
}

/// What joins the two ends of a range.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    Wave,
    Dash,
    /// から, which may be followed by まで.
    Word,
}

fn joint(reader: Reader<'_>, at: usize) -> Option<(Joint, usize)> {
    let at = reader.gap(at);
    match reader.at(at)? {
        '～' => Some((Joint::Wave, at + '～'.len_utf8())),
        '-' => Some((Joint::Dash, at + 1)),
        '―' | 'ー' | '─' | '→' => Some((Joint::Dash, at + '―'.len_utf8())),
        'か' => reader.eat(at, "から").map(|end| (Joint::Word, end)),
        'よ' => reader.eat(at, "より").map(|end| (Joint::Word, end)),
        _ => None,
    }
}

/// A day of the week in brackets: （水）, (水・祝).
fn weekday(reader: Reader<'_>, at: usize) -> usize {
    let close = || {
        let day = reader.eat(at, "(")?;
        let c = reader.at(day).filter(|c| "月火水木金土日".contains(*c))?;
        let mut end = day + c.len_utf8();
        end = reader.eat_any(end, &["曜日", "曜"]).unwrap_or(end);
        end = reader.eat_any(end, &["・祝", "祝"]).unwrap_or(end);
        reader.eat(end, ")")
    };
    close().unwrap_or(at)
}

/// The date or range of dates at `at`.
pub(crate) fn read(reader: Reader<'_>, at: usize) -> Option<Read> {
    if reader.at(at) == Some('～') {
        return open_start(reader, at);
    }
    if let Some(range) = short_left(reader, at).or_else(|| slashed(reader, at)) {
        return Some(range);
    }
    let left = date::read(reader, at)?;
    if left.is_invalid() {
        return Some(point(left));
    }
    if let Some(range) = elided_middle(reader, &left) {
        return Some(range);
    }
    let range = after_left(reader, left.calendar, weekday(reader, left.end));
    Some(range.unwrap_or_else(|| point(of_list(reader, left))))
}

/// The 29 of 平成29・30年度: what follows in the list says what kind of year it is.
fn of_list(reader: Reader<'_>, mut date: Date) -> Date {
    if date.calendar.flags.contains(Flag::Bare)
        && let Some(next) = reader.eat_any(date.end, &["・", "、", ","])
        && let Some(other) = date::read(reader, reader.space(next))
        && other.calendar.shape == Shape::FiscalYear
    {
        share_style(&mut date.calendar, &other.calendar);
        date.brief = false;
    }
    date
}

fn point(date: Date) -> Read {
    Read { when: When::Point(date.calendar), end: date.end, flags: Flags::NONE, brief: date.brief }
}

/// The rest of a range behind its beginning.
fn after_left(reader: Reader<'_>, left: Calendar, at: usize) -> Option<Read> {
    let (joint, next) = joint(reader, at)?;
    let delimited = reader.before(at).is_some_and(|c| c.is_ascii_digit());
    if let Some(range) = right(reader, left, joint, next, delimited) {
        return Some(range);
    }
    if joint != Joint::Wave || !is_open(reader, next) {
        return None;
    }
    let mut flags = Flags::NONE.with(Flag::OpenEnd);
    if left.shape.is_fiscal() {
        flags.insert(Flag::Fiscal);
    }
    Some(Read { when: When::Range(Some(left), None), end: next, flags, brief: false })
}

/// Whether nothing that the range could go on with follows its wave.
fn is_open(reader: Reader<'_>, at: usize) -> bool {
    reader.at(at).is_none_or(|c| !c.is_ascii_alphanumeric() && c != '～')
}

/// The end of a range whose joint ends at `at`.
///
/// `delimited`: the beginning is printed with points or slashes (R2.4.1), so that the end may be, too.
fn right(reader: Reader<'_>, left: Calendar, joint: Joint, at: usize, delimited: bool) -> Option<Read> {
    let mut at = reader.gap(at);
    let mut next_year = false;
    if let Some(end) =
        reader.eat_any(at, &["翌年度", "翌年"]).filter(|&end| date::read(reader, end).is_some())
    {
        (at, next_year) = (end, true);
    } else if let Some(end) = reader.eat(at, "翌").filter(|&end| date::read(reader, end).is_some()) {
        (at, next_year) = (end, true);
    } else if let Some(end) = reader.eat_any(at, &["同年", "同"]) {
        at = end;
    }
    let points = || if delimited && joint != Joint::Word { delimited_right(reader, left, at) } else { None };
    let date = date::read(reader, at).or_else(points).or_else(|| short_right(reader, left, joint, at))?;
    if date.is_invalid() {
        return None;
    }
    let mut end = weekday(reader, date.end);
    if joint == Joint::Wave && reader.text[..at].ends_with('\n') && reader.eat(end, "～").is_some() {
        // Two lines, each with an open range of its own.
        return None;
    }
    if joint == Joint::Word {
        end = reader.eat(end, "まで").unwrap_or(end);
    }
    let (mut left, mut right) = (left, date.calendar);
    let elided = inherit(&mut left, &mut right, next_year);
    if !agree(left, right) {
        return None;
    }
    let mut flags = if elided { Flags::NONE.with(Flag::EraElided) } else { Flags::NONE };
    if left.shape.is_fiscal() && right.shape.is_fiscal() {
        flags.insert(Flag::Fiscal);
    }
    Some(Read { when: When::Range(Some(left), Some(right)), end, flags, brief: false })
}

/// R2.4.1～9.30, R2.4～9: the end leaves out what it shares with the beginning.
fn delimited_right(reader: Reader<'_>, left: Calendar, at: usize) -> Option<Date> {
    let two = |at: usize| reader.integer(at).filter(|n| !n.kanji && n.digits <= 2);
    let first = two(at)?;
    let mut calendar = Calendar { month: u8::try_from(first.value).ok(), ..Calendar::new(left.shape) };
    let end = match left.shape {
        Shape::Month => first.end,
        Shape::Day => {
            let day = two(reader.eat_any(first.end, &[".", "/"])?)?;
            calendar.day = u8::try_from(day.value).ok();
            day.end
        }
        _ => return None,
    };
    let month = calendar.month.filter(|month| (1..=12).contains(month))?;
    let day = calendar.day.is_none_or(|day| (1..=days_in_month(None, month)).contains(&day));
    let ends = !reader.at(end).is_some_and(|c| c.is_ascii_alphanumeric() || "./,-%年月日".contains(c));
    (day && ends).then_some(Date { calendar, brief: false, end })
}

/// Ｈ25～26, 2020-2022: the end is a number, and of the kind that the beginning is.
fn short_right(reader: Reader<'_>, left: Calendar, joint: Joint, at: usize) -> Option<Date> {
    let integer = reader.integer(at)?;
    if joint != Joint::Word
        && left.shape == Shape::Year
        && left.era.is_some()
        && (1..=99).contains(&integer.value)
        && let Some(end) = reader.eat(integer.end, "年")
        && reader.eat_any(end, &["間", "度", "以", "生"]).is_none()
    {
        // 平成元～3年
        let calendar = Calendar { short: Some(integer.value), ..Calendar::new(Shape::Year) };
        return Some(Date { calendar, brief: false, end });
    }
    if reader.at(integer.end).is_some_and(|c| c.is_ascii_alphanumeric() || ".,/-%年月日".contains(c)) {
        return None;
    }
    // R2 ― 31: a dash with gaps around it is a cell of its own.
    if joint == Joint::Dash && reader.before(at).is_none_or(char::is_whitespace) {
        return None;
    }
    if !left.flags.contains(Flag::Bare) || joint == Joint::Word || !(1..=99).contains(&integer.value) {
        return None;
    }
    let flags = Flags::from_iter([Flag::Bare, Flag::AmbiguousFy]);
    let calendar = Calendar { short: Some(integer.value), flags, ..Calendar::new(Shape::Year) };
    Some(Date { calendar, brief: false, end: integer.end })
}

/// Gives each end what only the other one prints. Whether anything was given.
pub(crate) fn inherit(left: &mut Calendar, right: &mut Calendar, next_year: bool) -> bool {
    let style = share_style(left, right);
    let era = share_era(left, right);
    let year = share_year(left, right, next_year);
    style || era || year
}

/// 平成30～令和2年度, H25～26年度: the end says what kind of year both are.
pub(crate) fn share_style(left: &mut Calendar, right: &Calendar) -> bool {
    let year = matches!(right.shape, Shape::FiscalYear | Shape::Year) && right.short.or(right.year).is_some();
    if year && left.flags.contains(Flag::Bare) && !right.flags.contains(Flag::Bare) {
        left.flags.remove(Flag::Bare);
        left.flags.remove(Flag::AmbiguousFy);
        left.shape = right.shape;
        return true;
    }
    if right.shape == Shape::FiscalYear && left.shape == Shape::Year {
        left.shape = Shape::FiscalYear;
    }
    false
}

/// 平成29年度～31年度, 2017～20年度: the end counts as the beginning does.
fn share_era(left: &Calendar, right: &mut Calendar) -> bool {
    let (None, Some(n), Some(from)) = (right.year, right.short, left.year) else { return false };
    right.era = left.era;
    right.year = Some(left.era.map_or(from - from.rem_euclid(100) + n, |era| era.year(n)));
    right.short = None;
    true
}

/// 8月～R3年9月, R3年12月～翌1月, 4月1日～15日: the year and month that one end leaves out.
fn share_year(left: &mut Calendar, right: &mut Calendar, next_year: bool) -> bool {
    let mut given = false;
    if left.year.is_none() && left.short.is_none() && right.year.is_some() && left.shape == right.shape {
        let earlier = (left.month, left.day) <= (right.month, right.day);
        left.year = right.year.map(|year| year - i32::from(!earlier));
        left.era = right.era;
        given = true;
    }
    if right.year.is_some() || right.short.is_some() {
        return given;
    }
    let civil = |shape| matches!(shape, Shape::Day | Shape::Month);
    if civil(left.shape) && civil(right.shape) {
        if right.shape == Shape::Day && right.month.is_none() {
            right.month = left.month;
        }
        let later = i32::from(next_year || right.month < left.month);
        right.short = left.short.map(|n| n + later);
        right.year = left.year.map(|year| year + later);
        right.era = left.era;
        return given || left.year.is_some();
    }
    if left.shape.is_fiscal() {
        (right.year, right.short, right.era) = (left.year, left.short, left.era);
        if left.flags.contains(Flag::CalendarYear) {
            right.flags.insert(Flag::CalendarYear);
        }
        return true;
    }
    given
}

/// Whether the two can be the ends of one range.
fn agree(left: Calendar, right: Calendar) -> bool {
    if right.shape == Shape::Day
        && let (Some(month), Some(day)) = (right.month, right.day)
        && day > days_in_month(right.year, month)
    {
        return false;
    }
    let known = |point: Calendar| point.year.is_some() || point.short.is_some();
    match (left.first_day(), right.last_day()) {
        (Some(first), Some(last)) => first <= last,
        // 平成30年から2月: of which year, nothing says.
        _ if known(left) != known(right) => false,
        _ => left.shape.is_fiscal() == right.shape.is_fiscal(),
    }
}

/// 8～9月, 20～24年度, 4月1～15日: the beginning is a number, the end says of what.
fn short_left(reader: Reader<'_>, at: usize) -> Option<Read> {
    let integer = reader.integer(at)?;
    let (joint, next) = joint(reader, integer.end)?;
    let next = reader.gap(next);
    let year_next = reader.eat(next, "翌").filter(|_| integer.value <= 12);
    let date =
        date::read(reader, year_next.unwrap_or(next)).or_else(|| short_years(reader, integer, next))?;
    if date.is_invalid()
        || joint == Joint::Dash && reader.before(at).is_some_and(|c| c == '-' || c.is_ascii_digit())
    {
        return None;
    }
    let mut left = as_left(integer, date.calendar)?;
    let mut right = date.calendar;
    inherit(&mut left, &mut right, year_next.is_some());
    if !agree(left, right) {
        return None;
    }
    let mut end = date.end;
    if joint == Joint::Word {
        end = reader.eat(end, "まで").unwrap_or(end);
    }
    let flags = if right.shape.is_fiscal() { Flags::NONE.with(Flag::Fiscal) } else { Flags::NONE };
    Some(Read { when: When::Range(Some(left), Some(right)), end, flags, brief: false })
}

/// 2018-19年: the end, of two digits.
fn short_years(reader: Reader<'_>, from: Integer, at: usize) -> Option<Date> {
    let n = reader.integer(at).filter(|n| n.digits == 2 && (1000..3000).contains(&from.value))?;
    let end = reader.eat(n.end, "年").filter(|&end| reader.eat_any(end, &["間", "度", "以"]).is_none())?;
    let calendar = Calendar { short: Some(n.value), ..Calendar::new(Shape::Year) };
    Some(Date { calendar, brief: false, end })
}

/// 2/1～2/14. One such date alone may be a fraction or a ratio.
fn slashed(reader: Reader<'_>, at: usize) -> Option<Read> {
    let day = |at: usize| {
        let month = reader.integer(at).filter(|n| !n.kanji && (1..=12).contains(&n.value))?;
        let day = reader.integer(reader.eat(month.end, "/")?).filter(|n| !n.kanji)?;
        let last = i32::from(days_in_month(None, month.value as u8));
        let ends = !reader.at(day.end).is_some_and(|c| c.is_ascii_alphanumeric() || c == '/');
        (ends && (1..=last).contains(&day.value)).then_some((month.value as u8, day.value as u8, day.end))
    };
    let (month, first, end) = day(at)?;
    let (_, next) = joint(reader, end).filter(|(joint, _)| *joint == Joint::Wave)?;
    let (until, last, end) = day(reader.gap(next))?;
    let calendar = |month, day| Calendar { month: Some(month), day: Some(day), ..Calendar::new(Shape::Day) };
    let when = When::Range(Some(calendar(month, first)), Some(calendar(until, last)));
    Some(Read { when, end, flags: Flags::NONE, brief: false })
}

/// A number as the beginning of a range that ends in `right`.
pub(crate) fn as_left(integer: Integer, right: Calendar) -> Option<Calendar> {
    let mut left = Calendar::new(right.shape);
    let n = integer.value;
    match right.shape {
        Shape::Month if (1..=12).contains(&n) && right.year.is_none() => left.month = Some(n as u8),
        Shape::Day if (1..=31).contains(&n) && right.month.is_none() => left.day = Some(n as u8),
        Shape::FiscalYear | Shape::Year if (1000..3000).contains(&n) && right.era.is_none() => {
            left.year = Some(n);
        }
        Shape::FiscalYear if (1..=64).contains(&n) && right.year.is_none() => left.short = Some(n),
        // 17～令和2年度: an era before the one that is named.
        Shape::FiscalYear | Shape::Year if (1..=64).contains(&n) && right.era.is_some() => {
            left.short = Some(n);
        }
        _ => return None,
    }
    Some(left)
}

/// R3年8～9月, 4月1～15日: what the date read so far gives to a range of numbers behind it.
fn elided_middle(reader: Reader<'_>, left: &Date) -> Option<Read> {
    let month_next = match left.calendar.shape {
        Shape::Year if !left.calendar.flags.contains(Flag::Bare) => true,
        Shape::Month => false,
        _ => return None,
    };
    let integer = reader.integer(reader.space(left.end)).filter(|n| n.digits <= 3)?;
    let joined = joint(reader, integer.end).filter(|(joint, _)| *joint != Joint::Word);
    // 1月11・12日: two days in a row are from one to the other.
    let listed =
        || reader.eat_any(integer.end, &["・", "、"]).map(|next| (Joint::Dash, next)).filter(|_| !month_next);
    let (joint, next) = joined.or_else(listed)?;
    let mut from = left.calendar;
    if month_next {
        from.shape = Shape::Month;
        from.month = Some(u8::try_from(integer.value).ok().filter(|month| (1..=12).contains(month))?);
    } else {
        from.shape = Shape::Day;
        let last = days_in_month(from.year, from.month?);
        from.day = Some(u8::try_from(integer.value).ok().filter(|day| (1..=last).contains(day))?);
    }
    right(reader, from, joint, next, false).filter(|read| match &read.when {
        When::Range(_, Some(to)) => {
            to.shape == from.shape && (joined.is_some() || to.day == from.day.map(|day| day + 1))
        }
        _ => false,
    })
}

/// ～令和2年度.
fn open_start(reader: Reader<'_>, at: usize) -> Option<Read> {
    let before = reader.before(at);
    if !before.is_none_or(|c| c.is_whitespace() || "(「【<、".contains(c)) {
        return None;
    }
    let date = date::read(reader, reader.space(at + '～'.len_utf8()))?;
    if date.is_invalid() || reader.eat(reader.gap(date.end), "～").is_some() {
        return None;
    }
    let mut flags = Flags::NONE.with(Flag::OpenStart);
    if date.calendar.shape.is_fiscal() {
        flags.insert(Flag::Fiscal);
    }
    Some(Read { when: When::Range(None, Some(date.calendar)), end: date.end, flags, brief: false })
}

/// Completes all parts from the context.
pub(crate) fn complete(when: &mut When, context: &Context) {
    if let When::Range(Some(left), Some(right)) = when {
        // 29～31年度: one era for both.
        if left.year.is_none()
            && right.year.is_none()
            && let (Some(_), Some(n)) = (left.short, right.short)
            && let Some(era) = context.era_of(n)
        {
            (left.era, right.era) = (Some(era), Some(era));
            left.year = left.short.map(|n| era.year(n));
            right.year = Some(era.year(n));
            left.flags.insert(Flag::EraOmitted);
        }
    }
    for point in when.points_mut() {
        point.complete(context);
    }
    // 3～4月 of a fiscal year: it ends in the next one.
    if let When::Range(Some(left), Some(right)) = when
        && left.flags.contains(Flag::YearOmitted)
        && right.flags.contains(Flag::YearOmitted)
        && let (Some(first), Some(last)) = (left.first_day(), right.last_day())
        && last < first
    {
        right.year = right.year.map(|year| year + 1);
    }
}
