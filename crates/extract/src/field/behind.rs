//! Fields whose label stands behind the value: `令和５年４月１日現在`.

use std::ops::Range;

use chohyo_normalize::Context;

use crate::form::{ColumnKind, FieldForm};
use crate::ledger::Ledger;
use crate::sheet::Field;
use crate::value::Column;

/// The first value of the field's type that stands before one of its labels in these lines.
pub(super) fn read(
    ledger: &mut Ledger<'_, '_>,
    form: &FieldForm,
    lines: &[Range<u32>],
    context: &Context,
) -> Option<Field> {
    let stream = ledger.stream;
    for line in lines.iter().flat_map(Clone::clone) {
        let line = stream.lines[line as usize].atoms.clone();
        if form.labels.iter().all(|l| !stream.canonical(line.clone()).contains(&text(&l.canonical))) {
            continue;
        }
        let fields = || stream.fields_in(line.clone());
        for label in form.labels.iter().map(|l| &l.canonical) {
            let length = label.len() as u32;
            let places = (line.start..line.end).filter(|&at| stream.matches(at, line.end, label));
            for at in places.collect::<Vec<_>>() {
                // The longest text before it that is one: it may be set with spaces.
                for start in fields().map(|f| f.start).filter(|&start| start < at) {
                    let open = |i: u32| matches!(stream.atoms[i as usize].ch, '(' | '[' | '【');
                    let start = (start..at).find(|&i| !open(i)).unwrap_or(at);
                    let own = start..at;
                    if own.is_empty() || !ledger.is_free(start..at + length) {
                        continue;
                    }
                    let printed = stream.printed_text(own.clone());
                    let fits = match form.kind {
                        ColumnKind::Period => chohyo_normalize::period(printed, context).is_some(),
                        ColumnKind::Value => chohyo_normalize::number(printed).is_some(),
                        _ => true,
                    };
                    if !fits {
                        continue;
                    }
                    let cell = super::cell(
                        ledger,
                        std::slice::from_ref(&own),
                        form,
                        &Column::default(),
                        None,
                        context,
                    );
                    let part = at..at + length;
                    let label = ledger.take(&[vec![part]]);
                    return Some(Field { key: form.key.clone(), block: None, label: Some(label), cell });
                }
            }
        }
    }
    None
}

fn text(canonical: &[char]) -> String {
    canonical.iter().collect()
}

#[cfg(test)]
mod tests {
    use crate::Extractor;
    use crate::form::Form;

    #[test]
    fn the_date_of_a_sheet() {
        let form = r#"
            id = "list"
            title = "施設一覧"
            [[section]]
            id = "list"
            headings = ["施設一覧"]
            [[section.field]]
            key = "as_of"
            labels = ["現在"]
            behind = true
            type = "period"
        "#;
        let read = |dump: &str| {
            let sheet = Extractor::new().form(Form::parse(form).unwrap()).extract(dump).unwrap();
            let field = sheet.field("as_of").unwrap();
            (field.cell.text.clone(), field.cell.period.as_ref().map(|p| p.edtf.clone()))
        };
        let date = Some("2023-04-01".to_owned());
        assert_eq!(
            read("１ 施設一覧\n（令和５年４月１日現在）\n"),
            ("令和５年４月１日".to_owned(), date.clone())
        );
        assert_eq!(
            read("１ 施設一覧\n埼玉県 令和 5年 4月 1日 現在\n"),
            ("令和 5年 4月 1日".to_owned(), date)
        );
        assert_eq!(read("１ 施設一覧\n現在の状況\n"), (String::new(), None));
    }
}
