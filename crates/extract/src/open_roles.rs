//! Tables without rulings in which the names of those who act tell the rows.

use std::collections::BTreeMap;
use std::ops::Range;

use chohyo_layout::BBox;
use chohyo_normalize::Context;

use crate::actors;
use crate::anchor::{self, Anchor, Piece};
use crate::form::{ColumnKind, TableForm};
use crate::head;
use crate::ledger::Ledger;
use crate::open_table::{Head, Record, columns_of, frame_end, heads, is_of, level};
use crate::sheet::Row;
use crate::stream::Stream;
use crate::value::{self, Column};

/// What an entry says beside the names of those who act, and what each of them does.
struct Entry {
    texts: Vec<Vec<Range<u32>>>,
    roles: Vec<Role>,
}

/// A name, and what stands beside or under it.
type Role = (Vec<Range<u32>>, Vec<Range<u32>>);

/// The rows of such a table among these pieces of a page.
pub(crate) fn read(
    ledger: &mut Ledger<'_, '_>,
    form: &TableForm,
    pieces: &[Piece],
    context: &Context,
) -> Option<Vec<Record>> {
    let stream = ledger.stream;
    let actor = form.columns.iter().position(|c| c.kind == ColumnKind::Actor)?;
    let beside = form.columns.iter().position(|c| c.beside.as_ref() == Some(&form.columns[actor].name))?;
    let all = heads(stream, form, pieces);
    if !is_of(form, &all) {
        return None;
    }
    let frame = frame_end(stream, &all).unwrap_or(f32::INFINITY);
    let mut rows: Vec<Vec<Head>> = Vec::new();
    for head in all {
        match rows.last_mut().filter(|r| r.iter().any(|h| level(&h.bbox, &head.bbox))) {
            Some(row) => row.push(head),
            None => rows.push(vec![head]),
        }
    }
    let mut found: Vec<(Vec<Head>, Entry)> = Vec::new();
    for row in &mut rows {
        row.sort_by(|a, b| a.bbox.x0.total_cmp(&b.bbox.x0));
    }
    for (r, row) in rows.iter().enumerate() {
        let bottom = row.iter().map(|h| h.bbox.bottom).fold(0.0, f32::max);
        let end =
            rows.get(r + 1).map_or(frame, |n| n.iter().map(|h| h.bbox.top).fold(f32::INFINITY, f32::min));
        let body: Vec<Piece> =
            pieces.iter().filter(|p| p.bbox.top >= bottom - 1.0 && p.bbox.top < end).cloned().collect();
        let entries = entries(stream, form, actor, row, body)?;
        found.extend(entries.into_iter().map(|e| (row.clone(), e)));
    }
    let parts = |e: &Entry| -> Vec<Range<u32>> {
        let roles = e.roles.iter().flat_map(|(name, text)| name.iter().chain(text));
        e.texts.iter().flatten().chain(roles).cloned().collect()
    };
    if !found.iter().flat_map(|(_, e)| parts(e)).all(|p| ledger.is_free(p)) {
        return None;
    }
    let mut out = Vec::new();
    for (heads, entry) in found {
        let mut names: BTreeMap<String, crate::sheet::Text> = BTreeMap::new();
        for head in heads.iter().filter(|h| ledger.is_free(h.parts[0].clone())).cloned().collect::<Vec<_>>() {
            names.insert(form.columns[head.column].name.clone(), ledger.take(&[head.parts]));
        }
        let mut base = Row::new();
        let left = heads.iter().filter(|h| h.column != actor);
        for (head, parts) in left.zip(&entry.texts) {
            let column = &form.columns[head.column];
            let said = head::column(ledger.stream, &head.parts, context);
            base.insert(column.name.clone(), value::of_column(ledger, parts, column, &said, context));
        }
        for (who, what) in entry.roles {
            let plain = Column::default();
            let mut row = base.clone();
            if let Some(colon) = who.last().map(|w| w.end).filter(|&at| is_colon(ledger.stream, at)) {
                ledger.mark(colon..colon + 1);
            }
            let who = value::cell(ledger, &who, ColumnKind::Actor, &plain, context);
            let what = value::cell(ledger, &what, form.columns[beside].kind, &plain, context);
            row.insert(form.columns[actor].name.clone(), who);
            row.insert(form.columns[beside].name.clone(), what);
            out.push((row, std::mem::take(&mut names)));
        }
    }
    (!out.is_empty()).then_some(out)
}

fn is_colon(stream: &Stream<'_>, at: u32) -> bool {
    stream.atoms.get(at as usize).is_some_and(|a| a.ch == ':')
}

/// The entries under one row of heads.
fn entries(
    stream: &Stream<'_>,
    form: &TableForm,
    actor: usize,
    heads: &[Head],
    body: Vec<Piece>,
) -> Option<Vec<Entry>> {
    let Told { names, contents, tops, left } = if let Some(told) = behind_names(stream, form, actor, &body) {
        told
    } else {
        let (names, others) = names(stream, form, actor, body);
        let first = names.first()?;
        if names.iter().filter(|n| level(&n.first, &first.first)).count() >= 2 {
            return across(form, actor, heads, &names, others);
        }
        beside_names(names, others)?
    };
    // A name that comes again begins the next entry.
    let mut starts: Vec<usize> = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for (i, name) in names.iter().enumerate() {
        let text: String = name.parts.iter().map(|p| stream.spelled(p.clone())).collect();
        if starts.is_empty() || seen.contains(&text) {
            starts.push(i);
            seen.clear();
        }
        seen.push(text);
    }
    let tops: Vec<f32> = starts.iter().map(|&i| tops[i]).collect();
    let over: Vec<Head> = heads.iter().filter(|h| h.column != actor).cloned().collect();
    let columns: Vec<Vec<anchor::Line>> =
        columns_of(form, &over, left)?.into_iter().map(anchor::lines).collect();
    let mut entries: Vec<Entry> =
        tops.iter().map(|_| Entry { texts: vec![Vec::new(); columns.len()], roles: Vec::new() }).collect();
    for (c, lines) in columns.into_iter().enumerate() {
        let of = |b: &BBox| tops.iter().rposition(|t| *t <= b.center().1).unwrap_or(0);
        let told: Vec<usize> = lines.iter().map(|l| of(&l.bbox)).collect();
        if !anchor::sound(&told, &lines.iter().map(|l| l.bbox).collect::<Vec<_>>()) {
            return None;
        }
        for (line, entry) in lines.into_iter().zip(told) {
            entries[entry].texts[c].extend(line.parts);
        }
    }
    for (i, (name, own)) in names.iter().zip(contents).enumerate() {
        let entry = starts.partition_point(|s| *s <= i) - 1;
        entries[entry].roles.push((name.parts.clone(), own));
    }
    // The last one may go on over the page, with all of its texts.
    if entries.len() > 1 && entries.last().is_some_and(|e| e.texts.iter().all(Vec::is_empty)) {
        entries.pop();
    }
    entries.iter().all(|e| e.texts.iter().all(|t| !t.is_empty())).then_some(entries)
}

/// The names of those who act, what each of them does, and the rest.
struct Told {
    names: Vec<Anchor>,
    contents: Vec<Vec<Range<u32>>>,
    /// Where the row of each name begins.
    tops: Vec<f32>,
    /// What stands to the left.
    left: Vec<Piece>,
}

/// What stands to the right of names in a column of their own.
fn beside_names(names: Vec<Anchor>, others: Vec<Piece>) -> Option<Told> {
    let first = names.first()?;
    let apart = |n: &Anchor| {
        (n.bbox.x0 - first.bbox.x0).abs() > 0.6 * n.first.height()
            && (n.bbox.center().0 - first.bbox.center().0).abs() > 0.6 * n.first.height()
    };
    if names.len() < 2 || names.iter().any(apart) {
        return None;
    }
    let (x0, x1) =
        names.iter().fold((f32::INFINITY, 0.0_f32), |e, n| (e.0.min(n.bbox.x0), e.1.max(n.bbox.x1)));
    let (right, left): (Vec<Piece>, Vec<Piece>) = others.into_iter().partition(|p| p.bbox.x0 >= x1 - 1.0);
    if left.iter().any(|p| p.bbox.x1 > x0 + 1.0) {
        return None;
    }
    let lines = anchor::lines(right);
    let boxes: Vec<BBox> = lines.iter().map(|l| l.bbox).collect();
    let told = anchor::tie(&names, std::slice::from_ref(&boxes))
        .or_else(|| Some(vec![anchor::runs(&names, &boxes)?]))?;
    let mut contents: Vec<Vec<Range<u32>>> = vec![Vec::new(); names.len()];
    let mut tops: Vec<f32> = names.iter().map(|n| n.bbox.top).collect();
    for (line, &name) in lines.into_iter().zip(&told[0]) {
        tops[name] = tops[name].min(line.bbox.top);
        contents[name].extend(line.parts);
    }
    Some(Told { names, contents, tops, left })
}

/// What stands behind the names and a colon, and in the lines under it: `行政：研修の企画`.
fn behind_names(stream: &Stream<'_>, form: &TableForm, actor: usize, body: &[Piece]) -> Option<Told> {
    let named = |p: &Piece| {
        let colon = p.part.clone().find(|&i| stream.atoms[i as usize].ch == ':')?;
        let name = p.part.start..colon;
        actors::is_value(stream, std::slice::from_ref(&name), &form.columns[actor]).then_some(name)
    };
    let first = body.iter().find(|p| named(p).is_some())?.bbox;
    let in_column = |p: &Piece| p.bbox.x0 > first.x0 - 0.5 * first.height();
    let mut told = Told { names: Vec::new(), contents: Vec::new(), tops: Vec::new(), left: Vec::new() };
    for piece in body {
        if !in_column(piece) {
            if piece.bbox.x1 > first.x0 + 1.0 {
                return None;
            }
            told.left.push(piece.clone());
        } else if let Some(name) = named(piece) {
            let rest = name.end + 1..piece.part.end;
            told.names.push(Anchor { parts: vec![name], bbox: piece.bbox, first: piece.bbox });
            told.contents.push(Some(rest).filter(|r| !r.is_empty()).into_iter().collect());
            told.tops.push(piece.bbox.top);
        } else {
            told.contents.last_mut()?.push(piece.part.clone());
        }
    }
    (told.names.len() >= 2).then_some(told)
}

/// The entries where each name heads a column: the white space between rows is wider than that between lines.
fn across(
    form: &TableForm,
    actor: usize,
    heads: &[Head],
    names: &[Anchor],
    others: Vec<Piece>,
) -> Option<Vec<Entry>> {
    let first = names.first()?.bbox;
    if !names.iter().all(|n| level(&n.bbox, &first)) {
        return None;
    }
    let bottom = names.iter().map(|n| n.bbox.bottom).fold(0.0, f32::max);
    let texts = heads.iter().filter(|h| h.column != actor).cloned();
    let roles = names.iter().map(|n| Head { column: actor, parts: n.parts.clone(), bbox: n.bbox });
    let mut over: Vec<Head> = texts.chain(roles).collect();
    over.sort_by(|a, b| a.bbox.x0.total_cmp(&b.bbox.x0));
    let body: Vec<Piece> = others.into_iter().filter(|p| p.bbox.top >= bottom - 1.0).collect();
    let mut tops: Vec<(f32, f32)> = body.iter().map(|p| (p.bbox.top, p.bbox.bottom)).collect();
    let height = body.iter().map(|p| p.bbox.height()).fold(0.0, f32::max);
    tops.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut bands: Vec<(f32, f32)> = Vec::new();
    for (top, bottom) in tops {
        match bands.last_mut() {
            Some(band) if top < band.1 => band.1 = band.1.max(bottom),
            _ => bands.push((top, bottom)),
        }
    }
    let gaps: Vec<f32> = bands.windows(2).map(|w| w[1].0 - w[0].1).collect();
    let least = gaps.iter().copied().fold(f32::INFINITY, f32::min);
    let between = if least > 0.8 * height { 0.8 * height } else { least + 0.25 * height };
    let mut starts = vec![bands.first()?.0];
    starts.extend(bands.windows(2).zip(&gaps).filter(|(_, gap)| **gap > between).map(|(w, _)| w[1].0));
    let mut entries: Vec<Entry> = Vec::new();
    for (i, start) in starts.iter().enumerate() {
        let end = starts.get(i + 1).copied().unwrap_or(f32::INFINITY);
        let own: Vec<Piece> =
            body.iter().filter(|p| *start <= p.bbox.top && p.bbox.top < end).cloned().collect();
        entries.push(Entry { texts: Vec::new(), roles: Vec::new() });
        let entry = entries.last_mut()?;
        // All rows together tell what is one column.
        let columns = columns_of(form, &over, body.clone())?;
        for (head, column) in over.iter().zip(columns) {
            let parts: Vec<Range<u32>> =
                column.into_iter().filter(|p| own.iter().any(|o| o.part == p.part)).map(|p| p.part).collect();
            if head.column == actor {
                entry.roles.push((head.parts.clone(), parts));
            } else if parts.is_empty() {
                return None;
            } else {
                entry.texts.push(parts);
            }
        }
    }
    Some(entries)
}

/// The names among the pieces, each of which may wrap, and the rest.
fn names(
    stream: &Stream<'_>,
    form: &TableForm,
    actor: usize,
    pieces: Vec<Piece>,
) -> (Vec<Anchor>, Vec<Piece>) {
    let column = &form.columns[actor];
    let mut taken = vec![false; pieces.len()];
    let mut out: Vec<Anchor> = Vec::new();
    for i in 0..pieces.len() {
        if taken[i] {
            continue;
        }
        let mut chain = vec![i];
        loop {
            let parts: Vec<Range<u32>> = chain.iter().map(|&c| pieces[c].part.clone()).collect();
            if actors::is_value(stream, &parts, column) {
                let bbox = chain
                    .iter()
                    .map(|&c| pieces[c].bbox)
                    .reduce(|a, b| a.union(&b))
                    .unwrap_or(pieces[i].bbox);
                out.push(Anchor { parts, bbox, first: pieces[i].bbox });
                for &c in &chain {
                    taken[c] = true;
                }
                break;
            }
            let last = &pieces[chain[chain.len() - 1]].bbox;
            let below = (i + 1..pieces.len()).find(|&j| {
                let b = &pieces[j].bbox;
                let gap = b.top - last.bottom;
                !taken[j]
                    && !chain.contains(&j)
                    && b.overlap_x(last) > 0.5 * b.width().min(last.width())
                    && (-0.3 * b.height()..0.9 * b.height()).contains(&gap)
            });
            let Some(j) = below.filter(|_| chain.len() < 4) else { break };
            chain.push(j);
        }
    }
    let rest = pieces.into_iter().zip(taken).filter(|(_, t)| !t).map(|(p, _)| p).collect();
    (out, rest)
}

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet, texts};

    #[test]
    fn names_tell_the_rows() {
        let page = Page::default()
            .text(30.0, 30.0, "５ 精神障害にも対応した地域包括ケアシステムの構築に向けた強みと課題")
            .text(30.0, 60.0, "課題")
            .text(130.0, 60.0, "課題解決に向けた取組方針")
            .text(300.0, 60.0, "課題・方針に対する役割（取組）")
            .text(30.0, 80.0, "人材の不足")
            .text(130.0, 80.0, "研修を行う")
            .text(300.0, 80.0, "行政")
            .text(400.0, 80.0, "企画と実施")
            .text(300.0, 100.0, "医療")
            .text(400.0, 100.0, "受入れ")
            .text(30.0, 120.0, "住まい")
            .text(130.0, 120.0, "会議を開く")
            .text(300.0, 120.0, "行政")
            .text(400.0, 120.0, "住宅部局との協議")
            .text(300.0, 140.0, "医療")
            .text(400.0, 140.0, "評価");
        let sheet = sheet(&[page]);
        assert_eq!(
            texts(&sheet, "issues", ["issue", "policy", "actor", "content"]),
            [
                ["人材の不足", "研修を行う", "行政", "企画と実施"],
                ["人材の不足", "研修を行う", "医療", "受入れ"],
                ["住まい", "会議を開く", "行政", "住宅部局との協議"],
                ["住まい", "会議を開く", "医療", "評価"],
            ]
        );
    }

    #[test]
    fn some_of_those_who_act_do_nothing() {
        let page = Page::default()
            .text(30.0, 30.0, "５ 精神障害にも対応した地域包括ケアシステムの構築に向けた強みと課題")
            .text(30.0, 60.0, "課題")
            .text(130.0, 60.0, "課題解決に向けた取組方針")
            .text(300.0, 60.0, "課題・方針に対する役割（取組）")
            .text(30.0, 89.0, "人材の不足")
            .text(130.0, 89.0, "研修を行う")
            .text(300.0, 80.0, "行政")
            .text(300.0, 100.0, "医療")
            .text(400.0, 94.0, "受入れの基準を明らか")
            .text(400.0, 106.0, "にする")
            .text(30.0, 129.0, "住まい")
            .text(130.0, 129.0, "会議を開く")
            .text(300.0, 120.0, "行政")
            .text(400.0, 120.0, "住宅部局との協議")
            .text(300.0, 140.0, "医療")
            .text(400.0, 140.0, "評価");
        let sheet = sheet(&[page]);
        assert_eq!(
            texts(&sheet, "issues", ["issue", "actor", "content"]),
            [
                ["人材の不足", "行政", ""],
                ["人材の不足", "医療", "受入れの基準を明らかにする"],
                ["住まい", "行政", "住宅部局との協議"],
                ["住まい", "医療", "評価"],
            ]
        );
    }

    #[test]
    fn what_each_does_behind_its_name() {
        let page = Page::default()
            .text(30.0, 30.0, "５ 精神障害にも対応した地域包括ケアシステムの構築に向けた強みと課題")
            .text(30.0, 60.0, "課題")
            .text(130.0, 60.0, "課題解決に向けた取組方針")
            .text(300.0, 60.0, "関係者の役割")
            .text(30.0, 87.0, "人材の不足")
            .text(130.0, 87.0, "研修を行う")
            .text(300.0, 80.0, "行政：企画と実施")
            .text(300.0, 94.0, "その他関係機関・住民等：")
            .text(30.0, 127.0, "住まい")
            .text(130.0, 127.0, "会議を開く")
            .text(300.0, 120.0, "行政：住宅部局との協")
            .text(300.0, 134.0, "議")
            .text(300.0, 148.0, "その他関係機関・住民等：評価");
        let sheet = sheet(&[page]);
        assert_eq!(
            texts(&sheet, "issues", ["issue", "policy", "actor", "content"]),
            [
                ["人材の不足", "研修を行う", "行政", "企画と実施"],
                ["人材の不足", "研修を行う", "その他関係機関・住民等", ""],
                ["住まい", "会議を開く", "行政", "住宅部局との協議"],
                ["住まい", "会議を開く", "その他関係機関・住民等", "評価"],
            ]
        );
    }
}
