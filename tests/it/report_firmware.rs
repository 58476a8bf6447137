//! What the firmware of a device tells of a license: a key names its edition, and a marker is of the versions that there were markers for.

use reimage_rights::{
    catalogue::Catalogue,
    domain::{Channel, Field, License, Name},
    report::{LicenseFacts, Report, Tool, license_facts},
};

use crate::support::reports::{reading, values};

fn license(version: &str, edition: &str, channel: Option<Channel>) -> License {
    let mut license = License {
        channel,
        ..License::default()
    };
    license.product.family = Name::parse("Windows");
    license.product.version = Name::parse(version);
    license.product.edition = Name::parse(edition);
    license
}

fn facts(stated: &License, reports: &[Report]) -> LicenseFacts {
    let readings: Vec<_> = reports.iter().map(reading).collect();
    license_facts(stated, &readings, Catalogue::embedded())
}

fn key(description: &str) -> Report {
    values(Tool::Wmi, &[("OA3xOriginalProductKeyDescription", description)])
}

fn marker(text: &str) -> Report {
    values(Tool::MgaDiag, &[("Windows marker version", text)])
}

/// The facts that the description of a key contradicts.
fn doubted(version: &str, edition: &str, description: &str) -> Vec<Field> {
    let facts = facts(&license(version, edition, Some(Channel::Oem)), &[key(description)]);
    facts.conflicts.iter().map(|conflict| conflict.field).collect()
}

#[test]
fn a_key_of_another_edition_contradicts_the_stated_one() {
    for (version, description) in [
        ("8", "Core OEM:DM"),
        ("8.1", "Core OEM:DM"),
        ("8", "Win 8 RTM Core OEM:DM"),
        ("10", "[4.0] Core OEM:DM"),
        ("10", "Win 10 RTM Core OEM:DM"),
        ("10", "[5.0] Core OEM:DM"),
        ("10", "[4.0] CoreCountrySpecific OEM:DM"),
        ("10", "[4.0] CoreSingleLanguage OEM:DM"),
        ("10", "[4.0] IoTEnterprise OEM:DM"),
        ("10", "[4.0] EnterpriseS OEM:DM"),
        ("10", "[4.0] Cloud OEM:DM"),
    ] {
        assert_eq!(
            doubted(version, "Professional", description),
            [Field::Edition],
            "{description}"
        );
    }
}

#[test]
fn a_key_of_the_stated_edition_contradicts_nothing() {
    for (version, edition, description) in [
        ("8", "Core", "Core OEM:DM"),
        ("8", "Professional", "Professional OEM:DM"),
        ("8", "Professional", "Win 8 RTM Professional OEM:DM"),
        ("10", "Home", "Core OEM:DM"),
        ("10", "Home", "[5.0] Core OEM:DM"),
        ("10", "Professional", "[4.0] Professional OEM:DM"),
        ("10", "Professional", "[5.0] Professional OEM:DM"),
        ("11", "Professional", "[4.0] Professional OEM:DM"),
        ("11", "Pro for Workstations", "[4.0] ProfessionalWorkstation OEM:DM"),
        ("10", "IoT Enterprise", "[4.0] IoTEnterprise OEM:DM"),
    ] {
        let doubted = doubted(version, edition, description);
        assert!(doubted.is_empty(), "{version} {edition}: {description}: {doubted:?}");
    }
}

#[test]
fn a_marker_tells_the_channel_of_a_license_that_it_can_be_of() {
    for (version, edition, text) in [
        ("7", "Professional", "0x20001"),
        ("Vista", "Business", "0x20001"),
        ("Vista", "Business", "0x20000"),
    ] {
        let facts = facts(&license(version, edition, None), &[marker(text)]);
        assert_eq!(facts.channel, Some(Channel::Oem), "{version} {text}");
        assert!(facts.conflicts.is_empty() && facts.aside.is_empty());
    }
    let slic = values(Tool::Wmi, &[("ACPI_SLIC", "DELL")]);
    let both = facts(&license("Vista", "Business", None), &[slic, marker("0x20000")]);
    assert_eq!(both.channel, Some(Channel::Oem));
    assert!(both.conflicts.is_empty(), "{:?}", both.conflicts);
}

#[test]
fn a_marker_tells_nothing_of_a_license_that_it_cannot_be_of() {
    for (version, edition, text) in [
        ("10", "Professional", "0x20001"),
        ("8", "Professional", "0x20001"),
        ("XP", "Professional", "0x20000"),
        ("7", "Professional", "0x20000"),
        ("", "", "0x20001"),
    ] {
        let facts = facts(&license(version, edition, None), &[marker(text)]);
        assert_eq!(facts.channel, None, "{version} {text}");
        assert!(facts.conflicts.is_empty(), "{:?}", facts.conflicts);
        assert_eq!(facts.aside.len(), 1, "{version} {text}");
        assert_eq!(facts.aside[0].field, Field::Channel);
    }
    assert_eq!(
        facts(&license("7", "Professional", None), &[marker("0x20003")]).channel,
        None
    );
}

#[test]
fn a_marker_does_not_contradict_the_channel_of_a_later_license() {
    let upgrade = license("10", "Professional", Some(Channel::Fpp));
    let facts_of_upgrade = facts(&upgrade, &[marker("0x20001")]);
    assert_eq!(facts_of_upgrade.channel, Some(Channel::Fpp));
    assert!(facts_of_upgrade.conflicts.is_empty());
    let seven = facts(&license("7", "Professional", Some(Channel::Fpp)), &[marker("0x20001")]);
    assert_eq!(seven.channel, None, "there the marker may be of this very license");
    assert_eq!(seven.conflicts[0].field, Field::Channel);
}

#[test]
fn a_copy_that_an_oem_s_key_activated_tells_what_the_marker_is_of() {
    let running = |caption, version, channel: &str| {
        let description = format!("Windows Operating System, {channel} channel");
        let named = [
            ("Caption", caption),
            ("Version", version),
            ("Description", &*description),
        ];
        values(Tool::Wmi, &named)
    };
    let channel = |copy| {
        let facts = facts(&License::default(), &[copy, marker("0x20001")]);
        (facts.channel, facts.product.version)
    };
    let seven = running("Microsoft Windows 7 Professional", "6.1.7601", "OEM_SLP");
    assert_eq!(channel(seven), (Some(Channel::Oem), Name::parse("7")));
    let deployed = running("Microsoft Windows 7 Professional", "6.1.7601", "VOLUME_MAK");
    assert_eq!(channel(deployed), (None, None));
    let free = running("Microsoft Windows 10 Pro", "10.0.19045", "OEM_DM");
    assert_eq!(channel(free), (None, None));
}

/// A copy that an OEM's key activated.
fn copy(caption: &str, version: &str) -> Report {
    let named = [
        ("Caption", caption),
        ("Version", version),
        ("ProductKeyChannel", "OEM:SLP"),
    ];
    values(Tool::Wmi, &named)
}

const SEVEN: (&str, &str) = ("Microsoft Windows 7 Professional", "6.1.7601");
const EIGHT: (&str, &str) = ("Microsoft Windows 8 Pro", "6.2.9200");
const VISTA: (&str, &str) = ("Microsoft Windows Vista Business", "6.0.6002");
const XP: (&str, &str) = ("Microsoft Windows XP Professional", "5.1.2600");
const SERVER_2003: (&str, &str) = ("Microsoft Windows Server 2003 Standard Edition", "5.2.3790");
const SERVER_2008_R2: (&str, &str) = ("Microsoft Windows Server 2008 R2 Standard", "6.1.7601");
const SERVER_2012: (&str, &str) = ("Microsoft Windows Server 2012 Standard", "6.2.9200");

/// The version that a copy tells of an OEM license, beside what the firmware tells.
fn told_beside((caption, version): (&str, &str), firmware: Report) -> Option<Name> {
    let stated = License {
        channel: Some(Channel::Oem),
        ..License::default()
    };
    let facts = facts(&stated, &[copy(caption, version), firmware]);
    assert!(facts.conflicts.is_empty(), "{caption}: {:?}", facts.conflicts);
    facts.product.version
}

fn table(text: &str) -> Report {
    values(Tool::Wmi, &[("MSDM", text)])
}

#[test]
fn a_copy_that_is_earlier_than_the_firmware_tells_nothing_of_the_license() {
    for (copy, firmware) in [
        (SEVEN, table("present")),
        (SEVEN, key("Win 8 RTM Core OEM:DM")),
        (SEVEN, key("[4.0] Professional OEM:DM")),
        (EIGHT, key("[4.0] Professional OEM:DM")),
        (VISTA, table("present")),
        (XP, table("present")),
        (XP, marker("0x20000")),
        (XP, marker("0x20001")),
        (XP, marker("0x20002")),
        (XP, values(Tool::Wmi, &[("ACPI_SLIC", "DELL")])),
        (SERVER_2003, marker("0x20000")),
        (SERVER_2003, marker("0x20001")),
        (SERVER_2008_R2, marker("0x20002")),
        (SERVER_2008_R2, marker("0x20003")),
    ] {
        assert_eq!(told_beside(copy, firmware.clone()), None, "{copy:?} {firmware:?}");
    }
}

#[test]
fn a_copy_of_the_time_of_the_firmware_tells_its_license() {
    for (copy, firmware, version) in [
        (SEVEN, marker("0x20001"), "7"),
        (SEVEN, marker("0x20000"), "7"),
        (SEVEN, table("none"), "7"),
        (EIGHT, table("present"), "8"),
        (EIGHT, key("Win 8 RTM Professional OEM:DM"), "8"),
        (VISTA, marker("0x20000"), "Vista"),
        (VISTA, marker("0x20001"), "Vista"),
        (XP, marker("N/A"), "XP"),
        (SERVER_2008_R2, marker("0x20001"), "2008 R2"),
        (SERVER_2012, marker("0x20002"), "2012"),
    ] {
        assert_eq!(
            told_beside(copy, firmware.clone()),
            Name::parse(version),
            "{copy:?} {firmware:?}"
        );
    }
}

#[test]
fn a_table_with_a_key_is_evidence_of_an_oem_license_of_8_or_later() {
    let unstated = facts(&License::default(), &[table("present")]);
    assert_eq!(unstated.channel, Some(Channel::Oem));
    assert_eq!(unstated.product.family, Name::parse("Windows"));
    assert_eq!((unstated.product.version, unstated.product.edition), (None, None));
    let none = facts(&License::default(), &[table("none")]);
    assert_eq!((none.channel, none.conflicts.len()), (None, 0));
    let eight = license("8", "Professional", Some(Channel::Oem));
    assert!(facts(&eight, &[table("present")]).conflicts.is_empty());
    let seven = license("7", "Professional", Some(Channel::Oem));
    let doubted = facts(&seven, &[table("present")]).conflicts;
    assert_eq!(
        doubted.iter().map(|conflict| conflict.field).collect::<Vec<_>>(),
        [Field::Version]
    );
}

#[test]
fn a_marker_of_later_servers_is_no_evidence_of_a_license() {
    let mut server = license("2012 R2", "Standard", None);
    server.product.family = Name::parse("Windows Server");
    let facts_of_server = facts(&server, &[marker("0x20003")]);
    assert_eq!(facts_of_server.channel, None);
    assert!(facts_of_server.conflicts.is_empty());
}

#[test]
fn a_copy_of_what_was_preinstalled_instead_contradicts_nothing() {
    let with = |version: &str, edition: &str| {
        let mut stated = license("8", "Professional", Some(Channel::Oem));
        stated.preinstalled = Some(license(version, edition, None).product);
        let facts = facts(&stated, &[copy(SEVEN.0, SEVEN.1)]);
        let conflicts: Vec<Field> = facts.conflicts.iter().map(|conflict| conflict.field).collect();
        (facts.product.version, conflicts)
    };
    let stands = (Name::parse("8"), vec![]);
    assert_eq!(with("7", "Professional"), stands);
    assert_eq!(with("7", ""), stands);
    let doubted = (None, vec![Field::Version]);
    for (version, edition) in [
        ("7", "Ultimate"),
        ("Vista", "Business"),
        ("", "Professional"),
        ("8", "Professional"),
    ] {
        assert_eq!(with(version, edition), doubted, "{version} {edition}");
    }
}
