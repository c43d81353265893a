//! `chohyo witness`: the process in which a second reader reads a PDF.

use anyhow::Context;
use chohyo_layout::witness::{Witness, serve};

use crate::outcome::Outcome;

pub(crate) fn run() -> anyhow::Result<Outcome> {
    serve().context("witness")?;
    Ok(Outcome::Well)
}

/// This program, as a witness.
pub(crate) fn witness() -> anyhow::Result<Witness> {
    let program = std::env::current_exe().context("the witness cannot be started")?;
    Ok(Witness::new(program, ["witness"]))
}
