//! `chohyo completions`: a script for a shell.

use std::io::{self, Write};

use anyhow::Context;
use clap::CommandFactory;

use crate::cli::{Cli, CompletionsArguments};
use crate::outcome::Outcome;

pub(crate) fn run(arguments: &CompletionsArguments) -> anyhow::Result<Outcome> {
    // Into memory first: the generator panics where it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "chohyo", &mut script);
    io::stdout().lock().write_all(&script).context("standard output")?;
    Ok(Outcome::Well)
}
