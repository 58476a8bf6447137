//! Any text can be read: nothing panics, nothing grows without bound, and nothing is told that no table translates.

use proptest::prelude::*;
use reimage_rights::report::{Reading, Report, Tool};

use crate::support::reports::{reading, sample, text};

/// Things described, facts of each, and values left open, at most.
const BOUNDS: [usize; 3] = [3 * 4096, 256, 64];

const SAMPLES: [&str; 12] = [
    "wmi/windows-7-professional-oem.txt",
    "wmi/windows-11-reimaged.json",
    "registry/windows-11-pro.txt",
    "slmgr/dlv-windows-7.txt",
    "dism/windows-7-french.txt",
    "dism/get-windowsimage.json",
    "wim-xml/windows-7.xml",
    "office-c2r/proplus-2019-volume.txt",
    "office-msi/mixed.txt",
    "ospp/2016-kms-and-365.txt",
    "glpi/inventory.json",
    "mdt/operating-systems.xml",
];

fn assert_bounded(reading: &Reading) {
    assert!(reading.described.len() <= BOUNDS[0]);
    assert!(
        reading
            .described
            .iter()
            .all(|described| described.facts.len() <= BOUNDS[1])
    );
    assert!(reading.unmapped.len() <= BOUNDS[2]);
    assert!(
        reading
            .unmapped
            .iter()
            .all(|unmapped| unmapped.raw.len() <= 256 && unmapped.key.len() <= 256)
    );
}

fn tool() -> impl Strategy<Value = Tool> {
    proptest::sample::select(Tool::ALL.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_text_is_read_by_any_tool(tool in tool(), given in "(?s).{0,400}") {
        assert_bounded(&reading(&text(tool, &given)));
    }

    #[test]
    fn any_values_are_read_by_any_tool(
        tool in tool(),
        values in proptest::collection::btree_map("[A-Za-z_.]{0,20}", "(?s).{0,60}", 0..8),
    ) {
        assert_bounded(&reading(&Report { tool, values, text: String::new() }));
    }

    #[test]
    fn a_sample_that_is_cut_and_stained_is_read_by_any_tool(
        tool in tool(),
        file in proptest::sample::select(SAMPLES.to_vec()),
        cut in any::<prop::sample::Index>(),
        stain in any::<char>(),
        at in any::<prop::sample::Index>(),
    ) {
        let mut signs: Vec<char> = sample(file).text.chars().collect();
        let position = at.index(signs.len());
        signs[position] = stain;
        signs.truncate(cut.index(signs.len()));
        assert_bounded(&reading(&text(tool, &signs.into_iter().collect::<String>())));
    }

    #[test]
    fn line_ends_and_marks_of_byte_order_do_not_count(file in proptest::sample::select(SAMPLES.to_vec())) {
        let plain = sample(file);
        let dressed = format!("\u{feff}{}", plain.text.replace("\r\n", "\n").replace('\n', "\r\n"));
        let interleaved: String = plain.text.chars().flat_map(|sign| [sign, '\0']).collect();
        let expected = reading(&plain).described;
        prop_assert_eq!(&reading(&text(plain.tool, &dressed)).described, &expected);
        prop_assert_eq!(&reading(&text(plain.tool, &interleaved)).described, &expected);
    }
}

#[test]
fn long_and_deep_reports_are_read_within_bounds() {
    let many_lines = "Caption=Microsoft Windows 7 Professional\n".repeat(10_000);
    let many_records = "Caption=Windows 7 Pro\n\n".repeat(10_000);
    let deep_json = "[".repeat(100_000);
    let deep_xml = "<a>".repeat(50_000) + &"</a>".repeat(50_000);
    let many_codes = "{90150000-0011-0000-1000-0000000FF1CE}\n".repeat(10_000);
    let no_break = "x".repeat(1_000_000);
    for given in [many_lines, many_records, deep_json, deep_xml, many_codes, no_break] {
        for tool in Tool::ALL {
            assert_bounded(&reading(&text(tool, &given)));
        }
    }
}

#[test]
fn nothing_is_told_of_an_empty_report() {
    for tool in Tool::ALL {
        let reading = reading(&text(tool, ""));
        assert!(
            reading.described.is_empty() && reading.unmapped.is_empty(),
            "{}",
            tool.as_str()
        );
    }
}
