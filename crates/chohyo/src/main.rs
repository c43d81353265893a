//! chohyo
fn main() {}
