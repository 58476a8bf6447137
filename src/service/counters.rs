//! What the service did since it started, in numbers.

use std::{
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

/// Counts that only grow, but for the largest time. Each is right by itself; read together they can be a moment apart.
#[derive(Debug, Default)]
pub struct Counters {
    /// Decisions recorded.
    pub recorded: AtomicU64,
    /// Transactions that recorded them.
    pub batches: AtomicU64,
    /// Requests answered with a decision that was recorded for the same request before, or in the same batch.
    pub found_again: AtomicU64,
    /// Calls refused because too much was in hand: checks that found the queue full, and batch calls and streams beyond their
    /// bounds.
    pub busy: AtomicU64,
    /// Requests that got no verdict because it could not be recorded.
    pub unrecordable: AtomicU64,
    /// Microseconds from the begin to the end of the transactions that were committed, added up.
    pub commit_us_sum: AtomicU64,
    /// The longest of them.
    pub commit_us_max: AtomicU64,
    /// Operations, such as reads, that could not be recorded when they happened.
    pub operations_lost: AtomicU64,
    /// How often both logs were signed, as far as they had grown.
    pub checkpoints: AtomicU64,
}

impl Counters {
    /// Counts one refusal, or one request without a verdict, or the like.
    pub(super) fn one(counter: &AtomicU64) {
        counter.fetch_add(1, Relaxed);
    }

    /// Counts a transaction.
    pub(super) fn committed(&self, recorded: usize, took: Duration) {
        let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.recorded.fetch_add(recorded as u64, Relaxed);
        self.batches.fetch_add(1, Relaxed);
        self.commit_us_sum.fetch_add(took_us, Relaxed);
        self.commit_us_max.fetch_max(took_us, Relaxed);
    }
}
