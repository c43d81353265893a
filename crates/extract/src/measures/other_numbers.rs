//! Numbers on the lines of a dump that are no measure's: of ratios, headings and dates.

use std::collections::BTreeSet;
use std::ops::Range;

use chohyo_layout::SourceKind;
use chohyo_normalize::{Context, PeriodKind};

use crate::figure::Figure;
use crate::label::{Label, Named};
use crate::stream::Stream;

/// Characters of the longest date with a year and a month (2020年12月31日現在).
const LONGEST_DATE: u32 = 13;

/// True for a side of a ratio on the line of a dump (`1 ／ 1 か所`, `2 / 7` of a page's foot): that ratio may be of no
/// row that was found, but it is no measure's number.
pub(super) fn is_of_ratio(stream: &Stream<'_>, figure: &Figure) -> bool {
    if stream.document.kind != SourceKind::Text {
        return false;
    }
    let line = &stream.lines[stream.atoms[figure.atoms.start as usize].line as usize].atoms;
    let is_slash = |at: u32| line.contains(&at) && stream.atoms[at as usize].ch == '/';
    let end = figure.unit.as_ref().map_or(figure.atoms.end, |unit| unit.end.max(figure.atoms.end));
    figure.atoms.start > 0 && is_slash(figure.atoms.start - 1) || is_slash(figure.atoms.end) || is_slash(end)
}

/// True for the number of a heading on the line of a dump: `(4) 相談支援事業所数`.
pub(super) fn is_enumerator(stream: &Stream<'_>, figure: &Figure) -> bool {
    let (first, last) = (figure.atoms.start, figure.atoms.end);
    let line = &stream.lines[stream.atoms[first as usize].line as usize].atoms;
    let ch = |at: u32| Some(stream.atoms[at as usize].ch).filter(|_| line.contains(&at));
    stream.document.kind == SourceKind::Text
        && line.start + 1 == first
        && ch(line.start) == Some('(')
        && ch(last) == Some(')')
        && ch(last + 1).is_some_and(char::is_alphabetic)
}

/// Rows that a dump must count, and those that it must count within them, for numbers to be no measures'.
const COUNTED: usize = 8;
const COUNTED_WITHIN: usize = 2;

/// The numbers that count the rows of a dump's table: `1`, `2`, … and `6-1`, `6-2` under `6`, each the first field of its
/// line, and one more than the one before.
pub(super) fn counting(stream: &Stream<'_>, lines: &[Range<u32>]) -> Vec<Range<u32>> {
    if stream.document.kind != SourceKind::Text {
        return Vec::new();
    }
    let mut found: Vec<Range<u32>> = Vec::new();
    let mut last = (0, 0);
    for line in lines.iter().flat_map(Clone::clone) {
        let Some(field) = stream.fields_in(stream.lines[line as usize].atoms.clone()).next() else {
            continue;
        };
        if field.len() > 5 {
            continue;
        }
        let text = stream.spelled(field.clone());
        let number = |t: &str| t.parse::<u32>().ok();
        let place = match text.split_once('-') {
            Some((row, part)) => number(row).zip(number(part)),
            None => number(text).map(|row| (row, 0)),
        };
        if place.is_some_and(|place| place == (last.0 + 1, 0) || place == (last.0, last.1 + 1)) {
            last = place.unwrap_or(last);
            found.push(field);
        }
    }
    let within = found.iter().filter(|f| stream.spelled((*f).clone()).contains('-')).count();
    if found.len() >= COUNTED && within >= COUNTED_WITHIN { found } else { Vec::new() }
}

/// Which of the figures are part of a date on the line of a dump that writes it with spaces (`2020 年 4 月時点`).
pub(super) fn in_dates(stream: &Stream<'_>, figures: &[Figure]) -> Vec<bool> {
    let mut dated = 0..0;
    let mut is_dated = |figure: &Figure| {
        let start = figure.atoms.start;
        if dated.contains(&start) {
            return true;
        }
        let year = stream.atoms.get(figure.atoms.end as usize).is_some_and(|a| a.ch == '年');
        if year && stream.document.kind == SourceKind::Text {
            dated = date_at(stream, start).unwrap_or(0..0);
        }
        dated.contains(&start)
    };
    figures.iter().map(&mut is_dated).collect()
}

/// The date with a year and a month that begins here, on one line.
fn date_at(stream: &Stream<'_>, start: u32) -> Option<Range<u32>> {
    let line = &stream.lines[stream.atoms[start as usize].line as usize].atoms;
    let last = line.end.min(start + LONGEST_DATE);
    (start + 1..=last).rev().map(|end| start..end).find(|date| {
        let period = chohyo_normalize::period(stream.printed_text(date.clone()), &Context::default());
        period.is_some_and(|p| matches!(p.kind, PeriodKind::Month | PeriodKind::Day))
    })
}

/// Which of the figures are several on the line of a dump that begins with the label of a ratio's row: its sides in
/// columns of their own (`市町村 1 1 か所`), and no measures.
pub(super) fn in_ratio_rows(stream: &Stream<'_>, labels: &[Label], figures: &[Figure]) -> Vec<bool> {
    let line = |atoms: &Range<u32>| stream.atoms[atoms.start as usize].line;
    let begins = |l: &&Label| stream.lines[line(&l.atoms) as usize].atoms.start == l.atoms.start;
    let rows = labels.iter().filter(|l| matches!(l.named, Named::RatioRow(..))).filter(begins);
    let rows: BTreeSet<u32> = match stream.document.kind {
        SourceKind::Text => rows.map(|l| line(&l.atoms)).collect(),
        SourceKind::Pdf => BTreeSet::new(),
    };
    let several = |own: u32| figures.iter().filter(|f| line(&f.atoms) == own).count() > 1;
    let rows: BTreeSet<u32> = rows.into_iter().filter(|&own| several(own)).collect();
    figures.iter().map(|f| rows.contains(&line(&f.atoms))).collect()
}

#[cfg(test)]
mod tests {
    use crate::sheet::Sheet;

    fn value(sheet: &Sheet, key: &str) -> Option<String> {
        sheet.measure(key).and_then(|m| m.value.map(|v| v.0.to_string()))
    }

    #[test]
    fn the_sides_of_a_ratio_are_no_measures() {
        let dump =
            "都道府県      1 ／ 33      か所\n人口   1,087,723 人\n3 か所 / 7 か所\n            2 / 7\n";
        let document = chohyo_layout::read(dump.as_bytes(), &chohyo_layout::Options::default()).unwrap();
        let stream = crate::stream::Stream::new(&document);
        let units = ["人".to_owned(), "か所".to_owned()];
        let all = crate::figure::figures(&stream, 0..stream.lines.len() as u32, &units, |_| true);
        let numbers = |figures: Vec<&crate::figure::Figure>| -> Vec<String> {
            let mut numbers: Vec<String> =
                figures.into_iter().filter_map(|f| f.number().map(|n| n.to_string())).collect();
            numbers.sort();
            numbers
        };
        assert_eq!(numbers(all.iter().collect()), ["1", "1087723", "2", "3", "33", "7", "7"]);
        let kept = all.iter().filter(|f| !super::is_of_ratio(&stream, f)).collect();
        assert_eq!(numbers(kept), ["1087723"]);
    }

    #[test]
    fn numbers_of_headings_and_of_ratios_are_no_measures() {
        let dump = "仙台市\n\n１ 県又は政令市の基礎情報\n\n(4) 相談支援事業所数（R4年4月時点）\n\
            基幹相談支援センター数\n区分 設置済 全数 単位\n障害保健福祉圏域 1 1 か所\n市町村 1 3 か所\n";
        let sheet = crate::extract_sheet(dump).unwrap();
        let candidates = sheet.measures.iter().flat_map(|m| &m.candidates);
        assert!(
            candidates.map(|c| c.value).chain(sheet.measures.iter().map(|m| m.value)).all(|v| v.is_none())
        );
        let dump = dump.replace("区分", "4 か所\n区分");
        let sheet = crate::extract_sheet(dump).unwrap();
        let core = sheet.measure("consultation_core").unwrap();
        assert_eq!(core.candidates[0].raw, "4");
    }

    #[test]
    fn numbers_that_count_the_rows() {
        let dump = "1\n人口\n5 人\n2\n保健所数\n3\n退院率\n3-1\n入院後３か月時点\n65.2 ％\n3-2\n入院後６か月時点\n4\n5\n6\n";
        let document = chohyo_layout::read(dump.as_bytes(), &chohyo_layout::Options::default()).unwrap();
        let stream = crate::stream::Stream::new(&document);
        let all = 0..stream.lines.len() as u32;
        let counting = super::counting(&stream, std::slice::from_ref(&all));
        let texts: Vec<&str> = counting.iter().map(|c| stream.spelled(c.clone())).collect();
        assert_eq!(texts, ["1", "2", "3", "3-1", "3-2", "4", "5", "6"]);
        let plain = super::counting(&stream, std::slice::from_ref(&(0..stream.lines.len() as u32 - 4)));
        assert!(plain.is_empty());
    }

    #[test]
    fn the_year_of_a_date_in_its_own_column_is_no_number() {
        let dump = "仙台市\n\n１ 県又は政令市の基礎情報\n\n\
            市町村数           2020 年 4 月時点              16\n\
            精神科病床数         2020 年 4 月時点              --\n";
        let sheet = crate::extract_sheet(dump).unwrap();
        assert_eq!(value(&sheet, "municipalities").as_deref(), Some("16"));
        assert_eq!(value(&sheet, "psychiatric_beds"), None);
    }
}
