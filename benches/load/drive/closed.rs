//! A closed loop: so many callers, each asking again once it was answered.

use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::{Answer, Round, Window};

/// What a caller waits after it was told to come back later.
const REFUSED_PAUSE: Duration = Duration::from_millis(5);

/// Keeps so many calls in flight for a round; `call` is given the number of its caller.
pub async fn closed<C, F>(in_flight: usize, span: Duration, call: C) -> anyhow::Result<Round>
where
    C: Fn(usize) -> F + Clone + Send + 'static,
    F: Future<Output = anyhow::Result<Answer>> + Send,
{
    let window = Window::ahead(span);
    let mut callers = JoinSet::new();
    for caller in 0..in_flight {
        let call = call.clone();
        callers.spawn(async move {
            let mut round = Round::of(window);
            while !window.is_over() {
                let begun = Instant::now();
                let answer = call(caller).await?;
                round.add_call(answer, begun, Instant::now());
                if answer.decisions == 0 {
                    tokio::time::sleep(REFUSED_PAUSE).await;
                }
            }
            anyhow::Ok(round)
        });
    }
    let mut round = Round::of(window);
    while let Some(caller) = callers.join_next().await {
        round.merge(caller??);
    }
    Ok(round)
}
