//! Who published a sheet.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::form::Form;
use crate::municipality::{self, Entry};
use crate::sheet::{Field, Municipality, MunicipalityKind};
use crate::stream::Stream;

/// Votes of a title that begins with a name; a line that is the name alone has one.
const TITLE: u32 = 5;

/// Names in the cells of tables count where there are no more of them than this: a table of cities names its rows.
const NAMES_IN_CELLS: usize = 3;

/// Characters of the longest name there is with its prefecture, about.
const LONGEST: usize = 16;

/// Bytes of the longest fiscal year: 平成３０年度.
const YEAR: usize = 24;

/// What the names on a sheet say.
#[derive(Default)]
pub(crate) struct Told {
    pub municipality: Option<Municipality>,
    /// The name that several have, and where it stands, where nothing says which of them it is.
    pub ambiguous: Option<(Vec<Entry>, Range<u32>)>,
}

/// A name on the sheet.
struct Vote {
    votes: u32,
    /// Votes of lines that no cell holds, and of titles.
    outside: u32,
    at: Range<u32>,
}

/// Finds the publisher: the known name that most lines consist of; a title that begins with it counts more.
pub(crate) fn told(stream: &Stream<'_>, form: &Form) -> Told {
    let allowed = |e: &Entry| form.publishers.is_empty() || form.publishers.contains(&e.kind);
    let titles: Vec<String> = form.cover.title.iter().map(|t| t.canonical.iter().collect()).collect();
    let mut votes: BTreeMap<String, Vote> = BTreeMap::new();
    for (number, line) in stream.lines.iter().enumerate() {
        for field in stream.fields_of(number as u32) {
            let atoms = &stream.atoms[field.atoms.start as usize..field.atoms.end as usize];
            if !atoms.iter().take(LONGEST + 2).any(|a| ends_name(a.ch)) {
                continue;
            }
            let text = stream.spelled(field.atoms.clone());
            let (name, weight) =
                if atoms.len() <= LONGEST && text.ends_with(ends_name) && names_one(text, &allowed) {
                    (text, 1)
                } else if let Some(name) = before_prefecture(text, &allowed) {
                    (name, 1)
                } else if let Some(name) = titled(text, &titles, &allowed) {
                    (name, TITLE)
                } else {
                    continue;
                };
            let at = field.atoms.clone();
            let vote = votes.entry(name.to_owned()).or_insert(Vote { votes: 0, outside: 0, at });
            vote.votes += weight;
            vote.outside += if line.cell.is_none() || weight == TITLE { weight } else { 0 };
        }
    }
    if votes.len() > NAMES_IN_CELLS {
        votes.retain(|_, v| {
            v.votes = v.outside;
            v.outside > 0
        });
    }
    let Some(most) = votes.values().map(|v| v.votes).max() else { return Told::default() };
    let mut winners: Vec<(String, Vote)> = votes.into_iter().filter(|(_, v)| v.votes == most).collect();
    // A line of its own rather than a cell.
    let outside = winners.iter().map(|(_, v)| v.outside).max().unwrap_or(0);
    if form.publishers.is_empty() {
        winners.retain(|(_, v)| v.outside == outside);
    }
    if winners.len() == 2 && form.publishers.is_empty() {
        // A city and its prefecture: the prefecture says where the city lies.
        let kind = |name: &str| municipality::of_name(name).first().map(|e| e.kind);
        winners.retain(|(name, _)| kind(name) != Some(MunicipalityKind::Prefecture));
    }
    let mut winners = winners.into_iter();
    let (Some((name, vote)), None) = (winners.next(), winners.next()) else { return Told::default() };
    let prefectures = prefectures(stream, &name);
    let found: Vec<Entry> = municipality::of_name(&name).iter().copied().filter(allowed).collect();
    if let [entry] = found.as_slice() {
        return Told { municipality: Some(entry.municipality()), ambiguous: None };
    }
    let municipality = municipality::told(&name, |p| prefectures.contains(&p));
    let ambiguous = (municipality.is_none() && found.len() > 1).then(|| (found, vote.at.clone()));
    Told { municipality, ambiguous }
}

/// The publisher that a field of the form tells, where no name of its own on the sheet does: the one municipality that
/// all fields of this type name.
pub(crate) fn of_fields(fields: &[Field], form: &Form) -> Option<Municipality> {
    let allowed = |m: &&Municipality| form.publishers.is_empty() || form.publishers.contains(&m.kind);
    let named = || fields.iter().filter_map(|f| f.cell.municipality.as_ref()).filter(allowed);
    // A city and its prefecture: the prefecture says where the city lies.
    let whole = |m: &&Municipality| m.kind == MunicipalityKind::Prefecture;
    let first = named().find(|m| !whole(m)).or_else(|| named().next())?;
    let one = named().all(|m| m == first || whole(&m) && m.prefecture == first.prefecture);
    one.then(|| first.clone())
}

/// The last character of every name.
fn ends_name(c: char) -> bool {
    matches!(c, '都' | '道' | '府' | '県' | '市' | '区' | '町' | '村')
}

/// True for the name of one or more, alone or behind its prefecture or county.
fn names_one(text: &str, allowed: &impl Fn(&Entry) -> bool) -> bool {
    let all = municipality::of_name(text);
    if !all.is_empty() {
        return all.iter().any(allowed);
    }
    // The full name of one: 東京都府中市.
    text.ends_with(['市', '区', '町', '村'])
        && municipality::told(text, |_| false)
            .is_some_and(|m| municipality::of_name(&m.name).iter().any(|e| allowed(e) && e.kind == m.kind))
}

/// The name that its prefecture stands behind, in brackets: 小田原市（神奈川県）.
fn before_prefecture<'t>(text: &'t str, allowed: &impl Fn(&Entry) -> bool) -> Option<&'t str> {
    let (name, prefecture) = text.strip_suffix(')')?.split_once('(')?;
    let lies = |e: &Entry| allowed(e) && e.prefecture() == prefecture && e.name != prefecture;
    municipality::of_name(name).iter().any(lies).then_some(name)
}

/// A text less the fiscal year that it begins with.
fn behind_year(text: &str) -> &str {
    let Some(end) = text.find("年度").map(|at| at + "年度".len()).filter(|&end| end <= YEAR) else {
        return text;
    };
    let (year, rest) = text.split_at(end);
    let told = chohyo_normalize::period(year, &chohyo_normalize::Context::default());
    if told.is_some_and(|p| p.kind == chohyo_normalize::PeriodKind::FiscalYear) { rest } else { text }
}

/// The name that a title begins with, before its fiscal year or behind it.
fn titled<'t>(text: &'t str, titles: &[String], allowed: &impl Fn(&Entry) -> bool) -> Option<&'t str> {
    if titles.is_empty() {
        return None;
    }
    let text = behind_year(text);
    let ends = text.char_indices().skip(2).map(|(i, _)| i).take(LONGEST);
    ends.filter(|&end| text[..end].ends_with(ends_name)).find_map(|end| {
        let (name, rest) = text.split_at(end);
        let of_form = titles.iter().any(|title| {
            // The title may wrap: its first line need only begin as the form's does.
            rest.starts_with(title.as_str()) || title.starts_with(rest) && rest.chars().count() >= 4
        });
        (of_form && names_one(name, allowed)).then_some(name)
    })
}

/// The prefectures whose names stand on the sheet, where the name has others like it.
fn prefectures(stream: &Stream<'_>, name: &str) -> Vec<&'static str> {
    let candidates: Vec<&'static str> = municipality::of_name(name).iter().map(|e| e.prefecture()).collect();
    if candidates.len() < 2 {
        return candidates;
    }
    let text: String = stream.atoms.iter().map(|a| a.ch).collect();
    candidates.into_iter().filter(|p| text.contains(p)).collect()
}
