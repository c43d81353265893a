//! What a batch does when its workers misbehave. The program is its own worker: it has no test harness, for that
//! would print into the pipe.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "this is a test")]

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use chohyo_batch::{
    Asking, Batch, Earlier, ErrorKind, Report, Settings, WorkerCommand, WorkerLimits, serve_with,
};
use chohyo_extract::{Extractor, Sheet};

/// A dump with one number, for files that are well.
const WELL: &str = "仙台市\n\n１ 県又は政令市の基礎情報\n\n人口（R2年4月時点） 1,087,723 人\n";

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("worker") => {
            serve_with(read).unwrap();
            return ExitCode::SUCCESS;
        }
        Some("no-worker") => {
            println!("hello");
            return ExitCode::FAILURE;
        }
        #[cfg(feature = "witness")]
        Some(argument) if argument.starts_with("witness-") => {
            witness::run(argument);
            return ExitCode::SUCCESS;
        }
        _ => {}
    }
    let tests: &[(&str, fn())] = &[
        ("each_death_is_told_apart_and_costs_one_file", each_death_is_told_apart_and_costs_one_file),
        ("a_worker_that_is_worn_out_is_not_held_against_the_file", worn_out_workers),
        ("a_worker_has_no_files_and_leaves_none", a_worker_is_confined),
        ("a_program_that_is_no_worker_is_told_before_any_file", no_worker),
        ("a_failure_of_limits_is_tried_again_under_others", other_limits),
        ("isolated_or_not_the_records_are_the_same", isolated_or_not),
        ("noise_does_not_block_a_worker", noise),
        #[cfg(feature = "witness")]
        ("what_a_witness_says_is_in_the_record", witness::truth_and_lies),
        #[cfg(feature = "witness")]
        ("a_witness_that_fails_is_a_note_and_no_failure", witness::failures),
    ];
    for (name, test) in tests {
        let begun = Instant::now();
        test();
        println!("test {name} ... ok, {:.1} s", begun.elapsed().as_secs_f64());
    }
    ExitCode::SUCCESS
}

/// The worker's reader: the content of the file says what it does.
fn read(extractor: &Extractor, bytes: &[u8], witness: &Asking) -> Result<Sheet, chohyo_extract::Error> {
    thread_local!(static FILES: std::cell::Cell<u32> = const { std::cell::Cell::new(0) });
    let before = FILES.replace(FILES.get() + 1);
    match std::str::from_utf8(bytes).unwrap_or_default().split_whitespace().next() {
        Some("hang") => loop {
            std::thread::sleep(Duration::from_secs(1));
        },
        Some("spin") => loop {
            std::hint::spin_loop();
        },
        Some("overflow") => {
            println_nothing(deep(0));
        }
        Some("hoard") => {
            let mut hoard: Vec<Vec<u8>> = Vec::new();
            loop {
                hoard.push(vec![0; 16 << 20]);
            }
        }
        Some("huge") => {
            println_nothing(Vec::<u8>::with_capacity(1 << 40).capacity() as u64);
        }
        Some("panic") => panic!("as it was told"),
        Some("abort") => std::process::abort(),
        Some("exit") =>
        {
            #[allow(clippy::exit, reason = "it is what is tried out")]
            std::process::exit(3)
        }
        Some("worn-out") if before > 0 => std::process::abort(),
        Some("open") => {
            let opened = fs::File::open("/proc/self/status").or_else(|_| fs::File::open("/etc/passwd"));
            panic!("open: {:?}", opened.map(|_| "a file").map_err(|e| e.kind()));
        }
        Some("garble") => {
            io::stdout().write_all(b"R\x05\0\0\0\0\0\0\0{\"a\":").unwrap();
            io::stdout().flush().unwrap();
        }
        Some("forge") => {
            io::stdout().write_all(b"R\x07\0\0\0\0\0\0\0{\"a\":1}").unwrap();
            io::stdout().flush().unwrap();
        }
        Some("noise") => {
            for _ in 0..10_000 {
                let _ = writeln!(io::stderr(), "a warning of some library's that nobody asked for");
            }
        }
        _ => {}
    }
    witness.extract(extractor, bytes)
}

/// Uses a value, so that what makes it is not left out.
fn println_nothing(value: u64) {
    let _ = write!(io::sink(), "{value}");
}

fn deep(depth: u64) -> u64 {
    let page = std::hint::black_box([depth; 512]);
    if depth == u64::MAX { 0 } else { deep(depth + 1) + page[17] }
}

fn isolated(limits: WorkerLimits) -> Batch {
    Batch::new(Settings::default()).isolated(command("worker"), limits)
}

fn command(argument: &str) -> WorkerCommand {
    WorkerCommand::new(std::env::current_exe().unwrap(), [argument])
}

fn limits() -> WorkerLimits {
    WorkerLimits { seconds: 5, memory: 512 }
}

/// Writes files whose content begins with these words; a repeated one gets another content.
fn files(folder: &Path, words: &[&str]) {
    fs::create_dir_all(folder).unwrap();
    for (i, word) in words.iter().enumerate() {
        let text = if *word == "well" { format!("{WELL}{}", "\n".repeat(i)) } else { format!("{word} {i}") };
        fs::write(folder.join(format!("{i:02}-{word}.txt")), text).unwrap();
    }
}

/// Reads a file of the output.
fn output(out: &Path, name: &str) -> String {
    fs::read_to_string(out.join(name)).unwrap()
}

/// The name, kind and message of each failure.
fn failures(out: &Path) -> Vec<(String, String, String)> {
    let of = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| line[key].as_str().unwrap().to_owned();
        let path = text("path");
        (
            Path::new(&path).file_name().unwrap().to_str().unwrap()[3..].to_owned(),
            text("kind"),
            text("message"),
        )
    };
    output(out, "failures.jsonl").lines().map(of).collect()
}

fn each_death_is_told_apart_and_costs_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let (input, out) = (folder.path().join("in"), folder.path().join("out"));
    let deaths = [
        "well", "hang", "well", "spin", "overflow", "well", "hoard", "huge", "panic", "well", "abort",
        "exit", "garble", "forge", "well",
    ];
    files(&input, &deaths);
    let report = isolated(limits()).jobs(2).run(&[&input], &out).unwrap();
    assert_eq!((report.records, report.failed), (5, 10));
    let expected = [
        ("hang", "timeout", "no result within 5 s"),
        ("spin", "timeout", "no result within 5 s"),
        ("overflow", "crashed", "the reader overflowed its stack"),
        ("hoard", "out_of_memory", "more memory than 512 MiB is needed"),
        ("huge", "out_of_memory", "more memory than 512 MiB is needed"),
        ("panic", "crashed", "the reader panicked: as it was told"),
        ("abort", "crashed", "the reader was ended by signal 6"),
        ("exit", "crashed", "the reader ended with exit code 3"),
        ("garble", "crashed", "the reader gave something that is no record of the file"),
        ("forge", "crashed", "the reader gave something that is no record of the file"),
    ];
    let found = failures(&out);
    let expected =
        expected.map(|(word, kind, message)| (format!("{word}.txt"), kind.to_owned(), message.to_owned()));
    assert_eq!(found, expected);

    // The good files come out as they do alone.
    let (good, alone) = (folder.path().join("good"), folder.path().join("alone"));
    fs::create_dir(&good).unwrap();
    for entry in fs::read_dir(&input).unwrap().map(|e| e.unwrap()) {
        if entry.path().to_string_lossy().ends_with("well.txt") {
            fs::copy(entry.path(), good.join(entry.file_name())).unwrap();
        }
    }
    isolated(limits()).jobs(1).run(&[&good], &alone).unwrap();
    assert_eq!(output(&out, "records.jsonl"), output(&alone, "records.jsonl"));
}

fn worn_out_workers() {
    let folder = tempfile::tempdir().unwrap();
    let (input, out) = (folder.path().join("in"), folder.path().join("out"));
    // Dies in a worker that has read a file before; a fresh one finds no form on it.
    files(&input, &["well", "worn-out", "well"]);
    let report = isolated(limits()).jobs(1).run(&[&input], &out).unwrap();
    assert_eq!((report.records, report.workers_lost), (2, 1));
    assert_eq!(failures(&out)[0].1, "no_form");
}

fn a_worker_is_confined() {
    let folder = tempfile::tempdir().unwrap();
    let (input, out) = (folder.path().join("in"), folder.path().join("out"));
    files(&input, &["open"]);
    isolated(limits()).run(&[&input], &out).unwrap();
    assert!(failures(&out)[0].2.contains("open: Err("), "{:?}", failures(&out));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

fn no_worker() {
    let folder = tempfile::tempdir().unwrap();
    let (input, out) = (folder.path().join("in"), folder.path().join("out"));
    files(&input, &["well"]);
    for command in [command("no-worker"), WorkerCommand::new("/no/such/program", [""; 0])] {
        let batch = Batch::new(Settings::default()).isolated(command, limits());
        assert_eq!(batch.run(&[&input], &out).unwrap_err().kind(), ErrorKind::Worker);
    }
}

fn other_limits() {
    let folder = tempfile::tempdir().unwrap();
    let (input, out) = (folder.path().join("in"), folder.path().join("out"));
    files(&input, &["well", "hang", "panic"]);
    let run = |limits| isolated(limits).earlier(Earlier::Resume).run(&[&input], &out).unwrap();
    let known = |report: Report| report.known;
    assert_eq!(known(run(WorkerLimits { seconds: 1, ..limits() })), 0);
    assert_eq!(known(run(WorkerLimits { seconds: 1, ..limits() })), 3);
    assert_eq!(known(run(limits())), 1);
    assert_eq!(failures(&out)[0].2, "no result within 5 s");
}

fn isolated_or_not() {
    let folder = tempfile::tempdir().unwrap();
    let (input, one, other) = (folder.path().join("in"), folder.path().join("a"), folder.path().join("b"));
    files(&input, &["well", "no-form", "well", "well"]);
    isolated(WorkerLimits::default()).run(&[&input], &one).unwrap();
    Batch::new(Settings::default()).run(&[&input], &other).unwrap();
    assert_eq!(output(&one, "records.jsonl"), output(&other, "records.jsonl"));
    assert_eq!(failures(&one), failures(&other));
}

fn noise() {
    let folder = tempfile::tempdir().unwrap();
    let (input, out) = (folder.path().join("in"), folder.path().join("out"));
    files(&input, &["noise", "well"]);
    let report = isolated(limits()).jobs(1).run(&[&input], &out).unwrap();
    assert_eq!((report.records, report.workers_lost), (1, 0));
    assert_eq!(failures(&out)[0].1, "no_form");
}

/// Batches that ask a second reader.
#[cfg(feature = "witness")]
mod witness {
    use std::io::Read;

    use chohyo_layout::witness::Witness;

    use super::{Batch, Duration, Path, Settings, WorkerLimits, Write, command, files, fs, io, output};

    /// The second reader's side.
    pub(super) fn run(argument: &str) {
        match argument {
            "witness-true" => chohyo_layout::witness::serve().unwrap(),
            "witness-lie" => lie(),
            "witness-hang" => std::thread::sleep(Duration::from_secs(1000)),
            "witness-abort" => std::process::abort(),
            "witness-babble" => while io::stdout().write_all(b"P\t1\nC\t1\t1\t1\t1\n").is_ok() {},
            _ => unreachable!("{argument}"),
        }
    }

    /// Says what is there, but for the digit 7.
    fn lie() {
        let mut bytes = Vec::new();
        io::stdin().read_to_end(&mut bytes).unwrap();
        let document = chohyo_layout::read(&bytes, &chohyo_layout::Options::default()).unwrap();
        for page in &document.pages {
            println!("P\t{}", page.number);
            for index in 0..page.glyphs.len() as u32 {
                let bbox = page.glyphs[index as usize].bbox;
                println!("C\t{}\t{}\t10\t{}", bbox.x0, bbox.bottom, page.glyph_text(index).replace('7', "1"));
            }
        }
        println!("E");
    }

    fn settings(argument: &str) -> Settings {
        let mut settings = Settings::default();
        let mut witness = Witness::new(std::env::current_exe().unwrap(), [argument]);
        if argument != "witness-true" && argument != "witness-lie" {
            witness.time = Duration::from_millis(300);
        }
        settings.witness = Some(witness);
        settings
    }

    /// A PDF, a dump, and a file that is neither.
    fn input(folder: &Path) -> std::path::PathBuf {
        let input = folder.join("in");
        files(&input, &["nothing", "well"]);
        let sheet = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/sheets/sendai.pdf");
        fs::copy(sheet, input.join("00-sheet.pdf")).unwrap();
        input
    }

    /// Reads in workers; gives the records.
    fn records(settings: Settings, input: &Path, out: &Path) -> Vec<serde_json::Value> {
        let batch = Batch::new(settings).isolated(command("worker"), WorkerLimits::default()).jobs(1);
        let report = batch.run(&[input], out).unwrap();
        assert_eq!((report.records, report.failed, report.workers_lost), (2, 1, 0));
        output(out, "records.jsonl").lines().map(|l| serde_json::from_str(l).unwrap()).collect()
    }

    /// Takes out the diagnostics with this code.
    fn take(record: &mut serde_json::Value, code: &str) -> Vec<serde_json::Value> {
        let all = record["diagnostics"].as_array_mut().unwrap();
        all.extract_if(.., |d| d["code"] == code).collect()
    }

    pub(super) fn truth_and_lies() {
        let folder = tempfile::tempdir().unwrap();
        let input = input(folder.path());
        let plain = records(Settings::default(), &input, &folder.path().join("plain"));
        for argument in ["witness-true", "witness-lie"] {
            let (out, other) = (folder.path().join(argument), folder.path().join(format!("{argument} here")));
            let mut records = records(settings(argument), &input, &out);
            Batch::new(settings(argument)).run(&[&input], &other).unwrap();
            assert_eq!(output(&out, "records.jsonl"), output(&other, "records.jsonl"), "{argument}");

            let against = take(&mut records[0], "reader_disagreement");
            let keys = |d: &serde_json::Value| {
                d["keys"].as_array().is_some_and(|k| k.contains(&"population".into()))
            };
            assert_eq!(against.iter().any(keys), argument == "witness-lie", "{against:?}");
            assert_eq!(take(&mut records[0], "no_witness"), [] as [serde_json::Value; 0]);
            if argument == "witness-lie" {
                assert!(records == plain, "nothing else changes");
            }
        }
    }

    pub(super) fn failures() {
        let folder = tempfile::tempdir().unwrap();
        let input = input(folder.path());
        let plain = records(Settings::default(), &input, &folder.path().join("plain"));
        let mut none = settings("witness-none");
        none.witness.as_mut().unwrap().program = "/no/such/program".into();
        for (settings, why) in [
            (settings("witness-hang"), "it did not answer in time"),
            (settings("witness-abort"), "signal: 6"),
            (settings("witness-babble"), "in time"),
            (none, "it cannot be asked"),
        ] {
            let mut records = records(settings, &input, &folder.path().join(why));
            let notes = take(&mut records[0], "no_witness");
            let told = |d: &serde_json::Value| d["message"].as_str().unwrap().contains(why);
            assert!(notes.iter().any(told), "{why}: {notes:?}");
            assert!(notes.iter().all(|d| d["severity"] == "info"), "{notes:?}");
            // One babbles of page 1, where it says nothing that is printed.
            take(&mut records[0], "reader_disagreement");
            assert!(records == plain, "{why}: nothing else changes");
        }
    }
}
