//! Text that is not in the cell it belongs to: where nothing but alignment bounds the cells, lines of two
//! columns that come close are taken for one.

use std::ops::Range;

use crate::grid::{Grid, Placement};
use crate::stream::Stream;
use crate::value::Column;

impl Grid<'_> {
    /// What of a cell stands between these edges. Where nothing but alignment bounds the cells, one that is wider
    /// than the column may be two whose texts came close: each field of it then goes where its middle is.
    pub(crate) fn parts_between(
        &self,
        stream: &Stream<'_>,
        cell: usize,
        edges: (f32, f32),
    ) -> Vec<Range<u32>> {
        let parts = self.parts(stream, cell);
        let b = &self.table.cells[cell].bbox;
        let wider = b.x0 < edges.0 - 2.0 || b.x1 > edges.1 + 2.0;
        let several = || parts.iter().any(|p| stream.fields_in(p.clone()).nth(1).is_some());
        if self.table.ruled || !wider || !several() {
            return parts.to_vec();
        }
        let within = |f: &Range<u32>| {
            stream.bbox(f.clone()).is_some_and(|b| edges.0 <= b.center().0 && b.center().0 < edges.1)
        };
        let mut out: Vec<Range<u32>> = Vec::new();
        for part in parts {
            let mut line: Option<Range<u32>> = None;
            for field in stream.fields_in(part.clone()).filter(within) {
                line = Some(line.map_or(field.start, |l| l.start)..field.end);
            }
            out.extend(line);
        }
        out
    }
}

/// Moves fields that stand in another column than their cell does: where nothing but alignment bounds the
/// cells, a line that comes close to the next column's is taken for one line with it.
pub(crate) fn move_strays(stream: &Stream<'_>, placement: &Placement, parts: &mut [Vec<Range<u32>>]) {
    let column_of = |field: &Range<u32>| {
        let x = stream.bbox(field.clone())?.center().0;
        let within = |c: &Option<(f32, f32, Column)>| c.as_ref().is_some_and(|c| c.0 <= x && x < c.1);
        let mut columns = (0..placement.columns.len()).filter(|&i| within(&placement.columns[i]));
        let first = columns.next()?;
        columns.next().is_none().then_some(first)
    };
    for i in 0..parts.len() {
        let mut kept: Vec<Range<u32>> = Vec::new();
        for part in std::mem::take(&mut parts[i]) {
            let mut fields = stream.fields_in(part.clone());
            let first = fields.next().as_ref().and_then(column_of);
            // Only what follows the cell's own text on its line can have come from the next column.
            let cut = fields.find(|f| column_of(f).is_some_and(|c| c != i));
            let Some(cut) = cut.filter(|_| first == Some(i)) else {
                kept.push(part);
                continue;
            };
            let Some(to) = column_of(&cut).filter(|&c| parts[c].iter().all(|p| !overlaps(p, &cut))) else {
                kept.push(part);
                continue;
            };
            kept.push(part.start..cut.start);
            parts[to].push(cut.start..part.end);
            let height = |p: &Range<u32>| stream.bbox(p.clone()).map_or(0.0, |b| b.center().1);
            parts[to].sort_by(|a, b| height(a).total_cmp(&height(b)));
        }
        // What has come from columns before this one stays with it.
        kept.append(&mut parts[i]);
        parts[i] = kept;
    }
}

fn overlaps(a: &Range<u32>, b: &Range<u32>) -> bool {
    a.start < b.end && b.start < a.end
}
