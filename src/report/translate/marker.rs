//! The marker (SLIC) that a maker put into the firmware of a device, before there were keys in it.

use super::{Draft, draft::Row};
use crate::{
    catalogue::Source,
    domain::Name,
    report::{Value, item::Clue},
};

/// What stands there on a device without a marker.
const ABSENT: [&str; 9] = ["n/a", "na", "no", "false", "0", "0x0", "none", "not found", "null"];

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
    let (generation, versions): (_, &[&str]) = match text.as_str() {
        "0x20000" => ("2.0", &["Vista"]),
        number if number.starts_with("0x") && number != "0x20001" => {
            draft.leave(
                clue,
                "no generation of markers of Windows Vista or 7",
                "the channel of the license, stated",
            );
            return;
        }
        // That of 2.1 holds for Vista, too; and the name of a maker tells no generation.
        _ => ("marker", &["Vista", "7"]),
    };
    let versions = versions.iter().filter_map(|version| Name::parse(version)).collect();
    draft.tell(
        clue,
        &Row::new("slic", generation, Source::Seen),
        Value::OemMarker(versions),
    );
}
