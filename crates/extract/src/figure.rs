//! Numbers, null marks and units that stand alone in a field.

use std::ops::Range;

use rust_decimal::Decimal;

use crate::stream::Stream;
use crate::unit;

/// A number (or a mark in place of one) that fills a field, but for a unit.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    /// The number alone.
    pub atoms: Range<u32>,
    pub content: Content,
    /// Where its unit stands: in this field or the next one of the line.
    pub unit: Option<Range<u32>>,
}

/// What stands in a place for a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// A number, with its printed decimal places.
    Number(Decimal, u32),
    NullMark,
    Placeholder,
}

impl Figure {
    pub(crate) fn number(&self) -> Option<Decimal> {
        match self.content {
            Content::Number(value, _) => Some(value),
            _ => None,
        }
    }
}

/// The figures of these lines, in reading order. `units` are the canonical units that may stand beside one.
pub(crate) fn figures(
    stream: &Stream<'_>,
    lines: Range<u32>,
    units: &[String],
    free: impl Fn(Range<u32>) -> bool,
) -> Vec<Figure> {
    let mut out = Vec::new();
    let mut fields = fields_of(stream, lines);
    if stream.document.kind == chohyo_layout::SourceKind::Pdf {
        let mut parted = Vec::with_capacity(fields.len());
        for field in fields {
            pieces(stream, field, units, &mut parted);
        }
        fields = parted;
        unwrap_brackets(stream, &mut fields, units);
    } else {
        let mut parted = Vec::with_capacity(fields.len());
        for field in fields {
            at_brackets(stream, field, units, &mut parted);
        }
        fields = parted;
    }
    let mut at = 0;
    while at < fields.len() {
        let mut field = fields[at].clone();
        at += 1;
        if !free(field.clone()) {
            continue;
        }
        // A narrow cell breaks a number behind its comma or point; wide letter spacing parts it there.
        while at < fields.len() && goes_on(stream, &field, &fields[at]) && free(fields[at].clone()) {
            field.end = fields[at].end;
            at += 1;
        }
        let multiple = units.iter().any(|u| unit::is_multiple(u));
        let found = multiple
            .then(|| before_unit(stream, &field, units))
            .flatten()
            .or_else(|| before_unit(stream, &field, units).filter(|f| f.content == Content::Placeholder))
            .or_else(|| figure(stream, field.clone()))
            .or_else(|| before_unit(stream, &field, units))
            .or_else(|| behind_unit(stream, &field, units));
        let Some(mut figure) = found else { continue };
        let line = |at: u32| stream.atoms[at as usize].line;
        if figure.unit.is_none() && at < fields.len() && line(fields[at].start) == line(field.end - 1) {
            let next = fields[at].clone();
            if free(next.clone()) && is_unit(stream, next.clone(), units) {
                figure.unit = Some(next);
                at += 1;
            }
        }
        out.push(figure);
    }
    out
}

/// The fields of these lines, in reading order.
fn fields_of(stream: &Stream<'_>, lines: Range<u32>) -> Vec<Range<u32>> {
    lines.flat_map(|line| stream.fields_of(line)).map(|f| f.atoms.clone()).collect()
}

/// A field of a page, parted behind the colon of a label (`人口：1,087,723`), and at the brackets around a number
/// that follows another (`452人（21.0％）`).
fn pieces(stream: &Stream<'_>, field: Range<u32>, units: &[String], out: &mut Vec<Range<u32>>) {
    let ch = |at: u32| stream.atoms[at as usize].ch;
    let colon = field.clone().skip(1).rfind(|&i| ch(i) == ':' && !ch(i - 1).is_ascii_digit());
    let (label, rest) = match colon {
        Some(colon) => (field.start..colon + 1, colon + 1..field.end),
        None => (field.start..field.start, field.clone()),
    };
    let rest = rest.start..rest.end - dated(stream, &rest);
    if let Some(end) = before_remark(stream, &rest, units) {
        out.extend([label, rest.start..end, end..rest.end].into_iter().filter(|p| !p.is_empty()));
        return;
    }
    out.extend(Some(label).filter(|p| !p.is_empty()));
    at_brackets(stream, rest, units, out);
}

/// A field, parted at the brackets around a number that follows another, or its unit: `452人（21.0％）`.
fn at_brackets(stream: &Stream<'_>, field: Range<u32>, units: &[String], out: &mut Vec<Range<u32>>) {
    let ch = |at: u32| stream.atoms[at as usize].ch;
    let bracket = |i: &u32| matches!(ch(*i), '(' | ')');
    let mut parts: Vec<Range<u32>> = Vec::new();
    let mut from = field.start;
    for at in field.clone().filter(bracket) {
        parts.push(from..at);
        from = at + 1;
    }
    // Most fields have no bracket.
    if from > field.start {
        parts.push(from..field.end);
    }
    parts.retain(|p| !p.is_empty());
    let blank = |p: &Range<u32>| {
        let text = stream.spelled(p.clone());
        let mark = units.iter().find_map(|u| text.strip_suffix(u.as_str()));
        mark.is_some_and(chohyo_normalize::is_null_mark)
    };
    let numbers = parts.len() >= 2
        && parts
            .iter()
            .all(|p| is_stray(stream, p.clone(), units) || is_unit(stream, p.clone(), units) || blank(p));
    if numbers {
        out.append(&mut parts);
    } else {
        out.extend(Some(field).filter(|p| !p.is_empty()));
    }
}

/// Takes the brackets from around a number with its unit: `（21.0％）`, or `（21.0 ％）`, which is two fields.
fn unwrap_brackets(stream: &Stream<'_>, fields: &mut [Range<u32>], units: &[String]) {
    let ch = |at: u32| stream.atoms[at as usize].ch;
    let opens = |f: &Range<u32>| f.len() > 1 && ch(f.start) == '(';
    let closes = |f: &Range<u32>| f.len() > 1 && ch(f.end - 1) == ')';
    let is_number = |f: Range<u32>| {
        figure(stream, f).is_some_and(|f| matches!(f.content, Content::Number(..) | Content::NullMark))
    };
    for at in 0..fields.len() {
        let field = fields[at].clone();
        if !opens(&field) {
            continue;
        }
        if closes(&field) {
            let inner = field.start + 1..field.end - 1;
            let with_unit = units.iter().any(|u| stream.spelled(inner.clone()).ends_with(u.as_str()));
            if with_unit && (before_unit(stream, &inner, units).is_some() || is_number(inner.clone())) {
                fields[at] = inner;
            }
            continue;
        }
        let Some(next) = fields.get(at + 1).cloned().filter(closes) else { continue };
        let beside = stream.atoms[field.start as usize].line == stream.atoms[next.start as usize].line;
        if beside && is_unit(stream, next.start..next.end - 1, units) && is_number(field.start + 1..field.end)
        {
            (fields[at].start, fields[at + 1].end) = (field.start + 1, next.end - 1);
        }
    }
}

/// White space (in heights of a line) that parts a number from the next cell, though it is none between words.
const CELL_GAP: f32 = 0.2;

/// Where a number with its unit ends, when the text of the next cell follows close: `4,912床県調べ`.
fn before_remark(stream: &Stream<'_>, field: &Range<u32>, units: &[String]) -> Option<u32> {
    let ch = |at: u32| stream.atoms[at as usize].ch;
    if field.is_empty() || !ch(field.start).is_ascii_digit() {
        return None;
    }
    let digit = |at: &u32| ch(*at).is_ascii_digit() || matches!(ch(*at), ',' | '.');
    let number = field.start + field.clone().take_while(digit).count() as u32;
    let rest = stream.spelled(number..field.end);
    let unit = units.iter().filter(|u| rest.starts_with(u.as_str())).max_by_key(|u| u.len())?;
    let end = number + unit.chars().count() as u32;
    if end >= field.end {
        return None;
    }
    let (left, right) = (stream.bbox(end - 1..end)?, stream.bbox(end..end + 1)?);
    (right.x0 - left.x1 >= CELL_GAP * right.height()).then_some(end)
}

/// How many characters the bracket with a date behind a number has: `1,087,723人（R2年4月時点）`.
fn dated(stream: &Stream<'_>, field: &Range<u32>) -> u32 {
    let ch = |at: u32| stream.atoms[at as usize].ch;
    if field.is_empty() || ch(field.end - 1) != ')' {
        return 0;
    }
    let Some(open) = field.clone().rev().find(|&i| ch(i) == '(').filter(|&open| open > field.start) else {
        return 0;
    };
    let inner = stream.canonical(open + 1..field.end - 1);
    let of_date = ["時点", "現在", "月", "日", "月末"].iter().any(|e| inner.ends_with(e));
    let date = of_date && chohyo_normalize::period(&inner, &chohyo_normalize::Context::default()).is_some();
    if date { field.end - open } else { 0 }
}

/// True when a field ends in the middle of a number (`3,`) and the next one goes on with it: the next field
/// of the line, or the first one of the next line of the same cell or block.
fn goes_on(stream: &Stream<'_>, field: &Range<u32>, next: &Range<u32>) -> bool {
    let ch = |at: u32| stream.atoms[at as usize].ch;
    let separator = |c: char| matches!(c, ',' | '.');
    let digits =
        field.clone().all(|i| ch(i).is_ascii_digit() || separator(ch(i))) && ch(field.start).is_ascii_digit();
    let lone = next.len() == 1 && separator(ch(next.start));
    let open = separator(ch(field.end - 1)) && ch(next.start).is_ascii_digit();
    if !digits || !(lone || open) {
        return false;
    }
    let line = |at: u32| &stream.lines[stream.atoms[at as usize].line as usize];
    let (this, below) = (line(field.end - 1), line(next.start));
    this.atoms == below.atoms
        || open
            && this.atoms.end == below.atoms.start
            && below.atoms.start == next.start
            && (this.block, this.cell) == (below.block, below.cell)
}

/// A number with a unit of the form's behind it that is no unit elsewhere (`304.9日`).
fn before_unit(stream: &Stream<'_>, field: &Range<u32>, units: &[String]) -> Option<Figure> {
    let text = stream.spelled(field.clone());
    let unit = units.iter().filter(|u| text.ends_with(u.as_str())).max_by_key(|u| u.len())?;
    let place = field.end - unit.chars().count() as u32..field.end;
    let number = field.start..place.start;
    if number.is_empty() {
        return None;
    }
    // `／か所` is a ratio without its numbers, and no mark in place of one.
    let stroke = stream.spelled(number.clone()) == "/";
    let figure = figure(stream, number).filter(|f| f.unit.is_none() && !stroke)?;
    Some(Figure { unit: Some(place), ..figure })
}

/// A number behind the unit of another cell (`人525`): some dumps write cells without a space between them.
/// Whose unit it is cannot be told.
fn behind_unit(stream: &Stream<'_>, field: &Range<u32>, units: &[String]) -> Option<Figure> {
    let text = stream.spelled(field.clone());
    let unit = units.iter().filter(|u| text.starts_with(u.as_str())).max_by_key(|u| u.len())?;
    let rest = field.start + unit.chars().count() as u32..field.end;
    if rest.is_empty() {
        return None;
    }
    figure(stream, rest).filter(|f| f.unit.is_none() && f.content != Content::Placeholder)
}

/// True for a field of digits, separators and units that is no figure: numbers that were not understood.
pub(crate) fn is_stray(stream: &Stream<'_>, field: Range<u32>, units: &[String]) -> bool {
    let text = stream.spelled(field);
    let mut rest = text;
    let mut digits = 0;
    while let Some(c) = rest.chars().next() {
        let longest = units.iter().filter(|u| rest.starts_with(u.as_str())).map(String::len).max();
        if c.is_ascii_digit() || matches!(c, ',' | '.' | '-') {
            digits += usize::from(c.is_ascii_digit());
            rest = &rest[1..];
        } else if let Some(length) = longest {
            rest = &rest[length..];
        } else {
            return false;
        }
    }
    digits > 0
}

/// True when these atoms are one of the units and nothing else.
pub(crate) fn is_unit(stream: &Stream<'_>, atoms: Range<u32>, units: &[String]) -> bool {
    let text = stream.spelled(atoms);
    units.iter().any(|u| u == text)
}

/// How much smaller than the others a digit is that is the mark of a note (`120¹`), of their height.
const SMALLER: f32 = 0.8;

/// False for digits that are not one number: white space parts some of them and not the others (`120 1`), or the first
/// and the last are of another size, as the mark of a note is.
fn of_one_piece(stream: &Stream<'_>, digits: &Range<u32>) -> bool {
    let is_digit = |i: u32| stream.atoms[i as usize].ch.is_ascii_digit();
    let pairs = || (digits.start + 1..digits.end).filter(|&i| is_digit(i - 1) && is_digit(i));
    let one_line = |i: u32| stream.atoms[i as usize].line == stream.atoms[i as usize - 1].line;
    let parted = pairs().filter(|&i| stream.starts_field(i) && one_line(i)).count();
    if parted > 0 && parted < pairs().count() {
        return false;
    }
    let (Some(first), Some(last)) =
        (digits.clone().find(|&i| is_digit(i)), digits.clone().rev().find(|&i| is_digit(i)))
    else {
        return true;
    };
    let height = |i: u32| stream.bbox(i..i + 1).map(|b| b.height());
    match (height(first), height(last)) {
        (Some(a), Some(b)) => first == last || a.min(b) >= SMALLER * a.max(b),
        _ => true,
    }
}

/// Characters of the longest number with its unit, mark or placeholder; a text that is longer is none of them.
const LONGEST: usize = 48;

/// The figure that fills these atoms (of one line).
pub(crate) fn figure(stream: &Stream<'_>, atoms: Range<u32>) -> Option<Figure> {
    if atoms.len() > LONGEST {
        return None;
    }
    let text = stream.spelled(atoms.clone());
    if chohyo_normalize::is_null_mark(text) {
        return Some(Figure { atoms, content: Content::NullMark, unit: None });
    }
    // One circle or box in place of a number is the template's as well; in running text it would be a bullet.
    if matches!(text, "●" | "○" | "◯" | "□" | "■") || chohyo_normalize::is_placeholder(text) {
        return Some(Figure { atoms, content: Content::Placeholder, unit: None });
    }
    let number = chohyo_normalize::number(text)?;
    let position = |byte: usize| atoms.start + text[..byte].chars().count() as u32;
    let digits = position(number.span.start)..position(number.span.end);
    if !of_one_piece(stream, &digits) {
        return None;
    }
    let unit = number.unit.as_ref().map(|(_, span)| position(span.start)..position(span.end));
    // 千円 in a column of units counts nothing.
    if unit.is_some() && stream.spelled(digits.clone()).chars().all(unit::begins_multiple) {
        return None;
    }
    // `3割` is 30 percent, and 3 of the unit that is printed.
    let tenths = unit.as_ref().is_some_and(|u| stream.spelled(u.clone()) == "割");
    let (value, decimals) = match tenths.then(|| number.value.checked_div(Decimal::TEN)).flatten() {
        Some(value) => (value.normalize(), value.normalize().scale()),
        None => (number.value, number.decimals),
    };
    Some(Figure { atoms: digits, content: Content::Number(value, decimals), unit })
}

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet};

    /// The number and the unit of a cell in which this is drawn.
    fn cell(draw: impl Fn(Page) -> Page) -> (Option<String>, Option<String>) {
        let page = Page::default()
            .text(30.0, 30.0, "４ 精神障害にも対応した地域包括ケアシステム構築に資する取組の成果・効果")
            .grid(&[30.0, 200.0, 300.0, 380.0, 560.0], &[50.0, 70.0, 110.0])
            .text(35.0, 64.0, "課題解決の達成度を測る指標")
            .text(205.0, 64.0, "目標値")
            .text(305.0, 64.0, "実績値")
            .text(385.0, 64.0, "具体的な成果・効果")
            .text(35.0, 94.0, "研修の受講者数")
            .text(305.0, 94.0, "50人")
            .text(385.0, 94.0, "理解が深まった。");
        let sheet = sheet(&[draw(page)]);
        let cell = &sheet.tables["outcomes"][0]["target"];
        (cell.value.map(|v| v.0.to_string()), cell.unit.clone())
    }

    #[test]
    fn digits_that_are_one_number_and_others() {
        let number = |draw: fn(Page) -> Page| cell(draw).0;
        assert_eq!(number(|page| page.text(205.0, 94.0, "1,201")).as_deref(), Some("1201"));
        assert_eq!(number(|page| page.text(205.0, 94.0, "120 1")), None);
        // The mark of a note.
        assert_eq!(number(|page| page.text(205.0, 94.0, "120").text_of(5.0, 220.5, 90.0, "1")), None);
        // A wide setting parts all digits alike.
        let wide = |page: Page| page.text(205.0, 94.0, "1 2 0");
        assert_eq!(number(wide).as_deref(), Some("120"));
    }

    #[test]
    fn tenths_are_a_unit_of_their_own() {
        let read = cell(|page| page.text(205.0, 94.0, "3割"));
        assert_eq!(read, (Some("3".to_owned()), Some("割".to_owned())));
    }

    #[test]
    fn a_share_in_brackets_behind_its_number_on_the_line_of_a_dump() {
        let dump = "仙台市\n１ 県又は政令市の基礎情報\n入院精神障害者数（R2年3月時点）\n合計 2,150人\n３か月未満 452人（21.0％）\n\
                    ３か月以上１年未満 －人（－％）\n１年以上 1,208人 / 56.2％\n取組内容\n・会議の開催（年間 180 回程度）\n";
        let sheet = crate::extract_sheet(dump).unwrap();
        let value = |key: &str| sheet.measure(key).and_then(|m| m.value.map(|v| v.0.to_string()));
        assert_eq!(value("inpatients_under_3_months").as_deref(), Some("452"));
        assert_eq!(value("inpatients_under_3_months_share").as_deref(), Some("21.0"));
        assert_eq!(value("inpatients_3_to_12_months"), None);
        assert_eq!(value("inpatients_over_1_year").as_deref(), Some("1208"));
        assert_eq!(value("inpatients_over_1_year_share").as_deref(), Some("56.2"));
        assert!(sheet.measures.iter().flat_map(|m| &m.candidates).all(|c| c.raw != "180"));
    }
}
