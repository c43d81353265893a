//! The map between a text and its fold: only what changed, runs of like changes as one.

use std::ops::Range;

/// `count` changes one after the other, each of `from` bytes of the source to `to` bytes of the folded text.
#[derive(Clone, Copy, Debug)]
struct Edit {
    source: usize,
    folded: usize,
    from: u8,
    to: u8,
    count: u32,
}

impl Edit {
    fn source_end(&self) -> usize {
        self.source + self.from as usize * self.count as usize
    }

    fn folded_end(&self) -> usize {
        self.folded + self.to as usize * self.count as usize
    }
}

/// The edits, in order. Between them, source and folded text are the same bytes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Map {
    edits: Vec<Edit>,
}

impl Map {
    pub(crate) fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// Adds a change of `from` bytes at `source` to `to` bytes at `folded`. Both are those of one or two characters.
    pub(crate) fn push(&mut self, source: usize, folded: usize, from: usize, to: usize) {
        let (Ok(from), Ok(to)) = (u8::try_from(from), u8::try_from(to)) else {
            // Longer changes (a mark after many invisible characters) go in pieces, the text with the first.
            self.push(source, folded, 255, to);
            self.push(source + 255, folded + to, from - 255, 0);
            return;
        };
        if let Some(last) = self.edits.last_mut()
            && last.source_end() == source
            && last.from == from
            && last.to == to
            && last.count < u32::MAX
        {
            last.count += 1;
        } else {
            self.edits.push(Edit { source, folded, from, to, count: 1 });
        }
    }

    /// Forgets all changes from the source position `at` on; returns the folded position of `at`.
    pub(crate) fn rewind(&mut self, at: usize) -> usize {
        while let Some(last) = self.edits.last_mut() {
            if last.source_end() <= at {
                return last.folded_end() + (at - last.source_end());
            }
            if last.source < at {
                last.count = ((at - last.source) / last.from.max(1) as usize) as u32;
                return last.folded_end();
            }
            let before = (last.source - at, last.folded);
            self.edits.pop();
            // The bytes between the edit before and this one are the same in both.
            if self.edits.last().is_none_or(|last| last.source_end() <= at) {
                return before.1 - before.0;
            }
        }
        at
    }

    pub(crate) fn to_source(
        &self,
        folded: Range<usize>,
        folded_len: usize,
        source_len: usize,
    ) -> Range<usize> {
        let (start, end) = (folded.start.min(folded_len), folded.end.min(folded_len));
        // A start behind a dropped character lies after it, an end before one lies before it.
        let after = self.edits.partition_point(|edit| edit.folded <= start);
        let start = match after.checked_sub(1).map(|index| self.edits[index]) {
            None => start,
            Some(edit) if start >= edit.folded_end() => edit.source_end() + (start - edit.folded_end()),
            Some(edit) => edit.source + (start - edit.folded) / edit.to as usize * edit.from as usize,
        };
        let before = self.edits.partition_point(|edit| edit.folded < end);
        let end = match before.checked_sub(1).map(|index| self.edits[index]) {
            None => end,
            Some(edit) if end > edit.folded_end() || edit.to == 0 => {
                edit.source_end() + (end - edit.folded_end())
            }
            Some(edit) => edit.source + (end - edit.folded).div_ceil(edit.to as usize) * edit.from as usize,
        };
        let start = start.min(source_len);
        start..end.clamp(start, source_len)
    }

    pub(crate) fn to_folded(
        &self,
        source: Range<usize>,
        folded_len: usize,
        source_len: usize,
    ) -> Range<usize> {
        let (start, end) = (source.start.min(source_len), source.end.min(source_len));
        let place = |at: usize, up: bool| {
            let index = self.edits.partition_point(|edit| edit.source < at + usize::from(!up));
            match index.checked_sub(1).map(|index| self.edits[index]) {
                None => at,
                Some(edit) if at >= edit.source_end() => edit.folded_end() + (at - edit.source_end()),
                Some(edit) => {
                    let inside = at - edit.source;
                    let units =
                        if up { inside.div_ceil(edit.from as usize) } else { inside / edit.from as usize };
                    edit.folded + units * edit.to as usize
                }
            }
        };
        let start = place(start, false).min(folded_len);
        start..place(end, true).clamp(start, folded_len)
    }
}
