//! What the service does itself, as its log of operations keeps it.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use serde::Serialize;
use tokio::sync::{mpsc, oneshot};

use super::Counters;
use crate::{audit::hexadecimal, wire::Timestamp};

/// Number of the form of these records.
const FORMAT: u32 = 1;
/// Most operations that wait to be recorded. A read that finds no room is answered, and counted.
const QUEUE_LEN_MAX: usize = 1024;

/// Something that the service did.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "operation", rename_all = "snake_case")]
pub enum Operation {
    /// It began to serve a database.
    Start {
        /// Version of the program.
        engine: String,
        /// The edition that is decided by where a request names none.
        edition: String,
        /// The rules in force.
        rules_revision: String,
        /// The catalogue in force.
        catalogue_digest: String,
        /// SHA-256 of the settings in force, in hexadecimal.
        configuration_digest: String,
        /// The keys that sign checkpoints from now on, as `ORIGIN+HASH`.
        keys: Vec<String>,
    },
    /// Somebody read records: one for a query, not for each of its pages.
    Read {
        /// Who.
        caller: String,
        /// What was called.
        rpc: &'static str,
        /// What was asked, as on the wire.
        request: serde_json::Value,
    },
    /// Another key signs a log's checkpoints from now on.
    KeyChange {
        /// Name of the log.
        log: &'static str,
        /// The key that signed the last checkpoint, as `ORIGIN+HASH`.
        from: String,
        /// The verifier key from now on.
        to: String,
    },
    /// The file of checkpoints was not there, though the database has some: it was moved away, or lost.
    CheckpointFileGone {
        /// Name of the log.
        log: &'static str,
        /// Records under its last checkpoint in the database.
        size: u64,
    },
    /// Records were there at the start that nothing was signed of: a crash leaves some, and so does whoever adds some meanwhile.
    Unsigned {
        /// Name of the log.
        log: &'static str,
        /// Records under its last checkpoint.
        from: u64,
        /// Records that were there.
        to: u64,
    },
    /// A log was found otherwise than the service left it: somebody else wrote the database while it ran.
    ChangedBeside {
        /// Name of the log.
        log: &'static str,
        /// Records that the service left.
        expected: u64,
        /// Records that it found.
        found: u64,
    },
    /// Operations that could not be recorded when they happened.
    Gap {
        /// How many.
        operations: u64,
    },
}

/// The record of an operation.
#[derive(Serialize)]
struct Record<'a> {
    format: u32,
    at: Timestamp,
    /// Keeps the record from being guessed from its leaf, which may be public.
    salt: String,
    #[serde(flatten)]
    operation: &'a Operation,
}

impl Operation {
    /// The exact text of its record.
    ///
    /// # Errors
    ///
    /// If the request has no JSON form.
    pub(super) fn record(&self, now_us: i64, salt: [u8; 16]) -> Result<String, serde_json::Error> {
        serde_json::to_string(&Record {
            format: FORMAT,
            at: Timestamp::from_microseconds(now_us),
            salt: hexadecimal(&salt),
            operation: self,
        })
    }
}

/// What the task that records is asked beside decisions.
#[derive(Debug)]
pub(super) enum Task {
    /// Record this.
    Note(Operation),
    /// Sign both logs as they are now, and say whether that went well.
    Sign(oneshot::Sender<bool>),
}

/// The way to the log of operations. Clones share it.
#[derive(Clone, Debug)]
pub struct Operations {
    queue: mpsc::Sender<Task>,
    lost: Arc<AtomicU64>,
    counters: Arc<Counters>,
}

impl Operations {
    pub(super) fn new(counters: Arc<Counters>) -> (Self, mpsc::Receiver<Task>) {
        let (queue, tasks) = mpsc::channel(QUEUE_LEN_MAX);
        let lost = Arc::default();
        (Self { queue, lost, counters }, tasks)
    }

    /// Notes an operation. It is recorded within milliseconds, in its own time; where it cannot be, that is counted, and recorded as a
    /// gap as soon as something can be again.
    pub(super) fn note(&self, operation: Operation) {
        if self.queue.try_send(Task::Note(operation)).is_err() {
            self.lose(1);
        }
    }

    /// Has both logs signed as they are now; whether that went well.
    pub(super) async fn sign(&self) -> bool {
        let (answer, signed) = oneshot::channel();
        let asked = self.queue.send(Task::Sign(answer)).await;
        asked.is_ok() && signed.await.unwrap_or(false)
    }

    /// Counts operations that could not be recorded.
    pub(super) fn lose(&self, operations: u64) {
        self.lost.fetch_add(operations, Relaxed);
        self.counters.operations_lost.inc_by(operations);
    }

    /// Whether there is a gap that was not recorded yet.
    pub(super) fn has_gap(&self) -> bool {
        self.lost.load(Relaxed) > 0
    }

    /// The gap to be recorded, and of how many operations; whoever takes it records it, or puts it back.
    pub(super) fn take_gap(&self) -> Option<(u64, Operation)> {
        let operations = self.lost.swap(0, Relaxed);
        (operations > 0).then_some((operations, Operation::Gap { operations }))
    }

    /// Puts a gap back that could not be recorded either.
    pub(super) fn put_gap_back(&self, operations: u64) {
        self.lost.fetch_add(operations, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_says_what_was_done_when_and_by_whom() {
        let read = Operation::Read {
            caller: "local".to_owned(),
            rpc: "History",
            request: serde_json::json!({ "deviceId": "PC-1" }),
        };
        assert_eq!(
            read.record(1_767_225_600_000_001, [7; 16]).unwrap(),
            r#"{"format":1,"at":"2026-01-01T00:00:00.000001Z","salt":"07070707070707070707070707070707","operation":"read","caller":"local","rpc":"History","request":{"deviceId":"PC-1"}}"#
        );
        let gap = Operation::Gap { operations: 3 };
        assert_eq!(
            gap.record(0, [0; 16]).unwrap(),
            r#"{"format":1,"at":"1970-01-01T00:00:00Z","salt":"00000000000000000000000000000000","operation":"gap","operations":3}"#
        );
    }

    #[test]
    fn what_finds_no_room_is_a_gap_until_it_is_recorded() {
        let counters = Arc::<Counters>::default();
        let (operations, tasks) = Operations::new(Arc::clone(&counters));
        drop(tasks);
        assert_eq!(operations.take_gap(), None);
        operations.note(Operation::Gap { operations: 1 });
        operations.note(Operation::Gap { operations: 1 });
        assert_eq!(operations.take_gap(), Some((2, Operation::Gap { operations: 2 })));
        operations.put_gap_back(2);
        operations.lose(1);
        assert_eq!(operations.take_gap(), Some((3, Operation::Gap { operations: 3 })));
        assert_eq!(operations.take_gap(), None);
        assert_eq!(counters.operations_lost.get(), 3);
    }
}
