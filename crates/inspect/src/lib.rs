//! Review pages: what a sheet looks like, and what was read from it, side by side.
//!
//! [`sheet_page`] gives one self-contained HTML file, which a browser shows without a network: each page as it
//! looks, a box over every value and cell, and the record beside it. A person compares the two, and saves
//! corrections.
//!
//! ```
//! use chohyo_extract::{Extractor, Form};
//! use chohyo_inspect::{PageOptions, sheet_page};
//!
//! let bytes = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/sheets/sendai.pdf"))?;
//! let sheet = Extractor::new().extract_named("sendai.pdf", &bytes)?;
//! let html = sheet_page(&sheet, Some(&Form::builtin()[0]), &bytes, &PageOptions::default())?;
//! assert!(html.contains("仙台市"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! An [`Index`] is a page over a whole run: a row a sheet, and the values of each measure over all of them.
//!
//! # What holds
//!
//! - Text of a sheet is never markup: it goes into the page escaped, or as JSON that the page's script shows as
//!   text. The page's content security policy lets no other script run, and lets nothing be fetched.
//! - The same sheet gives the same page.
//!
//! # Limits
//!
//! Images of a page are made coarser, and left out past [`PictureLimits`](chohyo_layout::PictureLimits); the
//! review page says so.

mod html;
mod index;
mod page;
mod text_layer;

pub use index::Index;
pub use page::{PageOptions, document_page, sheet_page};
