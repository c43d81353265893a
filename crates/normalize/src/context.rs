//! What a reader knows of a text before reading it.

use crate::era::Era;

/// What the sheet says elsewhere, to complete what an expression leaves out.
///
/// ```
/// use chohyo_normalize::{Context, period};
///
/// let context = Context::default().with_fiscal_year(2020);
/// assert_eq!(period("7月", &context).unwrap().edtf, "2020-07");
/// // January to March lie in the next calendar year.
/// assert_eq!(period("2月", &context).unwrap().edtf, "2021-02");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Context {
    /// The fiscal year of the sheet: the year in which it begins.
    pub fiscal_year: Option<i32>,
    /// The era that years without one are counted in, until the text names another.
    pub era: Option<Era>,
}

impl Context {
    /// With the sheet's fiscal year.
    #[must_use]
    pub fn with_fiscal_year(mut self, year: i32) -> Context {
        self.fiscal_year = Some(year);
        self
    }

    /// With the era that years without one are counted in.
    ///
    /// ```
    /// use chohyo_normalize::{Context, era::Era, period};
    ///
    /// let context = Context::default().with_era(Era::Heisei);
    /// assert_eq!(period("29年度", &context).unwrap().fiscal_year, Some(2017));
    /// ```
    #[must_use]
    pub fn with_era(mut self, era: Era) -> Context {
        self.era = Some(era);
        self
    }

    /// The era of the `n`th year where none is printed; the year of the era that lies nearest to what is known.
    pub(crate) fn era_of(&self, n: i32) -> Option<Era> {
        if let Some(era) = self.era
            && lasts(era, n)
        {
            return Some(era);
        }
        if let Some(near) = self.fiscal_year {
            return [Era::Showa, Era::Heisei, Era::Reiwa]
                .into_iter()
                .filter(|&era| lasts(era, n))
                .min_by_key(|era| (era.year(n) - near).abs());
        }
        // With nothing known: only what the length of the eras leaves.
        match n {
            13..=31 => Some(Era::Heisei),
            32..=64 => Some(Era::Showa),
            _ => None,
        }
    }
}

/// Whether an era has, or may be expected to have, an `n`th year in official text.
fn lasts(era: Era, n: i32) -> bool {
    let years = match era.last_day() {
        Some(last) => era.nth(i32::from(last.year())),
        // Plans look some twenty years ahead.
        None => 20,
    };
    (1..=years).contains(&n)
}
