//! A thread that kills workers whose time is up.

use std::collections::BTreeMap;
use std::process::Child;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// A process that can be killed from another thread while its own waits for it.
#[derive(Debug)]
pub(crate) struct Target {
    child: Mutex<Child>,
    expired: AtomicBool,
}

impl Target {
    pub(crate) fn new(child: Child) -> Self {
        Self { child: Mutex::new(child), expired: AtomicBool::new(false) }
    }

    /// The process. Whoever waits for it kills it first, for the watchdog waits for the lock.
    pub(crate) fn child(&self) -> MutexGuard<'_, Child> {
        self.child.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// True when it was killed because its time was up.
    pub(crate) fn has_expired(&self) -> bool {
        self.expired.load(Ordering::SeqCst)
    }
}

/// Kills what is still watched when its time is up.
#[derive(Debug)]
pub(crate) struct Watchdog {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    watched: Mutex<Watched>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Watched {
    /// By deadline, and a number that makes each its own.
    targets: BTreeMap<(Instant, u64), Arc<Target>>,
    count: u64,
    closed: bool,
}

/// Watches until it is dropped.
#[derive(Debug)]
pub(crate) struct Watch<'a> {
    shared: &'a Shared,
    key: (Instant, u64),
}

impl Watchdog {
    pub(crate) fn start() -> std::io::Result<Self> {
        let shared = Arc::<Shared>::default();
        let its = Arc::clone(&shared);
        let thread = thread::Builder::new().name("watchdog".to_owned()).spawn(move || its.run())?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Watches `target` for as long as the result lives; kills it when that is longer than `time`.
    pub(crate) fn watch(&self, target: &Arc<Target>, time: Duration) -> Watch<'_> {
        let mut watched = self.shared.lock();
        watched.count += 1;
        let key = (Instant::now() + time, watched.count);
        watched.targets.insert(key, Arc::clone(target));
        drop(watched);
        self.shared.changed.notify_one();
        Watch { shared: &self.shared, key }
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            // It does not panic; if it did, there is nothing left to watch.
            let _ = thread.join();
        }
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        self.shared.lock().targets.remove(&self.key);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Watched> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self) {
        let mut watched = self.lock();
        while !watched.closed {
            let now = Instant::now();
            while let Some(first) = watched.targets.first_entry().filter(|e| e.key().0 <= now) {
                let target = first.remove();
                target.expired.store(true, Ordering::SeqCst);
                // It may have ended by itself just now; then there is nothing to kill.
                let _ = target.child().kill();
            }
            let next = watched.targets.first_key_value().map(|((deadline, _), _)| *deadline - now);
            watched = match next {
                Some(time) => {
                    self.changed.wait_timeout(watched, time).unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.changed.wait(watched).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    fn sleeper() -> Arc<Target> {
        Arc::new(Target::new(Command::new("sleep").arg("1000").spawn().unwrap()))
    }

    #[test]
    fn what_outlives_its_time_is_killed_and_what_does_not_is_left() {
        let watchdog = Watchdog::start().unwrap();
        let (late, soon, early) = (sleeper(), sleeper(), sleeper());
        let _late = watchdog.watch(&late, Duration::from_secs(1000));
        let _soon = watchdog.watch(&soon, Duration::from_millis(20));
        drop(watchdog.watch(&early, Duration::ZERO));
        while !soon.has_expired() {
            thread::yield_now();
        }
        assert!(!soon.child().wait().unwrap().success());
        assert!(!late.has_expired());
        assert!(late.child().try_wait().unwrap().is_none());
        for target in [late, early] {
            let mut child = target.child();
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
}
