//! The order in which a reader takes the parts of a page.

use crate::BBox;

/// A part of a page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Boxed {
    pub(crate) bbox: BBox,
    /// A box, table or frame, not running text.
    pub(crate) closed: bool,
}

impl Boxed {
    /// As it is for who reads vertical text: lines run downwards, the next one stands to the left.
    pub(crate) fn turned(self) -> Self {
        let BBox { x0, top, x1, bottom } = self.bbox;
        Self { bbox: BBox { x0: top, x1: bottom, top: -x1, bottom: -x0 }, ..self }
    }
}

/// Orders `parts` by recursive cuts: a gutter that parts two columns of text is cut before gaps between
/// what stands one above the other, while a grid of boxes is read row by row; `size` is the page's common
/// font size.
pub(crate) fn order(parts: &[Boxed], size: f32) -> Vec<usize> {
    let mut out = Vec::with_capacity(parts.len());
    let boxes: Vec<BBox> = parts.iter().map(|p| p.bbox).collect();
    let closed: Vec<bool> = parts.iter().map(|p| p.closed).collect();
    cut(&boxes, &closed, (0..parts.len()).collect(), size, 0, &mut out);
    out
}

/// Deeper than any page is nested; past it, order by place alone.
const DEPTH: usize = 64;
/// A page with more parts than this has no order that is worth the search.
const PARTS: usize = 4_000;

fn cut(boxes: &[BBox], closed: &[bool], mut part: Vec<usize>, size: f32, depth: usize, out: &mut Vec<usize>) {
    if part.len() > 1 && part.len() <= PARTS && depth < DEPTH {
        let rows = groups(boxes, &mut part, |b| (b.top, b.bottom), 0.0);
        let columns = groups(boxes, &mut part, |b| (b.x0, b.x1), 0.0);
        let chosen = match (rows.len() > 1, columns.len() > 1) {
            (true, true) if is_grid(boxes, closed, &rows, size) => rows,
            (_, true) if are_columns(boxes, &columns, size) => columns,
            (true, _) => column_runs(boxes, rows, size),
            (false, true) => columns,
            (false, false) => {
                // Parts overlap a little: cut where they overlap least.
                let rows = groups(boxes, &mut part, |b| (b.top, b.bottom), size / 2.0);
                let columns = groups(boxes, &mut part, |b| (b.x0, b.x1), size / 2.0);
                if rows.len() > 1 { rows } else { columns }
            }
        };
        if chosen.len() > 1 {
            for group in chosen {
                cut(boxes, closed, group, size, depth + 1, out);
            }
            return;
        }
    }
    part.sort_by(|&a, &b| {
        let (p, q) = (&boxes[a], &boxes[b]);
        p.top.total_cmp(&q.top).then(p.x0.total_cmp(&q.x0)).then(a.cmp(&b))
    });
    out.extend(part);
}

/// Parts that overlap along one axis, in the order of that axis; each box shrunk by `slack` at its ends.
fn groups(
    boxes: &[BBox],
    part: &mut [usize],
    extent: impl Fn(&BBox) -> (f32, f32),
    slack: f32,
) -> Vec<Vec<usize>> {
    part.sort_by(|&a, &b| extent(&boxes[a]).0.total_cmp(&extent(&boxes[b]).0).then(a.cmp(&b)));
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut reached = f32::NEG_INFINITY;
    for &i in part.iter() {
        let (from, to) = extent(&boxes[i]);
        match groups.last_mut() {
            Some(group) if from + slack < reached - slack => group.push(i),
            _ => groups.push(vec![i]),
        }
        reached = reached.max(to);
    }
    groups
}

/// Joins neighbouring bands that one gutter runs through: under a heading over both columns, each
/// column is read to its end.
fn column_runs(boxes: &[BBox], bands: Vec<Vec<usize>>, size: f32) -> Vec<Vec<usize>> {
    let mut runs: Vec<Vec<usize>> = Vec::new();
    let mut bands = bands.into_iter().peekable();
    while let Some(mut run) = bands.next() {
        while let Some(next) = bands.peek() {
            let mut longer = [run.as_slice(), next.as_slice()].concat();
            let columns = groups(boxes, &mut longer, |b| (b.x0, b.x1), 0.0);
            if columns.len() < 2 || !are_columns(boxes, &columns, size) {
                break;
            }
            run = longer;
            bands.next();
        }
        runs.push(run);
    }
    runs
}

/// Boxes set in rows: all of them closed, and those of each row begin at one height.
fn is_grid(boxes: &[BBox], closed: &[bool], rows: &[Vec<usize>], size: f32) -> bool {
    let even = |row: &Vec<usize>| {
        let tops = row.iter().map(|&i| boxes[i].top);
        let (least, most) = tops.fold((f32::INFINITY, f32::NEG_INFINITY), |(a, b), t| (a.min(t), b.max(t)));
        row.len() >= 2 && most - least <= size
    };
    let count: usize = rows.iter().map(Vec::len).sum();
    let full = rows.iter().filter(|r| even(r)).count();
    if rows.iter().flatten().filter(|&&i| closed[i]).count() * 4 >= count * 3 && full * 3 >= rows.len() * 2 {
        return true;
    }
    // A page's head and foot do not make columns of a grid between them.
    let of_boxes = |row: &&Vec<usize>| even(row) && row.iter().all(|&i| closed[i]);
    let grid: Vec<usize> = rows.iter().filter(of_boxes).map(Vec::len).collect();
    grid.len() >= 2 && grid.iter().sum::<usize>() * 3 >= count * 2
}

/// Text in columns, not the words of one row: side by side, each column some lines high, and at least
/// two of them with a part of several lines.
fn are_columns(boxes: &[BBox], columns: &[Vec<usize>], size: f32) -> bool {
    let hull = |group: &Vec<usize>| crate::hull(group.iter().map(|&i| &boxes[i])).unwrap_or_default();
    let hulls: Vec<BBox> = columns.iter().map(hull).collect();
    let gutters = hulls.windows(2).all(|w| w[1].x0 - w[0].x1 >= 0.5 * size);
    let high = hulls.iter().all(|h| h.height() >= 3.0 * size);
    let tall = |group: &&Vec<usize>| group.iter().any(|&i| boxes[i].height() >= 2.5 * size);
    gutters && high && columns.iter().filter(tall).count() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(boxes: &[BBox], size: f32) -> Vec<usize> {
        let parts: Vec<Boxed> = boxes.iter().map(|&bbox| Boxed { bbox, closed: false }).collect();
        super::order(&parts, size)
    }

    #[test]
    fn a_grid_of_boxes_is_read_row_by_row() {
        let part = |x: f32, y: f32| Boxed { bbox: BBox::new(x, y, x + 80.0, y + 60.0), closed: true };
        let parts = [part(100.0, 0.0), part(0.0, 100.0), part(0.0, 0.0), part(100.0, 100.0)];
        assert_eq!(super::order(&parts, 10.0), [2, 0, 1, 3]);
    }

    #[test]
    fn columns_are_read_one_after_the_other_under_their_heading() {
        let boxes = [
            BBox::new(300.0, 50.0, 500.0, 100.0),
            BBox::new(50.0, 120.0, 250.0, 200.0),
            BBox::new(50.0, 10.0, 500.0, 30.0),
            BBox::new(50.0, 50.0, 250.0, 100.0),
            BBox::new(300.0, 120.0, 500.0, 200.0),
        ];
        assert_eq!(order(&boxes, 10.0), [2, 3, 1, 0, 4]);
    }

    #[test]
    fn tiers_of_vertical_text_are_read_from_the_right_one_after_the_other() {
        let part = |x: f32, y: f32| Boxed { bbox: BBox::new(x, y, x + 60.0, y + 80.0), closed: false };
        let parts = [part(0.0, 0.0), part(100.0, 0.0), part(0.0, 100.0), part(100.0, 100.0)];
        assert_eq!(super::order(&parts.map(Boxed::turned), 10.0), [1, 0, 3, 2]);
    }

    #[test]
    fn words_of_one_row_are_read_row_by_row() {
        let boxes = [
            BBox::new(300.0, 10.0, 400.0, 20.0),
            BBox::new(50.0, 10.0, 150.0, 20.0),
            BBox::new(50.0, 40.0, 400.0, 50.0),
        ];
        assert_eq!(order(&boxes, 10.0), [1, 0, 2]);
    }
}
