//! Windows Small Business Server 2003 calls itself a Windows Server, and is none.

use reimage_rights::{
    catalogue::Catalogue,
    domain::{Field, ImageProduct, Media, Name, Product},
    report::{Meant, Report, Tool, image_facts, unstated_products},
};

use crate::support::reports::{one, parts, reading, values};

const CAPTION: &str = "Microsoft(R) Windows(R) Server 2003 for Small Business Server";

fn product(family: &str, version: &str, edition: &str) -> ImageProduct {
    ImageProduct {
        product: Product {
            family: Name::parse(family),
            version: Name::parse(version),
            edition: Name::parse(edition),
            ..Product::default()
        },
        media: None,
    }
}

fn doubted(stated: &ImageProduct, report: &Report) -> Vec<Field> {
    let meant = Meant::by_family(stated.product.family.as_ref());
    let media = Media::default();
    let facts = image_facts(stated, meant, &media, &[reading(report)], Catalogue::embedded());
    facts.conflicts.iter().map(|conflict| conflict.field).collect()
}

fn server(caption: &str, role: &str) -> Report {
    values(
        Tool::Wmi,
        &[
            ("Caption", caption),
            ("Version", "5.2.3790"),
            ("ProductType", role),
            ("SerialNumber", "74995-OEM-4211906-00803"),
        ],
    )
}

#[test]
fn its_name_tells_the_family_and_leaves_open_version_and_edition() {
    for caption in [
        CAPTION,
        "Microsoft(R) Windows(R) Server 2003, for Small Business Server",
    ] {
        for role in ["2", "3"] {
            let report = server(caption, role);
            assert_eq!(parts(&report), "Windows Small Business Server/?/?", "{caption}");
            assert_eq!(one(&report, Field::RunningChannel), "OEM");
        }
    }
}

#[test]
fn it_contradicts_no_small_business_server_that_was_stated_and_every_other_server() {
    for version in ["2003", "2003 R2"] {
        let stated = product("Windows Small Business Server", version, "Standard");
        for caption in [CAPTION, ""] {
            assert!(
                doubted(&stated, &server(caption, "2")).is_empty(),
                "{version} {caption}"
            );
        }
    }
    let later = product("Windows Small Business Server", "2008", "Standard");
    assert_eq!(doubted(&later, &server(CAPTION, "2")), [Field::Version]);
    let standard = product("Windows Server", "2003", "Standard");
    assert_eq!(doubted(&standard, &server(CAPTION, "2")), [Field::Family]);
    let own = server("Microsoft(R) Windows(R) Server 2003, Standard Edition", "2");
    assert!(doubted(&standard, &own).is_empty());
}

#[test]
fn without_a_name_a_server_of_that_kernel_is_one_or_the_other_and_no_desktop() {
    let unnamed = server("", "3");
    assert_eq!(parts(&unnamed), "?/?/?");
    assert!(doubted(&product("Windows Server", "2003", "Standard"), &unnamed).is_empty());
    let desktop = product("Windows", "XP", "Professional x64");
    assert_eq!(doubted(&desktop, &unnamed), [Field::Family]);
    let office = product("Office", "2003", "Standard");
    let bare = values(Tool::Wmi, &[("Version", "5.2.3790"), ("ProductType", "3")]);
    assert_eq!(unstated_products(&[office], &[reading(&bare)]), [Meant::System]);
}
