//! Tables that go on over the end of a page.

use crate::{Block, BlockKind, Page, Table};

/// Column edges this near to each other, in points, are the same.
const SAME_EDGE: f32 = 3.0;

/// Marks the first table of each page that goes on from the last table of the page before: the same
/// columns, nothing between the two but page numbers and running heads, and either the head repeated or
/// a table that reaches the foot of its page.
pub(crate) fn mark(pages: &mut [Page]) {
    for k in 1..pages.len() {
        let (before, after) = pages.split_at_mut(k);
        let (Some(last), Some(next)) = (before.last(), after.first_mut()) else { continue };
        let (Some(upper), Some(lower)) = (last_table(last), first_table(next, last)) else { continue };
        let upper = &last.tables[upper];
        let repeated = head(last, upper) == head(next, &next.tables[lower]);
        let to_the_foot = upper.bbox.bottom >= 0.8 * last.height;
        if same_columns(upper, &next.tables[lower]) && (repeated || to_the_foot) {
            next.tables[lower].continues = true;
        }
    }
}

/// The table after which only the page's foot follows.
fn last_table(page: &Page) -> Option<usize> {
    let last = page.blocks.iter().rfind(|b| !b.kind.is_furniture())?;
    table(last)
}

/// The table before which nothing stands but a head that the page before has too.
fn first_table(page: &Page, before: &Page) -> Option<usize> {
    let text = |page: &Page, lines: &[u32]| -> String {
        lines.iter().map(|&l| page.lines[l as usize].text.as_str()).collect()
    };
    let repeated = |block: &Block| {
        let own = text(page, &block.lines);
        let level = |b: &&Block| (b.bbox.top - block.bbox.top).abs() <= SAME_EDGE;
        before.blocks.iter().filter(level).any(|b| text(before, &b.lines) == own)
    };
    let first = page.blocks.iter().find(|b| table(b).is_some() || !b.kind.is_furniture() && !repeated(b))?;
    table(first)
}

fn table(block: &Block) -> Option<usize> {
    if let BlockKind::Table(index) = block.kind { Some(index as usize) } else { None }
}

/// The text of a table's first row.
fn head(page: &Page, table: &Table) -> String {
    let first = table.cells.iter().filter(|c| c.rows.start == 0);
    first.flat_map(|c| &c.lines).map(|&l| page.lines[l as usize].text.as_str()).collect()
}

fn same_columns(a: &Table, b: &Table) -> bool {
    let edges = |table: &Table| {
        let mut edges: Vec<f32> = table.cells.iter().flat_map(|c| [c.bbox.x0, c.bbox.x1]).collect();
        edges.sort_by(f32::total_cmp);
        edges.dedup_by(|a, b| (*a - *b).abs() <= SAME_EDGE);
        edges
    };
    let (a, b) = (edges(a), edges(b));
    a.len() == b.len() && a.iter().zip(&b).all(|(x, y)| (x - y).abs() <= SAME_EDGE)
}
