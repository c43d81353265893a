//! `chohyo forms`: the forms that are compiled in, and forms of one's own.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::Context;
use chohyo_extract::{Extractor, Fault, Form, Severity, SoughtKind, Text, Trial, faults};

use crate::cli::{FormsArguments, FormsCommand};
use crate::input;
use crate::outcome::{Outcome, UsageError, complain};

/// Characters of an unclaimed text that are printed.
const SHOWN: usize = 60;

pub(crate) fn run(arguments: &FormsArguments) -> anyhow::Result<Outcome> {
    let (text, outcome) = match &arguments.command {
        None => {
            let known = Form::builtin().iter();
            (known.flat_map(|form| [form.id(), "\t", form.title(), "\n"]).collect(), Outcome::Well)
        }
        Some(FormsCommand::Show { id }) => (source(id)?, Outcome::Well),
        Some(FormsCommand::Check { file }) => check(file)?,
        Some(FormsCommand::Try { form, sheet, all }) => attempt(form, sheet, *all)?,
    };
    io::stdout().lock().write_all(text.as_bytes()).context("standard output")?;
    Ok(outcome)
}

fn source(id: &str) -> Result<String, UsageError> {
    let known = Form::builtin();
    known.iter().find(|form| form.id() == id).map(|form| form.source().to_owned()).ok_or_else(|| {
        let ids: Vec<_> = known.iter().map(|form| form.id()).collect();
        UsageError(format!("no form {id}; there are: {}", ids.join(", ")))
    })
}

fn read(path: &Path) -> Result<String, UsageError> {
    fs::read_to_string(path).map_err(|e| UsageError(format!("{}: {e}", path.display())))
}

fn check(path: &Path) -> Result<(String, Outcome), UsageError> {
    let source = read(path)?;
    let found = faults(&source);
    let mut out = String::new();
    for fault in &found {
        let _ = writeln!(out, "{}:{fault}", path.display());
    }
    let errors = found.iter().filter(|f| f.severity == Severity::Error).count();
    if errors > 0 {
        let _ = writeln!(out, "{}", counted(errors, found.len() - errors));
        return Ok((out, Outcome::SomeFailed));
    }
    // Without an error the form can be read; what it declares says whether that is what was meant.
    match Form::parse(&source) {
        Ok(form) => out = form.explain() + if found.is_empty() { "" } else { "\n" } + &out,
        Err(error) => return Err(UsageError(format!("{}: {error}", path.display()))),
    }
    let _ = writeln!(out, "\n{}", counted(0, found.len()));
    Ok((out, Outcome::Well))
}

fn counted(errors: usize, warnings: usize) -> String {
    let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    format!("{}, {}", count(errors, "error"), count(warnings, "warning"))
}

/// The form of this file, or the compiled one of this name.
fn form_of(name: &Path) -> Result<Form, UsageError> {
    if let Some(form) = Form::builtin().iter().find(|f| name.as_os_str() == f.id()) {
        return Ok((**form).clone());
    }
    let source = read(name)?;
    let found: Vec<Fault> = faults(&source).into_iter().filter(|f| f.severity == Severity::Error).collect();
    for fault in &found {
        complain(format_args!("{}:{fault}", name.display()));
    }
    Form::parse(&source).map_err(|_| UsageError(format!("{}: the form cannot be used", name.display())))
}

fn attempt(form: &Path, sheet: &Path, all: bool) -> anyhow::Result<(String, Outcome)> {
    let form = form_of(form)?;
    let bytes = input::read(sheet).map_err(|e| UsageError(format!("{}: {e}", input::title(sheet))))?;
    let trial = match Extractor::new().trial(&form, bytes) {
        Ok(trial) => trial,
        Err(error) => {
            complain(format_args!("{}: {error}", input::title(sheet)));
            return Ok((String::new(), Outcome::SomeFailed));
        }
    };
    Ok((told(&trial, all), Outcome::Well))
}

fn told(trial: &Trial, all: bool) -> String {
    let sheet = &trial.sheet;
    let mut out = format!("{}  match {}", sheet.form.id, sheet.form.score);
    if let Some(municipality) = &sheet.municipality {
        let _ = write!(out, "  {} ({})", municipality.name, municipality.code);
    }
    if let Some(year) = sheet.fiscal_year {
        let _ = write!(out, "  fiscal year {year}");
    }
    out.push('\n');
    let mut section = "";
    for sought in &trial.sought {
        if sought.section != section {
            section = &sought.section;
            let _ = writeln!(out, "\nsection {section}");
        }
        let kind = match sought.kind {
            SoughtKind::Heading => "heading",
            SoughtKind::Mark => "mark",
            SoughtKind::Field => "field",
            SoughtKind::Measure => "measure",
            SoughtKind::Column => "column",
            SoughtKind::Table => "table",
            SoughtKind::Text => "text",
            _ => "other",
        };
        let name = &sought.name;
        let outcome = cut(&sought.outcome);
        let outcome = if outcome.is_empty() { outcome } else { format!(": {outcome}") };
        if let Some((page, text)) = &sought.found {
            let text = if text.is_empty() { String::new() } else { format!(" 「{text}」") };
            let _ = writeln!(out, "  found   {kind} {name}  page {page}{text}{outcome}");
            continue;
        }
        let labels: Vec<String> = sought.labels.iter().map(|l| format!("「{l}」")).collect();
        let _ = writeln!(out, "  missed  {kind} {name}  {}{outcome}", labels.join(" "));
        for near in &sought.near {
            let (page, text) = (near.page, cut(&near.text));
            if near.similarity >= 1.0 {
                let _ = writeln!(
                    out,
                    "            printed    page {page} 「{text}」, and nothing was read by it there"
                );
            } else {
                let _ = writeln!(out, "            like {:.2}  page {page} 「{text}」", near.similarity);
            }
        }
    }
    for diagnostic in &sheet.diagnostics {
        let _ = write!(out, "\n{}: {}", diagnostic.code, diagnostic.message);
    }
    if !sheet.diagnostics.is_empty() {
        out.push('\n');
    }
    let characters = |texts: &[Text]| {
        texts.iter().map(|t| t.text.chars().filter(|c| !c.is_whitespace()).count()).sum::<usize>()
    };
    let _ = writeln!(
        out,
        "\nunclaimed: {} texts, {} characters; residue: {} texts",
        sheet.unclaimed.len(),
        characters(&sheet.unclaimed),
        sheet.residue.len()
    );
    let shown = if all { sheet.unclaimed.len() } else { 20 };
    for text in sheet.unclaimed.iter().take(shown) {
        let page = text.at.first().map_or(0, |p| p.page);
        let _ = writeln!(out, "  page {page}  {}", cut(&text.text));
    }
    if sheet.unclaimed.len() > shown {
        let _ = writeln!(out, "  and {} more; --all prints them", sheet.unclaimed.len() - shown);
    }
    out
}

/// The beginning of a text on one line.
fn cut(text: &str) -> String {
    let line = text.replace('\n', " / ");
    if line.chars().count() <= SHOWN {
        return line;
    }
    line.chars().take(SHOWN).chain(['…']).collect()
}
