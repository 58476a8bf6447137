//! An open loop: calls come when they come, whether or not earlier ones were answered.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::bail;
use tokio::{runtime::Handle, sync::mpsc};

use super::{Answer, Round, Window};
use crate::random::Random;

/// More calls than this in flight: the server cannot keep up, and the figures would mean nothing.
const IN_FLIGHT_MAX: usize = 100_000;

/// Calls begin this often, all that came due meanwhile. A client that woke for each of 15,000 a second would take so much of two cores
/// that it measured itself.
const TICK: Duration = Duration::from_millis(1);

/// Calls at random moments, so many a second on average, for a round. A call is measured from the moment it was due, so that a
/// server that makes calls wait cannot make them look fast. `call` is given the number of the call.
pub async fn open<C, F>(rate: f64, span: Duration, seed: u64, call: C) -> anyhow::Result<Round>
where
    C: Fn(usize) -> F + Clone + Send + 'static,
    F: Future<Output = anyhow::Result<Answer>> + Send,
{
    let window = Window::ahead(span);
    let under_way = Arc::new(AtomicUsize::new(0));
    let (ended, mut ends) = mpsc::unbounded_channel();
    let pace = {
        let (runtime, under_way) = (Handle::current(), Arc::clone(&under_way));
        move || {
            let mut random = Random::new(seed);
            let mut due = Instant::now();
            let mut tick = due;
            for number in 0.. {
                due += gap(&mut random, rate);
                if window.is_over() || under_way.load(Ordering::Relaxed) > IN_FLIGHT_MAX {
                    break;
                }
                while tick < due {
                    tick += TICK;
                    thread::sleep(tick.saturating_duration_since(Instant::now()));
                }
                let (call, ended, under_way) = (call.clone(), ended.clone(), Arc::clone(&under_way));
                under_way.fetch_add(1, Ordering::Relaxed);
                runtime.spawn(async move {
                    let answer = call(number).await;
                    under_way.fetch_sub(1, Ordering::Relaxed);
                    // Nobody listens any more once a call has failed.
                    let _ = ended.send((due, Instant::now(), answer));
                });
            }
        }
    };
    let pacing = thread::spawn(pace);
    let mut round = Round::of(window);
    while let Some((due, ended, answer)) = ends.recv().await {
        round.add_call(answer?, due, ended);
        if under_way.load(Ordering::Relaxed) > IN_FLIGHT_MAX {
            bail!("the server cannot keep up with {rate:.0} calls a second");
        }
    }
    if pacing.join().is_err() {
        bail!("the pace ended out of order");
    }
    Ok(round)
}

/// Time between two calls that know nothing of each other.
fn gap(random: &mut Random, rate: f64) -> Duration {
    Duration::from_secs_f64(-(1.0 - random.fraction()).ln() / rate)
}
