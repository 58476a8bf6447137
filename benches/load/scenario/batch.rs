//! `BatchCheck`, beside what `SQLite` alone does with the same rows.

use crate::{
    arena::Arena,
    ask::Asker,
    count::thousands,
    drive::{Round, closed},
    inserts::{Index, insert},
    report::{Row, Subject},
};

/// Two sizes of calls.
const SHAPES: [Shape; 2] = [
    Shape {
        requests: 100,
        in_flight: 4,
        in_transaction: 256,
    },
    Shape {
        requests: AT_ONCE,
        in_flight: 4,
        in_transaction: AT_ONCE,
    },
];
/// The most requests in a call, which a bar speaks of.
pub const AT_ONCE: u64 = 1_000;

#[derive(Clone, Copy, Debug)]
struct Shape {
    /// Requests in a call.
    requests: u64,
    /// Calls in flight: as many as the service takes by default.
    in_flight: usize,
    /// Rows in a transaction of the plain inserts.
    in_transaction: u64,
}

/// Rounds of `BatchCheck`, of echo and of plain inserts in turn.
pub async fn batch(arena: &Arena<'_>) -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::new();
    for shape in SHAPES {
        rows.extend(of_shape(arena, shape).await?);
    }
    Ok(rows)
}

async fn of_shape(arena: &Arena<'_>, shape: Shape) -> anyhow::Result<Vec<Row>> {
    let echo = arena.ask_echo(shape.in_flight).await?;
    let server = arena.ask_server(shape.in_flight).await?;
    let (mut echoes, mut checks, mut plain, mut indexed) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..arena.arguments.rounds {
        echoes.push(round(arena, &echo, shape).await?);
        checks.push(round(arena, &server, shape).await?);
        plain.push(insert(arena, shape.in_transaction, Index::None).await?);
        indexed.push(insert(arena, shape.in_transaction, Index::RandomText).await?);
    }
    let calls = in_a_call(shape.requests);
    let transactions = in_a_transaction(shape.in_transaction);
    Ok(vec![
        Row::of_rounds("batch", Subject::Echo, &calls, echoes),
        Row::of_rounds("batch", Subject::BatchCheck, &calls, checks),
        Row::of_rates("batch", Subject::Inserts, &transactions, plain),
        Row::of_rates("batch", Subject::IndexedInserts, &transactions, indexed),
    ])
}

/// How a load of so many requests in a call is named.
pub fn in_a_call(requests: u64) -> String {
    format!("{} in a call", thousands(requests))
}

/// How a load of so many rows in a transaction is named.
pub fn in_a_transaction(rows: u64) -> String {
    format!("{} in a transaction", thousands(rows))
}

async fn round(arena: &Arena<'_>, asker: &Asker, shape: Shape) -> anyhow::Result<Round> {
    let asker = asker.clone();
    closed(shape.in_flight, arena.arguments.round(), move |caller| {
        asker.clone().batch(caller, shape.requests)
    })
    .await
}
