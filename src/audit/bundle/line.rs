//! A line of `records.ndjson`: a record's place and proof, and the record as it is.

use serde::{Deserialize, Serialize};

use super::super::{Hash, HashError, Kind, Proof};

/// What stands between the head of a line and the record.
const BEFORE_RECORD: &[u8] = b",\"record\":";

/// A record with its place in the log and the proof that it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundledRecord<'a> {
    /// Its place in the log, from 0.
    pub log_index: u64,
    /// What it is.
    pub kind: Kind,
    /// The hash of its leaf.
    pub leaf: Hash,
    /// The proof that the leaf is under the checkpoint.
    pub proof: Proof,
    /// Its exact bytes.
    pub record: &'a [u8],
}

/// The part of a line before the record.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    log_index: u64,
    kind: u8,
    leaf: String,
    proof: Vec<String>,
}

impl<'a> BundledRecord<'a> {
    /// The line, its end included. `None` for a record that does not fit into one, since it has a line break.
    pub(super) fn write(&self) -> Option<Vec<u8>> {
        if self.record.contains(&b'\n') {
            return None;
        }
        let mut line = self.head()?;
        // The head is an object of its own; it goes on with the record.
        line.pop();
        line.extend(BEFORE_RECORD);
        line.extend(self.record);
        line.extend(b"}\n");
        Some(line)
    }

    /// Reads a line without its end; says what is wrong where it is none.
    pub(super) fn read(line: &'a [u8]) -> Result<Self, String> {
        // Numbers and base64 stand before the record: the first place that looks like its beginning is it.
        let at = line
            .windows(BEFORE_RECORD.len())
            .position(|window| window == BEFORE_RECORD)
            .ok_or("it has no record")?;
        let (head, rest) = line.split_at(at);
        let record = rest
            .get(BEFORE_RECORD.len()..)
            .and_then(|rest| rest.strip_suffix(b"}"))
            .ok_or("it does not end behind its record")?;
        let head = [head, b"}"].concat();
        let parsed: Head = serde_json::from_slice(&head).map_err(|error| error.to_string())?;
        let hashes: Result<_, String> = parsed.proof.iter().map(|text| hash(text)).collect();
        let read = Self {
            log_index: parsed.log_index,
            kind: Kind::parse(parsed.kind).ok_or_else(|| format!("kind {} is not known", parsed.kind))?,
            leaf: hash(&parsed.leaf)?,
            proof: Proof { hashes: hashes? },
            record,
        };
        // Two readers must never see two things in one line.
        if read.head().as_deref() == Some(&head) {
            Ok(read)
        } else {
            Err("it is spelled in another way than bundles are".to_owned())
        }
    }

    /// The head as an object of its own. One head has one text.
    fn head(&self) -> Option<Vec<u8>> {
        let head = Head {
            log_index: self.log_index,
            kind: self.kind.byte(),
            leaf: self.leaf.to_string(),
            proof: self.proof.hashes.iter().map(Hash::to_string).collect(),
        };
        serde_json::to_vec(&head).ok()
    }
}

fn hash(text: &str) -> Result<Hash, String> {
    text.parse().map_err(|error: HashError| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::leaf_hash;

    const RECORD: &[u8] = br#"{"format":1,"note":"a \"record\":","record":{}}"#;

    fn bundled() -> BundledRecord<'static> {
        BundledRecord {
            log_index: 7,
            kind: Kind::Decision,
            leaf: leaf_hash(Kind::Decision, RECORD),
            proof: Proof {
                hashes: vec![Hash([1; 32]), Hash([2; 32])],
            },
            record: RECORD,
        }
    }

    #[test]
    fn a_line_is_json_and_holds_the_record_byte_for_byte() {
        let line = bundled().write().unwrap();
        let line = line.strip_suffix(b"\n").unwrap();
        assert_eq!(BundledRecord::read(line), Ok(bundled()));

        let json: serde_json::Value = serde_json::from_slice(line).unwrap();
        assert_eq!(json.as_object().unwrap().len(), 5);
        assert_eq!(json["log_index"], 7);
        assert_eq!(json["record"]["format"], 1);
    }

    #[test]
    fn a_record_with_a_line_break_is_no_line() {
        let record = BundledRecord {
            record: b"{\n}",
            ..bundled()
        };
        assert_eq!(record.write(), None);
    }

    #[test]
    fn a_line_spelled_otherwise_is_refused() {
        let line = String::from_utf8(bundled().write().unwrap()).unwrap();
        let line = line.trim_end();
        for (from, to) in [
            ("{\"log_index\":7", "{ \"log_index\":7"),
            ("{\"log_index\":7", "{\"log_index\":07"),
            ("{\"log_index\":7,\"kind\":1", "{\"kind\":1,\"log_index\":7"),
            ("\"kind\":1", "\"kind\":1,\"kind\":1"),
            ("\"kind\":1", "\"kind\":3"),
            ("\"kind\":1", "\"kind\":1,\"more\":1"),
            ("\"leaf\":\"", "\"leaf\":\"A"),
            ("{\"log_index\":7", "{\"record\":{},\"log_index\":7"),
            (",\"record\":", ", \"record\":"),
        ] {
            let other = line.replacen(from, to, 1);
            assert_ne!(other, line, "{from}");
            assert!(BundledRecord::read(other.as_bytes()).is_err(), "{other}");
        }
        assert!(BundledRecord::read(b"").is_err());
    }
}
