//! `chohyo worker`: the process that reads files for a batch.

use anyhow::Context;

use crate::outcome::Outcome;

pub(crate) fn run() -> anyhow::Result<Outcome> {
    chohyo_batch::serve().context("worker")?;
    Ok(Outcome::Well)
}
