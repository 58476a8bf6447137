//! The channel that a running copy was activated in, which is not the channel of the license under it.

use std::fmt;

use serde::Deserialize;

use crate::domain::Channel;

/// The channel of the key that a running copy uses.
///
/// A rightly reimaged PC runs in a volume channel over an OEM license, so this never stands in for a license's channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunningChannel {
    /// A key of the device's maker or of a system builder.
    Oem,
    /// A retail key.
    Retail,
    /// A retail or an OEM key: the identifier does not tell which.
    RetailOrOem,
    /// A volume key, of whichever kind.
    Volume,
    /// A volume key that is activated with Microsoft.
    VolumeMak,
    /// A volume key that is activated with the customer's own host.
    VolumeKmsClient,
    /// The key of such a host.
    VolumeKmsHost,
    /// An evaluation.
    Evaluation,
    /// A subscription.
    Subscription,
    /// Time without a key of its own, which what was installed from retail or OEM media has at first.
    Grace,
}

impl RunningChannel {
    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Oem => "OEM",
            Self::Retail => "retail",
            Self::RetailOrOem => "retail or OEM",
            Self::Volume => "volume",
            Self::VolumeMak => "volume (MAK)",
            Self::VolumeKmsClient => "volume (KMS client)",
            Self::VolumeKmsHost => "volume (KMS host)",
            Self::Evaluation => "evaluation",
            Self::Subscription => "subscription",
            Self::Grace => "grace, without a key",
        }
    }

    /// Whether this says the same as another, only less exactly.
    pub(super) const fn covers(self, other: Self) -> bool {
        match self {
            Self::RetailOrOem => matches!(other, Self::Retail | Self::Oem | Self::Grace),
            Self::Retail | Self::Oem | Self::Subscription => matches!(other, Self::Grace),
            Self::Volume => matches!(other, Self::VolumeMak | Self::VolumeKmsClient | Self::VolumeKmsHost),
            _ => false,
        }
    }

    /// Whether a copy in this channel can be the very copy that a license of that channel came with. No copy comes with a volume
    /// license: whoever has the key can run more than was bought.
    #[must_use]
    pub const fn belongs_to(self, license: Channel) -> bool {
        match self {
            Self::Oem => matches!(license, Channel::Oem),
            Self::Retail => matches!(license, Channel::Fpp),
            Self::RetailOrOem => matches!(license, Channel::Oem | Channel::Fpp),
            Self::Volume
            | Self::VolumeMak
            | Self::VolumeKmsClient
            | Self::VolumeKmsHost
            | Self::Evaluation
            | Self::Subscription
            | Self::Grace => false,
        }
    }
}

impl fmt::Display for RunningChannel {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}
