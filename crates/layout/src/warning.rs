//! What a page's text cannot be trusted with.

use memchr::{memchr_iter, memchr3};

use crate::drawing::{Drawing, is_pale};
use crate::{BBox, Error, Ink, Limits, Warning, effort, hull};

/// The warnings for one page, in the order of their codes below.
///
/// `damaged_content`, `unknown_cmap`, `unmapped_glyphs`, `private_use_characters`, `symbol_characters`,
/// `radical_characters`, `cut_numbers`, `too_many_rulings`, `invisible_text`, `hidden_text`.
pub(crate) fn of(page: u32, drawing: &Drawing) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |code: &'static str, message: String, bbox: Option<BBox>| {
        warnings.push(Warning { page: Some(page), code, message, bbox });
    };
    if drawing.damaged {
        let message = "the page's content is damaged; text and numbers of it may be missing or wrong";
        warn("damaged_content", message.to_owned(), None);
    }
    for name in &drawing.unknown_cmaps {
        warn("unknown_cmap", format!("the CMap {name} is not known; its characters are U+FFFD"), None);
    }
    for run in unmapped_runs(drawing) {
        let font = drawing.fonts.get(drawing.glyphs[run.start].font as usize).map_or("", String::as_str);
        let of = if font.is_empty() { "" } else { " of the font " };
        let message = match run.len() {
            1 => format!("a glyph{of}{font} has no known character; it is U+FFFD"),
            count => format!("{count} glyphs{of}{font} have no known character; they are U+FFFD"),
        };
        warn("unmapped_glyphs", message, hull(drawing.glyphs[run].iter().map(|g| &g.bbox)));
    }
    // `may_have` looks for bytes, which is quicker than to decode every character, and says no for most pages.
    let glyphs_with = |may_have: fn(&[u8]) -> bool, is: fn(char) -> bool| {
        if !may_have(drawing.text.as_bytes()) || !drawing.text.chars().any(is) {
            return (0, None);
        }
        let text = |start: u32, end: u32| drawing.text.get(start as usize..end as usize).unwrap_or_default();
        let found = drawing.glyphs.iter().filter(move |g| text(g.start, g.end).chars().any(is));
        (found.clone().count(), hull(found.map(|g| &g.bbox)))
    };
    let (private, at) = glyphs_with(may_have_private, is_private);
    if private > 0 {
        let message = format!("{private} characters mean something in their font only");
        warn("private_use_characters", message, at);
    }
    for (font, count, at) in symbol_fonts(drawing) {
        let of = if font.is_empty() { String::new() } else { format!(" of the font {font}") };
        let message = format!("{count} characters{of} are symbols where letters or digits may be printed");
        warn("symbol_characters", message, Some(at));
    }
    let (radicals, at) = glyphs_with(may_have_radicals, |c| matches!(c, '\u{2e80}'..='\u{2fdf}'));
    if radicals > 0 {
        let message = format!("{radicals} characters are given as radicals where ideographs are printed");
        warn("radical_characters", message, at);
    }
    if !drawing.cut_numbers.is_empty() {
        let count = drawing.cut_numbers.len();
        let message = match count {
            1 => "digits of a number are cut off; what is seen of it is read".to_owned(),
            _ => format!("digits of {count} numbers are cut off; what is seen of them is read"),
        };
        warn("cut_numbers", message, hull(&drawing.cut_numbers));
    }
    if drawing.too_many_rulings {
        let message = "more strokes and fills than the limit; tables may be missed";
        warn("too_many_rulings", message.to_owned(), None);
    }
    let count = drawing.glyphs.len();
    let invisible = || drawing.glyphs.iter().filter(|g| g.ink == Ink::Without);
    if invisible().next().is_some() {
        let message = format!(
            "{} of {count} glyphs are drawn without ink: the text layer of a scan",
            invisible().count()
        );
        warn("invisible_text", message, hull(invisible().map(|g| &g.bbox)));
    }
    let pale = || drawing.glyphs.iter().filter(|g| g.ink != Ink::Without && g.color.is_some_and(is_pale));
    let under = drawing.painted.len() + drawing.images.len() + drawing.fills.len();
    let hidden = || pale().filter(|g| is_bare(drawing, g));
    if !effort::is_too_much(pale().count(), under) && hidden().next().is_some() {
        let message = format!("{} of {count} glyphs are white on white; they are read", hidden().count());
        warn("hidden_text", message, hull(hidden().map(|g| &g.bbox)));
    }
    warnings
}

/// The warning for a page of which nothing is read.
pub(crate) fn unreadable(page: u32, error: &Error, size: (f32, f32)) -> Warning {
    let code = match error.kind() {
        crate::ErrorKind::Undecodable => "undecodable_page",
        _ => "unreadable_page",
    };
    let bbox = (size.0 > 0.0).then(|| BBox::new(0.0, 0.0, size.0, size.1));
    Warning { page: Some(page), code, message: format!("nothing on this page is read: {error}"), bbox }
}

/// Keeps as many warnings as the limit allows; one more says how many there were.
pub(crate) fn limit(warnings: &mut Vec<Warning>, limits: &Limits) {
    let count = warnings.len();
    if count > limits.warnings {
        // Pages that are lost come first.
        warnings.sort_by_key(|w| !matches!(w.code, "undecodable_page" | "unreadable_page"));
        warnings.truncate(limits.warnings);
        let message = format!("{count} warnings; only {} are kept", limits.warnings);
        warnings.push(Warning { page: None, code: "too_many_warnings", message, bbox: None });
    }
}

/// Glyphs without a character that follow each other in one font on one line.
fn unmapped_runs(drawing: &Drawing) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
    let is_unmapped = |i: usize| {
        let glyph = &drawing.glyphs[i];
        drawing.text.get(glyph.start as usize..glyph.end as usize) == Some("\u{fffd}")
    };
    let mut next = 0;
    std::iter::from_fn(move || {
        if drawing.unmapped == 0 {
            return None;
        }
        let start = (next..drawing.glyphs.len()).find(|&i| is_unmapped(i))?;
        let first = &drawing.glyphs[start];
        let follows = |i: usize| {
            let (before, glyph) = (&drawing.glyphs[i - 1], &drawing.glyphs[i]);
            let (dx, dy) = (glyph.origin.0 - before.origin.0, glyph.origin.1 - before.origin.1);
            glyph.font == first.font && dx.abs().min(dy.abs()) < 0.5 * glyph.size && is_unmapped(i)
        };
        let end = (start + 1..drawing.glyphs.len()).find(|&i| !follows(i)).unwrap_or(drawing.glyphs.len());
        next = end;
        Some(start..end)
    })
}

/// Fonts most of whose glyphs have characters that are hardly ever printed: the codes of a font of somebody's own
/// (外字), taken for those of Windows' Latin. With how many they are, and where.
fn symbol_fonts(drawing: &Drawing) -> Vec<(&str, usize, BBox)> {
    /// One may be meant.
    const LEAST: usize = 3;
    if !drawing.text.chars().any(is_rare_symbol) {
        return Vec::new();
    }
    let text = |g: &crate::Glyph| drawing.text.get(g.start as usize..g.end as usize).unwrap_or_default();
    let mut fonts = Vec::new();
    for (index, name) in drawing.fonts.iter().enumerate() {
        let own = || drawing.glyphs.iter().filter(move |g| g.font as usize == index);
        let found = || own().filter(|g| text(g).chars().all(is_rare_symbol));
        let count = found().count();
        // Dashes are printed often enough.
        let dashes = found().filter(|g| text(g) == "—").count();
        if count >= LEAST + dashes && 2 * count > own().count() {
            fonts.extend(hull(found().map(|g| &g.bbox)).map(|at| (name.as_str(), count, at)));
        }
    }
    fonts
}

/// What code page 1252 has between its signs of punctuation from 0x83 to 0x9f.
fn is_rare_symbol(c: char) -> bool {
    matches!(
        c,
        'ƒ' | 'ˆ'
            | '‹'
            | '›'
            | 'Š'
            | 'š'
            | 'Œ'
            | 'œ'
            | 'Ž'
            | 'ž'
            | 'Ÿ'
            | '˜'
            | '™'
            | '—'
            | '†'
            | '‡'
    )
}

/// Nothing but paper is under it.
fn is_bare(drawing: &Drawing, glyph: &crate::Glyph) -> bool {
    let (x, y) = glyph.bbox.center();
    let covers = |b: &BBox| b.contains(x, y);
    !drawing.painted.iter().any(covers)
        && !drawing.images.iter().any(covers)
        && !drawing.fills.iter().any(|f| !f.white && covers(&f.bbox))
}

/// False when no character of the text is for private use, as its bytes tell.
fn may_have_private(text: &[u8]) -> bool {
    let upto_f8ff = |at: usize| text.get(at + 1).is_some_and(|&second| second <= 0xa3);
    memchr3(0xee, 0xf3, 0xf4, text).is_some() || memchr_iter(0xef, text).any(upto_f8ff)
}

/// False when no character of the text is a radical.
fn may_have_radicals(text: &[u8]) -> bool {
    memchr_iter(0xe2, text).any(|at| text.get(at + 1).is_some_and(|&second| second >= 0xba))
}

/// Private use (Unicode 16, 23.5).
fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{ffffd}' | '\u{100000}'..='\u{10fffd}')
}
