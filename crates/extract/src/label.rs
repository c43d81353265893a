//! Labels of a section: where each stands, and what its brackets say.

use std::borrow::Cow;
use std::ops::Range;

use chohyo_normalize::{Context, Period};

use crate::form::{Alias, SectionForm};
use crate::stream::Stream;
use crate::trie::Trie;

/// What a label names, by index into the section's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    /// The measures with this label: the first one; others (its share) have the same labels.
    Measure(usize),
    Group(usize),
    Ratios(usize),
    /// A row of the ratios: (ratios, row).
    RatioRow(usize, usize),
    /// A share of the measure over it, by a name that all shares have: the share's index.
    Share(usize),
    Text(usize),
    Field(usize),
    Caption,
}

/// A label found in the text.
#[derive(Clone, Debug)]
pub(crate) struct Label {
    pub named: Named,
    /// The label with its brackets, line by line; what a placeholder takes is left out.
    pub parts: Vec<Range<u32>>,
    /// From its first to its last atom.
    pub atoms: Range<u32>,
    /// The date in its brackets.
    pub as_of: Option<Period>,
    /// Unfilled template text in its brackets (R●年●月時点).
    pub placeholder: Option<Range<u32>>,
}

/// Brackets after a label are read over this many characters; longer ones are not a date or a note.
const BRACKET: u32 = 40;

/// A name of the form that is looked for.
#[derive(Clone, Debug)]
struct Sought {
    named: Named,
    alias: Alias,
    /// One of several words, which have to stand in one place.
    whole: bool,
}

/// All that a section's form names, made ready to be looked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    sought: Trie<Sought>,
    /// The labels of measures and ratios, one after the other.
    labels: String,
}

impl Names {
    pub(crate) fn of(form: &SectionForm) -> Self {
        let mut aliases: Vec<(Named, &Alias)> = Vec::new();
        for (i, measure) in form.measures.iter().enumerate() {
            if form.measures[..i].iter().all(|m| m.labels != measure.labels) {
                aliases.extend(measure.labels.iter().map(|a| (Named::Measure(i), a)));
            }
        }
        for (i, group) in form.groups.iter().enumerate() {
            aliases.extend(group.labels.iter().map(|a| (Named::Group(i), a)));
        }
        for (i, share) in form.shares.iter().enumerate() {
            aliases.extend(share.labels.iter().map(|a| (Named::Share(i), a)));
        }
        for (i, ratios) in form.ratios.iter().enumerate() {
            aliases.extend(ratios.labels.iter().map(|a| (Named::Ratios(i), a)));
            aliases.extend(ratios.rows.iter().enumerate().map(|(r, a)| (Named::RatioRow(i, r), a)));
        }
        for (i, field) in form.fields.iter().enumerate().filter(|(_, f)| !f.behind) {
            aliases.extend(field.labels.iter().map(|a| (Named::Field(i), a)));
        }
        for (i, text) in form.texts.iter().enumerate() {
            aliases.extend(text.headings.iter().map(|a| (Named::Text(i), a)));
        }
        aliases.extend(form.captions.iter().map(|a| (Named::Caption, a)));
        let sought = |named, alias, whole| Sought { named, alias, whole };
        let mut all: Vec<Sought> = aliases.into_iter().map(|(n, a)| sought(n, a.clone(), false)).collect();
        all.extend(whole_names(form).into_iter().map(|(m, alias)| sought(Named::Measure(m), alias, true)));
        all.retain(|s| !s.alias.canonical.is_empty());
        let mut labels = String::new();
        let measures = form.measures.iter().flat_map(|m| &m.labels);
        for label in measures.chain(form.ratios.iter().flat_map(|r| &r.labels)) {
            labels.extend(&label.canonical);
            labels.push('\n');
        }
        Self { sought: Trie::of(all.into_iter().map(|s| (s.alias.canonical.clone(), s))), labels }
    }

    /// True when this text is a piece of the label of a measure or ratio.
    pub(crate) fn is_piece(&self, text: &str) -> bool {
        self.labels.contains(text)
    }

    /// True when these atoms, in brackets of a line of their own, are the name of a measure: it is no note to the name
    /// before it.
    fn measure_in_brackets(&self, stream: &Stream<'_>, inner: Range<u32>) -> bool {
        !inner.is_empty()
            && is_line(stream, inner.start - 1..inner.end + 1)
            && self
                .at(stream, inner.clone())
                .any(|s| matches!(s.named, Named::Measure(_)) && s.alias.canonical.len() == inner.len())
    }

    /// The names of sentences that these atoms begin with, longer ones first.
    pub(crate) fn in_sentences(
        &self,
        stream: &Stream<'_>,
        atoms: Range<u32>,
    ) -> impl Iterator<Item = (Named, &Alias)> {
        use Named::{Group, Measure, RatioRow, Ratios};
        let told =
            |s: &&Sought| !s.whole && matches!(s.named, Measure(_) | Group(_) | Ratios(_) | RatioRow(..));
        self.at(stream, atoms).filter(told).map(|s| (s.named, &s.alias))
    }

    /// The names that these atoms begin with, longer ones first.
    fn at(&self, stream: &Stream<'_>, atoms: Range<u32>) -> impl Iterator<Item = &Sought> {
        self.sought.prefixes(stream.chars(atoms))
    }
}

/// All labels of the section's form in these lines, in reading order.
pub(crate) fn find(stream: &Stream<'_>, form: &SectionForm, lines: Range<u32>) -> Vec<Label> {
    let all = stream.atoms_of(lines);
    let mut found = Vec::new();
    let mut at = all.start;
    while at < all.end {
        // The name of all shares says nothing where no row ties it to a measure.
        let may_stand = |s: &&Sought| {
            (stream.has_places || !matches!(s.named, Named::Share(_)))
                && (!s.whole || is_whole(stream, at, &s.alias))
        };
        let mut here = form.names.at(stream, at..all.end).filter(may_stand);
        match here.find_map(|s| label_at(stream, &form.names, at..all.end, s.named, &s.alias)) {
            Some(label) => {
                at = label.atoms.end;
                found.push(label);
            }
            None => at += 1,
        }
    }
    found
}

/// Labels of measures behind the name of their group: `退院率（入院後３か月時点）`, `入院精神障害者数 合計`.
fn whole_names(form: &SectionForm) -> Vec<(usize, Alias)> {
    let mut out = Vec::new();
    for (i, measure) in form.measures.iter().enumerate() {
        let group = form.groups.iter().find(|g| Some(&g.id) == measure.group.as_ref());
        let first = form.measures[..i].iter().all(|m| m.labels != measure.labels);
        for (name, own) in group
            .iter()
            .filter(|_| first)
            .flat_map(|g| &g.labels)
            .flat_map(|g| measure.labels.iter().map(move |l| (g, l)))
        {
            let spelled =
                |open: &str, close: &str| Alias::of(format!("{}{open}{}{close}", name.written, own.written));
            out.extend([spelled("（", "）"), spelled("", ""), spelled("・", "")].map(|alias| (i, alias)));
        }
    }
    out
}

/// True when all of a name stands in one cell of a page, or on one line.
fn is_whole(stream: &Stream<'_>, at: u32, alias: &Alias) -> bool {
    let last = at as usize + alias.canonical.len() - 1;
    let Some(last) = stream.atoms.get(last) else { return false };
    let (first, last) = (stream.atoms[at as usize].line, last.line);
    let cell = |line: u32| (stream.lines[line as usize].page, stream.lines[line as usize].cell);
    first == last || cell(first).1.is_some() && cell(first) == cell(last)
}

/// The labels of the section's fields alone.
pub(crate) fn find_fields(stream: &Stream<'_>, form: &SectionForm, lines: &[Range<u32>]) -> Vec<Label> {
    let all = lines.iter().flat_map(|l| find(stream, form, l.clone()));
    all.filter(|l| matches!(l.named, Named::Field(_))).collect()
}

/// The label of this name, which these atoms begin with.
fn label_at(
    stream: &Stream<'_>,
    names: &Names,
    Range { start: at, end }: Range<u32>,
    named: Named,
    alias: &Alias,
) -> Option<Label> {
    if named == Named::Caption && !begins(stream, at) {
        let field = dated_caption(stream, at, alias)?;
        let parts = vec![field.clone()];
        return Some(Label { named, parts, atoms: field, as_of: None, placeholder: None });
    }
    let pdf = stream.document.kind == chohyo_layout::SourceKind::Pdf;
    let enumerated = (matches!(named, Named::Field(_)) || pdf) && enumerated_from(stream, at) < at;
    let framed = framed(stream, at, at + alias.canonical.len() as u32, end, named);
    if !begins(stream, at) && !enumerated && framed.is_none() {
        return None;
    }
    // `42 市町村` is a number with its unit, and no row of that name.
    if matches!(named, Named::RatioRow(..)) && behind_figure(stream, at) {
        return None;
    }
    let name_end = at + alias.canonical.len() as u32;
    let ch = |i: u32| stream.atoms.get(i as usize).map(|a| a.ch);
    let follows = matches!(ch(name_end), Some('(' | ':' | '【' | '※' | '*')) || framed.is_some();
    if name_end < end && !begins(stream, name_end) && !follows {
        return None;
    }
    // The frame closes behind the name, or behind its date.
    let closes = |at: u32| u32::from(at < end && framed.is_some() && ch(at) == framed);
    let atoms = framed.map_or(at, |_| at - 1)..name_end + closes(name_end);
    let mut label = Label { named, parts: Vec::new(), atoms, as_of: None, placeholder: None };
    let mut dates_end = name_end;
    while let Some((close, one_home)) = bracket(stream, label.atoms.end, end) {
        let inner = label.atoms.end + 1..close - 1;
        if names.measure_in_brackets(stream, inner.clone()) {
            break;
        }
        let text = stream.spelled(inner.clone());
        if chohyo_normalize::is_placeholder(text.trim_end_matches("時点").trim_end_matches("現在")) {
            label.placeholder = Some(inner);
        } else if let Some(period) =
            chohyo_normalize::period(&printed(stream, inner.clone()), &Context::default())
        {
            label.as_of = label.as_of.or(Some(period));
            // All digits of what reads as a date are the date's, on however many lines.
            dates_end = close;
        } else if !one_home
            || stream.by_line(inner.clone()).count() > 1
                && !in_cell(stream, at, close)
                && (text.contains(|c: char| c.is_ascii_digit()) || begins_date(stream, inner))
        {
            // Lines of other columns stand in it.
            break;
        }
        label.atoms.end = close;
    }
    if closes(name_end) == 0 {
        label.atoms.end += closes(label.atoms.end);
    }
    if label.as_of.is_none()
        && let Some((close, period)) = unclosed(stream, label.atoms.end, end)
    {
        (label.atoms.end, label.as_of) = (close, Some(period));
    }
    match &label.placeholder {
        Some(inner) => label.parts.extend([label.atoms.start..inner.start, inner.end..label.atoms.end]),
        None => label.parts = without_figures(stream, label.atoms.clone(), dates_end),
    }
    Some(label)
}

/// What closes the frame around a name, and what stands in brackets behind it: 【取組内容】, ＜退院率（R3年6月時点）＞; of
/// shares, （割合）; of a measure on a line of its own, （うち65歳未満）.
fn framed(stream: &Stream<'_>, at: u32, name_end: u32, end: u32, named: Named) -> Option<char> {
    let open = at.checked_sub(1).filter(|&open| begins(stream, open))?;
    let ch = |i: u32| Some(stream.atoms.get(i as usize).filter(|_| i < end)?.ch);
    let opening = ch(open)?;
    let pdf = stream.document.kind == chohyo_layout::SourceKind::Pdf;
    let alone = matches!(named, Named::Measure(_)) && is_line(stream, open..name_end + 1);
    let round = opening == '(' && (matches!(named, Named::Share(_)) && pdf || alone);
    let frames =
        [('【', '】'), ('<', '>'), ('[', ']'), ('〔', '〕'), ('《', '》'), ('〈', '〉'), ('「', '」')];
    let frame = || frames.iter().find(|(open, _)| pdf && *open == opening);
    let close = if round { ')' } else { frame()?.1 };
    let mut behind = name_end;
    if !round && let Some((closed, true)) = bracket(stream, name_end, end) {
        behind = closed;
    }
    (ch(behind)? == close).then_some(close)
}

/// True when these atoms begin a line, or stand behind others in brackets, and nothing but a number, or the next ones,
/// may follow them on it.
fn is_line(stream: &Stream<'_>, atoms: Range<u32>) -> bool {
    let line = &stream.lines[stream.atoms[atoms.start as usize].line as usize].atoms;
    let behind = || stream.starts_field(atoms.start) && stream.atoms[atoms.start as usize - 1].ch == ')';
    (line.start == atoms.start || behind())
        && (line.end == atoms.end || line.end > atoms.end && stream.starts_field(atoms.end))
}

/// True when the cell of a page that one of these atoms stands in is the other's: nothing else stands between them.
fn in_cell(stream: &Stream<'_>, at: u32, close: u32) -> bool {
    let line = |i: u32| &stream.lines[stream.atoms[i as usize].line as usize];
    let pdf = stream.document.kind == chohyo_layout::SourceKind::Pdf;
    let (own, other) = (line(at), line(close - 1));
    pdf && own.cell.is_some() && (own.page, own.cell) == (other.page, other.cell)
}

/// True when the first line of these atoms is the beginning of a date: `令和`, to which a year and a month are missing;
/// or of one that nobody filled in (`R●年●`).
fn begins_date(stream: &Stream<'_>, atoms: Range<u32>) -> bool {
    let first = stream.by_line(atoms).next().map_or("", |part| stream.printed_text(part));
    let unfilled = |rest: &&str| chohyo_normalize::is_placeholder(&format!("{first}{rest}"));
    chohyo_normalize::period(&format!("{first}2年4月"), &Context::default()).is_some()
        || ["", "月", "年●月", "●年●月"].iter().any(unfilled)
}

/// True when the field before this one on the line is a number.
fn behind_figure(stream: &Stream<'_>, at: u32) -> bool {
    let line = stream.lines[stream.atoms[at as usize].line as usize].atoms.clone();
    let before = stream.fields_in(line.start..at).next_back();
    before.is_some_and(|f| crate::figure::figure(stream, f).is_some())
}

/// The atoms as printed, over line ends.
pub(crate) fn printed<'d>(stream: &Stream<'d>, atoms: Range<u32>) -> Cow<'d, str> {
    let mut lines = stream.by_line(atoms).map(|part| stream.printed_text(part));
    let first = lines.next().unwrap_or_default();
    match lines.next() {
        Some(second) => Cow::Owned([first, second].into_iter().chain(lines).collect()),
        None => Cow::Borrowed(first),
    }
}

/// True when a label may begin (or the one before it end) here: at the start of a line or field, or behind
/// a closing bracket.
fn begins(stream: &Stream<'_>, at: u32) -> bool {
    let line = &stream.lines[stream.atoms[at as usize].line as usize];
    line.atoms.start == at || stream.starts_field(at) || stream.atoms[at as usize - 1].ch == ')'
}

/// The field that a caption ends, behind a date: ＜令和元年度までの成果・効果＞.
fn dated_caption(stream: &Stream<'_>, at: u32, alias: &Alias) -> Option<Range<u32>> {
    let line = &stream.lines[stream.atoms[at as usize].line as usize];
    let field = stream.fields_in(line.atoms.clone()).find(|f| f.contains(&at))?;
    let mark = |i: u32| !stream.atoms[i as usize].ch.is_alphanumeric();
    let end = at + alias.canonical.len() as u32;
    let start = (field.start..at).find(|&i| !mark(i))?;
    let closes = end <= field.end && (end..field.end).all(mark);
    let dated = chohyo_normalize::period(stream.printed_text(start..at), &Context::default()).is_some();
    (closes && dated).then_some(field)
}

/// Where the field begins, when nothing but an enumerator or bullet stands before this in it; else this place.
pub(crate) fn enumerated_from(stream: &Stream<'_>, at: u32) -> u32 {
    let mark = |c: char| {
        c.is_ascii_digit()
            || ('①'..='⑳').contains(&c)
            || matches!(
                c,
                '(' | ')'
                    | '.'
                    | '、'
                    | '・'
                    | '○'
                    | '●'
                    | '◎'
                    | '◆'
                    | '◇'
                    | '■'
                    | '□'
                    | '▼'
                    | '▽'
                    | '★'
                    | '☆'
            )
    };
    let line = &stream.lines[stream.atoms[at as usize].line as usize];
    let mut fields = stream.fields_in(line.atoms.clone());
    let Some(field) = fields.find(|f| f.contains(&at)) else { return at };
    if (field.start..at).all(|i| mark(stream.atoms[i as usize].ch)) { field.start } else { at }
}

/// The label less the numbers that stand between its lines: where a label wraps, a dump that keeps the
/// layout has the numbers of its row in the middle of it. `from` is where they may begin.
fn without_figures(stream: &Stream<'_>, atoms: Range<u32>, from: u32) -> Vec<Range<u32>> {
    let mut parts: Vec<Range<u32>> = Vec::new();
    for line in stream.by_line(atoms) {
        let mut fields = stream.fields_in(line.clone());
        let number = |f: &Range<u32>| f.start >= from && crate::figure::figure(stream, f.clone()).is_some();
        let end = if line.end - line.start > 1 && closes_date(stream, &line) {
            line.end
        } else {
            fields.find(|f| number(f)).map_or(line.end, |f| f.start)
        };
        match parts.last_mut() {
            Some(last) if last.end == line.start => last.end = end,
            _ if end > line.start => parts.push(line.start..end),
            _ => {}
        }
    }
    parts
}

/// True when the line holds the rest of a date: the numbers in it are the date's (`R3 年 4 月時点`).
fn closes_date(stream: &Stream<'_>, line: &Range<u32>) -> bool {
    let text = stream.spelled(line.clone());
    text.contains(['年', '月'])
}

/// The end of the bracket that opens at `at`, on this line or at the start of the next one, and whether it closes
/// in the cell or box that it opens in. On a page it may else close further on at the same height: letters that
/// are set far apart look like cells of their own.
fn bracket(stream: &Stream<'_>, at: u32, end: u32) -> Option<(u32, bool)> {
    if at >= end || stream.atoms[at as usize].ch != '(' {
        return None;
    }
    let ch = |i: u32| stream.atoms[i as usize].ch;
    let close = closing(stream, at, end.min(at + BRACKET)).filter(|&i| i == at + 1 || ch(i) == ')')?;
    let line = |i: u32| &stream.lines[stream.atoms[i as usize].line as usize];
    let pdf = stream.document.kind == chohyo_layout::SourceKind::Pdf;
    let home = |i: u32| (line(i).block, line(i).cell);
    let one_home = !pdf || home(close) == home(at - 1);
    // What stands to the left of a text at its height is another one's.
    if let (true, Some(before), Some(open)) = (pdf, stream.bbox(at - 1..at), stream.bbox(at..at + 1))
        && open.x1 <= before.x0
        && open.overlap_y(&before) > 0.1 * before.height()
    {
        return None;
    }
    (ch(close) == ')' && (one_home || level(stream, at - 1..close + 1))).then_some((close + 1, one_home))
}

/// Where the bracket that opens at `at` closes: one around a year of its own (令和5（2023）年4月) closes by itself. Of one
/// that does not close, where the next one opens.
pub(crate) fn closing(stream: &Stream<'_>, at: u32, end: u32) -> Option<u32> {
    let ch = |i: u32| stream.atoms[i as usize].ch;
    let next = (at + 1..end).find(|&i| matches!(ch(i), '(' | ')'))?;
    if ch(next) == ')' {
        return Some(next);
    }
    let digits = (next + 1..end).take_while(|&i| ch(i).is_ascii_digit()).count() as u32;
    let inner = next + 1 + digits;
    if digits == 4 && inner < end && ch(inner) == ')' {
        return (inner + 1..end).find(|&i| matches!(ch(i), '(' | ')'));
    }
    Some(next)
}

/// The date in a bracket whose other end does not stand behind it: letters written downwards part with it.
fn unclosed(stream: &Stream<'_>, at: u32, end: u32) -> Option<(u32, Period)> {
    if stream.document.kind != chohyo_layout::SourceKind::Pdf
        || at + 1 >= end
        || stream.atoms[at as usize].ch != '('
    {
        return None;
    }
    let line = &stream.lines[stream.atoms[at as usize].line as usize];
    let close = line.atoms.end.min(end);
    let text = stream.spelled(at + 1..close);
    let whole = ["時点", "現在", "月", "日"].iter().any(|e| text.ends_with(e));
    let period = chohyo_normalize::period(stream.printed_text(at + 1..close), &Context::default())?;
    whole.then_some((close, period))
}

/// True when these atoms stand at one height, each behind the one before.
fn level(stream: &Stream<'_>, atoms: Range<u32>) -> bool {
    let boxes: Option<Vec<_>> = stream.by_line(atoms).map(|part| stream.bbox(part)).collect();
    let behind = |w: &[chohyo_layout::BBox]| {
        w[1].x0 >= w[0].x1 - 1.0
            && (w[0].center().1 - w[1].center().1).abs() < 0.3 * w[0].height().max(w[1].height())
    };
    boxes.is_some_and(|boxes| boxes.windows(2).all(behind))
}

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet};
    use crate::sheet::Status;

    #[test]
    fn a_measure_in_brackets_on_a_line_of_its_own_is_no_note() {
        // Some tools put white space around digits: 65 is of the label, and no number.
        let dump = "仙台市\n\n１ 県又は政令市の基礎情報\n\n入院精神障害者数（令和 2 年 6 月時点）\n１年以上\n（うち 65 歳未満）\n\
                    （うち 65 歳以上）\n\n保健所数（令和 2 年 4 月時点） 5 か所\n";
        let read = crate::extract_sheet(dump).unwrap();
        let label = |key: &str| read.measure(key).and_then(|m| m.label.clone()).map(|l| l.text);
        assert_eq!(label("inpatients_over_1_year").as_deref(), Some("１年以上"));
        let beside = crate::extract_sheet(dump.replace("未満）\n", "未満） ").as_str()).unwrap();
        let both = ["inpatients_over_1_year_under_65", "inpatients_over_1_year_65_and_over"];
        assert!(
            both.iter()
                .all(|key| beside.measure(key).is_some_and(|m| m.label.is_some() && m.value.is_none()))
        );
        assert_eq!(label("inpatients_over_1_year_under_65").as_deref(), Some("（うち 65 歳未満）"));
        for key in
            ["inpatients_over_1_year", "inpatients_over_1_year_under_65", "inpatients_over_1_year_share"]
        {
            assert_eq!(read.measure(key).and_then(|m| m.value), None, "{key}");
        }
        assert_eq!(read.measure("public_health_centers").and_then(|m| m.value).map(|v| v.0), Some(5.into()));
    }

    #[test]
    fn measures_in_brackets_side_by_side() {
        let dump = "仙台市\n１ 県又は政令市の基礎情報\n入院精神障害者数（ R2 年 3 月時点）\n合計 1 年以上\n\
            （うち 65 歳未満） （うち 65 歳以上）\n人数（人） 4,014 2,552 906 1,646\n";
        let sheet = crate::extract_sheet(dump).unwrap();
        for key in ["inpatients_over_1_year_under_65", "inpatients_over_1_year_65_and_over"] {
            let value = sheet.measure(key).and_then(|m| m.value.map(|v| v.0.to_string()));
            assert_ne!(value.as_deref(), Some("65"), "{key}");
        }
    }

    #[test]
    fn a_measure_in_brackets_in_a_row_of_its_own() {
        let page = Page::default()
            .text(30.0, 30.0, "１ 県又は政令市の基礎情報")
            .grid(&[30.0, 200.0, 280.0], &[50.0, 70.0, 90.0])
            .text(35.0, 64.0, "１年以上")
            .text(210.0, 64.0, "2,359人")
            .text(35.0, 84.0, "（うち65歳未満）")
            .text(210.0, 84.0, "976人");
        let sheet = sheet(&[page]);
        let under = sheet.measure("inpatients_over_1_year_under_65").unwrap();
        assert_eq!((under.status, under.value.map(|v| v.0)), (Status::Read, Some(976.into())));
    }
}
