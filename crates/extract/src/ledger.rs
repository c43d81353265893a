//! Who has claimed which glyph: what keeps every printed character in exactly one place of the record.

use std::ops::Range;

use chohyo_layout::BBox;

use crate::sheet::{Place, SourceKind, Text};
use crate::stream::Stream;

/// The block of a line, and its cell.
type Home = (u32, Option<(u32, u32)>);

/// Claims on the glyphs of a document.
pub(crate) struct Ledger<'s, 'd> {
    pub stream: &'s Stream<'d>,
    /// The prefecture that the publisher is or lies in.
    pub prefecture: Option<&'s str>,
    kind: SourceKind,
    claimed: Vec<bool>,
    /// Of each line: some of it has been claimed.
    touched: Vec<bool>,
    /// See [`Ledger::mark`].
    marks: Vec<Range<u32>>,
}

impl<'s, 'd> Ledger<'s, 'd> {
    pub(crate) fn new(stream: &'s Stream<'d>) -> Self {
        let kind = match stream.document.kind {
            chohyo_layout::SourceKind::Pdf => SourceKind::Pdf,
            chohyo_layout::SourceKind::Text => SourceKind::Text,
        };
        let touched = vec![false; stream.lines.len()];
        Self {
            stream,
            prefecture: None,
            kind,
            claimed: vec![false; stream.glyph_count()],
            touched,
            marks: Vec::new(),
        }
    }

    /// True when nobody has claimed any of these atoms.
    pub(crate) fn is_free(&self, atoms: Range<u32>) -> bool {
        self.stream.by_line(atoms).all(|part| {
            if !self.touched[self.stream.atoms[part.start as usize].line as usize] {
                return true;
            }
            let first = self.first_glyph(&part);
            !self.stream.glyphs(part).iter().any(|&g| self.claimed[first + g as usize])
        })
    }

    /// The running number of the first glyph of the page that these atoms stand on.
    fn first_glyph(&self, atoms: &Range<u32>) -> usize {
        let line = self.stream.atoms[atoms.start as usize].line;
        self.stream.glyph_number(self.stream.lines[line as usize].page, 0)
    }

    /// Claims these atoms.
    pub(crate) fn claim(&mut self, atoms: Range<u32>) {
        let stream = self.stream;
        for part in stream.by_line(atoms) {
            self.touched[stream.atoms[part.start as usize].line as usize] = true;
            let first = self.first_glyph(&part);
            for &glyph in stream.glyphs(part) {
                self.claimed[first + glyph as usize] = true;
            }
        }
    }

    /// Claims what parts other text or names it once more: the colon behind a name, the brackets around it, the name of a
    /// field that each row prints. It goes into no text of the section, and yet into the record.
    pub(crate) fn mark(&mut self, atoms: Range<u32>) {
        if !atoms.is_empty() && self.is_free(atoms.clone()) {
            self.claim(atoms.clone());
            self.marks.push(atoms);
        }
    }

    /// All marks, as one text for each page.
    pub(crate) fn take_marks(&mut self) -> Vec<Text> {
        let stream = self.stream;
        let mut marks: Vec<[Range<u32>; 1]> =
            std::mem::take(&mut self.marks).into_iter().map(|m| [m]).collect();
        marks.sort_by_key(|[m]| m.start);
        let page = |[m]: &[Range<u32>; 1]| stream.lines[stream.atoms[m.start as usize].line as usize].page;
        marks.chunk_by(|a, b| page(a) == page(b)).map(|marks| self.text(marks)).collect()
    }

    /// The parts of `atoms` that nobody has claimed, line by line.
    pub(crate) fn free_parts(&self, atoms: Range<u32>) -> Vec<Range<u32>> {
        let mut parts: Vec<Range<u32>> = Vec::new();
        self.push_free_parts(atoms, &mut parts);
        parts
    }

    /// The same, behind the parts that are there already.
    pub(crate) fn push_free_parts(&self, atoms: Range<u32>, parts: &mut Vec<Range<u32>>) {
        for line in self.stream.by_line(atoms) {
            // Most lines are free as a whole.
            if !self.touched[self.stream.atoms[line.start as usize].line as usize] {
                parts.push(line);
                continue;
            }
            let claimed = &self.claimed[self.first_glyph(&line)..];
            let own = &self.stream.atoms[line.start as usize..line.end as usize];
            let glyphs = own.first().map_or(&[][..], |a| &self.stream.printed(a.line).glyphs);
            let mut open: Option<u32> = None;
            for (at, atom) in (line.start..).zip(own) {
                let start = (atom.glyph as usize).min(glyphs.len());
                let end = ((atom.glyph + atom.glyphs) as usize).min(glyphs.len());
                let free = glyphs[start..end.max(start)].iter().all(|&g| !claimed[g as usize]);
                match (free, open) {
                    (true, None) => open = Some(at),
                    (false, Some(start)) => {
                        parts.push(start..at);
                        open = None;
                    }
                    _ => {}
                }
            }
            parts.extend(open.map(|start| start..line.end));
        }
    }

    /// Claims these parts and makes one text of them: see [`Ledger::text`].
    pub(crate) fn take<P: AsRef<[Range<u32>]>>(&mut self, paragraphs: &[P]) -> Text {
        for part in paragraphs.iter().flat_map(AsRef::as_ref) {
            self.claim(part.clone());
        }
        self.text(paragraphs)
    }

    /// One text of paragraphs, each a list of parts; a part may run over lines.
    pub(crate) fn text<P: AsRef<[Range<u32>]>>(&self, paragraphs: &[P]) -> Text {
        let mut text = String::new();
        for paragraph in paragraphs {
            if !text.is_empty() {
                text.push('\n');
            }
            let mut first = true;
            for part in paragraph.as_ref().iter().flat_map(|p| self.stream.by_line(p.clone())) {
                let printed = self.stream.printed_text(part);
                let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
                if !first && latin(text.chars().next_back()) && latin(printed.chars().next()) {
                    text.push(' ');
                }
                text.push_str(printed);
                first = false;
            }
        }
        Text { text, at: self.places(paragraphs.iter().flat_map(AsRef::as_ref).cloned()) }
    }

    /// Where these parts stand, parts that follow each other joined.
    pub(crate) fn places(&self, parts: impl IntoIterator<Item = Range<u32>>) -> Vec<Place> {
        let lines = parts.into_iter().flat_map(|p| self.stream.by_line(p));
        match self.kind {
            SourceKind::Text => self.spans(lines),
            SourceKind::Pdf => self.boxes(lines),
        }
    }

    /// The same with a place for each line: the box around a number that wraps would hold what else stands on its lines.
    pub(crate) fn places_by_line(&self, atoms: Range<u32>) -> Vec<Place> {
        self.stream.by_line(atoms).flat_map(|line| self.places([line])).collect()
    }

    fn spans(&self, lines: impl Iterator<Item = Range<u32>>) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        for part in lines {
            let page = self.stream.page(self.stream.atoms[part.start as usize].line);
            // The letters of a vertical label stand in several rows of a dump that keeps places.
            for &glyph in self.stream.glyphs(part) {
                let glyph = &page.glyphs[glyph as usize];
                let (start, end) = (page.offset + glyph.start as usize, page.offset + glyph.end as usize);
                if let Some(Place { page: before, span: Some(span), .. }) = places.last_mut() {
                    let between = (span[1] >= page.offset && span[1] <= start)
                        .then(|| page.text.get(span[1] - page.offset..start - page.offset))
                        .flatten();
                    if *before == page.number && between.is_some_and(|b| b.trim().is_empty()) {
                        span[1] = end;
                        continue;
                    }
                }
                places.push(Place { page: page.number, bbox: None, span: Some([start, end]) });
            }
        }
        places
    }

    fn boxes(&self, lines: impl Iterator<Item = Range<u32>>) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        let mut open: Option<(u32, Home, BBox)> = None;
        let place = |(page, _, b)| Place { page, bbox: Some(rounded(b)), span: None };
        for part in lines {
            let line = &self.stream.lines[self.stream.atoms[part.start as usize].line as usize];
            let page = &self.stream.document.pages[line.page as usize];
            let bbox = self.stream.bbox(part.clone()).or_else(|| page.bbox_of(self.stream.glyphs(part)));
            let Some(bbox) = bbox else { continue };
            match &mut open {
                Some((p, home, hull)) if *p == page.number && *home == (line.block, line.cell) => {
                    *hull = hull.union(&bbox);
                }
                _ => places.extend(open.replace((page.number, (line.block, line.cell), bbox)).map(place)),
            }
        }
        places.extend(open.map(place));
        places
    }

    /// Everything that nobody has claimed, block by block.
    pub(crate) fn rest(&mut self) -> Vec<Text> {
        let mut texts = Vec::new();
        let mut free: Vec<Range<u32>> = Vec::new();
        let mut at = 0;
        let lines = &self.stream.lines;
        while at < lines.len() {
            let same = |l: &crate::stream::LineRef| (l.block, l.cell) == (lines[at].block, lines[at].cell);
            let end = at + lines[at..].iter().take_while(|l| same(l)).count();
            let mut parts: Vec<Vec<Range<u32>>> = Vec::new();
            for line in &lines[at..end] {
                self.push_free_parts(line.atoms.clone(), &mut free);
                parts.extend(free.drain(..).map(|p| vec![p]));
            }
            if !parts.is_empty() {
                texts.push(self.take(&parts));
            }
            at = end;
        }
        texts
    }
}

/// Edges in hundredths of a point: finer than any reader tells, and the same on every machine.
pub(crate) fn rounded(b: BBox) -> [f64; 4] {
    [b.x0, b.top, b.x1, b.bottom].map(|v| (f64::from(v) * 100.0).round() / 100.0)
}
