//! A request from a file or a pipe, with errors that lead to the place.

use std::{fs, io, io::Read as _};

use super::{Failure, text::harmless};
use crate::{
    config::nearest,
    wire::{holds_product_key, pb},
};

/// Reads the request in `file`; `-` is standard input.
pub(super) fn read(file: &str) -> Result<pb::CheckRequest, Failure> {
    let (name, bytes) = if file == "-" {
        let mut bytes = Vec::new();
        let read = io::stdin().read_to_end(&mut bytes);
        ("standard input", read.map(|_| bytes))
    } else {
        (file, fs::read(file))
    };
    let bytes = bytes.map_err(|error| Failure::BadInput(format!("`{name}` cannot be read: {error}")))?;
    parse(name, &bytes)
}

fn parse(name: &str, bytes: &[u8]) -> Result<pb::CheckRequest, Failure> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes)
        .map_err(|error| Failure::BadInput(format!("`{name}`: {error}; save the file as UTF-8")))?;
    if text.trim().is_empty() {
        return Err(Failure::BadInput(format!("`{name}` is empty; write a request as JSON")));
    }
    let mut json = serde_json::Deserializer::from_str(text);
    let request = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        wrong(name, Some(path.trim_end_matches(['.', '?'])), error.inner())
    })?;
    json.end().map_err(|error| wrong(name, None, &error))?;
    Ok(request)
}

fn wrong(name: &str, path: Option<&str>, error: &serde_json::Error) -> Failure {
    let (line, column) = (error.line(), error.column());
    let place = path.filter(|path| !path.is_empty()).map(|path| format!("{path}: "));
    let place = harmless(&place.unwrap_or_default());
    let problem = harmless(&problem(&error.to_string()));
    Failure::BadInput(format!("`{name}` line {line} column {column}: {place}{problem}"))
}

/// What is wrong, without the position, with the nearest known name where one is unknown.
fn problem(message: &str) -> String {
    if holds_product_key(message) {
        return "a text looks like a full product key; leave it out, or mask all but its last group".to_owned();
    }
    let message = message.rsplit_once(" at line ").map_or(message, |(problem, _)| problem);
    let mut quoted = message.split('`').skip(1).step_by(2);
    let unknown = [("unknown field", "field"), ("unknown variant", "value")]
        .into_iter()
        .find_map(|(start, what)| message.starts_with(start).then_some(what));
    match (unknown, quoted.next()) {
        (Some(what), Some(word)) => {
            let known: Vec<&str> = quoted.collect();
            let near = nearest(word, known.iter().copied());
            let cure = near.map_or_else(
                || format!("known are `{}`", known.join("`, `")),
                |near| format!("did you mean `{near}`?"),
            );
            format!("there is no {what} `{word}`; {cure}")
        }
        _ => message
            .replace("expected expected", "expected")
            .replace("struct reimagerights.v1.", "an object: "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        parse("r.json", text.as_bytes()).unwrap_err().words().to_owned()
    }

    #[test]
    fn both_spellings_of_names_and_a_byte_order_mark_are_read() {
        let text = "\u{feff}{\"requestId\": \"a\", \"image\": {\"performed_by\": \"PERFORMER_OEM\"}}";
        let request = parse("r.json", text.as_bytes()).unwrap();
        assert_eq!(request.request_id, "a");
        assert_eq!(request.image.unwrap().performed_by(), pb::Performer::Oem);
    }

    #[test]
    fn an_unknown_field_names_its_place_and_the_nearest() {
        assert_eq!(
            error("{\"device\": {\"licenses\": [\n  {\"chanel\": \"CHANNEL_OEM\"}]}}"),
            "`r.json` line 2 column 11: device.licenses[0].chanel: there is no field `chanel`; did you mean `channel`?"
        );
    }

    #[test]
    fn an_unknown_value_names_its_place_and_the_nearest() {
        let error = error("{\"device\": {\"licenses\": [{\"channel\": \"CHANNEL_OEN\"}]}}");
        assert!(
            error.contains("device.licenses[0].channel: there is no value `CHANNEL_OEN`; did you mean `CHANNEL_OEM`?"),
            "{error}"
        );
    }

    #[test]
    fn a_number_that_is_no_value_lists_the_known_ones() {
        let error = error("{\"agreement\": {\"program\": 99}}");
        assert!(
            error.contains("agreement.program: ") && error.contains("PROGRAM_NONE"),
            "{error}"
        );
    }

    #[test]
    fn a_value_of_another_type_names_its_place() {
        let error = error("{\"device\": \"PC\"}");
        assert!(error.contains("device: ") && error.contains("an object"), "{error}");
    }

    #[test]
    fn what_is_no_json_names_line_and_column() {
        assert!(error("{\n  \"device\": }").contains("line 2 column 13: "));
        assert!(error("{} {}").contains("line 1 column 4: trailing characters"));
        assert!(error(" \n").contains("is empty"));
        let utf16 = parse("r.json", b"\xff\xfe{\0}\0").unwrap_err();
        assert!(utf16.words().contains("save the file as UTF-8"), "{utf16:?}");
    }
}
