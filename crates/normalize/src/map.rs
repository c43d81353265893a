//! The map between a text and its fold: only what changed, runs of like changes as one.

use std::ops::Range;

/// `count` changes one after the other, each of `from` bytes of the source to `to` bytes of the folded text.
#[derive(Clone, Copy, Debug)]
struct Edit {
    source: usize,
    folded: usize,
    from: u32,
    to: u8,
    count: u16,
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

    /// Adds a change of `from` bytes at `source` to `to` bytes at `folded`; `to` is that of a few characters.
    pub(crate) fn push(&mut self, source: usize, folded: usize, from: usize, to: usize) {
        // A mark may follow its kana after any number of invisible characters, but not four gigabytes of them.
        let (from, to) = (from as u32, to as u8);
        if let Some(last) = self.edits.last_mut()
            && last.source_end() == source
            && last.from == from
            && last.to == to
            && last.count < u16::MAX
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
                last.count = ((at - last.source) / last.from.max(1) as usize) as u16;
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
        self.to_source_after(&mut 0, folded, folded_len, source_len)
    }

    /// As [`Map::to_source`], for ranges in order: `index` is where the last search ended.
    pub(crate) fn to_source_after(
        &self,
        index: &mut usize,
        folded: Range<usize>,
        folded_len: usize,
        source_len: usize,
    ) -> Range<usize> {
        let (start, end) = (folded.start.min(folded_len), folded.end.min(folded_len));
        // A start behind a dropped character lies after it, an end before one lies before it.
        let after = self.search(*index, |edit| edit.folded <= start);
        *index = after;
        let start = self.start(after, start);
        let before = self.search(after, |edit| edit.folded < end);
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

    /// The source position of the start of what stands at `folded`; `index` is kept from position to position, which
    /// only grow.
    pub(crate) fn start_after(&self, index: &mut usize, folded: usize) -> usize {
        while self.edits.get(*index).is_some_and(|edit| edit.folded <= folded) {
            *index += 1;
        }
        self.start(*index, folded)
    }

    /// The same where so many edits begin at or before it.
    fn start(&self, edits: usize, folded: usize) -> usize {
        match edits.checked_sub(1).map(|index| self.edits[index]) {
            None => folded,
            Some(edit) if folded >= edit.folded_end() => edit.source_end() + (folded - edit.folded_end()),
            Some(edit) => edit.source + (folded - edit.folded) / edit.to as usize * edit.from as usize,
        }
    }

    /// The partition point at or after `from`, near to which it is sought first.
    fn search(&self, from: usize, is_before: impl Fn(&Edit) -> bool) -> usize {
        let edits = self.edits.get(from..).unwrap_or_default();
        let mut step = 8;
        while step < edits.len() && is_before(&edits[step - 1]) {
            step *= 2;
        }
        from + edits[..step.min(edits.len())].partition_point(is_before)
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
