//! Review pages in a real browser.
//!
//! Without chromium and chromedriver these tests are passed over, which they say; `CHOHYO_BROWSER=required` makes
//! that a failure.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "helpers of tests panic and tell as tests do")]

mod corrections;
mod hostile;
mod index;
mod page;
mod webdriver;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Mutex, MutexGuard, PoisonError};

use webdriver::Browser;

/// One browser at a time: each is a good part of a machine.
static BROWSERS: Mutex<()> = Mutex::new(());

/// What a test works with: a browser, and a folder of its own.
struct Desk {
    browser: Browser,
    folder: tempfile::TempDir,
    /// Given back when the browser has ended.
    _turn: MutexGuard<'static, ()>,
}

impl Desk {
    /// `None` where there is no browser.
    fn new(language: &str) -> Option<Self> {
        if !webdriver::is_there() {
            let required = std::env::var_os("CHOHYO_BROWSER").is_some_and(|v| v == "required");
            assert!(!required, "chromium and chromedriver are required, and not there");
            eprintln!("skipped: no chromium and chromedriver");
            return None;
        }
        let turn = BROWSERS.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = tempfile::tempdir().unwrap();
        Some(Self { browser: Browser::start(folder.path(), language), folder, _turn: turn })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Opens the review page of a sheet.
    fn inspect(&self, sheet: &Path) {
        self.inspect_with(sheet, &[]);
    }

    /// The same, with more arguments.
    fn inspect_with(&self, sheet: &Path, more: &[&str]) {
        let page = self.path("page.html");
        let output = chohyo(&[&["inspect", text(sheet), "-o", text(&page)], more].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        self.browser.open(&page);
    }

    /// A page that works says nothing to the console.
    fn assert_quiet(&self) {
        assert_eq!(self.browser.console(), Vec::<String>::new());
    }
}

fn chohyo(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_chohyo")).args(arguments).output().unwrap()
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/sheets").join(name)
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
