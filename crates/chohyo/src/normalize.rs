//! `chohyo normalize`: dates and numbers in text.

use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};

use anyhow::Context as _;
use chohyo_normalize::jsonl::{FoldedLine, FoundLine, InputLine};
use chohyo_normalize::{Context, Found};
use serde_json::value::RawValue;

use crate::cli::NormalizeArguments;
use crate::input;
use crate::outcome::{Outcome, complain};

pub(crate) fn run(arguments: &NormalizeArguments) -> anyhow::Result<Outcome> {
    let title = || input::title(&arguments.file);
    let context =
        arguments.fiscal_year.map_or_else(Context::default, |y| Context::default().with_fiscal_year(y));
    let mut input = BufReader::new(input::open(&arguments.file).with_context(title)?);
    let mut out = BufWriter::new(io::stdout().lock());
    if arguments.jsonl {
        each_line(&mut input, &mut out, title, |line| json_answer(line, arguments.fold, &context))
    } else if arguments.fold {
        // A line at a time, so that the lines stay as they are.
        each_line(&mut input, &mut out, title, |line| Ok(fold_line(line)))
    } else {
        // Whole, because an expression may go on in the next line.
        let mut bytes = Vec::new();
        input.read_to_end(&mut bytes).with_context(title)?;
        let text = std::str::from_utf8(&bytes).context("not UTF-8").with_context(title)?;
        let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
        let written = print_found(&mut out, text, &chohyo_normalize::scan(text, &context));
        written.and_then(|()| out.flush()).context("standard output")?;
        Ok(Outcome::Well)
    }
}

const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// Writes the answer to each line, its line feed included. A line that has none is told with its number from 1, and the
/// others are answered. Nothing that is answered waits for input, so that another program can ask line by line.
fn each_line(
    input: &mut BufReader<impl Read>,
    out: &mut impl Write,
    title: impl Fn() -> String,
    answer: impl Fn(&str) -> anyhow::Result<String>,
) -> anyhow::Result<Outcome> {
    let mut outcome = Outcome::Well;
    let mut bytes = Vec::new();
    let mut number = 0_u64;
    loop {
        if input.buffer().is_empty() {
            out.flush().context("standard output")?;
        }
        bytes.clear();
        if input.read_until(b'\n', &mut bytes).with_context(&title)? == 0 {
            return Ok(outcome);
        }
        number += 1;
        let line = std::str::from_utf8(&bytes).context("not UTF-8");
        let line = line.map(|line| if number == 1 { line.trim_start_matches(BYTE_ORDER_MARK) } else { line });
        match line.and_then(&answer) {
            Ok(text) => out.write_all(text.as_bytes()).context("standard output")?,
            Err(error) => {
                complain(format_args!("{}: line {number}: {error}", title()));
                outcome = Outcome::SomeFailed;
            }
        }
    }
}

/// The answer to a line of JSON; an empty one to an empty line.
fn json_answer(line: &str, fold: bool, context: &Context) -> anyhow::Result<String> {
    if line.trim().is_empty() {
        return Ok(String::new());
    }
    // Raw, so that an id comes back as it was given, a number too long for any type of ours included.
    let input: InputLine<Box<RawValue>> = serde_json::from_str(line)?;
    let mut answer = if fold {
        serde_json::to_string(&FoldedLine::new(&input))?
    } else {
        serde_json::to_string(&FoundLine::new(&input, context))?
    };
    answer.push('\n');
    Ok(answer)
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
