//! Which files a batch reads, and in which order.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::{Error, ErrorKind};

/// The files of a batch, in the order in which their records are written.
///
/// A file that is named is always taken. Of a folder, `*.pdf` and `*.txt` in any case are taken, in
/// subfolders too, and hidden files and folders (`.name`) are left. The order is that of the arguments, and
/// by the bytes of the path within a folder. A file or folder that is met twice, be it through a symbolic
/// link, is taken once, where it was met first.
///
/// A name that does not exist and has one of `*?[` in it is a pattern, of which every match counts as named:
/// `2020/*.pdf`, `**/仙台*.pdf`. Matches come in the order of their names.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Discovery {
    /// What to read.
    pub inputs: Vec<Input>,
    /// What was left.
    pub skipped: Skipped,
    /// Canonical paths of the files and folders met: what ends a loop of symbolic links.
    met: HashSet<PathBuf>,
}

/// One file to read, or one folder that cannot be listed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Input {
    /// The path, from the argument on.
    pub path: PathBuf,
    /// Why the folder `path` cannot be listed; `None` for a file.
    pub unreadable: Option<String>,
}

/// How many entries of folders were left.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Skipped {
    /// Hidden files and folders.
    pub hidden: u64,
    /// Files that are neither `*.pdf` nor `*.txt`, and what is no file at all (sockets, pipes).
    pub other: u64,
}

impl Discovery {
    /// Looks through `paths`: files, folders and patterns.
    ///
    /// # Errors
    /// [`ErrorKind::Input`] when a path does not exist or cannot be looked at, or no file fits a pattern. A subfolder that
    /// cannot be listed is an [`Input`] that fails.
    pub fn new<P: AsRef<Path>>(paths: &[P]) -> Result<Self, Error> {
        let mut found = Self::default();
        for path in paths {
            found.add(path.as_ref())?;
        }
        Ok(found)
    }

    /// Looks through one more path.
    ///
    /// # Errors
    /// As [`Discovery::new`].
    pub fn add(&mut self, path: &Path) -> Result<(), Error> {
        match fs::metadata(path) {
            Ok(metadata) => self.add_existing(path, &metadata),
            Err(e) if e.kind() == io::ErrorKind::NotFound => match pattern(path) {
                Some(pattern) => self.add_matches(path, pattern)?,
                None => return Err(Error::io(ErrorKind::Input, path, e)),
            },
            Err(e) => return Err(Error::io(ErrorKind::Input, path, e)),
        }
        Ok(())
    }

    /// Looks through the paths of a list: one a line (the line ends of Windows included), or, where there is a zero byte in the list, separated by zero bytes as
    /// `find -print0` writes them. A path that cannot be looked at is an [`Input`] that fails: of a list of thousands,
    /// one that is gone is no reason to begin with none. There are no patterns.
    ///
    /// # Errors
    /// [`ErrorKind::Input`] when the list cannot be read.
    pub fn add_list(&mut self, mut list: impl Read) -> Result<(), Error> {
        let mut bytes = Vec::new();
        list.read_to_end(&mut bytes).map_err(|e| Error::caused(ErrorKind::Input, e))?;
        let separator = if bytes.contains(&0) { 0 } else { b'\n' };
        for name in bytes.split(|&b| b == separator).filter(|name| !name.is_empty()) {
            let mut path = of_bytes(name);
            let mut metadata = fs::metadata(&path);
            // Windows ends lines in two characters, and such lists travel.
            if let (Err(_), b'\n', Some(line)) = (&metadata, separator, name.strip_suffix(b"\r")) {
                path = of_bytes(line);
                metadata = fs::metadata(&path);
            }
            match metadata {
                _ if path.as_os_str().is_empty() => {}
                Ok(metadata) => self.add_existing(&path, &metadata),
                Err(e) => self.take(Input { path, unreadable: Some(e.to_string()) }),
            }
        }
        Ok(())
    }

    fn add_existing(&mut self, path: &Path, metadata: &fs::Metadata) {
        if metadata.is_dir() {
            let mut inputs = self.folder(path);
            inputs.sort_by(|a, b| bytes(&a.path).cmp(bytes(&b.path)));
            for input in inputs {
                self.take(input);
            }
        } else {
            self.take(Input { path: path.to_owned(), unreadable: None });
        }
    }

    fn add_matches(&mut self, path: &Path, pattern: &str) -> Result<(), Error> {
        let options = glob::MatchOptions {
            case_sensitive: true,
            require_literal_separator: true,
            require_literal_leading_dot: true,
        };
        let wrong = |message: String| Error::io(ErrorKind::Input, path, io::Error::other(message));
        let matches = glob::glob_with(pattern, options).map_err(|e| wrong(e.to_string()))?;
        let mut any = false;
        for found in matches {
            any = true;
            match found {
                Ok(path) => match fs::metadata(&path) {
                    Ok(metadata) => self.add_existing(&path, &metadata),
                    Err(e) => self.take(Input { path, unreadable: Some(e.to_string()) }),
                },
                Err(e) => {
                    let unreadable = Some(e.error().to_string());
                    self.take(Input { path: e.path().to_owned(), unreadable });
                }
            }
        }
        if any { Ok(()) } else { Err(wrong("no file fits this pattern".to_owned())) }
    }

    /// True when `path` was not met before. What cannot be resolved counts as new; opening it will tell why.
    fn is_new(&mut self, path: &Path) -> bool {
        fs::canonicalize(path).map_or(true, |real| self.met.insert(real))
    }

    fn take(&mut self, input: Input) {
        if input.unreadable.is_some() || self.is_new(&input.path) {
            self.inputs.push(input);
        }
    }

    /// A stack instead of recursion: folders may be nested deeper than a thread's stack allows.
    fn folder(&mut self, root: &Path) -> Vec<Input> {
        let mut inputs = Vec::new();
        let mut stack = vec![root.to_owned()];
        while let Some(folder) = stack.pop() {
            if !self.is_new(&folder) {
                continue;
            }
            match list(&folder) {
                Ok(entries) => {
                    let start = stack.len();
                    for path in entries {
                        self.entry(path, &mut stack, &mut inputs);
                    }
                    stack[start..].reverse();
                }
                Err(e) => inputs.push(Input { path: folder, unreadable: Some(e.to_string()) }),
            }
        }
        inputs
    }

    fn entry(&mut self, path: PathBuf, folders: &mut Vec<PathBuf>, files: &mut Vec<Input>) {
        if path.file_name().is_some_and(|n| n.as_encoded_bytes().starts_with(b".")) {
            self.skipped.hidden += 1;
            return;
        }
        let sheet =
            path.extension().is_some_and(|e| e.eq_ignore_ascii_case("pdf") || e.eq_ignore_ascii_case("txt"));
        match fs::metadata(&path) {
            Ok(metadata) if metadata.is_dir() => folders.push(path),
            Ok(metadata) if sheet && metadata.is_file() => files.push(Input { path, unreadable: None }),
            // A link to nowhere, or a file that is gone again: it fails when it is opened.
            Err(_) if sheet => files.push(Input { path, unreadable: None }),
            _ => self.skipped.other += 1,
        }
    }
}

fn bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

/// The path, when it may be a pattern.
fn pattern(path: &Path) -> Option<&str> {
    path.to_str().filter(|p| p.contains(['*', '?', '[']))
}

#[cfg(unix)]
fn of_bytes(name: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(name))
}

#[cfg(not(unix))]
fn of_bytes(name: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(name).into_owned())
}

/// The entries of a folder by name, so that nothing depends on the order of the file system.
fn list(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut entries = fs::read_dir(folder)?.map(|e| e.map(|e| e.path())).collect::<Result<Vec<_>, _>>()?;
    entries.sort_by(|a, b| bytes(a).cmp(bytes(b)));
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touch(root: &Path, names: &[&str]) {
        for name in names {
            let path = root.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
    }

    fn names(root: &Path, found: &Discovery) -> Vec<String> {
        found
            .inputs
            .iter()
            .map(|i| i.path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/"))
            .collect()
    }

    #[test]
    fn a_folder_gives_sheets_by_path_bytes_and_leaves_the_rest() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        touch(
            root,
            &["b.PDF", "a/z.txt", "a.pdf", "a/b/c.Txt", "notes.md", ".hidden.pdf", ".git/x.txt", "é.pdf"],
        );
        let found = Discovery::new(&[root]).unwrap();
        assert_eq!(names(root, &found), ["a.pdf", "a/b/c.Txt", "a/z.txt", "b.PDF", "é.pdf"]);
        assert_eq!(found.skipped, Skipped { hidden: 2, other: 1 });
    }

    #[test]
    fn the_order_of_arguments_is_kept_and_a_named_file_is_always_taken_once() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        touch(root, &["a.pdf", "b.txt", "sheet.dat", ".hidden"]);
        let arguments = ["sheet.dat", "b.txt", ".hidden", "", "sheet.dat"].map(|n| root.join(n));
        let found = Discovery::new(&arguments).unwrap();
        assert_eq!(names(root, &found), ["sheet.dat", "b.txt", ".hidden", "a.pdf"]);
    }

    #[test]
    fn a_path_that_does_not_exist_is_an_error_that_names_it() {
        let error = Discovery::new(&["no/such/sheet.pdf"]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Input);
        assert_eq!(error.path(), Some(Path::new("no/such/sheet.pdf")));
        assert!(error.to_string().contains("no/such/sheet.pdf"));
    }

    #[test]
    fn patterns_match_what_is_not_there_by_name() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        touch(root, &["b1.pdf", "b2.pdf", "c/b3.pdf", "b[1].pdf", ".b4.pdf", "d.b/x.txt", "d.b/y.md"]);
        let find = |pattern: &str| Discovery::new(&[root.join(pattern)]).map(|f| names(root, &f));
        assert_eq!(find("b*.pdf").unwrap(), ["b1.pdf", "b2.pdf", "b[1].pdf"]);
        assert_eq!(find("**/b?.pdf").unwrap(), ["b1.pdf", "b2.pdf", "c/b3.pdf"]);
        assert_eq!(find("b[1].pdf").unwrap(), ["b[1].pdf"], "the file that is there comes first");
        assert_eq!(find("*.b").unwrap(), ["d.b/x.txt"]);
        let error = find("z*.pdf").unwrap_err();
        assert_eq!((error.kind(), error.path()), (ErrorKind::Input, Some(root.join("z*.pdf").as_path())));
    }

    #[test]
    fn a_list_may_have_gaps() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        touch(root, &["a\nb.pdf", "c.pdf", "d/e.pdf"]);
        let list = |text: &str| {
            let mut found = Discovery::default();
            found.add_list(text.replace('@', &root.to_string_lossy()).as_bytes()).unwrap();
            assert!(found.inputs.iter().all(|i| i.unreadable.is_some() == i.path.ends_with("gone.pdf")));
            names(root, &found)
        };
        assert_eq!(list("@/c.pdf\n\n@/gone.pdf\n@/d\n@/c.pdf"), ["c.pdf", "gone.pdf", "d/e.pdf"]);
        assert_eq!(list("@/a\nb.pdf\0@/c.pdf\0"), ["a\nb.pdf", "c.pdf"]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn names_that_are_no_unicode_are_names() {
        use std::os::unix::ffi::OsStrExt;
        let root = tempfile::tempdir().unwrap();
        let name = std::ffi::OsStr::from_bytes(b"\x90\xe5.pdf");
        fs::write(root.path().join(name), "x").unwrap();
        let found = Discovery::new(&[root.path()]).unwrap();
        assert_eq!(found.inputs[0].path.file_name(), Some(name));
        let mut listed = Discovery::default();
        listed.add_list(found.inputs[0].path.as_os_str().as_bytes()).unwrap();
        assert_eq!(listed.inputs, found.inputs);
    }

    #[cfg(unix)]
    #[test]
    fn loops_of_symbolic_links_end_and_dangling_links_stay() {
        use std::os::unix::fs::symlink;
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        touch(root, &["a/x.pdf"]);
        symlink(root, root.join("a/loop")).unwrap();
        symlink(root.join("a"), root.join("b")).unwrap();
        symlink(root.join("a/x.pdf"), root.join("y.pdf")).unwrap();
        symlink("nowhere", root.join("z.pdf")).unwrap();
        symlink("self", root.join("self")).unwrap();
        let found = Discovery::new(&[root]).unwrap();
        assert_eq!(names(root, &found), ["a/x.pdf", "z.pdf"]);
        assert_eq!(found.skipped, Skipped { hidden: 0, other: 1 });
    }
}
