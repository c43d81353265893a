//! What a cell says, by the type of its column.

use std::ops::Range;

use chohyo_normalize::{Context, Period, PeriodKind};

use crate::answer;
use crate::figure::{Content, Figure, figure};
use crate::form::{ColumnForm, ColumnKind, TableForm};
use crate::ledger::Ledger;
use crate::number::Number;
use crate::paragraph::paragraphs;
use crate::sheet::{Cell, Row, Status};
use crate::stream::Stream;
use crate::unit;
use crate::wrap;

/// What the head of a column says of its cells.
#[derive(Clone, Debug, Default)]
pub(crate) struct Column {
    /// The date in the head.
    pub as_of: Option<Period>,
    /// The unit in the head.
    pub unit: Option<String>,
}

/// A cell of a column of the form: [`cell`], and what its type makes of the text.
pub(crate) fn of_column(
    ledger: &mut Ledger<'_, '_>,
    parts: &[Range<u32>],
    form: &ColumnForm,
    said: &Column,
    context: &Context,
) -> Cell {
    let mut cell = cell(ledger, parts, form.kind, said, context);
    let printed = answer::printed(ledger.stream, parts, form.kind);
    answer::complete(&mut cell, printed.as_deref(), form.kind, &form.choices, ledger.prefecture);
    own_unit(&mut cell, form.unit.as_deref(), [said.unit.as_deref()]);
    cell
}

/// Gives a number the unit that is printed elsewhere, the nearest first, where the form gives its column one. What is
/// printed as `12,500千円` is 12,500 where the column counts in 千円.
pub(crate) fn own_unit<'u>(
    cell: &mut Cell,
    form: Option<&str>,
    printed: impl IntoIterator<Item = Option<&'u str>>,
) {
    let Some(form) = form else { return };
    // `181.21ヘクタール余`: words in place of a number, unless the form knows the last of them as a unit.
    let words = cell.value.is_none()
        && (cell.status == Some(Status::Read) || cell.status == Some(Status::Ambiguous) && is_whole(cell));
    if words || cell.value.is_some() && unit::is_multiple(form) {
        let folded = chohyo_normalize::fold(&cell.text);
        let text: String = folded.text().chars().filter(|c| !c.is_whitespace()).collect();
        let number = text.strip_suffix(form).and_then(chohyo_normalize::number).filter(|n| n.unit.is_none());
        if let Some(number) = number {
            (cell.value, cell.unit) = (Some(Number(number.value)), Some(form.to_owned()));
            cell.status = Some(Status::Read);
        }
    }
    if cell.value.is_some() && cell.unit.is_none() {
        let other = printed.into_iter().flatten().next().unwrap_or(form);
        cell.unit = Some(other.to_owned());
    }
}

/// True for the text of one line whose digits no gap parts: they are one number.
fn is_whole(cell: &Cell) -> bool {
    let parted = cell
        .text
        .split_whitespace()
        .zip(cell.text.split_whitespace().skip(1))
        .any(|(a, b)| a.ends_with(char::is_numeric) && b.starts_with(char::is_numeric));
    cell.at.len() <= 1 && !parted
}

/// A cell of these parts (line by line), claimed.
pub(crate) fn cell(
    ledger: &mut Ledger<'_, '_>,
    parts: &[Range<u32>],
    kind: ColumnKind,
    column: &Column,
    context: &Context,
) -> Cell {
    let broken = kind == ColumnKind::Text && is_broken_code(ledger.stream, parts);
    let paragraphs = match kind {
        ColumnKind::Text if !broken => paragraphs(ledger.stream, parts),
        // Short cells: a line break in them is a wrap.
        _ => vec![parts.to_vec()],
    };
    let text = if parts.is_empty() { crate::sheet::Text::default() } else { ledger.take(&paragraphs) };
    let mut cell = Cell { text: text.text, at: text.at, ..Cell::default() };
    if broken {
        cell.text = joined(ledger.stream, parts);
    }
    match kind {
        ColumnKind::Text
        | ColumnKind::Actor
        | ColumnKind::Choice
        | ColumnKind::Flag
        | ColumnKind::Municipality => {}
        ColumnKind::Period => {
            // A narrow cell breaks dates inside their numbers, too: 5月1 and 7日.
            if parts.len() > 1 && wrap::is_full(ledger.stream, parts) {
                cell.text = joined(ledger.stream, parts);
            }
            // 年度末 of no known year is no point in time.
            let period = |text: &str| {
                chohyo_normalize::period(text.trim_end_matches(['：', ':']), context)
                    .filter(|p| p.kind != PeriodKind::FiscalPoint || p.fiscal_year.is_some())
            };
            cell.period = period(&cell.text);
            if parts.len() > 1 && cell.period.is_none() {
                let whole = joined(ledger.stream, parts);
                cell.period = period(&whole);
                if cell.period.is_some() {
                    cell.text = whole;
                }
            }
        }
        ColumnKind::Value => value(ledger.stream, &mut cell, parts, column, context),
    }
    cell
}

/// The column whose cells say what a row is of: the first one of texts with a head.
pub(crate) fn lead(form: &TableForm) -> Option<usize> {
    form.columns.iter().position(|c| c.kind == ColumnKind::Text && !c.headers.is_empty())
}

/// A number in a row that does not say what it is of is nobody's: its first text column is blank.
pub(crate) fn doubt_nameless(form: &TableForm, row: &mut Row) {
    let Some(lead) = lead(form).map(|i| &form.columns[i]) else { return };
    // The name of a group stands once, and perhaps on the page before; the item beside it names the row.
    let beside = form.columns.iter().filter(|c| c.beside.as_ref() == Some(&lead.name));
    let mut items = beside.filter(|c| matches!(c.kind, ColumnKind::Text | ColumnKind::Choice));
    let named = items.any(|c| row.get(&c.name).is_some_and(|cell| !cell.text.is_empty()));
    if !named && row.get(&lead.name).is_some_and(|cell| cell.text.is_empty()) {
        doubt_values(form, row);
    }
}

/// The same where the column itself was not found: in a dump that keeps its columns, the name may have run into
/// another cell. A date alone is the head of a column that was taken for a name.
pub(crate) fn doubt_unnamed(form: &TableForm, row: &mut Row) {
    let lead = lead(form).map(|i| &form.columns[i]);
    let dated = |cell: &Cell| {
        chohyo_normalize::period(&cell.text, &Context::default()).is_some_and(|p| p.start.is_some())
    };
    let nameless = |cell: &Cell| cell.text.is_empty() || dated(cell);
    if lead.is_some_and(|lead| row.get(&lead.name).is_none_or(nameless)) {
        doubt_values(form, row);
    }
}

fn doubt_values(form: &TableForm, row: &mut Row) {
    for column in form.columns.iter().filter(|c| c.kind == ColumnKind::Value) {
        if let Some(cell) = row.get_mut(&column.name).filter(|cell| cell.value.is_some()) {
            cell.value = None;
            cell.status = Some(Status::Ambiguous);
        }
    }
}

/// Reads `3,794（R2年6月末）`: a number, perhaps with a unit, perhaps with a date in brackets.
fn value(stream: &Stream<'_>, cell: &mut Cell, parts: &[Range<u32>], column: &Column, context: &Context) {
    cell.as_of.clone_from(&column.as_of);
    let Some(first) = parts.first() else {
        cell.status = Some(Status::Blank);
        return;
    };
    let open = (first.start..first.end).find(|&i| stream.atoms[i as usize].ch == '(');
    let number = first.start..open.unwrap_or(first.end);
    let whole = (open.is_none() && parts.len() > 1).then(|| broken(stream, parts)).flatten();
    if let Some(Figure { content: Content::Number(value, _), unit, .. }) = whole {
        cell.value = Some(Number(value));
        cell.status = Some(Status::Read);
        cell.unit = unit.map(|unit| crate::label::printed(stream, unit).into_owned());
        cell.text = joined(stream, parts);
        return;
    }
    let note: String = match open {
        Some(open) => std::iter::once(open..first.end)
            .chain(parts[1..].iter().cloned())
            .map(|p| stream.printed_text(p).to_owned())
            .collect(),
        None => parts[1..].iter().map(|p| stream.printed_text(p.clone()).to_owned()).collect(),
    };
    if number.is_empty() {
        return;
    }
    let Some(figure) = figure(stream, number.clone()).or_else(|| days(stream, &number)) else {
        cell.status = Some(in_words(&cell.text));
        return;
    };
    match figure.content {
        Content::Number(value, _) if note.is_empty() => {
            cell.value = Some(Number(value));
            cell.status = Some(Status::Read);
        }
        Content::Number(value, _) => {
            let inner = note.trim_start_matches(['（', '(']).trim_end_matches(['）', ')']);
            let dated = chohyo_normalize::period(inner, context);
            if let Some(period) = dated.filter(|p| p.start.is_some() || p.end.is_some()) {
                cell.as_of = Some(period);
            }
            // The bracket is closed and opened around it alone: what stands in front of it is the number.
            let alone = open.is_some() || note.starts_with(['（', '(']);
            cell.value = alone.then_some(Number(value));
            cell.status = Some(if alone { Status::Read } else { Status::Ambiguous });
        }
        Content::NullMark => cell.status = Some(Status::NullMark),
        Content::Placeholder => cell.status = Some(Status::Placeholder),
    }
    cell.unit = figure.unit.map(|unit| crate::label::printed(stream, unit).into_owned());
}

/// What a cell says that has words in place of a number, or a number that is not all it says: then its text says what
/// there is to say. Of `3 1`, 100～200, 50以上 nobody can tell the number.
fn in_words(text: &str) -> Status {
    if chohyo_normalize::is_placeholder(text) {
        return Status::Placeholder;
    }
    let folded = chohyo_normalize::fold(text);
    let mut letters = folded.text().chars().filter(|c| c.is_alphanumeric());
    let before = letters.clone().take_while(|c| !c.is_ascii_digit()).count();
    let words = letters.clone().filter(|c| !c.is_ascii_digit()).count();
    let number = letters.any(|c| c.is_ascii_digit()) && before <= ABOUT && words <= LETTERS;
    if number { Status::Ambiguous } else { Status::Read }
}

/// Letters before a number that is not exact, or of several: 約, 延べ.
const ABOUT: usize = 2;
/// A number that words go on with has no more letters beside it than this; more are a sentence.
const LETTERS: usize = 8;

/// A number of days, which elsewhere may be the end of a date: `73日`.
fn days(stream: &Stream<'_>, atoms: &Range<u32>) -> Option<Figure> {
    let text = stream.spelled(atoms.clone());
    let unit = ["日間", "日"].into_iter().find(|unit| text.ends_with(unit))?;
    let place = atoms.end - unit.chars().count() as u32..atoms.end;
    if place.start <= atoms.start {
        return None;
    }
    let number = figure(stream, atoms.start..place.start)?;
    let plain = matches!(number.content, Content::Number(..)) && number.unit.is_none();
    plain.then_some(Figure { unit: Some(place), ..number })
}

/// A number that a narrow cell of a page breaks: before its unit, or inside it where its first line alone is no
/// number (`1,22` and `0`). Two lines of digits are never one number for their neighbourhood alone.
fn broken(stream: &Stream<'_>, parts: &[Range<u32>]) -> Option<Figure> {
    let (first, last) = (parts.first()?, parts.last()?);
    let joined = parts.windows(2).all(|w| w[0].end == w[1].start);
    if !joined {
        return None;
    }
    let whole = figure(stream, first.start..last.end)?;
    let number = matches!(whole.content, Content::Number(..));
    let digits_end = whole.atoms.end;
    let before_unit = digits_end == first.end && whole.unit.is_some();
    let opens = stream.atoms[first.start as usize].ch.is_ascii_digit();
    // A dump does not show how wide the cell is.
    let inside =
        stream.has_places && digits_end > first.end && opens && figure(stream, first.clone()).is_none();
    let wrapped = || {
        stream.has_places
            && digits_end > first.end
            && is_of_one_piece(stream, &whole)
            && wrap::is_full(stream, parts)
    };
    (number && (before_unit || inside || wrapped())).then_some(whole)
}

/// True for digits that are seen to be one number: a sign or a decimal point tells it, or the commas of a long one.
fn is_of_one_piece(stream: &Stream<'_>, whole: &Figure) -> bool {
    let digits = || whole.atoms.clone().map(|i| stream.atoms[i as usize].ch);
    let long = digits().take_while(|&c| c != '.').filter(char::is_ascii_digit).count() > 3;
    let signed = digits().next().is_some_and(|c| !c.is_ascii_digit());
    digits().any(|c| c == ',') || !long && (signed || digits().any(|c| c == '.'))
}

/// True for a code of digits that a narrow cell breaks: a telephone or corporate number.
fn is_broken_code(stream: &Stream<'_>, parts: &[Range<u32>]) -> bool {
    let code = |p: &Range<u32>| {
        p.clone().all(|i| matches!(stream.atoms[i as usize].ch, '0'..='9' | '-' | '(' | ')'))
    };
    parts.len() > 1 && parts.iter().all(code) && wrap::is_full(stream, parts)
}

/// Lines as printed, with nothing between them.
fn joined(stream: &Stream<'_>, parts: &[Range<u32>]) -> String {
    parts.iter().map(|p| stream.printed_text(p.clone())).collect()
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use crate::page_maker::{Page, sheet};

    /// The target that a cell of these two lines says.
    fn target(first: &str, second: &str) -> (Option<Decimal>, Option<String>) {
        let page = Page::default()
            .text(30.0, 30.0, "４ 精神障害にも対応した地域包括ケアシステム構築に資する取組の成果・効果")
            .grid(&[30.0, 200.0, 260.0, 320.0, 560.0], &[50.0, 70.0, 110.0])
            .text(35.0, 64.0, "課題解決の達成度を測る指標")
            .text(205.0, 64.0, "目標値")
            .text(265.0, 64.0, "実績値")
            .text(325.0, 64.0, "具体的な成果・効果")
            .text(35.0, 84.0, "研修会の参加者数")
            .text(210.0, 84.0, first)
            .text(210.0, 98.0, second)
            .text(265.0, 84.0, "8")
            .text(325.0, 84.0, "増えた。");
        let sheet = sheet(&[page]);
        let cell = &sheet.tables["outcomes"][0]["target"];
        (cell.value.map(|v| v.0), cell.unit.clone())
    }

    #[test]
    fn numbers_that_a_narrow_cell_breaks() {
        assert_eq!(target("738", "回"), (Some(Decimal::from(738)), Some("回".to_owned())));
        assert_eq!(target("１，２２", "０"), (Some(Decimal::from(1220)), None));
        assert_eq!(target("61日", "").0, Some(Decimal::from(61)));
        // Two numbers, or one? Nobody can tell.
        assert_eq!(target("45", "36").0, None);
    }

    #[test]
    fn a_fiscal_point_of_no_known_year_is_no_date() {
        let page = Page::default()
            .text(30.0, 30.0, "４ 精神障害にも対応した地域包括ケアシステム構築に資する取組の成果・効果")
            .grid(&[30.0, 200.0, 260.0, 320.0, 560.0], &[50.0, 70.0, 110.0])
            .text(35.0, 64.0, "課題解決の達成度を測る指標")
            .text(205.0, 64.0, "目標値")
            .text(265.0, 64.0, "実績値（年度末）")
            .text(325.0, 64.0, "具体的な成果・効果")
            .text(35.0, 84.0, "研修会の参加者数")
            .text(265.0, 84.0, "8")
            .text(325.0, 84.0, "増えた。");
        let sheet = sheet(&[page]);
        assert_eq!(sheet.fiscal_year, None);
        assert_eq!(sheet.tables["outcomes"][0]["actual"].as_of, None);
    }
}
