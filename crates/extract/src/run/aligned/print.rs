//! The rows of print of a dump that keeps places, and the fields in them.

use std::ops::Range;

use chohyo_normalize::Context;

use crate::figure::{Content, figure};
use crate::form::{Alias, ColumnKind, TableForm};
use crate::ledger::Ledger;
use crate::paragraph::{Opener, opener};
use crate::run::piece::Kind;
use crate::stream::Stream;
use crate::unit;

/// Characters between white space.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// Its atoms: one part, or several where the layout parted them.
    pub parts: Vec<Range<u32>>,
    pub x0: f32,
    pub x1: f32,
    /// White space in front of it, in characters; at the beginning of a row, a large number.
    pub gap: usize,
}

/// A row of print.
#[derive(Clone, Debug)]
pub(super) struct PrintRow {
    /// Index into the document's pages.
    pub page: u32,
    /// Number of the sheet of paper it is known to be on: without form feeds, which line ends are page breaks is a
    /// guess, and all rows are on one.
    pub leaf: u32,
    pub top: f32,
    pub words: Vec<Word>,
    /// A blank row stands above it.
    pub below_blank: bool,
}

/// A run of words that is of one cell.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub parts: Vec<Range<u32>>,
    pub x0: f32,
    pub x1: f32,
    pub kind: Kind,
    /// One blank at most parts it from the item before.
    pub close: bool,
    /// It may be a part of an actor's name that wraps.
    pub wraps: Option<Wrap>,
    /// It is a unit, which a narrow cell may break off its number.
    pub unit: bool,
}

/// The part of an actor's name that stands on a line of its own, with the actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrap {
    Begins(usize),
    Ends(usize),
}

/// How far from where the cells of a column begin a word may do so, in points: a character of double width, which some
/// programs take for one of single width.
const NEAR: f32 = 10.5;

/// The gap that a row begins with.
const WIDE: usize = usize::MAX;

/// A character of a dump, and where it stands.
struct Printed {
    page: u32,
    top: f32,
    height: f32,
    x: (f32, f32),
    bytes: (u32, u32),
    atom: u32,
    free: bool,
}

/// The rows of print of these lines, with what nobody has claimed.
pub(super) fn print_rows(ledger: &Ledger<'_, '_>, lines: &[Range<u32>]) -> Vec<PrintRow> {
    let stream = ledger.stream;
    let mut atoms: Vec<Printed> = Vec::new();
    for at in lines.iter().flat_map(|l| stream.atoms_of(l.clone())) {
        let page = stream.lines[stream.atoms[at as usize].line as usize].page;
        let glyphs = &stream.document.pages[page as usize].glyphs;
        let own = stream.glyphs(at..at + 1);
        let (Some(&first), Some(&last)) = (own.first(), own.last()) else { continue };
        let (first, last) = (&glyphs[first as usize], &glyphs[last as usize]);
        atoms.push(Printed {
            page,
            top: first.bbox.top,
            height: first.bbox.height(),
            x: (first.bbox.x0, last.bbox.x1),
            bytes: (first.start, last.end),
            atom: at,
            free: ledger.is_free(at..at + 1),
        });
    }
    atoms.sort_by(|a, b| {
        (a.page, a.top, a.x.0).partial_cmp(&(b.page, b.top, b.x.0)).unwrap_or(std::cmp::Ordering::Equal)
    });
    let mut rows: Vec<PrintRow> = Vec::new();
    let fed = stream.document.pages.first().is_some_and(|p| p.text.ends_with('\x0c'));
    let mut before: Option<(u32, f32)> = None;
    for row in atoms.chunk_by(|a, b| a.page == b.page && a.top == b.top) {
        let page = &stream.document.pages[row[0].page as usize];
        let mut words: Vec<Word> = Vec::new();
        let mut end: Option<u32> = None;
        for a in row {
            let gap = end.map_or(WIDE, |end| {
                page.text.get(end as usize..a.bytes.0 as usize).map_or(0, |t| t.chars().count())
            });
            end = Some(a.bytes.1);
            if !a.free {
                continue;
            }
            match words.last_mut() {
                Some(word) if gap == 0 => {
                    word.x1 = a.x.1;
                    match word.parts.last_mut() {
                        Some(part)
                            if part.end == a.atom
                                && stream.atoms[part.start as usize].line
                                    == stream.atoms[a.atom as usize].line =>
                        {
                            part.end += 1;
                        }
                        _ => word.parts.push(a.atom..a.atom + 1),
                    }
                }
                _ => {
                    let parts = vec![Range { start: a.atom, end: a.atom + 1 }];
                    words.push(Word { parts, x0: a.x.0, x1: a.x.1, gap });
                }
            }
        }
        let (number, top) = (row[0].page, row[0].top);
        let height = row[0].height;
        let below_blank = match before {
            Some((page, above)) if page == number => top - above > 1.5 * height,
            // A page break that is none parts no rows.
            Some(_) if !fed => top > height,
            _ => true,
        };
        before = Some((number, top));
        if !words.is_empty() {
            let leaf = if fed { number } else { 0 };
            rows.push(PrintRow { page: number, leaf, top, words, below_blank });
        }
    }
    rows
}

impl PrintRow {
    /// The words as runs that no wide gap parts.
    pub(super) fn segments(&self) -> Vec<Range<usize>> {
        let mut out: Vec<Range<usize>> = Vec::new();
        for (i, word) in self.words.iter().enumerate() {
            match out.last_mut() {
                Some(last) if word.gap <= 1 => last.end = i + 1,
                _ => out.push(i..i + 1),
            }
        }
        out
    }

    /// Its characters.
    pub(super) fn canonical(&self, stream: &Stream<'_>) -> String {
        self.parts(0..self.words.len()).into_iter().map(|p| stream.canonical(p)).collect()
    }

    /// The parts of some words.
    pub(super) fn parts(&self, words: Range<usize>) -> Vec<Range<u32>> {
        self.words[words].iter().flat_map(|w| w.parts.iter().cloned()).collect()
    }

    fn item(&self, words: Range<usize>, kind: Kind, close: bool) -> Item {
        let all = &self.words[words.clone()];
        Item {
            x0: all.first().map_or(0.0, |w| w.x0),
            x1: all.last().map_or(0.0, |w| w.x1),
            parts: self.parts(words),
            kind,
            close,
            wraps: None,
            unit: false,
        }
    }
}

/// Characters of a name that a line has at least to begin it.
const BEGINS: usize = 3;

/// Tells what the words of a table are.
pub(super) struct Teller<'a, 's, 'd> {
    pub stream: &'s Stream<'d>,
    pub actors: &'a [Alias],
    pub periods: bool,
    pub values: bool,
    pub context: &'a Context,
}

impl<'a, 's, 'd> Teller<'a, 's, 'd> {
    pub(super) fn new(stream: &'s Stream<'d>, form: &'a TableForm, context: &'a Context) -> Self {
        let has = |kind| form.columns.iter().any(|c| c.kind == kind);
        let actors = form.columns.iter().find(|c| c.kind == ColumnKind::Actor).map_or(&[][..], |c| &c.values);
        Self { stream, actors, periods: has(ColumnKind::Period), values: has(ColumnKind::Value), context }
    }

    /// The printed text of parts of one row, a blank where there was white space.
    pub(super) fn text(&self, parts: &[Range<u32>]) -> String {
        parts.iter().map(|p| self.stream.printed_text(p.clone())).collect()
    }

    pub(super) fn kind(&self, parts: &[Range<u32>]) -> Kind {
        let chars = || parts.iter().flat_map(Clone::clone).map(|i| self.stream.atoms[i as usize].ch);
        if let Some(actor) = self.actors.iter().position(|a| a.canonical.iter().copied().eq(chars())) {
            return Kind::Actor(actor);
        }
        if self.periods && chohyo_normalize::period(&self.text(parts), self.context).is_some() {
            return Kind::Period;
        }
        let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return Kind::Text };
        let joined = parts.windows(2).all(|w| w[0].end == w[1].start);
        if !self.values || !joined {
            return Kind::Text;
        }
        let whole = first.start..last.end;
        let open = whole.clone().find(|&i| self.stream.atoms[i as usize].ch == '(');
        let closes = self.stream.atoms[whole.end as usize - 1].ch == ')';
        let number = match open {
            Some(at) if closes && at > whole.start => whole.start..at,
            Some(_) => return Kind::Text,
            None => whole.clone(),
        };
        let Some(found) = figure(self.stream, number.clone()) else { return Kind::Text };
        let end = found.unit.as_ref().map_or(found.atoms.end, |u| u.end.max(found.atoms.end));
        if found.atoms.start != number.start || end != number.end {
            return Kind::Text;
        }
        Kind::Figure {
            number: match found.content {
                Content::Number(value, _) => value.to_string().parse().ok(),
                _ => None,
            },
            unit: found.unit.map(|unit| crate::label::printed(self.stream, unit).into_owned()),
        }
    }

    /// What part of the name of an actor these words may be, where they are a part of one.
    fn wrap(&self, parts: &[Range<u32>]) -> Option<Wrap> {
        let chars: Vec<char> =
            parts.iter().flat_map(Clone::clone).map(|i| self.stream.atoms[i as usize].ch).collect();
        let part = |a: &Alias| chars.len() < a.canonical.len();
        let begins = |a: &Alias| part(a) && chars.len() >= BEGINS && a.canonical.starts_with(&chars);
        let ends = |a: &Alias| part(a) && a.canonical.ends_with(&chars);
        let begun = self.actors.iter().position(begins).map(Wrap::Begins);
        begun.or_else(|| self.actors.iter().position(ends).map(Wrap::Ends))
    }

    /// The items of a row: its segments, parted further behind a number, a date or an actor's name at their
    /// beginning, before a number at their end, and where a word begins at one of these `starts`, or with a bullet: behind
    /// a single blank, too, may be the next column. What is cut in vain is put together again: both parts are assigned to
    /// one column.
    pub(super) fn items(&self, row: &PrintRow, starts: &[f32]) -> Vec<Item> {
        let mut out = Vec::new();
        for segment in row.segments() {
            let mut cuts = vec![segment.start];
            for i in segment.start + 1..segment.end {
                let x0 = row.words[i].x0;
                let near = |s: &f32| (s - x0).abs() < NEAR;
                if row.words[i].gap > 0 && (starts.iter().any(near) || self.is_marked(&row.words[i])) {
                    cuts.push(i);
                }
            }
            cuts.push(segment.end);
            for pair in cuts.windows(2) {
                // A bullet behind words without one begins a cell, however close.
                let begins = |i: usize| self.is_marked(&row.words[i]);
                let listed = cuts.iter().any(|&cut| cut < pair[0] && begins(cut));
                let close = pair[0] != segment.start && (listed || !begins(pair[0]));
                self.part(row, pair[0]..pair[1], close, &mut out);
            }
        }
        for item in out.iter_mut().filter(|i| i.kind == Kind::Text) {
            item.wraps = self.wrap(&item.parts);
            item.unit = self.values && unit::is_known(&self.text(&item.parts));
        }
        out
    }

    /// True for a word that begins with the mark of a list.
    fn is_marked(&self, word: &Word) -> bool {
        let text = word.parts.first().map(|p| self.stream.printed_text(p.clone()));
        text.is_some_and(|text| opener(text) == Opener::Bullet)
    }

    fn part(&self, row: &PrintRow, words: Range<usize>, close: bool, out: &mut Vec<Item>) {
        let whole = self.kind(&row.parts(words.clone()));
        if whole != Kind::Text || words.len() == 1 {
            out.push(row.item(words, whole, close));
            return;
        }
        let typed = |range: Range<usize>| {
            let kind = self.kind(&row.parts(range));
            (kind != Kind::Text).then_some(kind)
        };
        let head = (words.start + 1..words.end)
            .rev()
            .find_map(|end| typed(words.start..end).map(|kind| (end, kind)));
        let mut rest = words.clone();
        let mut close = close;
        if let Some((end, kind)) = head {
            out.push(row.item(words.start..end, kind, close));
            rest.start = end;
            close = true;
        }
        let tail = (rest.start + 1..rest.end).find_map(|start| {
            typed(start..rest.end).filter(|k| matches!(k, Kind::Figure { .. })).map(|kind| (start, kind))
        });
        match tail {
            Some((start, kind)) => {
                out.push(row.item(rest.start..start, self.kind(&row.parts(rest.start..start)), close));
                out.push(row.item(start..rest.end, kind, true));
            }
            None => out.push(row.item(rest.clone(), self.kind(&row.parts(rest)), close)),
        }
    }
}
