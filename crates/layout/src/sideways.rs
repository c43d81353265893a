//! Pages whose text runs sideways or upside down: turned upright to be laid out, and back again.

use crate::drawing::{Drawing, Flow};
use crate::{BBox, Page};

/// This part of a page's glyphs must run one way for the page to be turned.
const MOST: (usize, usize) = (4, 5);

/// A turn of a page of this size.
#[derive(Clone, Copy)]
pub(crate) struct Turn {
    flow: Flow,
    width: f32,
    height: f32,
}

/// The turn that makes a page's text run from left to right; `None` when it does already.
pub(crate) fn turn_of(drawing: &Drawing) -> Option<Turn> {
    let mut counts = [0_usize; 4];
    for (glyph, flow) in drawing.glyphs.iter().zip(&drawing.flows) {
        // Vertical writing runs down a page that stands upright.
        counts[if glyph.vertical { Flow::Right } else { *flow } as usize] += 1;
    }
    let flows = [Flow::Right, Flow::Down, Flow::Left, Flow::Up];
    let most = flows.into_iter().find(|&f| counts[f as usize] * MOST.1 > drawing.glyphs.len() * MOST.0)?;
    (most != Flow::Right).then_some(Turn { flow: most, width: drawing.width, height: drawing.height })
}

impl Turn {
    /// Turns a drawing upright.
    pub(crate) fn upright(self, drawing: &mut Drawing) {
        for (glyph, flow) in drawing.glyphs.iter_mut().zip(&mut drawing.flows) {
            glyph.bbox = self.there(&glyph.bbox);
            glyph.origin = self.point_there(glyph.origin);
            let flows = [Flow::Right, Flow::Down, Flow::Left, Flow::Up];
            *flow = flows[(*flow as usize + 4 - self.flow as usize) % 4];
        }
        for stroke in &mut drawing.strokes {
            stroke.bbox = self.there(&stroke.bbox);
            stroke.horizontal ^= self.flow != Flow::Left;
        }
        for fill in &mut drawing.fills {
            fill.bbox = self.there(&fill.bbox);
        }
        if self.flow != Flow::Left {
            std::mem::swap(&mut drawing.width, &mut drawing.height);
        }
    }

    /// Turns a page that was laid out upright back to where it is.
    pub(crate) fn back(self, page: &mut Page) {
        (page.width, page.height) = (self.width, self.height);
        for glyph in &mut page.glyphs {
            glyph.bbox = self.here(&glyph.bbox);
            glyph.origin = self.point_here(glyph.origin);
        }
        for ruling in &mut page.rulings {
            ruling.bbox = self.here(&ruling.bbox);
            ruling.horizontal ^= self.flow != Flow::Left;
        }
        for line in &mut page.lines {
            line.bbox = self.here(&line.bbox);
            line.vertical ^= self.flow != Flow::Left;
        }
        for table in &mut page.tables {
            table.bbox = self.here(&table.bbox);
            for cell in &mut table.cells {
                cell.bbox = self.here(&cell.bbox);
            }
        }
        for block in &mut page.blocks {
            block.bbox = self.here(&block.bbox);
        }
    }

    fn point_there(self, (x, y): (f32, f32)) -> (f32, f32) {
        match self.flow {
            Flow::Right => (x, y),
            Flow::Down => (y, self.width - x),
            Flow::Left => (self.width - x, self.height - y),
            Flow::Up => (self.height - y, x),
        }
    }

    fn point_here(self, (x, y): (f32, f32)) -> (f32, f32) {
        match self.flow {
            Flow::Right => (x, y),
            Flow::Down => (self.width - y, x),
            Flow::Left => (self.width - x, self.height - y),
            Flow::Up => (y, self.height - x),
        }
    }

    fn there(self, b: &BBox) -> BBox {
        let (p, q) = (self.point_there((b.x0, b.top)), self.point_there((b.x1, b.bottom)));
        BBox::new(p.0, p.1, q.0, q.1)
    }

    fn here(self, b: &BBox) -> BBox {
        let (p, q) = (self.point_here((b.x0, b.top)), self.point_here((b.x1, b.bottom)));
        BBox::new(p.0, p.1, q.0, q.1)
    }
}
