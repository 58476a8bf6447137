//! `slmgr /dli` and `slmgr /dlv`, in the language of the copy.
//!
//! One license in each block; blocks of Office and of add-ons stand beside those of Windows in what `/dli all` prints.

use super::add_on::is_add_on;
use crate::{
    catalogue::Source,
    report::{
        Report, SoftwareKind,
        item::Item,
        record::records,
        table::{LabelRow, TABLES},
        text::fold,
    },
};

pub(super) fn items(report: &Report) -> Vec<Item> {
    let mut windows = Item::new(SoftwareKind::OperatingSystem);
    let mut items = Vec::new();
    for record in records(report) {
        let mut item = Item::new(SoftwareKind::OperatingSystem);
        for (label, value) in record.fields.iter().filter(|(label, _)| !label.is_empty()) {
            let (key, source) = english(&TABLES.slmgr_labels, label);
            let is_version = fold(label).starts_with("softwarelicensingserviceversion");
            item.push_labeled(
                if is_version {
                    "Software licensing service version"
                } else {
                    key
                },
                value,
                source,
            );
        }
        let names = |start: &str| name(&item).is_some_and(|name| name.to_lowercase().starts_with(start));
        if names("office") {
            item.kind = SoftwareKind::Application;
            items.push(item);
        } else if !is_add_on(name(&item), None) {
            windows.entries.append(&mut item.entries);
        }
    }
    items.insert(0, windows);
    items
}

fn name(item: &Item) -> Option<&str> {
    let entry = item.entries.iter().find(|entry| entry.key == "Name");
    entry.map(|entry| entry.raw.as_str())
}

/// The English key of a label, and how well the label is known.
pub(super) fn english<'a>(labels: &'static [LabelRow], label: &'a str) -> (&'a str, Source) {
    let folded = fold(label);
    let row = labels.iter().find(|row| fold(&row.text) == folded);
    row.map_or((label, Source::Seen), |row| (row.key.as_str(), row.source))
}
