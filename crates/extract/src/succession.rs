//! Years that are printed short behind another (`平成30年度`, `令和元年度`, `２`, `３`), and parts of a year under it.

use std::borrow::Cow;

use chohyo_normalize::{Context, Flag, Period};

use crate::form::{ColumnKind, TableForm};
use crate::sheet::Row;

/// The period of a bare number (`２`, `３年度`, `元`) that stands behind one printed in full, if it is the next year, or
/// the one before.
pub(crate) fn next(before: &Period, printed: &str, context: &Context) -> Option<Period> {
    let folded = chohyo_normalize::fold(printed);
    let text: String = folded.text().chars().filter(|c| !c.is_whitespace()).collect();
    let full = chohyo_normalize::fold(&before.text);
    let (ahead, behind) = around_year(full.text())?;
    let number = if behind.is_empty() { text.as_str() } else { text.strip_suffix(behind).unwrap_or(&text) };
    let is_year =
        number == "元" || (1..=4).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    if !is_year {
        return None;
    }
    let whole = format!("{ahead}{number}{behind}");
    let mut period = chohyo_normalize::period(&whole, context)?;
    let (from, to) = (before.start?, period.start?);
    let step = i32::from(to.year()) - i32::from(from.year());
    if step.abs() != 1 || from.month() != to.month() || period.kind != before.kind {
        return None;
    }
    printed.clone_into(&mut period.text);
    if !ahead.is_empty() {
        period.flags.insert(Flag::EraOmitted);
    }
    Some(period)
}

/// What a head under a year says of its whole.
const WHOLE: &[&str] = &["計", "合計", "年計", "年度計", "年間", "通年"];

/// The part of a year (`４～６月`, `1月`, `計`) that stands under it.
pub(crate) fn within(year: &Period, printed: &str, context: &Context) -> Option<Period> {
    let (from, to) = (year.start?, year.end?);
    let whole: String = printed.chars().filter(|c| !c.is_whitespace()).collect();
    if WHOLE.contains(&whole.as_str()) {
        return Some(Period { text: printed.to_owned(), ..year.clone() });
    }
    let fiscal = i32::from(from.year()) - i32::from(from.month() < 4);
    let found = [
        chohyo_normalize::period(&format!("{}年{printed}", from.year()), context),
        chohyo_normalize::period(printed, &context.with_fiscal_year(fiscal)),
    ];
    let inside = |p: &Period| p.start.is_some_and(|s| from <= s) && p.end.is_some_and(|e| e <= to);
    let mut period = found.into_iter().flatten().find(|p| inside(p) && p.kind != year.kind)?;
    printed.clone_into(&mut period.text);
    Some(period)
}

/// What stands before and behind the only number of a year: 令和 and 年度.
fn around_year(text: &str) -> Option<(&str, &str)> {
    let is_year = |c: char| c.is_ascii_digit() || c == '元';
    let start = text.find(is_year)?;
    let end = start + text[start..].find(|c| !is_year(c)).unwrap_or(text.len() - start);
    let (ahead, behind) = (&text[..start], &text[end..]);
    (!behind.contains(is_year)).then_some((ahead.trim(), behind.trim()))
}

/// Gives the years that are printed short in a column of periods theirs.
pub(crate) fn complete(form: &TableForm, rows: &mut [Row], context: &Context) {
    for column in form.columns.iter().filter(|c| c.kind == ColumnKind::Period) {
        let mut before: Option<Period> = None;
        for row in rows.iter_mut() {
            let Some(cell) = row.get_mut(&column.name) else { continue };
            if cell.period.is_none() && !cell.text.is_empty() {
                cell.period = before.as_ref().and_then(|before| next(before, &cell.text, context));
            }
            // The text of one that was printed short is no pattern for the next.
            before = match (&cell.period, before) {
                (Some(period), Some(pattern)) => Some(in_words_of(&pattern, period)),
                (period, _) => period.clone(),
            };
        }
    }
}

/// The period with a text in the words of another, where its own is short.
pub(crate) fn in_words_of(pattern: &Period, period: &Period) -> Period {
    let mut out = period.clone();
    let short = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_numeric() || c == '元');
    let own: Cow<'_, str> = Cow::Borrowed(period.text.trim());
    if short(&own)
        && let Some((ahead, behind)) = around_year(chohyo_normalize::fold(&pattern.text).text())
    {
        out.text = format!("{ahead}{own}{behind}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn years(texts: &[&str]) -> Vec<Option<String>> {
        let context = Context::default();
        let mut before: Option<Period> = None;
        texts
            .iter()
            .map(|text| {
                let own = chohyo_normalize::period(text, &context);
                let found = own.or_else(|| before.as_ref().and_then(|b| next(b, text, &context)));
                before = match (&found, before.take()) {
                    (Some(period), Some(pattern)) => Some(in_words_of(&pattern, period)),
                    (period, _) => period.clone(),
                };
                found.map(|p| p.edtf)
            })
            .collect()
    }

    fn all(edtf: &[&str]) -> Vec<Option<String>> {
        edtf.iter().map(|e| Some((*e).to_owned())).collect()
    }

    #[test]
    fn years_that_follow_one_another() {
        let spans = ["2018-04/2019-03", "2019-04/2020-03", "2020-04/2021-03", "2021-04/2022-03"];
        assert_eq!(years(&["平成30年度", "令和元年度", "２", "３"]), all(&spans));
        assert_eq!(years(&["令和3年度", "2", "元"]), all(&[spans[3], spans[2], spans[1]]));
        assert_eq!(years(&["令和２年", "３年"]), all(&["2020", "2021"]));
    }

    #[test]
    fn parts_of_a_year() {
        let context = Context::default();
        let part = |year: &str, printed: &str| {
            let year = chohyo_normalize::period(year, &context)?;
            within(&year, printed, &context).map(|p| p.edtf)
        };
        assert_eq!(part("令和3年度", "４～６月").as_deref(), Some("2021-04/2021-06"));
        assert_eq!(part("令和3年度", "１～３月").as_deref(), Some("2022-01/2022-03"));
        assert_eq!(part("令和4年", "1月").as_deref(), Some("2022-01"));
        assert_eq!(part("令和4年", "計").as_deref(), Some("2022"));
        assert_eq!(part("令和4年", "目標"), None);
        assert_eq!(part("令和4年", "令和5年1月"), None);
    }

    #[test]
    fn a_number_that_is_not_the_next_year_is_none() {
        assert_eq!(years(&["令和2年度", "5"])[1], None);
        assert_eq!(years(&["令和2年4月", "3"])[1], None);
        assert_eq!(years(&["令和2年度", "計"])[1], None);
    }
}
