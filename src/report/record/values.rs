//! Values that were given by name: `Caption`, or `Win32_OperatingSystem.Caption`.

use std::collections::BTreeMap;

use super::Record;
use crate::report::text::plain;

/// The values, grouped by what stands before the last point of their names.
pub(super) fn read(values: &BTreeMap<String, String>) -> Vec<Record> {
    let mut records: Vec<Record> = Vec::new();
    for (name, value) in values {
        let name = plain(name);
        let (section, key) = name.rsplit_once(['.', '\\']).unwrap_or(("", &name));
        let value = plain(value).replace('\n', " ");
        if let Some(record) = records.iter_mut().find(|record| record.section == section) {
            record.push(key, &value);
        } else if records.len() < super::RECORD_COUNT_MAX {
            let mut record = Record::of(section);
            record.push(key, &value);
            records.push(record);
        }
    }
    records
}
