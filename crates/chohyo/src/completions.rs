//! `chohyo completions`: a script for a shell.

use std::io::{self, Write};

use anyhow::Context;
use clap::CommandFactory;

use crate::cli::{Cli, CompletionsArguments};
use crate::outcome::Outcome;

pub(crate) fn run(arguments: &CompletionsArguments) -> anyhow::Result<Outcome> {
    // The generator completes hidden commands as well, and those are for no person.
    let all = Cli::command();
    let shown = all.get_subcommands().filter(|c| !c.is_hide_set()).cloned();
    let mut command = clap::Command::new("chohyo")
        .version(env!("CARGO_PKG_VERSION"))
        .args(all.get_arguments().cloned())
        .subcommands(shown);
    // Into memory first: the generator panics where it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "chohyo", &mut script);
    io::stdout().lock().write_all(&script).context("standard output")?;
    Ok(Outcome::Well)
}
