//! `chohyo inspect`: a page on which a person checks a sheet.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context;
use chohyo_inspect::{PageOptions, document_page};

use crate::cli::InspectArguments;
use crate::input;
use crate::outcome::{Outcome, UsageError, complain, tell};

pub(crate) fn run(arguments: &InspectArguments) -> anyhow::Result<Outcome> {
    let file = &arguments.file;
    let to_stdout = arguments.output.as_deref() == Some(Path::new("-"));
    if to_stdout && arguments.open {
        return Err(UsageError("--open needs a file to open: name one with -o".to_owned()).into());
    }
    let html = match page(arguments) {
        Ok(html) => html,
        Err(error) => {
            if error.is::<UsageError>() {
                return Err(error);
            }
            complain(format_args!("{}: {error:#}", input::title(file)));
            return Ok(Outcome::SomeFailed);
        }
    };
    if to_stdout {
        io::stdout().lock().write_all(html.as_bytes()).context("standard output")?;
        return Ok(Outcome::Well);
    }
    let output = arguments.output.clone().unwrap_or_else(|| beside(file));
    fs::write(&output, html).map_err(|e| UsageError(format!("{}: {e}", output.display())))?;
    if arguments.open {
        open(&output)?;
    } else if arguments.output.is_none() {
        tell(output.display());
    }
    Ok(Outcome::Well)
}

fn page(arguments: &InspectArguments) -> anyhow::Result<String> {
    let extractor = arguments.reading.extractor()?;
    let bytes = input::read(&arguments.file)?;
    let corrections = arguments.correcting.corrections(&arguments.reading)?;
    let (mut sheet, document) = extractor.extract_read(&input::name(&arguments.file), &bytes)?;
    corrections.apply(&mut sheet);
    let form = arguments.reading.form(&sheet.form.id)?;
    let mut options = PageOptions::default();
    options.reading = arguments.reading.layout();
    Ok(document_page(&sheet, form.as_ref(), &document, &bytes, &options))
}

/// In the current folder, for the one of the sheet may not be ours to write into.
fn beside(file: &Path) -> PathBuf {
    let name = input::name(file);
    Path::new(if name.is_empty() { "sheet" } else { name.as_ref() }).with_extension("html")
}

/// Shows a file with whatever the system shows HTML with.
fn open(path: &Path) -> anyhow::Result<()> {
    let path = path.canonicalize()?;
    let mut command = if cfg!(target_os = "macos") {
        Command::new("open")
    } else if cfg!(windows) {
        let mut command = Command::new("cmd");
        command.args(["/C", "start", ""]);
        command
    } else {
        Command::new("xdg-open")
    };
    let status = command
        .arg(&path)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .with_context(|| format!("no program shows {}", path.display()))?;
    anyhow::ensure!(status.success(), "no program shows {}", path.display());
    Ok(())
}
