//! The five eras since 1868: their names, their days and the arithmetic of their years.
//!
//! Days are those of the Cabinet orders and imperial edicts that changed the era, as the National Diet Library's
//! calendar pages list them. Meiji counts from 1868-01-25 (明治元年1月1日 of the old calendar, to which the edict of
//! 1868-10-23 reached back). 1912-07-30 and 1926-12-25 belong to two eras: the edicts of those days changed the era from
//! the day on which the emperor died. Showa and Heisei ended with a day (1989-01-07 and 2019-04-30).

use std::fmt;

use jiff::civil::{Date, date};

/// An era.
///
/// ```
/// use chohyo_normalize::era::Era;
///
/// assert_eq!(Era::Reiwa.year(2), 2020);
/// assert_eq!(Era::from_letter('H'), Some(Era::Heisei));
/// assert_eq!(Era::Showa.name(), "昭和");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Era {
    /// 明治, 1868 to 1912.
    Meiji,
    /// 大正, 1912 to 1926.
    Taisho,
    /// 昭和, 1926 to 1989.
    Showa,
    /// 平成, 1989 to 2019.
    Heisei,
    /// 令和, since 2019.
    Reiwa,
}

impl Era {
    /// The eras, oldest first.
    pub const ALL: [Era; 5] = [Era::Meiji, Era::Taisho, Era::Showa, Era::Heisei, Era::Reiwa];

    /// The name: 令和.
    pub fn name(self) -> &'static str {
        match self {
            Era::Meiji => "明治",
            Era::Taisho => "大正",
            Era::Showa => "昭和",
            Era::Heisei => "平成",
            Era::Reiwa => "令和",
        }
    }

    /// The Latin letter that abbreviates the name: R.
    pub fn letter(self) -> char {
        match self {
            Era::Meiji => 'M',
            Era::Taisho => 'T',
            Era::Showa => 'S',
            Era::Heisei => 'H',
            Era::Reiwa => 'R',
        }
    }

    /// The kanji that abbreviates the name: 令.
    pub fn abbreviation(self) -> char {
        match self {
            Era::Meiji => '明',
            Era::Taisho => '大',
            Era::Showa => '昭',
            Era::Heisei => '平',
            Era::Reiwa => '令',
        }
    }

    /// The name in one square character: ㋿. The fold spells it out.
    pub fn square(self) -> char {
        match self {
            Era::Meiji => '㍾',
            Era::Taisho => '㍽',
            Era::Showa => '㍼',
            Era::Heisei => '㍻',
            Era::Reiwa => '㋿',
        }
    }

    /// The first day.
    pub fn first_day(self) -> Date {
        match self {
            Era::Meiji => date(1868, 1, 25),
            Era::Taisho => date(1912, 7, 30),
            Era::Showa => date(1926, 12, 25),
            Era::Heisei => date(1989, 1, 8),
            Era::Reiwa => date(2019, 5, 1),
        }
    }

    /// The last day, if the era has ended.
    pub fn last_day(self) -> Option<Date> {
        match self {
            Era::Meiji => Some(date(1912, 7, 30)),
            Era::Taisho => Some(date(1926, 12, 25)),
            Era::Showa => Some(date(1989, 1, 7)),
            Era::Heisei => Some(date(2019, 4, 30)),
            Era::Reiwa => None,
        }
    }

    /// The Gregorian year of the `n`th year of the era, past its end by plain arithmetic.
    pub fn year(self, n: i32) -> i32 {
        i32::from(self.first_day().year()).saturating_add(n).saturating_sub(1)
    }

    /// The year of the era that a Gregorian year is: 2020 is the second of Reiwa.
    pub fn nth(self, year: i32) -> i32 {
        year.saturating_sub(i32::from(self.first_day().year())).saturating_add(1)
    }

    /// The era that a day lies in: on the two days that belong to two eras, the later one.
    ///
    /// ```
    /// use chohyo_normalize::era::Era;
    /// use jiff::civil::date;
    ///
    /// assert_eq!(Era::of(date(2019, 4, 30)), Some(Era::Heisei));
    /// assert_eq!(Era::of(date(2019, 5, 1)), Some(Era::Reiwa));
    /// assert_eq!(Era::of(date(1867, 1, 1)), None);
    /// ```
    pub fn of(day: Date) -> Option<Era> {
        Era::ALL.into_iter().rev().find(|era| era.first_day() <= day)
    }

    /// The era of a capital Latin letter.
    pub fn from_letter(letter: char) -> Option<Era> {
        Era::ALL.into_iter().find(|era| era.letter() == letter)
    }

    /// The era of a one-kanji abbreviation.
    pub fn from_abbreviation(kanji: char) -> Option<Era> {
        Era::ALL.into_iter().find(|era| era.abbreviation() == kanji)
    }
}

impl fmt::Display for Era {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eras_follow_each_other() {
        for pair in Era::ALL.windows(2) {
            let (last, first) = (pair[0].last_day().unwrap(), pair[1].first_day());
            assert!(last == first || last.tomorrow().unwrap() == first, "{pair:?}");
        }
    }

    #[test]
    fn the_square_folds_to_the_name() {
        for era in Era::ALL {
            assert_eq!(crate::fold(&era.square().to_string()).text(), era.name());
        }
    }

    #[test]
    fn years_count_from_one() {
        assert_eq!(Era::Showa.year(64), 1989);
        assert_eq!(Era::Heisei.year(1), 1989);
        assert_eq!(Era::Heisei.nth(2019), 31);
    }
}
