//! Columns that the layout took for one: two heads in one cell, or over one column.
//!
//! Each number then belongs to the head it stands under. One that stands under none, or under both, belongs to
//! nobody that can be told.

use std::ops::Range;

use crate::form::{ColumnKind, TableForm};
use crate::grid::Placement;
use crate::head;
use crate::stream::Stream;

/// A head inside a cell: the form's column, its parts, its left and right edge.
#[derive(Clone, Debug)]
pub(crate) struct SharedHead {
    pub column: usize,
    pub parts: Vec<Range<u32>>,
    pub edges: (f32, f32),
}

/// The heads of value columns that stand beside each other in one cell; none unless there are two.
pub(crate) fn heads(stream: &Stream<'_>, form: &TableForm, cell: &[Range<u32>]) -> Vec<SharedHead> {
    let mut found: Vec<SharedHead> = Vec::new();
    for field in cell.iter().flat_map(|p| stream.fields_in(p.clone())) {
        let Some(b) = stream.bbox(field.clone()) else { continue };
        let column = form.columns.iter().position(|c| {
            c.kind == ColumnKind::Value && head::is_head(stream, std::slice::from_ref(&field), c)
        });
        if let Some(column) = column {
            found.push(SharedHead { column, parts: vec![field], edges: (b.x0, b.x1) });
            continue;
        }
        // The second line of a head that wraps.
        let mut over = found.iter_mut().filter(|h| b.x0 < h.edges.1 && h.edges.0 < b.x1);
        let Some(head) = over.next() else { return Vec::new() };
        head.edges = (head.edges.0.min(b.x0), head.edges.1.max(b.x1));
        head.parts.push(field);
    }
    if found.len() < 2 || !apart(&found) {
        return Vec::new();
    }
    found
}

/// True when no head reaches over another.
fn apart(heads: &[SharedHead]) -> bool {
    let over = |a: &SharedHead, b: &SharedHead| a.edges.0 < b.edges.1 && b.edges.0 < a.edges.1;
    heads.iter().enumerate().all(|(i, a)| heads[i + 1..].iter().all(|b| a.column != b.column && !over(a, b)))
}

/// What of a cell stands under the head at `own`; `None` where something in it cannot be told.
fn under(
    stream: &Stream<'_>,
    cell: &[Range<u32>],
    own: (f32, f32),
    all: &[(f32, f32)],
) -> Option<Vec<Range<u32>>> {
    let mut parts = Vec::new();
    for field in cell.iter().flat_map(|p| stream.fields_in(p.clone())) {
        let b = stream.bbox(field.clone())?;
        let mut over = all.iter().filter(|e| b.x0 < e.1 && e.0 < b.x1);
        let head = over.next()?;
        if over.next().is_some() {
            return None;
        }
        if *head == own {
            parts.push(field);
        }
    }
    Some(parts)
}

/// The parts of a cell whose heads stand in the middle of equal parts of it: each is the column under its head.
fn equal_parts(heads: &[(f32, f32)], (x0, x1): (f32, f32)) -> Option<Vec<(f32, f32)>> {
    let mut order: Vec<usize> = (0..heads.len()).collect();
    order.sort_by(|&a, &b| heads[a].0.total_cmp(&heads[b].0));
    let width = (x1 - x0) / heads.len() as f32;
    let mut parts = vec![(0.0, 0.0); heads.len()];
    for (k, at) in order.into_iter().enumerate() {
        let left = x0 + k as f32 * width;
        parts[at] = (left, left + width);
        let middle = f32::midpoint(heads[at].0, heads[at].1);
        if (middle - (left + 0.5 * width)).abs() > 0.03 * width {
            return None;
        }
    }
    Some(parts)
}

/// Gives columns that share a cell what stands under their own heads; of a cell that cannot be parted, nothing.
/// The columns that are left without what is theirs.
pub(crate) fn part(stream: &Stream<'_>, placement: &Placement, parts: &mut [Vec<Range<u32>>]) -> Vec<usize> {
    let mut doubtful = Vec::new();
    for (i, own_parts) in parts.iter_mut().enumerate() {
        let (Some(own), Some((x0, x1, _))) = (placement.shared[i], placement.columns[i].as_ref()) else {
            continue;
        };
        let same = placement.columns.iter().zip(&placement.shared);
        let all: Vec<(f32, f32)> =
            same.filter(|(c, _)| c.as_ref().is_some_and(|c| c.0 == *x0)).filter_map(|(_, e)| *e).collect();
        let at = all.iter().position(|e| *e == own);
        let found = match (equal_parts(&all, (*x0, *x1)), at) {
            (Some(wide), Some(at)) => under(stream, own_parts, wide[at], &wide),
            _ => under(stream, own_parts, own, &all),
        };
        if found.is_none() {
            doubtful.push(i);
        }
        *own_parts = found.unwrap_or_default();
    }
    doubtful
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use crate::page_maker::{Page, sheet};
    use crate::sheet::Status;

    /// Indicators whose two value columns have no ruling between them.
    fn page() -> Page {
        Page::default()
            .text(30.0, 30.0, "４ 精神障害にも対応した地域包括ケアシステムの構築に向けた強みと課題")
            .grid(&[30.0, 200.0, 400.0, 560.0], &[50.0, 70.0, 90.0])
            .text(35.0, 64.0, "課題解決の達成度を測る指標")
            .text(220.0, 64.0, "現状値")
            .text(330.0, 64.0, "目標値（R3）")
            .text(405.0, 64.0, "見込んでいる成果・効果")
            .text(35.0, 84.0, "研修の受講者数")
            .text(405.0, 84.0, "人材の育成")
    }

    #[test]
    fn a_number_belongs_to_the_head_it_stands_under() {
        let sheet = sheet(&[page().text(350.0, 84.0, "290")]);
        let [row] = sheet.tables["indicators"].as_slice() else { panic!("{:?}", sheet.tables) };
        assert_eq!(row["target"].value.unwrap().0, Decimal::from(290));
        assert_eq!((row["current"].value, row["current"].status), (None, Some(Status::Blank)));
    }

    #[test]
    fn a_number_between_two_heads_belongs_to_none() {
        let sheet = sheet(&[page().text(290.0, 84.0, "290")]);
        let [row] = sheet.tables["indicators"].as_slice() else { panic!("{:?}", sheet.tables) };
        for column in ["current", "target"] {
            assert_eq!((row[column].value, row[column].status), (None, Some(Status::Ambiguous)), "{column}");
        }
    }

    #[test]
    fn heads_in_the_middle_of_equal_parts() {
        let edges = [(40.0, 60.0), (140.0, 160.0)];
        assert_eq!(super::equal_parts(&edges, (0.0, 200.0)), Some(vec![(0.0, 100.0), (100.0, 200.0)]));
        assert_eq!(super::equal_parts(&edges, (0.0, 240.0)), None);
    }
}
