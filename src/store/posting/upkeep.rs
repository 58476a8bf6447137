//! What the index asks of each transaction: a little work that keeps the tail short and the runs few.

use std::path::Path;

use sqlx::ConnectOptions as _;

use super::{
    ahead::Ahead,
    fold::{TAIL_ROWS, fold},
    merge::Merge,
    run::{self, Run, State},
    tail::{self, Tail},
};
use crate::store::{append::NewDecision, connect, error::Failure, transaction::Transaction};

/// The tail is folded when it has this many decisions, or [`TAIL_ROWS`]: what a search of it may cost.
const TAIL_DECISIONS: i64 = 2048;
/// So many runs of a size, and smaller, become one.
const FAN_IN: usize = 8;
/// A run of this many decisions stays as it is: merging it again would cost more than searches gain.
const LENGTH_MAX: i64 = 1 << 19;
/// Blocks that every transaction is to write if there are some to be written ...
const BLOCKS_PER_TRANSACTION: usize = 4;
/// ... and one more for this many decisions of its own. A decision's postings take about 50 bytes in each of four sizes of run, and so
/// 20 decisions one block: this is several times what keeps up.
const DECISIONS_PER_BLOCK: usize = 8;
/// Making them takes messages to a thread of `SQLite`, however few they are; so they are left until so many are to be written.
const BLOCKS_TOGETHER: usize = 32;
/// Runs that become one are no more than this: a merge has a part of each in memory.
const SOURCES_MAX: usize = 64;
/// How often a merge could have begun before one is tried again after a run that could not be read.
const PAUSE: u32 = 1000;

/// The state of the index, as the writer knows it without asking.
#[derive(Debug)]
pub(in crate::store) struct Upkeep {
    /// The rows of the tail, which are folded without being read again.
    tail: Vec<Tail>,
    runs: Vec<Run>,
    /// The larger first. Each takes its sources from behind those of the one before.
    merges: Vec<Merge>,
    ahead: Ahead,
    next_number: i64,
    /// Blocks that transactions were to write, and left.
    owed: usize,
    /// What is left of a pause.
    pause: u32,
}

impl Upkeep {
    /// Finds out how the index of a database stands. What an earlier process left half written is begun anew.
    pub(in crate::store) async fn load(path: &Path) -> Result<Self, sqlx::Error> {
        let mut connection = connect::looking(path).connect().await?;
        Ok(Self {
            tail: tail::read(&mut connection, usize::MAX).await?,
            runs: run::in_use(&mut connection).await?,
            merges: Vec::new(),
            next_number: run::next_number(&mut connection).await?,
            ahead: Ahead::new(connection),
            owed: 0,
            pause: 0,
        })
    }

    /// Adds the postings of new decisions, and does what is due.
    pub(in crate::store) async fn add(
        &mut self,
        transaction: &mut Transaction<'_>,
        decisions: &[NewDecision<'_>],
    ) -> Result<(), Failure> {
        let Some(row) = Tail::of(decisions) else { return Ok(()) };
        self.owed += BLOCKS_PER_TRANSACTION + decisions.len() / DECISIONS_PER_BLOCK;
        let row_decisions = row.length;
        let tail_decisions = row_decisions + self.tail.iter().map(|row| row.length).sum::<i64>();
        if self.tail.len() + 1 < TAIL_ROWS && tail_decisions < TAIL_DECISIONS {
            tail::insert(transaction, &row)?;
            self.tail.push(row);
        } else {
            // The last row goes with the others, and is never written by itself.
            self.tail.push(row);
            self.fold(transaction)?;
            // That is enough of upkeep at once, unless each transaction folds.
            if row_decisions < TAIL_DECISIONS {
                return Ok(());
            }
        }
        if self.owed < BLOCKS_TOGETHER {
            return Ok(());
        }
        let blocks_max = self.owed;
        self.merge(transaction).await?;
        if self.merges.is_empty() {
            // What is being written nevertheless was cut off.
            run::give_up(transaction)?;
        }
        match self.pause.checked_sub(1) {
            Some(left) => self.pause = left,
            None => self.begin_merge(transaction)?,
        }
        if self.merges.is_empty() {
            self.owed = 0;
        }
        Ok(run::delete(transaction, blocks_max)?)
    }

    /// Has the next transaction's part made ready: once a transaction is committed, since only then another connection sees the runs that
    /// it made or chose.
    pub(in crate::store) fn committed(&mut self) {
        self.ahead.start(&mut self.merges, self.owed.max(BLOCKS_TOGETHER));
    }

    /// Ends what goes on beside the writer.
    pub(in crate::store) async fn close(self) -> Result<(), sqlx::Error> {
        self.ahead.close().await
    }

    fn fold(&mut self, transaction: &mut Transaction<'_>) -> Result<(), Failure> {
        let run = fold(transaction, &self.tail, self.next_number)?;
        self.tail.clear();
        self.next_number += 1;
        self.runs.extend(run);
        Ok(())
    }

    /// Writes what was made ready of the smallest merge.
    async fn merge(&mut self, transaction: &mut Transaction<'_>) -> Result<(), Failure> {
        if let Some(failure) = self.ahead.settle(&mut self.merges).await? {
            // The decisions of this transaction can be recorded, and searches need no merge.
            tracing::error!(error = %failure, "the search index is not tidied for now: it could not be read; `reimage-rights verify` says what is damaged");
            self.pause = PAUSE;
        }
        let Some(merge) = self.merges.last_mut() else {
            return Ok(());
        };
        let Some(slice) = merge.next.take() else { return Ok(()) };
        run::add(transaction, merge.target, &slice.blocks)?;
        self.owed = self.owed.saturating_sub(slice.blocks.len());
        if slice.is_last
            && let Some(whole) = self.merges.pop()
        {
            self.replace(transaction, &whole)?;
        }
        Ok(())
    }

    /// Puts a run that is whole in the place of those it was made of.
    fn replace(&mut self, transaction: &mut Transaction<'_>, merge: &Merge) -> Result<(), sqlx::Error> {
        run::set_state(transaction, merge.target, State::InUse)?;
        for run in merge.replaced() {
            run::set_state(transaction, run, State::Useless)?;
            self.runs.retain(|other| *other != run);
        }
        let behind = |run: &Run| run.first_index < merge.target.first_index;
        let place = self.runs.partition_point(behind);
        self.runs.insert(place, merge.target);
        Ok(())
    }

    /// Begins a merge if enough neighbors of a size are there. Small ones come before a larger one that is under way: left alone
    /// meanwhile, they would become many.
    fn begin_merge(&mut self, transaction: &mut Transaction<'_>) -> Result<(), sqlx::Error> {
        let busy_to = self.merges.last().map_or(0, |merge| merge.target.end_index);
        let free = self.runs.iter().position(|run| run.first_index >= busy_to);
        let free = free.and_then(|from| self.runs.get(from..)).unwrap_or_default();
        if let Some(due) = due(free) {
            let merge = Merge::of(due, self.next_number);
            run::begin(transaction, merge.target, State::Written)?;
            self.next_number += 1;
            self.merges.push(merge);
        }
        Ok(())
    }
}

/// The neighbors at the end of the log that are to become one: at least [`FAN_IN`] of one size, with whatever smaller ones lie among them.
fn due(runs: &[Run]) -> Option<&[Run]> {
    let sizes = runs.iter().rev().take_while(|run| run.length() < LENGTH_MAX).map(size);
    let largest = sizes.clone().max()?;
    (0..=largest).find_map(|size_max| {
        let count = sizes.clone().take_while(|&size| size <= size_max).count();
        let from = runs.len().saturating_sub(count);
        let small = runs.get(from..from + count.min(SOURCES_MAX))?;
        (count >= FAN_IN).then_some(small)
    })
}

/// Runs within a factor of eight are of one size.
fn size(run: &Run) -> u32 {
    run.length().max(1).ilog2() / FAN_IN.ilog2()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(lengths: &[i64]) -> Vec<Run> {
        let mut end_index = 0;
        let run = |&length: &i64| {
            let first_index = end_index;
            end_index += length;
            Run {
                number: first_index,
                first_index,
                end_index,
            }
        };
        lengths.iter().map(run).collect()
    }

    fn due_lengths(lengths: &[i64]) -> Vec<i64> {
        due(&runs(lengths))
            .unwrap_or_default()
            .iter()
            .map(Run::length)
            .collect()
    }

    #[test]
    fn eight_neighbors_of_a_size_become_one() {
        assert_eq!(due_lengths(&[2048; 7]), [0; 0]);
        assert_eq!(due_lengths(&[2048; 8]), [2048; 8]);
        assert_eq!(
            due_lengths(&[100_000, 128, 128, 128, 128, 128, 128, 128, 128]),
            [128; 8]
        );
    }

    #[test]
    fn small_runs_among_larger_ones_go_with_them() {
        let mixed = [2048, 2048, 128, 2048, 128, 2048, 2048, 2048];
        assert_eq!(due_lengths(&mixed), mixed);
    }

    #[test]
    fn very_many_runs_become_one_some_at_a_time() {
        assert_eq!(due_lengths(&[2048; 1000]), [2048; SOURCES_MAX]);
    }

    #[test]
    fn a_run_of_the_greatest_length_stays_as_it_is() {
        assert_eq!(due_lengths(&[LENGTH_MAX; 20]), [0; 0]);
    }

    #[test]
    fn a_log_of_any_length_has_few_runs() {
        let mut all: Vec<Run> = Vec::new();
        for fold in 0..10_000 {
            let (first_index, end_index) = (fold * 2048, (fold + 1) * 2048);
            all.push(Run {
                number: 0,
                first_index,
                end_index,
            });
            while let Some(due) = due(&all) {
                let (first_index, count) = (due[0].first_index, due.len());
                all.truncate(all.len() - count);
                all.push(Run {
                    number: 0,
                    first_index,
                    end_index,
                });
            }
        }
        assert!(all.len() < 50, "{} runs hold 20 million decisions", all.len());
    }
}
