//! Task sequence variables of `ConfigMgr`. They say little of products: which image is applied is a number, and its version the
//! administrator's own.

use crate::report::{Report, SoftwareKind, Tool, item::Item, record::records, table::key};

pub(super) fn items(report: &Report) -> Vec<Item> {
    let mut item = Item::new(SoftwareKind::OperatingSystem);
    for (name, value) in records(report).into_iter().flat_map(|record| record.fields) {
        let is_internal = name.starts_with("_SMSTS") && key(Tool::ConfigMgr, &name).is_none();
        if !name.is_empty() && !is_internal {
            item.push(&name, &value);
        }
    }
    vec![item]
}
