//! Check beside echo: so many calls in flight, each asked again once it was answered.

use crate::{
    arena::Arena,
    ask::Asker,
    drive::{Round, closed},
    report::{Row, Subject},
};

/// Calls in flight that saturate the server, and that a bar speaks of.
pub const SATURATED: usize = 256;

/// Rounds of Check and of echo in turn, at each number of calls in flight.
pub async fn unary(arena: &Arena<'_>) -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::new();
    for &in_flight in &arena.arguments.in_flight {
        let echo = arena.ask_echo(in_flight).await?;
        let server = arena.ask_server(in_flight).await?;
        let (mut echoes, mut checks) = (Vec::new(), Vec::new());
        for _ in 0..arena.arguments.rounds {
            echoes.push(checking(arena, &echo, in_flight).await?);
            checks.push(checking(arena, &server, in_flight).await?);
        }
        let load = in_flight_name(in_flight);
        rows.push(Row::of_rounds("unary", Subject::Echo, &load, echoes));
        rows.push(Row::of_rounds("unary", Subject::Check, &load, checks));
        if in_flight == SATURATED {
            rows.push(anew(arena, &server).await?);
        }
    }
    Ok(rows)
}

/// Rounds of Check in which no answer is remembered from another request.
async fn anew(arena: &Arena<'_>, server: &Asker) -> anyhow::Result<Row> {
    let mut checks = Vec::new();
    for _ in 0..arena.arguments.rounds {
        let asker = server.clone();
        let check = move |caller| asker.clone().check_anew(caller);
        checks.push(closed(SATURATED, arena.arguments.round(), check).await?);
    }
    let load = format!("{}, each question new", in_flight_name(SATURATED));
    Ok(Row::of_rounds("unary", Subject::Check, &load, checks))
}

/// How a load of so many calls in flight is named.
pub fn in_flight_name(in_flight: usize) -> String {
    format!("{in_flight} in flight")
}

/// One round of Check with so many calls in flight.
pub async fn checking(arena: &Arena<'_>, asker: &Asker, in_flight: usize) -> anyhow::Result<Round> {
    let asker = asker.clone();
    closed(in_flight, arena.arguments.round(), move |caller| {
        asker.clone().check(caller)
    })
    .await
}
