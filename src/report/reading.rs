//! What a report says, as facts with their origin, and what of it says nothing here.

use std::{collections::BTreeMap, fmt};

use serde::Deserialize;

use super::{RunningChannel, Tool};
use crate::domain::{Architecture, Channel, Field, Language, MediaSource, Name, Source};

/// What a tool printed: named values, text, or both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The tool.
    pub tool: Tool,
    /// Values by the names that the tool gives them.
    pub values: BTreeMap<String, String>,
    /// The tool's output as it was printed; empty when there are values only.
    pub text: String,
}

/// What one report says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The tool.
    pub tool: Tool,
    /// What it describes, each with the facts about it.
    pub described: Vec<Described>,
    /// What of it says nothing here, and why.
    pub unmapped: Vec<Unmapped>,
}

/// One thing that a report describes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// What is described.
    pub subject: Subject,
    /// Which kind of software it is.
    pub kind: SoftwareKind,
    /// What is said of it; the same field may be told by several keys.
    pub facts: Vec<Fact>,
}

/// What a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// The license itself, whatever runs on the device.
    License,
    /// The copy that runs on the device.
    RunningCopy,
    /// The image, or the media it was made from.
    Image,
}

/// Kinds of software: a device runs one operating system, and any number of applications.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SoftwareKind {
    /// The operating system.
    OperatingSystem,
    /// Anything else.
    Application,
}

/// One fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What is known.
    pub value: Value,
    /// How far it goes.
    pub weight: Weight,
    /// Where it comes from.
    pub origin: Origin,
}

/// How far a fact goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Weight {
    /// It settles its field.
    Tells,
    /// A text that anyone can change: it can contradict, and settles nothing.
    Hints,
}

/// What is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Product family.
    Family(Name),
    /// Version within the family.
    Version(Name),
    /// One of several versions; only ever a hint.
    OneOfVersions(Vec<Name>),
    /// Edition of the version.
    Edition(Name),
    /// Language.
    Language(Language),
    /// Processor architecture.
    Architecture(Architecture),
    /// Evidence of the channel in which the license was acquired.
    LicenseChannel(Channel),
    /// The channel that the copy runs in.
    RunningChannel(RunningChannel),
    /// What media an image was made from.
    MediaOrigin(MediaOrigin),
}

/// What kind of source media came from, as far as they tell themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MediaOrigin {
    /// Volume media: a download or a disc.
    Volume,
    /// Media of a device's maker: for preinstalling or for recovery.
    Oem,
    /// Retail media.
    Retail,
    /// Media that are no volume media: of a device's maker or of retail.
    RetailOrOem,
}

/// Where a fact comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The key, as the tool names it in English.
    pub key: String,
    /// The value as it was reported.
    pub raw: String,
    /// The table and the row that translate it.
    pub mapping: String,
    /// How well that translation is known.
    pub source: Source,
}

/// A value that says nothing here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmapped {
    /// The key; empty for a line of its own.
    pub key: String,
    /// The value as it was reported.
    pub raw: String,
    /// Why it says nothing.
    pub why: String,
    /// What would settle it.
    pub needed: String,
}

impl Value {
    /// The field it belongs to.
    #[must_use]
    pub const fn field(&self) -> Field {
        match self {
            Self::Family(_) => Field::Family,
            Self::Version(_) | Self::OneOfVersions(_) => Field::Version,
            Self::Edition(_) => Field::Edition,
            Self::Language(_) => Field::Language,
            Self::Architecture(_) => Field::Architecture,
            Self::LicenseChannel(_) => Field::Channel,
            Self::RunningChannel(_) => Field::RunningChannel,
            Self::MediaOrigin(_) => Field::MediaSource,
        }
    }
}

impl Described {
    /// The values of a field that its facts tell.
    pub fn told(&self, field: Field) -> impl Iterator<Item = &Fact> {
        let tells = move |fact: &&Fact| fact.weight == Weight::Tells && fact.value.field() == field;
        self.facts.iter().filter(tells)
    }
}

impl MediaOrigin {
    /// Whether media of that source can be of this origin.
    #[must_use]
    pub const fn fits(self, source: MediaSource) -> bool {
        match source {
            MediaSource::VlscDownload | MediaSource::VolumeDiscKit => matches!(self, Self::Volume),
            MediaSource::OemMedia | MediaSource::OemRecoveryMedia => matches!(self, Self::Oem | Self::RetailOrOem),
            MediaSource::RetailMedia => matches!(self, Self::Retail | Self::RetailOrOem),
            MediaSource::Other => true,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Family(name) | Self::Version(name) | Self::Edition(name) => name.fmt(out),
            Self::OneOfVersions(names) => {
                let texts: Vec<&str> = names.iter().map(Name::text).collect();
                out.write_str(&texts.join(" or "))
            }
            Self::Language(language) => language.fmt(out),
            Self::Architecture(Architecture::X86) => out.write_str("x86"),
            Self::Architecture(Architecture::X64) => out.write_str("x64"),
            Self::Architecture(Architecture::Arm64) => out.write_str("arm64"),
            Self::LicenseChannel(Channel::Oem) => out.write_str("OEM"),
            Self::LicenseChannel(Channel::Fpp) => out.write_str("FPP"),
            Self::LicenseChannel(Channel::Volume) => out.write_str("volume"),
            Self::LicenseChannel(Channel::OtherAgreement) => out.write_str("other agreement"),
            Self::RunningChannel(channel) => channel.fmt(out),
            Self::MediaOrigin(MediaOrigin::Volume) => out.write_str("volume media"),
            Self::MediaOrigin(MediaOrigin::Oem) => out.write_str("OEM media"),
            Self::MediaOrigin(MediaOrigin::Retail) => out.write_str("retail media"),
            Self::MediaOrigin(MediaOrigin::RetailOrOem) => out.write_str("retail or OEM media"),
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::License => "license",
            Self::RunningCopy => "running copy",
            Self::Image => "image",
        })
    }
}
