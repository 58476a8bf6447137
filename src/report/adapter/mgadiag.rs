//! The report of `MGADiag`: "Windows marker version: 0x20001" tells that an OEM put a marker into the firmware.
//!
//! It is long and mostly about validation, so the keys that the table knows are taken and the rest is passed over.

use crate::report::{Report, SoftwareKind, Tool, item::Item, record::records, table::key};

pub(super) fn items(report: &Report) -> Vec<Item> {
    let mut item = Item::new(SoftwareKind::OperatingSystem);
    for record in records(report) {
        for (label, value) in record
            .fields
            .iter()
            .filter(|(label, _)| key(Tool::MgaDiag, label).is_some())
        {
            item.push(label, value);
        }
    }
    vec![item]
}
