//! Check: parse, evaluate, record, render.

use std::{num::NonZeroUsize, sync::Arc, thread, time::Duration};

use tokio::sync::{Semaphore, watch};

use super::{
    Caller, Committer, Limits, Pace, ServiceError, batch::PRODUCT_COUNT_IN_HAND_MAX, catalogues::Catalogues,
    committer::Pending, export::EXPORT_COUNT_MAX, issued::Issued,
};
use crate::{
    audit::TrustedKeys,
    catalogue::Catalogue,
    domain::Facts,
    rules::evaluate,
    store::{ReadError, Store},
    verdict::Judgement,
    wire::{Check, Context, Draft, View, parse_check, pb, render, report_len, unrecorded},
};

/// Products times licenses of a request that is evaluated at once: what takes well under a millisecond.
const PAIR_COUNT_INLINE_MAX: usize = 64;
/// Bytes of reports that are read at once: what takes some milliseconds at most.
const REPORT_LEN_INLINE_MAX: usize = 32 * 1024;

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
    pub(super) batch_calls: Semaphore,
    /// Room for what batches work on.
    pub(super) batch_room: Semaphore,
    /// Room for streams.
    pub(super) stream_calls: Arc<Semaphore>,
    /// Page tokens that were given out.
    pub(super) issued: Issued,
    /// Room for exports.
    pub(super) exports: Arc<Semaphore>,
    /// Whether streams are to end.
    pub(super) ending: watch::Sender<bool>,
    /// One large evaluation to a core: more at a time would only take memory.
    large_evaluations: Arc<Semaphore>,
    engine: String,
    /// The keys that checkpoints of this record are believed by.
    pub(super) keys: TrustedKeys,
}

/// A decision that is ready to be recorded.
#[derive(Debug)]
pub(super) struct Prepared {
    draft: Draft,
    facts: Facts,
}

/// A decision that is being recorded, and what it takes to render it.
#[derive(Debug)]
pub(super) struct Awaited {
    pending: Pending,
    facts: Facts,
}

impl Service {
    /// A service that records through `committer` and reads from `store`; `engine` names this program in its decisions, and `keys` are
    /// those that its checkpoints are believed by.
    #[must_use]
    pub fn new(store: Store, committer: Committer, engine: String, limits: Limits, keys: TrustedKeys) -> Self {
        let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Self {
            catalogue: Catalogue::embedded(),
            catalogues: Catalogues::default(),
            store,
            committer,
            limits,
            pace: Pace::new(limits.rate_max),
            batch_calls: Semaphore::new(limits.batch_call_count_max.max(1)),
            batch_room: Semaphore::new(PRODUCT_COUNT_IN_HAND_MAX),
            stream_calls: Arc::new(Semaphore::new(limits.stream_call_count_max.max(1))),
            issued: Issued::default(),
            exports: Arc::new(Semaphore::new(EXPORT_COUNT_MAX)),
            ending: watch::Sender::new(false),
            large_evaluations: Arc::new(Semaphore::new(cores)),
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
    ) -> Result<pb::Decision, ServiceError> {
        self.committer.has_room()?;
        let Prepared { draft, facts } = self.prepare(caller, request, trace_id).await?;
        let pending = self.committer.try_submit(draft)?;
        self.finish(Ok(Awaited { pending, facts })).await
    }

    /// Everything that comes before the log: parse, evaluate, encode.
    pub(super) async fn prepare(
        &self,
        caller: &Caller,
        request: pb::CheckRequest,
        trace_id: String,
    ) -> Result<Prepared, ServiceError> {
        let check = self.parse(request).await?;
        let (check, judgement) = self.judge(check).await?;
        let context = Context {
            caller: caller.to_string(),
            engine: self.engine.clone(),
            trace_id,
        };
        let Check {
            request,
            edition,
            facts,
        } = check;
        let decision = unrecorded(request, edition, &facts, &judgement, self.catalogue, context);
        let draft = Draft::new(decision).map_err(|error| {
            tracing::error!(%error, "a decision could not be encoded");
            ServiceError::Unrecordable
        })?;
        Ok(Prepared { draft, facts })
    }

    /// Queues a decision of a batch or a stream once there is room, if it was prepared.
    pub(super) async fn submit(&self, prepared: Result<Prepared, ServiceError>) -> Result<Awaited, ServiceError> {
        let Prepared { draft, facts } = prepared?;
        let pending = self.committer.submit(draft).await?;
        Ok(Awaited { pending, facts })
    }

    /// Everything that comes behind the log: the recorded decision, rendered, if it was queued.
    pub(super) async fn finish(&self, awaited: Result<Awaited, ServiceError>) -> Result<pb::Decision, ServiceError> {
        let Awaited { pending, facts } = awaited?;
        let mut decision = pending.recorded().await?;
        if decision.catalogue_digest == self.catalogue.digest() {
            render(&mut decision, &facts, self.catalogue);
            Ok(decision)
        } else {
            // A decision of an earlier version, found again by its key, reads as it was decided.
            self.rendered(decision, View::Full).await
        }
    }
}

impl Service {
    /// A refusal of a call that lasts, where there are as many as may be at one time.
    pub(super) fn crowded(&self, calls: &'static str, count_max: usize, retry_after: Duration) -> ServiceError {
        self.committer.counters().busy.inc();
        ServiceError::Crowded {
            calls,
            count_max,
            retry_after,
        }
    }

    /// Parses; many reports are read where they keep no other call waiting.
    async fn parse(&self, request: pb::CheckRequest) -> Result<Check, ServiceError> {
        let catalogue = self.catalogue;
        if report_len(&request) <= REPORT_LEN_INLINE_MAX {
            return Ok(parse_check(request, catalogue)?);
        }
        let parsed = self.at_length(move || parse_check(request, catalogue)).await?;
        Ok(parsed?)
    }

    /// Does what may take long, one at a time on each core.
    async fn at_length<T: Send + 'static>(&self, task: impl FnOnce() -> T + Send + 'static) -> Result<T, ServiceError> {
        let turn = Arc::clone(&self.large_evaluations).acquire_owned().await;
        let done = tokio::task::spawn_blocking(move || {
            // Kept to the end, also when nobody waits for it any more.
            let _turn = turn;
            task()
        });
        done.await.map_err(|error| {
            tracing::error!(%error, "a request could not be evaluated");
            ServiceError::Unrecordable
        })
    }

    /// Evaluates; what could take long does so where it keeps no other call waiting.
    async fn judge(&self, check: Check) -> Result<(Check, Judgement), ServiceError> {
        let catalogue = self.catalogue;
        let pairs = check
            .facts
            .image
            .products
            .len()
            .saturating_mul(check.facts.device.holdings.licenses().len());
        if pairs <= PAIR_COUNT_INLINE_MAX {
            let judgement = evaluate(&check.facts, catalogue);
            return Ok((check, judgement));
        }
        self.at_length(move || {
            let judgement = evaluate(&check.facts, catalogue);
            (check, judgement)
        })
        .await
    }
}

/// A failure to read, logged where it is handled.
pub(super) fn unreadable(error: &ReadError) -> ServiceError {
    tracing::error!(%error, "the record could not be read");
    ServiceError::Unreadable
}
