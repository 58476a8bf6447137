//! `ospp.vbs /dstatus`: a block for each license, with a ruler of dashes between them.

use crate::report::{Report, SoftwareKind, item::Item, record::records, text::fold};

pub(super) fn items(report: &Report) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    for (key, value) in records(report).into_iter().flat_map(|record| record.fields) {
        if is_decoration(&key, &value) {
            continue;
        }
        if items.is_empty() || begins(&key, items.last()) {
            items.push(Item::new(SoftwareKind::Application));
        }
        if let Some(item) = items.last_mut() {
            item.push(&key, &value);
        }
    }
    items
}

/// A license begins with its product id, or with its name where there is no id before it.
fn begins(key: &str, last: Option<&Item>) -> bool {
    let has = |key: &str| last.is_some_and(|item| item.entries.iter().any(|entry| fold(&entry.key) == key));
    match fold(key).as_str() {
        "productid" => true,
        "licensename" => has("licensename"),
        _ => false,
    }
}

/// Rulers, headings, and the lines of a script that was run.
fn is_decoration(key: &str, value: &str) -> bool {
    key.is_empty() || value.starts_with("---") || key.starts_with("---")
}
