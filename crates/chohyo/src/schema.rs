//! `chohyo schema`: the JSON Schema of the record.

use std::io::{self, Write};

use anyhow::Context;
use chohyo_extract::Sheet;

use crate::outcome::Outcome;

pub(crate) fn run() -> anyhow::Result<Outcome> {
    let mut json = serde_json::to_vec_pretty(&schemars::schema_for!(Sheet))?;
    json.push(b'\n');
    io::stdout().lock().write_all(&json).context("standard output")?;
    Ok(Outcome::Well)
}
