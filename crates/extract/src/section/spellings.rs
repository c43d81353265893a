//! The headings of a form as they may be written.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::era;
use crate::form::{Alias, Form};
use crate::stream::Stream;
use crate::trie::Trie;

/// What headings call the year of the sheet, unless they print it.
const THIS_YEAR: [char; 3] = ['今', '年', '度'];

/// A heading as it may be written.
#[derive(Clone, Debug)]
pub(super) struct Spelling {
    pub section: usize,
    pub alias: Alias,
    /// Nothing of the form's lead stands in it: a number, a mark or brackets have to say that it is a heading.
    pub short: bool,
    /// Where it says 今年度, which a sheet may print as the year it is.
    year: Option<usize>,
}

/// All headings of a form as they may be written, made ready to be looked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spellings {
    whole: Trie<Spelling>,
    /// Those with a year that may be printed, by what stands before it.
    dated: Trie<Vec<Spelling>>,
}

impl Spellings {
    pub(crate) fn of(form: &Form) -> Self {
        let mut all: Vec<Spelling> = Vec::new();
        for (section, form) in form.sections.iter().enumerate() {
            let spelling = |alias: &Alias, short| {
                let year = alias.canonical.windows(THIS_YEAR.len()).position(|w| w == THIS_YEAR);
                Spelling { section, alias: alias.clone(), short, year }
            };
            all.extend(form.headings.iter().map(|alias| spelling(alias, false)));
            all.extend(form.short_headings.iter().map(|alias| spelling(alias, true)));
        }
        let mut dated: BTreeMap<&[char], Vec<Spelling>> = BTreeMap::new();
        for (spelling, year) in all.iter().filter_map(|s| Some((s, s.year?))) {
            dated.entry(&spelling.alias.canonical[..year]).or_default().push(spelling.clone());
        }
        let dated = Trie::of(dated);
        Self { whole: Trie::of(all.into_iter().map(|s| (s.alias.canonical.clone(), s))), dated }
    }

    /// Those that stand here and where they end, the longer ones first, as a longer heading may begin with a shorter one.
    pub(super) fn at(&self, stream: &Stream<'_>, at: u32, end: u32) -> Vec<(&Spelling, u32)> {
        let mut out: Vec<(&Spelling, u32)> = Vec::new();
        for all in self.dated.prefixes(stream.chars(at..end)) {
            let before = all.first().and_then(|s| s.year).unwrap_or_default();
            let Some(year_end) = fiscal_year_end(stream, at + before as u32, end) else { continue };
            let rest = |s: &Spelling| {
                let rest = &s.alias.canonical[before + THIS_YEAR.len()..];
                stream.matches(year_end, end, rest).then_some(year_end + rest.len() as u32)
            };
            out.extend(all.iter().filter_map(|s| Some((s, rest(s)?))));
        }
        let whole = self.whole.prefixes(stream.chars(at..end));
        out.extend(whole.map(|s| (s, at + s.alias.canonical.len() as u32)));
        if let Some(date) = date_in_brackets(stream, at, end) {
            let around = stream.chars(at..date.start).chain(stream.chars(date.end..end));
            let found =
                self.whole.prefixes(around).map(|s| (s, at + (s.alias.canonical.len() + date.len()) as u32));
            out.extend(found.filter(|(_, end)| *end > date.end));
        }
        out.sort_by_key(|(s, _)| std::cmp::Reverse(s.alias.canonical.len()));
        out
    }
}

/// The date in brackets that is put into a heading here: 現時点（令和3年度当初）における強みと課題.
fn date_in_brackets(stream: &Stream<'_>, at: u32, end: u32) -> Option<Range<u32>> {
    let ch = |i: u32| stream.atoms[i as usize].ch;
    let open = (at..end).find(|&i| ch(i) == '(').filter(|&open| open > at)?;
    let close = (open..end).find(|&i| ch(i) == ')').filter(|&close| close + 1 < end)?;
    let inner = stream.spelled(open + 1..close);
    let date = inner.contains(|c: char| c.is_ascii_digit())
        && chohyo_normalize::period(inner, &chohyo_normalize::Context::default()).is_some();
    date.then_some(open..close + 1)
}

/// Where the fiscal year that begins here ends: 令和3年度.
fn fiscal_year_end(stream: &Stream<'_>, at: u32, end: u32) -> Option<u32> {
    let ch = |i: u32| stream.atoms[i as usize].ch;
    if at >= end || !era::may_begin_year(ch(at)) {
        return None;
    }
    let year = at..(at..end.min(at + 10)).find(|&i| ch(i) == '度')? + 1;
    let fiscal =
        chohyo_normalize::period(stream.spelled(year.clone()), &chohyo_normalize::Context::default())?;
    (fiscal.kind == chohyo_normalize::PeriodKind::FiscalYear).then_some(year.end)
}
