//! Names of ISOs: `SW_DVD5_Win_Pro_7w_SP1_64BIT_English_-2_MLF_X17-59279.ISO`

use super::{Draft, draft::Row};
use crate::{
    catalogue::Source,
    domain::{Language, Name},
    report::{
        MediaOrigin, Value,
        item::Clue,
        table::{Means, TABLES},
    },
};

/// Everything a name says is a hint.
pub(super) fn translate(draft: &mut Draft<'_>, clues: &[Clue]) {
    for clue in clues.iter().filter(|clue| clue.means == Means::IsoName) {
        let Some(words) = words(&clue.raw) else {
            draft.leave(
                clue,
                "no name of an ISO of the Volume Licensing Service Center",
                "the source of the media, stated",
            );
            continue;
        };
        let row = Row::new("iso-token", "SW_", Source::Seen);
        draft.hint(clue, &row, Value::MediaOrigin(MediaOrigin::Volume));
        product(draft, clue, &words);
        for word in &words {
            marks(draft, clue, word);
        }
    }
}

/// The words between the kind of disc and the part number.
fn words(text: &str) -> Option<Vec<String>> {
    let name = text.trim().rsplit(['\\', '/']).next()?;
    let name = name
        .rsplit_once('.')
        .filter(|(_, end)| end.eq_ignore_ascii_case("iso"))
        .map_or(name, |(name, _)| name);
    let mut words: Vec<String> = name.split('_').map(str::to_owned).collect();
    let part = words.pop()?;
    let (number, digits) = part.strip_prefix('X')?.split_once('-')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|sign| sign.is_ascii_digit());
    let begins = words.first().is_some_and(|word| word.eq_ignore_ascii_case("SW")) && words.len() > 2;
    (begins && is_number(number) && is_number(digits)).then(|| words.split_off(2))
}

fn product(draft: &mut Draft<'_>, clue: &Clue, words: &[String]) {
    let fits = |of: &[String]| {
        of.len() <= words.len() && of.iter().zip(words).all(|(one, other)| one.eq_ignore_ascii_case(other))
    };
    let rows = TABLES.iso.products.iter().filter(|row| fits(&row.words));
    let Some(row) = rows.max_by_key(|row| row.words.len()) else {
        draft.leave(
            clue,
            "its words name no product that is known here",
            "a report on the image itself",
        );
        return;
    };
    let known = Row::new("iso-token", row.words.join("_"), row.source);
    let values = [
        Name::parse(&row.family).map(Value::Family),
        Name::parse(&row.version).map(Value::Version),
        Name::parse(&row.edition).map(Value::Edition),
    ];
    for value in values.into_iter().flatten() {
        draft.hint(clue, &known, value);
    }
}

fn marks(draft: &mut Draft<'_>, clue: &Clue, word: &str) {
    for row in TABLES.iso.bits.iter().filter(|row| row.word.eq_ignore_ascii_case(word)) {
        let known = Row::new("iso-token", &row.word, row.source);
        draft.hint(clue, &known, Value::Architecture(row.architecture.into()));
    }
    for row in TABLES
        .iso
        .languages
        .iter()
        .filter(|row| row.word.eq_ignore_ascii_case(word))
    {
        if let Ok(language) = Language::parse(&row.language) {
            draft.hint(
                clue,
                &Row::new("iso-token", &row.word, row.source),
                Value::Language(language),
            );
        }
    }
}
