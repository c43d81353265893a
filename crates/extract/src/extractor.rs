//! The way in: bytes to a [`Sheet`].

use std::sync::Arc;

#[cfg(feature = "witness")]
use chohyo_layout::witness::{Testimony, Witness};
use chohyo_layout::{Document, Limits, Options, Warning};
use sha2::{Digest, Sha256};

use crate::diagnostic::Code;
use crate::error::{Error, ErrorKind};
use crate::form::Form;
use crate::ledger::rounded;
use crate::section;
use crate::sheet::{Diagnostic, Place, Severity, Sheet};
use crate::stream::Stream;
use crate::trial::{self, Trial};

/// Reads a sheet from a PDF or a text dump; which of the two it is, is told from its content.
///
/// # Errors
/// See [`ErrorKind`]: the pages cannot be read, or no form fits.
pub fn extract_sheet(bytes: impl AsRef<[u8]>) -> Result<Sheet, Error> {
    Extractor::new().extract(bytes)
}

/// Reads sheets with settings of the caller's; one extractor reads any number of sheets, from any thread.
#[derive(Clone, Debug)]
pub struct Extractor {
    options: Options,
    forms: Vec<Arc<Form>>,
    fiscal_year: Option<i32>,
    hash: bool,
    #[cfg(feature = "witness")]
    witness: Option<Witness>,
}

impl Default for Extractor {
    fn default() -> Self {
        Self {
            options: Options::default(),
            forms: Form::builtin().to_vec(),
            fiscal_year: None,
            hash: true,
            #[cfg(feature = "witness")]
            witness: None,
        }
    }
}

impl Extractor {
    /// An extractor that knows the forms of this crate.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a form; it is tried before those the extractor knows already.
    #[must_use]
    pub fn form(mut self, form: Form) -> Self {
        self.forms.insert(0, Arc::new(form));
        self
    }

    /// The forms it knows, in the order in which they are tried.
    pub fn forms(&self) -> &[Arc<Form>] {
        &self.forms
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

    /// Ends with the error of the first page that cannot be read. Otherwise a diagnostic says so, and the record
    /// is made of the other pages.
    #[must_use]
    pub fn strict(mut self, strict: bool) -> Self {
        self.options.strict = strict;
        self
    }

    /// Leaves [`Source::sha256`](crate::Source::sha256) empty, for whoever has hashed the bytes already and puts it in.
    #[must_use]
    pub fn without_hash(mut self) -> Self {
        self.hash = false;
        self
    }

    /// Has PDFs read by a second reader as well. Where it reads another digit, a `reader_disagreement` among the
    /// diagnostics names the measures and columns; where it fails, a `no_witness` says so.
    #[cfg(feature = "witness")]
    #[must_use]
    pub fn cross_check(mut self, witness: Witness) -> Self {
        self.witness = Some(witness);
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
        let bytes = bytes.as_ref();
        #[cfg(feature = "witness")]
        if let Some(witness) = &self.witness {
            return self.extract_witnessed(name, bytes, || witness.ask(bytes));
        }
        self.extract_read(name, bytes).map(|(sheet, _)| sheet)
    }

    /// Reads a sheet; if it is a PDF, `ask` says what a second reader reads in the same bytes. It is what
    /// [`cross_check`](Self::cross_check) does, for a second reader that is not started from here.
    ///
    /// # Errors
    /// As [`extract_sheet`].
    #[cfg(feature = "witness")]
    pub fn extract_witnessed(
        &self,
        name: &str,
        bytes: &[u8],
        ask: impl FnOnce() -> Testimony,
    ) -> Result<Sheet, Error> {
        let (mut sheet, document) = self.extract_read(name, bytes)?;
        crate::witness::confront(&mut sheet, &document, ask);
        Ok(sheet)
    }

    /// Reads a sheet and gives the pages that it was read from too, for whoever has a use for both. No second reader is
    /// asked.
    ///
    /// # Errors
    /// As [`extract_sheet`].
    pub fn extract_read(&self, name: &str, bytes: &[u8]) -> Result<(Sheet, Document), Error> {
        let hash = || self.hash.then(|| hexadecimal(&Sha256::digest(bytes)));
        let (document, hash) =
            chohyo_layout::read_while(bytes, &self.options, hash).map_err(|e| Error::from(e).named(name))?;
        let mut sheet = self.extract_document(&document).map_err(|e| e.named(name))?;
        name.clone_into(&mut sheet.source.name);
        sheet.source.bytes = bytes.len() as u64;
        sheet.source.sha256 = hash.unwrap_or_default();
        Ok((sheet, document))
    }

    /// Tries a form on a sheet, whether it fits or not: what it finds, what it misses, and what comes near.
    ///
    /// # Errors
    /// The pages cannot be read.
    pub fn trial(&self, form: &Form, bytes: impl AsRef<[u8]>) -> Result<Trial, Error> {
        let document = chohyo_layout::read(bytes.as_ref(), &self.options)?;
        let stream = Stream::new(&document);
        let headings = section::headings(&stream, form);
        let (found, all) = form.found(&stream, &headings);
        let score = found as f64 / all.max(1) as f64;
        let sheet = crate::assemble::assemble(&stream, form, score, &headings, self.fiscal_year);
        let sought = trial::sought(&stream, form, &sheet);
        Ok(Trial { sheet, sought })
    }

    /// Reads a sheet from pages that have been read already; name, size and hash of the source stay empty.
    ///
    /// # Errors
    /// [`ErrorKind::NoForm`] when no form fits.
    pub fn extract_document(&self, document: &Document) -> Result<Sheet, Error> {
        let stream = Stream::new(document);
        let mut best: Option<(f64, &Form, Vec<section::Heading>)> = None;
        for form in &self.forms {
            let headings = section::headings(&stream, form);
            let (found, all) = form.found(&stream, &headings);
            let score = found as f64 / all.max(1) as f64;
            if found > 0 && best.as_ref().is_none_or(|(b, ..)| score > *b) {
                best = Some((score, form, headings));
            }
        }
        let Some((score, form, headings)) = best else {
            let known: Vec<&str> = self.forms.iter().map(|f| f.id()).collect();
            let message = format!("no heading or mark of a known form ({}) is on it", known.join(", "));
            return Err(Error::new(ErrorKind::NoForm, message));
        };
        let mut sheet = crate::assemble::assemble(&stream, form, score, &headings, self.fiscal_year);
        sheet.diagnostics.splice(0..0, document.warnings.iter().map(diagnostic));
        Ok(sheet)
    }
}

/// What the reader of the pages warns of.
fn diagnostic(warning: &Warning) -> Diagnostic {
    let at = warning.page.zip(warning.bbox).map(|(page, bbox)| Place {
        page,
        bbox: Some(rounded(bbox)),
        span: None,
    });
    let message = match warning.page {
        Some(page) => format!("page {page}: {}", warning.message),
        None => warning.message.clone(),
    };
    let at = at.into_iter().collect();
    match Code::of_warning(warning.code) {
        Some(code) => Diagnostic::new(code, message).at(at),
        None => Diagnostic {
            code: warning.code.to_owned(),
            severity: Severity::Warning,
            message,
            keys: Vec::new(),
            at,
        },
    }
}

impl crate::Source {
    /// True when these are the bytes that the sheet was read from.
    pub fn is_of(&self, bytes: &[u8]) -> bool {
        self.bytes == bytes.len() as u64 && self.sha256 == hexadecimal(&Sha256::digest(bytes))
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |d: u8| char::from_digit(u32::from(d), 16).unwrap_or('0');
    bytes.iter().flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_that_is_known_is_left_to_others() {
        let dump = "仙台市\n\n１ 県又は政令市の基礎情報\n\n人口（R2年4月時点） 1,087,723 人\n";
        let sheet = extract_sheet(dump).unwrap();
        assert!(sheet.source.is_of(dump.as_bytes()));
        let mut same = Extractor::new().without_hash().extract(dump).unwrap();
        assert_eq!(same.source.sha256, "");
        same.source.sha256.clone_from(&sheet.source.sha256);
        assert_eq!(serde_json::to_string(&same).unwrap(), serde_json::to_string(&sheet).unwrap());
    }
}
