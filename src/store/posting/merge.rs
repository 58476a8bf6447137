//! Runs on their way into a larger one, a slice at a time.

use std::collections::VecDeque;

use sqlx::{Sqlite, SqliteConnection, Transaction};

use super::{
    Posting,
    block::{self, Block, Encoder},
    run::{self, Run},
};
use crate::store::error::Failure;

/// Blocks of one run that are read at a time.
const BLOCKS_READ: i64 = 8;

/// A larger run being written from smaller ones, which stay in use until it is whole.
#[derive(Debug)]
pub(super) struct Merge {
    pub(super) target: Run,
    pub(super) sources: Vec<Source>,
    encoder: Encoder,
}

/// A run that is read from its beginning to its end.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) run: Run,
    postings: VecDeque<Posting>,
    /// The block that was read last begins with this.
    read: Posting,
    ended: bool,
}

impl Merge {
    /// Begins to merge neighbors.
    pub(super) async fn begin(transaction: &mut Transaction<'_, Sqlite>, runs: &[Run]) -> Result<Self, Failure> {
        let first_index = runs.first().map_or(0, |run| run.first_index);
        let end_index = runs.last().map_or(first_index, |run| run.end_index);
        let source = |&run| Source {
            run,
            postings: VecDeque::new(),
            read: (-1, -1),
            ended: false,
        };
        Ok(Self {
            target: run::begin(transaction, first_index, end_index).await?,
            sources: runs.iter().map(source).collect(),
            encoder: Encoder::default(),
        })
    }

    /// Writes at most `blocks_max` more blocks; gives whether that was all. Then the larger run is in use in place of the others.
    pub(super) async fn step(
        &mut self,
        transaction: &mut Transaction<'_, Sqlite>,
        blocks_max: usize,
    ) -> Result<bool, Failure> {
        let mut blocks: Vec<Block> = Vec::with_capacity(blocks_max);
        while blocks.len() < blocks_max {
            let Some(posting) = self.next(transaction).await? else {
                blocks.extend(std::mem::take(&mut self.encoder).finish());
                run::add(transaction, self.target, &blocks).await?;
                run::set_state(transaction, self.target, run::State::InUse).await?;
                for source in &self.sources {
                    run::set_state(transaction, source.run, run::State::Replaced).await?;
                }
                return Ok(true);
            };
            blocks.extend(self.encoder.push(posting));
        }
        run::add(transaction, self.target, &blocks).await?;
        Ok(false)
    }

    /// The smallest posting that is left. There are few sources, so looking at each is as fast as anything cleverer.
    async fn next(&mut self, connection: &mut SqliteConnection) -> Result<Option<Posting>, Failure> {
        for source in self.sources.iter_mut().filter(|source| source.postings.is_empty()) {
            source.fill(connection).await?;
        }
        let heads = self.sources.iter_mut().filter(|source| !source.postings.is_empty());
        let least = heads.min_by_key(|source| source.postings.front().copied());
        Ok(least.and_then(|source| source.postings.pop_front()))
    }
}

impl Source {
    async fn fill(&mut self, connection: &mut SqliteConnection) -> Result<(), Failure> {
        if self.ended {
            return Ok(());
        }
        let blocks = run::blocks(connection, self.run, self.read, BLOCKS_READ).await?;
        self.ended = blocks.is_empty();
        for block in blocks {
            self.read = block.first;
            let postings = block::decode(&block.bytes).ok_or_else(|| run::malformed(self.run))?;
            self.postings.extend(postings);
        }
        Ok(())
    }
}
