//! Windows Management Instrumentation: `wmic ... get /value`, `Get-WmiObject | Format-List`, or JSON of either.
//!
//! One device runs one Windows, so everything about Windows is one thing, whichever class it stands in. Licenses of Office stand
//! in the same class as the license of Windows, each in a record of its own. A license without a partial key is not installed, and one of
//! an add-on says nothing of the copy.

use super::add_on::{is_add_on, is_of_license};
use crate::report::{
    Report, SoftwareKind,
    item::Item,
    record::{Record, records},
    table::{ApplicationWord, TABLES},
    text::fold,
};

pub(super) fn items(report: &Report) -> Vec<Item> {
    let mut windows = Item::new(SoftwareKind::OperatingSystem);
    let mut items = Vec::new();
    for record in records(report) {
        if record.value("partialproductkey").is_some_and(str::is_empty) {
            continue;
        }
        if is_office(&record) {
            let mut office = Item::new(SoftwareKind::Application);
            add(&mut office, &record);
            items.push(office);
        } else {
            add(&mut windows, &record);
        }
    }
    items.insert(0, windows);
    items
}

/// Whose license a record is, by its application id, else by its name.
fn is_office(record: &Record) -> bool {
    let id = record.value("applicationid").unwrap_or_default();
    let row = TABLES.applications.iter().find(|row| row.id.eq_ignore_ascii_case(id));
    match row {
        Some(row) => row.kind == ApplicationWord::Office,
        None => record
            .value("name")
            .is_some_and(|name| name.to_lowercase().starts_with("office")),
    }
}

/// Properties of the system (`__PATH` and the like) say nothing, and so do lines without a key.
fn add(item: &mut Item, record: &Record) {
    let is_beside = is_add_on(record.value("name"), record.value("licensefamily"));
    for (key, value) in &record.fields {
        if is_beside && is_of_license(&fold(key)) {
            continue;
        }
        if record.value("caption").is_some() && is_own_text(key, value) {
            continue;
        }
        if !key.is_empty() && !key.starts_with("__") && !key.starts_with("PS") {
            let is_slic = record.section.eq_ignore_ascii_case("ACPI_SLIC");
            item.push(if is_slic { "ACPI_SLIC" } else { key }, value);
        }
    }
}

/// Whether a value of the class of the operating system is a text that whoever runs the device chose. A license is described by its
/// channel, and both may stand in one list of values.
fn is_own_text(key: &str, value: &str) -> bool {
    key.eq_ignore_ascii_case("Name")
        || (key.eq_ignore_ascii_case("Description") && !value.trim().to_lowercase().ends_with("channel"))
}
