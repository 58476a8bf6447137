//! The file name of an ISO, alone or one on each line.

use crate::report::{Report, SoftwareKind, item::Item, text::plain};

/// Most names of a report.
const NAME_COUNT_MAX: usize = 16;

pub(super) fn items(report: &Report) -> Vec<Item> {
    let text = plain(&report.text);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let names = report.values.values().map(String::as_str).chain(lines);
    let item = |name: &str| {
        let mut item = Item::new(SoftwareKind::OperatingSystem);
        item.push("Name", name);
        item
    };
    names.take(NAME_COUNT_MAX).map(item).collect()
}
