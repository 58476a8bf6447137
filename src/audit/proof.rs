//! Proofs: that a leaf is in a tree, and that a tree goes on where another ended (RFC 6962, sections 2.1.1 and 2.1.2).
//!
//! A proof is asked for in three steps, since nothing here can fetch: say what is to be proven, fetch the tiles that this names,
//! prove with them.

use super::{Hash, SIZE_MAX, TilePath, Tiles, tiles::Notebook};

/// The hashes of a proof, from the leaf upward.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// The hashes. A proof of inclusion has one for each level at most, one of consistency one more.
    pub hashes: Vec<Hash>,
}

/// Why there is no proof, or one proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The tree has no such leaf.
    #[error("a tree of {size} leaves has no leaf {index}; leaves count from 0")]
    Index {
        /// The leaf.
        index: u64,
        /// Leaves of the tree.
        size: u64,
    },
    /// The later tree is the smaller one.
    #[error("a tree of {new} leaves cannot go on from one of {old}")]
    Order {
        /// Leaves of the earlier tree.
        old: u64,
        /// Leaves of the later tree.
        new: u64,
    },
    /// A size that no tree here has.
    #[error("a tree of {0} leaves is larger than any can be here")]
    Size(u64),
    /// A tile that the proof needs is not at hand.
    #[error("a tile that the proof needs is missing or too narrow")]
    Tiles,
    /// The proof does not lead from one to the other.
    #[error("the proof does not lead to the root")]
    Wrong,
}

/// The claim that a leaf is in a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inclusion {
    index: u64,
    size: u64,
}

/// The claim that a tree begins with all leaves of an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Consistency {
    old: u64,
    new: u64,
}

impl Inclusion {
    /// The leaf `index` in a tree of `size` leaves.
    ///
    /// # Errors
    ///
    /// If the tree has no such leaf, or no tree has this size.
    pub fn new(index: u64, size: u64) -> Result<Self, ProofError> {
        if size > SIZE_MAX {
            Err(ProofError::Size(size))
        } else if index >= size {
            Err(ProofError::Index { index, size })
        } else {
            Ok(Self { index, size })
        }
    }

    /// The tiles that a proof is made from, each with the width it has in the tree; a wider one does as well.
    #[must_use]
    pub fn tiles(&self) -> Vec<TilePath> {
        let notebook = Notebook::new(self.size);
        // It notes what would be read, and ends there.
        let _ = tlog_tiles::prove_record(self.size, self.index, &notebook);
        notebook.into_paths()
    }

    /// The proof.
    ///
    /// # Errors
    ///
    /// If a tile is not at hand.
    pub fn prove(&self, tiles: &Tiles) -> Result<Proof, ProofError> {
        tlog_tiles::prove_record(self.size, self.index, tiles)
            .map(Proof::of)
            .map_err(|_| ProofError::Tiles)
    }

    /// Whether the proof leads from the leaf to the root.
    ///
    /// # Errors
    ///
    /// If it does not.
    pub fn verify(&self, proof: &Proof, leaf: Hash, root: Hash) -> Result<(), ProofError> {
        tlog_tiles::check_record(&proof.theirs(), self.size, root.into(), self.index, leaf.into())
            .map_err(|_| ProofError::Wrong)
    }
}

impl Consistency {
    /// A tree of `old` leaves, and the one of `new` leaves that goes on from it.
    ///
    /// # Errors
    ///
    /// If the new tree is smaller, or no tree has this size.
    pub fn new(old: u64, new: u64) -> Result<Self, ProofError> {
        if new > SIZE_MAX {
            Err(ProofError::Size(new))
        } else if old > new {
            Err(ProofError::Order { old, new })
        } else {
            Ok(Self { old, new })
        }
    }

    /// The tiles that a proof is made from, each with the width it has in the new tree; a wider one does as well.
    #[must_use]
    pub fn tiles(&self) -> Vec<TilePath> {
        let notebook = Notebook::new(self.new);
        // It notes what would be read, and ends there; an empty old tree is refused by it, and needs nothing.
        let _ = tlog_tiles::prove_tree(self.new, self.old, &notebook);
        notebook.into_paths()
    }

    /// The proof. From a tree without leaves it is empty, since any tree goes on from that.
    ///
    /// # Errors
    ///
    /// If a tile is not at hand.
    pub fn prove(&self, tiles: &Tiles) -> Result<Proof, ProofError> {
        if self.old == 0 {
            return Ok(Proof::default());
        }
        tlog_tiles::prove_tree(self.new, self.old, tiles)
            .map(Proof::of)
            .map_err(|_| ProofError::Tiles)
    }

    /// Whether the proof leads from the old root to the new.
    ///
    /// # Errors
    ///
    /// If it does not.
    pub fn verify(&self, proof: &Proof, old_root: Hash, new_root: Hash) -> Result<(), ProofError> {
        if self.old == 0 {
            let new_is_empty = self.new == 0;
            let agrees = old_root == Hash::EMPTY_ROOT && (!new_is_empty || new_root == old_root);
            return (proof.hashes.is_empty() && agrees)
                .then_some(())
                .ok_or(ProofError::Wrong);
        }
        tlog_tiles::check_tree(&proof.theirs(), self.new, new_root.into(), self.old, old_root.into())
            .map_err(|_| ProofError::Wrong)
    }
}

impl Proof {
    fn of(theirs: Vec<tlog_tiles::Hash>) -> Self {
        Self {
            hashes: theirs.into_iter().map(Hash::from).collect(),
        }
    }

    fn theirs(&self) -> Vec<tlog_tiles::Hash> {
        self.hashes.iter().copied().map(Into::into).collect()
    }
}

#[cfg(test)]
mod tests;
