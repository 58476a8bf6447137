//! Decisions until a database holds as many as a run asks for.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::task::JoinSet;

use crate::{
    arena::Arena,
    ask::Asker,
    count::{figure, rounded, thousands},
    filled::decision_count,
};

/// Streams that fill.
const STREAMS: usize = 4;
const PROGRESS_GAP: Duration = Duration::from_secs(10);

/// Fills the database up; gives decisions per second, or `None` where it held enough already.
pub async fn fill(arena: &Arena<'_>) -> anyhow::Result<Option<f64>> {
    let mut client = arena.server.client().await?;
    let held = decision_count(&mut client).await?;
    let wanted = arena.arguments.decisions;
    if held >= wanted {
        return Ok(None);
    }
    let begun = Instant::now();
    let asker = arena.ask_server(STREAMS).await?;
    let mut holds = held;
    while holds < wanted {
        eprintln!("filling up: {} of {} decisions", thousands(holds), thousands(wanted));
        add(&asker, wanted - holds).await?;
        holds = decision_count(&mut client).await?;
    }
    Ok(Some(figure(holds - held) / begun.elapsed().as_secs_f64()))
}

/// Asks so many requests; those that the server refuses are not asked again.
async fn add(asker: &Asker, count: u64) -> anyhow::Result<()> {
    let (sent, answered) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let mut streams = JoinSet::new();
    for caller in 0..STREAMS {
        let (asker, sent, answered) = (asker.clone(), Arc::clone(&sent), Arc::clone(&answered));
        streams.spawn(async move {
            let is_over = move || sent.fetch_add(1, Ordering::Relaxed) >= count;
            let tell = |_| {
                answered.fetch_add(1, Ordering::Relaxed);
            };
            asker.stream(caller, is_over, tell).await
        });
    }
    let progress = tokio::spawn(tell_progress(answered, Instant::now()));
    while let Some(ended) = streams.join_next().await {
        ended??;
    }
    progress.abort();
    Ok(())
}

/// Says how far it is, now and then.
async fn tell_progress(answered: Arc<AtomicU64>, begun: Instant) {
    loop {
        tokio::time::sleep(PROGRESS_GAP).await;
        let answered = answered.load(Ordering::Relaxed);
        let rate = figure(answered) / begun.elapsed().as_secs_f64();
        eprintln!("  {} more, {} a second", thousands(answered), rounded(rate));
    }
}
