//! Decides.
fn main() {}
