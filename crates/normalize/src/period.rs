//! A stretch of time as records keep it: the printed text, EDTF, first and last day.

use std::fmt;

use jiff::civil::Date;

use crate::calendar::{Calendar, Shape, When};
use crate::context::Context;
use crate::edtf;
use crate::flags::{Flag, Flags};
use crate::fold::fold_with;
use crate::reader::Reader;
use crate::{affix, list, range};

/// What kind of stretch a [`Period`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum PeriodKind {
    /// One day.
    Day,
    /// A month, or its end.
    Month,
    /// A calendar year.
    Year,
    /// April to March.
    FiscalYear,
    /// The first or last day of a fiscal year: 年度当初, 年度末.
    FiscalPoint,
    /// Half of a fiscal year.
    FiscalHalf,
    /// A quarter of a fiscal year.
    FiscalQuarter,
    /// From one to another.
    Range,
    /// A range with one end open.
    Open,
    /// Several points: 7月・9月.
    Set,
    /// All year round: 通年.
    WholeYear,
}

/// A stretch of time.
///
/// ```
/// use chohyo_normalize::{Context, PeriodKind, period};
///
/// let period = period("Ｈ20～24年度", &Context::default()).unwrap();
/// assert_eq!(period.text, "Ｈ20～24年度");
/// assert_eq!(period.edtf, "2008-04/2013-03");
/// assert_eq!(period.start.unwrap().to_string(), "2008-04-01");
/// assert_eq!(period.end.unwrap().to_string(), "2013-03-31");
/// assert_eq!(period.kind, PeriodKind::Range);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Period {
    /// As printed.
    pub text: String,
    /// EDTF (ISO 8601-2): 2020-04, 2020-09/.., {2020-07,2020-09}. Empty where no year is known and the form needs one.
    pub edtf: String,
    /// The first day; `None` where it is open or not known.
    #[cfg_attr(feature = "serde", serde(with = "day"))]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>"))]
    pub start: Option<Date>,
    /// The last day; `None` where it is open or not known.
    #[cfg_attr(feature = "serde", serde(with = "day"))]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>"))]
    pub end: Option<Date>,
    /// The fiscal year that it is, or that it lies in and prints: the year in which it begins.
    pub fiscal_year: Option<i32>,
    /// What kind of stretch it is.
    pub kind: PeriodKind,
    /// What it remarks.
    pub flags: Flags,
}

/// Prints the EDTF text.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.edtf)
    }
}

impl Period {
    /// Reads the EDTF text that a period prints: its days come back as they were.
    ///
    /// EDTF does not tell fiscal years and their parts from other intervals of months: they come back as
    /// [`PeriodKind::Range`]. `None` for any other text.
    ///
    /// ```
    /// use chohyo_normalize::{Context, Period, PeriodKind, period};
    ///
    /// let printed = period("令和2年度", &Context::default()).unwrap();
    /// let read = Period::from_edtf(&printed.to_string()).unwrap();
    /// assert_eq!((read.start, read.end), (printed.start, printed.end));
    /// assert_eq!(read.kind, PeriodKind::Range);
    /// assert_eq!(Period::from_edtf("2020-13"), None);
    /// ```
    pub fn from_edtf(text: &str) -> Option<Period> {
        edtf::parse(text).map(|when| Period::new(text, &when, Flags::NONE))
    }

    /// The period of what was read, as printed in `text`.
    pub(crate) fn new(text: &str, when: &When, flags: Flags) -> Period {
        let kind = match when {
            When::Point(point) => match point.shape {
                Shape::Day => PeriodKind::Day,
                Shape::Month => PeriodKind::Month,
                Shape::Year => PeriodKind::Year,
                Shape::FiscalYear => PeriodKind::FiscalYear,
                Shape::FiscalStart | Shape::FiscalEnd => PeriodKind::FiscalPoint,
                Shape::Half(_) => PeriodKind::FiscalHalf,
                Shape::Quarter(_) => PeriodKind::FiscalQuarter,
                Shape::WholeYear => PeriodKind::WholeYear,
            },
            When::Range(Some(_), Some(_)) => PeriodKind::Range,
            When::Range(..) => PeriodKind::Open,
            When::Set(_) => PeriodKind::Set,
        };
        let fiscal_year = match when {
            When::Point(point) => point.fiscal_year(),
            _ => None,
        };
        Period {
            text: text.to_owned(),
            edtf: edtf::edtf(when),
            start: when.first_day(),
            end: when.last_day(),
            fiscal_year,
            kind,
            flags,
        }
    }
}

/// Reads a whole text - a cell, or the bracketed part of a label - as one period.
///
/// Brackets around it and words such as 時点, 現在 and 頃 after it are allowed; anything else makes it `None`.
///
/// ```
/// use chohyo_normalize::{Context, period};
///
/// let context = Context::default();
/// assert_eq!(period("（R2年4月時点）", &context).unwrap().edtf, "2020-04");
/// assert_eq!(period("R1年度末", &context).unwrap().end.unwrap().to_string(), "2020-03-31");
/// assert_eq!(period("R2年9月～", &context).unwrap().edtf, "2020-09/..");
/// assert_eq!(period("3か月未満", &context), None);
/// ```
pub fn period(text: &str, context: &Context) -> Option<Period> {
    let printed = text.trim();
    let folded = fold_with(printed, false);
    let inner = affix::unbracketed(folded.text());
    let reader = Reader::new(inner);
    let whole_year = ["通年", "年間"].contains(&inner);
    let (mut when, end, mut flags) = if whole_year {
        (When::Point(Calendar::new(Shape::WholeYear)), inner.len(), Flags::NONE)
    } else if let Some(read) = range::read(reader, 0).filter(|read| affix::is_tail(&inner[read.end..])) {
        (read.when, read.end, read.flags)
    } else {
        let (when, end) = list::read(reader, 0)?;
        (when, end, Flags::NONE)
    };
    if !affix::is_tail(&inner[end..]) {
        return None;
    }
    flags = flags.union(affix::flags(&inner[end..]));
    range::complete(&mut when, context);
    for point in when.points() {
        flags = flags.union(point.flags);
    }
    if flags.flags().any(|flag| matches!(flag, Flag::InvalidDay | Flag::InvalidMonth | Flag::InvalidYear)) {
        return None;
    }
    Some(Period::new(printed, &when, flags))
}

#[cfg(feature = "serde")]
mod day {
    use jiff::civil::Date;
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        clippy::ref_option,
        reason = "the signature that serde calls"
    )]
    pub(super) fn serialize<S: Serializer>(day: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
        match day {
            Some(day) => serializer.collect_str(day),
            None => serializer.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
        let text = Option::<std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.map(|text| text.parse().map_err(serde::de::Error::custom)).transpose()
    }
}
