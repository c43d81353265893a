//! What stands on the pages for the reader's orientation: running heads and feet, page numbers.
//!
//! It is told by repetition: the same words, whatever their numbers, at the same place of several pages. A number
//! in the margin that is its page's own needs no other.

mod anywhere;

use std::cmp::Ordering;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::{BBox, Block, BlockKind, Line, Page, effort};

/// Part of a page's height that is its upper or lower margin, where running heads and feet stand.
const MARGIN: f32 = 0.1;
/// How far the place of a running head may differ from page to page, in points.
const SHIFT: f32 = 4.0;
/// Lines alike at one height that are looked at, for each page of the file.
const LIKES: usize = 8;
/// Lines of a page of a dump, from its first and from its last one, that running heads and feet are looked for
/// in.
const EDGE: usize = 4;

/// A line that is furniture: its page (an index), its index in the page's lines, and what it is.
pub(crate) type Piece = (usize, u32, BlockKind);

/// The furniture of a document whose lines have places, by page and line.
///
/// In the margins a third of the pages will do, elsewhere (two slides on a page) it takes most of them.
pub(crate) fn find(pages: &[Page]) -> Vec<Piece> {
    let candidates = candidates(pages);
    // By words and height, so that each is compared with its likes alone: a long file has many lines.
    let mut likes: Vec<&Candidate> = candidates.iter().collect();
    likes.sort_by(|a, b| a.shape.cmp(&b.shape).then(a.bbox.top.total_cmp(&b.bbox.top)));
    let mut on: Vec<usize> = Vec::new();
    let mut found = Vec::new();
    for one in &candidates {
        let from = likes.partition_point(|c| (c.shape, c.bbox.top) < (one.shape, one.bbox.top - SHIFT));
        let near =
            likes[from..].iter().take_while(|c| c.shape == one.shape && c.bbox.top <= one.bbox.top + SHIFT);
        on.clear();
        on.extend(near.take(LIKES * pages.len()).filter(|c| is_level(&c.bbox, &one.bbox)).map(|c| c.page));
        on.sort_unstable();
        on.dedup();
        let enough = if one.margin {
            on.len() >= 2 && on.len() * 3 >= pages.len()
        } else {
            on.len() >= 3 && on.len() * 10 >= pages.len() * 7
        };
        // A number with something beside it may be a value in the last row of a table.
        let alone = || {
            let first = candidates.partition_point(|c| c.page < one.page);
            let page = candidates[first..].iter().take_while(|c| c.page == one.page);
            page.filter(|c| c.bbox.top < one.bbox.bottom && one.bbox.top < c.bbox.bottom).count() == 1
        };
        let page = &pages[one.page];
        let text = page.lines[one.line as usize].text.as_str();
        if enough || one.margin && numbers_its_page(text, page.number) && alone() {
            // What is repeated in the middle of pages stands at the end of one of two slides.
            let height = one.bbox.center().1 / page.height.max(1.0);
            let upper = if one.margin { height < 0.5 } else { (2.0 * height).fract() < 0.5 };
            found.push((one.page, one.line, kind(text, upper)));
        }
    }
    found.sort_unstable_by_key(|&(page, line, _)| (page, line));
    let goes_on: Vec<bool> = found.iter().map(|piece| goes_on(pages, &found, piece)).collect();
    let mut goes_on = goes_on.into_iter();
    found.retain(|_| !goes_on.next().unwrap_or(false));
    found
}

/// The furniture of a dump that keeps places: its rows stand a little higher or lower from page to page.
pub(crate) fn of_rows(pages: &[Page]) -> Vec<Piece> {
    let mut found = find(pages);
    found.extend(anywhere::find(pages));
    found.sort_by_key(|&(page, line, _)| (page, line));
    found.dedup_by_key(|&mut (page, line, _)| (page, line));
    found
}

/// True when something that is no furniture follows in the same line: 【３】 is the number of a heading.
fn goes_on(pages: &[Page], found: &[Piece], &(page, line, _): &Piece) -> bool {
    let lines = &pages[page].lines;
    let own = &lines[line as usize].bbox;
    let touches = |b: &BBox| {
        let gap = b.x0 - own.x1;
        (b.center().1 - own.center().1).abs() < 0.2 * own.height()
            && (-0.2 * own.height()..0.5 * own.height()).contains(&gap)
    };
    let is_other = |l: u32| found.binary_search_by_key(&(page, l), |&(p, l, _)| (p, l)).is_err();
    lines.iter().zip(0..).any(|(other, l)| l != line && touches(&other.bbox) && is_other(l))
}

/// What stands in the lower margin of a page: on the next one the same at the same place is its foot, too, and no
/// row of a table above it.
pub(crate) struct Foot {
    bbox: BBox,
    shape: String,
}

/// The lines of a page that may be its foot.
pub(crate) fn feet(page: &Page) -> Vec<Foot> {
    /// A foot has no more lines.
    const MOST: usize = 16;
    let low = page.lines.iter().filter(|line| margin(&line.bbox, page.height) == Ordering::Greater);
    low.take(MOST).map(|line| Foot { bbox: line.bbox, shape: shape(&line.text).collect() }).collect()
}

impl Foot {
    /// The same words, whatever their numbers, at the same place, or a part of them.
    pub(crate) fn is(&self, line: &Line) -> bool {
        let (own, other) = (&self.bbox, &line.bbox);
        let within = own.x0 - SHIFT <= other.x0 && other.x1 <= own.x1 + SHIFT;
        let level = (own.top - other.top).abs() <= SHIFT;
        level && (within || is_level(own, other)) && {
            let shape: String = shape(&line.text).collect();
            shape == self.shape || within && self.shape.contains(&shape)
        }
    }
}

/// A line that may be furniture.
struct Candidate {
    page: usize,
    line: u32,
    bbox: BBox,
    /// Of its text, each run of digits as one: equal for equal words.
    shape: u64,
    margin: bool,
}

fn candidates(pages: &[Page]) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for (p, page) in pages.iter().enumerate() {
        let free = page.blocks.iter().filter(|b| !matches!(b.kind, BlockKind::Table(_)));
        for &line in free.flat_map(|b| &b.lines).take(effort::LINES) {
            let Line { bbox, text, .. } = &page.lines[line as usize];
            let margin = margin(bbox, page.height) != Ordering::Equal;
            candidates.push(Candidate { page: p, line, bbox: *bbox, shape: hash(shape(text)), margin });
        }
    }
    candidates
}

/// The margin of a page in which a line stands: the upper one is less.
fn margin(bbox: &BBox, height: f32) -> Ordering {
    if bbox.bottom <= MARGIN * height {
        Ordering::Less
    } else if bbox.top >= (1.0 - MARGIN) * height {
        Ordering::Greater
    } else {
        Ordering::Equal
    }
}

/// Where a block is read: what is furniture in the margins before and after everything else on the page.
pub(crate) fn place(block: &Block, height: f32) -> Ordering {
    if block.kind.is_furniture() && height > 0.0 { margin(&block.bbox, height) } else { Ordering::Equal }
}

/// At the same place: the left edge, the right edge or the middle.
fn is_level(a: &BBox, b: &BBox) -> bool {
    let near = |x: f32, y: f32| (x - y).abs() <= SHIFT;
    let across = near(a.x0, b.x0) || near(a.x1, b.x1) || near(a.center().0, b.center().0);
    near(a.top, b.top) && across
}

fn hash(chars: impl Iterator<Item = char>) -> u64 {
    let mut hasher = DefaultHasher::new();
    chars.for_each(|c| c.hash(&mut hasher));
    hasher.finish()
}

/// The furniture of a dump without places: lines at the beginning or the end of most pages that say the same,
/// whatever their numbers; numbers there, where they count the pages; and what [`anywhere`] finds.
pub(crate) fn of_dump(pages: &[Page]) -> Vec<Piece> {
    let mut edges: Vec<Edge> = Vec::new();
    for (p, page) in pages.iter().enumerate() {
        let count = page.lines.len();
        for line in (0..count).filter(|&l| l < EDGE || l + EDGE >= count) {
            edges.push(Edge::new(p, line, line + EDGE >= count, &page.lines[line].text));
        }
    }
    // On how many pages there is an edge with this key.
    let pages_with = |mut keyed: Vec<(u64, usize)>| {
        keyed.sort_unstable();
        keyed.dedup();
        move |key: u64| {
            let from = keyed.partition_point(|k| k.0 < key);
            keyed[from..].iter().take_while(|k| k.0 == key).count()
        }
    };
    let alike = |text: fn(&Edge) -> u64| pages_with(edges.iter().map(|e| (text(e), e.page)).collect());
    let (same, same_shape) = (alike(|e| e.text), alike(|e| e.shape));
    let counting = pages_with(edges.iter().filter_map(|e| Some((e.counting?, e.page))).collect());
    let enough = |on: usize| on >= 3 && 2 * on >= pages.len();
    let is_furniture = |edge: &&Edge| {
        if edge.numbered {
            edge.words && enough(same(edge.text)) || edge.counting.is_some_and(|c| enough(counting(c)))
        } else {
            enough(same_shape(edge.shape))
        }
    };
    let piece = |edge: &Edge| {
        let text = &pages[edge.page].lines[edge.line].text;
        (edge.page, edge.line as u32, kind(text, !edge.foot || edge.line < EDGE))
    };
    let mut found: Vec<Piece> = edges.iter().filter(is_furniture).map(piece).collect();
    found.extend(anywhere::find(pages));
    found.sort_by_key(|&(page, line, _)| (page, line));
    found.dedup_by_key(|&mut (page, line, _)| (page, line));
    found
}

/// A line at the beginning or the end of a dump's page.
struct Edge {
    page: usize,
    line: usize,
    foot: bool,
    text: u64,
    shape: u64,
    numbered: bool,
    /// There is more in it than a number.
    words: bool,
    /// Its shape, its end of the page, and its first number less its page's: equal where it counts the pages.
    counting: Option<u64>,
}

impl Edge {
    fn new(page: usize, line: usize, foot: bool, text: &str) -> Self {
        let own = hash(shape(text));
        let counting = first_number(text).map(|number| {
            let mut hasher = DefaultHasher::new();
            (own, foot, number - page as i64).hash(&mut hasher);
            hasher.finish()
        });
        Self {
            page,
            line,
            foot,
            text: hash(folded(text)),
            shape: own,
            numbered: shape(text).any(|c| c == '#'),
            words: shape(text).nth(1).is_some(),
            counting,
        }
    }
}

/// Nothing but a number, with the signs that stand around one: `3`, `- 3 -`, `P.3`, `3 / 7`, `(3)`, `3ページ`.
fn is_number(text: &str) -> bool {
    const SHAPES: [&str; 9] = ["#", "-#-", "P.#", "p.#", "P#", "#/#", "(#)", "#ページ", "#頁"];
    SHAPES.iter().any(|known| shape(text).eq(known.chars().map(dash)))
}

/// A lone number that is its page's own, or one off: a cover that is not counted.
fn numbers_its_page(text: &str, page: u32) -> bool {
    let page = i64::from(page);
    is_number(text) && first_number(text).is_some_and(|n| n == page || n + 1 == page)
}

fn kind(text: &str, upper: bool) -> BlockKind {
    match (is_number(text), upper) {
        (true, _) => BlockKind::PageNumber,
        (false, true) => BlockKind::RunningHead,
        (false, false) => BlockKind::RunningFoot,
    }
}

fn first_number(text: &str) -> Option<i64> {
    let mut number: Option<i64> = None;
    let digits = folded(text).skip_while(|c| !c.is_ascii_digit()).map_while(|c| c.to_digit(10));
    for digit in digits {
        number = Some(number.unwrap_or(0).checked_mul(10)?.checked_add(i64::from(digit))?);
    }
    number
}

/// Its characters without white space; full-width ASCII as ASCII.
fn folded(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter(|c| !c.is_whitespace()).map(|c| match c {
        '！'..='～' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        c => c,
    })
}

/// The same with each run of digits as one `#`, and one dash for all.
fn shape(text: &str) -> impl Iterator<Item = char> + '_ {
    let mut in_number = false;
    folded(text).filter_map(move |c| {
        let goes_on = std::mem::replace(&mut in_number, c.is_ascii_digit());
        match c {
            '0'..='9' => (!goes_on).then_some('#'),
            c => Some(dash(c)),
        }
    })
}

fn dash(c: char) -> char {
    if matches!(c, '‐' | '–' | '—' | '―' | '−' | 'ー') { '-' } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_pages() {
        for text in ["12", "― 3 ―", "－３－", "Ｐ．10", "3/7", "（4）", "5 ページ"] {
            assert!(is_number(text), "{text}");
        }
        for text in ["", "12人", "3.7", "令和3年", "ページ"] {
            assert!(!is_number(text), "{text}");
        }
        assert!(numbers_its_page("- ３ -", 3) && numbers_its_page("2", 3));
        assert!(!numbers_its_page("4", 3));
    }

    #[test]
    fn shapes_tell_words_and_no_numbers() {
        let same = |a: &str, b: &str| shape(a).eq(shape(b));
        assert!(same("令和２年度 資料1", "令和3年度資料12"));
        assert!(!same("資料1", "資料"));
    }

    #[test]
    fn a_number_too_long_for_one_is_none() {
        assert_eq!(first_number("第99999999999999999999号"), None);
        assert_eq!(first_number("第１２号"), Some(12));
    }
}
