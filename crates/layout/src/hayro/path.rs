//! What the paths of a page are besides rulings and boxes: the outlines of letters, and frames.

use hayro_interpret::kurbo::{Affine, BezPath, PathEl, Point, Rect};

use crate::BBox;
use crate::drawing::Outline;

/// The size of the largest letters whose outlines are told from boxes, in points.
const LETTER: f64 = 72.0;
/// Points of a box with round corners, and the first one again.
const BOX_POINTS: usize = 9;

/// True for the outlines of letters, as programs draw them that have no bold font or give no text at all: small
/// parts, of which a good share has more corners than a box. Their straight pieces are no rulings.
pub(super) fn is_lettering(path: &BezPath, transform: Affine) -> bool {
    let elements = path.elements();
    if elements.len() <= BOX_POINTS {
        return false;
    }
    let largest = LETTER / transform.determinant().abs().sqrt().max(f64::MIN_POSITIVE);
    let (mut parts, mut intricate) = (0, 0);
    let mut rest = elements;
    while let [first, others @ ..] = rest {
        let length = others.iter().position(|e| matches!(e, PathEl::MoveTo(_))).unwrap_or(others.len());
        let ends = std::iter::once(first).chain(&others[..length]).filter_map(PathEl::end_point);
        let Some(extent) = ends.map(|p| Rect::from_points(p, p)).reduce(|a, b| a.union(b)) else {
            return false;
        };
        if extent.width() > largest || extent.height() > largest {
            return false;
        }
        parts += 1;
        intricate += usize::from(length > BOX_POINTS);
        rest = &others[length..];
    }
    4 * intricate >= parts
}

/// Two boxes in one filled path, one within the other, their corners square or rounded: a border painted
/// as the area between them.
pub(super) fn as_frame(path: &BezPath, transform: Affine) -> Option<(BBox, BBox)> {
    let elements = path.elements();
    if !(8..=40).contains(&elements.len()) {
        return None;
    }
    let second = elements.iter().skip(1).position(|e| matches!(e, PathEl::MoveTo(_)))? + 1;
    let as_box = |part: &[PathEl]| {
        let mut outline = Outline { closed: true, ..Outline::default() };
        for element in part {
            match *element {
                PathEl::MoveTo(p) | PathEl::LineTo(p) => push_point(&mut outline, transform * p, false),
                PathEl::QuadTo(_, p) | PathEl::CurveTo(_, _, p) => {
                    push_point(&mut outline, transform * p, true);
                }
                PathEl::ClosePath => {}
            }
        }
        outline.as_box()
    };
    let (a, b) = (as_box(&elements[..second])?, as_box(&elements[second..])?);
    let holds = |o: &BBox, i: &BBox| {
        o.x0 <= i.x0 + 0.01 && i.x1 <= o.x1 + 0.01 && o.top <= i.top + 0.01 && i.bottom <= o.bottom + 0.01
    };
    if holds(&a, &b) { Some((a, b)) } else { holds(&b, &a).then_some((b, a)) }
}

pub(super) fn push_point(outline: &mut Outline, point: Point, curved: bool) {
    outline.points.push((point.x as f32, point.y as f32));
    outline.curved.push(curved);
}
