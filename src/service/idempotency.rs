//! The same key with the same request gives the same decision, across restarts and inside one batch.

use std::collections::{BTreeMap, HashMap};

use super::{ServiceError, Stamper, committer::Found};
use crate::{
    history::{Projection, Term},
    store::Stored,
    wire::{Answer, Draft, RecordError, Stamped, asks_the_same, decode, pb},
};

/// What a request is known by: who asked, and under which request id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    terms: [Term; 2],
    caller: String,
    request_id: String,
}

impl Key {
    /// The key of a draft's request; `None` when it has none.
    pub(super) fn of(draft: &Draft) -> Option<Self> {
        Some(Self {
            terms: [draft.request_term()?, Term::caller(draft.caller())],
            caller: draft.caller().to_owned(),
            request_id: draft.request()?.request_id.clone(),
        })
    }

    /// The terms under which the log has it, the request's and the caller's; hardly ever other keys have the same.
    pub(super) fn terms(&self) -> [Term; 2] {
        self.terms
    }

    fn is_of(&self, decision: &pb::Decision) -> bool {
        let request_id = decision.request.as_ref().map(|request| &request.request_id);
        request_id == Some(&self.request_id) && decision.caller == self.caller
    }
}

/// A decision that a batch adds to the log.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) log_index: u64,
    pub(super) projection: Projection,
    pub(super) record: String,
    pub(super) answer: Answer,
}

/// What is in the log already, by the terms of keys.
pub(super) type Earlier = BTreeMap<[Term; 2], Vec<Stored>>;

/// A batch on its way into the log.
pub(super) struct Batch<'a> {
    next_index: u64,
    stamper: &'a mut Stamper,
    earlier: Earlier,
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
    pub(super) fn new(next_index: u64, stamper: &'a mut Stamper, earlier: Earlier, len_max: usize) -> Self {
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
    pub(super) fn seat(&mut self, draft: Draft, key: Option<Key>) -> Seat {
        if let Some(key) = &key {
            if let Some(row) = self.keyed.get(key).copied() {
                let found = self.rows.get(row).map(|row| &row.answer);
                return found.map_or(Seat::Refused(ServiceError::Unrecordable), |found| {
                    refusal(found.decision_id(), found.request(), draft.request()).unwrap_or(Seat::Shared(row))
                });
            }
            match self.recorded(key) {
                Ok(Some(found)) => {
                    let decision = &found.decision;
                    return refusal(&decision.decision_id, decision.request.as_ref(), draft.request())
                        .unwrap_or(Seat::Recorded(found));
                }
                Ok(None) => {}
                Err(error) => return unreadable(&error),
            }
        }
        match self.add(draft) {
            Ok(row) => {
                self.keyed.extend(key.map(|key| (key, row)));
                Seat::Own
            }
            Err(error) => unreadable(&error),
        }
    }

    /// The decision in the log under a key.
    fn recorded(&self, key: &Key) -> Result<Option<Found>, RecordError> {
        for stored in self.earlier.get(&key.terms).into_iter().flatten() {
            let decision = decode(&stored.record, stored.log_index)?;
            if key.is_of(&decision) {
                return Ok(Some(Found {
                    decision: Box::new(decision),
                    leaf: stored.leaf(),
                }));
            }
        }
        Ok(None)
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

/// Why a request does not get the decision found under its key: it asks something else than what was recorded.
fn refusal(decision_id: &str, recorded: Option<&pb::CheckRequest>, asked: Option<&pb::CheckRequest>) -> Option<Seat> {
    match (recorded, asked) {
        (Some(recorded), Some(asked)) if asks_the_same(recorded, asked) => None,
        (_, asked) => Some(Seat::Refused(ServiceError::AlreadyExists {
            request_id: asked.map(|asked| asked.request_id.clone()).unwrap_or_default(),
            decision_id: decision_id.to_owned(),
        })),
    }
}

fn unreadable(error: &RecordError) -> Seat {
    tracing::error!(%error, "a decision could not be recorded");
    Seat::Refused(ServiceError::Unrecordable)
}
