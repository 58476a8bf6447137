//! The tables `posting_run` and `posting_block`: parts of the log whose postings are sorted.

use sqlx::{Row as _, Sqlite, SqliteConnection, Transaction};

use super::{Posting, block::Block};
use crate::store::{error::StoredError, together::Together};

/// Blocks in one statement.
const BLOCKS_MAX: usize = 32;

pub(in crate::store) const IN_USE_SQL: &str =
    "SELECT run, first_index, end_index FROM posting_run WHERE state = 1 ORDER BY first_index";
pub(in crate::store) const BLOCKS_SQL: &str = "SELECT first_term, first_index, postings FROM posting_block \
    WHERE run = ?1 AND (first_term, first_index) > (?2, ?3) ORDER BY first_term, first_index LIMIT ?4";

/// A run in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) struct Run {
    pub(super) number: i64,
    /// Decisions from here ...
    pub(in crate::store) first_index: i64,
    /// ... up to but without here.
    pub(in crate::store) end_index: i64,
}

impl Run {
    pub(super) fn length(&self) -> i64 {
        self.end_index.saturating_sub(self.first_index)
    }
}

/// What a run is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Written = 0,
    InUse = 1,
    Replaced = 2,
}

/// The runs in use, in the order of the log.
pub(in crate::store) async fn in_use(connection: &mut SqliteConnection) -> Result<Vec<Run>, sqlx::Error> {
    let rows = sqlx::query_as(IN_USE_SQL).fetch_all(connection).await?;
    let run = |(number, first_index, end_index)| Run {
        number,
        first_index,
        end_index,
    };
    Ok(rows.into_iter().map(run).collect())
}

/// Begins a run over a part of the log.
pub(super) async fn begin(
    transaction: &mut Transaction<'_, Sqlite>,
    first_index: i64,
    end_index: i64,
) -> Result<Run, sqlx::Error> {
    let begun = sqlx::query("INSERT INTO posting_run (first_index, end_index, state) VALUES (?1, ?2, ?3)");
    let begun = begun.bind(first_index).bind(end_index).bind(State::Written as i64);
    Ok(Run {
        number: begun.execute(&mut **transaction).await?.last_insert_rowid(),
        first_index,
        end_index,
    })
}

/// Adds blocks at the end of a run.
pub(super) fn add(together: &mut Together, run: Run, blocks: &[Block]) -> Result<(), sqlx::Error> {
    for chunk in blocks.chunks(BLOCKS_MAX) {
        let values = vec!["(?, ?, ?, ?)"; chunk.len()].join(", ");
        together.push(&format!(
            "INSERT INTO posting_block (run, first_term, first_index, postings) VALUES {values}"
        ));
        for Block { first, bytes } in chunk {
            together.bind(run.number)?;
            together.bind(first.0)?;
            together.bind(first.1)?;
            together.bind(bytes.as_slice())?;
        }
    }
    Ok(())
}

pub(super) fn set_state(together: &mut Together, run: Run, state: State) -> Result<(), sqlx::Error> {
    together.push("UPDATE posting_run SET state = ? WHERE run = ?");
    together.bind(state as i64)?;
    together.bind(run.number)
}

/// Runs that nothing needs: replaced ones, and those whose writing was cut off.
pub(super) async fn useless(connection: &mut SqliteConnection) -> Result<Vec<i64>, sqlx::Error> {
    let useless = sqlx::query_scalar("SELECT run FROM posting_run WHERE state <> 1");
    useless.fetch_all(connection).await
}

/// Deletes a part of a run; whether the run is gone with it.
pub(super) async fn delete(
    transaction: &mut Transaction<'_, Sqlite>,
    run: i64,
    blocks_max: i64,
) -> Result<bool, sqlx::Error> {
    const SOME: &str = "DELETE FROM posting_block WHERE (run, first_term, first_index) IN \
        (SELECT run, first_term, first_index FROM posting_block WHERE run = ?1 LIMIT ?2)";
    let deleted = sqlx::query(SOME).bind(run).bind(blocks_max);
    let deleted = deleted.execute(&mut **transaction).await?.rows_affected();
    let gone = i64::try_from(deleted).is_ok_and(|deleted| deleted < blocks_max);
    if gone {
        let forgotten = sqlx::query("DELETE FROM posting_run WHERE run = ?1").bind(run);
        forgotten.execute(&mut **transaction).await?;
    }
    Ok(gone)
}

/// Blocks of a run behind the one that begins with `after`, in order.
pub(super) async fn blocks(
    connection: &mut SqliteConnection,
    run: Run,
    after: Posting,
    blocks_max: i64,
) -> Result<Vec<Block>, sqlx::Error> {
    let blocks = sqlx::query(BLOCKS_SQL).bind(run.number).bind(after.0).bind(after.1);
    let rows = blocks.bind(blocks_max).fetch_all(connection).await?;
    let block = |row: &sqlx::sqlite::SqliteRow| {
        Ok(Block {
            first: (row.try_get(0)?, row.try_get(1)?),
            bytes: row.try_get(2)?,
        })
    };
    rows.iter().map(block).collect()
}

/// What to say of a block that cannot be read.
pub(super) fn malformed(run: Run) -> StoredError {
    StoredError {
        log_index: run.first_index,
        problem: "the postings of a run that begins with it are not what was written",
    }
}
