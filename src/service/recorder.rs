//! The one task that records decisions, as many as wait in one transaction.
//!
//! While one transaction is written and synced the next batch gathers, so that a batch grows with the load and a lone decision
//! waits for nothing. A decision is answered only after its transaction was committed: acknowledged is durable is visible. What the
//! service does itself, and the signing of both logs, is done between two batches.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::sync::{mpsc, oneshot, watch};

use super::{
    Counters, Recording, ServiceError, Stamper,
    committer::{Job, Recorded},
    earlier::Asked,
    idempotency::{Batch, Row, Seat},
    notary::Notary,
    noting::InDoubt,
    operation::{Operation, Operations, Task},
    weight,
};
use crate::{
    audit::Log,
    store::{ChangedBeside, NewDecision, WriteError, Writer},
};

/// How often a database is looked at while nothing is recorded: one that was deleted or is full shows in the health.
const PROBE_PERIOD: Duration = Duration::from_secs(1);
/// How long the disk may take before nobody is told any more that decisions can be recorded.
const STALL_MAX: Duration = Duration::from_secs(5);

type Waiting = oneshot::Sender<Result<Recorded, ServiceError>>;

pub(super) struct Recorder {
    pub(super) writer: Writer,
    pub(super) stamper: Stamper,
    pub(super) jobs: mpsc::Receiver<Job>,
    pub(super) state: watch::Sender<Recording>,
    pub(super) batch_len_max: usize,
    pub(super) counters: Arc<Counters>,
    pub(super) tasks: mpsc::Receiver<Task>,
    pub(super) operations: Operations,
    pub(super) notary: Notary,
    /// Whether anything was recorded since both logs were signed.
    pub(super) unsigned: bool,
    /// Operations whose transaction failed, so that they are in the log or not.
    pub(super) in_doubt: Option<InDoubt>,
}

impl Recorder {
    /// Records until it is stopped and nothing waits any more.
    pub(super) async fn run(mut self, stopped: oneshot::Receiver<()>) {
        let mut jobs = Vec::with_capacity(self.batch_len_max);
        let mut tasks = Vec::new();
        let mut stopped = std::pin::pin!(stopped);
        // The start is recorded and signed before the first decision can be: a log of decisions beside which nothing is signed was tampered with.
        self.perform(&mut tasks).await;
        self.sign().await;
        loop {
            tokio::select! {
                biased;
                // First, so that no load can put the stop off.
                _ = &mut stopped, if !self.jobs.is_closed() => self.jobs.close(),
                count = self.jobs.recv_many(&mut jobs, self.batch_len_max) => match count {
                    0 => break,
                    _ if self.has_begun().await => self.write(&mut jobs).await,
                    _ => self.refuse(jobs.drain(..).map(|job| job.waiting)),
                },
                // Never `None`: this task has a sender itself.
                task = self.tasks.recv() => tasks.extend(task),
                () = tokio::time::sleep(PROBE_PERIOD) => self.probe().await,
            }
            self.perform(&mut tasks).await;
            if (self.unsigned || self.notary.owes()) && self.notary.is_due() {
                self.sign().await;
            }
        }
        self.perform(&mut tasks).await;
        if self.unsigned {
            self.sign().await;
        }
        // Before the database is: whoever waits for that wants this file next.
        drop(self.notary);
        if let Err(error) = self.writer.close().await {
            tracing::warn!(%error, "the database was not closed in good order; nothing recorded is lost");
        }
    }

    /// Whether the start is signed; where it could not be, that is tried again.
    async fn has_begun(&mut self) -> bool {
        if !self.notary.has_begun() {
            self.probe().await;
            self.perform(&mut Vec::new()).await;
            self.sign().await;
        }
        self.notary.has_begun()
    }

    fn refuse(&self, waiting: impl IntoIterator<Item = Waiting>) {
        for waiting in waiting {
            self.counters.unrecordable.inc();
            drop(waiting.send(Err(ServiceError::Unrecordable)));
        }
    }

    async fn write(&mut self, jobs: &mut Vec<Job>) {
        let batch_len = jobs.len();
        let mut waiting: Vec<Waiting> = Vec::with_capacity(batch_len);
        let mut parts: Vec<weight::Part> = Vec::new();
        let asked = jobs.drain(..).map(|job| {
            waiting.push(job.waiting);
            if job.part.is_some() {
                parts.push(job.part);
            }
            // Whoever waits for a place may have it while this batch is written.
            drop(job.place);
            job.asked
        });
        let asked: Vec<Asked> = asked.collect();
        let began = Instant::now();
        let recording = record(&mut self.writer, &mut self.stamper, &mut self.notary, asked);
        let written = in_time(&self.state, recording).await;
        let took = began.elapsed();
        drop(parts);
        let (seats, rows) = match written {
            Ok(written) => written,
            Err(error) => {
                self.note(Some(&error));
                // It may have been recorded all the same, and is then given to whoever asks again.
                self.unsigned = true;
                return self.refuse(waiting);
            }
        };
        // Where nothing was written, nothing shows of whether anything can be.
        if !rows.is_empty() {
            self.note(None);
            let verdicts = rows.iter().map(|row| row.answer.verdict());
            self.counters.committed(verdicts, took);
            self.unsigned = true;
        }
        tracing::debug!(
            batch_len,
            recorded = rows.len(),
            waiting = self.jobs.len(),
            commit_us = took.as_micros(),
            "recorded"
        );
        self.answer(waiting, seats, rows);
    }

    /// Answers from the last to the first: by the time a row's own draft is met nobody else needs the decision, so that it is given
    /// away and not copied. A caller who is gone finds the decision by its key.
    fn answer(&self, waiting: Vec<Waiting>, seats: Vec<Seat>, mut rows: Vec<Row>) {
        for (waiting, seat) in waiting.into_iter().zip(seats).rev() {
            let result = match seat {
                Seat::Own => rows
                    .pop()
                    .map(|row| row.answer)
                    .ok_or(ServiceError::Unrecordable)
                    .map(Recorded::Now),
                Seat::Shared(row) => {
                    self.counters.found_again.inc();
                    let row = rows.get(row).map(|row| row.answer.clone());
                    row.ok_or(ServiceError::Unrecordable).map(Recorded::Now)
                }
                Seat::Recorded(found) => {
                    self.counters.found_again.inc();
                    Ok(Recorded::Before(found))
                }
                Seat::Refused(error) => Err(error),
            };
            if matches!(result, Err(ServiceError::Unrecordable)) {
                self.counters.unrecordable.inc();
            }
            drop(waiting.send(result));
        }
    }

    /// Does what waits to be done beside decisions.
    async fn perform(&mut self, tasks: &mut Vec<Task>) {
        while let Ok(task) = self.tasks.try_recv() {
            tasks.push(task);
        }
        let (mut done, mut asked) = (self.changed_beside(), Vec::new());
        for task in tasks.drain(..) {
            match task {
                Task::Note(operation) => done.push(operation),
                Task::Sign(answer) => asked.push(answer),
            }
        }
        // What stays is tried again with each probe that goes well.
        let stays = self.in_doubt.is_some() || self.operations.has_gap();
        if !done.is_empty() || (stays && *self.state.borrow() == Recording::Ready) {
            self.write_operations(done).await;
        }
        if !asked.is_empty() {
            let signed = self.sign().await;
            for answer in asked {
                // Whoever asked may be gone.
                let _ = answer.send(signed);
            }
        }
    }

    /// What somebody else did to the logs, as operations.
    fn changed_beside(&mut self) -> Vec<Operation> {
        let changed = self.writer.take_changed().into_iter();
        let said = changed.map(|ChangedBeside { log, expected, found }| {
            tracing::error!(%log, expected, found, "a log is not as this service left it: somebody else writes the database; `reimage-rights verify` may say more");
            Operation::ChangedBeside {
                log: log.name(),
                expected,
                found,
            }
        });
        said.collect()
    }

    /// Signs both logs; whether that went well.
    async fn sign(&mut self) -> bool {
        let signed = in_time(&self.state, self.notary.sign(&mut self.writer)).await;
        if let Err(error) = &signed {
            self.note(Some(error));
        }
        // Going well shows nothing of whether decisions can be recorded: there may have been nothing to write, or less than one takes.
        let signed = signed.unwrap_or(false);
        if signed {
            self.unsigned = false;
            self.counters.signed(self.stamper.now_us());
        }
        signed
    }

    async fn probe(&mut self) {
        let probed = in_time(&self.state, self.writer.probe()).await;
        self.note(probed.as_ref().err());
    }

    /// Tells how large the logs are, where that is known: a transaction that failed may have recorded what was in it.
    pub(super) fn tell_sizes(&self) {
        for log in Log::ALL {
            if let Some(size) = self.writer.size(log) {
                self.counters.holds(log, size);
            }
        }
    }

    /// Logs a change of state once, and tells whoever watches.
    pub(super) fn note(&self, error: Option<&WriteError>) {
        self.tell_sizes();
        let now = if error.is_some() {
            Recording::Failing
        } else {
            Recording::Ready
        };
        match (tell(&self.state, now), error) {
            (true, Some(error)) => {
                tracing::error!(%error, "decisions cannot be recorded; no verdicts are given until they can");
            }
            (true, None) => tracing::info!("decisions can be recorded again"),
            (false, _) => {}
        }
    }
}

/// Waits for the disk, and says while that takes too long that nothing can be recorded.
pub(super) async fn in_time<T>(state: &watch::Sender<Recording>, work: impl Future<Output = T>) -> T {
    let mut work = std::pin::pin!(work);
    if let Ok(done) = tokio::time::timeout(STALL_MAX, &mut work).await {
        return done;
    }
    if tell(state, Recording::Failing) {
        let seconds = STALL_MAX.as_secs();
        tracing::error!(seconds, "the disk does not answer; no verdicts are given until it does");
    }
    work.await
}

/// Tells whoever watches how it is now; whether that is new.
fn tell(state: &watch::Sender<Recording>, now: Recording) -> bool {
    state.send_if_modified(|state| std::mem::replace(state, now) != now)
}

/// Records drafts in one transaction; gives what each came to, in their order, and the rows that are now in the log.
async fn record(
    writer: &mut Writer,
    stamper: &mut Stamper,
    notary: &mut Notary,
    asked: Vec<Asked>,
) -> Result<(Vec<Seat>, Vec<Row>), WriteError> {
    let mut append = writer.begin().await?;
    let earlier = append.find_requests(asked.iter().filter_map(Asked::sought)).await?;
    let mut batch = Batch::new(append.next_index(), stamper, earlier, asked.len());
    let seats: Vec<Seat> = asked.into_iter().map(|asked| batch.seat(asked)).collect();

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
    } else {
        append.append(&new).await?;
        let first = notary.sign_first(&mut append).await?;
        append.commit().await?;
        if let Some(size) = first {
            notary.signed_first(size);
        }
    }
    drop(new);
    Ok((seats, rows))
}
