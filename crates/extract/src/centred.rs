//! A table of dates and texts that was written line by line, with each date at half the height of its row.
//!
//! Where a text has an odd number of lines, its date stands on the middle one; where it has an even number, on a line of its own
//! between them. So as many lines of a row stand above its date as below it, and each row ends where the one before
//! it lets it begin: with the first line, all rows are known, and the last one must end with the table.

use std::ops::Range;

use chohyo_normalize::Context;

use crate::form::{ColumnKind, TableForm};
use crate::ledger::Ledger;
use crate::prose::{dated, is_running};
use crate::sheet::Row;
use crate::stream::Stream;
use crate::value::{self, Column};

/// The least number of dates whose places say something.
const DATES: usize = 3;

/// A date, and the lines of its text.
pub(crate) type Entry = (Range<u32>, Vec<Range<u32>>);

/// A date among the lines of its page: its line, its end, and whether text stands behind it.
struct Date {
    line: usize,
    label: Range<u32>,
    alone: bool,
}

/// The entries in these lines, where they can be nothing else.
pub(crate) fn entries(stream: &Stream<'_>, lines: &[Range<u32>], context: &Context) -> Option<Vec<Entry>> {
    let page = |p: &Range<u32>| stream.lines[stream.atoms[p.start as usize].line as usize].page;
    let (mut beside, mut alone) = (false, false);
    let mut out = Vec::new();
    for lines in lines.chunk_by(|a, b| page(a) == page(b)) {
        let dates: Vec<Date> = lines
            .iter()
            .enumerate()
            .filter_map(|(line, part)| {
                let label = dated(stream, part, context)?;
                Some(Date { line, alone: label.end == part.end, label })
            })
            .collect();
        beside |= dates.iter().any(|d| !d.alone);
        alone |= dates.iter().any(|d| d.alone);
        let mut from = 0;
        for date in &dates {
            let above = date.line.checked_sub(from)?;
            let end = date.line + above + 1;
            let own = lines.get(from..end)?;
            if date.alone && above == 0 {
                return None;
            }
            let content = own.iter().enumerate().filter_map(|(i, part)| {
                let text = if from + i == date.line { date.label.end..part.end } else { part.clone() };
                (!text.is_empty()).then_some(text)
            });
            out.push((date.label.clone(), content.collect()));
            from = end;
        }
        // Another date within a row ends the search above: its line is before `from`.
        if from != lines.len() {
            return None;
        }
    }
    (out.len() >= DATES && beside && alone).then_some(out)
}

/// The rows of a table that has a column of dates, one of texts, and no others.
pub(crate) fn rows(
    ledger: &mut Ledger<'_, '_>,
    form: &TableForm,
    atoms: &[Range<u32>],
    said: &[Option<Column>],
    names: &[&str],
    context: &Context,
) -> Option<Vec<Row>> {
    let [(first, a), (second, b)] = form.columns.iter().enumerate().collect::<Vec<_>>().try_into().ok()?;
    let (period, text) = match (a.kind, b.kind) {
        (ColumnKind::Period, ColumnKind::Text) => (first, second),
        (ColumnKind::Text, ColumnKind::Period) => (second, first),
        _ => return None,
    };
    let stream = ledger.stream;
    let lines: Vec<Range<u32>> = atoms
        .iter()
        .flat_map(|a| stream.by_line(a.clone()))
        .flat_map(|line| ledger.free_parts(line))
        .filter(|part| !is_running(stream, std::slice::from_ref(part), names))
        .collect();
    let found = entries(stream, &lines, context)?;
    let head = |column: usize| said.get(column).cloned().flatten().unwrap_or_default();
    let (of_dates, of_texts) = (head(period), head(text));
    let row = |(label, content): Entry| {
        let date = value::cell(ledger, &[label], ColumnKind::Period, &of_dates, context);
        let content = value::cell(ledger, &content, ColumnKind::Text, &of_texts, context);
        Row::from([(form.columns[period].name.clone(), date), (form.columns[text].name.clone(), content)])
    };
    Some(found.into_iter().map(row).collect())
}

#[cfg(test)]
mod tests {
    use crate::extract_sheet;
    use crate::sheet::Status;

    fn history(lines: &str) -> Vec<(String, String, bool)> {
        let heading = "３ 精神障害にも対応した地域包括ケアシステムの構築に向けた取組の経緯";
        let sheet = extract_sheet(format!("仙台市\n\n{heading}\n\n{lines}")).unwrap();
        let text = |t: &str| t.replace('\n', "");
        let rows = sheet.tables["history"].iter();
        rows.map(|r| {
            let sure = r["content"].status != Some(Status::Ambiguous);
            (text(&r["period"].text), text(&r["content"].text), sure)
        })
        .collect()
    }

    const ROWS: &str = "平成19年度 調査を実施\n講座を開始\n平成20年度\n手引きを改訂\n協議の場を設置\n\
        平成21年度 ピアサポーターの雇用を開始\n計画に目標を位置付け\n平成22年度 講演会を開催\n";

    #[test]
    fn dates_at_half_the_height_of_their_rows() {
        for head in ["", "時期 取組内容\n"] {
            let rows = history(&format!("{head}{ROWS}"));
            let texts: Vec<&str> = rows.iter().map(|r| r.1.as_str()).collect();
            assert_eq!(
                texts,
                [
                    "調査を実施",
                    "講座を開始手引きを改訂",
                    "協議の場を設置ピアサポーターの雇用を開始計画に目標を位置付け",
                    "講演会を開催",
                ],
                "{head}"
            );
            assert!(rows.iter().all(|r| r.2), "{rows:?}");
        }
    }

    #[test]
    fn a_row_that_ends_before_its_place_makes_all_of_them_doubtful() {
        let rows = history(&ROWS.replace("協議の場を設置\n", ""));
        assert!(rows.iter().all(|r| !r.2), "{rows:?}");
    }
}
