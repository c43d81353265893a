//! A plain text dump to a [`Document`]: without geometry, or, where its white space keeps the places on the
//! page, laid out by rows and columns.

mod downwards;

use crate::columns::{self, Count};
use crate::{Block, BlockKind, Document, Error, ErrorKind, Glyph, Line, Options, Page, SourceKind};
use crate::{continuation, kind, pdf};

/// Reads UTF-8 text. Pages end at a form feed; in a dump without form feeds, a line that begins with
/// exactly one ASCII space starts a page (some tools write a page break so), or, where each page ends with its number
/// and how many there are, the line behind that. Blank lines part blocks. Words that
/// stand one letter a line are joined, where it is clear.
pub(crate) fn read(bytes: &[u8], options: &Options) -> Result<Document, Error> {
    let text = std::str::from_utf8(bytes)
        .map_err(|e| Error::new(ErrorKind::NotASheet, format!("byte {} is not UTF-8", e.valid_up_to())))?;
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let keeps_places = columns::keep_places(&text[start..]);
    let slices = split_pages(text, start, keeps_places);
    let columns = keeps_places.then(|| Count::of(&slices));
    let mut pages = Vec::new();
    for (offset, slice) in slices {
        if pages.len() >= options.limits.pages {
            return Err(Error::new(ErrorKind::TooLarge, format!("more than {} pages", options.limits.pages)));
        }
        let number = pages.len() as u32 + 1;
        let most = options.limits.glyphs_per_page;
        if let Some(count) = columns.filter(|_| slice.len() <= 4 * most) {
            pages.push(Page { offset, ..pdf::lay_out(number, columns::draw(slice, count), None) });
        } else {
            pages.push(read_page(number, offset, slice, most)?);
        }
    }
    if pages.iter().all(|p| p.glyphs.is_empty()) {
        return Err(Error::new(ErrorKind::Empty, ""));
    }
    let mut document = Document { kind: SourceKind::Text, producer: None, pages, warnings: Vec::new() };
    downwards::check(&document)?;
    kind::tell(&mut document.pages, true);
    if columns.is_some() {
        continuation::mark(&mut document.pages);
    }
    Ok(document)
}

/// The pages of `text` from byte `start` on, each with its byte offset. A page that holds nothing but
/// white space is kept when a form feed ends it (page numbers must count), and dropped at the end.
///
/// Where white space keeps places, a text that is indented by one space is no page break: neither is a line
/// behind a blank one, nor one beside another that is indented so.
fn split_pages(text: &str, start: usize, keeps_places: bool) -> Vec<(usize, &str)> {
    let body = &text[start..];
    let mut cuts = vec![0];
    if body.contains('\x0c') {
        cuts.extend(body.match_indices('\x0c').map(|(i, _)| i + 1));
    } else {
        let one_space = |line: &str| {
            let mut chars = line.chars();
            chars.next() == Some(' ') && chars.next().is_some_and(|c| c != ' ')
        };
        let mut at = 0;
        let mut before = "";
        let mut lines = body.split_inclusive('\n').peekable();
        while let Some(line) = lines.next() {
            let beside = one_space(before) || lines.peek().is_some_and(|next| one_space(next));
            let indented = keeps_places && (beside || before.trim().is_empty());
            if one_space(line) && at > 0 && !indented {
                cuts.push(at);
            }
            at += line.len();
            before = line;
        }
        if let Some(counted) = counted(body, &cuts[1..]) {
            cuts.truncate(1);
            cuts.extend(counted);
        }
    }
    cuts.push(body.len());
    let mut pages: Vec<_> = cuts.windows(2).map(|w| (start + w[0], &body[w[0]..w[1]])).collect();
    while pages.len() > 1 && pages.last().is_some_and(|(_, p)| p.trim().is_empty()) {
        pages.pop();
    }
    pages
}

/// Pages that a text has at least for their numbers to be counted.
const COUNTED: u32 = 3;

/// Where the pages begin of a text whose pages end with their number and how many they are (`1/7` to `7/7`): that tells
/// them where some page breaks are lost. The breaks that are known have to be among them.
fn counted(body: &str, known: &[usize]) -> Option<Vec<usize>> {
    let (last, all) = page_of(body.trim_end().rsplit('\n').next()?)?;
    if last != all || all < COUNTED {
        return None;
    }
    let mut ends = Vec::new();
    let mut at = 0;
    for line in body.split_inclusive('\n') {
        at += line.len();
        let Some((number, _)) = page_of(line).filter(|(_, of)| *of == all) else { continue };
        if number as usize != ends.len() + 1 {
            return None;
        }
        ends.push(at);
    }
    ends.pop()?;
    let next = |end: usize| body[end..].find(|c: char| !c.is_whitespace()).map_or(body.len(), |i| end + i);
    let is_end = |cut: &usize| ends.iter().any(|&end| end <= *cut && *cut <= next(end));
    (ends.len() as u32 + 1 == all && known.iter().all(is_end)).then_some(ends)
}

/// The number of a page and how many there are, where a line is nothing else.
fn page_of(line: &str) -> Option<(u32, u32)> {
    let line = line.trim();
    if line.len() > 3 * 9 {
        return None;
    }
    let (first, second) = line.split_once(['/', '／'])?;
    let number = |text: &str| -> Option<u32> {
        let half = |c: char| {
            if ('０'..='９').contains(&c) { c as u32 - '０' as u32 } else { c.to_digit(10).unwrap_or(10) }
        };
        let digits = text.trim().chars().map(half);
        { digits }.try_fold(0_u32, |all, digit| (digit < 10).then(|| all * 10 + digit))
    };
    Some((number(first)?, number(second)?))
}

fn read_page(number: u32, offset: usize, text: &str, most_glyphs: usize) -> Result<Page, Error> {
    let mut page = Page { number, offset, text: text.to_owned(), ..Page::default() };
    let mut lines: Vec<(Line, bool)> = Vec::new();
    let (mut at, mut blank) = (0, false);
    for raw in text.split_inclusive(['\n', '\x0b']) {
        let line = read_line(&mut page.glyphs, at, raw);
        at += raw.len();
        if page.glyphs.len() > most_glyphs {
            let detail = format!("more than {most_glyphs} characters on a page");
            return Err(Error::new(ErrorKind::TooLarge, detail).at_page(number));
        }
        let before = std::mem::replace(&mut blank, line.is_none());
        lines.extend(line.map(|line| (line, before)));
    }
    for (line, blank) in downwards::join(lines) {
        let index = page.lines.len() as u32;
        match page.blocks.last_mut() {
            Some(block) if !blank => block.lines.push(index),
            _ => page.blocks.push(Block {
                kind: BlockKind::Paragraph,
                lines: vec![index],
                bbox: crate::BBox::default(),
                group: 0,
            }),
        }
        page.lines.push(line);
    }
    Ok(page)
}

/// One line of the dump, its outer white space left out; `None` when there is nothing else.
fn read_line(glyphs: &mut Vec<Glyph>, at: usize, raw: &str) -> Option<Line> {
    let body = raw.trim();
    if body.is_empty() {
        return None;
    }
    let indent = raw.len() - raw.trim_start().len();
    let mut line = Line { text: body.to_owned(), ..Line::default() };
    for (i, c) in body.char_indices().filter(|(_, c)| !c.is_whitespace()) {
        line.glyphs.push(glyphs.len() as u32);
        line.starts.push(i as u32);
        let start = (at + indent + i) as u32;
        glyphs.push(Glyph {
            start,
            end: start + c.len_utf8() as u32,
            bbox: crate::BBox::default(),
            origin: (0.0, 0.0),
            size: 0.0,
            font: 0,
            vertical: false,
            ..Glyph::default()
        });
    }
    Some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(text: &str) -> Vec<Vec<String>> {
        let document = read(text.as_bytes(), &Options::default()).unwrap();
        document.pages.iter().map(|p| p.lines.iter().map(|l| l.text.clone()).collect()).collect()
    }

    #[test]
    fn a_form_feed_ends_a_page_and_an_empty_page_counts() {
        assert_eq!(pages("a\n\x0c\x0c b\n\x0c"), [vec!["a"], vec![], vec!["b"]]);
    }

    #[test]
    fn without_form_feeds_a_line_with_one_leading_space_starts_a_page() {
        assert_eq!(
            pages(" 仙台市\nx\n 札幌市\n  indented\n"),
            [vec!["仙台市", "x"], vec!["札幌市", "indented"]]
        );
    }

    #[test]
    fn numbers_of_all_pages_tell_where_they_end() {
        let text = " a\n1/3\n\nb\n1／1\n２／３\n c\n3/3\n";
        assert_eq!(pages(text), [vec!["a", "1/3"], vec!["b", "1／1", "２／３"], vec!["c", "3/3"]]);
        // One that is missing, one too many, or a break elsewhere.
        assert_eq!(pages(&text.replace("２／３", "b")).len(), 2);
        assert_eq!(pages(&text.replace("1／1", "2／3")).len(), 2);
        assert_eq!(pages(&text.replace("b\n", "b\n x\n")).len(), 3);
    }

    #[test]
    fn letters_one_a_line_are_a_word() {
        let dump = "人口\n退\n院\n率\n56.0\n％\n\n地\n\n域\n\n生\n\n活\n\n（\n再\n掲\n）\n終\n";
        assert_eq!(pages(dump), [vec!["人口", "退院率", "56.0", "％", "地域生活", "（", "再掲）終"]]);
        let document = read(dump.as_bytes(), &Options::default()).unwrap();
        let page = &document.pages[0];
        assert!(page.lines[1].vertical && !page.lines[0].vertical);
        for line in &page.lines {
            let glyphs: String = line.glyphs.iter().map(|&g| page.glyph_text(g)).collect();
            assert_eq!(glyphs, line.text, "each letter has its place");
        }
        let span = &page.glyphs[page.lines[1].glyphs[0] as usize];
        assert_eq!(dump[span.start as usize..].chars().next(), Some('退'));
    }

    #[test]
    fn columns_of_units_and_marks_are_no_words() {
        let dump = "7\n人\n床\n所\n2,674\n有\n有\n無\n床\n4\n人\n合\n計\n";
        let lines = pages(dump).remove(0);
        assert_eq!(lines, dump.lines().collect::<Vec<_>>());
    }

    #[test]
    fn vertical_text_that_is_cut_across_is_refused() {
        let dump = "向 精\nけ 神\nた 障\n取 害\n組 に\n".repeat(5);
        let error = read(dump.as_bytes(), &Options::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Undecodable);
        assert!(error.to_string().contains("25 of 25 lines"), "{error}");
    }

    #[test]
    fn vertical_text_in_a_dump_that_keeps_the_layout_is_joined() {
        let rows = [
            "退     入院後３か月時点        56.0   ％",
            "院     入院後６か月時点        76.9   ％",
            "率     入院後１年時点          84.1   ％",
        ];
        let document = read(rows.join("\n").as_bytes(), &Options::default()).unwrap();
        let lines: Vec<&str> = document.pages[0].lines.iter().map(|l| l.text.as_str()).collect();
        assert!(lines.contains(&"退院率"), "{lines:?}");
    }

    #[test]
    fn glyph_spans_are_bytes_of_the_input() {
        let text = "\u{feff}あ\n い う\n";
        let document = read(text.as_bytes(), &Options::default()).unwrap();
        let page = &document.pages[1];
        for i in 0..page.glyphs.len() as u32 {
            let glyph = page.glyphs[i as usize];
            let span = page.offset + glyph.start as usize..page.offset + glyph.end as usize;
            assert_eq!(&text[span], page.glyph_text(i));
        }
        assert_eq!(page.glyph_text(1), "う");
        assert_eq!(page.lines[0].glyphs_in(3..7), [1]);
    }
}
