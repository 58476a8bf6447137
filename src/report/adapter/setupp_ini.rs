//! `i386\setupp.ini` of media of XP and 2003: the last three signs of `Pid` tell volume media from OEM media.

use crate::report::{Report, SoftwareKind, item::Item, record::records};

pub(super) fn items(report: &Report) -> Vec<Item> {
    let mut item = Item::new(SoftwareKind::OperatingSystem);
    for (key, value) in records(report).into_iter().flat_map(|record| record.fields) {
        item.push(&key, &value);
    }
    vec![item]
}
