//! What stands right under a label: in the cell below its own, or, where no rulings tell, in the lines under it.

use std::ops::Range;

use chohyo_layout::{BBox, Cell, SourceKind, Table};

use crate::stream::Stream;

/// Lines that stand under a label where no rulings tell.
const LINES: usize = 2;
/// How far under a label, in heights of a line, the first of them may begin.
const GAP: f32 = 1.5;
/// The same for one that stands in the middle under its label.
const CENTRED_GAP: f32 = 2.5;

/// The fields right under a label, line by line; none where some `other` label stands there.
pub(crate) fn fields(
    stream: &Stream<'_>,
    lines: &[Range<u32>],
    label: &Range<u32>,
    others: &[Range<u32>],
) -> Vec<Range<u32>> {
    if stream.document.kind != SourceKind::Pdf {
        return Vec::new();
    }
    let Some(own) = stream.bbox(label.clone()) else { return Vec::new() };
    let of = |atoms: &Range<u32>| &stream.lines[stream.atoms[atoms.start as usize].line as usize];
    let home = of(label);
    let here: Vec<(BBox, Range<u32>)> = stream
        .on_page(lines, home.page)
        .flat_map(|l| stream.fields_in(stream.lines[l as usize].atoms.clone()))
        .filter(|f| f.start >= label.end || f.end <= label.start)
        .filter_map(|f| stream.bbox(f.clone()).map(|b| (b, f)))
        .collect();
    let labels: Vec<BBox> = others
        .iter()
        .filter(|o| **o != *label && of(o).page == home.page)
        .filter_map(|o| stream.bbox(o.clone()))
        .collect();
    let found = match ruled_below(stream, label) {
        Some(below) => {
            let within = |b: &BBox| {
                let (x, y) = b.center();
                below.x0 <= x && x < below.x1 && below.top <= y && y < below.bottom
            };
            let found: Vec<(BBox, Range<u32>)> = here.into_iter().filter(|(b, _)| within(b)).collect();
            // Several labels in one cell: each is over its own.
            let beside: Vec<&BBox> = labels
                .iter()
                .filter(|l| below.x0 <= l.center().0 && l.center().0 < below.x1 && l.overlap_y(&own) > 0.0)
                .collect();
            let over = |l: &BBox, b: &BBox| l.overlap_x(b) > 0.0;
            if !beside.is_empty()
                && found.iter().any(|(b, _)| beside.iter().any(|l| over(l, b)) && over(&own, b))
            {
                return Vec::new();
            }
            found.into_iter().filter(|(b, _)| beside.is_empty() || over(&own, b)).collect()
        }
        None => open_below(own, &labels, here),
    };
    let on_label = |b: &BBox| labels.iter().any(|l| l.overlap_x(b) > 0.0 && l.overlap_y(b) > 0.0);
    if found.iter().any(|(b, _)| on_label(b)) {
        return Vec::new();
    }
    found.into_iter().map(|(_, f)| f).collect()
}

/// The cell under that of a label in a ruled table, or the cells that share its width.
fn ruled_below(stream: &Stream<'_>, label: &Range<u32>) -> Option<BBox> {
    let line = &stream.lines[stream.atoms[label.start as usize].line as usize];
    let (t, c) = line.cell?;
    let table = &stream.document.pages[line.page as usize].tables[t as usize];
    let own = &table.cells[c as usize];
    // A count and its share have a column each under one label.
    let inside = || cells_under(table, own).map(|(_, o)| o);
    let wide: u32 = inside().map(|o| o.columns.end - o.columns.start).sum();
    let whole = table.ruled && wide == own.columns.end - own.columns.start;
    inside().map(|o| o.bbox).reduce(|a, b| a.union(&b)).filter(|_| whole)
}

/// The cells right under one of a table, within its columns, each with its index.
pub(crate) fn cells_under<'t>(table: &'t Table, own: &'t Cell) -> impl Iterator<Item = (usize, &'t Cell)> {
    table.cells.iter().enumerate().filter(|(_, o)| {
        o.rows.start == own.rows.end
            && own.columns.start <= o.columns.start
            && o.columns.end <= own.columns.end
    })
}

/// The lines right under a label whose own words they stand under, and no other label's.
fn open_below(own: BBox, labels: &[BBox], mut here: Vec<(BBox, Range<u32>)>) -> Vec<(BBox, Range<u32>)> {
    here.retain(|(b, _)| b.overlap_x(&own) > 0.0 && b.center().1 > own.bottom);
    here.sort_by(|a, b| a.0.top.total_cmp(&b.0.top).then(a.0.x0.total_cmp(&b.0.x0)));
    let mut out: Vec<(BBox, Range<u32>)> = Vec::new();
    let (mut bottom, mut count) = (own.bottom, 0);
    for (b, field) in here {
        let beside = out.last().is_some_and(|(l, _)| (l.center().1 - b.center().1).abs() < 0.35 * b.height());
        if !beside {
            let centred = (b.center().0 - own.center().0).abs() < 0.25 * b.height();
            let first = if centred { CENTRED_GAP } else { GAP };
            let reach = if count == 0 { first } else { 0.8 };
            if count == LINES || b.top - bottom > reach * b.height() {
                break;
            }
            count += 1;
        }
        // A label beside it, or one it stands under as well, may be whose it is.
        let level = |l: &BBox| l.top < b.center().1 && b.center().1 < l.bottom;
        let over = |l: &BBox| l.overlap_y(&own) > 0.0 && l.overlap_x(&b) > 0.0;
        if labels.iter().any(|l| level(l) && l.x0 < b.x0 && l.x1 > own.x0 || over(l)) {
            return Vec::new();
        }
        bottom = bottom.max(b.bottom);
        out.push((b, field));
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet};

    /// A row of labels over a row of numbers; a share stands under its number.
    fn page() -> Page {
        Page::default()
            .text(30.0, 30.0, "１ 県又は政令市の基礎情報")
            .text(30.0, 50.0, "入院精神障害者数（R2年3月時点）")
            .text(60.0, 76.0, "合計")
            .text(180.0, 76.0, "３か月未満（％：構成割合）")
            .text(50.0, 96.0, "2,150人")
            .text(220.0, 96.0, "452人")
            .text(210.0, 108.0, "（21.0％）")
    }

    #[test]
    fn numbers_under_a_row_of_labels() {
        for page in [page(), page().grid(&[30.0, 170.0, 350.0], &[62.0, 84.0, 114.0])] {
            let sheet = sheet(&[page]);
            let value = |key: &str| sheet.measure(key).and_then(|m| m.value.map(|v| v.0.to_string()));
            assert_eq!(value("inpatients_total").as_deref(), Some("2150"));
            assert_eq!(value("inpatients_under_3_months").as_deref(), Some("452"));
            assert_eq!(value("inpatients_under_3_months_share").as_deref(), Some("21.0"));
        }
    }

    #[test]
    fn a_number_under_two_labels_is_of_neither() {
        let page = Page::default()
            .text(30.0, 30.0, "１ 県又は政令市の基礎情報")
            .text(30.0, 60.0, "市町村数")
            .text(80.0, 60.0, "保健所数")
            .text(60.0, 74.0, "12か所");
        let sheet = sheet(&[page]);
        assert!(sheet.measure("public_health_centers").unwrap().value.is_none());
    }
}
