//! Measures across: their labels head columns, and the rows under them say in their first cell what they count
//! (`人数（人）`, `割合（％）`).

use super::Reader;
use crate::figure::Figure;
use crate::label::{Label, Named};
use crate::spelling::canonical;

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

    /// The unit that the first cell of a row has in brackets, or that of the shares, where it is their name.
    fn unit_of_row(&self, (page, table, cell): (u32, u32, u32), units: &[String]) -> Option<String> {
        let stream = self.ledger.stream;
        let lines = stream.lines_of_cell(page, table, cell);
        let first = lines.iter().find(|l| !l.atoms.is_empty())?.atoms.start;
        let text: String = lines.iter().map(|l| stream.spelled(l.atoms.clone())).collect();
        let inner = text.strip_suffix(')').and_then(|t| t.rsplit_once('(')).map_or("", |(_, inner)| inner);
        let inner = inner.trim_start_matches("単位").trim_start_matches(':');
        if let Some(unit) = units.iter().find(|u| *u == inner || **u == text) {
            return Some(unit.clone());
        }
        let share = self.labels.iter().find(|l| l.atoms.start == first).map(|l| l.named);
        let Some(Named::Share(share)) = share else { return None };
        let measure = self.form.measures.iter().find(|m| m.key == self.form.shares[share].share)?;
        Some(canonical(&measure.unit).into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet};

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
