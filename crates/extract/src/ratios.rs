//! Small tables of "x ／ y" by fixed rows.

use std::ops::Range;

use chohyo_layout::SourceKind;
use rust_decimal::Decimal;

use crate::beneath;
use crate::form::RatiosForm;
use crate::label::{Label, Named};
use crate::ledger::Ledger;
use crate::number::Number;
use crate::sheet::{Cell, Row, Status};
use crate::stream::Stream;

/// "7／33", either number of which may be left out.
#[derive(Clone, Debug)]
pub(crate) struct Ratio {
    /// From its first to its last part.
    pub atoms: Range<u32>,
    /// Its numbers and its stroke: one part, or several where a table gives each a cell of its own.
    parts: Vec<Range<u32>>,
    pub unit: Option<Range<u32>>,
    pub first: Option<Decimal>,
    pub second: Option<Decimal>,
}

/// The rows of the table, if its label or any of its ratios stands in these lines.
pub(crate) fn read(
    ledger: &mut Ledger<'_, '_>,
    form: &RatiosForm,
    index: usize,
    labels: &[Label],
    lines: &[Range<u32>],
    told: &[(Ratio, Option<usize>)],
) -> Vec<Row> {
    let stream = ledger.stream;
    let head = labels.iter().find(|l| l.named == Named::Ratios(index));
    let pdf = stream.has_places;
    let rows: Vec<(usize, &Label)> = labels
        .iter()
        .filter_map(|l| match l.named {
            Named::RatioRow(i, row) if i == index => Some((row, l)),
            _ => None,
        })
        // On a page whose lines run through the label, its rows still have their ratios beside them.
        .filter(|(_, l)| !pdf || head.is_none_or(|h| beside(stream, h, l)))
        .collect();
    let mut ratios: Vec<Ratio> = Vec::new();
    let mut ties: Vec<(usize, usize)> = Vec::new();
    if pdf {
        for (r, (_, label)) in rows.iter().enumerate() {
            // Without the table's own label, the unit has to say that this is a ratio and no date.
            let found =
                in_row(ledger, label, lines, form).or_else(|| under(ledger, label, &rows, lines, form));
            let found = found.filter(|r| head.is_some() || r.unit.is_some());
            if let Some(ratio) = found {
                ties.push((r, ratios.len()));
                ratios.push(ratio);
            }
        }
    }
    let taken: Vec<Range<u32>> = ratios.iter().flat_map(|r| r.parts.clone()).collect();
    let tied = !ties.is_empty();
    let free = |r: &Ratio| !taken.iter().any(|t| t.start < r.atoms.end && r.atoms.start < t.end);
    if told.is_empty() {
        ratios.extend(printed(ledger, lines, form).into_iter().filter(free));
    } else {
        ratios.extend(told.iter().map(|(ratio, _)| ratio.clone()).filter(free));
    }
    if ratios.is_empty() {
        return Vec::new();
    }
    // Sentences of a page say which row each is of.
    let told_so = !told.is_empty() && stream.document.kind == SourceKind::Pdf;
    if !tied && pdf && !told_so {
        ties = tie(stream, &rows, &ratios);
    }
    for (ratio, row) in told {
        let at = ratios.iter().position(|r| r.atoms == ratio.atoms);
        let label = row.and_then(|row| rows.iter().position(|(r, _)| *r == row));
        ties.extend(label.zip(at));
    }
    let mut out = Vec::new();
    for (i, ratio) in ratios.iter().enumerate() {
        let row = ties.iter().find(|t| t.1 == i).map(|t| rows[t.0].1);
        let mut cell = Cell { unit: Some(form.unit.written.clone()), ..Cell::default() };
        cell.as_of = row.and_then(|l| l.as_of.clone()).or_else(|| head.and_then(|h| h.as_of.clone()));
        let mut parts = ratio.parts.clone();
        if let Some(unit) = &ratio.unit {
            cell.unit = Some(stream.printed_text(unit.clone()).to_owned());
            parts.push(unit.clone());
        }
        let text = ledger.take(&[parts]);
        (cell.text, cell.at) = (text.text, text.at);
        let unfilled = head.is_some_and(|h| h.placeholder.is_some());
        let known = (row.is_some() || rows.is_empty())
            && !ratio.parts.iter().any(|p| stream.slipped(p) || is_broken(ledger, lines, &ratio.parts, p));
        let side = |value: Option<Decimal>| Cell {
            value: value.map(Number).filter(|_| known),
            status: Some(match value {
                Some(_) if known => Status::Read,
                Some(_) => Status::Ambiguous,
                None if unfilled => Status::Placeholder,
                None => Status::Blank,
            }),
            ..cell.clone()
        };
        let mut record = Row::new();
        record.insert(form.columns.0.clone(), side(ratio.first));
        record.insert(form.columns.1.clone(), side(ratio.second));
        let mut level = Cell::default();
        if let Some(label) = row {
            let text = ledger.take(std::slice::from_ref(&label.parts));
            (level.text, level.at) = (text.text, text.at);
        }
        record.insert(form.row_column.clone(), level);
        out.push(record);
    }
    out
}

/// True when more digits stand right under or over a part of a ratio: in a narrow cell it breaks where it must.
fn is_broken(ledger: &Ledger<'_, '_>, lines: &[Range<u32>], own: &[Range<u32>], part: &Range<u32>) -> bool {
    let stream = ledger.stream;
    let page = stream.lines[stream.atoms[part.start as usize].line as usize].page;
    let Some(b) =
        stream.bbox(part.clone()).filter(|_| stream.document.kind == chohyo_layout::SourceKind::Pdf)
    else {
        return false;
    };
    let cell = |at: u32| stream.lines[stream.atoms[at as usize].line as usize].cell;
    let ruled = |cell: Option<(u32, u32)>| {
        cell.is_some_and(|(t, _)| stream.document.pages[page as usize].tables[t as usize].ruled)
    };
    let near = |f: &crate::stream::Field| {
        let Some(o) = f.bbox else { return false };
        let gap = (o.top - b.bottom).max(b.top - o.bottom);
        let apart = ruled(cell(part.start)) && cell(part.start) != cell(f.atoms.start);
        !apart && o.overlap_x(&b) > 0.0 && (-0.3 * b.height()..0.6 * b.height()).contains(&gap)
    };
    let digits = |f: &Range<u32>| f.clone().all(|i| stream.atoms[i as usize].ch.is_ascii_digit());
    stream.on_page(lines, page).any(|l| {
        let mut fields = stream.fields_of(l).iter();
        fields.any(|f| {
            near(f) && digits(&f.atoms) && !own.contains(&f.atoms) && ledger.is_free(f.atoms.clone())
        })
    })
}

/// How far above the table's own label a dump that keeps places may have the table's first row, in heights of a line.
const ROWS_ABOVE: f32 = 3.0;

/// True when a row label belongs to the table's own label: it stands within its height or below it on a
/// page, behind it in a dump.
fn beside(stream: &Stream<'_>, head: &Label, row: &Label) -> bool {
    let line = |l: &Label| &stream.lines[stream.atoms[l.atoms.start as usize].line as usize];
    match (stream.extent(&head.atoms), stream.bbox(row.atoms.clone())) {
        (Some(own), Some(b)) => {
            let y = b.center().1;
            // Without rulings, a label of several lines may stand in the middle of its rows; the cells of a dump are no
            // larger than their text.
            let open = line(head).cell.is_none() || !is_ruled(stream, &head.atoms);
            let text = if open { stream.bbox(head.atoms.clone()).unwrap_or(own) } else { own };
            let middle = open && b.x0 >= text.x1 - 1.0 && text.top - text.height() <= y;
            let dump = stream.document.kind == SourceKind::Text;
            let above = if dump { ROWS_ABOVE * b.height() } else { 0.0 };
            // Their table may go on over the page.
            let goes_on = line(head).page + 1 == line(row).page
                && line(head).cell.is_some()
                && line(row).cell.is_some_and(|(t, _)| {
                    t == 0 && stream.document.pages[line(row).page as usize].tables[0].continues
                });
            goes_on || line(head).page == line(row).page && (own.top - above <= y || middle)
        }
        _ => row.atoms.start >= head.atoms.end,
    }
}

/// Pairs of (index into rows, index into ratios) that stand in the same row of the page.
fn tie(stream: &Stream<'_>, rows: &[(usize, &Label)], ratios: &[Ratio]) -> Vec<(usize, usize)> {
    let mut ties: Vec<(usize, usize)> = Vec::new();
    for (r, (_, label)) in rows.iter().enumerate() {
        let own = stream.row_extent(&label.atoms);
        let found = ratios.iter().position(|ratio| match (own, stream.bbox(ratio.atoms.clone())) {
            (Some(own), Some(b)) => {
                let y = b.center().1;
                b.x0 >= own.x1 - 1.0 && own.top <= y && y <= own.bottom
            }
            _ => false,
        });
        ties.extend(found.map(|i| (r, i)));
    }
    ties
}

/// All ratios in these lines.
pub(crate) fn printed(ledger: &Ledger<'_, '_>, lines: &[Range<u32>], form: &RatiosForm) -> Vec<Ratio> {
    lines.iter().flat_map(|lines| ratios(ledger, lines.clone(), form)).collect()
}

fn ratios(ledger: &Ledger<'_, '_>, lines: Range<u32>, form: &RatiosForm) -> Vec<Ratio> {
    let stream = ledger.stream;
    let mut out: Vec<Ratio> = Vec::new();
    let has_stroke = |line: &u32| stream.spelled(stream.lines[*line as usize].atoms.clone()).contains('/');
    for line in lines.filter(has_stroke) {
        let fields: Vec<Range<u32>> = stream.fields_of(line).iter().map(|f| f.atoms.clone()).collect();
        let mut at = 0;
        while at < fields.len() {
            // "7 ／ 33 か所": up to four fields, the shortest run that reads as a ratio taken as far as it goes.
            let found = (1..=3.min(fields.len() - at)).rev().find_map(|n| {
                let atoms = fields[at].start..fields[at + n - 1].end;
                ledger
                    .is_free(atoms.clone())
                    .then(|| ratio(stream, atoms, &form.unit.canonical))
                    .flatten()
                    .map(|r| (n, r))
            });
            if let Some((n, mut ratio)) = found {
                at += n;
                if ratio.unit.is_none()
                    && at < fields.len()
                    && stream.spelled(fields[at].clone()) == form.unit.canonical
                {
                    ratio.unit = Some(fields[at].clone());
                    at += 1;
                }
                out.push(ratio);
            } else {
                at += 1;
            }
        }
    }
    out
}

/// The numbers on the two sides of the stroke, either of which may be left out.
fn sides(body: &str) -> Option<(Option<Decimal>, Option<Decimal>)> {
    let (first, second) = body.split_once('/')?;
    let number = |text: &str| -> Option<Option<Decimal>> {
        let digits: String = text.chars().filter(|c| *c != ',').collect();
        if digits.is_empty() {
            return Some(None);
        }
        digits.chars().all(|c| c.is_ascii_digit()).then(|| digits.parse().ok()).flatten().map(Some)
    };
    Some((number(first)?, number(second)?))
}

/// The ratio in the row of a label on a page, from whatever cells it is spread over: all that stands to the
/// right of the label and at its height must be the ratio and its unit.
fn in_row(ledger: &Ledger<'_, '_>, label: &Label, lines: &[Range<u32>], form: &RatiosForm) -> Option<Ratio> {
    let stream = ledger.stream;
    if let Some(ratio) = behind(ledger, label, form) {
        return Some(ratio);
    }
    let own = stream.row_extent(&label.atoms)?;
    let home = &stream.lines[stream.atoms[label.atoms.start as usize].line as usize];
    let page = home.page;
    // Of a ruled table, only what stands in it: another one may stand beside it.
    let table =
        home.cell.map(|c| c.0).filter(|&t| stream.document.pages[page as usize].tables[t as usize].ruled);
    let mut fields: Vec<(chohyo_layout::BBox, Range<u32>)> = stream
        .on_page(lines, page)
        .filter(|&l| table.is_none() || stream.lines[l as usize].cell.map(|c| c.0) == table)
        .flat_map(|l| stream.fields_in(stream.lines[l as usize].atoms.clone()))
        .filter_map(|f| stream.bbox(f.clone()).map(|b| (b, f)))
        .filter(|(b, _)| b.x0 >= own.x1 - 1.0 && own.top <= b.center().1 && b.center().1 <= own.bottom)
        .collect();
    fields.sort_by(|a, b| a.0.x0.total_cmp(&b.0.x0));
    // A row that reaches into another one does not say which of the numbers is whose.
    let level = |b: &chohyo_layout::BBox| {
        fields.iter().all(|(o, _)| (o.center().1 - b.center().1).abs() < 0.5 * b.height().max(o.height()))
    };
    if !fields.iter().all(|(b, _)| level(b)) {
        return None;
    }
    // What stands beside a label up to the next one; numbers of another year's column are taken.
    let body_of = |f: &Range<u32>| {
        let text = stream.spelled(f.clone());
        text.strip_suffix(form.unit.canonical.as_str()).unwrap_or(text)
    };
    let numeric = |f: &Range<u32>| {
        let text = body_of(f);
        text.contains('/')
            && text.contains(|c: char| c.is_ascii_digit())
            && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '/' | ','))
    };
    fields.retain(|(_, f)| ledger.is_free(f.clone()) || !numeric(f));
    if let Some(ratio) = in_two_columns(ledger, &fields, lines, form) {
        return Some(ratio);
    }
    // Which of two ratios is its own is not told.
    let whole = |f: &Range<u32>| sides(body_of(f)).is_some_and(|(a, b)| a.is_some() && b.is_some());
    if fields.len() > 1 && fields[..2].iter().all(|(_, f)| whole(f)) {
        return None;
    }
    let mut body = String::new();
    let mut parts: Vec<Range<u32>> = Vec::new();
    let mut found: Option<Ratio> = None;
    for (_, field) in fields {
        let text = stream.spelled(field.clone());
        let (number, with_unit) = match text.strip_suffix(form.unit.canonical.as_str()) {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        let part = field.start..field.start + number.chars().count() as u32;
        if !number.chars().all(|c| c.is_ascii_digit() || matches!(c, '/' | ','))
            || !ledger.is_free(field.clone())
        {
            break;
        }
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        if digit(body.chars().next_back()) && digit(number.chars().next()) {
            return None;
        }
        body.push_str(number);
        parts.extend((!part.is_empty()).then(|| part.clone()));
        let unit = with_unit.then_some(part.end..field.end);
        if let Some((first, second)) = sides(&body) {
            let start = parts.iter().map(|p| p.start).min()?;
            let end = parts.iter().map(|p| p.end).max()?;
            found = Some(Ratio { atoms: start..end, parts: parts.clone(), unit, first, second });
        }
        if with_unit {
            break;
        }
    }
    found
}

/// The two sides of a ratio in columns of their own, each under its head.
fn in_two_columns(
    ledger: &Ledger<'_, '_>,
    fields: &[(chohyo_layout::BBox, Range<u32>)],
    lines: &[Range<u32>],
    form: &RatiosForm,
) -> Option<Ratio> {
    let stream = ledger.stream;
    let unit = form.unit.canonical.as_str();
    let mut columns: Vec<(Range<u32>, Option<Range<u32>>)> = Vec::new();
    let mut last: Option<Range<u32>> = None;
    for (b, field) in fields.iter().filter(|(_, f)| ledger.is_free(f.clone())) {
        let text = stream.spelled(field.clone());
        if text == unit {
            last = last.or(Some(field.clone()));
            continue;
        }
        let number = text.strip_suffix(unit).unwrap_or(text);
        if number.is_empty() || !number.chars().all(|c| c.is_ascii_digit() || c == ',') {
            continue;
        }
        let part = field.start..field.start + number.chars().count() as u32;
        let own = (part.end < field.end).then_some(part.end..field.end);
        let heads = [&form.first_heads, &form.second_heads];
        let head = heads.get(columns.len())?;
        // Heads that are not set as their numbers are stand in another column of what no rulings part.
        if !is_under(stream, lines, b, field, head)
            && (is_ruled(stream, field) || !has_head(stream, lines, b, field, head))
        {
            return None;
        }
        columns.push((part, own));
    }
    if let (true, Some(unit), Some((b, field))) = (columns.is_empty(), &last, fields.first()) {
        // Nothing but the unit, under both heads of a table: the row is blank.
        let headed = [&form.first_heads, &form.second_heads]
            .into_iter()
            .all(|heads| has_head(stream, lines, b, field, heads));
        let blank =
            Ratio { atoms: unit.clone(), parts: Vec::new(), unit: last.clone(), first: None, second: None };
        return headed.then_some(blank);
    }
    let [(first, one), (second, other)] = &columns[..] else { return None };
    let number = |part: &Range<u32>| -> Option<Decimal> {
        stream.canonical(part.clone()).replace(',', "").parse().ok()
    };
    Some(Ratio {
        atoms: first.start.min(second.start)..first.end.max(second.end),
        parts: [Some(first.clone()), one.clone(), Some(second.clone())].into_iter().flatten().collect(),
        unit: other.clone().or(last),
        first: number(first),
        second: number(second),
    })
}

fn is_ruled(stream: &Stream<'_>, atoms: &Range<u32>) -> bool {
    let line = &stream.lines[stream.atoms[atoms.start as usize].line as usize];
    line.cell.is_none_or(|(t, _)| stream.document.pages[line.page as usize].tables[t as usize].ruled)
}

/// True when one of these heads stands in the same table over the row of a field.
fn has_head(
    stream: &Stream<'_>,
    lines: &[Range<u32>],
    b: &chohyo_layout::BBox,
    field: &Range<u32>,
    heads: &[crate::form::Alias],
) -> bool {
    let line = |at: u32| &stream.lines[stream.atoms[at as usize].line as usize];
    let home = line(field.start);
    let here = stream.on_page(lines, home.page);
    let table = |l: &crate::stream::LineRef| l.cell.map(|c| c.0);
    home.cell.is_some()
        && here
            .filter(|&l| table(&stream.lines[l as usize]) == table(home))
            .flat_map(|l| stream.fields_of(l))
            .any(|f| {
                f.bbox.is_some_and(|h| h.bottom <= b.top + 1.0)
                    && crate::head::is_one_of(stream, std::slice::from_ref(&f.atoms), heads)
            })
}

/// True when one of these heads stands over a field, in the same table or on no other's column.
fn is_under(
    stream: &Stream<'_>,
    lines: &[Range<u32>],
    b: &chohyo_layout::BBox,
    field: &Range<u32>,
    heads: &[crate::form::Alias],
) -> bool {
    let line = |at: u32| &stream.lines[stream.atoms[at as usize].line as usize];
    let home = line(field.start);
    let column = stream.extent(field).unwrap_or(*b);
    let here = stream.on_page(lines, home.page);
    here.flat_map(|l| stream.fields_of(l)).any(|f| {
        let is_head = crate::head::is_one_of(stream, std::slice::from_ref(&f.atoms), heads);
        let same = line(f.atoms.start).cell.map(|c| c.0) == home.cell.map(|c| c.0);
        let over =
            || stream.extent(&f.atoms).is_some_and(|h| h.bottom <= b.top + 1.0 && h.overlap_x(&column) > 0.0);
        is_head && same && over()
    })
}

/// The ratio right under a label.
fn under(
    ledger: &Ledger<'_, '_>,
    label: &Label,
    rows: &[(usize, &Label)],
    lines: &[Range<u32>],
    form: &RatiosForm,
) -> Option<Ratio> {
    let stream = ledger.stream;
    let others: Vec<Range<u32>> = rows.iter().map(|(_, l)| l.atoms.clone()).collect();
    let fields = beneath::fields(stream, lines, &label.atoms, &others);
    let (first, last) = (fields.first()?, fields.last()?);
    let atoms = first.start..last.end;
    // One line, and nothing else on it.
    let one = fields.windows(2).all(|w| w[0].end == w[1].start) && stream.by_line(atoms.clone()).count() == 1;
    (one && ledger.is_free(atoms.clone())).then(|| ratio(stream, atoms, &form.unit.canonical)).flatten()
}

/// The ratio behind a label on its own line: `市町村：7／33か所`.
fn behind(ledger: &Ledger<'_, '_>, label: &Label, form: &RatiosForm) -> Option<Ratio> {
    let stream = ledger.stream;
    let line = &stream.lines[stream.atoms[label.atoms.end as usize - 1].line as usize];
    let colon = stream.atoms.get(label.atoms.end as usize).is_some_and(|a| a.ch == ':');
    let rest = label.atoms.end + u32::from(colon)..line.atoms.end;
    (!rest.is_empty() && ledger.is_free(rest.clone()))
        .then(|| ratio(stream, rest, &form.unit.canonical))
        .flatten()
}

pub(crate) fn ratio(stream: &Stream<'_>, atoms: Range<u32>, unit: &str) -> Option<Ratio> {
    let text = stream.spelled(atoms.clone());
    let (body, with_unit) = match text.strip_suffix(unit) {
        Some(body) => (body, true),
        None => (text, false),
    };
    let (first, second) = sides(body)?;
    let end = atoms.start + body.chars().count() as u32;
    let unit = with_unit.then_some(end..atoms.end);
    let atoms = atoms.start..end;
    Some(Ratio { parts: vec![atoms.clone()], atoms, unit, first, second })
}

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet};
    use crate::sheet::Sheet;

    const HEAD: &str = "精神障害にも対応した地域包括ケアシステムの構築に向けた保健・医療・福祉関係者による協議の場の設置状況";

    fn councils(sheet: &Sheet) -> Vec<(String, Option<String>, Option<String>)> {
        let value = |c: &crate::Cell| c.value.map(|v| v.0.to_string());
        let rows = sheet.tables["councils"].iter();
        rows.map(|r| (r["level"].text.clone(), value(&r["established"]), value(&r["total"]))).collect()
    }

    fn row(
        level: &str,
        first: Option<&str>,
        second: Option<&str>,
    ) -> (String, Option<String>, Option<String>) {
        (level.to_owned(), first.map(str::to_owned), second.map(str::to_owned))
    }

    /// A table whose label is a row over three others; each ratio has three cells.
    fn page() -> Page {
        Page::default()
            .text(30.0, 30.0, "１ 県又は政令市の基礎情報")
            .text(35.0, 64.0, HEAD)
            .grid(&[30.0, 200.0, 250.0, 300.0, 350.0, 400.0], &[70.0, 90.0, 110.0])
            .text(35.0, 84.0, "都道府県")
            .text(210.0, 84.0, "1")
            .text(260.0, 84.0, "／")
            .text(310.0, 84.0, "1")
            .text(360.0, 84.0, "か所")
            .text(35.0, 104.0, "市町村")
            .text(260.0, 104.0, "／")
            .text(360.0, 104.0, "か所")
    }

    #[test]
    fn a_ratio_over_cells_below_its_label() {
        assert_eq!(
            councils(&sheet(&[page()])),
            [row("都道府県", Some("1"), Some("1")), row("市町村", None, None)]
        );
    }

    #[test]
    fn digits_of_two_cells_are_no_number() {
        let page = page().text(225.0, 104.0, "5").text(310.0, 104.0, "1").text(330.0, 104.0, "4");
        let rows = councils(&sheet(&[page]));
        assert!(rows.iter().all(|r| r.2.as_deref() != Some("14")), "{rows:?}");
    }

    #[test]
    fn a_label_of_several_lines_beside_the_middle_of_its_rows() {
        // Without rulings; the rows above have numbers where the ratio of the first row has its stroke.
        let mut page = Page::default().text(30.0, 30.0, "１ 県又は政令市の基礎情報");
        let counts = [("３か月未満", "159", "24.9"), ("１年以上", "842", "53.8")];
        for (i, (label, count, share)) in counts.into_iter().enumerate() {
            let y = 60.0 + 17.0 * i as f32;
            page =
                page.text(165.0, y, label).text(390.0, y, count).text(410.0, y, "人").text(435.0, y, share);
            page = page.text(460.0, y, "％");
        }
        let rows = [("都道府県", "1", "1"), ("障害保健福祉圏域", "8", "10"), ("市町村", "35", "41")];
        for (i, (label, first, second)) in rows.into_iter().enumerate() {
            let y = 94.0 + 17.0 * i as f32;
            page =
                page.text(165.0, y, label).text(410.0, y, first).text(435.0, y, &format!("／{second}か所"));
        }
        // Its second line nearly touches the name of the second row.
        page = page
            .text(43.0, 103.0, "保健・医療・福祉関係者")
            .text(43.0, 111.0, "による協議の場の設置状")
            .text(43.0, 121.0, "況（R2年4月時点）");
        assert_eq!(
            councils(&sheet(&[page])),
            rows.map(|(level, first, second)| row(level, Some(first), Some(second)))
        );
    }

    #[test]
    fn each_side_under_its_head() {
        let page = Page::default()
            .text(30.0, 30.0, "１ 県又は政令市の基礎情報")
            .text(35.0, 50.0, "【協議の場の設置状況】（R2年4月時点）")
            .grid(&[30.0, 200.0, 270.0, 340.0, 400.0], &[60.0, 80.0, 100.0, 120.0])
            .text(205.0, 74.0, "設置済")
            .text(275.0, 74.0, "全数")
            .text(345.0, 74.0, "単位")
            .text(35.0, 94.0, "都道府県")
            .text(345.0, 94.0, "か所")
            .text(35.0, 114.0, "市町村")
            .text(220.0, 114.0, "7")
            .text(290.0, 114.0, "33")
            .text(345.0, 114.0, "か所");
        let sheet = sheet(&[page]);
        assert_eq!(councils(&sheet), [row("都道府県", None, None), row("市町村", Some("7"), Some("33"))]);
        let as_of = sheet.tables["councils"][1]["total"].as_of.as_ref().map(|p| p.edtf.clone());
        assert_eq!(as_of.as_deref(), Some("2020-04"));
    }

    #[test]
    fn rows_on_the_next_page() {
        let first = Page::default()
            .text(30.0, 30.0, "１ 県又は政令市の基礎情報")
            .grid(&[30.0, 220.0, 400.0], &[350.0, 370.0, 390.0])
            .text(35.0, 364.0, HEAD)
            .text(35.0, 384.0, "都道府県")
            .text(225.0, 384.0, "1／1か所");
        let next = Page::default()
            .grid(&[30.0, 220.0, 400.0], &[20.0, 40.0, 60.0])
            .text(35.0, 34.0, "障害保健福祉圏域")
            .text(225.0, 34.0, "5／14か所")
            .text(35.0, 54.0, "市町村")
            .text(225.0, 54.0, "7／43か所");
        let row = |name: &str, first: &str, second: &str| {
            (name.to_owned(), Some(first.to_owned()), Some(second.to_owned()))
        };
        assert_eq!(
            councils(&sheet(&[first, next])),
            [row("都道府県", "1", "1"), row("障害保健福祉圏域", "5", "14"), row("市町村", "7", "43")]
        );
    }

    #[test]
    fn a_part_of_a_broken_ratio_is_no_number() {
        let page = Page::default()
            .text(30.0, 30.0, "１ 県又は政令市の基礎情報")
            .text(35.0, 50.0, HEAD)
            .grid(&[30.0, 200.0, 240.0], &[60.0, 100.0])
            .text(35.0, 74.0, "市町村")
            .text(205.0, 74.0, "３／３")
            .text(205.0, 86.0, "３");
        assert!(councils(&sheet(&[page])).iter().all(|r| r.2.as_deref() != Some("3")));
    }
}
