//! Rows: figures that stand beside a label, to its right on a page or behind it on the line of a dump.

use std::ops::Range;

use super::{Reader, Tie};
use crate::figure::{Content, Figure, is_unit};
use crate::label::{Label, Named};
use crate::ledger::Ledger;
use crate::spelling::canonical;

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
        for label in &leaves {
            let Named::Measure(first) = label.named else { continue };
            let row = if stream.has_places {
                self.row_on_page(label, &leaves, figures)
            } else {
                row_on_line(self.ledger, label, &leaves, figures)
            };
            let family: Vec<usize> = (0..self.form.measures.len())
                .filter(|&m| self.form.measures[m].labels == self.form.measures[first].labels)
                .collect();
            let mut open = family;
            for figure in row {
                let unit =
                    figures[figure].unit.as_ref().map(|(u, _)| canonical(u).into_iter().collect::<String>());
                let unit = unit.or_else(|| self.unit_beside(&figures[figure], units));
                let fits = |m: &usize| {
                    let form = &self.form.measures[*m];
                    let same =
                        unit.as_ref().is_none_or(|u| canonical(&form.unit).iter().copied().eq(u.chars()));
                    let places = match figures[figure].content {
                        Content::Number(_, places) => places <= form.places || unit.is_some(),
                        _ => true,
                    };
                    same && places
                };
                if let Some(at) = open.iter().position(fits) {
                    let unit = self.unit_place(&figures[figure], units);
                    ties.push(Tie { figure, measure: open.remove(at), unit });
                }
            }
        }
        ties
    }

    /// The canonical unit that stands in the field to the right, on a page.
    fn unit_beside(&self, figure: &Figure, units: &[String]) -> Option<String> {
        let place = self.unit_place(figure, units)?;
        Some(self.ledger.stream.canonical(place))
    }

    fn unit_place(&self, figure: &Figure, units: &[String]) -> Option<Range<u32>> {
        let stream = self.ledger.stream;
        let own = stream.bbox(figure.atoms.clone())?;
        let page = stream.lines[stream.atoms[figure.atoms.start as usize].line as usize].page;
        let mut best: Option<(f32, Range<u32>)> = None;
        for lines in &self.lines {
            for line in lines.clone().filter(|&l| stream.lines[l as usize].page == page) {
                for field in &stream.fields[stream.lines[line as usize].fields.start as usize
                    ..stream.lines[line as usize].fields.end as usize]
                {
                    let Some(b) = stream.bbox(field.atoms.clone()) else { continue };
                    let gap = b.x0 - own.x1;
                    let level = b.center().1 >= own.top && b.center().1 <= own.bottom;
                    if level && gap > -1.0 && best.as_ref().is_none_or(|(g, _)| gap < *g) {
                        best = Some((gap, field.atoms.clone()));
                    }
                }
            }
        }
        best.map(|(_, atoms)| atoms).filter(|atoms| is_unit(stream, atoms.clone(), units))
    }

    /// The figures to the right of a label within its row, from left to right, up to the next label.
    fn row_on_page(&self, label: &Label, leaves: &[&Label], figures: &[Figure]) -> Vec<usize> {
        let stream = self.ledger.stream;
        let Some(own) = self.ledger.stream.row_extent(&label.atoms) else { return Vec::new() };
        let page = |atoms: &Range<u32>| stream.lines[stream.atoms[atoms.start as usize].line as usize].page;
        let level = |b: &chohyo_layout::BBox, row: &chohyo_layout::BBox| {
            let y = b.center().1;
            row.top <= y && y <= row.bottom
        };
        let right_edge = leaves
            .iter()
            .filter(|l| l.atoms != label.atoms && page(&l.atoms) == page(&label.atoms))
            // The unit behind a number may be spelled as a label is (42 市町村).
            .filter(|l| l.atoms.start == 0 || !stream.atoms[l.atoms.start as usize - 1].ch.is_ascii_digit())
            .filter_map(|l| self.ledger.stream.extent(&l.atoms))
            .filter(|b| b.x0 >= own.x1 - 1.0 && b.overlap_y(&own) > 0.0)
            .map(|b| b.x0)
            .fold(f32::INFINITY, f32::min);
        let mut row: Vec<(f32, usize)> = figures
            .iter()
            .enumerate()
            .filter(|(_, f)| page(&f.atoms) == page(&label.atoms) && self.ledger.is_free(f.atoms.clone()))
            .filter_map(|(i, f)| stream.bbox(f.atoms.clone()).map(|b| (b, i)))
            .filter(|(b, _)| level(b, &own) && b.x0 >= own.x1 - 1.0 && b.x0 < right_edge)
            .map(|(b, i)| (b.x0, i))
            .collect();
        row.sort_by(|a, b| a.0.total_cmp(&b.0));
        row.into_iter().map(|(_, i)| i).collect()
    }

    /// True when a figure stands across the upper or lower edge of its cell.
    pub(super) fn slipped(&self, figure: &Figure) -> bool {
        self.ledger.stream.slipped(&figure.atoms)
    }

    /// True when digits that nothing has claimed stand to the right of a label on its page, within its height.
    pub(super) fn unread_in_row(&self, label: &Label) -> bool {
        let stream = self.ledger.stream;
        let Some(own) = self.ledger.stream.extent(&label.atoms) else { return false };
        let page = stream.lines[stream.atoms[label.atoms.start as usize].line as usize].page;
        let in_label = |f: &Range<u32>| self.labels.iter().any(|l| l.atoms.contains(&f.start));
        self.lines.iter().flat_map(Clone::clone).filter(|&l| stream.lines[l as usize].page == page).any(
            |line| {
                stream.fields_in(stream.lines[line as usize].atoms.clone()).into_iter().any(|field| {
                    let level = stream.bbox(field.clone()).is_some_and(|b| {
                        let y = b.center().1;
                        own.top <= y && y <= own.bottom && b.x0 >= own.x1 - 1.0
                    });
                    let digits = field.clone().all(|i| {
                        let c = stream.atoms[i as usize].ch;
                        c.is_ascii_digit() || matches!(c, '.' | ',')
                    });
                    level && digits && !in_label(&field) && self.ledger.is_free(field)
                })
            },
        )
    }
}

/// The figures behind a label on its line of a dump, up to the next label, and those between its lines.
fn row_on_line(ledger: &Ledger<'_, '_>, label: &Label, leaves: &[&Label], figures: &[Figure]) -> Vec<usize> {
    let stream = ledger.stream;
    let row_of = |part: &Range<u32>| {
        let line = stream.atoms[part.end as usize - 1].line;
        let next = leaves.iter().map(|l| l.atoms.start).filter(|&start| start >= part.end).min();
        part.end..next.unwrap_or(u32::MAX).min(stream.lines[line as usize].atoms.end)
    };
    let rows: Vec<Range<u32>> = label.parts.iter().map(row_of).collect();
    let inside = |f: &Figure| {
        rows.iter().any(|r| r.contains(&f.atoms.start))
            || label.atoms.contains(&f.atoms.start) && !label.parts.iter().any(|p| p.contains(&f.atoms.start))
    };
    figures.iter().enumerate().filter(|(_, f)| inside(f)).map(|(i, _)| i).collect()
}
