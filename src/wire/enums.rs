//! Enumerations of the wire and their domain types, one table each.

use std::fmt::Display;

use super::{Violations, pb};
use crate::{
    domain::{
        ActivationMethod, Architecture, Channel, Deployment, LicenseKind, MediaKind, MediaSource, NoteKind, Performer,
        Program, Source,
    },
    verdict::{Basis, Outcome, Verdict},
};

/// A domain value that has a number on the wire; 0 stands for "not stated".
pub trait Wire: Copy + PartialEq + Sized + 'static {
    /// Every value with its number and its name on the wire.
    const TABLE: &'static [(Self, i32, &'static str)];

    /// The number on the wire.
    fn number(self) -> i32 {
        Self::TABLE
            .iter()
            .find(|(value, _, _)| *value == self)
            .map_or(0, |(_, number, _)| *number)
    }

    /// The name on the wire.
    fn wire_name(self) -> &'static str {
        Self::TABLE
            .iter()
            .find(|(value, _, _)| *value == self)
            .map_or("", |(_, _, name)| *name)
    }

    /// The value of a number; `None` for 0 and for numbers not known.
    fn from_number(number: i32) -> Option<Self> {
        Self::TABLE
            .iter()
            .find(|(_, known, _)| *known == number)
            .map(|(value, _, _)| *value)
    }

    /// Parses a number from outside; one not known is a violation that lists the names.
    fn parse(number: i32, path: impl Display, violations: &mut Violations) -> Option<Self> {
        let value = Self::from_number(number);
        if value.is_none() && number != 0 {
            let names: Vec<&str> = Self::TABLE.iter().map(|(_, _, name)| *name).collect();
            violations.add(
                path,
                format!("`{number}` is no value of this field; one of {} is", names.join(", ")),
            );
        }
        value
    }
}

macro_rules! wire_enum {
    ($domain:ident, $message:ident: $($value:ident = $wire:ident $name:literal),+ $(,)?) => {
        impl Wire for $domain {
            const TABLE: &'static [(Self, i32, &'static str)] =
                &[$(($domain::$value, pb::$message::$wire as i32, $name)),+];
        }
    };
}

wire_enum!(Architecture, Architecture:
    X86 = X86 "ARCHITECTURE_X86",
    X64 = X64 "ARCHITECTURE_X64",
    Arm64 = Arm64 "ARCHITECTURE_ARM64",
);

wire_enum!(Channel, Channel:
    Oem = Oem "CHANNEL_OEM",
    Fpp = Fpp "CHANNEL_FPP",
    Volume = Volume "CHANNEL_VOLUME",
    OtherAgreement = OtherAgreement "CHANNEL_OTHER_AGREEMENT",
);

wire_enum!(NoteKind, FactNoteKind:
    Reported = Reported "FACT_NOTE_KIND_REPORTED",
    Known = Known "FACT_NOTE_KIND_KNOWN",
    Conflict = Conflict "FACT_NOTE_KIND_CONFLICT",
    Impossible = Impossible "FACT_NOTE_KIND_IMPOSSIBLE",
    SetAside = SetAside "FACT_NOTE_KIND_SET_ASIDE",
);

wire_enum!(Source, Knowledge:
    Seen = Seen "KNOWLEDGE_SEEN",
    Recalled = Recalled "KNOWLEDGE_RECALLED",
);

wire_enum!(LicenseKind, LicenseKind:
    Full = Full "LICENSE_KIND_FULL",
    Upgrade = Upgrade "LICENSE_KIND_UPGRADE",
);

wire_enum!(MediaSource, MediaSource:
    VlscDownload = VlscDownload "MEDIA_SOURCE_VLSC_DOWNLOAD",
    VolumeDiscKit = VolumeDiscKit "MEDIA_SOURCE_VOLUME_DISC_KIT",
    OemMedia = OemMedia "MEDIA_SOURCE_OEM_MEDIA",
    OemRecoveryMedia = OemRecoveryMedia "MEDIA_SOURCE_OEM_RECOVERY_MEDIA",
    RetailMedia = RetailMedia "MEDIA_SOURCE_RETAIL_MEDIA",
    Other = Other "MEDIA_SOURCE_OTHER",
);

wire_enum!(MediaKind, MediaKind:
    Full = Full "MEDIA_KIND_FULL",
    Upgrade = Upgrade "MEDIA_KIND_UPGRADE",
);

wire_enum!(Deployment, Deployment:
    StandardImage = StandardImage "DEPLOYMENT_STANDARD_IMAGE",
    IndividualRecovery = IndividualRecovery "DEPLOYMENT_INDIVIDUAL_RECOVERY",
    FactoryPreload = FactoryPreload "DEPLOYMENT_FACTORY_PRELOAD",
);

wire_enum!(Performer, Performer:
    Organization = Organization "PERFORMER_ORGANIZATION",
    ServiceProvider = ServiceProvider "PERFORMER_SERVICE_PROVIDER",
    Oem = Oem "PERFORMER_OEM",
);

wire_enum!(Program, Program:
    SelectPlus = SelectPlus "PROGRAM_SELECT_PLUS",
    SelectLicense = SelectLicense "PROGRAM_SELECT_LICENSE",
    EnterpriseAgreement = EnterpriseAgreement "PROGRAM_ENTERPRISE_AGREEMENT",
    EnterpriseAgreementSubscription = EnterpriseAgreementSubscription "PROGRAM_ENTERPRISE_AGREEMENT_SUBSCRIPTION",
    CampusAgreement = CampusAgreement "PROGRAM_CAMPUS_AGREEMENT",
    SchoolAgreement = SchoolAgreement "PROGRAM_SCHOOL_AGREEMENT",
    OpenLicense = OpenLicense "PROGRAM_OPEN_LICENSE",
    OpenValue = OpenValue "PROGRAM_OPEN_VALUE",
    OpenValueSubscription = OpenValueSubscription "PROGRAM_OPEN_VALUE_SUBSCRIPTION",
    OtherVolume = OtherVolume "PROGRAM_OTHER_VOLUME",
    None = None "PROGRAM_NONE",
);

wire_enum!(ActivationMethod, ActivationMethod:
    Mak = Mak "ACTIVATION_METHOD_MAK",
    Kms = Kms "ACTIVATION_METHOD_KMS",
);

wire_enum!(Verdict, Verdict:
    Permitted = Permitted "VERDICT_PERMITTED",
    NotPermitted = NotPermitted "VERDICT_NOT_PERMITTED",
    Indeterminate = Indeterminate "VERDICT_INDETERMINATE",
);

wire_enum!(Outcome, Outcome:
    Holds = Holds "OUTCOME_HOLDS",
    Broken = Broken "OUTCOME_BROKEN",
    Unknown = Unknown "OUTCOME_UNKNOWN",
    DoesNotApply = DoesNotApply "OUTCOME_DOES_NOT_APPLY",
);

wire_enum!(Basis, Basis:
    ReimagingRight = ReimagingRight "BASIS_REIMAGING_RIGHT",
    VolumeLicense = VolumeLicense "BASIS_VOLUME_LICENSE",
    SoftwareAssurance = SoftwareAssurance "BASIS_SOFTWARE_ASSURANCE",
    OemRecovery = OemRecovery "BASIS_OEM_RECOVERY",
    OemPreload = OemPreload "BASIS_OEM_PRELOAD",
);

#[cfg(test)]
mod tests {
    use super::*;

    fn agrees<T: Wire>(name: fn(i32) -> Option<&'static str>) {
        for (value, number, wire_name) in T::TABLE {
            assert_eq!(name(*number), Some(*wire_name));
            assert!(T::from_number(value.number()) == Some(*value));
        }
        let next = i32::try_from(T::TABLE.len()).unwrap() + 1;
        assert_eq!(name(next), None, "a wire value is missing from the table");
    }

    #[test]
    fn tables_hold_every_value_of_the_wire_under_its_name() {
        agrees::<Architecture>(|number| pb::Architecture::try_from(number).ok().map(|value| value.as_str_name()));
        agrees::<Channel>(|number| pb::Channel::try_from(number).ok().map(|value| value.as_str_name()));
        agrees::<LicenseKind>(|number| pb::LicenseKind::try_from(number).ok().map(|value| value.as_str_name()));
        agrees::<MediaSource>(|number| pb::MediaSource::try_from(number).ok().map(|value| value.as_str_name()));
        agrees::<MediaKind>(|number| pb::MediaKind::try_from(number).ok().map(|value| value.as_str_name()));
        agrees::<Deployment>(|number| pb::Deployment::try_from(number).ok().map(|value| value.as_str_name()));
        agrees::<Performer>(|number| pb::Performer::try_from(number).ok().map(|value| value.as_str_name()));
        agrees::<Program>(|number| pb::Program::try_from(number).ok().map(|value| value.as_str_name()));
        agrees::<ActivationMethod>(|number| {
            pb::ActivationMethod::try_from(number)
                .ok()
                .map(|value| value.as_str_name())
        });
        agrees::<Verdict>(|number| pb::Verdict::try_from(number).ok().map(|value| value.as_str_name()));
        agrees::<Outcome>(|number| pb::Outcome::try_from(number).ok().map(|value| value.as_str_name()));
        agrees::<Basis>(|number| pb::Basis::try_from(number).ok().map(|value| value.as_str_name()));
    }
}
