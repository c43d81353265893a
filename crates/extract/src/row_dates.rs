//! Dates that stand away from their labels on a page: in a column of their own, behind the number, or in the
//! caption over a table.

use std::ops::Range;

use chohyo_layout::{BBox, SourceKind};
use chohyo_normalize::{Context, Period, PeriodKind};

use crate::form::SectionForm;
use crate::label::{Label, Named, printed};
use crate::notes;
use crate::stream::Stream;
use crate::written_dates;

/// A date with the place that it stands for: its cell, where it has one of its own.
struct Dated {
    page: u32,
    parts: Vec<Range<u32>>,
    extent: BBox,
    /// It has a cell of its own.
    cell: bool,
    period: Period,
}

/// Gives labels without a date that of their row; `ordered`: the lines stand in an order of reading. The dates that were given, to be claimed.
pub(crate) fn find(
    stream: &Stream<'_>,
    form: &SectionForm,
    lines: &[Range<u32>],
    labels: &mut [Label],
    ordered: bool,
) -> Vec<Vec<Range<u32>>> {
    if stream.document.kind != SourceKind::Pdf {
        return written_dates::find(stream, form, lines, labels, ordered);
    }
    let dates = dates(stream, lines, labels);
    let mut used: Vec<bool> = vec![false; dates.len()];
    let mut told: Vec<(usize, usize)> = Vec::new();
    for (l, label) in labels.iter().enumerate() {
        let takes = matches!(
            label.named,
            Named::Measure(_) | Named::Group(_) | Named::Ratios(_) | Named::RatioRow(..)
        );
        if takes && label.as_of.is_none() && label.placeholder.is_none() {
            told.extend(in_row(stream, label, labels, &dates).map(|d| (l, d)));
        }
    }
    for (l, d) in told {
        labels[l].as_of = Some(dates[d].period.clone());
        used[d] = true;
    }
    let mut out: Vec<Vec<Range<u32>>> = Vec::new();
    let scopes = captions(stream, lines, labels);
    if let [(caption, period)] = scopes.as_slice() {
        notes::give_the_rest(form, labels, period);
        out.push(vec![caption.clone()]);
    } else {
        for (i, (caption, period)) in scopes.iter().enumerate() {
            let end = scopes.get(i + 1).map_or(u32::MAX, |(next, _)| next.start);
            let from = labels.iter().position(|l| l.atoms.start >= caption.end).unwrap_or(labels.len());
            let to = labels.iter().rposition(|l| l.atoms.start < end).map_or(from, |t| t + 1);
            if from < to {
                notes::give_the_rest(form, &mut labels[from..to], period);
                out.push(vec![caption.clone()]);
            }
        }
    }
    let dates = dates.into_iter().zip(used).filter(|(_, used)| *used);
    out.extend(dates.map(|(d, _)| d.parts));
    out
}

fn date(text: &str) -> Option<Period> {
    let period = chohyo_normalize::period(text, &Context::default())?;
    matches!(period.kind, PeriodKind::Month | PeriodKind::Day).then_some(period)
}

/// Characters that a date has with what stands around it: （令和２年（2020年）12月31日 時点）.
const LONGEST: usize = 32;

/// False for what is no month and no day: one is printed with a number, and with a word or mark behind it.
fn may_be_date(stream: &Stream<'_>, parts: &(impl Iterator<Item = Range<u32>> + Clone)) -> bool {
    let has = |is: fn(char) -> bool| parts.clone().any(|p| stream.spelled(p).contains(is));
    has(|c| matches!(c, '月' | '日' | '.' | '/' | '-' | '・'))
        && has(|c| c.is_ascii_digit() || "元〇零一壱二弐三参四五六七八九十拾".contains(c))
}

/// The dates that fill a cell, a field, or the bracket at the end of a field.
fn dates(stream: &Stream<'_>, lines: &[Range<u32>], labels: &[Label]) -> Vec<Dated> {
    let in_label =
        |at: u32| labels.iter().any(|l| l.atoms.contains(&at) || l.parts.iter().any(|p| p.contains(&at)));
    let mut out: Vec<Dated> = Vec::new();
    let all: Vec<u32> = lines.iter().flat_map(Clone::clone).collect();
    let home = |l: u32| (stream.lines[l as usize].page, stream.lines[l as usize].cell);
    for run in all.chunk_by(|a, b| home(*a).1.is_some() && home(*a) == home(*b)) {
        let (page, cell) = home(run[0]);
        let parts = run.iter().map(|&l| stream.lines[l as usize].atoms.clone()).filter(|a| !a.is_empty());
        let Some(first) = parts.clone().next() else { continue };
        if !may_be_date(stream, &parts) {
            continue;
        }
        let short = parts.clone().map(|p| p.len()).sum::<usize>() <= LONGEST;
        if cell.is_some() && short && !in_label(first.start) {
            let parts: Vec<Range<u32>> = parts.collect();
            let text: String = parts.iter().map(|p| printed(stream, p.clone())).collect();
            if let (Some(period), Some(extent)) = (date(&text), stream.extent(&first)) {
                out.push(Dated { page, parts, extent, cell: true, period });
                continue;
            }
        }
        for &line in run {
            for field in stream.fields_of(line).iter().map(|f| f.atoms.clone()) {
                let behind = bracketed(stream, &field);
                let place = behind.clone().unwrap_or(field);
                // A bracket alone goes on with the label of another line.
                let alone = behind.is_none() && stream.atoms[place.start as usize].ch == '(';
                if in_label(place.start) || alone && stream.lines[line as usize].atoms.start == place.start {
                    continue;
                }
                if place.len() > LONGEST || !may_be_date(stream, &std::iter::once(place.clone())) {
                    continue;
                }
                let text = printed(stream, place.clone());
                let text = text.trim_matches(['(', ')', '（', '）']);
                if let (Some(period), Some(extent)) = (date(text), stream.bbox(place.clone())) {
                    out.push(Dated { page, parts: vec![place], extent, cell: false, period });
                }
            }
        }
    }
    out
}

/// The bracket at the end of a field, behind a number: `1,087,723人（R2年4月時点）`.
fn bracketed(stream: &Stream<'_>, field: &Range<u32>) -> Option<Range<u32>> {
    let ch = |at: u32| stream.atoms[at as usize].ch;
    if field.is_empty() || ch(field.end - 1) != ')' {
        return None;
    }
    let open = field.clone().rev().find(|&i| ch(i) == '(').filter(|&open| open > field.start)?;
    let number = (field.start..open).rev().find(|&i| ch(i) == ':').map_or(field.start, |colon| colon + 1);
    crate::figure::figure(stream, number..open).map(|_| open..field.end)
}

/// The date in the row of a label: the nearest one to its right, up to the next label; else to its left.
fn in_row(stream: &Stream<'_>, label: &Label, labels: &[Label], dates: &[Dated]) -> Option<usize> {
    let home = |at: u32| {
        let line = &stream.lines[stream.atoms[at as usize].line as usize];
        (line.page, line.cell.map(|(table, _)| table))
    };
    let page = home(label.atoms.start).0;
    let own = stream.bbox(label.atoms.clone())?;
    let row = stream.row_extent(&label.atoms)?;
    let y = own.center().1;
    let leaf = !matches!(label.named, Named::Group(_) | Named::Ratios(_));
    let level = |d: &Dated| {
        let at = d.extent.center().1;
        let holds = d.extent.top <= y && y <= d.extent.bottom;
        holds && (d.cell || (at - y).abs() < 0.5 * own.height()) || leaf && row.top <= at && at <= row.bottom
    };
    let others: Vec<BBox> = labels
        .iter()
        .filter(|l| {
            l.atoms != label.atoms
                && matches!(l.named, Named::Measure(_) | Named::Group(_) | Named::Ratios(_))
        })
        .filter(|l| stream.lines[stream.atoms[l.atoms.start as usize].line as usize].page == page)
        .filter_map(|l| stream.bbox(l.atoms.clone()))
        .filter(|b| b.top <= y && y <= b.bottom)
        .collect();
    // What stands beside a table is no column of it.
    let same = |d: &Dated| d.parts.first().is_some_and(|p| home(p.start) == home(label.atoms.start));
    let here = || dates.iter().enumerate().filter(|(_, d)| d.page == page && same(d) && level(d));
    let right = here()
        .filter(|(_, d)| d.extent.x0 >= own.x1 - 1.0)
        .filter(|(_, d)| !leaf || !others.iter().any(|o| o.x0 >= own.x1 - 1.0 && o.x1 <= d.extent.x0 + 1.0))
        .min_by(|a, b| a.1.extent.x0.total_cmp(&b.1.extent.x0));
    let left = || {
        here()
            .filter(|(_, d)| d.extent.x1 <= own.x0 + 1.0)
            .filter(|(_, d)| !others.iter().any(|o| o.x0 >= d.extent.x1 - 1.0 && o.x1 <= own.x0 + 1.0))
            .max_by(|a, b| a.1.extent.x1.total_cmp(&b.1.extent.x1))
    };
    right.or_else(left).map(|(i, _)| i)
}

/// Captions with a date in brackets at their end that are no labels: `(1) 基礎数値（R5年4月時点）`, over a table or as a
/// bar in it; and dates alone on a line outside all tables, or in a note that names nothing.
fn captions(stream: &Stream<'_>, lines: &[Range<u32>], labels: &[Label]) -> Vec<(Range<u32>, Period)> {
    let mut out = Vec::new();
    for line in lines.iter().flat_map(Clone::clone) {
        let line = &stream.lines[line as usize];
        let atoms = line.atoms.clone();
        let shared = |p: &Range<u32>| p.start < atoms.end && atoms.start < p.end;
        if atoms.is_empty() || labels.iter().any(|l| shared(&l.atoms) || l.parts.iter().any(shared)) {
            continue;
        }
        let text = printed(stream, atoms.clone());
        let said = match text.trim_end().strip_suffix(['）', ')']).and_then(|t| t.rsplit_once(['（', '(']))
        {
            Some((_, inner)) => inner,
            None => text.trim().trim_start_matches(['※', '＊', '*', '注', '）', ')']).trim(),
        };
        let of_date = ["時点", "現在"].iter().any(|e| said.ends_with(e));
        // A bar over the whole width of a table is a caption, too.
        let bar = line.cell.is_some_and(|(t, c)| {
            let table = &stream.document.pages[line.page as usize].tables[t as usize];
            table.columns > 1 && table.cells[c as usize].columns == (0..table.columns)
        });
        let placed = line.cell.is_none() && of_date || bar && said.len() < text.trim_end().len();
        if let (true, Some(period)) = (placed, date(said)) {
            out.push((atoms, period));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet};
    use crate::sheet::Sheet;

    fn page() -> Page {
        Page::default().text(30.0, 30.0, "１ 県又は政令市の基礎情報")
    }

    fn as_of(sheet: &Sheet, key: &str) -> Option<String> {
        sheet.measure(key).and_then(|m| m.as_of.as_ref().map(|p| p.edtf.clone()))
    }

    #[test]
    fn a_column_of_dates() {
        let page = page()
            .grid(&[30.0, 200.0, 280.0, 340.0, 460.0], &[50.0, 70.0, 90.0])
            .text(35.0, 64.0, "市町村数")
            .text(210.0, 64.0, "35")
            .text(285.0, 64.0, "市町村")
            .text(345.0, 64.0, "R2年4月時点")
            .text(35.0, 84.0, "精神科病床数")
            .text(210.0, 84.0, "2,674")
            .text(285.0, 84.0, "床")
            .text(345.0, 84.0, "R元年6月30日現在");
        let sheet = sheet(&[page]);
        assert_eq!(as_of(&sheet, "municipalities").as_deref(), Some("2020-04"));
        assert_eq!(as_of(&sheet, "psychiatric_beds").as_deref(), Some("2019-06-30"));
    }

    #[test]
    fn a_date_behind_the_number_and_one_over_the_table() {
        let page = page()
            .text(30.0, 50.0, "○人口：1,087,723人（R2年3月時点）")
            .text(30.0, 70.0, "(1) 基礎数値（R2年4月時点）")
            .text(30.0, 85.0, "・精神科病床数：2,674床");
        let sheet = sheet(&[page]);
        assert_eq!(sheet.measure("population").and_then(|m| m.value).map(|v| v.0), Some(1_087_723.into()));
        assert_eq!(as_of(&sheet, "population").as_deref(), Some("2020-03"));
        assert_eq!(as_of(&sheet, "psychiatric_beds").as_deref(), Some("2020-04"));
    }

    #[test]
    fn what_stands_beside_a_table_is_no_column_of_it() {
        let page = page()
            .grid(&[30.0, 200.0, 280.0], &[50.0, 70.0, 90.0])
            .text(35.0, 64.0, "市町村数")
            .text(210.0, 64.0, "35市町村")
            .text(35.0, 84.0, "保健所数")
            .text(210.0, 84.0, "6か所")
            .text(330.0, 64.0, "R2年4月");
        assert_eq!(as_of(&sheet(&[page]), "municipalities"), None);
    }
}
