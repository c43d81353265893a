//! What stands on the pages for the reader's orientation and is no text of any section: page numbers, running
//! heads and feet.

use std::ops::Range;

use chohyo_layout::{BBox, SourceKind};

use crate::ledger::Ledger;
use crate::sheet::Text;
use crate::stream::Stream;

/// Part of a page's height that is its upper or lower margin, where running heads and feet stand.
const MARGIN: f32 = 0.1;

/// How far the place of a running head may differ from page to page, in points.
const SHIFT: f32 = 4.0;

/// A line that may be furniture.
struct Candidate {
    page: u32,
    atoms: Range<u32>,
    bbox: BBox,
    /// Its text, each run of digits as one `#`.
    shape: String,
    margin: bool,
}

/// Takes the furniture of a PDF, page by page, out of the way of everything that reads sections.
///
/// It is told by repetition: the same words, whatever their numbers, at the same place of several pages; in
/// the margins a third of the pages will do, elsewhere (two slides on a page) it takes most of them. A number
/// in the margin that is its page's own needs no other.
pub(crate) fn take(ledger: &mut Ledger<'_, '_>) -> Vec<Text> {
    let stream = ledger.stream;
    if stream.document.kind == SourceKind::Text {
        return of_dump(ledger);
    }
    let pages = stream.document.pages.len();
    let candidates = candidates(ledger);
    // By words and height, so that each is compared with its likes alone: a long file has many lines.
    let key = |c: &Candidate, d: &Candidate| c.shape.cmp(&d.shape).then(c.bbox.top.total_cmp(&d.bbox.top));
    let mut likes: Vec<&Candidate> = candidates.iter().collect();
    likes.sort_by(|a, b| key(a, b));
    let mut out = Vec::new();
    for one in &candidates {
        let from = likes.partition_point(|c| (&c.shape, c.bbox.top) < (&one.shape, one.bbox.top - SHIFT));
        let near =
            likes[from..].iter().take_while(|c| c.shape == one.shape && c.bbox.top <= one.bbox.top + SHIFT);
        let mut on: Vec<u32> = near.filter(|c| same(c, one)).map(|c| c.page).collect();
        on.sort_unstable();
        on.dedup();
        let enough = if one.margin {
            on.len() >= 2 && on.len() * 3 >= pages
        } else {
            on.len() >= 3 && on.len() * 10 >= pages * 7
        };
        // A number with something beside it may be a value in the last row of a table.
        let alone = || {
            let first = candidates.partition_point(|c| c.page < one.page);
            let page = candidates[first..].iter().take_while(|c| c.page == one.page);
            page.filter(|c| c.bbox.top < one.bbox.bottom && one.bbox.top < c.bbox.bottom).count() == 1
        };
        if enough || one.margin && numbers_its_page(stream, one) && alone() {
            out.push(ledger.take(&[vec![one.atoms.clone()]]));
        }
    }
    out
}

/// Lines of a page of a dump, from its first and from its last one, that running heads and feet are looked for
/// in.
const EDGE: u32 = 4;

/// The furniture of a dump: lines at the beginning or the end of most pages that say the same,
/// whatever their numbers; and numbers there, where they count the pages.
fn of_dump(ledger: &mut Ledger<'_, '_>) -> Vec<Text> {
    let stream = ledger.stream;
    let mut edges: Vec<(u32, bool, Range<u32>, String)> = Vec::new();
    let pages = stream.document.pages.len() as u32;
    for page in 0..pages {
        let from = stream.lines.partition_point(|l| l.page < page) as u32;
        let to = stream.lines.partition_point(|l| l.page <= page) as u32;
        for line in (from..to).filter(|&l| l < from + EDGE || l + EDGE >= to) {
            let atoms = stream.lines[line as usize].atoms.clone();
            if !atoms.is_empty() && ledger.is_free(atoms.clone()) {
                let shape = shape(&stream.canonical(atoms.clone()));
                edges.push((page, line + EDGE >= to, atoms, shape));
            }
        }
    }
    let enough = |mut on: Vec<u32>| {
        on.sort_unstable();
        on.dedup();
        on.len() >= 3 && 2 * on.len() >= pages as usize
    };
    let counts = |one: &(u32, bool, Range<u32>, String)| -> Option<i64> {
        let text = stream.canonical(one.2.clone());
        let digits: String =
            text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        digits.parse::<i64>().ok().map(|n| n - i64::from(one.0))
    };
    let taken: Vec<Range<u32>> = edges
        .iter()
        .filter(|one| {
            let same = edges.iter().filter(|e| e.3 == one.3);
            let text = |e: &(u32, bool, Range<u32>, String)| stream.canonical(e.2.clone());
            let twice = || edges.iter().filter(|e| text(e) == text(one)).map(|e| e.0).collect();
            let numbered = one.3.contains('#');
            if numbered && one.3.len() > 1 && enough(twice()) {
                return true;
            }
            let on = if numbered {
                let Some(first) = counts(one) else { return false };
                same.filter(|e| e.1 == one.1 && counts(e) == Some(first)).map(|e| e.0).collect()
            } else {
                same.map(|e| e.0).collect()
            };
            enough(on)
        })
        .map(|one| one.2.clone())
        .collect();
    let mut out: Vec<Text> = taken.into_iter().map(|atoms| ledger.take(&[vec![atoms]])).collect();
    if stream.has_places {
        out.extend(page_numbers(ledger));
    }
    out
}

/// Blank rows above a page number.
const BLANK_ROWS: usize = 2;

/// The numbers that count the pages of a dump that keeps places, wherever it breaks its pages: each alone in its row,
/// far below what stands above it, and one more than the one before.
fn page_numbers(ledger: &mut Ledger<'_, '_>) -> Vec<Text> {
    let stream = ledger.stream;
    let mut numbers: Vec<(u32, Range<u32>)> = Vec::new();
    for line in &stream.lines {
        let atoms = line.atoms.clone();
        if atoms.is_empty() || atoms.len() > 3 || !ledger.is_free(atoms.clone()) {
            continue;
        }
        let Ok(number) = stream.canonical(atoms.clone()).parse::<u32>() else { continue };
        let page = &stream.document.pages[line.page as usize];
        let glyph = |g: Option<&u32>| g.and_then(|&g| page.glyphs.get(g as usize));
        let glyphs = stream.glyphs(atoms.clone());
        let (Some(first), Some(last)) = (glyph(glyphs.first()), glyph(glyphs.last())) else { continue };
        let above = page.text.get(..first.start as usize).unwrap_or("").trim_end_matches([' ', '\u{3000}']);
        let ends = page
            .text
            .get(last.end as usize..)
            .is_some_and(|rest| rest.lines().next().is_none_or(|line| line.trim().is_empty()));
        let blank = above.chars().rev().take_while(|c| c.is_whitespace()).filter(|c| *c == '\n').count();
        if ends && blank > BLANK_ROWS {
            numbers.push((number, atoms));
        }
    }
    let mut chains: Vec<Vec<usize>> = Vec::new();
    for (i, (number, _)) in numbers.iter().enumerate() {
        let before = |c: &&mut Vec<usize>| c.last().is_some_and(|&l| numbers[l].0 + 1 == *number);
        match chains.iter_mut().filter(before).max_by_key(|c| c.len()) {
            Some(chain) => chain.push(i),
            None => chains.push(vec![i]),
        }
    }
    let longest = chains.into_iter().max_by_key(Vec::len).filter(|c| c.len() >= 3).unwrap_or_default();
    longest.into_iter().map(|i| ledger.take(&[vec![numbers[i].1.clone()]])).collect()
}

fn candidates(ledger: &Ledger<'_, '_>) -> Vec<Candidate> {
    let stream = ledger.stream;
    stream
        .lines
        .iter()
        .filter(|line| line.cell.is_none() && !line.atoms.is_empty() && ledger.is_free(line.atoms.clone()))
        .filter_map(|line| {
            let bbox = stream.bbox(line.atoms.clone())?;
            let height = stream.document.pages[line.page as usize].height;
            let margin = bbox.bottom <= MARGIN * height || bbox.top >= (1.0 - MARGIN) * height;
            let shape = shape(&stream.canonical(line.atoms.clone()));
            Some(Candidate { page: line.page, atoms: line.atoms.clone(), bbox, shape, margin })
        })
        .collect()
}

/// The same words at the same place: its left edge, its right edge or its middle.
fn same(a: &Candidate, b: &Candidate) -> bool {
    let near = |x: f32, y: f32| (x - y).abs() <= SHIFT;
    let level = near(a.bbox.top, b.bbox.top);
    let across = near(a.bbox.x0, b.bbox.x0)
        || near(a.bbox.x1, b.bbox.x1)
        || near(a.bbox.center().0, b.bbox.center().0);
    a.shape == b.shape && level && across
}

/// True for `3`, `- 3 -`, `P.3`, `3 / 7` on page 3 (or one off: a cover that is not counted).
fn numbers_its_page(stream: &Stream<'_>, one: &Candidate) -> bool {
    let text = stream.canonical(one.atoms.clone());
    let digits = |text: &str| -> Option<u32> {
        let start = text.find(|c: char| c.is_ascii_digit())?;
        let rest = &text[start..];
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        rest[..end].parse().ok()
    };
    let shapes = ["#", "-#-", "P.#", "p.#", "P#", "#/#", "(#)", "#ページ", "#頁"];
    let number = stream.document.pages[one.page as usize].number;
    shapes.contains(&one.shape.as_str()) && digits(&text).is_some_and(|n| n == number || n + 1 == number)
}

fn shape(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        let c = match c {
            '0'..='9' => '#',
            '‐' | '–' | '—' | '―' | '−' | 'ー' => '-',
            c => c,
        };
        if !(c == '#' && out.ends_with('#')) {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::shape;
    use crate::page_maker::{Page, sheet};

    #[test]
    fn shapes_of_page_numbers() {
        for (text, same) in [("12", "#"), ("―3―", "-#-"), ("P.10", "P.#"), ("3/7", "#/#")] {
            assert_eq!(shape(text), same);
        }
    }

    #[test]
    fn a_value_in_the_margin_is_no_page_number() {
        let page = Page::default()
            .text(50.0, 60.0, "１ 県又は政令市の基礎情報")
            .text(50.0, 392.0, "保健所数")
            .text(295.0, 392.0, "1");
        let sheet = sheet(&[page]);
        let found = sheet.measures.iter().find(|m| m.key == "public_health_centers").unwrap();
        assert_eq!(found.raw, "1");
    }

    #[test]
    fn running_heads_and_page_numbers_are_no_text() {
        let page = |number: &str, heading: &str, text: &str| {
            Page::default()
                .text(450.0, 15.0, "取扱注意")
                .text(50.0, 60.0, heading)
                .text(50.0, 100.0, text)
                .text(295.0, 390.0, number)
        };
        let sheet = sheet(&[
            page("1", "１ 県又は政令市の基礎情報", "人口"),
            page(
                "2",
                "２ 精神障害にも対応した地域包括ケアシステムの構築に向けた取組概要（全体）",
                "会議を開く。",
            ),
            page(
                "3",
                "３ 精神障害にも対応した地域包括ケアシステムの構築に向けた取組の経緯",
                "平成30年度：開始",
            ),
        ]);
        let overview: Vec<&str> = sheet.texts["overview"].iter().map(|t| t.text.as_str()).collect();
        assert_eq!(overview, ["会議を開く。"]);
        assert_eq!(sheet.furniture.iter().filter(|t| t.text == "取扱注意").count(), 3);
    }
}
