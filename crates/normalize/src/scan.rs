//! The scanner: all expressions of a text, in order.

use std::ops::Range;

use rust_decimal::Decimal;

use crate::calendar::{Shape, When};
use crate::context::Context;
use crate::era::Era;
use crate::flags::{Flag, Flags};
use crate::fold::{Folded, fold_with};
use crate::found::{Found, Kind};
use crate::measure::{self, Measure, Of};
use crate::period::Period;
use crate::reader::Reader;
use crate::trigger::{self, Trigger};
use crate::{affix, blank, characters, duration, interval, kanji, label, quantity, range, units};

/// Finds all expressions of a text, in order and without overlap.
///
/// Spans are bytes of `text`. What `context` knows completes what the text leaves out, and so does the last era that the
/// text named; the flags say so.
///
/// ```
/// use chohyo_normalize::{Context, Kind, scan};
///
/// let text = "R1年6月末においては3,518人（暫定値）";
/// let found = scan(text, &Context::default());
/// assert_eq!(&text[found[0].span.clone()], "R1年6月末");
/// assert_eq!(found[0].kind, Kind::Date);
/// assert_eq!(&text[found[1].span.clone()], "3,518人");
/// assert_eq!(found[1].value.unwrap().to_string(), "3518");
/// ```
pub fn scan(text: &str, context: &Context) -> Vec<Found> {
    let folded = fold_with(text, false);
    let mut finds = folded.finds(context);
    // Sheets have one find in some hundred bytes.
    finds.found.reserve(text.len() / 128);
    while finds.advance().is_some() {}
    finds.found
}

/// The finds of a folded text, one after the other: what [`scan`] collects.
///
/// Made by [`Folded::finds`].
#[derive(Clone, Debug)]
pub struct Finds<'f, 's> {
    folded: &'f Folded<'s>,
    reader: Reader<'f>,
    context: Context,
    /// Where to go on reading.
    at: usize,
    /// What the steps found and nobody took yet: of [`Iterator::next`], at most one.
    found: Vec<Found>,
    /// The last year of an era, and where it ended: 28年 beside 平成27年 is the next.
    year: Option<(i32, usize)>,
    /// The place in the map of the last find.
    edit: usize,
}

impl<'s> Folded<'s> {
    /// Scans the folded text, without folding it again. Spans are bytes of the source.
    ///
    /// ```
    /// use chohyo_normalize::{Context, Kind, fold};
    ///
    /// let folded = fold("Ｒ２年４月、通年");
    /// let mut finds = folded.finds(&Context::default());
    /// assert_eq!(finds.next().unwrap().span, 0..15);
    /// assert_eq!(finds.next().unwrap().kind, Kind::Period);
    /// assert_eq!(finds.next(), None);
    /// ```
    pub fn finds<'f>(&'f self, context: &Context) -> Finds<'f, 's> {
        let reader = Reader::new(self.text());
        Finds { folded: self, reader, context: *context, at: 0, found: Vec::new(), year: None, edit: 0 }
    }
}

impl Iterator for Finds<'_, '_> {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        while self.found.is_empty() {
            self.advance()?;
        }
        self.found.pop()
    }
}

impl std::iter::FusedIterator for Finds<'_, '_> {}

impl Finds<'_, '_> {
    /// Reads on to the next place where something may begin; `None` at the end of the text.
    fn advance(&mut self) -> Option<()> {
        let (at, trigger) = trigger::next(self.reader.text, self.at)?;
        self.at = self.step(at, trigger);
        debug_assert!(self.at > at, "the scanner goes forward");
        Some(())
    }

    /// Reads what may begin at `at`; returns where to go on.
    fn step(&mut self, at: usize, trigger: Trigger) -> usize {
        let past = at + self.reader.at(at).map_or(1, char::len_utf8);
        match trigger {
            Trigger::Digit => self.digit(at).unwrap_or_else(|| self.past_digits(at)),
            Trigger::Kanji => self.kanji(at),
            Trigger::Latin => self.latin(at),
            Trigger::Date => self.placeholder(at).or_else(|| self.date(at)).unwrap_or(past),
            Trigger::Ordinal => self.date(at).or_else(|| self.ordinal(at)).unwrap_or(past),
            Trigger::Sign => {
                let mark = self.null_mark(at).or_else(|| self.placeholder(at));
                mark.or_else(|| self.signed(at)).unwrap_or(past)
            }
            Trigger::Wave => self.date(at).or_else(|| self.null_mark(at)).unwrap_or(past),
            Trigger::Shape => self.placeholder(at).or_else(|| self.null_mark(at)).unwrap_or(past),
            Trigger::Mark => self.null_mark(at).unwrap_or(past),
            Trigger::Enumerator => self.enumerator(at).unwrap_or(past),
            Trigger::Half => self.half(at).unwrap_or(past),
        }
    }

    fn push(&mut self, kind: Kind, range: Range<usize>) -> &mut Found {
        let span = self.folded.to_source_after(&mut self.edit, range);
        let mut found = Found::new(kind, span);
        if !matches!(kind, Kind::Placeholder | Kind::NullMark) {
            found.flags = setting(&self.folded.source()[found.span.clone()]);
        }
        self.found.push(found);
        let last = self.found.len() - 1;
        &mut self.found[last]
    }

    fn null_mark(&mut self, at: usize) -> Option<usize> {
        let lacking = || blank::lacking(self.reader, at).filter(|&(start, _)| start >= self.at);
        let (start, end) = match blank::null_mark(self.reader, at) {
            Some(end) => (at, end),
            None => lacking()?,
        };
        self.push(Kind::NullMark, start..end);
        Some(end)
    }

    fn placeholder(&mut self, at: usize) -> Option<usize> {
        let end = blank::placeholder(self.reader, at)?;
        self.push(Kind::Placeholder, at..end);
        Some(end)
    }

    fn half(&mut self, at: usize) -> Option<usize> {
        let (iso, end) = duration::half(self.reader, at)?;
        self.push(Kind::Duration, at..end).duration = Some(iso.to_owned());
        Some(end)
    }

    fn enumerator(&mut self, at: usize) -> Option<usize> {
        let end = label::enumerator(self.reader, at)?;
        self.push(Kind::Enumerator, at..end);
        Some(end)
    }

    fn ordinal(&mut self, at: usize) -> Option<usize> {
        let label = label::ordinal(self.reader, at)?;
        let unit = label.unit.map(|(start, end)| units::canonical(&self.reader.text[start..end]).to_owned());
        let kind = if label.identifier { Kind::Identifier } else { Kind::Ordinal };
        let found = self.push(kind, at..label.end);
        (found.value, found.high, found.unit) = (Some(label.value), label.high, unit);
        Some(label.end)
    }

    fn latin(&mut self, at: usize) -> usize {
        let joined =
            self.reader.before(at).is_some_and(|before| before.is_ascii_alphanumeric() || before == '-');
        if !joined
            && let Some(end) = self.placeholder(at).or_else(|| self.date(at)).or_else(|| self.null_mark(at))
        {
            return end;
        }
        label::word(self.reader, at)
    }

    /// The date or range of dates at `at`.
    fn date(&mut self, at: usize) -> Option<usize> {
        let read = range::read(self.reader, at)?;
        if read.brief && !self.stands_alone(at, read.end, &read.when) {
            return None;
        }
        self.push_date(at, read.end, read.when, read.flags);
        Some(read.end)
    }

    /// Whether a letter and digits may be a year: H27, and not T1, H2-1 or 大3.
    fn stands_alone(&self, at: usize, end: usize, when: &When) -> bool {
        let When::Point(point) = when else { return true };
        let era = point.era.unwrap_or(Era::Reiwa);
        let plausible = match era {
            Era::Meiji | Era::Taisho => false,
            Era::Showa => end - at >= 3,
            Era::Heisei | Era::Reiwa => true,
        };
        let joined = self.reader.at(end) == Some('-')
            && self.reader.at(end + 1).is_some_and(|c| c.is_ascii_alphanumeric());
        let word = !self.reader.at(at).is_some_and(|c| c.is_ascii())
            && self.reader.before(at).is_some_and(characters::is_han);
        plausible && !joined && !word
    }

    fn push_date(&mut self, at: usize, end: usize, mut when: When, mut flags: Flags) {
        range::complete(&mut when, &self.context);
        for point in when.points() {
            flags = flags.union(point.flags);
        }
        if let Some(last) = when.points().last() {
            self.context.era = last.era.or(self.context.era);
            self.year = last.era.zip(last.year).map(|(era, year)| (era.nth(year), end));
        }
        let text = self.reader.text;
        let invalid = [Flag::InvalidDay, Flag::InvalidMonth, Flag::InvalidYear];
        if invalid.into_iter().any(|flag| flags.contains(flag)) {
            let found = self.push(Kind::Invalid, at..end);
            found.flags = found.flags.union(flags);
            return;
        }
        flags = flags.union(affix::flags(&text[end..]));
        let (kind, value) = match &when {
            When::Point(point) => match point.shape {
                Shape::Month if flags.contains(Flag::MonthEnd) => (Kind::Date, None),
                Shape::Day => (Kind::Date, None),
                Shape::Month => (Kind::Month, None),
                Shape::Year => (Kind::Year, None),
                Shape::FiscalYear => (Kind::FiscalYear, point.year),
                Shape::FiscalStart | Shape::FiscalEnd => (Kind::FiscalPoint, None),
                Shape::Half(n) => (Kind::FiscalHalf, Some(i32::from(n))),
                Shape::Quarter(n) => (Kind::FiscalQuarter, Some(i32::from(n))),
                Shape::WholeYear => (Kind::Period, None),
            },
            _ => (Kind::Range, None),
        };
        let folded = self.folded;
        let found = self.push(kind, at..end);
        found.value = value.map(Decimal::from);
        found.flags = found.flags.union(flags);
        found.period = Some(Period::new(&folded.source()[found.span.clone()], &when, flags));
    }

    /// 28年 beside 平成27年, 24年 25年 26年: years whose era is left out.
    fn neighbouring_year(&mut self, at: usize) -> Option<usize> {
        let reader = self.reader;
        let n = reader.integer(at).filter(|n| !n.kanji && n.digits <= 2 && (1..=64).contains(&n.value))?;
        let end = reader.eat(n.end, "年")?;
        if reader.at(end).is_some_and(|c| !c.is_whitespace() && !"、・,～/)".contains(c)) {
            return None;
        }
        let between = |text: &str| {
            text.len() <= 12 && text.chars().all(|c| c.is_whitespace() || "、・,～/".contains(c))
        };
        let follows =
            self.year.is_some_and(|(last, was)| n.value == last + 1 && between(&reader.text[was..at]));
        let leads = || {
            let next = reader.gap(end);
            let next = reader.gap(reader.eat_any(next, &["、", "・", ",", "/"]).unwrap_or(next));
            let other = reader.integer(next)?;
            (next > end && other.value == n.value + 1 && reader.eat(other.end, "年").is_some()).then_some(())
        };
        if !follows && leads().is_none() {
            return None;
        }
        let mut calendar = crate::calendar::Calendar::new(Shape::Year);
        calendar.short = Some(n.value);
        self.push_date(at, end, When::Point(calendar), Flags::NONE);
        if self.year.is_none() {
            self.year = Some((n.value, end));
        }
        Some(end)
    }

    fn past_digits(&self, at: usize) -> usize {
        let rest = &self.reader.text.as_bytes()[at..];
        at + rest.iter().take_while(|byte| byte.is_ascii_digit()).count().max(1)
    }

    /// What begins with ASCII digits. What follows them says what is worth trying.
    fn digit(&mut self, at: usize) -> Option<usize> {
        let reader = self.reader;
        if let Some(end) = self.enumerator(at) {
            return Some(end);
        }
        let end = self.past_digits(at);
        let next = reader.at(reader.space(end));
        if matches!(next, Some('X' | 'x' | '○' | '●' | '□' | '◯' | '〇'))
            && let Some(end) = self.placeholder(at)
        {
            return Some(end);
        }
        let spaced = end == at + 1 && next.is_some_and(|c| c.is_ascii_digit());
        let dated = next.is_some_and(|c| "年月日./-～―ー─→かよ(<〈[Q四・、\n".contains(c));
        if (dated || spaced)
            && let Some(end) = self.neighbouring_year(at).or_else(|| self.date(at))
        {
            return Some(end);
        }
        if matches!(next, Some('-' | '第'))
            && let Some(end) = label::code(reader, at)
        {
            self.push(Kind::Identifier, at..end);
            return Some(end);
        }
        if matches!(next, Some('分' | '時' | ':'))
            && let Some(end) = uncounted(reader, at)
        {
            return Some(end);
        }
        if let Some(end) = reader.eat(end, "年問題") {
            // 2025年問題 is a name.
            return Some(end);
        }
        let measure = measure::read(reader, at)?;
        Some(self.measure(at, measure))
    }

    fn signed(&mut self, at: usize) -> Option<usize> {
        let joined = |c: char| c.is_ascii_alphanumeric() || ")%-".contains(c);
        if self.reader.at(at) != Some('△')
            && self.reader.at(at) != Some('▲')
            && self.reader.before(at).is_some_and(joined)
        {
            return None;
        }
        crate::number::sign(self.reader, at)?;
        let measure = measure::read(self.reader, at)?;
        Some(self.measure(at, measure))
    }

    /// What begins with a kanji numeral.
    fn kanji(&mut self, at: usize) -> usize {
        let reader = self.reader;
        let run = kanji::run(reader, at);
        if reader.at(at) == Some('〇')
            && !reader.before(at).is_some_and(quantity::begins)
            && let Some(end) = blank::placeholder(reader, at)
            && end >= run
        {
            self.push(Kind::Placeholder, at..end);
            return end;
        }
        if let Some(end) = share(reader, at) {
            return end;
        }
        if !kanji::is_idiom(reader, at) {
            if let Some(end) = self.date(at) {
                return end;
            }
            if let Some(measure) = measure::read(reader, at)
                && kanji::counts(reader, at, &measure)
            {
                return self.measure(at, measure);
            }
        }
        run
    }

    /// A measure, and the range that it may begin.
    fn measure(&mut self, mut at: usize, mut measure: Measure) -> usize {
        let reader = self.reader;
        let minus = "マイナス";
        if reader.text[self.at..at].ends_with(minus) {
            at -= minus.len();
            measure.value.set_sign_negative(!measure.value.is_zero());
        }
        if let Some((high, end, flags)) = interval::upper(reader, &measure) {
            let (low, top) = interval::scale_alike(&measure, &high);
            let unit = interval::unit_of(reader, &high);
            let found = self.push(Kind::Range, at..end);
            (found.value, found.high, found.unit) = (Some(low), Some(top), unit);
            found.flags = found.flags.union(measure.flags).union(high.flags).union(flags);
            return end;
        }
        let end = measure.end;
        if measure.of == Of::Number(None) && reader.at(end).is_some_and(|c| c.is_ascii_alphabetic()) {
            // 3D, 5G, 2nd.
            let end = label::word(reader, end);
            self.push(Kind::Identifier, at..end);
            return end;
        }
        if let Some(end) = self.nth(at, &measure) {
            return end;
        }
        let unit = interval::unit_of(reader, &measure);
        let (tail, _) = interval::count_tail(reader, end);
        let mut flags = measure.flags.union(tail);
        if ["約", "およそ", "概ね", "おおむね", "ほぼ"].iter().any(|word| reader.text[..at].ends_with(word))
        {
            flags.insert(Flag::Approx);
        }
        let kind = match &measure.of {
            Of::Percent => Kind::Percent,
            Of::Duration(_) => Kind::Duration,
            Of::Number(_) => Kind::Number,
        };
        let found = self.push(kind, at..end);
        found.flags = found.flags.union(flags);
        if let Of::Duration(duration) = measure.of {
            found.duration = Some(duration.iso);
        } else {
            (found.value, found.unit) = (Some(measure.value), unit);
        }
        end
    }

    /// 3回目, 8日目, 3年目.
    fn nth(&mut self, at: usize, measure: &Measure) -> Option<usize> {
        let reader = self.reader;
        let Of::Number(unit) = measure.of else { return None };
        let unit_end = unit.or_else(|| {
            reader.eat_any(measure.quantity.end, &["日", "年", "期", "週", "か月", "ヶ月", "週間"])
        })?;
        let end = label::nth(reader, unit_end)
            .or_else(|| reader.text[..unit_end].ends_with("番目").then_some(unit_end))?;
        let unit = units::canonical(&reader.text[measure.unit..unit_end]).to_owned();
        let found = self.push(Kind::Ordinal, at..end);
        (found.value, found.unit) = (Some(measure.value), Some(unit));
        found.flags = found.flags.union(measure.flags);
        Some(end)
    }
}

/// 3分の1, 五分の三: the end.
fn share(reader: Reader<'_>, at: usize) -> Option<usize> {
    let whole = reader.integer(at)?;
    Some(reader.integer(reader.eat(whole.end, "分の")?)?.end)
}

/// How the characters of a find are set: spaced, broken by a line end, as radicals.
fn setting(printed: &str) -> Flags {
    let mut flags = Flags::NONE;
    for pair in printed.as_bytes().windows(3) {
        match *pair {
            [b'\n', ..] | [_, b'\n', _] => flags.insert(Flag::LineBreak),
            [b' ', ..] | [_, b' ', _] | [0xE3, 0x80, 0x80] => flags.insert(Flag::Spaced),
            // U+2E80 to U+2FD5.
            [0xE2, 0xBA..=0xBF, _] => flags.insert(Flag::Radicals),
            _ => {}
        }
    }
    flags
}

/// Digits that neither count nor date: clock times, shares such as 3分の1.
fn uncounted(reader: Reader<'_>, at: usize) -> Option<usize> {
    if let Some(end) = share(reader, at) {
        return Some(end);
    }
    let n = reader.integer(at).filter(|n| n.digits <= 3)?;
    if let Some(end) =
        reader.eat(n.end, "時").filter(|&end| n.value <= 24 && reader.eat_any(end, &["間", "点"]).is_none())
    {
        let minutes = reader.integer(end).and_then(|minutes| reader.eat(minutes.end, "分"));
        return Some(minutes.unwrap_or(end));
    }
    if let Some(end) = reader.eat(n.end, ":") {
        let minutes = reader.integer(end).filter(|minutes| minutes.digits == 2 && n.value <= 24)?;
        return Some(minutes.end);
    }
    None
}
