//! Facts beyond those that were stated: what reports say, what the catalogue knows, and what cannot be.
//!
//! Every step leaves a note of what it did and on whose word. A fact is filled in or withheld, and never replaced: what was stated
//! either stands, or is contradicted and therefore unknown.

mod claims;
mod label;
mod notes;
mod reported;
mod terms;
#[cfg(test)]
mod testing;

pub use claims::withhold_impossible;
pub use label::add_label_families;
pub use reported::{Readings, add_reported};
pub use terms::add_terms;
