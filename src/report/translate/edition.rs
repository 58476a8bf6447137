//! Edition ids, and the numbers and names that stand for them.

use super::{Draft, draft::Row, kernel::Kernel};
use crate::report::{
    Value,
    item::Clue,
    table::{EditionRow, Means, TABLES},
};

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
            Means::EditionId => ids.extend(Some(EditionId {
                id: clue.raw.clone(),
                clue,
                row: None,
            })),
            Means::LicenseFamily if !clue.raw.to_lowercase().starts_with("office") => ids.push(EditionId {
                id: clue.raw.clone(),
                clue,
                row: None,
            }),
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
    (is_windows && !id.is_empty()).then(|| EditionId {
        id: id.to_owned(),
        clue,
        row: None,
    })
}

impl EditionId<'_> {
    /// The rows of the id that a version and a build leave.
    pub fn rows(&self, kernel: Option<&Kernel<'_>>, version: Option<&str>) -> Vec<&'static EditionRow> {
        let of_version = |row: &&EditionRow| {
            let by_kernel = kernel.and_then(|kernel| kernel.version(&row.family));
            let version = by_kernel.map(|row| row.version.as_str()).or(version);
            let is_open = || kernel.is_none_or(|kernel| kernel.nt.is_none());
            row.versions.is_empty()
                || version.map_or_else(is_open, |version| row.versions.iter().any(|of| of == version))
        };
        let of_build = |row: &&EditionRow| {
            row.builds.is_none() || kernel.is_none_or(|kernel| kernel.build.is_none() || kernel.is_within(row.builds))
        };
        let rows = TABLES.editions.iter();
        rows.filter(|row| row.id.eq_ignore_ascii_case(self.id.trim()))
            .filter(of_version)
            .filter(of_build)
            .collect()
    }

    /// The family of all these rows, if it is one.
    pub fn family(rows: &[&'static EditionRow]) -> Option<&'static str> {
        let family = rows.first().map(|row| row.family.as_str())?;
        rows.iter().all(|row| row.family == family).then_some(family)
    }

    /// Notes what the rows agree on.
    pub fn translate(&self, draft: &mut Draft<'_>, rows: &[&'static EditionRow]) {
        let Some(first) = rows.first() else {
            self.leave(draft);
            return;
        };
        let mut row = Row::new("windows-edition", &first.id, first.source);
        if let Some(own) = &self.row {
            row = Row {
                mapping: format!("{}, {}", own.mapping, row.mapping),
                source: own.source.max(row.source),
            };
        }
        draft.tell_name(self.clue, &row, Value::Family, Self::family(rows));
        if let Some(running) = first.running {
            draft.tell(self.clue, &row, Value::RunningChannel(running));
        }
        if rows.iter().any(|row| row.edition != first.edition) {
            draft.leave(
                self.clue,
                "the edition id is another edition in another version",
                "the version, with its build",
            );
        } else if let Some(note) = first.note.as_ref().filter(|_| first.edition.is_none()) {
            draft.leave(self.clue, note, "the edition, stated");
        } else {
            draft.tell_name(self.clue, &row, Value::Edition, first.edition.as_deref());
        }
    }

    /// The id is not known, or not of this version; its family is the same in all of them, mostly.
    fn leave(&self, draft: &mut Draft<'_>) {
        let rows = self.rows(None, None);
        let Some(first) = rows.first() else {
            draft.leave(self.clue, "no edition id that is known here", "the edition, stated");
            return;
        };
        let row = Row::new("windows-edition", &first.id, first.source);
        draft.tell_name(self.clue, &row, Value::Family, Self::family(&rows));
        draft.leave(
            self.clue,
            "the edition id is of no edition of this version",
            "the edition, stated",
        );
    }
}
