//! What the service did since it started, and how it is now, in numbers.

use std::{sync::atomic::AtomicU64, time::Duration};

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

use crate::{audit::Log, wire::pb};

/// Upper bounds of commit times, in seconds.
const COMMIT_SECONDS: [f64; 12] = [
    0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0,
];
/// Upper bounds of the decisions in a transaction.
const BATCH_LENGTHS: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// Every verdict that is recorded.
const VERDICTS: [pb::Verdict; 3] = [
    pb::Verdict::Permitted,
    pb::Verdict::NotPermitted,
    pb::Verdict::Indeterminate,
];

/// Which log.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfLog {
    log: &'static str,
}

/// Which verdict.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfVerdict {
    verdict: &'static str,
}

type Size = Gauge<u64, AtomicU64>;

/// Numbers that only grow, but for those of how it is now. Each is right by itself; read together they can be a moment apart.
#[derive(Debug)]
pub struct Counters {
    /// Decisions recorded, by verdict.
    decisions: Family<OfVerdict, Counter>,
    /// Requests answered with a decision that was recorded for the same request before, or in the same batch.
    pub found_again: Counter,
    /// Calls that were told to come back: their caller asked too fast, their request had no room beside the others in hand, they were
    /// checks and the queue was full, or batches, streams, exports, large answers or watches beyond their bounds.
    pub busy: Counter,
    /// Requests that got no verdict because it could not be recorded.
    pub unrecordable: Counter,
    /// Decisions of each transaction that recorded any.
    batch_len: Histogram,
    /// Seconds from the begin to the end of those transactions.
    commit_seconds: Histogram,
    /// Operations, such as reads, that could not be recorded when they happened.
    pub operations_lost: Counter,
    /// When both logs were last signed, in seconds of Unix time.
    signed_at: Gauge<i64>,
    /// Records in each log.
    log_size: Family<OfLog, Size>,
}

impl Default for Counters {
    fn default() -> Self {
        let decisions = Family::default();
        // There from the beginning: a series that begins with its first event hides that from whoever watches its increase.
        for verdict in VERDICTS {
            drop(decisions.get_or_create_owned(&OfVerdict::of(verdict)));
        }
        Self {
            decisions,
            found_again: Counter::default(),
            busy: Counter::default(),
            unrecordable: Counter::default(),
            batch_len: Histogram::new(BATCH_LENGTHS),
            commit_seconds: Histogram::new(COMMIT_SECONDS),
            operations_lost: Counter::default(),
            signed_at: Gauge::default(),
            log_size: Family::default(),
        }
    }
}

impl Counters {
    /// Decisions recorded so far.
    #[must_use]
    pub fn recorded(&self) -> u64 {
        let of = |verdict: pb::Verdict| self.decisions.get_or_create(&OfVerdict::of(verdict)).get();
        VERDICTS.map(of).iter().sum()
    }

    /// Counts a transaction that recorded decisions of these verdicts.
    pub(super) fn committed(&self, verdicts: impl ExactSizeIterator<Item = pb::Verdict>, took: Duration) {
        let count = verdicts.len();
        for verdict in verdicts {
            self.decisions.get_or_create(&OfVerdict::of(verdict)).inc();
        }
        #[expect(clippy::cast_precision_loss, reason = "a batch is far smaller than 2^52")]
        self.batch_len.observe(count as f64);
        self.commit_seconds.observe(took.as_secs_f64());
    }

    /// Notes how many records a log has.
    pub(super) fn holds(&self, log: Log, size: u64) {
        self.log_size.get_or_create(&OfLog { log: log.name() }).set(size);
    }

    /// Records in a log, as far as was told.
    #[cfg(test)]
    pub(super) fn size(&self, log: Log) -> u64 {
        self.log_size.get_or_create(&OfLog { log: log.name() }).get()
    }

    /// Notes that both logs were signed.
    pub(super) fn signed(&self, now_us: i64) {
        self.signed_at.set(now_us.div_euclid(1_000_000));
    }

    /// Shows all of it to those who watch.
    pub fn register(&self, registry: &mut Registry) {
        registry.register("decisions", "Decisions recorded", self.decisions.clone());
        registry.register(
            "found_again",
            "Requests answered with the decision that the same request had before",
            self.found_again.clone(),
        );
        registry.register("busy", "Calls that were told to come back", self.busy.clone());
        registry.register(
            "unrecordable",
            "Requests that got no verdict because it could not be recorded",
            self.unrecordable.clone(),
        );
        registry.register("batch_length", "Decisions of each transaction", self.batch_len.clone());
        registry.register(
            "commit_seconds",
            "Seconds that each transaction took",
            self.commit_seconds.clone(),
        );
        registry.register(
            "operations_lost",
            "Operations that could not be recorded when they happened",
            self.operations_lost.clone(),
        );
        registry.register(
            "checkpoint_timestamp_seconds",
            "When both logs were last signed, in seconds of Unix time",
            self.signed_at.clone(),
        );
        registry.register("log_size", "Records in the log", self.log_size.clone());
    }
}

impl OfVerdict {
    fn of(verdict: pb::Verdict) -> Self {
        let name = verdict.as_str_name();
        Self {
            verdict: name.strip_prefix("VERDICT_").unwrap_or(name),
        }
    }
}
