//! Bounds on the work that a page may cause beyond reading its glyphs.
//!
//! Looking for tables compares rulings with lines, and regions with regions. A page that people read has
//! some hundreds of each. Past these bounds the search in question is left out: lines and paragraphs are
//! still read, tables may be missed.

/// Comparisons in one search.
const MOST: usize = 20_000_000;
/// Tables without rulings on one page.
pub(crate) const AREAS: usize = 256;
/// Glyphs of one baseline among which gutters are looked for.
pub(crate) const ROW: usize = 4_000;
/// Columns, stacks and paragraphs that may be open at one height.
pub(crate) const OPEN: usize = 256;
/// Filled areas that are looked at for what lies under white text.
pub(crate) const PAINTED: usize = 20_000;
/// Cells of one table that are looked at one by one.
pub(crate) const CELLS: usize = 20_000;
/// Dots of which dotted rulings are made.
pub(crate) const DOTS: usize = 100_000;

/// Blocks of a page that are compared with each other.
pub(crate) const ITEMS: usize = 2_000;
/// Lines of a page that are looked at as running heads.
pub(crate) const LINES: usize = 4_000;

/// True when comparing all of `a` with all of `b` costs too much.
pub(crate) fn is_too_much(a: usize, b: usize) -> bool {
    a.saturating_mul(b) > MOST
}
