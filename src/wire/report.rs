//! Reports on the wire: bounded, of a known tool, and without product keys.

use std::fmt::{Arguments, Display};

use super::{Violations, pb, product_key::holds_printed_product_key, text};
use crate::{
    catalogue::Catalogue,
    completion::Readings,
    domain::{Claim, Field, Note, NoteKind, Place, Reported, Said, Source},
    report::{Reading, Report, Tool, read},
};

/// Most reports on one license, or on the image.
const REPORT_COUNT_MAX: usize = 8;
/// Most values of a report.
const VALUE_COUNT_MAX: usize = 128;
/// Longest text of a report, in bytes.
const REPORT_TEXT_LEN_MAX: usize = 16 * 1024;
/// Values of the registry from which a product key can be computed, as they begin in lower case.
const ENCODED_KEY: &str = "digitalproductid";

/// Reads every report of a request.
pub fn read_reports(request: &pb::CheckRequest, catalogue: &Catalogue, violations: &mut Violations) -> Readings {
    let licenses = request.device.iter().flat_map(|device| &device.licenses).enumerate();
    let image = request.image.iter().flat_map(|image| &image.reports);
    Readings {
        licenses: licenses
            .map(|(index, license)| {
                let path = format_args!("device.licenses[{index}].reports");
                read_each(license.reports.iter(), path, catalogue, violations)
            })
            .collect(),
        image: read_each(image, format_args!("image.reports"), catalogue, violations),
    }
}

/// Notes of the reports in which nothing could be read, so that nobody takes them for evidence.
#[must_use]
pub fn unread_notes(readings: &Readings) -> Vec<Note> {
    let of_licenses = readings.licenses.iter().enumerate();
    let of_licenses = of_licenses.map(|(index, readings)| (Place::License(index), readings));
    let places = of_licenses.chain(std::iter::once((Place::ImageProduct(0), &readings.image)));
    let mut notes = Vec::new();
    for (place, readings) in places {
        let unread = readings.iter().enumerate();
        notes.extend(unread.filter_map(|(index, reading)| unread_note(place, index, reading)));
    }
    notes
}

fn unread_note(place: Place, report: usize, reading: &Reading) -> Option<Note> {
    let claim = Claim {
        value: "nothing".to_owned(),
        said: Said::Reported(Box::new(Reported {
            report,
            tool: reading.tool.as_str().to_owned(),
            key: String::new(),
            raw: reading.unread.clone()?,
            mapping: String::new(),
            source: Source::Seen,
        })),
    };
    Some(Note {
        why: "there is no key in it that the tool is known for, so it could not be read and says nothing".to_owned(),
        ..Note::new(place, Field::Reports, NoteKind::SetAside, vec![claim])
    })
}

/// Bytes of all reports of a request, which take time to read.
#[must_use]
pub fn report_len(request: &pb::CheckRequest) -> usize {
    let licenses = request.device.iter().flat_map(|device| &device.licenses);
    let of_licenses = licenses.flat_map(|license| &license.reports);
    let of_image = request.image.iter().flat_map(|image| &image.reports);
    let len = |report: &pb::Report| {
        let values = report
            .values
            .iter()
            .map(|(key, value)| key.len().saturating_add(value.len()));
        report.text.len().saturating_add(values.sum())
    };
    of_licenses.chain(of_image).map(len).sum()
}

fn read_each<'a>(
    messages: impl Iterator<Item = &'a pb::Report>,
    path: Arguments<'_>,
    catalogue: &Catalogue,
    violations: &mut Violations,
) -> Vec<Reading> {
    let mut readings = Vec::new();
    for (index, message) in messages.enumerate() {
        if index == REPORT_COUNT_MAX {
            violations.add(
                path,
                format!("more entries than can be taken; at most {REPORT_COUNT_MAX} are"),
            );
            break;
        }
        let report = parse_report(message, format_args!("{path}[{index}]"), violations);
        readings.extend(report.map(|report| read(&report, catalogue)));
    }
    readings
}

/// Parses a report; `None` when it is wrong and noted as such.
fn parse_report(message: &pb::Report, path: Arguments<'_>, violations: &mut Violations) -> Option<Report> {
    let before = violations.as_slice().len();
    let tool = parse_tool(&message.tool, format_args!("{path}.tool"), violations);
    text::count(
        message.values.len(),
        VALUE_COUNT_MAX,
        format_args!("{path}.values"),
        violations,
    );
    for (key, value) in message.values.iter().take(VALUE_COUNT_MAX) {
        check_value(key, value, path, violations);
    }
    if message.text.len() > REPORT_TEXT_LEN_MAX {
        violations.add(
            format_args!("{path}.text"),
            format!(
                "{} bytes are too many; at most {REPORT_TEXT_LEN_MAX} are taken: give the part about this product",
                message.text.len()
            ),
        );
    } else {
        refuse_key(&message.text, format_args!("{path}.text"), violations);
        if message.text.to_ascii_lowercase().contains(ENCODED_KEY) {
            refuse_encoded_key(format_args!("{path}.text"), violations);
        }
    }
    if message.values.is_empty() && message.text.trim().is_empty() {
        violations.add(path, "is empty; give its `values` or its `text`, or leave it out");
    }
    let is_right = violations.as_slice().len() == before;
    tool.filter(|_| is_right).map(|tool| Report {
        tool,
        values: message.values.clone(),
        text: message.text.clone(),
    })
}

fn parse_tool(name: &str, path: impl Display, violations: &mut Violations) -> Option<Tool> {
    let tool = Tool::parse(name);
    if tool.is_none() {
        let names = Tool::names();
        let shown = text::text(name, &path, violations).map_or_else(
            || "the report names no tool".to_owned(),
            |name| format!("`{name}` is no tool whose reports are known here"),
        );
        violations.add(path, format!("{shown}; known: {names}"));
    }
    tool
}

fn check_value(key: &str, value: &str, path: Arguments<'_>, violations: &mut Violations) {
    // A key that must not be repeated is not repeated in its path either.
    if key.trim().is_empty() {
        violations.add(
            format_args!("{path}.values"),
            "a value needs its name; give it, or leave the value out",
        );
    } else if text::text(key, format_args!("{path}.values"), violations).is_some() {
        if key.to_ascii_lowercase().starts_with(ENCODED_KEY) {
            refuse_encoded_key(format_args!("{path}.values[{key}]"), violations);
        }
        text::free_text(value, format_args!("{path}.values[{key}]"), violations);
    }
}

fn refuse_key(text: &str, path: impl Display, violations: &mut Violations) {
    if holds_printed_product_key(text) {
        violations.add(
            path,
            "holds what looks like a full product key; leave it out, or mask all but its last group",
        );
    }
}

fn refuse_encoded_key(path: impl Display, violations: &mut Violations) {
    violations.add(
        path,
        "holds `DigitalProductId`, from which the product key can be computed; leave it out",
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(tool: &str, values: &[(&str, &str)], text: &str) -> pb::Report {
        let values = values.iter();
        pb::Report {
            tool: tool.to_owned(),
            values: values
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                .collect(),
            text: text.to_owned(),
        }
    }

    fn problems(reports: Vec<pb::Report>) -> String {
        let request = pb::CheckRequest {
            image: Some(pb::Image {
                reports,
                ..pb::Image::default()
            }),
            ..pb::CheckRequest::default()
        };
        let mut violations = Violations::default();
        let readings = read_reports(&request, Catalogue::embedded(), &mut violations);
        assert_eq!(readings.image.is_empty(), !violations.as_slice().is_empty());
        violations.to_string()
    }

    #[test]
    fn a_report_of_a_known_tool_is_read() {
        assert_eq!(problems(vec![report("WMI", &[("OperatingSystemSKU", "48")], "")]), "");
        assert_eq!(problems(vec![report("dism", &[], "Edition : Professional")]), "");
    }

    #[test]
    fn a_report_in_which_nothing_is_known_is_noted() {
        let request = pb::CheckRequest {
            device: Some(pb::Device {
                licenses: vec![pb::License {
                    reports: vec![
                        report("wmi", &[], "Version=6.1.7601"),
                        report("wmi", &[], "\nAccess denied.\n"),
                    ],
                    ..pb::License::default()
                }],
                ..pb::Device::default()
            }),
            image: Some(pb::Image {
                reports: vec![report("registry", &[("Color", "blue")], "")],
                ..pb::Image::default()
            }),
            ..pb::CheckRequest::default()
        };
        let readings = read_reports(&request, Catalogue::embedded(), &mut Violations::default());
        let notes = unread_notes(&readings);
        let raw = |note: &Note| match &note.claims[0].said {
            Said::Reported(reported) => (note.place, reported.report, reported.raw.clone()),
            said => panic!("{said:?}"),
        };
        assert_eq!(
            notes.iter().map(raw).collect::<Vec<_>>(),
            [
                (Place::License(0), 1, "Access denied.".to_owned()),
                (Place::ImageProduct(0), 0, "Color=blue".to_owned())
            ]
        );
    }

    #[test]
    fn a_wrong_tool_is_answered_with_the_list() {
        let problem = problems(vec![report("excel", &[], "x")]);
        assert!(
            problem.starts_with("image.reports[0].tool: `excel` is no tool"),
            "{problem}"
        );
        assert!(problem.contains("known: wmi, registry, slmgr"), "{problem}");
        assert!(problems(vec![report("", &[], "x")]).contains("names no tool"));
    }

    #[test]
    fn an_empty_report_is_none() {
        assert!(problems(vec![report("wmi", &[], " \n")]).contains("image.reports[0]: is empty"));
        assert!(problems(vec![report("wmi", &[(" ", "1")], "")]).contains("a value needs its name"));
    }

    #[test]
    fn reports_have_bounds() {
        let long = "x".repeat(REPORT_TEXT_LEN_MAX + 1);
        assert!(problems(vec![report("wmi", &[], &long)]).contains("image.reports[0].text: 16385 bytes"));
        assert_eq!(problems(vec![report("wmi", &[], &long[1..])]), "");
        let long = "x".repeat(1025);
        assert!(problems(vec![report("wmi", &[("A", &long)], "")]).contains("image.reports[0].values[A]: 1025 bytes"));
        let keys: Vec<String> = (0..=VALUE_COUNT_MAX).map(|key| key.to_string()).collect();
        let values: Vec<(&str, &str)> = keys.iter().map(|key| (key.as_str(), "1")).collect();
        assert!(problems(vec![report("wmi", &values, "")]).contains("image.reports[0].values: 129 entries"));
        let many = vec![report("wmi", &[("A", "1")], ""); REPORT_COUNT_MAX + 1];
        let mut violations = Violations::default();
        read_each(
            many.iter(),
            format_args!("image.reports"),
            Catalogue::embedded(),
            &mut violations,
        );
        assert_eq!(
            violations.to_string(),
            "image.reports: more entries than can be taken; at most 8 are"
        );
    }

    #[test]
    fn product_keys_are_refused_however_they_are_written_and_never_repeated() {
        let key = ["BBBBB"; 5].join("-");
        let interleaved: String = key.chars().flat_map(|sign| [sign, '\0']).collect();
        for refused in [
            report("mdt", &[], &format!("ProductKey={key}")),
            report("mdt", &[], &interleaved),
            report("mdt", &[("ProductKey", &key)], ""),
            report("mdt", &[(&key, "1")], ""),
            report("registry", &[("DigitalProductId4", "f8040000")], ""),
            report("registry", &[], "\"DigitalProductId\"=hex:a4,00,00"),
        ] {
            let problem = problems(vec![refused]);
            assert!(problem.contains("key"), "{problem}");
            assert!(!problem.contains("BBBBB"), "{problem}");
        }
    }
}
