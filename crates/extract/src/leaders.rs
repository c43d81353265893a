//! Leaders: the run of dots that leads from a name to its number at the other edge (`人口………4,863,302人`). It parts the
//! two as white space does.

use crate::stream::Stream;

/// What leaders are made of.
const DOTS: [char; 7] = ['…', '‥', '⋯', '・', '･', '·', '.'];
/// So many dots and more are leaders; fewer may be an ellipsis (……).
const LEAST: usize = 5;

/// Where leaders begin and end among the characters of a line that are no white space. Nearly all lines have too few
/// dots to hold any, and are not looked at again.
pub(crate) fn runs_of<I: Iterator<Item = char>>(
    text: &str,
    folded: impl FnOnce() -> I,
) -> Vec<(usize, usize)> {
    let dots = text.chars().filter(|c| DOTS.contains(c) || *c == '．').take(LEAST).count();
    if dots < LEAST {
        return Vec::new();
    }
    runs(folded().filter(|c| !c.is_whitespace()))
}

/// Where leaders begin and end among these characters.
fn runs(chars: impl Iterator<Item = char>) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    let mut run: Option<(char, usize)> = None;
    let mut end = 0;
    let mut close = |run: Option<(char, usize)>, end: usize| {
        out.extend(run.filter(|(_, start)| end - start >= LEAST).map(|(_, start)| (start, end)));
    };
    for (at, ch) in chars.enumerate() {
        if run.is_none_or(|(open, _)| open != ch) {
            close(run, at);
            run = DOTS.contains(&ch).then_some((ch, at));
        }
        end = at + 1;
    }
    close(run, end);
    out
}

/// The leaders of a document, as atoms: they say nothing.
pub(crate) fn all(stream: &Stream<'_>) -> Vec<std::ops::Range<u32>> {
    let led = |f: &&crate::stream::Field| {
        let first = stream.atoms[f.atoms.start as usize].ch;
        f.atoms.len() >= LEAST
            && DOTS.contains(&first)
            && f.atoms.clone().all(|i| stream.atoms[i as usize].ch == first)
    };
    stream.fields.iter().filter(led).map(|f| f.atoms.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page_maker::{Page, sheet};

    #[test]
    fn runs_of_dots() {
        assert_eq!(runs("人口………………4人".chars()), [(2, 8)]);
        assert_eq!(runs("支援……".chars()), []);
        assert_eq!(runs("目次.......".chars()), [(2, 9)]);
    }

    #[test]
    fn a_number_behind_leaders() {
        let page = Page::default()
            .text(30.0, 30.0, "１ 県又は政令市の基礎情報")
            .text(30.0, 60.0, "人口（R2年4月時点）………………………………1,087,723人")
            .text(30.0, 74.0, "協議の場の設置状況（R2年4月時点）")
            .text(40.0, 88.0, "市町村………………………………………………7／33か所");
        let sheet = sheet(&[page]);
        let population = sheet.measure("population").unwrap();
        assert_eq!(population.value.map(|v| v.0), Some(1_087_723.into()));
        assert_eq!(population.label.as_ref().map(|l| l.text.as_str()), Some("人口（R2年4月時点）"));
        assert_eq!(sheet.tables["councils"][0]["total"].value.map(|v| v.0), Some(33.into()));
    }
}
