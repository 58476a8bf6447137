//! Tiles: 256 neighboring nodes of a tree in one piece.

use std::sync::Arc;

use super::Hash;

/// Hashes of a full tile.
pub const TILE_WIDTH: usize = 256;

/// Which tile: its hashes are the roots over 256^`level` leaves each, from the `256 * index`th on. Level 0 holds the leaves' hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TileKey {
    /// How many tiles up, from 0.
    pub level: u8,
    /// The tile's place within its level, from 0.
    pub index: u64,
}

/// A tile with its hashes, one behind the other. A partial one has fewer than 256; it is the last of its level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    /// Which tile.
    pub key: TileKey,
    /// Its hashes, 32 bytes each.
    pub bytes: Arc<Vec<u8>>,
}

impl Tile {
    /// How many hashes it has.
    #[must_use]
    pub fn width(&self) -> usize {
        self.bytes.len() / Hash::LEN
    }

    /// One of its hashes, by its place from 0.
    #[must_use]
    pub fn hash(&self, place: usize) -> Option<Hash> {
        hashes(&self.bytes).nth(place)
    }

    /// Whether nothing can be added to it any more.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.width() == TILE_WIDTH
    }
}

/// The hashes in a tile's bytes; a remainder shorter than a hash is left out.
pub(super) fn hashes(bytes: &[u8]) -> impl Iterator<Item = Hash> {
    bytes.as_chunks().0.iter().copied().map(Hash)
}
