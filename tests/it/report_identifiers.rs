//! Every identifier that tools are known to report is read, in a sample as the tool prints it, and what it means.

use std::collections::BTreeMap;

use reimage_rights::{
    domain::Field,
    report::{Report, Tool},
};

use crate::support::reports::{reading, sample, shown, text, told, values};

const SEVEN: &str = "wmi/windows-7-professional-oem.txt";

/// A sample with one line of it replaced.
fn with_line(file: &str, key: &str, value: &str) -> Report {
    let report = sample(file);
    let replaced = report.text.lines().map(|line| {
        let own = line.split_once('=').filter(|(name, _)| name.trim() == key);
        own.map_or_else(|| line.to_owned(), |(name, _)| format!("{name}={value}"))
    });
    let replaced: Vec<String> = replaced.collect();
    Report {
        text: replaced.join("\n"),
        ..report
    }
}

/// Family, version and edition that a report tells, "?" for each that it leaves open or contradicts.
fn parts(report: &Report) -> String {
    let reading = reading(report);
    let part = |field| match told(&reading, field).as_slice() {
        [one] => one.clone(),
        _ => "?".to_owned(),
    };
    [Field::Family, Field::Version, Field::Edition].map(part).join("/")
}

fn one(report: &Report, field: Field) -> String {
    told(&reading(report), field).join("|")
}

/// What the number of an edition means in a version of the kernel, and nothing else reported.
fn by_sku(version: &str, sku: u32) -> String {
    let sku = sku.to_string();
    parts(&values(
        Tool::Wmi,
        &[("Version", version), ("OperatingSystemSKU", &sku)],
    ))
}

#[test]
fn every_number_of_an_edition_of_windows_7_and_vista_is_read() {
    for (sku, edition) in [
        (1, "Ultimate"),
        (2, "Home Basic"),
        (3, "Home Premium"),
        (4, "Enterprise"),
        (5, "Home Basic N"),
        (11, "Starter"),
        (26, "Home Premium N"),
        (27, "Enterprise N"),
        (28, "Ultimate N"),
        (47, "Starter N"),
        (48, "Professional"),
        (49, "Professional N"),
    ] {
        assert_eq!(by_sku("6.1.7601", sku), format!("Windows/7/{edition}"), "{sku}");
    }
    assert_eq!(by_sku("6.0.6002", 6), "Windows/Vista/Business");
    assert_eq!(by_sku("6.0.6002", 16), "Windows/Vista/Business N");
}

#[test]
fn every_number_of_an_edition_of_later_desktops_is_read() {
    for (version, sku, product) in [
        ("6.2.9200", 101, "Windows/8/Core"),
        ("6.3.9600", 98, "Windows/8.1/Core N"),
        ("6.3.9600", 103, "Windows/8.1/Professional with Media Center"),
        ("10.0.19045", 101, "Windows/10/Home"),
        ("10.0.19045", 98, "Windows/10/Home N"),
        ("10.0.19045", 100, "Windows/10/Single Language"),
        ("10.0.19045", 121, "Windows/10/Education"),
        ("10.0.19045", 122, "Windows/10/Education N"),
        ("10.0.14393", 125, "Windows/10/Enterprise LTSB 2016"),
        ("10.0.17763", 125, "Windows/10/Enterprise LTSC 2019"),
        ("10.0.19044", 126, "Windows/10/Enterprise N LTSC 2021"),
        ("10.0.26100", 125, "Windows/11/Enterprise LTSC 2024"),
        ("10.0.22631", 161, "Windows/11/Pro for Workstations"),
        ("10.0.22631", 162, "Windows/11/Pro N for Workstations"),
        ("10.0.22631", 164, "Windows/11/Pro Education"),
        ("10.0.22631", 165, "Windows/11/Pro Education N"),
        ("10.0.22631", 175, "Windows/11/Enterprise multi-session"),
    ] {
        assert_eq!(by_sku(version, sku), product, "{sku}");
    }
}

#[test]
fn every_number_of_an_edition_of_a_server_is_read() {
    for (version, sku, product) in [
        ("6.1.7601", 7, "Windows Server/2008 R2/Standard"),
        ("6.1.7601", 8, "Windows Server/2008 R2/Datacenter"),
        ("6.1.7601", 10, "Windows Server/2008 R2/Enterprise"),
        ("6.1.7601", 12, "Windows Server/2008 R2/Datacenter"),
        ("6.1.7601", 13, "Windows Server/2008 R2/Standard"),
        ("6.1.7601", 14, "Windows Server/2008 R2/Enterprise"),
        ("6.1.7601", 15, "Windows Server/2008 R2/Itanium-Based Systems"),
        ("6.1.7601", 17, "Windows Server/2008 R2/Web"),
        ("6.1.7601", 18, "Windows Server/2008 R2/HPC"),
        ("6.1.7601", 33, "Windows Server/2008 R2/Foundation"),
        ("6.0.6002", 36, "Windows Server/2008/Standard without Hyper-V"),
        ("6.0.6002", 37, "Windows Server/2008/Datacenter without Hyper-V"),
        ("6.0.6002", 38, "Windows Server/2008/Enterprise without Hyper-V"),
        ("6.0.6002", 39, "Windows Server/2008/Datacenter without Hyper-V"),
        ("6.0.6002", 40, "Windows Server/2008/Standard without Hyper-V"),
        ("6.0.6002", 41, "Windows Server/2008/Enterprise without Hyper-V"),
        ("6.0.6002", 25, "Windows Small Business Server/2008/Premium"),
        ("6.2.9200", 50, "Windows Server/2012/Essentials"),
        ("6.1.7601", 50, "Windows Small Business Server/2011/Essentials"),
    ] {
        assert_eq!(by_sku(version, sku), product, "{sku}");
    }
}

#[test]
fn a_number_that_tells_no_edition_leaves_it_unknown() {
    for (version, sku, product) in [
        ("6.0.6002", 9, "Windows Small Business Server/2008/?"),
        ("6.0.6002", 19, "Windows Home Server/?/?"),
        ("6.1.7601", 66, "Windows/7/?"),
        ("6.1.7601", 67, "Windows/7/?"),
        ("6.1.7601", 68, "Windows/7/?"),
        ("6.1.7601", 69, "Windows/7/?"),
        ("6.1.7601", 70, "Windows/7/?"),
        ("6.1.7601", 71, "Windows/7/?"),
        ("10.0.19045", 99, "Windows/10/?"),
        ("10.0.19045", 72, "Windows/10/?"),
        ("10.0.19045", 84, "Windows/10/?"),
        ("10.0.19044", 129, "Windows/10/?"),
        ("10.0.17763", 79, "Windows Server/2019/?"),
        ("10.0.17763", 80, "Windows Server/2019/?"),
        ("10.0.19045", 188, "Windows/10/?"),
        ("10.0.19045", 4711, "?/?/?"),
        ("10.0.19045", 125, "Windows/10/?"),
    ] {
        assert_eq!(by_sku(version, sku), product, "{sku}");
    }
    let evaluation = values(Tool::Wmi, &[("OperatingSystemSKU", "72")]);
    assert_eq!(one(&evaluation, Field::RunningChannel), "evaluation");
}

#[test]
fn the_version_of_the_kernel_means_a_product_only_with_the_role() {
    for (version, client, server) in [
        ("5.0.2195", "2000", "?"),
        ("5.1.2600", "XP", "?"),
        ("5.2.3790", "XP", "?"),
        ("6.0.6002", "Vista", "2008"),
        ("6.1.7601", "7", "2008 R2"),
        ("6.2.9200", "8", "2012"),
        ("6.3.9600", "8.1", "2012 R2"),
        ("10.0.14393", "10", "2016"),
        ("10.0.17763", "10", "2019"),
        ("10.0.20348", "10", "2022"),
        ("10.0.26100", "11", "2025"),
        ("10.0.21999", "10", "?"),
        ("10.0.22000", "11", "?"),
        ("10.0", "?", "?"),
        ("7.0.1", "?", "?"),
        ("twelve", "?", "?"),
    ] {
        let is = |role: &str| {
            one(
                &values(Tool::Wmi, &[("Version", version), ("ProductType", role)]),
                Field::Version,
            )
        };
        let expected = |text: &str| text.replace('?', "");
        assert_eq!(is("1"), expected(client), "{version}");
        assert_eq!(is("2"), expected(server), "{version}");
        assert_eq!(is("3"), expected(server), "{version}");
        assert_eq!(is("4"), "", "{version}");
    }
}

#[test]
fn editions_of_the_registry_are_read() {
    for (id, build, product) in [
        ("Professional", "7601", "Windows/7/Professional"),
        ("Core", "9200", "Windows/8/Core"),
        ("Core", "19045", "Windows/10/Home"),
        ("CoreSingleLanguage", "22631", "Windows/11/Single Language"),
        ("CoreCountrySpecific", "22631", "Windows/11/?"),
        ("EnterpriseS", "19044", "Windows/10/Enterprise LTSC 2021"),
        ("ServerStandard", "7601", "Windows Server/2008 R2/Standard"),
        ("ServerEnterprise", "7601", "Windows Server/2008 R2/Enterprise"),
        ("ServerDatacenter", "7601", "Windows Server/2008 R2/Datacenter"),
        ("ServerWeb", "7601", "Windows Server/2008 R2/Web"),
        ("Proffesional", "7601", "?/?/?"),
    ] {
        let nt = match build {
            "7601" => "6.1",
            "9200" => "6.2",
            _ => "6.3",
        };
        let sample = format!(
            "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\r\n    CurrentVersion    REG_SZ    {nt}\r\n    \
             CurrentBuildNumber    REG_SZ    {build}\r\n    EditionID    REG_SZ    {id}\r\n"
        );
        assert_eq!(parts(&text(Tool::Registry, &sample)), product, "{id} {build}");
    }
}

#[test]
fn installation_types_tell_the_role() {
    for (kind, product) in [
        ("Client", "Windows/7/?"),
        ("Server", "Windows Server/2008 R2/?"),
        ("Server Core", "Windows Server/2008 R2/?"),
        ("Nano", "?/?/?"),
    ] {
        let report = values(Tool::Registry, &[("CurrentVersion", "6.1"), ("InstallationType", kind)]);
        assert_eq!(parts(&report), product, "{kind}");
    }
}

#[test]
fn every_channel_of_a_running_copy_is_read_and_is_no_channel_of_a_license() {
    for (channel, running) in [
        ("RETAIL", "retail"),
        ("OEM", "OEM"),
        ("OEM_SLP", "OEM"),
        ("OEM_COA", "OEM"),
        ("OEM_COA_SLP", "OEM"),
        ("OEM_COA_NSLP", "OEM"),
        ("OEM_NONSLP", "OEM"),
        ("OEM_DM", "OEM"),
        ("VOLUME_MAK", "volume (MAK)"),
        ("VOLUME_MAK_B", "volume (MAK)"),
        ("VOLUME_KMSCLIENT", "volume (KMS client)"),
        ("VOLUME_KMS", "volume (KMS host)"),
        ("VOLUME_KMS_R2_B", "volume (KMS host)"),
        ("VOLUME_KMS_R2_C", "volume (KMS host)"),
        ("TIMEBASED_EVAL", "evaluation"),
        ("TIMEBASED_SUB", "subscription"),
        ("SOMETHING_ELSE", ""),
    ] {
        let sentence = format!("Windows Operating System - Windows(R) 7, {channel} channel");
        let mut wmi = with_line(SEVEN, "Description", &sentence);
        wmi.text = wmi.text.replace("SerialNumber=00371-OEM-8992671-00524", "");
        assert_eq!(one(&wmi, Field::RunningChannel), running, "{channel}");
        assert_eq!(one(&wmi, Field::Channel), "", "{channel}");
        let slmgr = sample("slmgr/dlv-windows-7.txt");
        let slmgr = text(Tool::Slmgr, &slmgr.text.replace("VOLUME_MAK", channel));
        assert_eq!(one(&slmgr, Field::RunningChannel), running, "{channel}");
    }
}

#[test]
fn every_kind_of_key_is_read() {
    for (kind, running) in [
        ("Retail", "retail"),
        ("OEM:SLP", "OEM"),
        ("OEM:COA", "OEM"),
        ("OEM:NONSLP", "OEM"),
        ("OEM:DM", "OEM"),
        ("Volume:GVLK", "volume (KMS client)"),
        ("Volume:MAK", "volume (MAK)"),
        ("Volume:CSVLK", "volume (KMS host)"),
        ("Retail:TB:Eval", "evaluation"),
        ("PGS:TB", ""),
    ] {
        let report = values(Tool::Wmi, &[("SoftwareLicensingProduct.ProductKeyChannel", kind)]);
        assert_eq!(one(&report, Field::RunningChannel), running, "{kind}");
    }
}

#[test]
fn evidence_of_an_oem_license_is_read() {
    for (key, raw, channel, edition) in [
        (
            "OA3xOriginalProductKeyDescription",
            "[4.0] Professional OEM:DM",
            "OEM",
            "Professional",
        ),
        ("OA3xOriginalProductKeyDescription", "[4.0] Core OEM:DM", "OEM", "Home"),
        (
            "OA3xOriginalProductKeyDescription",
            "Win 8 RTM Core OEM:DM",
            "OEM",
            "Core",
        ),
        ("OA3xOriginalProductKeyDescription", "[9.9] Core OEM:DM", "OEM", ""),
        ("OA3xOriginalProductKeyDescription", "something", "", ""),
        ("ACPI_SLIC.OEMID", "DELL", "OEM", ""),
        ("ACPI_SLIC", "N/A", "", ""),
    ] {
        let report = values(Tool::Wmi, &[(key, raw)]);
        assert_eq!(one(&report, Field::Channel), channel, "{raw}");
        assert_eq!(one(&report, Field::Edition), edition, "{raw}");
        assert_eq!(one(&report, Field::RunningChannel), "", "{raw}");
    }
}

#[test]
fn product_ids_of_xp_and_2003_tell_the_channel() {
    for (nt, group, running, edition) in [
        ("5.1", "OEM", "OEM", ""),
        ("5.1", "640", "volume", "Professional"),
        ("5.2", "652", "volume", ""),
        ("5.1", "492", "retail", "Home"),
        ("5.1", "536", "retail", "Professional"),
        ("5.1", "999", "", ""),
        ("6.1", "640", "", ""),
    ] {
        let id = format!("55274-{group}-1011873-23081");
        let report = values(Tool::Registry, &[("CurrentVersion", nt), ("ProductId", &id)]);
        assert_eq!(one(&report, Field::RunningChannel), running, "{nt} {group}");
        assert_eq!(one(&report, Field::Edition), edition, "{nt} {group}");
    }
}

#[test]
fn names_come_with_marks_blanks_and_in_other_languages() {
    for (caption, product) in [
        ("Microsoft Windows 7 Professional ", "Windows/7/Professional"),
        ("Microsoft® Windows Vista™ Business ", "Windows/Vista/Business"),
        (
            "Microsoft(R) Windows(R) Server 2003, Enterprise Edition x64",
            "Windows Server/?/Enterprise x64",
        ),
        (
            "Microsoft Windows 7 Édition Familiale Premium ",
            "Windows/7/Home Premium",
        ),
        ("Майкрософт Windows 10 Корпоративная", "Windows/10/Enterprise"),
        ("Microsoft Windows 10 专业版", "Windows/10/Professional"),
        ("Microsoft Windows XP Professional", "Windows/XP/?"),
        ("Microsoft Windows 10 Enterprise LTSC", "?/?/?"),
        ("Windows", "?/?/?"),
    ] {
        assert_eq!(product_of_caption(caption), product, "{caption}");
    }
}

#[test]
fn an_inventory_names_no_more_than_the_copy_itself() {
    let report = values(
        Tool::Glpi,
        &[("LICENSEINFOS.FULLNAME", "Microsoft Windows XP Professional")],
    );
    assert_eq!(parts(&report), "Windows/XP/?");
}

fn product_of_caption(caption: &str) -> String {
    parts(&values(Tool::Wmi, &[("Caption", caption)]))
}

#[test]
fn languages_are_read_by_number_and_by_tag() {
    for (key, raw, language) in [
        ("OSLanguage", "1033", "en-US"),
        ("OSLanguage", "1036", "fr-FR"),
        ("OSLanguage", "1031", "de-DE"),
        ("OSLanguage", "9999", ""),
        ("MUILanguages", "{en-US}", "en-US"),
        ("MUILanguages", "{\"en-US\", \"fr-FR\"}", "mui"),
        ("MUILanguages", "{english}", ""),
    ] {
        assert_eq!(
            one(&values(Tool::Wmi, &[(key, raw)]), Field::Language),
            language,
            "{raw}"
        );
    }
    let several = values(Tool::Wmi, &[("OSLanguage", "1033"), ("MUILanguages", "{en-US, de-DE}")]);
    assert_eq!(one(&several, Field::Language), "mui");
}

#[test]
fn architectures_are_read_in_words_and_numbers() {
    for (tool, key, raw, architecture) in [
        (Tool::Wmi, "OSArchitecture", "64-bit", "x64"),
        (Tool::Wmi, "OSArchitecture", "64 bits", "x64"),
        (Tool::Wmi, "OSArchitecture", "32 bits", "x86"),
        (Tool::Wmi, "OSArchitecture", "128-bit", ""),
        (Tool::Dism, "Architecture", "x86", "x86"),
        (Tool::Dism, "Architecture", "ARM64", "arm64"),
        (Tool::Dism, "Architecture", "0", "x86"),
        (Tool::Dism, "Architecture", "9", "x64"),
        (Tool::Dism, "Architecture", "12", "arm64"),
        (Tool::Dism, "Architecture", "6", ""),
        (Tool::OfficeC2r, "Platform", "x64", "x64"),
    ] {
        assert_eq!(
            one(&values(tool, &[(key, raw)]), Field::Architecture),
            architecture,
            "{raw}"
        );
    }
}

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
    let sample = sample("ospp/proplus-2010-mak.txt").text;
    for (name, channel, product, running) in [
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
        ("Office 99, OfficeOther edition", "OTHER", "?/?/?", ""),
    ] {
        let block = sample
            .replace("Office 14, OfficeProPlus-MAK edition", name)
            .replace("RETAIL(MAK)", channel);
        let report = text(Tool::Ospp, &block);
        assert_eq!(parts(&report), product, "{name}");
        assert_eq!(one(&report, Field::RunningChannel), running, "{name}");
    }
}

#[test]
fn media_say_where_they_came_from_as_a_hint_only() {
    for (file, origin) in [
        ("ei-cfg/oem.cfg", "OEM media"),
        ("ei-cfg/retail.cfg", "retail media"),
        ("ei-cfg/volume.cfg", "volume media"),
        ("setupp-ini/volume.ini", "volume media"),
        ("setupp-ini/oem.ini", "OEM media"),
        ("iso-name/windows-7.txt", "volume media"),
    ] {
        let reading = reading(&sample(file));
        assert!(
            shown(&reading).contains(&format!("media.source = {origin} (hint)")),
            "{file}"
        );
        assert!(told(&reading, Field::MediaSource).is_empty(), "{file}");
    }
    assert!(shown(&reading(&sample("ei-cfg/default.cfg"))).contains("does not tell"));
}

/// Keys of every tool that are read or known to say nothing, as the tool writes them.
const KEYS: [(Tool, &str); 18] = [
    (
        Tool::Wmi,
        "Win32_OperatingSystem.Caption Version BuildNumber OperatingSystemSKU OSLanguage MUILanguages OSArchitecture ProductType \
         SerialNumber ApplicationID PartialProductKey Name Description LicenseFamily LicenseStatus ProductKeyChannel \
         SoftwareLicensingService.OA3xOriginalProductKeyDescription OA3xOriginalProductKey",
    ),
    (
        Tool::Registry,
        "EditionID ProductName InstallationType CurrentBuildNumber CurrentVersion DisplayVersion ReleaseId ProductId",
    ),
    (Tool::Slmgr, "Name Description"),
    (Tool::MgaDiag, "Windows_marker_version"),
    (
        Tool::Dism,
        "Index Name Description Size WIM_Bootable Architecture Hal Version ServicePack_Build ServicePack_Level Edition Installation \
         ProductType ProductSuite System_Root Directories Files Created Modified Languages ImageIndex ImageName SPBuild EditionId \
         InstallationType DefaultLanguageIndex",
    ),
    (
        Tool::WimXml,
        "FLAGS ARCH EDITIONID INSTALLATIONTYPE PRODUCTTYPE LANGUAGES DEFAULT",
    ),
    (Tool::EiCfg, "EditionID Channel VL"),
    (Tool::SetuppIni, "Pid"),
    (Tool::IsoName, "Name"),
    (
        Tool::OfficeC2r,
        "ProductReleaseIds ClientCulture Platform VersionToReport UpdateChannel",
    ),
    (Tool::OfficeMsi, "ProductCode"),
    (Tool::Ospp, "LICENSE_NAME LICENSE_DESCRIPTION"),
    (
        Tool::Glpi,
        "HARDWARE.WINPRODID HARDWARE.WINPRODKEY HARDWARE.WINLANG HARDWARE.OSCOMMENTS HARDWARE.ARCHNAME OPERATINGSYSTEM.FULL_NAME \
         OPERATINGSYSTEM.VERSION OPERATINGSYSTEM.KERNEL_VERSION OPERATINGSYSTEM.SERVICE_PACK OPERATINGSYSTEM.ARCH LICENSEINFOS.NAME \
         LICENSEINFOS.FULLNAME LICENSEINFOS.KEY LICENSEINFOS.COMPONENTS LICENSEINFOS.TRIAL LICENSEINFOS.UPDATE LICENSEINFOS.OEM \
         LICENSEINFOS.ACTIVATION_DATE LICENSEINFOS.PRODUCTID glpi_softwarelicenses.name glpi_softwarelicenses.serial \
         glpi_softwarelicenses.otherserial glpi_softwarelicenses.number glpi_softwarelicenses.softwarelicensetypes_id \
         glpi_softwarelicenses.softwareversions_id_buy glpi_softwarelicenses.softwareversions_id_use glpi_softwarelicenses.expire",
    ),
    (
        Tool::Ocs,
        "HARDWARE.OSNAME HARDWARE.OSVERSION HARDWARE.WINPRODID HARDWARE.WINPRODKEY OFFICEPACK.PRODUCT OFFICEPACK.PRODUCTID \
         OFFICEPACK.TYPE OFFICEPACK.OFFICEKEY",
    ),
    (
        Tool::SnipeIt,
        "name serial seats manufacturer order_number purchase_order purchase_date expiration_date termination_date reassignable \
         maintained notes",
    ),
    (
        Tool::AssetIntelligence,
        "Product_Name Publisher Version Language EffectiveQuantity PONumber ResellerName DateOfPurchase SupportPurchased Product_Pool",
    ),
    (
        Tool::ConfigMgr,
        "OSDImageIndex OSDImageVersion OSDImageDescription OSDConfigFileName OSDTargetSystemDrive OSDInstallEditionIndex OSDProductKey \
         OSDServerLicenseMode OSDUILanguage _SMSTSMake _SMSTSModel _SMSTSSerialNumber",
    ),
    (
        Tool::Mdt,
        "OSCurrentVersion OSCurrentBuild OSVersion IsServerOS IsServerCoreOS ImageBuild OSSKU ImageFlags ImageLanguage001 ImageProcessor \
         Architecture ProductKey OverrideProductKey Flags Language Platform Build ImageIndex",
    ),
];

#[test]
fn every_key_that_a_tool_is_known_for_is_known() {
    for (tool, keys) in KEYS {
        for key in keys.split(' ').filter(|key| !key.is_empty()) {
            let report = values(tool, &[(key, "x")]);
            let reading = reading(&report);
            let unknown = reading
                .unmapped
                .iter()
                .any(|unmapped| unmapped.why.contains("not known here") && unmapped.why.contains("key"));
            assert!(!unknown, "{} {key}: {}", tool.as_str(), shown(&reading));
        }
    }
    let unknown = reading(&values(Tool::Wmi, &[("Moon", "full")]));
    assert_eq!(unknown.unmapped[0].why, "this key is not known here");
}

#[test]
fn no_value_of_a_field_for_product_keys_is_ever_kept() {
    for (tool, key) in [
        (Tool::Wmi, "OA3xOriginalProductKey"),
        (Tool::Glpi, "HARDWARE.WINPRODKEY"),
        (Tool::Glpi, "LICENSEINFOS.KEY"),
        (Tool::Glpi, "glpi_softwarelicenses.serial"),
        (Tool::Ocs, "OFFICEPACK.OFFICEKEY"),
        (Tool::SnipeIt, "serial"),
        (Tool::ConfigMgr, "OSDProductKey"),
        (Tool::Mdt, "ProductKey"),
        (Tool::Mdt, "OverrideProductKey"),
    ] {
        let values: BTreeMap<String, String> = [(key.to_owned(), "A-KEY".to_owned())].into();
        let report = Report {
            tool,
            values,
            text: String::new(),
        };
        assert!(!shown(&reading(&report)).contains("A-KEY"), "{key}");
    }
}

#[test]
fn an_index_picks_one_image() {
    let mut report = sample("wim-xml/windows-7.xml");
    report.values.insert("index".to_owned(), "2".to_owned());
    assert_eq!(parts(&report), "Windows/7/Professional");
    report.values.insert("index".to_owned(), "9".to_owned());
    assert_eq!(parts(&report), "?/?/?");
    let mut list = sample("dism/list.txt");
    assert!(shown(&reading(&list)).contains("the report shows several images"));
    list.values.insert("Index".to_owned(), "2".to_owned());
    assert!(!shown(&reading(&list)).contains("Home"));
}
