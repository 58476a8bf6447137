//! Rows that translate single words.

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;

use super::{Means, TABLES};
use crate::{
    catalogue::Source,
    report::{MediaOrigin, RunningChannel, text::fold},
};

/// A file of nothing but rows.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rows<T> {
    pub rows: Vec<T>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct ArchitectureRow {
    pub text: String,
    pub architecture: ArchitectureWord,
    pub source: Source,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::report) enum ArchitectureWord {
    X86,
    X64,
    Arm64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct ChannelRow {
    pub text: String,
    pub running: RunningChannel,
    pub source: Source,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct ProductIdRow {
    /// The second group.
    pub group: Option<String>,
    /// The end of the last group.
    pub suffix: Option<String>,
    pub nt: Option<String>,
    pub running: RunningChannel,
    pub edition: Option<String>,
    pub source: Source,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct MediaRow {
    pub means: Means,
    pub text: String,
    /// Where media came from that say so, if that tells.
    pub origin: Option<MediaOrigin>,
    pub source: Source,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct ApplicationRow {
    pub id: String,
    pub kind: ApplicationWord,
    #[serde(rename = "source")]
    _source: Source,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::report) enum ApplicationWord {
    Windows,
    Office,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct LicenseTypeRow {
    pub text: String,
    pub channel: ChannelWord,
    /// Whether a tool has it where nobody chose one, so that it settles nothing.
    #[serde(default)]
    pub is_default: bool,
    pub source: Source,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::report) enum ChannelWord {
    Oem,
    Fpp,
    Volume,
}

/// A name by which a copy calls itself.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct ProductNameRow {
    pub text: String,
    pub family: String,
    pub version: String,
    pub source: Source,
}

/// A word of another language than English, for an edition.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct EditionWordRow {
    #[serde(rename = "language")]
    _language: String,
    pub text: String,
    pub edition: String,
    pub source: Source,
}

/// A word in names of what comes with other programs or free of charge.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct BesideWordRow {
    pub text: String,
    #[serde(rename = "source")]
    _source: Source,
}

/// What an edition of Windows is called in English, by what it is called in another language.
#[must_use]
pub fn edition_in_english(text: &str) -> Option<&'static str> {
    // Asked of every edition that is stated: the words are folded once.
    static BY_WORD: LazyLock<HashMap<String, &str>> = LazyLock::new(|| {
        let rows = TABLES.edition_words.iter().rev();
        rows.map(|row| (fold(&row.text), row.edition.as_str())).collect()
    });
    BY_WORD.get(&fold(text)).copied()
}

/// A label of another language than English, for a key.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct LabelRow {
    #[serde(rename = "language")]
    _language: String,
    pub key: String,
    pub text: String,
    pub source: Source,
}

/// The part of a name that must not be taken from it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct TrapRow {
    pub family: String,
    pub version: String,
    pub edition: Option<String>,
    pub withholds: Withheld,
    /// What must be reported beside it to lift this.
    pub unless: Option<Lifted>,
    pub why: String,
    pub needed: String,
    #[serde(rename = "source")]
    _source: Source,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::report) enum Withheld {
    Version,
    Edition,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::report) enum Lifted {
    /// The release was reported.
    Release,
    /// The tool keeps names up to date.
    ExactName,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct Iso {
    pub products: Vec<IsoProductRow>,
    pub bits: Vec<IsoBitsRow>,
    pub languages: Vec<IsoLanguageRow>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct IsoProductRow {
    pub words: Vec<String>,
    pub family: String,
    pub version: String,
    pub edition: String,
    pub source: Source,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct IsoBitsRow {
    pub word: String,
    pub architecture: ArchitectureWord,
    pub source: Source,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct IsoLanguageRow {
    pub word: String,
    pub language: String,
    pub source: Source,
}
