//! Messages from their JSON, with errors that lead to the place.

use std::str::Utf8Error;

use serde::de::DeserializeOwned;

use super::{meant_value::nearest_value, product_key::holds_product_key};
use crate::domain::nearest;

/// What a field that takes a number says of anything else: none of it names what would be right.
const NO_NUMBER: [&str; 4] = [
    "data did not match any variant of untagged enum",
    "invalid digit found in string",
    "number too large to fit",
    "cannot parse integer",
];

/// Why a text is not the JSON form of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misread {
    /// It is not UTF-8.
    NotUtf8(Utf8Error),
    /// There is nothing.
    Empty,
    /// Something in it is wrong.
    Wrong {
        /// Its line, from 1; 0 of what has no lines.
        line: usize,
        /// Its column, from 1; 0 as with the line.
        column: usize,
        /// Its path, e.g. `device.licenses[0].channel`; empty where the whole is no JSON.
        path: String,
        /// What is wrong and what would be right; one line.
        problem: String,
    },
}

/// Reads a message; names may be `lowerCamelCase` or `snake_case`, and a byte order mark ahead of it counts for nothing.
///
/// # Errors
///
/// When it is no JSON, or has a field, value or type that the message has not.
pub fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Misread> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(Misread::NotUtf8)?;
    if text.trim().is_empty() {
        return Err(Misread::Empty);
    }
    let mut json = serde_json::Deserializer::from_str(text);
    let message = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        wrong(&path, error.inner())
    })?;
    json.end().map_err(|error| wrong("", &error))?;
    Ok(message)
}

fn wrong(path: &str, error: &serde_json::Error) -> Misread {
    Misread::Wrong {
        line: error.line(),
        column: error.column(),
        path: place(path),
        problem: problem(&error.to_string()),
    }
}

/// A path without the signs of places that have no name; none where a name in it is what must not be repeated.
pub(super) fn place(path: &str) -> String {
    let path = path.trim_end_matches(['.', '?']);
    if holds_product_key(path) {
        String::new()
    } else {
        path.to_owned()
    }
}

/// What is wrong, without the position, with the nearest known name where one is unknown.
pub(super) fn problem(message: &str) -> String {
    if holds_product_key(message) {
        return "a text looks like a full product key; leave it out, or mask all but its last group".to_owned();
    }
    let message = message.rsplit_once(" at line ").map_or(message, |(problem, _)| problem);
    if NO_NUMBER.iter().any(|start| message.starts_with(start)) {
        // All that can be asked with are of 32 bits.
        return format!("give a whole number from 0 to {}", u32::MAX);
    }
    if let Some(problem) = no_value(message) {
        return problem;
    }
    let mut quoted = message.split('`').skip(1).step_by(2);
    let unknown = [("unknown field", "field"), ("unknown variant", "value")]
        .into_iter()
        .find_map(|(start, what)| message.starts_with(start).then_some(what));
    match (unknown, quoted.next()) {
        (Some(what), Some(word)) => {
            let known: Vec<&str> = quoted.filter(|name| is_stated(name)).collect();
            let near = match what {
                "value" => nearest_value(word, &known),
                _ => nearest(word, known.iter().copied()),
            };
            let cure = near.map_or_else(|| listed(&known), |near| format!("did you mean `{near}`?"));
            format!("there is no {what} `{word}`; {cure}")
        }
        _ => message
            .replace("expected expected", "expected")
            .replace("struct reimagerights.v1.", "an object: "),
    }
}

/// What is wrong where a value has a list of names, and what was given is none of them and no text.
fn no_value(message: &str) -> Option<String> {
    let (found, names) = message.split_once(" one of: [")?;
    let names = names.split('"').skip(1).step_by(2);
    let known: Vec<&str> = names.filter(|name| is_stated(name)).collect();
    let known = listed(&known);
    Some(match found.split('`').nth(1) {
        Some(word) => format!("there is no value `{word}`; {known}"),
        None => format!("this is no value; {known}"),
    })
}

fn listed(known: &[&str]) -> String {
    format!("known are `{}`", known.join("`, `"))
}

/// Whether a name says anything: what is not stated is left out.
fn is_stated(name: &str) -> bool {
    !name.ends_with("_UNSPECIFIED")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::pb;

    fn error(text: &str) -> (String, String) {
        match read_json::<pb::CheckRequest>(text.as_bytes()).unwrap_err() {
            Misread::Wrong {
                line,
                column,
                path,
                problem,
            } => (format!("{line}:{column} {path}"), problem),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn both_spellings_of_names_and_a_byte_order_mark_are_read() {
        let text = "\u{feff}{\"requestId\": \"a\", \"image\": {\"performed_by\": \"PERFORMER_OEM\"}}";
        let request: pb::CheckRequest = read_json(text.as_bytes()).unwrap();
        assert_eq!(request.request_id, "a");
        assert_eq!(request.image.unwrap().performed_by(), pb::Performer::Oem);
    }

    #[test]
    fn an_unknown_field_or_value_names_its_place_and_the_nearest() {
        let (place, problem) = error("{\"device\": {\"licenses\": [\n  {\"chanel\": \"CHANNEL_OEM\"}]}}");
        assert_eq!(place, "2:11 device.licenses[0].chanel");
        assert_eq!(problem, "there is no field `chanel`; did you mean `channel`?");
        let (place, problem) = error("{\"device\": {\"licenses\": [{\"channel\": \"CHANNEL_OEN\"}]}}");
        assert!(place.ends_with(" device.licenses[0].channel"), "{place}");
        assert_eq!(problem, "there is no value `CHANNEL_OEN`; did you mean `CHANNEL_OEM`?");
    }

    #[test]
    fn a_number_that_is_no_value_lists_the_known_ones() {
        let (place, problem) = error("{\"agreement\": {\"program\": 99}}");
        assert!(place.ends_with(" agreement.program"), "{place}");
        assert!(
            problem.starts_with("there is no value `99`; known are `PROGRAM_SELECT_PLUS`, `")
                && problem.ends_with("PROGRAM_NONE`"),
            "{problem}"
        );
        let (_, problem) = error("{\"device\": {\"licenses\": [{\"channel\": {}}]}}");
        assert!(
            problem.starts_with("this is no value; known are `CHANNEL_OEM`, `"),
            "{problem}"
        );
    }

    #[test]
    fn a_value_without_what_all_names_begin_with_finds_its_name() {
        for (given, meant) in [
            ("OEM", "CHANNEL_OEM"),
            ("OTHER", "CHANNEL_OTHER_AGREEMENT"),
            ("oem", "CHANNEL_OEM"),
            ("Volum", "CHANNEL_VOLUME"),
            ("CHANEL_VOLUME", "CHANNEL_VOLUME"),
            ("CHANNEL_VL", "CHANNEL_VOLUME"),
            ("CHANNEL_OTHER", "CHANNEL_OTHER_AGREEMENT"),
            ("CHANNEL_RETAIL", "CHANNEL_FPP"),
            ("other-agreement", "CHANNEL_OTHER_AGREEMENT"),
        ] {
            let (_, problem) = error(&format!(
                "{{\"device\": {{\"licenses\": [{{\"channel\": \"{given}\"}}]}}}}"
            ));
            assert_eq!(problem, format!("there is no value `{given}`; did you mean `{meant}`?"));
        }
        let (_, problem) = error("{\"image\": {\"performedBy\": \"UNSPECIFIED\"}}");
        assert!(
            problem.contains("; known are `PERFORMER_") && !problem.contains("_UNSPECIFIED"),
            "{problem}"
        );
        let (_, problem) = error("{\"activation\": {\"method\": \"MAK\"}}");
        assert_eq!(
            problem,
            "there is no value `MAK`; did you mean `ACTIVATION_METHOD_MAK`?"
        );
    }

    #[test]
    fn what_is_no_number_or_too_large_is_told_the_bounds() {
        for wrong in ["5000000000", "-1", "1.5", "\"many\"", "\"\"", "\"5000000000\"", "[]"] {
            let (place, problem) = error(&format!("{{\"activation\": {{\"remaining\": {wrong}}}}}"));
            assert!(place.ends_with(" activation.remaining"), "{place}");
            assert_eq!(problem, "give a whole number from 0 to 4294967295", "{wrong}");
        }
    }

    #[test]
    fn what_is_behind_the_message_or_is_none_is_no_message() {
        assert_eq!(error("{} {}"), ("1:4 ".to_owned(), "trailing characters".to_owned()));
        assert_eq!(read_json::<pb::CheckRequest>(b"\xef\xbb\xbf \n"), Err(Misread::Empty));
        let utf16 = read_json::<pb::CheckRequest>(b"\xff\xfe{\0}\0");
        assert!(matches!(utf16, Err(Misread::NotUtf8(_))));
    }

    #[test]
    fn a_product_key_is_not_repeated() {
        let (place, problem) = error("{\"BCDFG-HJKMP-QRTVW-XY234-6789B\": 1}");
        assert!(problem.contains("product key"), "{problem}");
        assert!(!format!("{place} {problem}").contains("BCDFG"), "{place} {problem}");
    }
}
