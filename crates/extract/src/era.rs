//! Eras: how their years begin, and years that an era did not have.

use chohyo_normalize::{Flag, Period};

use crate::diagnostic::Code;
use crate::sheet::{Diagnostic, Place, Sheet};

/// What the name of an era or of the western calendar begins with before a year: 令和, R, 西暦.
pub(crate) const NAMES: [char; 7] = ['令', '平', '昭', '西', 'R', 'H', 'S'];

/// False for a character that begins no year.
pub(crate) fn may_begin_year(ch: char) -> bool {
    ch.is_ascii_digit() || NAMES.contains(&ch)
}

/// Says which dates of the record name such a year: one diagnostic for all of them.
pub(crate) fn overflows(sheet: &mut Sheet) {
    let mut texts: Vec<String> = Vec::new();
    let mut keys: Vec<String> = Vec::new();
    let mut at: Vec<Place> = Vec::new();
    let mut note = |period: Option<&Period>, key: &dyn Fn() -> String, places: &[Place]| {
        let Some(period) = period.filter(|p| p.flags.contains(Flag::EraOverflow)) else { return };
        let told = format!("{} is {}", period.text, period.edtf);
        if !texts.contains(&told) {
            texts.push(told);
        }
        let key = key();
        if !keys.contains(&key) {
            keys.push(key);
        }
        at.extend(places.iter().cloned());
    };
    for measure in &sheet.measures {
        let label = measure.label.as_ref().map_or(&[][..], |l| l.at.as_slice());
        note(measure.as_of.as_ref(), &|| measure.key.clone(), label);
    }
    for field in &sheet.fields {
        note(field.cell.period.as_ref(), &|| field.key.clone(), &field.cell.at);
    }
    for (table, rows) in &sheet.tables {
        for (column, cell) in rows.iter().flatten() {
            for period in [cell.period.as_ref(), cell.as_of.as_ref()] {
                note(period, &|| format!("{table}.{column}"), &cell.at);
            }
        }
    }
    if !texts.is_empty() {
        let message = format!("dates in years that their era did not have: {}", texts.join("; "));
        sheet.diagnostics.push(Diagnostic::new(Code::EraOverflow, message).of(keys).at(at));
    }
}

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet};

    fn page(period: &str) -> Page {
        Page::default()
            .text(30.0, 30.0, "３ 精神障害にも対応した地域包括ケアシステムの構築に向けた取組の経緯")
            .grid(&[30.0, 150.0, 560.0], &[50.0, 70.0, 90.0])
            .text(35.0, 64.0, "年度")
            .text(155.0, 64.0, "内容")
            .text(35.0, 84.0, period)
            .text(155.0, 84.0, "協議の場を設置")
    }

    #[test]
    fn a_year_after_the_end_of_its_era() {
        let sheet = sheet(&[page("平成32年度")]);
        let said = sheet.diagnostics.iter().find(|d| d.code == "era_overflow").unwrap();
        assert_eq!(said.keys, ["history.period"]);
        assert!(said.message.contains("平成32年度 is 2020-04/2021-03"), "{}", said.message);
        assert_eq!(said.at.len(), 1);
    }

    #[test]
    fn a_year_of_its_era() {
        let sheet = sheet(&[page("平成30年度")]);
        assert!(sheet.diagnostics.iter().all(|d| d.code != "era_overflow"));
    }
}
