//! `chohyo man`: the manual pages.

use std::io::{self, Write};

use anyhow::Context;
use clap::CommandFactory;

use crate::cli::{Cli, ManArguments};
use crate::outcome::{Outcome, UsageError};

pub(crate) fn run(arguments: &ManArguments) -> anyhow::Result<Outcome> {
    let mut command = Cli::command();
    // Names the pages of the commands: chohyo-batch.
    command.build();
    if let Some(name) = &arguments.command {
        let found = command.find_subcommand(name).filter(|c| !c.is_hide_set()).cloned();
        command = found.ok_or_else(|| UsageError(format!("{name}: no such command")))?;
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    io::stdout().lock().write_all(&page).context("standard output")?;
    Ok(Outcome::Well)
}
