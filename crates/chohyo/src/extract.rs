//! `chohyo extract`: sheets to standard output.

use std::io::{self, Write};
use std::path::Path;

use anyhow::Context;
use chohyo_extract::{Extractor, Sheet};

use crate::cli::ExtractArguments;
use crate::input;
use crate::outcome::{Outcome, UsageError, complain};

pub(crate) fn run(arguments: &ExtractArguments) -> anyhow::Result<Outcome> {
    if arguments.files.len() > 1 && !arguments.jsonl {
        // Several indented records in a row would be no JSON file.
        return Err(UsageError("more than one file: --jsonl prints one record a line".to_owned()).into());
    }
    let extractor = arguments.reading.extractor()?.strict(arguments.strict);
    #[cfg(feature = "witness")]
    let extractor =
        if arguments.cross_check { extractor.cross_check(crate::witness::witness(None)?) } else { extractor };
    let corrections = arguments.correcting.corrections(&arguments.reading)?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut outcome = Outcome::Well;
    for path in &arguments.files {
        match extract(&extractor, path) {
            Ok(mut sheet) => {
                corrections.apply(&mut sheet);
                print(&mut out, &sheet, arguments.jsonl).context("standard output")?;
            }
            Err(message) => {
                complain(format_args!("{}: {message}", input::title(path)));
                outcome = Outcome::SomeFailed;
            }
        }
    }
    Ok(outcome)
}

/// The sheet, or what to tell a person who knows the path.
fn extract(extractor: &Extractor, path: &Path) -> Result<Sheet, String> {
    let bytes = input::read(path).map_err(|e| e.to_string())?;
    extractor.extract_named(&input::name(path), bytes).map_err(|e| match e.page() {
        Some(page) => format!("page {page}: {}", e.message()),
        None => e.message().to_owned(),
    })
}

/// Prints a record, whole, before the next file is read.
fn print(out: &mut impl Write, sheet: &Sheet, one_line: bool) -> io::Result<()> {
    if one_line {
        serde_json::to_writer(&mut *out, sheet)?;
    } else {
        serde_json::to_writer_pretty(&mut *out, sheet)?;
    }
    out.write_all(b"\n")?;
    out.flush()
}
