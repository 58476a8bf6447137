//! The committer: the one task that records decisions, as many as wait in one transaction.
//!
//! While one transaction is written and synced the next batch gathers, so that a batch grows with the load and a lone decision
//! waits for nothing. A decision is answered only after its transaction was committed: acknowledged is durable is visible.

use std::{collections::BTreeMap, time::Duration};

use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
};

use super::{
    ServiceError, Stamper,
    idempotency::{Batch, Seat},
};
use crate::{
    history::{Projection, Term},
    store::{NewDecision, Stored, WriteError, Writer},
    wire::{Draft, pb},
};

/// How often a database is looked at while nothing is recorded: one that was deleted or is full shows in the health.
const PROBE_PERIOD: Duration = Duration::from_secs(1);
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

/// A decision on its way to the log.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) draft: Draft,
    answer: oneshot::Sender<Result<pb::Decision, ServiceError>>,
}

/// The way to the log. Clones share it.
#[derive(Clone, Debug)]
pub struct Committer {
    queue: mpsc::Sender<Job>,
    recording: watch::Receiver<Recording>,
}

impl Committer {
    /// Starts the task. At most `queue_len_max` decisions wait, and at most `batch_len_max` share a transaction.
    #[must_use]
    pub fn start(writer: Writer, stamper: Stamper, queue_len_max: usize, batch_len_max: usize) -> (Self, Committing) {
        let (queue, jobs) = mpsc::channel(queue_len_max);
        let (state, recording) = watch::channel(Recording::Ready);
        let (stop, stopped) = oneshot::channel();
        let task = Task {
            writer,
            stamper,
            jobs,
            state,
            batch_len_max,
        };
        let task = tokio::spawn(task.run(stopped));
        (Self { queue, recording }, Committing { stop, task })
    }

    /// Whether decisions can be recorded, now and from now on.
    #[must_use]
    pub fn recording(&self) -> watch::Receiver<Recording> {
        self.recording.clone()
    }

    /// Records a decision, or finds the one recorded under its key, and gives it once it is durable.
    ///
    /// # Errors
    ///
    /// When the queue is full, the decision cannot be recorded, or its key was used for another request.
    pub async fn record(&self, draft: Draft) -> Result<pb::Decision, ServiceError> {
        let (answer, recorded) = oneshot::channel();
        self.queue
            .try_send(Job { draft, answer })
            .map_err(|refused| match refused {
                mpsc::error::TrySendError::Full(_) => ServiceError::Busy {
                    retry_after: RETRY_AFTER,
                },
                mpsc::error::TrySendError::Closed(_) => ServiceError::Unrecordable,
            })?;
        recorded.await.unwrap_or(Err(ServiceError::Unrecordable))
    }
}

/// The running task.
#[derive(Debug)]
pub struct Committing {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Committing {
    /// Takes no more decisions, records those that wait, and closes the writer.
    pub async fn finish(self) {
        // A task that ended has stopped already.
        let _ = self.stop.send(());
        if self.task.await.is_err() {
            tracing::error!("the committer ended out of order; what it acknowledged is recorded");
        }
    }
}

struct Task {
    writer: Writer,
    stamper: Stamper,
    jobs: mpsc::Receiver<Job>,
    state: watch::Sender<Recording>,
    batch_len_max: usize,
}

impl Task {
    async fn run(mut self, stopped: oneshot::Receiver<()>) {
        let mut jobs = Vec::with_capacity(self.batch_len_max);
        let mut stopped = std::pin::pin!(stopped);
        loop {
            tokio::select! {
                biased;
                count = self.jobs.recv_many(&mut jobs, self.batch_len_max) => match count {
                    0 => break,
                    _ => self.write(std::mem::take(&mut jobs)).await,
                },
                _ = &mut stopped, if !self.jobs.is_closed() => self.jobs.close(),
                () = tokio::time::sleep(PROBE_PERIOD) => self.probe().await,
            }
        }
        if let Err(error) = self.writer.close().await {
            tracing::warn!(%error, "the database was not closed in good order; nothing recorded is lost");
        }
    }

    async fn write(&mut self, jobs: Vec<Job>) {
        let (drafts, answers): (Vec<_>, Vec<_>) = jobs.into_iter().map(|job| (job.draft, job.answer)).unzip();
        let written = record(&mut self.writer, &mut self.stamper, drafts).await;
        self.note(written.as_ref().err());
        match written {
            Ok(results) => {
                tracing::debug!(batch_len = results.len(), waiting = self.jobs.len(), "recorded");
                // A caller who is gone finds the decision by its key.
                answers
                    .into_iter()
                    .zip(results)
                    .for_each(|(answer, result)| drop(answer.send(result)));
            }
            Err(_) => answers
                .into_iter()
                .for_each(|answer| drop(answer.send(Err(ServiceError::Unrecordable)))),
        }
    }

    async fn probe(&mut self) {
        let probed = self.writer.probe().await;
        self.note(probed.as_ref().err());
    }

    /// Logs a change of state once, and tells whoever watches.
    fn note(&self, error: Option<&WriteError>) {
        let now = if error.is_some() {
            Recording::Failing
        } else {
            Recording::Ready
        };
        let changed = self
            .state
            .send_if_modified(|state| std::mem::replace(state, now) != now);
        match (changed, error) {
            (true, Some(error)) => {
                tracing::error!(%error, "decisions cannot be recorded; no verdicts are given until they can");
            }
            (true, None) => tracing::info!("decisions can be recorded again"),
            (false, _) => {}
        }
    }
}

/// Records drafts in one transaction; gives per draft the decision as recorded, or why it was not.
async fn record(
    writer: &mut Writer,
    stamper: &mut Stamper,
    drafts: Vec<Draft>,
) -> Result<Vec<Result<pb::Decision, ServiceError>>, WriteError> {
    let keys: Vec<Term> = drafts.iter().filter_map(request_term).collect();
    let mut append = writer.begin().await?;
    let earlier = if keys.is_empty() {
        BTreeMap::new()
    } else {
        append.find_requests(&keys).await?
    };
    let mut batch = Batch::new(append.next_index(), stamper, earlier);
    let seats: Vec<Seat> = drafts.into_iter().map(|draft| batch.seat(draft)).collect();

    let rows = batch.into_rows();
    let new: Vec<NewDecision<'_>> = rows
        .iter()
        .map(|row| NewDecision {
            log_index: row.log_index,
            projection: &row.projection,
            record: &row.record,
        })
        .collect();
    if new.is_empty() {
        append.rollback().await?;
        // Nothing was written, and so nothing shown of whether anything can be.
        writer.probe().await?;
    } else {
        append.append(&new).await?;
        append.commit().await?;
    }
    Ok(seats.into_iter().map(|seat| seat.resolve(&rows)).collect())
}

/// The term under which a draft's request key is found; `None` when it has none.
fn request_term(draft: &Draft) -> Option<Term> {
    let request = draft.decision().request.as_ref()?;
    (!request.request_id.is_empty()).then(|| Term::request(&request.request_id))
}

/// A decision that a batch adds to the log.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) log_index: u64,
    pub(super) projection: Projection,
    pub(super) record: String,
    pub(super) decision: pb::Decision,
}

/// What is in the log already, by term.
pub(super) type Earlier = BTreeMap<Term, Vec<Stored>>;
