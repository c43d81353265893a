//! Cells that are painted rather than ruled: fills laid out side by side and one under the other are the
//! cells of a table, and their edges its rulings.

use crate::drawing::Fill;
use crate::{BBox, Ruling};

/// Tiles stand this near to each other, in points; a white border may part them.
const APART: f32 = 3.0;
/// Edges of neighbours lie on one line within this many points.
const SAME: f32 = 1.5;
/// The highest row that may stand bare between two stripes, in points.
const STRIPE: f32 = 150.0;
/// The fewest tiles that are a table.
const LEAST: usize = 4;
/// A page with more fills than this is a picture.
const MOST: usize = 1_500;

/// The edges of all tiles, as rulings that nobody drew.
pub(crate) fn edges(fills: &[Fill]) -> Vec<Ruling> {
    let fits = |b: &BBox| (6.0..=250.0).contains(&b.height()) && b.width() >= 8.0;
    let mut boxes: Vec<BBox> = fills.iter().filter(|f| !f.white && fits(&f.bbox)).map(|f| f.bbox).collect();
    if boxes.len() < LEAST || boxes.len() > MOST {
        return Vec::new();
    }
    boxes.sort_by(|a, b| {
        let key = |b: &BBox| [b.top, b.x0, b.bottom, b.x1];
        key(a)
            .iter()
            .zip(key(b))
            .map(|(p, q)| p.total_cmp(&q))
            .find(|o| o.is_ne())
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    boxes.dedup_by(|a, b| is_same(a, b));
    // What lies under other fills is no tile.
    let holds = |a: &BBox, b: &BBox| {
        !is_same(a, b)
            && a.x0 - SAME <= b.x0
            && b.x1 <= a.x1 + SAME
            && a.top - SAME <= b.top
            && b.bottom <= a.bottom + SAME
    };
    let tiles: Vec<BBox> = boxes.iter().copied().filter(|a| !boxes.iter().any(|b| holds(a, b))).collect();
    let mut group_of: Vec<usize> = (0..tiles.len()).collect();
    let mut beside = vec![false; tiles.len()];
    let mut under = vec![false; tiles.len()];
    for (i, a) in tiles.iter().enumerate() {
        for (j, b) in tiles.iter().enumerate().skip(i + 1) {
            if b.top > a.bottom + APART {
                break;
            }
            let near = |from: f32, to: f32| (-SAME..=APART).contains(&(to - from));
            let row = near(a.x1, b.x0) || near(b.x1, a.x0);
            let row = row && (a.top - b.top).abs() <= SAME && (a.bottom - b.bottom).abs() <= SAME;
            let shared = a.overlap_x(b) > 0.8 * a.width().min(b.width());
            let column = near(a.bottom, b.top)
                && shared
                && ((a.x0 - b.x0).abs() <= SAME || (a.x1 - b.x1).abs() <= SAME);
            if row || column {
                (beside[i], beside[j]) = (beside[i] || row, beside[j] || row);
                (under[i], under[j]) = (under[i] || column, under[j] || column);
                let (from, to) = (group_of[i], group_of[j]);
                group_of.iter_mut().filter(|g| **g == to).for_each(|g| *g = from);
            }
        }
    }
    let mut rulings = Vec::new();
    let mut groups: Vec<usize> = group_of.clone();
    groups.sort_unstable();
    groups.dedup();
    for group in groups {
        let own: Vec<usize> = (0..tiles.len()).filter(|&i| group_of[i] == group).collect();
        // A grid: most tiles have one beside them, and one over or under them.
        let of = |flags: &[bool]| own.iter().filter(|&&i| flags[i]).count();
        let mut tops: Vec<f32> = own.iter().map(|&i| tiles[i].top).collect();
        tops.sort_by(f32::total_cmp);
        tops.dedup_by(|a, b| *a - *b <= SAME);
        // A head and a stripe: the row after them may be bare.
        let few = own.len() < LEAST || tops.len() < 3;
        if few || of(&beside) * 3 < own.len() * 2 || of(&under) * 3 < own.len() * 2 {
            continue;
        }
        // More tiles of the same columns further on: stripes, and the rows between them are bare.
        let hull = crate::hull(own.iter().map(|&i| &tiles[i])).unwrap_or_default();
        let striped = (0..tiles.len()).filter(|&i| group_of[i] != group && beside[i]).any(|i| {
            let b = &tiles[i];
            let near = b.top - hull.bottom < STRIPE && hull.top - b.bottom < STRIPE;
            near && own
                .iter()
                .any(|&j| (tiles[j].x0 - b.x0).abs() <= SAME && (tiles[j].x1 - b.x1).abs() <= SAME)
        });
        if striped {
            continue;
        }
        for b in own.iter().map(|&i| tiles[i]) {
            let ruling =
                |bbox: BBox, horizontal: bool| Ruling { bbox, thickness: 0.0, horizontal, drawn: false };
            rulings.push(ruling(BBox { bottom: b.top, ..b }, true));
            rulings.push(ruling(BBox { top: b.bottom, ..b }, true));
            rulings.push(ruling(BBox { x1: b.x0, ..b }, false));
            rulings.push(ruling(BBox { x0: b.x1, ..b }, false));
        }
    }
    rulings
}

fn is_same(a: &BBox, b: &BBox) -> bool {
    (a.x0 - b.x0).abs() <= SAME
        && (a.x1 - b.x1).abs() <= SAME
        && (a.top - b.top).abs() <= SAME
        && (a.bottom - b.bottom).abs() <= SAME
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(x0: f32, top: f32, x1: f32, bottom: f32) -> Fill {
        Fill { bbox: BBox::new(x0, top, x1, bottom), white: false }
    }

    #[test]
    fn tiles_of_a_grid_have_edges() {
        let tiles = [
            fill(0.0, 0.0, 50.0, 20.0),
            fill(52.0, 0.0, 150.0, 20.0),
            fill(0.0, 22.0, 50.0, 42.0),
            fill(52.0, 22.0, 150.0, 42.0),
            fill(0.0, 44.0, 50.0, 64.0),
            fill(52.0, 44.0, 150.0, 64.0),
            // Under all of them.
            fill(0.0, 0.0, 150.0, 64.0),
        ];
        assert_eq!(edges(&tiles).len(), 24);
    }

    #[test]
    fn stripes_and_lone_boxes_are_no_grid() {
        let stripes: Vec<Fill> =
            (0..6).map(|i| fill(0.0, 40.0 * i as f32, 300.0, 40.0 * i as f32 + 20.0)).collect();
        assert!(edges(&stripes).is_empty());
        let row: Vec<Fill> =
            (0..6).map(|i| fill(50.0 * i as f32, 0.0, 50.0 * i as f32 + 49.0, 20.0)).collect();
        assert!(edges(&row).is_empty());
    }
}
