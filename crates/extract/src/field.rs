//! Fields: one thing with a label, and what stands beside it, below it, or behind it.

mod around;
mod behind;

use std::ops::Range;

use chohyo_layout::BBox;
use chohyo_normalize::{Context, Period};

use crate::answer;
use crate::figure::figure;
use crate::form::{ColumnKind, FieldForm, SectionForm};
use crate::label::{self, Label, Named};
use crate::ledger::Ledger;
use crate::sheet::{Cell, Field, Status};
use crate::stream::Stream;
use crate::unit;
use crate::value::{self, Column};

/// Reads the fields of a section's form in these lines.
pub(crate) fn read(
    ledger: &mut Ledger<'_, '_>,
    form: &SectionForm,
    labels: &[Label],
    lines: &[Range<u32>],
    caption: Option<&str>,
    context: &Context,
) -> Vec<Field> {
    // What is not in the lines of its section may stand beside them: columns of a page are read one after the other.
    let elsewhere = pages(ledger.stream, lines);
    let others = if form.repeated.is_none() {
        label::find_fields(ledger.stream, form, &elsewhere)
    } else {
        Vec::new()
    };
    let listed = are_listed(ledger.stream, labels);
    let mut out = Vec::new();
    for (index, field) in form.fields.iter().enumerate() {
        if field.behind {
            let found = behind::read(ledger, field, lines, context);
            out.extend(found.or_else(|| (!field.optional).then(|| missing(field))));
            continue;
        }
        let own: Vec<&Label> = labels
            .iter()
            .filter(|l| l.named == Named::Field(index) && ledger.is_free(l.atoms.clone()))
            .collect();
        let mut near = Neighbours { ledger, labels, lines, listed };
        let mut own = own;
        if own.is_empty() {
            own = others
                .iter()
                .filter(|l| l.named == Named::Field(index) && ledger.is_free(l.atoms.clone()))
                .collect();
            near = Neighbours { ledger, labels: &others, lines: &elsewhere, listed };
        }
        let near_is_aligned = near.is_aligned();
        // A word in running text may be spelled as the label is: the one with something beside it is meant.
        let found = own.iter().map(|l| (*l, near.value(l, field))).collect::<Vec<_>>();
        let with = |beside: fn(&Beside) -> bool| found.iter().find(|(_, b)| beside(b));
        let best = with(|b| matches!(b, Beside::Value(parts) if !parts.is_empty()))
            .or_else(|| with(|b| matches!(b, Beside::Unclear)))
            .or(found.first());
        let Some((label, beside)) = best.cloned() else {
            out.extend((!field.optional).then(|| missing(field)));
            continue;
        };
        let (parts, unclear) = match beside {
            Beside::Value(parts) => (parts, false),
            Beside::Unclear => (Vec::new(), true),
        };
        let one_line = goes_on(ledger.stream, label);
        let doubtful = near_is_aligned && parts.is_empty() && one_line;
        let printed = ledger.take(&[with_colon(ledger.stream, label)]);
        let (unit, parts) = before_number(ledger.stream, field, parts);
        let said = Column { as_of: label.as_of.clone(), unit: unit::in_brackets(&printed.text) };
        let said = match unit {
            Some(unit) => {
                ledger.mark(unit.clone());
                Column { unit: Some(ledger.stream.printed_text(unit).to_owned()), ..said }
            }
            None => said,
        };
        let mut cell = cell(ledger, &parts, field, &said, caption, context);
        if cell.text.is_empty() && matches!(cell.status, None | Some(Status::Blank)) {
            // The labels of a dump that stand together have their values elsewhere.
            let elsewhere = listed && !one_line || doubtful || unclear;
            cell.status = Some(if elsewhere { Status::Ambiguous } else { Status::Blank });
        }
        out.push(Field { key: field.key.clone(), block: None, label: Some(printed), cell });
    }
    out
}

/// The unit that stands before the number, in a cell of its own, and the number.
fn before_number(
    stream: &Stream<'_>,
    form: &FieldForm,
    parts: Vec<Range<u32>>,
) -> (Option<Range<u32>>, Vec<Range<u32>>) {
    match &parts[..] {
        [unit, number] if form.kind == ColumnKind::Value && is_unit(stream, unit) => {
            (Some(unit.clone()), vec![number.clone()])
        }
        _ => (None, parts),
    }
}

fn is_unit(stream: &Stream<'_>, part: &Range<u32>) -> bool {
    unit::is_known(stream.printed_text(part.clone()).trim())
}

fn missing(form: &FieldForm) -> Field {
    let cell = Cell { status: Some(Status::Missing), ..Cell::default() };
    Field { key: form.key.clone(), block: None, label: None, cell }
}

/// True when something stands behind the label on its line.
fn goes_on(stream: &Stream<'_>, label: &Label) -> bool {
    let line = stream.atoms[label.atoms.end as usize - 1].line;
    stream.lines[line as usize].atoms.end > label.atoms.end
}

/// True for a dump that has labels of fields one under the other, with nothing beside them: it was written column by
/// column, and what comes after a label is not its value.
fn are_listed(stream: &Stream<'_>, labels: &[Label]) -> bool {
    if stream.document.kind != chohyo_layout::SourceKind::Text || stream.has_places {
        return false;
    }
    labels.windows(2).any(|w| {
        let fields = w.iter().all(|l| matches!(l.named, Named::Field(_)));
        fields && !goes_on(stream, &w[0]) && w[0].atoms.end == w[1].atoms.start
    })
}

/// All lines of the pages that these lines stand on.
fn pages(stream: &Stream<'_>, lines: &[Range<u32>]) -> Vec<Range<u32>> {
    let page = |line: u32| stream.lines[line as usize].page;
    let Some(first) = lines.iter().find(|l| !l.is_empty()).map(|l| page(l.start)) else { return Vec::new() };
    let last = lines.iter().filter(|l| !l.is_empty()).map(|l| page(l.end - 1)).max().unwrap_or(first);
    let start = stream.lines.partition_point(|l| l.page < first) as u32;
    let end = stream.lines.partition_point(|l| l.page <= last) as u32;
    std::iter::once(start..end).collect()
}

/// The label with the enumerator before it and the colon behind it.
fn with_colon(stream: &Stream<'_>, label: &Label) -> Vec<Range<u32>> {
    let mut parts = label.parts.clone();
    let line = &stream.lines[stream.atoms[label.atoms.start as usize].line as usize];
    let mut fields = stream.fields_in(line.atoms.clone());
    if let (Some(first), Some(field)) = (parts.first_mut(), fields.find(|f| f.contains(&label.atoms.start))) {
        first.start = field.start.max(label::enumerated_from(stream, label.atoms.start));
    }
    let after = label.atoms.end;
    let colon = stream.atoms.get(after as usize).is_some_and(|a| a.ch == ':');
    if let (true, Some(last)) = (colon, parts.last_mut())
        && last.end == after
    {
        last.end += 1;
    }
    parts
}

fn cell(
    ledger: &mut Ledger<'_, '_>,
    parts: &[Range<u32>],
    form: &FieldForm,
    said: &Column,
    caption: Option<&str>,
    context: &Context,
) -> Cell {
    let mut cell = value::cell(ledger, parts, form.kind, said, context);
    let printed = answer::printed(ledger.stream, parts, form.kind);
    answer::complete(&mut cell, printed.as_deref(), form.kind, &form.choices, ledger.prefecture);
    if form.kind == ColumnKind::Period && cell.period.is_none() {
        cell.period =
            crate::cross::period(&cell.text, context).or_else(|| in_or_before_brackets(&cell.text, context));
    }
    if form.kind == ColumnKind::Period
        && cell.period.is_none()
        && cell.status.is_none()
        && !cell.text.is_empty()
    {
        cell.status = Some(if chohyo_normalize::is_null_mark(&cell.text) {
            Status::NullMark
        } else if chohyo_normalize::is_placeholder(&cell.text) {
            Status::Placeholder
        } else if cell.text.contains(char::is_numeric) {
            // A date that nobody understands.
            Status::Ambiguous
        } else {
            Status::Read
        });
    }
    value::own_unit(&mut cell, form.unit.as_deref(), [said.unit.as_deref(), caption]);
    cell
}

/// The one period of a text with brackets at its end, before them or in them: 令和３年４月１日（木）, 第８期（令和３年度～５年度）.
fn in_or_before_brackets(text: &str, context: &Context) -> Option<Period> {
    let (before, inner) = text.trim_end().strip_suffix(['）', ')'])?.split_once(['（', '('])?;
    let dated = |text: &str| chohyo_normalize::period(text, context).filter(|p| p.start.is_some());
    let undated = |text: &str| {
        chohyo_normalize::scan(text, context)
            .iter()
            .all(|f| f.period.as_ref().is_none_or(|p| p.start.is_none()))
    };
    match (dated(before), dated(inner)) {
        (Some(period), None) if undated(inner) => Some(period),
        (None, Some(period)) if undated(before) => Some(period),
        _ => None,
    }
}

/// What a label has beside it.
#[derive(Clone, Debug)]
enum Beside {
    /// Its value line by line; none where its place is empty.
    Value(Vec<Range<u32>>),
    /// Text that may be its value, or another's.
    Unclear,
}

/// What stands around a label.
struct Neighbours<'a, 's, 'd> {
    ledger: &'a Ledger<'s, 'd>,
    labels: &'a [Label],
    lines: &'a [Range<u32>],
    /// Labels stand apart from their values.
    listed: bool,
}

impl Neighbours<'_, '_, '_> {
    fn stream(&self) -> &Stream<'_> {
        self.ledger.stream
    }

    /// The value of a label.
    fn value(&self, label: &Label, form: &FieldForm) -> Beside {
        let line = self.stream().atoms[label.atoms.start as usize].line;
        let text = matches!(form.kind, ColumnKind::Text | ColumnKind::Choice);
        let parts = if self.is_aligned() {
            match self.runs(label).as_slice() {
                [] | [_] if text => match self.around(label) {
                    Beside::Value(parts) => parts,
                    Beside::Unclear => return Beside::Unclear,
                },
                [] | [_] => self.on_page(label, text),
                runs if form.kind == ColumnKind::Choice => runs.iter().flatten().cloned().collect(),
                [first, ..] if form.kind == ColumnKind::Value => first.clone(),
                // Whether the label has all of them, or which, their distance does not say.
                _ => Vec::new(),
            }
        } else if self.stream().lines[line as usize].cell.is_some() {
            match self.in_grid(label) {
                Beside::Value(parts) if form.kind == ColumnKind::Value => self.behind_unit(label, parts),
                Beside::Value(parts) => parts,
                Beside::Unclear => return Beside::Unclear,
            }
        } else if self.stream().has_places {
            self.on_page(label, text)
        } else {
            self.in_run(label, text)
        };
        let parts: Vec<Range<u32>> = parts.into_iter().flat_map(|p| self.ledger.free_parts(p)).collect();
        // `事業名：` and what it is.
        let colon = |p: &Range<u32>| self.stream().atoms[p.start as usize].ch == ':';
        Beside::Value(match parts.first() {
            Some(first) if colon(first) => {
                let rest = first.start + 1..first.end;
                std::iter::once(rest).filter(|r| !r.is_empty()).chain(parts[1..].iter().cloned()).collect()
            }
            _ => parts,
        })
    }

    fn is_label(&self, atoms: &Range<u32>) -> bool {
        self.labels.iter().any(|l| l.atoms.start < atoms.end && atoms.start < l.atoms.end)
    }

    /// True for a dump that keeps the layout: its lines are what is sure, and its cells are guesses.
    fn is_aligned(&self) -> bool {
        self.stream().has_places && self.stream().document.kind == chohyo_layout::SourceKind::Text
    }

    /// What stands to the right of a label on its line up to the next label, parted where a gap is wide; a bracket of
    /// the label's that closes in the next line is left out.
    fn runs(&self, label: &Label) -> Vec<Vec<Range<u32>>> {
        let stream = self.stream();
        let parts = self.on_page(label, false);
        // The width of a Latin letter.
        let letter = stream.bbox(label.atoms.start..label.atoms.start + 1).map_or(0.0, |b| 0.5 * b.width());
        let mut runs: Vec<Vec<Range<u32>>> = Vec::new();
        let mut end = f32::NEG_INFINITY;
        for field in parts.iter().flat_map(|p| stream.fields_in(p.clone())) {
            let Some(b) = stream.bbox(field.clone()) else { continue };
            match runs.last_mut().filter(|_| b.x0 - end < 1.5 * letter) {
                Some(run) => match run.last_mut().filter(|last| last.end == field.start) {
                    Some(last) => last.end = field.end,
                    None => run.push(field),
                },
                None => runs.push(vec![field]),
            }
            end = b.x1;
        }
        if runs.len() > 1 && runs[0].first().is_some_and(|p| stream.atoms[p.start as usize].ch == '(') {
            runs.remove(0);
        }
        runs
    }

    /// In a table: the rest of the label's own cell, else the cell to its right, else the one below.
    fn in_grid(&self, label: &Label) -> Beside {
        let stream = self.stream();
        let home = &stream.lines[stream.atoms[label.atoms.start as usize].line as usize];
        let Some((t, c)) = home.cell else {
            return Beside::Value(Vec::new());
        };
        let table = &stream.document.pages[home.page as usize].tables[t as usize];
        let own = &table.cells[c as usize];
        let parts_of = |cell: usize| -> Vec<Range<u32>> {
            let start = stream.lines.partition_point(|l| l.page < home.page);
            stream.lines[start..]
                .iter()
                .take_while(|l| l.page == home.page)
                .filter(|l| l.cell == Some((t, cell as u32)) && !l.atoms.is_empty())
                .map(|l| l.atoms.clone())
                .collect()
        };
        let rest: Vec<Range<u32>> = parts_of(c as usize)
            .into_iter()
            .map(|p| p.start.max(label.atoms.end)..p.end)
            .filter(|p| !p.is_empty())
            .take_while(|p| !self.is_label(p))
            .collect();
        let is_mark = |p: &Range<u32>| p.clone().all(|i| !stream.atoms[i as usize].ch.is_alphanumeric());
        if !rest.iter().all(is_mark) {
            return Beside::Value(rest);
        }
        let right: Vec<usize> = (0..table.cells.len())
            .filter(|&i| {
                let cell = &table.cells[i];
                cell.columns.start == own.columns.end
                    && cell.rows.start < own.rows.end
                    && own.rows.start < cell.rows.end
            })
            .collect();
        let labelled = |cells: &[usize]| {
            cells.first().is_some_and(|&i| parts_of(i).first().is_some_and(|p| self.opens_with_label(p)))
        };
        if !right.is_empty() && !labelled(&right) {
            // A label beside several rows, each with a name and a value of its own, has none.
            let full = |i: &usize| !parts_of(*i).is_empty();
            let goes_on = |&i: &usize| {
                let cell = &table.cells[i];
                let next = |o: &chohyo_layout::Cell| {
                    o.columns.start == cell.columns.end
                        && o.rows.start < cell.rows.end
                        && cell.rows.start < o.rows.end
                };
                (0..table.cells.len()).any(|o| next(&table.cells[o]) && full(&o))
            };
            if right.len() > 1 && right.iter().filter(|i| full(i)).all(goes_on) {
                return Beside::Unclear;
            }
            let value = right
                .iter()
                .map(|&i| parts_of(i))
                .take_while(|parts| !parts.first().is_some_and(|p| self.opens_with_label(p)))
                .flatten();
            return Beside::Value(value.collect());
        }
        let below: Vec<usize> = (0..table.cells.len())
            .filter(|&i| {
                let cell = &table.cells[i];
                cell.rows.start == own.rows.end
                    && cell.columns.start < own.columns.end
                    && own.columns.start < cell.columns.end
            })
            .collect();
        Beside::Value(match below.as_slice() {
            // The cell below is the label's alone, not one that stands under several.
            [one] if table.cells[*one].columns == own.columns && !labelled(&below) => parts_of(*one),
            _ => Vec::new(),
        })
    }

    /// A unit alone and the number behind it, where the line has no other: a column of units stands before that of the
    /// numbers.
    fn behind_unit(&self, label: &Label, parts: Vec<Range<u32>>) -> Vec<Range<u32>> {
        let stream = self.stream();
        let [unit] = &parts[..] else { return parts };
        if !is_unit(stream, unit) {
            return parts;
        }
        // What follows on the page may follow in the text, and is one part then.
        let line = self.on_page(label, false);
        let Some((first, others)) = line.split_first().filter(|(f, _)| f.start == unit.start) else {
            return parts;
        };
        let rest = Some(unit.end..first.end).filter(|rest| !rest.is_empty());
        let mut behind = rest.into_iter().chain(others.iter().cloned());
        match (behind.next(), behind.next()) {
            (Some(number), None) if figure(stream, number.clone()).is_some() => vec![unit.clone(), number],
            _ => parts,
        }
    }

    fn opens_with_label(&self, part: &Range<u32>) -> bool {
        self.labels.iter().any(|l| l.atoms.start == part.start)
    }

    /// On a page without a table: what stands to the right on the same height up to the next label; of a text, also
    /// the lines right below that.
    fn on_page(&self, label: &Label, text: bool) -> Vec<Range<u32>> {
        let stream = self.stream();
        let Some(own) = stream.bbox(label.atoms.clone()) else { return Vec::new() };
        let page = stream.lines[stream.atoms[label.atoms.start as usize].line as usize].page;
        let fields: Vec<(Range<u32>, BBox)> = stream
            .on_page(self.lines, page)
            .flat_map(|l| stream.fields_in(stream.lines[l as usize].atoms.clone()))
            .map(|f| {
                if f.start < label.atoms.end && label.atoms.end < f.end { label.atoms.end..f.end } else { f }
            })
            .filter(|f| self.ledger.is_free(f.clone()))
            .filter_map(|f| stream.bbox(f.clone()).map(|b| (f, b)))
            .collect();
        let level = |b: &BBox, row: &BBox| (b.center().1 - row.center().1).abs() < 0.5 * row.height();
        // Boxes of wide brackets and colons may overlap: what follows on the line of the label stands behind it.
        let line = |at: u32| stream.atoms[at as usize].line;
        let behind = |f: &Range<u32>, b: &BBox| {
            let follows = f.start >= label.atoms.end && line(f.start) == line(label.atoms.end - 1);
            b.x0 > own.x1 - 1.0 || follows && b.x1 > own.x1
        };
        let next_label = fields
            .iter()
            .filter(|(f, b)| self.is_label(f) && level(b, &own) && behind(f, b))
            .map(|(_, b)| b.x0)
            .fold(f32::INFINITY, f32::min);
        let mut row: Vec<&(Range<u32>, BBox)> = fields
            .iter()
            .filter(|(f, b)| !self.is_label(f) && level(b, &own) && behind(f, b) && b.x0 < next_label)
            .collect();
        row.sort_by(|a, b| a.1.x0.total_cmp(&b.1.x0));
        let mut parts: Vec<Range<u32>> = Vec::new();
        for (field, _) in &row {
            match parts.last_mut() {
                Some(last) if last.end == field.start => last.end = field.end,
                _ => parts.push(field.clone()),
            }
        }
        if !text {
            return parts;
        }
        let left = row.first().map_or(own.x0, |(_, b)| b.x0) - 0.5 * own.height();
        let mut bottom = own.bottom;
        let mut below: Vec<&(Range<u32>, BBox)> =
            fields.iter().filter(|(_, b)| b.top > own.center().1 && b.x0 < next_label).collect();
        below.sort_by(|a, b| a.1.top.total_cmp(&b.1.top).then(a.1.x0.total_cmp(&b.1.x0)));
        for (field, b) in below {
            let near = b.top - bottom < 0.9 * own.height();
            if self.is_label(field) || !near || b.x0 < left {
                break;
            }
            bottom = bottom.max(b.bottom);
            parts.push(field.clone());
        }
        parts
    }

    /// In a dump without places: what follows the label on its line, else the lines behind it up to the next label
    /// or blank line.
    fn in_run(&self, label: &Label, text: bool) -> Vec<Range<u32>> {
        let stream = self.stream();
        let home = stream.atoms[label.atoms.end as usize - 1].line;
        let stops = |at: u32| {
            self.labels.iter().map(|l| l.atoms.start).filter(|&s| s >= at).min().unwrap_or(u32::MAX)
        };
        let line = stream.lines[home as usize].atoms.clone();
        let rest = label.atoms.end..line.end.min(stops(label.atoms.end));
        let mut parts: Vec<Range<u32>> = Vec::new();
        if !rest.is_empty() {
            parts.push(rest.clone());
            if !text || rest.end < line.end {
                return parts;
            }
        }
        if self.listed {
            return parts;
        }
        let mut block = (!parts.is_empty()).then_some(stream.lines[home as usize].block);
        for next in (home + 1..stream.lines.len() as u32).filter(|n| self.lines.iter().any(|r| r.contains(n)))
        {
            let line = &stream.lines[next as usize];
            let here = *block.get_or_insert(line.block);
            if line.atoms.is_empty() || here != line.block || stops(line.atoms.start) < line.atoms.end {
                break;
            }
            parts.push(line.atoms.clone());
            if !text {
                break;
            }
        }
        parts
    }
}
