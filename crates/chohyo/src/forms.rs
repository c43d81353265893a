//! `chohyo forms`: the forms that are compiled in.

use std::io::{self, Write};

use anyhow::Context;
use chohyo_extract::Form;

use crate::cli::{FormsArguments, FormsCommand};
use crate::outcome::{Outcome, UsageError};

pub(crate) fn run(arguments: &FormsArguments) -> anyhow::Result<Outcome> {
    let text = match &arguments.command {
        None => Form::builtin().iter().flat_map(|form| [form.id(), "\t", form.title(), "\n"]).collect(),
        Some(FormsCommand::Show { id }) => source(id)?,
    };
    io::stdout().lock().write_all(text.as_bytes()).context("standard output")?;
    Ok(Outcome::Well)
}

fn source(id: &str) -> Result<String, UsageError> {
    let known = Form::builtin();
    known.iter().find(|form| form.id() == id).map(|form| form.source().to_owned()).ok_or_else(|| {
        let ids: Vec<_> = known.iter().map(|form| form.id()).collect();
        UsageError(format!("no form {id}; there are: {}", ids.join(", ")))
    })
}
