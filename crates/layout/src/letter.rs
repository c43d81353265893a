//! Letters that are drawn as shapes: some tools draw bold letters so, and put the characters over them unseen. The level
//! and upright strokes of a letter (果, 目) are no rulings.

use crate::{Glyph, Ruling};

/// Leaves out the rulings that lie within the box of one character.
pub(crate) fn without_strokes(rulings: &mut Vec<Ruling>, glyphs: &[Glyph]) {
    let tallest = glyphs.iter().map(|g| g.bbox.height()).fold(0.0, f32::max);
    let widest = glyphs.iter().map(|g| g.bbox.width()).fold(0.0, f32::max);
    let short = |r: &Ruling| r.bbox.width() < widest && r.bbox.height() < tallest;
    if !rulings.iter().any(short) {
        return;
    }
    let mut boxes: Vec<_> = glyphs.iter().map(|g| g.bbox).collect();
    boxes.sort_by(|a, b| a.top.total_cmp(&b.top));
    let is_stroke = |r: &Ruling| {
        let from = boxes.partition_point(|b| b.top < r.bbox.bottom - tallest);
        let over = boxes[from..].iter().take_while(|b| b.top <= r.bbox.top);
        over.into_iter().any(|b| b.x0 <= r.bbox.x0 && r.bbox.x1 <= b.x1 && r.bbox.bottom <= b.bottom)
    };
    rulings.retain(|r| !short(r) || !is_stroke(r));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BBox;

    #[test]
    fn strokes_within_a_letter() {
        let glyph = Glyph { bbox: BBox { x0: 10.0, top: 10.0, x1: 22.0, bottom: 22.0 }, ..Glyph::default() };
        let ruling = |x0: f32, x1: f32, top: f32| Ruling {
            bbox: BBox { x0, top, x1, bottom: top + 0.5 },
            thickness: 0.5,
            horizontal: true,
            drawn: true,
        };
        let mut rulings = vec![ruling(12.0, 20.0, 15.0), ruling(5.0, 20.0, 15.0), ruling(12.0, 20.0, 40.0)];
        without_strokes(&mut rulings, &[glyph]);
        assert_eq!(rulings.len(), 2);
    }
}
