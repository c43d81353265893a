//! Glyphs drawn twice: a bold face or a shadow imitated by drawing the same text again, slightly off.

use crate::Ink;
use crate::drawing::{Drawing, is_pale};

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
    // Equal texts side by side, from left to right; numbers compare faster than what they stand for.
    let key = |i: u32| {
        let origin = drawing.glyphs[i as usize].origin;
        (first_bytes(text(i)), rank(origin.0), rank(origin.1), i)
    };
    let mut order: Vec<(u64, u32, u32, u32)> = (0..drawing.glyphs.len() as u32).map(key).collect();
    order.sort_unstable();
    let mut copy = vec![false; order.len()];
    let mut copies = Vec::new();
    for (k, &(bytes, .., a)) in order.iter().enumerate() {
        let first = &drawing.glyphs[a as usize];
        let reach = COPY * first.size;
        for &(others, .., b) in order[k + 1..].iter().take(WINDOW) {
            let second = &drawing.glyphs[b as usize];
            if others != bytes || second.origin.0 - first.origin.0 > reach {
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

/// The first bytes of a text and its length: the same for equal texts.
fn first_bytes(text: &str) -> u64 {
    let mut bytes = [0; 8];
    let kept = text.len().min(7);
    bytes[..kept].copy_from_slice(&text.as_bytes()[..kept]);
    bytes[7] = text.len().min(255) as u8;
    u64::from_be_bytes(bytes)
}

/// A number in the order of [`f32::total_cmp`].
fn rank(value: f32) -> u32 {
    let bits = value.to_bits();
    if bits >> 31 == 1 { !bits } else { bits | 1 << 31 }
}
