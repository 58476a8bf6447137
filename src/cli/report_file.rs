//! A report from a file or a pipe, in whichever encoding Windows wrote it.

use std::{
    fs::File,
    io::{self, Read},
};

use crate::{
    cli::{Failure, text::harmless},
    report::Report,
    wire::holds_printed_product_key,
};

/// Longest report, in bytes.
const REPORT_LEN_MAX: u64 = 1024 * 1024;

/// Reads the report in `file`; `-` is standard input.
pub(in crate::cli) fn read(file: &str) -> Result<String, Failure> {
    if file == "-" {
        return decode("standard input", bytes(io::stdin()));
    }
    decode(file, File::open(file).and_then(bytes))
}

fn bytes(source: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(REPORT_LEN_MAX.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn decode(name: &str, bytes: io::Result<Vec<u8>>) -> Result<String, Failure> {
    let wrong = |problem: String| Failure::BadInput(format!("`{}` {problem}", harmless(name)));
    let bytes = bytes.map_err(|error| wrong(format!("cannot be read: {error}")))?;
    if bytes.len() as u64 > REPORT_LEN_MAX {
        return Err(wrong(
            "is longer than 1 MiB; give the report of one tool on one device or image".to_owned(),
        ));
    }
    let decoded = match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        bytes => std::str::from_utf8(bytes).ok().map(str::to_owned),
    };
    decoded.ok_or_else(|| wrong("is neither UTF-8 nor UTF-16; write it with `| Out-File -Encoding utf8`".to_owned()))
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (units, rest) = bytes.as_chunks::<2>();
    let units: Vec<u16> = units.iter().map(|bytes| unit(*bytes)).collect();
    String::from_utf16(&units).ok().filter(|_| rest.is_empty())
}

/// Reads a value that was typed.
pub(in crate::cli) fn value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().to_owned(), value.to_owned())),
        _ => Err("write a name and a value, such as index=2".to_owned()),
    }
}

/// Refuses a report that holds a full product key: what it says is shown, and a key must not be.
pub(in crate::cli) fn refuse_product_keys(report: &Report) -> Result<(), Failure> {
    let mut texts = report.values.values().chain([&report.text]);
    if texts.any(|text| holds_printed_product_key(text)) {
        return Err(Failure::BadInput(
            "the report holds what looks like a full product key; leave it out, or mask all but its last group"
                .to_owned(),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> String {
        decode("r.txt", Ok(bytes.to_vec())).unwrap_or_else(|failure| failure.words().to_owned())
    }

    #[test]
    fn what_windows_writes_is_read() {
        assert_eq!(decoded("Größe".as_bytes()), "Größe");
        assert_eq!(decoded(b"\xff\xfeA\0\xf6\0"), "Aö");
        assert_eq!(decoded(b"\xfe\xff\0A\0\xf6"), "Aö");
        assert!(decoded(b"Gr\x94\xe1e").contains("`r.txt` is neither UTF-8 nor UTF-16"));
        assert!(decoded(b"\xff\xfeA").contains("neither"));
    }

    #[test]
    fn a_report_has_a_length() {
        let len = usize::try_from(REPORT_LEN_MAX).unwrap();
        assert_eq!(decoded(&vec![b'x'; len]).len(), len);
        assert!(decoded(&vec![b'x'; len + 1]).contains("longer than 1 MiB"));
    }

    #[test]
    fn values_are_typed_with_their_name() {
        assert_eq!(value("index = 2"), Ok(("index".to_owned(), " 2".to_owned())));
        assert!(value("index").is_err() && value("=2").is_err());
    }
}
