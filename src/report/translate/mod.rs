//! From clues to facts, by the tables.

mod beside;
mod channel;
mod draft;
mod edition;
mod edition_id;
mod evidence;
mod firmware_key;
mod installed;
mod iso_name;
mod kernel;
mod korea;
mod language;
mod marker;
mod media;
mod name;
mod office;
mod product_code;
mod unidentified;
mod version;
mod windows;

pub(super) use draft::Draft;

use super::{SoftwareKind, item::Clue};
use crate::catalogue::Catalogue;

/// Translates what is said of one subject.
pub(super) fn translate(draft: &mut Draft<'_>, clues: &[Clue], kind: SoftwareKind, catalogue: &Catalogue) {
    if beside::leave(draft, clues, catalogue) {
        return;
    }
    name::translate(draft, clues, catalogue);
    windows::translate(draft, clues, catalogue);
    office::translate(draft, clues);
    product_code::translate(draft, clues);
    channel::translate(draft, clues);
    language::translate(draft, clues);
    evidence::translate(draft, clues, catalogue);
    media::translate(draft, clues);
    iso_name::translate(draft, clues);
    if kind == SoftwareKind::Application {
        unidentified::translate(draft, clues);
    }
}
