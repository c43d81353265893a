//! How the files of a batch are read.

use chohyo_extract::{Extractor, Form, SCHEMA};
use chohyo_layout::Limits;
#[cfg(feature = "witness")]
use chohyo_layout::witness::Witness;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::content::hexadecimal;

/// How files are read: what goes to the workers, and what records depend on besides the bytes of their files.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Settings {
    /// Sources of forms of the caller's own, as TOML; they are tried before those that are compiled in, the
    /// last one first.
    pub forms: Vec<String>,
    /// The fiscal year to assume where a sheet does not tell its own.
    pub fiscal_year: Option<i32>,
    /// The user password of encrypted PDFs. The empty one is always tried.
    pub password: Option<String>,
    /// Bounds on what one file may cost.
    pub limits: Limits,
    /// A second reader that every PDF is read with too; diagnostics of the record say where it reads other characters,
    /// and where it fails. In an isolated batch it gets as much memory as a worker, and the batch starts it, since a
    /// worker can start nothing.
    #[cfg(feature = "witness")]
    pub witness: Option<Witness>,
}

impl Settings {
    /// The extractor that reads so.
    ///
    /// # Errors
    /// [`Form`](chohyo_extract::ErrorKind::Form) when a form cannot be used.
    pub fn extractor(&self) -> Result<Extractor, chohyo_extract::Error> {
        let mut extractor = Extractor::new().limits(self.limits.clone());
        for source in &self.forms {
            extractor = extractor.form(Form::parse(source)?);
        }
        if let Some(year) = self.fiscal_year {
            extractor = extractor.fiscal_year(year);
        }
        if let Some(password) = &self.password {
            extractor = extractor.password(password);
        }
        #[cfg(feature = "witness")]
        if let Some(witness) = &self.witness {
            extractor = extractor.cross_check(witness.clone());
        }
        Ok(extractor)
    }

    /// True when a second reader is asked.
    #[cfg_attr(not(feature = "witness"), allow(clippy::unused_self, reason = "there is none to ask"))]
    pub(crate) fn is_witnessed(&self) -> bool {
        #[cfg(feature = "witness")]
        return self.witness.is_some();
        #[cfg(not(feature = "witness"))]
        false
    }

    /// Names, in 16 hexadecimal digits, everything that a record depends on besides the bytes of its file:
    /// the version of the program and of the record, the forms, the year, the limits, whether a witness is asked. Not the password,
    /// which a short hash would give away: it decides whether there is a record, and not what is in it.
    pub(crate) fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        let mut add = |part: &str| {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        };
        add(env!("CARGO_PKG_VERSION"));
        add(SCHEMA);
        let builtin = Form::builtin().iter().map(|f| f.source());
        for form in self.forms.iter().map(String::as_str).chain(builtin) {
            add(form);
        }
        add(&format!("{:?} {:?}", self.fiscal_year, self.limits));
        if self.is_witnessed() {
            add("witness");
        }
        let mut digits = hexadecimal(&hash.finalize());
        digits.truncate(16);
        digits
    }
}

/// The first frame to a worker.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Setup {
    forms: Vec<String>,
    fiscal_year: Option<i32>,
    password: Option<String>,
    bytes: usize,
    pages: usize,
    glyphs_per_page: usize,
    rulings_per_page: usize,
    /// True when the worker is to ask for what the witness says.
    pub(crate) witnessed: bool,
    /// Address space in bytes.
    pub(crate) memory: Option<u64>,
}

impl Setup {
    pub(crate) fn new(settings: &Settings, memory: Option<u64>) -> Self {
        let witnessed = settings.is_witnessed();
        let Settings { forms, fiscal_year, password, limits, .. } = settings.clone();
        let Limits { bytes, pages, glyphs_per_page, rulings_per_page, .. } = limits;
        Self {
            forms,
            fiscal_year,
            password,
            bytes,
            pages,
            glyphs_per_page,
            rulings_per_page,
            witnessed,
            memory,
        }
    }

    pub(crate) fn settings(&self) -> Settings {
        let mut limits = Limits::default();
        limits.bytes = self.bytes;
        limits.pages = self.pages;
        limits.glyphs_per_page = self.glyphs_per_page;
        limits.rulings_per_page = self.rulings_per_page;
        Settings {
            forms: self.forms.clone(),
            fiscal_year: self.fiscal_year,
            password: self.password.clone(),
            limits,
            ..Settings::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_reach_a_worker_whole() {
        let mut settings = Settings { fiscal_year: Some(2020), ..Settings::default() };
        settings.limits.pages = 7;
        settings.forms.push("x".to_owned());
        settings.password = Some("secret".to_owned());
        let json = serde_json::to_vec(&Setup::new(&settings, Some(1))).unwrap();
        let back: Setup = serde_json::from_slice(&json).unwrap();
        assert_eq!(format!("{:?}", back.settings()), format!("{settings:?}"));
    }

    #[test]
    fn the_fingerprint_knows_all_but_the_password() {
        let plain = Settings::default();
        let mut limits = Settings::default();
        limits.limits.pages = 7;
        let changed = [
            limits,
            Settings { fiscal_year: Some(2020), ..Settings::default() },
            Settings { forms: vec!["id = 1".to_owned()], ..Settings::default() },
        ];
        assert!(changed.iter().all(|s| s.fingerprint() != plain.fingerprint()));
        #[cfg(feature = "witness")]
        {
            let witnessed = Settings { witness: Some(Witness::new("a", ["b"])), ..Settings::default() };
            assert_ne!(witnessed.fingerprint(), plain.fingerprint());
        }
        let secret = Settings { password: Some("secret".to_owned()), ..Settings::default() };
        assert_eq!(secret.fingerprint(), plain.fingerprint());
    }
}
