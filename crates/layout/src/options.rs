//! What a caller may set before reading.

/// How to read a file.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Options {
    /// User password of an encrypted PDF; the empty password is always tried.
    pub password: Option<String>,
    /// Ends with the error of the first page that cannot be read. Otherwise such a page is empty, a
    /// [`Warning`](crate::Warning) says why, and the others are read.
    pub strict: bool,
    /// Bounds on what a file may cost.
    pub limits: Limits,
}

/// Bounds on what a file may cost.
///
/// Strict: past [`bytes`](Self::bytes) or [`pages`](Self::pages), reading ends with
/// [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge). A page past
/// [`glyphs_per_page`](Self::glyphs_per_page) or [`decoded_bytes`](Self::decoded_bytes) is not read, and a
/// warning says so ([`Options::strict`] makes an error of it). Best effort: past
/// [`rulings_per_page`](Self::rulings_per_page) (a map, a drawing) the page's text is still read, and a
/// warning says that tables may be missed; past [`warnings`](Self::warnings) the last says how many there
/// were.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// Size of the input in bytes.
    pub bytes: usize,
    /// Number of pages.
    pub pages: usize,
    /// Glyphs on one page.
    pub glyphs_per_page: usize,
    /// What one stream may decode to, in bytes; all content of a page together, its forms as often as they are
    /// drawn, may come to four times as much. Images are not decoded and not counted.
    pub decoded_bytes: usize,
    /// Strokes and fills along the axes on one page, before merging; best effort.
    pub rulings_per_page: usize,
    /// Warnings of a file; best effort.
    pub warnings: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 256 << 20,
            pages: 10_000,
            glyphs_per_page: 200_000,
            decoded_bytes: 128 << 20,
            rulings_per_page: 100_000,
            warnings: 1_000,
        }
    }
}
