//! Records told in running text, in which each field's name stands before its text: 〈課題〉…, 〈役割〉, 行政：….

use std::collections::BTreeMap;
use std::ops::Range;

use chohyo_normalize::Context;

use crate::form::{Alias, ColumnKind, TableForm};
use crate::head;
use crate::ledger::Ledger;
use crate::prose;
use crate::records::Record;
use crate::section::{closing_of, is_mark};
use crate::sheet::Row;
use crate::stream::Stream;
use crate::texts::groups;
use crate::value::{self, Column};

/// A name with what frames it, and the text behind it on its line.
struct Caption {
    /// Index of the form's column; that of those who act for the name of one of them.
    column: usize,
    /// It is the name of one who acts.
    who: bool,
    name: Range<u32>,
    whole: Range<u32>,
}

/// A field of a record: its caption, and the lines of its text.
struct Field {
    caption: Caption,
    text: Vec<Range<u32>>,
}

/// The records of this table in these lines; none where what the captions say is no record, or is told twice.
pub(crate) fn read(
    ledger: &mut Ledger<'_, '_>,
    form: &TableForm,
    lines: &[Range<u32>],
    context: &Context,
) -> Vec<Record> {
    let stream = ledger.stream;
    let Some(lead) = form.columns.iter().position(|c| !c.headers.is_empty()) else { return Vec::new() };
    // Most sections have no such text: a look at their characters is enough to know.
    let heads = &form.columns[lead].heads;
    let begins = |at: u32, end: u32| heads.prefixes(stream.chars(at..end)).next().is_some();
    let mut atoms = lines.iter().map(|range| stream.atoms_of(range.clone()));
    if !atoms.any(|a| a.clone().any(|at| begins(at, a.end))) {
        return Vec::new();
    }
    let groups = lines.iter().flat_map(|range| groups(ledger, range.clone()));
    let parts: Vec<Range<u32>> = groups.flatten().collect();
    let leads = |p: &Range<u32>| named(stream, p, &form.columns[lead].headers).is_some();
    if !parts.iter().any(leads) {
        return Vec::new();
    }
    let records = records(stream, form, lead, &parts).unwrap_or_default();
    let whole = |record: &Vec<Field>| {
        let texts = record.iter().filter(|f| !f.text.is_empty()).count();
        // A record of numbers names all of them: one alone may be of the records of another table.
        let named = |column: usize| record.iter().any(|f| f.caption.column == column);
        let values = || (0..form.columns.len()).filter(|&c| form.columns[c].kind == ColumnKind::Value);
        let all = !values().any(named) || values().all(named);
        texts >= 2 && all && record.first().is_some_and(|lead| !lead.text.is_empty())
    };
    if !records.iter().all(whole) {
        return Vec::new();
    }
    records.into_iter().flat_map(|record| rows(ledger, form, record, context)).collect()
}

/// The fields of each record; `None` where one is told twice.
fn records(
    stream: &Stream<'_>,
    form: &TableForm,
    lead: usize,
    parts: &[Range<u32>],
) -> Option<Vec<Vec<Field>>> {
    let goes_on = prose::wraps(stream, parts);
    let mut out: Vec<Vec<Field>> = Vec::new();
    // The last field may go on in the next line.
    let mut open = false;
    for (i, part) in parts.iter().enumerate() {
        let (captions, before) = captions(stream, form, part, out.is_empty());
        if !before.is_empty()
            && open
            && let Some(field) = out.last_mut().and_then(|r| r.last_mut())
        {
            let first = field.text.is_empty();
            open = match form.columns[field.caption.column].kind {
                _ if first => follows(stream, &field.caption.whole, &before, field),
                _ if field.caption.who => goes_on[i - 1],
                ColumnKind::Text => follows(stream, &parts[i - 1], &before, field),
                _ => false,
            };
            if open {
                field.text.push(before);
            }
        }
        for (caption, text) in captions {
            if caption.column == lead && !caption.who {
                out.push(Vec::new());
            }
            // What stands before the first record is no record's.
            let Some(record) = out.last_mut() else { continue };
            let told = |f: &Field| {
                f.caption.column == caption.column
                    && f.caption.who == caption.who
                    && (!caption.who
                        || stream.spelled(f.caption.name.clone()) == stream.spelled(caption.name.clone()))
            };
            if record.iter().any(told) {
                return None;
            }
            open = true;
            record.push(Field { caption, text: Some(text).filter(|t| !t.is_empty()).into_iter().collect() });
        }
    }
    Some(out)
}

/// True when a line goes on with the field under the line before it: no white space parts the two, and it does not stand
/// further out than the field's name.
fn follows(stream: &Stream<'_>, over: &Range<u32>, part: &Range<u32>, field: &Field) -> bool {
    let page = |p: &Range<u32>| stream.lines[stream.atoms[p.start as usize].line as usize].page;
    let bbox = |p: &Range<u32>| stream.bbox(p.clone());
    let (Some(a), Some(b), Some(name)) = (bbox(over), bbox(part), bbox(&field.caption.whole)) else {
        return false;
    };
    let below = b.top >= a.top && b.top - a.bottom < b.height();
    // Over the edge of a page or a column it goes on.
    let over_edge = page(over) != page(part) || b.top < a.top;
    over_edge || below && (page(&field.caption.whole) != page(part) || b.x0 >= name.x0 - 0.5 * b.height())
}

/// The captions of a line, each with the text behind it, and what stands before the first one.
fn captions(
    stream: &Stream<'_>,
    form: &TableForm,
    part: &Range<u32>,
    first: bool,
) -> (Vec<(Caption, Range<u32>)>, Range<u32>) {
    let mut out: Vec<(Caption, Range<u32>)> = Vec::new();
    let mut before = part.clone();
    for field in stream.fields_in(part.clone()) {
        let rest = field.start..part.end;
        let Some(caption) = caption(stream, form, &rest, first && out.is_empty()) else { continue };
        let text = caption.whole.end..part.end;
        match out.last_mut() {
            Some((_, text)) => text.end = field.start,
            None => before.end = field.start,
        }
        out.push((caption, text));
    }
    (out, before)
}

/// The caption that begins a part of a line; before the `first` record, nobody acts.
fn caption(stream: &Stream<'_>, form: &TableForm, part: &Range<u32>, first: bool) -> Option<Caption> {
    form.columns.iter().enumerate().find_map(|(column, c)| {
        let own = named(stream, part, &c.headers).map(|found| (found, false));
        let who = || named(stream, part, &c.values).filter(|_| !first).map(|found| (found, true));
        let ((name, whole), who) = own.or_else(who)?;
        // A bare name may be the head of a row of several records: what begins one has to be framed.
        let leads = !who && form.columns[..column].iter().all(|c| c.headers.is_empty());
        if leads && name == whole {
            return None;
        }
        Some(Caption { column, who, name, whole })
    })
}

/// The name that begins a part of a line, alone and with what frames it: in brackets, with a colon behind it, or with
/// nothing else on its line.
fn named(stream: &Stream<'_>, part: &Range<u32>, names: &[Alias]) -> Option<(Range<u32>, Range<u32>)> {
    let ch = |i: u32| (i < part.end).then(|| stream.atoms[i as usize].ch);
    let start = part.clone().find(|&i| ch(i).is_some_and(|c| !is_mark(c)))?;
    let close = closing_of(stream, start, part.end);
    let start = start + u32::from(close.is_some());
    names.iter().find_map(|alias| {
        if !stream.matches(start, part.end, &alias.canonical) {
            return None;
        }
        let name = start..start + alias.canonical.len() as u32;
        // 課題１, 課題②, 目標値（R2年度末）.
        let number = |c: char| c.is_ascii_digit() || ('①'..='⑳').contains(&c);
        let mut end = (name.end..part.end).find(|&i| !ch(i).is_some_and(number)).unwrap_or(part.end);
        if ch(end) == Some('(') {
            end = (end..part.end).find(|&i| ch(i) == Some(')'))? + 1;
        }
        if close.is_some() {
            if ch(end) != close {
                return None;
            }
            end += 1;
        }
        let colon = ch(end) == Some(':');
        let alone = end == part.end && end == name.end;
        (close.is_some() || colon || alone).then(|| (name, part.start..end + u32::from(colon)))
    })
}

/// The rows of a record: one for each who acts, or one.
fn rows(ledger: &mut Ledger<'_, '_>, form: &TableForm, record: Vec<Field>, context: &Context) -> Vec<Record> {
    let mut names = BTreeMap::new();
    let mut base = Row::new();
    let (roles, fields): (Vec<Field>, Vec<Field>) = record.into_iter().partition(|f| f.caption.who);
    for field in fields {
        let column = &form.columns[field.caption.column];
        let said = head::column(ledger.stream, std::slice::from_ref(&field.caption.whole), context);
        names.insert(column.name.clone(), ledger.take(&[vec![field.caption.whole]]));
        if column.kind != ColumnKind::Actor {
            base.insert(column.name.clone(), value::of_column(ledger, &field.text, column, &said, context));
        }
    }
    value::doubt_nameless(form, &mut base);
    let mut out = Vec::new();
    for role in roles {
        let column = &form.columns[role.caption.column];
        let Some(beside) = form.columns.iter().find(|c| c.beside.as_ref() == Some(&column.name)) else {
            continue;
        };
        let (mut row, plain) = (base.clone(), Column::default());
        let (whole, name) = (role.caption.whole, role.caption.name);
        ledger.mark(whole.start..name.start);
        ledger.mark(name.end..whole.end);
        let who = value::cell(ledger, &[name], ColumnKind::Actor, &plain, context);
        let what = value::cell(ledger, &role.text, beside.kind, &plain, context);
        row.insert(column.name.clone(), who);
        row.insert(beside.name.clone(), what);
        out.push((row, std::mem::take(&mut names)));
    }
    if out.is_empty() {
        out.push((base, names));
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet, texts};

    const ISSUES: &str = "５ 精神障害にも対応した地域包括ケアシステムの構築に向けた強みと課題";

    fn page(lines: &[(f32, &str)]) -> Page {
        let mut page = Page::default().text(30.0, 30.0, ISSUES).text(30.0, 50.0, "【特徴（強み）】");
        let mut y = 65.0;
        for (x, line) in lines {
            page = page.text(*x, y, line);
            y += if line.is_empty() { 10.0 } else { 14.0 };
        }
        page
    }

    #[test]
    fn each_field_behind_its_name() {
        let page = page(&[
            (30.0, "・病院の協力がある。"),
            (30.0, ""),
            (30.0, "〈課題〉人材の不足"),
            (30.0, "〈課題解決に向けた取組方針〉"),
            (40.0, "①研修を行う"),
            (40.0, "②講師を派遣する"),
            (30.0, "〈役割〉"),
            (40.0, "行政：企画"),
            (40.0, "医療："),
            (30.0, ""),
            (30.0, "〈課題〉住まい"),
            (30.0, "〈課題解決に向けた取組方針〉会議を開く"),
            (30.0, "〈役割〉"),
            (40.0, "行政：住宅部局との協議"),
            (30.0, ""),
            (30.0, "ほかに課題はない。"),
        ]);
        let sheet = sheet(&[page]);
        let policy = "①研修を行う\n②講師を派遣する";
        assert_eq!(
            texts(&sheet, "issues", ["issue", "policy", "actor", "content"]),
            [
                ["人材の不足", policy, "行政", "企画"],
                ["人材の不足", policy, "医療", ""],
                ["住まい", "会議を開く", "行政", "住宅部局との協議"],
            ]
        );
        let strengths: Vec<&str> = sheet.texts["strengths"].iter().map(|t| t.text.as_str()).collect();
        assert_eq!(strengths, ["・病院の協力がある。"]);
    }

    #[test]
    fn a_field_told_twice_is_no_record() {
        let page = page(&[
            (30.0, "課題：人材の不足"),
            (30.0, "取組方針：研修を行う"),
            (30.0, "取組方針：会議を開く"),
        ]);
        assert!(sheet(&[page]).tables["issues"].is_empty());
    }
}
