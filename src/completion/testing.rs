//! What tests of this room share.

use crate::domain::{Facts, Field, Name, Note, NoteKind, Place, Product};

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

/// What is noted of one fact, if that is of a kind.
pub(super) fn noted(facts: &Facts, place: Place, field: Field, kind: NoteKind) -> Option<&Note> {
    facts
        .notes_on(place)
        .find(|note| note.field == field && note.kind == kind)
}
