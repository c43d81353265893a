//! What the scanner finds.

use std::fmt::Write;
use std::ops::Range;

use rust_decimal::Decimal;

use crate::flags::{Flag, Flags};
use crate::period::{Period, PeriodKind};

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// What kind of expression a [`Found`] is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Kind {
            $($(#[$doc])* $variant,)*
        }

        impl Kind {
            /// The name in snake case.
            ///
            /// ```
            /// assert_eq!(chohyo_normalize::Kind::FiscalYear.name(), "fiscal_year");
            /// ```
            pub fn name(self) -> &'static str {
                match self { $(Kind::$variant => $name,)* }
            }
        }
    };
}

kinds! {
    /// A day: 令和2年4月1日, R2.4.1; the end of a month, R2年6月末.
    Date = "date",
    /// A month: R2年4月.
    Month = "month",
    /// A calendar year: 令和2年; a year without 年, H27.
    Year = "year",
    /// 令和2年度.
    FiscalYear = "fiscal_year",
    /// 年度当初, 年度末.
    FiscalPoint = "fiscal_point",
    /// 上半期, 下半期.
    FiscalHalf = "fiscal_half",
    /// 第1四半期.
    FiscalQuarter = "fiscal_quarter",
    /// 通年.
    Period = "period",
    /// From one date or number to another: H27～H30, 5～10％.
    Range = "range",
    /// 1,087人, 3億5,000万円, 二百五.
    Number = "number",
    /// 90.4％, 3割.
    Percent = "percent",
    /// 3か月, 24時間.
    Duration = "duration",
    /// 第1回, 3年目.
    Ordinal = "ordinal",
    /// Template text that nobody filled in: R●年●月.
    Placeholder = "placeholder",
    /// ―, －, 該当なし.
    NullMark = "null_mark",
    /// ①, (1), １．: the head of an item, not a number.
    Enumerator = "enumerator",
    /// A document's or article's number, a code: 第84号, 060-8611.
    Identifier = "identifier",
    /// Written as a date and none: 令和2年2月30日. The flags say why.
    Invalid = "invalid",
}

/// One expression in a text.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Found {
    /// Its place in the given text, in bytes.
    pub span: Range<usize>,
    /// What it is.
    pub kind: Kind,
    /// A number with its scale folded in, or the lower end of a range of numbers; the year of a fiscal year; which
    /// quarter or half; which one an ordinal is.
    pub value: Option<Decimal>,
    /// The upper end of a range of numbers.
    pub high: Option<Decimal>,
    /// The unit, in its canonical form.
    pub unit: Option<String>,
    /// The days, for dates and ranges of dates.
    pub period: Option<Period>,
    /// A duration in ISO 8601: `P1Y2M`.
    pub duration: Option<String>,
    /// What there is to remark.
    pub flags: Flags,
}

impl Found {
    pub(crate) fn new(kind: Kind, span: Range<usize>) -> Found {
        Found {
            span,
            kind,
            value: None,
            high: None,
            unit: None,
            period: None,
            duration: None,
            flags: Flags::NONE,
        }
    }

    /// The date, interval or duration in ISO 8601 with the extensions of EDTF for what is unknown (XXXX) or open (..).
    ///
    /// Fiscal years and their parts are intervals of days, and the end of a month its last day: that is how it differs
    /// from [`Period::edtf`].
    ///
    /// ```
    /// use chohyo_normalize::{Context, scan};
    ///
    /// let found = scan("R1年6月末と平成18年度", &Context::default());
    /// assert_eq!(found[0].iso().as_deref(), Some("2019-06-30"));
    /// assert_eq!(found[1].iso().as_deref(), Some("2006-04-01/2007-03-31"));
    /// ```
    pub fn iso(&self) -> Option<String> {
        let Some(period) = &self.period else { return self.duration.clone() };
        let days = match period.kind {
            PeriodKind::FiscalYear
            | PeriodKind::FiscalHalf
            | PeriodKind::FiscalQuarter
            | PeriodKind::WholeYear => true,
            PeriodKind::Range | PeriodKind::Open => period.flags.contains(Flag::Fiscal),
            _ => false,
        };
        let text = if days && (period.start.is_some() || period.end.is_some()) {
            let mut text = String::new();
            for (index, day) in [period.start, period.end].into_iter().enumerate() {
                let _ = match day {
                    Some(day) => write!(text, "{day}"),
                    None => write!(text, ".."),
                };
                if index == 0 {
                    text.push('/');
                }
            }
            text
        } else if let (PeriodKind::Month, true, Some(end)) =
            (period.kind, period.flags.contains(Flag::MonthEnd), period.end)
        {
            end.to_string()
        } else {
            period.edtf.clone()
        };
        Some(text).filter(|text| !text.is_empty())
    }

    /// The value as text: `12000`, `39.0`, and `5..10` for a range. Zeros that end the decimals are dropped, but one
    /// decimal is kept where some were printed.
    ///
    /// ```
    /// use chohyo_normalize::{Context, scan};
    ///
    /// let found = scan("1万2千人、39.0％、5～10％", &Context::default());
    /// let values: Vec<_> = found.iter().filter_map(|found| found.value_text()).collect();
    /// assert_eq!(values, ["12000", "39.0", "5..10"]);
    /// ```
    pub fn value_text(&self) -> Option<String> {
        let value = decimal_text(self.value?);
        Some(match self.high {
            Some(high) => format!("{value}..{}", decimal_text(high)),
            None => value,
        })
    }
}

/// The shortest text of a decimal that still says that it is one.
fn decimal_text(value: Decimal) -> String {
    let short = value.normalize();
    if short.scale() == 0 && value.scale() > 0 { format!("{short}.0") } else { short.to_string() }
}
