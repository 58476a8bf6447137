//! Windows Small Business Server 2003 calls itself a Windows Server, and is none.

use reimage_rights::{
    domain::Field,
    report::{Meant, Report, Tool, unstated_products},
};

use crate::support::reports::{contradicted, one, parts, product, reading, values};

const CAPTION: &str = "Microsoft(R) Windows(R) Server 2003 for Small Business Server";

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
                contradicted(&stated, &server(caption, "2")).is_empty(),
                "{version} {caption}"
            );
        }
    }
    let later = product("Windows Small Business Server", "2008", "Standard");
    assert_eq!(contradicted(&later, &server(CAPTION, "2")), [Field::Version]);
    let standard = product("Windows Server", "2003", "Standard");
    assert_eq!(contradicted(&standard, &server(CAPTION, "2")), [Field::Family]);
    let own = server("Microsoft(R) Windows(R) Server 2003, Standard Edition", "2");
    assert!(contradicted(&standard, &own).is_empty());
}

#[test]
fn without_a_name_a_server_of_that_kernel_is_one_or_the_other_and_no_desktop() {
    let unnamed = server("", "3");
    assert_eq!(parts(&unnamed), "?/?/?");
    assert!(contradicted(&product("Windows Server", "2003", "Standard"), &unnamed).is_empty());
    let desktop = product("Windows", "XP", "Professional x64");
    assert_eq!(contradicted(&desktop, &unnamed), [Field::Family]);
    let office = product("Office", "2003", "Standard");
    let bare = values(Tool::Wmi, &[("Version", "5.2.3790"), ("ProductType", "3")]);
    assert_eq!(unstated_products(&[office], &[reading(&bare)]), [Meant::System]);
}
