//! Prose where the form has a table: entries told by the dates and short headings they begin with.

use std::ops::Range;

use chohyo_layout::BBox;
use chohyo_normalize::{Context, Period};

use crate::form::{ColumnKind, TableForm};
use crate::ledger::Ledger;
use crate::paragraph::{opens_entry, paragraphs};
use crate::sheet::{Row, Status, Text};
use crate::stream::Stream;
use crate::texts::groups;
use crate::value::{self, Column};
use crate::{centred, chronicle, open_text, timeline};

/// Characters of the longest date there is (平成30年度（2018年度）～令和2年度（2020年度）), about.
const LONGEST_DATE: u32 = 32;

/// An entry: its label, and the lines of its content.
struct Entry {
    label: Vec<Range<u32>>,
    content: Vec<Range<u32>>,
    /// Nothing says whose the text of this entry and those beside it is.
    doubtful: bool,
}

impl Entry {
    fn new(label: Vec<Range<u32>>, content: Vec<Range<u32>>) -> Self {
        Self { label, content, doubtful: false }
    }
}

/// What prose says.
#[derive(Default)]
pub(crate) struct Prose {
    pub rows: Vec<Row>,
    /// The headings over several entries.
    pub headings: Vec<Text>,
    /// The arrows between dates and their text.
    pub furniture: Vec<Text>,
}

/// The entries in these lines.
pub(crate) fn rows(
    ledger: &mut Ledger<'_, '_>,
    form: &TableForm,
    lines: &[Range<u32>],
    names: &[&str],
    context: &Context,
) -> Prose {
    let column = |kind| form.columns.iter().find(|c| c.kind == kind).map(|c| c.name.clone());
    let (Some(period), Some(text)) = (column(ColumnKind::Period), column(ColumnKind::Text)) else {
        return Prose::default();
    };
    // Of two texts, the first one stands on the line of the date, or on the line under it.
    let second = form.columns.iter().filter(|c| c.kind == ColumnKind::Text).nth(1).map(|c| c.name.clone());
    let (mut entries, mut told): (Vec<Entry>, Vec<Entry>) = Default::default();
    let (mut headings, mut furniture): (Vec<Range<u32>>, Vec<Range<u32>>) = Default::default();
    for range in lines {
        let groups: Vec<Vec<Range<u32>>> = groups(ledger, range.clone())
            .into_iter()
            .filter(|g| !is_running(ledger.stream, g, names))
            .collect();
        // All of a page's text is one column: what wraps in it is told by its widest line.
        let parts: Vec<Range<u32>> = groups.iter().flatten().cloned().collect();
        if ledger.stream.has_places {
            let events = match chronicle::read(ledger.stream, &parts, context) {
                Some(found) => {
                    furniture.extend(found.arrows);
                    Some(found.events)
                }
                None => timeline::events(ledger.stream, &groups, context),
            };
            if let Some(events) = events {
                entries.extend(events.into_iter().map(|(label, content)| Entry::new(label, content)));
                continue;
            }
        }
        let parts = if ledger.stream.has_places { rejoined(ledger.stream, &parts, context) } else { parts };
        let written = || {
            centred::entries(ledger.stream, &parts, context)
                .or_else(|| backwards(ledger.stream, &parts, context))
        };
        if let Some(found) = (!ledger.stream.has_places).then(written).flatten() {
            told.extend(found.into_iter().map(|(label, content)| Entry::new(vec![label], content)));
            continue;
        }
        let first = entries.len();
        let opens: Vec<u32> = groups.iter().filter_map(|g| g.first()).map(|p| p.start).collect();
        let wraps: Vec<bool> = wraps(ledger.stream, &parts);
        for (i, part) in parts.iter().enumerate() {
            let stream = ledger.stream;
            let marked = part.start + marks(stream, part);
            if let Some(label) = dated(stream, &(marked..part.end), context) {
                let rest = label.end..part.end;
                let content = if rest.is_empty() { Vec::new() } else { vec![rest] };
                furniture.extend((marked > part.start).then_some(part.start..marked));
                entries.push(Entry::new(vec![label], content));
            } else if !wraps[i]
                && (i == 0 || !wraps[i - 1])
                && (opens.contains(&part.start) || hangs(stream, &parts, i))
                && heading(stream, part)
                && i + 1 < parts.len()
                // What stands under a date alone is what was done then.
                && entries.last().is_none_or(|e| !e.content.is_empty())
                && apart(&entries[first..]) < 2
            {
                let next = &parts[i + 1];
                if dated(stream, &(next.start + marks(stream, next)..next.end), context).is_some() {
                    headings.push(part.clone());
                } else {
                    entries.push(Entry::new(vec![part.clone()], Vec::new()));
                }
            } else if let Some(entry) = entries.last_mut() {
                entry.content.push(part.clone());
            }
        }
        if !ledger.stream.has_places {
            share(ledger.stream, &mut entries[first..]);
        }
    }
    if !ledger.stream.has_places {
        doubt(ledger.stream, &mut entries, context);
    }
    let said = Column::default();
    entries.extend(told);
    entries.sort_by_key(|e| e.label.first().map(|l| l.start));
    let rows = entries
        .into_iter()
        .map(|entry| {
            let mut row = Row::new();
            let label = value::cell(ledger, &entry.label, ColumnKind::Period, &said, context);
            row.insert(period.clone(), label);
            let mut parts = entry.content;
            if let Some(second) = &second {
                let rest = behind_first(ledger, &mut parts);
                row.insert(second.clone(), value::cell(ledger, &rest, ColumnKind::Text, &said, context));
            }
            let mut content = value::cell(ledger, &parts, ColumnKind::Text, &said, context);
            if entry.doubtful {
                content.status = Some(Status::Ambiguous);
            }
            row.insert(text.clone(), content);
            row
        })
        .collect();
    let mut texts = |parts: Vec<Range<u32>>| parts.into_iter().map(|p| ledger.take(&[vec![p]])).collect();
    Prose { rows, headings: texts(headings), furniture: texts(furniture) }
}

/// True for the name of the municipality or the number of a page, which most pages have.
pub(crate) fn is_running(stream: &Stream<'_>, parts: &[Range<u32>], names: &[&str]) -> bool {
    let text: String = parts.iter().map(|p| stream.spelled(p.clone())).collect();
    names.contains(&text.as_str()) || text.chars().all(|c| c.is_ascii_digit())
}

/// Parts the text of an entry behind its first line, or behind the colon or the white space in it; what parts them is
/// a mark.
fn behind_first(ledger: &mut Ledger<'_, '_>, content: &mut Vec<Range<u32>>) -> Vec<Range<u32>> {
    let stream = ledger.stream;
    let Some(first) = content.first().cloned() else { return Vec::new() };
    if let Some(rest) = behind_quoted(ledger, content) {
        return rest;
    }
    let colon = first.clone().find(|&i| stream.atoms[i as usize].ch == ':').filter(|&i| i > first.start);
    let mut rest: Vec<Range<u32>> = Vec::new();
    if let Some(colon) = colon {
        ledger.mark(colon..colon + 1);
        rest.push(colon + 1..first.end);
        rest.extend(content.drain(1..));
        content[0] = first.start..colon;
    } else if content.len() > 1 {
        // The line of the date has the first text, whatever its length.
        let parted = open_text::first_text(stream, content, f32::INFINITY);
        let (lead, others) = parted.unwrap_or_else(|| (vec![first], content[1..].to_vec()));
        rest.extend(others);
        *content = lead;
    } else if let mut fields = stream.fields_in(first.clone())
        && let Some(one) = fields.next()
        && let Some(last) = fields.next_back()
    {
        rest.push(one.end..last.end);
        content[0] = one;
    }
    rest.retain(|p| !p.is_empty());
    rest
}

/// The same where the first text stands in quotes: 「研修会」 事例を学ぶ. They are what parts the two.
fn behind_quoted(ledger: &mut Ledger<'_, '_>, content: &mut Vec<Range<u32>>) -> Option<Vec<Range<u32>>> {
    let stream = ledger.stream;
    let first = content.first().cloned()?;
    let ch = |i: u32| stream.atoms[i as usize].ch;
    let close = [('「', '」'), ('『', '』')].iter().find(|(open, _)| *open == ch(first.start))?.1;
    let end = first.clone().find(|&i| ch(i) == close)?;
    // 「研修会」の開催 goes on.
    let parted = end + 1 == first.end || ch(end + 1) == ':' || stream.starts_field(end + 1);
    if !parted || end == first.start + 1 || end + 1 == first.end && content.len() == 1 {
        return None;
    }
    let colon = u32::from(end + 1 < first.end && ch(end + 1) == ':');
    ledger.mark(first.start..first.start + 1);
    ledger.mark(end..end + 1 + colon);
    let mut rest: Vec<Range<u32>> = std::iter::once(end + 1 + colon..first.end).collect();
    rest.extend(content.drain(1..));
    content[0] = first.start + 1..end;
    rest.retain(|p| !p.is_empty());
    Some(rest)
}

/// White space (in heights of a line) that one line may have between a date and its text.
const BESIDE: f32 = 4.0;

/// The parts with the text of a line behind its date, where the layout took the white space between the two for that
/// between columns.
fn rejoined(stream: &Stream<'_>, parts: &[Range<u32>], context: &Context) -> Vec<Range<u32>> {
    let page = |p: &Range<u32>| stream.lines[stream.atoms[p.start as usize].line as usize].page;
    let bare = |p: &Range<u32>| {
        let marked = p.start + marks(stream, p)..p.end;
        dated(stream, &marked, context).is_some_and(|date| date.end == p.end)
    };
    let boxes: Vec<Option<BBox>> = parts.iter().map(|p| stream.bbox(p.clone())).collect();
    let mut behind: Vec<Option<usize>> = vec![None; parts.len()];
    let mut moved = vec![false; parts.len()];
    for i in 0..parts.len() {
        let Some(own) = boxes[i].filter(|_| bare(&parts[i])) else { continue };
        let beside = |j: &usize| {
            page(&parts[*j]) == page(&parts[i])
                && boxes[*j].is_some_and(|b| {
                    b.overlap_y(&own) > 0.5 * own.height()
                        && (0.0..BESIDE * own.height()).contains(&(b.x0 - own.x1))
                })
        };
        // Next to it already, or further behind.
        let found = (i + 1..parts.len()).take(NEAR).find(beside).filter(|&j| j > i + 1 && !moved[j]);
        if let Some(j) = found {
            behind[i] = Some(j);
            moved[j] = true;
        }
    }
    let mut out = Vec::with_capacity(parts.len());
    for (i, part) in parts.iter().enumerate().filter(|(i, _)| !moved[*i]) {
        out.push(part.clone());
        out.extend(behind[i].map(|j| parts[j].clone()));
    }
    out
}

/// How many lines behind a date its text is looked for.
const NEAR: usize = 60;

/// How many dates the last text stands behind: those without text of their own, with the last one.
fn apart(entries: &[Entry]) -> usize {
    let before = entries.iter().rev().skip(1).take_while(|e| e.content.is_empty()).count();
    before + usize::from(!entries.is_empty())
}

/// Texts that a dump has behind several dates, because their boxes stand beside them or below: as many boxes as dates
/// are one each, with no doubt where they are as high; else nothing says whose they are.
fn share(stream: &Stream<'_>, entries: &mut [Entry]) {
    let block = |part: &Range<u32>| stream.lines[stream.atoms[part.start as usize].line as usize].block;
    let mut from = 0;
    for at in 0..entries.len() {
        if entries[at].content.is_empty() {
            continue;
        }
        let dates = &mut entries[std::mem::replace(&mut from, at + 1)..=at];
        let [.., last] = &*dates else { continue };
        let boxes: Vec<Vec<Range<u32>>> =
            last.content.chunk_by(|a, b| block(a) == block(b)).map(<[_]>::to_vec).collect();
        if dates.len() < 2 {
            continue;
        }
        if boxes.len() == dates.len() {
            // Boxes of unlike heights may have been written in the order of these.
            let doubtful = boxes.iter().any(|b| b.len() != boxes[0].len());
            for (entry, text) in dates.iter_mut().zip(boxes) {
                (entry.content, entry.doubtful) = (text, doubtful);
            }
        } else {
            for entry in dates.iter_mut() {
                entry.doubtful = true;
            }
        }
    }
}

/// The least number of dates whose order says something.
const DATES: usize = 3;

/// The entries of a dump that was written from the end to the beginning: dates alone on their lines, the latest first, each behind
/// its text, and none behind the last one.
fn backwards(stream: &Stream<'_>, parts: &[Range<u32>], context: &Context) -> Option<Vec<centred::Entry>> {
    let bare = |p: &Range<u32>| {
        let own = p.start + marks(stream, p)..p.end;
        dated(stream, &own, context).is_some_and(|date| date.end == p.end)
    };
    let (first, last) = (parts.first()?, parts.last()?);
    if bare(first) || !bare(last) {
        return None;
    }
    let mut entries = Vec::new();
    let mut starts: Vec<Period> = Vec::new();
    let mut content: Vec<Range<u32>> = Vec::new();
    for part in parts {
        if !bare(part) {
            // A date with its text behind it.
            if dated(stream, part, context).is_some() {
                return None;
            }
            content.push(part.clone());
            continue;
        }
        let inner = part.start + marks(stream, part)..part.end;
        starts.push(chohyo_normalize::period(stream.printed_text(inner), context)?);
        if content.is_empty() {
            return None;
        }
        entries.push((part.clone(), std::mem::take(&mut content)));
    }
    let latest_first = starts.windows(2).all(|w| w[0].start > w[1].start);
    (entries.len() >= DATES && latest_first).then_some(entries)
}

/// What cannot be told of the entries of a dump: whose text it is, where dates stand without any, and where a line that is
/// no sentence stands in the place of a date.
fn doubt(stream: &Stream<'_>, entries: &mut [Entry], context: &Context) {
    // Where the text of some stands beside their dates, and a single line below another, the dates stand at half the height of
    // their rows, and what stands below one may be the next one's.
    let line = |at: u32| stream.atoms[at as usize].line;
    let beside = |e: &Entry| {
        let ends = e.label.last().zip(e.content.first());
        ends.is_some_and(|(label, content)| line(label.end - 1) == line(content.start))
    };
    let below = |e: &Entry| e.content.len() == 1 && !beside(e);
    let last = entries.len().saturating_sub(1);
    let mixed = entries.iter().any(beside) && entries[..last].iter().any(below);
    let empty = |e: &Entry| e.content.is_empty();
    let dated = |e: &Entry| e.label.iter().any(|l| dated(stream, l, context).is_some());
    let sentence = |e: &Entry| e.content.iter().any(|p| stream.printed_text(p.clone()).contains('。'));
    let strange = |e: &Entry| !dated(e) && !sentence(e);
    if mixed || entries.iter().any(empty) || entries.iter().any(dated) && entries.iter().any(strange) {
        for entry in entries {
            entry.doubtful = true;
        }
    }
}

/// For each part, whether it goes on in the next one.
pub(crate) fn wraps(stream: &Stream<'_>, parts: &[Range<u32>]) -> Vec<bool> {
    let mut out = Vec::with_capacity(parts.len());
    for paragraph in paragraphs(stream, parts) {
        out.extend((0..paragraph.len()).map(|i| i + 1 < paragraph.len()));
    }
    out
}

/// True on a page where the next line is indented against this one.
fn hangs(stream: &Stream<'_>, parts: &[Range<u32>], i: usize) -> bool {
    let left = |part: &Range<u32>| stream.bbox(part.clone()).map(|b| (b.x0, b.height()));
    match (parts.get(i).and_then(left), parts.get(i + 1).and_then(left)) {
        (Some((x0, height)), Some((below, _))) => below > x0 + 0.5 * height,
        _ => false,
    }
}

/// The date that begins a line: in brackets, or followed by white space, a colon, or nothing.
pub(crate) fn dated(stream: &Stream<'_>, part: &Range<u32>, context: &Context) -> Option<Range<u32>> {
    let first = stream.atoms.get(part.start as usize).filter(|_| !part.is_empty())?.ch;
    // 平成21年度：…, whatever white space is in the date.
    let near = part.start..part.end.min(part.start + LONGEST_DATE);
    if let Some(colon) = near.clone().find(|&i| stream.atoms[i as usize].ch == ':') {
        let period = chohyo_normalize::period(stream.printed_text(part.start..colon), context);
        if period.is_some_and(|p| p.start.is_some()) {
            return Some(part.start..colon + 1);
        }
    }
    let frame = [('【', '】'), ('<', '>'), ('[', ']'), ('〔', '〕'), ('〈', '〉')];
    let close = frame.iter().find(|(open, _)| *open == first).map(|(_, close)| *close);
    let end = if let Some(close) = close {
        near.clone().find(|&i| stream.atoms[i as usize].ch == close)? + 1
    } else if first == '(' {
        closing(stream, part)? + 1
    } else {
        return bare_date(stream, &near, context);
    };
    let inner = if first == '(' || close.is_some() { part.start + 1..end - 1 } else { part.start..end };
    let period = chohyo_normalize::period(stream.printed_text(inner), context)?;
    period.start.map(|_| part.start..end)
}

/// The longest date that begins a line, whatever white space is in it: `H18 年度`.
fn bare_date(stream: &Stream<'_>, near: &Range<u32>, context: &Context) -> Option<Range<u32>> {
    let ends: Vec<u32> = stream.fields_in(near.clone()).map(|f| f.end.min(near.end)).collect();
    ends.into_iter().rev().map(|end| near.start..end).find(|date| {
        chohyo_normalize::period(stream.printed_text(date.clone()), context)
            .is_some_and(|p| p.start.is_some())
    })
}

/// How many marks stand before the date of an entry.
fn marks(stream: &Stream<'_>, part: &Range<u32>) -> u32 {
    let mark = |c: char| "■□●○◎◆◇▼▽▶★☆・".contains(c);
    let count = part.clone().take_while(|&i| mark(stream.atoms[i as usize].ch)).count() as u32;
    if count < part.len() as u32 { count } else { 0 }
}

/// Where the bracket that begins this part closes; （平成31年度（令和元年度）） has another in it.
fn closing(stream: &Stream<'_>, part: &Range<u32>) -> Option<u32> {
    let mut depth = 0_u32;
    part.clone().find(|&i| {
        match stream.atoms[i as usize].ch {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    })
}

/// True for a line that can be a heading: not an entry of a list, not a sentence.
fn heading(stream: &Stream<'_>, part: &Range<u32>) -> bool {
    let text = stream.printed_text(part.clone());
    !opens_entry(stream, part) && !text.ends_with(['。', '．', '、', '）', ')']) && text.chars().count() >= 4
}

#[cfg(test)]
mod tests {
    use crate::extract_sheet;
    use crate::sheet::{Row, Status};

    fn history(lines: &str) -> Vec<Row> {
        let heading = "３ 精神障害にも対応した地域包括ケアシステムの構築に向けた取組の経緯";
        extract_sheet(format!("仙台市\n\n{heading}\n\n{lines}")).unwrap().tables["history"].clone()
    }

    #[test]
    fn as_many_boxes_as_dates_are_one_each() {
        let rows = history("平成21年度\n\n平成22年度\n\n調査を実施\n\n協議の場を設置\n");
        let texts: Vec<&str> = rows.iter().map(|r| r["content"].text.as_str()).collect();
        assert_eq!(texts, ["調査を実施", "協議の場を設置"]);
        assert!(rows.iter().all(|r| r["content"].status.is_none()));
        let rows = history("平成21年度\n\n平成22年度\n\n・調査を実施\n\n・協議の場を設置\n・講演会を開催\n");
        assert_eq!(rows[1]["content"].text, "・協議の場を設置\n・講演会を開催");
        assert!(rows.iter().all(|r| r["content"].status == Some(Status::Ambiguous)));
    }

    #[test]
    fn other_numbers_of_boxes_are_of_nobody() {
        let rows = history("平成21年度\n\n平成22年度\n\n平成23年度\n\n調査を実施\n\n協議の場を設置\n");
        assert!(rows.iter().all(|r| r["content"].status == Some(Status::Ambiguous)), "{rows:?}");
    }

    fn sure(rows: &[Row]) -> Vec<bool> {
        rows.iter().map(|r| r["content"].status != Some(Status::Ambiguous)).collect()
    }

    #[test]
    fn a_date_with_white_space_in_it() {
        let rows = history("H18 年度\n\n調査を実施\n\nH19 年度～ 協議の場を設置\n");
        let texts: Vec<[&str; 2]> =
            rows.iter().map(|r| ["period", "content"].map(|c| r[c].text.as_str())).collect();
        assert_eq!(texts, [["H18 年度", "調査を実施"], ["H19 年度～", "協議の場を設置"]]);
    }

    #[test]
    fn a_page_that_was_written_from_its_end() {
        let rows = history(
            "ピアサポーター養成講座\nの開始\n平成24年度\n協議の場を設置\n平成22年度\n調査を実施\n平成21年度\n",
        );
        let texts: Vec<[&str; 2]> =
            rows.iter().map(|r| ["period", "content"].map(|c| r[c].text.as_str())).collect();
        let expected = [
            ["平成24年度", "ピアサポーター養成講座の開始"],
            ["平成22年度", "協議の場を設置"],
            ["平成21年度", "調査を実施"],
        ];
        assert_eq!(texts, expected);
        assert_eq!(sure(&rows), [true; 3]);
    }

    #[test]
    fn entries_that_nothing_parts_are_doubtful() {
        let rows = history("平成21年度\n調査を実施\n平成22年度\n協議の場を設置\n");
        assert_eq!(sure(&rows), [true; 2]);
        // A date without a text: the texts may be the other way round.
        let rows = history("平成21年度\n調査を実施\n平成22年度\n協議の場を設置\n平成23年度\n");
        assert_eq!(sure(&rows), [false; 3]);
        // A line that is neither a date nor a sentence, before them.
        let rows = history(
            "体制・会議\n\n事業・研修\n\nピア活動の窓口を開設\n\n合同研修を開催\n\n平成21年度\n\n調査を実施\n\n平成22年度\n\n協議の場を設置\n",
        );
        assert!(sure(&rows).iter().all(|s| !s), "{rows:?}");
        // Dates at half the height of their rows.
        let rows = history(
            "平成21年度 調査を実施\n研修を開始\n平成22年度\n協議の場を設置\n平成23年度 講演会を開催\n家族会の発足\n",
        );
        assert!(sure(&rows).iter().all(|s| !s), "{rows:?}");
    }

    #[test]
    fn texts_at_the_height_of_their_dates_and_in_quotes() {
        use crate::page_maker::{Page, sheet, texts};
        let page = Page::default()
            .text(
                30.0,
                30.0,
                "６ 精神障害にも対応した地域包括ケアシステムの構築に向けた今年度の取組スケジュール",
            )
            .text(30.0, 60.0, "・令和2年7月〜")
            .text(125.0, 60.0, "「研修会」　事例を学ぶ")
            .text(30.0, 75.0, "・令和2年8月〜")
            .text(125.0, 75.0, "「圏域別連絡会」　課題を整理する")
            .text(30.0, 90.0, "・令和2年11月　「部会 会議」　方針を確認する");
        assert_eq!(
            texts(&sheet(&[page]), "schedule", ["period", "item", "content"]),
            [
                ["令和2年7月〜", "研修会", "事例を学ぶ"],
                ["令和2年8月〜", "圏域別連絡会", "課題を整理する"],
                ["令和2年11月", "部会 会議", "方針を確認する"],
            ]
        );
    }
}
