//! How far a batch is: a bar on a terminal, a line now and then elsewhere.

use std::collections::VecDeque;
use std::fmt::{self, Write as _};
use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::outcome::tell;

/// How often the bar is drawn.
const DRAW: Duration = Duration::from_millis(200);
/// How often a line is written where there is no terminal.
const LINE: Duration = Duration::from_secs(30);
/// How far back the rate looks, in steps of [`DRAW`]: half a minute.
const STEPS: usize = 150;

/// Tells how far a batch is, until it is dropped.
pub(crate) struct Meter {
    shared: Arc<Mutex<Count>>,
    end: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    is_bar: bool,
}

/// What is counted.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Count {
    pub(crate) files: usize,
    pub(crate) done: usize,
    /// Of those, what needed no work, and says nothing about the time that the rest will take.
    pub(crate) known: usize,
    pub(crate) failed: usize,
}

impl Meter {
    /// Begins to tell; with `bar`, and on a terminal, as a bar.
    pub(crate) fn start(bar: bool) -> Self {
        let is_bar = bar && io::stderr().is_terminal();
        let shared = Arc::<Mutex<Count>>::default();
        let (end, ended) = mpsc::channel();
        let its = Arc::clone(&shared);
        let every = if is_bar { DRAW } else { LINE };
        let run = move || {
            let mut rate = Rate::default();
            while let Err(RecvTimeoutError::Timeout) = ended.recv_timeout(every) {
                // Held while it writes, so that no other line gets in between.
                let count = lock(&its);
                let rate = rate.per_second(Instant::now(), count.done - count.known);
                if is_bar {
                    draw(&bar_line(&count, rate, width()));
                } else {
                    tell(plain_line(&count, rate));
                }
            }
        };
        // A batch whose progress is not told is a batch all the same.
        let thread = thread::Builder::new().name("meter".to_owned()).spawn(run).ok();
        Self { shared, end: Some(end), thread, is_bar }
    }

    /// Changes the count, and writes a line if there is one.
    pub(crate) fn update(&self, change: impl FnOnce(&mut Count), line: Option<impl fmt::Display>) {
        let mut count = lock(&self.shared);
        change(&mut count);
        if let Some(line) = line {
            self.wipe();
            tell(line);
        }
    }

    fn wipe(&self) {
        if self.is_bar {
            draw("");
        }
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.end.take();
        if let Some(thread) = self.thread.take() {
            // If it panicked, there is no bar to wipe away.
            let _ = thread.join();
        }
        self.wipe();
    }
}

fn lock(count: &Mutex<Count>) -> MutexGuard<'_, Count> {
    count.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Draws over the line the cursor is on. That standard error is closed is no reason to stop.
fn draw(line: &str) {
    let mut out = io::stderr().lock();
    let _ = write!(out, "\r\x1b[2K{line}");
    let _ = out.flush();
}

fn width() -> usize {
    terminal_size::terminal_size_of(io::stderr()).map_or(80, |(width, _)| usize::from(width.0))
}

/// Files a second over the last half minute.
#[derive(Debug, Default)]
struct Rate(VecDeque<(Instant, usize)>);

impl Rate {
    fn per_second(&mut self, now: Instant, read: usize) -> f64 {
        self.0.push_back((now, read));
        if self.0.len() > STEPS {
            self.0.pop_front();
        }
        let Some(&(then, before)) = self.0.front() else { return 0.0 };
        let seconds = now.duration_since(then).as_secs_f64();
        if seconds > 0.0 { (read - before) as f64 / seconds } else { 0.0 }
    }
}

/// The bar takes what the figures leave of the line.
fn bar_line(count: &Count, rate: f64, width: usize) -> String {
    let figures = plain_line(count, rate);
    // One column is left free: some terminals wrap when the last one is filled.
    let room = width.saturating_sub(figures.len() + 4).min(40);
    if room < 10 {
        return figures.chars().take(width.saturating_sub(1)).collect();
    }
    let full = (room * count.done).checked_div(count.files).unwrap_or_default();
    format!("[{}{}] {figures}", "=".repeat(full), " ".repeat(room - full))
}

fn plain_line(count: &Count, rate: f64) -> String {
    let mut line = format!("{} of {} files, {} failed", count.done, count.files, count.failed);
    if rate > 0.0 {
        let left = (count.files - count.done) as f64 / rate;
        // Writing to a string cannot fail.
        let _ = write!(line, ", {rate:.1} a second, {} left", duration(left));
    }
    line
}

/// In the two largest units that matter.
fn duration(seconds: f64) -> String {
    let seconds = seconds.ceil() as u64;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, s) => format!("{s} s"),
        (0, m, s) => format!("{m} min {s:02} s"),
        (h, m, _) => format!("{h} h {m:02} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_what_there_is_to_know_and_fits() {
        let count = Count { files: 20_000, done: 5_000, known: 0, failed: 12 };
        let plain = "5000 of 20000 files, 12 failed, 2.5 a second, 1 h 40 min left";
        assert_eq!(plain_line(&count, 2.5), plain);
        assert_eq!(bar_line(&count, 2.5, 85), format!("[{}{}] {plain}", "=".repeat(5), " ".repeat(15)));
        for width in 0..200 {
            assert!(bar_line(&count, 2.5, width).len() < width.max(1), "{width}");
        }
        assert_eq!(plain_line(&Count::default(), 0.0), "0 of 0 files, 0 failed");
    }

    #[test]
    fn the_rate_is_that_of_the_last_half_minute() {
        let (mut rate, begun) = (Rate::default(), Instant::now());
        let mut last = 0.0;
        for step in 0..400 {
            // Ten a second at first, none in the end.
            last = rate.per_second(begun + DRAW * step, 2 * step.min(200) as usize);
            assert!(step == 0 || step > 200 || (last - 10.0).abs() < 1e-6, "{step}: {last}");
        }
        assert_eq!(last, 0.0);
    }
}
