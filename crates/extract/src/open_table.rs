//! Tables that no ruling bounds: told by their heads, wherever those stand, and by the gaps between columns.
//!
//! Nothing here is guessed: where a text stands under two heads or under none, or a row begins nowhere in
//! particular, the table is left to others.

mod heads;

use std::collections::BTreeMap;
use std::ops::Range;

use chohyo_layout::BBox;
use chohyo_normalize::Context;

use crate::anchor::{self, Anchor, Piece};
use crate::chronicle;
use crate::figure;
use crate::form::{ColumnKind, TableForm};
use crate::head;
use crate::ledger::Ledger;
use crate::open_roles;
use crate::open_text;
use crate::sheet::{Row, Text};
use crate::stream::Stream;
use crate::value;

pub(crate) use heads::{Head, frame_end, heads, is_of};

/// White space (in heights of a line) behind which the text under the last head is no longer its own.
const END: f32 = 2.5;

/// A row and the printed heads of its columns.
pub(crate) type Record = (Row, BTreeMap<String, Text>);

/// One entry: what stands in each column that has a head, and that head.
pub(crate) type Entry = Vec<(Head, Vec<Range<u32>>)>;

/// The rows of a table in these lines, which are of one page and of no ruled table.
pub(crate) fn read(
    ledger: &mut Ledger<'_, '_>,
    tables: &[TableForm],
    lines: &[Range<u32>],
    context: &Context,
) -> Vec<(usize, Vec<Record>)> {
    let stream = ledger.stream;
    let Some((pieces, _)) = anchor::pieces(stream, lines) else { return Vec::new() };
    let pieces = apart(stream, tables, pieces);
    let found: Vec<(usize, Vec<Head>)> = tables
        .iter()
        .enumerate()
        .filter(|(_, t)| is_plain(t))
        .map(|(i, table)| (i, heads(stream, table, &pieces)))
        .filter(|(i, heads)| is_of(&tables[*i], heads))
        .collect();
    let mut out = Vec::new();
    for (index, form) in tables.iter().enumerate().filter(|(_, t)| !t.is_cross()) {
        // Another table's heads end it.
        let others = found.iter().filter(|(i, _)| *i != index).flat_map(|(_, h)| h).map(|h| h.bbox.top);
        let end = others.fold(f32::INFINITY, f32::min);
        let over: Vec<Piece> = pieces.iter().filter(|p| p.bbox.top < end).cloned().collect();
        if let Some(records) = open_roles::read(ledger, form, &over, context) {
            out.push((index, records));
        }
    }
    for (index, heads) in &found {
        let form = &tables[*index];
        let others: Vec<f32> =
            found.iter().filter(|(i, _)| i != index).flat_map(|(_, h)| h).map(|h| h.bbox.top).collect();
        let Some(first) = heads.iter().map(|h| h.bbox.top).reduce(f32::min) else { continue };
        let end = others.into_iter().filter(|t| *t > first).fold(f32::INFINITY, f32::min);
        let end = end.min(frame_end(stream, heads).unwrap_or(f32::INFINITY));
        let shared = found
            .iter()
            .any(|(i, o)| i != index && o.iter().any(|o| heads.iter().any(|h| h.parts == o.parts)));
        if shared {
            continue;
        }
        let in_head = |p: &Piece| heads.iter().flat_map(|h| &h.parts).any(|h| *h == p.part);
        let body: Vec<Piece> = pieces
            .iter()
            .filter(|p| !in_head(p) && p.bbox.top >= first - 1.0 && p.bbox.top < end)
            .cloned()
            .collect();
        let entries = beside(form, heads, &body).or_else(|| under(stream, form, heads, &body, context));
        let free = |e: &Entry| e.iter().flat_map(|(_, parts)| parts).all(|p| ledger.is_free(p.clone()));
        // Heads that stand twice side by side are those of two halves.
        let once = |e: &Entry| {
            let mut columns = e.iter().enumerate();
            columns.all(|(i, (head, _))| e[..i].iter().all(|(o, _)| o.column != head.column))
        };
        let whole = |entries: &Vec<Entry>| !entries.is_empty() && entries.iter().all(|e| free(e) && once(e));
        if let Some(entries) = entries.filter(whole) {
            out.push((*index, entries.into_iter().map(|e| record(ledger, form, e, context)).collect()));
        }
    }
    out
}

/// Parts what holds a number and the head behind it: where numbers are set to the right, little space is left between
/// the two.
fn apart(stream: &Stream<'_>, tables: &[TableForm], pieces: Vec<Piece>) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::with_capacity(pieces.len());
    let initials = head::initials(tables);
    for piece in pieces {
        let part = piece.part.clone();
        let cut = head::behind_figure(stream, &part, tables, initials);
        let boxes = cut.and_then(|at| Some((at, stream.bbox(part.start..at)?, stream.bbox(at..part.end)?)));
        match boxes {
            Some((at, left, right)) => {
                out.push(Piece { part: part.start..at, bbox: left });
                out.push(Piece { part: at..part.end, bbox: right });
            }
            None => out.push(piece),
        }
    }
    out
}

/// Columns that stand side by side, each under one head of its own.
fn is_plain(form: &TableForm) -> bool {
    !form.is_cross()
        && form.columns.iter().all(|c| {
            c.beside.is_none() && c.right_of.is_none() && c.under.is_empty() && c.kind != ColumnKind::Actor
        })
}

pub(crate) fn level(a: &BBox, b: &BBox) -> bool {
    a.overlap_y(b) > 0.3 * a.height().min(b.height())
}

/// Entries whose names stand to the left of what they name.
fn beside(form: &TableForm, heads: &[Head], body: &[Piece]) -> Option<Vec<Entry>> {
    let left = heads.iter().map(|h| h.bbox.x0).fold(f32::INFINITY, f32::min);
    let outer: Vec<&Head> =
        heads.iter().filter(|h| h.bbox.x0 - left < 0.5 * h.bbox.height() || same_middle(h, heads)).collect();
    let edge = outer.iter().map(|h| h.bbox.x1).fold(0.0, f32::max);
    let mut texts: Vec<Piece> = body.iter().filter(|p| p.bbox.x0 >= edge - 1.0).cloned().collect();
    let strange = |p: &&Piece| p.bbox.x0 < edge - 1.0 && outer.iter().any(|h| p.bbox.top > h.bbox.bottom);
    let last = outer.last()?.bbox;
    if outer.len() < 2 || body.iter().filter(strange).any(|p| p.bbox.top < last.bottom) {
        return None;
    }
    // Each name has something at its height, or within the lines around it.
    let beyond = texts.iter().filter(|p| p.bbox.top > last.bottom).map(|p| p.bbox);
    let mut bottom = last.bottom;
    for b in beyond {
        if b.top - bottom > 0.9 * b.height() {
            texts.retain(|p| p.bbox.top < b.top);
            break;
        }
        bottom = bottom.max(b.bottom);
    }
    let inner: Vec<&Head> = heads.iter().filter(|h| !outer.iter().any(|o| o.parts == h.parts)).collect();
    let anchors: Vec<Anchor> = outer
        .iter()
        .map(|h| Anchor {
            parts: h.parts.clone(),
            bbox: h.bbox,
            first: BBox { bottom: h.bbox.top + h.bbox.height() / h.parts.len() as f32, ..h.bbox },
        })
        .collect();
    let boxes: Vec<BBox> = anchor::lines(texts.clone()).iter().map(|l| l.bbox).collect();
    let told = anchor::tie(&anchors, std::slice::from_ref(&boxes))?;
    let mut entries: Vec<Entry> = Vec::new();
    for (a, &name) in outer.iter().enumerate() {
        let own: Vec<&Piece> = texts
            .iter()
            .filter(|p| boxes.iter().zip(&told[0]).any(|(b, &t)| t == a && level(b, &p.bbox)))
            .collect();
        let within: Vec<&&Head> = inner.iter().filter(|h| level(&h.bbox, &name.bbox)).collect();
        let mut fields: Vec<(Head, Vec<Range<u32>>)> = vec![(name.clone(), Vec::new())];
        fields.extend(within.iter().map(|h| ((**h).clone(), Vec::new())));
        fields.sort_by(|a, b| a.0.bbox.x0.total_cmp(&b.0.bbox.x0));
        for piece in own {
            let at = fields.iter().rposition(|(h, _)| h.bbox.x1 <= piece.bbox.x0 + 1.0)?;
            fields[at].1.push(piece.part.clone());
        }
        let lead = name.column == 0;
        match entries.last_mut() {
            Some(entry)
                if !lead && fields.iter().all(|(h, _)| entry.iter().all(|(e, _)| e.column != h.column)) =>
            {
                entry.extend(fields);
            }
            _ if lead => entries.push(fields),
            _ => return None,
        }
    }
    let whole = |e: &Entry| e.len() >= 2 && 2 * e.len() >= form.columns.len();
    // Several records stand side by side: which text is whose, columns tell.
    let bbox = |part: &Range<u32>| texts.iter().find(|p| p.part == *part).map(|p| p.bbox);
    let parted = |parts: &[Range<u32>]| {
        parts.windows(2).any(|w| match (bbox(&w[0]), bbox(&w[1])) {
            (Some(a), Some(b)) => level(&a, &b),
            _ => false,
        })
    };
    if entries.iter().any(|e| e.iter().filter(|(_, parts)| parted(parts)).count() >= 2) {
        return None;
    }
    entries.iter().all(whole).then_some(entries)
}

/// True for a name centred over or under others of the leftmost column.
fn same_middle(head: &Head, heads: &[Head]) -> bool {
    let left = heads.iter().min_by(|a, b| a.bbox.x0.total_cmp(&b.bbox.x0));
    left.is_some_and(|l| (l.bbox.center().0 - head.bbox.center().0).abs() < 0.5 * head.bbox.height())
}

/// Entries under their heads: several under one row of heads, or one under several rows of them.
fn under(
    stream: &Stream<'_>,
    form: &TableForm,
    heads: &[Head],
    body: &[Piece],
    context: &Context,
) -> Option<Vec<Entry>> {
    let mut rows: Vec<Vec<Head>> = Vec::new();
    for head in heads {
        match rows.iter_mut().find(|r| level(&r[0].bbox, &head.bbox)) {
            Some(row) => row.push(head.clone()),
            None => rows.push(vec![head.clone()]),
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| a.bbox.x0.total_cmp(&b.bbox.x0));
    }
    let span = |r: &[Head]| r.iter().map(|h| h.bbox).reduce(|a, b| a.union(&b));
    let spans: Vec<BBox> = rows.iter().filter_map(|r| span(r)).collect();
    // Something beside a head: these are not heads over columns.
    if body.iter().any(|p| spans.iter().any(|s| level(s, &p.bbox))) {
        return None;
    }
    let mut entries: Vec<Entry> = Vec::new();
    let mut r = 0;
    while r < rows.len() {
        if !rows[r].iter().any(|h| h.column == 0) {
            return None;
        }
        let mut columns: Vec<usize> = Vec::new();
        let mut to = r;
        while to < rows.len() && rows[to].iter().all(|h| !columns.contains(&h.column)) {
            columns.extend(rows[to].iter().map(|h| h.column));
            to += 1;
        }
        let stacked = to - r > 1;
        let mut entry: Entry = Vec::new();
        for row in r..to {
            let bottom = spans.get(row + 1).map_or(f32::INFINITY, |s| s.top);
            let mut own: Vec<Piece> = body
                .iter()
                .filter(|p| p.bbox.top >= spans[row].bottom - 1.0 && p.bbox.top < bottom)
                .cloned()
                .collect();
            // Rows of a table may stand far apart, the lines of one text do not.
            if stacked {
                cut(&mut own, spans[row].bottom);
            }
            let beneath = if stacked { None } else { open_text::beneath(stream, form, &rows[row], &own) };
            let own = beneath.as_ref().map_or(own, |b| b.rows.clone());
            let parted = columns_of(form, &rows[row], own)?;
            if stacked {
                entry.extend(
                    rows[row]
                        .iter()
                        .cloned()
                        .zip(parted)
                        .map(|(h, pieces)| (h, pieces.into_iter().map(|p| p.part).collect())),
                );
            } else {
                let mut found = rows_of(stream, form, &rows[row], parted, context)?;
                if let Some(beneath) = beneath {
                    if found.len() != beneath.texts.len() {
                        return None;
                    }
                    for (entry, text) in found.iter_mut().zip(beneath.texts) {
                        // Its head is not printed.
                        let head = Head { column: beneath.column, parts: Vec::new(), bbox: spans[row] };
                        entry.push((head, text));
                    }
                }
                entries.extend(found);
            }
        }
        if stacked {
            entries.push(entry);
        }
        r = to;
    }
    Some(entries)
}

/// Leaves out what stands behind much white space.
fn cut(pieces: &mut Vec<Piece>, top: f32) {
    let mut bottom = top;
    let gap = pieces.iter().find_map(|p| {
        let far = p.bbox.top - bottom > END * p.bbox.height();
        bottom = bottom.max(p.bbox.bottom);
        far.then_some(p.bbox.top)
    });
    if let Some(end) = gap {
        pieces.retain(|p| p.bbox.top < end);
    }
}

/// The pieces under each head: those that its column holds, which white space parts from the next one's.
pub(crate) fn columns_of(form: &TableForm, heads: &[Head], body: Vec<Piece>) -> Option<Vec<Vec<Piece>>> {
    if heads.len() == 1 {
        return Some(vec![body]);
    }
    // Runs of the page's width that something stands in, each with its heads.
    let mut runs: Vec<(f32, f32, Vec<usize>)> = Vec::new();
    let mut spans: Vec<(f32, f32, Option<usize>)> =
        heads.iter().enumerate().map(|(i, h)| (h.bbox.x0, h.bbox.x1, Some(i))).collect();
    spans.extend(body.iter().map(|p| (p.bbox.x0, p.bbox.x1, None)));
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (x0, x1, head) in spans {
        match runs.last_mut() {
            Some(run) if x0 < run.1 - 0.5 => {
                run.1 = run.1.max(x1);
                run.2.extend(head);
            }
            _ => runs.push((x0, x1, head.into_iter().collect())),
        }
    }
    let mut owner: Vec<usize> = Vec::with_capacity(runs.len());
    for (i, run) in runs.iter().enumerate() {
        match run.2[..] {
            [head] => owner.push(head),
            [_, _, ..] => return None,
            [] => {
                // Text begins to the left of a head that is centred over it.
                let next = runs[i + 1..].iter().find_map(|r| r.2.first().copied())?;
                let before = next.checked_sub(1).map(|b| form.columns[heads[b].column].kind);
                if before == Some(ColumnKind::Value)
                    || form.columns[heads[next].column].kind == ColumnKind::Value
                {
                    return None;
                }
                owner.push(next);
            }
        }
    }
    let mut out: Vec<Vec<Piece>> = vec![Vec::new(); heads.len()];
    for piece in body {
        let run = runs.iter().rposition(|r| r.0 <= piece.bbox.x0 + 0.01)?;
        out[owner[run]].push(piece);
    }
    Some(out)
}

/// The rows under one row of heads, as a column of dates or numbers tells them.
fn rows_of(
    stream: &Stream<'_>,
    form: &TableForm,
    heads: &[Head],
    mut columns: Vec<Vec<Piece>>,
    context: &Context,
) -> Option<Vec<Entry>> {
    let kind = |i: usize| form.columns[heads[i].column].kind;
    let texts: Vec<usize> = (0..heads.len()).filter(|&i| kind(i) == ColumnKind::Text).collect();
    let mut values: Vec<(usize, Vec<anchor::Line>)> = Vec::new();
    let mut marks: Vec<(usize, Vec<anchor::Line>)> = Vec::new();
    let mut anchors: Option<(usize, Vec<Anchor>)> = None;
    for i in (0..heads.len()).filter(|i| !texts.contains(i)) {
        let own = std::mem::take(&mut columns[i]);
        match kind(i) {
            ColumnKind::Period if anchors.is_none() => {
                let (dates, others) = chronicle::dates(stream, own, context);
                anchors = others.is_empty().then_some((i, dates));
                anchors.as_ref()?;
            }
            ColumnKind::Value => {
                let lines = anchor::lines(own);
                let number = |l: &anchor::Line| {
                    l.parts.len() == 1 && figure::figure(stream, l.parts[0].clone()).is_some()
                };
                if !lines.iter().all(number) {
                    return None;
                }
                values.push((i, lines));
            }
            // A tick or an answer stands at the height of its row.
            ColumnKind::Flag | ColumnKind::Choice => marks.push((i, anchor::lines(own))),
            _ => return None,
        }
    }
    if anchors.is_none() {
        let (i, lines) = values.iter().max_by_key(|(_, lines)| lines.len())?;
        let of = |l: &anchor::Line| Anchor { parts: l.parts.clone(), bbox: l.bbox, first: l.bbox };
        anchors = Some((*i, lines.iter().map(of).collect()));
    }
    let (at, anchors) = anchors?;
    if anchors.is_empty() || texts.is_empty() {
        return None;
    }
    let lines: Vec<Vec<anchor::Line>> =
        texts.iter().map(|&i| anchor::lines(std::mem::take(&mut columns[i]))).collect();
    let boxes: Vec<Vec<BBox>> = lines.iter().map(|l| l.iter().map(|l| l.bbox).collect()).collect();
    let told = anchor::tie(&anchors, &boxes)?;
    let mut entries: Vec<Entry> =
        anchors.iter().map(|_| heads.iter().map(|h| (h.clone(), Vec::new())).collect()).collect();
    for ((&i, lines), told) in texts.iter().zip(lines).zip(&told) {
        for (line, &row) in lines.into_iter().zip(told) {
            entries[row][i].1.extend(line.parts);
        }
    }
    for (i, lines) in values.into_iter().filter(|(i, _)| *i != at).chain(marks) {
        for line in lines {
            let row = anchors.iter().position(|a| level(&a.bbox, &line.bbox))?;
            entries[row][i].1.extend(line.parts);
        }
    }
    for (entry, anchor) in entries.iter_mut().zip(anchors) {
        entry[at].1 = anchor.parts;
    }
    Some(entries)
}

fn record(ledger: &mut Ledger<'_, '_>, form: &TableForm, entry: Entry, context: &Context) -> Record {
    let (mut row, mut names) = (Row::new(), BTreeMap::new());
    let mut entry = entry;
    if let Some(text) = open_text::lead_of_entry(ledger.stream, form, &mut entry) {
        let column = &form.columns[text.column];
        let cell = value::of_column(ledger, &text.parts, column, &value::Column::default(), context);
        row.insert(column.name.clone(), cell);
    }
    for (head, parts) in entry {
        let column = &form.columns[head.column];
        let parts = whole(ledger.stream, parts);
        let said = head::column(ledger.stream, &head.parts, context);
        row.insert(column.name.clone(), value::of_column(ledger, &parts, column, &said, context));
        if head.parts.first().is_some_and(|p| ledger.is_free(p.clone())) {
            names.insert(column.name.clone(), ledger.take(&[head.parts]));
        }
    }
    value::doubt_nameless(form, &mut row);
    (row, names)
}

/// Parts of one line that follow each other, as one: the white space between them is printed.
fn whole(stream: &Stream<'_>, parts: Vec<Range<u32>>) -> Vec<Range<u32>> {
    let line = |at: u32| stream.atoms[at as usize].line;
    let mut out: Vec<Range<u32>> = Vec::with_capacity(parts.len());
    for part in parts {
        match out.last_mut() {
            Some(last) if last.end == part.start && line(last.start) == line(part.start) => {
                last.end = part.end;
            }
            _ => out.push(part),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet};

    const OUTCOMES: &str = "４ 精神障害にも対応した地域包括ケアシステム構築に資する取組の成果・効果";

    fn outcomes(page: Page) -> Vec<[String; 4]> {
        let sheet = sheet(&[page]);
        let rows = sheet.tables["outcomes"].iter();
        let text = |r: &crate::sheet::Row, c: &str| r.get(c).map_or(String::new(), |c| c.text.clone());
        rows.map(|r| ["indicator", "target", "actual", "narrative"].map(|c| text(r, c))).collect()
    }

    /// Records of two rows of heads each; what stands under a head is not centred under it.
    #[test]
    fn an_entry_under_two_rows_of_heads() {
        let mut page = Page::default().text(30.0, 30.0, OUTCOMES);
        let told = [
            ("①研修会の開催回数", "20回", "12回", "理解が深まった。"),
            ("②協議の場", "3か所", "4か所", "輪が広がった。"),
        ];
        for (i, (name, target, actual, narrative)) in told.iter().enumerate() {
            let y = 60.0 + 90.0 * i as f32;
            page = page
                .text(90.0, y, "課題解決の達成度を測る指標")
                .text(320.0, y, "目標値")
                .text(450.0, y, "実績値")
                .text(30.0, y + 15.0, name)
                .text(325.0, y + 15.0, target)
                .text(455.0, y + 15.0, actual)
                .text(230.0, y + 30.0, "具体的な成果・効果")
                .text(30.0, y + 45.0, narrative);
        }
        let rows = told.map(|(a, b, c, d)| [a, b, c, d].map(str::to_owned));
        assert_eq!(outcomes(page), rows);
    }

    #[test]
    fn names_beside_what_they_name() {
        let mut page = Page::default().text(
            30.0,
            30.0,
            "６ 精神障害にも対応した地域包括ケアシステムの構築に向けた今年度の取組スケジュール",
        );
        let told =
            [("令和2年7月", "協議の場の開催", "方針を確認する"), ("令和2年9月", "研修会", "事例を学ぶ")];
        for (i, (period, item, content)) in told.iter().enumerate() {
            let y = 60.0 + 60.0 * i as f32;
            page = page
                .text(30.0, y, "時期（月）")
                .text(150.0, y, period)
                .text(30.0, y + 15.0, "実施する項目")
                .text(150.0, y + 15.0, item)
                .text(30.0, y + 30.0, "実施する内容")
                .text(150.0, y + 30.0, content);
        }
        let sheet = sheet(&[page]);
        let rows: Vec<(&str, &str, &str)> = sheet.tables["schedule"]
            .iter()
            .map(|r| (r["period"].text.as_str(), r["item"].text.as_str(), r["content"].text.as_str()))
            .collect();
        assert_eq!(rows, told);
    }

    #[test]
    fn a_number_between_two_heads_makes_no_row() {
        let page = Page::default()
            .text(30.0, 30.0, OUTCOMES)
            .text(60.0, 60.0, "課題解決の達成度を測る指標")
            .text(300.0, 60.0, "目標値")
            .text(420.0, 60.0, "実績値")
            .text(30.0, 75.0, "①研修会の開催回数")
            .text(360.0, 75.0, "12回")
            .text(230.0, 90.0, "具体的な成果・効果")
            .text(30.0, 105.0, "理解が深まった。");
        let sheet = sheet(&[page]);
        let values = sheet.tables["outcomes"].iter().flat_map(|r| ["target", "actual"].map(|c| r.get(c)));
        assert!(values.flatten().all(|c| c.value.is_none()));
    }

    #[test]
    fn months_in_the_first_column_are_no_heads() {
        let title = "６ 精神障害にも対応した地域包括ケアシステムの構築に向けた今年度の取組スケジュール";
        let page = Page::default()
            .text(30.0, 30.0, title)
            .text(60.0, 60.0, "月")
            .text(150.0, 60.0, "実施する項目")
            .text(330.0, 60.0, "実施する内容")
            .text(45.0, 78.0, "８月")
            .text(120.0, 78.0, "協議の場の開催")
            .text(300.0, 78.0, "今年度の方針を確認する")
            .text(45.0, 94.0, "１１月")
            .text(120.0, 94.0, "研修会の開催")
            .text(300.0, 94.0, "事例を学び支援を見直す");
        assert_eq!(
            crate::page_maker::texts(&sheet(&[page]), "schedule", ["period", "item", "content"]),
            [
                ["８月", "協議の場の開催", "今年度の方針を確認する"],
                ["１１月", "研修会の開催", "事例を学び支援を見直す"]
            ]
        );
    }
}
