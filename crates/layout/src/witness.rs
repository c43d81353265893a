//! A second reader, independent of the first, that is asked what it reads on the same pages.
//!
//! The witness is pdf-extract. It shares no code with the engine, so that where both read the same characters
//! neither has misread them. It knows less: fonts with a predefined `CMap` end it, and so may a file it was not
//! written for. Therefore it runs in a process of its own, with bounds on time, memory and stack, and what it
//! fails to read says nothing against the first reader.
//!
//! A program that asks it calls [`serve`] where it was started with the arguments that it gave to
//! [`Witness::new`]; [`cross_check`] does the rest.
//!
//! Characters are compared page by page in the order in which the page draws them, after compatibility
//! normalisation (NFKC), white space left out.

mod compare;
mod process;
mod server;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

pub use server::serve;

use crate::{BBox, Document};

/// How the witness is started.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Witness {
    /// The program; it has to call [`serve`] when it gets the arguments.
    pub program: PathBuf,
    /// The arguments.
    pub arguments: Vec<OsString>,
    /// It is ended when it has not answered by then.
    pub time: Duration,
}

/// What two readers made of a document.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct CrossCheck {
    /// The pages that were compared, in their order.
    pub pages: Vec<PageCheck>,
    /// Why the witness did not read all pages.
    pub failure: Option<String>,
}

/// What two readers made of a page.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct PageCheck {
    /// Page number, from 1.
    pub page: u32,
    /// Characters that were read.
    pub read: usize,
    /// Characters that the witness read.
    pub witnessed: usize,
    /// Characters that both read, in one order.
    pub agreed: usize,
    /// Why the page was not compared.
    pub failure: Option<String>,
    /// Where they differ, in drawing order.
    pub differences: Vec<Difference>,
}

/// A place where two readers differ.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Difference {
    /// Page number, from 1.
    pub page: u32,
    /// What was read; empty where the witness reads something more.
    pub read: String,
    /// What the witness read; empty where it reads nothing.
    pub witnessed: String,
    /// The place of what was read, or of what is drawn next to it.
    pub bbox: Option<BBox>,
}

impl Witness {
    /// The witness that `program` is when it gets `arguments`.
    pub fn new(
        program: impl Into<PathBuf>,
        arguments: impl IntoIterator<Item = impl Into<OsString>>,
    ) -> Self {
        let arguments = arguments.into_iter().map(Into::into).collect();
        Self { program: program.into(), arguments, time: Duration::from_mins(1) }
    }

    /// Asks what it reads in `bytes`. That it fails is in what it said.
    pub fn ask(&self, bytes: &[u8]) -> Testimony {
        process::ask(bytes, self)
    }
}

impl Difference {
    /// True when the digits differ, and not just what stands around them.
    pub fn concerns_digits(&self) -> bool {
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        digits(&self.read) != digits(&self.witnessed)
    }

    /// True when both read a digit here, but not the same: one of them is wrong.
    pub fn contradicts_digits(&self) -> bool {
        let has = |text: &str| text.bytes().any(|b| b.is_ascii_digit());
        self.concerns_digits() && has(&self.read) && has(&self.witnessed)
    }
}

impl CrossCheck {
    /// Compares what a witness said with `document`, which was read from the same bytes: [`cross_check`], where the
    /// witness is asked elsewhere than the document is read.
    pub fn of(document: &Document, testimony: &Testimony) -> Self {
        let testimony = process::understand(&testimony.0);
        let pages = document.pages.iter().filter_map(|page| {
            let said = testimony.pages.iter().find(|p| p.number == page.number)?;
            Some(compare::page(page, said))
        });
        Self { pages: pages.collect(), failure: testimony.failure }
    }

    /// All differences, in the order of the pages.
    pub fn differences(&self) -> impl Iterator<Item = &Difference> {
        self.pages.iter().flat_map(|p| &p.differences)
    }
}

/// Asks the witness what it reads in `bytes`, and compares that with `document`, which was read from them.
///
/// That the witness fails is no error: [`CrossCheck::failure`] and [`PageCheck::failure`] say so.
pub fn cross_check(bytes: &[u8], document: &Document, witness: &Witness) -> CrossCheck {
    CrossCheck::of(document, &witness.ask(bytes))
}

/// What a witness said of a document. As text it can be handed to another process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Testimony(String);

impl Testimony {
    /// That of a witness who could not be asked, and why.
    pub fn none(why: &str) -> Self {
        Self(process::failed(why))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Testimony {
    /// From [`as_str`](Testimony::as_str); of any other text, nothing is understood.
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// What is understood of a [`Testimony`].
#[derive(Debug, Default)]
struct Understood {
    pages: Vec<Said>,
    failure: Option<String>,
}

/// What the witness said of a page.
#[derive(Debug, Default)]
struct Said {
    number: u32,
    characters: Vec<Character>,
    failure: Option<String>,
}

/// A character with its place in the witness's own coordinates.
#[derive(Clone, Debug, PartialEq)]
struct Character {
    text: String,
    x: f64,
    y: f64,
    size: f64,
}
