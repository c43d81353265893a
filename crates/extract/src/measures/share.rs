//! Shares with a name of their own: in the row under the measure that they are of, or in one box under its number.

use super::row::Places;
use super::{Reader, Tie};
use crate::figure::Figure;
use crate::label::{Label, Named};

/// How far under a label, in heights of a line, the name of its share may stand in one box: a large number stands between.
const SHARE_UNDER: f32 = 4.0;

impl Reader<'_, '_, '_> {
    /// A row of its own for the share of the measure over it: one number behind a name that all shares have.
    pub(super) fn share_row(
        &self,
        label: &Label,
        leaves: &[&Label],
        figures: &[Figure],
        units: &[String],
        places: &Places<'_>,
    ) -> Option<Tie> {
        let stream = self.ledger.stream;
        let in_box = self.share_in_box(label, leaves, figures, places);
        let over = if let Some((over, _)) = in_box {
            over
        } else {
            let at = leaves.iter().position(|l| l.atoms == label.atoms)?;
            *leaves.get(at.checked_sub(1)?)?
        };
        let Named::Measure(part) = over.named else { return None };
        let (own, above) = (stream.bbox(label.atoms.clone())?, stream.bbox(over.atoms.clone())?);
        let page = |l: &Label| stream.lines[stream.atoms[l.atoms.start as usize].line as usize].page;
        if page(label) != page(over) || above.x0 > own.x1 {
            return None;
        }
        let share = self.form.shares.iter().find(|s| {
            self.form.measures.iter().any(|m| m.key == s.part && m.labels == self.form.measures[part].labels)
        })?;
        let measure = self.form.measures.iter().position(|m| m.key == share.share)?;
        let row = in_box.map_or_else(|| self.figures_beside(label, places), |(_, figure)| vec![figure]);
        let [figure] = row[..] else { return None };
        let unit = self.unit_beside(&figures[figure], units);
        let said = figures[figure].unit.as_ref().or(unit.as_ref());
        let form = &self.form.measures[measure].unit.canonical;
        let fits = said.is_none_or(|u| stream.spelled(u.clone()) == form);
        fits.then_some(Tie { figure, measure, unit })
    }

    /// The number behind the name of a share in one cell or box, and the label under which the two stand.
    fn share_in_box<'l>(
        &self,
        label: &Label,
        leaves: &[&'l Label],
        figures: &[Figure],
        places: &Places<'_>,
    ) -> Option<(&'l Label, usize)> {
        let stream = self.ledger.stream;
        let line = |at: u32| &stream.lines[stream.atoms[at as usize].line as usize];
        let (own, home) = (stream.bbox(label.atoms.clone())?, line(label.atoms.start));
        let behind = |f: &usize| {
            let l = line(figures[*f].atoms.start);
            let b = stream.bbox(figures[*f].atoms.clone());
            let beside = b.is_some_and(|b| b.x0 >= own.x1 - 1.0 && b.overlap_y(&own) > 0.5 * own.height());
            beside && (l.block, l.cell) == (home.block, home.cell)
        };
        let here = places.on_page_of(stream, label);
        let figure = here.figures.iter().copied().find(behind)?;
        home.cell?;
        let over = leaves.iter().filter(|l| line(l.atoms.start).page == home.page);
        let over = over.filter_map(|l| stream.bbox(l.atoms.clone()).map(|b| (b, *l)));
        let above = over.filter(|(b, _)| b.bottom <= own.top + 1.0 && b.overlap_x(&own) > 0.0);
        let (b, nearest) = above.reduce(|a, b| if b.0.bottom > a.0.bottom { b } else { a })?;
        (own.top - b.bottom <= SHARE_UNDER * own.height()).then_some((nearest, figure))
    }
}

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet};

    #[test]
    fn a_share_under_the_number_of_its_box() {
        let page = Page::default()
            .text(30.0, 30.0, "１ 県又は政令市の基礎情報")
            .text(30.0, 46.0, "入院精神障害者数（R2年3月時点）")
            .grid(&[30.0, 200.0, 370.0], &[50.0, 110.0])
            .text(90.0, 64.0, "合計")
            .text(85.0, 82.0, "2,150人")
            .text(260.0, 64.0, "３か月未満")
            .text(265.0, 82.0, "452人")
            .text(250.0, 98.0, "構成割合 21.0％");
        let sheet = sheet(&[page]);
        let value = |key: &str| sheet.measure(key).and_then(|m| m.value.map(|v| v.0.to_string()));
        assert_eq!(value("inpatients_total").as_deref(), Some("2150"));
        assert_eq!(value("inpatients_under_3_months").as_deref(), Some("452"));
        assert_eq!(value("inpatients_under_3_months_share").as_deref(), Some("21.0"));
    }
}
