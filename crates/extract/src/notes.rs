//! Notes under a table that say of which date the numbers of its groups are.

use std::ops::Range;

use chohyo_normalize::{Context, Period, PeriodKind};

use crate::form::SectionForm;
use crate::label::{Label, Named, printed};
use crate::paragraph::opens_entry;
use crate::stream::Stream;

/// Gives the groups their dates from `※入院精神障害者数はR2年3月時点、退院率はR元年6月時点`: a group's name, a
/// particle, and a date up to the next comma. Groups whose own label has a date keep it. A group without a
/// label that can be read (its letters stand one over the other) is named by the note, whose text it stays: such a label
/// has no parts.
///
/// The parts of such notes, to be claimed once.
pub(crate) fn dates(
    stream: &Stream<'_>,
    form: &SectionForm,
    lines: &[Range<u32>],
    labels: &mut Vec<Label>,
) -> Vec<Range<u32>> {
    let mut notes = Vec::new();
    let captions: Vec<u32> = labels
        .iter()
        .filter(|l| matches!(l.named, Named::Text(_) | Named::Caption))
        .map(|l| l.atoms.start)
        .collect();
    for range in lines {
        let atoms = stream.atoms_of(range.clone());
        for start in atoms.clone().filter(|&i| stream.atoms[i as usize].ch == '※') {
            let end = note_end(stream, start, atoms.end, &captions);
            let mut said = false;
            for (index, group) in form.groups.iter().enumerate() {
                let Some((name, as_of)) =
                    group.labels.iter().find_map(|alias| date_of(stream, start..end, &alias.canonical))
                else {
                    continue;
                };
                said = true;
                let own = labels.iter_mut().find(|l| l.named == Named::Group(index));
                match own {
                    Some(label) => label.as_of = label.as_of.take().or(Some(as_of)),
                    None => labels.push(Label {
                        named: Named::Group(index),
                        parts: Vec::new(),
                        atoms: name,
                        as_of: Some(as_of),
                        placeholder: None,
                    }),
                }
            }
            if let Some((_, as_of)) = REST.iter().find_map(|name| {
                let name: Vec<char> = name.chars().collect();
                date_of(stream, start..end, &name)
            }) {
                said = true;
                give_the_rest(form, labels, &as_of);
            }
            if said {
                notes.extend(stream.by_line(start..end));
            }
        }
    }
    notes
}

/// Gives labels that bear the mark of a note (`人口※1`) the date that the note says (`※1 R2年4月時点`). The notes, to be
/// claimed.
pub(crate) fn marked(stream: &Stream<'_>, lines: &[Range<u32>], labels: &mut [Label]) -> Vec<Range<u32>> {
    let mut said: Vec<(u32, Period, Range<u32>)> = Vec::new();
    for range in lines {
        let atoms = stream.atoms_of(range.clone());
        let starts = atoms.clone().filter(|&i| is_mark(stream.atoms[i as usize].ch));
        for start in starts {
            let Some((number, from)) = mark(stream, start, atoms.end) else { continue };
            let line = stream.lines[stream.atoms[start as usize].line as usize].atoms.end;
            let ends = |i: &u32| {
                let ch = stream.atoms[*i as usize].ch;
                is_mark(ch) || matches!(ch, '、' | ',' | '。')
            };
            let end = (from..line).find(ends).unwrap_or(line);
            let text = printed(stream, from..end);
            let text = text.trim().trim_start_matches([':', '：', '.', '．', ')', '）']).trim();
            let period = chohyo_normalize::period(text, &Context::default());
            let dated = period.filter(|p| matches!(p.kind, PeriodKind::Month | PeriodKind::Day));
            said.extend(dated.map(|period| (number, period, start..end)));
        }
    }
    if said.is_empty() {
        return Vec::new();
    }
    let mut used = Vec::new();
    for label in labels.iter_mut().filter(|l| l.as_of.is_none() && l.placeholder.is_none()) {
        let dated = matches!(
            label.named,
            Named::Measure(_) | Named::Group(_) | Named::Ratios(_) | Named::RatioRow(..)
        );
        let end = stream.atoms.len() as u32;
        // Behind the label, or in brackets that belong to it.
        let inside = label.atoms.clone().rev().find(|&i| is_mark(stream.atoms[i as usize].ch));
        let found = mark(stream, label.atoms.end, end).or_else(|| mark(stream, inside?, end));
        let Some((number, _)) = found.filter(|_| dated) else { continue };
        if let Some((_, period, note)) = said.iter().find(|(n, ..)| *n == number) {
            label.as_of = Some(period.clone());
            used.push(note.clone());
        }
    }
    used.sort_by_key(|u| u.start);
    used.dedup();
    used
}

fn is_mark(ch: char) -> bool {
    matches!(ch, '※' | '*' | '注')
}

/// The number of the mark that stands here, in brackets or not, and where it ends.
fn mark(stream: &Stream<'_>, at: u32, end: u32) -> Option<(u32, u32)> {
    let ch = |i: u32| stream.atoms.get(i as usize).filter(|_| i < end).map(|a| a.ch);
    let start = at + u32::from(ch(at) == Some('('));
    ch(start).filter(|c| is_mark(*c))?;
    let mut to = start + 1;
    let mut number = 0;
    // What stands behind white space is a number of its own.
    let own = |to: u32| to < start + 3 && (to == start + 1 || !stream.starts_field(to));
    while let Some(digit) = ch(to).and_then(|c| c.to_digit(10)).filter(|_| own(to)) {
        (number, to) = (10 * number + digit, to + 1);
    }
    (to > start + 1).then(|| (number, to + u32::from(ch(to) == Some(')'))))
}

/// What a note calls all that it has not named.
const REST: &[&str] = &["その他", "その他の項目", "その他の数値", "上記以外", "それ以外", "ほか", "他"];

/// Gives a date to all that have none, by themselves or by their group.
pub(crate) fn give_the_rest(form: &SectionForm, labels: &mut [Label], as_of: &Period) {
    let dated: Vec<usize> = labels
        .iter()
        .filter(|l| l.as_of.is_some() || l.placeholder.is_some())
        .filter_map(|l| if let Named::Group(g) = l.named { Some(g) } else { None })
        .collect();
    let of_group = |m: usize| {
        let id = form.measures[m].group.as_ref();
        dated.iter().any(|&g| Some(&form.groups[g].id) == id)
    };
    for label in labels.iter_mut().filter(|l| l.as_of.is_none() && l.placeholder.is_none()) {
        let open = match label.named {
            Named::Measure(m) => !of_group(m),
            Named::Ratios(_) => true,
            _ => false,
        };
        if open {
            label.as_of = Some(as_of.clone());
        }
    }
}

/// Where a note ends: with its block or cell, or where the next one begins; in a dump without blank lines at a caption, or
/// at a line that begins an entry.
fn note_end(stream: &Stream<'_>, start: u32, end: u32, captions: &[u32]) -> u32 {
    let home = |at: u32| {
        let line = &stream.lines[stream.atoms[at as usize].line as usize];
        (line.block, line.cell, line.kind == chohyo_layout::BlockKind::Note)
    };
    let entry = |at: u32| {
        let line = &stream.lines[stream.atoms[at as usize].line as usize].atoms;
        !stream.has_places && line.start == at && opens_entry(stream, line)
    };
    let ends = |at: u32| {
        stream.atoms[at as usize].ch == '※' || home(at) != home(start) || captions.contains(&at) || entry(at)
    };
    (start + 1..end).find(|&at| ends(at)).unwrap_or(end)
}

/// The name and its date, where the note has both.
fn date_of(stream: &Stream<'_>, note: Range<u32>, name: &[char]) -> Option<(Range<u32>, Period)> {
    let ch = |i: u32| stream.atoms[i as usize].ch;
    let at = note.clone().find(|&i| stream.matches(i, note.end, name))?;
    let after = at + name.len() as u32;
    let from = (after < note.end && matches!(ch(after), 'は' | ':')).then_some(after + 1)?;
    let to = (from..note.end).find(|&i| matches!(ch(i), '、' | ',' | '。' | '・')).unwrap_or(note.end);
    let said = printed(stream, from..to);
    let said = said.trim_end_matches(['値', '数']).trim_end_matches('の');
    let period = chohyo_normalize::period(said, &Context::default())?;
    Some((at..after, period))
}

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet};

    #[test]
    fn notes_by_their_marks() {
        let page = Page::default()
            .text(30.0, 30.0, "１ 県又は政令市の基礎情報")
            .grid(&[30.0, 230.0, 330.0], &[50.0, 70.0, 90.0])
            .text(35.0, 64.0, "人口※1")
            .text(240.0, 64.0, "1,087,723人")
            .text(35.0, 84.0, "精神科病床数（※2）")
            .text(240.0, 84.0, "2,674床")
            .text(30.0, 110.0, "※1 令和2年4月1日時点　※2 令和元年6月30日時点");
        let sheet = sheet(&[page]);
        let as_of = |key| sheet.measure(key).and_then(|m| m.as_of.as_ref().map(|p| p.edtf.clone()));
        assert_eq!(as_of("population").as_deref(), Some("2020-04-01"));
        assert_eq!(as_of("psychiatric_beds").as_deref(), Some("2019-06-30"));
    }

    #[test]
    fn a_note_ends_before_a_caption() {
        let sheet = crate::extract_sheet(
            "仙台市\n１ 県又は政令市の基礎情報\n合計 1,900 人\n入院後３か月時点 61.5 ％\n\
             ※入院精神障害者数はR2年3月時点、退院率はR元年6月時点\n取組内容\n・研修会の開催\n",
        )
        .unwrap();
        let initiatives: Vec<&str> = sheet.texts["initiatives"].iter().map(|t| t.text.as_str()).collect();
        assert_eq!(initiatives, ["・研修会の開催"]);
    }

    #[test]
    fn a_note_dates_its_groups() {
        let page = Page::default()
            .text(30.0, 30.0, "１ 県又は政令市の基礎情報")
            .grid(&[30.0, 200.0, 300.0, 350.0], &[50.0, 70.0, 90.0])
            .text(35.0, 64.0, "合計")
            .text(210.0, 64.0, "1,900")
            .text(310.0, 64.0, "人")
            .text(35.0, 84.0, "入院後３か月時点")
            .text(210.0, 84.0, "61.5")
            .text(310.0, 84.0, "％")
            .text(30.0, 110.0, "※入院精神障害者数はR2年3月時点、退院率はR元年6月時点");
        let sheet = sheet(&[page]);
        let as_of = |key: &str| {
            let measure = sheet.measures.iter().find(|m| m.key == key).unwrap();
            measure.as_of.as_ref().map(|p| p.edtf.clone())
        };
        assert_eq!(as_of("inpatients_total").as_deref(), Some("2020-03"));
        assert_eq!(as_of("discharge_rate_3_months").as_deref(), Some("2019-06"));
    }
}
