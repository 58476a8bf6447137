//! One transaction that writes: everything in it is recorded, or nothing.

use std::{collections::BTreeMap, path::Path};

use super::{
    catalogue, checkpoint, connect,
    decision::{self, Head},
    earlier::Keyed,
    error::{Failure, WriteError},
    left::Left,
    operation,
    posting::Upkeep,
    requests::SharedRequests,
    search,
    transaction::Transaction,
    tree::Trees,
    watch::Watch,
};
use crate::audit::{Log, Tree};
use crate::history::{Projection, Term, TermKind};

/// What a transaction adds to the write-ahead log beside its records: the pages they begin on, and those of the index.
const BYTES_A_TRANSACTION: u64 = 4 * connect::PAGE_BYTES as u64;

/// A decision to be recorded.
#[derive(Clone, Copy, Debug)]
pub struct NewDecision<'a> {
    /// Its place in the log: the next.
    pub log_index: u64,
    /// What it is found by.
    pub projection: &'a Projection,
    /// The exact text of its record.
    pub record: &'a str,
}

/// A transaction of a [`Writer`](super::Writer), which takes the database's write lock when it first writes. Dropped, it leaves nothing
/// behind.
#[derive(Debug)]
pub struct Append<'w> {
    pub(super) transaction: Transaction<'w>,
    pub(super) path: &'w Path,
    pub(super) watch: &'w Watch,
    /// What the writer knows of the database without asking: it is without it until a transaction ended well.
    pub(super) known: &'w mut Option<Known>,
    pub(super) left: &'w mut Left,
    pub(super) requests: &'w SharedRequests,
    pub(super) now: Known,
    pub(super) appended: bool,
    /// About how many bytes the transaction adds to the write-ahead log.
    pub(super) written: &'w mut u64,
}

/// Where a database stands after a transaction.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) head: Head,
    pub(super) upkeep: Upkeep,
    pub(super) trees: Trees,
}

impl Append<'_> {
    /// The log index of the next decision.
    #[must_use]
    pub fn next_index(&self) -> u64 {
        self.now.head.next_index
    }

    /// When the last decision was made, in microseconds since 1970, UTC; `None` in an empty log.
    #[must_use]
    pub fn last_decided_at_us(&self) -> Option<i64> {
        self.now.head.last_decided_at_us
    }

    /// Every decision under one of the keys, each looked for from a log index on: where [`Store::earlier`](super::Store::earlier) ended,
    /// which is the end of the log for most, or 0. Those appended in this transaction are found too.
    ///
    /// # Errors
    /// See [`WriteError`].
    pub async fn find_requests(
        &mut self,
        keys: impl IntoIterator<Item = ([Term; 2], u64)>,
    ) -> Result<Keyed, WriteError> {
        let mut known: BTreeMap<[Term; 2], u64> = BTreeMap::new();
        {
            let requests = self.requests.read();
            for (key @ [request, _], from) in keys {
                if from < self.now.head.next_index && requests.may_have(request) {
                    let first = known.entry(key).or_insert(from);
                    *first = from.min(*first);
                }
            }
        }
        if known.is_empty() {
            return Ok(Keyed::new());
        }
        let failed = |error| WriteError::new(self.path, error);
        let connection = self.transaction.reading().await.map_err(failed)?;
        let found = search::all(connection, known).await;
        found.map_err(|error| WriteError::new(self.path, error))
    }

    /// Adds decisions that continue the log: consecutive indices, times that never decrease.
    ///
    /// # Errors
    /// See [`WriteError`].
    pub async fn append(&mut self, decisions: &[NewDecision<'_>]) -> Result<(), WriteError> {
        let head = decisions.iter().try_fold(self.now.head, follow)?;
        (self.now.head, self.appended) = (head, true);
        {
            let mut requests = self.requests.write();
            for term in decisions.iter().flat_map(|decision| decision.projection.terms()) {
                if term.is_of(TermKind::Request) {
                    requests.insert(*term);
                }
            }
        }
        let added = self.add(decisions).await;
        added.map_err(|error| WriteError::new(self.path, error))?;
        let bytes: usize = decisions.iter().map(|decision| decision.record.len()).sum();
        *self.written += bytes as u64;
        Ok(())
    }

    async fn add(&mut self, decisions: &[NewDecision<'_>]) -> Result<(), Failure> {
        decision::insert(&mut self.transaction, decisions)?;
        let records = decisions.iter().map(|decision| decision.record);
        self.now.trees.grow(&mut self.transaction, Log::Decisions, records)?;
        self.now.upkeep.add(&mut self.transaction, decisions).await
    }

    /// Adds what the service did to the log of operations; each text is the exact record.
    ///
    /// # Errors
    /// See [`WriteError`].
    pub fn append_operations(&mut self, records: &[String]) -> Result<(), WriteError> {
        self.appended = true;
        let first_index = self.now.trees.operations.size();
        let added = operation::insert(&mut self.transaction, first_index, records).and_then(|()| {
            let records = records.iter().map(String::as_str);
            self.now.trees.grow(&mut self.transaction, Log::Operations, records)
        });
        added.map_err(|error| WriteError::new(self.path, error))
    }

    /// The tree of a log, with what was appended in this transaction.
    #[must_use]
    pub fn tree(&self, log: Log) -> &Tree {
        self.now.trees.of(log)
    }

    /// Keeps a signed checkpoint of a log.
    ///
    /// # Errors
    /// See [`WriteError`].
    pub fn put_checkpoint(&mut self, log: Log, size: u64, note: &str) -> Result<(), WriteError> {
        let kept = checkpoint::insert(&mut self.transaction, log, size, note);
        kept.map_err(|error| WriteError::new(self.path, error))
    }

    /// The first signed checkpoints of a log above a size, with the size each is kept under, by size.
    ///
    /// # Errors
    /// See [`WriteError`].
    pub async fn checkpoints_above(
        &mut self,
        log: Log,
        size: u64,
        count_max: usize,
    ) -> Result<Vec<(u64, String)>, WriteError> {
        let failed = |error| WriteError::new(self.path, error);
        let connection = self.transaction.reading().await.map_err(failed)?;
        checkpoint::above(connection, log, size, count_max)
            .await
            .map_err(failed)
    }

    /// Whether there is a catalogue of this digest.
    ///
    /// # Errors
    /// See [`WriteError`].
    pub async fn has_catalogue(&mut self, digest: &str) -> Result<bool, WriteError> {
        let failed = |error| WriteError::new(self.path, error);
        let connection = self.transaction.reading().await.map_err(failed)?;
        catalogue::is_there(connection, digest).await.map_err(failed)
    }

    /// Keeps a catalogue under its digest, unless it is there.
    ///
    /// # Errors
    /// See [`WriteError`].
    pub fn put_catalogue(&mut self, digest: &str, bytes: &[u8]) -> Result<(), WriteError> {
        let kept = catalogue::insert(&mut self.transaction, digest, bytes);
        kept.map_err(|error| WriteError::new(self.path, error))
    }

    /// Makes everything durable. Only after this returned well may anybody be told.
    ///
    /// The files are looked at before, to write nothing in vain, and after, since a file that was moved away meanwhile has the
    /// transaction where nobody will look for it.
    ///
    /// # Errors
    /// See [`WriteError`]. Whether the transaction is in the database can then be open, as after any lost connection: the same
    /// request asked again finds out.
    pub async fn commit(self) -> Result<(), WriteError> {
        stays(self.watch)?;
        *self.written += BYTES_A_TRANSACTION;
        self.left.tries(&self.now.trees);
        self.transaction
            .commit()
            .await
            .map_err(|error| WriteError::new(self.path, error))?;
        self.left.succeeded();
        stays(self.watch)?;
        self.requests.write().committed(self.now.head.next_index);
        let known = self.known.insert(self.now);
        known.upkeep.committed();
        Ok(())
    }

    /// Leaves nothing behind, at less cost than dropping.
    ///
    /// # Errors
    /// See [`WriteError`]; nothing is left behind then either.
    pub async fn rollback(self) -> Result<(), WriteError> {
        self.transaction
            .rollback()
            .await
            .map_err(|error| WriteError::new(self.path, error))?;
        if !self.appended {
            *self.known = Some(self.now);
        }
        Ok(())
    }
}

/// That every file is where it was when the database was opened.
pub(super) fn stays(watch: &Watch) -> Result<(), WriteError> {
    watch
        .moved()
        .map_or(Ok(()), |path| Err(WriteError::Moved { path: path.to_owned() }))
}

fn follow(head: Head, decision: &NewDecision<'_>) -> Result<Head, WriteError> {
    let decided_at_us = decision.projection.decided_at_us();
    let in_time = head.last_decided_at_us.is_none_or(|last| last <= decided_at_us);
    if decision.log_index == head.next_index && in_time {
        Ok(Head {
            next_index: head.next_index.saturating_add(1),
            last_decided_at_us: Some(decided_at_us),
        })
    } else {
        Err(WriteError::OutOfOrder {
            expected: head.next_index,
            found: decision.log_index,
        })
    }
}
