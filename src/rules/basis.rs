//! The five bases: which conditions each needs.

use crate::verdict::{Basis, ConditionCode};

/// The conditions that must all hold on a basis, in the order in which they are reported.
#[must_use]
pub fn conditions_of(basis: Basis) -> &'static [ConditionCode] {
    use ConditionCode as C;
    match basis {
        Basis::ReimagingRight => &[
            C::VolumeCustomer,
            C::VolumeMedia,
            C::OemMedia,
            C::VolumeOffering,
            C::OneLicense,
            C::DeviceLicense,
            C::SameProduct,
            C::SameVersion,
            C::PriorVersion,
            C::SameComponents,
            C::SameLanguage,
            C::Platform,
            C::WindowsBaseLicense,
            C::EnterpriseEdition,
            C::CertificateOfAuthenticity,
        ],
        Basis::VolumeLicense => &[
            C::VolumeCustomer,
            C::VolumeMedia,
            C::OemMedia,
            C::VolumeOffering,
            C::OwnVolumeLicense,
            C::SameProduct,
            C::SameVersion,
            C::PriorVersion,
            C::WindowsBaseLicense,
            C::EnterpriseEdition,
        ],
        Basis::SoftwareAssurance => &[
            C::VolumeCustomer,
            C::VolumeMedia,
            C::OemMedia,
            C::WindowsEnterpriseImage,
            C::WindowsBaseLicense,
            C::SoftwareAssurance,
        ],
        Basis::OemRecovery => &[
            C::RecoveryMedia,
            C::IndividualRecovery,
            C::OemLicense,
            C::PreinstalledProduct,
        ],
        Basis::OemPreload => &[C::OemImage, C::FactoryPreload, C::OemLicense, C::PreinstalledProduct],
    }
}

/// Conditions on what is noted of facts. They stand beside every basis, and are found only where something is.
pub const NOTED: [ConditionCode; 2] = [ConditionCode::ReportConflict, ConditionCode::ImpossibleClaim];

/// The bases that a condition belongs to.
pub fn bases_of(code: ConditionCode) -> impl Iterator<Item = Basis> {
    Basis::ALL
        .into_iter()
        .filter(move |basis| conditions_of(*basis).contains(&code) || NOTED.contains(&code))
}
