//! From text to records of named values, whichever of the usual forms it has: lines of "key : value" or "key=value", an
//! exported or queried registry key, sections of an INI file, columns under their keys, CSV, JSON, XML.
//!
//! All forms are read alike for all tools, since the same values are printed by many roads. What has no form at all is a line
//! without a key. Records, and values of a record, are bounded in number; the rest of a longer text is passed over.

mod columns;
mod json;
mod lines;
mod values;
mod xml;

pub(super) use xml::parse as parse_xml;

use super::{Report, Tool, table::key, text::plain};

/// Most records of a report.
const RECORD_COUNT_MAX: usize = 4096;
/// Most values of a record.
const FIELD_COUNT_MAX: usize = 256;

/// Values that belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    /// The class, section, element or object they stand in; empty where there is none.
    pub section: String,
    /// Keys and values, in the order of the text.
    pub fields: Vec<(String, String)>,
}

impl Record {
    fn of(section: &str) -> Self {
        Self {
            section: section.to_owned(),
            fields: Vec::new(),
        }
    }

    /// Whether it is a key of the registry, whose name says something by itself.
    fn is_registry_key(&self) -> bool {
        self.section.starts_with("HK")
    }

    fn push(&mut self, key: &str, value: &str) {
        if self.fields.len() < FIELD_COUNT_MAX {
            self.fields.push((key.trim().to_owned(), value.trim().to_owned()));
        }
    }

    /// The value of a key, which is given as it folds.
    pub fn value(&self, key: &str) -> Option<&str> {
        let is_key = |(name, _): &&(String, String)| super::text::fold(name) == key;
        self.fields.iter().find(is_key).map(|(_, value)| value.as_str())
    }
}

/// Every record of a report: its values first, then its text.
pub(super) fn records(report: &Report) -> Vec<Record> {
    let mut records = values::read(&report.values);
    records.extend(read(&report.text, report.tool));
    records.truncate(RECORD_COUNT_MAX);
    records
}

/// Every record of a text.
fn read(text: &str, tool: Tool) -> Vec<Record> {
    let text = plain(text);
    let text = text.trim();
    let structured = match text.chars().next() {
        Some('{' | '[') => json::read(text),
        Some('<') => xml::read(text),
        _ => None,
    };
    let mut records = structured.unwrap_or_else(|| {
        let (mut records, rest) = columns::read(text, &|name| key(tool, name).is_some());
        records.extend(lines::read(&rest));
        records
    });
    records.retain(|record| !record.fields.is_empty() || record.is_registry_key());
    records.truncate(RECORD_COUNT_MAX);
    records
}
