//! Boxes on a page.
//!
//! Every length is in points (1/72 inch). The origin is the top left corner of the page as a reader
//! sees it, after `/Rotate`; x grows to the right and y grows downwards. The names are those of
//! pdfplumber: `x0`, `top`, `x1`, `bottom`.

/// An axis-parallel box in points, origin at the top left of the page, y downwards.
///
/// `x0 <= x1` and `top <= bottom` hold for every box this crate returns.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BBox {
    /// Left edge.
    pub x0: f32,
    /// Upper edge.
    pub top: f32,
    /// Right edge.
    pub x1: f32,
    /// Lower edge.
    pub bottom: f32,
}

impl BBox {
    /// A box from its four edges, in whichever order the corners come.
    pub fn new(x0: f32, top: f32, x1: f32, bottom: f32) -> Self {
        Self { x0: x0.min(x1), top: top.min(bottom), x1: x0.max(x1), bottom: top.max(bottom) }
    }

    /// Width in points.
    pub fn width(&self) -> f32 {
        self.x1 - self.x0
    }

    /// Height in points.
    pub fn height(&self) -> f32 {
        self.bottom - self.top
    }

    /// Centre, as (x, y).
    pub fn center(&self) -> (f32, f32) {
        (f32::midpoint(self.x0, self.x1), f32::midpoint(self.top, self.bottom))
    }

    /// The smallest box that holds both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self {
            x0: self.x0.min(other.x0),
            top: self.top.min(other.top),
            x1: self.x1.max(other.x1),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// True when the point lies in the box or on its edge.
    pub fn contains(&self, x: f32, y: f32) -> bool {
        self.x0 <= x && x <= self.x1 && self.top <= y && y <= self.bottom
    }

    /// Length of the part of the x axis that both cover; negative when there is a gap.
    pub fn overlap_x(&self, other: &Self) -> f32 {
        self.x1.min(other.x1) - self.x0.max(other.x0)
    }

    /// Length of the part of the y axis that both cover; negative when there is a gap.
    pub fn overlap_y(&self, other: &Self) -> f32 {
        self.bottom.min(other.bottom) - self.top.max(other.top)
    }

    /// True when the two boxes share a point.
    pub fn intersects(&self, other: &Self) -> bool {
        self.overlap_x(other) >= 0.0 && self.overlap_y(other) >= 0.0
    }
}

/// The smallest box around all of `boxes`, or `None` when there are none.
pub fn hull<'a>(boxes: impl IntoIterator<Item = &'a BBox>) -> Option<BBox> {
    boxes.into_iter().copied().reduce(|a, b| a.union(&b))
}

/// A number in the order of [`f32::total_cmp`].
pub(crate) fn rank(value: f32) -> u32 {
    let bits = value.to_bits();
    if bits >> 31 == 1 { !bits } else { bits | 1 << 31 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_in_the_order_of_their_numbers() {
        let numbers = [f32::NEG_INFINITY, -2.0, -1.5, -0.0, 0.0, 1e-9, 3.0, f32::INFINITY];
        assert!(numbers.windows(2).all(|w| rank(w[0]) < rank(w[1])));
    }
}
