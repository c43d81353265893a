//! The seam to the PDF engine: whoever can draw a page can be read from.

use crate::drawing::Drawing;
use crate::{Error, Limits};

/// A document whose pages can be drawn one at a time.
///
/// Nothing above this trait names a PDF engine.
pub(crate) trait PageSource {
    /// The file's `/Producer`.
    fn producer(&self) -> Option<String>;

    /// How many pages there are.
    fn page_count(&self) -> usize;

    /// Width and height of the page at `index` (from 0) as a reader sees it.
    fn page_size(&self, index: usize) -> (f32, f32);

    /// Draws the page at `index` (from 0).
    ///
    /// # Errors
    /// [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge) past a limit,
    /// [`ErrorKind::Damaged`](crate::ErrorKind::Damaged) when the engine gives up.
    fn draw(&mut self, index: usize, limits: &Limits) -> Result<Drawing, Error>;
}
