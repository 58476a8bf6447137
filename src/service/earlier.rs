//! Requests that were decided earlier are answered beside the recorder: every new decision waits for its one thread.

use super::{Service, ServiceError, committer::Found};
use crate::{
    history::Term,
    store::{Earlier, Keyed, Unread},
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

/// Why it is not known what is under a key.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unclear {
    #[error(transparent)]
    Unread(#[from] Unread),
    #[error(transparent)]
    Undecoded(#[from] RecordError),
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
    pub(super) fn found(&self, earlier: &Keyed) -> Result<Option<Found>, Unclear> {
        let Some(under) = earlier.get(&self.terms) else {
            return Ok(None);
        };
        for stored in under.as_ref().map_err(Unread::clone)?.iter() {
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
    /// Whether a request may have been decided earlier: it was not, when the answer is no.
    pub(super) fn may_be_earlier(&self, request: &pb::CheckRequest) -> bool {
        !request.request_id.is_empty() && self.store.may_have(Term::request(&request.request_id))
    }

    /// Looks for what was decided earlier under the keys of some requests, for as many of them at one moment as there is room for. Of what is
    /// not found, the recorder looks only at what came into the log since: another request with the same key may be on its way.
    ///
    /// Where the log cannot be read the recorder is left to look for itself, which then says what is wrong.
    pub(super) async fn find_earlier(&self, prepared: &mut [Result<Prepared, ServiceError>]) {
        let terms = |prepared: &Result<Prepared, ServiceError>| match prepared {
            Ok(Prepared::New(asked)) => Some(asked.key.as_ref()?.terms),
            _ => None,
        };
        let mut sought: Vec<[Term; 2]> = prepared.iter().filter_map(terms).collect();
        while !sought.is_empty() {
            let earlier = match self.store.earlier(&sought).await {
                Ok(earlier) => earlier,
                Err(error) => {
                    tracing::warn!(%error, "requests that were sent again could not be looked for beside the recorder, which does it now");
                    return;
                }
            };
            for prepared in prepared.iter_mut() {
                if terms(prepared).is_some_and(|terms| sought.contains(&terms))
                    && let Ok(Prepared::New(asked)) = prepared
                    && let Some(found) = earlier_under(asked, &earlier)
                {
                    *prepared = self.given_or_refused(asked, found).await.map(Prepared::Earlier);
                }
            }
            let found = earlier.found.into_iter();
            let left = found.filter(|(_, under)| *under == Err(Unread::TooMuch));
            let left: Vec<[Term; 2]> = left.map(|(terms, _)| terms).collect();
            if left.len() == sought.len() {
                return;
            }
            sought = left;
        }
    }

    /// What was found under the key of a request, if that is what is asked now.
    async fn given_or_refused(&self, asked: &Asked, found: Found) -> Result<Found, ServiceError> {
        if let Err(other) = found.answers(asked.draft.request()) {
            // Where it is the record that was changed, that is not for the caller to mend.
            self.attest(found.decision.log_index, found.leaf).await?;
            return Err(other);
        }
        self.committer.counters().found_again.inc();
        Ok(found)
    }
}

/// The decision under the key of a request; `None` where it is the recorder's to find, or not known yet.
fn earlier_under(asked: &mut Asked, Earlier { found, log_end }: &Earlier) -> Option<Found> {
    match asked.key.as_ref()?.found(found) {
        Ok(Some(found)) => Some(found),
        Ok(None) => {
            asked.new_to = *log_end;
            None
        }
        // The recorder comes upon it as well.
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, sync::Arc};

    use tempfile::TempDir;

    use super::*;
    use crate::{
        audit::KeyRing,
        service::{
            Caller, Clock, Committer, Committing, Limits, Notary, Operation, Sources, Stamper, committer::Recorded,
        },
        store::{CheckpointFile, Store},
    };

    struct Hosted {
        service: Arc<Service>,
        store: Store,
        committing: Committing,
        _folder: TempDir,
    }

    impl Hosted {
        async fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let (store, writer) = Store::open_owned(&folder.path().join("log.db"), None).await.unwrap();
            let keys = KeyRing::generate("test", || [7; 32]).unwrap();
            let trusted = keys.trusted();
            let file = CheckpointFile::open(&folder.path().join("checkpoints")).unwrap();
            let (notary, mut begun) = Notary::new(&store, keys, file).await.unwrap();
            // Without a start there is nothing to sign, and nothing is recorded.
            begun.push(Operation::Gap { operations: 1 });
            let sources = Sources {
                clock: Clock::new(|| 0),
                fill: Box::new(|bytes| bytes.fill(0)),
            };
            let stamper = Stamper::new(sources, None);
            let (committer, committing) = Committer::start(writer, stamper, notary, begun, Limits::default()).unwrap();
            let service = Service::new(store.clone(), committer, "test".to_owned(), Limits::default(), trusted);
            Self {
                service: Arc::new(service),
                store,
                committing,
                _folder: folder,
            }
        }

        async fn prepared(&self, request: pb::CheckRequest) -> Result<Prepared, ServiceError> {
            self.service.prepare(&Caller::local(), request, String::new()).await
        }

        /// One request, looked for.
        async fn sought(&self, request: pb::CheckRequest) -> Result<Prepared, ServiceError> {
            let mut prepared = [self.prepared(request).await];
            self.service.find_earlier(&mut prepared).await;
            let [prepared] = prepared;
            prepared
        }

        /// What it comes to: the decision's id, and whether it was recorded now.
        async fn recorded(&self, prepared: Result<Prepared, ServiceError>) -> Result<(String, bool), ServiceError> {
            let pending = self.service.submit(prepared).await?;
            match pending.recorded(self.service.committer.counters()).await? {
                Recorded::Now(answer) => Ok((answer.decision_id().to_owned(), true)),
                Recorded::Before(found) => Ok((found.decision.decision_id, false)),
            }
        }

        fn found_again(&self) -> u64 {
            self.service.committer.counters().found_again.get()
        }

        async fn end(self) {
            self.store.close().await;
            self.committing.finish().await;
        }
    }

    fn asks(request_id: &str, device: &str) -> pb::CheckRequest {
        let text = fs::read_to_string("examples/reimage-oem-windows-7-professional.json").unwrap();
        let mut request: pb::CheckRequest = serde_json::from_str(&text).unwrap();
        request.request_id = request_id.to_owned();
        request.device.as_mut().unwrap().id = device.to_owned();
        request
    }

    #[tokio::test]
    async fn what_is_recorded_between_the_look_and_the_recorder_is_found_by_the_recorder() {
        let hosted = Hosted::new().await;
        let mut prepared = Vec::new();
        for device in ["PC-1", "PC-1", "PC-2"] {
            prepared.push(hosted.sought(asks("job-1", device)).await);
        }
        let mut recorded = Vec::new();
        for prepared in prepared {
            assert!(matches!(prepared, Ok(Prepared::New(_))), "{prepared:?}");
            recorded.push(hosted.recorded(prepared).await);
        }
        let [
            Ok((first, true)),
            Ok((again, false)),
            Err(ServiceError::AlreadyExists { decision_id, .. }),
        ] = &recorded[..]
        else {
            panic!("{recorded:?}");
        };
        assert_eq!((again, decision_id), (first, first));
        assert_eq!(hosted.found_again(), 1);
        hosted.end().await;
    }

    #[tokio::test]
    async fn what_is_in_the_log_is_found_without_the_recorder_each_in_its_place() {
        let hosted = Hosted::new().await;
        let (first, _) = hosted
            .recorded(hosted.sought(asks("job-1", "PC-1")).await)
            .await
            .unwrap();
        let mut prepared = Vec::new();
        for (request_id, device) in [("job-2", "PC-1"), ("job-1", "PC-1"), ("", "PC-1"), ("job-1", "PC-2")] {
            prepared.push(hosted.prepared(asks(request_id, device)).await);
        }
        prepared.push(Err(ServiceError::Stopping));
        hosted.service.find_earlier(&mut prepared).await;
        let [
            Ok(Prepared::New(new)),
            Ok(Prepared::Earlier(found)),
            Ok(Prepared::New(unnamed)),
            Err(ServiceError::AlreadyExists { decision_id, .. }),
            Err(ServiceError::Stopping),
        ] = &prepared[..]
        else {
            panic!("{prepared:?}");
        };
        assert_eq!((&found.decision.decision_id, decision_id), (&first, &first));
        assert_eq!((new.new_to, unnamed.sought()), (1, None));
        assert_eq!(hosted.found_again(), 1);
        hosted.end().await;
    }

    #[tokio::test]
    async fn where_the_log_cannot_be_read_the_recorder_looks_for_itself() {
        let hosted = Hosted::new().await;
        let (first, _) = hosted
            .recorded(hosted.sought(asks("job-1", "PC-1")).await)
            .await
            .unwrap();
        hosted.store.close().await;
        let again = hosted.sought(asks("job-1", "PC-1")).await;
        assert!(matches!(again, Ok(Prepared::New(_))), "{again:?}");
        assert_eq!(hosted.recorded(again).await.unwrap(), (first.clone(), false));
        let other = hosted.recorded(hosted.sought(asks("job-1", "PC-2")).await).await;
        assert!(
            matches!(&other, Err(ServiceError::AlreadyExists { decision_id, .. }) if *decision_id == first),
            "{other:?}"
        );
        let (_, now) = hosted
            .recorded(hosted.sought(asks("job-2", "PC-1")).await)
            .await
            .unwrap();
        assert!(now);
        hosted.end().await;
    }
}
