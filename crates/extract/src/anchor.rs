//! Anchors: what stands in one column and tells of which entry the text beside it is, where no ruling does.

use std::ops::Range;

use chohyo_layout::BBox;

use crate::stream::Stream;

/// Signs that point from an anchor to its text.
const ARROWS: &str = "⇒→➡➔➜▶►▷⇨⇢↦";
/// How far the middles of what stands at one height may differ, in heights of a line.
const LEVEL: f32 = 0.35;
/// A gap this wide (in heights of a line) parts the texts of two columns.
const GAP: f32 = 1.0;
/// A page with more pieces than this is not searched.
const PIECES: usize = 400;

/// A piece of a line.
#[derive(Clone)]
pub(crate) struct Piece {
    pub part: Range<u32>,
    pub bbox: BBox,
}

/// A date or a name, which may wrap.
pub(crate) struct Anchor {
    pub parts: Vec<Range<u32>>,
    pub bbox: BBox,
    /// Of its first line.
    pub first: BBox,
}

/// What stands at one height in a column.
pub(crate) struct Line {
    pub parts: Vec<Range<u32>>,
    pub bbox: BBox,
}

/// The pieces of these lines between wide gaps, and the arrows.
pub(crate) fn pieces(stream: &Stream<'_>, parts: &[Range<u32>]) -> Option<(Vec<Piece>, Vec<Range<u32>>)> {
    let (mut pieces, mut arrows): (Vec<Piece>, Vec<Range<u32>>) = Default::default();
    for part in parts {
        let mut open = false;
        for field in stream.fields_in(part.clone()) {
            let bbox = stream.bbox(field.clone())?;
            if field.clone().all(|i| ARROWS.contains(stream.atoms[i as usize].ch)) {
                arrows.push(field);
                open = false;
                continue;
            }
            match pieces.last_mut() {
                Some(last) if open && bbox.x0 - last.bbox.x1 < GAP * bbox.height() => {
                    last.part.end = field.end;
                    last.bbox = last.bbox.union(&bbox);
                }
                _ => pieces.push(Piece { part: field, bbox }),
            }
            open = true;
        }
    }
    pieces.sort_by(|a, b| a.bbox.top.total_cmp(&b.bbox.top).then(a.bbox.x0.total_cmp(&b.bbox.x0)));
    (pieces.len() <= PIECES).then_some((pieces, arrows))
}

/// What stands at one height, together.
pub(crate) fn lines(pieces: Vec<Piece>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for piece in pieces {
        let level =
            |l: &Line| (l.bbox.center().1 - piece.bbox.center().1).abs() < LEVEL * piece.bbox.height();
        match lines.last_mut().filter(|l| level(l)) {
            Some(line) => {
                line.parts.push(piece.part);
                line.bbox = line.bbox.union(&piece.bbox);
            }
            None => lines.push(Line { parts: vec![piece.part], bbox: piece.bbox }),
        }
    }
    lines
}

/// For each line of each column the anchor it belongs to. Entries begin at the height of their anchors, or lie around
/// it; where both readings are sound and differ, neither is taken.
pub(crate) fn tie(anchors: &[Anchor], columns: &[Vec<BBox>]) -> Option<Vec<Vec<usize>>> {
    let below = below(anchors, columns);
    let around: Option<Vec<Vec<usize>>> = columns.iter().map(|lines| around(anchors, lines)).collect();
    let sound = |told: &Vec<Vec<usize>>| told.iter().zip(columns).all(|(told, lines)| sound(told, lines));
    match (below, around) {
        (Some(a), Some(b)) if a == b => Some(a),
        (Some(a), Some(b)) => match (sound(&a), sound(&b)) {
            (true, false) => Some(a),
            (false, true) => Some(b),
            _ => None,
        },
        (a, b) => a.or(b).filter(sound),
    }
}

/// Each line to the last anchor that stands at its height or over it, where each one has a line at its height.
fn below(anchors: &[Anchor], columns: &[Vec<BBox>]) -> Option<Vec<Vec<usize>>> {
    let level = |d: &Anchor, b: &BBox| {
        (d.first.center().1 - b.center().1).abs() < LEVEL * d.first.height().max(b.height())
    };
    let begins = |d: &Anchor| columns.iter().flatten().any(|b| level(d, b));
    if !anchors.iter().all(begins) {
        return None;
    }
    let of = |b: &BBox| anchors.iter().rposition(|d| level(d, b) || d.first.center().1 <= b.center().1);
    columns.iter().map(|lines| lines.iter().map(of).collect()).collect()
}

/// The lines in as many runs as there are anchors, each with its middle at the height of its own; `None` where there
/// is no such partition, or more than one.
fn around(anchors: &[Anchor], lines: &[BBox]) -> Option<Vec<usize>> {
    // For each number of lines told, the partitions of them among the anchors so far: at most two of each are kept.
    let mut open: Vec<(usize, Vec<usize>)> = vec![(0, Vec::new())];
    for (a, anchor) in anchors.iter().enumerate() {
        let mut next: Vec<(usize, Vec<usize>)> = Vec::new();
        for (from, told) in &open {
            for to in from + 1..=lines.len() {
                let middle = f32::midpoint(lines[*from].top, lines[to - 1].bottom);
                let off = middle - anchor.bbox.center().1;
                let reach = LEVEL * anchor.first.height();
                if off > reach {
                    break;
                }
                if off >= -reach && next.iter().filter(|(n, _)| *n == to).count() < 2 {
                    let mut told = told.clone();
                    told.resize(to, a);
                    next.push((to, told));
                }
            }
        }
        open = next;
    }
    let mut whole = open.into_iter().filter(|(n, _)| *n == lines.len());
    let found = whole.next()?.1;
    whole.next().is_none().then_some(found)
}

/// White space (in heights of a line) between two lines of one text, at most.
const LEADING: f32 = 0.35;

/// The same where some anchors have no text: each run of lines that stand close begins at the height of one anchor, or
/// has its middle there, and no line of it is at that of another.
pub(crate) fn runs(anchors: &[Anchor], lines: &[BBox]) -> Option<Vec<usize>> {
    let close = |a: &BBox, b: &BBox| b.top - a.bottom < LEADING * a.height().min(b.height());
    let runs: Vec<&[BBox]> = lines.chunk_by(close).collect();
    let level = |d: &Anchor, y: f32| (d.bbox.center().1 - y).abs() < LEVEL * d.first.height();
    let tied = |height: &dyn Fn(&[BBox]) -> f32| -> Option<Vec<usize>> {
        let mut told: Vec<usize> = Vec::with_capacity(lines.len());
        for run in &runs {
            let own = anchors.iter().position(|d| level(d, height(run)))?;
            let mut others = anchors.iter().enumerate().filter(|(a, _)| *a != own);
            if others.any(|(_, d)| run.iter().any(|b| level(d, b.center().1))) || told.contains(&own) {
                return None;
            }
            told.resize(told.len() + run.len(), own);
        }
        told.is_sorted().then_some(told)
    };
    let begins = tied(&|run| run.first().map_or(0.0, |b| b.center().1));
    let middle = tied(&|run| match run {
        [first, .., last] => f32::midpoint(first.top, last.bottom),
        _ => run.first().map_or(0.0, |b| b.center().1),
    });
    match (begins, middle) {
        (Some(a), Some(b)) => (a == b).then_some(a),
        (a, b) => a.or(b),
    }
}

/// True when no two lines of one entry stand further apart than the last line of one and the first of the next.
pub(crate) fn sound(told: &[usize], lines: &[BBox]) -> bool {
    let gaps = || {
        told.windows(2).zip(lines.windows(2)).map(|(t, l)| (t[0] == t[1], l[1].center().1 - l[0].center().1))
    };
    let within = gaps().filter(|g| g.0).map(|g| g.1).fold(0.0, f32::max);
    let between = gaps().filter(|g| !g.0).map(|g| g.1).fold(f32::INFINITY, f32::min);
    let height = lines.iter().map(BBox::height).fold(0.0, f32::max);
    within <= between + 0.15 * height
}
