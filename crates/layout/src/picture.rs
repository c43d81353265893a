//! Pages as they look: SVG made of glyph outlines, paths and images.
//!
//! A picture holds no text of the file, only shapes, so that nothing a file says can become markup.

use std::fmt::Write;

use crate::{Error, ErrorKind, Options, SourceKind, pdf, source_kind};

/// Pictures of the pages of a PDF.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Pictures {
    /// SVG elements with ids that the pages refer to, glyph outlines above all: to be put once into the
    /// document that shows the pages, in `<svg><defs>`.
    pub definitions: String,
    /// The pages, from page 1.
    pub pages: Vec<Picture>,
}

/// The picture of one page.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Picture {
    /// Width in points as a reader sees the page.
    pub width: f32,
    /// Height in points as a reader sees the page.
    pub height: f32,
    /// SVG elements in points from the top left corner of the page. Blend modes are classes (`blend-multiply`,
    /// ...), for a presentation attribute there is none.
    pub body: String,
    /// Something was left out because a limit was reached.
    pub cut: bool,
}

/// Bounds on the size of the pictures; best effort: what is past them is left out.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PictureLimits {
    /// SVG of one page and of the definitions of one document, in bytes.
    pub svg_bytes: usize,
    /// Encoded images of one document, in bytes.
    pub image_bytes: usize,
    /// Pixels of an image for each point of its width or height on the page; a finer image is made coarser.
    pub pixels_per_point: f64,
}

impl Default for PictureLimits {
    fn default() -> Self {
        Self { svg_bytes: 4 << 20, image_bytes: 3 << 19, pixels_per_point: 2.0 }
    }
}

/// Draws the pages of a PDF. Of a text dump there is no picture: the result has no pages.
///
/// # Errors
/// As for [`read`](crate::read), but for what is wrong with the text only.
pub fn pictures(bytes: &[u8], options: &Options, limits: &PictureLimits) -> Result<Pictures, Error> {
    if bytes.len() > options.limits.bytes {
        let detail = format!("{} bytes, the limit is {}", bytes.len(), options.limits.bytes);
        return Err(Error::new(ErrorKind::TooLarge, detail));
    }
    match source_kind(bytes)? {
        SourceKind::Text => Ok(Pictures::default()),
        SourceKind::Pdf => pdf::pictures(bytes, options, limits),
    }
}

/// Writes a number with at most `places` (at most 6) decimals and no needless character.
pub(crate) fn number(out: &mut String, value: f64, places: usize) {
    const UNITS: [u64; 7] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];
    let unit = UNITS[places.min(6)];
    let scaled = (value * unit as f64).round();
    // Nothing on a page is as large, and no number there is none.
    if scaled.is_nan() || scaled.abs() >= 1e15 || scaled == 0.0 {
        out.push('0');
        return;
    }
    if scaled < 0.0 {
        out.push('-');
    }
    let scaled = scaled.abs() as u64;
    let (whole, mut part) = (scaled / unit, scaled % unit);
    if whole > 0 || part == 0 {
        // Writing to a string cannot fail.
        let _ = write!(out, "{whole}");
    }
    if part > 0 {
        out.push('.');
    }
    let mut place = unit;
    while part > 0 {
        place /= 10;
        out.push(char::from(b'0' + (part / place) as u8));
        part %= place;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let short = |value, places| {
            let mut out = String::new();
            number(&mut out, value, places);
            out
        };
        assert_eq!(short(1.0, 2), "1");
        assert_eq!(short(0.5, 2), ".5");
        assert_eq!(short(-0.25, 2), "-.25");
        assert_eq!(short(-0.001, 2), "0");
        assert_eq!(short(120.0, 0), "120");
        assert_eq!(short(1.999, 2), "2");
        assert_eq!(short(-12.305_4, 3), "-12.305");
        assert_eq!(short(0.000_071, 6), ".000071");
        assert_eq!(short(1e300, 2), "0");
        assert_eq!(short(f64::NAN, 2), "0");
    }
}
