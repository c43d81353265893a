//! What a page's text cannot be trusted with.

use crate::Warning;
use crate::drawing::Drawing;

/// The warnings for one page, in the order of their codes below.
///
/// `unknown_cmap`, `undecodable_page`, `unmapped_glyphs`, `private_use_characters`,
/// `radical_characters`, `too_many_rulings`, `invisible_text`.
pub(crate) fn of(page: u32, drawing: &Drawing) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |code: &'static str, message: String| {
        warnings.push(Warning { page: Some(page), code, message });
    };
    for name in &drawing.unknown_cmaps {
        warn("unknown_cmap", format!("the CMap {name} is not known; its characters are U+FFFD"));
    }
    let count = drawing.glyphs.len();
    if drawing.unmapped * 2 > count {
        let message = format!("{} of {count} glyphs have no known character", drawing.unmapped);
        warn("undecodable_page", message);
    } else if drawing.unmapped > 0 {
        warn(
            "unmapped_glyphs",
            format!("{} glyphs have no known character; they are U+FFFD", drawing.unmapped),
        );
    }
    let private = drawing.text.chars().filter(|&c| is_private(c)).count();
    if private > 0 {
        warn("private_use_characters", format!("{private} characters mean something in their font only"));
    }
    let radicals = drawing.text.chars().filter(|c| matches!(c, '\u{2e80}'..='\u{2fdf}')).count();
    if radicals > 0 {
        let message = format!("{radicals} characters are given as radicals where ideographs are printed");
        warn("radical_characters", message);
    }
    if drawing.too_many_rulings {
        warn("too_many_rulings", "more strokes and fills than the limit; tables may be missed".to_owned());
    }
    let invisible = drawing.glyphs.iter().filter(|g| g.invisible).count();
    if invisible > 0 {
        warn(
            "invisible_text",
            format!("{invisible} of {count} glyphs are drawn without ink: the text layer of a scan"),
        );
    }
    warnings
}

/// Private use (Unicode 16, 23.5).
fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{ffffd}' | '\u{100000}'..='\u{10fffd}')
}
