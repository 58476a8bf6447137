//! The tables `posting_run` and `posting_block`: parts of the log whose postings are sorted.

use sqlx::{Row as _, SqliteConnection};

use super::{Posting, block::Block};
use crate::store::{error::StoredError, transaction::Transaction};

/// No run has a greater number: each stands for decisions, of which there are no more.
pub(in crate::store) const NUMBER_MAX: i64 = 1 << 48;
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
    /// A larger one replaced it, or its writing was cut off: it is to be deleted.
    Useless = 2,
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

/// A number that no run and no block has, below any that the program cannot have given.
pub(super) async fn next_number(connection: &mut SqliteConnection) -> Result<i64, sqlx::Error> {
    let next = sqlx::query_scalar(
        "SELECT max(coalesce((SELECT max(run) FROM posting_run WHERE run BETWEEN 1 AND ?1), 0), \
        coalesce((SELECT max(run) FROM posting_block WHERE run BETWEEN 1 AND ?1), 0)) + 1",
    );
    next.bind(NUMBER_MAX).fetch_one(connection).await
}

/// Deletes blocks that are of no run: the program leaves none, and a run that gets their number would have them among its own.
pub(super) async fn delete_orphans(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    // From number to number: all blocks are not read for that.
    const ORPHANS: &str = "WITH RECURSIVE number (run) AS (\
        SELECT min(run) FROM posting_block \
        UNION ALL SELECT (SELECT min(run) FROM posting_block AS block WHERE block.run > number.run) FROM number WHERE run IS NOT NULL) \
        SELECT run FROM number WHERE run IS NOT NULL AND run NOT IN (SELECT run FROM posting_run)";
    let orphans: Vec<i64> = sqlx::query_scalar(ORPHANS).fetch_all(&mut *connection).await?;
    for run in orphans {
        tracing::warn!(
            run,
            "the search index had blocks of a run that there is not; they are deleted"
        );
        let delete = sqlx::query("DELETE FROM posting_block WHERE run = ?1").bind(run);
        delete.execute(&mut *connection).await?;
    }
    Ok(())
}

/// Begins a run.
pub(super) fn begin(transaction: &mut Transaction<'_>, run: Run, state: State) -> Result<(), sqlx::Error> {
    transaction.push("INSERT INTO posting_run (run, first_index, end_index, state) VALUES (?, ?, ?, ?)");
    transaction.bind(run.number)?;
    transaction.bind(run.first_index)?;
    transaction.bind(run.end_index)?;
    transaction.bind(state as i64)
}

/// Adds blocks at the end of a run.
pub(super) fn add(transaction: &mut Transaction<'_>, run: Run, blocks: &[Block]) -> Result<(), sqlx::Error> {
    for chunk in blocks.chunks(BLOCKS_MAX) {
        let values = vec!["(?, ?, ?, ?)"; chunk.len()].join(", ");
        transaction.push(&format!(
            "INSERT INTO posting_block (run, first_term, first_index, postings) VALUES {values}"
        ));
        for Block { first, bytes } in chunk {
            transaction.bind(run.number)?;
            transaction.bind(first.0)?;
            transaction.bind(first.1)?;
            transaction.bind(bytes.as_slice())?;
        }
    }
    Ok(())
}

pub(super) fn set_state(transaction: &mut Transaction<'_>, run: Run, state: State) -> Result<(), sqlx::Error> {
    transaction.push("UPDATE posting_run SET state = ? WHERE run = ?");
    transaction.bind(state as i64)?;
    transaction.bind(run.number)
}

/// Gives up the runs that are being written.
pub(super) fn give_up(transaction: &mut Transaction<'_>) -> Result<(), sqlx::Error> {
    transaction.push("UPDATE posting_run SET state = ? WHERE state = ?");
    transaction.bind(State::Useless as i64)?;
    transaction.bind(State::Written as i64)
}

/// Deletes some blocks of a useless run, and the useless runs that have none left.
pub(super) fn delete(transaction: &mut Transaction<'_>, blocks_max: usize) -> Result<(), sqlx::Error> {
    transaction.push(
        "DELETE FROM posting_block WHERE rowid IN (SELECT rowid FROM posting_block \
        WHERE run = (SELECT run FROM posting_run WHERE state = 2 LIMIT 1) LIMIT ?)",
    );
    transaction.bind(i64::try_from(blocks_max).unwrap_or(i64::MAX))?;
    transaction.push(
        "DELETE FROM posting_run WHERE state = 2 \
        AND NOT EXISTS (SELECT 1 FROM posting_block AS block WHERE block.run = posting_run.run)",
    );
    Ok(())
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
