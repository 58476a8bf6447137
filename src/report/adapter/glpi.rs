//! Inventory of the GLPI and the `FusionInventory` agent, as JSON or XML, and rows of GLPI's table of licenses.
//!
//! What belongs to Windows stands in two sections, which are one thing. Every license is a thing of its own.

use crate::report::{
    Report, SoftwareKind,
    item::Item,
    record::{Record, records},
    text::fold,
};

pub(super) fn items(report: &Report) -> Vec<Item> {
    let mut windows = Item::new(SoftwareKind::OperatingSystem);
    let mut items = Vec::new();
    for record in records(report) {
        match fold(&record.section).as_str() {
            "hardware" => add(&mut windows, "HARDWARE", &record),
            "operatingsystem" => add(&mut windows, "OPERATINGSYSTEM", &record),
            "licenseinfos" => {
                let mut item = Item::new(SoftwareKind::Application);
                add(&mut item, "LICENSEINFOS", &record);
                items.push(item);
            }
            "" | "glpisoftwarelicenses"
                if record.value("softwarelicensetypesid").is_some() || !record.section.is_empty() =>
            {
                let mut item = Item::new(SoftwareKind::Application);
                add(&mut item, "glpi_softwarelicenses", &record);
                items.push(item);
            }
            _ => add_bare(&mut windows, &record),
        }
    }
    items.insert(0, windows);
    items
}

/// An inventory says much that is no fact of a license: what the table does not know of a section is passed over.
fn add(item: &mut Item, section: &str, record: &Record) {
    for (key, value) in &record.fields {
        let name = format!("{section}.{key}");
        if crate::report::table::key(crate::report::Tool::Glpi, &name).is_some() {
            item.push(&name, value);
        }
    }
}

/// Values without a section: the one that knows them.
fn add_bare(item: &mut Item, record: &Record) {
    add(item, "HARDWARE", record);
    add(item, "OPERATINGSYSTEM", record);
}
