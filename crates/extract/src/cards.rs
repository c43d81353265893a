//! Records printed as cards: a box each, in which every field says its own name (`目標値（R2年度当初）：40`).

use std::collections::BTreeMap;
use std::ops::Range;

use chohyo_normalize::Context;

use crate::form::{ColumnKind, TableForm};
use crate::head;
use crate::ledger::Ledger;
use crate::sheet::{Row, Text};
use crate::stream::Stream;
use crate::texts::groups;
use crate::value::{self, Column};

/// A field of a card.
struct Field {
    /// Index of the form's column.
    column: usize,
    /// Its name, with brackets and colon.
    name: Range<u32>,
    value: Vec<Range<u32>>,
}

/// A card: what stands over its fields, and they.
struct Card {
    lead: Vec<Range<u32>>,
    fields: Vec<Field>,
}

/// The cards of one table of the form in these lines, each with the printed names of its fields.
///
/// A box is a card where two of the table's columns are named in it, each once; the first text column is what
/// stands over them.
pub(crate) fn rows(
    ledger: &mut Ledger<'_, '_>,
    form: &TableForm,
    lines: &[Range<u32>],
    context: &Context,
) -> Vec<(Row, BTreeMap<String, Text>)> {
    let mut out = Vec::new();
    let Some(lead) = form.columns.iter().position(|c| c.kind == ColumnKind::Text) else {
        return out;
    };
    for range in lines {
        for group in with_leads(ledger, form, groups(ledger, range.clone())) {
            for card in cards(ledger.stream, form, lead, &group) {
                let (mut row, mut names) = (Row::new(), BTreeMap::new());
                let plain = Column::default();
                let cell = value::cell(ledger, &card.lead, form.columns[lead].kind, &plain, context);
                row.insert(form.columns[lead].name.clone(), cell);
                for field in card.fields {
                    let column = &form.columns[field.column];
                    let said = head::column(ledger.stream, std::slice::from_ref(&field.name), context);
                    let cell = value::of_column(ledger, &field.value, column, &said, context);
                    row.insert(column.name.clone(), cell);
                    names.insert(column.name.clone(), ledger.take(&[vec![field.name]]));
                }
                out.push((row, names));
            }
        }
    }
    out
}

/// Blocks that begin with a field get the line before them: a card may break over a column or a page.
fn with_leads(
    ledger: &Ledger<'_, '_>,
    form: &TableForm,
    groups: Vec<Vec<Range<u32>>>,
) -> Vec<Vec<Range<u32>>> {
    let stream = ledger.stream;
    let mut out: Vec<Vec<Range<u32>>> = Vec::with_capacity(groups.len());
    for group in groups {
        let named = |p: &Range<u32>| name_at(stream, form, p.start, p.end).is_some();
        let begins = group.first().is_some_and(named);
        match out.last_mut() {
            Some(last) if begins && last.last().is_some_and(|p| !named(p)) => last.extend(group),
            _ => out.push(group),
        }
    }
    out
}

/// The cards of a block: each begins with a line that names no field, to the left of those that do.
fn cards(stream: &Stream<'_>, form: &TableForm, lead: usize, group: &[Range<u32>]) -> Vec<Card> {
    if let Some(card) = card(stream, form, lead, group) {
        return vec![card];
    }
    let left = |part: &Range<u32>| stream.bbox(part.clone()).map(|b| (b.x0, b.height()));
    let names = |part: &Range<u32>| {
        stream.fields_in(part.clone()).iter().any(|f| name_at(stream, form, f.start, part.end).is_some())
    };
    let Some((_, height)) = group.first().and_then(left) else { return Vec::new() };
    let mut starts = vec![0];
    let mut named: Option<f32> = None;
    for (i, part) in group.iter().enumerate() {
        let Some((own, _)) = left(part) else { return Vec::new() };
        match named {
            _ if names(part) => named = named.or(Some(own)),
            // Fields stand further in than what they are of.
            Some(field) if own < field - 0.5 * height => {
                starts.push(i);
                named = None;
            }
            _ => {}
        }
    }
    let ends = starts.iter().skip(1).copied().chain([group.len()]);
    let found: Option<Vec<Card>> =
        starts.iter().zip(ends).map(|(&from, to)| card(stream, form, lead, &group[from..to])).collect();
    found.unwrap_or_default()
}

fn card(stream: &Stream<'_>, form: &TableForm, lead: usize, group: &[Range<u32>]) -> Option<Card> {
    let mut card = Card { lead: Vec::new(), fields: Vec::new() };
    for part in group {
        let mut rest = part.clone();
        for field in stream.fields_in(part.clone()) {
            let Some((column, name)) = name_at(stream, form, field.start, part.end) else { continue };
            push(stream, form, &mut card, rest.start..field.start);
            card.fields.push(Field { column, name: name.clone(), value: Vec::new() });
            rest.start = name.end;
        }
        push(stream, form, &mut card, rest);
    }
    let mut columns: Vec<usize> = card.fields.iter().map(|f| f.column).collect();
    let count = columns.len();
    columns.sort_unstable();
    columns.dedup();
    let once = columns.len() == count && !columns.contains(&lead);
    (count >= 2 && once && !card.lead.is_empty()).then_some(card)
}

/// Adds text to the field it goes on with: a number ends with its line, so what follows one is the next
/// column's or nobody's.
fn push(stream: &Stream<'_>, form: &TableForm, card: &mut Card, part: Range<u32>) {
    if part.is_empty() {
        return;
    }
    match card.fields.last_mut() {
        None => card.lead.push(part),
        Some(field) if form.columns[field.column].kind == ColumnKind::Text => field.value.push(part),
        Some(field) if field.value.is_empty() => {
            // 現状値：78 → 目標値：87
            let arrow = |c: char| matches!(c, '→' | '⇒' | '➡');
            let own = part.clone().take_while(|&i| !arrow(stream.atoms[i as usize].ch)).count() as u32;
            field.value.push(part.start..part.start + own);
        }
        Some(_) => {}
    }
}

/// The column whose head stands here with a colon behind it, and where its name ends.
fn name_at(stream: &Stream<'_>, form: &TableForm, at: u32, end: u32) -> Option<(usize, Range<u32>)> {
    let ch = |i: u32| stream.atoms[i as usize].ch;
    form.columns.iter().enumerate().find_map(|(i, column)| {
        column.headers.iter().find_map(|h| {
            if !stream.matches(at, end, &h.canonical) {
                return None;
            }
            let mut colon = at + h.canonical.len() as u32;
            if colon < end && ch(colon) == '(' {
                colon = (colon..end).find(|&i| ch(i) == ')')? + 1;
            }
            (colon < end && ch(colon) == ':').then_some((i, at..colon + 1))
        })
    })
}

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet};

    #[test]
    fn a_box_that_names_its_fields_is_a_row() {
        let page = Page::default()
            .text(50.0, 30.0, "４ 精神障害にも対応した地域包括ケアシステム構築に資する取組の成果・効果")
            .text(50.0, 80.0, "①研修会の開催回数")
            .text(50.0, 94.0, "目標値（R2年度当初）：1,220回")
            .text(50.0, 108.0, "実績値（R2年度末）：－")
            .text(50.0, 122.0, "具体的な成果・効果：理解が深まった。");
        let sheet = sheet(&[page]);
        let [row] = sheet.tables["outcomes"].as_slice() else { panic!("{:?}", sheet.tables["outcomes"]) };
        assert_eq!(row["indicator"].text, "①研修会の開催回数");
        assert_eq!(row["target"].value.unwrap().0, 1220.into());
        assert_eq!(row["target"].unit.as_deref(), Some("回"));
        assert_eq!(row["actual"].value, None);
        assert_eq!(row["actual"].status, Some(crate::Status::NullMark));
        assert_eq!(row["narrative"].text, "理解が深まった。");
    }

    #[test]
    fn cards_one_after_the_other() {
        let page = Page::default()
            .text(50.0, 30.0, "５ 精神障害にも対応した地域包括ケアシステムの構築に向けた強みと課題")
            .text(50.0, 80.0, "研修の受講者数")
            .text(65.0, 94.0, "現状値：75 → 目標値（令和2年度末）：87")
            .text(65.0, 108.0, "見込んでいる成果・効果：人材の育成")
            .text(50.0, 122.0, "会議の開催数")
            .text(65.0, 136.0, "現状値：3 → 目標値（令和2年度末）：4")
            .text(65.0, 150.0, "見込んでいる成果・効果：連携の確認");
        let sheet = sheet(&[page]);
        let rows: Vec<(String, i64, i64)> = sheet.tables["indicators"]
            .iter()
            .map(|r| {
                let number = |c: &str| r[c].value.and_then(|v| i64::try_from(v.0).ok()).unwrap_or(-1);
                (r["indicator"].text.clone(), number("current"), number("target"))
            })
            .collect();
        assert_eq!(rows, [("研修の受講者数".to_owned(), 75, 87), ("会議の開催数".to_owned(), 3, 4)]);
    }
}
