//! Postings in a row of bytes: sorted, and each written as its distance from the one before.

use super::Posting;

/// How long a row gets: several to a page, so that a search reads little it does not need.
const BLOCK_LEN: usize = 4000;
/// The longest number: ten times seven bits hold 64.
const NUMBER_LEN_MAX: usize = 10;

/// A row of `posting_block` less its run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) first: Posting,
    pub(super) bytes: Vec<u8>,
}

/// Cuts sorted postings into blocks.
#[derive(Debug, Default)]
pub(super) struct Encoder {
    block: Option<Block>,
    last: Posting,
}

impl Encoder {
    /// Adds a posting behind those before it; gives a block when one is full.
    pub(super) fn push(&mut self, posting: Posting) -> Option<Block> {
        let full = self
            .block
            .take_if(|block| block.bytes.len() + 2 * NUMBER_LEN_MAX > BLOCK_LEN);
        if self.block.is_none() {
            self.last = (0, 0);
        }
        let block = self.block.get_or_insert_with(|| Block {
            first: posting,
            bytes: Vec::with_capacity(BLOCK_LEN),
        });
        let (term, index) = posting;
        let (last_term, last_index) = self.last;
        put(&mut block.bytes, term.wrapping_sub(last_term).cast_unsigned());
        let distance = if term == last_term {
            index.wrapping_sub(last_index)
        } else {
            index
        };
        put(&mut block.bytes, distance.cast_unsigned());
        self.last = posting;
        full
    }

    /// The last block, if there is one under way.
    pub(super) fn finish(self) -> Option<Block> {
        self.block
    }
}

/// Reads a block's postings in order, behind those given; `None` when its bytes are none that an encoder writes.
pub(super) fn decode(mut bytes: &[u8], postings: &mut Vec<Posting>) -> Option<()> {
    // Two bytes are the least a posting takes.
    postings.reserve(bytes.len() / 2);
    let (mut term, mut index) = (0_i64, 0_i64);
    let mut is_first = true;
    while !bytes.is_empty() {
        let distance = take(&mut bytes)?.cast_signed();
        let number = take(&mut bytes)?.cast_signed();
        let behind = distance > 0 || number > 0 || is_first;
        index = if distance == 0 {
            index.checked_add(number)?
        } else {
            number
        };
        term = term.checked_add(distance)?;
        if !behind || distance < 0 || number < 0 {
            return None;
        }
        is_first = false;
        postings.push((term, index));
    }
    Some(())
}

/// Seven bits a byte, the lowest first; the highest bit says that more follow.
fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push((number & 0x7f) as u8);
}

fn take(bytes: &mut &[u8]) -> Option<u64> {
    // Most numbers are small.
    if let Some((&byte, rest)) = bytes.split_first()
        && byte < 0x80
    {
        *bytes = rest;
        return Some(byte.into());
    }
    let mut number = 0_u64;
    for place in 0..NUMBER_LEN_MAX {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << (7 * place);
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn encoded(postings: &[Posting]) -> Vec<Block> {
        let mut encoder = Encoder::default();
        let mut blocks: Vec<Block> = postings.iter().filter_map(|&posting| encoder.push(posting)).collect();
        blocks.extend(encoder.finish());
        blocks
    }

    proptest! {
        #[test]
        fn postings_come_back_in_blocks_that_know_their_first(
            postings in prop::collection::btree_set((0..=i64::MAX, 0..=i64::MAX), 0..2000),
            dense in prop::collection::btree_set((0..3i64, 0..100_000i64), 0..2000),
        ) {
            for postings in [postings, dense] {
                let postings: Vec<Posting> = postings.into_iter().collect();
                let mut found = Vec::new();
                for block in encoded(&postings) {
                    prop_assert!(block.bytes.len() <= BLOCK_LEN);
                    let before = found.len();
                    decode(&block.bytes, &mut found).unwrap();
                    prop_assert_eq!(found[before], block.first);
                }
                prop_assert_eq!(found, postings);
            }
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut postings = Vec::new();
            if decode(&bytes, &mut postings).is_some() {
                prop_assert!(postings.is_sorted_by(|one, next| one < next));
            }
        }
    }
}
