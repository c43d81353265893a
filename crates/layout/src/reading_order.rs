//! The order in which a reader takes the parts of a page.

use crate::BBox;

/// Orders `boxes` by recursive cuts: a gutter that parts two columns of several parts each is cut
/// before gaps between what stands one above the other; `size` is the page's common font size.
pub(crate) fn order(boxes: &[BBox], size: f32) -> Vec<usize> {
    let mut out = Vec::with_capacity(boxes.len());
    let all = (0..boxes.len()).collect();
    cut(boxes, all, size, 0, &mut out);
    out
}

/// Deeper than any page is nested; past it, order by place alone.
const DEPTH: usize = 64;

fn cut(boxes: &[BBox], mut part: Vec<usize>, size: f32, depth: usize, out: &mut Vec<usize>) {
    if part.len() > 1 && depth < DEPTH {
        let rows = groups(boxes, &mut part, |b| (b.top, b.bottom), 0.0);
        let columns = groups(boxes, &mut part, |b| (b.x0, b.x1), 0.0);
        let chosen = match (rows.len() > 1, columns.len() > 1) {
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
                cut(boxes, group, size, depth + 1, out);
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
    fn words_of_one_row_are_read_row_by_row() {
        let boxes = [
            BBox::new(300.0, 10.0, 400.0, 20.0),
            BBox::new(50.0, 10.0, 150.0, 20.0),
            BBox::new(50.0, 40.0, 400.0, 50.0),
        ];
        assert_eq!(order(&boxes, 10.0), [1, 0, 2]);
    }
}
