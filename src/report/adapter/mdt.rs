//! Variables of the Microsoft Deployment Toolkit, and its `OperatingSystems.xml`, in which every `os` is an image of its own and
//! the value `ImageIndex` alone picks one.

use super::dism::pick;
use crate::report::{
    Reading, Report, SoftwareKind, Tool,
    item::Item,
    record::{Record, records},
    table::key,
    text::fold,
};

pub(super) fn items(report: &Report, reading: &mut Reading) -> Vec<Item> {
    let mut variables = Item::new(SoftwareKind::OperatingSystem);
    let mut images = Vec::new();
    for record in records(report) {
        match fold(&record.section).as_str() {
            "os" => {
                let mut image = Item::new(SoftwareKind::OperatingSystem);
                add(&mut image, &record);
                images.push(image);
            }
            "oss" => {}
            _ => add(&mut variables, &record),
        }
    }
    images.push(variables);
    pick(images, reading)
}

/// Task sequences carry hundreds of variables; those that the table does not know are passed over.
fn add(item: &mut Item, record: &Record) {
    for (name, value) in record.fields.iter().filter(|(name, _)| key(Tool::Mdt, name).is_some()) {
        item.push(name, value);
    }
}
