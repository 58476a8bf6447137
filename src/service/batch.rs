//! Batches: many requests in one call, each decided for itself.

use std::{sync::Arc, time::Duration};

use prometheus_client::metrics::counter::Counter;
use tokio::task::{self, JoinError, JoinHandle};

use super::{
    Caller, Room, Service, ServiceError,
    weight::{encoded_len, product_count, weight},
};
use crate::wire::{Answer, Violations, pb};

/// Most requests of a batch.
const REQUEST_COUNT_MAX: usize = 1000;
/// Most image products of a batch. An answer takes some 5 KB a product, so this bounds it to some 20 MB.
const PRODUCT_COUNT_MAX: usize = 4096;
/// Weight of what batches work on at one time, in products; further batches wait for their turn. What is made of them
/// takes four times as much room as the answer, and more at a time would not be done any sooner.
pub(super) const PRODUCT_COUNT_IN_HAND_MAX: usize = 1000;
/// Requests that one task works on: enough to outweigh it, few enough to spread over the cores.
const CHUNK_LEN: usize = 16;
/// When a caller may try again who met too many batch calls: about what a full one takes.
const RETRY_AFTER: Duration = Duration::from_millis(100);

type Outcome = Result<Answer, ServiceError>;

/// The room for batches.
pub(super) fn room(count_max: usize, busy: Counter) -> Room {
    Room::new("batches", count_max, RETRY_AFTER, busy)
}

impl Service {
    /// Decides up to 1,000 requests; what each came to, in their order, once all are durable or refused.
    ///
    /// They are evaluated side by side and recorded in their order. A caller who leaves meanwhile may find a part of them recorded:
    /// each is whole, or not there.
    ///
    /// # Errors
    ///
    /// When there are more requests, more than 4,096 image products in all of them, or too many batches under way. What is wrong with one request is its own outcome.
    pub async fn check_batch(
        self: &Arc<Self>,
        caller: &Caller,
        requests: Vec<pb::CheckRequest>,
        trace_id: &str,
    ) -> Result<Vec<Outcome>, ServiceError> {
        bounded(&requests)?;
        // An empty batch is a request too.
        if let Err(error) = self.pace.admit(caller, requests.len().max(1)) {
            self.committer.counters().busy.inc();
            return Err(error);
        }
        let _place = self.batches.enter()?;
        // Never closed.
        let _hand = self
            .batch_room
            .acquire_many(weight(&requests, encoded_len(&requests), PRODUCT_COUNT_IN_HAND_MAX))
            .await
            .ok();
        let request_count = requests.len();
        let mut preparing = Vec::new();
        for chunk in chunks(requests) {
            let (service, caller, trace_id) = (Arc::clone(self), caller.clone(), trace_id.to_owned());
            preparing.push(Part::of(async move {
                let mut prepared = Vec::with_capacity(chunk.len());
                for request in chunk {
                    prepared.push(service.prepare(&caller, request, trace_id.clone()).await);
                    task::yield_now().await;
                }
                service.find_earlier(&mut prepared).await;
                prepared
            }));
        }
        let mut finishing = Vec::with_capacity(preparing.len());
        for prepared in preparing {
            let mut awaited = Vec::with_capacity(CHUNK_LEN);
            for prepared in prepared.ended().await? {
                awaited.push(self.submit(prepared).await);
            }
            let service = Arc::clone(self);
            finishing.push(Part::of(async move {
                let mut outcomes = Vec::with_capacity(awaited.len());
                for awaited in awaited {
                    outcomes.push(service.finish(awaited).await);
                }
                outcomes
            }));
        }
        let mut outcomes = Vec::with_capacity(request_count);
        for finished in finishing {
            outcomes.extend(finished.ended().await?);
        }
        Ok(outcomes)
    }
}

fn bounded(requests: &[pb::CheckRequest]) -> Result<(), Violations> {
    let mut violations = Violations::default();
    let request_count = requests.len();
    if request_count > REQUEST_COUNT_MAX {
        violations.add(
            "requests",
            format!(
                "{request_count} are too many; give at most {REQUEST_COUNT_MAX} in a call, or use `StreamCheck`, which takes any number"
            ),
        );
    }
    let product_count = product_count(requests);
    if product_count > PRODUCT_COUNT_MAX {
        violations.add(
            "requests",
            format!(
                "{product_count} image products in all are too many; give at most {PRODUCT_COUNT_MAX} in a call, or use `StreamCheck`, which takes any number"
            ),
        );
    }
    violations.none(())
}

fn chunks(requests: Vec<pb::CheckRequest>) -> impl Iterator<Item = Vec<pb::CheckRequest>> {
    let mut requests = requests.into_iter();
    std::iter::from_fn(move || {
        let chunk: Vec<_> = requests.by_ref().take(CHUNK_LEN).collect();
        (!chunk.is_empty()).then_some(chunk)
    })
}

/// A part of a batch, which ends with it: nobody who left has others work for them.
struct Part<T>(JoinHandle<T>);

impl<T: Send + 'static> Part<T> {
    fn of(work: impl Future<Output = T> + Send + 'static) -> Self {
        Self(task::spawn(work))
    }

    async fn ended(mut self) -> Result<T, ServiceError> {
        (&mut self.0).await.map_err(|error: JoinError| {
            tracing::error!(%error, "a part of a batch ended out of order");
            ServiceError::Unrecordable
        })
    }
}

impl<T> Drop for Part<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
