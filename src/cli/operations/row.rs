//! One operation, as a row and as a line.

use serde_json::Value;

use crate::{
    app::OperationRecord,
    cli::{client, table::Field},
};

pub(super) const FIELDS: [&str; 5] = ["log index", "at", "operation", "caller", "what"];

/// What a row says of an operation; a record that no program can read says so itself.
pub(super) fn fields(operation: &OperationRecord) -> [Field; 5] {
    let record: Value = serde_json::from_slice(&operation.record).unwrap_or_default();
    let text = |name: &str| record.get(name).and_then(Value::as_str).unwrap_or_default();
    let kind = match text("operation") {
        "" => "cannot be read",
        kind => kind,
    };
    [
        Field::plain(operation.log_index.to_string()),
        Field::plain(text("at")),
        Field::plain(kind.replace('_', " ")),
        Field::plain(text("caller")),
        Field::plain(what(kind, &record)),
    ]
}

fn what(kind: &str, record: &Value) -> String {
    let text = |name: &str| match record.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    match kind {
        "start" => format!("program {}, rules {}", text("engine"), text("rules_revision")),
        "read" => format!("{} {}", text("rpc"), text("request")),
        "key_change" => format!("{}: from {} to {}", text("log"), text("from"), text("to")),
        "checkpoint_file_gone" => format!("{} at {}", text("log"), text("size")),
        "unsigned" => format!("{}: {} to {}", text("log"), text("from"), text("to")),
        "changed_beside" => format!("{}: {} left, {} found", text("log"), text("expected"), text("found")),
        "gap" => format!("{} were not recorded", text("operations")),
        _ => String::new(),
    }
}

/// The record as it is, on one line with its place; one that is no JSON as a text.
pub(super) fn json_line(operation: &OperationRecord) -> String {
    let record = String::from_utf8_lossy(&operation.record);
    let record = match serde_json::from_str::<serde::de::IgnoredAny>(&record) {
        Ok(_) => record.into_owned(),
        Err(_) => Value::String(record.into_owned()).to_string(),
    };
    client::shown(format!("{{\"logIndex\":{},\"record\":{record}}}", operation.log_index))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::table;

    fn operation(record: &str) -> OperationRecord {
        OperationRecord {
            log_index: 7,
            record: record.into(),
        }
    }

    #[test]
    fn each_kind_says_what_matters_of_it() {
        let rows = [
            r#"{"format":1,"at":"2026-01-01T00:00:00Z","salt":"07","operation":"read","caller":"alice","rpc":"History","request":{"deviceId":"PC-1"}}"#,
            r#"{"at":"t","operation":"start","engine":"0.1.0","rules_revision":"2011-02/2"}"#,
            r#"{"at":"t","operation":"key_change","log":"decisions","from":"a+1","to":"a+2+k"}"#,
            r#"{"at":"t","operation":"gap","operations":3}"#,
            r#"{"at":"t","operation":"checkpoint_file_gone","log":"decisions","size":9}"#,
            r#"{"at":"t","operation":"unsigned","log":"decisions","from":7,"to":9}"#,
            r#"{"at":"t","operation":"changed_beside","log":"decisions","expected":7,"found":8}"#,
            r#"{"at":"t","operation":"something_new","x":1}"#,
            "no json",
        ]
        .map(|record| fields(&operation(record)));
        assert_eq!(
            table::lines(&rows),
            "7\t2026-01-01T00:00:00Z\tread\talice\tHistory {\"deviceId\":\"PC-1\"}\n\
             7\tt\tstart\t\tprogram 0.1.0, rules 2011-02/2\n\
             7\tt\tkey change\t\tdecisions: from a+1 to a+2+k\n\
             7\tt\tgap\t\t3 were not recorded\n\
             7\tt\tcheckpoint file gone\t\tdecisions at 9\n\
             7\tt\tunsigned\t\tdecisions: 7 to 9\n\
             7\tt\tchanged beside\t\tdecisions: 7 left, 8 found\n\
             7\tt\tsomething new\t\t\n\
             7\t\tcannot be read\t\t\n"
        );
    }

    #[test]
    fn a_line_holds_the_record_as_it_is() {
        let record = r#"{"format":1,  "b":1,"a":2}"#;
        assert_eq!(
            json_line(&operation(record)),
            format!("{{\"logIndex\":7,\"record\":{record}}}\n")
        );
        assert_eq!(
            json_line(&operation("no \u{1b} json")),
            "{\"logIndex\":7,\"record\":\"no \\u001b json\"}\n"
        );
    }
}
