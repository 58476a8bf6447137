//! Decisions as rows of CSV (RFC 4180), safe to open in a spreadsheet.

use std::collections::BTreeMap;

use super::{
    Failure,
    text::{harmless, word},
};
use crate::wire::pb;

/// What a column is called. A new one comes last: somebody reads those there are by their place.
const COLUMNS: [&str; 18] = [
    "log_index",
    "decision_id",
    "decided_at",
    "caller",
    "request_id",
    "device_id",
    "image_id",
    "decision_verdict",
    "product",
    "product_verdict",
    "basis",
    "license_id",
    "broken",
    "unknown",
    "missing_facts",
    "edition",
    "rules_revision",
    "labels",
];
/// What a spreadsheet takes for the beginning of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The first row.
pub(super) fn header() -> Result<Vec<u8>, Failure> {
    csv_row(&COLUMNS.map(str::to_owned))
}

/// A row for each product of a decision's image.
pub(super) fn rows(decision: &pb::Decision) -> Result<Vec<u8>, Failure> {
    let mut rows = Vec::new();
    for item in &decision.items {
        rows.extend(csv_row(&row(decision, item))?);
    }
    Ok(rows)
}

fn row(decision: &pb::Decision, item: &pb::Item) -> [String; COLUMNS.len()] {
    let request = decision.request.clone().unwrap_or_default();
    let device = request.device.map(|device| device.id).unwrap_or_default();
    let image = request.image.map(|image| image.id).unwrap_or_default();
    let with = |outcome: pb::Outcome| {
        let found = item.findings.iter().filter(|finding| finding.outcome() == outcome);
        found
            .map(|finding| finding.condition.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    };
    [
        decision.log_index.to_string(),
        decision.decision_id.clone(),
        decision
            .decided_at
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        decision.caller.clone(),
        request.request_id,
        device,
        image,
        decision.verdict().as_str_name().to_owned(),
        item.product.as_ref().map(word::product).unwrap_or_default(),
        item.verdict().as_str_name().to_owned(),
        item.basis().as_str_name().to_owned(),
        item.license_id.clone(),
        with(pb::Outcome::Broken),
        with(pb::Outcome::Unknown),
        decision.missing_facts.join(" "),
        decision.edition.clone(),
        decision.rules_revision.clone(),
        labels(&request.labels),
    ]
}

/// As `key=value; key=value`, in the order of the keys. A value cannot pass for another label: its own `;` and `\` have a `\` before them.
fn labels(labels: &BTreeMap<String, String>) -> String {
    let escaped = |text: &str| harmless(&text.replace('\\', "\\\\").replace(';', "\\;"));
    let label = |(key, value): (&String, &String)| format!("{}={}", escaped(key), escaped(value));
    labels.iter().map(label).collect::<Vec<_>>().join("; ")
}

fn csv_row(cells: &[String]) -> Result<Vec<u8>, Failure> {
    let mut row = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    let written = row.write_record(cells.iter().map(|cell| neutral(cell)));
    written.map_err(|error| Failure::Failed(error.to_string()))?;
    row.into_inner().map_err(|error| Failure::Failed(error.to_string()))
}

/// A cell that a spreadsheet would run is made text, by an apostrophe before it.
fn neutral(cell: &str) -> String {
    if cell.starts_with(FORMULA) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::testing::not_permitted;

    fn text(row: Vec<u8>) -> String {
        String::from_utf8(row).unwrap()
    }

    #[test]
    fn each_product_is_a_row_below_the_names_of_the_columns() {
        let rows = text(header().unwrap()) + &text(rows(&not_permitted()).unwrap());
        insta::assert_snapshot!(rows);
    }

    #[test]
    fn labels_come_last_in_one_cell_and_a_value_cannot_pass_for_another_label() {
        let mut decision = not_permitted();
        decision.items.truncate(1);
        let labels = [("site", "Lyon; ticket=1"), ("room", "a\\b\nc")];
        let labels = labels.map(|(key, value)| (key.to_owned(), value.to_owned()));
        decision.request.as_mut().unwrap().labels = labels.into();
        let rows = rows(&decision).unwrap();
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(rows.as_slice());
        let record = reader.records().next().unwrap().unwrap();
        assert_eq!(COLUMNS.last(), Some(&"labels"));
        assert_eq!(record.iter().next_back(), Some(r"room=a\\b\nc; site=Lyon\; ticket=1"));
        decision.request.as_mut().unwrap().labels.clear();
        assert!(text(super::rows(&decision).unwrap()).ends_with(",\r\n"));
    }

    #[test]
    fn what_a_spreadsheet_would_run_is_text() {
        for sign in FORMULA {
            let mut decision = not_permitted();
            decision.items.truncate(1);
            decision.caller = format!("{sign}cmd|' /C calc'!A0");
            let rows = text(rows(&decision).unwrap());
            assert!(rows.contains(&format!("'{sign}cmd")), "{rows:?}");
        }
        assert_eq!(neutral("PC-1"), "PC-1");
    }

    #[test]
    fn quotes_commas_and_line_breaks_stay_in_their_cell() {
        let mut decision = not_permitted();
        decision.items.truncate(1);
        decision.caller = "a,\"b\"\nc".to_owned();
        let rows = rows(&decision).unwrap();
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(rows.as_slice());
        let record = reader.records().next().unwrap().unwrap();
        assert_eq!(&record[3], "a,\"b\"\nc");
        assert_eq!(record.len(), COLUMNS.len());
    }
}
