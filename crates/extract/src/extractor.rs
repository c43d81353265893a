//! The way in: bytes to a [`Sheet`].

use chohyo_layout::{Limits, Options};

use crate::{Error, Sheet};

/// Reads a sheet from a PDF or a text dump; which of the two it is, is told from its content.
///
/// # Errors
/// See [`ErrorKind`](crate::ErrorKind): the pages cannot be read, or no form fits.
pub fn extract_sheet(bytes: impl AsRef<[u8]>) -> Result<Sheet, Error> {
    Extractor::new().extract(bytes)
}

/// Reads sheets with settings of the caller's; one extractor reads any number of sheets, from any thread.
#[derive(Clone, Debug, Default)]
pub struct Extractor {
    options: Options,
    fiscal_year: Option<i32>,
}

impl Extractor {
    /// An extractor that knows the forms of this crate.
    pub fn new() -> Self {
        Self::default()
    }

    /// The user password of encrypted PDFs. The empty one is always tried.
    #[must_use]
    pub fn password(mut self, password: impl Into<String>) -> Self {
        self.options.password = Some(password.into());
        self
    }

    /// Bounds on what one file may cost.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.options.limits = limits;
        self
    }

    /// The fiscal year to assume where the sheet does not tell its own.
    #[must_use]
    pub fn fiscal_year(mut self, year: i32) -> Self {
        self.fiscal_year = Some(year);
        self
    }

    /// Reads a sheet from a PDF or a text dump.
    ///
    /// # Errors
    /// As [`extract_sheet`].
    pub fn extract(&self, bytes: impl AsRef<[u8]>) -> Result<Sheet, Error> {
        self.extract_named("", bytes)
    }

    /// The same; `name` (a file name without its folder) goes into [`Source::name`](crate::Source::name)
    /// and into errors.
    ///
    /// # Errors
    /// As [`extract_sheet`].
    pub fn extract_named(&self, name: &str, bytes: impl AsRef<[u8]>) -> Result<Sheet, Error> {
        let document = chohyo_layout::read(bytes.as_ref(), &self.options).map_err(|e| Error::from(e).named(name))?;
        let _ = document;
        Err(Error::new(crate::ErrorKind::NoForm, "not built yet").named(name))
    }
}
