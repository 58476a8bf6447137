//! Languages and architectures.

use super::{Draft, draft::Row};
use crate::{
    catalogue::Source,
    domain::{Architecture, Language},
    report::{
        Value,
        item::Clue,
        table::{ArchitectureWord, Means, TABLES},
        text::fold,
    },
};

/// Most languages that are looked at.
const LANGUAGE_COUNT_MAX: usize = 64;

/// Several languages make a multilingual copy; one language id beside several tags is one of them.
pub(super) fn translate(draft: &mut Draft<'_>, clues: &[Clue]) {
    let mut languages: Vec<(Language, &Clue, Row)> = Vec::new();
    for clue in clues.iter().filter(|clue| clue.means == Means::Languages) {
        for tag in tags(&clue.raw).into_iter().take(LANGUAGE_COUNT_MAX) {
            match Language::parse(&tag) {
                Ok(language) if languages.iter().all(|(known, ..)| *known != language) => {
                    languages.push((language, clue, row(&tag)));
                }
                Ok(_) => {}
                Err(error) => draft.leave(clue, &error.to_string(), "BCP 47 tags"),
            }
        }
    }
    let by_tags = languages.len();
    match languages.as_slice() {
        [] => {}
        [(language, clue, row)] => draft.tell(clue, row, Value::Language(language.clone())),
        [(_, clue, row), ..] => draft.tell(clue, row, Value::Language(Language::Mui)),
    }
    for clue in clues.iter().filter(|clue| clue.means == Means::Lcid && by_tags < 2) {
        match clue.raw.trim().parse().ok().and_then(lcid) {
            Some((language, row)) => draft.tell(clue, &row, Value::Language(language)),
            None => draft.leave(clue, "no language id that is known here", "a BCP 47 tag"),
        }
    }
}

/// The tags of a list, however it is parted, without what stands in brackets behind them.
fn tags(text: &str) -> Vec<String> {
    let mut plain = String::with_capacity(text.len());
    let mut depth: usize = 0;
    for sign in text.chars() {
        match sign {
            '(' | '（' => depth = depth.saturating_add(1),
            ')' | '）' => depth = depth.saturating_sub(1),
            _ if depth == 0 => plain.push(sign),
            _ => {}
        }
    }
    let parts =
        plain.split(|sign: char| sign.is_whitespace() || matches!(sign, ',' | ';' | '{' | '}' | '"' | '[' | ']'));
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Whether a language is among those that the values tell.
pub(super) fn is_told(clues: &[Clue], of: &Language) -> bool {
    let is = |language: &Language| language.shares_primary_language(of);
    clues.iter().any(|clue| match clue.means {
        Means::Languages => {
            let mut tags = tags(&clue.raw).into_iter().take(LANGUAGE_COUNT_MAX);
            tags.any(|tag| Language::parse(&tag).is_ok_and(|language| is(&language)))
        }
        Means::Lcid => clue
            .raw
            .trim()
            .parse()
            .ok()
            .and_then(lcid)
            .is_some_and(|(language, _)| is(&language)),
        _ => false,
    })
}

/// By what a tag is read: a language id may stand among them.
fn row(tag: &str) -> Row {
    tag.parse()
        .map_or_else(|_| Row::new("BCP 47", "tag", Source::Seen), id_row)
}

fn id_row(id: u32) -> Row {
    Row::new("lcid", format!("0x{id:04x}"), Source::Seen)
}

/// The language of an id.
pub(super) fn lcid(id: u32) -> Option<(Language, Row)> {
    Some((Language::of_id(id)?, id_row(id)))
}

/// The architecture of a word.
pub(super) fn architecture(text: &str) -> Option<(Architecture, Row)> {
    let text = fold(text);
    let row = TABLES.architectures.iter().find(|row| fold(&row.text) == text)?;
    Some((row.architecture.into(), Row::new("architecture", &row.text, row.source)))
}

impl From<ArchitectureWord> for Architecture {
    fn from(word: ArchitectureWord) -> Self {
        match word {
            ArchitectureWord::X86 => Self::X86,
            ArchitectureWord::X64 => Self::X64,
            ArchitectureWord::Arm64 => Self::Arm64,
        }
    }
}
