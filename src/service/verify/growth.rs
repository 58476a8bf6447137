//! A log's tree computed anew, held against the tiles that are stored and the checkpoints that were signed.

use std::collections::VecDeque;

use super::{Fault, VerifyError};
use crate::{
    audit::{Hash, Log, Rebuild, Tile, TileDifference, TileFault},
    store::Store,
};

/// What has the records as they are, where a tile is wrong.
const SIGNED: &str = "the signed checkpoints";
const BELOW: &str = "the tiles below it";
const OWN: &str = "its other hashes";

/// A tree on its way through a log.
#[derive(Debug)]
pub(super) struct Growth<'a> {
    store: &'a Store,
    log: Log,
    rebuild: Rebuild,
    signed: VecDeque<(u64, Hash)>,
    /// The size up to which the records are those that were signed.
    attested: u64,
    /// The first tile that differs. What was altered, tile or record, the next checkpoint tells.
    differs: Option<TileDifference>,
}

impl<'a> Growth<'a> {
    pub(super) fn new(store: &'a Store, log: Log, rebuild: Rebuild, signed: VecDeque<(u64, Hash)>) -> Self {
        Self {
            store,
            log,
            attested: rebuild.tree().size(),
            rebuild,
            signed,
            differs: None,
        }
    }

    /// Takes the next leaves; the first thing that is wrong, if that is certain by now.
    pub(super) async fn push(&mut self, mut leaves: &[Hash]) -> Result<Option<Fault>, VerifyError> {
        while !leaves.is_empty() {
            let size = self.rebuild.tree().size();
            let to_next = self.signed.front().map(|(signed, _)| signed.saturating_sub(size));
            let count = to_next.map_or(leaves.len(), |count| {
                leaves.len().min(usize::try_from(count).unwrap_or(usize::MAX))
            });
            let (now, behind) = leaves.split_at(count);
            leaves = behind;
            for tile in self.rebuild.push(now) {
                self.compare(&tile, false).await?;
            }
            if let Some(fault) = self.attested().await? {
                return Ok(Some(fault));
            }
        }
        Ok(None)
    }

    /// Checks what is left once the last leaf was taken.
    pub(super) async fn finish(mut self) -> Result<Option<Fault>, VerifyError> {
        if let Some(fault) = self.attested().await? {
            return Ok(Some(fault));
        }
        let size = self.rebuild.tree().size();
        if let Some((signed, _)) = self.signed.back() {
            let (log, signed) = (self.log, *signed);
            return Ok(Some(Fault::Truncated { log, size, signed }));
        }
        let partial: Vec<Tile> = self.rebuild.tree().partial_tiles().collect();
        let stored = self
            .store
            .tiles(self.log, partial.iter().map(|tile| tile.key).collect::<Vec<_>>())
            .await?;
        let (expected, found) = (tile_count(size), self.store.tile_count(self.log).await?);
        // Who writes meanwhile makes tiles wider and more; asked last, so that whatever was read above was there by then.
        let grew = self.store.size(self.log).await? > size;
        for tile in &partial {
            let stored = stored.iter().find(|stored| stored.key == tile.key);
            self.hold(tile, stored.map(|stored| stored.bytes.as_slice()), grew);
        }
        if let Some(differs) = self.differs {
            return Ok(Some(self.told(differs)));
        }
        let count = Fault::TileCount {
            log: self.log,
            expected,
            found,
        };
        Ok((found != expected && !grew).then_some(count))
    }

    /// The record that was altered, where something shows that one was and a stored tile has another leaf for it; else what showed it.
    pub(super) async fn blame(&mut self, fault: Fault) -> Result<Fault, VerifyError> {
        let partial: Vec<Tile> = self.rebuild.tree().partial_tiles().collect();
        for tile in partial {
            self.compare(&tile, true).await?;
        }
        // A root that does not fit, or one that is still to come, has this record under it.
        let is_signed = matches!(fault, Fault::Root { .. }) || !self.signed.is_empty();
        Ok(match self.differs.map(|differs| self.told(differs)) {
            Some(Fault::Unsettled { log, log_index }) if is_signed => Fault::Record { log, log_index },
            Some(told @ (Fault::Unsettled { .. } | Fault::Added { .. })) if !is_signed => told,
            _ => fault,
        })
    }

    /// Whether the tree is the one that was signed, where it has the size of a checkpoint.
    async fn attested(&mut self) -> Result<Option<Fault>, VerifyError> {
        let size = self.rebuild.tree().size();
        while let Some((signed, root)) = self.signed.front().copied()
            && signed <= size
        {
            self.signed.pop_front();
            if self.rebuild.tree().root() != root {
                // Which record it is, the tile tells that is not full here: its leaves are stored one by one.
                let root = Fault::Root { log: self.log, size };
                return self.blame(root).await.map(Some);
            }
            self.attested = size;
            if let Some(differs) = self.differs {
                return Ok(Some(self.tile(differs, SIGNED)));
            }
        }
        Ok(None)
    }

    /// What a difference behind the last checkpoint comes to: no root tells whether it is the record that is wrong, or the tile.
    fn told(&self, differs: TileDifference) -> Fault {
        let (log, log_index) = (self.log, differs.log_index());
        match differs.what {
            // Had a record been altered, the leaf of it in the tiles below would be the first that differs.
            _ if differs.key.level > 0 && self.attested < self.rebuild.tree().size() => self.tile(differs, BELOW),
            _ if differs.key.level > 0 => self.tile(differs, SIGNED),
            TileFault::Length { expected, found } if found > expected && log_index == self.rebuild.tree().size() => {
                Fault::Beyond {
                    log,
                    size: log_index,
                    leaves: log_index + (found - expected).div_ceil(Hash::LEN) as u64,
                }
            }
            TileFault::Length { expected, found } if found > expected => self.tile(differs, OWN),
            _ if log_index < self.attested => self.tile(differs, SIGNED),
            TileFault::Hash { .. } => Fault::Unsettled { log, log_index },
            TileFault::Missing | TileFault::Length { .. } => Fault::Added { log, log_index },
        }
    }

    fn tile(&self, differs: TileDifference, proof: &'static str) -> Fault {
        Fault::Tile {
            log: self.log,
            log_index: differs.log_index(),
            problem: differs.to_string(),
            proof,
        }
    }

    async fn compare(&mut self, tile: &Tile, wider: bool) -> Result<(), VerifyError> {
        let stored = self.store.tiles(self.log, [tile.key]).await?;
        let stored = stored.first().map(|stored| stored.bytes.as_slice());
        self.hold(tile, stored, wider);
        Ok(())
    }

    /// Holds a tile against the stored one, which may be wider where somebody writes meanwhile.
    fn hold(&mut self, tile: &Tile, stored: Option<&[u8]>, wider: bool) {
        let stored = stored.map(|bytes| {
            if wider {
                bytes.get(..tile.bytes.len()).unwrap_or(bytes)
            } else {
                bytes
            }
        });
        if let Err(differs) = tile.compare(stored) {
            self.differs.get_or_insert(differs);
        }
    }
}

/// Tiles of a tree of this size: on each level one for every 256 of the level below.
fn tile_count(size: u64) -> u64 {
    let mut nodes = size;
    let mut count = 0;
    while nodes > 0 {
        count += nodes.div_ceil(256);
        nodes /= 256;
    }
    count
}
