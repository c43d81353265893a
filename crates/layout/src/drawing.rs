//! What a page draws, as the engine seam hands it over: glyphs, strokes, fills and images in drawing
//! order, in points from the top left corner of the page as a reader sees it.

use crate::{BBox, Glyph, Ruling, effort};

/// The way glyphs follow each other on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Flow {
    Right,
    Down,
    Left,
    Up,
}

impl Flow {
    /// The flow nearest to a direction (y downwards).
    pub(crate) fn of(dx: f32, dy: f32) -> Self {
        match (dx.abs() >= dy.abs(), dx >= 0.0, dy >= 0.0) {
            (true, true, _) => Self::Right,
            (true, false, _) => Self::Left,
            (false, _, true) => Self::Down,
            (false, _, false) => Self::Up,
        }
    }

    /// True when lines run along the y axis.
    pub(crate) fn is_vertical(self) -> bool {
        matches!(self, Self::Down | Self::Up)
    }
}

/// A filled rectangle that is too thick to be a ruling.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fill {
    pub(crate) bbox: BBox,
    /// True when it cannot be told from bare paper.
    pub(crate) white: bool,
}

/// Everything drawn on one page.
#[derive(Debug, Default)]
pub(crate) struct Drawing {
    pub(crate) width: f32,
    pub(crate) height: f32,
    /// Drawn from a text dump, whose lines are all set alike.
    pub(crate) dump: bool,
    /// The text of all glyphs in drawing order.
    pub(crate) text: String,
    /// Glyphs in drawing order, white space left out.
    pub(crate) glyphs: Vec<Glyph>,
    /// Parallel to `glyphs`: which way the next glyph lies.
    pub(crate) flows: Vec<Flow>,
    /// Parallel to `glyphs`: white space was drawn between the glyph before and this one.
    pub(crate) spaced: Vec<bool>,
    pub(crate) fonts: Vec<String>,
    /// Strokes and thin fills that lie along an axis, not merged.
    pub(crate) strokes: Vec<Ruling>,
    pub(crate) fills: Vec<Fill>,
    /// Boxes of all that is filled with more than white, whatever its form.
    pub(crate) painted: Vec<BBox>,
    /// Boxes of fills that are small and about as high as wide: a dotted ruling may be drawn of them.
    pub(crate) dots: Vec<BBox>,
    pub(crate) images: Vec<BBox>,
    /// Glyphs whose character is not known; their text is U+FFFD.
    pub(crate) unmapped: usize,
    /// Numbers of which a clip or the edge of the page hides digits: the box of the last one seen, or of the first.
    pub(crate) cut_numbers: Vec<BBox>,
    /// There were more strokes and fills than the limit; the rest is left out.
    pub(crate) too_many_rulings: bool,
    /// The page's content lost bytes; what can be decoded of it is drawn.
    pub(crate) damaged: bool,
    /// `CMaps` that were first met on this page and are not known.
    pub(crate) unknown_cmaps: Vec<String>,
}

/// A part of a path in page space, curves replaced by their end points.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    pub(crate) points: Vec<(f32, f32)>,
    /// Parallel to `points`: the way to this point is a curve.
    pub(crate) curved: Vec<bool>,
    pub(crate) closed: bool,
}

/// A fill this thin is a ruling that some program drew as a rectangle (Word and Excel do).
const THIN: f32 = 3.0;
/// How far from its axis a stroke may lead and still count as lying along it.
const SLANT: f32 = 0.6;

impl Outline {
    pub(crate) fn clear(&mut self) {
        self.points.clear();
        self.curved.clear();
        self.closed = false;
    }

    fn bbox(&self) -> Option<BBox> {
        let (&(x, y), rest) = self.points.split_first()?;
        let first = BBox { x0: x, top: y, x1: x, bottom: y };
        Some(rest.iter().fold(first, |b, &(x, y)| b.union(&BBox { x0: x, top: y, x1: x, bottom: y })))
    }

    /// The straight pieces, the closing one included.
    fn pieces(&self) -> impl Iterator<Item = ((f32, f32), (f32, f32))> + '_ {
        let joined = self.points.windows(2).zip(&self.curved[1..]).filter(|(_, curved)| !**curved);
        let closing = match (self.closed, self.points.first(), self.points.last()) {
            (true, Some(&first), Some(&last)) if first != last => Some((last, first)),
            _ => None,
        };
        joined.map(|(w, _)| (w[0], w[1])).chain(closing)
    }

    /// The box this outline is, when it is one: four sides along the axes, corners square or rounded.
    pub(crate) fn as_box(&self) -> Option<BBox> {
        let bbox = self.bbox()?;
        if self.points.len() < 4 {
            return None;
        }
        let mut covered = [0.0_f32; 4];
        for ((ax, ay), (bx, by)) in self.pieces() {
            let (dx, dy) = ((bx - ax).abs(), (by - ay).abs());
            if dy <= SLANT && (ay - bbox.top).abs() <= SLANT {
                covered[0] += dx;
            } else if dy <= SLANT && (ay - bbox.bottom).abs() <= SLANT {
                covered[1] += dx;
            } else if dx <= SLANT && (ax - bbox.x0).abs() <= SLANT {
                covered[2] += dy;
            } else if dx <= SLANT && (ax - bbox.x1).abs() <= SLANT {
                covered[3] += dy;
            } else {
                return None;
            }
        }
        // A rounded box keeps a good part of each side straight; a circle or an arrow does not.
        let part = if self.curved.contains(&true) { 0.3 } else { 0.95 };
        let wide = covered[..2].iter().all(|&c| c >= part * bbox.width());
        let high = covered[2..].iter().all(|&c| c >= part * bbox.height());
        (wide && high).then_some(bbox)
    }
}

impl Drawing {
    /// Records a stroked outline; `clip` bounds what can be seen of it.
    pub(crate) fn stroke(&mut self, outline: &Outline, thickness: f32, clip: &BBox) {
        if outline.curved.contains(&true)
            && let Some(bbox) = outline.as_box()
        {
            self.sides(&bbox, thickness, clip);
            return;
        }
        for (a, b) in outline.pieces() {
            let bbox = BBox::new(a.0, a.1, b.0, b.1);
            let (length, slant) = (bbox.width().max(bbox.height()), bbox.width().min(bbox.height()));
            if slant > SLANT || length < 1.0 {
                continue;
            }
            let horizontal = bbox.width() >= bbox.height();
            if thickness > 2.0 * THIN {
                // A pen this broad paints an area.
                let half = thickness / 2.0;
                let (gx, gy) = if horizontal { (0.0, half) } else { (half, 0.0) };
                let area = BBox::new(bbox.x0 - gx, bbox.top - gy, bbox.x1 + gx, bbox.bottom + gy);
                self.area(&area, false, clip);
            } else {
                self.rule(&bbox, horizontal, thickness, clip);
            }
        }
    }

    /// Records a filled outline.
    pub(crate) fn fill(&mut self, outline: &Outline, white: bool, clip: &BBox) {
        let Some(bbox) = outline.bbox() else { return };
        let (long, short) = (bbox.width().max(bbox.height()), bbox.width().min(bbox.height()));
        if !white && short > THIN && self.painted.len() < effort::PAINTED {
            self.painted.push(bbox);
        }
        if short <= THIN {
            if long >= 2.0 * short && long >= 1.0 && !white {
                self.rule(&bbox, bbox.width() >= bbox.height(), short, clip);
            } else if !white && self.dots.len() < effort::DOTS && intersection(&bbox, clip).is_some() {
                self.dots.push(bbox);
            }
        } else if let Some(bbox) = outline.as_box() {
            self.area(&bbox, white, clip);
        }
    }

    /// Records a border painted as the area between two boxes: each side that has a thickness.
    pub(crate) fn frame(&mut self, outer: &BBox, inner: &BBox, clip: &BBox) {
        let sides = [
            (BBox { bottom: inner.top, ..*outer }, true),
            (BBox { top: inner.bottom, ..*outer }, true),
            (BBox { x1: inner.x0, ..*outer }, false),
            (BBox { x0: inner.x1, ..*outer }, false),
        ];
        for (side, horizontal) in sides {
            let thickness = if horizontal { side.height() } else { side.width() };
            if thickness > 2.0 * THIN {
                self.area(&side, false, clip);
            } else if thickness > 0.05 {
                self.rule(&side, horizontal, thickness, clip);
            }
        }
    }

    /// Records an image.
    pub(crate) fn image(&mut self, bbox: &BBox, clip: &BBox) {
        if let Some(seen) = intersection(bbox, clip) {
            self.images.push(seen);
        }
    }

    fn sides(&mut self, b: &BBox, thickness: f32, clip: &BBox) {
        self.rule(&BBox::new(b.x0, b.top, b.x1, b.top), true, thickness, clip);
        self.rule(&BBox::new(b.x0, b.bottom, b.x1, b.bottom), true, thickness, clip);
        self.rule(&BBox::new(b.x0, b.top, b.x0, b.bottom), false, thickness, clip);
        self.rule(&BBox::new(b.x1, b.top, b.x1, b.bottom), false, thickness, clip);
    }

    fn rule(&mut self, bbox: &BBox, horizontal: bool, thickness: f32, clip: &BBox) {
        // A stroke on the edge of the clip is half seen; that is enough to be seen.
        let room = thickness.max(0.5);
        let clip =
            BBox { x0: clip.x0 - room, top: clip.top - room, x1: clip.x1 + room, bottom: clip.bottom + room };
        let Some(seen) = intersection(bbox, &clip) else { return };
        let (x, y) = seen.center();
        let bbox =
            if horizontal { BBox { top: y, bottom: y, ..seen } } else { BBox { x0: x, x1: x, ..seen } };
        self.strokes.push(Ruling { bbox, thickness, horizontal, drawn: true });
    }

    fn area(&mut self, bbox: &BBox, white: bool, clip: &BBox) {
        if let Some(bbox) = intersection(bbox, clip) {
            self.fills.push(Fill { bbox, white });
        }
    }
}

/// True for what cannot be told from bare paper: white, or next to transparent.
pub(crate) fn is_pale([r, g, b, opacity]: [u8; 4]) -> bool {
    opacity < 8 || (r > 250 && g > 250 && b > 250)
}

/// What both boxes share; `None` when they do not touch.
pub(crate) fn intersection(a: &BBox, b: &BBox) -> Option<BBox> {
    let both = BBox {
        x0: a.x0.max(b.x0),
        top: a.top.max(b.top),
        x1: a.x1.min(b.x1),
        bottom: a.bottom.min(b.bottom),
    };
    (both.x0 <= both.x1 && both.top <= both.bottom).then_some(both)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: BBox = BBox { x0: 0.0, top: 0.0, x1: 500.0, bottom: 500.0 };

    fn outline(points: &[(f32, f32)]) -> Outline {
        Outline { points: points.to_vec(), curved: vec![false; points.len()], closed: true }
    }

    #[test]
    fn a_thin_filled_rectangle_is_a_ruling_along_its_middle() {
        let mut drawing = Drawing::default();
        drawing.fill(&outline(&[(10.0, 99.5), (110.0, 99.5), (110.0, 100.5), (10.0, 100.5)]), false, &PAGE);
        let ruling = drawing.strokes[0];
        assert_eq!(
            (ruling.bbox.x0, ruling.bbox.top, ruling.bbox.x1, ruling.bbox.bottom),
            (10.0, 100.0, 110.0, 100.0)
        );
        assert!(ruling.horizontal && ruling.drawn && (ruling.thickness - 1.0).abs() < 1e-3);
        assert!(drawing.fills.is_empty());
    }

    #[test]
    fn the_sides_of_a_stroked_box_are_four_rulings() {
        let mut drawing = Drawing::default();
        drawing.stroke(&outline(&[(10.0, 10.0), (60.0, 10.0), (60.0, 40.0), (10.0, 40.0)]), 1.0, &PAGE);
        assert_eq!(drawing.strokes.iter().filter(|r| r.horizontal).count(), 2);
        assert_eq!(drawing.strokes.iter().filter(|r| !r.horizontal).count(), 2);
    }

    #[test]
    fn a_slanted_stroke_is_no_ruling_and_a_ruling_ends_at_the_clip() {
        let mut drawing = Drawing::default();
        let mut open = outline(&[(0.0, 0.0), (100.0, 100.0)]);
        open.closed = false;
        drawing.stroke(&open, 1.0, &PAGE);
        assert!(drawing.strokes.is_empty());
        let mut long = outline(&[(400.0, 20.0), (900.0, 20.0)]);
        long.closed = false;
        drawing.stroke(&long, 1.0, &PAGE);
        assert_eq!(drawing.strokes[0].bbox.x1, 501.0);
    }

    #[test]
    fn a_circle_is_no_box_and_a_rounded_box_is_one() {
        let circle = Outline {
            points: vec![(50.0, 0.0), (100.0, 50.0), (50.0, 100.0), (0.0, 50.0), (50.0, 0.0)],
            curved: vec![false, true, true, true, true],
            closed: true,
        };
        assert_eq!(circle.as_box(), None);
        let rounded = Outline {
            points: vec![
                (10.0, 0.0),
                (90.0, 0.0),
                (100.0, 10.0),
                (100.0, 40.0),
                (90.0, 50.0),
                (10.0, 50.0),
                (0.0, 40.0),
                (0.0, 10.0),
                (10.0, 0.0),
            ],
            curved: vec![false, false, true, false, true, false, true, false, true],
            closed: true,
        };
        assert_eq!(rounded.as_box(), Some(BBox::new(0.0, 0.0, 100.0, 50.0)));
    }
}
