//! Columns whose heads say that their numbers are of another year or survey, or the difference to it.
//!
//! Offices add such columns to forms that have none; the numbers of the form are those beside them.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::stream::Stream;

/// Words of such heads.
const OTHER: [&str; 6] = ["前年", "前回", "昨年", "前々", "増減", "参考"];

/// Words of heads that say the opposite.
const OWN: [&str; 5] = ["今年", "本年", "当年", "今回", "現在"];

/// Characters of a head, at most.
const LONGEST: usize = 20;

/// True for the head of such a column.
fn is_head(text: &str) -> bool {
    let has = |words: &[&str]| words.iter().any(|w| text.contains(w));
    text.chars().count() <= LONGEST && has(&OTHER) && !has(&OWN)
}

/// The cells under such heads, in the tables of these lines.
pub(crate) fn cells(stream: &Stream<'_>, lines: &[Range<u32>]) -> Vec<Range<u32>> {
    let tables: BTreeSet<(u32, u32)> = lines
        .iter()
        .flat_map(Clone::clone)
        .map(|l| &stream.lines[l as usize])
        .filter_map(|l| l.cell.map(|(table, _)| (l.page, table)))
        .collect();
    let mut out = Vec::new();
    for (page, index) in tables {
        let table = &stream.document.pages[page as usize].tables[index as usize];
        let texts: Vec<String> = (0..table.cells.len() as u32)
            .map(|c| stream.parts_of_cell(page, index, c).iter().map(|p| stream.spelled(p.clone())).collect())
            .collect();
        let numbers = table.cells.iter().zip(&texts).filter(|(_, text)| is_number(text));
        let Some(first) = numbers.map(|(cell, _)| cell.rows.start).min() else { continue };
        let heads: Vec<_> = table
            .cells
            .iter()
            .zip(&texts)
            .filter(|(cell, text)| cell.rows.end <= first && is_head(text))
            .map(|(cell, _)| cell.columns.clone())
            .collect();
        for (c, cell) in table.cells.iter().enumerate().filter(|(_, cell)| cell.rows.start >= first) {
            if heads.iter().any(|h| h.start <= cell.columns.start && cell.columns.end <= h.end) {
                out.extend(stream.parts_of_cell(page, index, c as u32).iter().cloned());
            }
        }
    }
    out
}

/// True for a number alone, with or without a sign.
fn is_number(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    digits > 0 && text.chars().all(|c| c.is_ascii_digit() || ",./%-△▲+".contains(c))
}

/// True where such a head stands in the text of a dump, on a line or in a field of its own: whose numbers are whose is
/// not told there.
pub(crate) fn in_dump(stream: &Stream<'_>, lines: &[Range<u32>]) -> bool {
    let mut fields = lines.iter().flat_map(Clone::clone).flat_map(|line| stream.fields_of(line));
    fields.any(|f| is_head(stream.spelled(f.atoms.clone())))
}

#[cfg(test)]
mod tests {
    use crate::extract_sheet;
    use crate::page_maker::{Page, sheet};
    use crate::sheet::Status;

    const ROWS: [[&str; 5]; 5] = [
        ["区分", "前年度", "今年度", "増減", "単位"],
        ["精神科病院の数", "22", "24", "2", "病院"],
        ["精神科病床数", "4,545", "4,404", "△141", "床"],
        ["3か月未満（％：構成割合）", "815", "787", "△28", "人"],
        ["市町村", "9／33", "10／33", "1", "か所"],
    ];

    #[test]
    fn numbers_of_the_year_before_are_not_the_forms() {
        let mut page = Page::default()
            .text(30.0, 30.0, "１ 県又は政令市の基礎情報")
            .grid(&[30.0, 230.0, 310.0, 390.0, 450.0, 510.0], &[50.0, 70.0, 90.0, 110.0, 130.0, 150.0]);
        for (row, y) in ROWS.iter().zip([64.0, 84.0, 104.0, 124.0, 144.0]) {
            for (text, x) in row.iter().zip([35.0, 240.0, 320.0, 400.0, 460.0]) {
                page = page.text(x, y, text);
            }
        }
        let sheet = sheet(&[page]);
        let value = |key: &str| sheet.measure(key).unwrap().raw.clone();
        assert_eq!(value("psychiatric_hospitals"), "24");
        assert_eq!(value("psychiatric_beds"), "4,404");
        assert_eq!(value("inpatients_under_3_months"), "787");
        assert_eq!(value("inpatients_under_3_months_share"), "");
        assert_eq!(sheet.tables["councils"].last().unwrap()["established"].text, "10／33");
    }

    #[test]
    fn a_dump_does_not_tell_the_years_apart() {
        let rows: Vec<String> = ROWS.iter().map(|r| r.join(" ")).collect();
        let sheet =
            extract_sheet(format!("岩手県\n１ 県又は政令市の基礎情報\n{}\n", rows.join("\n"))).unwrap();
        for key in ["psychiatric_hospitals", "psychiatric_beds", "inpatients_under_3_months"] {
            let measure = sheet.measure(key).unwrap();
            assert!(measure.value.is_none() && measure.status == Status::Ambiguous, "{measure:?}");
        }
    }
}
