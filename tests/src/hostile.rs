//! Files made to cost a reader its stack, its memory or its time.
//!
//! Each is some kilobytes, a few are some megabytes; none is kept in the repository. What is asked of a reader:
//! a document or an error that says why not, within the memory and the time it was given.

#![allow(clippy::format_collect, clippy::format_push_string, reason = "files are made once, in tests")]

mod bomb;
mod damage;
mod file;
mod graph;
mod nesting;
mod stream;
mod structure;

/// A stable name, and how the file is made.
pub type Case = (String, Box<dyn Fn() -> Vec<u8>>);

/// All of them, one at a time: a stable name and the bytes.
pub fn hostile() -> impl Iterator<Item = (String, Vec<u8>)> {
    cases().map(|(name, make)| (name, make()))
}

/// The same, not made yet.
pub fn cases() -> impl Iterator<Item = Case> {
    let all = [nesting::cases(), graph::cases(), structure::cases(), stream::cases(), damage::cases()];
    all.into_iter().flatten()
}

/// A case by its name and how it is made.
fn case(name: impl Into<String>, make: impl Fn() -> Vec<u8> + 'static) -> Case {
    (name.into(), Box::new(make))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_unique_and_files_are_small() {
        let mut names = BTreeSet::new();
        for (name, bytes) in hostile() {
            assert!(bytes.len() < 48 << 20, "{name}: {} bytes", bytes.len());
            assert!(names.insert(name.clone()), "{name} twice");
        }
        assert!(names.len() > 250);
    }
}
