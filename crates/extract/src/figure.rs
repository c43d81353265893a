//! Numbers, null marks and units that stand alone in a field.

use std::ops::Range;

use rust_decimal::Decimal;

use crate::stream::Stream;

/// A number (or a mark in place of one) that fills a field, but for a unit.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    /// The number alone.
    pub atoms: Range<u32>,
    pub content: Content,
    /// The unit as printed, and where; in this field or the next one of the line.
    pub unit: Option<(String, Range<u32>)>,
}

/// What stands in a place for a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// A number, with its printed decimal places.
    Number(Decimal, u32),
    NullMark,
    Placeholder,
}

impl Figure {
    pub(crate) fn number(&self) -> Option<Decimal> {
        match self.content {
            Content::Number(value, _) => Some(value),
            _ => None,
        }
    }
}

/// The figures of these lines, in reading order. `units` are the canonical units that may stand beside one.
pub(crate) fn figures(
    stream: &Stream<'_>,
    lines: Range<u32>,
    units: &[String],
    free: impl Fn(Range<u32>) -> bool,
) -> Vec<Figure> {
    let mut out = Vec::new();
    for line in lines {
        let fields = stream.lines[line as usize].fields.clone();
        let mut at = fields.start;
        while at < fields.end {
            let field = stream.fields[at as usize].atoms.clone();
            at += 1;
            if !free(field.clone()) {
                continue;
            }
            let Some(mut figure) = figure(stream, field) else { continue };
            if figure.unit.is_none() && at < fields.end {
                let next = stream.fields[at as usize].atoms.clone();
                if free(next.clone()) && is_unit(stream, next.clone(), units) {
                    figure.unit = Some((stream.printed_text(next.clone()).to_owned(), next));
                    at += 1;
                }
            }
            out.push(figure);
        }
    }
    out
}

/// True when these atoms are one of the units and nothing else.
pub(crate) fn is_unit(stream: &Stream<'_>, atoms: Range<u32>, units: &[String]) -> bool {
    let text = stream.canonical(atoms);
    units.contains(&text)
}

/// The figure that fills these atoms (of one line).
pub(crate) fn figure(stream: &Stream<'_>, atoms: Range<u32>) -> Option<Figure> {
    let text = stream.canonical(atoms.clone());
    if chohyo_normalize::is_null_mark(&text) {
        return Some(Figure { atoms, content: Content::NullMark, unit: None });
    }
    if chohyo_normalize::is_placeholder(&text) {
        return Some(Figure { atoms, content: Content::Placeholder, unit: None });
    }
    let number = chohyo_normalize::number(&text)?;
    let position = |byte: usize| atoms.start + text[..byte].chars().count() as u32;
    let digits = position(number.span.start)..position(number.span.end);
    let unit = number.unit.as_ref().map(|(_, span)| {
        let place = position(span.start)..position(span.end);
        (stream.printed_text(place.clone()).to_owned(), place)
    });
    Some(Figure { atoms: digits, content: Content::Number(number.value, number.decimals), unit })
}
