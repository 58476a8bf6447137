//! The catalogue's data as it is written: one document per family in TOML, all of them in one document in JSON.
//!
//! Unknown fields are refused: a fact that this program does not understand must not be passed over in silence. A further
//! fact is a further optional field here, left out of the JSON where it is not stated, so that catalogues without it keep
//! their digest.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{FamilyClass, Source};

/// The number of the form that this program reads and writes.
pub(super) const FORMAT: u32 = 1;

/// All data of a catalogue.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    pub format: u32,
    pub families: Vec<FamilyData>,
    pub programs: Vec<ProgramData>,
}

/// One family.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FamilyData {
    pub name: String,
    pub class: FamilyClass,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// The one edition of every version, for a family that does not come in editions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sole_edition: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub editions: Vec<EditionData>,
    /// Oldest first.
    pub versions: Vec<VersionData>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub never_in_volume_media: Vec<NeverInVolumeMediaData>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sold: Vec<SoldData>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<TermsData>,
    /// Version texts that fit several versions, with those.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub vague_versions: BTreeMap<String, Vec<String>>,
    /// Edition texts that fit several editions, with those.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub vague_editions: BTreeMap<String, Vec<String>>,
}

/// An edition, in whichever versions it occurs.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EditionData {
    pub name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Suffixes that make further editions of this one, such as "N".
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enterprise: Option<Source>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home_class: Option<Source>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lineage: Option<LineageData>,
}

/// The edition under whose name a lineage of renamed editions is known.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LineageData {
    pub of: String,
    pub source: Source,
}

/// A version and the editions it comes in.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VersionData {
    pub name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    pub source: Source,
    /// Whether the version's name tells the family: "Vista".
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stands_alone: bool,
    /// The edition meant by family and version alone: "Windows 8".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plain: Option<String>,
    /// Names of whole products that do not follow the pattern, by edition.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub editions: BySource,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suites: Vec<SuiteData>,
}

/// Names of editions, by how well it is known that the version has them.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BySource {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recalled: Vec<String>,
}

/// The programs of a suite.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SuiteData {
    pub edition: String,
    pub components: Vec<String>,
    pub source: Source,
}

/// Products that were never in volume media: these editions in these versions, or in that version and all later ones.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NeverInVolumeMediaData {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    pub editions: Vec<String>,
    pub source: Source,
}

/// Channels in which these editions of these versions were sold, and in which they never were. A channel in neither list is not
/// known.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SoldData {
    pub versions: Vec<String>,
    pub editions: Vec<String>,
    #[serde(default, rename = "in", skip_serializing_if = "Vec::is_empty")]
    pub sold_in: Vec<ChannelData>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_in: Vec<ChannelData>,
    pub source: Source,
}

/// Earlier products that the terms of a license allow in its place, by the channel in which it was acquired.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TermsData {
    pub versions: Vec<String>,
    pub editions: Vec<String>,
    pub channels: Vec<ChannelData>,
    /// Every earlier version in an edition of the same lineage.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub same_lineage: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allow: Vec<AllowedData>,
    /// Whether the terms may allow others as well.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub perhaps_others: bool,
    pub source: Source,
}

/// Editions of one earlier version.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AllowedData {
    pub version: String,
    pub editions: Vec<String>,
}

/// Channels of which the catalogue knows something.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ChannelData {
    Oem,
    Fpp,
    Volume,
}

/// A program that suites are made of.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProgramData {
    pub name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
}
