//! Evidence of how a license was acquired.

use super::{Draft, draft::Row};
use crate::{
    catalogue::Source,
    domain::{Channel, Name},
    report::{
        Value,
        item::Clue,
        table::{ChannelWord, EditionRow, Means, TABLES},
    },
};

pub(super) fn translate(draft: &mut Draft<'_>, clues: &[Clue]) {
    for clue in clues {
        match clue.means {
            Means::FirmwareKey => firmware_key(draft, clue),
            Means::Slic => slic(draft, clue),
            Means::LicenseType => license_type(draft, clue),
            Means::ProductPool => product_pool(draft, clue),
            _ => {}
        }
    }
}

/// "[4.0] Professional OEM:DM"
fn firmware_key(draft: &mut Draft<'_>, clue: &Clue) {
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
    let known = Row::new("firmware-key", "OEM", Source::Seen);
    draft.tell(clue, &known, Value::LicenseChannel(Channel::Oem));
    let (generation, id) = head.trim().rsplit_once(' ').unwrap_or(("", head.trim()));
    let generation = TABLES
        .firmware
        .iter()
        .find(|row| row.generation.eq_ignore_ascii_case(generation.trim()))
        .or_else(|| TABLES.firmware.iter().find(|row| row.generation.is_empty()));
    if let Some(row) = generation {
        let versions = row.versions.iter().filter_map(|version| Name::parse(version)).collect();
        let known = Row::new("firmware-key", &row.generation, row.source);
        draft.hint(clue, &known, Value::OneOfVersions(versions));
    }
    let fits = |row: &&EditionRow| {
        let of = |version: &String| generation.is_none_or(|generation| generation.versions.contains(version));
        row.id.eq_ignore_ascii_case(id) && (row.versions.is_empty() || row.versions.iter().any(of))
    };
    let rows: Vec<&EditionRow> = TABLES.editions.iter().filter(fits).collect();
    let Some(first) = rows
        .first()
        .filter(|first| rows.iter().all(|row| row.edition == first.edition))
    else {
        draft.leave(
            clue,
            "its edition is not known here, or differs by version",
            "the edition, stated",
        );
        return;
    };
    let source = generation.map_or(Source::Recalled, |generation| generation.source);
    let known = Row::new("firmware-key", id, source.max(first.source));
    draft.tell_name(clue, &known, Value::Family, Some(&first.family));
    draft.tell_name(clue, &known, Value::Edition, first.edition.as_deref());
}

/// A marker is evidence; that there is none is not.
fn slic(draft: &mut Draft<'_>, clue: &Clue) {
    let text = clue.raw.trim().to_lowercase();
    let absent = ["n/a", "na", "no", "false", "0", "0x0", "none", "not found", "null"];
    if absent.contains(&text.as_str()) {
        draft.leave(
            clue,
            "there is no marker of an OEM, which is no evidence of another channel",
            "the channel of the license, stated",
        );
    } else {
        draft.tell(
            clue,
            &Row::new("slic", "marker", Source::Seen),
            Value::LicenseChannel(Channel::Oem),
        );
    }
}

fn license_type(draft: &mut Draft<'_>, clue: &Clue) {
    let row = TABLES
        .license_types
        .iter()
        .find(|row| row.text.eq_ignore_ascii_case(clue.raw.trim()));
    match row {
        Some(row) => {
            let known = Row::new("license-type", &row.text, row.source);
            let channel = Value::LicenseChannel(row.channel.into());
            if row.is_default {
                draft.hint(clue, &known, channel);
            } else {
                draft.tell(clue, &known, channel);
            }
        }
        None => draft.leave(
            clue,
            "free text that names no channel",
            "the channel of the license, stated",
        ),
    }
}

fn product_pool(draft: &mut Draft<'_>, clue: &Clue) {
    if ["applications", "systems", "servers"].contains(&clue.raw.trim().to_lowercase().as_str()) {
        let known = Row::new("product-pool", &clue.raw, Source::Recalled);
        draft.tell(clue, &known, Value::LicenseChannel(Channel::Volume));
    } else {
        draft.leave(
            clue,
            "no pool of volume licenses",
            "`Applications`, `Systems` or `Servers`",
        );
    }
}

impl From<ChannelWord> for Channel {
    fn from(word: ChannelWord) -> Self {
        match word {
            ChannelWord::Oem => Self::Oem,
            ChannelWord::Fpp => Self::Fpp,
            ChannelWord::Volume => Self::Volume,
        }
    }
}
