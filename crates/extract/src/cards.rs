//! Records printed as cards: a box each, in which every field says its own name (`目標値（R2年度当初）：40`).

use std::collections::BTreeMap;
use std::ops::Range;

use chohyo_layout::SourceKind;
use chohyo_normalize::Context;

use crate::form::{ColumnForm, ColumnKind, TableForm};
use crate::head;
use crate::label;
use crate::ledger::Ledger;
use crate::open_text::open_column;
use crate::sheet::{Row, Text};
use crate::stream::Stream;
use crate::texts::groups;
use crate::value::{self, Column};

mod written;

pub(crate) use written::written;

/// White space (in heights of a line) that one line may have between two fields.
const BESIDE: f32 = 4.0;

/// Particles that no name ends with.
const PARTICLES: [char; 8] = ['に', 'は', 'を', 'が', 'も', 'で', 'と', '、'];

/// A field of a card.
struct Field {
    /// Index of the form's column.
    column: usize,
    /// Its name, with brackets and colon.
    name: Range<u32>,
    value: Vec<Range<u32>>,
}

/// A card: what stands over its fields, they, and the text under them that none of them names.
struct Card {
    lead: Vec<Range<u32>>,
    fields: Vec<Field>,
    text: Vec<Range<u32>>,
}

/// The cards of one table of the form in these lines, each with the printed names of its fields.
///
/// A box is a card where two of the table's columns are named in it, each once; the first text column is what
/// stands over them. A text under them that has no name is of the only other text column.
pub(crate) fn rows(
    ledger: &mut Ledger<'_, '_>,
    form: &TableForm,
    lines: &[Range<u32>],
    context: &Context,
) -> Vec<(Row, BTreeMap<String, Text>)> {
    let stream = ledger.stream;
    let Some(lead) = form.columns.iter().position(|c| c.kind == ColumnKind::Text) else {
        return Vec::new();
    };
    let mut found: Vec<Card> = Vec::new();
    for range in lines {
        let groups = with_leads(ledger, form, groups(ledger, range.clone()));
        let mut own: Vec<Card> = Vec::new();
        // The card that the next page may go on with.
        let mut last: Option<u32> = None;
        for group in &groups {
            let cards = cards(stream, form, lead, group);
            let page = |p: &Range<u32>| stream.lines[stream.atoms[p.start as usize].line as usize].page;
            let (first, end) = (group.first().map(page), group.last().map(page));
            if cards.is_empty() && last.is_some() && last.map(|l| l + 1) == first {
                let texts = own.iter().filter(|c| !c.text.is_empty()).count();
                // All others have a text, and this one has nothing but its fields.
                if texts > 0
                    && texts + 1 == own.len()
                    && let Some(card) = own.last_mut().filter(|c| c.text.is_empty())
                {
                    card.text.clone_from(group);
                }
            }
            last = if cards.is_empty() { None } else { end };
            own.extend(cards);
        }
        found.extend(own);
    }
    found.into_iter().map(|card| row(ledger, form, lead, card, context)).collect()
}

fn row(
    ledger: &mut Ledger<'_, '_>,
    form: &TableForm,
    lead: usize,
    card: Card,
    context: &Context,
) -> (Row, BTreeMap<String, Text>) {
    let (mut row, mut names) = (Row::new(), BTreeMap::new());
    let plain = Column::default();
    let open = open_column(form, |i| i == lead || card.fields.iter().any(|f| f.column == i));
    let cell = value::cell(ledger, &card.lead, form.columns[lead].kind, &plain, context);
    row.insert(form.columns[lead].name.clone(), cell);
    for field in card.fields {
        let column = &form.columns[field.column];
        let said = head::column(ledger.stream, std::slice::from_ref(&field.name), context);
        let cell = value::of_column(ledger, &field.value, column, &said, context);
        row.insert(column.name.clone(), cell);
        names.insert(column.name.clone(), ledger.take(&[vec![field.name]]));
    }
    if let Some(column) = open.map(|open| &form.columns[open]).filter(|_| !card.text.is_empty()) {
        row.insert(column.name.clone(), value::cell(ledger, &card.text, column.kind, &plain, context));
    }
    (row, names)
}

/// Blocks that begin with a field get the line before them: a card may break over a column or a page. Fields at the
/// height of others go behind these: white space on a line may look like that between columns.
fn with_leads(
    ledger: &Ledger<'_, '_>,
    form: &TableForm,
    groups: Vec<Vec<Range<u32>>>,
) -> Vec<Vec<Range<u32>>> {
    let stream = ledger.stream;
    let mut out: Vec<Vec<Range<u32>>> = Vec::with_capacity(groups.len());
    let named = |p: &Range<u32>| name_at(stream, form, p.start, p.end).is_some();
    for group in groups {
        let begins = group.first().is_some_and(named);
        let places =
            out.last().filter(|_| begins).and_then(|last| places_beside(stream, last, &group, named));
        if let (Some(last), Some(places)) = (out.last_mut(), places) {
            for (part, at) in group.iter().zip(places).rev() {
                last.insert(at + 1, part.clone());
            }
            continue;
        }
        match out.last_mut() {
            Some(last) if begins && last.last().is_some_and(|p| !named(p)) => last.extend(group),
            _ => out.push(group),
        }
    }
    out
}

/// The fields of a block at whose height those of a group stand, where all of them do.
fn places_beside(
    stream: &Stream<'_>,
    block: &[Range<u32>],
    group: &[Range<u32>],
    named: impl Fn(&Range<u32>) -> bool,
) -> Option<Vec<usize>> {
    let page = |p: &Range<u32>| stream.lines[stream.atoms[p.start as usize].line as usize].page;
    let beside = |a: &Range<u32>, b: &Range<u32>| match (stream.bbox(a.clone()), stream.bbox(b.clone())) {
        (Some(left), Some(right)) => {
            page(a) == page(b)
                && left.overlap_y(&right) > 0.5 * right.height()
                && (0.0..BESIDE * right.height()).contains(&(right.x0 - left.x1))
        }
        _ => false,
    };
    let of = |p: &Range<u32>| block.iter().position(|a| named(p) && named(a) && beside(a, p));
    group.iter().map(of).collect()
}

/// The cards of a block: each begins with a line that names no field, to the left of those that do.
fn cards(stream: &Stream<'_>, form: &TableForm, lead: usize, group: &[Range<u32>]) -> Vec<Card> {
    if let Some(card) = card(stream, form, lead, group) {
        return vec![card];
    }
    let left = |part: &Range<u32>| stream.bbox(part.clone()).map(|b| (b.x0, b.height()));
    let names = |part: &Range<u32>| {
        stream.fields_in(part.clone()).any(|f| name_at(stream, form, f.start, part.end).is_some())
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
    let mut card = Card { lead: Vec::new(), fields: Vec::new(), text: Vec::new() };
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
    (count >= 2 && once && is_name(stream, form, lead, &card.lead) && !is_mixed(stream, form, &card))
        .then_some(card)
}

/// True for what a dump gives of cards beside others: among the texts of one stands a field with its number that is none
/// of this table's, so that its own fields may be another card's.
fn is_mixed(stream: &Stream<'_>, form: &TableForm, card: &Card) -> bool {
    let text = |field: &&Field| form.columns[field.column].kind == ColumnKind::Text;
    let texts = card.fields.iter().filter(text).flat_map(|field| &field.value);
    let ch = |at: u32| stream.atoms[at as usize].ch;
    let number =
        |part: &Range<u32>| (part.start + 1..part.end).any(|at| ch(at).is_ascii_digit() && ch(at - 1) == ':');
    stream.document.kind == SourceKind::Text && texts.chain(&card.lead).chain(&card.text).any(number)
}

/// False for what stands over fields and names nothing: a line out of a sentence beside them, and the head of a table in
/// whose cells the fields stand.
fn is_name(stream: &Stream<'_>, form: &TableForm, lead: usize, parts: &[Range<u32>]) -> bool {
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return false };
    let others = form.columns.iter().enumerate().filter(|(i, _)| *i != lead).map(|(_, column)| column);
    let head = |column: &ColumnForm| column.heads.prefixes(stream.chars(first.clone())).next().is_some();
    let text = stream.printed_text(last.clone()).trim_end();
    let sentence =
        text.ends_with(PARTICLES) || parts.iter().any(|p| stream.printed_text(p.clone()).contains('。'));
    !sentence && !others.into_iter().any(head)
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
        Some(_) => card.text.push(part),
    }
}

/// The column whose head stands here with a colon behind it, and where its name ends.
pub(crate) fn name_at(
    stream: &Stream<'_>,
    form: &TableForm,
    at: u32,
    end: u32,
) -> Option<(usize, Range<u32>)> {
    let ch = |i: u32| stream.atoms[i as usize].ch;
    form.columns.iter().enumerate().find_map(|(i, column)| {
        column.heads.prefixes(stream.chars(at..end)).find_map(|&length| {
            let mut colon = at + length as u32;
            if colon < end && ch(colon) == '(' {
                colon = label::closing(stream, colon, end).filter(|&i| ch(i) == ')')? + 1;
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

    #[test]
    fn a_text_without_a_name_under_the_fields() {
        let page = Page::default()
            .text(50.0, 30.0, "４ 精神障害にも対応した地域包括ケアシステム構築に資する取組の成果・効果")
            .text(50.0, 80.0, "①研修会の開催回数")
            .text(60.0, 94.0, "目標値（R2年度当初）：20")
            .text(220.0, 94.0, "実績値（R2年度末）：12")
            .text(65.0, 108.0, "病院ごとに研修会を開くようになり、職種を越えた理解が深まった。")
            .text(50.0, 136.0, "②会議の開催数")
            .text(60.0, 150.0, "目標値（R2年度当初）：3")
            .text(220.0, 150.0, "実績値（R2年度末）：4")
            .text(65.0, 164.0, "全ての圏域で会議を開き、課題を全体の会議に報告している。");
        let sheet = sheet(&[page]);
        let rows: Vec<[&str; 4]> = sheet.tables["outcomes"]
            .iter()
            .map(|r| ["indicator", "target", "actual", "narrative"].map(|c| r[c].text.as_str()))
            .collect();
        let first = "病院ごとに研修会を開くようになり、職種を越えた理解が深まった。";
        let second = "全ての圏域で会議を開き、課題を全体の会議に報告している。";
        assert_eq!(rows, [["①研修会の開催回数", "20", "12", first], ["②会議の開催数", "3", "4", second]]);
    }
}
