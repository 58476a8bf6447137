//! The registry's Click-to-Run configuration: every product id is a thing of its own, in one language and bitness.

use crate::report::{Report, SoftwareKind, item::Item, record::records, text::fold};

/// Most product ids of a configuration.
const ID_COUNT_MAX: usize = 32;

pub(super) fn items(report: &Report) -> Vec<Item> {
    let mut ids = Vec::new();
    let mut shared = Item::new(SoftwareKind::Application);
    for (key, value) in records(report).into_iter().flat_map(|record| record.fields) {
        let folded = fold(&key);
        if folded == "productreleaseids" {
            ids.extend(
                value
                    .split(',')
                    .map(|id| id.trim().to_owned())
                    .filter(|id| !id.is_empty()),
            );
        } else if !key.is_empty() && !is_of_one_product(&key) {
            shared.push(&key, &value);
        }
    }
    ids.truncate(ID_COUNT_MAX);
    let item = |id: &String| {
        let mut item = Item::new(SoftwareKind::Application);
        item.push("ProductReleaseIds", id);
        item.entries.extend(shared.entries.iter().cloned());
        item
    };
    let items: Vec<Item> = ids.iter().map(item).collect();
    if items.is_empty() { vec![shared] } else { items }
}

/// `ProPlus2019Volume.MediaType` and the like, of which there are many, and properties that PowerShell adds.
fn is_of_one_product(key: &str) -> bool {
    key.contains('.') || key.starts_with("PS")
}
