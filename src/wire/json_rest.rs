//! What else is wrong in the JSON of a message, behind what is met first; and what is right beside it.

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

use super::json::{place, problem};

/// What is wrong, by path: a field that the message has not, or a value that is none of its field.
pub type Wrong = Vec<(String, String)>;

/// Everything that is wrong in a message, at most `count_max`. Nothing where it is no JSON at all.
///
/// A parser stops at the first, so that is taken out and the rest read again: the time it takes grows with what is wrong.
#[must_use]
pub fn all_wrong<T: DeserializeOwned>(bytes: &[u8], count_max: usize) -> Wrong {
    value(bytes).map_or_else(Vec::new, |json| wrong_in::<T>(json, count_max))
}

/// Every message of a list that is the only field of another message, or what is wrong with it, at most `count_max` of each; `None` where the bytes are
/// not such a list.
#[must_use]
pub fn read_each<T: DeserializeOwned>(bytes: &[u8], field: &str, count_max: usize) -> Option<Vec<Result<T, Wrong>>> {
    let mut json = value(bytes)?;
    let fields = json.as_object_mut().filter(|fields| fields.len() == 1)?;
    let Value::Array(items) = fields.get_mut(field)?.take() else {
        return None;
    };
    let read = items.into_iter().map(|item| {
        let message = T::deserialize(&item);
        message.map_err(|_| wrong_in::<T>(item, count_max))
    });
    Some(read.collect())
}

fn value(bytes: &[u8]) -> Option<Value> {
    serde_json::from_slice(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).ok()
}

fn wrong_in<T: DeserializeOwned>(mut json: Value, count_max: usize) -> Wrong {
    let mut found = Vec::new();
    while found.len() < count_max
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

    const COUNT_MAX: usize = 50;

    fn paths(text: &str) -> Vec<String> {
        let found = all_wrong::<pb::CheckRequest>(text.as_bytes(), COUNT_MAX);
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
    fn messages_of_a_list_are_read_each_by_itself() {
        let each = |text: &str| read_each::<pb::CheckRequest>(text.as_bytes(), "requests", 2);
        let read = each(r#"{"requests": [{"requestId": "a"}, {"x": 1, "y": 2, "z": 3}, 7, {}]}"#).unwrap();
        let [Ok(first), Err(wrong), Err(no_message), Ok(_)] = &read[..] else {
            panic!("{read:?}");
        };
        assert_eq!((first.request_id.as_str(), wrong.len(), no_message.len()), ("a", 2, 1));
        for text in ["[]", "{}", r#"{"requests": 1}"#, r#"{"requests": [], "x": 1}"#, "{"] {
            assert!(each(text).is_none(), "{text}");
        }
    }

    #[test]
    fn what_is_no_message_at_all_is_found_once() {
        assert_eq!(paths("[]").len(), 1);
        let many = (0..80).map(|field| format!("\"x{field}\": 1")).collect::<Vec<_>>();
        assert_eq!(paths(&format!("{{{}}}", many.join(","))).len(), COUNT_MAX);
    }
}
