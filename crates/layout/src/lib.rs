//! What stands where on the page of a Japanese PDF: glyphs, rulings, lines, tables.
//!
//! [`read`] takes the bytes of a PDF, or of a text dump of one, and gives a [`Document`].
//! It knows nothing of forms or records.
//!
//! # Example
//! ```
//! use chohyo_layout::{Options, read};
//!
//! let pdf = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/sheets/sendai.pdf"))?;
//! let document = read(&pdf, &Options::default())?;
//! let page = &document.pages[1];
//! let table = &page.tables[0];
//! let population = table.cell_at(2, 2).expect("row 2, column 2");
//! let line = &page.lines[population.lines[0] as usize];
//! assert_eq!(line.text, "1,087,723");
//! assert!(population.bbox.contains(line.bbox.x0, line.bbox.top));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Geometry
//! Lengths are points, the origin is the top left corner of the page as a reader sees it (after
//! `/Rotate`, within the `CropBox`), y grows downwards, pages count from 1. Widths of glyphs are taken with their
//! fractions (ISO 32000-1, 9.7.4.3); a reader that drops them, as `PDFium` does, drifts from these places along a line.
//!
//! # What holds
//! - Every glyph is in exactly one line, every line in exactly one block; a table's block holds the lines
//!   of its cells. Lines do not cross the borders of cells.
//! - The same bytes give the same document.
//! - Any bytes give a document or an [`Error`] that says why not, inside [`Limits`]. A page that
//!   cannot be read is empty and has a warning (`unreadable_page`, `undecodable_page`) that says why; with
//!   [`Options::strict`] it is an error. A file without a page that can be read is always one.
//! - Text is what the file says it is: `ToUnicode`, `/ActualText`, or the font's character collection. A
//!   glyph without a known character is U+FFFD. Nothing is folded; what looks wrong is a [`Warning`]
//!   (`damaged_content`, `unknown_cmap`, `unmapped_glyphs`, `private_use_characters`, `symbol_characters`, `radical_characters`,
//!   `cut_numbers`, `too_many_rulings`, `invisible_text`, `hidden_text`).
//!
//! # How a page is read
//! 1. The engine draws the page; glyphs, strokes, fills and images are taken down. Text outside the clip
//!    or on a layer that is off is not there; text drawn twice to look bold is there once.
//! 2. Strokes that continue each other are one [`Ruling`]; rulings that cross make a grid, and a cell is
//!    what the grid's edges close off.
//! 3. Glyphs on one baseline within a cell, a box or the open page are a [`Line`]. Gutters, letters spread
//!    over a width, letters set one under the other, and footnote marks are told apart.
//! 4. Lines that no cell holds are a table where they stand in rows and columns, with whatever rulings and
//!    fills there are; [`Table::ruled`] says which kind it is.
//! 5. Tables, boxes and paragraphs are put in reading order: columns of text one after the other, a grid of
//!    boxes row by row, a heading with the box under it.
//! 6. When all pages are read, what several of them say at the same place is a running head or foot, or a page
//!    number; the other blocks are headings, paragraphs, items of lists, notes or captions ([`BlockKind`]) by the
//!    size and weight of their type, their indents, and what they begin with.
//!
//! # Limits
//! Scans without a text layer have no text ([`ErrorKind::NoText`]). Ruby is a line of its own. Rows of an
//! unruled table are guessed from the space between lines; where it is as wide as within a cell, cells run
//! together. What a page costs is bounded before it is drawn, in memory ([`Limits::decoded_bytes`]) and in the
//! content that its forms come to; how long it takes is not, nor is a fault in the engine itself excluded. Run
//! untrusted files in a process of their own.
//!
//! With the feature `serde`, the row types of [`rows`] can be serialized. With the feature `picture`, pages
//! can be drawn as they look. With the feature `witness` a second reader can be asked what it reads on the same
//! pages.

mod block;
mod chunk;
mod columns;
mod continuation;
mod decoded;
mod document;
mod dots;
mod drawing;
mod effort;
mod engine;
mod error;
mod furniture;
mod geometry;
mod glyph;
mod hayro;
mod hint;
mod kind;
mod lattice;
mod leading;
mod letter;
mod line;
mod marker;
mod missing_edge;
mod options;
mod pdf;
#[cfg(feature = "picture")]
mod picture;
mod read;
mod reading_order;
mod region;
pub mod rows;
mod ruling;
mod scan;
mod sideways;
mod stream;
mod svg;
mod text;
mod tiles;
mod unruled_rows;
mod warning;
#[cfg(feature = "witness")]
pub mod witness;

pub use document::{
    Block, BlockKind, Cell, Document, Glyph, Ink, Line, Page, Ruling, SourceKind, Table, Warning,
};
pub use error::{Error, ErrorKind};
pub use geometry::{BBox, hull};
pub use options::{Limits, Options};
#[doc(hidden)]
pub use pdf::engine_only;
#[cfg(feature = "picture")]
pub use picture::{Picture, PictureLimits, Pictures, pictures};
pub use read::{read, read_while, source_kind};
