//! `chohyo page-worker`: the process that makes the review page of one sheet for a batch.

use std::io::{self, BufRead, Read, Write};

use anyhow::Context;
use chohyo_extract::{Form, Sheet};
use chohyo_inspect::{PageOptions, sheet_page};
use serde::{Deserialize, Serialize};

use crate::outcome::Outcome;

/// What a page is made of, but for the bytes of the file, which follow it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Request {
    pub(crate) sheet: Sheet,
    /// The source of the form it was read with, where that is none of those that are compiled in.
    pub(crate) forms: Vec<String>,
    pub(crate) password: Option<String>,
    /// Address of the index, relative to the page.
    pub(crate) index: String,
    /// Address space in bytes.
    #[serde(default)]
    pub(crate) memory: Option<u64>,
}

impl Request {
    /// The page.
    pub(crate) fn page(&self, bytes: &[u8]) -> anyhow::Result<String> {
        let id = &self.sheet.form.id;
        let own: Vec<Form> = self.forms.iter().map(|f| Form::parse(f)).collect::<Result<_, _>>()?;
        let builtin = Form::builtin().iter().map(|f| &**f);
        let form = own.iter().chain(builtin).find(|f| f.id() == id);
        let mut options = PageOptions::default();
        options.reading.password.clone_from(&self.password);
        options.index = Some(self.index.clone());
        Ok(sheet_page(&self.sheet, form, bytes, &options)?)
    }
}

/// One request, as a line of JSON and the bytes of the file, on standard input; the page on standard output.
pub(crate) fn run() -> anyhow::Result<Outcome> {
    let mut input = io::stdin().lock();
    let mut line = String::new();
    input.read_line(&mut line)?;
    let request: Request =
        serde_json::from_str(&line).context("this command is run by chohyo batch, and not by hand")?;
    chohyo_batch::confine(request.memory)?;
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes)?;
    io::stdout().lock().write_all(request.page(&bytes)?.as_bytes())?;
    Ok(Outcome::Well)
}
