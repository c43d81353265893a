//! Worker processes, from the batch's side.

use std::ffi::OsString;
use std::io::{self, Read};
use std::path::PathBuf;
use std::process::{ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;
#[cfg(feature = "witness")]
use std::time::Instant;

#[cfg(feature = "witness")]
use chohyo_layout::witness::{Testimony, Witness};

use crate::content::Hash;
use crate::failure::{Cause, FailureKind};
use crate::reading::{self, Outcome};
use crate::settings::{Settings, Setup};
use crate::watchdog::{Target, Watchdog};
use crate::{Error, ErrorKind, frame};

/// How much of what a dying worker says is kept, in bytes.
const LAST_WORDS: usize = 4096;

/// How long a worker may take to be ready. It reads its forms only; more than this is a program that is no worker.
const SETUP_TIME: Duration = Duration::from_mins(1);

/// How often a file is tried whose workers may have died for no fault of its own.
const TRIES: u32 = 3;

/// The program that is run as a worker: one that calls [`serve`](crate::serve) when it gets these arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkerCommand {
    program: PathBuf,
    arguments: Vec<OsString>,
}

impl WorkerCommand {
    /// The program at this path, with these arguments.
    pub fn new(
        program: impl Into<PathBuf>,
        arguments: impl IntoIterator<Item = impl Into<OsString>>,
    ) -> Self {
        Self { program: program.into(), arguments: arguments.into_iter().map(Into::into).collect() }
    }
}

/// What each file may take in a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct WorkerLimits {
    /// Wall time for one file, in seconds.
    pub seconds: u32,
    /// Address space of a worker in MiB; its stacks count, some 320 MiB.
    pub memory: u32,
}

impl Default for WorkerLimits {
    fn default() -> Self {
        Self { seconds: 60, memory: 1024 }
    }
}

/// Workers that wait for work, and what starts more of them.
#[derive(Debug)]
pub(crate) struct Workers {
    command: WorkerCommand,
    limits: WorkerLimits,
    setup: Vec<u8>,
    idle: Mutex<Vec<Worker>>,
    watchdog: Watchdog,
    lost: AtomicU64,
    #[cfg(feature = "witness")]
    witness: Option<Witness>,
}

/// One worker process.
#[derive(Debug)]
struct Worker {
    target: Arc<Target>,
    input: ChildStdin,
    output: ChildStdout,
    last_words: Option<JoinHandle<Vec<u8>>>,
    /// True when it has read a file already.
    used: bool,
}

impl Workers {
    /// Starts the first worker, so that a program that is none is told before any file is.
    pub(crate) fn start(
        command: &WorkerCommand,
        limits: WorkerLimits,
        settings: &Settings,
    ) -> Result<Self, Error> {
        let memory = Some(u64::from(limits.memory) << 20);
        let setup = serde_json::to_vec(&Setup::new(settings, memory)).map_err(|e| worker_error(e.into()))?;
        let watchdog = Watchdog::start().map_err(worker_error)?;
        let (command, idle, lost) = (command.clone(), Mutex::default(), AtomicU64::new(0));
        let workers = Self {
            command,
            limits,
            setup,
            idle,
            watchdog,
            lost,
            #[cfg(feature = "witness")]
            witness: settings.witness.clone(),
        };
        let first = workers.spawn().map_err(worker_error)?;
        workers.put_back(first);
        Ok(workers)
    }

    /// How many workers were lost to files.
    pub(crate) fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    /// Reads one file in a worker.
    ///
    /// # Errors
    /// When no worker can be had. What the file does to one is an [`Outcome`].
    pub(crate) fn read(&self, bytes: &[u8], hash: &Hash) -> Result<Outcome, Error> {
        let mut tries = 0;
        loop {
            tries += 1;
            let mut worker = self.check_out()?;
            match self.ask(&mut worker, bytes, hash) {
                Ok(outcome) => {
                    worker.used = true;
                    // Its time may have run out just after it answered.
                    if !worker.target.has_expired() {
                        self.put_back(worker);
                    }
                    return Ok(outcome);
                }
                Err(why) => {
                    self.lost.fetch_add(1, Ordering::Relaxed);
                    let used = worker.used;
                    let (cause, from_outside) = self.cause(worker, &why);
                    log::info!("a worker was lost: {}", cause.message);
                    // What a worker has read before may have left it short of memory, and whoever killed it may not
                    // have meant this file: only a fresh worker's own death is laid to the file at once.
                    let may_be_innocent = (used || from_outside) && cause.kind != FailureKind::Timeout;
                    if tries == TRIES || !may_be_innocent {
                        return Ok(Err(cause));
                    }
                }
            }
        }
    }

    fn ask(&self, worker: &mut Worker, bytes: &[u8], hash: &Hash) -> io::Result<Outcome> {
        let time = Duration::from_secs(self.limits.seconds.into());
        #[cfg(feature = "witness")]
        let end = Instant::now() + time;
        let _watch = self.watchdog.watch(&worker.target, time);
        frame::write_both(&mut worker.input, frame::FILE, hash, bytes)?;
        #[cfg_attr(not(feature = "witness"), allow(unused_mut, reason = "there is one answer then"))]
        let mut answer = frame::read(&mut worker.output)?;
        #[cfg(feature = "witness")]
        if let (Some((frame::ASK, _)), Some(witness)) = (&answer, &self.witness) {
            let testimony = ask(witness, bytes, end.saturating_duration_since(Instant::now()));
            frame::write(&mut worker.input, frame::TESTIMONY, testimony.as_str().as_bytes())?;
            answer = frame::read(&mut worker.output)?;
        }
        match answer {
            Some((frame::RECORD, record)) => {
                // A worker that a file has taken over could send anything.
                if reading::is_record_of(&record, hash) {
                    Ok(Ok(record))
                } else {
                    Err(io::ErrorKind::InvalidData.into())
                }
            }
            Some((frame::CAUSE, cause)) => {
                serde_json::from_slice(&cause).map(Err).map_err(|_| io::ErrorKind::InvalidData.into())
            }
            Some(_) => Err(io::ErrorKind::InvalidData.into()),
            None => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }

    /// What became of a worker that gave no answer, and whether somebody else killed it.
    fn cause(&self, worker: Worker, why: &io::Error) -> (Cause, bool) {
        let WorkerLimits { seconds, memory } = self.limits;
        let expired = worker.target.has_expired();
        let (status, last_words) = worker.bury();
        if expired {
            return (Cause::new(FailureKind::Timeout, format!("no result within {seconds} s")), false);
        }
        // What the standard library says before it aborts.
        if last_words.contains("memory allocation of ") {
            let message = format!("more memory than {memory} MiB is needed");
            return (Cause::new(FailureKind::OutOfMemory, message), false);
        }
        if last_words.contains("has overflowed its stack") {
            return (Cause::new(FailureKind::Crashed, "the reader overflowed its stack"), false);
        }
        if why.kind() == io::ErrorKind::InvalidData {
            return (
                Cause::new(FailureKind::Crashed, "the reader gave something that is no record of the file"),
                false,
            );
        }
        let message = match status {
            Some(status) => ending(status),
            None => format!("the reader was lost: {why}"),
        };
        (Cause::new(FailureKind::Crashed, message), status.is_some_and(is_from_outside))
    }

    fn check_out(&self) -> Result<Worker, Error> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(worker) = idle {
            return Ok(worker);
        }
        // A machine that is short of processes or memory may have some again in a moment.
        let mut pause = Duration::from_millis(50);
        loop {
            match self.spawn() {
                Ok(worker) => return Ok(worker),
                Err(error) if pause > Duration::from_secs(5) => return Err(worker_error(error)),
                Err(error) => log::warn!("a worker cannot be started: {error}"),
            }
            thread::sleep(pause);
            pause *= 2;
        }
    }

    fn put_back(&self, worker: Worker) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
    }

    fn spawn(&self) -> io::Result<Worker> {
        let mut command = Command::new(&self.command.program);
        command
            .args(&self.command.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        // In a group of its own: Ctrl-C is for the batch, which lets its workers finish.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn()?;
        let (Some(input), Some(output), Some(stderr)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        log::debug!("worker {} started", child.id());
        let target = Arc::new(Target::new(child));
        let drain = thread::Builder::new().name("last words".to_owned()).spawn(move || last_words(stderr))?;
        let mut worker = Worker { target, input, output, last_words: Some(drain), used: false };
        let ready = {
            let _watch = self.watchdog.watch(&worker.target, SETUP_TIME);
            frame::write(&mut worker.input, frame::SETUP, &self.setup)
                .and_then(|()| frame::read(&mut worker.output))
        };
        if let Ok(Some((frame::READY, _))) = ready {
            return Ok(worker);
        }
        let (status, last_words) = worker.bury();
        let status = status.map(ending).unwrap_or_default();
        Err(io::Error::other(format!("it did not get ready: {status} {last_words}")))
    }
}

/// What the witness says of a file that has so much time left. It may take half of that, so that there is time to compare:
/// that it hangs is no reason to lose the record.
#[cfg(feature = "witness")]
fn ask(witness: &Witness, bytes: &[u8], left: Duration) -> Testimony {
    let mut witness = witness.clone();
    witness.time = witness.time.min(left / 2);
    witness.ask(bytes)
}

impl Worker {
    /// Ends the process; gives how it ended and what it said last.
    fn bury(mut self) -> (Option<ExitStatus>, String) {
        let status = self.end();
        let last_words = self.last_words.take().and_then(|thread| thread.join().ok()).unwrap_or_default();
        (status, String::from_utf8_lossy(&last_words).into_owned())
    }

    fn end(&self) -> Option<ExitStatus> {
        let mut child = self.target.child();
        // A process that has ended already keeps the status it ended with.
        let _ = child.kill();
        child.wait().ok()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.end();
    }
}

/// Reads to the end, so that no worker waits for somebody to listen, and keeps the last of it.
fn last_words(mut stream: impl Read) -> Vec<u8> {
    let mut kept = Vec::new();
    let mut buffer = [0; 1024];
    while let Ok(count @ 1..) = stream.read(&mut buffer) {
        kept.extend_from_slice(&buffer[..count]);
        kept.drain(..kept.len().saturating_sub(LAST_WORDS));
    }
    kept
}

/// True for what no process does to itself: SIGKILL, be it the kernel's that is short of memory, and SIGTERM.
#[cfg(unix)]
fn is_from_outside(status: ExitStatus) -> bool {
    std::os::unix::process::ExitStatusExt::signal(&status).is_some_and(|signal| matches!(signal, 9 | 15))
}

#[cfg(not(unix))]
fn is_from_outside(_: ExitStatus) -> bool {
    false
}

#[cfg(unix)]
fn ending(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt;
    match (status.signal(), status.code()) {
        (Some(signal), _) => format!("the reader was ended by signal {signal}"),
        (None, Some(code)) => format!("the reader ended with exit code {code}"),
        (None, None) => "the reader ended".to_owned(),
    }
}

#[cfg(not(unix))]
fn ending(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("the reader ended with exit code {code}"),
        None => "the reader ended".to_owned(),
    }
}

fn worker_error(source: io::Error) -> Error {
    Error::caused(ErrorKind::Worker, source)
}

#[cfg(all(test, unix, feature = "witness"))]
mod tests {
    use super::*;

    #[test]
    fn a_witness_gets_half_of_the_time_that_is_left() {
        let (witness, left) = (Witness::new("sleep", ["1000"]), Duration::from_millis(400));
        let begun = Instant::now();
        let testimony = ask(&witness, b"", left);
        assert!(testimony.as_str().contains("in time"), "{testimony:?}");
        assert!(begun.elapsed() >= left / 2);
        assert!(ask(&witness, b"", Duration::ZERO).as_str().contains("in time"));
    }
}
