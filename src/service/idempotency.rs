//! The same key with the same request gives the same decision, across restarts and inside one batch.

use std::collections::HashMap;

use super::{
    ServiceError, Stamper,
    committer::{Earlier, Row},
};
use crate::{
    history::Term,
    wire::{Draft, RecordError, Stamped, asks_the_same, decode, pb},
};

/// A batch on its way into the log.
pub(super) struct Batch<'a> {
    next_index: u64,
    stamper: &'a mut Stamper,
    earlier: Earlier,
    /// Rows of this batch by caller and request key.
    keyed: HashMap<(String, String), usize>,
    rows: Vec<Row>,
}

/// What one draft comes to.
pub(super) enum Seat {
    /// A row of the batch: its own, or that of the same request.
    Row(usize),
    /// Recorded before.
    Recorded(Box<pb::Decision>),
    /// Not recorded.
    Refused(ServiceError),
}

impl Seat {
    /// The answer, once the batch's rows are in the log.
    pub(super) fn resolve(self, rows: &[Row]) -> Result<pb::Decision, ServiceError> {
        match self {
            Self::Row(row) => rows
                .get(row)
                .map(|row| row.decision.clone())
                .ok_or(ServiceError::Unrecordable),
            Self::Recorded(decision) => Ok(*decision),
            Self::Refused(error) => Err(error),
        }
    }
}

impl<'a> Batch<'a> {
    /// A batch that continues a log, knowing what the log holds under the batch's request keys.
    pub(super) fn new(next_index: u64, stamper: &'a mut Stamper, earlier: Earlier) -> Self {
        Self {
            next_index,
            stamper,
            earlier,
            keyed: HashMap::new(),
            rows: Vec::new(),
        }
    }

    /// The rows to append.
    pub(super) fn into_rows(self) -> Vec<Row> {
        self.rows
    }

    /// Finds a draft its place: a new row, or the decision that was recorded for the same key.
    pub(super) fn seat(&mut self, draft: Draft) -> Seat {
        let key = key(draft.decision());
        if let Some(key) = &key {
            if let Some(row) = self.keyed.get(key).copied() {
                let found = self.rows.get(row).map(|row| &row.decision);
                return found.map_or(Seat::Refused(ServiceError::Unrecordable), |found| {
                    same_or_refused(found, draft.decision(), || Seat::Row(row))
                });
            }
            match self.recorded(key) {
                Ok(Some(found)) => {
                    return same_or_refused(&found, draft.decision(), || Seat::Recorded(Box::new(found.clone())));
                }
                Ok(None) => {}
                Err(error) => return unreadable(&error),
            }
        }
        match self.add(draft) {
            Ok(row) => {
                self.keyed.extend(key.map(|key| (key, row)));
                Seat::Row(row)
            }
            Err(error) => unreadable(&error),
        }
    }

    /// The decision in the log under a key. A term can be shared by other callers' keys, and, hardly ever, by other keys.
    fn recorded(&self, key: &(String, String)) -> Result<Option<pb::Decision>, RecordError> {
        for stored in self.earlier.get(&Term::request(&key.1)).into_iter().flatten() {
            let decision = decode(&stored.record, stored.log_index)?;
            if self::key(&decision).as_ref() == Some(key) {
                return Ok(Some(decision));
            }
        }
        Ok(None)
    }

    fn add(&mut self, draft: Draft) -> Result<usize, RecordError> {
        let stamp = self.stamper.stamp();
        let Stamped {
            record,
            projection,
            decision,
        } = draft.stamped(&stamp, self.next_index)?;
        self.rows.push(Row {
            log_index: self.next_index,
            projection,
            record,
            decision,
        });
        self.next_index = self.next_index.saturating_add(1);
        Ok(self.rows.len().saturating_sub(1))
    }
}

fn key(decision: &pb::Decision) -> Option<(String, String)> {
    let request_id = &decision.request.as_ref()?.request_id;
    (!request_id.is_empty()).then(|| (decision.caller.clone(), request_id.clone()))
}

fn same_or_refused(found: &pb::Decision, asked: &pb::Decision, same: impl FnOnce() -> Seat) -> Seat {
    match (&found.request, &asked.request) {
        (Some(recorded), Some(request)) if asks_the_same(recorded, request) => same(),
        (_, request) => Seat::Refused(ServiceError::AlreadyExists {
            request_id: request
                .as_ref()
                .map(|request| request.request_id.clone())
                .unwrap_or_default(),
            decision_id: found.decision_id.clone(),
        }),
    }
}

fn unreadable(error: &RecordError) -> Seat {
    tracing::error!(%error, "a decision could not be recorded");
    Seat::Refused(ServiceError::Unrecordable)
}
