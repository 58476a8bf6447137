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
    count::{figure, rounded, thousands},
    filled::decision_count,
    scenario::SATURATED,
};

const PROGRESS_GAP: Duration = Duration::from_secs(10);

/// Fills the database up; gives decisions per second, or `None` where it held enough already.
pub async fn fill(arena: &Arena<'_>) -> anyhow::Result<Option<f64>> {
    let held = decision_count(&mut arena.server.client().await?).await?;
    let missing = arena.arguments.decisions.saturating_sub(held);
    if missing == 0 {
        return Ok(None);
    }
    eprintln!("filling up: {} decisions to come", thousands(missing));
    let asker = arena.ask_server(SATURATED).await?;
    let done = Arc::new(AtomicU64::new(0));
    let begun = Instant::now();
    let mut callers = JoinSet::new();
    for caller in 0..SATURATED {
        let (asker, done) = (asker.clone(), Arc::clone(&done));
        callers.spawn(async move {
            while done.load(Ordering::Relaxed) < missing {
                let answer = asker.clone().check(caller).await?;
                done.fetch_add(answer.decisions, Ordering::Relaxed);
            }
            anyhow::Ok(())
        });
    }
    let progress = tokio::spawn(tell_progress(Arc::clone(&done), begun));
    while let Some(ended) = callers.join_next().await {
        ended??;
    }
    progress.abort();
    Ok(Some(
        figure(done.load(Ordering::Relaxed)) / begun.elapsed().as_secs_f64(),
    ))
}

/// Says how far it is, now and then.
async fn tell_progress(done: Arc<AtomicU64>, begun: Instant) {
    loop {
        tokio::time::sleep(PROGRESS_GAP).await;
        let done = done.load(Ordering::Relaxed);
        let rate = figure(done) / begun.elapsed().as_secs_f64();
        eprintln!("  {} more, {} a second", thousands(done), rounded(rate));
    }
}
