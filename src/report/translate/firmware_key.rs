//! The key that a maker put into the firmware of a device: its description, as "[4.0] Professional OEM:DM", or that there is one.

use super::{Draft, draft::Row, edition, korea::Korea, marker};
use crate::{
    catalogue::{Catalogue, Source},
    domain::{Channel, Name},
    report::{
        Value,
        item::Clue,
        table::{EditionRow, FirmwareRow, TABLES},
    },
};

/// Notes the channel, and edition and version as far as they are told. An edition id may be another edition in another version, and of
/// a generation that is not known here: then it is at least none of the others.
pub(super) fn translate(draft: &mut Draft<'_>, clue: &Clue, catalogue: &Catalogue) {
    let text = clue.raw.trim();
    let Some((head, _)) = text
        .rsplit_once(' ')
        .filter(|(_, kind)| kind.to_uppercase().starts_with("OEM"))
    else {
        draft.leave(
            clue,
            "no description of an OEM's key",
            "a description such as `[4.0] Professional OEM:DM`",
        );
        return;
    };
    tell_oem(draft, clue);
    let (beginning, id) = head.trim().rsplit_once(' ').unwrap_or(("", head.trim()));
    let generation = generation(beginning.trim());
    hint_versions(draft, clue, generation);
    let fits = |row: &&EditionRow| {
        let of = |version: &String| generation.is_none_or(|generation| generation.versions.contains(version));
        row.id.eq_ignore_ascii_case(id) && (row.versions.is_empty() || row.versions.iter().any(of))
    };
    let rows: Vec<&EditionRow> = TABLES.editions.iter().filter(fits).collect();
    let source = generation.map_or(Source::Recalled, |generation| generation.source);
    let source = rows.first().map_or(source, |first| source.max(first.source));
    let known = Row::new("firmware-key", id, source);
    draft.tell_name(clue, &known, Value::Family, edition::family(&rows));
    if let Some(edition) = edition::edition(&rows) {
        Korea::of(&[], None, only_version(generation), catalogue).tell(draft, clue, &known, edition);
        return;
    }
    draft.leave(
        clue,
        "its edition is not known here, or differs by version",
        "the edition, stated",
    );
    draft.hint_editions(clue, &known, edition::editions(&rows), id);
}

/// The version that keys of a generation are for, if it is one.
fn only_version(generation: Option<&FirmwareRow>) -> Option<&str> {
    match generation?.versions.as_slice() {
        [version] => Some(version),
        _ => None,
    }
}

/// Notes what it tells that the firmware holds a table with a key, which nobody read: there were such keys from 8 on.
pub(super) fn translate_table(draft: &mut Draft<'_>, clue: &Clue) {
    if marker::ABSENT.contains(&clue.raw.trim().to_lowercase().as_str()) {
        draft.leave(
            clue,
            "there is no key of an OEM, which is no evidence of another channel",
            "the channel of the license, stated",
        );
        return;
    }
    tell_oem(draft, clue);
    let known = Row::new("firmware-key", "table", Source::Seen);
    draft.tell_name(clue, &known, Value::Family, Some("Windows"));
    hint_versions(draft, clue, generation(""));
}

fn tell_oem(draft: &mut Draft<'_>, clue: &Clue) {
    let known = Row::new("firmware-key", "OEM", Source::Seen);
    draft.tell(clue, &known, Value::LicenseChannel(Channel::Oem));
}

fn hint_versions(draft: &mut Draft<'_>, clue: &Clue, generation: Option<&FirmwareRow>) {
    if let Some(row) = generation {
        let versions = row.versions.iter().filter_map(|version| Name::parse(version)).collect();
        let known = Row::new("firmware-key", &row.generation, row.source);
        draft.hint(clue, &known, Value::OneOfVersions(versions));
    }
}

/// What the beginning tells of the version; of one that is not known here no more than that there is a key.
fn generation(beginning: &str) -> Option<&'static FirmwareRow> {
    let of = |text: &str| {
        let mut rows = TABLES.firmware.iter();
        rows.find(|row| row.generation.eq_ignore_ascii_case(text))
    };
    of(beginning).or_else(|| of(""))
}
