//! `chohyo normalize`: dates and numbers in text.

use std::fmt::Write as _;
use std::io::{self, Write};

use anyhow::Context as _;
use chohyo_normalize::jsonl::{FoldedLine, FoundLine, InputLine};
use chohyo_normalize::{Context, Found};

use crate::cli::NormalizeArguments;
use crate::input;
use crate::outcome::{Outcome, complain};

pub(crate) fn run(arguments: &NormalizeArguments) -> anyhow::Result<Outcome> {
    let title = || input::title(&arguments.file);
    let bytes = input::read(&arguments.file).with_context(title)?;
    let text = std::str::from_utf8(&bytes).context("not UTF-8").with_context(title)?;
    let context =
        arguments.fiscal_year.map_or_else(Context::default, |y| Context::default().with_fiscal_year(y));
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut outcome = Outcome::Well;
    let written = if arguments.jsonl {
        read_lines(&mut out, text, arguments.fold, &context, |number, error| {
            complain(format_args!("{}: line {number}: {error}", title()));
            outcome = Outcome::SomeFailed;
        })
    } else if arguments.fold {
        // A line at a time, so that the lines stay as they are.
        text.split_inclusive('\n').try_for_each(|line| out.write_all(fold_line(line).as_bytes()))
    } else {
        print_found(&mut out, text, &chohyo_normalize::scan(text, &context))
    };
    written.and_then(|()| out.flush()).context("standard output")?;
    Ok(outcome)
}

/// One answer for each line that can be read; `failed` is told of the others, with their number from 1.
fn read_lines(
    out: &mut impl Write,
    text: &str,
    fold: bool,
    context: &Context,
    mut failed: impl FnMut(usize, serde_json::Error),
) -> io::Result<()> {
    for (line, number) in text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty()) {
        match serde_json::from_str::<InputLine>(line) {
            Ok(input) if fold => serde_json::to_writer(&mut *out, &FoldedLine::new(&input))?,
            Ok(input) => serde_json::to_writer(&mut *out, &FoundLine::new(&input, context))?,
            Err(error) => {
                failed(number, error);
                continue;
            }
        }
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn fold_line(line: &str) -> String {
    let body = line.trim_end_matches(['\r', '\n']);
    chohyo_normalize::fold(body).into_string() + &line[body.len()..]
}

/// One line a find, its parts separated by tabs: line and column in characters, kind, text, what it means, flags.
fn print_found(out: &mut impl Write, text: &str, found: &[Found]) -> io::Result<()> {
    let (mut line, mut start, mut at) = (1, 0, 0);
    for found in found {
        // Finds are in order, so that each part of the text is looked at once.
        let passed = &text[at..found.span.start];
        line += passed.matches('\n').count();
        start = passed.rfind('\n').map_or(start, |i| at + i + 1);
        at = found.span.start;
        let column = text[start..at].chars().count() + 1;
        let printed = text[found.span.clone()].replace(['\t', '\r', '\n'], " ");
        let flags: Vec<&str> = found.flags.iter().collect();
        let (kind, meaning, flags) = (found.kind.name(), meaning(found), flags.join(","));
        writeln!(out, "{line}:{column}\t{kind}\t{printed}\t{meaning}\t{flags}")?;
    }
    Ok(())
}

/// The date or duration, or the number with its unit.
fn meaning(found: &Found) -> String {
    let mut text = found.iso().or_else(|| found.value_text()).unwrap_or_default();
    if let Some(unit) = &found.unit {
        let _ = write!(text, " {unit}");
    }
    text
}
