//! The boxes of a diagram in a dump that keeps no places.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::ledger::Ledger;
use crate::listing::{parts_blocks, runs};
use crate::paragraph::{first_word_columns, opens_entry, paragraphs, text_columns};
use crate::sheet::Text;
use crate::stream::Stream;

/// How much the full lines of one box may differ, in columns.
const RAGGED: f32 = 3.0;

/// Lines that a sentence in a box may have.
const LINES: usize = 12;

/// A line of a sentence that goes on behind a blank line has at least so many columns, and this part of the width that
/// the widest one of its page has.
const LONG: f32 = 40.0;
const FULL: f32 = 0.9;

/// A word before a colon has no more characters than this.
const LABEL: usize = 6;

/// What nothing else in the section has taken, box by box.
pub(crate) fn boxes(ledger: &mut Ledger<'_, '_>, lines: &[Range<u32>], names: &[&str]) -> Vec<Text> {
    let stream = ledger.stream;
    let stray = |text: &str| {
        let number = text.chars().count() <= 3 && text.chars().all(|c| c.is_ascii_digit());
        names.contains(&text) || number
    };
    let all: Vec<Vec<Range<u32>>> = lines.iter().flat_map(|l| runs(ledger, l.clone(), stray)).collect();
    let spelled = |run: &[Range<u32>]| -> String { run.iter().map(|p| stream.spelled(p.clone())).collect() };
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    let mut right: BTreeMap<u32, f32> = BTreeMap::new();
    for run in &all {
        *times.entry(spelled(run)).or_default() += 1;
        for part in run {
            let widest = right.entry(page_of(stream, part)).or_default();
            *widest = widest.max(text_columns(stream.printed_text(part.clone())));
        }
    }
    let mut found: Vec<Vec<Range<u32>>> = Vec::new();
    for run in all {
        let Some(first) = run.first() else { continue };
        let sentences =
            run.iter().any(|p| opens_entry(stream, p) || stream.printed_text(p.clone()).ends_with('。'));
        let mut boxes = if !parts_blocks(stream, first) {
            lines_apart(stream, &run)
        } else if sentences {
            paragraphs(stream, &run)
        } else if run.len() > 1 && times.get(&spelled(&run)).is_some_and(|n| *n > 1) {
            // Two boxes do not stand close to each other twice.
            vec![run]
        } else {
            words(stream, &run)
        }
        .into_iter();
        let Some(first) = boxes.next() else { continue };
        let goes_on = |before: &Range<u32>, this: &Range<u32>| {
            let right = right.get(&page_of(stream, before)).copied().unwrap_or(0.0);
            before.end == this.start && behind_blank(stream, before, this, right)
        };
        match (found.last_mut(), first.first()) {
            (Some(open), Some(this)) if open.last().is_some_and(|before| goes_on(before, this)) => {
                open.extend(first);
            }
            _ => found.push(first),
        }
        found.extend(boxes);
    }
    found.into_iter().map(|paragraph| ledger.take(&[paragraph])).collect()
}

fn page_of(stream: &Stream<'_>, part: &Range<u32>) -> u32 {
    stream.lines[stream.atoms[part.start as usize].line as usize].page
}

/// True when a sentence goes on behind a blank line, as some tools set one behind the first line of a paragraph: the
/// line before is long, and about as wide as any of its page.
fn behind_blank(stream: &Stream<'_>, before: &Range<u32>, this: &Range<u32>, right: f32) -> bool {
    let text = stream.printed_text(before.clone());
    let width = text_columns(text);
    page_of(stream, before) == page_of(stream, this)
        && width >= LONG.max(FULL * right)
        && !text.ends_with(['。', '）', '」'])
        && !opens_entry(stream, this)
}

/// Words between blank lines: one box, or several that stand close to each other. A word that would have fitted into
/// the line before begins another one; not so a bracket, which is about the name over it.
fn words(stream: &Stream<'_>, run: &[Range<u32>]) -> Vec<Vec<Range<u32>>> {
    let text = |p: &Range<u32>| stream.printed_text(p.clone());
    let right = run.iter().map(|p| text_columns(text(p))).fold(0.0, f32::max);
    let mut out: Vec<Vec<Range<u32>>> = Vec::new();
    for part in run {
        let bracket = out.last().is_some_and(|b| is_open(stream, b));
        let wraps = out.last().and_then(|b| b.last()).is_some_and(|before| {
            let same_line =
                stream.atoms[before.start as usize].line == stream.atoms[part.start as usize].line;
            let full = text_columns(text(before)) + first_word_columns(text(part)) > right;
            let note = text(part).starts_with('（') && !text(before).ends_with('）');
            same_line || bracket || note || goes_on(text(before), text(part)) || full && !labelled(text(part))
        });
        // Behind the end of a bracket that wraps may stand another box.
        let mut pieces = if bracket { at_one_height(stream, part) } else { vec![part.clone()] }.into_iter();
        if let Some(last) = out.last_mut().filter(|_| wraps) {
            last.extend(pieces.next());
        }
        out.extend(pieces.map(|piece| vec![piece]));
    }
    out
}

/// True when a bracket is open at the end of these lines.
fn is_open(stream: &Stream<'_>, lines: &[Range<u32>]) -> bool {
    let count =
        |c: char| lines.iter().map(|p| stream.printed_text(p.clone()).matches(c).count()).sum::<usize>();
    count('（') > count('）')
}

/// True for `事務局：...`.
fn labelled(text: &str) -> bool {
    text.chars().take(LABEL).any(|c| matches!(c, '：' | ':'))
}

/// Lines of a page without blank lines: each one is a box, or several that stand at one height, unless it is part of a
/// sentence.
fn lines_apart(stream: &Stream<'_>, run: &[Range<u32>]) -> Vec<Vec<Range<u32>>> {
    let text = |p: &Range<u32>| stream.printed_text(p.clone());
    let pieces: Vec<Range<u32>> = run.iter().flat_map(|p| at_one_height(stream, p)).collect();
    let mut out: Vec<Vec<Range<u32>>> = Vec::new();
    // Where the sentence that is open ends.
    let mut sentence = 0;
    for (i, piece) in pieces.iter().enumerate() {
        let goes_on = i > 0 && (i < sentence || goes_on(text(&pieces[i - 1]), text(piece)));
        match out.last_mut() {
            Some(last) if goes_on => last.push(piece.clone()),
            _ => {
                let rest: Vec<&str> = pieces[i..].iter().take(LINES).map(text).collect();
                sentence = i + sentence_lines(&rest);
                out.push(vec![piece.clone()]);
            }
        }
    }
    out
}

/// How many of these lines are one sentence in one box: all but its last one are as wide as the box.
fn sentence_lines(lines: &[&str]) -> usize {
    let Some(last) = lines.iter().position(|l| l.ends_with('。')) else { return 1 };
    let full = lines[..last].iter().map(|l| text_columns(l));
    let (least, most) = full.fold((f32::MAX, 0.0_f32), |(a, b), w| (a.min(w), b.max(w)));
    if last > 0 && most - least <= RAGGED && text_columns(lines[last]) <= most + RAGGED {
        last + 1
    } else {
        1
    }
}

/// True where no box ends and none begins, whatever else the lines say.
fn goes_on(before: &str, this: &str) -> bool {
    let opened = |c: char| before.matches(c).count();
    before.ends_with('、')
        || opened('（') > opened('）')
        || opened('「') > opened('」')
        || this.starts_with(|c: char| ('ぁ'..='ん').contains(&c) || "ー、。）」".contains(c))
            && !before.ends_with('。')
            && text_columns(before) > text_columns(this)
}

/// The boxes whose words a tool wrote into one line, with a space between them.
fn at_one_height(stream: &Stream<'_>, part: &Range<u32>) -> Vec<Range<u32>> {
    let mut out: Vec<Range<u32>> = Vec::new();
    for field in stream.fields_in(part.clone()) {
        let apart = out.last().is_some_and(|before| {
            let text = stream.printed_text(before.clone());
            let both = stream.printed_text(before.start..field.end);
            let gap: String =
                both.chars().skip(text.chars().count()).take_while(|c| c.is_whitespace()).collect();
            let marked = crate::paragraph::enumerator(&format!("{text} "))
                .is_some_and(|m| m.trim_end() == text)
                || text.chars().count() == 1;
            let wide = |c: Option<char>| c.is_some_and(|c| !c.is_ascii());
            let next = stream.printed_text(field.clone());
            gap.chars().all(|c| c == ' ')
                && wide(text.chars().next_back())
                && wide(next.chars().next())
                && !marked
        });
        match out.last_mut() {
            Some(last) if !apart => last.end = field.end,
            _ => out.push(field),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::sentence_lines;
    use crate::extract_sheet;

    fn overview(lines: &str) -> Vec<String> {
        let heading = "2 精神障害にも対応した地域包括ケアシステムの構築に向けた取組概要（全体）";
        let sheet = extract_sheet(format!("仙台市\n{heading}\n{lines}")).unwrap();
        sheet.texts["overview"].iter().map(|t| t.text.clone()).collect()
    }

    #[test]
    fn lines_without_blank_ones_between_them_are_boxes() {
        let boxes = overview(
            "就労支援機関\n保健所 地域包括支援センター\n居住支援法人、\n相談支援事業所\n宮城県\n仙台市\n3\n",
        );
        assert_eq!(
            boxes[..4],
            ["就労支援機関", "保健所", "地域包括支援センター", "居住支援法人、相談支援事業所"]
        );
    }

    #[test]
    fn words_between_blank_lines_wrap_where_they_fill_their_box() {
        let boxes = overview("\n就労支援機関\n個別支援の実施\n\n精神保健福祉セン\nター\n");
        assert_eq!(boxes, ["就労支援機関", "個別支援の実施", "精神保健福祉センター"]);
    }

    #[test]
    fn what_stands_together_twice_is_one_box() {
        let pair = "障害者相談支援事業所\n指定一般相談支援事業者\n";
        let boxes = overview(&format!("\n{pair}\n退院\n\n{pair}\n総合支所\n保健福祉センター\n"));
        let one = "障害者相談支援事業所指定一般相談支援事業者";
        assert_eq!(boxes, [one, "退院", one, "総合支所", "保健福祉センター"]);
    }

    #[test]
    fn a_bracket_is_about_the_name_over_it() {
        let boxes = overview("\n審議会\n（地域包括ケアの\n検討の場） 住居資源の提供者\n\n退院\n");
        assert_eq!(boxes, ["審議会（地域包括ケアの検討の場）", "住居資源の提供者", "退院"]);
    }

    #[test]
    fn a_sentence_goes_on_behind_a_blank_line() {
        let long = "各区に配置されている相談員が本人及び家族からの相談に日";
        let boxes = overview(&format!("\n{long}\n\n常的に対応している。\n\n退院\n\n{long}\n\n① 退院支援\n"));
        let one = format!("{long}常的に対応している。");
        assert_eq!(boxes, [one.as_str(), "退院", long, "① 退院支援"]);
    }

    #[test]
    fn a_sentence_fills_its_lines() {
        let lines = ["住宅部局と連携し、家主の理解を得る", "ための説明会を行う。", "市町村"];
        assert_eq!(sentence_lines(&lines), 2);
        assert_eq!(sentence_lines(&["＜退院＞", "住宅部局と連携し、家主の理解を得る", "会議を開く。"]), 1);
    }
}
