//! A dump that keeps the layout of the page by white space (`pdftotext -layout`): its characters stand in
//! rows and columns, so that it can be laid out like a page.

use crate::drawing::{Drawing, Flow};
use crate::{BBox, Glyph};

/// Distance of two rows in points.
const ROW: f32 = 12.0;
/// Size of a character in points.
const SIZE: f32 = 10.0;

/// Share of the lines that must be parted or indented by white space.
const PARTED: f64 = 0.2;

/// True when the white space of a text stands for the places on the page.
pub(crate) fn keep_places(text: &str) -> bool {
    let lines = || text.lines().filter(|l| !l.trim().is_empty());
    let parted = lines().filter(|l| l.starts_with("    ") || l.trim().contains("   ")).count();
    parted as f64 > PARTED * lines().count() as f64
}

/// What the columns of a text are counted in: terminals give a full-width character two columns, some tools
/// count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Count {
    Halves,
    Characters,
}

impl Count {
    /// The one by which more of the fields of a page begin under each other.
    pub(crate) fn of(pages: &[(usize, &str)]) -> Self {
        let aligned = |count: Self| pages.iter().map(|(_, page)| count.aligned(page)).sum::<usize>();
        if aligned(Self::Characters) > aligned(Self::Halves) { Self::Characters } else { Self::Halves }
    }

    /// The fields of a page, behind other text of their lines, that begin where another field does.
    fn aligned(self, page: &str) -> usize {
        let mut starts: Vec<(u32, bool)> = Vec::new();
        for line in page.lines() {
            let (mut column, mut gap, mut behind) = (0.0, usize::MAX, false);
            for c in line.chars() {
                if c.is_whitespace() {
                    gap = gap.saturating_add(1);
                } else {
                    if gap > 1 {
                        starts.push((column as u32, behind));
                    }
                    (gap, behind) = (0, true);
                }
                column += self.width(c);
            }
        }
        starts.sort_unstable();
        let same = |run: &&[(u32, bool)]| run.len() > 1;
        let runs = starts.chunk_by(|a, b| a.0 == b.0).filter(same);
        runs.map(|run| run.iter().filter(|s| s.1).count()).sum()
    }

    /// Columns that a character takes.
    fn width(self, c: char) -> f32 {
        let half = c.is_ascii() || ('\u{ff61}'..='\u{ff9f}').contains(&c) || c == '\u{a0}';
        if half || self == Self::Characters { 1.0 } else { 2.0 }
    }

    /// Width of a column in points.
    fn column(self) -> f32 {
        match self {
            Self::Halves => SIZE / 2.0,
            Self::Characters => SIZE,
        }
    }
}

/// A page of such a text as it would be drawn: character by character, without rulings.
pub(crate) fn draw(text: &str, count: Count) -> Drawing {
    let mut drawing =
        Drawing { text: text.to_owned(), fonts: vec![String::new()], dump: true, ..Drawing::default() };
    let unit = count.column();
    let (mut row, mut column, mut spaced) = (0.0, 0.0, true);
    for (at, c) in text.char_indices() {
        match c {
            '\n' | '\x0b' => {
                (row, column, spaced) = (row + 1.0, 0.0, true);
                continue;
            }
            '\t' => {
                column = (column / 8.0_f32).floor() * 8.0 + 8.0;
                spaced = true;
                continue;
            }
            c if c.is_whitespace() => {
                column += count.width(c);
                spaced = true;
                continue;
            }
            _ => {}
        }
        let (mut x0, mut x1) = (column * unit, (column + count.width(c)) * unit);
        let top = row * ROW + 1.0;
        // `１ , ３４６`: wide type is set with a space on either side of a comma, which parts no columns.
        let digit_before = drawing.glyphs.last().filter(|g| {
            g.bbox.top == top && x0 - g.bbox.x1 <= unit && text[g.start as usize..].starts_with(is_digit)
        });
        if let (true, Some(before)) = (is_separator(c), digit_before) {
            let rest = &text[at + c.len_utf8()..];
            let gap = usize::from(rest.starts_with(' '));
            if rest[gap..].starts_with(is_digit) {
                (x0, x1) = (before.bbox.x1, x1 + gap as f32 * unit);
                spaced = false;
            }
        } else if let Some(before) = drawing.glyphs.last_mut().filter(|g| g.bbox.top == top) {
            if before.bbox.x1 >= x0 {
                spaced = false;
            } else if count == Count::Characters && before.bbox.x1 + unit >= x0 {
                // One blank is as wide as any character there, and parts words, not columns.
                before.bbox.x1 += 0.8 * unit;
            }
        }
        drawing.glyphs.push(Glyph {
            start: at as u32,
            end: (at + c.len_utf8()) as u32,
            bbox: BBox { x0, top, x1, bottom: top + SIZE },
            origin: (x0, top + 0.88 * SIZE),
            size: SIZE,
            font: 0,
            vertical: false,
            ..Glyph::default()
        });
        drawing.flows.push(Flow::Right);
        drawing.spaced.push(spaced);
        drawing.width = drawing.width.max(x1);
        (column, spaced) = (column + count.width(c), false);
    }
    drawing.height = (row + 1.0) * ROW;
    drawing
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

fn is_separator(c: char) -> bool {
    matches!(c, ',' | '.' | '，' | '．')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_told_from_running_text() {
        assert!(keep_places("人口        1,087,723   人\n病床数          2,674   床\n"));
        assert!(!keep_places("仙台市では、平成18年度に着手した。\nこの事業において\n1,087,723 人\n"));
    }

    #[test]
    fn a_comma_between_spaces_parts_no_columns() {
        let drawing = draw("１ , ３４６ 人\n", Count::Halves);
        let edges: Vec<(f32, f32)> = drawing.glyphs.iter().map(|g| (g.bbox.x0, g.bbox.x1)).collect();
        assert_eq!(edges[..3], [(0.0, 10.0), (10.0, 25.0), (25.0, 35.0)]);
        assert_eq!(drawing.spaced, [true, false, false, false, false, true]);
    }

    #[test]
    fn characters_stand_in_rows_and_columns() {
        let drawing = draw("人口  12\n 床\n", Count::Halves);
        let boxes: Vec<(f32, f32)> = drawing.glyphs.iter().map(|g| (g.bbox.x0, g.bbox.top)).collect();
        assert_eq!(boxes, [(0.0, 1.0), (10.0, 1.0), (30.0, 1.0), (35.0, 1.0), (5.0, 13.0)]);
        assert_eq!(drawing.spaced, [true, false, true, false, true]);
    }
}
