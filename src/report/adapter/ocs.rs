//! OCS Inventory: the section `HARDWARE`, and the section that the Office plugin adds.

use crate::report::{
    Report, SoftwareKind, Tool,
    item::Item,
    record::{Record, records},
    table::key,
    text::fold,
};

pub(super) fn items(report: &Report) -> Vec<Item> {
    let mut windows = Item::new(SoftwareKind::OperatingSystem);
    let mut items = Vec::new();
    for record in records(report) {
        if fold(&record.section) == "officepack" || record.value("officekey").is_some() {
            let mut office = Item::new(SoftwareKind::Application);
            add(&mut office, "OFFICEPACK", &record);
            items.push(office);
        } else {
            add(&mut windows, "HARDWARE", &record);
        }
    }
    items.insert(0, windows);
    items
}

/// What the table does not know of an inventory is passed over.
fn add(item: &mut Item, section: &str, record: &Record) {
    for (name, value) in &record.fields {
        let name = format!("{section}.{name}");
        if key(Tool::Ocs, &name).is_some() {
            item.push(&name, value);
        }
    }
}
