//! The hashes of the tree.

use std::{fmt, str::FromStr};

/// A node of a tree, a leaf's hash or a root: a SHA-256, as RFC 6962 computes them. Its text is base64, with padding.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash(pub [u8; 32]);

/// A text that is no hash.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no hash; a hash is 32 bytes in base64, with padding")]
pub struct HashError(String);

impl Hash {
    /// Bytes of a hash.
    pub const LEN: usize = 32;
    /// The root of a tree without leaves: the hash of nothing.
    pub const EMPTY_ROOT: Self = Self(tlog_tiles::EMPTY_HASH.0);

    /// The node over two nodes.
    pub(super) fn node(left: Self, right: Self) -> Self {
        tlog_tiles::node_hash(left.into(), right.into()).into()
    }

    /// The root over nodes of one height, of which the last may stand for fewer leaves than the others.
    pub(super) fn root(nodes: &[Self]) -> Self {
        match nodes {
            [] => Self::EMPTY_ROOT,
            [only] => *only,
            _ => {
                let (left, right) = nodes.split_at(nodes.len().next_power_of_two() / 2);
                Self::node(Self::root(left), Self::root(right))
            }
        }
    }
}

impl FromStr for Hash {
    type Err = HashError;

    fn from_str(text: &str) -> Result<Self, HashError> {
        tlog_tiles::Hash::parse_hash(text)
            .map(Self::from)
            .map_err(|_| HashError(text.to_owned()))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        tlog_tiles::Hash::from(*self).fmt(out)
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl From<tlog_tiles::Hash> for Hash {
    fn from(hash: tlog_tiles::Hash) -> Self {
        Self(hash.0)
    }
}

impl From<Hash> for tlog_tiles::Hash {
    fn from(hash: Hash) -> Self {
        Self(hash.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_read_from_its_text() {
        let hash = Hash([7; 32]);
        assert_eq!(hash.to_string().parse(), Ok(hash));
    }

    #[test]
    fn a_text_of_another_length_or_alphabet_is_no_hash() {
        for text in ["", "AAAA", "not base64 at all", &format!("{}AA", Hash([0; 32]))] {
            assert!(text.parse::<Hash>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_root_splits_at_the_largest_power_of_two_below_the_count() {
        let [a, b, c] = [Hash([1; 32]), Hash([2; 32]), Hash([3; 32])];
        assert_eq!(Hash::root(&[a, b, c]), Hash::node(Hash::node(a, b), c));
        assert_eq!(Hash::root(&[]), Hash::EMPTY_ROOT);
    }
}
