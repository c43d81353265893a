//! Dotted rulings: runs of dots, each painted by itself, at one pitch along an axis.

use crate::{BBox, Ruling};

/// The largest dot, in points; what is larger is a mark.
const DOT: f32 = 2.0;
/// From one dot to the next at most, in points.
const PITCH: f32 = 5.0;
/// Dots of one line lie this near to it, in points.
const ACROSS: f32 = 0.4;
/// The fewest dots that are a line.
const LEAST: usize = 5;

/// The rulings that these painted boxes make, if they are dots.
pub(crate) fn rulings(painted: &[BBox]) -> Vec<Ruling> {
    let is_dot = |b: &&BBox| {
        let (w, h) = (b.width(), b.height());
        w <= DOT && h <= DOT && w > 0.05 && h > 0.05 && w < 2.0 * h && h < 2.0 * w
    };
    let dots: Vec<BBox> = painted.iter().filter(is_dot).copied().collect();
    if dots.len() < LEAST {
        return Vec::new();
    }
    let mut found = Vec::new();
    // Of each dot: whether it lies in a run along x, along y.
    let mut lies = vec![[false; 2]; dots.len()];
    for (axis, horizontal) in [true, false].into_iter().enumerate() {
        for run in runs(&dots, horizontal) {
            for &i in &run {
                lies[i][axis] = true;
            }
            found.push((run, horizontal));
        }
    }
    // Dots in rows and columns alike are a pattern that fills an area.
    let is_pattern = |run: &[usize]| run.iter().filter(|&&i| lies[i] == [true, true]).count() * 2 > run.len();
    found.retain(|(run, _)| !is_pattern(run));
    let ruling = |(run, horizontal): (Vec<usize>, bool)| {
        let hull = crate::hull(run.iter().map(|&i| &dots[i]))?;
        let (x, y) = hull.center();
        let (bbox, thickness) = if horizontal {
            (BBox { top: y, bottom: y, ..hull }, hull.height())
        } else {
            (BBox { x0: x, x1: x, ..hull }, hull.width())
        };
        Some(Ruling { bbox, thickness, horizontal, drawn: true })
    };
    found.into_iter().filter_map(ruling).collect()
}

/// Runs of dots along an axis, as indices.
fn runs(dots: &[BBox], horizontal: bool) -> Vec<Vec<usize>> {
    let place = |i: usize| {
        let (x, y) = dots[i].center();
        if horizontal { (y, x) } else { (x, y) }
    };
    let mut order: Vec<usize> = (0..dots.len()).collect();
    order.sort_by(|&a, &b| place(a).0.total_cmp(&place(b).0).then(a.cmp(&b)));
    let mut runs = Vec::new();
    let mut rest = order.as_mut_slice();
    while let Some(&first) = rest.first() {
        let same = rest.partition_point(|&i| place(i).0 <= place(first).0 + ACROSS);
        let (band, others) = rest.split_at_mut(same.max(1));
        band.sort_by(|&a, &b| place(a).1.total_cmp(&place(b).1).then(a.cmp(&b)));
        for run in band.chunk_by(|&a, &b| place(b).1 - place(a).1 <= PITCH) {
            if run.len() >= LEAST {
                runs.push(run.to_vec());
            }
        }
        rest = others;
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dot(x: f32, y: f32) -> BBox {
        BBox::new(x, y, x + 0.75, y + 0.75)
    }

    #[test]
    fn dots_in_a_row_are_a_ruling() {
        let mut dots: Vec<BBox> = (0..20).map(|i| dot(10.0 + 1.5 * i as f32, 50.0)).collect();
        dots.extend((1..20).map(|i| dot(10.0, 50.0 + 1.5 * i as f32)));
        let found = rulings(&dots);
        assert_eq!(found.iter().map(|r| r.horizontal).collect::<Vec<_>>(), [true, false]);
        assert_eq!((found[0].bbox.x0, found[0].bbox.x1), (10.0, 39.25));
    }

    #[test]
    fn a_pattern_of_dots_is_none() {
        let dots: Vec<BBox> = (0..100).map(|i| dot(3.0 * (i % 10) as f32, 3.0 * (i / 10) as f32)).collect();
        assert!(rulings(&dots).is_empty());
    }
}
