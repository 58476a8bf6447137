//! Every identifier that tools are known to report is read, in a sample as the tool prints it, and what it means.

use reimage_rights::{
    domain::Field,
    report::{Report, Tool},
};

use crate::support::reports::{one, parts, reading, sample, shown, text, told, values};

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
        ("5.0.2195", "2000", "2000"),
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
        ("TIMEBASED_OTHER", "evaluation"),
        ("RETAIL(MAK)", "volume (MAK)"),
        ("RETAIL(Grace)", "grace, without a key"),
        ("OEM(Grace)", "grace, without a key"),
        ("RETAIL(Trial)", "evaluation"),
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
        ("ACPI_SLIC.OEMID", "DELL", "OEM, of Windows Vista or 7", ""),
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
        ("OSLanguage", "1034", "es-ES"),
        ("OSLanguage", "9999", ""),
        ("MUILanguages", "{en-US}", "en-US"),
        ("MUILanguages", "{\"en-US\", \"fr-FR\"}", "mui"),
        ("MUILanguages", "{english}", ""),
        ("MUILanguages", "1046", "pt-BR"),
        ("MUILanguages", "1337", ""),
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
