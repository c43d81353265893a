//! Dates of a dump that stand away from their labels: on the label's line, on a line of their own behind it, in a
//! column that is written after the one of the labels, or in the caption over a table.

use std::ops::Range;

use chohyo_normalize::{Context, Period, PeriodKind};

use crate::form::SectionForm;
use crate::label::{Label, Named};
use crate::paragraph::opens_entry;
use crate::stream::Stream;

/// Fields and characters of the longest date that is written with spaces: `（ 令和 ５ 年 12 月 31 日 現在 ）`.
const FIELDS: usize = 9;
const LONGEST: u32 = 18;
/// Characters of the longest caption, without its date.
const CAPTION: usize = 30;

/// A date with its place, on one line.
struct Written {
    atoms: Range<u32>,
    line: u32,
    bracketed: bool,
    period: Period,
}

/// What has one date: a measure by itself, a group or ratios with all that is of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Own(usize),
    Group(usize),
    Ratios(usize),
}

/// Gives labels without a date the one that is written for them. The dates that were given, to be claimed.
pub(crate) fn find(
    stream: &Stream<'_>,
    form: &SectionForm,
    lines: &[Range<u32>],
    labels: &mut [Label],
) -> Vec<Vec<Range<u32>>> {
    let open = |l: &Label| l.as_of.is_none() && l.placeholder.is_none();
    if !labels.iter().any(|l| open(l) && family(form, l.named).is_some()) {
        return Vec::new();
    }
    let (dates, captions) = dates(stream, lines, labels);
    let mut out: Vec<Vec<Range<u32>>> = Vec::new();
    let votes = Votes::of(stream, form, labels, &dates);
    for (label, date) in votes.given() {
        labels[label].as_of = Some(dates[date].period.clone());
    }
    out.extend(votes.said(labels).into_iter().map(|d| vec![dates[d].atoms.clone()]));
    if let [(caption, period)] = captions.as_slice() {
        give_to_scope(form, labels, caption, period);
        out.push(vec![caption.clone()]);
    }
    out.sort_by_key(|d| d[0].start);
    out.dedup();
    out
}

/// The family that a label is of.
fn family(form: &SectionForm, named: Named) -> Option<Family> {
    let of_measure = |m: usize| {
        let group = form.measures[m].group.as_ref();
        let group = group.and_then(|id| form.groups.iter().position(|g| g.id == *id));
        group.map_or(Family::Own(m), Family::Group)
    };
    match named {
        Named::Measure(m) => Some(of_measure(m)),
        Named::Share(s) => {
            let key = &form.shares[s].share;
            form.measures.iter().position(|m| m.key == *key).map(of_measure)
        }
        Named::Group(g) => Some(Family::Group(g)),
        Named::Ratios(r) | Named::RatioRow(r, _) => Some(Family::Ratios(r)),
        Named::Text(_) | Named::Field(_) | Named::Caption => None,
    }
}

fn is_head(named: Named) -> bool {
    matches!(named, Named::Group(_) | Named::Ratios(_))
}

fn date(text: &str) -> Option<Period> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || "()（）".contains(c));
    let said = chohyo_normalize::fold(text);
    // What is printed without a year (6-1, 10/13) is no date here.
    let year = said.text().contains('年')
        || said.text().chars().next().is_some_and(char::is_alphabetic)
        || said.text().chars().take_while(char::is_ascii_digit).count() == 4;
    if !year {
        return None;
    }
    let period = chohyo_normalize::period(text, &Context::default())?;
    matches!(period.kind, PeriodKind::Month | PeriodKind::Day).then_some(period)
}

/// The dates outside labels, each of whole fields of a line, and the captions that end in one.
fn dates(
    stream: &Stream<'_>,
    lines: &[Range<u32>],
    labels: &[Label],
) -> (Vec<Written>, Vec<(Range<u32>, Period)>) {
    let mut out = Vec::new();
    let mut captions = Vec::new();
    for index in lines.iter().flat_map(Clone::clone) {
        let line = stream.lines[index as usize].atoms.clone();
        if line.is_empty() || !stream.spelled(line.clone()).contains(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let on_line = |l: &&Label| {
            l.atoms.start < line.end && line.start < l.atoms.end
                || l.parts.iter().any(|p| p.start < line.end && line.start < p.end)
        };
        let here: Vec<&Label> = labels.iter().filter(on_line).collect();
        if here.is_empty() && opens_entry(stream, &line) && !stream.spelled(line.clone()).ends_with(')') {
            continue;
        }
        let in_label =
            |at: u32| here.iter().any(|l| l.atoms.contains(&at) || l.parts.iter().any(|p| p.contains(&at)));
        let fields = stream.fields_in(line.clone());
        let before = out.len();
        let mut at = 0;
        while at < fields.len() {
            let from = fields[at].start;
            let first = stream.atoms[from as usize].ch;
            let may_begin = first.is_ascii_digit() || first == '(' || first.is_alphabetic();
            let found = (may_begin && !in_label(from)).then(|| {
                let last = fields.len().min(at + FIELDS);
                (at..last).rev().find_map(|to| {
                    let atoms = from..fields[to].end;
                    if atoms.len() as u32 > LONGEST || fields[at..=to].iter().any(|f| in_label(f.start)) {
                        return None;
                    }
                    let period = date(stream.printed_text(atoms.clone()))?;
                    Some((to, Written { atoms, line: index, bracketed: first == '(', period }))
                })
            });
            at = match found.flatten() {
                Some((to, written)) => {
                    out.push(written);
                    to + 1
                }
                None => at + 1,
            };
        }
        if here.is_empty() && out.len() == before {
            captions.extend(caption(stream, &line).map(|period| (line.clone(), period)));
        }
    }
    (out, captions)
}

/// The date in brackets at the end of a line that names something: `(1) 基礎数値（R5年4月時点）`.
fn caption(stream: &Stream<'_>, line: &Range<u32>) -> Option<Period> {
    let text = stream.printed_text(line.clone());
    let text = text.trim_end_matches(|c: char| c.is_whitespace() || "＞>】]］》〉".contains(c));
    let (name, inner) = text.strip_suffix(['）', ')'])?.rsplit_once(['（', '('])?;
    let says = name.chars().any(char::is_alphabetic) && !name.contains(['。', '、']);
    if !says || name.chars().filter(|c| !c.is_whitespace()).count() > CAPTION {
        return None;
    }
    ["時点", "現在"].iter().any(|e| inner.trim_end().ends_with(e)).then(|| date(inner)).flatten()
}

/// Gives the date of the only caption to what stands alone, and of the groups that are named nowhere to what follows
/// it before the next date.
fn give_to_scope(form: &SectionForm, labels: &mut [Label], caption: &Range<u32>, period: &Period) {
    let next = labels
        .iter()
        .filter(|l| is_head(l.named) && l.atoms.start >= caption.end)
        .map(|l| l.atoms.start)
        .min()
        .unwrap_or(u32::MAX);
    let headed: Vec<Family> =
        labels.iter().filter(|l| is_head(l.named)).filter_map(|l| family(form, l.named)).collect();
    for label in labels.iter_mut().filter(|l| l.as_of.is_none() && l.placeholder.is_none()) {
        let given = match family(form, label.named) {
            Some(Family::Own(_)) => true,
            Some(family) => !headed.contains(&family) && (caption.end..next).contains(&label.atoms.start),
            None => false,
        };
        if given {
            label.as_of = Some(period.clone());
        }
    }
}

/// Which dates are written for which labels.
struct Votes {
    /// For each open label its family; labels of families with a dated head are not open.
    open: Vec<(usize, Family)>,
    /// (label, date)
    cast: Vec<(usize, usize)>,
    periods: Vec<String>,
}

impl Votes {
    fn of(stream: &Stream<'_>, form: &SectionForm, labels: &[Label], dates: &[Written]) -> Self {
        let closed: Vec<Family> = labels
            .iter()
            .filter(|l| is_head(l.named) && (l.as_of.is_some() || l.placeholder.is_some()))
            .filter_map(|l| family(form, l.named))
            .collect();
        let mut order: Vec<usize> = (0..labels.len()).collect();
        order.sort_by_key(|&l| labels[l].atoms.start);
        let open: Vec<(usize, Family)> = order
            .iter()
            .filter(|&&l| labels[l].as_of.is_none() && labels[l].placeholder.is_none())
            .filter_map(|&l| Some((l, family(form, labels[l].named)?)))
            .filter(|(_, family)| !closed.contains(family))
            .collect();
        let mut votes =
            Self { open, cast: Vec::new(), periods: dates.iter().map(|d| d.period.edtf.clone()).collect() };
        let loose = votes.on_lines(stream, labels, dates);
        if !votes.in_columns(labels, &loose) {
            votes.in_runs(labels, dates, &loose);
        }
        votes
    }

    /// The dates on the line of a label; those that stand on no label's line are left.
    fn on_lines(&mut self, stream: &Stream<'_>, labels: &[Label], dates: &[Written]) -> Vec<usize> {
        let line = |l: usize| stream.atoms[labels[l].atoms.start as usize].line;
        let mut loose = Vec::new();
        for (d, date) in dates.iter().enumerate() {
            let here = || (0..labels.len()).filter(|&l| line(l) == date.line);
            let before = here().filter(|&l| labels[l].atoms.start < date.atoms.start);
            let before = before.max_by_key(|&l| labels[l].atoms.start);
            // A bracket in front of a label goes on with what stands on the line above.
            let behind = || here().min_by_key(|&l| labels[l].atoms.start).filter(|_| !date.bracketed);
            match before.or_else(behind) {
                Some(label) => self.cast.push((label, d)),
                None => loose.push(d),
            }
        }
        loose
    }

    /// As many dates as there are labels without one, in the same order; the members of a group have one date.
    fn in_columns(&mut self, labels: &[Label], loose: &[usize]) -> bool {
        let dated = |family: Family| {
            self.open.iter().any(|&(l, f)| f == family && self.cast.iter().any(|c| c.0 == l))
        };
        let mut leaves: Vec<(usize, Family)> = Vec::new();
        let mut heads: Vec<(usize, Family)> = Vec::new();
        for &(l, family) in &self.open {
            let known = |named: &Named| leaves.iter().any(|&(k, _)| labels[k].named == *named);
            let named = labels[l].named;
            if !is_head(named) && !matches!(named, Named::Share(_)) && !known(&named) {
                leaves.push((l, family));
            }
            if !heads.iter().any(|(_, f)| *f == family) && !dated(family) {
                heads.push((l, family));
            }
        }
        leaves.retain(|&(l, _)| !self.cast.iter().any(|c| c.0 == l));
        for rows in [leaves, heads] {
            if rows.len() < 2 || rows.len() != loose.len() {
                continue;
            }
            let pairs: Vec<(Family, &str)> =
                rows.iter().zip(loose).map(|(&(_, f), &d)| (f, self.periods[d].as_str())).collect();
            let alone = |f: &Family| matches!(f, Family::Own(_));
            let one = |a: &(Family, &str), b: &(Family, &str)| {
                a.0 != b.0 && !(alone(&a.0) && alone(&b.0)) || a.1 == b.1
            };
            if pairs.iter().all(|a| pairs.iter().all(|b| one(a, b))) {
                self.cast.extend(rows.iter().zip(loose).map(|(&(l, _), &d)| (l, d)));
                return true;
            }
        }
        false
    }

    /// Runs of labels with runs of dates behind them: as many as there are labels, or one, of the last label's family.
    fn in_runs(&mut self, labels: &[Label], dates: &[Written], loose: &[usize]) {
        let mut at = 0;
        let mut first = 0;
        while at < loose.len() {
            let start = dates[loose[at]].atoms.start;
            let end = self.open.partition_point(|&(l, _)| labels[l].atoms.start < start);
            let last = labels.iter().filter(|l| l.atoms.start < start).max_by_key(|l| l.atoms.start);
            let dated = last.is_some_and(|last| {
                self.open[..end].last().is_none_or(|&(l, _)| labels[l].atoms.start < last.atoms.start)
            });
            let next = self.open.get(end).map_or(u32::MAX, |&(l, _)| labels[l].atoms.start);
            let to = at + loose[at..].iter().take_while(|&&d| dates[d].atoms.start < next).count();
            let (run, behind) = (self.open[first..end].to_vec(), &loose[at..to]);
            let mut heads: Vec<(usize, Family)> = Vec::new();
            for &(l, family) in &run {
                if !heads.iter().any(|(_, f)| *f == family) {
                    heads.push((l, family));
                }
            }
            let leaf = |l: usize| !is_head(labels[l].named) && !matches!(labels[l].named, Named::Share(_));
            let leaves: Vec<(usize, Family)> = run.iter().copied().filter(|&(l, _)| leaf(l)).collect();
            let alike = behind.iter().all(|&d| self.periods[d] == self.periods[behind[0]]);
            if behind.len() > 1 && leaves.len() == behind.len() {
                self.cast.extend(leaves.iter().zip(behind).map(|(&(l, _), &d)| (l, d)));
            } else if behind.len() > 1 && heads.len() == behind.len() {
                self.cast.extend(heads.iter().zip(behind).map(|(&(l, _), &d)| (l, d)));
            } else if let (true, false, Some(&(l, _))) = (alike, dated, run.last()) {
                self.cast.extend(behind.iter().map(|&d| (l, d)));
            }
            (first, at) = (end, to);
        }
    }

    /// The date of each label that has one: its family's where that is one, else its own.
    fn given(&self) -> Vec<(usize, usize)> {
        let of = |wanted: &dyn Fn(usize) -> bool| {
            let mut cast = self.cast.iter().filter(|c| wanted(c.0));
            let first = cast.next()?.1;
            cast.all(|c| self.periods[c.1] == self.periods[first]).then_some(first)
        };
        let of_family = |family: Family| of(&|l| self.open.contains(&(l, family)));
        let mut families: Vec<(Family, Option<usize>)> = Vec::new();
        let mut out = Vec::new();
        for &(label, family) in &self.open {
            if !families.iter().any(|(f, _)| *f == family) {
                families.push((family, of_family(family)));
            }
            let date = families.iter().find(|(f, _)| *f == family).and_then(|(_, date)| *date);
            out.extend(date.or_else(|| of(&|l| l == label)).map(|d| (label, d)));
        }
        out
    }

    /// The dates that say what a label was given.
    fn said(&self, labels: &[Label]) -> Vec<usize> {
        let given = |&&(l, d): &&(usize, usize)| {
            labels[l].as_of.as_ref().is_some_and(|p| p.edtf == self.periods[d])
                && self.open.iter().any(|(o, _)| *o == l)
        };
        self.cast.iter().filter(given).map(|c| c.1).collect()
    }
}
