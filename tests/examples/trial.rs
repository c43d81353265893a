//! A batch that is killed again and again, beside one that is not.
//!
//! ```sh
//! cargo run -p chohyo-tests --example trial -- target/release/chohyo FOLDER WORK [FILES [KILLS]]
//! ```
//!
//! Makes FILES files (5,000) in WORK out of the sheets in FOLDER, 5 % of them hostile; reads them undisturbed; reads them
//! again, killed with SIGKILL at KILLS (20) random moments and resumed each time; and compares the results, byte for byte.
//! Says how long it took and how much memory the driver had at most. Ends with 1 when anything differs.
#![allow(clippy::print_stdout, reason = "what it finds is its output")]

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use chohyo_tests::hostile;

/// One file of this many is hostile.
const HOSTILE: usize = 20;

/// Numbers that are the same in every trial.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// From 0 to 1.
    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// A batch that ran to its end or to its death.
struct Run {
    seconds: f64,
    /// Most memory of the driver in KiB.
    peak: u64,
    code: Option<i32>,
}

fn main() -> io::Result<ExitCode> {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let [program, sheets, work, numbers @ ..] = arguments.as_slice() else {
        println!("trial PROGRAM FOLDER WORK [FILES [KILLS]]");
        return Ok(ExitCode::from(2));
    };
    let number = |i: usize, default: usize| {
        numbers.get(i).and_then(|n: &std::ffi::OsString| n.to_str()?.parse().ok()).unwrap_or(default)
    };
    let (files, kills) = (number(0, 5000), number(1, 20));
    let work = PathBuf::from(work);
    let input = work.join("in");
    if input.is_dir() {
        println!("{} is there already, and used as it is", input.display());
    } else {
        make(Path::new(sheets), &input, files)?;
    }

    let calm = work.join("calm");
    let whole = wait(start(program, &input, &calm, "--fresh")?, None)?;
    println!("undisturbed: {:.1} s, exit {:?}, driver {} KiB", whole.seconds, whole.code, whole.peak);

    let killed = work.join("killed");
    let _ = fs::remove_dir_all(&killed);
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let mut peak = 0;
    for kill in 1..=kills {
        // Each lasts at random up to a part of the whole, such that the last ones are killed near the end and not after it.
        let share = random.share() * 1.6 / kills as f64;
        let after = Duration::from_secs_f64(whole.seconds * share);
        let run = wait(start(program, &input, &killed, "--resume")?, Some(after))?;
        peak = peak.max(run.peak);
        let finished = entries(&killed)?;
        let how = if run.code.is_none() { "killed" } else { "ended" };
        println!("{how} {kill}: after {:.2} s, {finished} finished", run.seconds);
    }
    let last = wait(start(program, &input, &killed, "--resume")?, None)?;
    println!("the rest: {:.1} s, exit {:?}, driver {} KiB", last.seconds, last.code, last.peak.max(peak));

    let mut code = ExitCode::SUCCESS;
    for name in ["records.jsonl", "failures.jsonl"] {
        let (one, other) = (timeless(&calm.join(name))?, timeless(&killed.join(name))?);
        if one == other {
            println!("{name}: the same, {} lines", one.len());
        } else {
            println!("{name}: NOT the same");
            code = ExitCode::FAILURE;
        }
    }
    let left: Vec<_> = fs::read_dir(&killed)?
        .flatten()
        .filter(|e| e.path().extension() == Some(OsStr::new("partial")))
        .collect();
    if !left.is_empty() {
        println!("left: {left:?}");
        code = ExitCode::FAILURE;
    }
    Ok(code)
}

/// The lines of a result but for how long failures took.
fn timeless(file: &Path) -> io::Result<Vec<String>> {
    let text = fs::read_to_string(file)?;
    Ok(text.lines().map(|l| l.rsplit_once(r#","seconds":"#).map_or(l, |(rest, _)| rest).to_owned()).collect())
}

/// Files that differ from the sheets they are made of: the digits of a text in one place, what follows the end of a PDF.
fn make(sheets: &Path, input: &Path, files: usize) -> io::Result<()> {
    let is_sheet = |p: &PathBuf| p.extension().is_some_and(|e| e == "pdf" || e == "txt");
    let mut sources: Vec<_> = fs::read_dir(sheets)?.flatten().map(|e| e.path()).filter(is_sheet).collect();
    sources.sort();
    let sources = sources.iter().map(fs::read).collect::<Result<Vec<_>, _>>()?;
    if sources.is_empty() {
        return Err(io::Error::other("no sheets to make files of"));
    }
    fs::create_dir_all(input)?;
    let cases: Vec<_> = hostile::cases().collect();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for i in 0..files {
        let path = |what: &str| input.join(format!("{:02}/{i:05}-{what}", i % 50));
        fs::create_dir_all(input.join(format!("{:02}", i % 50)))?;
        if i % HOSTILE == HOSTILE - 1 {
            if let Some((name, make)) = cases.get(i / HOSTILE % cases.len().max(1)) {
                fs::write(path(&format!("{}.pdf", name.replace('/', "_"))), make())?;
            }
            continue;
        }
        let mut bytes = sources[i % sources.len()].clone();
        if bytes.starts_with(b"%PDF") {
            bytes.extend(format!("\n% {i}\n").bytes());
            fs::write(path("sheet.pdf"), bytes)?;
        } else {
            let digits: Vec<_> = (0..bytes.len()).filter(|&at| bytes[at].is_ascii_digit()).collect();
            for _ in 0..3 {
                if let Some(&at) = digits.get(random.next() as usize % digits.len().max(1)) {
                    bytes[at] = b'0' + (random.next() % 10) as u8;
                }
            }
            bytes.extend("\n".repeat(i / sources.len()).bytes());
            fs::write(path("sheet.txt"), bytes)?;
        }
    }
    Ok(())
}

fn start(program: &OsStr, input: &Path, out: &Path, how: &str) -> io::Result<Child> {
    Command::new(program)
        .arg("batch")
        .arg(input)
        .arg("--out")
        .arg(out)
        .args([how, "--quiet", "--timeout", "20"])
        .stdin(Stdio::null())
        .spawn()
}

/// Waits for the batch, or kills it when its time has come.
fn wait(mut child: Child, kill_after: Option<Duration>) -> io::Result<Run> {
    let begun = Instant::now();
    let mut peak = 0;
    loop {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
        let memory = line.and_then(|l| l.trim().trim_end_matches(" kB").parse().ok());
        peak = peak.max(memory.unwrap_or(0));
        let ended = child.try_wait()?;
        if let Some(status) = ended {
            return Ok(Run { seconds: begun.elapsed().as_secs_f64(), peak, code: status.code() });
        }
        if kill_after.is_some_and(|time| begun.elapsed() >= time) {
            child.kill()?;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Entries in the journal.
fn entries(out: &Path) -> io::Result<usize> {
    let journal = fs::read(out.join("journal.jsonl")).or_else(|e| match e.kind() {
        io::ErrorKind::NotFound => Ok(Vec::new()),
        _ => Err(e),
    })?;
    Ok(journal.split(|&b| b == b'\n').filter(|line| line.get(18..25) == Some(br#""entry""#)).count())
}
