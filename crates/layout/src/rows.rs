//! Flat rows of what a page holds, for output as JSON lines; serializable with the feature `serde`.
//!
//! Lengths are points from the top left corner of the page, rounded to thousandths; field names are
//! pdfplumber's (`x0`, `top`, `x1`, `bottom`), pages count from 1.

use crate::{BBox, BlockKind, Ink, Line, Page};

/// A glyph.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct GlyphRow<'a> {
    /// Page number, from 1.
    pub page: u32,
    /// Its character, or characters of a ligature; U+FFFD when not known.
    pub text: &'a str,
    /// Left edge.
    pub x0: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub x1: f64,
    /// Lower edge.
    pub bottom: f64,
    /// Origin on the baseline: x, baseline.
    pub origin: [f64; 2],
    /// Font size as drawn.
    pub size: f64,
    /// Name of the font, without the prefix of a subset; empty when not known.
    pub font: &'a str,
    /// Drawn in vertical writing mode.
    pub vertical: bool,
    /// How it is inked: `filled`, `outlined`, or `without` (a text layer over a scan).
    pub ink: &'static str,
    /// Its colour as `#rrggbb`, or `#rrggbbaa` when it is not opaque; none for a pattern.
    pub color: Option<String>,
}

/// A ruling.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct RulingRow {
    /// Page number, from 1.
    pub page: u32,
    /// Left end.
    pub x0: f64,
    /// Upper end.
    pub top: f64,
    /// Right end.
    pub x1: f64,
    /// Lower end.
    pub bottom: f64,
    /// Runs from left to right.
    pub horizontal: bool,
    /// Thickness; 0 for the edge of a fill.
    pub thickness: f64,
    /// A pen drew it.
    pub drawn: bool,
}

/// A line of text.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct LineRow<'a> {
    /// Page number, from 1.
    pub page: u32,
    /// Place of its block in the reading order of the page, from 0.
    pub block: u32,
    /// What its block is: the names of [`BlockKind::name`](crate::BlockKind::name).
    pub kind: &'static str,
    /// Its text.
    pub text: &'a str,
    /// Left edge.
    pub x0: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub x1: f64,
    /// Lower edge.
    pub bottom: f64,
    /// Runs from top to bottom.
    pub vertical: bool,
}

/// A block.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct BlockRow {
    /// Page number, from 1.
    pub page: u32,
    /// Its place in the reading order of the page, from 0.
    pub block: u32,
    /// What it is: the names of [`BlockKind::name`](crate::BlockKind::name).
    pub kind: &'static str,
    /// Equal for blocks of the page that stand in one box, or with no more than line space between them.
    pub group: u32,
    /// Its text, lines joined without a space (between two Latin words: with one); of a table its cells, by line
    /// breaks.
    pub text: String,
    /// Left edge.
    pub x0: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub x1: f64,
    /// Lower edge.
    pub bottom: f64,
}

/// A table.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct TableRow {
    /// Page number, from 1.
    pub page: u32,
    /// Left edge.
    pub x0: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub x1: f64,
    /// Lower edge.
    pub bottom: f64,
    /// Number of grid rows.
    pub rows: u32,
    /// Number of grid columns.
    pub columns: u32,
    /// Rulings bound its cells.
    pub ruled: bool,
    /// Goes on from the page before.
    pub continues: bool,
    /// Its cells, by row, then by column.
    pub cells: Vec<CellRow>,
}

/// A cell of a [`TableRow`].
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct CellRow {
    /// First grid row it covers, from 0.
    pub row: u32,
    /// How many grid rows it covers.
    pub row_span: u32,
    /// First grid column it covers, from 0.
    pub column: u32,
    /// How many grid columns it covers.
    pub column_span: u32,
    /// Its lines, joined by line breaks.
    pub text: String,
    /// Left edge.
    pub x0: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub x1: f64,
    /// Lower edge.
    pub bottom: f64,
}

/// A place where the witness reads other characters.
#[cfg(feature = "witness")]
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct DifferenceRow<'a> {
    /// Page number, from 1.
    pub page: u32,
    /// What was read; empty where the witness reads something more.
    pub read: &'a str,
    /// What the witness reads; empty where it reads nothing.
    pub witnessed: &'a str,
    /// The digits differ.
    pub digits: bool,
    /// Left edge.
    pub x0: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub x1: f64,
    /// Lower edge.
    pub bottom: f64,
}

/// Where the witness reads other characters, page by page in drawing order.
#[cfg(feature = "witness")]
pub fn differences(check: &crate::witness::CrossCheck) -> impl Iterator<Item = DifferenceRow<'_>> {
    check.differences().map(|difference| {
        let [x0, top, x1, bottom] = edges(&difference.bbox.unwrap_or_default());
        DifferenceRow {
            page: difference.page,
            read: &difference.read,
            witnessed: &difference.witnessed,
            digits: difference.concerns_digits(),
            x0,
            top,
            x1,
            bottom,
        }
    })
}

/// The glyphs of a page in drawing order.
pub fn glyphs(page: &Page) -> impl Iterator<Item = GlyphRow<'_>> {
    page.glyphs.iter().map(|glyph| {
        let [x0, top, x1, bottom] = edges(&glyph.bbox);
        GlyphRow {
            page: page.number,
            text: &page.text[glyph.start as usize..glyph.end as usize],
            x0,
            top,
            x1,
            bottom,
            origin: [round(glyph.origin.0), round(glyph.origin.1)],
            size: round(glyph.size),
            font: page.fonts.get(glyph.font as usize).map_or("", String::as_str),
            vertical: glyph.vertical,
            ink: match glyph.ink {
                Ink::Filled => "filled",
                Ink::Outlined => "outlined",
                Ink::Without => "without",
            },
            color: glyph.color.map(hexadecimal),
        }
    })
}

/// The rulings of a page: horizontal ones from the top, then vertical ones from the left.
pub fn rulings(page: &Page) -> impl Iterator<Item = RulingRow> {
    page.rulings.iter().map(|ruling| {
        let [x0, top, x1, bottom] = edges(&ruling.bbox);
        RulingRow {
            page: page.number,
            x0,
            top,
            x1,
            bottom,
            horizontal: ruling.horizontal,
            thickness: round(ruling.thickness),
            drawn: ruling.drawn,
        }
    })
}

/// The lines of a page in reading order.
pub fn lines(page: &Page) -> impl Iterator<Item = LineRow<'_>> {
    page.blocks.iter().zip(0..).flat_map(move |(block, number)| {
        block.lines.iter().map(move |&index| {
            let line = &page.lines[index as usize];
            let [x0, top, x1, bottom] = edges(&line.bbox);
            LineRow {
                page: page.number,
                block: number,
                kind: block.kind.name(),
                text: &line.text,
                x0,
                top,
                x1,
                bottom,
                vertical: line.vertical,
            }
        })
    })
}

/// The blocks of a page in reading order.
pub fn blocks(page: &Page) -> impl Iterator<Item = BlockRow> {
    page.blocks.iter().zip(0..).map(|(block, number)| {
        let [x0, top, x1, bottom] = edges(&block.bbox);
        let text = match block.kind {
            BlockKind::Table(index) => {
                let cells = page.tables[index as usize].cells.iter().filter(|c| !c.lines.is_empty());
                cells.map(|c| joined(page, &c.lines)).collect::<Vec<_>>().join("\n")
            }
            _ => joined(page, &block.lines),
        };
        BlockRow {
            page: page.number,
            block: number,
            kind: block.kind.name(),
            group: block.group,
            text,
            x0,
            top,
            x1,
            bottom,
        }
    })
}

fn joined(page: &Page, lines: &[u32]) -> String {
    let mut text = String::new();
    let mut before: Option<&Line> = None;
    for line in lines.iter().map(|&l| &page.lines[l as usize]) {
        let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_graphic());
        let words = latin(text.chars().next_back()) && latin(line.text.chars().next());
        // Parts of one row that a gap keeps apart.
        let beside =
            before.is_some_and(|b| !b.vertical && !line.vertical && b.bbox.bottom > line.bbox.center().1);
        if words || beside {
            text.push(' ');
        }
        text.push_str(&line.text);
        before = Some(line);
    }
    text
}

/// The tables of a page in reading order.
pub fn tables(page: &Page) -> impl Iterator<Item = TableRow> {
    page.tables.iter().map(|table| {
        let [x0, top, x1, bottom] = edges(&table.bbox);
        TableRow {
            page: page.number,
            x0,
            top,
            x1,
            bottom,
            rows: table.rows,
            columns: table.columns,
            ruled: table.ruled,
            continues: table.continues,
            cells: table.cells.iter().map(|cell| cell_row(page, cell)).collect(),
        }
    })
}

fn cell_row(page: &Page, cell: &crate::Cell) -> CellRow {
    let [x0, top, x1, bottom] = edges(&cell.bbox);
    let lines: Vec<&str> = cell.lines.iter().map(|&l| page.lines[l as usize].text.as_str()).collect();
    CellRow {
        row: cell.rows.start,
        row_span: cell.rows.end - cell.rows.start,
        column: cell.columns.start,
        column_span: cell.columns.end - cell.columns.start,
        text: lines.join("\n"),
        x0,
        top,
        x1,
        bottom,
    }
}

fn hexadecimal(color: [u8; 4]) -> String {
    let [r, g, b, opacity] = color;
    let opacity = if opacity == 255 { String::new() } else { format!("{opacity:02x}") };
    format!("#{r:02x}{g:02x}{b:02x}{opacity}")
}

fn edges(bbox: &BBox) -> [f64; 4] {
    [bbox.x0, bbox.top, bbox.x1, bbox.bottom].map(round)
}

/// Thousandths of a point are far below what a printer resolves, and keep the output short.
fn round(value: f32) -> f64 {
    (f64::from(value) * 1000.0).round() / 1000.0
}
