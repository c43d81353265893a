//! Why no sheet could be had from a file.

/// Why no sheet could be had from a file, or a form could not be used.
#[derive(Debug, thiserror::Error)]
#[error("{}{message}", self.prefix())]
pub struct Error {
    kind: ErrorKind,
    message: String,
    name: String,
    page: Option<u32>,
}

/// The kinds of [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The pages could not be read; the layout crate says why.
    Layout(chohyo_layout::ErrorKind),
    /// No known form fits the sheet.
    NoForm,
    /// A form file that cannot be used.
    Form,
    /// A file of corrections that cannot be used.
    Corrections,
    /// A row that does not fit the caller's type.
    Row,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), name: String::new(), page: None }
    }

    #[must_use]
    pub(crate) fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
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

    /// What went wrong, without the name of the file and the page.
    pub fn message(&self) -> &str {
        &self.message
    }

    fn prefix(&self) -> String {
        match (self.name.as_str(), self.page) {
            ("", None) => String::new(),
            (name, None) => format!("{name}: "),
            ("", Some(page)) => format!("page {page}: "),
            (name, Some(page)) => format!("{name}, page {page}: "),
        }
    }
}

impl From<chohyo_layout::Error> for Error {
    fn from(error: chohyo_layout::Error) -> Self {
        Self {
            kind: ErrorKind::Layout(error.kind()),
            message: error.to_string(),
            name: String::new(),
            page: error.page(),
        }
    }
}

impl ErrorKind {
    /// The stable name used in failure reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Layout(kind) => kind.name(),
            Self::NoForm => "no_form",
            Self::Form => "form",
            Self::Corrections => "corrections",
            Self::Row => "row",
        }
    }
}
