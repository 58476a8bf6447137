//! What tests of this room share.

use crate::domain::{Name, Product};

/// A product of family, version and edition; an empty one is not stated.
pub(super) fn product(parts: [&str; 3]) -> Product {
    let [family, version, edition] = parts.map(Name::parse);
    Product {
        family,
        version,
        edition,
        ..Product::default()
    }
}
