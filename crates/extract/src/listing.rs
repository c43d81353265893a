//! Running text with a caption in a dump that keeps no places: what follows the caption, and what else of the section
//! reads as entries of a list, wherever the page was drawn from.

use std::ops::Range;

use crate::form::SectionForm;
use crate::label::Label;
use crate::ledger::Ledger;
use crate::paragraph::{Opener, opener, opens_entry, paragraphs};
use crate::sheet::Text;
use crate::stream::Stream;

/// Free lines that follow each other in one block; what is claimed between them parts them.
pub(crate) fn runs(
    ledger: &Ledger<'_, '_>,
    lines: Range<u32>,
    stray: impl Fn(&str) -> bool,
) -> Vec<Vec<Range<u32>>> {
    let stream = ledger.stream;
    let mut out: Vec<Vec<Range<u32>>> = Vec::new();
    let mut home = None;
    for line in lines {
        let l = &stream.lines[line as usize];
        let parts = ledger.free_parts(l.atoms.clone());
        let whole = parts.first().is_some_and(|p| *p == l.atoms);
        for part in parts {
            if stray(&stream.canonical(part.clone())) {
                home = None;
                continue;
            }
            match out.last_mut().filter(|_| home == Some(l.block)) {
                Some(run) => run.push(part),
                None => out.push(vec![part]),
            }
            home = Some(l.block);
        }
        if !whole {
            home = None;
        }
    }
    out
}

/// The text under a caption: what follows it, and entries that stand before it. `form` is that of the section:
/// a piece of one may be left of a table that is a picture.
pub(crate) fn under(
    ledger: &mut Ledger<'_, '_>,
    label: &Label,
    lines: &[Range<u32>],
    form: &SectionForm,
    names: &[&str],
) -> Vec<Text> {
    let stream = ledger.stream;
    let stray = |text: &str| {
        // Brackets of a printed form that nobody filled in are no text either.
        names.contains(&text)
            || !text.chars().any(char::is_alphanumeric)
            || text.chars().count() >= 6 && form.names.is_piece(text)
    };
    let mut found: Vec<Vec<Range<u32>>> = Vec::new();
    let mut last = None;
    for range in lines {
        for run in runs(ledger, range.clone(), stray) {
            let Some(first) = run.first() else { continue };
            let paragraphs = paragraphs(stream, &run);
            if parts_blocks(stream, first) {
                let after = first.start >= label.atoms.end;
                if if after {
                    run.iter().any(|p| prose(stream, p))
                } else {
                    run.iter().all(|p| prose(stream, p))
                } {
                    found.extend(paragraphs);
                }
            } else {
                found.extend(entries(stream, paragraphs, &mut last));
            }
        }
    }
    found.into_iter().map(|paragraph| ledger.take(&[paragraph])).collect()
}

/// A list of numbered sentences that stands apart from its caption, claimed before the cells of the section's tables are
/// read: what is drawn somewhere on a page stands among the cells of tables. Only one such list can be told from what
/// cells hold.
pub(crate) fn apart(
    ledger: &mut Ledger<'_, '_>,
    label: &Label,
    lines: &[Range<u32>],
    names: &[&str],
) -> Vec<Text> {
    let stream = ledger.stream;
    let mut lists: Vec<Vec<Vec<Range<u32>>>> = Vec::new();
    for run in lines.iter().flat_map(|l| runs(ledger, l.clone(), |text| names.contains(&text))) {
        let mut list: Vec<Vec<Range<u32>>> = Vec::new();
        for paragraph in paragraphs(stream, &run) {
            let number = match opening(stream, &paragraph) {
                Opener::Enumerator(n) if sentence(stream, &paragraph) => n,
                _ => 0,
            };
            if number == 0 || number != list.len() as u32 + 1 {
                lists.push(std::mem::take(&mut list));
            }
            if number == list.len() as u32 + 1 {
                list.push(paragraph);
            }
        }
        lists.push(list);
    }
    lists.retain(|list| list.len() > 1);
    let [list] = &lists[..] else { return Vec::new() };
    let follows = list.first().and_then(|p| p.first()).is_some_and(|p| p.start == label.atoms.end);
    if follows || parts_blocks(stream, &label.atoms) && text_follows(ledger, label) {
        return Vec::new();
    }
    list.iter().map(|paragraph| ledger.take(std::slice::from_ref(paragraph))).collect()
}

/// True when the next line behind the caption reads as text of its own.
fn text_follows(ledger: &Ledger<'_, '_>, label: &Label) -> bool {
    let stream = ledger.stream;
    let Some(next) = stream.atoms.get(label.atoms.end as usize) else { return false };
    let line = stream.lines[next.line as usize].atoms.clone();
    let part = label.atoms.end.max(line.start)..line.end;
    ledger.is_free(part.clone()) && (opens_entry(stream, &part) || stream.printed_text(part).ends_with('。'))
}

/// Paragraphs that are entries of a list or sentences; a numbered list ends where its numbers do not go on, or its
/// sentences. `last` is the last number of the text under the caption and whether its entry is a sentence: another
/// numbered list is another text.
fn entries(
    stream: &Stream<'_>,
    paragraphs: Vec<Vec<Range<u32>>>,
    last: &mut Option<(u32, bool)>,
) -> Vec<Vec<Range<u32>>> {
    let listed = |paragraph: &Vec<Range<u32>>| {
        let ends = sentence(stream, paragraph);
        match opening(stream, paragraph) {
            Opener::None => ends,
            Opener::Bullet => true,
            Opener::Circled(n) | Opener::Enumerator(n) => {
                let goes_on = last.is_none_or(|(before, sentences)| n == before + 1 && sentences == ends);
                *last = if goes_on { Some((n, ends)) } else { *last };
                goes_on
            }
        }
    };
    let keep: Vec<bool> = paragraphs.iter().map(listed).collect();
    paragraphs.into_iter().zip(keep).filter(|(_, keep)| *keep).map(|(p, _)| p).collect()
}

fn opening(stream: &Stream<'_>, paragraph: &[Range<u32>]) -> Opener {
    paragraph.first().map_or(Opener::None, |p| opener(stream.printed_text(p.clone())))
}

fn sentence(stream: &Stream<'_>, paragraph: &[Range<u32>]) -> bool {
    paragraph.last().is_some_and(|p| stream.printed_text(p.clone()).ends_with('。'))
}

/// True where blank lines part the blocks of a page; else it is one block, whatever boxes it has.
pub(crate) fn parts_blocks(stream: &Stream<'_>, at: &Range<u32>) -> bool {
    let line = &stream.lines[stream.atoms[at.start as usize].line as usize];
    let from = stream.lines.partition_point(|l| l.page < line.page);
    stream.lines[from..].iter().take_while(|l| l.page == line.page).any(|l| l.block != line.block)
}

/// True for text that reads as a sentence or an entry rather than a unit or a stray word.
fn prose(stream: &Stream<'_>, part: &Range<u32>) -> bool {
    part.len() >= 6 || opens_entry(stream, part)
}

#[cfg(test)]
mod tests {
    use crate::extract_sheet;
    use crate::sheet::Sheet;

    fn texts<'s>(sheet: &'s Sheet, name: &str) -> Vec<&'s str> {
        sheet.texts[name].iter().map(|t| t.text.as_str()).collect()
    }

    #[test]
    fn entries_that_were_drawn_before_their_caption() {
        let sheet = extract_sheet(
            "仙台市\n\x0c・研修会の開催\n・手引きの作成\n１ 県又は政令市の基礎情報\n市町村数（R2年4月時点） 1 市町村\n取組内容\n",
        )
        .unwrap();
        assert_eq!(texts(&sheet, "initiatives"), ["・研修会の開催", "・手引きの作成"]);
    }

    #[test]
    fn a_numbered_list_of_sentences_among_the_cells_of_tables() {
        let sheet = extract_sheet(
            "仙台市\n\x0c課題解決の達成度を測る指標\n研修の受講者数\n１．病院との協力関係がある。\n\
             ２．当事者の視点を取り入れている。\n１．住まいの場の不足\n現状値\n5\n目標値\n6\n\
             ５ 精神障害にも対応した地域包括ケアシステムの構築に向けた強みと課題\n【特徴（強み）】\n",
        )
        .unwrap();
        let strengths = ["１．病院との協力関係がある。", "２．当事者の視点を取り入れている。"];
        assert_eq!(texts(&sheet, "strengths"), strengths);
    }

    #[test]
    fn two_such_lists_are_of_nobody() {
        let sheet = extract_sheet(
            "仙台市\n\x0c１．会議を開く。\n２．講師を送る。\n課題\n１．手引きを作る。\n２．研修を行う。\n\
             課題解決に向けた取組方針\n\
             ５ 精神障害にも対応した地域包括ケアシステムの構築に向けた強みと課題\n【特徴（強み）】\n行政\n",
        )
        .unwrap();
        assert!(!texts(&sheet, "strengths").contains(&"１．手引きを作る。"), "{:?}", sheet.texts);
    }
}
