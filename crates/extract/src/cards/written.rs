//! Cards in a dump without places: fields that say their own names (`目標値（R2年度当初）：40`), one after the other.
//!
//! Nothing but the order of lines ties a field to its card. It is believed where all cards name the same fields in the same
//! order, each once, and where what they are of stands at the same place in all of them: before the first field, or, where
//! numbers count them, between two others.

use std::collections::BTreeMap;
use std::ops::Range;

use chohyo_normalize::Context;

use super::{Card, Field, is_name, name_at, row};
use crate::figure::figure;
use crate::form::{ColumnKind, TableForm};
use crate::ledger::Ledger;
use crate::open_text::open_column;
use crate::paragraph::{Opener, first_word_columns, opener, text_columns};
use crate::sheet::{Row, Text};
use crate::stream::Stream;

/// Fields of a line that one number may be printed in, with its unit and its note.
const FIELDS_OF_ONE: usize = 4;

/// Lines that the name of the first card may have.
const LINES_OF_A_NAME: usize = 3;

/// The part of the width of a column that a line of it fills at least, if the next one is its wrap.
const FULL: f32 = 0.94;

/// A line, or a part of one, that names no field.
#[derive(Clone)]
struct Plain {
    part: Range<u32>,
    opens_block: bool,
    /// It is the beginning of its line.
    opens_line: bool,
}

/// A field, and what stands behind it, up to the next one.
struct Named {
    column: usize,
    name: Range<u32>,
    value: Option<Range<u32>>,
    behind: Vec<Plain>,
    opens_block: bool,
}

/// The cards of one table of the form in these lines, each with the printed names of its fields; none where one of them is
/// not like the others.
pub(crate) fn written(
    ledger: &mut Ledger<'_, '_>,
    form: &TableForm,
    lines: &[Range<u32>],
    names: &[&str],
    context: &Context,
) -> Vec<(Row, BTreeMap<String, Text>)> {
    let Some(lead) = form.columns.iter().position(|c| c.kind == ColumnKind::Text) else { return Vec::new() };
    if !form.columns.iter().any(|c| c.kind == ColumnKind::Value) {
        return Vec::new();
    }
    let (before, fields) = fields(ledger, form, lines, names);
    let Some(cards) = cards(ledger.stream, form, lead, &before, &fields) else { return Vec::new() };
    cards.into_iter().map(|card| row(ledger, form, lead, card, context)).collect()
}

/// What stands before the first field, and the fields.
fn fields(
    ledger: &Ledger<'_, '_>,
    form: &TableForm,
    lines: &[Range<u32>],
    names: &[&str],
) -> (Vec<Plain>, Vec<Named>) {
    let stream = ledger.stream;
    let (mut before, mut out): (Vec<Plain>, Vec<Named>) = (Vec::new(), Vec::new());
    let mut block: Option<u32> = None;
    for line in lines.iter().flat_map(Clone::clone) {
        let line = &stream.lines[line as usize];
        for part in ledger.free_parts(line.atoms.clone()) {
            if names.contains(&stream.spelled(part.clone())) {
                continue;
            }
            let opens = block != Some(line.block);
            block = Some(line.block);
            let mut rest = part.clone();
            let mut push = |out: &mut Vec<Named>, part: Range<u32>| {
                if part.is_empty() {
                    return;
                }
                let opens_line = part.start == line.atoms.start;
                let opens_block = opens && opens_line;
                let part = value_of(stream, form, out.last_mut(), part);
                if !part.is_empty() {
                    let plain = Plain { part, opens_block, opens_line };
                    out.last_mut().map_or(&mut before, |field| &mut field.behind).push(plain);
                }
            };
            for field in stream.fields_in(part.clone()) {
                let Some((column, name)) = name_at(stream, form, field.start, part.end) else { continue };
                push(&mut out, rest.start..field.start);
                rest.start = name.end;
                let opens_block = opens && field.start == line.atoms.start;
                out.push(Named { column, name, value: None, behind: Vec::new(), opens_block });
            }
            push(&mut out, rest);
        }
    }
    (before, out)
}

/// Gives the field what follows its name on the line, where it has no value yet; returns the rest. Of a number, the rest of
/// the line is something else.
fn value_of(
    stream: &Stream<'_>,
    form: &TableForm,
    field: Option<&mut Named>,
    part: Range<u32>,
) -> Range<u32> {
    let line = |at: u32| stream.atoms[at as usize].line;
    let Some(field) = field.filter(|f| f.value.is_none() && f.behind.is_empty()) else { return part };
    if line(field.name.start) != line(part.start) {
        return part;
    }
    if form.columns[field.column].kind != ColumnKind::Value {
        field.value = Some(part.clone());
        return part.end..part.end;
    }
    // 現状値：78 → 目標値：87
    let arrow = |i: &u32| matches!(stream.atoms[*i as usize].ch, '→' | '⇒' | '➡');
    let end = part.clone().find(arrow).unwrap_or(part.end);
    let fields: Vec<Range<u32>> = stream.fields_in(part.start..end).collect();
    let number = (1..=fields.len().min(FIELDS_OF_ONE)).rev().find_map(|n| {
        let whole = part.start..fields[n - 1].end;
        let open = whole.clone().find(|&i| stream.atoms[i as usize].ch == '(');
        let closed = stream.atoms[whole.end as usize - 1].ch == ')';
        let own = open.filter(|&open| closed && open > whole.start).map_or(whole.end, |open| open);
        let found = figure(stream, whole.start..own)?;
        let last = found.unit.as_ref().map_or(found.atoms.end, |u| u.end.max(found.atoms.end));
        (found.atoms.start == whole.start && last == own).then_some(whole)
    });
    let value = number.unwrap_or(part.start..end);
    let rest = if end < part.end { part.end } else { value.end };
    field.value = Some(value).filter(|v| !v.is_empty());
    rest..part.end
}

/// The cards that these fields make, where they are all alike.
fn cards(
    stream: &Stream<'_>,
    form: &TableForm,
    lead: usize,
    before: &[Plain],
    fields: &[Named],
) -> Option<Vec<Card>> {
    let mut order: Vec<usize> = Vec::new();
    for field in fields {
        if order.contains(&field.column) {
            break;
        }
        order.push(field.column);
    }
    let named = |c: usize| order.contains(&c);
    let values = || (0..form.columns.len()).filter(|&c| form.columns[c].kind == ColumnKind::Value);
    let alike = fields.iter().enumerate().all(|(i, f)| f.column == order[i % order.len()]);
    if order.len() < 2
        || !fields.len().is_multiple_of(order.len())
        || !alike
        || named(lead)
        || !values().all(named)
    {
        return None;
    }
    let open = open_column(form, |i| i == lead || named(i));
    let size = order.len();
    let count = fields.len() / size;
    let gap = |card: usize, at: usize| -> &[Plain] {
        match (card * size + at).checked_sub(1) {
            Some(field) => &fields[field].behind,
            None => before,
        }
    };
    // Where numbers count the cards, they say where the names are.
    let counted = (0..size).find(|&at| (0..count).all(|card| entry(stream, gap(card, at), card).is_some()));
    let counted = counted.filter(|_| count > 1 || entry(stream, gap(0, 0), 0).is_some());
    let at = counted.unwrap_or(0);
    let inside = |i: usize| i % size != size - 1;
    let strays = fields.iter().enumerate().any(|(i, f)| {
        let text = form.columns[f.column].kind == ColumnKind::Text;
        inside(i) && !text && !f.behind.is_empty() && (at == 0 || i % size != at - 1)
    });
    // From left to right, and from the top, fields are written in the order of the form.
    if counted.is_none() && (strays || !order.is_sorted()) || strays && !order.is_sorted() {
        return None;
    }
    let width =
        fields.iter().flat_map(|f| f.value.iter().cloned().chain(f.behind.iter().map(|p| p.part.clone())));
    let width = width.map(|p| text_columns(stream.printed_text(p))).fold(0.0, f32::max);
    let mut out: Vec<Card> = Vec::with_capacity(count);
    // The texts behind the last field of each card.
    for card in 0..count {
        let plain = gap(card, at);
        let from = match (counted.is_some(), card) {
            (true, _) => entry(stream, plain, card)?,
            // Its name is on the page before, or elsewhere, where the others stand close over their fields.
            (false, 0) if count > 1 && fields[0].opens_block && !fields[size].opens_block => plain.len(),
            (false, 0) => first_name(stream, plain, width)?,
            (false, _) => parting(stream, form, &fields[card * size - 1], width)?,
        };
        let name: Vec<Range<u32>> = plain[from..].iter().map(|p| p.part.clone()).collect();
        if at == 0
            && let Some(before) = out.last_mut()
        {
            end_card(form, open, before, &plain[..from])?;
        } else if at > 0 && from > 0 {
            return None;
        }
        let mut own = Card { lead: name, fields: Vec::with_capacity(size), text: Vec::new() };
        for (i, field) in fields[card * size..][..size].iter().enumerate() {
            let mut value: Vec<Range<u32>> = field.value.iter().cloned().collect();
            if form.columns[field.column].kind == ColumnKind::Text && i + 1 < size && i + 1 != at {
                value.extend(field.behind.iter().map(|p| p.part.clone()));
            }
            own.fields.push(Field { column: field.column, name: field.name.clone(), value });
        }
        if at > 0 && card + 1 < count {
            end_card(form, open, &mut own, &fields[(card + 1) * size - 1].behind)?;
        }
        out.push(own);
    }
    let last = out.last_mut()?;
    let rest = &fields.last()?.behind;
    let end = text_end(stream, form, fields.last()?, width);
    end_card(form, open, last, &rest[..end])?;
    let nameless = |(i, card): (usize, &Card)| i == 0 && card.lead.is_empty();
    let named = |(i, card)| nameless((i, card)) || is_name(stream, form, lead, &card.lead);
    out.iter().enumerate().all(named).then_some(out)
}

/// Gives the last field of a card, or its text without a name, the lines behind it; none where they are neither's.
fn end_card(form: &TableForm, open: Option<usize>, card: &mut Card, lines: &[Plain]) -> Option<()> {
    let parts = lines.iter().map(|p| p.part.clone());
    match card.fields.last_mut() {
        Some(field) if form.columns[field.column].kind == ColumnKind::Text => field.value.extend(parts),
        _ if open.is_some() || lines.is_empty() => card.text.extend(parts),
        _ => return None,
    }
    Some(())
}

/// The line that begins with the number of this card.
fn entry(stream: &Stream<'_>, lines: &[Plain], card: usize) -> Option<usize> {
    let number = |p: &Plain| match opener(stream.printed_text(p.part.clone())) {
        Opener::Circled(n) | Opener::Enumerator(n) => n as usize,
        _ => 0,
    };
    lines.iter().rposition(|p| number(p) == card + 1)
}

/// True where a line cannot be the wrap of the one before it.
fn apart(stream: &Stream<'_>, before: &Range<u32>, line: &Plain, width: f32) -> bool {
    let text = stream.printed_text(before.clone());
    let first = first_word_columns(stream.printed_text(line.part.clone()));
    line.opens_block || text.ends_with('。') || text_columns(text) + first < FULL * width
}

/// Where the name of the first card begins: with the last lines before its fields that nothing parts.
fn first_name(stream: &Stream<'_>, lines: &[Plain], width: f32) -> Option<usize> {
    let last = lines.len().checked_sub(1)?;
    let from = (0..=last)
        .rev()
        .take(LINES_OF_A_NAME)
        .find(|&i| i == 0 || !lines[i].opens_line || apart(stream, &lines[i - 1].part, &lines[i], width))?;
    // A name that wraps is as wide as its column at least in its first line, which is known of no other.
    (from == last || lines[from].opens_block).then_some(from)
}

/// Where the lines behind the last field of a card become the name of the next one; none where that is a guess.
fn parting(stream: &Stream<'_>, form: &TableForm, field: &Named, width: f32) -> Option<usize> {
    let lines = &field.behind;
    if lines.len() == 1 {
        return Some(0);
    }
    let text = form.columns[field.column].kind == ColumnKind::Text;
    let value = field.value.iter().filter(|_| text);
    let befores = value.chain(lines.iter().map(|p| &p.part));
    let first = usize::from(!(text && field.value.is_some()));
    let sentence = |i: usize| {
        let before = if i == 0 { field.value.as_ref() } else { Some(&lines[i - 1].part) };
        before.is_some_and(|b| stream.printed_text(b.clone()).ends_with('。'))
    };
    // Sentences end with their text.
    if let Some(at) = (first..lines.len()).rfind(|&i| sentence(i)) {
        return Some(at);
    }
    let mut found =
        (first..lines.len()).zip(befores).filter(|(i, before)| apart(stream, before, &lines[*i], width));
    let (at, _) = found.next()?;
    found.next().is_none().then_some(at)
}

/// How many lines behind the last field of the last card are its own.
fn text_end(stream: &Stream<'_>, form: &TableForm, field: &Named, width: f32) -> usize {
    let text = form.columns[field.column].kind == ColumnKind::Text;
    let mut before = field.value.as_ref().filter(|_| text);
    for (i, line) in field.behind.iter().enumerate() {
        if before.is_some_and(|b| apart(stream, b, line, width)) || text && before.is_none() {
            return i;
        }
        before = Some(&line.part);
    }
    field.behind.len()
}

#[cfg(test)]
mod tests {
    use crate::extract_sheet;
    use crate::page_maker::doubted as rows;
    use crate::sheet::Sheet;

    const OUTCOMES: &str = "４ 精神障害にも対応した地域包括ケアシステム構築に資する取組の成果・効果";
    const STRENGTHS: &str = "５ 精神障害にも対応した地域包括ケアシステムの構築に向けた強みと課題";

    fn sheet(heading: &str, body: &str) -> Sheet {
        extract_sheet(format!("仙台市\n{heading}\n{body}").as_bytes()).unwrap()
    }

    #[test]
    fn names_stand_before_their_fields() {
        let sheet = sheet(
            STRENGTHS,
            "協議の場の開催回数\n現状値：－ → 目標値（R3年度末）：57\n見込んでいる成果・効果：課題を継続して共有するため\n\
             研修の受講者数\n現状値：16 → 目標値（R3年度末）：35\n見込んでいる成果・効果：人材育成の進み具合を測るため\n",
        );
        assert_eq!(
            rows(&sheet, "indicators", ["indicator", "current", "target", "effect"]),
            [
                ["協議の場の開催回数", "－", "57", "課題を継続して共有するため"],
                ["研修の受講者数", "16", "35", "人材育成の進み具合を測るため"]
            ]
        );
        let target = &sheet.tables["indicators"][1]["target"];
        assert_eq!(target.as_of.as_ref().map(|p| p.edtf.as_str()), Some("2022-03-31"), "{target:?}");
    }

    #[test]
    fn names_that_are_counted_stand_between_their_fields() {
        let sheet = sheet(
            OUTCOMES,
            "目標値（R1年度当初）：360\n\n1. 病棟内交流会の実施回数\n\n実績値（R1年度末）：217\n\n\
             具体的な成果・効果：目標には届かなかった。動画を用いた交流など代わ\nりの方法を試みている。\n\n\
             目標値（R1年度当初）：10\n\n2. 事例検討会の開催回数\n\n実績値（R1年度末）：9\n\n\
             具体的な成果・効果：互いの役割への理解が深まった。\n",
        );
        assert_eq!(
            rows(&sheet, "outcomes", ["indicator", "target", "actual", "narrative"]),
            [
                [
                    "1. 病棟内交流会の実施回数",
                    "360",
                    "217",
                    "目標には届かなかった。動画を用いた交流など代わりの方法を試みている。"
                ],
                ["2. 事例検討会の開催回数", "10", "9", "互いの役割への理解が深まった。"]
            ]
        );
    }

    #[test]
    fn a_text_without_a_name_ends_with_its_sentence() {
        let sheet = sheet(
            OUTCOMES,
            "ア 退院支援委員会への出席回数\n目標値（R1年度当初）：93回 実績値（R1年度末）：81回\n在院日数の短縮がみられる。\n\
             イ 病棟内交流会の実施回数\n目標値（R1年度当初）：28回 実績値（R1年度末）：－\n目標には届かなかった。\n",
        );
        assert_eq!(
            rows(&sheet, "outcomes", ["indicator", "target", "actual", "narrative"]),
            [
                ["ア 退院支援委員会への出席回数", "93回", "81回", "在院日数の短縮がみられる。"],
                ["イ 病棟内交流会の実施回数", "28回", "－", "目標には届かなかった。"]
            ]
        );
    }

    #[test]
    fn fields_in_no_order_are_no_cards() {
        let sheet = sheet(
            OUTCOMES,
            "目標値（R3年度当初）：88\n目標値（R3年度当初）：－\n実績値（R3年度末）：45人\n①協議の場を設置した圏域数\n\
             実績値（R3年度末）：9\n②長期入院者数\n",
        );
        let values = rows(&sheet, "outcomes", ["target", "actual"]);
        assert!(values.iter().flatten().all(|v| v.is_empty() || v.ends_with('?')), "{values:?}");
    }
}
