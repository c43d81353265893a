//! Shared helpers of the workspace tests.

pub mod adapt;
pub mod boxes;
pub mod cells;
pub mod fixture;
pub mod hostile;
pub mod law;
pub mod place;
pub mod score;

pub use fixture::{Fixture, fixtures};
pub use hostile::hostile;
