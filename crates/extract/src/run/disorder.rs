//! Dumps that keep the order in which the page was drawn, where that is no order of reading.

use crate::form::Form;
use crate::section::Heading;
use crate::stream::Stream;

/// Part of a page's lines that may stand before its heading, or behind it where a page is written backwards.
const EDGE: f64 = 0.2;

/// Lines that may do so on a page of few lines: a page number, a name, a running head.
const EDGE_LINES: u32 = 5;

/// True where the headings of tables stand in the midst of their pages: what else is on these pages then stands
/// anywhere, too. Pages with several headings say nothing of this, nor do diagrams.
pub(crate) fn disordered(stream: &Stream<'_>, form: &Form, headings: &[Heading]) -> bool {
    let line_of = |h: &Heading| stream.atoms.get(h.title.start as usize).map(|a| a.line);
    let page_of = |line: u32| stream.lines[line as usize].page;
    let lines: Vec<(usize, u32)> =
        headings.iter().filter_map(|h| line_of(h).map(|line| (h.section, line))).collect();
    let (mut inside, mut all) = (0, 0);
    for &(section, line) in &lines {
        let page = page_of(line);
        let alone = lines.iter().filter(|(_, l)| page_of(*l) == page).count() == 1;
        if !alone || form.sections[section].tables.is_empty() {
            continue;
        }
        let from = stream.lines.partition_point(|l| l.page < page) as u32;
        let to = stream.lines.partition_point(|l| l.page <= page) as u32;
        let edge = EDGE_LINES.max((EDGE * f64::from(to - from)) as u32);
        all += 1;
        inside += u32::from(line >= from + edge && line + edge < to);
    }
    inside >= 2 && inside * 3 >= all
}
