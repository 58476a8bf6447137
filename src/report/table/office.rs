//! Rows about Office.

use serde::Deserialize;

use super::TABLES;
use crate::{catalogue::Source, report::RunningChannel};

/// From the product group of a Windows Installer code to a product.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct MsiRow {
    pub product: String,
    /// The major version for which the row counts; all, when it names none.
    pub major: Option<u32>,
    pub family: String,
    pub edition: Option<String>,
    /// Editions that the product may be, where it does not tell which.
    #[serde(default)]
    pub one_of: Vec<String>,
    /// Whether it was installed by Click-to-Run, so that the code has no release type.
    #[serde(default)]
    pub click_to_run: bool,
    pub source: Source,
    pub note: Option<String>,
}

/// A product that comes with others or free of charge.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct BesideRow {
    pub product: String,
    /// The major version for which the row counts; all, when it names none.
    pub major: Option<u32>,
    #[serde(rename = "source")]
    _source: Source,
    pub note: String,
}

/// The end of the codes of a generation before 2003.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct OldEndRow {
    pub end: String,
    pub of: String,
    #[serde(rename = "source")]
    _source: Source,
}

/// Products of such a generation that come with others or free of charge.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct OldBesideRow {
    pub of: String,
    pub products: Vec<String>,
    #[serde(rename = "source")]
    _source: Source,
    pub note: String,
}

/// Windows Installer codes from before 2003.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct OldMsi {
    pub ends: Vec<OldEndRow>,
    pub beside: Vec<OldBesideRow>,
}

/// From a major version to a version.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct MajorRow {
    pub major: u32,
    pub version: String,
    pub source: Source,
}

/// From the release type to a channel.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct ReleaseRow {
    pub release: String,
    pub running: RunningChannel,
    pub source: Source,
    #[serde(default, rename = "note")]
    _note: Option<String>,
}

/// Windows Installer codes of 2003, or of 2007 and later.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct Msi {
    pub rows: Vec<MsiRow>,
    #[serde(default)]
    pub majors: Vec<MajorRow>,
    pub releases: Vec<ReleaseRow>,
    pub beside: Vec<BesideRow>,
}

/// From the product part of an id to a product.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct TokenRow {
    pub token: String,
    pub family: String,
    pub edition: Option<String>,
    #[serde(default)]
    pub subscription: bool,
    pub source: Source,
    pub note: Option<String>,
}

/// From a generation without a year to a version.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct GenerationRow {
    pub generation: String,
    pub version: String,
    pub source: Source,
}

/// The product part of what comes with other programs or free of charge.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct BesideTokenRow {
    pub token: String,
    #[serde(rename = "source")]
    _source: Source,
    pub note: String,
}

/// Product parts and generations.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct Tokens {
    pub rows: Vec<TokenRow>,
    pub generations: Vec<GenerationRow>,
    pub beside: Vec<BesideTokenRow>,
}

/// The longest product part that a text begins with, and what is left of the text.
pub(in crate::report) fn find_token(text: &str) -> Option<(&'static TokenRow, &str)> {
    let begins = |row: &&TokenRow| {
        text.get(..row.token.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(&row.token))
    };
    let row = TABLES
        .tokens
        .rows
        .iter()
        .filter(begins)
        .max_by_key(|row| row.token.len())?;
    Some((row, text.get(row.token.len()..).unwrap_or_default()))
}
