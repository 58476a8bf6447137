//! What the keys of each tool mean.

use std::collections::HashMap;

use serde::Deserialize;

use super::TABLES;
use crate::{
    catalogue::Source,
    report::{Subject, Tool, text::fold},
};

/// How the value of a key is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::report) enum Means {
    /// Nothing about a product.
    Nothing,
    /// A full product key, which is never taken.
    Secret,
    Index,
    ProductName,
    FreeName,
    InstalledName,
    LicenseRecordName,
    LicenseName,
    NtVersion,
    Build,
    Sku,
    EditionId,
    LicenseFamily,
    Lcid,
    Languages,
    Architecture,
    ProductType,
    InstallationType,
    ServerFlag,
    ServerCoreFlag,
    RunningSystem,
    Release,
    ProductId,
    ChannelText,
    ApplicationId,
    PartialKey,
    FirmwareKey,
    FirmwareTable,
    Slic,
    ActivationError,
    MediaChannel,
    VolumeMedia,
    MediaProductId,
    IsoName,
    ClickToRunIds,
    OfficeVersion,
    ProductCode,
    TrialFlag,
    OemFlag,
    LicenseType,
    LicensedVersion,
    LicensedVersionId,
    ProductPool,
}

/// A key and its meaning.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::report) struct Key {
    #[serde(rename = "key")]
    pub name: String,
    pub means: Means,
    pub about: Option<Subject>,
    pub source: Source,
    #[serde(default, rename = "note")]
    _note: Option<String>,
}

/// The keys of one tool.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyFile {
    pub tool: String,
    pub about: Subject,
    /// Commands that print it in a form that is read.
    #[serde(default)]
    pub printed_by: Vec<String>,
    pub keys: Vec<Key>,
}

/// Keys by tool and folded name.
pub(super) type Keys = HashMap<(Tool, String), Key>;

/// Adds the keys of a file; the first of two with one name counts.
pub(super) fn add(keys: &mut Keys, file: KeyFile) {
    let Some(tool) = Tool::parse(&file.tool) else { return };
    for mut key in file.keys {
        key.about.get_or_insert(file.about);
        keys.entry((tool, fold(&key.name))).or_insert(key);
    }
}

/// A command that prints what the tool reports in a form that is read, if there is one.
#[must_use]
pub fn printed_by(tool: Tool) -> Option<&'static str> {
    TABLES.commands.get(&tool).map(String::as_str)
}

/// What a key of a tool means.
pub(in crate::report) fn key(tool: Tool, name: &str) -> Option<&'static Key> {
    TABLES.keys.get(&(tool, fold(name)))
}
