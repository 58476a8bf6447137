//! Channels of running copies.

use super::{Draft, draft::Row, media};
use crate::{
    catalogue::Source,
    domain::Field,
    report::{
        RunningChannel, Value,
        item::Clue,
        table::{Means, ProductIdRow, TABLES},
    },
};

pub(super) fn translate(draft: &mut Draft<'_>, clues: &[Clue]) {
    for clue in clues {
        match clue.means {
            Means::ChannelText => described(draft, clue),
            Means::ProductId => by_product_id(draft, clue, clues),
            Means::OemFlag if is_set(clue) => flag(draft, clue, RunningChannel::Oem),
            Means::TrialFlag if is_set(clue) => flag(draft, clue, RunningChannel::Evaluation),
            Means::ActivationError => error(draft, clue),
            _ => {}
        }
    }
}

fn is_set(clue: &Clue) -> bool {
    matches!(clue.raw.trim().to_lowercase().as_str(), "1" | "true" | "yes")
}

fn flag(draft: &mut Draft<'_>, clue: &Clue, running: RunningChannel) {
    tell(draft, clue, &Row::new("flag", &clue.raw, Source::Recalled), running);
}

/// Notes the channel, and for a program the media that go with it.
fn tell(draft: &mut Draft<'_>, clue: &Clue, known: &Row, running: RunningChannel) {
    draft.tell(clue, known, Value::RunningChannel(running));
    if media::tells_origin(draft, clue) {
        media::hint_origin(draft, clue, known, running);
    }
}

/// `Windows Operating System - Windows(R) 7, OEM_SLP channel`, or the name of a channel alone.
fn described(draft: &mut Draft<'_>, clue: &Clue) {
    let text = clue.raw.trim();
    let before = text
        .to_lowercase()
        .rfind("channel")
        .and_then(|end| text.get(..end))
        .and_then(|start| start.split([' ', ',']).rfind(|word| !word.is_empty()));
    let word = before.unwrap_or(text);
    let row = TABLES
        .channels
        .iter()
        .find(|row| row.text.eq_ignore_ascii_case(word))
        .or_else(|| TABLES.channels.iter().find(|row| begins(word, &row.text)));
    match row {
        Some(row) => tell(draft, clue, &Row::new("channel", &row.text, row.source), row.running),
        None => draft.leave(
            clue,
            "names no channel that is known here",
            "a description that ends in `channel`",
        ),
    }
}

fn begins(word: &str, pattern: &str) -> bool {
    let start = pattern.strip_suffix('*');
    start.is_some_and(|start| {
        word.get(..start.len())
            .is_some_and(|word| word.eq_ignore_ascii_case(start))
    })
}

/// NNNNN-CCC-NNNNNNN-NNNNN
fn by_product_id(draft: &mut Draft<'_>, clue: &Clue, clues: &[Clue]) {
    let nt = super::kernel::kernel(clues, |_, _, _| {}).and_then(|kernel| kernel.nt);
    let groups: Vec<&str> = clue.raw.trim().split('-').collect();
    let [_, group, _, last] = groups.as_slice() else {
        draft.leave(
            clue,
            "no product id of four groups",
            "the channel, from `slmgr /dli` or `SoftwareLicensingProduct`",
        );
        return;
    };
    let fits = |row: &&ProductIdRow| {
        row.nt.as_ref().is_none_or(|of| nt.as_ref() == Some(of))
            && row.group.as_ref().is_none_or(|of| of.eq_ignore_ascii_case(group))
            && row
                .suffix
                .as_ref()
                .is_none_or(|of| last.to_uppercase().ends_with(of.as_str()))
    };
    let Some(row) = TABLES.product_ids.iter().find(fits) else {
        draft.leave(
            clue,
            "the group of this product id tells no channel",
            "the channel, from `slmgr /dli` or `SoftwareLicensingProduct`",
        );
        return;
    };
    let id = row.group.as_ref().or(row.suffix.as_ref());
    let known = Row::new("product-id", id.map_or("", String::as_str), row.source);
    draft.tell(clue, &known, Value::RunningChannel(row.running));
    let is_windows = draft.names(Field::Family).iter().all(|name| name.key() == "windows");
    draft.tell_name(
        clue,
        &known,
        Value::Edition,
        row.edition.as_deref().filter(|_| is_windows),
    );
}

/// 0xC004F035 and 0xC004F059: no marker of an OEM was found.
fn error(draft: &mut Draft<'_>, clue: &Clue) {
    let text = clue.raw.to_uppercase();
    if text.contains("C004F035") || text.contains("C004F059") {
        draft.leave(
            clue,
            "the firmware holds no valid marker of an OEM, which says nothing of a label or an invoice",
            "the channel of the license, stated",
        );
    } else {
        draft.leave(
            clue,
            "an activation error, which says nothing of a license",
            "the channel of the license, stated",
        );
    }
}
