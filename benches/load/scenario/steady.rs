//! Check and echo at 70 % of what Check can do: how long calls take while nobody waits for whom.

use anyhow::Context as _;

use super::{SATURATED, unary::checking};
use crate::{
    arena::Arena,
    ask::Asker,
    drive::{Round, open},
    latency::median,
    report::{Row, Subject},
};

const PART_OF_SATURATION: f64 = 0.7;

/// Rounds of Check and of echo in turn, at the same rate. `saturation` is what Check did in this run, where that is known.
pub async fn steady(arena: &Arena<'_>, saturation: Option<f64>) -> anyhow::Result<Vec<Row>> {
    let arguments = arena.arguments;
    let echo = arena.ask_echo(SATURATED).await?;
    let server = arena.ask_server(SATURATED).await?;
    let mut saturations: Vec<f64> = saturation.into_iter().collect();
    if saturations.is_empty() {
        for _ in 0..arguments.rounds {
            saturations.push(checking(arena, &server, SATURATED).await?.per_second());
        }
    }
    let rate = median(&saturations).context("a run has at least one round")? * PART_OF_SATURATION;
    anyhow::ensure!(
        rate > 0.0,
        "the server decided nothing, so there is no rate to measure at"
    );
    let (mut echoes, mut checks) = (Vec::new(), Vec::new());
    for (_, seed) in (0..arguments.rounds).zip(arguments.seed..) {
        echoes.push(round(arena, &echo, rate, seed).await?);
        checks.push(round(arena, &server, rate, seed).await?);
    }
    let load = "open loop, 70 % of saturation";
    Ok(vec![
        Row::of_rounds("steady", Subject::Echo, load, echoes),
        Row::of_rounds("steady", Subject::Check, load, checks),
    ])
}

/// One round of calls that come when they come.
async fn round(arena: &Arena<'_>, asker: &Asker, rate: f64, seed: u64) -> anyhow::Result<Round> {
    let asker = asker.clone();
    open(rate, arena.arguments.round(), seed, move |caller| {
        asker.clone().check(caller)
    })
    .await
}
