//! `sources\ei.cfg` of installation media: sections of one line each.

use crate::report::{Report, SoftwareKind, item::Item, record::records};

pub(super) fn items(report: &Report) -> Vec<Item> {
    let mut item = Item::new(SoftwareKind::OperatingSystem);
    for record in records(report) {
        for (key, value) in &record.fields {
            item.push(if key.is_empty() { &record.section } else { key }, value);
        }
    }
    vec![item]
}
