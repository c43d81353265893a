//! Dates of labels that a dump breaks: where the bracket of a label wraps, its second line may stand lines
//! further on, among those of other columns (`入院精神障害者数（令和`, ..., `２年６月時点）`). A date without a bracket
//! goes on in the next line (`人口 2020`, `年`, `4月時点`); its year is no number of the label's.

use std::ops::Range;

use chohyo_layout::SourceKind;
use chohyo_normalize::{Context, Period, PeriodKind};

use crate::label::{Label, printed};
use crate::stream::Stream;

/// Lines over which the rest of a bracket is looked for.
const LINES: u32 = 14;
/// Fields that the rest of a bracket may have.
const FIELDS: usize = 4;
/// Characters of the longest date without a bracket (令和２年１２月１日現在).
const LONGEST: u32 = 12;

/// Gives labels that end in an open bracket the date in it.
pub(crate) fn join(stream: &Stream<'_>, lines: &[Range<u32>], labels: &mut [Label]) {
    if stream.document.kind != SourceKind::Text {
        return;
    }
    let mut taken: Vec<Range<u32>> = Vec::new();
    for l in 0..labels.len() {
        let label = &labels[l];
        let at = label.atoms.end;
        let open = stream.atoms.get(at as usize).is_some_and(|a| a.ch == '(');
        if label.as_of.is_some() || label.placeholder.is_some() {
            continue;
        }
        if !open {
            if let Some((end, period)) = behind(stream, at) {
                labels[l].parts.extend(stream.by_line(at..end));
                labels[l].as_of = Some(period);
            }
            continue;
        }
        let line = stream.atoms[at as usize].line;
        if stream.atoms[at as usize - 1].line != line {
            continue;
        }
        let begun = at..stream.lines[line as usize].atoms.end;
        let free = |r: &Range<u32>| {
            labels.iter().flat_map(|l| &l.parts).chain(&taken).all(|t| t.end <= r.start || r.end <= t.start)
        };
        let rests = || {
            let near = lines.iter().flat_map(Clone::clone).filter(|&n| n > line && n <= line + LINES);
            near.flat_map(|n| rests(stream, n)).filter(free)
        };
        let found = whole(stream, begun.clone())
            .map(|(end, period)| (std::iter::once(at..end).collect::<Vec<_>>(), period))
            .or_else(|| rests().find_map(|rest| with(stream, &begun, rest)));
        if let Some((parts, period)) = found {
            taken.extend(parts.iter().cloned());
            labels[l].parts.extend(parts);
            labels[l].as_of = Some(period);
        }
    }
}

/// The date that begins behind a label, on its line, and where it ends: in white space, on that line or a later one.
fn behind(stream: &Stream<'_>, at: u32) -> Option<(u32, Period)> {
    let first = stream.atoms.get(at as usize)?;
    if stream.atoms[at as usize - 1].line != first.line {
        return None;
    }
    let ends_field = |end: &u32| {
        let fields = stream.fields_of(stream.atoms[*end as usize - 1].line);
        fields.iter().any(|f| f.atoms.end == *end)
    };
    let last = stream.atoms_of(0..stream.lines.len() as u32).end.min(at + LONGEST);
    (at + 1..=last).rev().filter(ends_field).find_map(|end| {
        let lines: String = stream.by_line(at..end).map(|part| printed(stream, part)).collect();
        Some((end, date(&lines)?))
    })
}

/// The date that stands in the part of a bracket before the line's end, and where it ends.
fn whole(stream: &Stream<'_>, begun: Range<u32>) -> Option<(u32, Period)> {
    (begun.start + 2..=begun.end).rev().find_map(|end| {
        let month = stream.atoms[end as usize - 1].ch == '月';
        let period = month.then(|| date(&printed(stream, begun.start + 1..end))).flatten()?;
        Some((end, period))
    })
}

/// The date that a bracket begun on one line and its rest on another say; shorter beginnings are tried where other
/// text stands behind them on the line.
fn with(stream: &Stream<'_>, begun: &Range<u32>, rest: Range<u32>) -> Option<(Vec<Range<u32>>, Period)> {
    let fields = stream.fields_in(begun.clone());
    fields.rev().map(|f| f.end).filter(|&end| end > begun.start + 1).find_map(|end| {
        let text =
            printed(stream, begun.start + 1..end).into_owned() + &printed(stream, rest.start..rest.end - 1);
        Some((vec![begun.start..end, rest.clone()], date(&text)?))
    })
}

/// What may close a bracket on this line: its fields up to one that ends in a bracket not opened there.
fn rests(stream: &Stream<'_>, line: u32) -> Vec<Range<u32>> {
    let fields: Vec<Range<u32>> = stream.fields_in(stream.lines[line as usize].atoms.clone()).collect();
    let has = |f: &Range<u32>, ch: char| f.clone().any(|i| stream.atoms[i as usize].ch == ch);
    let mut out = Vec::new();
    for (i, last) in fields.iter().enumerate() {
        if stream.atoms[last.end as usize - 1].ch != ')' || has(last, '(') {
            continue;
        }
        let first = (i + 1).saturating_sub(FIELDS);
        let open = (first..=i).rev().find(|&j| has(&fields[j], '(')).map_or(first, |j| j + 1);
        out.extend((open..=i).map(|j| fields[j].start..last.end));
    }
    out
}

fn date(text: &str) -> Option<Period> {
    let period = chohyo_normalize::period(text, &Context::default())?;
    matches!(period.kind, PeriodKind::Month | PeriodKind::Day).then_some(period)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_rest_of_a_bracket_is_found_lines_further_on() {
        let text = "仙台市\n１ 県又は政令市の基礎情報\n人口（R2年4月時点）\n1,087,723\n人\n合計\n2,150\n人\n\
            入院精神障害者数（令和\n21.0 ％\n２年６月時点）\n退院率（ H30 年 6 月 成\n";
        let sheet = crate::extract_sheet(text).unwrap();
        let total = sheet.measure("inpatients_total").unwrap();
        assert_eq!(total.as_of.as_ref().map(|p| p.edtf.as_str()), Some("2020-06"));
    }

    #[test]
    fn the_year_of_a_date_that_goes_on_is_no_number() {
        let text = "仙台市\n１ 県又は政令市の基礎情報\n人口　2020\n年\n4 月時点 1,087,723 人\n\
            精神科病床数　2020\n年\n4 月時点\n--\n";
        let sheet = crate::extract_sheet(text).unwrap();
        let population = sheet.measure("population").unwrap();
        assert_eq!(population.raw, "1,087,723");
        assert_eq!(population.as_of.as_ref().map(|p| p.edtf.as_str()), Some("2020-04"));
        assert_eq!(sheet.measure("psychiatric_beds").unwrap().value, None);
        let sheet = crate::extract_sheet(text.replace("\n年\n", " 年 ")).unwrap();
        let population = sheet.measure("population").unwrap();
        assert_eq!(population.raw, "1,087,723");
        assert_eq!(population.as_of.as_ref().map(|p| p.edtf.as_str()), Some("2020-04"));
    }
}
