//! The closed list of advice.

use std::fmt;

/// Code of an advice: something to know or do that never changes a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AdviceCode {
    /// `agreement-governs`
    AgreementGoverns,
    /// `label-assumed`
    LabelAssumed,
    /// `support-and-warranty`
    SupportAndWarranty,
    /// `volume-keys`
    VolumeKeys,
    /// `activation-count`
    ActivationCount,
    /// `platform-swapped`
    PlatformSwapped,
    /// `software-assurance-not-required`
    SoftwareAssuranceNotRequired,
    /// `office-enterprise-build`
    OfficeEnterpriseBuild,
    /// `upgrade-media`
    UpgradeMedia,
    /// `recalled-fact`
    RecalledFact,
}

impl AdviceCode {
    /// Every code, in the order of the rules.
    pub const ALL: [Self; 10] = [
        Self::AgreementGoverns,
        Self::LabelAssumed,
        Self::SupportAndWarranty,
        Self::VolumeKeys,
        Self::ActivationCount,
        Self::PlatformSwapped,
        Self::SoftwareAssuranceNotRequired,
        Self::OfficeEnterpriseBuild,
        Self::UpgradeMedia,
        Self::RecalledFact,
    ];

    /// The code as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AgreementGoverns => "agreement-governs",
            Self::LabelAssumed => "label-assumed",
            Self::SupportAndWarranty => "support-and-warranty",
            Self::VolumeKeys => "volume-keys",
            Self::ActivationCount => "activation-count",
            Self::PlatformSwapped => "platform-swapped",
            Self::SoftwareAssuranceNotRequired => "software-assurance-not-required",
            Self::OfficeEnterpriseBuild => "office-enterprise-build",
            Self::UpgradeMedia => "upgrade-media",
            Self::RecalledFact => "recalled-fact",
        }
    }

    /// Reads a code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == code)
    }
}

impl fmt::Display for AdviceCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}
