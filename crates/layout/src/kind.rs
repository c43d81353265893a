//! What a block is: headings, paragraphs, items of lists, notes, captions, furniture; and where one ends and the
//! next begins among lines that stand together.
//!
//! It is told from the sizes and weights of the type against that of the running text, from indents and the
//! widths of lines, and from what a line begins with.

use std::collections::BTreeMap;

use crate::marker::{Marker, Scheme, marker, ordinal};
use crate::{BBox, Block, BlockKind, Page, effort, furniture};

/// Type this much larger than the running text is that of a heading.
const LARGER: f32 = 1.15;
/// Type this much smaller is that of a footnote.
const SMALLER: f32 = 0.92;
/// A heading has no more characters than this.
const HEADING: usize = 60;
/// A heading that only its mark or its weight tells has no more than this.
const MARKED_HEADING: usize = 40;
/// A name has no more characters than this.
const NAME: usize = 12;
/// Characters outside tables that tell what the type of running text is.
const ENOUGH: usize = 200;

/// Parts the blocks of all pages by what they are, and says what each of them is.
///
/// `dump` says that they are those of a text, which may keep the places on the page or not.
pub(crate) fn tell(pages: &mut [Page], dump: bool) {
    let has_places = pages.iter().any(|p| p.width > 0.0);
    let found = match (has_places, dump) {
        (true, true) => furniture::of_rows(pages),
        (true, false) => furniture::find(pages),
        (false, _) => furniture::of_dump(pages),
    };
    let mut found = found.as_slice();
    let ranks: Vec<Vec<u8>> = pages.iter().map(|p| p.fonts.iter().map(|f| rank(f)).collect()).collect();
    let mut all = Census::default();
    let mut own: Vec<Census> = Vec::with_capacity(pages.len());
    for (page, ranks) in pages.iter().zip(&ranks) {
        let census = Census::of(page, ranks);
        all.add(&census);
        own.push(census);
    }
    for (index, page) in pages.iter_mut().enumerate() {
        let here = found.partition_point(|piece| piece.0 <= index);
        let (pieces, rest) = found.split_at(here);
        found = rest;
        let census = if own[index].count < ENOUGH { &all } else { &own[index] };
        let right = page.lines.iter().map(|line| line.bbox.x1).fold(0.0, f32::max);
        let setting = Setting { page, ranks: &ranks[index], body: census.body(), right };
        page.blocks = setting.blocks(pieces);
    }
}

/// How dark a font is, by its name: Mincho and whatever is not known, Gothic, bold.
fn rank(font: &str) -> u8 {
    let has = |names: &[&str]| names.iter().any(|name| font.contains(name));
    if has(&["Bold", "bold", "BOLD", "Heavy", "Black", "W6", "W7", "W8", "W9", "太"]) {
        2
    } else {
        u8::from(has(&["Gothic", "ゴシック", "GothicBBB", "Sans", "Kaku", "Meiryo", "メイリオ"]))
    }
}

/// A type: twice its size in points, and how dark it is.
type Type = (u32, u8);

/// How many characters are set in which type, outside tables, and the sum of their sizes.
#[derive(Default)]
struct Census {
    types: BTreeMap<Type, (usize, f32)>,
    count: usize,
}

impl Census {
    fn of(page: &Page, ranks: &[u8]) -> Self {
        let mut census = Self::default();
        let free = page.blocks.iter().filter(|b| !matches!(b.kind, BlockKind::Table(_)));
        for &line in free.flat_map(|b| &b.lines) {
            let (size, rank) = type_of(page, ranks, line);
            let count = page.lines[line as usize].glyphs.len();
            let own = census.types.entry(((2.0 * size).round() as u32, rank)).or_default();
            *own = (own.0 + count, own.1 + count as f32 * size);
            census.count += count;
        }
        census
    }

    fn add(&mut self, other: &Self) {
        for (kind, count) in &other.types {
            let own = self.types.entry(*kind).or_default();
            *own = (own.0 + count.0, own.1 + count.1);
        }
        self.count += other.count;
    }

    /// Size in points and darkness of most of the text.
    fn body(&self) -> (f32, u8) {
        let most = self.types.iter().max_by_key(|(kind, count)| (count.0, std::cmp::Reverse(**kind)));
        most.map_or((1.0, 0), |(kind, &(count, sizes))| (sizes / count.max(1) as f32, kind.1))
    }
}

/// The largest size in a line, and how dark all of its Japanese characters are at least.
fn type_of(page: &Page, ranks: &[u8], line: u32) -> (f32, u8) {
    let (mut size, mut japanese, mut latin) = (0.0_f32, None, None);
    for &index in &page.lines[line as usize].glyphs {
        let glyph = &page.glyphs[index as usize];
        let rank = ranks.get(glyph.font as usize).copied().unwrap_or(0);
        let least = if page.glyph_text(index).is_ascii() { &mut latin } else { &mut japanese };
        *least = Some(least.map_or(rank, |known: u8| known.min(rank)));
        size = size.max(glyph.size);
    }
    (if size > 0.0 { size } else { 1.0 }, japanese.or(latin).unwrap_or(0))
}

/// A page, and what its running text is set in.
struct Setting<'p> {
    page: &'p Page,
    ranks: &'p [u8],
    body: (f32, u8),
    /// How far its lines reach.
    right: f32,
}

/// What stands at one height in a block.
struct Row<'p> {
    /// Of the block's lines.
    lines: std::ops::Range<usize>,
    text: &'p str,
    last: &'p str,
    marker: Option<Marker>,
    vertical: bool,
    /// Along the lines, in points; of a dump in full-width characters.
    start: f32,
    end: f32,
    /// Across the lines.
    top: f32,
    bottom: f32,
    size: f32,
    rank: u8,
}

/// A block that is to be.
struct Item<'p> {
    block: Block,
    /// It is known what it is.
    known: bool,
    text: &'p str,
    last: &'p str,
    marker: Option<Marker>,
    start: f32,
    end: f32,
    size: f32,
    rank: u8,
    rows: usize,
    /// Its first row is indented, as that of a paragraph is.
    indented: bool,
}

impl<'p> Setting<'p> {
    fn blocks(&self, furniture: &[furniture::Piece]) -> Vec<Block> {
        let mut items: Vec<Item<'p>> = Vec::new();
        for (group, block) in (0..).zip(&self.page.blocks) {
            if let BlockKind::Table(_) = block.kind {
                items.push(Item::known(Block { group, ..block.clone() }));
                continue;
            }
            let kind = |line: u32| {
                let at = furniture.binary_search_by_key(&line, |piece| piece.1).ok();
                at.map(|at| furniture[at].2)
            };
            for lines in block.lines.chunk_by(|&a, &b| kind(a).is_none() && kind(b).is_none()) {
                if let Some(kind) = kind(lines[0]) {
                    let bbox = self.page.lines[lines[0] as usize].bbox;
                    items.push(Item::known(Block { kind, lines: lines.to_vec(), bbox, group }));
                } else {
                    let whole = lines.len() == block.lines.len();
                    self.part(lines, whole.then_some(block.bbox), group, &mut items);
                }
            }
        }
        // From here on nothing on the page is as large as running text.
        let small = |item: &Item<'_>| item.known || item.size <= SMALLER * self.body.0;
        let foot = items.iter().rposition(|item| !small(item)).map_or(0, |last| last + 1);
        // Or nothing under it in its column of text.
        let is_last = |i: usize| {
            let own = &items[i].block.bbox;
            let under = |other: &Item<'_>| {
                other.block.bbox.top >= own.bottom && other.block.bbox.overlap_x(own) > 0.0
            };
            small(&items[i]) && items.len() <= effort::ITEMS && items.iter().all(|o| small(o) || !under(o))
        };
        let kinds: Vec<BlockKind> = (0..items.len())
            .map(|i| self.kind(&items, i, i >= foot || self.is_low(&items[i]) && is_last(i)))
            .collect();
        let mut blocks: Vec<Block> =
            items.into_iter().zip(kinds).map(|(item, kind)| Block { kind, ..item.block }).collect();
        blocks.sort_by_key(|block| furniture::place(block, self.page.height));
        blocks
    }

    /// Parts lines that stand together; `whole` is the box of their block, when they are all of it.
    fn part(&self, lines: &[u32], whole: Option<BBox>, group: u32, items: &mut Vec<Item<'p>>) {
        let rows = self.rows(lines);
        let right = rows.iter().map(|r| r.end).fold(f32::MIN, f32::max);
        let tight = rows.windows(2).map(|w| w[1].top - w[0].bottom).fold(f32::MAX, f32::min);
        let mut from = 0;
        for to in 1..=rows.len() {
            if to < rows.len() && !begins(&rows, from, to, right, tight) {
                continue;
            }
            let of = &rows[from..to];
            let own = &lines[of[0].lines.start..of[of.len() - 1].lines.end];
            let hull = || crate::hull(own.iter().map(|&l| &self.page.lines[l as usize].bbox));
            let bbox = whole.filter(|_| own.len() == lines.len()).or_else(hull).unwrap_or_default();
            items.push(Item {
                block: Block { kind: BlockKind::Paragraph, lines: own.to_vec(), bbox, group },
                known: false,
                text: of[0].text,
                last: of[of.len() - 1].last,
                marker: of[0].marker,
                start: of[0].start,
                end: of[of.len() - 1].end,
                size: of.iter().map(|r| r.size).fold(0.0, f32::max),
                rank: of.iter().map(|r| r.rank).min().unwrap_or(0),
                rows: of.len(),
                indented: of.len() > 1 && is_indented(&of[0], &of[1]),
            });
            from = to;
        }
    }

    fn rows(&self, lines: &[u32]) -> Vec<Row<'p>> {
        let mut rows: Vec<Row<'p>> = Vec::new();
        let has_places = self.page.width > 0.0;
        for (i, &index) in lines.iter().enumerate() {
            let line = &self.page.lines[index as usize];
            let b = &line.bbox;
            let (start, end, top, bottom) = match (has_places, line.vertical) {
                (false, _) => (0.0, width(&line.text), i as f32, i as f32 + 1.0),
                (true, false) => (b.x0, b.x1, b.top, b.bottom),
                (true, true) => (b.top, b.bottom, -b.x1, -b.x0),
            };
            let (size, rank) = type_of(self.page, self.ranks, index);
            if let Some(row) = rows.last_mut()
                && has_places
                && row.vertical == line.vertical
                && row.bottom.min(bottom) - row.top.max(top) > 0.5 * (bottom - top).min(row.bottom - row.top)
            {
                if row.lines.len() == 1 {
                    row.marker = marker(row.text, true);
                }
                row.lines.end = i + 1;
                row.last = &line.text;
                row.end = row.end.max(end);
                row.top = row.top.min(top);
                row.bottom = row.bottom.max(bottom);
                row.size = row.size.max(size);
                row.rank = row.rank.min(rank);
                continue;
            }
            rows.push(Row {
                lines: i..i + 1,
                text: &line.text,
                last: &line.text,
                marker: marker(&line.text, false),
                vertical: line.vertical,
                start,
                end,
                top,
                bottom,
                size,
                rank,
            });
        }
        rows
    }

    fn characters(&self, item: &Item<'p>) -> usize {
        item.block.lines.iter().map(|&l| self.page.lines[l as usize].glyphs.len()).sum()
    }

    /// Where footnotes stand.
    fn is_low(&self, item: &Item<'p>) -> bool {
        item.block.bbox.top >= 0.6 * self.page.height && self.page.height > 0.0
    }

    fn kind(&self, items: &[Item<'p>], i: usize, at_foot: bool) -> BlockKind {
        let item = &items[i];
        if item.known {
            return item.block.kind;
        }
        let is_text = |other: &&Item<'_>| !other.block.kind.is_furniture();
        let next = items[i + 1..].iter().find(is_text);
        let before = items[..i].iter().rfind(is_text);
        let lines = || item.block.lines.iter().map(|&l| &self.page.lines[l as usize]);
        let characters = self.characters(item);
        let is_open = !item.last.ends_with(['。', '、', '，', ',']);
        match item.marker {
            Some(Marker::Note) => return BlockKind::Note,
            Some(Marker::Caption) if item.rows <= 2 && is_open => return BlockKind::Caption,
            _ => {}
        }
        let (size, rank) = self.body;
        let most = if item.size >= 1.5 * size { 3 } else { 2 };
        let is_short = item.rows <= most && !item.indented && characters <= HEADING && is_open;
        let words = lines().flat_map(|l| l.text.chars()).filter(|c| c.is_alphabetic()).nth(1).is_some();
        // Lines set so far apart that they are blocks of their own.
        let wraps = |first: &Item<'_>, second: &Item<'_>| {
            let alike = first.rank == second.rank && (first.size - second.size).abs() < 0.1;
            let open = !second.known && second.marker.is_none() && !first.last.ends_with('。');
            let full = self.right > 0.0 && first.end >= self.right - 2.0 * first.size;
            // A paragraph's first line may be indented.
            let under = (-2.5..=0.5).contains(&((second.start - first.start) / first.size));
            alike && open && full && under
        };
        let is_part =
            next.is_some_and(|next| wraps(item, next)) || before.is_some_and(|before| wraps(before, item));
        if let (Some(next), true, true, false) = (next, is_short, words, is_part) {
            let item_of_list =
                item.marker == Some(Marker::Bullet) && item.text.starts_with(['・', '･', '•', '-']);
            if item.size >= LARGER * size && !item_of_list {
                return BlockKind::Heading;
            }
            let sibling = |first: &Item<'_>, second: &Item<'_>| {
                let alike = first.size.max(second.size) <= 1.1 * first.size.min(second.size)
                    && first.rank == second.rank
                    && first.marker == second.marker;
                let follows = match item.marker {
                    Some(Marker::Number(_)) => {
                        let counted = ordinal(first.text).zip(ordinal(second.text));
                        counted.is_none_or(|(first, second)| second == first + 1)
                    }
                    _ => first.text.chars().next() == second.text.chars().next(),
                };
                alike && follows
            };
            let alone = !sibling(item, next) && !before.is_some_and(|before| sibling(before, item));
            // Over a title stands no more than a name.
            let is_first = i <= 4
                && item.marker.is_none()
                && items[..i]
                    .iter()
                    .filter(is_text)
                    .all(|above| !above.known && self.characters(above) <= NAME);
            if is_first && self.page.width > 0.0 && is_centered(&item.block.bbox, self.page.width, item.size)
            {
                return BlockKind::Heading;
            }
            let darker = item.rank > rank && (next.known || next.rank < item.rank);
            if darker && !item_of_list && characters <= MARKED_HEADING {
                return BlockKind::Heading;
            }
            let heads = match item.marker {
                Some(Marker::Number(scheme)) => scheme.heads(),
                Some(Marker::Bullet) => {
                    item.text.starts_with(['■', '◆', '◎'])
                        && (next.known || next.start >= item.start - 0.5 * item.size)
                }
                _ => false,
            };
            let few = if let Some(Marker::Number(_)) = item.marker { HEADING } else { MARKED_HEADING };
            if heads && alone && item.rows == 1 && characters <= few {
                return BlockKind::Heading;
            }
        }
        let numbered = item.text.starts_with(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c));
        if self.is_low(item) && numbered && words && at_foot {
            return BlockKind::Note;
        }
        match item.marker {
            Some(Marker::Number(Scheme::Titled) | Marker::Caption) | None => BlockKind::Paragraph,
            Some(_) => BlockKind::ListItem,
        }
    }
}

impl Item<'_> {
    fn known(block: Block) -> Self {
        let (start, end) = (block.bbox.x0, block.bbox.x1);
        let (text, last, marker) = ("", "", None);
        Self {
            block,
            known: true,
            text,
            last,
            marker,
            start,
            end,
            size: 0.0,
            rank: 0,
            rows: 1,
            indented: false,
        }
    }
}

/// True when row `i` begins something new; row `first` began what goes on to the row before it. `right` is how
/// far the rows reach, `tight` the least distance of two of them.
fn begins(rows: &[Row<'_>], first: usize, i: usize, right: f32, tight: f32) -> bool {
    let (opening, before, row) = (&rows[first], &rows[i - 1], &rows[i]);
    let em = row.size.max(before.size);
    if before.vertical != row.vertical {
        return true;
    }
    if is_ruby(before, row) || rows.get(i + 1).is_some_and(|next| is_ruby(row, next)) {
        return false;
    }
    let short = before.end < right - 1.5 * em;
    let counts_on = || {
        let counted = ordinal(opening.text).zip(ordinal(row.text));
        opening.marker == row.marker && counted.is_some_and(|(first, second)| second == first + 1)
    };
    match row.marker {
        // A number of the sentence, that happens to begin a line.
        Some(Marker::Number(Scheme::Bare)) if !short && !before.last.ends_with('。') && !counts_on() => {}
        Some(_) => return true,
        None => {}
    }
    if before.size.max(row.size) > 1.12 * before.size.min(row.size) || before.rank != row.rank {
        return true;
    }
    if row.top - before.bottom > tight + 0.35 * em {
        return true;
    }
    // The name of a figure, and the text below it.
    if opening.marker == Some(Marker::Caption) && short && row.end >= right - 1.5 * em {
        return true;
    }
    let centered = (before.start + before.end - row.start - row.end).abs() <= 0.6 * em
        && (before.start - row.start).abs() > 0.5 * em;
    if centered || before.last.ends_with(['、', '，']) {
        return false;
    }
    let ends = before.last.ends_with(['。', '」', '：', ':']);
    let indented = row.start >= before.start + 0.7 * em;
    match opening.marker {
        // A numbered heading, or the name of an item, and the text below it.
        Some(Marker::Number(scheme)) if scheme.heads() && i == first + 1 && short => true,
        Some(_) if i == first + 1 && before.end < right - 4.0 * em && !row.text.starts_with(['（', '(']) => {
            true
        }
        Some(_) => {
            short && (row.start < opening.start - 0.4 * em || ends && row.start <= opening.start + 0.3 * em)
        }
        None => short && ends || indented && (short || ends),
    }
}

/// The first row begins behind the second, and the two are not centered.
fn is_indented(first: &Row<'_>, second: &Row<'_>) -> bool {
    let em = first.size.max(second.size);
    first.start >= second.start + 0.7 * em && first.start + first.end > second.start + second.end + 1.2 * em
}

/// In the middle of the page, with much of it free on both sides.
fn is_centered(bbox: &BBox, width: f32, size: f32) -> bool {
    (bbox.center().0 - width / 2.0).abs() <= size && bbox.width() <= 0.8 * width
}

/// Kana set small over the words that they spell.
fn is_ruby(row: &Row<'_>, under: &Row<'_>) -> bool {
    row.size <= 0.6 * under.size && row.text.chars().all(|c| ('ぁ'..='ヿ').contains(&c) || c.is_whitespace())
}

/// Width of a dump's line in full-width characters.
fn width(text: &str) -> f32 {
    text.chars().map(|c| if c.is_ascii() { 0.5 } else { 1.0 }).sum()
}
