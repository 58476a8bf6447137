//! Every kind of call for a long time, at 80 % of what the server can do: whether it stays as it was.

use std::{
    fs,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use anyhow::Context as _;
use reimage_rights::wire::pb;
use tempfile::TempDir;
use tonic::Status;

use super::SATURATED;
use crate::{
    arguments::Arguments,
    ask::{Answers, Asker, DECIDED, REFUSED, is_refused},
    count::figure,
    drive::{Answer, Round, closed, open},
    filled::decision_count,
    latency::Latency,
    pool::Pool,
    process::Server,
    workload::Workload,
};

const PART_OF_SATURATION: f64 = 0.8;
/// Calls that come in turn: one batch, one stream, some that read, and checks.
const CYCLE: usize = 200;
/// Requests of a batch and of a stream.
const MANY: u64 = 20;
/// Decisions of a page.
const PAGE_SIZE: u32 = 50;
const MIB: u64 = 1024 * 1024;

/// Puts the mixed load on a server of its own for so many minutes, and prints what each of them showed.
pub async fn soak(arguments: &Arguments, minutes: u32) -> anyhow::Result<()> {
    fs::create_dir_all(&arguments.folder)?;
    let folder = TempDir::with_prefix_in("soak-", &arguments.folder)?;
    let server = Server::start(&folder.path().join("decisions.db"), &arguments.serve_arg).await?;
    let pool = server.connect(arguments.connections).await?;
    let workload = Arc::new(Workload::new(arguments.seed));
    let mix = Mix {
        asker: Asker::new(pool.clone(), &workload, Answers::Decided),
        pool,
        turn: Arc::default(),
        known: Arc::default(),
    };
    println!("| minute | saturation | decisions/s | p50 ms | p99 ms | refused | memory MiB | database MiB |");
    println!("|---|---|---|---|---|---|---|---|");
    for (minute, seed) in (1..=minutes).zip(arguments.seed..) {
        // As it is now: a larger database takes less.
        let saturating = mix.clone();
        let call = move |_| saturating.clone().call();
        let saturation = closed(SATURATED, arguments.round(), call).await?.per_second();
        // Of decisions; calls are as many as the cycle says.
        let rate = saturation * PART_OF_SATURATION * figure(CYCLE as u64) / figure(decisions_of_cycle());
        let mix = mix.clone();
        let call = move |_| mix.clone().call();
        let round = open(rate, Duration::from_mins(1), seed, call).await?;
        print(minute, saturation, round, &server);
    }
    let held = decision_count(&mut server.client().await?).await?;
    let bytes = server.stop().await?;
    println!("\n{held} decisions, {} MiB after it stopped", bytes / MIB);
    Ok(())
}

/// Decisions that one cycle of calls gives.
const fn decisions_of_cycle() -> u64 {
    // Of the turns that are no check: a batch, a stream, and those that read count one each.
    CYCLE as u64 - 2 + 2 * MANY
}

fn print(minute: u32, saturation: f64, round: Round, server: &Server) {
    let per_second = round.per_second();
    let latency = round.samples.latency();
    let milliseconds = |rank: fn(&Latency) -> f64| latency.as_ref().map_or(0.0, |latency| rank(latency) / 1000.0);
    println!(
        "| {minute} | {saturation:.0} | {per_second:.0} | {:.1} | {:.1} | {} | {} | {} |",
        milliseconds(|latency| latency.p50_us),
        milliseconds(|latency| latency.p99_us),
        round.refused,
        server.memory().unwrap_or_default() / MIB,
        server.bytes() / MIB,
    );
}

/// Calls of every kind, in turn.
#[derive(Clone)]
struct Mix {
    asker: Asker,
    pool: Pool,
    turn: Arc<AtomicUsize>,
    /// The last decision that was seen, to be asked for.
    known: Arc<Mutex<Option<pb::Decision>>>,
}

impl Mix {
    async fn call(self) -> anyhow::Result<Answer> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let asker = self.asker.clone();
        match turn % CYCLE {
            0 => asker.batch(turn, MANY).await,
            50 => stream(asker, turn).await,
            100 => self.page(turn).await,
            25 | 75 | 125 | 175 => self.known(turn).await,
            _ => asker.check(turn).await,
        }
    }

    async fn page(self, turn: usize) -> anyhow::Result<Answer> {
        let request = pb::HistoryRequest {
            page_size: PAGE_SIZE,
            ..pb::HistoryRequest::default()
        };
        let page = match self.pool.of(turn).history(request).await {
            Ok(page) => page.into_inner(),
            Err(status) if is_refused(&status) => return Ok(REFUSED),
            Err(status) => return Err(status).context("a history failed"),
        };
        let newest = page.decisions.into_iter().next();
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = newest;
        Ok(DECIDED)
    }

    /// A decision by its id, or its request again.
    async fn known(self, turn: usize) -> anyhow::Result<Answer> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(decision) = known else {
            return self.asker.check(turn).await;
        };
        let mut client = self.pool.of(turn);
        let found = if turn.is_multiple_of(2) {
            let decision_id = decision.decision_id.clone();
            client
                .get_decision(pb::GetDecisionRequest { decision_id })
                .await
                .map(|answer| answer.into_inner().decision)
        } else {
            let request = decision.request.unwrap_or_default();
            client.check(request).await.map(|answer| answer.into_inner().decision)
        };
        match found {
            Ok(Some(found)) => anyhow::ensure!(found.decision_id == decision.decision_id, "another decision was found"),
            Ok(None) => anyhow::bail!("an answer without a decision"),
            Err(status) if is_refused(&status) => return Ok(REFUSED),
            Err(status) => return Err(status).context("a decision was not found"),
        }
        Ok(DECIDED)
    }
}

async fn stream(asker: Asker, turn: usize) -> anyhow::Result<Answer> {
    let sent = AtomicUsize::new(0);
    let mut whole = Answer::default();
    let is_over = move || sent.fetch_add(1, Ordering::Relaxed) as u64 >= MANY;
    let streamed = asker.stream(turn, is_over, |answer| whole += answer).await;
    let is_busy = |error: &anyhow::Error| {
        let status = error.downcast_ref::<Status>();
        status.is_some_and(is_refused)
    };
    match streamed {
        Err(error) if is_busy(&error) => Ok(REFUSED),
        streamed => streamed.map(|()| whole),
    }
}
