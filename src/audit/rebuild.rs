//! The tree computed anew from its leaves, beside what is stored of it.

use super::{
    Hash, Tile, TileKey, Tree,
    tile::{self, TILE_WIDTH},
};

/// Computes a tree anew, batch by batch, in memory that does not grow. Each full tile is given out when it is complete, the partial
/// ones at the end.
#[derive(Clone, Debug, Default)]
pub struct Rebuild {
    tree: Tree,
}

/// Where stored tiles are not those of the leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("tile {index} of level {level} {what}", level = key.level, index = key.index)]
pub struct TileDifference {
    /// Which tile.
    pub key: TileKey,
    /// What is wrong with it.
    pub what: TileFault,
}

/// What is wrong with a stored tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TileFault {
    /// It is not there.
    #[error("is missing")]
    Missing,
    /// It has a length of its own.
    #[error("has {found} bytes where {expected} are right")]
    Length {
        /// Bytes that it should have.
        expected: usize,
        /// Bytes that it has.
        found: usize,
    },
    /// One of its hashes is another; those before it are right.
    #[error("has another hash at {offset}")]
    Hash {
        /// The hash's place in the tile, from 0.
        offset: usize,
    },
}

impl Rebuild {
    /// From the first leaf on.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// On from a tree whose root somebody trusts.
    #[must_use]
    pub fn resume(tree: Tree) -> Self {
        Self { tree }
    }

    /// Takes the next leaves, in the order of the log, and gives the tiles that these made full, each level by index.
    pub fn push(&mut self, leaves: &[Hash]) -> Vec<Tile> {
        let (tree, mut tiles) = self.tree.appended(leaves);
        self.tree = tree;
        tiles.retain(Tile::is_full);
        tiles
    }

    /// The tree so far: its size, its root, and its partial tiles, which are compared when the last leaf was taken.
    #[must_use]
    pub fn tree(&self) -> &Tree {
        &self.tree
    }
}

impl Tile {
    /// Compares this tile with the one that is stored in its place.
    ///
    /// # Errors
    ///
    /// If it is another.
    pub fn compare(&self, stored: Option<&[u8]>) -> Result<(), TileDifference> {
        let what = match stored {
            Some(stored) if stored == self.bytes.as_slice() => return Ok(()),
            None => TileFault::Missing,
            Some(stored) => self.fault(stored),
        };
        Err(TileDifference { key: self.key, what })
    }

    fn fault(&self, stored: &[u8]) -> TileFault {
        let pairs = tile::hashes(&self.bytes).zip(tile::hashes(stored));
        match pairs.into_iter().position(|(own, other)| own != other) {
            Some(offset) => TileFault::Hash { offset },
            None => TileFault::Length {
                expected: self.bytes.len(),
                found: stored.len(),
            },
        }
    }
}

impl TileDifference {
    /// The first leaf under the wrong hash, or under the tile where that is missing or cut off: a record at or after this one.
    #[must_use]
    pub fn log_index(&self) -> u64 {
        let offset = match self.what {
            TileFault::Missing => 0,
            TileFault::Hash { offset } => offset,
            TileFault::Length { expected, found } => expected.min(found) / Hash::LEN,
        };
        let node = self
            .key
            .index
            .saturating_mul(TILE_WIDTH as u64)
            .saturating_add(offset as u64);
        node.saturating_mul(1_u64.checked_shl(8 * u32::from(self.key.level)).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::forest::{Shelf, leaves};

    /// Compares all tiles in the order in which they are computed.
    fn compare(leaves: &[Hash], batch_len: usize, stored: &Shelf) -> Result<Hash, TileDifference> {
        let stored = |key| stored.0.get(&key).map(|tile| tile.bytes.as_slice());
        let mut rebuild = Rebuild::new();
        for batch in leaves.chunks(batch_len) {
            for tile in rebuild.push(batch) {
                tile.compare(stored(tile.key))?;
            }
        }
        for tile in rebuild.tree().partial_tiles() {
            tile.compare(stored(tile.key))?;
        }
        Ok(rebuild.tree().root())
    }

    #[test]
    fn stored_tiles_are_those_of_the_leaves() {
        let leaves = leaves(66_000);
        let (tree, shelf) = Shelf::grown(&leaves, 100);
        for batch_len in [1, 256, 1000, 100_000] {
            assert_eq!(compare(&leaves, batch_len, &shelf), Ok(tree.root()));
        }
    }

    #[test]
    fn every_tile_is_given_out_once() {
        let leaves = leaves(66_000);
        let (_, shelf) = Shelf::grown(&leaves, 100);
        let mut rebuild = Rebuild::new();
        let mut keys: Vec<TileKey> = leaves
            .chunks(999)
            .flat_map(|batch| rebuild.push(batch))
            .map(|tile| tile.key)
            .collect();
        keys.extend(rebuild.tree().partial_tiles().map(|tile| tile.key));
        keys.sort_unstable();
        assert!(keys.iter().eq(shelf.0.keys()));
    }

    #[test]
    fn the_first_byte_changed_in_a_tile_is_named() {
        let leaves = leaves(66_000);
        let (_, shelf) = Shelf::grown(&leaves, 1000);
        for (level, index, byte, log_index) in [
            (0, 3, 5 * 32 + 31, 3 * 256 + 5),
            (0, 257, 32, 257 * 256 + 1),
            (1, 0, 17 * 32, 17 * 256),
            (2, 0, 0, 0),
        ] {
            let mut spoiled = shelf.clone();
            let key = TileKey { level, index };
            let tile = spoiled.0.get_mut(&key).unwrap();
            std::sync::Arc::make_mut(&mut tile.bytes)[byte] ^= 4;
            let difference = compare(&leaves, 1000, &spoiled).unwrap_err();
            let offset = byte / 32;
            assert_eq!(difference.key, key);
            assert_eq!(difference.what, TileFault::Hash { offset });
            assert_eq!(difference.log_index(), log_index);
        }
    }

    #[test]
    fn a_tile_missing_or_of_another_length_is_named() {
        let leaves = leaves(600);
        let (_, shelf) = Shelf::grown(&leaves, 600);
        let key = TileKey { level: 0, index: 1 };
        let mut spoiled = shelf.clone();
        spoiled.0.remove(&key);
        let what = TileFault::Missing;
        assert_eq!(compare(&leaves, 600, &spoiled), Err(TileDifference { key, what }));

        let key = TileKey { level: 0, index: 2 };
        for len in [88 * 32 - 1, 88 * 32 + 1, 89 * 32] {
            let mut spoiled = shelf.clone();
            let tile = spoiled.0.get_mut(&key).unwrap();
            std::sync::Arc::make_mut(&mut tile.bytes).resize(len, 0);
            let what = TileFault::Length {
                expected: 88 * 32,
                found: len,
            };
            assert_eq!(compare(&leaves, 600, &spoiled), Err(TileDifference { key, what }));
        }
    }

    #[test]
    fn a_leaf_changed_swapped_or_left_out_shows_in_the_tiles() {
        let leaves = leaves(600);
        let (_, shelf) = Shelf::grown(&leaves, 600);
        let mut swapped = leaves.clone();
        swapped.swap(300, 301);
        assert_eq!(compare(&swapped, 600, &shelf).unwrap_err().log_index(), 300);
        let mut without = leaves.clone();
        without.remove(599);
        assert_eq!(compare(&without, 600, &shelf).unwrap_err().log_index(), 599);
    }

    #[test]
    fn a_rebuild_goes_on_from_a_trusted_tree() {
        let leaves = leaves(1000);
        let (tree, shelf) = Shelf::grown(&leaves, 1000);
        let trusted = Tree::restore(300, &shelf.get(&Tree::edge(300))).unwrap();
        let mut rebuild = Rebuild::resume(trusted);
        for tile in rebuild.push(&leaves[300..]) {
            assert_eq!(tile.compare(Some(&shelf.0[&tile.key].bytes)), Ok(()));
        }
        assert_eq!(rebuild.tree().root(), tree.root());
    }
}
