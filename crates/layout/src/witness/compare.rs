//! Two sequences of characters, and where they differ.

use unicode_normalization::UnicodeNormalization;

use super::{Character, Difference, PageCheck, Said};
use crate::{BBox, Page, hull};

/// More differences than this on a page are not told one by one.
const MOST: usize = 1_500;
/// Less agreement than this, and the witness reads something else than the page (a font it does not know).
const COMPARABLE: f64 = 0.5;
/// A copy that makes text look bold lies this near to the original, in its size.
const COPY: f64 = 0.12;

/// A character after normalisation, and which glyph or character of the witness it is of.
type Item = (char, u32);

/// Compares a page.
pub(super) fn page(page: &Page, said: &Said) -> PageCheck {
    let read = items((0..page.glyphs.len() as u32).map(|i| page.glyph_text(i)));
    let witnessed = items(said.characters.iter().map(|c| c.text.as_str()));
    let mut check = PageCheck {
        page: page.number,
        read: read.len(),
        witnessed: witnessed.len(),
        failure: said.failure.clone(),
        ..PageCheck::default()
    };
    if check.failure.is_some() {
        return check;
    }
    let Some(pairs) = common(&read, &witnessed) else {
        check.failure = Some(format!("the two readers differ in more than {MOST} characters"));
        return check;
    };
    check.agreed = pairs.len();
    if (check.agreed as f64) < COMPARABLE * read.len().min(witnessed.len()) as f64 {
        check.failure =
            Some(format!("the witness reads other characters: {} of {} agree", check.agreed, check.read));
        return check;
    }
    let agreed: Vec<&Character> =
        pairs.iter().map(|&(_, j)| &said.characters[witnessed[j].1 as usize]).collect();
    let (mut i, mut j) = (0, 0);
    for (k, &(next_i, next_j)) in pairs.iter().chain([&(read.len(), witnessed.len())]).enumerate() {
        let near = &agreed[k.saturating_sub(200)..(k + 200).min(agreed.len())];
        let more: Vec<Item> = witnessed[j..next_j]
            .iter()
            .copied()
            .filter(|item| !is_copy(&said.characters[item.1 as usize], near))
            .collect();
        let less = &read[i..next_i];
        if !less.is_empty() || !more.is_empty() {
            let text = |items: &[Item]| items.iter().map(|item| item.0).collect::<String>();
            check.differences.push(Difference {
                page: page.number,
                read: text(less),
                witnessed: text(&more),
                bbox: place(page, &read, i, next_i),
            });
        }
        (i, j) = (next_i + 1, next_j + 1);
    }
    check
}

/// Where `read[from..to]` stands; of nothing, what is drawn just before and after it.
fn place(page: &Page, read: &[Item], from: usize, to: usize) -> Option<BBox> {
    let range = if from < to { from..to } else { from.saturating_sub(1)..(to + 1).min(read.len()) };
    hull(read.get(range)?.iter().filter_map(|item| Some(&page.glyphs.get(item.1 as usize)?.bbox)))
}

/// The same text as one that agreed, in the same place: drawn twice to look bold.
fn is_copy(character: &Character, agreed: &[&Character]) -> bool {
    let near = |a: f64, b: f64| (a - b).abs() <= COPY * character.size.max(1.0);
    agreed.iter().any(|a| a.text == character.text && near(a.x, character.x) && near(a.y, character.y))
}

fn items<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<Item> {
    let all = texts.zip(0..).flat_map(|(text, index)| text.nfkc().map(move |c| (of_its_kind(c), index)));
    all.filter(|(c, _)| !c.is_whitespace() && !c.is_control()).collect()
}

/// Of the characters that fonts draw alike and `ToUnicode` maps give for each other, one.
fn of_its_kind(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2500}' => '-',
        '\u{301c}' => '~',
        '\u{b7}' | '\u{2027}' => '・',
        _ => c,
    }
}

/// Pairs of places that are equal in both, in order, as many as there can be (Myers, "An O(ND) Difference
/// Algorithm", 1986); `None` when the sequences are too different.
fn common(a: &[Item], b: &[Item]) -> Option<Vec<(usize, usize)>> {
    let start = a.iter().zip(b).take_while(|(x, y)| x.0 == y.0).count();
    let (rest_a, rest_b) = (&a[start..], &b[start..]);
    let end = rest_a.iter().rev().zip(rest_b.iter().rev()).take_while(|(x, y)| x.0 == y.0).count();
    let middle = steps(&rest_a[..rest_a.len() - end], &rest_b[..rest_b.len() - end])?;
    let mut pairs: Vec<(usize, usize)> = (0..start).map(|i| (i, i)).collect();
    pairs.extend(middle.into_iter().map(|(i, j)| (start + i, start + j)));
    pairs.extend((0..end).map(|i| (a.len() - end + i, b.len() - end + i)));
    Some(pairs)
}

fn steps(a: &[Item], b: &[Item]) -> Option<Vec<(usize, usize)>> {
    let (n, m) = (a.len() as isize, b.len() as isize);
    let most = (a.len() + b.len()).min(MOST) as isize;
    let at = |k: isize| (k + most + 1) as usize;
    let mut reach = vec![0_isize; 2 * most as usize + 3];
    let mut history = Vec::new();
    for d in 0..=most {
        history.push(reach[at(-d - 1)..=at(d + 1)].to_vec());
        for k in (-d..=d).step_by(2) {
            let down = k == -d || (k != d && reach[at(k - 1)] < reach[at(k + 1)]);
            let mut x = if down { reach[at(k + 1)] } else { reach[at(k - 1)] + 1 };
            while x < n && x - k < m && a[x as usize].0 == b[(x - k) as usize].0 {
                x += 1;
            }
            reach[at(k)] = x;
            if x >= n && x - k >= m {
                return Some(walk_back(&history, n, m));
            }
        }
    }
    None
}

/// The diagonal steps of the way that was found.
fn walk_back(history: &[Vec<isize>], n: isize, m: isize) -> Vec<(usize, usize)> {
    let (mut x, mut y) = (n, m);
    let mut pairs = Vec::new();
    for (d, reach) in history.iter().enumerate().rev() {
        let d = d as isize;
        let of = |k: isize| reach[(k + d + 1) as usize];
        let k = x - y;
        let down = k == -d || (k != d && of(k - 1) < of(k + 1));
        let before = if down { k + 1 } else { k - 1 };
        let (from_x, from_y) = if d == 0 { (0, 0) } else { (of(before), of(before) - before) };
        while x > from_x && y > from_y {
            (x, y) = (x - 1, y - 1);
            pairs.push((x as usize, y as usize));
        }
        (x, y) = (from_x, from_y);
    }
    pairs.reverse();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(a: &str, b: &str) -> String {
        let (a, b) = (items([a].into_iter()), items([b].into_iter()));
        common(&a, &b)
            .unwrap()
            .iter()
            .map(|&(i, j)| {
                assert_eq!(a[i].0, b[j].0);
                a[i].0
            })
            .collect()
    }

    #[test]
    fn the_longest_common_sequence_is_found() {
        assert_eq!(pairs("人口1,087,723人", "人口1,037,723人"), "人口1,07,723人");
        assert_eq!(pairs("abcabba", "cbabac").len(), 4);
        assert_eq!(pairs("", "abc"), "");
        assert_eq!(pairs("ＡＢ 12", "AB12"), "AB12");
    }

    fn said(texts: &[(&str, f64)]) -> Said {
        let character = |&(text, x): &(&str, f64)| Character { text: text.to_owned(), x, y: 0.0, size: 10.0 };
        Said { number: 1, characters: texts.iter().map(character).collect(), failure: None }
    }

    fn read(text: &str) -> Page {
        let mut page = Page { number: 1, text: text.to_owned(), ..Page::default() };
        for (start, c) in text.char_indices() {
            let x = 10.0 * page.glyphs.len() as f32;
            page.glyphs.push(crate::Glyph {
                start: start as u32,
                end: (start + c.len_utf8()) as u32,
                bbox: BBox::new(x, 0.0, x + 10.0, 10.0),
                ..crate::Glyph::default()
            });
        }
        page
    }

    #[test]
    fn a_digit_that_differs_has_its_place() {
        let check = page(
            &read("人口87人"),
            &said(&[("人", 0.0), ("口", 10.0), ("3", 20.0), ("7", 30.0), ("人", 40.0)]),
        );
        assert_eq!((check.read, check.witnessed, check.agreed), (5, 5, 4));
        let [difference] = &check.differences[..] else { panic!("{check:?}") };
        assert_eq!((difference.read.as_str(), difference.witnessed.as_str()), ("8", "3"));
        assert_eq!(difference.bbox, Some(BBox::new(20.0, 0.0, 30.0, 10.0)));
        assert!(difference.contradicts_digits());
    }

    #[test]
    fn a_digit_that_only_one_reads_is_no_contradiction() {
        let check = page(&read("12"), &said(&[("1", 0.0), ("2", 10.0), ("3", 20.0)]));
        let [difference] = &check.differences[..] else { panic!("{check:?}") };
        assert!(difference.concerns_digits() && !difference.contradicts_digits());
        assert_eq!(difference.bbox, Some(BBox::new(10.0, 0.0, 20.0, 10.0)));
    }

    #[test]
    fn what_is_drawn_twice_is_not_more() {
        let twice = [("1", 0.0), ("2", 10.0), ("1", 0.3), ("2", 10.3)];
        assert_eq!(page(&read("12"), &said(&twice)).differences, []);
    }

    #[test]
    fn other_characters_altogether_are_not_compared() {
        let other = [("x", 0.0), ("y", 10.0), ("z", 20.0)];
        let check = page(&read("人口人"), &said(&other));
        assert!(check.differences.is_empty() && check.failure.is_some());
    }
}
