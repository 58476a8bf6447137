//! A growing tree: its right edge, and the tiles that an append changes.

use std::sync::Arc;

use super::{
    Hash, Tile, TileKey, TilePath,
    tile::{self, TILE_WIDTH},
};

/// The most leaves a tree can have.
pub const SIZE_MAX: u64 = 1 << 48;
/// A tile spans so many levels of the tree.
const TILE_HEIGHT: u32 = TILE_WIDTH.ilog2();

/// The Merkle tree over a log (RFC 6962), without what lies left of its right edge: the last partial tile of each level, some
/// kilobytes whatever its size. A clone shares them, so that a tree from before an append is kept for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    /// By level, the hashes of its last tile, where that is not full.
    edge: Vec<Arc<Vec<u8>>>,
}

/// Tiles that are no right edge of a tree.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    /// A tile of the edge is not there, or too short.
    #[error("tile `{path}` is needed, and has {width} hashes")]
    Missing {
        /// The tile with the hashes that it must have.
        path: TilePath,
        /// The hashes that it has.
        width: usize,
    },
    /// A size that no tree here has.
    #[error("a tree of {0} leaves is larger than any can be here")]
    Size(u64),
}

impl Tree {
    /// A tree without leaves.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The partial tiles that make the right edge of a tree of this size, to be given to [`Tree::restore`].
    #[must_use]
    pub fn edge(size: u64) -> Vec<TilePath> {
        (0..levels(size))
            .map(|level| TilePath {
                key: TileKey {
                    level,
                    index: tiles_full(size, level),
                },
                width: edge_width(size, level),
            })
            .filter(|path| path.width > 0)
            .collect()
    }

    /// A tree as stored: `tiles` are those of [`Tree::edge`], in any order. They may be wider, as stored when the tree was larger.
    /// Whether they are the right ones tells the root.
    ///
    /// # Errors
    ///
    /// If a tile is missing or has too few hashes, or no tree has this size.
    pub fn restore(size: u64, tiles: &[Tile]) -> Result<Self, RestoreError> {
        if size > SIZE_MAX {
            return Err(RestoreError::Size(size));
        }
        let mut edge = vec![Arc::default(); usize::from(levels(size))];
        for path in Self::edge(size) {
            let tile = tiles.iter().find(|tile| tile.key == path.key);
            let bytes = tile.and_then(|tile| tile.bytes.get(..path.width * Hash::LEN));
            let (Some(bytes), Some(level)) = (bytes, edge.get_mut(usize::from(path.key.level))) else {
                let width = tile.map_or(0, Tile::width);
                return Err(RestoreError::Missing { path, width });
            };
            *level = Arc::new(bytes.to_vec());
        }
        Ok(Self { size, edge })
    }

    /// Leaves of the tree.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root over all leaves.
    #[must_use]
    pub fn root(&self) -> Hash {
        let below = self.edge.iter().fold(None, |below, bytes| {
            let nodes: Vec<Hash> = tile::hashes(bytes).chain(below).collect();
            (!nodes.is_empty()).then(|| Hash::root(&nodes))
        });
        below.unwrap_or(Hash::EMPTY_ROOT)
    }

    /// The tiles of the right edge, level by level: those that further leaves would change.
    pub fn partial_tiles(&self) -> impl Iterator<Item = Tile> {
        let with_hashes = (0..).zip(&self.edge).filter(|(_, bytes)| !bytes.is_empty());
        with_hashes.map(|(level, bytes)| Tile {
            key: TileKey {
                level,
                index: tiles_full(self.size, level),
            },
            bytes: Arc::clone(bytes),
        })
    }

    /// The tree with further leaves, and every tile that differs from this tree's, each whole. This tree stays as it is: whoever
    /// cannot keep the tiles goes on with it.
    #[must_use]
    pub fn appended(&self, leaves: &[Hash]) -> (Self, Vec<Tile>) {
        let mut next = self.clone();
        let mut changed = Vec::new();
        let mut nodes = leaves.to_vec();
        let mut level = 0;
        while !nodes.is_empty() {
            nodes = next.append_nodes(level, &nodes, &mut changed);
            level += 1;
        }
        next.size += leaves.len() as u64;
        (next, changed)
    }

    /// Adds nodes to a level, and gives those that this completes on the level above.
    fn append_nodes(&mut self, level: u8, nodes: &[Hash], changed: &mut Vec<Tile>) -> Vec<Hash> {
        let mut key = TileKey {
            level,
            index: tiles_full(self.size, level),
        };
        if self.edge.len() <= usize::from(level) {
            self.edge.push(Arc::default());
        }
        let Some(last) = self.edge.get_mut(usize::from(level)) else {
            return Vec::new();
        };
        let mut above = Vec::new();
        let mut rest = nodes;
        while !rest.is_empty() {
            let room = TILE_WIDTH - last.len() / Hash::LEN;
            let (fitting, beyond) = rest.split_at(room.min(rest.len()));
            let bytes = Arc::make_mut(last);
            bytes.extend(fitting.iter().flat_map(|hash| hash.0));
            changed.push(Tile {
                key,
                bytes: Arc::clone(last),
            });
            if fitting.len() == room {
                above.push(tlog_tiles::Tile::subtree_hash(last).into());
                *last = Arc::default();
                key.index += 1;
            }
            rest = beyond;
        }
        above
    }
}

/// Levels on which a tree of this size has hashes.
fn levels(size: u64) -> u8 {
    let bits = u64::BITS - size.leading_zeros();
    u8::try_from(bits.div_ceil(TILE_HEIGHT)).unwrap_or(u8::MAX)
}

/// Hashes on a level of a tree.
fn nodes(size: u64, level: u8) -> u64 {
    size.checked_shr(TILE_HEIGHT * u32::from(level)).unwrap_or(0)
}

/// Full tiles on a level of a tree.
fn tiles_full(size: u64, level: u8) -> u64 {
    nodes(size, level) >> TILE_HEIGHT
}

/// Hashes of the partial tile on a level of a tree.
fn edge_width(size: u64, level: u8) -> usize {
    usize::try_from(nodes(size, level)).unwrap_or_default() % TILE_WIDTH
}

/// How wide a tile is in a tree of this size; 0 where there is none.
pub(super) fn tile_width(size: u64, key: TileKey) -> usize {
    let nodes = nodes(size, key.level);
    let before = key.index.saturating_mul(TILE_WIDTH as u64);
    let width = nodes.saturating_sub(before).min(TILE_WIDTH as u64);
    usize::try_from(width).unwrap_or_default()
}

#[cfg(test)]
mod tests;
