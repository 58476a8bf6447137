//! The same key with the same request gives the same decision, across restarts and inside one batch.

use std::{collections::HashMap, fmt};

use super::{
    ServiceError, Stamper,
    committer::Found,
    earlier::{Asked, Key, same},
};
use crate::{
    history::Projection,
    store::Keyed,
    wire::{Answer, Draft, RecordError, Stamped},
};

/// A decision that a batch adds to the log.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) log_index: u64,
    pub(super) projection: Projection,
    pub(super) record: String,
    pub(super) answer: Answer,
}

/// A batch on its way into the log.
pub(super) struct Batch<'a> {
    next_index: u64,
    stamper: &'a mut Stamper,
    earlier: Keyed,
    /// Rows of this batch by request key.
    keyed: HashMap<Key, usize>,
    rows: Vec<Row>,
}

/// What one draft comes to.
#[derive(Debug)]
pub(super) enum Seat {
    /// A row of its own: the next behind those of the drafts before.
    Own,
    /// The row of the same request, which came before in the batch.
    Shared(usize),
    /// Recorded before.
    Recorded(Found),
    /// Not recorded.
    Refused(ServiceError),
}

impl<'a> Batch<'a> {
    /// A batch of at most `len_max` drafts that continues a log, knowing what the log holds under the batch's request keys.
    pub(super) fn new(next_index: u64, stamper: &'a mut Stamper, earlier: Keyed, len_max: usize) -> Self {
        Self {
            next_index,
            stamper,
            earlier,
            keyed: HashMap::new(),
            rows: Vec::with_capacity(len_max),
        }
    }

    /// The rows to append.
    pub(super) fn into_rows(self) -> Vec<Row> {
        self.rows
    }

    /// Finds a draft its place: a new row, or the decision that was recorded for the same key.
    pub(super) fn seat(&mut self, Asked { draft, key, .. }: Asked) -> Seat {
        if let Some(key) = &key {
            if let Some(row) = self.keyed.get(key).copied() {
                let found = self.rows.get(row).map(|row| &row.answer);
                return found.map_or(Seat::Refused(ServiceError::Unrecordable), |found| {
                    let same = same(found.decision_id(), found.request(), draft.request());
                    same.map_or_else(Seat::Refused, |()| Seat::Shared(row))
                });
            }
            match key.found(&self.earlier) {
                Ok(Some(found)) => {
                    let same = found.answers(draft.request());
                    return same.map_or_else(Seat::Refused, |()| Seat::Recorded(found));
                }
                Ok(None) => {}
                Err(error) => return unrecordable(&error),
            }
        }
        match self.add(draft) {
            Ok(row) => {
                self.keyed.extend(key.map(|key| (key, row)));
                Seat::Own
            }
            Err(error) => unrecordable(&error),
        }
    }

    fn add(&mut self, draft: Draft) -> Result<usize, RecordError> {
        let stamp = self.stamper.stamp();
        let Stamped {
            record,
            projection,
            answer,
        } = draft.stamped(&stamp, self.next_index)?;
        self.rows.push(Row {
            log_index: self.next_index,
            projection,
            record,
            answer,
        });
        self.next_index = self.next_index.saturating_add(1);
        Ok(self.rows.len().saturating_sub(1))
    }
}

fn unrecordable(error: &impl fmt::Display) -> Seat {
    tracing::error!(%error, "a decision could not be recorded");
    Seat::Refused(ServiceError::Unrecordable)
}
