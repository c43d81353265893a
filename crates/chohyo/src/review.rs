//! The review pages of a batch: one for each record, and an index over all of them.

use std::fs;
use std::io::{Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::Context;
use chohyo_batch::{Complete, Entry, Error, ErrorKind, Settings, Sink};
use chohyo_extract::Form;
use chohyo_inspect::Index;

use crate::cli::BatchArguments;
use crate::outcome::{UsageError, complain};
use crate::page_worker::Request;

/// The folder of the pages, in that of the index.
const PAGES: &str = "sheets";
/// How often a process is asked whether it has ended.
const PATIENCE: Duration = Duration::from_millis(5);

/// Takes the records of a batch.
pub(crate) struct Review {
    folder: PathBuf,
    index: Index,
    settings: Settings,
    memory: Option<u64>,
    jobs: Option<SyncSender<Job>>,
    makers: Vec<JoinHandle<()>>,
    failed: Arc<Mutex<Vec<(usize, String)>>>,
    missing: Arc<AtomicUsize>,
    quiet: bool,
}

/// A page to be made.
struct Job {
    row: usize,
    path: PathBuf,
    page: PathBuf,
    request: Request,
}

/// How pages are made.
#[derive(Clone)]
struct Maker {
    /// This program; `None` when pages are made in this process.
    program: Option<PathBuf>,
    most_time: Duration,
    most_bytes: usize,
}

impl Review {
    /// Begins the folder.
    pub(crate) fn create(folder: &Path, arguments: &BatchArguments) -> anyhow::Result<Self> {
        let wrong = |e: std::io::Error| UsageError(format!("{}: {e}", folder.display()));
        fs::create_dir_all(folder.join(PAGES)).map_err(wrong)?;
        let settings = arguments.reading.settings()?;
        let program = if arguments.in_process {
            None
        } else {
            Some(std::env::current_exe().context("this program cannot be found")?)
        };
        let maker = Maker {
            program,
            most_time: Duration::from_secs(u64::from(arguments.timeout)),
            most_bytes: settings.limits.bytes,
        };
        let threads = arguments
            .jobs
            .map_or_else(|| thread::available_parallelism().map_or(1, std::num::NonZero::get), usize::from);
        // Each maker has one page at hand and one to come: records are large.
        let (sender, receiver) = sync_channel(threads);
        let receiver = Arc::new(Mutex::new(receiver));
        let failed = Arc::new(Mutex::new(Vec::new()));
        let makers = (0..threads)
            .map(|_| {
                let (maker, receiver, failed) = (maker.clone(), Arc::clone(&receiver), Arc::clone(&failed));
                thread::spawn(move || maker.work(&receiver, &failed))
            })
            .collect();
        Ok(Self {
            folder: folder.to_owned(),
            index: Index::new(),
            settings,
            memory: (!arguments.in_process).then(|| u64::from(arguments.memory) << 20),
            jobs: Some(sender),
            makers,
            failed,
            missing: Arc::default(),
            quiet: arguments.quiet,
        })
    }

    /// How many pages could not be made, which is known when the batch has ended.
    pub(crate) fn missing(&self) -> Arc<AtomicUsize> {
        Arc::clone(&self.missing)
    }

    fn forms(&self) -> Vec<Form> {
        self.settings.forms.iter().filter_map(|f| Form::parse(f).ok()).collect()
    }
}

impl Sink for Review {
    fn write(&mut self, entry: &Entry<'_>) -> Result<(), Error> {
        let path = &entry.file.path;
        if let Some(failure) = entry.failure {
            self.index.add_failure(path, failure.kind.name(), &failure.message, failure.page);
        }
        let Some(record) = entry.record else { return Ok(()) };
        let sheet = record.sheet()?;
        // The same content has the same page, run after run.
        let name = format!("{PAGES}/{}.html", sheet.source.sha256.get(..16).unwrap_or(&sheet.source.sha256));
        let row = self.index.len();
        // A path that is no Unicode cannot be had back from what it is written as.
        let known = !entry.file.path_escaped;
        self.index.add(path, sheet, known.then_some(name.as_str()));
        let request = Request {
            sheet: sheet.clone(),
            forms: self.settings.forms.clone(),
            password: self.settings.password.clone(),
            index: "../index.html".to_owned(),
            memory: self.memory,
        };
        if known && let Some(jobs) = &self.jobs {
            let job = Job { row, path: PathBuf::from(path), page: self.folder.join(&name), request };
            // Makers end when the sender does, not before.
            let _ = jobs.send(job);
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<Vec<Complete>, Error> {
        drop(self.jobs.take());
        for maker in self.makers.drain(..) {
            let _ = maker.join();
        }
        let failed = std::mem::take(&mut *self.failed.lock().unwrap_or_else(PoisonError::into_inner));
        self.missing.store(failed.len(), Ordering::Relaxed);
        for (row, message) in failed {
            self.index.without_page(row);
            if !self.quiet {
                complain(message);
            }
        }
        let forms = self.forms();
        let builtin = Form::builtin().iter().map(|f| &**f);
        let html = self.index.to_html(&forms.iter().chain(builtin).collect::<Vec<_>>());
        let name = self.folder.join("index.html");
        let partial = self.folder.join("index.html.partial");
        write(&partial, html.as_bytes()).map_err(|e| Error::io(ErrorKind::Write, &partial, e))?;
        Ok(vec![Complete::new(partial, name)])
    }
}

impl Maker {
    fn work(&self, jobs: &Mutex<Receiver<Job>>, failed: &Mutex<Vec<(usize, String)>>) {
        loop {
            let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(job) = job else { return };
            // Nothing of it outlives the call, so there is no broken state to see.
            let made = catch_unwind(AssertUnwindSafe(|| self.make(&job)));
            if let Err(error) = made.unwrap_or_else(|_| Err(anyhow::anyhow!("the page cannot be drawn"))) {
                let message = format!("{}: no review page: {error:#}", job.path.display());
                failed.lock().unwrap_or_else(PoisonError::into_inner).push((job.row, message));
            }
        }
    }

    fn make(&self, job: &Job) -> anyhow::Result<()> {
        let mut bytes = Vec::new();
        fs::File::open(&job.path)?.take(self.most_bytes as u64).read_to_end(&mut bytes)?;
        anyhow::ensure!(job.request.sheet.source.is_of(&bytes), "the file has changed since it was read");
        let html = match &self.program {
            None => job.request.page(&bytes)?.into_bytes(),
            Some(program) => self.elsewhere(program, &job.request, &bytes)?,
        };
        publish(&job.page, &html).with_context(|| job.page.display().to_string())
    }

    /// Makes the page in a process of its own.
    fn elsewhere(&self, program: &Path, request: &Request, bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
        let mut line = serde_json::to_vec(request)?;
        line.push(b'\n');
        let mut command = Command::new(program);
        command.arg("page-worker").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        // In a group of its own: Ctrl-C is for the batch, which lets its pages be finished.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn()?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        thread::scope(|scope| {
            scope.spawn(move || {
                let Some(mut input) = input else { return };
                // A process that dies early is seen by how it ends.
                let _ = input.write_all(&line).and_then(|()| input.write_all(bytes));
            });
            let reader = scope.spawn(move || {
                let mut html = Vec::new();
                let read = output.map(|mut o| o.read_to_end(&mut html));
                matches!(read, Some(Ok(_))).then_some(html)
            });
            let ended = self.wait(&mut child);
            let html = reader.join().ok().flatten();
            ended?;
            html.context("nothing came of it")
        })
    }

    fn wait(&self, child: &mut Child) -> anyhow::Result<()> {
        let begun = Instant::now();
        loop {
            if let Some(status) = child.try_wait()? {
                anyhow::ensure!(status.success(), "the process that makes it ended with {status}");
                return Ok(());
            }
            if begun.elapsed() > self.most_time {
                child.kill()?;
                child.wait()?;
                anyhow::bail!("it took more than {} seconds", self.most_time.as_secs());
            }
            thread::sleep(PATIENCE);
        }
    }
}

/// Writes a page, which gets its name when it is on the disk: a page that is cut off would look like a whole one.
fn publish(page: &Path, html: &[u8]) -> std::io::Result<()> {
    let partial = page.with_added_extension("partial");
    write(&partial, html).and_then(|()| fs::rename(&partial, page)).inspect_err(|_| {
        // On a full disk, it is what fills it.
        let _ = fs::remove_file(&partial);
    })
}

fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = fs::File::create(path)?;
    file.write_all(bytes)?;
    file.sync_data()
}
