//! The tiles that a proof is made from, with the nodes inside them.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use tlog_tiles::{Error, HashReader};

use super::{
    Hash, Tile, TileKey, TilePath,
    tile::{self, TILE_WIDTH},
    tree,
};

/// Levels of the tree inside a tile, its lowest included.
const LEVELS: u8 = 8;

/// Tiles at hand. The nodes inside a tile are computed once, so that many proofs from the same tiles cost little more than one.
#[derive(Clone, Debug, Default)]
pub struct Tiles(BTreeMap<TileKey, Vec<Vec<Hash>>>);

impl Tiles {
    /// No tiles.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a tile in; it may be wider than asked for, as stored when the tree was larger.
    pub fn insert(&mut self, tile: &Tile) {
        let lowest: Vec<Hash> = tile::hashes(&tile.bytes).take(TILE_WIDTH).collect();
        let mut levels = vec![lowest];
        while let Some(nodes) = levels.last().filter(|nodes| nodes.len() > 1)
            && levels.len() < usize::from(LEVELS)
        {
            let (pairs, _) = nodes.as_chunks();
            let above = pairs.iter().map(|[left, right]| Hash::node(*left, *right));
            levels.push(above.collect());
        }
        self.0.insert(tile.key, levels);
    }

    fn node(&self, index: u64) -> Option<tlog_tiles::Hash> {
        let (key, height, place) = place(index);
        let nodes = self.0.get(&key)?.get(height)?;
        nodes.get(place).copied().map(Into::into)
    }
}

impl HashReader for Tiles {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog_tiles::Hash>, Error> {
        let nodes: Option<_> = indexes.iter().map(|index| self.node(*index)).collect();
        nodes.ok_or(Error::IndexesNotInTree)
    }
}

/// Where a node is found, by its number in the order of `tlog_tiles`: the tile, and height and place inside it.
fn place(index: u64) -> (TileKey, usize, usize) {
    let (level, place) = tlog_tiles::split_stored_hash_index(index);
    let (tile_level, height) = (level / LEVELS, level % LEVELS);
    let nodes_across = TILE_WIDTH as u64 >> height;
    let key = TileKey {
        level: tile_level,
        index: place / nodes_across,
    };
    let inside = usize::try_from(place % nodes_across).unwrap_or(usize::MAX);
    (key, usize::from(height), inside)
}

/// Notes which nodes of a tree are read, and gives none.
pub(super) struct Notebook {
    size: u64,
    paths: RefCell<BTreeSet<TilePath>>,
}

impl Notebook {
    pub(super) fn new(size: u64) -> Self {
        Self {
            size,
            paths: RefCell::default(),
        }
    }

    pub(super) fn into_paths(self) -> Vec<TilePath> {
        self.paths.into_inner().into_iter().collect()
    }
}

impl HashReader for Notebook {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog_tiles::Hash>, Error> {
        let paths = indexes.iter().map(|index| {
            let (key, ..) = place(*index);
            let width = tree::tile_width(self.size, key);
            TilePath { key, width }
        });
        self.paths.borrow_mut().extend(paths);
        Err(Error::IndexesNotInTree)
    }
}
