//! `chohyo witness`: the process in which a second reader reads a PDF.

use anyhow::Context;
use chohyo_layout::witness::{Witness, serve};

use crate::cli::WitnessArguments;
use crate::outcome::Outcome;

pub(crate) fn run(arguments: &WitnessArguments) -> anyhow::Result<Outcome> {
    chohyo_batch::confine(arguments.memory.map(|m| u64::from(m) << 20)).context("witness")?;
    serve().context("witness")?;
    Ok(Outcome::Well)
}

/// This program, as a witness; with no more address space in MiB than that.
pub(crate) fn witness(memory: Option<u32>) -> anyhow::Result<Witness> {
    let program = std::env::current_exe().context("the witness cannot be started")?;
    let mut arguments = vec!["witness".to_owned()];
    arguments.extend(memory.map(|m| format!("--memory={m}")));
    Ok(Witness::new(program, arguments))
}
