//! Which lines belong to which section of the form.

mod spellings;

use std::ops::Range;

use crate::diagnostic::Code;
use crate::form::{Form, SectionForm};
use crate::head;
use crate::label;
use crate::sheet::{Diagnostic, Place};
use crate::stream::Stream;

use self::spellings::Spelling;
pub(crate) use self::spellings::Spellings;

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
    let mut found: Vec<Heading> = Vec::new();
    let mut line = 0;
    while line < stream.lines.len() as u32 {
        match heading_at(stream, line, &form.spellings) {
            Some(heading) => {
                line = stream.atoms[heading.title.end as usize - 1].line + 1;
                found.push(heading);
            }
            None => line += 1,
        }
    }
    without_rows(stream, form, &mut found);
    by_measures(stream, form, &mut found);
    by_number(stream, form, &mut found);
    found
}

/// A heading without a number that stands in a row of a table, with text in the cell to its right, is the name of that
/// row where another heading of its section stands outside: 総合評価 | Ａ under the heading 総合評価.
fn without_rows(stream: &Stream<'_>, form: &Form, found: &mut Vec<Heading>) {
    let named: Vec<bool> = found.iter().map(|h| h.number.is_empty() && names_row(stream, h)).collect();
    let others: Vec<usize> =
        found.iter().zip(&named).filter(|(_, named)| !**named).map(|(h, _)| h.section).collect();
    let mut named = named.into_iter();
    found.retain(|h| {
        let row = named.next().unwrap_or(false);
        !row || form.sections[h.section].repeated.is_some() || !others.contains(&h.section)
    });
}

/// True for a heading in a cell of one row with text in the next one.
fn names_row(stream: &Stream<'_>, heading: &Heading) -> bool {
    let line = &stream.lines[stream.atoms[heading.title.start as usize].line as usize];
    let Some((t, c)) = line.cell else { return false };
    let table = &stream.document.pages[line.page as usize].tables[t as usize];
    let own = &table.cells[c as usize];
    let beside =
        |o: &chohyo_layout::Cell| o.columns.start == own.columns.end && o.rows.contains(&own.rows.start);
    let full = |c: usize| stream.lines_of_cell(line.page, t, c as u32).iter().any(|l| !l.atoms.is_empty());
    own.rows.len() == 1 && table.cells.iter().enumerate().any(|(i, o)| beside(o) && full(i))
}

/// Lines over the first label that may hold a heading.
const OVER: u32 = 3;

/// A section of measures without a heading that the form knows begins where half of its labels follow each other
/// before the first heading there is: at a numbered line right over them, if there is one.
fn by_measures(stream: &Stream<'_>, form: &Form, found: &mut Vec<Heading>) {
    let line_of = |h: &Heading| stream.atoms[h.number.start.min(h.title.start) as usize].line;
    let Some(end) = found.first().map(line_of) else { return };
    for (section, own) in form.sections.iter().enumerate() {
        let missing = !own.headings.is_empty() && own.repeated.is_none();
        if own.measures.len() < 2 || !missing || found.iter().any(|h| h.section == section) {
            continue;
        }
        let labels = label::find(stream, own, 0..end);
        let measures = labels.iter().filter(|l| matches!(l.named, label::Named::Measure(_)));
        if 2 * measures.count() < own.measures.iter().filter(|m| !m.optional).count() {
            continue;
        }
        let line = |l: &label::Label| stream.atoms[l.atoms.start as usize].line;
        let first = labels.iter().map(line).min().unwrap_or(0);
        let heading =
            (first.saturating_sub(OVER)..first).rev().find_map(|at| {
                let atoms = stream.lines[at as usize].atoms.clone();
                let number = atoms.start..number_end(stream, atoms.start, atoms.end);
                let title = number.end..atoms.end;
                let beside = stream.page(at).number == stream.page(first).number;
                (beside && !number.is_empty() && !title.is_empty() && title.len() <= HEADING)
                    .then_some(Heading { section, number, title })
            });
        if let Some(heading) = heading {
            found.insert(0, heading);
            return;
        }
    }
}

/// The heading on a line: at its start, or behind other fields (the name of the municipality stands to the
/// left of it on some sheets).
fn heading_at(stream: &Stream<'_>, line: u32, spellings: &Spellings) -> Option<Heading> {
    let this = &stream.lines[line as usize];
    let end = stream.lines[stream.page_end(this.page) as usize - 1].atoms.end;
    let fields = stream.fields_of(line);
    for start in fields.iter().map(|f| f.atoms.start) {
        let number = start..number_end(stream, start, this.atoms.end);
        for from in [number.end, start].into_iter().take(if number.is_empty() { 1 } else { 2 }) {
            // A bracket may be around the heading, or around the first words of it.
            let close = closing_of(stream, from, end);
            let names = [Some((from, None)), close.map(|close| (from + 1, Some(close)))];
            let names = names.into_iter().flatten();
            let marked = from == number.end && !number.is_empty() && this.cell.is_none();
            for (close, (Spelling { section, short, .. }, to)) in names.flat_map(|(name, close)| {
                spellings.at(stream, name, end).into_iter().map(move |found| (close, found))
            }) {
                // Nothing but the name of the municipality, parted by white space, may share its last line.
                if *short && !marked && close.is_none() {
                    continue;
                }
                let to = bracket_end(stream, to, end);
                let to = match close {
                    Some(close) if to < end && stream.atoms[to as usize].ch == close => to + 1,
                    Some(_) => continue,
                    None => to,
                };
                if (to == end || starts_line_or_field(stream, to)) && !before_figures(stream, to) {
                    // A number over the heading is the last one of a table.
                    if from == number.end && !number.is_empty() && !beside(stream, &number, from) {
                        continue;
                    }
                    let number = if from == number.end { number.clone() } else { start..start };
                    return Some(Heading { section: *section, number, title: from..to });
                }
            }
        }
    }
    None
}

/// True when a heading stands at the height of its number; in a dump the order of lines is all there is.
fn beside(stream: &Stream<'_>, number: &Range<u32>, title: u32) -> bool {
    match (stream.bbox(number.clone()), stream.bbox(title..title + 1)) {
        (Some(number), Some(title)) => number.overlap_y(&title) > 0.0,
        _ => true,
    }
}

/// Characters that a heading may have; more are a sentence.
const HEADING: usize = 45;

/// Headings like those that were found, numbered as they are and as large, that the form does not know.
pub(crate) fn unknown(stream: &Stream<'_>, form: &Form, headings: &[Heading]) -> Vec<Diagnostic> {
    let unknown = alike(stream, headings).into_iter().map(|(number, title)| {
        let text = stream.printed_text(title.clone());
        let message = format!("{:?} is a heading that the form {} does not know", text, form.id());
        let page = stream.page(stream.atoms[number.start as usize].line).number;
        let bbox = stream.bbox(number.start..title.end).map(crate::ledger::rounded);
        let place = Place { page, bbox, span: None };
        Diagnostic::new(Code::UnknownSection, message).at(vec![place])
    });
    unknown.collect()
}

/// The numbers and titles of lines that are printed as the headings are, and numbered on with them.
fn alike(stream: &Stream<'_>, headings: &[Heading]) -> Vec<(Range<u32>, Range<u32>)> {
    let style = |number: Range<u32>| -> (String, String) {
        let text = stream.spelled(number);
        text.chars().partition(|c| !c.is_numeric() && !matches!(c, 'I' | 'V' | 'X'))
    };
    let size = |atoms: Range<u32>| stream.bbox(atoms.start..atoms.start + 1).map(|b| b.height());
    let known: Vec<(String, String, f32)> = headings
        .iter()
        .filter(|h| !h.number.is_empty())
        .filter_map(|h| {
            let (style, digits) = style(h.number.clone());
            Some((style, digits, size(h.title.clone())?))
        })
        .collect();
    // Two headings tell how all of them are printed.
    let same = known.windows(2).all(|w| w[0].0 == w[1].0 && (w[0].2 - w[1].2).abs() < 0.5);
    if known.len() < 2 || !same || known.len() < headings.len() {
        return Vec::new();
    }
    let mut out = Vec::new();
    for line in &stream.lines {
        let number = line.atoms.start..number_end(stream, line.atoms.start, line.atoms.end);
        let title = number.end..line.atoms.end;
        if number.is_empty() || title.is_empty() || title.len() > HEADING || line.cell.is_some() {
            continue;
        }
        if headings.iter().any(|h| h.number.start == number.start) {
            continue;
        }
        let (style, digits) = style(number.clone());
        let like = |k: &&(String, String, f32)| {
            k.0 == style && size(title.clone()).is_some_and(|s| (s - k.2).abs() < 0.5)
        };
        let text = stream.printed_text(title.clone());
        let sentence = text.ends_with(['。', '、', '．']) || text.starts_with(|c: char| c.is_ascii_digit());
        let twice = known.iter().any(|k| k.1 == digits) || sentence;
        if twice || !known.iter().any(|k| like(&k)) || below_median(stream, &title, known[0].2) {
            continue;
        }
        out.push((number, title));
    }
    out
}

/// Headings that most sheets print, and that stand where a number is missing among those of the others, are of the
/// section that has this number.
fn by_number(stream: &Stream<'_>, form: &Form, found: &mut Vec<Heading>) {
    const LEAST: usize = 3;
    let missing: Vec<usize> = (0..form.sections.len())
        .filter(|&s| !form.sections[s].headings.is_empty() && found.iter().all(|h| h.section != s))
        .collect();
    if missing.is_empty() || found.len() < LEAST {
        return;
    }
    let number = |atoms: &Range<u32>| ordinal(stream.spelled(atoms.clone()));
    // By how much the number of each heading is greater than its place in the form.
    let mut shifts =
        found.iter().map(|h| Some(i64::from(number(&h.number)?) - i64::try_from(h.section).ok()?));
    let Some(Some(shift)) = shifts.next() else { return };
    if !shifts.all(|s| s == Some(shift)) {
        return;
    }
    for (own, title) in alike(stream, found) {
        let section = number(&own).and_then(|n| usize::try_from(i64::from(n) - shift).ok());
        let Some(section) = section.filter(|s| missing.contains(s)) else { continue };
        // It stands between those that come before it in the form and those that come after.
        let ordered = found.iter().all(|h| (h.section < section) == (h.title.start < title.start));
        if ordered {
            let at = found.partition_point(|h| h.title.start < title.start);
            found.insert(at, Heading { section, number: own, title });
        }
    }
}

/// The number that these characters have in them: `1`, `(2)`, `Ⅲ`, `IV`, `⑤`.
fn ordinal(text: &str) -> Option<u32> {
    let inner: String = text.chars().filter(|c| c.is_numeric() || matches!(c, 'I' | 'V' | 'X')).collect();
    let first = inner.chars().next()?;
    let from = |base: char| u32::from(first) - u32::from(base) + 1;
    match first {
        '0'..='9' => inner.parse().ok(),
        'Ⅰ'..='Ⅻ' => Some(from('Ⅰ')),
        '①'..='⑳' => Some(from('①')),
        _ => ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"]
            .iter()
            .position(|r| *r == inner)
            .and_then(|at| u32::try_from(at + 1).ok()),
    }
}

/// True where headings are no larger than the text of their page: then nothing tells them from entries of a list.
fn below_median(stream: &Stream<'_>, title: &Range<u32>, size: f32) -> bool {
    let page = stream.page(stream.atoms[title.start as usize].line);
    let mut heights: Vec<f32> = page.lines.iter().filter(|l| !l.vertical).map(|l| l.bbox.height()).collect();
    heights.sort_by(f32::total_cmp);
    heights.get(heights.len() / 2).is_none_or(|middle| size < 1.15 * middle)
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
    let mut rest = stream.fields_in(to..line.atoms.end).peekable();
    rest.peek().is_some() && rest.all(|f| crate::figure::figure(stream, f).is_some())
}

fn starts_line_or_field(stream: &Stream<'_>, at: u32) -> bool {
    let line = &stream.lines[stream.atoms[at as usize].line as usize];
    line.atoms.start == at || stream.starts_field(at)
}

/// What closes the bracket that a heading stands in: 【基礎情報】, ＜基礎情報＞.
pub(crate) fn closing_of(stream: &Stream<'_>, at: u32, end: u32) -> Option<char> {
    let opening = stream.atoms.get(at as usize).filter(|_| at < end)?.ch;
    [('【', '】'), ('<', '>'), ('[', ']'), ('〔', '〕'), ('≪', '≫'), ('《', '》'), ('〈', '〉'), ('「', '」')]
        .iter()
        .find(|(open, _)| *open == opening)
        .map(|(_, close)| *close)
}

/// Marks that stand before a heading, with or without a number behind them.
const MARKS: [char; 13] = ['■', '□', '●', '○', '◎', '◆', '◇', '▼', '▽', '▶', '★', '☆', '・'];

/// True for a mark that may stand before a heading.
pub(crate) fn is_mark(ch: char) -> bool {
    MARKS.contains(&ch)
}

/// Where the number or mark that begins a heading ends: `1`, `(2)`, `Ⅲ`, `第4`, `5.`, `■`.
fn number_end(stream: &Stream<'_>, start: u32, end: u32) -> u32 {
    let chars = &stream.atoms[start as usize..end as usize];
    let mut at = 0;
    let opening = |c: char| matches!(c, '(' | '第' | '【' | '[' | '<' | '〔' | '〈' | '≪' | '《');
    let digit = |c: char| {
        c.is_ascii_digit()
            || ('Ⅰ'..='Ⅻ').contains(&c)
            || ('①'..='⑳').contains(&c)
            || matches!(c, 'I' | 'V' | 'X')
    };
    let closing = |c: char| {
        matches!(
            c,
            ')' | '.'
                | ':'
                | '、'
                | '】'
                | ']'
                | '>'
                | '〕'
                | '〉'
                | '≫'
                | '》'
                | '章'
                | '節'
                | '部'
                | '表'
                | '図'
        )
    };
    let kind = |c: char| matches!(c, '表' | '図');
    while chars.get(at).is_some_and(|a| MARKS.contains(&a.ch)) {
        at += 1;
    }
    let marks = at;
    while chars.get(at).is_some_and(|a| opening(a.ch) || kind(a.ch)) {
        at += 1;
    }
    let digits = chars[at..].iter().take_while(|a| digit(a.ch)).count();
    if digits == 0 || digits > 3 {
        return start + marks as u32;
    }
    at += digits;
    while chars.get(at).is_some_and(|a| closing(a.ch)) {
        at += 1;
    }
    start + at as u32
}

/// The stretches between the headings. What stands on a page before its first heading in reading order
/// belongs to that heading where a page is a slide: such a page has one heading, and others follow. So it does where
/// heads of tables of that section stand there, and none of the section before.
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
        let last = cuts.last().and_then(|(_, section)| *section);
        let headed = || {
            let above = first_of_page..from;
            let section = &form.sections[heading.section];
            has_head(stream, section, above.clone())
                && !last.is_some_and(|last| has_head(stream, &form.sections[last], above))
        };
        if !own && !before && (page > 0 || from < 3) && (slides || headed()) {
            // A table over the heading goes on from the page before, unless its own heads say whose it is.
            let title = stream.bbox(heading.title.clone());
            let over = |l: &u32| {
                let line = &stream.lines[*l as usize];
                let bottom = line.cell.and_then(|_| stream.bbox(line.atoms.clone())).map(|b| b.bottom);
                bottom.zip(title.as_ref()).is_some_and(|(bottom, title)| bottom <= title.top)
            };
            let pdf = stream.document.kind == chohyo_layout::SourceKind::Pdf;
            let rest = (first_of_page..from).rev().find(over).filter(|_| pdf && !headed());
            from = rest.map_or(first_of_page, |rest| rest + 1);
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

/// True when a line among these is the head of a column of the section's tables.
fn has_head(stream: &Stream<'_>, section: &SectionForm, mut lines: Range<u32>) -> bool {
    let heads = |line: u32| {
        let fields = stream.fields_of(line).iter().map(|f| std::slice::from_ref(&f.atoms));
        fields
            .flat_map(|f| section.tables.iter().map(move |t| (t, f)))
            .any(|(table, field)| table.columns.iter().any(|c| head::is_head(stream, field, c)))
    };
    lines.any(heads)
}

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet};

    fn unknown(third: &str) -> Vec<String> {
        let page = Page::default()
            .text_of(14.0, 30.0, 30.0, "１ 県又は政令市の基礎情報")
            .text(30.0, 60.0, "保健所数（R2年4月時点）：6か所")
            .text_of(14.0, 30.0, 100.0, "３ 精神障害にも対応した地域包括ケアシステムの構築に向けた取組の経緯")
            .text(30.0, 130.0, "平成29年度：協議の場を設置した。")
            .text(30.0, 145.0, "平成30年度：講演会を開催した。")
            .text(30.0, 160.0, "令和元年度：手引きを作成した。")
            .text_of(14.0, 30.0, 200.0, third)
            .text(30.0, 230.0, "圏域ごとに作成した。");
        let said = sheet(&[page]).diagnostics.into_iter().filter(|d| d.code == "unknown_section");
        said.map(|d| d.message).collect()
    }

    #[test]
    fn a_heading_that_the_form_does_not_know() {
        let [message] = unknown("７ 圏域ごとの社会資源").try_into().unwrap();
        let message: String = message;
        assert!(message.contains("圏域ごとの社会資源"), "{message}");
    }

    #[test]
    fn headings_in_other_words() {
        let titles = [
            "１ 基礎情報",
            "２ 「にも包括」の取組概要",
            "３ あゆみ",
            "４ 取組の成果・効果",
            "５ 強みと課題",
            "６ 今年度の取組スケジュール",
        ];
        let mut page = Page::default();
        for (i, title) in titles.iter().enumerate() {
            let top = 30.0 + 62.0 * i as f32;
            page = page.text_of(14.0, 30.0, top, title);
            for k in 0..2 {
                page = page.text(30.0, top + 20.0 + 15.0 * k as f32, "圏域ごとに話し合いを重ねている。");
            }
        }
        let sheet = sheet(&[page]);
        let ids: Vec<&str> = sheet.sections.iter().map(|s| s.id.as_str()).collect();
        assert_eq!(ids, ["basic_info", "overview", "history", "outcomes", "issues", "schedule"]);
    }

    #[test]
    fn a_heading_with_the_year_it_is_of() {
        let dump = "仙台市\n１ 県又は政令市の基礎情報\n保健所数 6か所\n６ 令和２年度の取組スケジュール\n圏域ごとに\n";
        let sheet = crate::extract_sheet(dump).unwrap();
        let ids: Vec<&str> = sheet.sections.iter().map(|s| s.id.as_str()).collect();
        assert_eq!(ids, ["basic_info", "schedule"]);
    }

    #[test]
    fn the_last_number_of_a_table_is_no_number_of_a_heading() {
        let page = Page::default()
            .text(30.0, 30.0, "５ 精神障害にも対応した地域包括ケアシステムの構築に向けた強みと課題")
            .grid(&[30.0, 200.0, 300.0, 400.0], &[50.0, 70.0, 90.0])
            .text(35.0, 64.0, "課題解決の達成度を測る指標")
            .text(205.0, 64.0, "現状値")
            .text(305.0, 64.0, "目標値")
            .text(35.0, 84.0, "研修の受講者数")
            .text(205.0, 84.0, "5")
            .text(305.0, 84.0, "6")
            .text(
                30.0,
                110.0,
                "精神障害にも対応した地域包括ケアシステムの構築に向けた今年度の取組スケジュール",
            );
        let sheet = sheet(&[page]);
        let numbers: Vec<&str> = sheet.sections.iter().map(|s| s.number.as_str()).collect();
        assert_eq!(numbers, ["５", ""]);
        assert_eq!(sheet.tables["indicators"][0]["target"].text, "6");
    }

    #[test]
    fn a_table_goes_on_over_the_next_heading() {
        let xs = [30.0, 200.0, 260.0, 320.0, 560.0];
        let row = |page: Page, y: f32, name: &str, target: &str, actual: &str| {
            page.text(35.0, y, name).text(205.0, y, target).text(265.0, y, actual).text(
                325.0,
                y,
                "理解が深まった。",
            )
        };
        let first = Page::default()
            .text(30.0, 30.0, "４ 精神障害にも対応した地域包括ケアシステム構築に資する取組の成果・効果")
            .grid(&xs, &[340.0, 365.0, 390.0])
            .text(35.0, 355.0, "課題解決の達成度を測る指標")
            .text(205.0, 355.0, "目標値")
            .text(265.0, 355.0, "実績値")
            .text(325.0, 355.0, "具体的な成果・効果");
        let first = row(first, 380.0, "研修の受講者数", "60人", "50人");
        let next = row(Page::default().grid(&xs, &[20.0, 45.0]), 35.0, "会議の開催数", "4回", "3回");
        let next = next
            .text(30.0, 90.0, "５ 精神障害にも対応した地域包括ケアシステムの構築に向けた強みと課題")
            .text(30.0, 120.0, "会議が定着した。");
        let sheet = sheet(&[first, next]);
        let rows = &sheet.tables["outcomes"];
        let names: Vec<&str> = rows.iter().map(|r| r["indicator"].text.as_str()).collect();
        assert_eq!(names, ["研修の受講者数", "会議の開催数"]);
        let ids: Vec<&str> = sheet.sections.iter().map(|s| s.id.as_str()).collect();
        assert_eq!(ids, ["outcomes", "issues"]);
    }

    #[test]
    fn what_is_no_heading() {
        assert_eq!(
            unknown("６ 精神障害にも対応した地域包括ケアシステムの構築に向けた今年度の取組スケジュール"),
            [""; 0]
        );
        assert_eq!(unknown("７ つの圏域ごとに社会資源の一覧を作成した。"), [""; 0]);
        assert_eq!(unknown("圏域ごとの社会資源"), [""; 0]);
    }

    #[test]
    fn a_heading_with_a_date_in_brackets_in_its_midst() {
        let heading = "５．精神障害にも対応した地域包括ケアシステムの構築に向けた現時点（令和３年度当初）における強みと課題";
        let page =
            Page::default().text_of(10.0, 30.0, 30.0, heading).text(30.0, 60.0, "【特徴（強み）】").text_of(
                10.0,
                30.0,
                90.0,
                "６ 精神障害にも対応した地域包括ケアシステムの構築に向けた今年度の取組スケジュール",
            );
        let sheet = sheet(&[page]);
        let ids: Vec<&str> = sheet.sections.iter().map(|s| s.id.as_str()).collect();
        assert_eq!(ids, ["issues", "schedule"]);
        assert!(sheet.sections[0].title.ends_with("における強みと課題"));
    }

    #[test]
    fn headings_behind_a_mark_or_in_brackets() {
        for heading in ["■都道府県の基礎情報", "【１】政令市の基礎情報", "＜県又は政令市の基礎情報＞"]
        {
            let page = Page::default().text(30.0, 30.0, heading).text(30.0, 60.0, "保健所数：6か所");
            let sheet = sheet(&[page]);
            assert_eq!(sheet.sections.first().map(|s| s.id.as_str()), Some("basic_info"), "{heading}");
        }
    }
}
