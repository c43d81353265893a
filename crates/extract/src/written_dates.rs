//! Dates of a dump that stand away from their labels: on the label's line, on a line of their own behind it, in a
//! column that is written after the one of the labels, or in the caption over a table.

use std::ops::Range;

use chohyo_normalize::{Context, Period, PeriodKind};

use crate::form::SectionForm;
use crate::label::{Label, Named};
use crate::paragraph::{enumerator, opens_entry};
use crate::stream::Stream;

/// Fields and characters of the longest date that is written with spaces: `（ 令和 ５ 年 12 月 31 日 現在 ）`.
const FIELDS: usize = 9;
const LONGEST: u32 = 18;
/// Characters of the longest caption, without its date.
const CAPTION: usize = 30;

/// A date with its place, on one line.
struct Written {
    atoms: Range<u32>,
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

/// Gives labels without a date the one that is written for them; where the dump keeps no order, that is the one on
/// their line. The dates that were given, to be claimed.
pub(crate) fn find(
    stream: &Stream<'_>,
    form: &SectionForm,
    lines: &[Range<u32>],
    labels: &mut [Label],
    ordered: bool,
) -> Vec<Vec<Range<u32>>> {
    let open = |l: &Label| l.as_of.is_none() && l.placeholder.is_none();
    if !labels.iter().any(|l| open(l) && family(form, l.named).is_some()) {
        return Vec::new();
    }
    let (dates, captions) = dates(stream, lines, labels);
    let mut out: Vec<Vec<Range<u32>>> = Vec::new();
    let votes = Votes::of(stream, form, labels, &dates, ordered);
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

/// True for the row of a ratio that is in truth the unit of a measure (42 市町村): it stands behind a number, or on the
/// line of another label.
fn is_unit(stream: &Stream<'_>, form: &SectionForm, labels: &[Label], label: &Label) -> bool {
    if !matches!(label.named, Named::RatioRow(..)) {
        return false;
    }
    let text = stream.spelled(label.atoms.clone());
    if !form.measures.iter().any(|m| m.unit.canonical == text) {
        return false;
    }
    let own = label.atoms.start;
    own.checked_sub(1).is_some_and(|before| stream.atoms[before as usize].ch.is_ascii_digit())
        || labels.iter().any(|l| {
            let row = row(stream, l.atoms.start);
            matches!(l.named, Named::Measure(_)) && l.atoms.start < own && row == self::row(stream, own)
        })
}

fn is_head(named: Named) -> bool {
    matches!(named, Named::Group(_) | Named::Ratios(_))
}

/// The row of the dump that an atom stands in; where a dump keeps places, it has several lines.
fn row(stream: &Stream<'_>, at: u32) -> (u32, i64) {
    let line = stream.atoms[at as usize].line;
    if !stream.has_places {
        return (0, i64::from(line));
    }
    // Places of a dump are whole rows apart.
    (stream.lines[line as usize].page, stream.printed(line).bbox.center().1.round() as i64)
}

fn is_row(named: Named) -> bool {
    matches!(named, Named::Measure(_) | Named::RatioRow(..))
}

/// The first of each family.
fn firsts(labels: &[(usize, Family)]) -> Vec<(usize, Family)> {
    let mut out: Vec<(usize, Family)> = Vec::new();
    for &(l, family) in labels {
        if !out.iter().any(|(_, f)| *f == family) {
            out.push((l, family));
        }
    }
    out
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
        let entry = here.is_empty() && opens_entry(stream, &line);
        if entry && enumerator(stream.printed_text(line.clone())).is_none() {
            continue;
        }
        let in_label =
            |at: u32| here.iter().any(|l| l.atoms.contains(&at) || l.parts.iter().any(|p| p.contains(&at)));
        let fields: Vec<Range<u32>> = stream.fields_in(line.clone()).collect();
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
                    Some((to, Written { atoms, bracketed: first == '(', period }))
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
    /// Labels that are none: see [`is_unit`].
    units: Vec<usize>,
    /// (label, date)
    cast: Vec<(usize, usize)>,
    periods: Vec<String>,
}

impl Votes {
    fn of(
        stream: &Stream<'_>,
        form: &SectionForm,
        labels: &[Label],
        dates: &[Written],
        ordered: bool,
    ) -> Self {
        let closed: Vec<Family> = labels
            .iter()
            .filter(|l| is_head(l.named) && (l.as_of.is_some() || l.placeholder.is_some()))
            .filter_map(|l| family(form, l.named))
            .collect();
        let units: Vec<usize> =
            (0..labels.len()).filter(|&l| is_unit(stream, form, labels, &labels[l])).collect();
        let mut order: Vec<usize> = (0..labels.len()).filter(|l| !units.contains(l)).collect();
        order.sort_by_key(|&l| labels[l].atoms.start);
        let open: Vec<(usize, Family)> = order
            .iter()
            .filter(|&&l| labels[l].as_of.is_none() && labels[l].placeholder.is_none())
            .filter_map(|&l| Some((l, family(form, labels[l].named)?)))
            .filter(|(_, family)| !closed.contains(family))
            .collect();
        let mut votes = Self {
            open,
            units,
            cast: Vec::new(),
            periods: dates.iter().map(|d| d.period.edtf.clone()).collect(),
        };
        let loose = votes.on_lines(stream, labels, dates);
        if !ordered {
            return votes;
        }
        let (leaves, families) = (votes.leaves(labels), votes.families());
        let told = votes.in_column(&leaves, &loose)
            || votes.in_runs(labels, dates, &loose, true)
            || votes.in_column(&families, &loose);
        if !told {
            votes.in_runs(labels, dates, &loose, false);
        }
        votes
    }

    /// The dates on the line of a label; those that stand on no label's line are left.
    fn on_lines(&mut self, stream: &Stream<'_>, labels: &[Label], dates: &[Written]) -> Vec<usize> {
        let mut loose = Vec::new();
        for (d, date) in dates.iter().enumerate() {
            let own = row(stream, date.atoms.start);
            let parts = |l: usize| labels[l].parts.iter().chain([&labels[l].atoms]);
            let in_row = |l: &usize| parts(*l).any(|p| row(stream, p.start) == own);
            let here = || (0..labels.len()).filter(|l| !self.units.contains(l)).filter(in_row);
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

    fn has(&self, label: usize) -> bool {
        self.cast.iter().any(|c| c.0 == label)
    }

    /// The rows without a date.
    fn leaves(&self, labels: &[Label]) -> Vec<(usize, Family)> {
        let mut out: Vec<(usize, Family)> = Vec::new();
        for &(l, family) in self.open.iter().filter(|(l, _)| is_row(labels[*l].named)) {
            if !self.has(l) && !out.iter().any(|&(k, _)| labels[k].named == labels[l].named) {
                out.push((l, family));
            }
        }
        out
    }

    /// The first label of each family without a date.
    fn families(&self) -> Vec<(usize, Family)> {
        let dated = |family: Family| self.open.iter().any(|&(l, f)| f == family && self.has(l));
        let mut out = firsts(&self.open);
        out.retain(|(_, family)| !dated(*family));
        out
    }

    /// True where all of a family have one date, and so have those that stand alone.
    fn fits(&self, rows: &[(usize, Family)], dates: &[usize]) -> bool {
        let pairs = || rows.iter().zip(dates).map(|(&(_, family), &d)| (family, &self.periods[d]));
        let alone = |f: Family| matches!(f, Family::Own(_));
        rows.len() == dates.len()
            && pairs().all(|a| pairs().all(|b| a.0 != b.0 && !(alone(a.0) && alone(b.0)) || a.1 == b.1))
    }

    /// Dates of a column: as many as there are rows, in the same order.
    fn in_column(&mut self, rows: &[(usize, Family)], loose: &[usize]) -> bool {
        if rows.len() < 2 {
            return false;
        }
        let fits = self.fits(rows, loose);
        if fits {
            self.cast.extend(rows.iter().zip(loose).map(|(&(l, _), &d)| (l, d)));
        }
        fits
    }

    /// Runs of labels with runs of dates behind them: as many as there are rows or families, or one date, which is of the
    /// last label. `all`: only where that tells each date.
    fn in_runs(&mut self, labels: &[Label], dates: &[Written], loose: &[usize], all: bool) -> bool {
        let mut cast: Vec<(usize, usize)> = Vec::new();
        let (mut at, mut first) = (0, 0);
        while at < loose.len() {
            let start = dates[loose[at]].atoms.start;
            let end = self.open.partition_point(|&(l, _)| labels[l].atoms.start < start);
            let next = self.open.get(end).map_or(u32::MAX, |&(l, _)| labels[l].atoms.start);
            let to = at + loose[at..].iter().take_while(|&&d| dates[d].atoms.start < next).count();
            let (run, behind) = (&self.open[first..end], &loose[at..to]);
            let rows: Vec<_> = run.iter().copied().filter(|&(l, _)| is_row(labels[l].named)).collect();
            let families = firsts(run);
            let alike = behind.iter().all(|&d| self.periods[d] == self.periods[behind[0]]);
            let before = cast.len();
            if let Some(column) = [rows, families].iter().find(|c| c.len() > 1 && self.fits(c, behind)) {
                cast.extend(column.iter().zip(behind).map(|(&(l, _), &d)| (l, d)));
            } else if let (true, Some(&(l, _))) = (alike, run.last()) {
                // What stands behind a label that has its date is not of one before it.
                let passed = (0..labels.len())
                    .filter(|k| !self.units.contains(k))
                    .any(|k| labels[l].atoms.start < labels[k].atoms.start && labels[k].atoms.start < start);
                cast.extend(behind.iter().filter(|_| !passed).map(|&d| (l, d)));
            }
            if all && cast.len() == before {
                return false;
            }
            (first, at) = (end, to);
        }
        self.cast.extend(cast);
        true
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

#[cfg(test)]
mod tests {
    fn as_of(rows: &str, keys: &[&str]) -> Vec<String> {
        let dump = format!("仙台市\n１ 県又は政令市の基礎情報\n{rows}\n");
        let sheet = crate::extract_sheet(dump.as_str()).unwrap();
        let of = |key: &&str| sheet.measure(key).and_then(|m| m.as_of.as_ref().map(|p| p.edtf.clone()));
        keys.iter().map(|key| of(key).unwrap_or_default()).collect()
    }

    #[test]
    fn a_date_on_the_line_and_one_of_a_group() {
        let rows = "市町村数 1 市町村 R2年4月時点\n入院精神障害者数\n合計 2,150 人\nR2年3月時点\n３か月未満 452 人\n\
                    保健所数 5 か所 R1年6月時点";
        let keys =
            ["municipalities", "inpatients_total", "inpatients_under_3_months", "public_health_centers"];
        assert_eq!(as_of(rows, &keys), ["2020-04", "2020-03", "2020-03", "2019-06"]);
    }

    #[test]
    fn a_column_of_dates_behind_one_of_labels() {
        let rows = "市町村数\n人口\n入院精神障害者数\n合計\n３か月未満\nR2.4.1現在\nR2.4.1現在\nR2.3.1現在\nR2.3.1現在\n\
                    1市町村\n1,087,723人\n2,150人\n452人";
        let keys = ["municipalities", "population", "inpatients_total", "inpatients_under_3_months"];
        assert_eq!(as_of(rows, &keys), ["2020-04-01", "2020-04-01", "2020-03-01", "2020-03-01"]);
        // One date too few: whose is missing, nobody says.
        let fewer = rows.replacen("R2.4.1現在\n", "", 1);
        assert_eq!(as_of(&fewer, &keys), ["", "", "", ""]);
    }

    #[test]
    fn the_caption_over_a_table_and_names_in_frames() {
        let rows = "地域の概況（2020年4月1日時点）\n市町村数 1 市町村\n＜退院率（2018年6月1日時点）＞\n入院後３か月時点 61.0 ％";
        let keys = ["municipalities", "discharge_rate_3_months"];
        assert_eq!(as_of(rows, &keys), ["2020-04-01", "2018-06-01"]);
    }

    #[test]
    fn a_unit_spelled_as_a_row_of_ratios_takes_no_date() {
        let rows = "市町村数 市町村 58 R2年4月時点\n人口\nR2年3月時点\n1,087,723人";
        assert_eq!(as_of(rows, &["municipalities", "population"]), ["2020-04", "2020-03"]);
    }

    #[test]
    fn a_dump_without_an_order_gives_the_dates_on_lines_alone() {
        let rows =
            "市町村数 1 市町村 R2年4月時点\n入院精神障害者数\n合計\n速報値\n（R2年4月時点）\n備考\n2,150 人";
        let dump = format!("仙台市\n１ 県又は政令市の基礎情報\n{rows}\n");
        let document = chohyo_layout::read(dump.as_bytes(), &chohyo_layout::Options::default()).unwrap();
        let stream = crate::stream::Stream::new(&document);
        let form = &crate::form::Form::builtin()[0].sections[0];
        let all = 0..stream.lines.len() as u32;
        let dated = |ordered: bool| {
            let mut labels = crate::label::find(&stream, form, all.clone());
            super::find(&stream, form, std::slice::from_ref(&all), &mut labels, ordered);
            labels.iter().filter(|l| l.as_of.is_some()).count()
        };
        // The group and the total under it.
        assert_eq!((dated(false), dated(true)), (1, 3));
    }
}
