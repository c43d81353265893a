//! Text of form fields and notes that have no appearance stream to be drawn (ISO 32000-1, 12.5.5 and
//! 12.7.4.3): a viewer lays it out itself, and so do we.

use hayro_interpret::RectExt;
use hayro_interpret::hayro_syntax::object::dict::keys::{
    ANNOTS, AP, CONTENTS, DA, F, FF, FT, PARENT, RECT, SUBTYPE, V,
};
use hayro_interpret::hayro_syntax::object::{self, Array, Dict, Name, Object, Rect};
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::kurbo::Affine;

use super::{Recorder, is_blank, text_string, to_bbox};
use crate::drawing::Flow;
use crate::{BBox, Glyph, Ink, effort};

/// Annotation flags: hidden, no view.
const UNSEEN: u32 = 1 << 1 | 1 << 5;
/// Field flag: its text is a password.
const PASSWORD: i32 = 1 << 13;
/// How far a field's value may be inherited from.
const PARENTS: usize = 8;

/// Records what fields and notes without an appearance say, and fields whose appearance shows nothing of their
/// value: who fills a form by a program leaves it to the viewer (`/NeedAppearances`).
pub(super) fn record(page: &Page<'_>, transform: Affine, recorder: &mut Recorder<'_>) {
    let Some(annotations) = page.raw().get::<Array<'_>>(ANNOTS) else { return };
    let drawn = recorder.drawing.glyphs.len();
    let mut looked_at = 0_usize;
    for annotation in annotations.iter::<Dict<'_>>() {
        if annotation.get::<u32>(F).unwrap_or(0) & UNSEEN != 0 {
            continue;
        }
        let Some(rect) = annotation.get::<Rect>(RECT) else { continue };
        let Some(text) = text_of(&annotation).filter(|text| !text.trim().is_empty()) else { continue };
        let bbox = to_bbox(transform.transform_rect_bbox(rect.to_kurbo()));
        if ![bbox.x0, bbox.top, bbox.x1, bbox.bottom].iter().all(|v| v.is_finite()) {
            continue;
        }
        if annotation.contains_key(AP) {
            looked_at += 1;
            let shows = |g: &Glyph| bbox.contains(g.bbox.center().0, g.bbox.center().1);
            if effort::is_too_much(looked_at, drawn) || recorder.drawing.glyphs[..drawn].iter().any(shows) {
                continue;
            }
        }
        write(recorder, &bbox, &text, font_size(&annotation, &bbox, text.lines().count()));
    }
}

fn text_of(annotation: &Dict<'_>) -> Option<String> {
    let kind = annotation.get::<Name<'_>>(SUBTYPE)?;
    let text = match kind.as_str() {
        "FreeText" => annotation.get::<object::String<'_>>(CONTENTS)?,
        "Widget" => {
            let field = inherited(annotation, FT)?.into_name()?;
            let is_secret =
                || inherited(annotation, FF).and_then(Object::into_i32).unwrap_or(0) & PASSWORD != 0;
            if !matches!(field.as_str(), "Tx" | "Ch") || is_secret() {
                return None;
            }
            inherited(annotation, V)?.into_string()?
        }
        _ => return None,
    };
    Some(text_string(text.as_bytes()).replace("\r\n", "\n").replace('\r', "\n"))
}

fn inherited<'a>(dict: &Dict<'a>, key: &[u8]) -> Option<Object<'a>> {
    let mut dict = dict.clone();
    for _ in 0..PARENTS {
        if let Some(value) = dict.get::<Object<'a>>(key) {
            return Some(value);
        }
        dict = dict.get::<Dict<'a>>(PARENT)?;
    }
    None
}

/// The size in the default appearance (`/Helv 9 Tf`); 0 there means: as fits.
fn font_size(annotation: &Dict<'_>, bbox: &BBox, lines: usize) -> f32 {
    let given = inherited(annotation, DA).and_then(Object::into_string).and_then(|appearance| {
        let operators = text_string(appearance.as_bytes());
        let words: Vec<&str> = operators.split_whitespace().collect();
        let at = words.iter().position(|w| *w == "Tf")?;
        words.get(at.checked_sub(1)?)?.parse::<f32>().ok()
    });
    let fits = (bbox.height() / (1.2 * lines.max(1) as f32)).min(12.0);
    given.filter(|size| *size > 0.0 && size.is_finite()).unwrap_or(fits).max(1.0)
}

fn write(recorder: &mut Recorder<'_>, bbox: &BBox, text: &str, size: f32) {
    let count = text.lines().count() as f32;
    // One line stands in the middle of its field, several begin at the top.
    let top = if count <= 1.0 { bbox.center().1 - size / 2.0 } else { bbox.top + 2.0 };
    let font = recorder.font_index(String::new());
    for (row, line) in text.lines().enumerate() {
        let mut x = bbox.x0 + 2.0;
        let baseline = top + size * (1.2 * row as f32 + 0.88);
        for c in line.chars() {
            let advance =
                if (c as u32) < 0x2e80 || matches!(c, '\u{ff61}'..='\u{ffdc}') { size / 2.0 } else { size };
            if !is_blank(c) && !c.is_control() {
                let start = recorder.drawing.text.len() as u32;
                recorder.drawing.text.push(c);
                recorder.push(
                    Glyph {
                        start,
                        end: recorder.drawing.text.len() as u32,
                        bbox: BBox::new(x, baseline - 0.88 * size, x + advance, baseline + 0.12 * size),
                        origin: (x, baseline),
                        size,
                        font,
                        vertical: false,
                        color: Some([0, 0, 0, 255]),
                        ink: Ink::Filled,
                    },
                    Flow::Right,
                );
            } else {
                recorder.after_space = true;
            }
            x += advance;
        }
    }
}
