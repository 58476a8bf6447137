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
        let claims = best_known.into_iter().collect();
        notes.push(Note::new(place, field, NoteKind::Reported, claims));
    }
    for Conflict { field, claims } in conflicts {
        notes.push(Note::new(place, field, NoteKind::Conflict, each_value_once(claims)));
    }
    for Aside { field, claim, why, .. } in aside {
        let is_noted = |note: &Note| note.field == field && note.kind == NoteKind::SetAside;
        if !notes.iter().any(is_noted) {
            notes.push(Note {
                why: why.to_owned(),
                ..Note::new(place, field, NoteKind::SetAside, vec![claim])
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
