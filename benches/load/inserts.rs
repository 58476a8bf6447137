//! The ceiling of recording: what `SQLite` alone does with the same rows, in a program of Python, since two libraries of `SQLite`
//! cannot be linked into one program.

use std::process::{Command, Stdio};

use anyhow::Context as _;
use serde::Deserialize;

use crate::arena::Arena;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/load/raw_sqlite.py");

/// Whether the plain table has an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Index {
    /// None at all.
    None,
    /// One on random text.
    RandomText,
}

#[derive(Deserialize)]
struct Told {
    per_second: f64,
}

/// Inserts rows of the server's log into a new database, so many in a transaction; gives rows per second.
pub async fn insert(arena: &Arena<'_>, in_transaction: u64, index: Index) -> anyhow::Result<f64> {
    let mut command = Command::new("python3");
    command
        .arg(SCRIPT)
        .arg(arena.server.database())
        .arg(&arena.arguments.folder);
    command.arg("--rows").arg(arena.arguments.rows.to_string());
    command.arg("--transaction").arg(in_transaction.to_string());
    if index == Index::RandomText {
        command.arg("--indexed");
    }
    command.stdin(Stdio::null()).stderr(Stdio::inherit());
    let output = tokio::task::spawn_blocking(move || command.output()).await?;
    let output = output.context("python3 cannot be started; install it, or leave `batch` out by `--only`")?;
    anyhow::ensure!(output.status.success(), "plain inserts failed");
    let told: Told = serde_json::from_slice(&output.stdout).context("plain inserts tell no figures")?;
    Ok(told.per_second)
}
