//! What stands where on the page of a Japanese PDF: glyphs, rulings, lines, tables.
//!
//! [`read`] takes the bytes of a PDF, or of a text dump of one, and gives a [`Document`].
//! It knows nothing of forms or records.
//!
//! Lengths are points, the origin is the top left corner of the page as a reader sees it, y grows
//! downwards, pages count from 1.

mod document;
mod error;
mod geometry;
mod options;
mod read;
mod text;

pub use document::{Block, BlockKind, Cell, Document, Glyph, Line, Page, Ruling, SourceKind, Table, Warning};
pub use error::{Error, ErrorKind};
pub use geometry::{BBox, hull};
pub use options::{Limits, Options};
pub use read::{read, source_kind};
