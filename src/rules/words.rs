//! Fact values in the words that explanations use.

use crate::domain::{Architecture, Channel, Claim, Deployment, MediaSource, Name, Performer, Program, Said, Source};

/// A name, or that it is not stated.
pub fn name(name: Option<&Name>) -> &str {
    name.map_or("(not stated)", Name::text)
}

/// How a license was acquired.
pub fn channel(channel: Option<Channel>) -> &'static str {
    match channel {
        None => "a channel not stated",
        Some(Channel::Oem) => "the OEM channel",
        Some(Channel::Fpp) => "the retail (FPP) channel",
        Some(Channel::Volume) => "this customer's volume licensing",
        Some(Channel::OtherAgreement) => "another agreement",
    }
}

/// Where media came from.
pub fn source(source: Option<MediaSource>) -> &'static str {
    match source {
        None => "a source not stated",
        Some(MediaSource::VlscDownload) => "a VLSC download",
        Some(MediaSource::VolumeDiscKit) => "a volume licensing disc kit",
        Some(MediaSource::OemMedia) => "OEM media",
        Some(MediaSource::OemRecoveryMedia) => "OEM recovery media",
        Some(MediaSource::RetailMedia) => "retail media",
        Some(MediaSource::Other) => "another source than volume licensing",
    }
}

/// Program of an agreement.
pub fn program(program: Option<Program>) -> &'static str {
    match program {
        None => "a program not stated",
        Some(Program::SelectPlus) => "Select Plus",
        Some(Program::SelectLicense) => "Select License",
        Some(Program::EnterpriseAgreement) => "Enterprise Agreement",
        Some(Program::EnterpriseAgreementSubscription) => "Enterprise Agreement Subscription",
        Some(Program::CampusAgreement) => "Campus Agreement",
        Some(Program::SchoolAgreement) => "School Agreement",
        Some(Program::OpenLicense) => "Open License",
        Some(Program::OpenValue) => "Open Value",
        Some(Program::OpenValueSubscription) => "Open Value Subscription",
        Some(Program::OtherVolume) => "a volume program that the brief does not name",
        Some(Program::None) => "no volume licensing program",
    }
}

/// What is done with an image.
pub fn deployment(deployment: Option<Deployment>) -> &'static str {
    match deployment {
        None => "a use not stated",
        Some(Deployment::StandardImage) => "one standard image for many devices",
        Some(Deployment::IndividualRecovery) => "recovery of this one device",
        Some(Deployment::FactoryPreload) => "preload in the factory",
    }
}

/// Who puts an image on a device.
pub fn performer(performer: Performer) -> &'static str {
    match performer {
        Performer::Organization => "the organization",
        Performer::ServiceProvider => "a service provider",
        Performer::Oem => "the OEM",
    }
}

/// Processor architecture.
pub fn architecture(architecture: Option<Architecture>) -> &'static str {
    match architecture {
        None => "an architecture not stated",
        Some(Architecture::X86) => "32-bit (x86)",
        Some(Architecture::X64) => "64-bit (x64)",
        Some(Architecture::Arm64) => "ARM64",
    }
}

/// A value with who says so.
pub fn claim(claim: &Claim) -> String {
    let value = &claim.value;
    match &claim.said {
        Said::Stated => format!("`{value}` as stated"),
        Said::Reported(reported) => format!(
            "`{value}` by `{}` of {} (reports[{}]: `{}`)",
            reported.key, reported.tool, reported.report, reported.raw
        ),
        Said::Catalogue(_) => format!("`{value}` by the catalogue"),
    }
}

/// How well something is known, where that is worth a word.
pub fn known(source: Source) -> &'static str {
    match source {
        Source::Seen => "",
        Source::Recalled => ", as far as recalled and not checked",
    }
}
