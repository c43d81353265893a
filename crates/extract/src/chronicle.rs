//! Dates down a column, and to their right what was done then: with or without a head, with arrows or nothing
//! between the two, and no ruling that says where an entry ends.

use std::ops::Range;

use chohyo_layout::BBox;
use chohyo_normalize::Context;

use crate::anchor::{Anchor, Piece, lines, pieces, tie};
use crate::stream::Stream;
use crate::timeline::Event;

/// The entries, and the arrows that part their dates from their text.
pub(crate) struct Chronicle {
    pub events: Vec<Event>,
    pub arrows: Vec<Range<u32>>,
}

/// The entries that these lines are. `None` where the dates do not stand in a column of their own, or do not say
/// whose the text beside them is.
pub(crate) fn read(stream: &Stream<'_>, parts: &[Range<u32>], context: &Context) -> Option<Chronicle> {
    let page = |p: &Range<u32>| stream.lines[stream.atoms[p.start as usize].line as usize].page;
    let mut found = Chronicle { events: Vec::new(), arrows: Vec::new() };
    for parts in parts.chunk_by(|a, b| page(a) == page(b)) {
        let (pieces, arrows) = pieces(stream, parts)?;
        found.arrows.extend(arrows);
        on_page(stream, pieces, context, &mut found.events)?;
    }
    (found.events.len() >= 2).then_some(found)
}

fn on_page(
    stream: &Stream<'_>,
    pieces: Vec<Piece>,
    context: &Context,
    events: &mut Vec<Event>,
) -> Option<()> {
    let (dates, texts) = dates(stream, pieces, context);
    let mut columns: Vec<Vec<Anchor>> = Vec::new();
    for date in dates {
        match columns.iter_mut().find(|c| in_column(&c[0], &date)) {
            Some(column) => column.push(date),
            None => columns.push(vec![date]),
        }
    }
    columns.sort_by(|a, b| a[0].bbox.x0.total_cmp(&b[0].bbox.x0));
    let edges: Vec<BBox> =
        columns.iter().filter_map(|c| c.iter().map(|d| d.bbox).reduce(|a, b| a.union(&b))).collect();
    if columns.is_empty()
        || columns.iter().any(|c| c.len() < 2)
        || edges.windows(2).any(|w| w[0].x1 > w[1].x0)
    {
        return None;
    }
    let first = edges.iter().map(|e| e.top).fold(f32::INFINITY, f32::min);
    let last = edges.iter().map(|e| e.bottom).fold(0.0, f32::max);
    let among = |b: &BBox| edges.iter().any(|e| b.x0 < e.x1 - 1.0 && e.x0 < b.x1 - 1.0);
    // What stands across the dates is over or under the chronicle, or this is none.
    let end = texts.iter().filter(|t| among(&t.bbox) && t.bbox.top >= last - 1.0).map(|t| t.bbox.top);
    let end = end.fold(f32::INFINITY, f32::min);
    if texts.iter().any(|t| among(&t.bbox) && t.bbox.bottom > first && t.bbox.top < last - 1.0) {
        return None;
    }
    for (c, column) in columns.iter().enumerate() {
        let next = edges.get(c + 1).map_or(f32::INFINITY, |e| e.x0);
        let own = texts.iter().filter(|t| !among(&t.bbox) && t.bbox.top < end);
        let own: Vec<Piece> =
            own.filter(|t| t.bbox.x0 >= edges[c].x1 - 1.0 && t.bbox.x0 < next).cloned().collect();
        let lines = lines(own);
        if lines.is_empty() {
            return None;
        }
        let told = tie(column, &[lines.iter().map(|l| l.bbox).collect()])?;
        let mut found: Vec<Event> = column.iter().map(|d| (d.parts.clone(), Vec::new())).collect();
        for (line, date) in lines.into_iter().zip(&told[0]) {
            found[*date].1.extend(line.parts);
        }
        events.extend(found);
    }
    Some(())
}

/// The dates among these pieces, and the rest.
pub(crate) fn dates(stream: &Stream<'_>, pieces: Vec<Piece>, context: &Context) -> (Vec<Anchor>, Vec<Piece>) {
    let text = |p: &Piece| stream.printed_text(p.part.clone());
    let is_date = |text: &str| {
        chohyo_normalize::period(text.trim_end_matches(['：', ':']), context)
            .is_some_and(|p| p.start.is_some())
    };
    let mut taken = vec![false; pieces.len()];
    let mut dates = Vec::new();
    for i in 0..pieces.len() {
        if taken[i] {
            continue;
        }
        let own = &pieces[i];
        let alone = is_date(text(own));
        // The line right under it may be the rest of it.
        let below = (i + 1..pieces.len()).find(|&j| {
            let (b, gap) = (&pieces[j].bbox, pieces[j].bbox.top - own.bbox.bottom);
            let left = (b.x0 - own.bbox.x0).abs() < 0.5 * b.height();
            let middle = (b.center().0 - own.bbox.center().0).abs() < 0.5 * b.height();
            !taken[j] && (left || middle) && (-0.3 * b.height()..0.9 * b.height()).contains(&gap)
        });
        // An open end says nothing of the line below: 11月～ and 12月 are two.
        let unfinished = !alone || text(own).ends_with(|c: char| c.is_numeric());
        let rest = below.filter(|&j| {
            (unfinished || !is_date(text(&pieces[j])))
                && is_date(&format!("{}{}", text(own), text(&pieces[j])))
        });
        if !alone && rest.is_none() {
            continue;
        }
        taken[i] = true;
        let mut date = Anchor { parts: vec![own.part.clone()], bbox: own.bbox, first: own.bbox };
        if let Some(j) = rest {
            taken[j] = true;
            date.parts.push(pieces[j].part.clone());
            date.bbox = date.bbox.union(&pieces[j].bbox);
        }
        dates.push(date);
    }
    let rest = pieces.into_iter().zip(taken).filter(|(_, t)| !t).map(|(p, _)| p).collect();
    (dates, rest)
}

fn in_column(a: &Anchor, b: &Anchor) -> bool {
    let reach = 0.6 * a.first.height();
    (a.bbox.x0 - b.bbox.x0).abs() < reach || (a.bbox.center().0 - b.bbox.center().0).abs() < reach
}

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet};

    fn page() -> Page {
        Page::default().text(
            50.0,
            30.0,
            "３ 精神障害にも対応した地域包括ケアシステムの構築に向けた取組の経緯",
        )
    }

    fn history(page: Page) -> Vec<(String, String)> {
        let sheet = sheet(&[page]);
        let rows = sheet.tables["history"].iter();
        rows.map(|r| (r["period"].period.as_ref().unwrap().edtf.clone(), r["content"].text.clone())).collect()
    }

    fn row(a: &str, b: &str) -> (String, String) {
        (a.to_owned(), b.to_owned())
    }

    #[test]
    fn entries_begin_at_the_height_of_their_dates() {
        let page = page()
            .text(50.0, 60.0, "平成28年度～平成")
            .text(145.0, 60.0, "⇒")
            .text(50.0, 72.0, "29年度")
            .text(175.0, 60.0, "部会を設置")
            .text(175.0, 72.0, "講演会を開催した")
            .text(50.0, 90.0, "平成30年度")
            .text(145.0, 90.0, "⇒")
            .text(175.0, 90.0, "手引きを改訂");
        assert_eq!(
            history(page),
            [row("2016-04/2018-03", "部会を設置\n講演会を開催した"), row("2018-04/2019-03", "手引きを改訂")]
        );
    }

    #[test]
    fn entries_lie_around_the_height_of_their_dates() {
        let page = page()
            .text(50.0, 66.0, "平成28年度")
            .text(175.0, 60.0, "部会を設置")
            .text(175.0, 72.0, "講演会を開催した")
            .text(50.0, 102.0, "平成30年度")
            .text(175.0, 90.0, "手引き改訂")
            .text(175.0, 102.0, "研修を開始した")
            .text(175.0, 114.0, "部会の設置を検討した");
        assert_eq!(
            history(page),
            [
                row("2016-04/2017-03", "部会を設置\n講演会を開催した"),
                row("2018-04/2019-03", "手引き改訂\n研修を開始した\n部会の設置を検討した")
            ]
        );
    }
}
