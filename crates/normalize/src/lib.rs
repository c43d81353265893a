//! Numbers, units, era dates and periods in Japanese official text, each with its place in the text.
//!
//! Tables and reports of Japanese authorities print `Ｈ20～24年度`, `令和元年６月時点`, `△1,087千円`, `４～5％` and `―`, in
//! full-width and half-width characters as it comes, and PDFs add radicals (`⻑`), letter-spacing (`令 和 ２ 年`) and line
//! ends in the middle of words. This crate reads them: [`scan`] finds all expressions of a text, [`period`] and
//! [`number`] read a whole cell, and [`fold`] gives the text in one spelling, with a map back to what was printed.
//!
//! # Example
//!
//! ```
//! use chohyo_normalize::{Context, Kind, scan};
//!
//! let text = "人口は１，０８７，７２３人（R2年4月時点）、Ｈ20～24年度は4～5％程度。";
//! let found = scan(text, &Context::default());
//!
//! let kinds: Vec<_> = found.iter().map(|found| found.kind).collect();
//! assert_eq!(kinds, [Kind::Number, Kind::Month, Kind::Range, Kind::Range]);
//!
//! // Spans are bytes of the text as given.
//! assert_eq!(&text[found[0].span.clone()], "１，０８７，７２３人");
//! assert_eq!(found[0].value.unwrap().to_string(), "1087723");
//!
//! let years = found[2].period.as_ref().unwrap();
//! assert_eq!(years.edtf, "2008-04/2013-03");
//! assert_eq!(years.end.unwrap().to_string(), "2013-03-31");
//! ```
//!
//! More of them are in the [`cookbook`].
//!
//! # What holds
//!
//! - **Raw stays raw.** A find is a span of the given text; nothing is rewritten.
//! - **Nothing is guessed in silence.** What a text leaves out is completed from the [`Context`] and from what the text
//!   named before; the [`Flags`] say so. What stays open stays open: `7月` alone is `XXXX-07`.
//! - **What is no date is none.** 令和2年2月30日 is [`Kind::Invalid`], with a flag that says why; 平成32年 is 2020 by plain
//!   arithmetic, with `era_overflow`.
//! - **Any text is read**, without a panic and in time that grows with its length; the laws are tested as properties.
//!
//! # Limits
//!
//! - Eras before 明治 and the lunar calendar are not read. Clock times are passed over; so are shares such as 3分の1.
//! - Which era an omitted one is (29年度) follows from the context. Without any, only years that one era alone
//!   can have are completed.
//! - A letter and digits (R2, H27) are a year where nothing around them says otherwise, and carry the flag `bare`. 大正 and
//!   明治 are never read from a bare T or M.
//! - Numbers have at most 28 digits.
//!
//! # Speed
//!
//! One pass folds, another scans, and neither goes back. On the text of published sheets the fold alone is several times as
//! fast as the NFKC of `unicode-normalization`, and fold and scan together are faster than it; the workspace's benches
//! measure both in one run.
//!
//! # Sources
//!
//! The tables say where they come from: [`era`] (Cabinet orders and edicts), [`units`] (公用文作成の考え方, the
//! Measurement Act), the radicals (Unicode's `EquivalentUnifiedIdeograph`, Adobe-Japan1), EDTF (ISO 8601-2).
//!
//! # Features
//!
//! - `serde`: [`Period`] and [`Flags`] serialise as records print them; [`jsonl`] has the lines of `chohyo normalize`.
//! - `schemars`: JSON Schema of the same.
#![cfg_attr(not(feature = "serde"), allow(rustdoc::broken_intra_doc_links))]

mod affix;
mod blank;
mod calendar;
mod characters;
mod context;
mod counters;
mod date;
mod duration;
mod edtf;
pub mod era;
mod fiscal;
mod flags;
mod fold;
mod found;
mod interval;
#[cfg(feature = "serde")]
pub mod jsonl;
mod kanji;
mod label;
mod list;
mod map;
mod measure;
mod number;
mod period;
mod quantity;
mod radicals;
mod range;
mod reader;
mod scan;
mod spacing;
mod trigger;
pub mod units;
mod year;

#[doc = include_str!("../docs/cookbook.md")]
pub mod cookbook {}

#[doc = include_str!("../docs/expectations.md")]
pub mod expectations {}

pub use blank::{is_null_mark, is_placeholder};
pub use calendar::fiscal_year_days;
pub use context::Context;
pub use flags::{Flag, Flags};
pub use fold::{Folded, fold};
pub use found::{Found, Kind};
pub use number::{Number, number};
pub use period::{Period, PeriodKind, period};
pub use scan::{Finds, scan};
