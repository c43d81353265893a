//! Furniture of a dump that stands neither at the beginning nor at the end of its pages: some tools write a page in the
//! order in which it was drawn.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::{Piece, folded, hash, kind, shape};
use crate::Page;

/// Characters of a line that may be a running head or foot.
const LONGEST: usize = 60;

/// Numbers in such a line.
const NUMBERS: usize = 4;

/// The number of a page and of all pages, as a [`shape`].
const OF_ALL: &str = "#/#";

/// True for a line that ends with the number of a page and of all pages, and has no other number.
fn ends_of_all(text: &str) -> bool {
    let shape: String = shape(text).collect();
    shape.ends_with(OF_ALL) && shape.matches('#').count() == 2
}

/// Lines that stand once on most pages: the same words, or a number that counts the pages, with the same around it.
///
/// A head that is printed again on each page of a long table does so too: words alone must be on almost all pages.
pub(super) fn find(pages: &[Page]) -> Vec<Piece> {
    // For each key: pages and lines, and whether it is of numbers that count.
    let mut keyed: BTreeMap<(bool, u64), Vec<(usize, usize)>> = BTreeMap::new();
    for (p, page) in pages.iter().enumerate() {
        for (l, line) in page.lines.iter().enumerate() {
            if line.glyphs.len() > LONGEST {
                continue;
            }
            let numbers = numbers(&line.text);
            if numbers.is_empty() {
                keyed.entry((false, hash(folded(&line.text)))).or_default().push((p, l));
            }
            // Some pages have `3 / 7` behind the words of their foot, others on a line of its own.
            let own_shape =
                if ends_of_all(&line.text) { hash(OF_ALL.chars()) } else { hash(shape(&line.text)) };
            for (i, own) in numbers.iter().enumerate().take(NUMBERS) {
                // `3 / 7`: one number counts, the others stay.
                let mut hasher = DefaultHasher::new();
                own_shape.hash(&mut hasher);
                (i, own - p as i64).hash(&mut hasher);
                numbers.iter().enumerate().filter(|(o, _)| *o != i).for_each(|n| n.hash(&mut hasher));
                keyed.entry((true, hasher.finish())).or_default().push((p, l));
            }
        }
    }
    let mut found: Vec<Piece> = Vec::new();
    for ((counting, _), places) in keyed {
        let mut on: Vec<usize> = places.iter().map(|place| place.0).collect();
        on.dedup();
        let enough = if counting {
            on.len() >= 3 && 2 * on.len() > pages.len()
        } else {
            on.len() >= 4 && 10 * on.len() >= 7 * pages.len()
        };
        if !enough {
            continue;
        }
        for group in places.chunk_by(|a, b| a.0 == b.0) {
            // Twice on a page: which of the two it is cannot be told.
            let [(page, line)] = group else { continue };
            let text = &pages[*page].lines[*line].text;
            found.push((*page, *line as u32, kind(text, false)));
        }
    }
    found
}

/// The numbers in a text.
fn numbers(text: &str) -> Vec<i64> {
    let mut out = Vec::new();
    let mut open: Option<i64> = None;
    for c in folded(text) {
        match c.to_digit(10) {
            Some(digit) => {
                let number = open.unwrap_or(0).saturating_mul(10).saturating_add(i64::from(digit));
                open = Some(number);
            }
            None => out.extend(open.take()),
        }
    }
    out.extend(open);
    out
}
