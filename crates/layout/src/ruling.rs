//! From strokes to rulings: what lies on one axis and touches is one ruling.

use crate::{BBox, Ruling};

/// Strokes this near to each other across their axis are drawn on top of each other.
const ACROSS: f32 = 1.0;
/// Strokes with a gap this short along their axis are one.
const ALONG: f32 = 2.0;

/// Joins strokes that continue or cover each other. The result is ordered: horizontal rulings from
/// the top, then vertical ones from the left.
pub(crate) fn merge(strokes: &[Ruling]) -> Vec<Ruling> {
    let mut rulings = Vec::new();
    for horizontal in [true, false] {
        let mut spans: Vec<Span> =
            strokes.iter().filter(|r| r.horizontal == horizontal).map(Span::of).collect();
        spans.sort_by(|a, b| {
            a.at.total_cmp(&b.at).then(a.from.total_cmp(&b.from)).then(a.to.total_cmp(&b.to))
        });
        let mut rest = spans.as_mut_slice();
        while let Some(first) = rest.first() {
            let limit = first.at + ACROSS;
            let (band, others) = rest.split_at_mut(rest.partition_point(|s| s.at <= limit));
            band.sort_by(|a, b| a.from.total_cmp(&b.from).then(a.to.total_cmp(&b.to)));
            rulings.extend(join(band).iter().map(|s| s.ruling(horizontal)));
            rest = others;
        }
    }
    rulings
}

fn join(band: &[Span]) -> Vec<Span> {
    let mut joined: Vec<Span> = Vec::new();
    for span in band {
        match joined.last_mut() {
            Some(last) if span.from <= last.to + ALONG => {
                let (a, b) = ((last.to - last.from).max(0.1), (span.to - span.from).max(0.1));
                last.at = (last.at * a + span.at * b) / (a + b);
                last.to = last.to.max(span.to);
                last.thickness = last.thickness.max(span.thickness);
                last.drawn |= span.drawn;
            }
            _ => joined.push(*span),
        }
    }
    joined
}

/// A ruling by its place across and its extent along its axis.
#[derive(Clone, Copy)]
struct Span {
    at: f32,
    from: f32,
    to: f32,
    thickness: f32,
    drawn: bool,
}

impl Span {
    fn of(r: &Ruling) -> Self {
        let (at, from, to) = if r.horizontal {
            (r.bbox.top, r.bbox.x0, r.bbox.x1)
        } else {
            (r.bbox.x0, r.bbox.top, r.bbox.bottom)
        };
        Self { at, from, to, thickness: r.thickness, drawn: r.drawn }
    }

    fn ruling(&self, horizontal: bool) -> Ruling {
        let bbox = if horizontal {
            BBox::new(self.from, self.at, self.to, self.at)
        } else {
            BBox::new(self.at, self.from, self.at, self.to)
        };
        Ruling { bbox, thickness: self.thickness, horizontal, drawn: self.drawn }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stroke(x0: f32, top: f32, x1: f32, bottom: f32) -> Ruling {
        let bbox = BBox::new(x0, top, x1, bottom);
        Ruling { bbox, thickness: 0.5, horizontal: bbox.width() > bbox.height(), drawn: true }
    }

    #[test]
    fn pieces_of_one_line_are_one_ruling() {
        let strokes = [
            stroke(50.0, 10.0, 90.0, 10.0),
            stroke(10.0, 10.2, 50.5, 10.2),
            stroke(10.0, 40.0, 90.0, 40.0),
            stroke(10.0, 10.0, 10.0, 40.0),
        ];
        let rulings = merge(&strokes);
        assert_eq!(rulings.len(), 3);
        assert_eq!((rulings[0].bbox.x0, rulings[0].bbox.x1), (10.0, 90.0));
        assert!(!rulings[2].horizontal);
    }

    #[test]
    fn a_gap_parts_rulings() {
        assert_eq!(merge(&[stroke(10.0, 10.0, 40.0, 10.0), stroke(50.0, 10.0, 90.0, 10.0)]).len(), 2);
    }
}
