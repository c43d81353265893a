//! Labels that wrap beside other text: on a page without rulings, or in a dump that keeps its layout, the lines of two
//! columns may come one between the other, and a label is then only whole when its column is read downwards.

use std::ops::Range;

use chohyo_layout::{BBox, SourceKind};
use chohyo_normalize::{Context, Period, PeriodKind};

use crate::form::{Alias, SectionForm};
use crate::label::{Label, Named, printed};
use crate::spelling::Initials;
use crate::stream::Stream;

/// Lines that a label may wrap over.
const LINES: usize = 6;

/// A field of a page with its box.
type Field = (u32, Range<u32>, BBox);

/// Finds the labels of groups and ratios that reading order breaks, and the dates of labels whose bracket it
/// breaks.
pub(crate) fn find(stream: &Stream<'_>, form: &SectionForm, lines: &[Range<u32>], labels: &mut Vec<Label>) {
    if !stream.has_places {
        return;
    }
    let groups = form.groups.iter().enumerate().map(|(i, g)| (Named::Group(i), &g.labels));
    let ratios = form.ratios.iter().enumerate().map(|(i, r)| (Named::Ratios(i), &r.labels));
    // A measure whose label is nowhere as one is not looked for: another one's may begin like it.
    let measures = form.measures.iter().enumerate().map(|(i, m)| (Named::Measure(i), &m.labels));
    let measures = measures.filter(|(named, _)| labels.iter().any(|l| l.named == *named));
    let open: Vec<(Named, &Vec<Alias>)> = groups
        .chain(ratios)
        .chain(measures)
        .filter(|(named, _)| {
            labels.iter().all(|l| l.named != *named || l.as_of.is_none() && l.placeholder.is_none())
        })
        .collect();
    if open.is_empty() {
        return;
    }
    let fields = fields(stream, lines);
    let initials = Initials::of(open.iter().flat_map(|(_, aliases)| *aliases).map(|a| a.canonical[0]));
    let first = |i: &usize| stream.atoms[fields[*i].1.start as usize].ch;
    let starts: Vec<usize> = (0..fields.len()).filter(|i| initials.may_begin(first(i))).collect();
    for (named, aliases) in open {
        let found =
            aliases.iter().find_map(|a| starts.iter().find_map(|&i| downwards(stream, &fields, i, a)));
        let Some((parts, as_of)) = found else { continue };
        match labels.iter_mut().find(|l| l.named == named) {
            Some(label) if as_of.is_some() => {
                label.parts = parts;
                label.as_of = as_of;
            }
            Some(_) => {}
            None => {
                let atoms = parts[0].clone();
                labels.push(Label { named, parts, atoms, as_of, placeholder: None });
            }
        }
    }
}

fn fields(stream: &Stream<'_>, lines: &[Range<u32>]) -> Vec<Field> {
    let mut out = Vec::new();
    for line in lines.iter().flat_map(Clone::clone) {
        let page = stream.lines[line as usize].page;
        let fields = stream.fields_of(line).iter();
        out.extend(fields.filter_map(|f| Some((page, f.atoms.clone(), f.bbox?))));
    }
    out
}

/// The label that begins with this field and goes on in those right below it, with the date in its bracket.
fn downwards(
    stream: &Stream<'_>,
    fields: &[Field],
    start: usize,
    alias: &Alias,
) -> Option<(Vec<Range<u32>>, Option<Period>)> {
    let name = &alias.canonical;
    if name.first() != Some(&stream.atoms[fields[start].1.start as usize].ch) {
        return None;
    }
    let mut text: Vec<char> = Vec::new();
    let mut parts: Vec<Range<u32>> = Vec::new();
    let mut at = Some(start);
    while let Some((_, field, _)) = at.map(|i| &fields[i]) {
        text.extend(stream.spelled(field.clone()).chars());
        parts.push(field.clone());
        let common = text.len().min(name.len());
        if text[..common] != name[..common] || parts.len() > LINES {
            return None;
        }
        let rest = &text[common..];
        let depth = rest.iter().fold(0, |d: i32, c| d + i32::from(*c == '(') - i32::from(*c == ')'));
        let next = below(stream, fields, at);
        // A bracket on the line under the name is its own.
        let bracket = next.is_some_and(|i| stream.atoms[fields[i].1.start as usize].ch == '(');
        if text.len() >= name.len() && depth == 0 && !(rest.is_empty() && bracket) {
            let whole = rest.is_empty() || rest[0] == '(' && rest[rest.len() - 1] == ')';
            return whole.then(|| {
                let printed: String = parts.iter().map(|p| printed(stream, p.clone())).collect();
                (parts, period(&printed))
            });
        }
        at = next;
    }
    None
}

/// The field that stands right under another one, beginning where it does.
///
/// On the lines of a dump that keeps its layout, another column's line may come between the two.
fn below(stream: &Stream<'_>, fields: &[Field], at: Option<usize>) -> Option<usize> {
    let (page, field, b) = &fields[at?];
    let most = if stream.document.kind == SourceKind::Text { 1.5 } else { 1.0 };
    fields
        .iter()
        .enumerate()
        .filter(|(_, (p, _, below))| {
            let gap = below.top - b.bottom;
            p == page
                && (below.x0 - b.x0).abs() < 0.5 * b.height()
                && gap > -0.3 * b.height()
                && gap < most * b.height()
        })
        .filter(|(_, (_, f, _))| f != field)
        .min_by(|a, b| a.1.2.top.total_cmp(&b.1.2.top))
        .map(|(i, _)| i)
}

/// The date in the last bracket of a label. Of a year alone, whose word stands on no line of the label (`（R2` over `時点）`),
/// the month stands elsewhere.
fn period(printed: &str) -> Option<Period> {
    let inner = printed.trim_end().trim_end_matches(['）', ')']);
    let (_, inner) = inner.rsplit_once(['（', '('])?;
    let period = chohyo_normalize::period(inner, &Context::default())?;
    (period.kind != PeriodKind::Year || inner.contains('年')).then_some(period)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Form;

    #[test]
    fn a_bracket_that_another_column_interrupts() {
        // The line of the next column stands at a height between the two lines of the label.
        let page = crate::page_maker::Page::default()
            .text(30.0, 60.0, "入院精神障害者数（R2年")
            .text(170.0, 66.0, "（％：構成割合）")
            .text(30.0, 72.0, "3月時点）");
        let bytes = crate::page_maker::pdf(&[page]);
        let document = chohyo_layout::read(&bytes, &chohyo_layout::Options::default()).unwrap();
        let stream = Stream::new(&document);
        let form = &Form::builtin()[0].sections[0];
        let lines = 0..stream.lines.len() as u32;
        let mut labels = Vec::new();
        find(&stream, form, &[lines], &mut labels);
        let label = labels.iter().find(|l| l.named == Named::Group(0)).unwrap();
        assert_eq!(label.as_of.as_ref().map(|p| p.edtf.as_str()), Some("2020-03"));
        assert_eq!(label.parts.len(), 2);
    }

    #[test]
    fn a_year_over_the_end_of_its_bracket_is_no_date() {
        assert_eq!(period("入院精神障害者数（R2時点）"), None);
        assert_eq!(period("入院精神障害者数（R2年6月時点）").map(|p| p.edtf).as_deref(), Some("2020-06"));
        assert_eq!(period("退院率（H30年）").map(|p| p.edtf).as_deref(), Some("2018"));
    }
}
