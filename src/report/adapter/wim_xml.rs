//! The XML that a WIM file carries: every `IMAGE` is a thing of its own, and the value `index` picks one.

use roxmltree::Node;

use super::dism::pick;
use crate::report::{
    Reading, Report, SoftwareKind,
    item::Item,
    record::{parse_xml, records},
    text::plain,
};

/// Most images of a file.
const IMAGE_COUNT_MAX: usize = 64;

pub(super) fn items(report: &Report, reading: &mut Reading) -> Vec<Item> {
    let text = plain(&report.text);
    let mut images = Vec::new();
    match parse_xml(text.trim()) {
        Some(document) => {
            let elements = document.descendants().filter(|node| node.has_tag_name("IMAGE"));
            images.extend(elements.take(IMAGE_COUNT_MAX).map(image));
        }
        None if text.trim().is_empty() => {}
        None => reading.leave("", &text, "this is no XML", "the XML of a WIM file, whole"),
    }
    let values = Report {
        text: String::new(),
        ..report.clone()
    };
    let mut item = Item::new(SoftwareKind::OperatingSystem);
    for (key, value) in records(&values).into_iter().flat_map(|record| record.fields) {
        item.push(
            if key.eq_ignore_ascii_case("index") {
                "IMAGE INDEX"
            } else {
                &key
            },
            &value,
        );
    }
    if !item.entries.is_empty() {
        images.push(item);
    }
    pick(images, reading)
}

fn image(element: Node<'_, '_>) -> Item {
    let mut item = Item::new(SoftwareKind::OperatingSystem);
    item.push("IMAGE INDEX", element.attribute("INDEX").unwrap_or_default());
    let text = |parent: Node<'_, '_>, name: &str| {
        let mut nodes = parent.descendants();
        let node = nodes.find(|node| node.has_tag_name(name));
        node.and_then(|node| node.text()).map(str::to_owned)
    };
    let names = [
        "NAME",
        "DESCRIPTION",
        "DISPLAYNAME",
        "FLAGS",
        "ARCH",
        "EDITIONID",
        "INSTALLATIONTYPE",
        "PRODUCTTYPE",
    ];
    for name in names {
        if let Some(value) = text(element, name) {
            item.push(name, &value);
        }
    }
    let languages = element.descendants().filter(|node| node.has_tag_name("LANGUAGE"));
    let languages: Vec<&str> = languages.filter_map(|node| node.text()).collect();
    item.push("LANGUAGES", &languages.join(" "));
    if let Some(version) = element.descendants().find(|node| node.has_tag_name("VERSION")) {
        let numbers = ["MAJOR", "MINOR", "BUILD"]
            .into_iter()
            .filter_map(|name| text(version, name));
        item.push("VERSION", &numbers.collect::<Vec<_>>().join("."));
    }
    item
}
