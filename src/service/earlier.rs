//! Requests that were decided earlier are answered beside the recorder: every new decision waits for its one thread.

use super::{Service, ServiceError, committer::Found};
use crate::{
    history::Term,
    store::{Earlier, Keyed},
    wire::{Draft, RecordError, asks_the_same, decode, pb},
};

/// A request before the log.
#[derive(Debug)]
pub(super) enum Prepared {
    /// To be recorded, unless the recorder finds its key: the last word is there.
    New(Asked),
    /// Decided earlier.
    Earlier(Found),
}

/// A draft on its way to the log, and what is known of its key.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) draft: Draft,
    pub(super) key: Option<Key>,
    /// No decision before this log index has the key, as far as anybody looked.
    new_to: u64,
}

impl Asked {
    /// What does not depend on the log is done here, by the callers, who are many.
    pub(super) fn new(draft: Draft) -> Self {
        let key = Key::of(&draft);
        Self { draft, key, new_to: 0 }
    }

    /// The terms of its key, if it has one, and where in the log they are still to be looked for.
    pub(super) fn sought(&self) -> Option<([Term; 2], u64)> {
        Some((self.key.as_ref()?.terms, self.new_to))
    }
}

/// What a request is known by: who asked, and under which request id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    /// Under which the log has it, the request's and the caller's; hardly ever other keys have the same.
    terms: [Term; 2],
    caller: String,
    request_id: String,
}

impl Key {
    /// The key of a draft's request; `None` when it has none.
    fn of(draft: &Draft) -> Option<Self> {
        Some(Self {
            terms: [draft.request_term()?, Term::caller(draft.caller())],
            caller: draft.caller().to_owned(),
            request_id: draft.request()?.request_id.clone(),
        })
    }

    /// The decision under this key, among those with its terms.
    pub(super) fn found(&self, earlier: &Keyed) -> Result<Option<Found>, RecordError> {
        for stored in earlier.get(&self.terms).into_iter().flatten() {
            let decision = decode(&stored.record, stored.log_index)?;
            if self.is_of(&decision) {
                return Ok(Some(Found {
                    decision: Box::new(decision),
                    leaf: stored.leaf(),
                }));
            }
        }
        Ok(None)
    }

    fn is_of(&self, decision: &pb::Decision) -> bool {
        let request_id = decision.request.as_ref().map(|request| &request.request_id);
        request_id == Some(&self.request_id) && decision.caller == self.caller
    }
}

impl Found {
    /// Whether a request under the key of this decision gets it.
    pub(super) fn answers(&self, asked: Option<&pb::CheckRequest>) -> Result<(), ServiceError> {
        same(&self.decision.decision_id, self.decision.request.as_ref(), asked)
    }
}

/// That a request under a used key asks what was recorded under it.
pub(super) fn same(
    decision_id: &str,
    recorded: Option<&pb::CheckRequest>,
    asked: Option<&pb::CheckRequest>,
) -> Result<(), ServiceError> {
    match (recorded, asked) {
        (Some(recorded), Some(asked)) if asks_the_same(recorded, asked) => Ok(()),
        (_, asked) => Err(ServiceError::AlreadyExists {
            request_id: asked.map(|asked| asked.request_id.clone()).unwrap_or_default(),
            decision_id: decision_id.to_owned(),
        }),
    }
}

impl Service {
    /// Looks for what was decided earlier under the keys of some requests, for all of them at one moment. Of what is not found, the
    /// recorder looks only at what came into the log since: another request with the same key may be on its way.
    ///
    /// Where the log cannot be read the recorder is left to look for itself, which then says what is wrong.
    pub(super) async fn find_earlier(&self, prepared: &mut [Result<Prepared, ServiceError>]) {
        let keys = prepared.iter().filter_map(|prepared| match prepared {
            Ok(Prepared::New(asked)) => Some(asked.key.as_ref()?.terms),
            _ => None,
        });
        let keys: Vec<[Term; 2]> = keys.collect();
        if keys.is_empty() {
            return;
        }
        let earlier = match self.store.earlier(&keys).await {
            Ok(earlier) => earlier,
            Err(error) => {
                tracing::warn!(%error, "requests that were sent again could not be looked for beside the recorder, which does it now");
                return;
            }
        };
        for prepared in prepared {
            if let Ok(Prepared::New(asked)) = prepared
                && let Some(outcome) = self.earlier(asked, &earlier)
            {
                *prepared = outcome.map(Prepared::Earlier);
            }
        }
    }

    /// What a request comes to by what was found in the log; `None` where it is the recorder's.
    fn earlier(&self, asked: &mut Asked, Earlier { found, log_end }: &Earlier) -> Option<Result<Found, ServiceError>> {
        match asked.key.as_ref()?.found(found) {
            Ok(Some(found)) => Some(found.answers(asked.draft.request()).map(|()| {
                self.committer.counters().found_again.inc();
                found
            })),
            Ok(None) => {
                asked.new_to = *log_end;
                None
            }
            // The recorder comes upon it as well.
            Err(_) => None,
        }
    }
}
