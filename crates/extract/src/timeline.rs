//! Timelines: boxes that hold nothing but a date, and the boxes that tell what was done then.

use std::ops::Range;

use chohyo_layout::BBox;
use chohyo_normalize::Context;

use crate::stream::Stream;

/// The lines of one block or cell of a page.
struct Group<'g> {
    page: u32,
    bbox: BBox,
    parts: &'g [Range<u32>],
}

/// A date, and the parts that tell of it.
pub(crate) type Event = (Vec<Range<u32>>, Vec<Range<u32>>);

/// The events of a timeline: each text goes to the nearest date over it, or else to the one to its left at its
/// height. `None` where fewer than two boxes hold a date and nothing else, or a text has no date.
pub(crate) fn events(
    stream: &Stream<'_>,
    groups: &[Vec<Range<u32>>],
    context: &Context,
) -> Option<Vec<Event>> {
    let mut dates: Vec<Group<'_>> = Vec::new();
    let mut texts: Vec<Group<'_>> = Vec::new();
    for parts in groups.iter().filter(|g| !g.is_empty()) {
        let page = stream.lines[stream.atoms[parts[0].start as usize].line as usize].page;
        let boxes: Vec<BBox> = parts.iter().filter_map(|p| stream.bbox(p.clone())).collect();
        let bbox = boxes.into_iter().reduce(|a, b| a.union(&b))?;
        let printed: String = parts.iter().map(|p| stream.printed_text(p.clone())).collect();
        let dated = chohyo_normalize::period(&printed, context).is_some_and(|p| p.start.is_some());
        if dated { &mut dates } else { &mut texts }.push(Group { page, bbox, parts });
    }
    if dates.len() < 2 {
        return None;
    }
    let mut told: Vec<Vec<Range<u32>>> = vec![Vec::new(); dates.len()];
    for text in &texts {
        let date = nearest(&dates, text)?;
        told[date].extend(text.parts.iter().cloned());
    }
    Some(dates.iter().map(|d| d.parts.to_vec()).zip(told).collect())
}

fn nearest(dates: &[Group<'_>], text: &Group<'_>) -> Option<usize> {
    let here = || dates.iter().enumerate().filter(|(_, d)| d.page == text.page);
    let beside = here()
        .filter(|(_, d)| d.bbox.x1 <= text.bbox.x0 + 1.0)
        .filter(|(_, d)| {
            let (y, t) = (d.bbox.center().1, text.bbox.center().1);
            text.bbox.top <= y && y <= text.bbox.bottom || d.bbox.top <= t && t <= d.bbox.bottom
        })
        .map(|(i, d)| (text.bbox.x0 - d.bbox.x1, i));
    let over = here()
        .filter(|(_, d)| d.bbox.bottom <= text.bbox.top + 0.5 * d.bbox.height())
        .filter(|(_, d)| d.bbox.overlap_x(&text.bbox) > 0.0)
        .map(|(i, d)| (text.bbox.top - d.bbox.bottom, i));
    let least = |a: (f32, usize), b: (f32, usize)| if b.0 < a.0 { b } else { a };
    over.reduce(least).or_else(|| beside.reduce(least)).map(|(_, i)| i)
}

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet};

    #[test]
    fn each_text_goes_to_the_date_over_it() {
        let page = Page::default()
            .text(50.0, 30.0, "３ 精神障害にも対応した地域包括ケアシステムの構築に向けた取組の経緯")
            .text(60.0, 80.0, "平成29年度")
            .text(260.0, 80.0, "平成30年度")
            .text(60.0, 200.0, "令和元年度")
            .text(50.0, 120.0, "協議の場を設置")
            .text(250.0, 120.0, "講演会を開催")
            .text(50.0, 240.0, "手引きを改訂");
        let sheet = sheet(&[page]);
        let mut rows: Vec<(String, String)> = sheet.tables["history"]
            .iter()
            .map(|r| (r["period"].period.as_ref().unwrap().edtf.clone(), r["content"].text.clone()))
            .collect();
        rows.sort();
        let row = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(
            rows,
            [
                row("2017-04/2018-03", "協議の場を設置"),
                row("2018-04/2019-03", "講演会を開催"),
                row("2019-04/2020-03", "手引きを改訂"),
            ]
        );
    }
}
