//! The characters of a document in reading order, in the spelling that labels are compared in, each with
//! its way back to the page.

use std::ops::Range;

use chohyo_layout::{BBox, BlockKind, Document, Page, SourceKind};

use crate::drawn;
use crate::leaders;
use crate::spelling;

/// A document as one run of characters without white space.
pub(crate) struct Stream<'d> {
    pub document: &'d Document,
    pub atoms: Vec<Atom>,
    pub lines: Vec<LineRef>,
    pub fields: Vec<Field>,
    /// The characters of all atoms, one after the other.
    text: String,
    /// The atoms of each line that stands in a cell and is not blank.
    cell_parts: Vec<Range<u32>>,
    /// Where each cell's lines begin, among all and among [`Stream::cell_parts`], by page and table; behind the last
    /// cell's, where they end.
    cells: Vec<Vec<Vec<[u32; 2]>>>,
    /// Lines have boxes: those of a PDF, and of a dump that keeps the layout.
    pub has_places: bool,
    /// White space stands between most half-width letters or digits and the full-width characters beside them, as some
    /// tools put it: then it parts no cells.
    pub spaced: bool,
    /// A dump that holds each cell whole: see [`drawn`].
    pub by_cell: bool,
    /// Of each page: the index of its first glyph among all of the document.
    first_glyph: Vec<u32>,
}

/// A character of the one spelling; it stands for one or more glyphs of one or two lines.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Atom {
    pub ch: char,
    /// Where it begins in the text of all atoms, in bytes.
    start: u32,
    /// Index into [`Stream::lines`] of its first glyph.
    pub line: u32,
    /// Position of its first glyph in the line's glyphs, and how many glyphs it stands for (in this line).
    pub glyph: u32,
    pub glyphs: u32,
}

/// A line of the document, in reading order.
#[derive(Clone, Debug)]
pub(crate) struct LineRef {
    /// Index into [`Document::pages`].
    pub page: u32,
    /// Index into [`Page::lines`].
    pub line: u32,
    /// Running number in the document of what stands in one box, or with no more than line space between.
    pub block: u32,
    /// What the block it stands in is.
    pub kind: BlockKind,
    /// The table and cell of the page it stands in.
    pub cell: Option<(u32, u32)>,
    /// Its atoms.
    pub atoms: Range<u32>,
    /// Its fields.
    pub fields: Range<u32>,
}

/// A part of a line between white space.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub atoms: Range<u32>,
    /// The box around it; `None` where lines have none.
    pub bbox: Option<BBox>,
}

impl<'d> Stream<'d> {
    pub(crate) fn new(document: &'d Document) -> Self {
        let count = document.pages.iter().map(|p| p.glyphs.len()).sum();
        let mut stream = Self {
            document,
            atoms: Vec::with_capacity(count),
            lines: Vec::with_capacity(document.pages.iter().map(|p| p.lines.len()).sum()),
            fields: Vec::new(),
            text: String::with_capacity(3 * count),
            cell_parts: Vec::new(),
            cells: Vec::with_capacity(document.pages.len()),
            has_places: document.pages.iter().any(|p| p.width > 0.0),
            spaced: document.kind == SourceKind::Text && puts_space(document),
            by_cell: drawn::by_cell(document),
            first_glyph: Vec::with_capacity(document.pages.len()),
        };
        let mut glyphs = 0;
        let mut first_group = 0;
        for (p, page) in document.pages.iter().enumerate() {
            stream.first_glyph.push(glyphs);
            glyphs += page.glyphs.len() as u32;
            let mut cells: Vec<Vec<[u32; 2]>> = vec![Vec::new(); page.tables.len()];
            for block in &page.blocks {
                let home = (first_group + block.group, block.kind);
                match block.kind {
                    BlockKind::Table(t) => {
                        let starts = &mut cells[t as usize];
                        for (c, cell) in page.tables[t as usize].cells.iter().enumerate() {
                            starts.push(stream.next_in_cell());
                            for &line in &cell.lines {
                                stream.push_line(p, page, line, home, Some((t, c as u32)));
                                let atoms = stream.lines.last().map(|l| l.atoms.clone());
                                stream.cell_parts.extend(atoms.filter(|a| !a.is_empty()));
                            }
                        }
                        starts.push(stream.next_in_cell());
                    }
                    _ => {
                        for &line in &block.lines {
                            stream.push_line(p, page, line, home, None);
                        }
                    }
                }
            }
            stream.cells.push(cells);
            first_group += page.blocks.iter().map(|b| b.group + 1).max().unwrap_or(0);
        }
        stream
    }

    /// What the next line in a cell will be among all lines and among those parts.
    fn next_in_cell(&self) -> [u32; 2] {
        [self.lines.len() as u32, self.cell_parts.len() as u32]
    }

    fn push_line(
        &mut self,
        p: usize,
        page: &Page,
        line: u32,
        (block, kind): (u32, BlockKind),
        cell: Option<(u32, u32)>,
    ) {
        let printed = &page.lines[line as usize];
        let index = self.lines.len() as u32;
        let (first_atom, first_field) = (self.atoms.len() as u32, self.fields.len() as u32);
        let folded = chohyo_normalize::fold(&printed.text);
        let mut rest = folded.chars();
        let mut spaced = false;
        let mut glyph = 0;
        // The field that is read, and the run of one character at its end.
        let mut field_start = first_atom;
        let mut run = first_atom;
        let mut run_of = None;
        while let Some((source, ch)) = rest.next() {
            if ch.is_whitespace() {
                spaced = true;
                continue;
            }
            // Places only grow.
            while printed.starts.get(glyph + 1).is_some_and(|&s| s as usize <= source) {
                glyph += 1;
            }
            self.reach(first_atom, glyph as u32);
            if run_of != Some(ch) {
                self.push_leaders(page, printed, run, &mut field_start);
                run = self.atoms.len() as u32;
                run_of = Some(ch);
            }
            if spaced && self.atoms.len() as u32 > field_start {
                let end = self.atoms.len() as u32;
                self.push_field(page, printed, field_start..end);
                field_start = end;
            }
            spaced = false;
            let one = spelling::variant(ch, || rest.clone().map(|(_, c)| c).filter(|c| !c.is_whitespace()));
            let Some((length, one)) = one else {
                self.push_atom(ch, index, glyph as u32);
                continue;
            };
            // Each of its characters takes one glyph, and the last one what is left.
            for (i, ch) in one.chars().enumerate() {
                self.push_atom(ch, index, (glyph + i) as u32);
            }
            rest.by_ref().filter(|(_, c)| !c.is_whitespace()).take(length - 1).for_each(drop);
        }
        self.reach(first_atom, printed.glyphs.len() as u32);
        self.push_leaders(page, printed, run, &mut field_start);
        let end = self.atoms.len() as u32;
        if end > field_start {
            self.push_field(page, printed, field_start..end);
        }
        self.lines.push(LineRef {
            page: p as u32,
            line,
            block,
            kind,
            cell,
            atoms: first_atom..self.atoms.len() as u32,
            fields: first_field..self.fields.len() as u32,
        });
    }

    /// The last atom of the line that begins with `first` stands for all glyphs up to this one.
    fn reach(&mut self, first: u32, glyph: u32) {
        if let Some(last) = self.atoms.get_mut(first as usize..).and_then(<[Atom]>::last_mut) {
            last.glyphs = glyph.saturating_sub(last.glyph);
        }
    }

    /// Adds an atom that stands for one glyph: see [`Self::reach`].
    fn push_atom(&mut self, ch: char, line: u32, glyph: u32) {
        self.atoms.push(Atom { ch, start: self.text.len() as u32, line, glyph, glyphs: 1 });
        self.text.push(ch);
    }

    /// Ends the field that began at `start` where leaders begin, and the leaders as a field of their own, if the run of
    /// one character that began at `run` and ends here is leaders.
    fn push_leaders(&mut self, page: &Page, line: &chohyo_layout::Line, run: u32, start: &mut u32) {
        let end = self.atoms.len() as u32;
        if !leaders::are(self.atoms[run as usize..].iter().map(|a| a.ch)) {
            return;
        }
        if run > *start {
            self.push_field(page, line, *start..run);
        }
        self.push_field(page, line, run.max(*start)..end);
        *start = end;
    }

    /// Ends a field of this line.
    fn push_field(&mut self, page: &Page, line: &chohyo_layout::Line, atoms: Range<u32>) {
        let (first, last) = (self.atoms[atoms.start as usize], self.atoms[atoms.end as usize - 1]);
        let end = ((last.glyph + last.glyphs) as usize).min(line.glyphs.len());
        let glyphs = line.glyphs.get(first.glyph as usize..end).unwrap_or_default();
        let bbox = if self.has_places { page.bbox_of(glyphs) } else { None };
        self.fields.push(Field { atoms, bbox });
    }

    /// The page a line stands on.
    pub(crate) fn page(&self, line: u32) -> &'d Page {
        &self.document.pages[self.lines[line as usize].page as usize]
    }

    /// The line as the layout has it.
    pub(crate) fn printed(&self, line: u32) -> &'d chohyo_layout::Line {
        &self.page(line).lines[self.lines[line as usize].line as usize]
    }

    /// The text of these atoms (all of one line) as printed, inner white space kept.
    pub(crate) fn printed_text(&self, atoms: Range<u32>) -> &'d str {
        let Some(first) = self.atoms.get(atoms.start as usize) else { return "" };
        if atoms.is_empty() {
            return "";
        }
        let line = self.printed(first.line);
        let last = &self.atoms[atoms.end as usize - 1];
        let start = line.starts.get(first.glyph as usize).map_or(0, |&s| s as usize);
        let end =
            line.starts.get((last.glyph + last.glyphs) as usize).map_or(line.text.len(), |&s| s as usize);
        line.text.get(start..end).unwrap_or("").trim()
    }

    /// The glyphs of these atoms (all of one line), as indices into the page's glyphs.
    pub(crate) fn glyphs(&self, atoms: Range<u32>) -> &'d [u32] {
        if atoms.is_empty() {
            return &[];
        }
        let (first, last) = (&self.atoms[atoms.start as usize], &self.atoms[atoms.end as usize - 1]);
        let glyphs = &self.printed(first.line).glyphs;
        let end = ((last.glyph + last.glyphs) as usize).min(glyphs.len());
        &glyphs[(first.glyph as usize).min(end)..end]
    }

    /// The running number in the document of a page's glyph.
    pub(crate) fn glyph_number(&self, page: u32, glyph: u32) -> usize {
        (self.first_glyph[page as usize] + glyph) as usize
    }

    /// Number of glyphs in the document.
    pub(crate) fn glyph_count(&self) -> usize {
        self.document.pages.iter().map(|p| p.glyphs.len()).sum()
    }

    /// The atoms of these lines.
    pub(crate) fn atoms_of(&self, lines: Range<u32>) -> Range<u32> {
        if lines.is_empty() {
            return 0..0;
        }
        self.lines[lines.start as usize].atoms.start..self.lines[lines.end as usize - 1].atoms.end
    }

    /// The characters of these atoms, one for each.
    pub(crate) fn chars(&self, atoms: Range<u32>) -> impl Iterator<Item = char> + '_ {
        let atoms = self.atoms.get(atoms.start as usize..atoms.end as usize).unwrap_or_default();
        atoms.iter().map(|a| a.ch)
    }

    /// True when the atoms from `at` on are those of `alias`; they may run over line ends.
    pub(crate) fn matches(&self, at: u32, end: u32, alias: &[char]) -> bool {
        let (at, end) = (at as usize, end as usize);
        at + alias.len() <= end
            && self.atoms[at..at + alias.len()].iter().map(|a| a.ch).eq(alias.iter().copied())
    }

    /// The fields of a line.
    pub(crate) fn fields_of(&self, line: u32) -> &[Field] {
        let fields = &self.lines[line as usize].fields;
        &self.fields[fields.start as usize..fields.end as usize]
    }

    /// The fields that these atoms (of one line) touch, cut to them.
    pub(crate) fn fields_in(&self, atoms: Range<u32>) -> impl DoubleEndedIterator<Item = Range<u32>> + '_ {
        let fields = self.atoms.get(atoms.start as usize).map_or(&[][..], |first| self.fields_of(first.line));
        fields
            .iter()
            .map(move |f| f.atoms.start.max(atoms.start)..f.atoms.end.min(atoms.end))
            .filter(|f| !f.is_empty())
    }

    /// True when this atom is the first of its field.
    pub(crate) fn starts_field(&self, at: u32) -> bool {
        self.fields_of(self.atoms[at as usize].line).binary_search_by_key(&at, |f| f.atoms.start).is_ok()
    }

    /// The characters of these atoms.
    pub(crate) fn canonical(&self, atoms: Range<u32>) -> String {
        self.spelled(atoms).to_owned()
    }

    /// The characters of these atoms, where they stand.
    pub(crate) fn spelled(&self, atoms: Range<u32>) -> &str {
        let start = |at: u32| self.atoms.get(at as usize).map_or(self.text.len(), |a| a.start as usize);
        self.text.get(start(atoms.start)..start(atoms.end)).unwrap_or_default()
    }

    /// True when these characters stand somewhere in the document.
    pub(crate) fn has(&self, canonical: &[char]) -> bool {
        self.text.contains(&canonical.iter().collect::<String>())
    }

    /// Those of these lines that stand on this page.
    pub(crate) fn on_page<'l>(
        &self,
        lines: &'l [Range<u32>],
        page: u32,
    ) -> impl Iterator<Item = u32> + use<'l> {
        let first = self.lines.partition_point(|l| l.page < page) as u32;
        let end = self.page_end(page);
        lines.iter().flat_map(move |l| l.start.max(first)..l.end.min(end))
    }

    /// The line behind the last one of a page.
    pub(crate) fn page_end(&self, page: u32) -> u32 {
        self.lines.partition_point(|l| l.page <= page) as u32
    }

    /// The lines of a cell of a table.
    pub(crate) fn lines_of_cell(&self, page: u32, table: u32, cell: u32) -> &[LineRef] {
        let [lines, _] = self.cell(page, table, cell);
        &self.lines[lines]
    }

    /// The atoms of a cell of a table, line by line; none of these parts is empty.
    pub(crate) fn parts_of_cell(&self, page: u32, table: u32, cell: u32) -> &[Range<u32>] {
        let [_, parts] = self.cell(page, table, cell);
        &self.cell_parts[parts]
    }

    fn cell(&self, page: u32, table: u32, cell: u32) -> [Range<usize>; 2] {
        let starts = &self.cells[page as usize][table as usize];
        match starts.get(cell as usize..cell as usize + 2) {
            Some(&[start, end]) => [0, 1].map(|i| start[i] as usize..end[i] as usize),
            _ => [0..0, 0..0],
        }
    }

    /// The box around these atoms (of one page); `None` for a dump.
    pub(crate) fn bbox(&self, atoms: Range<u32>) -> Option<BBox> {
        if !self.has_places || atoms.is_empty() {
            return None;
        }
        if let Some(bbox) = self.bbox_of_fields(&atoms) {
            return Some(bbox);
        }
        let mut hull: Option<BBox> = None;
        for part in self.by_line(atoms) {
            let page = self.page(self.atoms[part.start as usize].line);
            if let Some(b) = page.bbox_of(self.glyphs(part)) {
                hull = Some(hull.map_or(b, |h| h.union(&b)));
            }
        }
        hull
    }

    /// The box around these atoms, where they are whole fields of one line, whose boxes are known.
    fn bbox_of_fields(&self, atoms: &Range<u32>) -> Option<BBox> {
        let fields = self.fields_of(self.atoms[atoms.start as usize].line);
        let first = fields.binary_search_by_key(&atoms.start, |f| f.atoms.start).ok()?;
        let mut hull: Option<BBox> = None;
        for field in &fields[first..] {
            let bbox = field.bbox?;
            let hull = *hull.insert(hull.map_or(bbox, |h| h.union(&bbox)));
            if field.atoms.end >= atoms.end {
                return (field.atoms.end == atoms.end).then_some(hull);
            }
        }
        None
    }

    /// The cell that holds these atoms, or the box around them where there is no cell; `None` for a dump
    /// without places. The cells of a dump are made of its rows, and no finer than they are: there it is
    /// always the box.
    pub(crate) fn extent(&self, atoms: &Range<u32>) -> Option<BBox> {
        let line = &self.lines[self.atoms[atoms.start as usize].line as usize];
        match line.cell.filter(|_| self.document.kind == SourceKind::Pdf) {
            Some((t, c)) => {
                Some(self.document.pages[line.page as usize].tables[t as usize].cells[c as usize].bbox)
            }
            None => self.bbox(atoms.clone()),
        }
    }

    /// The same for a label that stands in one row: where no rulings bound its cell, that may reach further than
    /// the row does.
    pub(crate) fn row_extent(&self, atoms: &Range<u32>) -> Option<BBox> {
        let cell = self.extent(atoms)?;
        let line = &self.lines[self.atoms[atoms.start as usize].line as usize];
        let ruled = |(t, _): (u32, u32)| self.document.pages[line.page as usize].tables[t as usize].ruled;
        if line.cell.is_none_or(ruled) {
            return Some(cell);
        }
        let own = self.bbox(atoms.clone())?;
        let reach = 0.6 * self.bbox(atoms.start..atoms.start + 1).map_or(0.0, |b| b.height());
        Some(BBox {
            top: cell.top.max(own.top - reach).min(own.top),
            bottom: cell.bottom.min(own.bottom + reach).max(own.bottom),
            ..cell
        })
    }

    /// True when these atoms stand across the upper or lower edge of their cell: text that has slipped out of
    /// its row no longer says by its place which row it is of.
    pub(crate) fn slipped(&self, atoms: &Range<u32>) -> bool {
        let line = &self.lines[self.atoms[atoms.start as usize].line as usize];
        let (Some((t, c)), Some(b)) = (line.cell, self.bbox(atoms.clone())) else { return false };
        let cell = self.document.pages[line.page as usize].tables[t as usize].cells[c as usize].bbox;
        let slack = 0.2 * b.height();
        b.top < cell.top - slack || b.bottom > cell.bottom + slack
    }

    /// These atoms, line by line.
    pub(crate) fn by_line(&self, atoms: Range<u32>) -> impl Iterator<Item = Range<u32>> + '_ {
        let mut at = atoms.start;
        std::iter::from_fn(move || {
            if at >= atoms.end {
                return None;
            }
            let line = &self.lines[self.atoms[at as usize].line as usize];
            let part = at..line.atoms.end.min(atoms.end);
            at = part.end;
            Some(part)
        })
    }
}

fn puts_space(document: &Document) -> bool {
    let (mut with, mut without) = (0, 0);
    for line in document.pages.iter().flat_map(|p| &p.lines) {
        let wide = |c: char| !c.is_ascii() && c.is_alphabetic();
        let narrow = |c: char| c.is_ascii_alphanumeric();
        let mut before: Option<char> = None;
        let mut space = false;
        for c in line.text.chars() {
            if c == ' ' {
                space = true;
                continue;
            }
            if before.is_some_and(|b| wide(b) && narrow(c) || narrow(b) && wide(c)) {
                if space { with += 1 } else { without += 1 }
            }
            (before, space) = (Some(c), false);
        }
    }
    with > without
}
