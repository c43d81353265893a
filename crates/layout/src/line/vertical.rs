//! Vertical text that is drawn letter by letter with a font for horizontal text: each letter under the one before.

use super::Place;
use crate::drawing::{Drawing, Flow};

/// The fewest letters, drawn one after the other, that tell it.
const LEAST: usize = 6;
/// From one letter to the next at least, in em: brackets and points take half the room.
const LEAST_STEP: f32 = 0.4;
/// At most, and with a blank between them.
const MOST_STEP: f32 = 1.2;
const BLANK_STEP: f32 = 2.2;

/// Turns runs of such letters downwards; `places` are in drawing order.
///
/// Cells of one letter each, drawn column by column, are farther apart than that.
pub(super) fn turn(drawing: &Drawing, places: &mut [Place]) {
    let mut from = 0;
    for at in 1..=places.len() {
        if at < places.len() && is_under(&places[at - 1], &places[at], drawing) {
            continue;
        }
        let run = &mut places[from..at];
        from = at;
        let letters = run.iter().filter(|p| is_letter(drawing, p)).count();
        let blanks = run.windows(2).filter(|w| step(&w[0], &w[1], drawing) > MOST_STEP).count();
        if run.len() < LEAST || 2 * letters < run.len() || 4 * blanks > run.len() {
            continue;
        }
        for place in run.iter_mut().filter(|p| p.flow == Flow::Right) {
            let bbox = drawing.glyphs[place.glyph as usize].bbox;
            place.flow = Flow::Down;
            (place.start, place.end, place.across) = (bbox.top, bbox.bottom, -bbox.center().0);
        }
    }
}

fn is_under(a: &Place, b: &Place, drawing: &Drawing) -> bool {
    // Side by side, as most letters are.
    if a.flow == Flow::Right && b.flow == Flow::Right && b.start >= a.end {
        return false;
    }
    let (p, q) = (&drawing.glyphs[a.glyph as usize].bbox, &drawing.glyphs[b.glyph as usize].bbox);
    let size = a.size.max(b.size);
    matches!(a.flow, Flow::Right | Flow::Down)
        && matches!(b.flow, Flow::Right | Flow::Down)
        && a.region == b.region
        && (p.center().0 - q.center().0).abs() <= 0.2 * size
        && (LEAST_STEP..=BLANK_STEP).contains(&step(a, b, drawing))
        && size <= 1.1 * a.size.min(b.size)
}

/// How much lower the second one stands, in em.
fn step(a: &Place, b: &Place, drawing: &Drawing) -> f32 {
    let bottom = |place: &Place| drawing.glyphs[place.glyph as usize].bbox.bottom;
    (bottom(b) - bottom(a)) / a.size.max(b.size)
}

/// Kana or an ideograph.
fn is_letter(drawing: &Drawing, place: &Place) -> bool {
    let glyph = &drawing.glyphs[place.glyph as usize];
    let text = &drawing.text[glyph.start as usize..glyph.end as usize];
    text.chars().next().is_some_and(|c| c as u32 >= 0x2e80 && c.is_alphabetic())
}
