//! A report that says another thing than what was stated, or one that nobody can name, makes it unknown; one that says the same does not.

use reimage_rights::{
    catalogue::Catalogue,
    domain::{Field, ImageProduct, Media, MediaSource, Name},
    report::{ImageFacts, Meant, Report, Tool, image_facts, unstated_products},
};

use crate::support::reports::{product, reading, text, values};

/// What comes of a product from volume media with a report on the image.
fn facts(stated: &ImageProduct, report: &Report) -> ImageFacts {
    let media = Media {
        source: Some(MediaSource::VlscDownload),
        ..Media::default()
    };
    let meant = Meant::by_family(stated.product.family.as_ref());
    image_facts(stated, meant, &media, &[reading(report)], Catalogue::embedded())
}

/// The facts that the report contradicts.
fn doubted(stated: &ImageProduct, report: &Report) -> Vec<Field> {
    let conflicts = facts(stated, report).conflicts;
    conflicts.iter().map(|conflict| conflict.field).collect()
}

fn dism(version: &str, id: &str) -> Report {
    values(Tool::Dism, &[("Version", version), ("Edition", id)])
}

#[test]
fn the_id_of_another_edition_contradicts_the_stated_one() {
    for (version, edition, kernel, id) in [
        ("10", "Professional", "10.0.19041", "EnterpriseEval"),
        ("10", "Professional", "10.0.19041", "EnterpriseS"),
        ("10", "Professional", "10.0.19045", "EnterpriseS"),
        ("10", "Professional", "10.0", "EnterpriseS"),
        ("10", "Professional", "10.0.19041", "IoTEnterprise"),
        ("10", "Professional", "10.0.19041", "EnterpriseG"),
        ("10", "Professional", "10.0.19041", "PPIPro"),
        ("10", "Professional", "10.0.19041", "Cloud"),
        ("10", "Professional", "10.0.19041", "CoreCountrySpecific"),
        ("10", "Enterprise", "10.0.19041", "IoTEnterprise"),
        ("10", "Enterprise", "10.0.19044", "IoTEnterpriseS"),
        ("10", "Enterprise LTSC 2019", "10.0.19041", "EnterpriseS"),
        ("8", "Professional", "6.2.9200", "CoreCountrySpecific"),
        ("8.1", "Professional", "6.3.9600", "CoreCountrySpecific"),
        ("7", "Professional", "6.1.7601", "Core"),
        ("7", "Professional", "6.1.7601", "HomePremiumE"),
        ("7", "Professional", "6.1.7601", "ThinPC"),
        ("7", "Professional", "6.1.7601", "WindowsPE"),
    ] {
        let facts = facts(&product("Windows", version, edition), &dism(kernel, id));
        let fields: Vec<Field> = facts.conflicts.iter().map(|conflict| conflict.field).collect();
        assert_eq!(fields, [Field::Edition], "{version} {edition}: {kernel} {id}");
        assert_eq!(facts.product.edition, None, "{id}");
        assert_eq!(facts.product.version, Name::parse(version), "{id}");
    }
}

#[test]
fn without_a_version_an_id_contradicts_what_it_is_in_none() {
    let core = values(Tool::Dism, &[("Edition", "Core")]);
    assert_eq!(
        doubted(&product("Windows", "10", "Professional"), &core),
        [Field::Edition]
    );
    assert!(doubted(&product("Windows", "10", "Home"), &core).is_empty());
    assert!(doubted(&product("Windows", "8", "Core"), &core).is_empty());
}

#[test]
fn the_id_of_the_stated_edition_contradicts_nothing() {
    for (version, edition, kernel, id) in [
        ("7", "Professional", "6.1.7601", "Professional"),
        ("7", "Professional", "6.1.7601", "<undefined>"),
        ("8", "Core", "6.2.9200", "Core"),
        ("10", "Home", "10.0.19045", "Core"),
        ("10", "Professional", "10.0.19045", "Professional"),
        ("10", "Professional N", "10.0.19045", "ProfessionalN"),
        ("10", "Pro for Workstations", "10.0.19045", "ProfessionalWorkstation"),
        ("10", "Pro N for Workstations", "10.0.19045", "ProfessionalWorkstationN"),
        ("10", "Pro Education", "10.0.19045", "ProfessionalEducation"),
        ("10", "Education N", "10.0.19045", "EducationN"),
        ("10", "Enterprise LTSB 2016", "10.0.14393", "EnterpriseS"),
        ("10", "Enterprise LTSC 2021", "10.0.19044", "EnterpriseS"),
        ("10", "Enterprise LTSC 2021", "10.0.19041", "EnterpriseS"),
        ("10", "Enterprise N LTSC 2021", "10.0.19041", "EnterpriseSN"),
        ("10", "Enterprise LTSC 2019", "10.0", "EnterpriseS"),
        ("10", "IoT Enterprise", "10.0.19045", "IoTEnterprise"),
        ("11", "Home", "10.0.22631", "Core"),
        ("11", "Professional", "10.0.26100", "Professional"),
        ("11", "Professional", "10.0.26200", "Professional"),
        ("11", "Professional", "10.0.28000", "Professional"),
        ("11", "Enterprise", "10.0.26200", "Enterprise"),
    ] {
        let doubted = doubted(&product("Windows", version, edition), &dism(kernel, id));
        assert!(doubted.is_empty(), "{version} {edition}: {kernel} {id}: {doubted:?}");
    }
    for (family, version, edition, kernel, id) in [
        ("Windows Server", "2022", "Standard", "10.0.20348", "ServerStandardCor"),
        ("Windows Server", "2012 R2", "Essentials", "6.3.9600", "ServerSolution"),
        (
            "Windows Small Business Server",
            "2011",
            "Essentials",
            "6.1.7601",
            "ServerSolution",
        ),
        (
            "Windows Small Business Server",
            "2008",
            "Premium",
            "6.0.6002",
            "ServerSBS",
        ),
    ] {
        let doubted = doubted(&product(family, version, edition), &dism(kernel, id));
        assert!(doubted.is_empty(), "{family} {version} {edition}: {id}: {doubted:?}");
    }
}

#[test]
fn a_number_of_no_known_edition_contradicts_one_that_was_stated() {
    let sku = |kernel, sku| values(Tool::Wmi, &[("Version", kernel), ("OperatingSystemSKU", sku)]);
    let stated = product("Windows", "10", "Professional");
    for number in ["4711", "119", "171", "178"] {
        assert_eq!(
            doubted(&stated, &sku("10.0.19045", number)),
            [Field::Edition],
            "{number}"
        );
    }
    for number in ["48", "0", "2882382797"] {
        assert!(doubted(&stated, &sku("10.0.19045", number)).is_empty(), "{number}");
    }
    let web = product("Windows Server", "2008 R2", "Web");
    assert!(doubted(&web, &sku("6.1.7601", "29")).is_empty());
}

#[test]
fn what_is_licensed_beside_windows_is_no_edition_of_it() {
    let updates = values(
        Tool::Wmi,
        &[("Version", "6.1.7601"), ("LicenseFamily", "Client-ESU-Year1")],
    );
    assert!(doubted(&product("Windows", "7", "Professional"), &updates).is_empty());
}

#[test]
fn a_kernel_of_another_version_contradicts_the_stated_one() {
    for (family, version, kernel, role) in [
        ("Windows", "7", "6.4.9841", "1"),
        ("Windows", "10", "10.0.99999", "1"),
        ("Windows", "10", "6.1.7601", ""),
        ("Windows", "8.1", "10.0", "1"),
        ("Windows Server", "2016", "10.0.15063", "3"),
        ("Windows Server", "2008", "5.2.3790", "3"),
    ] {
        let report = values(Tool::Wmi, &[("Version", kernel), ("ProductType", role)]);
        let doubted = doubted(&product(family, version, ""), &report);
        assert_eq!(doubted, [Field::Version], "{family} {version}: {kernel}");
    }
}

#[test]
fn kernels_of_one_report_that_contradict_leave_no_version_standing() {
    let report = values(
        Tool::Wmi,
        &[("Version", "6.1.7601"), ("BuildNumber", "19045"), ("ProductType", "1")],
    );
    for version in ["7", "10"] {
        assert_eq!(
            doubted(&product("Windows", version, ""), &report),
            [Field::Version],
            "{version}"
        );
    }
    let updated = values(
        Tool::Wmi,
        &[
            ("Version", "10.0.19041"),
            ("BuildNumber", "19045"),
            ("ProductType", "1"),
        ],
    );
    assert!(doubted(&product("Windows", "10", ""), &updated).is_empty());
}

#[test]
fn a_kernel_that_the_stated_version_can_have_contradicts_nothing() {
    for (family, version, kernel, role) in [
        ("Windows", "NT 4.0", "4.0.1381", "1"),
        ("Windows", "7", "6.1.7601", "1"),
        ("Windows", "7", "6.1.7601", ""),
        ("Windows", "10", "10.0", "1"),
        ("Windows", "11", "10.0", "1"),
        ("Windows", "11", "10.0.26200", "1"),
        ("Windows", "11", "10.0.28000", "1"),
        ("Windows Server", "2000", "5.0.2195", "3"),
        ("Windows Server", "2003", "5.2.3790", "3"),
        ("Windows Server", "2003 R2", "5.2.3790", "3"),
        ("Windows Server", "2008 R2", "6.1.7601", ""),
        ("Windows Server", "2025", "10.0.26100", "3"),
    ] {
        let report = values(Tool::Wmi, &[("Version", kernel), ("ProductType", role)]);
        let doubted = doubted(&product(family, version, ""), &report);
        assert!(doubted.is_empty(), "{family} {version}: {kernel}: {doubted:?}");
    }
}

#[test]
fn media_that_are_no_volume_media_contradict_volume_media() {
    let seven = product("Windows", "7", "Professional");
    let xp = product("Windows", "XP", "Professional");
    let office = product("Office", "2010", "Professional Plus");
    for (stated, report) in [
        (&seven, values(Tool::EiCfg, &[("VL", "0")])),
        (&seven, values(Tool::EiCfg, &[("Channel", "_Default"), ("VL", "0")])),
        (&seven, values(Tool::EiCfg, &[("Channel", "Eval")])),
        (&xp, values(Tool::SetuppIni, &[("Pid", "55274335")])),
        (&xp, values(Tool::SetuppIni, &[("Pid", "55274000")])),
        (&office, text(Tool::OfficeMsi, "{92140000-0011-0000-0000-0000000FF1CE}")),
        (&office, ospp("Office 14, OfficeProPlus-Trial edition", "RETAIL")),
        (
            &office,
            ospp("Office 14, OfficeProPlusR_Grace edition", "RETAIL(Grace)"),
        ),
        (
            &office,
            ospp("Office 14, OfficeProPlusR_Other edition", "RETAIL(Other)"),
        ),
        (
            &office,
            values(
                Tool::Ospp,
                &[("LICENSE NAME", "Office 14, OfficeProPlusR_Grace edition")],
            ),
        ),
        (
            &office,
            values(
                Tool::Ospp,
                &[("LICENSE NAME", "Office 14, OfficeProPlus-Trial edition")],
            ),
        ),
    ] {
        let facts = facts(stated, &report);
        let fields: Vec<Field> = facts.conflicts.iter().map(|conflict| conflict.field).collect();
        assert_eq!(fields, [Field::MediaSource], "{report:?}");
        assert_eq!(facts.media.source, None);
    }
}

#[test]
fn volume_media_and_media_that_do_not_tell_contradict_nothing() {
    let seven = product("Windows", "7", "Professional");
    let xp = product("Windows", "XP", "Professional");
    let office = product("Office", "2010", "Professional Plus");
    for (stated, report) in [
        (&seven, values(Tool::EiCfg, &[("Channel", "Volume"), ("VL", "1")])),
        (&seven, values(Tool::EiCfg, &[("Channel", "_Default")])),
        (&xp, values(Tool::SetuppIni, &[("Pid", "55274270")])),
        (&office, text(Tool::OfficeMsi, "{90140000-0011-0000-0000-0000000FF1CE}")),
        (&office, ospp("Office 14, OfficeProPlus-MAK edition", "RETAIL(MAK)")),
        (
            &office,
            ospp("Office 14, OfficeProPlus-KMS_Client edition", "VOLUME_KMSCLIENT"),
        ),
    ] {
        let doubted = doubted(stated, &report);
        assert!(doubted.is_empty(), "{report:?}: {doubted:?}");
    }
    // The key of a copy of Windows says nothing of its media.
    let retail = values(Tool::Slmgr, &[("Description", "Windows(R) 7, RETAIL channel")]);
    assert!(doubted(&seven, &retail).is_empty());
}

fn ospp(name: &str, channel: &str) -> Report {
    let description = format!("Office 14, {channel} channel");
    values(
        Tool::Ospp,
        &[("LICENSE NAME", name), ("LICENSE DESCRIPTION", &description)],
    )
}

#[test]
fn a_program_that_nobody_can_name_may_be_the_stated_one() {
    let stated = product("Office", "2019", "Professional Plus");
    for report in [
        values(Tool::OfficeC2r, &[("ProductReleaseIds", "MondoVolume")]),
        values(
            Tool::OfficeC2r,
            &[("ProductReleaseIds", "Foo2019Volume"), ("Platform", "x64")],
        ),
        values(Tool::OfficeC2r, &[("ProductReleaseIds", "ProPlusSPLA2021Volume")]),
        ospp("Office 19, OfficeFooBar-MAK edition", "RETAIL(MAK)"),
        values(
            Tool::OfficeMsi,
            &[("ProductCode", "{90170000-0011-0000-0000-0000000FF1CE}")],
        ),
    ] {
        let readings = [reading(&report)];
        let stated = std::slice::from_ref(&stated);
        assert!(unstated_products(stated, &readings).is_empty(), "{report:?}");
        assert_eq!(doubted(&stated[0], &report), [Field::Edition], "{report:?}");
    }
}

#[test]
fn what_every_office_brings_along_is_no_program_and_no_doubt() {
    let stated = product("Office", "2019", "Professional Plus");
    for code in ["007E", "008C", "008F", "00DD"] {
        let report = text(Tool::OfficeMsi, &format!("{{90160000-{code}-0000-1000-0000000FF1CE}}"));
        assert!(unstated_products(std::slice::from_ref(&stated), &[reading(&report)]).is_empty());
        assert!(doubted(&stated, &report).is_empty(), "{code}");
    }
}

#[test]
fn a_program_that_nobody_can_name_is_another_than_one_that_is_reported_beside_it() {
    let office = product("Office", "2019", "Professional Plus");
    let both = values(
        Tool::OfficeC2r,
        &[("ProductReleaseIds", "ProPlus2019Volume,MondoVolume")],
    );
    assert!(doubted(&office, &both).is_empty());
    let unstated = |stated: &[ImageProduct], report: &Report| unstated_products(stated, &[reading(report)]).len();
    assert_eq!(unstated(std::slice::from_ref(&office), &both), 1);
    let visio = product("Visio", "2019", "Professional");
    assert_eq!(doubted(&visio, &both), [Field::Edition]);
    assert_eq!(unstated(&[office, visio], &both), 0, "it may be Visio");
    let database = product("SQL Server", "2008", "Standard");
    let mondo = values(Tool::OfficeC2r, &[("ProductReleaseIds", "MondoVolume")]);
    assert_eq!(
        unstated(std::slice::from_ref(&database), &mondo),
        1,
        "no tool of Office tells of that"
    );
    assert!(doubted(&database, &mondo).is_empty());
}

#[test]
fn a_program_whose_id_names_several_editions_contradicts_others() {
    let single = text(Tool::OfficeMsi, "{90140000-003D-0000-0000-0000000FF1CE}");
    assert_eq!(
        doubted(&product("Office", "2010", "Professional Plus"), &single),
        [Field::Edition]
    );
    assert!(doubted(&product("Office", "2010", "Home and Business"), &single).is_empty());
    let visio = text(Tool::OfficeMsi, "{90140000-0057-0000-0000-0000000FF1CE}");
    for edition in ["Standard", "Professional", "Premium"] {
        assert!(
            doubted(&product("Visio", "2010", edition), &visio).is_empty(),
            "{edition}"
        );
    }
    assert_eq!(doubted(&product("Visio", "2010", "Ultimate"), &visio), [Field::Edition]);
    let personal = values(Tool::OfficeC2r, &[("ProductReleaseIds", "Personal2019Volume")]);
    assert_eq!(
        doubted(&product("Office", "2019", "Standard"), &personal),
        [Field::Edition]
    );
    assert!(doubted(&product("Office", "2019", "Personal"), &personal).is_empty());
    let standard = values(Tool::OfficeC2r, &[("ProductReleaseIds", "Standard2019Volume")]);
    assert!(doubted(&product("Office", "2019", "Standard"), &standard).is_empty());
}
