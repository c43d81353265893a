//! What stands where on the page of a Japanese PDF: glyphs, rulings, lines, tables.
//!
//! [`read`] takes the bytes of a PDF, or of a text dump of one, and gives a [`Document`].
//! It knows nothing of forms or records.
//!
//! With the feature `serde`, the row types of [`rows`] can be serialized.
//!
//! Lengths are points, the origin is the top left corner of the page as a reader sees it, y grows
//! downwards, pages count from 1.

mod block;
mod chunk;
mod continuation;
mod document;
mod drawing;
mod effort;
mod engine;
mod error;
mod geometry;
mod glyph;
mod hayro;
mod hint;
mod lattice;
mod line;
mod missing_edge;
mod options;
mod pdf;
mod read;
mod reading_order;
mod region;
pub mod rows;
mod ruling;
mod sideways;
mod stream;
mod svg;
mod text;
mod unruled_rows;
mod warning;

pub use document::{Block, BlockKind, Cell, Document, Glyph, Line, Page, Ruling, SourceKind, Table, Warning};
pub use error::{Error, ErrorKind};
pub use geometry::{BBox, hull};
pub use options::{Limits, Options};
#[doc(hidden)]
pub use pdf::engine_only;
pub use read::{read, source_kind};
