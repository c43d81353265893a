//! The heads of a table that no ruling bounds.

use std::ops::Range;

use chohyo_layout::BBox;

use crate::anchor::Piece;
use crate::form::TableForm;
use crate::head;
use crate::stream::Stream;

/// Lines that a head may have.
const HEAD_LINES: usize = 3;

/// A head on a page.
#[derive(Clone)]
pub(crate) struct Head {
    /// Index of the form's column.
    pub column: usize,
    pub parts: Vec<Range<u32>>,
    pub bbox: BBox,
}

/// The heads of a table among the pieces; those of several lines first.
pub(crate) fn heads(stream: &Stream<'_>, form: &TableForm, pieces: &[Piece]) -> Vec<Head> {
    let mut out: Vec<Head> = Vec::new();
    for i in 0..pieces.len() {
        let mut parts = vec![pieces[i].part.clone()];
        let mut bbox = pieces[i].bbox;
        let mut best: Option<Head> = None;
        let mut last = i;
        loop {
            let column = form.columns.iter().position(|c| head::is_head(stream, &parts, c));
            if let Some(column) = column {
                best = Some(Head { column, parts: parts.clone(), bbox });
            }
            let near = (last + 1..pieces.len()).find(|&j| {
                let (b, above) = (&pieces[j].bbox, &pieces[last].bbox);
                let gap = b.top - above.bottom;
                b.overlap_x(above) > 0.5 * b.width().min(above.width())
                    && (-0.3 * b.height()..0.9 * b.height()).contains(&gap)
            });
            let Some(j) = near.filter(|_| parts.len() < HEAD_LINES) else { break };
            parts.push(pieces[j].part.clone());
            bbox = bbox.union(&pieces[j].bbox);
            last = j;
        }
        if let Some(head) = best.filter(|h| !out.iter().any(|o| o.parts.contains(&h.parts[0]))) {
            out.push(head);
        }
    }
    out
}

/// Most of the table's columns are there, the first one among them.
pub(crate) fn is_of(form: &TableForm, heads: &[Head]) -> bool {
    let mut columns: Vec<usize> = heads.iter().map(|h| h.column).collect();
    columns.sort_unstable();
    columns.dedup();
    columns.len() >= 2 && 2 * columns.len() > form.columns.len() && columns.first() == Some(&0)
}

/// Where the frame around heads and all that is under them ends: rulings stand upright on both sides of the heads.
pub(crate) fn frame_end(stream: &Stream<'_>, heads: &[Head]) -> Option<f32> {
    let all = heads.iter().map(|h| h.bbox).reduce(|a, b| a.union(&b))?;
    let first = heads.first()?.parts.first()?;
    let page = stream.page(stream.atoms[first.start as usize].line);
    let upright = page
        .rulings
        .iter()
        .filter(|r| !r.horizontal && r.bbox.top <= all.top && r.bbox.bottom >= all.bottom + all.height());
    let (mut left, mut right): (Option<BBox>, Option<BBox>) = (None, None);
    for ruling in upright {
        if ruling.bbox.x1 <= all.x0 && left.is_none_or(|l| l.x0 < ruling.bbox.x0) {
            left = Some(ruling.bbox);
        }
        if ruling.bbox.x0 >= all.x1 && right.is_none_or(|r| r.x0 > ruling.bbox.x0) {
            right = Some(ruling.bbox);
        }
    }
    Some(left?.bottom.min(right?.bottom))
}
