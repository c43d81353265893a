//! Text around a label that stands beside the middle of it, in a dump that keeps the layout.

use std::collections::BTreeMap;
use std::ops::Range;

use chohyo_layout::BBox;

use super::{Beside, Neighbours};
use crate::label::Label;

/// From line to line of such a dump, in heights of a line.
const PITCH: f32 = 1.2;

/// A line of the block that a label stands in, to the right of the label's left edge.
#[derive(Default)]
struct Row {
    /// Something stands where the labels do.
    labelled: bool,
    value: Vec<Range<u32>>,
}

impl Neighbours<'_, '_, '_> {
    /// The text of a label: what stands on its line, and the lines under it. Where lines without a label stand over
    /// one, and the line of a label is empty, the labels of the block stand beside the middle of their text, if that
    /// shares out all lines; if it does not, nobody can tell whose the lines are.
    pub(super) fn around(&self, label: &Label) -> Beside {
        let down = || Beside::Value(self.on_page(label, true));
        let Some((rows, own)) = self.rows(label) else { return down() };
        // The lines without a label before each line with one, and behind the last.
        let mut between = vec![0usize];
        let mut labelled: Vec<&Row> = Vec::new();
        let mut mine = 0;
        for (i, row) in rows.iter().enumerate() {
            if row.labelled {
                if i == own {
                    mine = labelled.len();
                }
                labelled.push(row);
                between.push(0);
            } else if let Some(last) = between.last_mut() {
                *last += 1;
            }
        }
        let hangs = |(i, row): (usize, &&Row)| row.value.is_empty() && between[i] > 0;
        if between[0] == 0 && !labelled.iter().enumerate().any(hangs) {
            return down();
        }
        // As many lines of each over its label as under it.
        let (mut over, mut left) = (Vec::new(), Some(0usize));
        for &lines in &between {
            left = left.and_then(|under: usize| lines.checked_sub(under));
            over.extend(left);
        }
        let whole = over.len() == between.len() && over.last() == Some(&0);
        if whole {
            let reach = over[mine];
            let value = rows[own - reach..=own + reach].iter().flat_map(|row| row.value.iter().cloned());
            return Beside::Value(value.collect());
        }
        if between[mine] == 0 && between[mine + 1] == 0 {
            return Beside::Value(rows[own].value.clone());
        }
        Beside::Unclear
    }

    /// The lines of the block around a label, and which of them is the label's.
    fn rows(&self, label: &Label) -> Option<(Vec<Row>, usize)> {
        let stream = self.stream();
        let own = stream.bbox(label.atoms.clone())?;
        let line = |at: u32| stream.atoms[at as usize].line;
        if line(label.atoms.start) != line(label.atoms.end - 1) {
            return None;
        }
        let page = stream.lines[stream.atoms[label.atoms.start as usize].line as usize].page;
        let mut lines: BTreeMap<i32, Vec<(BBox, Range<u32>)>> = BTreeMap::new();
        for field in stream
            .on_page(self.lines, page)
            .flat_map(|l| stream.fields_in(stream.lines[l as usize].atoms.clone()))
            .flat_map(|f| [f.start..f.end.min(label.atoms.end), f.start.max(label.atoms.end)..f.end])
            .filter(|f| f.start < f.end)
        {
            let Some(b) = stream.bbox(field.clone()) else { continue };
            let at = ((b.center().1 - own.center().1) / (PITCH * own.height())).round();
            lines.entry(at as i32).or_default().push((b, field));
        }
        let behind = |(b, f): &&(BBox, Range<u32>)| b.x0 > own.x1 - 1.0 && f.start >= label.atoms.end;
        let level = lines.get(&0)?;
        let next = level.iter().filter(behind).filter(|(_, f)| self.is_label(f)).map(|(b, _)| b.x0);
        let right = next.fold(f32::INFINITY, f32::min);
        let open = |line: i32| {
            let fields = lines.get(&line)?.iter();
            Some(fields.filter(|(b, _)| own.x0 - 1.0 < b.x0 && b.x0 < right))
        };
        // Where the values begin: on the label's line, or on the nearest without a label.
        let starts = |line: i32| open(line)?.map(|(b, _)| b.x0).reduce(f32::min);
        let beside = level.iter().filter(behind).map(|(b, _)| b.x0).filter(|x| *x < right).reduce(f32::min);
        let left = beside.or_else(|| [-1, 1].into_iter().filter_map(starts).find(|x| *x > own.x1))?;
        let half = 0.5 * own.height();
        let row = |line: i32| -> Option<Row> {
            let mut row = Row::default();
            for (b, field) in open(line)? {
                if b.x0 < left - half {
                    row.labelled = true;
                } else {
                    row.value.push(field.clone());
                }
            }
            if line == 0 {
                row.labelled = true;
                row.value.retain(|f| f.start >= label.atoms.end);
            }
            // A line that begins elsewhere is none of these texts.
            let placed = row.labelled || starts(line).is_some_and(|x| (x - left).abs() < half);
            placed.then_some(row)
        };
        let mut rows: Vec<Row> = (1..).map_while(|i| row(-i)).collect();
        rows.reverse();
        let own = rows.len();
        rows.extend((0..).map_while(row));
        Some((rows, own))
    }
}
