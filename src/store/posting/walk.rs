//! The whole index, for those who must know all of it.

use sqlx::SqliteConnection;

use super::{
    Posting, block,
    run::{self, Run},
    tail,
};
use crate::store::error::Failure;

/// Blocks that are read at a time.
const BLOCKS_READ: i64 = 64;

/// Gives every posting of a term below `term_end`; in order within each run and each transaction of the tail.
pub(in crate::store) async fn walk(
    connection: &mut SqliteConnection,
    term_end: i64,
    mut give: impl FnMut(Posting),
) -> Result<(), Failure> {
    for run in run::in_use(connection).await? {
        walk_run(connection, run, term_end, &mut give).await?;
    }
    for tail in tail::read(connection, usize::MAX).await? {
        let postings = tail.postings()?.into_iter();
        postings.take_while(|posting| posting.0 < term_end).for_each(&mut give);
    }
    Ok(())
}

async fn walk_run(
    connection: &mut SqliteConnection,
    run: Run,
    term_end: i64,
    give: &mut impl FnMut(Posting),
) -> Result<(), Failure> {
    let mut after = (-1, -1);
    let mut last = None;
    loop {
        let blocks = run::blocks(connection, run, after, BLOCKS_READ).await?;
        for block in &blocks {
            after = block.first;
            let mut postings = Vec::new();
            let read = block::decode(&block.bytes, &mut postings);
            // A search finds a block by its first posting, and relies on the order of all of them, and that a run keeps to its part of the log.
            let in_order = last
                .into_iter()
                .chain(postings.iter().copied())
                .is_sorted_by(|one, next| one < next);
            let in_part = postings
                .iter()
                .all(|posting| (run.first_index..run.end_index).contains(&posting.1));
            let sound = read.is_some() && postings.first() == Some(&block.first) && in_order && in_part;
            sound.then_some(()).ok_or_else(|| run::malformed(run))?;
            last = postings.last().copied();
            let postings = postings.into_iter();
            postings.take_while(|posting| posting.0 < term_end).for_each(&mut *give);
        }
        if blocks.is_empty() || after.0 >= term_end {
            return Ok(());
        }
    }
}
