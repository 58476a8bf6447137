//! `DISM /Get-ImageInfo` and `/Get-WimInfo` as text, in the language of the tool; `Get-WindowsImage` as text or JSON.
//!
//! A file holds several images: each that the report shows is a thing of its own, and the value `index` picks one.

use super::slmgr::english;
use crate::report::{
    Reading, Report, SoftwareKind,
    item::Item,
    record::{Record, records},
    table::TABLES,
    text::fold,
};

pub(super) fn items(report: &Report, reading: &mut Reading) -> Vec<Item> {
    let mut images: Vec<Item> = records(report).iter().map(image).collect();
    if images.iter().any(is_image) {
        images.retain(is_image);
        images.iter_mut().for_each(drop_preamble);
    }
    pick(images, reading)
}

fn is_image(item: &Item) -> bool {
    item.entries.iter().any(|entry| is_index(&entry.key))
}

/// Drops what stands before an image where no empty line parts them: the tool tells its own version first.
fn drop_preamble(image: &mut Item) {
    let versions = image.entries.iter().filter(|entry| fold(&entry.key) == "version");
    let start = image.entries.iter().position(|entry| is_index(&entry.key));
    if let Some(start) = start.filter(|_| versions.count() > 1) {
        image.entries.drain(..start);
    }
}

fn image(record: &Record) -> Item {
    let mut item = Item::new(SoftwareKind::OperatingSystem);
    for (label, value) in record.fields.iter().filter(|(label, _)| !label.is_empty()) {
        let (key, source) = english(&TABLES.dism_labels, label);
        item.push_labeled(key, value, source);
    }
    item
}

fn is_index(key: &str) -> bool {
    matches!(fold(key).as_str(), "index" | "imageindex")
}

/// The image that a lone index picks, else all.
pub(super) fn pick(mut images: Vec<Item>, reading: &mut Reading) -> Vec<Item> {
    let is_lone = |item: &Item| item.entries.iter().all(|entry| is_index(&entry.key));
    let index = images.iter().position(|item| is_lone(item) && !item.entries.is_empty());
    let Some(picked) = index
        .map(|at| images.remove(at))
        .and_then(|mut item| item.entries.pop())
    else {
        return several(images, reading);
    };
    let has_index = |item: &Item| {
        item.entries
            .iter()
            .any(|entry| is_index(&entry.key) && entry.raw.trim() == picked.raw.trim())
    };
    images.retain(has_index);
    if images.is_empty() {
        reading.leave(
            &picked.key,
            &picked.raw,
            "the report shows no image of this index",
            "an index that is there",
        );
    }
    images
}

/// Several images, of which nobody said which it is.
fn several(images: Vec<Item>, reading: &mut Reading) -> Vec<Item> {
    let entries = images.iter().flat_map(|item| &item.entries);
    let indexes: Vec<&str> = entries
        .filter(|entry| is_index(&entry.key))
        .map(|entry| entry.raw.trim())
        .collect();
    if indexes.len() > 1 {
        reading.leave(
            "index",
            &indexes.join(", "),
            "the report shows several images",
            "the value `index` with one of these",
        );
    }
    images
}
