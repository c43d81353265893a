//! Digits that are no whole number: a narrow cell breaks one, and text slips out of its row.

use std::ops::Range;

use chohyo_layout::{BBox, SourceKind};

use super::Reader;
use crate::beneath::cells_under;
use crate::figure::{Figure, is_unit};
use crate::label::Label;
use crate::stream::Stream;

/// A field of nothing but digits: its page, its box and its atoms.
pub(super) type Digits = (u32, BBox, Range<u32>);

impl Reader<'_, '_, '_> {
    /// True when a figure stands across the upper or lower edge of its cell.
    pub(super) fn slipped(&self, figure: &Figure) -> bool {
        self.ledger.stream.slipped(&figure.atoms)
    }

    /// The fields of the section that are nothing but digits, with their pages and boxes.
    pub(super) fn digits(&self) -> Vec<Digits> {
        let stream = self.ledger.stream;
        let lines = self.lines.iter().flat_map(Clone::clone);
        let fields = lines.flat_map(|l| stream.fields_of(l).iter().map(move |f| (l, f)));
        let placed = fields.filter_map(|(l, f)| Some((stream.lines[l as usize].page, f.bbox?, &f.atoms)));
        placed.filter(|(.., f)| are_digits(stream, f)).map(|(page, b, f)| (page, b, f.clone())).collect()
    }

    /// True when more digits stand right under or over a figure, in the row of no other label: in a narrow cell
    /// a number breaks where it must, and the figure may be a part of one.
    pub(super) fn is_broken(&self, figure: &Figure, digits: &[Digits], units: &[String]) -> bool {
        let stream = self.ledger.stream;
        let place = |atoms: &Range<u32>| {
            let line = &stream.lines[stream.atoms[atoms.start as usize].line as usize];
            stream.bbox(atoms.clone()).map(|b| (line.page, b))
        };
        if stream.document.kind != SourceKind::Pdf {
            return false;
        }
        let Some((page, own)) = place(&figure.atoms) else { return false };
        let level = |label: &Label, y: f32| {
            let lines = label.parts.iter().flat_map(|p| stream.by_line(p.clone()));
            lines.filter_map(|p| place(&p)).any(|(p, b)| p == page && b.top <= y && y <= b.bottom)
        };
        let in_row_of_another = |y: f32| self.labels.iter().any(|l| level(l, y) && !level(l, own.center().1));
        let is_near = |b: &BBox| {
            let gap = (b.top - own.bottom).max(own.top - b.bottom);
            let reach = 0.6 * own.height();
            (-0.3 * own.height()..=reach).contains(&gap) && b.x0 < own.x1 && own.x0 < b.x1
        };
        // What has its unit behind it on its line ends there.
        let ended = |end: u32| {
            let line = &stream.lines[stream.atoms[end as usize - 1].line as usize];
            let next = stream.fields_in(end..line.atoms.end).next();
            next.is_some_and(|next| {
                let closed = stream.atoms[next.end as usize - 1].ch == ')';
                is_unit(stream, next.start..next.end - u32::from(closed && next.len() > 1), units)
            })
        };
        let own_ends = figure.unit.as_ref().is_some_and(|u| {
            stream.atoms[u.start as usize].line == stream.atoms[figure.atoms.start as usize].line
        });
        digits.iter().any(|(on, b, atoms)| {
            *on == page
                && is_near(b)
                && !(b.top < own.top && ended(atoms.end))
                && !(b.top > own.top && own_ends)
                && !atoms.contains(&figure.atoms.start)
                && self.ledger.is_free(atoms.clone())
                && !in_row_of_another(b.center().1)
        })
    }

    /// True when digits that nothing has claimed stand to the right of a label on its page, within its height.
    pub(super) fn unread_in_row(&self, label: &Label) -> bool {
        let stream = self.ledger.stream;
        let Some(own) = self.ledger.stream.extent(&label.atoms) else { return false };
        let page = stream.lines[stream.atoms[label.atoms.start as usize].line as usize].page;
        let in_label = |f: &Range<u32>| self.labels.iter().any(|l| l.atoms.contains(&f.start));
        stream.on_page(&self.lines, page).flat_map(|line| stream.fields_of(line)).any(|field| {
            let level = field.bbox.is_some_and(|b| {
                let y = b.center().1;
                own.top <= y && y <= own.bottom && b.x0 >= own.x1 - 1.0
            });
            level
                && are_digits(stream, &field.atoms)
                && !in_label(&field.atoms)
                && self.ledger.is_free(field.atoms.clone())
        })
    }
}

impl Reader<'_, '_, '_> {
    /// True when text with digits that nothing has claimed stands to the right of a label, up to the next one, or in the
    /// cells under it that no other label stands over.
    pub(super) fn number_beside(&self, label: &Label) -> bool {
        let stream = self.ledger.stream;
        let Some(own) = stream.extent(&label.atoms) else { return false };
        let home = &stream.lines[stream.atoms[label.atoms.start as usize].line as usize];
        let level = |b: &BBox| own.top <= b.center().1 && b.center().1 <= own.bottom;
        let labels: Vec<BBox> = self
            .labels
            .iter()
            .filter(|l| l.atoms != label.atoms)
            .filter(|l| stream.lines[stream.atoms[l.atoms.start as usize].line as usize].page == home.page)
            .filter_map(|l| stream.bbox(l.atoms.clone()))
            .collect();
        let behind = |b: &BBox| b.x0 >= own.x1 - 1.0;
        let next =
            labels.iter().filter(|b| level(b) && behind(b)).map(|b| b.x0).fold(f32::INFINITY, f32::min);
        let below = home.cell.map(|(t, c)| {
            let table = &stream.document.pages[home.page as usize].tables[t as usize];
            let under = cells_under(table, &table.cells[c as usize]).map(|(i, _)| i as u32);
            (t, under.collect::<Vec<u32>>())
        });
        stream.on_page(&self.lines, home.page).any(|line| {
            let cell = stream.lines[line as usize].cell;
            let under = || {
                below
                    .as_ref()
                    .zip(cell)
                    .is_some_and(|((t, cells), (table, c))| table == *t && cells.contains(&c))
            };
            stream.fields_of(line).iter().any(|field| {
                let Some(b) = field.bbox else { return false };
                let beside = level(&b) && behind(&b) && b.x0 < next - 1.0;
                (beside || under())
                    && field.atoms.clone().any(|i| stream.atoms[i as usize].ch.is_ascii_digit())
                    && self.ledger.is_free(field.atoms.clone())
                    && !self.labels.iter().any(|l| l.atoms.contains(&field.atoms.start))
            })
        })
    }
}

/// Nothing but digits and what parts them.
fn are_digits(stream: &Stream<'_>, atoms: &Range<u32>) -> bool {
    atoms.clone().all(|i| {
        let c = stream.atoms[i as usize].ch;
        c.is_ascii_digit() || matches!(c, '.' | ',')
    })
}
