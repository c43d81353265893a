//! Template text left standing on a sheet.

use std::ops::Range;

use regex::RegexSet;

use crate::error::{Error, ErrorKind};
use crate::form::Form;
use crate::ledger::Ledger;
use crate::paragraph::paragraphs;
use crate::sheet::Text;

/// The patterns of a form, made ready.
#[derive(Clone, Debug, Default)]
pub(crate) struct Patterns {
    whole: RegexSet,
    /// What fits some piece of a text wherever a pattern fits the piece: most boxes hold no residue.
    anywhere: RegexSet,
}

impl Patterns {
    pub(crate) fn of<'p>(patterns: impl Iterator<Item = &'p str> + Clone) -> Result<Self, Error> {
        let anywhere = |pattern: &'p str| {
            let inner = pattern.trim_start_matches('^');
            let inner = inner.strip_suffix('$').filter(|i| !i.ends_with('\\')).unwrap_or(inner);
            // What looks at more than its own characters may fit a piece and not the whole.
            let looks_around =
                inner.contains(['^', '$']) || ["\\b", "\\B", "\\A", "\\z"].iter().any(|a| inner.contains(a));
            if looks_around { "" } else { inner }
        };
        let set =
            |all: Result<RegexSet, regex::Error>| all.map_err(|e| Error::new(ErrorKind::Form, e.to_string()));
        Ok(Self {
            whole: set(RegexSet::new(patterns.clone()))?,
            anywhere: set(RegexSet::new(patterns.map(anywhere)))?,
        })
    }
}

/// Takes every paragraph that one of the form's patterns fits.
pub(crate) fn take(ledger: &mut Ledger<'_, '_>, form: &Form) -> Vec<Text> {
    let stream = ledger.stream;
    let mut out = Vec::new();
    let mut parts: Vec<Range<u32>> = Vec::new();
    let is_residue = |text: &str| form.residue_patterns.whole.is_match(text);
    let mut all = String::new();
    let mut at = 0;
    while at < stream.lines.len() {
        let home = (stream.lines[at].block, stream.lines[at].cell);
        let count = stream.lines[at..].iter().take_while(|l| (l.block, l.cell) == home).count();
        parts.clear();
        for line in &stream.lines[at..at + count] {
            ledger.push_free_parts(line.atoms.clone(), &mut parts);
        }
        at += count;
        if let [part] = parts.as_slice() {
            if is_residue(stream.spelled(part.clone())) {
                out.push(ledger.take(&[vec![part.clone()]]));
            }
            continue;
        }
        all.clear();
        for part in &parts {
            all.push_str(stream.spelled(part.clone()));
        }
        if !form.residue_patterns.anywhere.is_match(&all) {
            continue;
        }
        for paragraph in paragraphs(stream, &parts) {
            let text: String = paragraph.iter().map(|p| stream.spelled(p.clone())).collect();
            if is_residue(&text) {
                out.push(ledger.take(&[paragraph]));
            }
        }
    }
    out
}
