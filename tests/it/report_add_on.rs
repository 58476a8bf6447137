//! Extended updates and the like are licensed beside Windows: by their keys no Windows runs.

use reimage_rights::{
    domain::Field,
    report::{Report, Tool},
};

use crate::support::reports::{one, parts, text, values};

const WINDOWS: [(&str, &str); 4] = [
    ("Win32_OperatingSystem.Version", "6.1.7601"),
    ("SoftwareLicensingProduct[0].Name", "Windows(R) 7, Professional edition"),
    (
        "SoftwareLicensingProduct[0].Description",
        "Windows Operating System - Windows(R) 7, OEM_SLP channel",
    ),
    ("SoftwareLicensingProduct[0].LicenseFamily", "Professional"),
];
const ADD_ON_NAME: (&str, &str) = (
    "SoftwareLicensingProduct[1].Name",
    "Windows(R) 7, Client-ESU-Year1 add-on for Enterprise,EnterpriseN,Professional,ProfessionalN,Ultimate",
);
const ADD_ON_FAMILY: (&str, &str) = ("SoftwareLicensingProduct[1].LicenseFamily", "Client-ESU-Year1");
const ADD_ON_CHANNEL: (&str, &str) = (
    "SoftwareLicensingProduct[1].Description",
    "Windows Operating System - Windows(R) 7, VOLUME_MAK channel",
);

fn assert_runs_by_the_key_of_the_maker(report: &Report) {
    assert_eq!(one(report, Field::RunningChannel), "OEM", "{report:?}");
    assert_eq!(parts(report), "Windows/7/Professional", "{report:?}");
}

#[test]
fn an_add_on_says_nothing_of_the_channel_that_the_copy_runs_in() {
    for add_on in [
        &[ADD_ON_NAME, ADD_ON_FAMILY, ADD_ON_CHANNEL][..],
        &[ADD_ON_NAME, ADD_ON_CHANNEL],
        &[ADD_ON_FAMILY, ADD_ON_CHANNEL],
    ] {
        assert_runs_by_the_key_of_the_maker(&values(Tool::Wmi, &[&WINDOWS[..], add_on].concat()));
    }
}

#[test]
fn blocks_of_add_ons_are_told_from_those_of_windows() {
    let block = |name: &str, channel: &str| {
        format!(
            "Name={name}\r\nDescription=Windows Operating System - Windows(R) 7, {channel} channel\r\nPartialProductKey=ABCDE\r\n\r\n"
        )
    };
    let (own, add_on) = (block(WINDOWS[1].1, "OEM_SLP"), block(ADD_ON_NAME.1, "VOLUME_MAK"));
    let version = "Version=6.1.7601\r\n\r\n";
    assert_runs_by_the_key_of_the_maker(&text(Tool::Wmi, &format!("{version}{own}{add_on}")));
    assert_runs_by_the_key_of_the_maker(&text(Tool::Wmi, &format!("{version}{add_on}{own}")));
    let printed = format!("{own}{add_on}")
        .replace('=', ": ")
        .replace("PartialProductKey", "Partial Product Key");
    assert_runs_by_the_key_of_the_maker(&text(Tool::Slmgr, &printed));
}

#[test]
fn two_licenses_of_windows_that_contradict_each_other_still_do() {
    let other = ("SoftwareLicensingProduct[1].Name", "Windows(R) 7, Professional edition");
    let report = values(Tool::Wmi, &[&WINDOWS[..], &[other, ADD_ON_CHANNEL]].concat());
    assert_eq!(one(&report, Field::RunningChannel), "OEM|volume (MAK)");
}
