//! The cover: title, program, and the text that is left of what stands before the first heading.

use std::ops::Range;

use chohyo_layout::SourceKind;

use crate::form::{Alias, Cover};
use crate::ledger::Ledger;
use crate::paragraph::paragraphs;
use crate::sheet::Text;
use crate::stream::Stream;
use crate::texts::groups;

/// What the cover holds.
#[derive(Default)]
pub(crate) struct CoverTexts {
    pub title: Option<Text>,
    pub program: Option<Text>,
    pub text: Vec<Text>,
    /// Fixed words of the form.
    pub label: Option<Text>,
}

/// A title goes on over no more lines than this.
const TITLE_LINES: usize = 3;

/// Reads the cover.
pub(crate) fn read(
    ledger: &mut Ledger<'_, '_>,
    form: &Cover,
    lines: Range<u32>,
    names: &[&str],
) -> CoverTexts {
    let mut out = CoverTexts::default();
    let stream = ledger.stream;
    let atoms = stream.atoms_of(lines.clone());
    if let Some(program) = find(stream, &form.program, &atoms) {
        out.program = Some(ledger.take(&[vec![program]]));
    }
    let label = find(stream, &form.label, &atoms).unwrap_or(0..0);
    if let Some(title) = find(stream, &form.title, &atoms) {
        out.title = Some(ledger.take(&[title_lines(ledger, form, &title, &label, &atoms)]));
    }
    if !label.is_empty() && ledger.is_free(label.clone()) {
        out.label = Some(ledger.take(&[vec![label.clone()]]));
    }
    let lines = lines.start..letters(stream, lines.clone()).unwrap_or(lines.end);
    for mut group in groups(ledger, lines) {
        group.retain(|part| {
            let name = names.contains(&stream.spelled(part.clone()));
            !name && (part.end <= label.start || part.start >= label.end)
        });
        if form.text.is_some() && !group.is_empty() {
            for paragraph in paragraphs(stream, &group) {
                out.text.push(ledger.take(&[paragraph]));
            }
        }
    }
    out
}

/// Letters that stand one a line where a dump lost what is written beside each other.
const LETTERS: usize = 8;

/// Where the letters of a dump begin to stand one a line: what they spell, a heading or a table, cannot be read, nor what
/// the text behind them is of.
fn letters(stream: &Stream<'_>, lines: Range<u32>) -> Option<u32> {
    if stream.document.kind != SourceKind::Text {
        return None;
    }
    let mut run = 0;
    lines.clone().find_map(|line| {
        match stream.lines[line as usize].atoms.len() {
            0 => {}
            1 => run += 1,
            _ => run = 0,
        }
        (run == LETTERS).then(|| {
            let text = |l: &u32| !stream.lines[*l as usize].atoms.is_empty();
            (lines.start..=line).rev().filter(text).nth(LETTERS - 1).unwrap_or(line)
        })
    })
}

/// Where one of these first stands.
fn find(stream: &Stream<'_>, aliases: &[Alias], atoms: &Range<u32>) -> Option<Range<u32>> {
    atoms.clone().find_map(|at| {
        let alias = aliases.iter().find(|a| stream.matches(at, atoms.end, &a.canonical))?;
        Some(at..at + alias.canonical.len() as u32)
    })
}

/// The title whole: the lines that the match touches, and those behind it up to one of the form's endings.
/// Without such an ending it is the lines of the match, and on a page what stands in the same block.
fn title_lines(
    ledger: &Ledger<'_, '_>,
    form: &Cover,
    found: &Range<u32>,
    label: &Range<u32>,
    atoms: &Range<u32>,
) -> Vec<Range<u32>> {
    let stream = ledger.stream;
    let line = |at: u32| stream.atoms[at as usize].line;
    let whole = |line: u32| {
        let all = stream.lines[line as usize].atoms.clone();
        all.start.max(atoms.start)..all.end.min(atoms.end)
    };
    let mut parts: Vec<Range<u32>> = (line(found.start)..=line(found.end - 1)).map(whole).collect();
    let ended = |parts: &[Range<u32>]| {
        let text: Vec<char> = parts
            .iter()
            .flat_map(|p| stream.atoms[p.start as usize..p.end as usize].iter().map(|a| a.ch))
            .collect();
        form.title_end.iter().any(|e| text.ends_with(&e.canonical))
    };
    let mut longer = parts.clone();
    while longer.len() < TITLE_LINES {
        let last = longer.last().map_or(0, |p| line(p.end - 1));
        let next = last + 1;
        if next as usize >= stream.lines.len() || whole(next).is_empty() || whole(next).start >= atoms.end {
            break;
        }
        // An ending may be the middle of a longer one (取組について), in the same block.
        let block = |line: u32| stream.lines[line as usize].block;
        if ended(&longer) && block(last) != block(next) {
            break;
        }
        let part = whole(next);
        if part.start < label.end && label.start < part.end || !ledger.is_free(part.clone()) {
            break;
        }
        longer.push(part);
        if ended(&longer) {
            parts.clone_from(&longer);
        }
    }
    parts.into_iter().flat_map(|p| ledger.free_parts(p)).collect()
}
