//! The arguments, and the help that explains them.

use std::fs;
use std::path::{Path, PathBuf};

use chohyo_batch::{Format, Settings};
use chohyo_extract::{Corrections, Extractor, Form};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::outcome::UsageError;

/// Structured records out of published Japanese sheets.
///
/// A sheet is a PDF, or the text that some tool dumped from one. A record holds every number of the sheet with its
/// unit, its date and its place on the page, the tables, the running text, and whatever else is printed.
#[derive(Debug, Parser)]
#[command(name = "chohyo", version, after_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXAMPLES: &str = "\
Examples:
  chohyo extract sendai.pdf                     the record of one sheet, as JSON
  chohyo batch sheets --out records             the records of all sheets in a folder
  chohyo extract sendai.pdf | jq '.measures[] | {key, value, status}'

Exit codes: 0 all well; 1 some files failed; 2 the command could not be done as it was given;
130 Ctrl-C ended a batch.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Extract(ExtractArguments),
    Batch(BatchArguments),
    Inspect(InspectArguments),
    Layout(LayoutArguments),
    Normalize(NormalizeArguments),
    Forms(FormsArguments),
    /// Print the JSON Schema of the record
    Schema,
    Completions(CompletionsArguments),
    Man(ManArguments),
    /// Read files for a batch: a process of its own that may die of one
    #[command(hide = true)]
    Worker,
    /// Read a PDF for a cross-check: a process of its own that may die of it
    #[cfg(feature = "witness")]
    #[command(hide = true)]
    Witness(WitnessArguments),
    /// Make the page of one sheet for a batch: a process of its own that may die of it
    #[command(hide = true)]
    PageWorker,
}

/// Print the record of a sheet as JSON
///
/// One file gives its record as indented JSON. With --jsonl any number of files give one record a line, in the order of
/// the arguments; a file that fails is told on standard error, and the others are printed.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  chohyo extract sendai.pdf
  chohyo extract --jsonl *.pdf > records.jsonl
  curl -s https://example.org/sheet.pdf | chohyo extract -")]
pub(crate) struct ExtractArguments {
    /// PDFs or text dumps; - reads standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// One record a line; needed for more than one file
    #[arg(long)]
    pub(crate) jsonl: bool,
    /// End with the first page that cannot be read, instead of making the record of the others
    #[arg(long)]
    pub(crate) strict: bool,
    /// Have PDFs read by a second reader too; diagnostics say where it reads other digits
    #[cfg(feature = "witness")]
    #[arg(long)]
    pub(crate) cross_check: bool,
    #[command(flatten)]
    pub(crate) correcting: Correcting,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

/// Make a page on which a person checks a sheet
///
/// One HTML file that any browser shows, without a network: the pages of the sheet as they look, a box over every value
/// and cell, and the record beside them. Corrections that are made on the page are saved as corrections.toml.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  chohyo inspect sendai.pdf --open
  chohyo inspect sendai.pdf -o sendai.html")]
pub(crate) struct InspectArguments {
    /// A PDF or a text dump; - reads standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The HTML file to write; - writes to standard output [default: FILE with .html in place of its ending, in the
    /// current folder]
    #[arg(long, short, value_name = "HTML")]
    pub(crate) output: Option<PathBuf>,
    /// Show the page in the browser
    #[arg(long)]
    pub(crate) open: bool,
    #[command(flatten)]
    pub(crate) correcting: Correcting,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

/// Turn files and folders into records
///
/// A file is always taken. Of a folder, and of the folders in it, *.pdf and *.txt in any case are taken; hidden files are left.
/// These are written into the output folder:
///
///   records.jsonl   one record a line, in the order of the input
///   TABLE.csv       the same as tables, with --format csv; TABLE.parquet; records.sqlite
///   failures.jsonl  path, kind, message, page and seconds of each file that gave no record
///   report.json     counts, durations and versions
///   journal.jsonl   what is finished, while the batch runs and after
///
/// Each file is read in a worker process, within --timeout and --memory: what a file does there costs no other file anything.
/// The same files give the same records, byte for byte, whatever --jobs is.
/// A file that is finished is in the journal, on the disk: after Ctrl-C, a crash or a loss of power, --resume goes on.
///
/// Ctrl-C finishes the files that have been begun and writes the output as far as it goes; a second Ctrl-C ends at once.
#[allow(clippy::struct_excessive_bools, reason = "each is a flag")]
#[derive(Debug, Args)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Examples:
  chohyo batch sheets --out records
  chohyo batch 2020 2021 extra/sendai.pdf --out records --jobs 2
  chohyo batch sheets --out records --format jsonl,csv,parquet,sqlite
  chohyo batch sheets --out records --resume
  chohyo batch sheets --out records --review review --corrections corrections
  find sheets -newer records/report.json -print0 | chohyo batch - --out newer
  jq -r '[.kind, .path] | @tsv' records/failures.jsonl"
)]
pub(crate) struct BatchArguments {
    /// Files, folders and patterns (*, ?, [], **); - reads a list of paths from standard input, one a line or
    /// separated by zero bytes
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// The folder to write into; made if it is not there
    #[arg(long, value_name = "OUT")]
    pub(crate) out: PathBuf,
    /// What to write; several are separated by commas
    #[arg(long, value_name = "FORMAT", value_parser = formats(), value_delimiter = ',', default_value = "jsonl")]
    pub(crate) format: Vec<Format>,
    /// Begin CSV files with a byte order mark, by which Excel knows that they are UTF-8
    #[arg(long)]
    pub(crate) bom: bool,
    /// Go on with what an earlier batch has finished in the output folder; what changed since is read again
    #[arg(long)]
    pub(crate) resume: bool,
    /// Begin again, whatever an earlier batch that was not finished has left in the output folder
    #[arg(long, conflicts_with = "resume")]
    pub(crate) fresh: bool,
    /// Files that are read at once [default: as many as there are cores]
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: Option<u16>,
    /// Most seconds that one file may take
    #[arg(long, value_name = "SECONDS", default_value_t = 60,
        value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub(crate) timeout: u32,
    /// Most memory that reading one file may take, as address space
    #[arg(long, value_name = "MIB", default_value_t = 1024,
        value_parser = clap::value_parser!(u32).range(512..=1_048_576))]
    pub(crate) memory: u32,
    /// Read files in this process, without --timeout and --memory: only for files that you trust
    #[arg(long, conflicts_with_all = ["timeout", "memory"])]
    pub(crate) in_process: bool,
    /// Have PDFs read by a second reader too, in a process of its own; diagnostics say where it reads other digits, or
    /// fails. It takes part of the --timeout of a file, and as much --memory
    #[cfg(feature = "witness")]
    #[arg(long)]
    pub(crate) cross_check: bool,
    /// Make pages on which a person checks the records, in this folder: index.html over all of them, and one for each
    #[arg(long, value_name = "DIR")]
    pub(crate) review: Option<PathBuf>,
    /// Tell nothing on standard error but what ends the batch
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// Tell of each file; -vv of each worker too. The variable `RUST_LOG` says more finely what to tell
    #[arg(long, short, action = clap::ArgAction::Count, conflicts_with = "quiet")]
    pub(crate) verbose: u8,
    #[command(flatten)]
    pub(crate) correcting: Correcting,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

/// The formats that this build can write.
fn formats() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.iter().map(|f| f.name())).try_map(|name| name.parse::<Format>())
}

/// What people have corrected.
#[derive(Debug, Args)]
pub(crate) struct Correcting {
    /// Corrections that were saved on a page of chohyo inspect: a file, or a folder with *.toml; they are put in place of
    /// what is read, with the status corrected
    #[arg(long, value_name = "DIR")]
    corrections: Vec<PathBuf>,
}

impl Correcting {
    /// The corrections, of sheets that are read so.
    pub(crate) fn corrections(&self, reading: &Reading) -> anyhow::Result<Corrections> {
        let wrong = |path: &Path, e: &dyn std::fmt::Display| UsageError(format!("{}: {e}", path.display()));
        let mut corrections = Corrections::default();
        if let (Some(path), false) = (&reading.form, self.corrections.is_empty()) {
            corrections = corrections.form(read_form(path)?);
        }
        for path in &self.corrections {
            let mut files = vec![path.clone()];
            if path.is_dir() {
                let folder = fs::read_dir(path).map_err(|e| wrong(path, &e))?;
                let entries: Result<Vec<_>, _> = folder.map(|e| e.map(|e| e.path())).collect();
                files = entries.map_err(|e| wrong(path, &e))?;
                files.retain(|f| f.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml")));
                files.sort();
            }
            for file in files {
                let source = fs::read_to_string(&file).map_err(|e| wrong(&file, &e))?;
                corrections.add(&source).map_err(|e| wrong(&file, &e))?;
            }
        }
        Ok(corrections)
    }
}

/// How sheets are read.
#[derive(Debug, Args)]
#[command(next_help_heading = "Reading")]
pub(crate) struct Reading {
    /// A form of your own, as TOML; it is tried before those that are compiled in
    #[arg(long, value_name = "FILE")]
    form: Option<PathBuf>,
    /// The fiscal year to assume where a sheet does not tell its own (the year in which it begins)
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i32).range(1868..=9999))]
    fiscal_year: Option<i32>,
    /// The user password of encrypted PDFs; the empty one is always tried
    #[arg(long, value_name = "PASSWORD")]
    password: Option<String>,
}

impl Reading {
    /// The form that a record names, of those that the sheet was read with.
    pub(crate) fn form(&self, id: &str) -> anyhow::Result<Option<Form>> {
        if let Some(path) = &self.form {
            let form = read_form(path)?;
            if form.id() == id {
                return Ok(Some(form));
            }
        }
        Ok(Form::builtin().iter().find(|f| f.id() == id).map(|f| Form::clone(f)))
    }

    /// How the layout of the pages is read.
    pub(crate) fn layout(&self) -> chohyo_layout::Options {
        let mut options = chohyo_layout::Options::default();
        options.password.clone_from(&self.password);
        options
    }

    pub(crate) fn settings(&self) -> anyhow::Result<Settings> {
        let mut settings = Settings::default();
        if let Some(path) = &self.form {
            settings.forms.push(read_form(path)?.source().to_owned());
        }
        settings.fiscal_year = self.fiscal_year;
        settings.password.clone_from(&self.password);
        Ok(settings)
    }

    pub(crate) fn extractor(&self) -> anyhow::Result<Extractor> {
        Ok(self.settings()?.extractor()?)
    }
}

fn read_form(path: &Path) -> Result<Form, UsageError> {
    let source = fs::read_to_string(path).map_err(|e| UsageError(format!("{}: {e}", path.display())))?;
    Form::parse(&source).map_err(|e| {
        // Each fault has its line and column, and none of them the path.
        let lines: Vec<String> = e.message().lines().map(|l| format!("{}:{l}", path.display())).collect();
        UsageError(lines.join("\n"))
    })
}

/// Print what the reader sees on the pages
///
/// One line of JSON for each glyph, ruling, line of text, block or table, page by page. Lengths are points (1/72 inch) from the
/// top left corner of the page as it is displayed, y grows downwards, pages count from 1. A text dump has no lengths.
///
/// With --svg a picture of each page is written: glyphs, lines, rulings, cells, and the blocks, what they are
/// and the order in which they are read.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  chohyo layout sendai.pdf --what lines | jq -r .text
  chohyo layout sendai.pdf --what blocks | jq -r 'select(.kind == \"heading\") | .text'
  chohyo layout sendai.pdf --what tables | jq -c '{page, rows, columns}'
  chohyo layout sendai.pdf --what glyphs | jq -c 'select(.page == 2)'
  chohyo layout sendai.pdf --svg pages")]
pub(crate) struct LayoutArguments {
    /// A PDF or a text dump; - reads standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// What to print
    #[arg(long, value_enum, required_unless_present = "svg")]
    pub(crate) what: Option<What>,
    /// Write page-001.svg and so on into this folder, which is made if there is none
    #[arg(long, value_name = "DIR")]
    pub(crate) svg: Option<PathBuf>,
    /// The user password of an encrypted PDF; the empty one is always tried
    #[arg(long, value_name = "PASSWORD")]
    pub(crate) password: Option<String>,
}

/// What there is on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum What {
    /// Characters in drawing order, each with its box, baseline, size and font
    Glyphs,
    /// Horizontal and vertical strokes and edges
    Rulings,
    /// Lines of text in reading order
    Lines,
    /// Headings, paragraphs, items of lists, notes, captions, running heads and feet, page numbers and tables in reading
    /// order, each with its text
    Blocks,
    /// Tables with their cells
    Tables,
    /// Where a second reader of PDFs reads other characters
    #[cfg(feature = "witness")]
    Witness,
}

/// Find dates and numbers in Japanese text
///
/// Prints one line a find, its parts separated by tabs: line and column, kind, the text, what it means (a date or interval
/// in ISO 8601, or a number with its unit), and flags.
///
/// With --jsonl the input is {"id", "text"} a line, and each is answered with {"id", "found": [{"start", "end", "kind",
/// "iso", "value", "unit", "flags"}]}, or with --fold {"id", "text"}. Offsets are in characters (code points) from 0, the
/// end not included. An id may be any JSON and comes back as it was.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  echo '平成18年度に開始。R2年6月末は3,794人（21.0％）' | chohyo normalize
  chohyo normalize --fold sheet.txt
  echo '{\"id\":\"1\",\"text\":\"R2年9月～\"}' | chohyo normalize --jsonl")]
pub(crate) struct NormalizeArguments {
    /// Text in UTF-8; - reads standard input
    #[arg(value_name = "FILE", default_value = "-", hide_default_value = true)]
    pub(crate) file: PathBuf,
    /// Read {"id", "text"} a line and write one line of JSON for each
    #[arg(long)]
    pub(crate) jsonl: bool,
    /// Write the folded text instead: one width, one dash, one wave, no radicals
    #[arg(long)]
    pub(crate) fold: bool,
    /// The fiscal year of the text (the year in which it begins), for months without a year
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i32).range(1868..=9999))]
    pub(crate) fiscal_year: Option<i32>,
}

/// List the forms that are compiled in; check and try forms of your own
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  chohyo forms
  chohyo forms show mhlw-community-care > my-form.toml
  chohyo forms check my-form.toml
  chohyo forms try my-form.toml sheet.pdf
  chohyo extract sheet.pdf --form my-form.toml")]
pub(crate) struct FormsArguments {
    #[command(subcommand)]
    pub(crate) command: Option<FormsCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum FormsCommand {
    /// Print a form as TOML, to begin one of your own with
    Show {
        /// The form's id
        #[arg(value_name = "ID")]
        id: String,
    },
    /// Say what a form declares, and what in it is wrong, each with line and column; exit code 1 if anything is
    Check {
        /// The form, as TOML
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Say what a form finds on a sheet and what it misses, with what comes near and what is left unclaimed
    Try {
        /// The form: a TOML file, or the id of one that is compiled in
        #[arg(value_name = "FORM")]
        form: PathBuf,
        /// A PDF or a text dump; - reads standard input
        #[arg(value_name = "SHEET")]
        sheet: PathBuf,
        /// Print all that is unclaimed, not only the first of it
        #[arg(long)]
        all: bool,
    },
}

/// How the second reader is bounded.
#[cfg(feature = "witness")]
#[derive(Debug, Args)]
pub(crate) struct WitnessArguments {
    /// Address space in MiB
    #[arg(long)]
    pub(crate) memory: Option<u32>,
}

/// Print completions for a shell
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  chohyo completions bash > ~/.local/share/bash-completion/completions/chohyo
  chohyo completions fish > ~/.config/fish/completions/chohyo.fish")]
pub(crate) struct CompletionsArguments {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

/// Print a manual page
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  chohyo man batch | man -l -
  chohyo man > ~/.local/share/man/man1/chohyo.1
  chohyo man batch > ~/.local/share/man/man1/chohyo-batch.1")]
pub(crate) struct ManArguments {
    /// The command it is of [default: chohyo itself]
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Option<String>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_arguments_hold_together() {
        super::Cli::command().debug_assert();
    }
}
