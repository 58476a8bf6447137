//! Rows about Windows.

use serde::Deserialize;

use crate::{catalogue::Source, report::RunningChannel};

/// From the kernel's version to a product's.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct VersionRow {
    pub nt: String,
    /// First and last build.
    pub builds: Option<[u32; 2]>,
    pub family: String,
    pub version: String,
    /// The one edition that there was.
    pub edition: Option<String>,
    pub source: Source,
}

/// From an edition id to a product.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct EditionRow {
    pub id: String,
    #[serde(default)]
    pub versions: Vec<String>,
    pub builds: Option<[u32; 2]>,
    pub family: String,
    pub edition: Option<String>,
    /// Editions that the id may stand for, where it does not tell which.
    #[serde(default)]
    pub one_of: Vec<String>,
    pub running: Option<RunningChannel>,
    pub source: Source,
    pub note: Option<String>,
}

/// From a number to an edition id.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct SkuRow {
    pub sku: u32,
    pub id: String,
    pub source: Source,
}

/// From a role to a family.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct RoleRow {
    pub means: super::Means,
    pub text: String,
    pub family: String,
    pub source: Source,
}

/// From the beginning of a firmware key's description to the versions it was made for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct FirmwareRow {
    pub generation: String,
    pub versions: Vec<String>,
    pub source: Source,
}
