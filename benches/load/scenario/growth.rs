//! Check on the filled database beside Check on an empty one.

use std::path::Path;

use super::{
    SATURATED,
    unary::{checking, in_flight_name},
};
use crate::{
    arena::Arena,
    process::Server,
    report::{Row, Subject},
};

/// Rounds on a new, empty database and on the filled one in turn.
pub async fn growth(arena: &Arena<'_>, folder: &Path) -> anyhow::Result<Vec<Row>> {
    let filled = arena.ask_server(SATURATED).await?;
    let (mut on_empty, mut on_filled) = (Vec::new(), Vec::new());
    for _ in 0..arena.arguments.rounds {
        let place = tempfile::tempdir_in(folder)?;
        let server = Server::start(&place.path().join("decisions.db"), &arena.arguments.serve_arg).await?;
        let empty = arena.ask(&server, SATURATED).await?;
        on_empty.push(checking(arena, &empty, SATURATED).await?);
        drop(empty);
        server.stop().await?;
        on_filled.push(checking(arena, &filled, SATURATED).await?);
    }
    let load = in_flight_name(SATURATED);
    Ok(vec![
        Row::of_rounds("growth", Subject::OnEmpty, &load, on_empty),
        Row::of_rounds("growth", Subject::OnFilled, &load, on_filled),
    ])
}
