//! What came of reports, as notes.

use crate::{
    domain::{Claim, Note, NoteKind, Place},
    report::{Aside, Conflict, Filled},
};

/// Notes on one thing: what was filled in, what contradicts, and what counts for nothing, each fact once.
pub(super) fn notes(place: Place, filled: Vec<Filled>, conflicts: Vec<Conflict>, aside: Vec<Aside>) -> Vec<Note> {
    let mut notes: Vec<Note> = Vec::with_capacity(filled.len().saturating_add(conflicts.len()));
    for Filled { field, claims } in filled {
        let best_known = claims.into_iter().min_by_key(|claim| claim.said.source());
        notes.push(Note {
            place,
            field,
            kind: NoteKind::Reported,
            claims: best_known.into_iter().collect(),
            why: String::new(),
        });
    }
    for Conflict { field, claims } in conflicts {
        notes.push(Note {
            place,
            field,
            kind: NoteKind::Conflict,
            claims: each_value_once(claims),
            why: String::new(),
        });
    }
    for Aside { field, claim, why, .. } in aside {
        let is_noted = |note: &Note| note.field == field && note.kind == NoteKind::SetAside;
        if !notes.iter().any(is_noted) {
            notes.push(Note {
                place,
                field,
                kind: NoteKind::SetAside,
                claims: vec![claim],
                why: why.to_owned(),
            });
        }
    }
    notes.sort_by_key(|note| note.field);
    notes
}

fn each_value_once(claims: Vec<Claim>) -> Vec<Claim> {
    let mut distinct: Vec<Claim> = Vec::new();
    for claim in claims {
        if distinct.iter().all(|known| known.value != claim.value) {
            distinct.push(claim);
        }
    }
    distinct
}
