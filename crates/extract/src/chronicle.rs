//! Dates down a column, and to their right what was done then: with or without a head, with arrows or nothing
//! between the two, and no ruling that says where an entry ends.

use std::ops::Range;

use chohyo_layout::BBox;
use chohyo_normalize::Context;

use crate::stream::Stream;
use crate::timeline::Event;

/// Signs that point from a date to what was done then.
const ARROWS: &str = "⇒→➡➔➜▶►▷⇨⇢↦";
/// How far the middles of what stands at one height may differ, in heights of a line.
const LEVEL: f32 = 0.35;
/// A gap this wide (in heights of a line) parts the texts of two columns.
const GAP: f32 = 1.0;
/// A page with more lines than this is no chronicle that needs a search.
const LINES: usize = 200;

/// A piece of a line.
#[derive(Clone)]
struct Piece {
    part: Range<u32>,
    bbox: BBox,
}

/// A date, which may wrap.
struct Date {
    parts: Vec<Range<u32>>,
    bbox: BBox,
    /// Of its first line.
    first: BBox,
}

/// What stands at one height in a column.
struct Line {
    parts: Vec<Range<u32>>,
    bbox: BBox,
}

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

/// The pieces of these lines between wide gaps, and the arrows.
fn pieces(stream: &Stream<'_>, parts: &[Range<u32>]) -> Option<(Vec<Piece>, Vec<Range<u32>>)> {
    let (mut pieces, mut arrows): (Vec<Piece>, Vec<Range<u32>>) = Default::default();
    for part in parts {
        let mut open = false;
        for field in stream.fields_in(part.clone()) {
            let bbox = stream.bbox(field.clone())?;
            if field.clone().all(|i| ARROWS.contains(stream.atoms[i as usize].ch)) {
                arrows.push(field);
                open = false;
                continue;
            }
            match pieces.last_mut() {
                Some(last) if open && bbox.x0 - last.bbox.x1 < GAP * bbox.height() => {
                    last.part.end = field.end;
                    last.bbox = last.bbox.union(&bbox);
                }
                _ => pieces.push(Piece { part: field, bbox }),
            }
            open = true;
        }
    }
    pieces.sort_by(|a, b| a.bbox.top.total_cmp(&b.bbox.top).then(a.bbox.x0.total_cmp(&b.bbox.x0)));
    (pieces.len() <= LINES).then_some((pieces, arrows))
}

fn on_page(stream: &Stream<'_>, pieces: Vec<Piece>, context: &Context, events: &mut Vec<Event>) -> Option<()> {
    let (dates, texts) = dates(stream, pieces, context);
    let mut columns: Vec<Vec<Date>> = Vec::new();
    for date in dates {
        match columns.iter_mut().find(|c| in_column(&c[0], &date)) {
            Some(column) => column.push(date),
            None => columns.push(vec![date]),
        }
    }
    columns.sort_by(|a, b| a[0].bbox.x0.total_cmp(&b[0].bbox.x0));
    let edges: Vec<BBox> =
        columns.iter().filter_map(|c| c.iter().map(|d| d.bbox).reduce(|a, b| a.union(&b))).collect();
    if columns.is_empty() || columns.iter().any(|c| c.len() < 2) || edges.windows(2).any(|w| w[0].x1 > w[1].x0) {
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
        let own: Vec<Piece> = own.filter(|t| t.bbox.x0 >= edges[c].x1 - 1.0 && t.bbox.x0 < next).cloned().collect();
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
fn dates(stream: &Stream<'_>, pieces: Vec<Piece>, context: &Context) -> (Vec<Date>, Vec<Piece>) {
    let text = |p: &Piece| stream.printed_text(p.part.clone());
    let is_date = |text: &str| {
        chohyo_normalize::period(text.trim_end_matches(['：', ':']), context).is_some_and(|p| p.start.is_some())
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
        let unfinished = !alone || text(own).ends_with(['～', '〜', '~', '-', '－']) || text(own).ends_with(|c: char| c.is_numeric());
        let rest = below.filter(|&j| {
            (unfinished || !is_date(text(&pieces[j]))) && is_date(&format!("{}{}", text(own), text(&pieces[j])))
        });
        if !alone && rest.is_none() {
            continue;
        }
        taken[i] = true;
        let mut date = Date { parts: vec![own.part.clone()], bbox: own.bbox, first: own.bbox };
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

fn in_column(a: &Date, b: &Date) -> bool {
    let reach = 0.6 * a.first.height();
    (a.bbox.x0 - b.bbox.x0).abs() < reach || (a.bbox.center().0 - b.bbox.center().0).abs() < reach
}

/// What stands at one height, together.
fn lines(pieces: Vec<Piece>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for piece in pieces {
        let level = |l: &Line| (l.bbox.center().1 - piece.bbox.center().1).abs() < LEVEL * piece.bbox.height();
        match lines.last_mut().filter(|l| level(l)) {
            Some(line) => {
                line.parts.push(piece.part);
                line.bbox = line.bbox.union(&piece.bbox);
            }
            None => lines.push(Line { parts: vec![piece.part], bbox: piece.bbox }),
        }
    }
    lines
}

/// For each line of each column the date it belongs to. Entries begin at the height of their dates, or lie around
/// it; where both readings are sound and differ, neither is taken.
fn tie(dates: &[Date], columns: &[Vec<BBox>]) -> Option<Vec<Vec<usize>>> {
    let below = below(dates, columns);
    let around: Option<Vec<Vec<usize>>> = columns.iter().map(|lines| around(dates, lines)).collect();
    let sound = |told: &Vec<Vec<usize>>| told.iter().zip(columns).all(|(told, lines)| sound(told, lines));
    match (below, around) {
        (Some(a), Some(b)) if a == b => Some(a),
        (Some(a), Some(b)) => match (sound(&a), sound(&b)) {
            (true, false) => Some(a),
            (false, true) => Some(b),
            _ => None,
        },
        (a, b) => a.or(b).filter(sound),
    }
}

/// Each line to the last date that stands at its height or over it, where each date has a line at its height.
fn below(dates: &[Date], columns: &[Vec<BBox>]) -> Option<Vec<Vec<usize>>> {
    let level = |d: &Date, b: &BBox| (d.first.center().1 - b.center().1).abs() < LEVEL * d.first.height().max(b.height());
    let begins = |d: &Date| columns.iter().flatten().any(|b| level(d, b));
    if !dates.iter().all(begins) {
        return None;
    }
    let of = |b: &BBox| dates.iter().rposition(|d| level(d, b) || d.first.center().1 <= b.center().1);
    columns.iter().map(|lines| lines.iter().map(of).collect()).collect()
}

/// The lines in as many runs as there are dates, each with its middle at the height of its date; `None` where there
/// is no such partition, or more than one.
fn around(dates: &[Date], lines: &[BBox]) -> Option<Vec<usize>> {
    // For each number of lines told, the partitions of them among the dates so far: at most two of each are kept.
    let mut open: Vec<(usize, Vec<usize>)> = vec![(0, Vec::new())];
    for (d, date) in dates.iter().enumerate() {
        let mut next: Vec<(usize, Vec<usize>)> = Vec::new();
        for (from, told) in &open {
            for to in from + 1..=lines.len() {
                let middle = (lines[*from].top + lines[to - 1].bottom) / 2.0;
                let off = middle - date.bbox.center().1;
                let reach = LEVEL * date.first.height();
                if off > reach {
                    break;
                }
                if off >= -reach && next.iter().filter(|(n, _)| *n == to).count() < 2 {
                    let mut told = told.clone();
                    told.resize(to, d);
                    next.push((to, told));
                }
            }
        }
        open = next;
    }
    let mut whole = open.into_iter().filter(|(n, _)| *n == lines.len());
    let found = whole.next()?.1;
    whole.next().is_none().then_some(found)
}

/// True when no two lines of one entry stand further apart than the last line of one and the first of the next.
fn sound(told: &[usize], lines: &[BBox]) -> bool {
    let gaps = || told.windows(2).zip(lines.windows(2)).map(|(t, l)| (t[0] == t[1], l[1].center().1 - l[0].center().1));
    let within = gaps().filter(|g| g.0).map(|g| g.1).fold(0.0, f32::max);
    let between = gaps().filter(|g| !g.0).map(|g| g.1).fold(f32::INFINITY, f32::min);
    let height = lines.iter().map(|l| l.height()).fold(0.0, f32::max);
    within <= between + 0.15 * height
}

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet};

    fn page() -> Page {
        Page::default().text(50.0, 30.0, "３ 精神障害にも対応した地域包括ケアシステムの構築に向けた取組の経緯")
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
            .text(130.0, 60.0, "⇒")
            .text(50.0, 72.0, "29年度")
            .text(160.0, 60.0, "協議の場を設置")
            .text(160.0, 72.0, "講演会を開催")
            .text(50.0, 90.0, "平成30年度")
            .text(130.0, 90.0, "⇒")
            .text(160.0, 90.0, "手引きを改訂");
        assert_eq!(
            history(page),
            [row("2016-04/2018-03", "協議の場を設置\n講演会を開催"), row("2018-04/2019-03", "手引きを改訂")]
        );
    }

    #[test]
    fn entries_lie_around_the_height_of_their_dates() {
        let page = page()
            .text(50.0, 66.0, "平成28年度")
            .text(160.0, 60.0, "協議の場を設置")
            .text(160.0, 72.0, "講演会を開催")
            .text(50.0, 102.0, "平成30年度")
            .text(160.0, 90.0, "手引きを改訂")
            .text(160.0, 102.0, "部会を設置")
            .text(160.0, 114.0, "研修を開始");
        assert_eq!(
            history(page),
            [
                row("2016-04/2017-03", "協議の場を設置\n講演会を開催"),
                row("2018-04/2019-03", "手引きを改訂\n部会を設置\n研修を開始")
            ]
        );
    }
}
