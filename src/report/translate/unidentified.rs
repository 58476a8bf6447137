//! Programs that are there and that no table names.

use super::{Draft, draft::Row};
use crate::{
    catalogue::Source,
    domain::Field,
    report::{Subject, Weight, item::Clue, table::Means},
};

/// Notes of a program whose family nothing tells that it is no edition that is known here: whatever was stated, it is not told to be that.
/// Names that a person gave a license are no such evidence.
pub(super) fn translate(draft: &mut Draft<'_>, clues: &[Clue]) {
    if !draft.names(Field::Family).is_empty() {
        return;
    }
    let is_there = draft.facts.iter().any(|fact| fact.weight == Weight::Tells);
    let names = |clue: &&Clue| match clue.means {
        Means::ClickToRunIds | Means::LicenseName => true,
        // Codes and names of what comes with other programs stand there, too.
        Means::ProductCode | Means::InstalledName => is_there,
        _ => false,
    };
    let of_program = clues.iter().filter(|clue| clue.about != Subject::License);
    if let Some(clue) = of_program.into_iter().find(names) {
        draft.hint_editions(clue, &Row::new("edition", "none", Source::Seen), [], &clue.raw);
    }
}
