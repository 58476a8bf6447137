//! The conditions of the brief, one file each.

mod absent;
mod certificate_of_authenticity;
mod channel;
mod device_license;
mod enterprise_edition;
mod factory_preload;
mod impossible_claim;
mod individual_recovery;
pub mod license_taken;
mod oem_image;
mod oem_license;
mod oem_media;
pub mod one_license;
mod own_volume_license;
pub mod platform;
mod preinstalled_product;
mod prior_version;
mod recovery_media;
mod report_conflict;
pub mod same_components;
mod same_language;
mod same_product;
mod same_version;
mod software_assurance;
mod source;
mod volume_customer;
pub mod volume_media;
mod volume_offering;
pub mod windows_base_license;
mod windows_enterprise_image;

use super::Condition;
use crate::verdict::ConditionCode;

/// The condition of a code.
#[must_use]
pub fn condition(code: ConditionCode) -> &'static Condition {
    match code {
        ConditionCode::VolumeCustomer => &volume_customer::CONDITION,
        ConditionCode::VolumeMedia => &volume_media::CONDITION,
        ConditionCode::OemMedia => &oem_media::CONDITION,
        ConditionCode::VolumeOffering => &volume_offering::CONDITION,
        ConditionCode::OneLicense => &one_license::CONDITION,
        ConditionCode::DeviceLicense => &device_license::CONDITION,
        ConditionCode::OwnVolumeLicense => &own_volume_license::CONDITION,
        ConditionCode::SameProduct => &same_product::CONDITION,
        ConditionCode::SameVersion => &same_version::CONDITION,
        ConditionCode::PriorVersion => &prior_version::CONDITION,
        ConditionCode::SameComponents => &same_components::CONDITION,
        ConditionCode::SameLanguage => &same_language::CONDITION,
        ConditionCode::Platform => &platform::CONDITION,
        ConditionCode::WindowsBaseLicense => &windows_base_license::CONDITION,
        ConditionCode::CertificateOfAuthenticity => &certificate_of_authenticity::CONDITION,
        ConditionCode::EnterpriseEdition => &enterprise_edition::CONDITION,
        ConditionCode::WindowsEnterpriseImage => &windows_enterprise_image::CONDITION,
        ConditionCode::SoftwareAssurance => &software_assurance::CONDITION,
        ConditionCode::RecoveryMedia => &recovery_media::CONDITION,
        ConditionCode::IndividualRecovery => &individual_recovery::CONDITION,
        ConditionCode::OemLicense => &oem_license::CONDITION,
        ConditionCode::PreinstalledProduct => &preinstalled_product::CONDITION,
        ConditionCode::OemImage => &oem_image::CONDITION,
        ConditionCode::FactoryPreload => &factory_preload::CONDITION,
        ConditionCode::LicenseTaken => &license_taken::CONDITION,
        ConditionCode::ReportConflict => &report_conflict::CONDITION,
        ConditionCode::ImpossibleClaim => &impossible_claim::CONDITION,
    }
}
