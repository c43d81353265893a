//! Tables without rulings whose rows are lines: a name, and behind it a number for each of the other columns.

use std::collections::BTreeMap;
use std::ops::Range;

use chohyo_normalize::Context;

use crate::figure::figure;
use crate::form::{ColumnKind, TableForm};
use crate::head;
use crate::ledger::Ledger;
use crate::sheet::{Row, Text};
use crate::stream::Stream;
use crate::unit;
use crate::value::{self, Column};

/// Fields of a line that may be one head: 総 数, (再掲) 療養病床.
const HEAD_FIELDS: usize = 4;
/// Characters of a line without numbers that may be the rest of the name over or under it.
const REST: usize = 14;

/// A table that was found.
pub(crate) struct Found {
    /// Index into the section's tables.
    pub table: usize,
    pub rows: Vec<Row>,
    pub heads: BTreeMap<String, Text>,
}

/// Reads the tables of a section whose rows are lines. `lines` are the fields of each line, from left to right.
pub(crate) fn read(
    ledger: &mut Ledger<'_, '_>,
    tables: &[TableForm],
    lines: &[Vec<Range<u32>>],
    caption: Option<&str>,
    context: &Context,
) -> Vec<Found> {
    let mut out = Vec::new();
    let mut from = 0;
    for (index, form) in tables.iter().enumerate().filter(|(_, t)| is_of_numbers(t)) {
        let Some((heads, first)) = heads(ledger.stream, form, lines, from) else { continue };
        let Some((heads, over)) = under_heads(ledger.stream, form, heads, &lines[from..first]) else {
            continue;
        };
        let others = tables.iter().enumerate().filter(|(i, t)| *i != index && !t.is_cross()).map(|(_, t)| t);
        let others: Vec<&TableForm> = others.collect();
        let last = (first..lines.len())
            .find(|&l| {
                others.iter().any(|o| heads_in(ledger.stream, o, &lines[l]).is_some_and(|h| h.len() > 1))
            })
            .unwrap_or(lines.len());
        let Some(bodies) = bodies(ledger, form, &lines[first..last]) else { continue };
        let mut said = vec![Column::default(); form.columns.len()];
        let order = order(form, &heads);
        let mut printed = BTreeMap::new();
        for (column, parts) in heads {
            said[column] = head::column(ledger.stream, &parts, context);
            let above = over.iter().filter(|(c, _)| *c == column).map(|(_, part)| part.clone());
            let parts: Vec<Range<u32>> = above.chain(parts).collect();
            printed.insert(form.columns[column].name.clone(), ledger.take(&[parts]));
        }
        for said in &mut said {
            said.unit = said.unit.take().or_else(|| caption.map(str::to_owned));
        }
        let rows = bodies.into_iter().map(|cells| {
            let columns = order.iter().zip(cells);
            columns
                .map(|(&column, atoms)| {
                    let (column, said) = (&form.columns[column], &said[column]);
                    let parts = std::slice::from_ref(&atoms);
                    (column.name.clone(), value::of_column(ledger, parts, column, said, context))
                })
                .collect()
        });
        out.push(Found { table: index, rows: rows.collect(), heads: printed });
        from = last;
    }
    out
}

/// A name or date, and two numbers or more: what a line can hold.
fn is_of_numbers(form: &TableForm) -> bool {
    let mut columns = form.columns.iter();
    let named = columns.next().is_some_and(|c| !matches!(c.kind, ColumnKind::Value | ColumnKind::Actor));
    !form.is_cross() && named && form.columns.len() > 2 && columns.all(|c| c.kind == ColumnKind::Value)
}

type Heads = Vec<(usize, Vec<Range<u32>>)>;

/// Columns of the form, each with what stands over its head.
type Under = Vec<(usize, Range<u32>)>;

/// The heads of the table, and the line behind them; `None` where they do not stand in the form's order: numbers are
/// only counted.
fn heads(
    stream: &Stream<'_>,
    form: &TableForm,
    lines: &[Vec<Range<u32>>],
    from: usize,
) -> Option<(Heads, usize)> {
    let mut found: Heads = Vec::new();
    let mut end = from;
    for (l, line) in lines.iter().enumerate().skip(from) {
        let numbers = line.iter().filter(|f| is_number(stream, f)).count();
        if numbers > 1 {
            if found.len() > 1 {
                break;
            }
            found.clear();
            continue;
        }
        for (column, parts) in heads_in(stream, form, line)? {
            if !found.iter().any(|(c, _)| *c == column) {
                found.push((column, parts));
                end = l + 1;
            }
        }
    }
    let headed = form.columns.iter().filter(|c| !c.headers.is_empty()).count();
    (found.len() >= 2 && found.len() * 2 >= headed).then_some((found, end))
}

/// The heads with those over them, where the form says what stands there: these may come in another order than in the
/// form, and so may the columns. `None` where it cannot be told which head is under which.
fn under_heads(
    stream: &Stream<'_>,
    form: &TableForm,
    heads: Heads,
    lines: &[Vec<Range<u32>>],
) -> Option<(Heads, Under)> {
    if heads.iter().all(|(c, _)| form.columns[*c].under.is_empty()) {
        return Some((heads, Vec::new()));
    }
    let is_over = |part: &Range<u32>, c: usize| {
        head::is_one_of(stream, std::slice::from_ref(part), &form.columns[c].under)
    };
    let any = |part: &&Range<u32>| (0..form.columns.len()).any(|c| is_over(part, c));
    let mut over = lines.iter().flatten().filter(any);
    let mut open: Option<&Range<u32>> = over.next();
    let mut out: Heads = Vec::with_capacity(heads.len());
    // Those under the one that is open, from left to right.
    let mut own: Vec<Range<u32>> = Vec::new();
    let mut printed: Vec<(usize, Range<u32>)> = Vec::new();
    for (column, parts) in &heads {
        if form.columns[*column].under.is_empty() {
            out.push((*column, parts.clone()));
            continue;
        }
        let free = |part: &Range<u32>| {
            (0..form.columns.len()).find(|&c| {
                is_over(part, c)
                    && head::is_head(stream, parts, &form.columns[c])
                    && !out.iter().any(|(o, _)| *o == c)
            })
        };
        let mut found = free(open?);
        if found.is_none() {
            is_centered(stream, open?, &own).then_some(())?;
            own.clear();
            open = over.next();
            found = free(open?);
        }
        let found = found?;
        if own.is_empty() {
            printed.push((found, open?.clone()));
        }
        own.extend(parts.iter().cloned());
        out.push((found, parts.clone()));
    }
    let as_before = out.iter().map(|h| h.0).eq(heads.iter().map(|h| h.0));
    let told = over.next().is_none() && is_centered(stream, open?, &own);
    (told && (as_before || out.len() == form.columns.len())).then_some((out, printed))
}

/// True where the middle of a head is over these, as far as places tell.
fn is_centered(stream: &Stream<'_>, over: &Range<u32>, own: &[Range<u32>]) -> bool {
    let hull = own.iter().filter_map(|part| stream.bbox(part.clone())).reduce(|a, b| a.union(&b));
    let (Some(hull), Some(over)) = (hull, stream.bbox(over.clone())) else { return !stream.has_places };
    let middle = over.center().0;
    hull.x0 - over.height() <= middle && middle <= hull.x1 + over.height()
}

/// The columns of the form from left to right, as they are printed where all of them have their heads.
fn order(form: &TableForm, heads: &Heads) -> Vec<usize> {
    let named = heads.len() == form.columns.len() && heads[0].0 == 0;
    if named { heads.iter().map(|h| h.0).collect() } else { (0..form.columns.len()).collect() }
}

/// The heads in a line; `None` where one stands behind another that the form has after it.
fn heads_in(stream: &Stream<'_>, form: &TableForm, line: &[Range<u32>]) -> Option<Heads> {
    let mut out: Heads = Vec::new();
    let mut at = 0;
    while at < line.len() {
        let spans = (1..=HEAD_FIELDS.min(line.len() - at)).rev();
        let head = spans.into_iter().find_map(|count| {
            let parts = &line[at..at + count];
            let is = |c: &usize| head::is_head(stream, parts, &form.columns[*c]);
            let all: Vec<usize> = (0..form.columns.len()).filter(is).collect();
            (!all.is_empty()).then_some((count, all))
        });
        let Some((count, all)) = head else {
            at += 1;
            continue;
        };
        let before = out.last().map(|(c, _)| *c);
        let next = all.into_iter().find(|&c| before.is_none_or(|b| c > b))?;
        out.push((next, line[at..at + count].to_vec()));
        at += count;
    }
    Some(out)
}

fn is_number(stream: &Stream<'_>, field: &Range<u32>) -> bool {
    // Figures that are secret, not there, or new.
    let marks = ["x", "X", "Ⅹ", "χ", "***", "皆増", "皆減"];
    figure(stream, field.clone()).is_some() || marks.contains(&stream.printed_text(field.clone()))
}

/// The cells of each row; `None` unless most lines of numbers are rows.
fn bodies(
    ledger: &Ledger<'_, '_>,
    form: &TableForm,
    lines: &[Vec<Range<u32>>],
) -> Option<Vec<Vec<Range<u32>>>> {
    let stream = ledger.stream;
    let count = form.columns.len() - 1;
    let lines: Vec<Vec<Range<u32>>> = lines
        .iter()
        .map(|line| joined(stream, line.iter().filter(|f| ledger.is_free((*f).clone()))))
        .collect();
    let is_rest = |l: Option<usize>| {
        let Some(line) = l.and_then(|l| lines.get(l)).filter(|l| !l.is_empty()) else { return false };
        let text: String = line.iter().map(|f| stream.canonical(f.clone())).collect();
        let note = text.starts_with(['※', '注', '*', '『', '「', '【']) || text.starts_with("(注");
        let short = text.chars().count() <= REST && line.len() <= 3;
        let named = heads_in(stream, form, line).is_none_or(|h| !h.is_empty());
        let units = line.iter().all(|f| unit::in_brackets(stream.printed_text(f.clone())).is_some());
        short && !note && !named && !units && !line.iter().any(|f| is_number(stream, f))
    };
    let mut out = Vec::new();
    let mut others = 0;
    for (l, line) in lines.iter().enumerate() {
        if line.iter().filter(|f| is_number(stream, f)).count() < 2 {
            continue;
        }
        let name = line.len().saturating_sub(count);
        let (names, numbers) = line.split_at(name);
        let whole = !names.is_empty()
            && names.iter().all(|f| !is_number(stream, f))
            && numbers.iter().all(|f| is_number(stream, f))
            && !is_rest(l.checked_sub(1))
            && !is_rest(Some(l + 1));
        if !whole {
            others += 1;
            continue;
        }
        let name = names[0].start..names[names.len() - 1].end;
        out.push(std::iter::once(name).chain(numbers.iter().cloned()).collect());
    }
    (out.len() >= 2 && out.len() >= others).then_some(out)
}

/// The fields of a line; a sign before a number, and a unit behind it, are parts of it.
fn joined<'f>(stream: &Stream<'_>, fields: impl Iterator<Item = &'f Range<u32>>) -> Vec<Range<u32>> {
    let mut out: Vec<Range<u32>> = Vec::new();
    for field in fields {
        let text = stream.canonical(field.clone());
        if let Some(last) = out.last_mut().filter(|last| last.end == field.start) {
            let sign = matches!(stream.canonical(last.clone()).as_str(), "△" | "▲");
            let number =
                figure(stream, last.clone()).is_some_and(|f| f.unit.is_none() && f.number().is_some());
            if sign && is_number(stream, field) || number && unit::is_known(&text) {
                last.end = field.end;
                continue;
            }
        }
        out.push(field.clone());
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::Extractor;
    use crate::form::Form;
    use crate::sheet::Sheet;

    const FORM: &str = r#"
        id = "beds"
        title = "病床数"
        [[section]]
        id = "beds"
        headings = ["都道府県別病床数"]
        [[section.table]]
        name = "beds"
        [[section.table.column]]
        name = "prefecture"
        type = "text"
        headers = ["都道府県"]
        [[section.table.column]]
        name = "general"
        type = "value"
        headers = ["一般病床"]
        unit = "床"
        [[section.table.column]]
        name = "change"
        type = "value"
        headers = ["増減"]
    "#;

    fn read(dump: &str) -> Sheet {
        Extractor::new().form(Form::parse(FORM).unwrap()).extract(dump).unwrap()
    }

    fn rows(dump: &str) -> Vec<(String, Option<String>, Option<String>)> {
        let sheet = read(dump);
        let value = |c: &crate::Cell| c.value.map(|v| v.to_string());
        let rows = sheet.table("beds").iter();
        rows.map(|r| (r["prefecture"].text.clone(), value(&r["general"]), value(&r["change"]))).collect()
    }

    #[test]
    fn each_line_is_a_row() {
        let dump = "第１表 都道府県別病床数\n都道府県 一般病床 増 減\n北海道 51,531 △ 12\n青 森 34,517 -\n";
        let row =
            |a: &str, b: &str, c: Option<&str>| (a.to_owned(), Some(b.to_owned()), c.map(str::to_owned));
        assert_eq!(rows(dump), [row("北海道", "51531", Some("-12")), row("青 森", "34517", None)]);
        assert_eq!(read(dump).table("beds")[0]["general"].unit.as_deref(), Some("床"));
    }

    #[test]
    fn numbers_that_are_not_as_many_as_the_columns_are_nobodys() {
        let dump =
            "第１表 都道府県別病床数\n都道府県 一般病床 増減\n北海道 51,531 12\n青森 34,517 3\n岩手 1 2 3\n";
        let sheet = read(dump);
        assert_eq!(sheet.table("beds").len(), 2);
        assert!(sheet.unclaimed.iter().any(|t| t.text.contains("岩手")));
    }

    #[test]
    fn a_name_that_may_go_on_in_the_next_line_is_not_cut() {
        let dump = "第１表 都道府県別病床数\n都道府県 一般病床 増減\n北海道 51,531 12\n青森 34,517 3\n神奈 1 2\n川県\n";
        assert_eq!(rows(dump).len(), 2);
    }

    #[test]
    fn columns_in_another_order_are_not_counted() {
        let dump = "第１表 都道府県別病床数\n都道府県 増減 一般病床\n北海道 12 51,531\n青森 3 34,517\n";
        assert!(rows(dump).iter().all(|r| r.1.as_deref() != Some("12")), "{:?}", rows(dump));
    }

    const UNDER: &str = r#"
        id = "kinds"
        title = "施設種別"
        [[section]]
        id = "kinds"
        headings = ["施設種別の状況"]
        [[section.table]]
        name = "kinds"
        [[section.table.column]]
        name = "area"
        type = "text"
        headers = ["区域"]
        [[section.table.column]]
        name = "hospital_count"
        type = "value"
        headers = ["施設数"]
        under = ["病院"]
        [[section.table.column]]
        name = "hospital_beds"
        type = "value"
        headers = ["病床数"]
        under = ["病院"]
        [[section.table.column]]
        name = "all_count"
        type = "value"
        headers = ["施設数"]
        under = ["計"]
        [[section.table.column]]
        name = "all_beds"
        type = "value"
        headers = ["病床数"]
        under = ["計"]
    "#;

    /// Two rows of heads, the upper ones at these x.
    fn under(first: (f32, &str), second: (f32, &str)) -> Vec<[String; 3]> {
        use crate::page_maker::{Page, doubted, sheet_of};
        let xs = [30.0, 150.0, 250.0, 380.0, 480.0];
        let rows = [
            ["区域", "施設数", "病床数", "施設数", "病床数"],
            ["新川", "89", "8,034", "56", "7,256"],
            ["富山", "61", "9,100", "60", "9,095"],
        ];
        let page = Page::default().text(30.0, 30.0, "施設種別の状況");
        let page = page.text(first.0, 60.0, first.1).text(second.0, 60.0, second.1);
        let page = rows.iter().zip([74.0, 92.0, 110.0]).fold(page, |page, (row, y)| {
            row.iter().zip(xs).fold(page, |page, (text, x)| page.text(x, y, text))
        });
        doubted(&sheet_of(UNDER, &[page]), "kinds", ["area", "hospital_count", "all_beds"])
    }

    #[test]
    fn heads_under_others_stand_in_the_order_of_these() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned);
        let told = under((215.0, "計"), (430.0, "病院"));
        assert_eq!(told, [row(["新川", "56", "8,034"]), row(["富山", "60", "9,100"])]);
        let told = under((205.0, "病院"), (440.0, "計"));
        assert_eq!(told, [row(["新川", "89", "7,256"]), row(["富山", "61", "9,095"])]);
    }

    #[test]
    fn heads_over_none_tell_no_columns() {
        let told = under((330.0, "計"), (560.0, "病院"));
        assert!(told.iter().all(|row| row[1] != "89" && row[2] != "8,034"), "{told:?}");
    }

    #[test]
    fn units_under_heads_begin_no_name() {
        let dump = "第１表 都道府県別病床数\n都道府県 一般病床 増減\n（床） （床）\n北海道 51,531 12\n青森 34,517 3\n";
        assert_eq!(rows(dump).len(), 2);
    }
}
