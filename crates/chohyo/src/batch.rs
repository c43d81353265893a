//! `chohyo batch`: files and folders to an output folder.

use std::fmt::Write;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;
use chohyo_batch::{Batch, Discovery, Earlier, Format, Progress, Report, Sink, WorkerCommand, WorkerLimits};
use signal_hook::consts::SIGINT;

use crate::cli::BatchArguments;
use crate::log;
use crate::outcome::{Outcome, complain, printable, tell};
use crate::progress::Meter;
use crate::review::Review;

pub(crate) fn run(arguments: &BatchArguments) -> anyhow::Result<Outcome> {
    let logs = log::start(arguments.quiet, arguments.verbose);
    let stop = stop_on_interrupt().context("Ctrl-C cannot be caught")?;
    #[cfg_attr(not(feature = "witness"), allow(unused_mut, reason = "there is no more to set then"))]
    let mut settings = arguments.reading.settings()?;
    #[cfg(feature = "witness")]
    if arguments.cross_check {
        settings.witness =
            Some(crate::witness::witness((!arguments.in_process).then_some(arguments.memory))?);
    }
    let mut batch = Batch::new(settings)
        .formats(&arguments.format)
        .byte_order_mark(arguments.bom)
        .earlier(match (arguments.resume, arguments.fresh) {
            (true, _) => Earlier::Resume,
            (_, true) => Earlier::Replace,
            _ => Earlier::Ask,
        })
        .corrections(arguments.correcting.corrections(&arguments.reading)?)
        .jobs(arguments.jobs.map_or(0, usize::from))
        .stop(Arc::clone(&stop));
    if !arguments.in_process {
        let program = std::env::current_exe().context("this program cannot be found")?;
        let limits = WorkerLimits { seconds: arguments.timeout, memory: arguments.memory };
        batch = batch.isolated(WorkerCommand::new(program, ["worker"]), limits);
    }
    let mut sinks: Vec<Box<dyn Sink>> = Vec::new();
    let mut pages_missing = Arc::default();
    if let Some(folder) = &arguments.review {
        let review = Review::create(folder, arguments)?;
        pages_missing = review.missing();
        sinks.push(Box::new(review));
    }
    let found = discover(arguments)?;
    // Lines of a log would be drawn over.
    let meter = (!arguments.quiet).then(|| Meter::start(!logs));
    let mut is_told = false;
    let report = batch.run_into(&found, &arguments.out, sinks, |progress| {
        let Some(meter) = &meter else { return };
        count(meter, progress);
        if !std::mem::replace(&mut is_told, stop.load(Ordering::Relaxed)) && is_told {
            meter.update(|_| {}, Some("finishing the files that have been begun; Ctrl-C again ends at once"));
        }
    });
    drop(meter);
    let report = report?;
    if !arguments.quiet {
        tell(summary(&report, &arguments.out));
        tell_corrections(&report);
        tell_remains(&report, arguments);
    }
    Ok(match report {
        Report { interrupted: true, .. } => Outcome::Interrupted,
        Report { failed: 0, .. } if pages_missing.load(Ordering::Relaxed) == 0 => Outcome::Well,
        _ => Outcome::SomeFailed,
    })
}

/// The files to read; `-` stands for a list on standard input.
fn discover(arguments: &BatchArguments) -> Result<Discovery, chohyo_batch::Error> {
    let mut found = Discovery::default();
    for path in &arguments.paths {
        if path.as_os_str() == "-" {
            found.add_list(io::stdin().lock())?;
        } else {
            found.add(path)?;
        }
    }
    Ok(found)
}

/// A flag that the first Ctrl-C sets; the second ends the process.
fn stop_on_interrupt() -> io::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    // In this order: the flag must still be false when the first signal asks whether to end.
    signal_hook::flag::register_conditional_shutdown(SIGINT, 130, Arc::clone(&stop))?;
    signal_hook::flag::register(SIGINT, Arc::clone(&stop))?;
    // What ends programs when a machine is shut down is heeded in the same way. Not SIGHUP: nohup has it ignored.
    #[cfg(unix)]
    signal_hook::flag::register(signal_hook::consts::SIGTERM, Arc::clone(&stop))?;
    Ok(stop)
}

fn count(meter: &Meter, progress: &Progress<'_>) {
    let line = progress.failure.map(|failure| {
        let page = failure.page.map(|p| format!("page {p}: ")).unwrap_or_default();
        format!("chohyo: {}: {page}{}", printable(&failure.path), printable(&failure.message))
    });
    let change = |count: &mut crate::progress::Count| {
        count.files = progress.files;
        count.done = progress.done;
        count.known += usize::from(progress.known);
        count.failed += usize::from(progress.failure.is_some());
    };
    meter.update(change, line);
}

fn tell_corrections(report: &Report) {
    let corrected = &report.corrections;
    if corrected.applied + corrected.refused > 0 {
        tell(format_args!(
            "{} values corrected; {} corrections not applied, for reasons that the diagnostics of their records give",
            corrected.applied, corrected.refused
        ));
    }
    for source in &corrected.unused {
        complain(format_args!("corrections of a file that is not among these: {source}"));
    }
}

/// Results in formats that this batch has not written stay in the folder, and are easily taken for its own.
fn tell_remains(report: &Report, arguments: &BatchArguments) {
    for format in Format::ALL.iter().filter(|f| !report.left && !arguments.format.contains(f)) {
        let name = match format.name() {
            "csv" => "measures.csv",
            "parquet" => "measures.parquet",
            "sqlite" => "records.sqlite",
            _ => "records.jsonl",
        };
        if arguments.out.join(name).exists() {
            complain(format_args!(
                "{}: of an earlier batch, and not of this one; --format {} writes it anew",
                arguments.out.join(name).display(),
                format.name()
            ));
        }
    }
}

/// What came of it, for a person.
fn summary(report: &Report, out: &Path) -> String {
    let kinds: Vec<_> = report.failures.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    let mut text = format!(
        "{} of {} files read, {} failed{}, in {:.1} s{}: {}",
        report.records + report.duplicates,
        report.files,
        report.failed,
        if kinds.is_empty() { String::new() } else { format!(" ({})", kinds.join(", ")) },
        report.seconds,
        if report.interrupted { ", interrupted; --resume goes on" } else { "" },
        out.display(),
    );
    if report.left {
        text += "\nthe results of the earlier batch were left in their place";
    }
    let mut line = |count: u64, what: &str| {
        if count > 0 {
            // Writing to a string cannot fail.
            let _ = write!(text, "\n{count} {what}");
        }
    };
    line(report.known, "were finished before");
    line(report.duplicates, "have the content of another, and share its record");
    line(report.skipped.other, "other files in the folders were left");
    line(report.skipped.hidden, "hidden files and folders were left");
    line(
        report.ambiguous,
        if report.ambiguous == 1 {
            "record has ambiguous measures"
        } else {
            "records have ambiguous measures"
        },
    );
    if !report.worst.is_empty() {
        text += "\nto look at first (measures that are ambiguous, errors, measures that are missing):";
    }
    for worst in &report.worst {
        let (ambiguous, errors, missing) = (worst.ambiguous, worst.errors, worst.missing);
        let _ = write!(text, "\n{ambiguous:>4} {errors:>4} {missing:>4}  {}", printable(&worst.path));
    }
    text
}
