//! `StreamCheck`: requests pipelined as fast as the server takes them.

use tokio::task::JoinSet;

use crate::{
    arena::Arena,
    ask::Asker,
    drive::{Round, Window},
    report::{Row, Subject},
};

/// Streams at a time.
const STREAMS: [usize; 2] = [1, 4];

/// Rounds of so many streams, of echo and of the server in turn.
pub async fn stream(arena: &Arena<'_>) -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::new();
    for streams in STREAMS {
        let echo = arena.ask_echo(streams).await?;
        let server = arena.ask_server(streams).await?;
        let (mut echoes, mut checks) = (Vec::new(), Vec::new());
        for _ in 0..arena.arguments.rounds {
            echoes.push(round(arena, &echo, streams).await?);
            checks.push(round(arena, &server, streams).await?);
        }
        let load = format!("{streams} at a time");
        rows.push(Row::of_rounds("stream", Subject::Echo, &load, echoes));
        rows.push(Row::of_rounds("stream", Subject::StreamCheck, &load, checks));
    }
    Ok(rows)
}

/// Answers that came within the window; how long one takes says nothing where a thousand are under way.
async fn round(arena: &Arena<'_>, asker: &Asker, streams: usize) -> anyhow::Result<Round> {
    let window = Window::ahead(arena.arguments.round());
    let mut under_way = JoinSet::new();
    for caller in 0..streams {
        let asker = asker.clone();
        under_way.spawn(async move {
            let mut round = Round::of(window);
            asker
                .stream(caller, move || window.is_over(), |answer| round.add_now(answer))
                .await?;
            anyhow::Ok(round)
        });
    }
    let mut whole = Round::of(window);
    while let Some(round) = under_way.join_next().await {
        whole.merge(round??);
    }
    Ok(whole)
}
