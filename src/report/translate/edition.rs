//! What edition ids mean, by the version that they are of.

use super::{Draft, draft::Row, edition_id::EditionId, kernel::Kernel, korea::Korea};
use crate::{
    catalogue::Source,
    report::{
        Value,
        table::{EditionRow, TABLES},
    },
};

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

    /// Notes what the rows agree on; of the edition, at least which it can be.
    pub fn translate(&self, draft: &mut Draft<'_>, rows: &[&'static EditionRow], korea: &Korea<'_>) {
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
        draft.tell_name(self.clue, &row, Value::Family, family(rows));
        if let Some(running) = first.running {
            draft.tell(self.clue, &row, Value::RunningChannel(running));
        }
        if let Some(edition) = edition(rows) {
            if family(rows) == Some("Windows") {
                korea.tell(draft, self.clue, &row, edition);
            } else {
                draft.tell_name(self.clue, &row, Value::Edition, Some(edition));
            }
            return;
        }
        match &first.note {
            Some(note) if rows.iter().all(|row| row.edition.is_none()) => {
                draft.leave(self.clue, note, "the edition, stated");
            }
            _ => draft.leave(
                self.clue,
                "the edition id is another edition in another version",
                "the version, with its build",
            ),
        }
        hint(draft, self, &row, rows);
    }

    /// The id is not known, or not of this version; its family is the same in all of them, mostly.
    fn leave(&self, draft: &mut Draft<'_>) {
        let rows = self.rows(None, None);
        let row = match rows.first() {
            Some(first) => Row::new("windows-edition", &first.id, first.source),
            None => Row::new("windows-edition", "none", Source::Seen),
        };
        draft.tell_name(self.clue, &row, Value::Family, family(&rows));
        let why = if rows.is_empty() {
            "no edition id that is known here"
        } else {
            "the edition id is of no edition of this version"
        };
        draft.leave(self.clue, why, "the edition, stated");
        hint(draft, self, &row, &[]);
    }
}

/// Notes that it is one of the editions of these rows, or one that is not known here: in any case no other that was stated.
fn hint(draft: &mut Draft<'_>, id: &EditionId<'_>, known: &Row, rows: &[&'static EditionRow]) {
    if id.names_an_edition() {
        draft.hint_editions(id.clue, known, editions(rows), &id.id);
    }
}

/// The family of all these rows, if it is one.
pub(super) fn family(rows: &[&'static EditionRow]) -> Option<&'static str> {
    let family = rows.first().map(|row| row.family.as_str())?;
    rows.iter().all(|row| row.family == family).then_some(family)
}

/// The edition of all these rows, if it is one.
pub(super) fn edition(rows: &[&'static EditionRow]) -> Option<&'static str> {
    let edition = rows.first()?.edition.as_deref()?;
    let is_same = |row: &&EditionRow| row.edition.as_deref() == Some(edition);
    rows.iter().all(is_same).then_some(edition)
}

/// Every edition that these rows leave possible.
pub(super) fn editions(rows: &[&'static EditionRow]) -> impl Iterator<Item = &'static str> {
    let named = |row: &&'static EditionRow| row.edition.iter().chain(&row.one_of);
    rows.iter().flat_map(named).map(String::as_str)
}
