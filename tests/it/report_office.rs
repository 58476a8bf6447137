//! Every identifier of Office that tools are known to report is read, and what it means.

use reimage_rights::{domain::Field, report::Tool};

use crate::support::reports::{one, parts, reading, sample, text, told};

#[test]
fn product_codes_of_office_are_read() {
    for (code, product) in [
        (
            "{90150000-0011-0000-0000-0000000FF1CE}",
            "Office/2013/Professional Plus",
        ),
        ("{90150000-0012-0000-0000-0000000FF1CE}", "Office/2013/Standard"),
        (
            "{91150000-0013-0000-0000-0000000FF1CE}",
            "Office/2013/Home and Business",
        ),
        ("{91150000-0014-0000-0000-0000000FF1CE}", "Office/2013/Professional"),
        ("{90150000-0015-0000-0000-0000000FF1CE}", "Access/2013/Application"),
        ("{90150000-0016-0000-0000-0000000FF1CE}", "Excel/2013/Application"),
        ("{90150000-0018-0000-0000-0000000FF1CE}", "PowerPoint/2013/Application"),
        ("{90150000-0019-0000-0000-0000000FF1CE}", "Publisher/2013/Application"),
        ("{90150000-001A-0000-0000-0000000FF1CE}", "Outlook/2013/Application"),
        ("{90150000-001B-0000-0000-0000000FF1CE}", "Word/2013/Application"),
        ("{91150000-002F-0000-0000-0000000FF1CE}", "Office/2013/Home and Student"),
        ("{90150000-003A-0000-0000-0000000FF1CE}", "Project/2013/Standard"),
        ("{90150000-003B-0000-0000-0000000FF1CE}", "Project/2013/Professional"),
        ("{90150000-0044-0000-0000-0000000FF1CE}", "InfoPath/2013/Application"),
        ("{90150000-0051-0000-0000-0000000FF1CE}", "Visio/2013/Professional"),
        ("{90150000-0053-0000-0000-0000000FF1CE}", "Visio/2013/Standard"),
        ("{90140000-0057-0000-0000-0000000FF1CE}", "Visio/2010/?"),
        ("{90150000-00A1-0000-0000-0000000FF1CE}", "OneNote/2013/Application"),
        ("{90150000-012B-0000-0000-0000000FF1CE}", "Lync/2013/Client"),
        ("{91120000-0013-0000-0000-0000000FF1CE}", "Office/2007/Basic"),
        ("{91120000-002E-0000-0000-0000000FF1CE}", "Office/2007/Ultimate"),
        ("{90120000-0030-0000-0000-0000000FF1CE}", "Office/2007/Enterprise"),
        ("{91120000-00CA-0000-0000-0000000FF1CE}", "Office/2007/Small Business"),
        ("{91140000-003D-0000-0000-0000000FF1CE}", "Office/2010/?"),
        (
            "{90160000-0011-0000-1000-0000000FF1CE}",
            "Office/2016/Professional Plus",
        ),
        (
            "{90110409-6000-11D3-8CFE-0150048383C9}",
            "Office/2003/Professional Enterprise",
        ),
        ("{90170000-0011-0000-0000-0000000FF1CE}", "?/?/?"),
        ("{90150000-FFFF-0000-0000-0000000FF1CE}", "?/?/?"),
        ("{90150000-0016-0409-0000-0000000FF1CE}", "?/?/?"),
    ] {
        assert_eq!(parts(&text(Tool::OfficeMsi, code)), product, "{code}");
    }
}

#[test]
fn names_of_registry_keys_alone_are_codes_too() {
    let codes = [
        "{90140000-0012-0000-0000-0000000FF1CE}",
        "{90140000-0057-0000-0000-0000000FF1CE}",
    ];
    let keys = codes
        .map(|code| format!("HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\{code}\r\n"));
    let reading = reading(&text(Tool::OfficeMsi, &keys.concat()));
    assert_eq!(reading.described.len(), 2, "{reading:?}");
    assert_eq!(told(&reading, Field::Edition), ["Standard"]);
}

#[test]
fn product_codes_of_office_tell_channel_language_and_bitness() {
    let code = |release: &str, language: &str, bits: &str| {
        text(
            Tool::OfficeMsi,
            &format!("{{9{release}140000-0012-{language}-{bits}000-0000000FF1CE}}"),
        )
    };
    for (release, running) in [
        ("0", "volume"),
        ("1", "retail or OEM"),
        ("2", "evaluation"),
        ("5", "retail"),
        ("7", ""),
    ] {
        assert_eq!(
            one(&code(release, "0000", "0"), Field::RunningChannel),
            running,
            "{release}"
        );
    }
    for (number, language) in [("0409", "en-US"), ("040C", "fr-FR"), ("0407", "de-DE"), ("FFFF", "")] {
        assert_eq!(one(&code("0", number, "0"), Field::Language), language, "{number}");
    }
    assert_eq!(one(&code("0", "0000", "0"), Field::Architecture), "x86");
    assert_eq!(one(&code("0", "0000", "1"), Field::Architecture), "x64");
}

#[test]
fn click_to_run_ids_are_read() {
    for (id, product, running) in [
        ("HomeBusinessRetail", "Office/2016/Home and Business", "retail or OEM"),
        ("HomeStudentRetail", "Office/2016/Home and Student", "retail or OEM"),
        ("PersonalRetail", "Office/2016/?", "retail or OEM"),
        ("ProfessionalRetail", "Office/2016/Professional", "retail or OEM"),
        ("ProPlusRetail", "Office/2016/Professional Plus", "retail or OEM"),
        ("ProPlus2019Volume", "Office/2019/Professional Plus", "volume"),
        ("ProPlus2021Volume", "Office/2021/Professional Plus", "volume"),
        ("Standard2019Volume", "Office/2019/Standard", "volume"),
        ("ProjectProRetail", "Project/2016/Professional", "retail or OEM"),
        ("ProjectProXVolume", "Project/2016/Professional", "volume"),
        ("VisioStdXVolume", "Visio/2016/Standard", "volume"),
        ("O365ProPlusRetail", "Office/?/365 ProPlus", "subscription"),
        ("O365BusinessRetail", "Office/?/365 Business", "subscription"),
        ("O365HomePremRetail", "Office/?/365 Home Premium", "subscription"),
        ("ProPlusSPLA2021Volume", "?/?/?", "volume"),
    ] {
        let mut report = sample("office-c2r/proplus-2019-volume.txt");
        report.text = report
            .text
            .replace("ProPlus2019Volume,VisioStdXVolume,ProjectProXVolume", id);
        assert_eq!(parts(&report), product, "{id}");
        assert_eq!(one(&report, Field::RunningChannel), running, "{id}");
    }
}

#[test]
fn licenses_of_office_are_read() {
    assert_licenses_are_read(&[
        (
            "Office 14, OfficeProPlus-MAK edition",
            "RETAIL(MAK)",
            "Office/2010/Professional Plus",
            "volume (MAK)",
        ),
        (
            "Office 15, OfficeProPlusVL_KMS_Client edition",
            "VOLUME_KMSCLIENT",
            "Office/2013/Professional Plus",
            "volume (KMS client)",
        ),
        (
            "Office 19, Office19ProPlus2019VL_MAK_AE edition",
            "VOLUME_MAK",
            "Office/2019/Professional Plus",
            "volume (MAK)",
        ),
        (
            "Office 16, Office16HomeBusinessR_OEM_Perp edition",
            "RETAIL",
            "Office/2016/Home and Business",
            "retail",
        ),
        (
            "Office 19, Office19ProPlus2019XC2RVL_MAKC2R edition",
            "RETAIL(MAK)",
            "Office/2019/Professional Plus",
            "volume (MAK)",
        ),
        (
            "Office 16, Office16ProPlusR_Grace edition",
            "RETAIL(Grace)",
            "Office/2016/Professional Plus",
            "grace, without a key",
        ),
        ("Office 99, OfficeOther edition", "OTHER", "?/?/?", ""),
    ]);
}

#[test]
fn licenses_of_visio_and_project_are_read() {
    assert_licenses_are_read(&[
        (
            "Office 14, OfficeVisioPrem-MAK edition",
            "RETAIL(MAK)",
            "Visio/2010/Premium",
            "volume (MAK)",
        ),
        (
            "Office 16, Office16VisioProXC2RVL_KMS_ClientC2R edition",
            "VOLUME_KMSCLIENT",
            "Visio/2016/Professional",
            "volume (KMS client)",
        ),
        (
            "Office 16, Office16VisioStdXC2RVL_MAKC2R edition",
            "RETAIL(MAK)",
            "Visio/2016/Standard",
            "volume (MAK)",
        ),
        (
            "Office 16, Office16ProjectProXC2RVL_KMS_ClientC2R edition",
            "VOLUME_KMSCLIENT",
            "Project/2016/Professional",
            "volume (KMS client)",
        ),
        (
            "Office 16, Office16ProjectStdXC2RVL_MAKC2R edition",
            "RETAIL(MAK)",
            "Project/2016/Standard",
            "volume (MAK)",
        ),
    ]);
}

/// By name, channel, product and how it runs.
fn assert_licenses_are_read(licenses: &[(&str, &str, &str, &str)]) {
    let sample = sample("ospp/proplus-2010-mak.txt").text;
    for (name, channel, product, running) in licenses {
        let block = sample
            .replace("Office 14, OfficeProPlus-MAK edition", name)
            .replace("RETAIL(MAK)", channel);
        let report = text(Tool::Ospp, &block);
        assert_eq!(parts(&report), *product, "{name}");
        assert_eq!(one(&report, Field::RunningChannel), *running, "{name}");
    }
}
