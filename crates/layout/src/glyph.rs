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
    let text = |i: usize| {
        let glyph = &drawing.glyphs[i];
        &drawing.text[glyph.start as usize..glyph.end as usize]
    };
    let mut order: Vec<u32> = (0..drawing.glyphs.len() as u32).collect();
    order.sort_unstable_by(|&a, &b| {
        let (i, j) = (a as usize, b as usize);
        let (p, q) = (&drawing.glyphs[i], &drawing.glyphs[j]);
        text(i)
            .cmp(text(j))
            .then(p.origin.0.total_cmp(&q.origin.0))
            .then(p.origin.1.total_cmp(&q.origin.1))
            .then(a.cmp(&b))
    });
    let mut copy = vec![false; order.len()];
    let mut copies = Vec::new();
    for (k, &a) in order.iter().enumerate() {
        let first = &drawing.glyphs[a as usize];
        let reach = COPY * first.size;
        for &b in order[k + 1..].iter().take(WINDOW) {
            let second = &drawing.glyphs[b as usize];
            if second.origin.0 - first.origin.0 > reach || text(a as usize) != text(b as usize) {
                break;
            }
            let near = (second.origin.1 - first.origin.1).abs() <= reach;
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
