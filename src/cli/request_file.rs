//! A request from a file or a pipe, with errors that lead to the place.

use std::{fs, io, io::Read as _, iter};

use super::{Failure, text::harmless};
use crate::wire::{Misread, all_wrong, pb, read_json};

/// More in one file are told after these are mended.
const PROBLEM_COUNT_MAX: usize = 50;

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
    read_json(bytes).map_err(|misread| {
        Failure::BadInput(match misread {
            Misread::NotUtf8(error) => format!("`{name}`: {error}; save the file as UTF-8"),
            Misread::Empty => format!("`{name}` is empty; write a request as JSON"),
            Misread::Wrong {
                line,
                column,
                path,
                problem,
            } => {
                let first = format!("`{name}` line {line} column {column}: {}", told(&path, &problem));
                let rest = all_wrong::<pb::CheckRequest>(bytes, PROBLEM_COUNT_MAX).into_iter();
                let rest = rest.filter(|(other, _)| *other != path);
                let rest = rest.map(|(path, problem)| format!("`{name}`: {}", told(&path, &problem)));
                iter::once(first).chain(rest).collect::<Vec<_>>().join("\n")
            }
        })
    })
}

fn told(path: &str, problem: &str) -> String {
    let place = if path.is_empty() {
        String::new()
    } else {
        format!("{path}: ")
    };
    harmless(&place) + &harmless(problem)
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
    fn all_that_is_wrong_is_told_at_once() {
        assert_eq!(
            error(
                "{\"device\": {\"licenses\": [\n  {\"chanel\": \"CHANNEL_OEM\"}], \"idd\": 1}, \"image\": {\"performedBy\": \"OEN\"}}"
            ),
            "`r.json` line 2 column 11: device.licenses[0].chanel: there is no field `chanel`; did you mean `channel`?\n\
             `r.json`: device.idd: there is no field `idd`; did you mean `id`?\n\
             `r.json`: image.performedBy: there is no value `OEN`; did you mean `PERFORMER_OEM`?"
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
