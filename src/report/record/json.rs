//! JSON: every object is a record, named by the key it stands under.

use serde_json::Value;

use super::Record;

/// The records; `None` when the text is no JSON.
pub(super) fn read(text: &str) -> Option<Vec<Record>> {
    let value: Value = serde_json::from_str(text).ok()?;
    let mut records = Vec::new();
    collect("", &value, &mut records);
    Some(records)
}

/// Nesting is bounded by the parser.
fn collect(section: &str, value: &Value, records: &mut Vec<Record>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect(section, value, records)),
        Value::Object(object) => {
            let mut record = Record::of(section);
            let mut inner = Vec::new();
            for (key, value) in object {
                match scalar(value) {
                    Some(text) => record.push(key, &text),
                    None => collect(key, value, &mut inner),
                }
            }
            records.push(record);
            records.extend(inner);
        }
        _ => {}
    }
}

/// The text of a value that is none or one, or a list of such.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(value) => Some(value.to_string()),
        Value::String(value) => Some(value.clone()),
        Value::Array(values) if values.iter().any(|value| value.is_object() || value.is_array()) => None,
        Value::Array(values) => {
            let texts: Option<Vec<String>> = values.iter().map(scalar).collect();
            texts.map(|texts| texts.join(", "))
        }
        Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_records_and_lists_are_joined() {
        let records = read(r#"{"a": 1, "b": {"c": ["x", "y"], "d": null}, "e": [{"f": true}, {"f": "z"}]}"#).unwrap();
        let text: Vec<String> = records
            .iter()
            .map(|record| format!("{}{:?}", record.section, record.fields))
            .collect();
        assert_eq!(
            text,
            [
                r#"[("a", "1")]"#,
                r#"b[("c", "x, y"), ("d", "")]"#,
                r#"e[("f", "true")]"#,
                r#"e[("f", "z")]"#
            ]
        );
        assert_eq!(read("{"), None);
    }
}
