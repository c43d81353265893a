//! The text of a page over its picture: transparent, to be selected, searched and read aloud.

use std::fmt::Write;

use chohyo_layout::Page;

use crate::html::escape;

/// Writes the lines of a page as SVG text, in reading order. Each line is stretched to the width it is printed in.
pub(crate) fn write(out: &mut String, page: &Page) {
    out.push_str("<g class=\"text\">");
    for &index in page.blocks.iter().flat_map(|b| &b.lines) {
        let Some(line) = page.lines.get(index as usize) else { continue };
        let Some(glyph) = line.glyphs.first().and_then(|&g| page.glyphs.get(g as usize)) else { continue };
        if line.text.trim().is_empty() || glyph.size.is_nan() || glyph.size <= 0.0 {
            continue;
        }
        let bbox = &line.bbox;
        // Writing to a string cannot fail.
        let _ = if line.vertical {
            write!(
                out,
                "<text class=\"vertical\" x=\"{:.1}\" y=\"{:.1}\" font-size=\"{:.1}\" textLength=\"{:.1}\"",
                bbox.center().0,
                bbox.top,
                glyph.size,
                bbox.height()
            )
        } else {
            write!(
                out,
                "<text x=\"{:.1}\" y=\"{:.1}\" font-size=\"{:.1}\" textLength=\"{:.1}\"",
                bbox.x0,
                // The em-box of the reader stands 0.12 em under the baseline.
                bbox.bottom - 0.12 * glyph.size,
                glyph.size,
                bbox.width()
            )
        };
        out.push_str(" lengthAdjust=\"spacingAndGlyphs\">");
        escape(out, &line.text);
        out.push_str("</text>");
    }
    out.push_str("</g>");
}
