//! What else is wrong in the JSON of a message, behind what is met first.

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

use super::json::{place, problem};

/// More in one file are told after these are mended.
const PROBLEM_COUNT_MAX: usize = 50;

/// Every field that the message has not, and every value that is none of its field, each by its path: a parser stops at the first, so that is taken
/// out and the rest read again. Nothing where it is no JSON at all. The time it takes grows with the square of what is wrong: it is for files, not for
/// callers.
#[must_use]
pub fn all_wrong<T: DeserializeOwned>(bytes: &[u8]) -> Vec<(String, String)> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut found = Vec::new();
    let Ok(mut json) = serde_json::from_slice::<Value>(bytes) else {
        return found;
    };
    while found.len() < PROBLEM_COUNT_MAX
        && let Err(error) = serde_path_to_error::deserialize::<_, T>(&json)
    {
        found.push((place(&error.path().to_string()), problem(&error.inner().to_string())));
        if !take_out(&mut json, error.path()) {
            break;
        }
    }
    found
}

/// Takes out the field at the end of a path, or the one that holds what is there; whether there was one.
fn take_out(json: &mut Value, path: &Path) -> bool {
    let segments: Vec<&Segment> = path.iter().collect();
    let last = segments
        .iter()
        .rposition(|segment| matches!(segment, Segment::Map { .. }));
    let Some((Segment::Map { key }, way)) = last.and_then(|last| segments.get(..=last)?.split_last()) else {
        return false;
    };
    let holder = way.iter().try_fold(json, |json, segment| match segment {
        Segment::Map { key } => json.get_mut(key),
        Segment::Seq { index } => json.get_mut(index),
        Segment::Enum { .. } | Segment::Unknown => None,
    });
    holder
        .and_then(Value::as_object_mut)
        .is_some_and(|fields| fields.remove(key).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::pb;

    fn paths(text: &str) -> Vec<String> {
        let found = all_wrong::<pb::CheckRequest>(text.as_bytes());
        let mut paths: Vec<String> = found.into_iter().map(|(path, _)| path).collect();
        paths.sort();
        paths
    }

    #[test]
    fn fields_and_values_that_are_wrong_are_found_wherever_they_are() {
        let text = r#"{"devise": 1, "device": {"licenses": [{"chanel": "x"}, {"channel": "OEN", "product": []}]},
            "image": {"products": [{"product": {"components": ["Word", 7]}}]}, "requestId": "r"}"#;
        assert_eq!(
            paths(text),
            [
                "device.licenses[0].chanel",
                "device.licenses[1].channel",
                "device.licenses[1].product",
                "devise",
                "image.products[0].product.components[1]",
            ]
        );
    }

    #[test]
    fn nothing_is_found_in_what_is_right_or_no_json() {
        assert!(paths(r#"{"requestId": "r"}"#).is_empty());
        assert!(paths("{").is_empty());
    }

    #[test]
    fn what_is_no_message_at_all_is_found_once() {
        assert_eq!(paths("[]").len(), 1);
        let many = (0..80).map(|field| format!("\"x{field}\": 1")).collect::<Vec<_>>();
        assert_eq!(paths(&format!("{{{}}}", many.join(","))).len(), PROBLEM_COUNT_MAX);
    }
}
