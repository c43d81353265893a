//! Running text: the cover, blocks under a caption, and what is left of a section.

use std::ops::Range;

use chohyo_layout::{BBox, Page, SourceKind};

use crate::diagram;
use crate::form::{Alias, SectionForm};
use crate::label::{Label, Named};
use crate::ledger::Ledger;
use crate::listing;
use crate::paragraph::paragraphs;
use crate::sheet::Text;

/// The lines of a range grouped by block and cell, each group's free parts.
pub(crate) fn groups(ledger: &Ledger<'_, '_>, lines: Range<u32>) -> Vec<Vec<Range<u32>>> {
    let stream = ledger.stream;
    let mut out: Vec<Vec<Range<u32>>> = Vec::new();
    let mut home = None;
    let mut parts: Vec<Range<u32>> = Vec::new();
    for line in lines {
        let l = &stream.lines[line as usize];
        ledger.push_free_parts(l.atoms.clone(), &mut parts);
        if parts.is_empty() {
            continue;
        }
        match out.last_mut().filter(|_| home == Some((l.block, l.cell))) {
            Some(group) => group.append(&mut parts),
            None => out.push(std::mem::take(&mut parts)),
        }
        home = Some((l.block, l.cell));
    }
    out
}

/// The text under a caption: on a page what stands below it in its column; in a dump without places see [`listing`].
///
/// Lines that are a piece of one of the section's labels are left out: a table that is a picture may leave
/// half a label behind.
pub(crate) fn under(
    ledger: &mut Ledger<'_, '_>,
    label: &Label,
    lines: &[Range<u32>],
    form: &SectionForm,
    names: &[&str],
) -> Vec<Text> {
    let stream = ledger.stream;
    let Some(own) = stream.bbox(label.atoms.clone()) else {
        return listing::under(ledger, label, lines, form, names);
    };
    let page = stream.lines[stream.atoms[label.atoms.start as usize].line as usize].page;
    // What the text itself has taken stands not between it and its caption: all of it is found before any is taken.
    let mut found: Vec<Vec<Range<u32>>> = Vec::new();
    let mut last: Option<BBox> = None;
    // It may go on at the top of the next page, if nothing else stands under it on its own.
    let mut reached = page;
    let mut last_line = stream.atoms[label.atoms.end as usize - 1].line;
    for range in lines {
        for mut group in groups(ledger, range.clone()) {
            let home = group.first().map(|p| stream.lines[stream.atoms[p.start as usize].line as usize].page);
            if home.is_none_or(|home| home != page && home != reached && home != reached + 1) {
                continue;
            }
            group.retain(|p| p.len() < 6 || !form.names.is_piece(stream.spelled(p.clone())));
            let Some(first) = group.first() else { continue };
            let line = stream.atoms[first.start as usize].line;
            let here = stream.lines[line as usize].page;
            let over = here == reached + 1
                && stream.lines[line as usize].cell.is_none()
                && is_next(ledger, last_line + 1..line, reached, last.unwrap_or(own));
            let belongs = match stream.bbox(first.clone()) {
                Some(b) if over => (b.x0 - last.unwrap_or(own).x0).abs() <= NEXT * b.height(),
                Some(b) if here > page => {
                    here == reached
                        && last.is_some_and(|l| b.top >= l.top)
                        && (b.x0 - own.x0).abs() <= NEXT * b.height()
                }
                Some(b) => {
                    here == page
                        && b.top >= own.top
                        && same_column(ledger, label, own, line, b)
                        && !below_another(ledger, own, first, b)
                }
                None => false,
            };
            let text: String = group.iter().map(|p| stream.spelled(p.clone())).collect();
            // Brackets of a printed form that nobody filled in.
            if !text.chars().any(char::is_alphanumeric) {
                continue;
            }
            if !belongs || names.contains(&text.as_str()) {
                continue;
            }
            if in_read_table(ledger, line, stream.atoms[label.atoms.start as usize].line) {
                continue;
            }
            let hull = group.iter().filter_map(|p| stream.bbox(p.clone())).reduce(|a, b| a.union(&b));
            if let (Some(last), Some(b), Some(line)) = (last, hull, stream.bbox(first.clone()))
                && !over
                && !goes_on(last, b, line.height(), stream.document.kind)
            {
                continue;
            }
            reached = here;
            last_line = group.last().map_or(line, |p| stream.atoms[p.start as usize].line);
            last = hull;
            found.extend(paragraphs(stream, &group));
        }
    }
    found.into_iter().map(|paragraph| ledger.take(&[paragraph])).collect()
}

/// True when nothing but heads and feet of pages stands in these lines, and what stands beside the last text of its
/// page or over it.
fn is_next(ledger: &Ledger<'_, '_>, between: Range<u32>, page: u32, last: BBox) -> bool {
    use chohyo_layout::BlockKind::{PageNumber, RunningFoot, RunningHead};
    let stream = ledger.stream;
    between.into_iter().all(|l| {
        let line = &stream.lines[l as usize];
        let over = || {
            line.page == page
                && (line.atoms.is_empty()
                    || stream.bbox(line.atoms.clone()).is_some_and(|b| b.top < last.bottom))
        };
        matches!(line.kind, RunningHead | RunningFoot | PageNumber) || over()
    })
}

/// True for a cell of a table of which something has been read, on a page: what is left of it is no running text.
fn in_read_table(ledger: &Ledger<'_, '_>, line: u32, caption: u32) -> bool {
    let stream = ledger.stream;
    let (own, head) = (&stream.lines[line as usize], &stream.lines[caption as usize]);
    let table = |l: &crate::stream::LineRef| l.cell.map(|(t, _)| (l.page, t));
    let Some((page, index)) = table(own).filter(|t| Some(*t) != table(head)) else { return false };
    let cells = stream.document.pages[page as usize].tables[index as usize].cells.len() as u32;
    let lines = (0..cells).flat_map(|c| stream.lines_of_cell(page, index, c));
    let lines: Vec<_> = lines.filter(|l| !l.atoms.is_empty()).collect();
    let read = lines.iter().filter(|l| !ledger.is_free(l.atoms.start..l.atoms.start + 1)).count();
    2 * read > lines.len()
}

/// How far below a text (in heights of a line) what goes on with it may begin, and how far to the side.
const NEXT: f32 = 2.0;

/// The same in a dump for a text right under the other one: the rows of a table beside them may hold them apart.
const NEXT_ROW: f32 = 4.0;

/// True when a text goes on with the one over it: it begins soon below it and near its left edge.
fn goes_on(over: BBox, text: BBox, height: f32, kind: SourceKind) -> bool {
    let (down, aside) = (text.top - over.bottom, (text.x0 - over.x0).abs());
    let under = kind == SourceKind::Text && aside < 0.1 * height;
    down <= if under { NEXT_ROW } else { NEXT } * height && aside <= NEXT * height
}

/// True when something of the record stands between the caption and the text: then it is not the caption's.
fn below_another(ledger: &Ledger<'_, '_>, own: BBox, text: &Range<u32>, b: BBox) -> bool {
    let stream = ledger.stream;
    let page = stream.lines[stream.atoms[text.start as usize].line as usize].page;
    let first = stream.lines.partition_point(|l| l.page < page);
    let lines = stream.lines[first..].iter().take_while(|l| l.page == page);
    lines.filter(|l| !l.atoms.is_empty() && !ledger.is_free(l.atoms.start..l.atoms.start + 1)).any(|l| {
        stream
            .bbox(l.atoms.clone())
            .is_some_and(|o| o.top > own.bottom && o.bottom <= b.top + 1.0 && o.overlap_x(&b) > 0.0)
    })
}

/// True when the line stands in the column of the caption: its cells share it, or it lies below the
/// caption's box.
fn same_column(
    ledger: &Ledger<'_, '_>,
    label: &Label,
    own: chohyo_layout::BBox,
    line: u32,
    b: chohyo_layout::BBox,
) -> bool {
    let stream = ledger.stream;
    let cell_box = |line: u32| {
        let l = &stream.lines[line as usize];
        let page = &stream.document.pages[l.page as usize];
        l.cell.map(|(t, c)| page.tables[t as usize].cells[c as usize].bbox)
    };
    let home = stream.atoms[label.atoms.start as usize].line;
    let page = stream.page(home);
    let alone = || stream.document.kind == SourceKind::Text && is_alone(page, own);
    let column = cell_box(home).or_else(|| band(page, own)).unwrap_or(own);
    if alone() {
        return true;
    }
    let text = cell_box(line).unwrap_or(b);
    column.overlap_x(&text) > 0.5 * column.width().min(text.width())
}

/// True when nothing stands beside a caption: what stands under it is its text, however wide.
fn is_alone(page: &Page, own: BBox) -> bool {
    let middle = own.center().1;
    page.lines.iter().filter(|l| l.bbox.top < middle && middle < l.bbox.bottom).count() == 1
}

/// The width of the box that a caption heads: that of the nearest rule (or edge of a fill) under it that runs
/// beyond it on both sides. A caption may be much narrower than the box of its text, and centred over it.
fn band(page: &Page, own: BBox) -> Option<BBox> {
    let under = page.rulings.iter().filter(|r| {
        let across = r.horizontal && r.bbox.x0 <= own.x0 + 1.0 && r.bbox.x1 >= own.x1 - 1.0;
        across && r.bbox.top >= own.bottom - 0.25 * own.height() && r.bbox.top <= own.bottom + own.height()
    });
    under.map(|r| r.bbox).reduce(|a, b| if b.top < a.top { b } else { a })
}

/// The paragraphs that begin with one of these (notes, mostly).
pub(crate) fn beginning(ledger: &mut Ledger<'_, '_>, begins: &[Alias], lines: &[Range<u32>]) -> Vec<Text> {
    let stream = ledger.stream;
    let mut out = Vec::new();
    for range in lines {
        for group in groups(ledger, range.clone()) {
            for paragraph in paragraphs(stream, &group) {
                let text: Vec<char> = paragraph
                    .iter()
                    .flat_map(|p| stream.spelled(p.clone()).chars().collect::<Vec<_>>())
                    .collect();
                if begins.iter().any(|b| text.starts_with(&b.canonical)) {
                    out.push(ledger.take(&[paragraph]));
                }
            }
        }
    }
    out
}

/// What nothing else in the section has taken.
pub(crate) fn rest(ledger: &mut Ledger<'_, '_>, lines: &[Range<u32>], names: &[&str]) -> Vec<Text> {
    let stream = ledger.stream;
    if !stream.has_places {
        return diagram::boxes(ledger, lines, names);
    }
    let mut out = Vec::new();
    for range in lines {
        for group in groups(ledger, range.clone()) {
            let text: String = group.iter().map(|p| stream.spelled(p.clone())).collect();
            let number = text.chars().count() <= 3 && text.chars().all(|c| c.is_ascii_digit());
            if names.contains(&text.as_str()) || number {
                continue;
            }
            // The words of a box in a diagram are one text, however they are broken.
            let box_of_words = !group.iter().any(|p| {
                crate::paragraph::opens_entry(stream, p) || stream.printed_text(p.clone()).ends_with('。')
            });
            let paragraphs = if box_of_words { vec![group] } else { paragraphs(stream, &group) };
            for paragraph in paragraphs {
                out.push(ledger.take(&[paragraph]));
            }
        }
    }
    out
}

/// The first label of this text in the section.
pub(crate) fn caption(labels: &[Label], text: usize) -> Option<&Label> {
    labels.iter().find(|l| l.named == Named::Text(text))
}

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet};

    #[test]
    fn a_caption_centred_over_its_box() {
        let page = Page::default()
            .text(30.0, 30.0, "１ 県又は政令市の基礎情報")
            .grid(&[30.0, 200.0, 280.0], &[50.0, 70.0])
            .text(35.0, 64.0, "市町村数")
            .text(210.0, 64.0, "35市町村")
            .text(425.0, 64.0, "取組内容")
            .grid(&[300.0, 580.0], &[70.0, 200.0])
            .text(305.0, 90.0, "・研修会の開催")
            .text(305.0, 104.0, "・手引きの作成");
        let sheet = sheet(&[page]);
        let texts: Vec<&str> = sheet.texts["initiatives"].iter().flat_map(|t| t.text.lines()).collect();
        assert_eq!(texts, ["・研修会の開催", "・手引きの作成"]);
    }

    #[test]
    fn a_text_goes_on_over_the_page() {
        let first = Page::default()
            .text(30.0, 30.0, "１ 県又は政令市の基礎情報")
            .text(30.0, 60.0, "保健所数：6か所")
            .text(30.0, 360.0, "取組内容")
            .text(30.0, 376.0, "・研修会の開催");
        let next = Page::default()
            .text(30.0, 30.0, "・手引きの作成")
            .text(30.0, 60.0, "２ 精神障害にも対応した地域包括ケアシステムの構築に向けた取組概要")
            .text(30.0, 90.0, "退院の支援")
            .text(30.0, 120.0, "３ 精神障害にも対応した地域包括ケアシステムの構築に向けた取組の経緯")
            .text(30.0, 150.0, "平成30年度：協議の場を設置した。");
        let sheet = sheet(&[first, next]);
        let texts: Vec<&str> = sheet.texts["initiatives"].iter().flat_map(|t| t.text.lines()).collect();
        assert_eq!(texts, ["・研修会の開催", "・手引きの作成"]);
    }
}
