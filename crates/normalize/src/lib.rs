//! chohyo-normalize
mod characters;
mod fold;
mod map;
mod radicals;
mod spacing;

pub use fold::{Folded, fold};
