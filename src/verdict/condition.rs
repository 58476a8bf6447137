//! The closed list of conditions.

use std::fmt;

/// Code of a condition of the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConditionCode {
    /// `volume-customer`
    VolumeCustomer,
    /// `volume-media`
    VolumeMedia,
    /// `oem-media`
    OemMedia,
    /// `volume-offering`
    VolumeOffering,
    /// `one-license`
    OneLicense,
    /// `device-license`
    DeviceLicense,
    /// `own-volume-license`
    OwnVolumeLicense,
    /// `same-product`
    SameProduct,
    /// `same-version`
    SameVersion,
    /// `prior-version`
    PriorVersion,
    /// `same-components`
    SameComponents,
    /// `same-language`
    SameLanguage,
    /// `platform`
    Platform,
    /// `windows-base-license`
    WindowsBaseLicense,
    /// `certificate-of-authenticity`
    CertificateOfAuthenticity,
    /// `enterprise-edition`
    EnterpriseEdition,
    /// `windows-enterprise-image`
    WindowsEnterpriseImage,
    /// `software-assurance`
    SoftwareAssurance,
    /// `recovery-media`
    RecoveryMedia,
    /// `individual-recovery`
    IndividualRecovery,
    /// `oem-license`
    OemLicense,
    /// `preinstalled-product`
    PreinstalledProduct,
    /// `oem-image`
    OemImage,
    /// `factory-preload`
    FactoryPreload,
    /// `license-taken`
    LicenseTaken,
    /// `report-conflict`
    ReportConflict,
    /// `impossible-claim`
    ImpossibleClaim,
}

impl ConditionCode {
    /// Every code, in the order of the rules.
    pub const ALL: [Self; 27] = [
        Self::VolumeCustomer,
        Self::VolumeMedia,
        Self::OemMedia,
        Self::VolumeOffering,
        Self::OneLicense,
        Self::DeviceLicense,
        Self::OwnVolumeLicense,
        Self::SameProduct,
        Self::SameVersion,
        Self::PriorVersion,
        Self::SameComponents,
        Self::SameLanguage,
        Self::Platform,
        Self::WindowsBaseLicense,
        Self::CertificateOfAuthenticity,
        Self::EnterpriseEdition,
        Self::WindowsEnterpriseImage,
        Self::SoftwareAssurance,
        Self::RecoveryMedia,
        Self::IndividualRecovery,
        Self::OemLicense,
        Self::PreinstalledProduct,
        Self::OemImage,
        Self::FactoryPreload,
        Self::LicenseTaken,
        Self::ReportConflict,
        Self::ImpossibleClaim,
    ];

    /// The code as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::VolumeCustomer => "volume-customer",
            Self::VolumeMedia => "volume-media",
            Self::OemMedia => "oem-media",
            Self::VolumeOffering => "volume-offering",
            Self::OneLicense => "one-license",
            Self::DeviceLicense => "device-license",
            Self::OwnVolumeLicense => "own-volume-license",
            Self::SameProduct => "same-product",
            Self::SameVersion => "same-version",
            Self::PriorVersion => "prior-version",
            Self::SameComponents => "same-components",
            Self::SameLanguage => "same-language",
            Self::Platform => "platform",
            Self::WindowsBaseLicense => "windows-base-license",
            Self::CertificateOfAuthenticity => "certificate-of-authenticity",
            Self::EnterpriseEdition => "enterprise-edition",
            Self::WindowsEnterpriseImage => "windows-enterprise-image",
            Self::SoftwareAssurance => "software-assurance",
            Self::RecoveryMedia => "recovery-media",
            Self::IndividualRecovery => "individual-recovery",
            Self::OemLicense => "oem-license",
            Self::PreinstalledProduct => "preinstalled-product",
            Self::OemImage => "oem-image",
            Self::FactoryPreload => "factory-preload",
            Self::LicenseTaken => "license-taken",
            Self::ReportConflict => "report-conflict",
            Self::ImpossibleClaim => "impossible-claim",
        }
    }

    /// Reads a code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == code)
    }
}

impl fmt::Display for ConditionCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}
