//! `chohyo batch`: files and folders to an output folder.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::Context;
use chohyo_batch::{Batch, Earlier, Progress, Report, WorkerCommand, WorkerLimits};
use signal_hook::consts::SIGINT;

use crate::cli::BatchArguments;
use crate::outcome::{Outcome, complain, tell};

pub(crate) fn run(arguments: &BatchArguments) -> anyhow::Result<Outcome> {
    let mut batch = Batch::new(arguments.reading.settings()?)
        .formats(&arguments.format)
        .earlier(match (arguments.resume, arguments.fresh) {
            (true, _) => Earlier::Resume,
            (_, true) => Earlier::Replace,
            _ => Earlier::Ask,
        })
        .jobs(arguments.jobs.map_or(0, usize::from))
        .stop(stop_on_interrupt().context("Ctrl-C cannot be caught")?);
    if !arguments.in_process {
        let program = std::env::current_exe().context("this program cannot be found")?;
        let limits = WorkerLimits { seconds: arguments.timeout, memory: arguments.memory };
        batch = batch.isolated(WorkerCommand::new(program, ["worker"]), limits);
    }
    let report = batch.run_with(&arguments.paths, &arguments.out, |progress| {
        if !arguments.quiet {
            tell_failure(progress);
        }
    })?;
    if !arguments.quiet {
        tell(summary(&report, arguments));
    }
    Ok(match report {
        Report { interrupted: true, .. } => Outcome::Interrupted,
        Report { failed: 0, .. } => Outcome::Well,
        _ => Outcome::SomeFailed,
    })
}

/// A flag that the first Ctrl-C sets; the second ends the process.
fn stop_on_interrupt() -> std::io::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    // In this order: the flag must still be false when the first signal asks whether to end.
    signal_hook::flag::register_conditional_shutdown(SIGINT, 130, Arc::clone(&stop))?;
    signal_hook::flag::register(SIGINT, Arc::clone(&stop))?;
    Ok(stop)
}

fn tell_failure(progress: &Progress<'_>) {
    if let Some(failure) = progress.failure {
        let page = failure.page.map(|p| format!("page {p}: ")).unwrap_or_default();
        complain(format_args!("{}: {page}{}", progress.path.display(), failure.message));
    }
}

fn summary(report: &Report, arguments: &BatchArguments) -> String {
    let kinds: Vec<_> = report.failures.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    format!(
        "{} of {} files read, {} failed{}, in {:.1} s{}: {}",
        report.records,
        report.files,
        report.failed,
        if kinds.is_empty() { String::new() } else { format!(" ({})", kinds.join(", ")) },
        report.seconds,
        if report.interrupted { ", interrupted; --resume goes on" } else { "" },
        arguments.out.display(),
    )
}
