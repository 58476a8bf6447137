//! What installation media say of themselves.

use super::{Draft, draft::Row};
use crate::{
    domain::Field,
    report::{
        MediaOrigin, RunningChannel, SoftwareKind, Tool, Value,
        item::Clue,
        read::kind_of,
        table::{Means, TABLES},
    },
};

pub(super) fn translate(draft: &mut Draft<'_>, clues: &[Clue]) {
    for clue in clues {
        let text = match clue.means {
            Means::MediaChannel | Means::VolumeMedia => clue.raw.trim(),
            Means::MediaProductId => last_three(clue.raw.trim()),
            _ => continue,
        };
        let row = |text: &str| {
            let mut rows = TABLES.media.iter().filter(|row| row.means == clue.means);
            rows.find(|row| row.text.eq_ignore_ascii_case(text))
        };
        let row = row(text).or_else(|| row("*"));
        match row.and_then(|row| Some((row, row.origin?))) {
            Some((row, origin)) => {
                let known = Row::new("media", &row.text, row.source);
                draft.hint(clue, &known, Value::MediaOrigin(origin));
            }
            None => draft.leave(
                clue,
                "does not tell where the media came from",
                "the source of the media, stated",
            ),
        }
    }
}

/// What media a program was installed from that is made differently for each channel, as Office is.
pub(super) fn hint_origin(draft: &mut Draft<'_>, clue: &Clue, known: &Row, running: RunningChannel) {
    let origin = match running {
        RunningChannel::Volume => MediaOrigin::Volume,
        RunningChannel::RetailOrOem | RunningChannel::Retail | RunningChannel::Oem => MediaOrigin::RetailOrOem,
        RunningChannel::Evaluation | RunningChannel::Subscription | RunningChannel::Grace => MediaOrigin::NotVolume,
        // A volume key can be entered into what other media installed.
        RunningChannel::VolumeMak | RunningChannel::VolumeKmsClient | RunningChannel::VolumeKmsHost => return,
    };
    draft.hint(clue, known, Value::MediaOrigin(origin));
}

/// Whether the key's channel tells the media of what it is for: of a program, but not of Windows.
pub(super) fn tells_origin(draft: &Draft<'_>, clue: &Clue) -> bool {
    let families = draft.names(Field::Family);
    let of_program = families
        .iter()
        .any(|family| kind_of(family) == SoftwareKind::Application);
    of_program || draft.reading.tool == Tool::Ospp || clue.raw.trim_start().to_lowercase().starts_with("office")
}

fn last_three(text: &str) -> &str {
    let start = text.char_indices().rev().nth(2).map_or(0, |(at, _)| at);
    text.get(start..).unwrap_or_default()
}
