//! Evidence of how a license was acquired.

use super::{Draft, draft::Row, firmware_key, marker};
use crate::{
    catalogue::{Catalogue, Source},
    domain::Channel,
    report::{
        Value,
        item::Clue,
        table::{ChannelWord, Means, TABLES},
    },
};

pub(super) fn translate(draft: &mut Draft<'_>, clues: &[Clue], catalogue: &Catalogue) {
    for clue in clues {
        match clue.means {
            Means::FirmwareKey => firmware_key::translate(draft, clue, catalogue),
            Means::FirmwareTable => firmware_key::translate_table(draft, clue),
            Means::Slic => marker::translate(draft, clue),
            Means::LicenseType => license_type(draft, clue),
            Means::ProductPool => product_pool(draft, clue),
            _ => {}
        }
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
