//! Office by Click-to-Run ids and by names of its licenses.

use super::{Draft, draft::Row, media, name::is_year};
use crate::{
    catalogue::Source,
    report::{
        RunningChannel, Value,
        item::Clue,
        table::{Means, TABLES, TokenRow, find_token},
    },
};

/// How Click-to-Run ids end.
const ENDS: [(&str, RunningChannel); 2] = [
    ("Retail", RunningChannel::RetailOrOem),
    ("Volume", RunningChannel::Volume),
];
/// Words in names of licenses that end by themselves, which volume media do not install.
const TIMED: [&str; 3] = ["trial", "grace", "subtest"];

pub(super) fn translate(draft: &mut Draft<'_>, clues: &[Clue]) {
    let major = clues.iter().find(|clue| clue.means == Means::OfficeVersion);
    let major = major.and_then(|clue| clue.raw.split('.').next());
    for clue in clues {
        match clue.means {
            Means::ClickToRunIds => click_to_run(draft, clue, major),
            Means::LicenseName if is_office(&clue.raw) => license_name(draft, clue),
            Means::LicenseName if !clue.raw.to_lowercase().starts_with("windows") => {
                draft.leave(clue, "no name of a license that is known here", "the product, stated");
            }
            _ => {}
        }
    }
}

fn is_office(text: &str) -> bool {
    text.trim_start().to_lowercase().starts_with("office")
}

/// What an id or the name of a license is of that comes with other programs or free of charge.
pub(super) fn beside(clue: &Clue) -> Option<&'static str> {
    let stem = match clue.means {
        Means::ClickToRunIds => {
            let id = clue.raw.trim();
            ENDS.iter().find_map(|(end, _)| id.strip_suffix(end)).unwrap_or(id)
        }
        Means::LicenseName if is_office(&clue.raw) => {
            let (_, stem) = generation_and_stem(&clue.raw)?;
            stem.strip_suffix('R').unwrap_or(stem)
        }
        _ => return None,
    };
    let stem = stem.trim_end_matches(|sign: char| sign.is_ascii_digit());
    let mut rows = TABLES.tokens.beside.iter();
    let row = rows.find(|row| row.token.eq_ignore_ascii_case(stem))?;
    Some(&row.note)
}

/// `ProPlus2019Volume`
fn click_to_run(draft: &mut Draft<'_>, clue: &Clue, major: Option<&str>) {
    let text = clue.raw.trim();
    let found = ENDS
        .into_iter()
        .find_map(|(end, running)| Some((text.strip_suffix(end)?, running)));
    let parts = found.and_then(|(stem, running)| Some((find_token(stem)?, running)));
    let Some(((row, rest), running)) = parts.filter(|((_, rest), _)| is_end(rest)) else {
        draft.leave(
            clue,
            "no id that is known here",
            "the product and the channel of the license, stated",
        );
        // That there is a product is known all the same.
        if let Some((_, running)) = found {
            let known = Row::new("office-token", "end of the id", Source::Seen);
            draft.tell(clue, &known, Value::RunningChannel(running));
            media::hint_origin(draft, clue, &known, running);
        }
        return;
    };
    let running = if row.subscription {
        RunningChannel::Subscription
    } else {
        running
    };
    product(draft, clue, row, year(rest).or(major.filter(|_| rest.is_empty())));
    let known = Row::new("office-token", &row.token, row.source);
    draft.tell(clue, &known, Value::RunningChannel(running));
    media::hint_origin(draft, clue, &known, running);
}

/// `Office 16, Office16ProPlusVL_KMS_Client edition`
fn license_name(draft: &mut Draft<'_>, clue: &Clue) {
    let parts = generation_and_stem(&clue.raw).and_then(|(generation, stem)| {
        let (row, rest) = find_token(stem)?;
        let rest = rest
            .strip_suffix("VL")
            .or_else(|| rest.strip_suffix('R'))
            .unwrap_or(rest);
        // `VisioProXC2RVL`, `ProPlus2019XC2RVL`: volume licenses of what Click-to-Run installed.
        let rest = match rest.strip_suffix("XC2R") {
            Some("") => "X",
            Some(year) => year,
            None => rest,
        };
        is_end(rest).then_some((row, rest, generation))
    });
    let Some((row, rest, generation)) = parts else {
        draft.leave(clue, "no name of a license that is known here", "the product, stated");
        return;
    };
    product(draft, clue, row, year(rest).or(Some(generation)));
    let known = Row::new("office-token", &row.token, row.source);
    if row.subscription {
        draft.tell(clue, &known, Value::RunningChannel(RunningChannel::Subscription));
    }
    // `OfficeProPlus-Trial`, whose channel is called RETAIL, and `Office16ProPlusR_Grace`.
    let lower = clue.raw.to_lowercase();
    if TIMED.iter().any(|word| lower.contains(word)) {
        media::hint_origin(draft, clue, &known, RunningChannel::Evaluation);
    }
}

/// `16` and `ProPlusVL` of `Office 16, Office16ProPlusVL_KMS_Client edition`.
fn generation_and_stem(name: &str) -> Option<(&str, &str)> {
    let (head, tail) = name.split_once(',')?;
    let generation = head.trim().rsplit(' ').next()?;
    let word = tail.split_whitespace().next()?;
    let word = word
        .strip_prefix("Office")?
        .trim_start_matches(|sign: char| sign.is_ascii_digit());
    Some((generation, word.split(['_', '-']).next()?))
}

/// What may stand behind the product part: nothing, a year, or the X of volume ids of 2016.
fn is_end(rest: &str) -> bool {
    rest.is_empty() || year(rest).is_some()
}

/// A year; X stands for the generation of 2016.
fn year(rest: &str) -> Option<&str> {
    if rest == "X" {
        return Some("16");
    }
    is_year(rest).then_some(rest)
}

/// `when` is a year or a generation.
fn product(draft: &mut Draft<'_>, clue: &Clue, row: &TokenRow, when: Option<&str>) {
    let known = Row::new("office-token", &row.token, row.source);
    draft.tell_name(clue, &known, Value::Family, Some(&row.family));
    draft.tell_name(clue, &known, Value::Edition, row.edition.as_deref());
    if row.edition.is_none() {
        draft.hint_editions(clue, &known, [], &row.token);
    }
    if let Some(note) = &row.note {
        draft.leave(clue, note, "the edition, stated");
    }
    if row.subscription {
        draft.leave(
            clue,
            "a subscription, which is of no one version",
            "the agreement that the subscription is under",
        );
        return;
    }
    let generation = when.and_then(|when| TABLES.tokens.generations.iter().find(|row| row.generation == when));
    if let Some(generation) = generation {
        let known = Row::new("office-token", &generation.generation, generation.source);
        draft.tell_name(clue, &known, Value::Version, Some(&generation.version));
    } else if let Some(year) = when.filter(|when| when.len() == 4) {
        draft.tell_name(clue, &known, Value::Version, Some(year));
    } else {
        draft.leave(
            clue,
            "without a year it is of one of several versions",
            "`VersionToReport`",
        );
    }
}
