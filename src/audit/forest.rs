//! Trees to test with: leaves, what another library makes of them, and a store of tiles.

use std::collections::BTreeMap;

use tlog_tiles::{Error, HashReader};

use super::{Hash, Kind, Tile, TileKey, TilePath, Tree, leaf_hash};

/// The first so many leaves of a log whose records are their numbers.
pub(super) fn leaves(count: u64) -> Vec<Hash> {
    (0..count)
        .map(|index| leaf_hash(Kind::Decision, &index.to_be_bytes()))
        .collect()
}

/// Every node that `tlog_tiles` computes one by one, without tiles.
#[derive(Default)]
pub(super) struct Nodes(Vec<tlog_tiles::Hash>);

impl Nodes {
    pub(super) fn over(leaves: &[Hash]) -> Self {
        let mut nodes = Self::default();
        for (index, leaf) in (0..).zip(leaves) {
            let added = tlog_tiles::stored_hashes_for_record_hash(index, (*leaf).into(), &nodes).unwrap();
            nodes.0.extend(added);
        }
        nodes
    }

    pub(super) fn root(&self, size: u64) -> Hash {
        tlog_tiles::tree_hash(size, self).unwrap().into()
    }
}

impl HashReader for Nodes {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog_tiles::Hash>, Error> {
        Ok(indexes
            .iter()
            .map(|index| self.0[usize::try_from(*index).unwrap()])
            .collect())
    }
}

/// Tiles as a database keeps them: one row each, written over when it grows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shelf(pub(super) BTreeMap<TileKey, Tile>);

impl Shelf {
    /// A tree of these leaves, and its tiles.
    pub(super) fn grown(leaves: &[Hash], batch_len: usize) -> (Tree, Self) {
        let mut tree = Tree::new();
        let mut shelf = Self::default();
        for batch in leaves.chunks(batch_len) {
            let (next, tiles) = tree.appended(batch);
            shelf.put(tiles);
            tree = next;
        }
        (tree, shelf)
    }

    pub(super) fn put(&mut self, tiles: Vec<Tile>) {
        self.0.extend(tiles.into_iter().map(|tile| (tile.key, tile)));
    }

    pub(super) fn get(&self, paths: &[TilePath]) -> Vec<Tile> {
        paths.iter().map(|path| self.0[&path.key].clone()).collect()
    }
}
