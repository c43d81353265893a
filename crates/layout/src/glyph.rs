//! Glyphs drawn twice: a bold face or a shadow imitated by drawing the same text again, slightly off.

use crate::Ink;
use crate::drawing::{Drawing, is_pale};
use crate::geometry::rank;

/// A copy lies this near to the original, in em. Two equal letters side by side are farther apart:
/// the narrowest (a full stop, an l) advance by a fifth of an em.
const COPY: f32 = 0.12;
/// How many candidates are compared with one glyph at most.
const WINDOW: usize = 32;

/// Keeps the first of each set of copies.
pub(crate) fn merge_duplicates(drawing: &mut Drawing) {
    let text = |i: u32| {
        let glyph = &drawing.glyphs[i as usize];
        &drawing.text[glyph.start as usize..glyph.end as usize]
    };
    // Equal texts side by side, from left to right; one number compares faster than what it stands for.
    let key = |i: u32| {
        let (x, y) = drawing.glyphs[i as usize].origin;
        let place = u128::from(rank(x)) << 32 | u128::from(rank(y));
        u128::from(name_of(text(i))) << 96 | place << 32 | u128::from(i)
    };
    let mut order: Vec<u128> = (0..drawing.glyphs.len() as u32).map(key).collect();
    order.sort_unstable();
    let mut copy = vec![false; order.len()];
    let mut copies = Vec::new();
    for (k, &key) in order.iter().enumerate() {
        let a = key as u32;
        let first = &drawing.glyphs[a as usize];
        let reach = COPY * first.size;
        for &other in order[k + 1..].iter().take(WINDOW) {
            let b = other as u32;
            let second = &drawing.glyphs[b as usize];
            if other >> 96 != key >> 96 || second.origin.0 - first.origin.0 > reach {
                break;
            }
            let near = (second.origin.1 - first.origin.1).abs() <= reach && text(a) == text(b);
            if near && (second.size - first.size).abs() <= 0.05 * first.size && !copy[a as usize] {
                copies.push((a.min(b), a.max(b)));
                copy[a.max(b) as usize] = true;
            }
        }
    }
    if !copy.contains(&true) {
        return;
    }
    // A shadow may be drawn first: what counts is what is seen.
    for (first, second) in copies {
        let over = drawing.glyphs[second as usize];
        let glyph = &mut drawing.glyphs[first as usize];
        if glyph.color.is_some_and(is_pale) || glyph.ink == Ink::Without {
            (glyph.color, glyph.ink) = (over.color, over.ink);
        }
    }
    let mut kept = String::with_capacity(drawing.text.len());
    let mut at = 0;
    for (i, &is_copy) in copy.iter().enumerate() {
        if is_copy {
            continue;
        }
        let glyph = &mut drawing.glyphs[i];
        let start = kept.len() as u32;
        kept.push_str(&drawing.text[glyph.start as usize..glyph.end as usize]);
        (glyph.start, glyph.end) = (start, kept.len() as u32);
        drawing.glyphs.swap(at, i);
        drawing.flows.swap(at, i);
        drawing.spaced.swap(at, i);
        at += 1;
    }
    drawing.glyphs.truncate(at);
    drawing.flows.truncate(at);
    drawing.spaced.truncate(at);
    drawing.text = kept;
}

/// A number for a text: its character, if it is one; the same for equal texts, and hardly ever for others.
fn name_of(text: &str) -> u32 {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) => c as u32,
        _ => {
            text.bytes().fold(1 << 31, |name: u32, b| name.wrapping_mul(31).wrapping_add(b.into()) | 1 << 31)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_have_one_name() {
        let names = ["人", "入", "1", "㎡", "ffi", "fi", ""].map(name_of);
        for (i, name) in names.iter().enumerate() {
            assert!(!names[..i].contains(name), "{i}");
        }
        assert_eq!(name_of("ffi"), name_of(&String::from("ffi")));
    }
}
