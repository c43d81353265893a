//! Leaders: the run of dots that leads from a name to its number at the other edge (`人口………4,863,302人`). It parts the
//! two as white space does.

use crate::stream::Stream;

/// What leaders are made of.
const DOTS: [char; 7] = ['…', '‥', '⋯', '・', '･', '·', '.'];
/// So many dots and more are leaders; fewer may be an ellipsis (……).
const LEAST: usize = 5;

/// True when so many of one character are leaders.
pub(crate) fn are(mut run: impl ExactSizeIterator<Item = char>) -> bool {
    run.len() >= LEAST && run.next().is_some_and(|first| DOTS.contains(&first))
}

/// The leaders of a document, as atoms: they say nothing.
pub(crate) fn all(stream: &Stream<'_>) -> Vec<std::ops::Range<u32>> {
    let led = |f: &&crate::stream::Field| {
        let atoms = &stream.atoms[f.atoms.start as usize..f.atoms.end as usize];
        are(atoms.iter().map(|a| a.ch)) && atoms.iter().all(|a| a.ch == atoms[0].ch)
    };
    stream.fields.iter().filter(led).map(|f| f.atoms.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page_maker::{Page, sheet};

    #[test]
    fn runs_of_dots() {
        assert!(are("………………".chars().collect::<Vec<_>>().into_iter()));
        assert!(!are("……".chars().collect::<Vec<_>>().into_iter()));
        assert!(!are("人人人人人".chars().collect::<Vec<_>>().into_iter()));
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
