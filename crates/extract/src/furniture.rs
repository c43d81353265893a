//! What stands on the pages for the reader's orientation and is no text of any section: page numbers, running
//! heads and feet, leaders.

use std::ops::Range;

use chohyo_layout::SourceKind;

use crate::leaders;
use crate::ledger::Ledger;
use crate::sheet::Text;

/// Takes the furniture that the layout knows out of the way of everything that reads sections.
pub(crate) fn take(ledger: &mut Ledger<'_, '_>) -> Vec<Text> {
    let stream = ledger.stream;
    let furniture = stream.lines.iter().filter(|line| line.kind.is_furniture() && !line.atoms.is_empty());
    let mut lines: Vec<_> = furniture.map(|line| line.atoms.clone()).collect();
    lines.extend(leaders::all(stream));
    let mut out: Vec<Text> = lines
        .into_iter()
        .filter_map(|atoms| ledger.is_free(atoms.clone()).then(|| ledger.take(&[vec![atoms]])))
        .collect();
    if stream.document.kind == SourceKind::Text {
        out.extend(page_numbers(ledger));
        out.extend(pages_counted(ledger));
    }
    out
}

/// Pages that a dump must count for what looks like their numbers to be that.
const PAGES: usize = 3;

/// Lines of a dump that count its pages, wherever it breaks them: `3/7` or `- 3 -`, each alone on its line, and one more
/// than the one before.
fn pages_counted(ledger: &mut Ledger<'_, '_>) -> Vec<Text> {
    let stream = ledger.stream;
    let mut numbers: Vec<(u32, u32, Range<u32>)> = Vec::new();
    for atoms in stream.lines.iter().map(|line| line.atoms.clone()) {
        if !(3..=7).contains(&atoms.len()) || !ledger.is_free(atoms.clone()) {
            continue;
        }
        let text = stream.spelled(atoms.clone());
        let of = text.split_once('/').and_then(|(n, of)| Some((n.parse().ok()?, of.parse().ok()?)));
        let dashed = || text.strip_prefix(DASHES)?.strip_suffix(DASHES)?.parse().ok().map(|n: u32| (n, 0));
        if let Some((n, of)) = of.filter(|(n, of)| n <= of).or_else(dashed) {
            numbers.push((n, of, atoms));
        }
    }
    let in_step = numbers.windows(2).all(|w| w[0].0 + 1 == w[1].0 && w[0].1 == w[1].1);
    if numbers.len() < PAGES || !in_step {
        return Vec::new();
    }
    numbers.into_iter().map(|(_, _, atoms)| ledger.take(&[vec![atoms]])).collect()
}

const DASHES: [char; 4] = ['-', '‐', '−', 'ー'];

/// Blank rows above a page number.
const BLANK_ROWS: usize = 2;

/// The numbers that count the pages of a dump that keeps the blank rows of its pages, wherever it breaks these: each alone in its row,
/// far below what stands above it, and one more than the one before.
fn page_numbers(ledger: &mut Ledger<'_, '_>) -> Vec<Text> {
    let stream = ledger.stream;
    let mut numbers: Vec<(u32, Range<u32>)> = Vec::new();
    // Alone in their rows, but not far below the text.
    let mut near: Vec<(u32, Range<u32>)> = Vec::new();
    for line in &stream.lines {
        let atoms = line.atoms.clone();
        if atoms.is_empty() || atoms.len() > 5 || !ledger.is_free(atoms.clone()) {
            continue;
        }
        let text = stream.spelled(atoms.clone());
        let bare = text.strip_prefix('-').and_then(|t| t.strip_suffix('-')).unwrap_or(text);
        let Some(number) = Some(bare).filter(|t| t.len() <= 3).and_then(|t| t.parse::<u32>().ok()) else {
            continue;
        };
        let page = &stream.document.pages[line.page as usize];
        let glyph = |g: Option<&u32>| g.and_then(|&g| page.glyphs.get(g as usize));
        let glyphs = stream.glyphs(atoms.clone());
        let (Some(first), Some(last)) = (glyph(glyphs.first()), glyph(glyphs.last())) else { continue };
        let above = page.text.get(..first.start as usize).unwrap_or("").trim_end_matches([' ', '\u{3000}']);
        let ends = page
            .text
            .get(last.end as usize..)
            .is_some_and(|rest| rest.lines().next().is_none_or(|line| line.trim().is_empty()));
        let blank = above.chars().rev().take_while(|c| c.is_whitespace()).filter(|c| *c == '\n').count();
        match (ends, blank) {
            (true, blank) if blank > BLANK_ROWS => numbers.push((number, atoms)),
            (true, 1..) => near.push((number, atoms)),
            _ => {}
        }
    }
    let mut chains: Vec<Vec<usize>> = Vec::new();
    for (i, (number, _)) in numbers.iter().enumerate() {
        let before = |c: &&mut Vec<usize>| c.last().is_some_and(|&l| numbers[l].0 + 1 == *number);
        match chains.iter_mut().filter(before).max_by_key(|c| c.len()) {
            Some(chain) => chain.push(i),
            None => chains.push(vec![i]),
        }
    }
    let mut longest =
        chains.iter().max_by_key(|c| c.len()).filter(|c| c.len() >= 3).cloned().unwrap_or_default();
    let mut found: Vec<Range<u32>> = longest.iter().map(|&i| numbers[i].1.clone()).collect();
    // The pages before the one whose number stands close below its text: the only such number between its neighbours.
    while let Some(&(first, ref atoms)) = longest.first().map(|&i| &numbers[i]) {
        let before = |c: &&Vec<usize>| c.last().is_some_and(|&l| numbers[l].0 + 2 == first && l < longest[0]);
        let Some(chain) = chains.iter().filter(before).max_by_key(|c| c.len()) else { break };
        let Some(&last) = chain.last() else { break };
        let between = numbers[last].1.end..atoms.start;
        let mut missing = near.iter().filter(|(n, a)| n + 1 == first && between.contains(&a.start));
        let (Some((_, one)), None) = (missing.next(), missing.next()) else { break };
        found.push(one.clone());
        found.extend(chain.iter().map(|&i| numbers[i].1.clone()));
        longest.clone_from(chain);
    }
    found.sort_by_key(|atoms| atoms.start);
    found.into_iter().map(|atoms| ledger.take(&[vec![atoms]])).collect()
}

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet};

    #[test]
    fn a_value_in_the_margin_is_no_page_number() {
        let page = Page::default()
            .text(50.0, 60.0, "１ 県又は政令市の基礎情報")
            .text(50.0, 392.0, "保健所数")
            .text(295.0, 392.0, "1");
        let sheet = sheet(&[page]);
        let found = sheet.measures.iter().find(|m| m.key == "public_health_centers").unwrap();
        assert_eq!(found.raw, "1");
    }

    #[test]
    fn running_heads_and_page_numbers_are_no_text() {
        let page = |number: &str, heading: &str, text: &str| {
            Page::default()
                .text(450.0, 15.0, "取扱注意")
                .text(50.0, 60.0, heading)
                .text(50.0, 100.0, text)
                .text(295.0, 390.0, number)
        };
        let sheet = sheet(&[
            page("1", "１ 県又は政令市の基礎情報", "人口"),
            page(
                "2",
                "２ 精神障害にも対応した地域包括ケアシステムの構築に向けた取組概要（全体）",
                "会議を開く。",
            ),
            page(
                "3",
                "３ 精神障害にも対応した地域包括ケアシステムの構築に向けた取組の経緯",
                "平成30年度：開始",
            ),
        ]);
        let overview: Vec<&str> = sheet.texts["overview"].iter().map(|t| t.text.as_str()).collect();
        assert_eq!(overview, ["会議を開く。"]);
        assert_eq!(sheet.furniture.iter().filter(|t| t.text == "取扱注意").count(), 3);
    }
}
