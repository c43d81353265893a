//! Why a file could not be read.

/// Why a file could not be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}{}{}", if detail.is_empty() { "" } else { ": " }, detail)]
pub struct Error {
    kind: ErrorKind,
    detail: String,
    page: Option<u32>,
}

/// The kinds of [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Zero bytes, or nothing but white space.
    #[error("the file is empty")]
    Empty,
    /// Neither a PDF nor UTF-8 text.
    #[error("neither a PDF nor UTF-8 text")]
    NotASheet,
    /// A PDF whose structure cannot be followed.
    #[error("the PDF is damaged")]
    Damaged,
    /// A PDF that needs a password that was not given.
    #[error("the PDF is encrypted and needs a password")]
    Encrypted,
    /// A PDF without pages.
    #[error("the PDF has no pages")]
    NoPages,
    /// Pages without one readable character (a scan without a text layer, mostly).
    #[error("no text on any page")]
    NoText,
    /// More than [`Limits`](crate::Limits) allow.
    #[error("too large")]
    TooLarge,
    /// Glyphs, but mostly without a known character.
    #[error("the text cannot be decoded")]
    Undecodable,
}

impl Error {
    /// An error of `kind`; `detail` says what was seen, and may be empty.
    pub fn new(kind: ErrorKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), page: None }
    }

    /// The same error, at `page` (from 1).
    #[must_use]
    pub fn at_page(mut self, page: u32) -> Self {
        self.page = Some(page);
        self
    }

    /// What kind of failure this is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The page it happened on, from 1, when it is one page's.
    pub fn page(&self) -> Option<u32> {
        self.page
    }
}

impl ErrorKind {
    /// The stable name used in failure reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NotASheet => "not_pdf",
            Self::Damaged => "damaged",
            Self::Encrypted => "encrypted",
            Self::NoPages => "no_pages",
            Self::NoText => "no_text",
            Self::TooLarge => "too_large",
            Self::Undecodable => "undecodable",
        }
    }
}
