//! Columns of a table that the form knows by what stands in them: the names of those who act.

use std::ops::Range;

use crate::form::{ColumnForm, ColumnKind, TableForm};
use crate::grid::{Grid, Placement};
use crate::section;
use crate::stream::Stream;

/// An actor's name, and what it does, line by line.
type Role = (Range<u32>, Vec<Range<u32>>);

/// An actor whose name heads a column.
#[derive(Clone, Debug)]
pub(crate) struct Across {
    /// Left and right edge of the column, in points.
    pub edges: (f32, f32),
    /// The name, line by line.
    pub name: Vec<Range<u32>>,
}

/// Puts the actor column, and the one beside it, where the names of the form stand; the head over them may
/// be narrower than both, or stand over one alone.
pub(crate) fn place(
    stream: &Stream<'_>,
    grid: Grid<'_>,
    form: &TableForm,
    parts: &[&[Range<u32>]],
    placement: &mut Placement,
) {
    let Some(actor) = form.columns.iter().position(|c| c.kind == ColumnKind::Actor) else { return };
    // The head may stand outside the grid: the names tell as much.
    let said = placement.columns[actor].clone().map(|c| c.2).unwrap_or_default();
    let beside = form.columns.iter().position(|c| c.beside.as_ref() == Some(&form.columns[actor].name));
    let named: Vec<usize> =
        (0..parts.len()).filter(|&c| names(stream, parts[c], &form.columns[actor]).is_some()).collect();
    let cell = |c: usize| &grid.table.cells[c];
    // The first names there are head columns, or none do.
    let row = named.iter().map(|&c| cell(c).rows.start).min().filter(|r| {
        let in_row: Vec<usize> = named.iter().copied().filter(|&c| cell(c).rows.start == *r).collect();
        let edge =
            |f: fn(f32, f32) -> f32, first: f32| in_row.iter().fold(first, |x, &c| f(x, cell(c).bbox.x0));
        let (from, to) = (edge(f32::min, f32::INFINITY), edge(f32::max, f32::NEG_INFINITY));
        // Texts between them are what they do, and no column of another.
        let between = |c: usize| {
            let own = cell(c);
            own.rows.contains(r) && own.bbox.x0 > from && own.bbox.x0 < to && !parts[c].is_empty()
        };
        in_row.len() >= 2 && (0..parts.len()).all(|c| in_row.contains(&c) || !between(c))
    });
    if let Some(row) = row {
        // Their names head columns: each cell below is what one of them does.
        for &c in named.iter().filter(|&&c| cell(c).rows.start == row) {
            let edges = (cell(c).bbox.x0, cell(c).bbox.x1);
            placement.across.push(Across { edges, name: parts[c].to_vec() });
            placement.first_row = placement.first_row.max(cell(c).rows.end);
        }
        return;
    }
    let below = |c: &&usize| cell(**c).rows.start >= placement.first_row;
    let left = |a: &&usize, b: &&usize| {
        cell(**a).rows.start.cmp(&cell(**b).rows.start).then(cell(**a).bbox.x0.total_cmp(&cell(**b).bbox.x0))
    };
    let Some(&first) = named.iter().filter(below).min_by(left) else { return };
    let column = cell(first).columns.clone();
    let same: Vec<usize> = named.iter().copied().filter(|&c| cell(c).columns == column).collect();
    if same.len() < 2 {
        return;
    }
    let x0 = same.iter().map(|&c| cell(c).bbox.x0).fold(f32::INFINITY, f32::min);
    let x1 = same.iter().map(|&c| cell(c).bbox.x1).fold(f32::NEG_INFINITY, f32::max);
    placement.columns[actor] = Some((x0, x1, said.clone()));
    if let Some(beside) = beside {
        let others = placement.columns.iter().enumerate().filter(|(i, _)| *i != actor && *i != beside);
        let next = others.filter_map(|(_, c)| c.as_ref()).map(|c| c.0).filter(|x| *x >= x1 - 1.0);
        let right = next.fold(grid.table.bbox.x1, f32::min);
        placement.columns[beside] = Some((x1, right, said));
    }
}

/// Parts a row whose actor cell names several, one a line: what stands beside goes to the actor at whose height
/// it begins.
pub(crate) fn split(
    stream: &Stream<'_>,
    form: &TableForm,
    row: Vec<Vec<Range<u32>>>,
) -> Vec<Vec<Vec<Range<u32>>>> {
    let Some(actor) = form.columns.iter().position(|c| c.kind == ColumnKind::Actor) else { return vec![row] };
    let beside = form.columns.iter().position(|c| c.beside.as_ref() == Some(&form.columns[actor].name));
    let Some(beside) = beside else { return vec![row] };
    if let Some(parted) =
        in_one_cell(stream, &form.columns[actor], &row[actor]).filter(|_| row[beside].is_empty())
    {
        let parted = parted.into_iter().map(|(name, content)| {
            let mut own = row.clone();
            (own[actor], own[beside]) = (vec![name], content);
            own
        });
        return parted.collect();
    }
    let top = |p: &Range<u32>| stream.bbox(p.clone()).map(|b| (b.top, b.height()));
    let Some(names) = names(stream, &row[actor], &form.columns[actor]).filter(|n| n.len() >= 2) else {
        return vec![row];
    };
    let tops: Option<Vec<(f32, f32)>> = names.iter().map(|n| top(&n[0])).collect();
    let Some(tops) = tops else { return vec![row] };
    let mut contents: Vec<Vec<Range<u32>>> = vec![Vec::new(); names.len()];
    for part in &row[beside] {
        let Some((y, _)) = top(part) else { return vec![row] };
        let at = tops.iter().rposition(|&(t, height)| t <= y + 0.5 * height).unwrap_or(0);
        contents[at].push(part.clone());
    }
    let parted = names.into_iter().zip(contents).map(|(name, content)| {
        let mut own = row.clone();
        (own[actor], own[beside]) = (name, content);
        own
    });
    parted.collect()
}

/// The names of a cell that has what each one does behind its name and a colon, or behind its name in brackets
/// (`行政側：研修の企画`, `【行政側】研修の企画`), with that.
fn in_one_cell(stream: &Stream<'_>, column: &ColumnForm, parts: &[Range<u32>]) -> Option<Vec<Role>> {
    let mut found: Vec<Role> = Vec::new();
    for part in parts {
        let close = section::closing_of(stream, part.start, part.end);
        let start = part.start + u32::from(close.is_some());
        let colon = part.clone().find(|&i| stream.atoms[i as usize].ch == close.unwrap_or(':'));
        let name = colon.filter(|colon| *colon > start).map(|colon| start..colon);
        match name.filter(|name| is_value(stream, std::slice::from_ref(name), column)) {
            Some(name) => {
                let rest = name.end + 1..part.end;
                found.push((name, Some(rest).filter(|rest| !rest.is_empty()).into_iter().collect()));
            }
            None => found.last_mut()?.1.push(part.clone()),
        }
    }
    (found.len() >= 2).then_some(found)
}

/// The colon behind the name of an actor, or the brackets around it.
pub(crate) fn marks(stream: &Stream<'_>, form: &TableForm, row: &[Vec<Range<u32>>]) -> Vec<Range<u32>> {
    let Some(actor) = form.columns.iter().position(|c| c.kind == ColumnKind::Actor) else {
        return Vec::new();
    };
    let [name] = &row[actor][..] else { return Vec::new() };
    let behind = stream.atoms.get(name.end as usize).map(|a| a.ch);
    if behind == Some(':') {
        return std::iter::once(name.end..name.end + 1).collect();
    }
    let Some(open) = name.start.checked_sub(1) else { return Vec::new() };
    let close = section::closing_of(stream, open, name.end);
    if close.is_none() || close != behind {
        return Vec::new();
    }
    vec![open..name.start, name.end..name.end + 1]
}

/// The names of a row that stand in pairs with what each one does, side by side: a name, its text, the next name.
pub(crate) fn pairs(
    stream: &Stream<'_>,
    grid: Grid<'_>,
    form: &TableForm,
    cells: &[Vec<usize>],
    parts: &[Vec<Range<u32>>],
) -> Option<Vec<Vec<Vec<Range<u32>>>>> {
    let actor = form.columns.iter().position(|c| c.kind == ColumnKind::Actor)?;
    let beside = form.columns.iter().position(|c| c.beside.as_ref() == Some(&form.columns[actor].name))?;
    let mut all: Vec<usize> = cells[actor].iter().chain(&cells[beside]).copied().collect();
    all.sort_by(|&a, &b| grid.table.cells[a].bbox.x0.total_cmp(&grid.table.cells[b].bbox.x0));
    all.dedup();
    let mut found: Vec<Vec<Vec<Range<u32>>>> = Vec::new();
    for own in all.into_iter().map(|c| grid.parts(stream, c)).filter(|p| !p.is_empty()) {
        if is_value(stream, own, &form.columns[actor]) {
            let mut row = parts.to_vec();
            (row[actor], row[beside]) = (own.to_vec(), Vec::new());
            found.push(row);
        } else {
            found.last_mut()?[beside].extend_from_slice(own);
        }
    }
    (found.len() >= 2).then_some(found)
}

/// The names that these lines are, and nothing else; one may wrap.
fn names(stream: &Stream<'_>, parts: &[Range<u32>], column: &ColumnForm) -> Option<Vec<Vec<Range<u32>>>> {
    let mut names: Vec<Vec<Range<u32>>> = Vec::new();
    for part in parts {
        match names.last_mut() {
            Some(last) if !is_value(stream, last, column) => last.push(part.clone()),
            _ => names.push(vec![part.clone()]),
        }
    }
    let all = !names.is_empty() && names.iter().all(|n| is_value(stream, n, column));
    all.then_some(names)
}

/// True when these characters are one of the column's known values.
pub(crate) fn is_value(stream: &Stream<'_>, parts: &[Range<u32>], column: &ColumnForm) -> bool {
    let text: String = parts.iter().map(|p| stream.spelled(p.clone())).collect();
    !text.is_empty() && column.values.iter().any(|v| v.canonical.iter().copied().eq(text.chars()))
}

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet};
    use crate::sheet::Sheet;

    fn roles(sheet: &Sheet) -> Vec<(String, String, String)> {
        let cell =
            |row: &crate::sheet::Row, name: &str| row.get(name).map_or(String::new(), |c| c.text.clone());
        let rows = sheet.tables["issues"].iter();
        rows.map(|r| (cell(r, "issue"), cell(r, "actor"), cell(r, "content"))).collect()
    }

    fn heading() -> Page {
        Page::default().text(
            50.0,
            30.0,
            "４ 精神障害にも対応した地域包括ケアシステムの構築に向けた強みと課題",
        )
    }

    #[test]
    fn names_and_what_they_do_in_one_cell() {
        let page = heading()
            .grid(&[50.0, 150.0, 300.0, 500.0], &[50.0, 70.0, 120.0])
            .text(55.0, 64.0, "課題")
            .text(155.0, 64.0, "課題解決に向けた取組方針")
            .text(305.0, 64.0, "役割")
            .text(55.0, 90.0, "人材の不足")
            .text(155.0, 90.0, "研修を行う")
            .text(305.0, 84.0, "行政側：研修の企画")
            .text(305.0, 97.0, "医療側：")
            .text(305.0, 110.0, "事業者側：参加");
        let sheet = sheet(&[page]);
        let row = |who: &str, what: &str| ("人材の不足".to_owned(), who.to_owned(), what.to_owned());
        assert_eq!(roles(&sheet), [row("行政側", "研修の企画"), row("医療側", ""), row("事業者側", "参加")]);
        assert!(sheet.unclaimed.is_empty(), "{:?}", sheet.unclaimed);
    }

    #[test]
    fn names_in_brackets_before_what_they_do() {
        let page = heading()
            .grid(&[50.0, 150.0, 300.0, 500.0], &[50.0, 70.0, 120.0])
            .text(55.0, 64.0, "課題")
            .text(155.0, 64.0, "課題解決に向けた取組方針")
            .text(305.0, 64.0, "役割")
            .text(55.0, 90.0, "人材の不足")
            .text(155.0, 90.0, "研修を行う")
            .text(305.0, 84.0, "【行政側】研修の企画")
            .text(305.0, 97.0, "【医療側】受入れ（【事業者】と）");
        let sheet = sheet(&[page]);
        let row = |who: &str, what: &str| ("人材の不足".to_owned(), who.to_owned(), what.to_owned());
        assert_eq!(roles(&sheet), [row("行政側", "研修の企画"), row("医療側", "受入れ（【事業者】と）")]);
        assert!(sheet.unclaimed.is_empty(), "{:?}", sheet.unclaimed);
    }

    #[test]
    fn names_in_pairs_with_what_they_do() {
        let page = heading()
            .grid(&[30.0, 110.0, 250.0, 570.0], &[50.0, 70.0, 110.0])
            .grid(&[250.0, 300.0, 390.0, 490.0, 570.0], &[70.0, 90.0, 110.0])
            .text(35.0, 64.0, "課題")
            .text(115.0, 64.0, "課題解決に向けた取組方針")
            .text(255.0, 64.0, "課題・方針に対する役割（取組）")
            .text(35.0, 94.0, "人材の不足")
            .text(115.0, 94.0, "研修を行う")
            .text(255.0, 84.0, "行政")
            .text(305.0, 84.0, "企画")
            .text(395.0, 84.0, "医療")
            .text(495.0, 84.0, "受入れ")
            .text(255.0, 104.0, "福祉")
            .text(395.0, 104.0, "関係機関・住民等")
            .text(500.0, 104.0, "参加");
        let row = |who: &str, what: &str| ("人材の不足".to_owned(), who.to_owned(), what.to_owned());
        assert_eq!(
            roles(&sheet(&[page])),
            [row("行政", "企画"), row("医療", "受入れ"), row("福祉", ""), row("関係機関・住民等", "参加")]
        );
    }

    #[test]
    fn names_across_head_columns() {
        let page = heading()
            .grid(&[50.0, 150.0, 300.0, 400.0, 500.0], &[50.0, 70.0, 90.0, 110.0, 130.0])
            .text(55.0, 64.0, "課題")
            .text(155.0, 64.0, "課題解決に向けた取組方針")
            .text(305.0, 64.0, "課題・方針に対する役割（取組）")
            .text(305.0, 84.0, "行政")
            .text(405.0, 84.0, "医療")
            .text(55.0, 104.0, "人材の不足")
            .text(155.0, 104.0, "研修を行う")
            .text(305.0, 104.0, "企画")
            .text(405.0, 104.0, "受入れ")
            .text(55.0, 124.0, "住まい")
            .text(155.0, 124.0, "会議を開く")
            .text(405.0, 124.0, "評価");
        let row = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
        assert_eq!(
            roles(&sheet(&[page])),
            [
                row("人材の不足", "行政", "企画"),
                row("人材の不足", "医療", "受入れ"),
                row("住まい", "行政", ""),
                row("住まい", "医療", "評価"),
            ]
        );
    }

    #[test]
    fn names_in_one_cell_are_a_row_each() {
        let page = heading()
            .grid(&[30.0, 110.0, 240.0, 400.0, 560.0], &[50.0, 70.0, 130.0, 150.0])
            .text(35.0, 64.0, "課題")
            .text(115.0, 64.0, "課題解決に向けた取組方針")
            .text(245.0, 64.0, "課題・方針に対する役割（取組）")
            .text(35.0, 84.0, "人材の不足")
            .text(115.0, 84.0, "研修を行う")
            .text(245.0, 84.0, "行政")
            .text(405.0, 84.0, "企画と実施を市と県")
            .text(405.0, 98.0, "とで行う")
            .text(245.0, 114.0, "医療")
            .text(405.0, 114.0, "受入れ")
            .text(35.0, 144.0, "住まい")
            .text(115.0, 144.0, "会議を開く")
            .text(245.0, 144.0, "行政")
            .text(405.0, 144.0, "評価");
        let row = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
        assert_eq!(
            roles(&sheet(&[page])),
            [
                row("人材の不足", "行政", "企画と実施を市と県とで行う"),
                row("人材の不足", "医療", "受入れ"),
                row("住まい", "行政", "評価"),
            ]
        );
    }
}
