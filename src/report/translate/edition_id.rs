//! Edition ids, wherever a report says one, and the numbers and names that stand for them.

use super::{Draft, draft::Row};
use crate::{
    catalogue::Source,
    report::{
        item::Clue,
        table::{Means, TABLES},
    },
};

/// What `GetProductInfo` gives where it knows no edition, and where the copy is not licensed.
const NO_EDITION: [u32; 2] = [0, 0xABCD_ABCD];
/// What tools write where there is no id, beside texts in angle brackets such as `<undefined>`.
const NO_ID: [&str; 6] = ["", "-", "n/a", "none", "undefined", "unknown"];

/// An edition id and the value that says it.
pub(super) struct EditionId<'a> {
    pub id: String,
    pub clue: &'a Clue,
    /// How the value became an id.
    pub row: Option<Row>,
}

/// Every edition id that the values say.
pub(super) fn ids<'a>(draft: &mut Draft<'_>, clues: &'a [Clue]) -> Vec<EditionId<'a>> {
    let mut ids = Vec::new();
    for clue in clues {
        match clue.means {
            Means::EditionId => ids.push(EditionId::of(clue, &clue.raw)),
            Means::LicenseFamily if !clue.raw.to_lowercase().starts_with("office") => {
                ids.push(EditionId::of(clue, &clue.raw));
            }
            Means::LicenseName => ids.extend(from_license_name(clue)),
            Means::Sku => ids.extend(from_sku(draft, clue)),
            _ => {}
        }
    }
    ids
}

fn from_sku<'a>(draft: &mut Draft<'_>, clue: &'a Clue) -> Option<EditionId<'a>> {
    let number: Option<u32> = clue.raw.trim().parse().ok();
    let row = number.and_then(|number| TABLES.skus.iter().find(|row| row.sku == number));
    let Some(row) = row else {
        draft.leave(
            clue,
            "no number of an edition that is known here",
            "`EditionID` or `LicenseFamily`",
        );
        if number.is_some_and(|number| !NO_EDITION.contains(&number)) {
            draft.hint_editions(clue, &Row::new("windows-sku", "none", Source::Seen), [], &clue.raw);
        }
        return None;
    };
    Some(EditionId {
        id: row.id.clone(),
        clue,
        row: Some(Row::new("windows-sku", row.sku, row.source)),
    })
}

/// "Windows(R) 7, Professional edition"
fn from_license_name(clue: &Clue) -> Option<EditionId<'_>> {
    let (head, tail) = clue.raw.rsplit_once(',')?;
    let id = tail.trim().strip_suffix("edition")?.trim();
    let is_windows = head.trim_start().to_lowercase().starts_with("windows");
    (is_windows && !id.is_empty()).then(|| EditionId::of(clue, id))
}

impl<'a> EditionId<'a> {
    fn of(clue: &'a Clue, id: &str) -> Self {
        Self {
            id: id.to_owned(),
            clue,
            row: None,
        }
    }

    /// Whether it names an edition at all. A license family with a hyphen is of what is licensed beside Windows, such as its extended
    /// updates; no edition id has one.
    pub fn names_an_edition(&self) -> bool {
        let id = self.id.trim().to_lowercase();
        let stands_in = id.starts_with('<') || NO_ID.contains(&id.as_str());
        let is_beside = self.clue.means == Means::LicenseFamily && id.contains('-');
        !stands_in && !is_beside
    }
}
