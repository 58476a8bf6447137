//! One decision by its id, and a request that was answered before.

use std::time::Instant;

use anyhow::Context as _;
use reimage_rights::wire::pb;

use crate::{
    arena::Arena,
    filled::Known,
    latency::Samples,
    report::{Row, Subject},
};

/// Asks for decisions that are spread over the log by their ids, and sends their requests again, one call at a time.
pub async fn lookup(arena: &Arena<'_>, known: &Known) -> anyhow::Result<Vec<Row>> {
    let mut client = arena.server.client().await?;
    let (mut by_id, mut again) = (Samples::default(), Samples::default());
    let mut random = known.random();
    for _ in 0..arena.arguments.calls {
        let decision = known.draw(&mut random);
        let begun = Instant::now();
        let request = pb::GetDecisionRequest {
            decision_id: decision.decision_id.clone(),
        };
        let found = client.get_decision(request).await?.into_inner().decision;
        by_id.push(begun.elapsed());
        let found = found.context("an answer without a decision")?;
        anyhow::ensure!(found.log_index == decision.log_index, "another decision was found");

        let decision = known.draw(&mut random);
        let request = decision.request.clone();
        let begun = Instant::now();
        let found = client.check(request).await?.into_inner().decision;
        again.push(begun.elapsed());
        let found = found.context("an answer without a decision")?;
        anyhow::ensure!(
            found.decision_id == decision.decision_id,
            "a request sent again was decided again"
        );
    }
    Ok(vec![
        Row::of_calls("lookup", Subject::GetDecision, "by id", by_id),
        Row::of_calls("lookup", Subject::Check, "a request sent again", again),
    ])
}
