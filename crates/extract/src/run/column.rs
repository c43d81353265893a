//! A table that was written column by column.

use std::ops::Range;

use chohyo_normalize::Context;

use super::{BodyLine, is_period};
use crate::form::{ColumnKind, TableForm};
use crate::ledger::Ledger;
use crate::sheet::{Row, Status};
use crate::value::{self, Column};

/// A period column and two or more text columns, written column by column: all periods, then all items,
/// then all contents, a block each.
pub(super) fn by_column(
    ledger: &mut Ledger<'_, '_>,
    form: &TableForm,
    order: &[usize],
    said: &[Option<Column>],
    lines: &[BodyLine],
    context: &Context,
) -> Vec<Row> {
    let stream = ledger.stream;
    let texts: Vec<usize> =
        order.iter().copied().filter(|&c| form.columns[c].kind == ColumnKind::Text).collect();
    let Some(period) = order.iter().copied().find(|&c| form.columns[c].kind == ColumnKind::Period) else {
        return Vec::new();
    };
    let mut periods: Vec<Vec<Range<u32>>> = Vec::new();
    let mut blocks: Vec<Vec<Range<u32>>> = Vec::new();
    for line in lines {
        let whole = line.whole();
        if is_period(stream, whole.clone(), context) {
            periods.push(vec![whole]);
        } else if let Some(last) = blocks.last_mut().filter(|_| !line.opens_block) {
            last.push(whole);
        } else {
            blocks.push(vec![whole]);
        }
    }
    if periods.is_empty() || blocks.is_empty() {
        return Vec::new();
    }
    let count = if blocks.len().is_multiple_of(texts.len()) && blocks.len() / texts.len() >= periods.len() {
        blocks.len() / texts.len()
    } else {
        periods.len()
    };
    let mut columns: Vec<Spread> = vec![spread(periods, count)];
    for i in 0..texts.len() {
        let end = if i + 1 == texts.len() { blocks.len() } else { ((i + 1) * count).min(blocks.len()) };
        columns.push(spread(blocks[(i * count).min(end)..end].to_vec(), count));
    }
    let mut rows = Vec::new();
    for r in 0..count {
        let mut row = Row::new();
        for (c, column) in std::iter::once(period).chain(texts.iter().copied()).zip(&columns) {
            let (parts, sure) = &column[r];
            let head = said[c].clone().unwrap_or_default();
            let mut cell = value::cell(ledger, parts, form.columns[c].kind, &head, context);
            if !sure {
                cell.status = Some(Status::Ambiguous);
                cell.period = None;
            }
            row.insert(form.columns[c].name.clone(), cell);
        }
        rows.push(row);
    }
    rows
}

/// For each row its parts, and whether they can be told.
type Spread = Vec<(Vec<Range<u32>>, bool)>;

/// Entries of one column over `count` rows, in order. As many entries as rows: one each. Fewer: each stands
/// for one or more rows, and only the first and the last row can be told. More: each row has one or more,
/// and only the first entry of the first row and the last of the last one can be told.
fn spread(entries: Vec<Vec<Range<u32>>>, count: usize) -> Spread {
    let n = entries.len();
    if n == count {
        return entries.into_iter().map(|e| (e, true)).collect();
    }
    if n == 0 {
        return vec![(Vec::new(), true); count];
    }
    if n < count {
        return (0..count)
            .map(|r| {
                let sure = n == 1 || r == 0 || r + 1 == count;
                let at = if r == 0 {
                    0
                } else if r + 1 == count {
                    n - 1
                } else {
                    r.min(n - 1)
                };
                (entries[at].clone(), sure)
            })
            .collect();
    }
    let extra = n - count;
    let mut out: Spread = Vec::with_capacity(count);
    let mut entries = entries.into_iter();
    for r in 0..count {
        let take = if r == 0 { 1 + extra } else { 1 };
        out.push((entries.by_ref().take(take).flatten().collect(), count == 1));
    }
    out
}
