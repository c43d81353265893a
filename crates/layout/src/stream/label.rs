//! Labels beside several rows: in a table without rulings, which rows a group's label stands for.

use std::ops::Range;

use crate::Ruling;
use crate::chunk::{Chunk, Rows, covered};
use crate::line::PlacedLine;

type Placed = (Chunk, Range<usize>);
/// Chunks and the rows they stand for.
type Spans = Vec<(usize, Range<usize>)>;

/// Drops rows that hold nothing but a label set between two of the rows it stands beside: without it these
/// are as far apart as any two rows.
pub(super) fn drop_rows_of_labels(chunks: &[Placed], bands: &mut Rows) {
    let middle = |band: &(f32, f32)| f32::midpoint(band.0, band.1);
    let last = chunks.iter().map(|(_, columns)| columns.end).max().unwrap_or(0);
    // What stands beside several rows does not make one of them.
    let is_label = |bands: &Rows, i: usize| {
        let mut own = chunks.iter().filter(|(c, _)| covered(bands, c.bbox.top, c.bbox.bottom) == (i..i + 1));
        own.all(|(_, columns)| columns.end <= if last > 2 { 2 } else { 1 })
    };
    let labels: Vec<bool> = (0..bands.len()).map(|i| is_label(bands, i)).collect();
    let pairs = (1..bands.len()).filter(|&i| !labels[i - 1] && !labels[i]);
    let mut pitches: Vec<f32> = pairs.map(|i| middle(&bands[i]) - middle(&bands[i - 1])).collect();
    pitches.sort_by(f32::total_cmp);
    let pitch = pitches.get(pitches.len() / 2).copied().unwrap_or(0.0);
    let mut i = 1;
    while i + 1 < bands.len() {
        let (band, above, below) = (bands[i], bands[i - 1], bands[i + 1]);
        let squeezed =
            below.0 - above.1 < 1.3 * (band.1 - band.0) || middle(&below) - middle(&above) < 1.35 * pitch;
        if squeezed && is_label(bands, i) {
            bands.remove(i);
        } else {
            i += 1;
        }
    }
}

/// The rows of each label in the first column (index of its chunk), where the rows around it have no text
/// in that column: a label stands in the middle of its rows, or at the first of them; where both fit, rules between the
/// labels tell. What stands beside them again and again, label by label, tells more than any place.
pub(super) fn spans(
    placed: &[PlacedLine],
    chunks: &[Placed],
    places: &[Range<usize>],
    bands: &Rows,
    marks: &[Ruling],
) -> Spans {
    let mut label_in: Vec<Option<usize>> = vec![None; bands.len()];
    let mut taken = vec![false; bands.len()];
    let mut beside = vec![false; bands.len()];
    for (i, (_, columns)) in chunks.iter().enumerate() {
        for row in places[i].clone() {
            if *columns == (0..1) {
                taken[row] |= label_in[row].is_some();
                label_in[row] = Some(i);
            } else if columns.start == 0 {
                taken[row] = true;
            } else {
                beside[row] = true;
            }
        }
    }
    let mut spans = Vec::new();
    let mut row = 0;
    while row < bands.len() {
        let open = |r: &usize| beside[*r] && !taken[*r];
        let run = row..row + (row..bands.len()).take_while(open).count();
        let mut labels: Vec<usize> = label_in[run.clone()].iter().flatten().copied().collect();
        labels.dedup();
        let rows_of_labels: usize = labels.iter().map(|&l| places[l].len()).sum();
        if !labels.is_empty() && rows_of_labels < run.len() {
            let centered = centered(chunks, places, bands, &run, &labels);
            let first = first(places, &run, &labels);
            let again = again(placed, chunks, places, &run, &labels);
            let found = match (centered, first) {
                _ if again.is_some() => again.unwrap_or_default(),
                (Some((spans, off)), Some(first)) if off <= 0.3 => {
                    let ruled = ruled(chunks, places, bands, marks, &run, &labels);
                    let told = ruled.as_ref() == Some(&first);
                    if told || labels.iter().all(|&l| is_level(chunks, l)) && likelier(&first, &spans) {
                        first
                    } else {
                        spans
                    }
                }
                // In doubt a label at the first of its rows is one by its place, and in their middle by chance.
                (_, Some(first)) => first,
                (centered, None) => centered.map(|(spans, _)| spans).unwrap_or_default(),
            };
            spans.extend(found);
        }
        row = run.end + 1;
    }
    let seconds: Spans =
        spans.iter().filter_map(|(_, rows)| Some((second(chunks, places, rows)?, rows.clone()))).collect();
    spans.extend(seconds);
    spans
}

/// The rows from where the texts of the second column begin to where they begin anew, where each label has such rows of
/// its own; what stands over them keeps its place.
fn again(
    placed: &[PlacedLine],
    chunks: &[Placed],
    places: &[Range<usize>],
    run: &Range<usize>,
    labels: &[usize],
) -> Option<Spans> {
    let mut texts: Vec<Option<usize>> = vec![None; run.len()];
    for (i, (chunk, columns)) in chunks.iter().enumerate() {
        let one = columns == &(1..2) && places[i].len() == 1 && run.contains(&places[i].start);
        if let Some(&[line]) = Some(chunk.lines.as_slice()).filter(|_| one) {
            texts[places[i].start - run.start] = Some(line);
        }
    }
    let text = |row: usize| texts[row - run.start].map(|line| placed[line].line.text.as_str());
    let is_word = |row: &usize| text(*row).is_some_and(|text| text.chars().any(char::is_alphabetic));
    let stands_again = |row: &usize| (row + 1..run.end).any(|other| text(other) == text(*row));
    let begin = run.clone().filter(is_word).find(stands_again)?;
    let mut bounds: Vec<usize> = (begin..run.end).filter(|&row| text(row) == text(begin)).collect();
    bounds.push(run.end);
    let mut groups = bounds.windows(2).map(|w| w[0]..w[1]);
    // The same words in each, none of them twice.
    let first: Vec<Option<&str>> = (bounds[0]..bounds[1]).map(text).collect();
    let alike = groups.clone().all(|g| g.len() > 1 && g.map(text).eq(first.iter().copied()));
    let over = labels.iter().take_while(|&&l| places[l].end <= begin).count();
    let own = &labels[over..];
    let within = own.len() + 1 == bounds.len()
        && groups.clone().zip(own).all(|(g, &l)| g.start <= places[l].start && places[l].end <= g.end);
    let kept = labels[..over].iter().map(|&l| (l, places[l].clone()));
    (alike && within).then(|| kept.chain(own.iter().map_while(|&l| Some((l, groups.next()?)))).collect())
}

/// The only chunk of the second column beside a label over several rows stands for all of them.
fn second(chunks: &[Placed], places: &[Range<usize>], rows: &Range<usize>) -> Option<usize> {
    let in_rows = |i: &usize| places[*i].start < rows.end && rows.start < places[*i].end;
    let mut inside = (0..chunks.len()).filter(|&i| chunks[i].1.contains(&1)).filter(in_rows);
    let only = inside.next()?;
    let whole = chunks[only].1 == (1..2) && rows.start <= places[only].start && places[only].end <= rows.end;
    (inside.next().is_none() && whole && rows.len() > 1).then_some(only)
}

/// The rows between rules in the column of the labels, where each label has such rows of its own.
fn ruled(
    chunks: &[Placed],
    places: &[Range<usize>],
    bands: &Rows,
    marks: &[Ruling],
    run: &Range<usize>,
    labels: &[usize],
) -> Option<Spans> {
    let column = labels.iter().map(|&l| chunks[l].0.bbox).reduce(|a, b| a.union(&b))?;
    let middle = |row: usize| f32::midpoint(bands[row].0, bands[row].1);
    let is_ruled = |row: &usize| {
        let between = middle(row - 1)..=middle(*row);
        let is_between = |m: &&Ruling| m.horizontal && between.contains(&m.bbox.top);
        marks.iter().filter(is_between).any(|m| m.bbox.overlap_x(&column) > 0.5 * column.width())
    };
    let mut bounds: Vec<usize> = vec![run.start];
    bounds.extend((run.start + 1..run.end).filter(is_ruled));
    bounds.push(run.end);
    let groups = bounds.windows(2).map(|w| w[0]..w[1]);
    let within = |(group, &label): (Range<usize>, &usize)| {
        group.start <= places[label].start && places[label].end <= group.end
    };
    let each = labels.len() > 1 && bounds.len() == labels.len() + 1;
    (each && groups.clone().zip(labels).all(within)).then(|| labels.iter().copied().zip(groups).collect())
}

/// True for a label that begins at the height of some text beside it: one in the middle of an even number of rows
/// stands between them.
fn is_level(chunks: &[Placed], label: usize) -> bool {
    let own = &chunks[label].0.bbox;
    let reach = 0.15 * own.height();
    chunks.iter().any(|(c, columns)| columns.start > 0 && (c.bbox.top - own.top).abs() <= reach)
}

/// Of two readings that fit, labels at the first of their rows are likelier where they have as many rows each - three
/// labels or more behind the head - and labels in the middle would not.
fn likelier(first: &Spans, centered: &Spans) -> bool {
    let even = |spans: &[(usize, Range<usize>)]| {
        spans.len() > 2 && spans[0].1.len() > 1 && spans.iter().all(|s| s.1.len() == spans[0].1.len())
    };
    let even = |spans: &Spans| even(spans) || even(spans.get(1..).unwrap_or_default());
    even(first) && !even(centered)
}

/// Each label in the middle of its rows, and how far off the middle the worst is, in rows.
fn centered(
    chunks: &[Placed],
    places: &[Range<usize>],
    bands: &Rows,
    run: &Range<usize>,
    labels: &[usize],
) -> Option<(Spans, f32)> {
    let pitch = (bands[run.end - 1].1 - bands[run.start].0) / run.len() as f32;
    let mut start = run.start;
    let mut spans = Vec::new();
    let mut most = 0.0_f32;
    for (k, &label) in labels.iter().enumerate() {
        let y = chunks[label].0.bbox.center().1;
        let off = |end: usize| (f32::midpoint(bands[start].0, bands[end - 1].1) - y).abs();
        let last = labels.get(k + 1).map_or(run.end, |&next| places[next].start);
        let ends = if k + 1 == labels.len() { run.end..run.end + 1 } else { places[label].end..last + 1 };
        let end = ends.min_by(|&a, &b| off(a).total_cmp(&off(b)))?;
        if start > places[label].start || off(end) > 0.6 * pitch {
            return None;
        }
        most = most.max(off(end) / pitch);
        spans.push((label, start..end));
        start = end;
    }
    Some((spans, most))
}

fn first(places: &[Range<usize>], run: &Range<usize>, labels: &[usize]) -> Option<Spans> {
    let from = labels.iter().map(|&l| places[l].start);
    let to = labels[1..].iter().map(|&l| places[l].start).chain([run.end]);
    (places[labels[0]].start == run.start)
        .then(|| labels.iter().copied().zip(from.zip(to).map(|(a, b)| a..b)).collect())
}
