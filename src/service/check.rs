//! Check: an opinion on what is asked, recorded, and answered.

use std::{num::NonZeroUsize, slice, sync::Arc, thread};

use tokio::sync::{Semaphore, watch};

use super::{
    Caller, Committer, Limits, Pace, Room, ServiceError, batch,
    catalogues::Catalogues,
    committer::{Found, Pending, Recorded},
    earlier::{Asked, Prepared},
    export, history,
    issued::Issued,
    opinion::{Opinions, unencodable},
    stream,
    weight::LargeRoom,
};
use crate::{
    audit::{Log, TrustedKeys},
    catalogue::Catalogue,
    store::{ReadError, Store},
    wire::{Answer, Draft, View, pb},
};

/// The use cases over one record.
#[derive(Debug)]
pub struct Service {
    pub(super) catalogue: &'static Catalogue,
    pub(super) catalogues: Catalogues,
    pub(super) store: Store,
    pub(super) committer: Committer,
    pub(super) limits: Limits,
    /// How fast each caller may ask.
    pub(super) pace: Pace,
    /// Room for batch calls.
    pub(super) batches: Room,
    /// Room for what batches work on.
    pub(super) batch_room: Semaphore,
    /// Room for streams.
    pub(super) streams: Room,
    /// Page tokens that were given out.
    pub(super) issued: Issued,
    /// Room for exports.
    pub(super) exports: Room,
    /// Whether streams are to end.
    pub(super) ending: watch::Sender<bool>,
    /// Room for large requests of streams.
    pub(super) large_requests: LargeRoom,
    /// Room for decisions that are read one by one: each may have megabytes, and takes several times as much until it is answered.
    pub(super) single_reads: Semaphore,
    /// One large evaluation to a core: more at a time would only take memory.
    pub(super) large_evaluations: Arc<Semaphore>,
    /// What was asked lately, and came to.
    pub(super) opinions: Opinions,
    pub(super) engine: String,
    /// The keys that checkpoints of this record are believed by.
    pub(super) keys: TrustedKeys,
}

impl Service {
    /// A service that records through `committer` and reads from `store`; `engine` names this program in its decisions, and `keys` are
    /// those that its checkpoints are believed by.
    #[must_use]
    pub fn new(store: Store, committer: Committer, engine: String, limits: Limits, keys: TrustedKeys) -> Self {
        let busy = committer.counters().busy.clone();
        let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Self {
            catalogue: Catalogue::embedded(),
            catalogues: Catalogues::default(),
            store,
            committer,
            limits,
            pace: Pace::new(limits.rate_max),
            batches: batch::room(limits.batch_call_count_max, busy.clone()),
            batch_room: Semaphore::new(batch::PRODUCT_COUNT_IN_HAND_MAX),
            streams: stream::room(limits.stream_call_count_max, busy.clone()),
            issued: Issued::default(),
            exports: export::room(busy),
            ending: watch::Sender::new(false),
            large_requests: LargeRoom::default(),
            single_reads: Semaphore::new(history::SINGLE_COUNT_MAX),
            large_evaluations: Arc::new(Semaphore::new(cores)),
            opinions: Opinions::default(),
            engine,
            keys,
        }
    }

    /// How many decisions wait to be recorded, and how many may.
    #[must_use]
    pub fn queue(&self) -> (usize, usize) {
        (self.committer.waiting(), self.limits.queue_len_max)
    }

    /// How fast each caller may ask.
    #[must_use]
    pub fn pace(&self) -> &Pace {
        &self.pace
    }

    /// Decides a request and gives the decision once it is durable.
    ///
    /// # Errors
    ///
    /// When the request is wrong, its key was used for another, too many decisions wait, or it cannot be recorded.
    pub async fn check(
        &self,
        caller: &Caller,
        request: pb::CheckRequest,
        trace_id: String,
    ) -> Result<Answer, ServiceError> {
        // What was decided before is given again whether or not anything more can be recorded.
        if self.committer.is_full() && !self.may_be_earlier(&request) {
            return Err(self.committer.busy());
        }
        let mut prepared = self.prepare(caller, request, trace_id).await;
        self.find_earlier(slice::from_mut(&mut prepared)).await;
        let pending = self.committer.try_submit(prepared?)?;
        self.finish(Ok(pending)).await
    }

    /// Everything that comes before the log: parse, evaluate, encode.
    pub(super) async fn prepare(
        &self,
        caller: &Caller,
        mut request: pb::CheckRequest,
        trace_id: String,
    ) -> Result<Prepared, ServiceError> {
        let opinion = self.opine(&mut request).await?;
        let head = Box::new(pb::Decision {
            caller: caller.to_string(),
            request: Some(request),
            trace_id,
            ..pb::Decision::default()
        });
        let draft = Draft::new(head, opinion).map_err(|error| unencodable(&error))?;
        Ok(Prepared::New(Asked::new(draft)))
    }

    /// Queues a decision of a batch or a stream once there is room, if it was prepared.
    pub(super) async fn submit(&self, prepared: Result<Prepared, ServiceError>) -> Result<Pending, ServiceError> {
        self.committer.submit(prepared?).await
    }

    /// A decision that was recorded before, as it is answered: a verdict that somebody wrote into the database is not given.
    async fn given_again(&self, Found { decision, leaf }: Found) -> Result<Answer, ServiceError> {
        self.attest(decision.log_index, leaf).await?;
        Ok(self.rendered(*decision, View::Full).await?.into())
    }

    /// Everything that comes behind the log: the recorded decision as it is answered, if it was queued.
    pub(super) async fn finish(&self, pending: Result<Pending, ServiceError>) -> Result<Answer, ServiceError> {
        match pending?.recorded(self.committer.counters()).await? {
            Recorded::Now(answer) => Ok(answer),
            // Boxed, as it is large and rare: a call is moved with all that it could come to hold.
            Recorded::Before(found) => Box::pin(self.given_again(found)).await,
        }
    }
}

/// A failure to read, logged where it is handled.
pub(super) fn unreadable(error: &ReadError) -> ServiceError {
    // Whoever asked has closed it, and is gone.
    if !error.is_closed() {
        tracing::error!(%error, "the record could not be read");
    }
    if error.is_of_content() {
        ServiceError::Altered(Log::Decisions)
    } else {
        ServiceError::Unreadable
    }
}
