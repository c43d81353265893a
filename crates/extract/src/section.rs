//! Which lines belong to which section of the form.

use std::ops::Range;

use crate::form::{Alias, Form};
use crate::stream::Stream;

/// A heading found on a page.
#[derive(Clone, Debug)]
pub(crate) struct Heading {
    /// Index into the form's sections.
    pub section: usize,
    /// The printed number; empty when there is none.
    pub number: Range<u32>,
    /// The heading itself.
    pub title: Range<u32>,
}

/// A run of lines under one heading (or before the first one).
#[derive(Clone, Debug)]
pub(crate) struct Stretch {
    /// Index into the form's sections; `None` for the cover.
    pub section: Option<usize>,
    pub lines: Range<u32>,
}

/// All headings, in reading order.
pub(crate) fn headings(stream: &Stream<'_>, form: &Form) -> Vec<Heading> {
    let mut aliases: Vec<(usize, &Alias)> = Vec::new();
    for (i, section) in form.sections.iter().enumerate() {
        aliases.extend(section.headings.iter().map(|alias| (i, alias)));
    }
    // A longer heading may begin with a shorter one.
    aliases.sort_by_key(|(_, alias)| std::cmp::Reverse(alias.canonical.len()));
    let mut found: Vec<Heading> = Vec::new();
    let mut line = 0;
    while line < stream.lines.len() as u32 {
        match heading_at(stream, line, &aliases) {
            Some(heading) => {
                line = stream.atoms[heading.title.end as usize - 1].line + 1;
                found.push(heading);
            }
            None => line += 1,
        }
    }
    found
}

/// The heading on a line: at its start, or behind other fields (the name of the municipality stands to the
/// left of it on some sheets).
fn heading_at(stream: &Stream<'_>, line: u32, aliases: &[(usize, &Alias)]) -> Option<Heading> {
    let this = &stream.lines[line as usize];
    let last = stream.lines[line as usize..].iter().take_while(|l| l.page == this.page).last()?;
    let end = last.atoms.end;
    let fields = stream.fields_of(line);
    for start in fields.iter().map(|f| f.atoms.start) {
        let number = start..number_end(stream, start, this.atoms.end);
        for from in [number.end, start] {
            for (section, alias) in aliases {
                let to = from + alias.canonical.len() as u32;
                // Nothing but the name of the municipality, parted by white space, may share its last line.
                if !stream.matches(from, end, &alias.canonical) {
                    continue;
                }
                let to = bracket_end(stream, to, end);
                if (to == end || starts_line_or_field(stream, to)) && !before_figures(stream, to) {
                    let number = if from == number.end { number.clone() } else { start..start };
                    return Some(Heading { section: *section, number, title: from..to });
                }
            }
        }
    }
    None
}

/// The end of a bracket that opens here on the same line, as a heading's date or note does; else this place.
fn bracket_end(stream: &Stream<'_>, at: u32, end: u32) -> u32 {
    let same_line = || stream.atoms[at as usize].line == stream.atoms[at as usize - 1].line;
    if at >= end || at == 0 || stream.atoms[at as usize].ch != '(' || !same_line() {
        return at;
    }
    let line = stream.lines[stream.atoms[at as usize].line as usize].atoms.end.min(end);
    (at..line).find(|&i| stream.atoms[i as usize].ch == ')').map_or(at, |close| close + 1)
}

/// True when numbers stand behind this on its line: it is the name of a row, whatever it is spelled like.
fn before_figures(stream: &Stream<'_>, to: u32) -> bool {
    let line = &stream.lines[stream.atoms[to as usize - 1].line as usize];
    let rest = stream.fields_in(to..line.atoms.end);
    !rest.is_empty() && rest.iter().all(|f| crate::figure::figure(stream, f.clone()).is_some())
}

fn starts_line_or_field(stream: &Stream<'_>, at: u32) -> bool {
    let line = &stream.lines[stream.atoms[at as usize].line as usize];
    line.atoms.start == at || stream.starts_field(at)
}

/// Where the number that begins a heading ends: `1`, `(2)`, `Ⅲ`, `第4`, `5.`.
fn number_end(stream: &Stream<'_>, start: u32, end: u32) -> u32 {
    let chars = &stream.atoms[start as usize..end as usize];
    let mut at = 0;
    let opening = |c: char| matches!(c, '(' | '第' | '【' | '[');
    let digit = |c: char| {
        c.is_ascii_digit()
            || ('Ⅰ'..='Ⅻ').contains(&c)
            || ('①'..='⑳').contains(&c)
            || matches!(c, 'I' | 'V' | 'X')
    };
    let closing =
        |c: char| matches!(c, ')' | '.' | ':' | '、' | '】' | ']' | '章' | '節' | '部' | '表' | '図');
    let kind = |c: char| matches!(c, '表' | '図');
    while chars.get(at).is_some_and(|a| opening(a.ch) || kind(a.ch)) {
        at += 1;
    }
    let digits = chars[at..].iter().take_while(|a| digit(a.ch)).count();
    if digits == 0 || digits > 3 {
        return start;
    }
    at += digits;
    while chars.get(at).is_some_and(|a| closing(a.ch)) {
        at += 1;
    }
    start + at as u32
}

/// The stretches between the headings. What stands on a page before its first heading in reading order
/// belongs to that heading where a page is a slide: such a page has one heading, and others follow.
pub(crate) fn stretches(stream: &Stream<'_>, form: &Form, headings: &[Heading]) -> Vec<Stretch> {
    let line_of = |h: &Heading| stream.atoms[h.number.start.min(h.title.start) as usize].line;
    let page_of = |h: &Heading| stream.lines[line_of(h) as usize].page;
    let count = stream.lines.len() as u32;
    let slides = {
        let alone =
            headings.iter().filter(|h| headings.iter().filter(|o| page_of(o) == page_of(h)).count() == 1);
        alone.count() * 10 >= headings.len() * 7
    };
    let mut cuts: Vec<(u32, Option<usize>)> = vec![(0, None)];
    for heading in headings {
        let mut from = line_of(heading);
        let page = page_of(heading);
        let first_of_page = stream.lines.partition_point(|l| l.page < page) as u32;
        let before = headings.iter().any(|h| page_of(h) == page && line_of(h) < from);
        // What stands before the first heading of the sheet may be a section of its own.
        let own = page == 0 && form.sections.iter().any(|s| s.headings.is_empty());
        if slides && !own && !before && (page > 0 || from < 3) {
            from = first_of_page;
        }
        cuts.push((from.max(cuts.last().map_or(0, |c| c.0)), Some(heading.section)));
    }
    let ends: Vec<u32> = cuts.iter().skip(1).map(|c| c.0).chain([count]).collect();
    cuts.iter()
        .zip(ends)
        .filter(|(cut, end)| cut.0 < *end)
        .map(|(cut, end)| Stretch { section: cut.1, lines: cut.0..end })
        .collect()
}
