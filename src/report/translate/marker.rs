//! The marker (SLIC) that a maker put into the firmware of a device, before there were keys in it.

use super::{Draft, draft::Row};
use crate::{
    catalogue::Source,
    domain::Name,
    report::{Value, item::Clue},
};

/// What stands there on a device without a marker.
pub(super) const ABSENT: [&str; 9] = ["n/a", "na", "no", "false", "0", "0x0", "none", "not found", "null"];
/// Number of the last generation for desktops, 2.1.
const LAST_OF_DESKTOP: u32 = 0x2_0001;

/// Notes of which versions the license can be that the marker is evidence of. That there is none is no evidence.
pub(super) fn translate(draft: &mut Draft<'_>, clue: &Clue) {
    let text = clue.raw.trim().to_lowercase();
    if ABSENT.contains(&text.as_str()) {
        draft.leave(
            clue,
            "there is no marker of an OEM, which is no evidence of another channel",
            "the channel of the license, stated",
        );
        return;
    }
    match text.as_str() {
        "0x20000" => draft.tell(
            clue,
            &Row::new("slic", "2.0", Source::Seen),
            marker("Windows", &["Vista"]),
        ),
        number if number.starts_with("0x") && number != "0x20001" => {
            draft.leave(
                clue,
                "no generation of markers of Windows Vista or 7",
                "the channel of the license, stated",
            );
            later(draft, clue, number);
        }
        // That of 2.1 holds for Vista, too; and the name of a maker tells no generation.
        _ => {
            let known = Row::new("slic", "marker", Source::Seen);
            draft.tell(clue, &known, marker("Windows", &["Vista", "7"]));
        }
    }
}

/// Later generations are of servers. Every firmware for these has one, so that it is no evidence of a license; but such a server is newer
/// than what was sold before.
fn later(draft: &mut Draft<'_>, clue: &Clue, number: &str) {
    let number = number
        .strip_prefix("0x")
        .and_then(|digits| u32::from_str_radix(digits, 16).ok());
    if number.is_some_and(|number| number > LAST_OF_DESKTOP) {
        let known = Row::new("slic", "2.2 and later", Source::Recalled);
        draft.hint(
            clue,
            &known,
            marker("Windows Server", &["2012", "2012 R2", "2016", "2019", "2022", "2025"]),
        );
    }
}

fn marker(family: &'static str, versions: &[&str]) -> Value {
    let versions = versions.iter().filter_map(|version| Name::parse(version)).collect();
    Value::OemMarker { family, versions }
}
