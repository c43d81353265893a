//! What a reader sees on the pages, before anybody knows what it means.
//!
//! A [`Document`] is the same for a PDF and for a text dump of one. The atoms are [`Glyph`]s; every
//! glyph that is not white space stands in exactly one [`Line`], and every line in exactly one
//! [`Block`], so that who claims each line once has claimed each printed character once.

use std::ops::Range;

use crate::geometry::{BBox, hull};

/// The kind of input a document was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SourceKind {
    /// A PDF; glyphs have boxes in points.
    Pdf,
    /// A text dump; glyphs have byte spans of the input and no geometry.
    Text,
}

/// Pages of positioned text, in page order.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Document {
    /// PDF or text dump.
    pub kind: SourceKind,
    /// The PDF's `/Producer`, when it names one.
    pub producer: Option<String>,
    /// The pages, from page 1.
    pub pages: Vec<Page>,
    /// What went wrong without stopping the reading.
    pub warnings: Vec<Warning>,
}

/// One page (of a dump: the text up to the next page break).
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Page {
    /// Page number, from 1.
    pub number: u32,
    /// Width in points as a reader sees the page; 0 for a dump.
    pub width: f32,
    /// Height in points as a reader sees the page; 0 for a dump.
    pub height: f32,
    /// The text of all glyphs in drawing order, as the file gives it; U+FFFD where it gives none. Of a
    /// dump: this page's slice of the input.
    pub text: String,
    /// Of a dump: where [`Page::text`] begins in the input, in bytes. Of a PDF: 0.
    pub offset: usize,
    /// The glyphs in drawing order, white space left out.
    pub glyphs: Vec<Glyph>,
    /// The names of the fonts that [`Glyph::font`] indexes.
    pub fonts: Vec<String>,
    /// Horizontal and vertical rulings.
    pub rulings: Vec<Ruling>,
    /// Boxes of the raster images drawn on the page.
    pub images: Vec<BBox>,
    /// Lines of text. Lines inside a table come before the lines that no table holds.
    pub lines: Vec<Line>,
    /// Tables, in reading order.
    pub tables: Vec<Table>,
    /// Blocks in reading order, running heads first, feet and page numbers last; each line is in exactly one.
    pub blocks: Vec<Block>,
}

/// One drawn character (or ligature) with its place.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Glyph {
    /// Start of its text in [`Page::text`], in bytes.
    pub start: u32,
    /// End of its text in [`Page::text`], in bytes.
    pub end: u32,
    /// Its box: advance width by the em-box, 0.88 em over the baseline and 0.12 under it, whatever the
    /// font. Empty for a dump.
    pub bbox: BBox,
    /// Origin on the baseline (x, y). `(0, 0)` for a dump.
    pub origin: (f32, f32),
    /// Font size in points as drawn (after all transforms). 0 for a dump.
    pub size: f32,
    /// Index into [`Page::fonts`].
    pub font: u16,
    /// Drawn in vertical writing mode.
    pub vertical: bool,
    /// How it is inked.
    pub ink: Ink,
    /// Red, green, blue and opacity of its ink; `None` for a pattern, and in a dump.
    pub color: Option<[u8; 4]>,
}

/// How a glyph is inked (text rendering mode; ISO 32000-1, 9.3.6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ink {
    /// Filled, stroked too or not.
    #[default]
    Filled,
    /// Its outline is stroked.
    Outlined,
    /// Not at all, or with nothing but transparency: the text layer of a scan, mostly.
    Without,
}

/// A horizontal or vertical stroke, or the edge of a filled or stroked box.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Ruling {
    /// Its two ends: a horizontal ruling has `top == bottom`, a vertical one `x0 == x1`.
    pub bbox: BBox,
    /// Thickness in points; 0 for the edge of a fill.
    pub thickness: f32,
    /// True when it runs from left to right.
    pub horizontal: bool,
    /// True when a pen drew it, false when it is only implied by the edge of a fill.
    pub drawn: bool,
}

/// Glyphs on one baseline, as one string.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Line {
    /// The text. A gap is one ASCII space: between Latin words, where white space was drawn, or about an
    /// em wide (letters spread over a width are one word all the same), and beside a footnote mark.
    pub text: String,
    /// Indices into [`Page::glyphs`], in reading order.
    pub glyphs: Vec<u32>,
    /// Where each glyph's text starts in [`Line::text`], in bytes; parallel to `glyphs`.
    pub starts: Vec<u32>,
    /// Box around the glyphs. Empty for a dump.
    pub bbox: BBox,
    /// Runs from top to bottom.
    pub vertical: bool,
}

/// A grid of cells.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Table {
    /// Box around all cells.
    pub bbox: BBox,
    /// Number of grid rows; rows that no ruling parts count where the text of two cells shows them.
    pub rows: u32,
    /// Number of grid columns.
    pub columns: u32,
    /// The cells by row, then by column; a merged cell is listed once, at its first row and column.
    pub cells: Vec<Cell>,
    /// True when rulings bound the cells, false when only alignment or fills do.
    pub ruled: bool,
    /// True when this table goes on from the last table of the page before: the same columns, and its head
    /// repeated or the table before at the foot of its page.
    pub continues: bool,
}

/// A cell of a table; it covers `rows` by `columns` of the grid.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Cell {
    /// Grid rows it covers, from 0.
    pub rows: Range<u32>,
    /// Grid columns it covers, from 0.
    pub columns: Range<u32>,
    /// Its box.
    pub bbox: BBox,
    /// Indices into [`Page::lines`], in reading order.
    pub lines: Vec<u32>,
}

/// A paragraph, heading, table, ... in the reading order of the page.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Indices into [`Page::lines`], in reading order (of a table: cell by cell).
    pub lines: Vec<u32>,
    /// Box around the lines (of a table: around its cells; of all the text in a drawn box: that box). Empty for a
    /// dump.
    pub bbox: BBox,
    /// Blocks of the page that stand in one box, or with no more than line space between them, have the same
    /// number.
    pub group: u32,
}

/// What a [`Block`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BlockKind {
    /// A title, or what stands over a part of the text: larger or darker than it, or numbered (第１, Ⅰ, 1.) or marked
    /// (■, 【…】) and short.
    Heading,
    /// Running text, and whatever is nothing else: a label in a drawing, a name, a date.
    Paragraph,
    /// An item of a list, with its mark (・, ①, ア) or number.
    ListItem,
    /// A note (※, 注), a footnote or a source (出典).
    Note,
    /// The number and name of a figure or table: 図１, 表2-1.
    Caption,
    /// What the upper margins of several pages say alike.
    RunningHead,
    /// What the lower margins of several pages say alike.
    RunningFoot,
    /// The number of the page.
    PageNumber,
    /// The table at this index of [`Page::tables`].
    Table(u32),
}

impl BlockKind {
    /// True for running heads and feet and page numbers: what stands there for the reader's orientation, and is
    /// no part of the text.
    pub fn is_furniture(self) -> bool {
        matches!(self, Self::RunningHead | Self::RunningFoot | Self::PageNumber)
    }

    /// Its name in output: `heading`, `paragraph`, `list_item`, `note`, `caption`, `running_head`, `running_foot`,
    /// `page_number`, `table`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Heading => "heading",
            Self::Paragraph => "paragraph",
            Self::ListItem => "list_item",
            Self::Note => "note",
            Self::Caption => "caption",
            Self::RunningHead => "running_head",
            Self::RunningFoot => "running_foot",
            Self::PageNumber => "page_number",
            Self::Table(_) => "table",
        }
    }
}

/// Something that went wrong without stopping the reading.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Warning {
    /// The page it concerns, from 1; `None` for the whole file.
    pub page: Option<u32>,
    /// A stable name: `unmapped_glyphs`, `unknown_cmap`, ... (all are in the crate's documentation).
    pub code: &'static str,
    /// One sentence for a person.
    pub message: String,
    /// Where on the page, when it is not all of it.
    pub bbox: Option<BBox>,
}

impl Page {
    /// The text of the glyph at `index`.
    pub fn glyph_text(&self, index: u32) -> &str {
        let glyph = &self.glyphs[index as usize];
        &self.text[glyph.start as usize..glyph.end as usize]
    }

    /// The box around the glyphs at `indices`.
    pub fn bbox_of(&self, indices: &[u32]) -> Option<BBox> {
        hull(indices.iter().map(|&i| &self.glyphs[i as usize].bbox))
    }
}

impl Line {
    /// The glyphs whose text starts in `range` of [`Line::text`] (bytes).
    pub fn glyphs_in(&self, range: Range<usize>) -> &[u32] {
        let first = self.starts.partition_point(|&s| (s as usize) < range.start);
        let last = self.starts.partition_point(|&s| (s as usize) < range.end);
        &self.glyphs[first..last.max(first)]
    }
}

impl Table {
    /// The cell that covers this grid position.
    pub fn cell_at(&self, row: u32, column: u32) -> Option<&Cell> {
        self.cells.iter().find(|c| c.rows.contains(&row) && c.columns.contains(&column))
    }
}
