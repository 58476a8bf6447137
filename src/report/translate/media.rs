//! What installation media say of themselves.

use super::{Draft, draft::Row};
use crate::report::{
    MediaOrigin, RunningChannel, Value,
    item::Clue,
    table::{Means, TABLES},
};

pub(super) fn translate(draft: &mut Draft<'_>, clues: &[Clue]) {
    for clue in clues {
        let text = match clue.means {
            Means::MediaChannel | Means::VolumeMedia => clue.raw.trim(),
            Means::MediaProductId => last_three(clue.raw.trim()),
            _ => continue,
        };
        let mut rows = TABLES.media.iter().filter(|row| row.means == clue.means);
        match rows.find(|row| row.text.eq_ignore_ascii_case(text)) {
            Some(row) => draft.hint(
                clue,
                &Row::new("media", &row.text, row.source),
                Value::MediaOrigin(row.origin),
            ),
            None if clue.means == Means::VolumeMedia && text == "0" => {}
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
        RunningChannel::RetailOrOem | RunningChannel::Retail => MediaOrigin::RetailOrOem,
        _ => return,
    };
    draft.hint(clue, known, Value::MediaOrigin(origin));
}

fn last_three(text: &str) -> &str {
    let start = text.char_indices().rev().nth(2).map_or(0, |(at, _)| at);
    text.get(start..).unwrap_or_default()
}
