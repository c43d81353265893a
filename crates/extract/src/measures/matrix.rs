//! Measures across: their labels head columns, and the rows under them say in their first cell what they count
//! (`人数（人）`, `割合（％）`).

use std::ops::Range;

use chohyo_layout::BBox;

use super::Reader;
use crate::figure::Figure;
use crate::label::{Label, Named};

/// How far apart, in heights of a line, heads of one row may stand, and how far under them their numbers.
const HEADS: f32 = 2.5;
const ROWS: f32 = 8.0;

impl Reader<'_, '_, '_> {
    /// The figures in the cells under a label, each with the unit that its row names.
    pub(super) fn across(&self, label: &Label, figures: &[Figure], units: &[String]) -> Vec<(usize, String)> {
        let stream = self.ledger.stream;
        let line = |at: u32| &stream.lines[stream.atoms[at as usize].line as usize];
        let home = line(label.atoms.start);
        let Some((t, c)) = home.cell else { return Vec::new() };
        let table = &stream.document.pages[home.page as usize].tables[t as usize];
        let own = &table.cells[c as usize];
        let mut out = Vec::new();
        let mut row = own.rows.end;
        while row < table.rows {
            let cell = |x: &dyn Fn(&chohyo_layout::Cell) -> bool| {
                table.cells.iter().position(|o| o.rows.contains(&row) && x(o))
            };
            let Some(below) = cell(&|o| o.columns == own.columns) else { break };
            let Some(stub) = cell(&|o| o.columns.start == 0 && o.columns.end <= own.columns.start) else {
                break;
            };
            let Some(unit) = self.unit_of_row((home.page, t, stub as u32), units) else { break };
            let inside = |f: &usize| {
                let l = line(figures[*f].atoms.start);
                (l.page, l.cell) == (home.page, Some((t, below as u32)))
            };
            let mut found = (0..figures.len()).filter(inside);
            if let (Some(figure), None) = (found.next(), found.next())
                && self.ledger.is_free(figures[figure].atoms.clone())
            {
                out.push((figure, unit));
            }
            row = table.cells[below].rows.end;
        }
        out
    }

    /// The same where no ruling tells the columns: the figures nearest to the middle of this label among those of its
    /// row, in lines under it that begin with what they count.
    pub(super) fn across_lines(
        &self,
        label: &Label,
        leaves: &[&Label],
        figures: &[Figure],
        units: &[String],
    ) -> Vec<(usize, String)> {
        let stream = self.ledger.stream;
        let line = |at: u32| &stream.lines[stream.atoms[at as usize].line as usize];
        let page = line(label.atoms.start).page;
        let Some(own) = stream.bbox(label.atoms.clone()) else { return Vec::new() };
        let heads: Vec<BBox> = leaves
            .iter()
            .filter(|l| matches!(l.named, Named::Measure(_)) && line(l.atoms.start).page == page)
            .filter_map(|l| stream.bbox(l.atoms.clone()))
            .filter(|b| (b.center().1 - own.center().1).abs() <= HEADS * own.height())
            .collect();
        let bottom = heads.iter().map(|b| b.bottom).fold(own.bottom, f32::max);
        let left = heads.iter().map(|b| b.x0).fold(own.x0, f32::min);
        if heads.len() < 3 {
            return Vec::new();
        }
        let mut out = Vec::new();
        for at in stream.on_page(&self.lines, page) {
            let Some(stub) = stream.fields_of(at).first() else { continue };
            let Some(b) = stub.bbox.filter(|b| b.x0 < left && b.top >= bottom - 1.0) else { continue };
            if b.top > bottom + ROWS * b.height() {
                continue;
            }
            let Some(unit) = self.unit_of_text(stub.atoms.clone(), units) else { continue };
            let nearest = |f: &BBox| {
                heads.iter().map(|h| (h.center().0 - f.center().0).abs()).fold(f32::INFINITY, f32::min)
            };
            let inside = |f: &usize| {
                let atoms = &figures[*f].atoms;
                let level = |f: &BBox| (f.center().1 - b.center().1).abs() < 0.5 * b.height();
                let off = |f: &BBox| (own.center().0 - f.center().0).abs();
                line(atoms.start).page == page
                    && stream.bbox(atoms.clone()).is_some_and(|f| {
                        f.x0 >= b.x1 && level(&f) && f.overlap_x(&own) > 0.0 && off(&f) <= nearest(&f) + 0.1
                    })
            };
            let mut found = (0..figures.len()).filter(inside);
            if let (Some(figure), None) = (found.next(), found.next())
                && self.ledger.is_free(figures[figure].atoms.clone())
            {
                out.push((figure, unit));
            }
        }
        out
    }

    /// The unit that the first cell of a row has in brackets, or that of the shares, where it is their name.
    fn unit_of_row(&self, (page, table, cell): (u32, u32, u32), units: &[String]) -> Option<String> {
        let lines = self.ledger.stream.lines_of_cell(page, table, cell);
        let mut full = lines.iter().filter(|l| !l.atoms.is_empty());
        let first = full.next()?.atoms.clone();
        self.unit_of_text(first.start..full.next_back().map_or(first.end, |l| l.atoms.end), units)
    }

    fn unit_of_text(&self, atoms: Range<u32>, units: &[String]) -> Option<String> {
        let text = self.ledger.stream.spelled(atoms.clone());
        let inner = text.strip_suffix(')').and_then(|t| t.rsplit_once('(')).map_or("", |(_, inner)| inner);
        let inner = inner.trim_start_matches("単位").trim_start_matches(':');
        if let Some(unit) = units.iter().find(|u| *u == inner || *u == text) {
            return Some(unit.clone());
        }
        let share = self.labels.iter().find(|l| l.atoms.start == atoms.start).map(|l| l.named);
        let Some(Named::Share(share)) = share else { return None };
        let measure = self.form.measures.iter().find(|m| m.key == self.form.shares[share].share)?;
        Some(measure.unit.canonical.clone())
    }
}

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet};

    #[test]
    fn labels_as_heads_of_columns_without_rulings() {
        let page = Page::default()
            .text(30.0, 30.0, "１ 県又は政令市の基礎情報")
            .text(30.0, 46.0, "入院精神障害者数（R2年3月時点）")
            .text(150.0, 64.0, "合計")
            .text(235.0, 64.0, "３か月未満")
            .text(335.0, 64.0, "１年以上")
            .text(35.0, 84.0, "人数（人）")
            .text(150.0, 84.0, "2,150")
            .text(250.0, 84.0, "452")
            .text(345.0, 84.0, "1,208")
            .text(35.0, 104.0, "割合（％）")
            .text(250.0, 104.0, "21.0")
            .text(345.0, 104.0, "56.2");
        let sheet = sheet(&[page]);
        let value = |key| sheet.measure(key).and_then(|m| m.value.map(|v| v.0.to_string()));
        assert_eq!(value("inpatients_total").as_deref(), Some("2150"));
        assert_eq!(value("inpatients_under_3_months").as_deref(), Some("452"));
        assert_eq!(value("inpatients_over_1_year_share").as_deref(), Some("56.2"));
    }

    #[test]
    fn labels_as_heads_of_columns() {
        let page = Page::default()
            .text(30.0, 30.0, "１ 県又は政令市の基礎情報")
            .text(30.0, 46.0, "入院精神障害者数（R2年3月時点）")
            .grid(&[30.0, 130.0, 230.0, 330.0], &[50.0, 70.0, 90.0, 110.0])
            .text(135.0, 64.0, "合計")
            .text(235.0, 64.0, "３か月未満")
            .text(35.0, 84.0, "人数（人）")
            .text(150.0, 84.0, "2,150")
            .text(250.0, 84.0, "452")
            .text(35.0, 104.0, "割合（％）")
            .text(250.0, 104.0, "21.0");
        let sheet = sheet(&[page]);
        let value = |key| sheet.measure(key).and_then(|m| m.value.map(|v| v.0.to_string()));
        assert_eq!(value("inpatients_total").as_deref(), Some("2150"));
        assert_eq!(value("inpatients_under_3_months").as_deref(), Some("452"));
        assert_eq!(value("inpatients_under_3_months_share").as_deref(), Some("21.0"));
    }
}
