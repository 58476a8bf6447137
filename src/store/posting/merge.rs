//! Runs on their way into a larger one, a slice at a time.

use super::{
    Posting,
    block::{self, Block, Encoder},
    run::{self, Run, State},
};
use crate::store::{error::Failure, transaction::Transaction};

/// Blocks of one run that are read at a time.
const BLOCKS_READ: i64 = 16;

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
    postings: std::vec::IntoIter<Posting>,
    /// The block that was read last begins with this.
    read: Posting,
    ended: bool,
}

impl Merge {
    /// Begins to merge neighbors into a run with a number.
    pub(super) fn begin(transaction: &mut Transaction<'_>, runs: &[Run], number: i64) -> Result<Self, sqlx::Error> {
        let first_index = runs.first().map_or(0, |run| run.first_index);
        let target = Run {
            number,
            first_index,
            end_index: runs.last().map_or(first_index, |run| run.end_index),
        };
        run::begin(transaction, target, State::Written)?;
        let source = |&run| Source {
            run,
            postings: Vec::new().into_iter(),
            read: (-1, -1),
            ended: false,
        };
        Ok(Self {
            target,
            sources: runs.iter().map(source).collect(),
            encoder: Encoder::default(),
        })
    }

    /// Writes at most `blocks_max` more blocks; gives whether that was all. Then the larger run is in use in place of the others.
    pub(super) async fn step(&mut self, transaction: &mut Transaction<'_>, blocks_max: usize) -> Result<bool, Failure> {
        let mut blocks: Vec<Block> = Vec::with_capacity(blocks_max);
        while blocks.len() < blocks_max {
            for source in &mut self.sources {
                source.fill(transaction).await?;
            }
            if self.sources.iter().all(|source| source.ended) {
                blocks.extend(std::mem::take(&mut self.encoder).finish());
                run::add(transaction, self.target, &blocks)?;
                run::set_state(transaction, self.target, State::InUse)?;
                for source in &self.sources {
                    run::set_state(transaction, source.run, State::Replaced)?;
                }
                return Ok(true);
            }
            self.take(&mut blocks, blocks_max);
        }
        run::add(transaction, self.target, &blocks)?;
        Ok(false)
    }

    /// Moves postings over in order, until there are enough blocks or a source has to be read again.
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

    /// Reads on where nothing is left of what was read.
    async fn fill(&mut self, transaction: &mut Transaction<'_>) -> Result<(), Failure> {
        if self.ended || !self.postings.as_slice().is_empty() {
            return Ok(());
        }
        let blocks = run::blocks(transaction.reading().await?, self.run, self.read, BLOCKS_READ).await?;
        self.ended = blocks.is_empty();
        let mut postings = Vec::new();
        for block in blocks {
            self.read = block.first;
            let more = block::decode(&block.bytes, &mut postings);
            more.ok_or_else(|| run::malformed(self.run))?;
        }
        self.postings = postings.into_iter();
        Ok(())
    }
}
