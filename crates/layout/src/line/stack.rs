//! Letters set one under the other, each a line of its own, are one vertical line.

use super::PlacedLine;
use crate::drawing::{Drawing, Flow};
use crate::effort;

/// The fewest letters that are a stack.
const LEAST: usize = 3;
/// From one letter to the next at most, in em.
const PITCH: f32 = 1.6;

/// Joins stacks of single letters; `lines` come by region, then from the top.
pub(super) fn join(drawing: &Drawing, lines: Vec<PlacedLine>) -> Vec<PlacedLine> {
    let mut stacks: Vec<Vec<usize>> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        if !is_letter(line) && !is_between(line) {
            continue;
        }
        open.retain(|&s| stacks[s].last().is_some_and(|&l| is_near(&lines[l], line)));
        if open.len() > effort::OPEN {
            open.drain(..open.len() - effort::OPEN);
        }
        let on = open.iter().copied().find(|&s| stacks[s].last().is_some_and(|&l| is_under(&lines[l], line)));
        if let Some(s) = on {
            stacks[s].push(i);
        } else if is_letter(line) {
            open.push(stacks.len());
            stacks.push(vec![i]);
        }
    }
    stacks.retain(|stack| is_stack(&lines, stack));
    if stacks.is_empty() {
        return lines;
    }
    let mut part_of: Vec<Option<usize>> = vec![None; lines.len()];
    for (s, stack) in stacks.iter().enumerate() {
        for &i in stack {
            part_of[i] = Some(s);
        }
    }
    let mut joined: Vec<PlacedLine> = Vec::with_capacity(lines.len());
    let mut at = vec![None; stacks.len()];
    for (line, part) in lines.into_iter().zip(part_of) {
        match part.map(|s| (s, at[s])) {
            Some((_, Some(first))) => append(&mut joined[first], &line),
            Some((s, None)) => {
                at[s] = Some(joined.len());
                joined.push(line);
            }
            None => joined.push(line),
        }
    }
    for first in at.into_iter().flatten() {
        let line = &mut joined[first];
        line.line.vertical = true;
        line.flow = Flow::Down;
    }
    debug_assert_eq!(joined.iter().map(|l| l.line.glyphs.len()).sum::<usize>(), drawing.glyphs.len());
    joined
}

fn append(stack: &mut PlacedLine, line: &PlacedLine) {
    let offset = stack.line.text.len() as u32;
    stack.line.text.push_str(&line.line.text);
    stack.line.glyphs.extend(&line.line.glyphs);
    stack.line.starts.extend(line.line.starts.iter().map(|s| s + offset));
    stack.line.bbox = stack.line.bbox.union(&line.line.bbox);
    stack.size = stack.size.max(line.size);
}

/// One letter of a word: kana or an ideograph, or the long vowel mark.
fn is_letter(line: &PlacedLine) -> bool {
    let mut chars = line.line.text.chars();
    let letter = chars.next().is_some_and(|c| {
        (c as u32 >= 0x2e80 && c.is_alphabetic()) || is_radical(c) || matches!(c, 'ー' | '・')
    });
    line.flow == Flow::Right && letter && chars.next().is_none()
}

/// What may stand between the letters of a word that runs downwards: a bracket, or a number or Latin word
/// of three characters at most, set upright.
fn is_between(line: &PlacedLine) -> bool {
    let text = line.line.text.as_str();
    let mut chars = text.chars();
    let sign =
        |c: char| matches!(c, '（' | '）' | '：' | '、' | '～' | '〜' | '％' | '︵' | '︶' | '．' | '，');
    let wide = |c: char| ('０'..='９').contains(&c) || ('Ａ'..='Ｚ').contains(&c);
    let single = |c: char| c.is_ascii_graphic() || sign(c) || wide(c);
    let lone = chars.next().is_some_and(single) && chars.next().is_none();
    line.flow == Flow::Right && (lone || (text.len() <= 3 && text.chars().all(|c| c.is_ascii_alphanumeric())))
}

/// Some fonts' maps to Unicode say a radical where the character is meant.
fn is_radical(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{2fdf}')
}

fn is_near(a: &PlacedLine, b: &PlacedLine) -> bool {
    a.region == b.region && b.line.bbox.top - a.line.bbox.top <= PITCH * a.size
}

fn is_under(a: &PlacedLine, b: &PlacedLine) -> bool {
    let (ax, bx) = (a.line.bbox.center().0, b.line.bbox.center().0);
    let down = b.line.bbox.top - a.line.bbox.top;
    let least = if is_letter(a) && is_letter(b) { 0.7 } else { 0.4 };
    (ax - bx).abs() <= 0.25 * a.size
        && (least * a.size..=PITCH * a.size).contains(&down)
        && b.size <= 1.1 * a.size
}

/// Evenly set, and not the same letter again and again (a column of units).
fn is_stack(lines: &[PlacedLine], stack: &[usize]) -> bool {
    if stack.len() < LEAST {
        return false;
    }
    let letters = stack.iter().filter(|&&i| is_letter(&lines[i])).count();
    let repeats = stack.windows(2).filter(|w| lines[w[0]].line.text == lines[w[1]].line.text);
    let repeats = repeats.filter(|w| is_letter(&lines[w[0]])).count();
    if letters < LEAST || letters * 2 < stack.len() {
        return false;
    }
    // Brackets and numbers take less room than letters do.
    let pairs = stack.windows(2).filter(|w| is_letter(&lines[w[0]]) && is_letter(&lines[w[1]]));
    let steps = pairs.map(|w| lines[w[1]].line.bbox.top - lines[w[0]].line.bbox.top);
    let (least, most) = steps.fold((f32::INFINITY, 0.0_f32), |(a, b), s| (a.min(s), b.max(s)));
    repeats == 0 && most - least <= 0.3 * lines[stack[0]].size
}
