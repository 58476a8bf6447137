//! Programs that no table names are products of an image; what comes with others or free of charge is none.

use reimage_rights::{
    domain::Field,
    report::{Report, Tool, unstated_products},
};

use crate::support::reports::{contradicted, parts, product, reading, text, values};

/// How many products the report tells in an image of Windows 7 Professional.
fn products_more(report: &Report) -> usize {
    unstated_products(&[product("Windows", "7", "Professional")], &[reading(report)]).len()
}

/// The name of an installed program, by both inventories.
fn installed(name: &str) -> [Report; 2] {
    [
        values(Tool::Glpi, &[("LICENSEINFOS.FULLNAME", name)]),
        values(Tool::Ocs, &[("OFFICEPACK.PRODUCT", name)]),
    ]
}

#[test]
fn a_code_of_whatever_program_is_a_product_more() {
    for code in [
        "{91330409-6000-11D3-8CFE-0150048383C9}",
        "{90170409-6000-11D3-8CFE-0150048383C9}",
        "{90550409-6000-11D3-8CFE-0150048383C9}",
        "{90320409-6000-11D3-8CFE-0150048383C9}",
        "{91EE040C-6000-11D3-8CFE-0150048383C9}",
        "{90110409-6000-11D3-8CFE-0050048383C9}",
        "{90280409-6000-11D3-8CFE-0050048383C9}",
        "{00010409-78E1-11D2-B60F-006097C998E7}",
        "{90510409-6D54-11D4-BEE3-00C04F990354}",
        "{90120000-0033-0000-0000-0000000FF1CE}",
        "{90140011-0066-0409-0000-0000000FF1CE}",
    ] {
        assert_eq!(products_more(&text(Tool::OfficeMsi, code)), 1, "{code}");
    }
}

#[test]
fn codes_of_further_programs_are_read() {
    for (code, named) in [
        ("{91330409-6000-11D3-8CFE-0150048383C9}", "Office/2003/?"),
        ("{90170409-6000-11D3-8CFE-0150048383C9}", "FrontPage/2003/?"),
        ("{90550409-6000-11D3-8CFE-0150048383C9}", "Visio/2003/?"),
        ("{90E00409-6000-11D3-8CFE-0150048383C9}", "Outlook/2003/Application"),
        ("{90140011-0061-0409-0000-0000000FF1CE}", "Office/2010/Home and Student"),
        (
            "{90140011-0062-0409-0000-0000000FF1CE}",
            "Office/2010/Home and Business",
        ),
        ("{90140011-0066-0409-0000-0000000FF1CE}", "Office/2010/Starter"),
    ] {
        assert_eq!(parts(&text(Tool::OfficeMsi, code)), named, "{code}");
    }
    let personal = text(Tool::OfficeMsi, "{91330409-6000-11D3-8CFE-0150048383C9}");
    assert!(contradicted(&product("Office", "2003", "Personal"), &personal).is_empty());
    assert_eq!(
        contradicted(&product("Office", "2003", "Standard"), &personal),
        [Field::Edition]
    );
    let front_page = text(Tool::OfficeMsi, "{90170409-6000-11D3-8CFE-0150048383C9}");
    assert!(contradicted(&product("FrontPage", "2003", "Standard"), &front_page).is_empty());
}

#[test]
fn a_name_of_whatever_office_is_a_product_more() {
    for name in [
        "Microsoft Office Professionnel Plus 2010",
        "Microsoft Office Профессиональный плюс 2010",
        "Microsoft Office 专业增强版 2016",
        "Microsoft Office 365 ProPlus",
        "Microsoft Office 365 ProPlus - en-us",
        "Microsoft Office XP Professional",
        "Microsoft(R) Office XP Professional",
        "Microsoft Office 2000 Premium",
        "Microsoft Office XP Professional Service Pack 3",
        "Microsoft Office Home and Business 2013 - de-de",
        "Microsoft FrontPage 2003",
        "Microsoft 365 Apps for enterprise - en-us",
    ] {
        for report in installed(name) {
            assert_eq!(products_more(&report), 1, "{name} by {:?}", report.tool);
        }
    }
}

#[test]
fn names_in_other_languages_and_with_their_tag_are_read() {
    for (name, named) in [
        (
            "Microsoft Office Professionnel Plus 2010",
            "Office/2010/Professional Plus",
        ),
        (
            "Microsoft Office Профессиональный плюс 2010",
            "Office/2010/Professional Plus",
        ),
        (
            "Microsoft Office Famille et Étudiant 2010",
            "Office/2010/Home and Student",
        ),
        (
            "Microsoft Office Home and Business 2013 - de-de",
            "Office/2013/Home and Business",
        ),
        ("Microsoft Office 365 ProPlus - en-us", "Office/?/?"),
        ("Microsoft Office XP Professional", "Office/?/?"),
    ] {
        for report in installed(name) {
            assert_eq!(parts(&report), named, "{name}");
        }
    }
    let [subscription, _] = installed("Microsoft Office 365 ProPlus");
    assert!(contradicted(&product("Office", "", "365 ProPlus"), &subscription).is_empty());
    assert_eq!(
        contradicted(&product("Office", "2016", "Professional Plus"), &subscription),
        [Field::Edition]
    );
    let [old, _] = installed("Microsoft Office XP Professional");
    assert_eq!(
        contradicted(&product("Office", "2010", "Professional"), &old),
        [Field::Version]
    );
}

#[test]
fn what_comes_with_others_or_free_of_charge_is_no_product() {
    for code in [
        "{901F0409-6000-11D3-8CFE-0150048383C9}",
        "{90FF0409-6000-11D3-8CFE-0150048383C9}",
        "{90520409-6000-11D3-8CFE-0150048383C9}",
        "{90850409-6000-11D3-8CFE-0150048383C9}",
        "{90A40409-6000-11D3-8CFE-0150048383C9}",
        "{90260409-6000-11D3-8CFE-0050048383C9}",
        "{00300409-78E1-11D2-B60F-006097C998E7}",
        "{90120000-0020-0409-0000-0000000FF1CE}",
        "{90120000-001F-0409-0000-0000000FF1CE}",
        "{90140000-0043-0000-1000-0000000FF1CE}",
        "{90120000-002A-0000-1000-0000000FF1CE}",
        "{90140000-001C-0000-0000-0000000FF1CE}",
        "{901C0409-6000-11D3-8CFE-0150048383C9}",
        "{90140000-0017-0000-0000-0000000FF1CE}",
        "{50120000-1105-0000-0000-0000000FF1CE}",
        "{95140000-00AF-0000-0000-0000000FF1CE}",
    ] {
        assert!(reading(&text(Tool::OfficeMsi, code)).described.is_empty(), "{code}");
    }
    for name in [
        "Microsoft Office Language Pack 2010 - French/Français",
        "Microsoft Office Proofing Tools 2013 - English",
        "Compatibility Pack for the 2007 Office system",
        "Microsoft Office Word Viewer 2003",
        "Microsoft Office Access Runtime (English) 2010",
        "Security Update for Microsoft Office 2010",
        "2007 Microsoft Office Primary Interop Assemblies",
    ] {
        for report in installed(name) {
            assert!(reading(&report).described.is_empty(), "{name}");
        }
    }
}

#[test]
fn what_click_to_run_installs_beside_office_or_free_of_charge_is_no_product() {
    let office = product("Office", "2021", "Professional Plus");
    let with = |id: &str| {
        let ids = format!("ProPlus2021Volume,{id}");
        values(
            Tool::OfficeC2r,
            &[
                ("ProductReleaseIds", &ids),
                ("Platform", "x64"),
                ("ClientCulture", "en-us"),
            ],
        )
    };
    let unstated = |id: &str| unstated_products(std::slice::from_ref(&office), &[reading(&with(id))]).len();
    for id in [
        "LanguagePack",
        "ProofingTools",
        "AccessRuntimeRetail",
        "AccessRuntime2019Retail",
        "OneNoteFreeRetail",
        "SkypeforBusinessEntryRetail",
        "SkypeforBusinessEntry2019Retail",
        "LyncEntryRetail",
        "SPDRetail",
    ] {
        assert_eq!(unstated(id), 0, "{id}");
        assert!(contradicted(&office, &with(id)).is_empty(), "{id}");
    }
    for id in [
        "AccessRetail",
        "OneNoteRetail",
        "SkypeforBusinessRetail",
        "MondoVolume",
        "Novelty",
    ] {
        assert_eq!(unstated(id), 1, "{id}");
    }
    for name in [
        "Office 16, Office16AccessRuntimeR_PrepidBypass edition",
        "Office 16, Office16OneNoteFreeR_Bypass edition",
        "Office 16, Office16SkypeforBusinessEntryR_PrepidBypass edition",
    ] {
        let license = values(
            Tool::Ospp,
            &[
                ("LICENSE NAME", name),
                ("LICENSE DESCRIPTION", "Office 16, RETAIL channel"),
            ],
        );
        assert_eq!(products_more(&license), 0, "{name}");
    }
}

#[test]
fn of_other_makers_programs_and_of_systems_an_inventory_tells_no_product() {
    for name in ["Adobe Acrobat 9 Pro", "Microsoft Windows 10 Entreprise LTSC"] {
        let [inventory, _] = installed(name);
        assert_eq!(products_more(&inventory), 0, "{name}");
    }
}
