//! What comes with other programs or free of charge: nobody holds a license for it, so it is no product of an image.

use super::{Draft, name, office, product_code};
use crate::{
    catalogue::Catalogue,
    report::{
        item::Clue,
        table::{Means, TABLES},
    },
};

/// Whether this is such a thing, which is listed then.
pub(super) fn leave(draft: &mut Draft<'_>, clues: &[Clue], catalogue: &Catalogue) -> bool {
    let note = |clue: &Clue| match clue.means {
        Means::ProductCode => product_code::beside(&clue.raw),
        Means::InstalledName => of_name(&clue.raw, catalogue),
        _ => office::beside(clue),
    };
    let Some((clue, note)) = clues.iter().find_map(|clue| Some((clue, note(clue)?))) else {
        return false;
    };
    let why = format!("comes with other programs or free of charge ({note}), and is no licensed product");
    draft.leave(clue, &why, "nothing");
    true
}

/// What a product is called stands, whatever words are in its name.
fn of_name(text: &str, catalogue: &Catalogue) -> Option<&'static str> {
    let lower = text.to_lowercase();
    let mut words = TABLES.beside_words.iter();
    let row = words.find(|row| lower.contains(&row.text.to_lowercase()))?;
    (!name::is_of_catalogue(text, catalogue)).then_some(&row.text)
}
