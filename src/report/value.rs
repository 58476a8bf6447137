//! What a report can say.

use std::fmt;

use serde::Deserialize;

use super::RunningChannel;
use crate::domain::{Architecture, Channel, Field, Language, MediaSource, Name};

/// What is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Product family.
    Family(Name),
    /// One of several families; only ever a hint.
    OneOfFamilies(Vec<Name>),
    /// Version within the family.
    Version(Name),
    /// One of several versions; only ever a hint. A kernel that is of none of those known here stands for itself.
    OneOfVersions(Vec<Name>),
    /// Edition of the version.
    Edition(Name),
    /// Edition of the version, or the one for Korea, which has no id of its own; all that is said of a thing together decides.
    EditionOrKorean(Name),
    /// One of several editions; only ever a hint. An id that is none of those known here stands for itself.
    OneOfEditions(Vec<Name>),
    /// Language.
    Language(Language),
    /// Processor architecture.
    Architecture(Architecture),
    /// Evidence of the channel in which the license was acquired.
    LicenseChannel(Channel),
    /// A marker that the maker of a device left in its firmware: evidence of an OEM license of Windows in one of these versions.
    OemMarker {
        /// The family that these are versions of.
        family: &'static str,
        /// The versions.
        versions: Vec<Name>,
    },
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
    /// Media of retail or of a device's maker: they do not tell which.
    RetailOrOem,
    /// Media that are no volume media, wherever they came from.
    NotVolume,
}

impl Value {
    /// The field it belongs to.
    #[must_use]
    pub const fn field(&self) -> Field {
        match self {
            Self::Family(_) | Self::OneOfFamilies(_) => Field::Family,
            Self::Version(_) | Self::OneOfVersions(_) => Field::Version,
            Self::Edition(_) | Self::EditionOrKorean(_) | Self::OneOfEditions(_) => Field::Edition,
            Self::Language(_) => Field::Language,
            Self::Architecture(_) => Field::Architecture,
            Self::LicenseChannel(_) | Self::OemMarker { .. } => Field::Channel,
            Self::RunningChannel(_) => Field::RunningChannel,
            Self::MediaOrigin(_) => Field::MediaSource,
        }
    }
}

/// The edition for Korea that has the id of another: of Professional it is Professional K, of Professional N it is Professional KN.
pub(super) fn korean(edition: &Name) -> Option<Name> {
    let text = edition.text();
    let stem = text.strip_suffix(" N");
    Name::parse(&stem.map_or_else(|| format!("{text} K"), |stem| format!("{stem} KN")))
}

impl MediaOrigin {
    /// Whether media of that source can be of this origin.
    #[must_use]
    pub const fn fits(self, source: MediaSource) -> bool {
        match source {
            MediaSource::VlscDownload | MediaSource::VolumeDiscKit => matches!(self, Self::Volume),
            MediaSource::OemMedia | MediaSource::OemRecoveryMedia => {
                matches!(self, Self::Oem | Self::RetailOrOem | Self::NotVolume)
            }
            MediaSource::RetailMedia => matches!(self, Self::Retail | Self::RetailOrOem | Self::NotVolume),
            MediaSource::Other => true,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Family(name) | Self::Version(name) | Self::Edition(name) | Self::EditionOrKorean(name) => {
                name.fmt(out)
            }
            Self::OneOfFamilies(names) | Self::OneOfVersions(names) | Self::OneOfEditions(names) => {
                out.write_str(&any_of(names))
            }
            Self::Language(language) => language.fmt(out),
            Self::Architecture(Architecture::X86) => out.write_str("x86"),
            Self::Architecture(Architecture::X64) => out.write_str("x64"),
            Self::Architecture(Architecture::Arm64) => out.write_str("arm64"),
            Self::LicenseChannel(Channel::Oem) => out.write_str("OEM"),
            Self::LicenseChannel(Channel::Fpp) => out.write_str("FPP"),
            Self::LicenseChannel(Channel::Volume) => out.write_str("volume"),
            Self::LicenseChannel(Channel::OtherAgreement) => out.write_str("other agreement"),
            Self::OemMarker { family, versions } => write!(out, "OEM, of {family} {}", any_of(versions)),
            Self::RunningChannel(channel) => channel.fmt(out),
            Self::MediaOrigin(MediaOrigin::Volume) => out.write_str("volume media"),
            Self::MediaOrigin(MediaOrigin::Oem) => out.write_str("OEM media"),
            Self::MediaOrigin(MediaOrigin::Retail) => out.write_str("retail media"),
            Self::MediaOrigin(MediaOrigin::RetailOrOem) => out.write_str("retail or OEM media"),
            Self::MediaOrigin(MediaOrigin::NotVolume) => out.write_str("no volume media"),
        }
    }
}

fn any_of(names: &[Name]) -> String {
    let texts: Vec<&str> = names.iter().map(Name::text).collect();
    texts.join(" or ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn editions_for_korea_are_named_after_those_whose_id_they_have() {
        for (edition, named) in [("Professional", "Professional K"), ("Home Basic N", "Home Basic KN")] {
            let edition = Name::parse(edition).unwrap();
            assert_eq!(korean(&edition).as_ref().map(Name::text), Some(named));
        }
    }

    #[test]
    fn media_that_are_no_volume_media_may_be_any_others() {
        for source in [MediaSource::VlscDownload, MediaSource::VolumeDiscKit] {
            assert!(!MediaOrigin::NotVolume.fits(source), "{source:?}");
        }
        for source in [
            MediaSource::OemMedia,
            MediaSource::OemRecoveryMedia,
            MediaSource::RetailMedia,
            MediaSource::Other,
        ] {
            assert!(MediaOrigin::NotVolume.fits(source), "{source:?}");
        }
    }
}
