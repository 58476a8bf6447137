//! Streams: any number of requests, read ahead as far as answers have room, answered in their order.

use std::{slice, sync::Arc, time::Duration};

use prometheus_client::metrics::counter::Counter;
use prost::Message as _;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc},
    task::JoinHandle,
    time::{Interval, MissedTickBehavior, interval},
};
use tokio_stream::{Stream, StreamExt as _, wrappers::ReceiverStream};

use super::{
    Caller, Place, Room, Service, ServiceError, Standing,
    committer::Pending,
    earlier::Prepared,
    standing::Asked,
    weight::{self, weight},
};
use crate::wire::{Answer, pb};

/// When a caller may try again who met too many streams. They last, so there is no use in hurrying.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// How long a client that was told of the end is still read from.
const LINGER: Duration = Duration::from_secs(1);
/// How often the standing of a stream's caller is looked at, whether it asks or not: more often than it is made out anew.
const STANDING_PERIOD: Duration = Duration::from_millis(250);
/// Requests that are looked for together, where so many have come: a look takes long, and longer for many only by little.
const CHUNK_LEN: usize = 16;

/// Why a stream ended before its client ended it. Everything that was read is answered before, but for a request that waits for its pace or
/// for room when its caller is not let in any more: that one is not decided.
#[derive(Debug)]
pub enum StreamEnd<E> {
    /// The requests broke off.
    Broken(E),
    /// The service reads no more.
    Refused(ServiceError),
}

type Outcome = Result<Answer, ServiceError>;
/// A decision on its way, and its part of what the stream may have in hand.
type Queued = (Result<Pending, ServiceError>, Taken);
/// What a request takes of the room that its stream has, and that large requests have together; nothing once streams are to end.
type Taken = Option<(weight::Part, Option<OwnedSemaphorePermit>)>;
/// A request that was read, with the same part, and the room for its answer.
type Ahead = (Result<Prepared, ServiceError>, (Taken, mpsc::OwnedPermit<Queued>));

/// The room for streams.
pub(super) fn room(count_max: usize, busy: Counter) -> Room {
    Room::new("streams", count_max, RETRY_AFTER, busy)
}

impl Service {
    /// Decides the requests of a stream; what each came to, in their order, each once it is durable or refused.
    ///
    /// A request is read when there is room for its answer, and then waits for room in the queue. A request with many products, or
    /// very long, takes the room of several. So nobody who is fast is refused,
    /// and nobody who does not read is read from. Whoever leaves may find the requests recorded that were read.
    ///
    /// # Errors
    ///
    /// When there are too many streams.
    pub fn check_stream<E: Send + 'static>(
        self: Arc<Self>,
        caller: Caller,
        standing: Standing,
        requests: impl Stream<Item = Result<pb::CheckRequest, E>> + Send + 'static,
        trace_id: String,
    ) -> Result<impl Stream<Item = Result<Outcome, StreamEnd<E>>> + Send, ServiceError> {
        let place = self.streams.enter()?;
        let (queue, queued) = mpsc::channel(self.limits.stream_in_flight_max.max(1));
        let (ahead, prepared) = mpsc::channel(CHUNK_LEN);
        let reading = Arc::clone(&self).read(caller, standing.asked(), requests, trace_id, queue, ahead);
        let queuing = Arc::clone(&self).queue_ahead(prepared);
        let reading = tokio::spawn(async move { tokio::join!(reading, queuing).0 });
        Ok(self.answers(queued, reading, place))
    }

    /// Ends all streams: what was read is answered, and nothing more is read.
    pub fn end_streams(&self) {
        self.ending.send_replace(true);
    }

    /// Queues the decisions of what was read, in that order.
    async fn queue_ahead(self: Arc<Self>, mut ahead: mpsc::Receiver<Ahead>) {
        let mut chunk = Vec::with_capacity(CHUNK_LEN);
        while ahead.recv_many(&mut chunk, CHUNK_LEN).await > 0 {
            let (mut prepared, rooms): (Vec<_>, Vec<_>) = chunk.drain(..).unzip();
            self.find_earlier(&mut prepared).await;
            for (prepared, (taken, room)) in prepared.into_iter().zip(rooms) {
                room.send((self.submit(prepared).await, taken));
            }
        }
    }

    /// Reads requests and prepares their decisions until there are no more.
    async fn read<E: Send + 'static>(
        self: Arc<Self>,
        caller: Caller,
        mut standing: Asked,
        requests: impl Stream<Item = Result<pb::CheckRequest, E>> + Send + 'static,
        trace_id: String,
        queue: mpsc::Sender<Queued>,
        ahead: mpsc::Sender<Ahead>,
    ) -> Result<(), StreamEnd<E>> {
        let mut ending = self.ending.subscribe();
        let mut times = interval(STANDING_PERIOD);
        times.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut requests = Box::pin(requests);
        let hand = Arc::new(Semaphore::new(self.limits.stream_in_flight_max.max(1)));
        loop {
            // Room for the answer comes first; without a receiver nobody waits for answers any more.
            let Ok(room) = queue.clone().reserve_owned().await else {
                return Ok(());
            };
            let request = tokio::select! {
                biased;
                _ = ending.wait_for(|ending| *ending) => break,
                () = queue.closed() => return Ok(()),
                () = lapsed(&mut standing, &mut times) => return Err(StreamEnd::Refused(ServiceError::NoLonger)),
                request = requests.next() => match request {
                    None => return Ok(()),
                    Some(request) => request.map_err(StreamEnd::Broken)?,
                },
            };
            let taking = async {
                self.pace.wait(&caller).await;
                let len = request.encoded_len();
                let weight = weight(slice::from_ref(&request), len, self.limits.stream_in_flight_max);
                let own = Arc::clone(&hand).acquire_many_owned(weight).await.ok();
                (self.large_requests.enter(len).await, own)
            };
            let taken = tokio::select! {
                biased;
                // What was read is answered, then at any pace.
                _ = ending.wait_for(|ending| *ending) => None,
                () = queue.closed() => return Ok(()),
                () = lapsed(&mut standing, &mut times) => return Err(StreamEnd::Refused(ServiceError::NoLonger)),
                taken = taking => Some(taken),
            };
            let prepared = self.prepare(&caller, request, trace_id.clone()).await;
            // Both are polled by one task, so that it is still there.
            let _ = ahead.send((prepared, (taken, room))).await;
        }
        // Until the client knows of the end it goes on sending. A connection that closes on what nobody read is reset, and then
        // loses answers on their way; so what comes is read for a while, and dropped.
        tokio::spawn(tokio::time::timeout(LINGER, async move {
            while requests.next().await.is_some() {}
        }));
        Err(StreamEnd::Refused(ServiceError::Stopping))
    }

    /// The answers to what was queued, and behind them how the reading ended, unless it is the client who ended it.
    fn answers<E: Send + 'static>(
        self: Arc<Self>,
        queued: mpsc::Receiver<Queued>,
        reading: JoinHandle<Result<(), StreamEnd<E>>>,
        place: Place,
    ) -> impl Stream<Item = Result<Outcome, StreamEnd<E>>> + Send {
        let mut reading = Some((reading, place));
        let queued = ReceiverStream::new(queued).map(Some);
        let steps = queued.chain(tokio_stream::once(None)).then(move |step| {
            let service = Arc::clone(&self);
            let reading = if step.is_none() { reading.take() } else { None };
            async move {
                match (step, reading) {
                    (Some((awaited, _taken)), _) => Some(Ok(service.finish(awaited).await)),
                    (None, Some((reading, _place))) => read(reading).await.err().map(Err),
                    (None, None) => None,
                }
            }
        });
        steps.filter_map(|step| step)
    }
}

/// Waits until a caller is not let in any more. It may be given up and begun again.
async fn lapsed(standing: &mut Asked, times: &mut Interval) {
    while standing.holds() {
        times.tick().await;
    }
}

async fn read<E>(reading: JoinHandle<Result<(), StreamEnd<E>>>) -> Result<(), StreamEnd<E>> {
    reading.await.unwrap_or_else(|error| {
        tracing::error!(%error, "a stream ended out of order");
        Err(StreamEnd::Refused(ServiceError::Unrecordable))
    })
}
