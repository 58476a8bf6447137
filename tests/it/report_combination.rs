//! Several readings and what was stated, put together.

use reimage_rights::{
    catalogue::Catalogue,
    domain::{Channel, Field, ImageProduct, Language, License, Media, MediaSource, Name, Product, Said},
    report::{
        Conflict, ImageFacts, LicenseFacts, Meant, Reading, Report, RunningChannel, Tool, image_facts, license_facts,
    },
};

use crate::support::reports::{reading, sample, text, values};

const SEVEN: &str = "wmi/windows-7-professional-oem.txt";

fn name(text: &str) -> Option<Name> {
    Name::parse(text)
}

fn readings(reports: &[Report]) -> Vec<Reading> {
    reports.iter().map(reading).collect()
}

fn license(stated: &License, reports: &[Report]) -> LicenseFacts {
    license_facts(stated, &readings(reports), Catalogue::embedded())
}

fn image(stated: &ImageProduct, media: &Media, reports: &[Report]) -> ImageFacts {
    let meant = Meant::by_family(stated.product.family.as_ref());
    image_facts(stated, meant, media, &readings(reports), Catalogue::embedded())
}

fn of_channel(channel: Channel) -> License {
    License {
        channel: Some(channel),
        ..License::default()
    }
}

/// The values of the one conflict there is.
fn only(conflicts: &[Conflict], field: Field) -> Vec<&str> {
    assert_eq!(conflicts.len(), 1, "{conflicts:?}");
    assert_eq!(conflicts[0].field, field);
    conflicts[0].claims.iter().map(|claim| claim.value.as_str()).collect()
}

#[test]
fn a_copy_in_the_channel_of_the_license_shows_its_product() {
    let facts = license(&of_channel(Channel::Oem), &[sample(SEVEN)]);
    assert_eq!(facts.product.describe().to_string(), "Windows 7 Professional");
    assert_eq!(facts.product.language, Language::parse("en-US").ok());
    assert_eq!(facts.running_channel, Some(RunningChannel::Oem));
    assert!(facts.conflicts.is_empty() && facts.aside.is_empty());
    assert!(facts.filled.iter().any(|filled| filled.field == Field::Edition));
}

#[test]
fn the_channel_that_runs_is_never_the_license_s() {
    let facts = license(&License::default(), &[sample(SEVEN)]);
    assert_eq!(facts.channel, None);
    assert_eq!(facts.running_channel, Some(RunningChannel::Oem));
    assert_eq!(facts.product, Product::default());
    assert!(facts.aside[0].why.contains("the channel of the license is not known"));
}

#[test]
fn a_copy_in_another_channel_says_nothing_of_the_license() {
    let reimaged = sample("slmgr/dlv-windows-7.txt");
    let facts = license(&of_channel(Channel::Oem), &[reimaged]);
    assert_eq!(facts.product, Product::default());
    assert_eq!(facts.running_channel, Some(RunningChannel::VolumeMak));
    assert!(facts.conflicts.is_empty());
    assert!(
        facts
            .aside
            .iter()
            .any(|aside| aside.field == Field::Edition && aside.why.contains("another channel"))
    );
}

#[test]
fn a_channel_that_is_told_more_exactly_elsewhere_is_no_contradiction() {
    let reports = [
        values(Tool::OfficeC2r, &[("ProductReleaseIds", "ProPlus2019Volume")]),
        text(
            Tool::Ospp,
            "LICENSE NAME: Office 19, Office19ProPlus2019VL_MAK_AE edition\nLICENSE DESCRIPTION: Office 19, VOLUME_MAK channel",
        ),
    ];
    let facts = license(&of_channel(Channel::Volume), &reports);
    assert_eq!(facts.running_channel, Some(RunningChannel::VolumeMak));
    // What runs by a volume key was deployed, and says nothing of what was bought.
    assert_eq!(facts.product, Product::default());
    assert!(facts.conflicts.is_empty(), "{:?}", facts.conflicts);
}

#[test]
fn a_copy_whose_channel_is_not_reported_says_nothing_of_the_license() {
    let registry = values(
        Tool::Registry,
        &[("EditionID", "Professional"), ("CurrentVersion", "6.1")],
    );
    let facts = license(&of_channel(Channel::Oem), std::slice::from_ref(&registry));
    assert_eq!(facts.product, Product::default());
    let marked = text(
        Tool::Slmgr,
        "Description: Windows Operating System - Windows(R) 7, OEM_SLP channel",
    );
    let facts = license(&of_channel(Channel::Oem), &[registry, marked]);
    assert_eq!(facts.product.describe().to_string(), "Windows 7 Professional");
}

#[test]
fn a_key_in_the_firmware_is_evidence_of_an_oem_license_of_its_edition() {
    let facts = license(&License::default(), &[sample("wmi/windows-11-reimaged.json")]);
    assert_eq!(facts.channel, Some(Channel::Oem));
    assert_eq!(facts.product.edition, name("Professional"));
    assert_eq!(facts.product.version, None);
    assert_eq!(facts.running_channel, Some(RunningChannel::VolumeKmsClient));
    assert!(
        facts.aside.iter().all(|aside| aside.claim.value != "Office"),
        "the license is of Windows: {:?}",
        facts.aside
    );
}

#[test]
fn of_a_family_that_is_stated_only_what_concerns_it_counts() {
    let mut stated = License::default();
    stated.product.family = name("Windows");
    let facts = license(&stated, &[sample("wmi/windows-11-reimaged.json")]);
    assert_eq!(facts.running_channel, Some(RunningChannel::VolumeKmsClient));
    stated.product.family = name("Office");
    stated.channel = Some(Channel::Fpp);
    let retail = values(Tool::OfficeC2r, &[("ProductReleaseIds", "ProPlus2019Retail")]);
    let facts = license(&stated, &[sample("registry/windows-xp.txt"), retail]);
    assert_eq!(facts.product.describe().to_string(), "Office 2019 Professional Plus");
    assert_eq!(facts.channel, Some(Channel::Fpp));
}

#[test]
fn an_older_version_than_the_key_in_the_firmware_tells_nothing_of_the_license() {
    let reports = [
        sample(SEVEN),
        values(
            Tool::Wmi,
            &[("OA3xOriginalProductKeyDescription", "[4.0] Professional OEM:DM")],
        ),
    ];
    let facts = license(&License::default(), &reports);
    assert_eq!(facts.product.version, None);
    assert!(facts.conflicts.is_empty(), "{:?}", facts.conflicts);
    let version = facts.aside.iter().find(|aside| aside.field == Field::Version);
    assert!(version.unwrap().why.contains("sold with a later Windows"));
    assert_eq!(facts.product.edition, name("Professional"), "as the key tells");
}

#[test]
fn what_was_stated_fills_what_a_report_leaves_open() {
    let mut stated = of_channel(Channel::Oem);
    stated.product.language = Language::parse("en-US").ok();
    stated.product.version = name("11");
    let facts = license(&stated, &[sample("wmi/windows-11-reimaged.json")]);
    assert_eq!(facts.product.describe().to_string(), "Windows 11 Professional");
    assert_eq!(facts.product.language, stated.product.language);
}

#[test]
fn a_stated_value_and_a_report_that_contradict_make_the_field_unknown() {
    let mut stated = of_channel(Channel::Oem);
    stated.product.edition = name("Home Premium");
    let facts = license(&stated, &[sample(SEVEN)]);
    assert_eq!(facts.product.edition, None);
    let claims = only(&facts.conflicts, Field::Edition);
    assert_eq!(&claims[..2], ["Home Premium", "Professional"]);
    assert_eq!(facts.conflicts[0].claims[0].said, Said::Stated);
    assert_eq!(facts.product.version, name("7"), "the rest stays known");
}

#[test]
fn stated_channel_and_firmware_that_contradict_make_the_channel_unknown() {
    let mut stated = of_channel(Channel::Fpp);
    stated.product.version = name("7");
    let facts = license(&stated, &[sample("mgadiag/windows-7.txt")]);
    assert_eq!(facts.channel, None);
    assert_eq!(
        only(&facts.conflicts, Field::Channel),
        ["FPP", "OEM, of Windows Vista or 7"]
    );
}

#[test]
fn two_reports_that_contradict_make_the_field_unknown() {
    let reports = [
        sample("dism/windows-7-english.txt"),
        values(Tool::Dism, &[("Edition", "Ultimate")]),
    ];
    let facts = image(&ImageProduct::default(), &Media::default(), &reports);
    assert_eq!(facts.product.edition, None);
    assert!(only(&facts.conflicts, Field::Edition).contains(&"Ultimate"));
    assert_eq!(facts.product.version, name("7"));
}

#[test]
fn parts_that_name_no_product_together_contradict_each_other() {
    let reports = [values(
        Tool::Dism,
        &[("Edition", "Ultimate"), ("Version", "10.0.19045")],
    )];
    let facts = image(&ImageProduct::default(), &Media::default(), &reports);
    assert_eq!(facts.product.edition, None);
    assert!(only(&facts.conflicts, Field::Edition).contains(&"10"));
}

#[test]
fn an_image_is_what_dism_says() {
    let facts = image(
        &ImageProduct::default(),
        &Media::default(),
        &[sample("dism/windows-10-german.txt")],
    );
    assert_eq!(facts.product.describe().to_string(), "Windows 10 Professional");
    assert_eq!(facts.product.language, Language::parse("de-DE").ok());
    assert!(facts.conflicts.is_empty(), "{:?}", facts.conflicts);
}

#[test]
fn a_deployment_tool_says_nothing_of_the_image_by_the_device_it_runs_on() {
    let facts = image(
        &ImageProduct::default(),
        &Media::default(),
        &[sample("mdt/variables.txt")],
    );
    assert_eq!(facts.product.describe().to_string(), "Windows 10 Enterprise");
    assert!(facts.conflicts.is_empty(), "{:?}", facts.conflicts);
}

#[test]
fn a_reference_device_shows_what_its_image_holds() {
    let mut stated = ImageProduct::default();
    stated.product.family = name("Office");
    let facts = image(
        &stated,
        &Media::default(),
        &[sample("office-c2r/proplus-2019-volume.txt")],
    );
    assert_eq!(facts.product.describe().to_string(), "Office 2019 Professional Plus");
}

#[test]
fn a_subscription_is_no_edition_that_was_stated() {
    let mut stated = ImageProduct::default();
    stated.product.family = name("Office");
    stated.product.edition = name("Professional Plus");
    let facts = image(&stated, &Media::default(), &[sample("office-c2r/subscription.json")]);
    assert_eq!(
        only(&facts.conflicts, Field::Edition),
        ["Professional Plus", "365 ProPlus"]
    );
}

#[test]
fn media_never_fill_their_source_and_can_contradict_it() {
    let volume = Media {
        source: Some(MediaSource::VlscDownload),
        ..Media::default()
    };
    let is = |media: &Media, file: &str| image(&ImageProduct::default(), media, &[sample(file)]);
    assert_eq!(is(&Media::default(), "ei-cfg/volume.cfg").media.source, None);
    assert_eq!(is(&volume, "ei-cfg/volume.cfg").media.source, volume.source);
    let contradicted = is(&volume, "ei-cfg/oem.cfg");
    assert_eq!(contradicted.media.source, None);
    assert_eq!(
        only(&contradicted.conflicts, Field::MediaSource),
        ["VLSC download", "OEM media", "no volume media"]
    );
}

#[test]
fn the_name_of_an_iso_fills_nothing_and_can_contradict() {
    let iso = sample("iso-name/windows-7.txt");
    let facts = image(&ImageProduct::default(), &Media::default(), std::slice::from_ref(&iso));
    assert_eq!(facts.product, Product::default());
    let facts = image(
        &ImageProduct::default(),
        &Media::default(),
        &[iso.clone(), sample("dism/windows-7-english.txt")],
    );
    assert_eq!(facts.product.describe().to_string(), "Windows 7 Professional");
    assert!(facts.conflicts.is_empty(), "English fits en-US: {:?}", facts.conflicts);
    let facts = image(
        &ImageProduct::default(),
        &Media::default(),
        &[iso, sample("dism/windows-10-german.txt")],
    );
    let fields: Vec<Field> = facts.conflicts.iter().map(|conflict| conflict.field).collect();
    assert_eq!(fields, [Field::Version, Field::Language]);
}

#[test]
fn several_images_leave_open_what_they_differ_in() {
    let facts = image(
        &ImageProduct::default(),
        &Media::default(),
        &[sample("wim-xml/windows-7.xml")],
    );
    assert_eq!(facts.product.version, name("7"));
    assert_eq!(facts.product.edition, None);
}

#[test]
fn without_reports_all_stays_as_stated() {
    let mut stated = of_channel(Channel::Fpp);
    stated.product.version = name("7");
    let facts = license(&stated, &[]);
    assert_eq!((facts.product, facts.channel), (stated.product, stated.channel));
    assert!(facts.conflicts.is_empty() && facts.filled.is_empty());
}
