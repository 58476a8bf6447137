//! The registry's `CurrentVersion` key: `reg query`, an exported file, `Get-ItemProperty`, or JSON of it.

use crate::report::{Report, SoftwareKind, item::Item, record::records};

pub(super) fn items(report: &Report) -> Vec<Item> {
    let mut item = Item::new(SoftwareKind::OperatingSystem);
    let fields = records(report).into_iter().flat_map(|record| record.fields);
    for (key, value) in fields.filter(|(key, _)| !key.is_empty() && !key.starts_with("PS")) {
        item.push(&key, &value);
    }
    vec![item]
}
