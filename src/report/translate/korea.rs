//! Editions of Windows for Korea, K and KN, which have neither an id nor a number of their own: those of the edition without K are theirs.

use super::{Draft, draft::Row, kernel::Kernel, language};
use crate::{
    catalogue::Catalogue,
    domain::{Language, Name},
    report::{Value, item::Clue, value::korean},
};

/// Key of the family that has such editions.
const DESKTOP: &str = "windows";

/// Whether ids of a report may be of editions for Korea.
pub(super) struct Korea<'a> {
    catalogue: &'a Catalogue,
    version: Option<Name>,
    /// Whether the report tells of Korean: then an id is as likely of the one as of the other.
    is_spoken: bool,
}

impl<'a> Korea<'a> {
    pub fn of(clues: &[Clue], kernel: Option<&Kernel<'_>>, named: Option<&str>, catalogue: &'a Catalogue) -> Self {
        let by_kernel = kernel.and_then(|kernel| kernel.version("Windows"));
        let version = by_kernel.map(|row| row.version.as_str()).or(named);
        let korean = Language::parse("ko");
        Self {
            catalogue,
            version: version.and_then(Name::parse),
            is_spoken: korean.is_ok_and(|korean| language::is_told(clues, &korean)),
        }
    }

    /// Notes the edition of an id; where the copy speaks Korean, that it is this one or the one for Korea.
    pub fn tell(&self, draft: &mut Draft<'_>, clue: &Clue, row: &Row, edition: &str) {
        let Some(name) = Name::parse(edition) else { return };
        match korean(&name).filter(|korean| self.has(korean)) {
            Some(korean) if self.is_spoken => {
                draft.leave(
                    clue,
                    "in Korean, an edition and the one for Korea have the same id",
                    "the name, which says K or KN",
                );
                draft.hint_editions(clue, row, [edition, korean.text()], edition);
            }
            Some(_) => draft.tell(clue, row, Value::EditionOrKorean(name)),
            None => draft.tell(clue, row, Value::Edition(name)),
        }
    }

    /// Whether there is such an edition of the version, or of any where that is not known.
    fn has(&self, edition: &Name) -> bool {
        let mut products = self.catalogue.products();
        products.any(|product| {
            product.family.key() == DESKTOP
                && product.edition == *edition
                && self.version.as_ref().is_none_or(|version| product.version == *version)
        })
    }
}
