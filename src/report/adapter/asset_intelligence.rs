//! The license import of `ConfigMgr` Asset Intelligence: each record is a thing of its own.

use crate::report::{
    Report, SoftwareKind,
    item::Item,
    record::{Record, records},
};

pub(super) fn items(report: &Report) -> Vec<Item> {
    each_record(report, |_| true)
}

/// A thing for each record that counts.
pub(super) fn each_record(report: &Report, counts: fn(&Record) -> bool) -> Vec<Item> {
    let mut items = Vec::new();
    for record in records(report).iter().filter(|record| counts(record)) {
        let mut item = Item::new(SoftwareKind::Application);
        for (key, value) in record.fields.iter().filter(|(key, _)| !key.is_empty()) {
            item.push(key, value);
        }
        items.push(item);
    }
    items
}
