//! One transaction that writes: everything in it is recorded, or nothing.

use std::{collections::BTreeMap, path::Path};

use sqlx::{Row as _, Sqlite, Transaction};

use super::{
    catalogue,
    decision::{self, Head, Stored},
    error::WriteError,
    posting,
    watch::Watch,
};
use crate::history::{Projection, Term};

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

/// A transaction of a [`Writer`](super::Writer), holding the database's write lock. Dropped, it leaves nothing behind.
#[derive(Debug)]
pub struct Append<'w> {
    pub(super) transaction: Transaction<'w, Sqlite>,
    pub(super) path: &'w Path,
    pub(super) watch: &'w Watch,
    /// Set while the connection's state is in doubt, which it is until a transaction ended well.
    pub(super) suspect: &'w mut bool,
    pub(super) head: Option<Head>,
}

impl Append<'_> {
    /// The log index of the next decision.
    ///
    /// # Errors
    /// See [`WriteError`].
    pub async fn next_index(&mut self) -> Result<u64, WriteError> {
        Ok(self.head().await?.next_index)
    }

    /// When the last decision was made, in microseconds since 1970, UTC; `None` in an empty log.
    ///
    /// # Errors
    /// See [`WriteError`].
    pub async fn last_decided_at_us(&mut self) -> Result<Option<i64>, WriteError> {
        Ok(self.head().await?.last_decided_at_us)
    }

    /// Every decision with the term of one of the requests, by term and in the order of the log, also those appended in this
    /// transaction. Records must be compared: other callers may use the same key, and, hardly ever, other keys the same term.
    ///
    /// # Errors
    /// See [`WriteError`].
    pub async fn find_requests(&mut self, requests: &[Term]) -> Result<BTreeMap<Term, Vec<Stored>>, WriteError> {
        let mut by_term: BTreeMap<Term, Vec<Stored>> = requests.iter().map(|&term| (term, Vec::new())).collect();
        let each_once: Vec<Term> = by_term.keys().copied().collect();
        let found = posting::find(&mut self.transaction, &each_once).await;
        let rows = found.map_err(|error| self.failed(error))?;
        for row in &rows {
            let stored = decision::stored(row)?;
            let number: i64 = row.try_get(2).map_err(|error| self.failed(error))?;
            if let Some(of_term) = by_term.get_mut(&Term::from_stored(number)) {
                of_term.push(stored);
            }
        }
        Ok(by_term)
    }

    /// [`Append::find_requests`] for one request.
    ///
    /// # Errors
    /// See [`WriteError`].
    pub async fn find_request(&mut self, request: Term) -> Result<Vec<Stored>, WriteError> {
        let mut found = self.find_requests(&[request]).await?;
        Ok(found.remove(&request).unwrap_or_default())
    }

    /// Adds decisions that continue the log: consecutive indices, times that never decrease.
    ///
    /// # Errors
    /// See [`WriteError`].
    pub async fn append(&mut self, decisions: &[NewDecision<'_>]) -> Result<(), WriteError> {
        let head = decisions.iter().try_fold(self.head().await?, follow)?;
        let inserted = decision::insert(&mut self.transaction, decisions).await;
        inserted.map_err(|error| self.failed(error))?;
        let inserted = posting::insert(&mut self.transaction, decisions).await;
        inserted.map_err(|error| self.failed(error))?;
        self.head = Some(head);
        Ok(())
    }

    /// Keeps a catalogue under its digest, unless it is there.
    ///
    /// # Errors
    /// See [`WriteError`].
    pub async fn put_catalogue(&mut self, digest: &str, bytes: &[u8]) -> Result<(), WriteError> {
        let kept = catalogue::insert(&mut self.transaction, digest, bytes).await;
        kept.map_err(|error| self.failed(error))
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
        self.transaction
            .commit()
            .await
            .map_err(|error| WriteError::new(self.path, error))?;
        stays(self.watch)?;
        *self.suspect = false;
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
        *self.suspect = false;
        Ok(())
    }

    async fn head(&mut self) -> Result<Head, WriteError> {
        if let Some(head) = self.head {
            return Ok(head);
        }
        let found = decision::head(&mut self.transaction).await;
        let head = found.map_err(|error| self.failed(error))??;
        self.head = Some(head);
        Ok(head)
    }

    fn failed(&self, error: sqlx::Error) -> WriteError {
        WriteError::new(self.path, error)
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
