//! What a find says of itself besides its value.

use std::fmt;

macro_rules! flags {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// One remark on a find or a period.
        ///
        /// ```
        /// use chohyo_normalize::Flag;
        ///
        /// assert_eq!(Flag::EraOverflow.name(), "era_overflow");
        /// assert_eq!(Flag::from_name("era_overflow"), Some(Flag::EraOverflow));
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Flag {
            $($(#[$doc])* $variant,)*
        }

        impl Flag {
            /// All flags, in the order in which a set lists them.
            pub const ALL: &[Flag] = &[$(Flag::$variant,)*];

            /// The name, in snake case, as records print it.
            pub fn name(self) -> &'static str {
                match self { $(Flag::$variant => $name,)* }
            }
        }
    };
}

flags! {
    /// The year lies past the end of its era: 平成32年 is 2020 by plain arithmetic.
    EraOverflow = "era_overflow",
    /// The date lies before its era began: 令和元年4月1日.
    EraUnderflow = "era_underflow",
    /// The fiscal year begins in its era and ends in the next: 平成31年度.
    EraCrosses = "era_crosses",
    /// The day is the last of one era and the first of another.
    EraBoundary = "era_boundary",
    /// The era was left out, and the context or the text before supplied it.
    EraOmitted = "era_omitted",
    /// The second part of a range took its era or year from the first.
    EraElided = "elided_era",
    /// Two spellings of a year stand together: 2020（令和2）年.
    DualNotation = "dual_notation",
    /// Two spellings stand together and name different years; the first is taken. Comes with `dual_notation`.
    DualMismatch = "dual_mismatch",
    /// The year is written 元.
    Gannen = "gannen",
    /// A year without 年: H27.
    Bare = "bare",
    /// A bare year in an official table may be a fiscal year.
    AmbiguousFy = "ambiguous_fy",
    /// The year is not printed and nothing supplies it.
    YearUnspecified = "year_unspecified",
    /// The year is not printed; it follows from the fiscal year of the context.
    YearOmitted = "year_omitted",
    /// Said relative to another: 今年度, 翌1月.
    Relative = "relative",
    /// The end of the month: R2年6月末.
    MonthEnd = "month_end",
    /// The beginning: 上旬, 初め.
    ModEarly = "mod_early",
    /// The middle: 中旬, 半ば.
    ModMid = "mod_mid",
    /// The end: 下旬, 年末.
    ModLate = "mod_late",
    /// 以前.
    Before = "before",
    /// 以降.
    After = "after",
    /// About: 約, 頃, 前後, 程度.
    Approx = "approx",
    /// At least: 以上.
    Ge = "ge",
    /// At most: 以内, 以下.
    Le = "le",
    /// Less than: 未満.
    Lt = "lt",
    /// More than: 超.
    Gt = "gt",
    /// The upper end of a range is not part of it: 20歳以上65歳未満.
    HiExclusive = "hi_exclusive",
    /// A quarter or half of the calendar year: 令和2年第1四半期.
    CalendarYear = "calendar_year",
    /// 年度当初.
    FyStart = "fy_start",
    /// 年度末.
    FyEnd = "fy_end",
    /// A range of fiscal years.
    Fiscal = "fiscal",
    /// A range without an end: R2年9月～.
    OpenEnd = "open_end",
    /// A range without a beginning: ～令和2年度.
    OpenStart = "open_start",
    /// A range of durations: 1～2日間.
    Duration = "duration",
    /// Written with kanji numerals.
    Kanji = "kanji",
    /// Printed with a plus sign.
    Signed = "signed",
    /// 割, 分, 厘: tenths and not hundredths.
    Wari = "wari",
    /// Read across gaps between its characters.
    Spaced = "spaced",
    /// Read across the end of a line.
    LineBreak = "line_break",
    /// Printed with CJK radicals for ideographs: ⽉ for 月.
    Radicals = "radicals",
    /// Groups of digits parted by spaces.
    SpaceGrouped = "space_grouped",
    /// There is no such day: 令和2年2月30日.
    InvalidDay = "invalid_day",
    /// There is no such month.
    InvalidMonth = "invalid_month",
    /// There is no such year: 令和0年.
    InvalidYear = "invalid_year",
    /// May be something else; the reading is the likelier one.
    Ambiguous = "ambiguous",
}

impl Flag {
    /// The flag of a name, if there is one.
    pub fn from_name(name: &str) -> Option<Flag> {
        Flag::ALL.iter().copied().find(|flag| flag.name() == name)
    }
}

/// A small set of [`Flag`]s, in a fixed order.
///
/// ```
/// use chohyo_normalize::{Flag, Flags};
///
/// let flags = Flags::from_iter([Flag::Bare, Flag::AmbiguousFy]);
/// assert!(flags.contains(Flag::Bare));
/// assert_eq!(flags.iter().collect::<Vec<_>>(), ["bare", "ambiguous_fy"]);
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Flags(u64);

impl Flags {
    /// No flags.
    pub const NONE: Flags = Flags(0);

    /// Whether `flag` is set.
    pub fn contains(self, flag: Flag) -> bool {
        self.0 & (1 << flag as u64) != 0
    }

    /// Whether no flag is set.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Sets `flag`.
    pub fn insert(&mut self, flag: Flag) {
        self.0 |= 1 << flag as u64;
    }

    /// Clears `flag`.
    pub fn remove(&mut self, flag: Flag) {
        self.0 &= !(1 << flag as u64);
    }

    /// The names of the flags that are set.
    pub fn iter(self) -> impl Iterator<Item = &'static str> {
        self.flags().map(Flag::name)
    }

    /// The flags that are set.
    pub fn flags(self) -> impl Iterator<Item = Flag> {
        Flag::ALL.iter().copied().filter(move |&flag| self.contains(flag))
    }

    #[must_use]
    pub(crate) fn with(mut self, flag: Flag) -> Flags {
        self.insert(flag);
        self
    }

    #[must_use]
    pub(crate) fn union(self, other: Flags) -> Flags {
        Flags(self.0 | other.0)
    }
}

impl FromIterator<Flag> for Flags {
    fn from_iter<I: IntoIterator<Item = Flag>>(flags: I) -> Flags {
        flags.into_iter().fold(Flags::NONE, Flags::with)
    }
}

impl fmt::Debug for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Flags {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Flags {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Flags, D::Error> {
        let names = Vec::<std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        names
            .iter()
            .map(|name| {
                Flag::from_name(name)
                    .ok_or_else(|| serde::de::Error::custom(format_args!("unknown flag `{name}`")))
            })
            .collect()
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Flags {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Flags".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let names: Vec<&str> = Flag::ALL.iter().map(|flag| flag.name()).collect();
        schemars::json_schema!({
            "description": "Remarks, in a fixed order.",
            "type": "array",
            "items": { "type": "string", "enum": names },
        })
    }
}
