//! Rows: figures that stand beside a label, to its right on a page or behind it on the line of a dump.

use std::collections::BTreeMap;
use std::ops::Range;

use chohyo_layout::{BBox, SourceKind};

use super::{Reader, Tie};
use crate::beneath;
use crate::figure::{Content, Figure, is_unit};
use crate::label::{Label, Named};
use crate::ledger::Ledger;
use crate::stream::{Field, Stream};

/// What stands on a page.
#[derive(Default)]
pub(super) struct Here<'l> {
    labels: Vec<&'l Label>,
    pub(super) figures: Vec<usize>,
    /// The figures that nobody has claimed, with their boxes.
    free: Vec<(BBox, usize)>,
}

/// What stands on each page: a long file has many labels, and each is compared with its likes alone.
pub(super) struct Places<'l>(BTreeMap<u32, Here<'l>>);

impl<'l> Places<'l> {
    fn new(ledger: &Ledger<'_, '_>, figures: &[Figure], labels: &[&'l Label]) -> Self {
        let mut places = Self(BTreeMap::new());
        for label in labels {
            places.at(ledger.stream, &label.atoms).labels.push(label);
        }
        for (i, figure) in figures.iter().enumerate() {
            let here = places.at(ledger.stream, &figure.atoms);
            here.figures.push(i);
            let bbox = ledger.stream.bbox(figure.atoms.clone());
            here.free.extend(bbox.filter(|_| ledger.is_free(figure.atoms.clone())).map(|b| (b, i)));
        }
        places
    }

    fn at(&mut self, stream: &Stream<'_>, atoms: &Range<u32>) -> &mut Here<'l> {
        self.0.entry(stream.lines[stream.atoms[atoms.start as usize].line as usize].page).or_default()
    }

    /// What stands on the page of a label, which is one of those the places were made of.
    pub(super) fn on_page_of(&self, stream: &Stream<'_>, label: &Label) -> &Here<'l> {
        static NOTHING: Here<'static> = Here { labels: Vec::new(), figures: Vec::new(), free: Vec::new() };
        let page = stream.lines[stream.atoms[label.atoms.start as usize].line as usize].page;
        self.0.get(&page).unwrap_or(&NOTHING)
    }
}

impl Reader<'_, '_, '_> {
    /// Figures that stand in the row of a label: to its right on a page, behind it on the line of a dump.
    pub(super) fn rows(&mut self, figures: &[Figure], units: &[String]) -> Vec<Tie> {
        let mut ties = Vec::new();
        let stream = self.ledger.stream;
        let leaves: Vec<&Label> = self
            .labels
            .iter()
            .filter(|l| !matches!(l.named, Named::Group(_) | Named::Caption | Named::Text(_)))
            .collect();
        let places = Places::new(self.ledger, figures, &leaves);
        let form_unit = |m: usize| self.form.measures[m].unit.canonical.as_str();
        for label in &leaves {
            if let Named::Share(_) = label.named {
                ties.extend(self.share_row(label, &leaves, figures, units, &places));
                continue;
            }
            let Named::Measure(first) = label.named else { continue };
            let row = if stream.has_places {
                self.row_on_page(label, &leaves, figures, &places)
            } else {
                row_on_line(self.ledger, label, &leaves, figures)
            };
            let family: Vec<usize> = (0..self.form.measures.len())
                .filter(|&m| self.form.measures[m].labels == self.form.measures[first].labels)
                .collect();
            let mut open = family;
            let mut taken: Vec<(usize, usize, Option<String>)> = Vec::new();
            let level = |a: usize, b: usize| {
                let place = |f: usize| stream.bbox(figures[f].atoms.clone());
                place(a).zip(place(b)).is_none_or(|(a, b)| a.overlap_y(&b) > 0.5 * a.height())
            };
            if row.is_empty() && stream.document.kind == SourceKind::Pdf {
                let mut across = self.across(label, figures, units);
                if across.is_empty() {
                    across = self.across_lines(label, &leaves, figures, units);
                }
                for (figure, unit) in across {
                    let fits = |m: &usize| form_unit(*m) == unit;
                    if let Some(at) = open.iter().position(fits) {
                        ties.push(Tie { figure, measure: open.remove(at), unit: None });
                    }
                }
                continue;
            }
            for figure in row {
                let own = figures[figure].unit.as_ref();
                let beside = self.unit_beside(&figures[figure], units);
                let unit = own.or(beside.as_ref()).map(|u| stream.canonical(u.clone()));
                let unit = unit.or_else(|| self.unit_of_label(label, units));
                let unit = unit.or_else(|| self.unit_of_head(&figures[figure], units));
                let fits = |m: &usize| {
                    let form = &self.form.measures[*m];
                    let same = unit.as_ref().is_none_or(|u| form_unit(*m) == u.as_str());
                    let places = match figures[figure].content {
                        Content::Number(_, places) => places <= form.places() || unit.is_some(),
                        _ => true,
                    };
                    same && places
                };
                // One more number that is as much the measure's: the year before, or the change since.
                let rival = || {
                    let same = |(m, f, of): &&(usize, usize, Option<String>)| {
                        fits(m) && *of == unit && level(*f, figure)
                    };
                    taken.iter().find(same).map(|(m, ..)| *m)
                };
                if let Some(at) = open.iter().position(fits) {
                    let measure = open.remove(at);
                    ties.push(Tie { figure, measure, unit: beside });
                    taken.push((measure, figure, unit));
                } else if let Some(measure) = rival() {
                    ties.push(Tie { figure, measure, unit: beside });
                }
            }
        }
        ties
    }

    /// The unit in the brackets of a label on a page: `人口（人）`.
    fn unit_of_label(&self, label: &Label, units: &[String]) -> Option<String> {
        let stream = self.ledger.stream;
        if stream.document.kind != SourceKind::Pdf {
            return None;
        }
        let text = stream.canonical(label.atoms.clone());
        text.split('(').skip(1).filter_map(|b| b.split_once(')')).map(|(inner, _)| inner).find_map(|inner| {
            let inner = inner.trim_start_matches("単位").trim_start_matches(':');
            units.iter().find(|u| *u == inner).cloned()
        })
    }

    /// The unit that the head over the column of a figure names, in brackets or by being one of shares.
    fn unit_of_head(&self, figure: &Figure, units: &[String]) -> Option<String> {
        let stream = self.ledger.stream;
        let line = |at: u32| &stream.lines[stream.atoms[at as usize].line as usize];
        let (t, _) = line(figure.atoms.start).cell?;
        let (page, own) = (line(figure.atoms.start).page, stream.bbox(figure.atoms.clone())?);
        let column = stream.extent(&figure.atoms)?;
        let over = |atoms: &Range<u32>| {
            let l = line(atoms.start);
            let b = stream.extent(atoms)?;
            let above = l.page == page && l.cell.is_some_and(|c| c.0 == t) && b.bottom <= own.top + 1.0;
            let text = stream.bbox(atoms.clone())?;
            let over = b.overlap_x(&column) > 0.5 * b.width().min(column.width())
                && self.is_nearest(&own, &text, page);
            (above && over).then_some(b.bottom)
        };
        let mut best: Option<(f32, String)> = None;
        let mut put = |bottom: f32, unit: String| {
            if best.as_ref().is_none_or(|(b, _)| bottom > *b) {
                best = Some((bottom, unit));
            }
        };
        for label in self.labels.iter().filter(|l| matches!(l.named, Named::Share(_))) {
            let Named::Share(share) = label.named else { continue };
            let measure = self.form.measures.iter().find(|m| m.key == self.form.shares[share].share);
            if let (Some(bottom), Some(measure)) = (over(&label.atoms), measure) {
                put(bottom, measure.unit.canonical.clone());
            }
        }
        for l in self.lines.iter().flat_map(Clone::clone).filter(|&l| stream.lines[l as usize].page == page) {
            let atoms = stream.lines[l as usize].atoms.clone();
            if atoms.is_empty() || stream.atoms[atoms.end as usize - 1].ch != ')' {
                continue;
            }
            let text = stream.canonical(atoms.clone());
            let inner = text.rsplit_once('(').map_or("", |(_, inner)| inner.trim_end_matches(')'));
            let unit = units.iter().find(|u| *u == inner.trim_start_matches("単位").trim_start_matches(':'));
            if let (Some(unit), Some(bottom)) = (unit, over(&atoms)) {
                put(bottom, unit.clone());
            }
        }
        best.map(|(_, unit)| unit)
    }

    /// True when no other text of its row is nearer to the column of a figure than this head.
    fn is_nearest(&self, figure: &BBox, head: &BBox, page: u32) -> bool {
        let stream = self.ledger.stream;
        let off = |b: &BBox| (b.center().0 - figure.center().0).abs().min((b.x1 - figure.x1).abs());
        let lines =
            self.lines.iter().flat_map(Clone::clone).filter(|&l| stream.lines[l as usize].page == page);
        let mut beside = lines.flat_map(|l| stream.fields_of(l)).filter_map(|f| f.bbox);
        !beside.any(|b| {
            (b.center().1 - head.center().1).abs() < 0.3 * head.height() && off(&b) + 0.5 < off(head)
        })
    }

    /// The unit that stands in the field to the right, on a page.
    pub(super) fn unit_beside(&self, figure: &Figure, units: &[String]) -> Option<Range<u32>> {
        let stream = self.ledger.stream;
        let own = stream.bbox(figure.atoms.clone())?;
        let page = stream.lines[stream.atoms[figure.atoms.start as usize].line as usize].page;
        let mut best: Option<(f32, Range<u32>)> = None;
        for field in stream.on_page(&self.lines, page).flat_map(|line| stream.fields_of(line)) {
            let Some(b) = field.bbox else { continue };
            let gap = b.x0 - own.x1;
            let level = b.center().1 >= own.top && b.center().1 <= own.bottom;
            if level && gap > -1.0 && best.as_ref().is_none_or(|(g, _)| gap < *g) {
                best = Some((gap, field.atoms.clone()));
            }
        }
        best.map(|(_, atoms)| atoms).filter(|atoms| is_unit(stream, atoms.clone(), units))
    }

    /// The figures to the right of a label within its row, from left to right, up to the next label.
    ///
    /// `places` says which figures and labels stand on its page.
    fn row_on_page(
        &self,
        label: &Label,
        leaves: &[&Label],
        figures: &[Figure],
        places: &Places<'_>,
    ) -> Vec<usize> {
        let stream = self.ledger.stream;
        // A cell or box that holds numbers beside its labels is no row: each label's line is one.
        let home = |at: u32| {
            let line = &stream.lines[stream.atoms[at as usize].line as usize];
            (line.page, line.block, line.cell)
        };
        let here = places.on_page_of(stream, label);
        let own_home = home(label.atoms.start);
        let at_home: Vec<usize> =
            here.figures.iter().copied().filter(|&f| home(figures[f].atoms.start) == own_home).collect();
        if stream.document.kind == SourceKind::Pdf && !at_home.is_empty() {
            let row = self.row_in_box(label, leaves, figures, &at_home);
            let in_cell = stream.lines[stream.atoms[label.atoms.start as usize].line as usize].cell.is_some();
            // A paragraph is no box: what stands beside its lines may be another one.
            if !row.is_empty() || in_cell {
                return row;
            }
        }
        let row = self.figures_beside(label, places);
        if row.is_empty() && stream.document.kind == SourceKind::Pdf {
            return self.under(label, leaves, figures);
        }
        row
    }

    /// The figures to the right of a label at the height of its row.
    pub(super) fn figures_beside(&self, label: &Label, places: &Places<'_>) -> Vec<usize> {
        let stream = self.ledger.stream;
        let here = places.on_page_of(stream, label);
        let Some(own) = self.ledger.stream.row_extent(&label.atoms) else { return Vec::new() };
        let level = |b: &BBox, row: &BBox| {
            let y = b.center().1;
            row.top <= y && y <= row.bottom
        };
        // The labels to its right: what stands behind one of them in its row is that label's.
        let unit = match label.named {
            Named::Measure(m) => self.form.measures[m].unit.canonical.as_str(),
            _ => "",
        };
        let others: Vec<BBox> = here
            .labels
            .iter()
            .filter(|l| l.atoms != label.atoms)
            // The unit behind a number may be spelled as a label is (42 市町村), and the one in a column of its own.
            .filter(|l| l.atoms.start == 0 || !stream.atoms[l.atoms.start as usize - 1].ch.is_ascii_digit())
            .filter(|l| !matches!(l.named, Named::RatioRow(..)) || stream.spelled(l.atoms.clone()) != unit)
            .filter_map(|l| self.ledger.stream.row_extent(&l.atoms))
            .filter(|b| b.x0 >= own.x1 - 1.0 && b.overlap_y(&own) > 0.0)
            .collect();
        let of_another = |b: &BBox| others.iter().any(|o| o.x0 <= b.x0 && level(b, o));
        let mut row: Vec<(f32, usize)> = here
            .free
            .iter()
            .filter(|(b, _)| level(b, &own) && b.x0 >= own.x1 - 1.0 && !of_another(b))
            .map(|&(b, i)| (b.x0, i))
            .collect();
        row.sort_by(|a, b| a.0.total_cmp(&b.0));
        row.into_iter().map(|(_, i)| i).collect()
    }

    /// The figures right under a label that has none in its row: boxes side by side, or a row of labels over one of
    /// numbers. Each has its unit beside it, and no two have the same.
    fn under(&self, label: &Label, leaves: &[&Label], figures: &[Figure]) -> Vec<usize> {
        // The name of a share under a number stands before the share, and over nothing.
        let is_share = |l: &&&Label| matches!(l.named, Named::Share(_));
        let atoms = |l: &&Label| l.atoms.clone();
        let others: Vec<Range<u32>> = leaves.iter().filter(|l| !is_share(l)).map(atoms).collect();
        let shares: Vec<Range<u32>> = leaves.iter().filter(is_share).map(atoms).collect();
        let stream = self.ledger.stream;
        let mut fields = beneath::fields(stream, &self.lines, &label.atoms, &others);
        let line = |at: u32| stream.atoms[at as usize].line;
        fields.retain(|f| !shares.iter().any(|s| line(s.start) == line(f.start)));
        let found: Vec<usize> = (0..figures.len())
            .filter(|&f| fields.iter().any(|field| field.contains(&figures[f].atoms.start)))
            .filter(|&f| self.ledger.is_free(figures[f].atoms.clone()))
            .collect();
        let unit = |f: &usize| figures[*f].unit.as_ref().map(|u| stream.spelled(u.clone()));
        let mut units: Vec<Option<&str>> = found.iter().map(unit).collect();
        units.sort();
        units.dedup();
        if units.len() < found.len() || units.contains(&None) { Vec::new() } else { found }
    }

    /// The figures of a label among those in its cell, box or paragraph: behind it at the height of its lines,
    /// or else right under it; up to the next label.
    fn row_in_box(
        &self,
        label: &Label,
        leaves: &[&Label],
        figures: &[Figure],
        at_home: &[usize],
    ) -> Vec<usize> {
        let stream = self.ledger.stream;
        let boxed = |atoms: &Range<u32>| stream.bbox(atoms.clone());
        // Its date may stand under its name, with the number of the row between the two in the order of reading.
        let Some(own) = label.parts.iter().filter_map(boxed).reduce(|a, b| a.union(&b)) else {
            return Vec::new();
        };
        let Some(last) = label.parts.last().and_then(boxed) else { return Vec::new() };
        let others: Vec<BBox> =
            leaves.iter().filter(|l| l.atoms != label.atoms).filter_map(|l| boxed(&l.atoms)).collect();
        let level = |a: &BBox, b: &BBox| {
            let y = b.center().1;
            a.top <= y && y <= a.bottom
        };
        let page = |atoms: &Range<u32>| stream.lines[stream.atoms[atoms.start as usize].line as usize].page;
        let edge = leaves
            .iter()
            .filter(|l| l.atoms != label.atoms && page(&l.atoms) == page(&label.atoms))
            .filter_map(|l| boxed(&l.atoms))
            .filter(|b| b.x0 >= last.x1 - 1.0 && level(&own, b))
            .map(|b| b.x0)
            .fold(f32::INFINITY, f32::min);
        let placed: Vec<(BBox, usize)> = at_home
            .iter()
            .filter(|&&f| self.ledger.is_free(figures[f].atoms.clone()))
            .filter_map(|&f| boxed(&figures[f].atoms).map(|b| (b, f)))
            .collect();
        let beside = placed.iter().filter(|(b, _)| level(&own, b) && b.x0 >= last.x1 - 1.0 && b.x0 < edge);
        let mut row: Vec<(BBox, usize)> = beside.copied().collect();
        if row.is_empty() {
            // Nothing but the number stands between the label and what follows it.
            let under = placed.iter().filter(|(b, _)| {
                let gap = b.top - last.bottom;
                let between = |o: &BBox| o.top >= own.bottom - 1.0 && o.center().1 <= b.center().1;
                gap >= -1.0
                    && gap <= 1.5 * b.height()
                    && b.x0 < own.x1
                    && own.x0 < b.x1
                    && !others.iter().any(between)
            });
            row = under.copied().collect();
        }
        row.sort_by(|a, b| a.0.x0.total_cmp(&b.0.x0));
        row.into_iter().map(|(_, f)| f).collect()
    }
}

/// The figures behind a label on its line of a dump, up to the next label, and those between its lines.
fn row_on_line(ledger: &Ledger<'_, '_>, label: &Label, leaves: &[&Label], figures: &[Figure]) -> Vec<usize> {
    let stream = ledger.stream;
    let row_of = |part: &Range<u32>| {
        let line = stream.atoms[part.end as usize - 1].line;
        let next = leaves.iter().map(|l| l.atoms.start).filter(|&start| start >= part.end).min();
        let end = next.unwrap_or(u32::MAX).min(stream.lines[line as usize].atoms.end);
        // Some dumps write cells without a space between them (`1,601,140精神科病院の数 28`): where digits of no figure
        // stand, the number may be among them, and what follows is another row's.
        let behind = |field: &Field| field.atoms.start.max(part.end)..field.atoms.end.min(end);
        let unread = |rest: &Range<u32>| {
            rest.clone().any(|i| stream.atoms[i as usize].ch.is_ascii_digit())
                && !figures.iter().any(|f| rest.contains(&f.atoms.start))
        };
        let stop = stream.fields_of(line).iter().map(behind).find(unread).map(|rest| rest.start);
        part.end..stop.unwrap_or(end)
    };
    let rows: Vec<Range<u32>> = label.parts.iter().map(row_of).collect();
    let inside = |f: &Figure| {
        rows.iter().any(|r| r.contains(&f.atoms.start))
            || label.atoms.contains(&f.atoms.start) && !label.parts.iter().any(|p| p.contains(&f.atoms.start))
    };
    figures.iter().enumerate().filter(|(_, f)| inside(f)).map(|(i, _)| i).collect()
}

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet};
    use crate::sheet::{Sheet, Status};

    fn heading() -> Page {
        Page::default().text(30.0, 30.0, "１ 県又は政令市の基礎情報")
    }

    fn value(sheet: &Sheet, key: &str) -> Option<String> {
        sheet.measure(key).and_then(|m| m.value.map(|v| v.0.to_string()))
    }

    #[test]
    fn numbers_behind_a_colon_and_in_brackets() {
        let page = heading()
            .text(30.0, 60.0, "人口（R2年4月時点）：1,087,723 人")
            .text(30.0, 75.0, "精神科病床数（R2年4月時点）：2,674床")
            .text(30.0, 90.0, "入院精神障害者数（R2年3月時点）")
            .text(45.0, 105.0, "合計：2,150人")
            .text(45.0, 120.0, "３か月未満（％：構成割合）：452人（21.0％）");
        let sheet = sheet(&[page]);
        assert_eq!(value(&sheet, "population").as_deref(), Some("1087723"));
        assert_eq!(value(&sheet, "psychiatric_beds").as_deref(), Some("2674"));
        assert_eq!(value(&sheet, "inpatients_total").as_deref(), Some("2150"));
        assert_eq!(value(&sheet, "inpatients_under_3_months").as_deref(), Some("452"));
        assert_eq!(value(&sheet, "inpatients_under_3_months_share").as_deref(), Some("21.0"));
        assert!(sheet.measures.iter().filter(|m| m.value.is_some()).all(|m| m.status == Status::Read));
    }

    #[test]
    fn cells_written_without_a_space_are_no_row() {
        let dump = "仙台市\n\n１ 県又は政令市の基礎情報\n\n市町村数（R3年4月時点） 1 市町村\n\
            人口（R3年4月時点） 1,601,140精神科病院の数（R3年4月時点） 28\n";
        let sheet = crate::extract_sheet(dump).unwrap();
        assert_eq!(value(&sheet, "municipalities").as_deref(), Some("1"));
        assert_eq!(value(&sheet, "population"), None);
    }

    #[test]
    fn a_number_under_its_label_in_a_box() {
        let page = heading()
            .grid(&[30.0, 230.0], &[50.0, 90.0])
            .text(35.0, 64.0, "人口（R2年4月時点）")
            .text(90.0, 80.0, "1,087,723人")
            .grid(&[250.0, 450.0], &[50.0, 90.0])
            .text(255.0, 64.0, "精神科病床数（R2年4月時点）")
            .text(310.0, 80.0, "2,674床");
        let sheet = sheet(&[page]);
        assert_eq!(value(&sheet, "population").as_deref(), Some("1087723"));
        assert_eq!(value(&sheet, "psychiatric_beds").as_deref(), Some("2674"));
    }

    #[test]
    fn a_part_of_a_broken_number_is_no_number() {
        // The cell is so narrow that the number breaks after any digit.
        let page = heading()
            .grid(&[30.0, 230.0, 262.0, 300.0], &[50.0, 85.0, 120.0])
            .text(35.0, 64.0, "精神科病院の数（R2年4月時点）")
            .text(238.0, 64.0, "１３")
            .text(248.0, 75.0, "２")
            .text(268.0, 64.0, "病院")
            .text(35.0, 99.0, "精神科病床数（R2年4月時点）")
            .text(238.0, 99.0, "８００")
            .text(268.0, 99.0, "床");
        let sheet = sheet(&[page]);
        assert_ne!(value(&sheet, "psychiatric_hospitals").as_deref(), Some("13"));
        assert_eq!(value(&sheet, "psychiatric_beds").as_deref(), Some("800"));
    }

    #[test]
    fn a_share_in_a_row_of_its_own_and_units_in_labels() {
        let page = heading()
            .grid(&[30.0, 230.0, 330.0], &[50.0, 70.0, 90.0, 110.0])
            .text(35.0, 64.0, "人口（人）")
            .text(238.0, 64.0, "1,087,723")
            .text(35.0, 84.0, "３か月未満（人）")
            .text(238.0, 84.0, "452")
            .text(35.0, 104.0, "　構成割合（％）")
            .text(238.0, 104.0, "21.0");
        let sheet = sheet(&[page]);
        assert_eq!(value(&sheet, "population").as_deref(), Some("1087723"));
        assert_eq!(value(&sheet, "inpatients_under_3_months").as_deref(), Some("452"));
        assert_eq!(value(&sheet, "inpatients_under_3_months_share").as_deref(), Some("21.0"));
    }

    #[test]
    fn numbers_in_brackets_with_their_units() {
        let page = heading()
            .grid(&[30.0, 230.0, 330.0, 430.0], &[50.0, 70.0, 90.0])
            .text(35.0, 64.0, "３か月未満")
            .text(238.0, 64.0, "452人")
            .text(338.0, 64.0, "（21.0％）")
            .text(35.0, 84.0, "１年以上")
            .text(238.0, 84.0, "1,208人")
            .text(338.0, 84.0, "（56.2")
            .text(385.0, 84.0, "％）");
        let sheet = sheet(&[page]);
        assert_eq!(value(&sheet, "inpatients_under_3_months_share").as_deref(), Some("21.0"));
        assert_eq!(value(&sheet, "inpatients_over_1_year_share").as_deref(), Some("56.2"));
        assert_eq!(sheet.measure("inpatients_over_1_year_share").unwrap().unit.as_deref(), Some("％"));
    }

    #[test]
    fn several_numbers_of_one_unit_in_a_row() {
        let page = heading()
            .grid(&[30.0, 230.0, 330.0, 430.0], &[50.0, 70.0, 90.0])
            .text(35.0, 64.0, "人口")
            .text(238.0, 64.0, "1,090,112人")
            .text(338.0, 64.0, "1,087,723人")
            .text(35.0, 84.0, "精神科病床数")
            .text(238.0, 84.0, "800床")
            .text(338.0, 84.0, "800床");
        let sheet = sheet(&[page]);
        let population = sheet.measure("population").unwrap();
        assert_eq!((population.status, population.value), (Status::Ambiguous, None));
        let raw: Vec<&str> = population.candidates.iter().map(|c| c.raw.as_str()).collect();
        assert_eq!(raw, ["1,090,112", "1,087,723"]);
        // Whichever of these it is, it says the same.
        assert_eq!(value(&sheet, "psychiatric_beds").as_deref(), Some("800"));
    }

    #[test]
    fn a_share_alone_under_its_head_is_no_count() {
        let page = heading()
            .grid(&[30.0, 230.0, 330.0, 430.0], &[50.0, 70.0, 90.0])
            .text(35.0, 64.0, "在院期間")
            .text(238.0, 64.0, "人数（人）")
            .text(338.0, 64.0, "構成割合（％）")
            .text(35.0, 84.0, "３か月未満")
            .text(338.0, 84.0, "21");
        let sheet = sheet(&[page]);
        assert_eq!(value(&sheet, "inpatients_under_3_months"), None);
        assert_eq!(value(&sheet, "inpatients_under_3_months_share").as_deref(), Some("21"));
    }

    #[test]
    fn labels_behind_the_name_of_their_group() {
        let page = heading()
            .grid(&[30.0, 230.0, 330.0], &[50.0, 70.0, 90.0])
            .text(35.0, 64.0, "入院精神障害者数（合計）")
            .text(238.0, 64.0, "2,150人")
            .text(35.0, 84.0, "退院率　入院後３か月時点")
            .text(238.0, 84.0, "61.5％");
        let sheet = sheet(&[page]);
        assert_eq!(value(&sheet, "inpatients_total").as_deref(), Some("2150"));
        assert_eq!(value(&sheet, "discharge_rate_3_months").as_deref(), Some("61.5"));
    }

    #[test]
    fn rows_named_within_the_row_of_a_label() {
        // 人数 is no label of the form; 構成割合 is one, and what stands behind it is a share.
        let page = heading()
            .grid(&[30.0, 130.0, 230.0, 330.0], &[50.0, 90.0])
            .grid(&[130.0, 230.0, 330.0], &[70.0, 90.0])
            .text(35.0, 74.0, "３か月未満")
            .text(135.0, 64.0, "人数")
            .text(238.0, 64.0, "452人")
            .text(135.0, 84.0, "構成割合")
            .text(238.0, 84.0, "21.0％");
        let sheet = sheet(&[page.grid(&[230.0, 330.0], &[50.0, 70.0, 90.0])]);
        assert_eq!(value(&sheet, "inpatients_under_3_months").as_deref(), Some("452"));
        assert_eq!(value(&sheet, "inpatients_under_3_months_share").as_deref(), Some("21.0"));
    }

    #[test]
    fn a_unit_before_its_number_is_no_row_of_ratios() {
        let page = heading()
            .grid(&[30.0, 230.0, 330.0, 430.0], &[50.0, 70.0])
            .text(35.0, 64.0, "市町村数")
            .text(238.0, 64.0, "市町村")
            .text(338.0, 64.0, "33");
        assert_eq!(value(&sheet(&[page]), "municipalities").as_deref(), Some("33"));
    }

    #[test]
    fn a_remark_close_behind_a_number() {
        // The remark is no word of the number's cell: white space parts the two.
        let page = heading().text(35.0, 64.0, "人口（R2年4月時点）").text(238.0, 64.0, "1,087,723人").text(
            296.0,
            64.0,
            "速報値",
        );
        let sheet = sheet(&[page]);
        assert_eq!(value(&sheet, "population").as_deref(), Some("1087723"));
    }
}
