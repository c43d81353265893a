//! The tables of a section.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;

use super::Assembly;
use crate::diagnostic::Code;
use crate::form::{ColumnKind, SectionForm, TableForm};
use crate::grid::{self, Grid, Placement};
use crate::label::{self, Named};
use crate::sheet::{Diagnostic, Place, Row, Status, Text};
use crate::stream::Stream;
use crate::value::Column;
use crate::{
    captioned, cards, centred, cross, headless, heads_above, line_rows, open_table, prose, records,
    roles_across, row_prefecture, run, seam, succession, unit,
};

impl Assembly<'_, '_, '_> {
    /// The tables of a section, in the order in which they claim their text.
    pub(super) fn tables(
        &mut self,
        form: &SectionForm,
        lines: &[Range<u32>],
        labels: &[label::Label],
        units: &[unit::Caption],
    ) {
        if form.tables.is_empty() {
            return;
        }
        let mut rows: BTreeMap<usize, Vec<Row>> = BTreeMap::new();
        let stream = self.ledger.stream;
        let text = stream.document.kind == chohyo_layout::SourceKind::Text;
        let all = grids(stream, lines).into_iter().filter(|_| !text);
        let stacks: Vec<Grid<'_>> = all.flat_map(|g| g.stacked(stream, &form.tables)).collect();
        let stacks = self.roles_across(form, stacks, &mut rows);
        let free: Vec<usize> = stacks.iter().map(|g| self.free(*g)).collect();
        self.line_tables(form, lines, units, &mut rows);
        if text && stream.has_places {
            self.aligned_tables(form, lines, labels, &mut rows);
        }
        self.open_tables(form, lines, &mut rows);
        // A table without rulings that has been read, even in part, is not read again.
        let stacks = stacks.into_iter().zip(free);
        let stacks: Vec<Grid<'_>> =
            stacks.filter(|(g, free)| self.free(*g) == *free).map(|(g, _)| g).collect();
        self.ruled_tables(form, stacks, units, &mut rows);
        for (index, table) in form.tables.iter().enumerate().filter(|(_, t)| !t.is_cross()) {
            let mut found = Vec::new();
            if stream.has_places {
                found = captioned::read(&mut self.ledger, table, lines, &self.context);
                found.extend(cards::rows(&mut self.ledger, table, lines, &self.context));
            } else if self.ordered {
                found = cards::written(&mut self.ledger, table, lines, self.names, &self.context);
            }
            for (row, names) in found {
                self.columns(form, &table.name, names);
                rows.entry(index).or_default().push(row);
            }
        }
        if !stream.has_places {
            self.written_tables(form, lines, labels, &mut rows);
        }
        if !text && stream.has_places {
            self.headed_tables(form, lines, &mut rows);
        }
        for (index, table) in form.tables.iter().enumerate() {
            self.enter(form, table, rows.remove(&index), lines);
        }
    }

    /// Takes the grids in which entries head the columns and those who act name the rows; the others are left.
    fn roles_across<'d>(
        &mut self,
        form: &SectionForm,
        grids: Vec<Grid<'d>>,
        rows: &mut BTreeMap<usize, Vec<Row>>,
    ) -> Vec<Grid<'d>> {
        let table = form.tables.iter().position(|t| t.columns.iter().any(|c| c.kind == ColumnKind::Actor));
        let Some(table) = table else { return grids };
        let mut out = Vec::with_capacity(grids.len());
        for grid in grids {
            match roles_across::read(&mut self.ledger, grid, &form.tables[table], &self.context) {
                Some(found) => {
                    self.columns(form, &form.tables[table].name, found.heads);
                    rows.entry(table).or_default().extend(found.rows);
                    let (top, end) = (found.taken.start, found.taken.end);
                    let rest = [(grid.rows.0, top), (end, grid.rows.1)];
                    out.extend(rest.into_iter().filter(|r| r.0 < r.1).map(|rows| Grid { rows, ..grid }));
                }
                None => out.push(grid),
            }
        }
        out
    }

    /// The tables whose grids the layout has seen.
    fn ruled_tables(
        &mut self,
        form: &SectionForm,
        grids: Vec<Grid<'_>>,
        units: &[unit::Caption],
        rows: &mut BTreeMap<usize, Vec<Row>>,
    ) {
        // The table that was read last, to its end: its page and index, and how it was placed.
        let mut placed: Option<((u32, u32), Placement)> = None;
        // The table of the last rows, and their page.
        let mut last: Option<(usize, u32)> = None;
        for grid in grids {
            // Another reader's.
            if self.free(grid) == 0 {
                continue;
            }
            let before = |index: usize| rows.get(&index).and_then(|rows| rows.last());
            if let Some((index, records)) =
                records::read(&mut self.ledger, grid, &form.tables, before, &self.context)
            {
                let table = &form.tables[index];
                for (row, names) in records {
                    self.columns(form, &table.name, names);
                    let all = rows.entry(index).or_default();
                    let lead = table.columns.iter().find(|c| !c.headers.is_empty());
                    match all.last_mut().filter(|_| lead.is_some_and(|c| !row.contains_key(&c.name))) {
                        Some(open) => open.extend(row),
                        None => all.push(row),
                    }
                }
                continue;
            }
            let found = grid::place(&mut self.ledger, grid, &form.tables, &self.context)
                .or_else(|| heads_above::place(&mut self.ledger, grid, &form.tables, &self.context));
            let placement = match (found, &placed) {
                (Some((mut placement, heads)), _) => {
                    if let Some(unit) = units.iter().find_map(|u| u.unit.as_ref()) {
                        for (_, _, said) in placement.columns.iter_mut().flatten() {
                            said.unit.get_or_insert_with(|| unit.clone());
                        }
                    }
                    self.columns(form, &form.tables[placement.table].name, heads);
                    placement
                }
                // It goes on from the page before, without its head.
                (None, Some((end, before)))
                    if grid.predecessor(self.ledger.stream) == Some(*end)
                        && !heads_other(self.ledger.stream, grid, &form.tables[before.table], before) =>
                {
                    Placement { first_row: 0, ..before.clone() }
                }
                _ => continue,
            };
            let table = &form.tables[placement.table];
            let found = grid::rows(&mut self.ledger, grid, table, &placement, &self.context);
            let all = rows.entry(placement.table).or_default();
            let before = all.len();
            all.extend(found);
            if last.is_some_and(|(table, page)| table == placement.table && page < grid.page) {
                seam::join(table, all, before);
            }
            last = Some((placement.table, grid.page));
            placed = grid.to_the_end(self.ledger.stream).map(|table| (table, placement));
        }
    }

    /// Tables whose grid the layout did not see, or that have none: what stands behind their heads.
    fn headed_tables(
        &mut self,
        form: &SectionForm,
        lines: &[Range<u32>],
        rows: &mut BTreeMap<usize, Vec<Row>>,
    ) {
        for range in lines {
            let stream = self.ledger.stream;
            let atoms = stream.atoms_of(range.clone());
            let heads: Vec<run::Head> = run::heads(stream, &form.tables, atoms.clone())
                .into_iter()
                .filter(|h| self.ledger.is_free(h.atoms.clone()) && !rows.contains_key(&h.table))
                .collect();
            for (i, head) in heads.iter().enumerate() {
                let table = &form.tables[head.table];
                let (printed, said) = run::take_head(&mut self.ledger, table, head, &self.context);
                self.columns(form, &table.name, printed);
                let end = heads.get(i + 1).map_or(atoms.end, |h| h.atoms.start);
                let body = head.atoms.end..end;
                let found = run::rows(&mut self.ledger, table, head, &said, body, &self.context);
                rows.entry(head.table).or_default().extend(found);
            }
        }
    }

    /// Enters the rows of a table, those that stand in prose where no others were found.
    fn enter(
        &mut self,
        form: &SectionForm,
        table: &TableForm,
        found: Option<Vec<Row>>,
        lines: &[Range<u32>],
    ) {
        let mut rows = found.unwrap_or_default();
        let joined = roles_across::join(table, &mut rows);
        self.again(form, &rows, joined);
        let period = table.columns.iter().any(|c| c.kind == ColumnKind::Period);
        let texts = table.columns.iter().filter(|c| c.kind == ColumnKind::Text).count();
        let text = self.ledger.stream.document.kind == chohyo_layout::SourceKind::Text;
        let in_prose = texts == 1 || texts == 2 && !text;
        if !table.is_cross() && period && texts == 2 && !text && rows.is_empty() {
            let grids = grids(self.ledger.stream, lines);
            rows = headless::rows(&mut self.ledger, table, &grids, &self.context);
        }
        if !table.is_cross() && period && in_prose && rows.is_empty() {
            let found = prose::rows(&mut self.ledger, table, lines, self.names, &self.context);
            rows.extend(found.rows);
            self.sheet.texts.entry(table.name.clone()).or_default().extend(found.headings);
            self.sheet.furniture.extend(found.furniture);
        }
        if self.ledger.stream.document.kind == chohyo_layout::SourceKind::Text {
            for row in &mut rows {
                crate::value::doubt_unnamed(table, row);
            }
        }
        let doubtful = rows.iter().flatten().any(|(_, c)| c.status == Some(Status::Ambiguous));
        if doubtful {
            let keys: Vec<String> = table
                .columns
                .iter()
                .filter(|c| {
                    rows.iter().any(|r| r.get(&c.name).is_some_and(|c| c.status == Some(Status::Ambiguous)))
                })
                .map(|c| format!("{}.{}", table.name, c.name))
                .collect();
            let message =
                format!("the text alone does not say which rows of {} these cells belong to", table.name);
            self.sheet.diagnostics.push(Diagnostic::new(Code::Ambiguous, message).of(keys));
        }
        succession::complete(table, &mut rows, &self.context);
        row_prefecture::tell(table, &mut rows);
        if !table.is_cross() {
            crate::check::table_sums(table, &rows, &mut self.sheet.diagnostics);
        }
        self.sheet.tables.entry(table.name.clone()).or_default().extend(rows);
    }

    /// Enters what stands in rows that were joined to others, and in these no more: it is printed again.
    fn again(&mut self, form: &SectionForm, rows: &[Row], joined: Vec<Row>) {
        let kept = |at: &[Place]| rows.iter().flat_map(BTreeMap::values).any(|c| c.at == at);
        let cells = joined.into_iter().flat_map(BTreeMap::into_values);
        let lost: Vec<Text> = cells
            .filter(|c| !c.at.is_empty() && !kept(&c.at))
            .map(|c| Text { text: c.text, at: c.at })
            .collect();
        if let Some(section) = self.sheet.sections.iter_mut().find(|s| s.id == form.id) {
            section.captions.extend(lost);
        }
    }

    /// The tables without rulings whose rows are lines.
    fn line_tables(
        &mut self,
        form: &SectionForm,
        lines: &[Range<u32>],
        units: &[unit::Caption],
        rows: &mut BTreeMap<usize, Vec<Row>>,
    ) {
        let stream = self.ledger.stream;
        let ruled = |l: u32| {
            let line = &stream.lines[l as usize];
            let table = line.cell.map(|(t, _)| &stream.document.pages[line.page as usize].tables[t as usize]);
            table.is_some_and(|t| t.ruled && t.columns > 1)
        };
        let open: Vec<Range<u32>> =
            lines.iter().flat_map(Clone::clone).filter(|&l| !ruled(l)).map(|l| l..l + 1).collect();
        let fields = cross::physical_lines(stream, &open);
        let caption = units.iter().find_map(|u| u.unit.as_deref());
        for found in line_rows::read(&mut self.ledger, &form.tables, &fields, caption, &self.context) {
            self.columns(form, &form.tables[found.table].name, found.heads);
            rows.entry(found.table).or_default().extend(found.rows);
        }
    }

    /// The tables of a dump that keeps places.
    fn aligned_tables(
        &mut self,
        form: &SectionForm,
        lines: &[Range<u32>],
        labels: &[label::Label],
        rows: &mut BTreeMap<usize, Vec<Row>>,
    ) {
        let stops: Vec<u32> =
            labels.iter().filter(|l| matches!(l.named, Named::Text(_))).map(|l| l.atoms.start).collect();
        let found =
            run::aligned_tables(&mut self.ledger, &form.tables, lines, &stops, self.names, &self.context);
        for table in found {
            self.columns(form, &form.tables[table.table].name, table.heads);
            rows.entry(table.table).or_default().extend(table.rows);
        }
    }

    /// The tables of pages that no ruling bounds.
    fn open_tables(
        &mut self,
        form: &SectionForm,
        lines: &[Range<u32>],
        rows: &mut BTreeMap<usize, Vec<Row>>,
    ) {
        let stream = self.ledger.stream;
        if stream.document.kind != chohyo_layout::SourceKind::Pdf {
            return;
        }
        // Rules that part no columns bound rows or boxes, and no cells.
        let ruled = |l: &crate::stream::LineRef| {
            l.cell.is_some_and(|(t, _)| {
                let table = &stream.document.pages[l.page as usize].tables[t as usize];
                table.ruled && table.columns > 1
            })
        };
        let all: Vec<u32> = lines.iter().flat_map(Clone::clone).collect();
        for page in all.chunk_by(|a, b| stream.lines[*a as usize].page == stream.lines[*b as usize].page) {
            let open = page.iter().map(|&l| &stream.lines[l as usize]).filter(|l| !ruled(l));
            let parts: Vec<Range<u32>> = open.flat_map(|l| self.ledger.free_parts(l.atoms.clone())).collect();
            for (index, records) in open_table::read(&mut self.ledger, &form.tables, &parts, &self.context) {
                for (row, names) in records {
                    self.columns(form, &form.tables[index].name, names);
                    rows.entry(index).or_default().push(row);
                }
            }
        }
    }

    /// How many lines of a grid nobody has claimed.
    fn free(&self, grid: Grid<'_>) -> usize {
        grid.lines(self.ledger.stream).filter(|line| self.ledger.is_free(line.atoms.clone())).count()
    }

    /// The tables of a dump that keeps no places.
    fn written_tables(
        &mut self,
        form: &SectionForm,
        lines: &[Range<u32>],
        labels: &[label::Label],
        rows: &mut BTreeMap<usize, Vec<Row>>,
    ) {
        let stream = self.ledger.stream;
        let atoms: Vec<Range<u32>> = lines.iter().map(|l| stream.atoms_of(l.clone())).collect();
        let stops: Vec<u32> =
            labels.iter().filter(|l| matches!(l.named, Named::Text(_))).map(|l| l.atoms.start).collect();
        let free = |h: Range<u32>| self.ledger.is_free(h);
        let mut extents = run::extents(stream, &form.tables, &atoms, &stops, free, &self.context);
        let mut said = Vec::with_capacity(extents.len());
        for extent in &extents {
            let table = &form.tables[extent.table];
            let (printed, heads) = run::take_heads(&mut self.ledger, table, extent, &self.context);
            for heads in printed {
                self.columns(form, &table.name, heads);
            }
            said.push(heads);
        }
        self.centred_tables(form, &mut extents, &mut said, rows);
        let ledger = &mut self.ledger;
        let others = self.form.sections.iter().filter(|s| s.id != form.id);
        let strangers: Vec<&TableForm> = others.flat_map(|s| &s.tables).collect();
        let found = run::written_rows(ledger, &form.tables, &strangers, &extents, self.names, &self.context);
        let readable = |w: &run::Written<'_>| w.readable() && (self.ordered || w.row_by_row());
        if let Some(written) = found.as_ref().filter(|w| readable(w)) {
            for (extent, found) in extents.iter().zip(written.rows(ledger, &said, &self.context)) {
                rows.entry(extent.table).or_default().extend(found);
            }
        } else if let Some(written) = found {
            self.ordered &= written.in_order();
            // Cells that nothing ties to rows: they are kept together, and in no text of the section.
            self.sheet.unclaimed.extend(written.texts(ledger));
            let names = extents.iter().map(|e| form.tables[e.table].name.as_str());
            let keys: Vec<String> = names.map(str::to_owned).collect();
            let message = format!("the order of the text does not say what is a row of {}", keys.join(", "));
            self.sheet.diagnostics.push(Diagnostic::new(Code::Ambiguous, message).of(keys));
        }
    }

    /// The tables of dates and texts of a dump whose dates stand at half the height of their rows, taken out of `extents`
    /// and of what is `said` of their columns.
    fn centred_tables(
        &mut self,
        form: &SectionForm,
        extents: &mut Vec<run::Extent>,
        said: &mut Vec<Vec<Option<Column>>>,
        rows: &mut BTreeMap<usize, Vec<Row>>,
    ) {
        let mut at = 0;
        while at < extents.len() {
            let table = &form.tables[extents[at].table];
            match centred::rows(
                &mut self.ledger,
                table,
                &extents[at].atoms,
                &said[at],
                self.names,
                &self.context,
            ) {
                Some(found) => {
                    rows.entry(extents[at].table).or_default().extend(found);
                    extents.remove(at);
                    said.remove(at);
                }
                None => at += 1,
            }
        }
    }

    /// Enters the heads of a table. What is printed again, on the next page or the next card, is a caption of
    /// the section.
    pub(super) fn columns(
        &mut self,
        form: &SectionForm,
        table: &str,
        heads: BTreeMap<String, crate::sheet::Text>,
    ) {
        let columns = self.sheet.columns.entry(table.to_owned()).or_default();
        let mut again = Vec::new();
        for (name, text) in heads {
            match columns.entry(name) {
                Entry::Vacant(entry) => {
                    entry.insert(text);
                }
                Entry::Occupied(_) => again.push(text),
            }
        }
        if let Some(section) = self.sheet.sections.iter_mut().find(|s| s.id == form.id) {
            section.captions.extend(again);
        }
    }
}

/// True where the first row has words in the columns of numbers: the heads of a table that the form does not know.
fn heads_other(stream: &Stream<'_>, grid: Grid<'_>, form: &TableForm, placement: &Placement) -> bool {
    let numbers = form.columns.iter().zip(&placement.columns).filter(|(c, _)| c.kind == ColumnKind::Value);
    let columns: Vec<Range<u32>> = numbers
        .flat_map(|(_, place)| grid::cells_of(grid, grid.rows.0, place.as_ref()))
        .map(|c| grid.table.cells[c].columns.clone())
        .collect();
    grid.begins_with_heads(stream, &columns)
}

/// The tables in these lines, in reading order.
pub(super) fn grids<'d>(stream: &Stream<'d>, lines: &[Range<u32>]) -> Vec<Grid<'d>> {
    let mut out: Vec<Grid<'d>> = Vec::new();
    for line in lines.iter().flat_map(Clone::clone) {
        let line = &stream.lines[line as usize];
        let Some((index, cell)) = line.cell else { continue };
        let page = &stream.document.pages[line.page as usize];
        let table = &page.tables[index as usize];
        // What stands above and below each other without rulings may be the tables of two sections.
        let own = match table.cells.get(cell as usize) {
            Some(cell) if !table.ruled => (cell.rows.start, cell.rows.end),
            _ => (0, table.rows),
        };
        match out.iter_mut().find(|g| (g.page, g.index) == (line.page, index)) {
            Some(grid) => grid.rows = (grid.rows.0.min(own.0), grid.rows.1.max(own.1)),
            None => out.push(Grid { page: line.page, index, table, rows: own, columns: (0, table.columns) }),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::grids;
    use crate::page_maker::{Page, pdf};
    use crate::stream::Stream;

    #[test]
    fn a_table_without_rulings_ends_with_its_section() {
        let rows = [
            ["二次医療圏", "人口", "病院数"],
            ["東部", "314,880", "34"],
            ["小豆", "129,579", "28"],
            ["２．基準病床数及び既存病床数", "", ""],
            ["病床種別", "基準病床数", "既存病床数"],
            ["精神病床", "1,317", "2,160"],
            ["結核病床", "12", "655"],
        ];
        let page = rows.iter().zip(0u8..).fold(Page::default(), |page, (row, n)| {
            let printed = row.iter().zip([30.0, 240.0, 360.0]).filter(|(text, _)| !text.is_empty());
            printed.fold(page, |page, (text, x)| page.text(x, 80.0 + 14.0 * f32::from(n), text))
        });
        let document = chohyo_layout::read(&pdf(&[page]), &chohyo_layout::Options::default()).unwrap();
        let stream = Stream::new(&document);
        let all = stream.lines.len() as u32;
        let heading = (0..all).find(|&l| stream.printed(l).text.contains("基準病床数及び")).unwrap();
        let of = |lines: std::ops::Range<u32>| {
            let found = grids(&stream, std::slice::from_ref(&lines));
            (found.len(), found[0].table.ruled, found[0].rows)
        };
        let (above, below) = (of(0..heading), of(heading + 1..all));
        let whole = of(0..all).2;
        assert!(!above.1 && above.0 == 1 && below.0 == 1);
        assert!(above.2.0 == 0 && above.2.1 < whole.1, "{above:?} of {whole:?}");
        assert!(below.2.0 > 0 && below.2.1 == whole.1, "{below:?} of {whole:?}");
    }
}
