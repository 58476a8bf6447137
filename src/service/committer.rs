//! The committer: the way to the one task that records decisions.

use std::{io, sync::Arc, thread, time::Duration};

use tokio::{
    runtime,
    sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch},
};

use super::{
    Counters, Limits, Notary, Operation, Operations, ServiceError, Stamper,
    earlier::{Asked, Prepared},
    recorder::Recorder,
    weight::{self, LargeRoom},
};
use crate::{
    audit::Hash,
    store::Writer,
    wire::{Answer, pb},
};

/// When a caller may try again who found the queue full.
const RETRY_AFTER: Duration = Duration::from_millis(50);

/// Whether decisions can be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recording {
    /// A decision can be recorded and synced.
    Ready,
    /// It cannot; no verdict is given until it can again.
    Failing,
}

impl Recording {
    /// How it is now; a recorder that is gone records nothing, whatever it said last.
    #[must_use]
    pub fn now(told: &watch::Receiver<Self>) -> Self {
        let is_gone = told.has_changed().is_err();
        if is_gone { Self::Failing } else { *told.borrow() }
    }
}

/// A decision on its way to the log, and the way back for the answer.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) asked: Asked,
    pub(super) waiting: oneshot::Sender<Result<Recorded, ServiceError>>,
    /// A place among those of batches and streams, free again when the job leaves the queue.
    pub(super) place: Option<OwnedSemaphorePermit>,
    /// Its part of the room for large ones, free again when it is recorded.
    pub(super) part: weight::Part,
}

/// A decision that is in the log.
#[derive(Debug)]
pub(super) enum Recorded {
    /// It was recorded now.
    Now(Answer),
    /// It was recorded before, under the same key.
    Before(Found),
}

/// A decision as the database has it, and the leaf of its record: whether that is the one in the log is still to be seen.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) decision: Box<pb::Decision>,
    pub(super) leaf: Hash,
}

/// A decision that is awaited.
#[derive(Debug)]
pub(super) enum Pending {
    /// It waits to be recorded. Whoever drops this does not stop that.
    Queued(oneshot::Receiver<Result<Recorded, ServiceError>>),
    /// It was recorded before, as was found without the recorder.
    Found(Found),
}

impl Pending {
    /// The decision once it is durable.
    pub(super) async fn recorded(self, counters: &Counters) -> Result<Recorded, ServiceError> {
        match self {
            Self::Queued(recorded) => recorded.await.unwrap_or_else(|_| {
                counters.unrecordable.inc();
                Err(ServiceError::Unrecordable)
            }),
            Self::Found(found) => Ok(Recorded::Before(found)),
        }
    }
}

/// The way to the log. Clones share it.
#[derive(Clone, Debug)]
pub struct Committer {
    queue: mpsc::Sender<Job>,
    /// Places for batches and streams: half of the queue, so that they, who wait for room, leave some to those who do not.
    places: Arc<Semaphore>,
    /// Room for large decisions, since a number alone would let the queue take any amount of memory.
    large: LargeRoom,
    operations: Operations,
    recording: watch::Receiver<Recording>,
    counters: Arc<Counters>,
    /// Whether there is a task at its end.
    has_task: bool,
}

impl Committer {
    /// The way to nowhere, for a service that only reads: nothing is recorded, and no read is noted.
    #[must_use]
    pub fn none() -> Self {
        let (queue, _) = mpsc::channel(1);
        let (_, recording) = watch::channel(Recording::Failing);
        let counters = Arc::<Counters>::default();
        let (operations, _) = Operations::new(Arc::clone(&counters));
        Self {
            queue,
            places: Arc::new(Semaphore::new(1)),
            large: LargeRoom::default(),
            operations,
            recording,
            counters,
            has_task: false,
        }
    }

    /// Starts the task, on a thread of its own: among the calls of a busy service it would wait for its turn at every step of a
    /// transaction, and everybody with it. `begun` are the first operations that it records.
    ///
    /// # Errors
    ///
    /// When the operating system gives no thread.
    pub fn start(
        writer: Writer,
        stamper: Stamper,
        notary: Notary,
        begun: Vec<Operation>,
        limits: Limits,
    ) -> io::Result<(Self, Committing)> {
        let (queue, jobs) = mpsc::channel(limits.queue_len_max.max(1));
        let (state, recording) = watch::channel(Recording::Ready);
        let (stop, stopped) = oneshot::channel();
        let counters = Arc::<Counters>::default();
        let (operations, tasks) = Operations::new(Arc::clone(&counters));
        for operation in begun {
            operations.note(operation);
        }
        let recorder = Recorder {
            writer,
            stamper,
            jobs,
            state,
            batch_len_max: limits.batch_len_max.max(1),
            counters: Arc::clone(&counters),
            tasks,
            operations: operations.clone(),
            notary,
            unsigned: true,
            in_doubt: None,
        };
        recorder.tell_sizes();
        let runtime = runtime::Builder::new_current_thread().enable_time().build()?;
        let (end, ended) = oneshot::channel();
        thread::Builder::new().name("recorder".to_owned()).spawn(move || {
            runtime.block_on(recorder.run(stopped));
            // Nobody may wait for it.
            let _ = end.send(());
        })?;
        let committer = Self {
            queue,
            places: Arc::new(Semaphore::new(limits.queue_len_max.div_ceil(2).max(1))),
            large: LargeRoom::default(),
            operations,
            recording,
            counters,
            has_task: true,
        };
        Ok((committer, Committing { stop, ended }))
    }

    /// Whether decisions can be recorded, now and from now on.
    #[must_use]
    pub fn recording(&self) -> watch::Receiver<Recording> {
        self.recording.clone()
    }

    /// What was done so far, in numbers.
    #[must_use]
    pub fn counters(&self) -> &Arc<Counters> {
        &self.counters
    }

    /// How many decisions wait to be recorded.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.queue.max_capacity().saturating_sub(self.queue.capacity())
    }

    /// Whether it leads to a log at all.
    pub(super) fn has_task(&self) -> bool {
        self.has_task
    }

    /// The way to the log of operations.
    pub(super) fn operations(&self) -> &Operations {
        &self.operations
    }

    /// Whether there is no room now: asked before the work, so that it is not done in vain.
    pub(super) fn is_full(&self) -> bool {
        self.queue.capacity() == 0 && !self.queue.is_closed()
    }

    /// Queues a decision that is to be recorded, if there is room.
    pub(super) fn try_submit(&self, prepared: Prepared) -> Result<Pending, ServiceError> {
        let asked = match prepared {
            Prepared::New(asked) => asked,
            Prepared::Earlier(found) => return Ok(Pending::Found(found)),
        };
        let part = self
            .large
            .try_enter(asked.draft.record_len())
            .ok_or_else(|| self.busy())?;
        let (job, pending) = job(asked, None, part);
        match self.queue.try_send(job) {
            Ok(()) => Ok(pending),
            Err(mpsc::error::TrySendError::Full(_)) => Err(self.busy()),
            Err(mpsc::error::TrySendError::Closed(_)) => Err(self.closed()),
        }
    }

    /// Queues a decision of a batch or a stream as soon as there is room; those who wait are served in the order in which they came.
    pub(super) async fn submit(&self, prepared: Prepared) -> Result<Pending, ServiceError> {
        let asked = match prepared {
            Prepared::New(asked) => asked,
            Prepared::Earlier(found) => return Ok(Pending::Found(found)),
        };
        let place = Arc::clone(&self.places).acquire_owned().await;
        let part = self.large.enter(asked.draft.record_len()).await;
        let (job, pending) = job(asked, place.ok(), part);
        self.queue.send(job).await.map_err(|_| self.closed())?;
        Ok(pending)
    }

    /// Why a decision is not taken that finds no room, counted.
    pub(super) fn busy(&self) -> ServiceError {
        self.counters.busy.inc();
        ServiceError::Busy {
            retry_after: RETRY_AFTER,
        }
    }

    fn closed(&self) -> ServiceError {
        self.counters.unrecordable.inc();
        ServiceError::Unrecordable
    }
}

fn job(asked: Asked, place: Option<OwnedSemaphorePermit>, part: weight::Part) -> (Job, Pending) {
    let (waiting, recorded) = oneshot::channel();
    let job = Job {
        asked,
        waiting,
        place,
        part,
    };
    (job, Pending::Queued(recorded))
}

/// The running task.
#[derive(Debug)]
pub struct Committing {
    stop: oneshot::Sender<()>,
    ended: oneshot::Receiver<()>,
}

impl Committing {
    /// Takes no more decisions, records those that wait, and closes the writer.
    pub async fn finish(self) {
        // A task that ended has stopped already.
        let _ = self.stop.send(());
        if self.ended.await.is_err() {
            tracing::error!("the committer ended out of order; what it acknowledged is recorded");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Poll, Waker};

    use super::*;
    use crate::{
        catalogue::Catalogue,
        domain::Facts,
        wire::{Draft, Opinion, pb},
    };

    /// A committer whose recorder stands still, and its end of the queue.
    fn standing_still() -> (Committer, mpsc::Receiver<Job>) {
        let (queue, jobs) = mpsc::channel(1024);
        let places = Arc::new(Semaphore::new(512));
        let committer = Committer {
            queue,
            places,
            ..Committer::none()
        };
        (committer, jobs)
    }

    fn prepared(len: usize) -> Prepared {
        let mut decision = pb::Decision {
            caller: "x".repeat(len),
            ..pb::Decision::default()
        };
        let opinion = Opinion::take(&mut decision, &Facts::default(), Catalogue::embedded()).unwrap();
        Prepared::New(Asked::new(Draft::new(Box::new(decision), Arc::new(opinion)).unwrap()))
    }

    #[test]
    fn a_queue_has_room_for_a_thousand_usual_decisions_or_a_few_large_ones() {
        const LARGE: usize = 4 * 1024 * 1024;
        let (committer, mut jobs) = standing_still();
        for _ in 0..4 {
            committer.try_submit(prepared(LARGE)).unwrap();
        }
        let refused = committer.try_submit(prepared(LARGE)).unwrap_err();
        assert!(matches!(refused, ServiceError::Busy { .. }));
        for _ in 0..1000 {
            committer.try_submit(prepared(1000)).unwrap();
        }
        // Batches and streams wait until a large one is recorded, which is later than it leaves the queue.
        let mut waits = Box::pin(committer.submit(prepared(LARGE)));
        let mut context = Context::from_waker(Waker::noop());
        assert!(waits.as_mut().poll(&mut context).is_pending());
        let in_hand = jobs.try_recv().unwrap();
        assert!(waits.as_mut().poll(&mut context).is_pending());
        drop(in_hand);
        assert!(matches!(waits.as_mut().poll(&mut context), Poll::Ready(Ok(_))));
    }
}
