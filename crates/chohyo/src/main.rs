//! The command line of chohyo: `chohyo --help` says what there is.
//!
//! Data goes to standard output, everything else to standard error. The exit code is 0 when all is well, 1 when
//! some files failed, 2 when the command could not be done as it was given, 130 when Ctrl-C ended a batch.

mod batch;
mod cli;
mod completions;
mod extract;
mod forms;
mod input;
mod inspect;
mod layout;
mod log;
mod man;
mod normalize;
mod outcome;
mod page_worker;
mod progress;
mod review;
mod schema;
#[cfg(feature = "witness")]
mod witness;
mod worker;

use std::process::ExitCode;

use clap::Parser;

use cli::{Cli, Command};
use outcome::{Outcome, complain, is_broken_pipe, tell};

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Extract(arguments) => extract::run(&arguments),
        Command::Batch(arguments) => batch::run(&arguments),
        Command::Inspect(arguments) => inspect::run(&arguments),
        Command::Layout(arguments) => layout::run(&arguments),
        Command::Normalize(arguments) => normalize::run(&arguments),
        Command::Forms(arguments) => forms::run(&arguments),
        Command::Schema => schema::run(),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Man(arguments) => man::run(&arguments),
        Command::Worker => worker::run(),
        #[cfg(feature = "witness")]
        Command::Witness(arguments) => witness::run(&arguments),
        Command::PageWorker => page_worker::run(),
    };
    match result {
        Ok(outcome) => outcome.into(),
        // Who closed the pipe has seen enough.
        Err(error) if is_broken_pipe(&error) => Outcome::Well.into(),
        Err(error) => {
            complain(format_args!("{error:#}"));
            if let Some(advice) = outcome::advice(&error) {
                tell(advice);
            }
            outcome::of_error(&error).into()
        }
    }
}
