//! Editions of Windows for Korea have no id of their own.

use reimage_rights::{
    catalogue::Catalogue,
    domain::{Channel, Field, ImageProduct, License, Media, Name, Product},
    report::{LicenseFacts, Meant, Report, Tool, image_facts, license_facts},
};

use crate::support::reports::{parts, reading, values};

fn product(version: &str, edition: &str) -> Product {
    Product {
        family: Name::parse("Windows"),
        version: Name::parse(version),
        edition: Name::parse(edition),
        ..Product::default()
    }
}

/// What comes of an OEM license with a report on it.
fn licensed(product: Product, report: &Report) -> LicenseFacts {
    let stated = License {
        product,
        channel: Some(Channel::Oem),
        ..License::default()
    };
    license_facts(&stated, &[reading(report)], Catalogue::embedded())
}

fn doubted(stated: Product, report: &Report) -> Vec<Field> {
    let family = stated.family.clone();
    let meant = Meant::by_family(family.as_ref());
    let stated = ImageProduct {
        product: stated,
        media: None,
    };
    let media = Media::default();
    let facts = image_facts(&stated, meant, &media, &[reading(report)], Catalogue::embedded());
    facts.conflicts.iter().map(|conflict| conflict.field).collect()
}

fn wmi(caption: &str, sku: &str, language: &str) -> Report {
    values(
        Tool::Wmi,
        &[
            ("Caption", caption),
            ("Version", "6.1.7601"),
            ("OperatingSystemSKU", sku),
            ("OSLanguage", language),
            ("SerialNumber", "00371-OEM-8992671-00524"),
        ],
    )
}

fn dism(kernel: &str, id: &str, languages: &str) -> Report {
    values(
        Tool::Dism,
        &[("Version", kernel), ("Edition", id), ("Languages", languages)],
    )
}

#[test]
fn the_id_of_the_edition_without_k_contradicts_no_edition_for_korea() {
    for (edition, sku, id) in [
        ("Professional K", "48", "Professional"),
        ("Professional KN", "49", "ProfessionalN"),
        ("Ultimate K", "1", "Ultimate"),
    ] {
        let caption = format!("Microsoft Windows 7 {edition} ");
        let registry = values(
            Tool::Registry,
            &[
                ("ProductName", caption.as_str()),
                ("EditionID", id),
                ("CurrentVersion", "6.1"),
            ],
        );
        for report in [
            wmi(&caption, sku, "1042"),
            wmi(&caption, sku, ""),
            wmi("", sku, "1042"),
            registry,
            dism("6.1.7601", id, "ko-KR (Default)"),
        ] {
            assert!(doubted(product("7", edition), &report).is_empty(), "{report:?}");
            assert!(
                licensed(product("7", edition), &report).conflicts.is_empty(),
                "{report:?}"
            );
        }
    }
}

#[test]
fn of_several_reports_one_tells_of_korean_for_all() {
    let slmgr = values(Tool::Slmgr, &[("Name", "Windows(R) 7, Professional edition")]);
    let stated = ImageProduct {
        product: product("7", "Professional K"),
        media: None,
    };
    let conflicts = |reports: &[&Report]| {
        let readings: Vec<_> = reports.iter().map(|report| reading(report)).collect();
        image_facts(
            &stated,
            Meant::System,
            &Media::default(),
            &readings,
            Catalogue::embedded(),
        )
        .conflicts
    };
    assert!(conflicts(&[&slmgr, &wmi("", "48", "1042")]).is_empty());
    assert!(conflicts(&[&slmgr, &wmi("Microsoft Windows 7 Professional K", "48", "")]).is_empty());
    assert_eq!(conflicts(&[&slmgr, &wmi("", "48", "1031")]).len(), 1);
}

#[test]
fn where_nothing_tells_of_korea_an_id_is_of_the_edition_without_k() {
    for report in [
        wmi("", "48", ""),
        wmi("", "48", "1033"),
        dism("6.1.7601", "Professional", ""),
    ] {
        assert_eq!(parts(&report), "Windows/7/Professional", "{report:?}");
        assert_eq!(
            doubted(product("7", "Professional K"), &report),
            [Field::Edition],
            "{report:?}"
        );
    }
}

#[test]
fn a_name_tells_the_edition_for_korea_beside_the_id() {
    for language in ["1042", ""] {
        let report = wmi("Microsoft Windows 7 Professional K ", "48", language);
        let edition = licensed(Product::default(), &report).product.edition;
        assert_eq!(edition, Name::parse("Professional K"), "{language}");
    }
    let plain = wmi("Microsoft Windows 7 Professional ", "48", "1042");
    let edition = licensed(Product::default(), &plain).product.edition;
    assert_eq!(edition, Name::parse("Professional"));
    assert_eq!(licensed(product("7", "Professional K"), &plain).product.edition, None);
}

#[test]
fn in_korean_an_id_alone_leaves_open_which_edition_it_is() {
    for report in [wmi("", "48", "1042"), dism("6.1.7601", "Professional", "en-US, ko-KR")] {
        assert_eq!(parts(&report), "Windows/7/?", "{report:?}");
        assert!(doubted(product("7", "Professional"), &report).is_empty());
        assert_eq!(doubted(product("7", "Ultimate"), &report), [Field::Edition]);
        assert_eq!(doubted(product("7", "Professional KN"), &report), [Field::Edition]);
    }
    let german = dism("6.1.7601", "Professional", "de-DE");
    assert_eq!(parts(&german), "Windows/7/Professional");
    assert_eq!(doubted(product("7", "Ultimate K"), &german), [Field::Edition]);
}

#[test]
fn where_there_is_no_edition_for_korea_the_id_tells_the_edition() {
    assert_eq!(
        parts(&dism("10.0.19045", "Professional", "ko-KR")),
        "Windows/10/Professional"
    );
    assert_eq!(parts(&dism("10.0.19045", "ProfessionalN", "ko-KR")), "Windows/10/?");
    assert_eq!(parts(&dism("10.0.19045", "Education", "ko-KR")), "Windows/10/Education");
}

#[test]
fn the_title_of_an_image_for_korea_contradicts_the_edition_without_k() {
    let report = values(
        Tool::Dism,
        &[
            ("Name", "Windows 7 Professional K"),
            ("Version", "6.1.7601"),
            ("Edition", "Professional"),
        ],
    );
    let unstated = Product {
        family: Name::parse("Windows"),
        ..Product::default()
    };
    assert_eq!(doubted(unstated, &report), [Field::Edition]);
    assert_eq!(doubted(product("7", "Professional"), &report), [Field::Edition]);
    let in_korean = values(
        Tool::Dism,
        &[
            ("Name", "Windows 7 Professional K"),
            ("Version", "6.1.7601"),
            ("Edition", "Professional"),
            ("Languages", "ko-KR (Default)"),
        ],
    );
    assert!(doubted(product("7", "Professional K"), &in_korean).is_empty());
}
