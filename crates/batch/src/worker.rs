//! The worker's side of the pipe: the process that reads files and may die of one.

use std::io;
use std::sync::mpsc;
use std::thread;

use chohyo_extract::{Extractor, Sheet};
#[cfg(feature = "witness")]
use chohyo_layout::witness::Testimony;

use crate::frame;
use crate::reading;
use crate::settings::Setup;

/// Stack of the thread that makes records, in bytes. The layout crate gives its PDF engine a larger one.
const STACK: usize = 64 << 20;

/// Serves a batch as a worker process: takes files from standard input and gives records to standard output.
///
/// A program that runs isolated batches calls this where it was started with the arguments of
/// [`WorkerCommand`](crate::WorkerCommand), and ends when it returns.
///
/// The process bounds itself before it reads its first file: its address space, no further open files, nothing
/// written to any file, no core dump. It ends when its standard input does, at whatever it is then, so that
/// no worker outlives its batch.
///
/// # Errors
/// When a pipe breaks, or when what comes through it is not from a batch of the same version.
pub fn serve() -> io::Result<()> {
    serve_with(|extractor, bytes, witness| witness.extract(extractor, bytes))
}

/// The same with a reader of the caller's, for tests of what a batch does when readers misbehave.
///
/// # Errors
/// As [`serve`].
#[doc(hidden)]
pub fn serve_with(
    read: impl Fn(&Extractor, &[u8], &Asking) -> Result<Sheet, chohyo_extract::Error> + Send + 'static,
) -> io::Result<()> {
    // A panic becomes a failure; what it would print is in its message.
    std::panic::set_hook(Box::new(|_| {}));
    let mut input = io::stdin().lock();
    let Some((frame::SETUP, setup)) = frame::read(&mut input)? else {
        return Err(invalid("this command is run by chohyo batch, and not by hand"));
    };
    let setup: Setup = serde_json::from_slice(&setup)?;
    let extractor = setup.settings().extractor().map_err(|e| invalid(&e.to_string()))?.without_hash();
    confine(setup.memory)?;
    frame::write(&mut io::stdout(), frame::READY, b"")?;
    let (sender, receiver) = mpsc::channel::<Vec<u8>>();
    #[cfg_attr(not(feature = "witness"), allow(unused_variables, reason = "nobody testifies then"))]
    let (testify, testimonies) = mpsc::channel::<Vec<u8>>();
    let asking = Asking { testimonies: setup.witnessed.then_some(testimonies) };
    let reader = move || {
        for payload in receiver {
            // A file without its hash comes from no batch, and there is nobody to tell.
            let Some((hash, bytes)) = payload.split_first_chunk() else { return };
            let (tag, answer) = match reading::read(bytes, hash, &|bytes| read(&extractor, bytes, &asking)) {
                Ok(record) => (frame::RECORD, record),
                Err(cause) => (frame::CAUSE, serde_json::to_vec(&cause).unwrap_or_default()),
            };
            drop(payload);
            if frame::write(&mut io::stdout(), tag, &answer).is_err() {
                // Nobody listens any more.
                return;
            }
        }
    };
    thread::Builder::new().name("reader".to_owned()).stack_size(STACK).spawn(reader)?;
    // This thread waits for the pipe meanwhile, and sees at once that the batch is no more.
    while let Some((tag, bytes)) = frame::read(&mut input)? {
        let sent = match tag {
            frame::FILE => sender.send(bytes),
            #[cfg(feature = "witness")]
            frame::TESTIMONY => testify.send(bytes),
            _ => return Err(invalid("a frame that no batch of this version sends")),
        };
        if sent.is_err() {
            break;
        }
    }
    Ok(())
}

/// How a worker has what the witness says of a file: it asks the batch, since it cannot start a process itself.
#[doc(hidden)]
#[derive(Debug)]
pub struct Asking {
    /// `None` when there is no witness.
    #[cfg_attr(not(feature = "witness"), allow(dead_code, reason = "it is none then"))]
    testimonies: Option<mpsc::Receiver<Vec<u8>>>,
}

impl Asking {
    /// Reads a file, and asks about it if there is somebody to ask.
    ///
    /// # Errors
    /// As [`Extractor::extract`].
    pub fn extract(&self, extractor: &Extractor, bytes: &[u8]) -> Result<Sheet, chohyo_extract::Error> {
        #[cfg(feature = "witness")]
        if let Some(testimonies) = &self.testimonies {
            return extractor.extract_witnessed("", bytes, || ask(testimonies));
        }
        extractor.extract(bytes)
    }
}

#[cfg(feature = "witness")]
fn ask(testimonies: &mpsc::Receiver<Vec<u8>>) -> Testimony {
    let said = frame::write(&mut io::stdout(), frame::ASK, b"").ok().and_then(|()| testimonies.recv().ok());
    // Where nobody answers, nobody takes the record either.
    let said = said.and_then(|said| String::from_utf8(said).ok());
    said.map_or_else(|| Testimony::none("the batch did not answer"), Testimony::from)
}

fn invalid(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}

/// Takes from this process what reading a sheet needs nothing of: further open files, written files, core dumps, and
/// address space over `memory` bytes.
///
/// # Errors
/// When the system does not allow that.
#[cfg(unix)]
pub fn confine(memory: Option<u64>) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    // Where memory runs out all the same, the kernel is to take a worker, and not the batch.
    #[cfg(target_os = "linux")]
    let _ = std::fs::write("/proc/self/oom_score_adj", "800");

    let at_most = |resource: Resource, most: u64| {
        // A limit can be lowered by anybody; one that is lower already stays.
        let most = getrlimit(resource).maximum.map_or(most, |m| m.min(most));
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })
    };
    if let Some(memory) = memory {
        let limited = at_most(Resource::As, memory);
        // Other kernels than Linux refuse this limit, or take it and do not heed it.
        if cfg!(target_os = "linux") {
            limited?;
        }
    }
    at_most(Resource::Core, 0)?;
    at_most(Resource::Fsize, 0)?;
    // Standard input, output and error are open; a fourth file is not to be had.
    at_most(Resource::Nofile, 3)?;
    Ok(())
}

/// Where there are no such limits, time is the only one.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn confine(_: Option<u64>) -> io::Result<()> {
    Ok(())
}
