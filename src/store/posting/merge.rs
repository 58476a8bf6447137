//! Runs on their way into a larger one, a slice at a time.

use sqlx::SqliteConnection;

use super::{
    Posting,
    block::{self, Block, Encoder},
    run::{self, Run},
};
use crate::store::error::Failure;

/// Blocks of one run that are read at a time. Each is decoded when its turn comes: its postings take several times as much.
const BLOCKS_READ: i64 = 32;

/// A larger run being made of smaller ones, which stay in use until it is whole.
#[derive(Debug)]
pub(super) struct Merge {
    pub(super) target: Run,
    sources: Vec<Source>,
    encoder: Encoder,
    /// What is to be written next, if that is known.
    pub(super) next: Option<Slice>,
}

/// A run that is read from its beginning to its end.
#[derive(Debug)]
struct Source {
    run: Run,
    blocks: std::vec::IntoIter<Block>,
    /// What is left of the block before those.
    postings: std::vec::IntoIter<Posting>,
    /// The block that was read last begins with this.
    read: Posting,
    ended: bool,
}

/// A part of a larger run.
#[derive(Debug)]
pub(super) struct Slice {
    pub(super) blocks: Vec<Block>,
    /// Whether the run is whole with it.
    pub(super) is_last: bool,
}

impl Merge {
    /// Neighbors, to be merged into a run with a number.
    pub(super) fn of(runs: &[Run], number: i64) -> Self {
        let first_index = runs.first().map_or(0, |run| run.first_index);
        let source = |&run| Source {
            run,
            blocks: Vec::new().into_iter(),
            postings: Vec::new().into_iter(),
            read: (-1, -1),
            ended: false,
        };
        Self {
            target: Run {
                number,
                first_index,
                end_index: runs.last().map_or(first_index, |run| run.end_index),
            },
            sources: runs.iter().map(source).collect(),
            encoder: Encoder::default(),
            next: None,
        }
    }

    /// The runs that it is made of.
    pub(super) fn replaced(&self) -> impl Iterator<Item = Run> {
        self.sources.iter().map(|source| source.run)
    }

    /// Makes the next slice, of about `blocks_max` blocks.
    pub(super) async fn slice(
        &mut self,
        connection: &mut SqliteConnection,
        blocks_max: usize,
    ) -> Result<Slice, Failure> {
        let mut blocks = Vec::with_capacity(blocks_max);
        while blocks.len() < blocks_max {
            for source in &mut self.sources {
                source.fill(connection).await?;
            }
            if self.sources.iter().all(|source| source.ended) {
                blocks.extend(std::mem::take(&mut self.encoder).finish());
                return Ok(Slice { blocks, is_last: true });
            }
            self.take(&mut blocks, blocks_max);
        }
        Ok(Slice { blocks, is_last: false })
    }

    /// Moves postings over in order, until there are enough blocks or a source has to be filled again.
    fn take(&mut self, blocks: &mut Vec<Block>, blocks_max: usize) {
        let heads = self.sources.iter().map(|source| source.head().unwrap_or(END));
        let mut heads: Vec<Posting> = heads.collect();
        loop {
            let mut least = (0, END);
            let mut next = END;
            for (place, &head) in heads.iter().enumerate() {
                if head < least.1 {
                    next = least.1;
                    least = (place, head);
                } else if head < next {
                    next = head;
                }
            }
            let (Some(source), Some(head)) = (self.sources.get_mut(least.0), heads.get_mut(least.0)) else {
                return;
            };
            // Terms that many decisions have come in long stretches from one source.
            while *head < next {
                blocks.extend(self.encoder.push(*head));
                source.postings.next();
                let Some(behind) = source.head() else {
                    return;
                };
                *head = behind;
            }
            if blocks.len() >= blocks_max {
                return;
            }
        }
    }
}

/// Behind every posting.
const END: Posting = (i64::MAX, i64::MAX);

impl Source {
    fn head(&self) -> Option<Posting> {
        self.postings.as_slice().first().copied()
    }

    /// Goes on to the next block where nothing is left of the one before.
    async fn fill(&mut self, connection: &mut SqliteConnection) -> Result<(), Failure> {
        if self.ended || !self.postings.as_slice().is_empty() {
            return Ok(());
        }
        if self.blocks.as_slice().is_empty() {
            let blocks = run::blocks(connection, self.run, self.read, BLOCKS_READ).await?;
            self.read = blocks.last().map_or(self.read, |block| block.first);
            self.blocks = blocks.into_iter();
        }
        let Some(block) = self.blocks.next() else {
            self.ended = true;
            return Ok(());
        };
        let mut postings = Vec::new();
        let read = block::decode(&block.bytes, &mut postings).filter(|()| !postings.is_empty());
        read.ok_or_else(|| run::malformed(self.run))?;
        self.postings = postings.into_iter();
        Ok(())
    }
}
