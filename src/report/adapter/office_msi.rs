//! Windows Installer product codes of Office: one on each line, or as the name of a registry key.

use crate::report::{Report, SoftwareKind, item::Item, record::records};

pub(super) fn items(report: &Report) -> Vec<Item> {
    let mut items = Vec::new();
    for record in records(report) {
        let mut shared = Item::new(SoftwareKind::Application);
        let own = record.section.rsplit('\\').next().filter(|name| name.starts_with('{'));
        let mut codes: Vec<String> = own.map(str::to_owned).into_iter().collect();
        for (key, value) in &record.fields {
            if key.is_empty() {
                codes.push(value.clone());
            } else {
                shared.push(key, value);
            }
        }
        for code in codes {
            let mut item = Item::new(SoftwareKind::Application);
            item.push("ProductCode", &code);
            items.push(item);
        }
        items.push(shared);
    }
    items
}
