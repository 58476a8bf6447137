//! The leaf that stands for a record.

use sha2::{Digest as _, Sha256};

use super::{Hash, Kind};

/// The first byte of every leaf's entry.
const LEAF_FORMAT: u8 = 1;
/// Bytes of a leaf's entry.
const LEAF_ENTRY_LEN: usize = 2 + Hash::LEN;

/// The entry of the log for a record: format, kind, SHA-256 of the record's bytes. It tells nothing of the record, so that a log can
/// be followed by those who may not read it.
pub(super) fn leaf_entry(kind: Kind, record: &[u8]) -> [u8; LEAF_ENTRY_LEN] {
    let mut entry = [0; LEAF_ENTRY_LEN];
    let [format, kind_byte, digest @ ..] = &mut entry;
    (*format, *kind_byte) = (LEAF_FORMAT, kind.byte());
    digest.copy_from_slice(&Sha256::digest(record));
    entry
}

/// The leaf's hash, the lowest node of the tree over a record (RFC 6962, section 2.1).
#[must_use]
pub fn leaf_hash(kind: Kind, record: &[u8]) -> Hash {
    tlog_tiles::record_hash(&leaf_entry(kind, record)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leaf_is_format_kind_and_digest_hashed_behind_a_zero() {
        let record = br#"{"format":1}"#;
        let mut entry = vec![1, 1];
        entry.extend(Sha256::digest(record));
        assert_eq!(leaf_entry(Kind::Decision, record).as_slice(), entry);

        entry.insert(0, 0);
        let hash: [u8; 32] = Sha256::digest(entry).into();
        assert_eq!(leaf_hash(Kind::Decision, record), Hash(hash));
    }

    #[test]
    fn leaf_hashes_are_stored_and_stay() {
        assert_eq!(
            [Kind::Decision, Kind::Operation].map(|kind| leaf_hash(kind, b"record").to_string()),
            [
                "zX5Ot/5S8HDrMrx75koBviaFp5KMUOrRrqV254nqdq8=",
                "9cRW5NyWYdunaNqEa+ESo6IdLMUJVWX1+JzKAkdFhao="
            ]
        );
    }
}
