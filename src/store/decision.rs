//! The table `decision`: the log itself.

use sqlx::{Row as _, SqliteConnection, ValueRef as _, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    append::NewDecision,
    error::{Failure, StoredError},
    moment,
    transaction::Transaction,
};
use crate::{
    audit::{Hash, Log, leaf_hash},
    history::decided_at_us,
};

const ROWS_MAX: usize = 32;
/// Most bytes of a record that is read together with others. Ten times what is usual; a larger one is read by itself, so that no number of rows
/// can take any amount of memory.
pub(super) const LIGHT_LEN_MAX: i64 = 16 * 1024;

/// ?3 among the decisions made at ?2, which begin at ?1.
pub(super) const BY_ID_SQL: &str = "SELECT log_index, record FROM decision WHERE log_index >= ?1 AND log_index < coalesce(\
    (SELECT log_index FROM decision WHERE log_index >= ?1 AND decided_at > ?2 ORDER BY log_index LIMIT 1), 9223372036854775807) \
    AND decision_id = ?3";

/// A decision as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its place in the log.
    pub log_index: u64,
    /// The exact text of its record.
    pub record: String,
}

impl Stored {
    /// The leaf that stands for it in the log, if it is as it was recorded.
    #[must_use]
    pub fn leaf(&self) -> Hash {
        leaf_hash(Log::Decisions.kind(), self.record.as_bytes())
    }
}

/// Where the log stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) next_index: u64,
    pub(super) last_decided_at_us: Option<i64>,
}

/// Adds rows; the caller has checked that they continue the log.
pub(super) fn insert(transaction: &mut Transaction<'_>, decisions: &[NewDecision<'_>]) -> Result<(), sqlx::Error> {
    for chunk in decisions.chunks(ROWS_MAX) {
        transaction.push(&insert_sql(chunk.len()));
        for decision in chunk {
            transaction.bind(decision.log_index.cast_signed())?;
            transaction.bind(decision.projection.decision_id().as_bytes().to_vec())?;
            transaction.bind(decision.projection.decided_at_us())?;
            transaction.bind(decision.record)?;
        }
    }
    Ok(())
}

fn insert_sql(rows: usize) -> String {
    let values = vec!["(?, ?, ?, ?)"; rows].join(", ");
    format!("INSERT INTO decision (log_index, decision_id, decided_at, record) VALUES {values}")
}

pub(super) async fn head(connection: &mut SqliteConnection) -> Result<Head, Failure> {
    let last = sqlx::query("SELECT log_index, decided_at FROM decision ORDER BY log_index DESC LIMIT 1");
    let Some(row) = last.fetch_optional(connection).await? else {
        return Ok(Head {
            next_index: 0,
            last_decided_at_us: None,
        });
    };
    let last = index(&row)?;
    let malformed = |_| StoredError {
        log_index: last.cast_signed(),
        problem: "its time is no number",
    };
    Ok(Head {
        next_index: last.saturating_add(1),
        last_decided_at_us: Some(row.try_get(1).map_err(malformed)?),
    })
}

/// The decision with an id, which tells its time and thereby its place. Only ids that an earlier version made in one microsecond share it.
pub(super) async fn by_id(connection: &mut SqliteConnection, id: Uuid) -> Result<Option<SqliteRow>, sqlx::Error> {
    let at_us = decided_at_us(id);
    let from = moment::first_at(connection, at_us).await?;
    let found = sqlx::query(BY_ID_SQL)
        .bind(from)
        .bind(at_us)
        .bind(id.as_bytes().to_vec());
    found.fetch_optional(connection).await
}

pub(super) async fn by_index(connection: &mut SqliteConnection, index: i64) -> Result<Option<SqliteRow>, sqlx::Error> {
    let found = sqlx::query("SELECT log_index, record FROM decision WHERE log_index = ?1");
    found.bind(index).fetch_optional(connection).await
}

/// The decision of a row of `log_index, record`, whose record is read now where it was left out as large.
pub(super) async fn whole(connection: &mut SqliteConnection, row: &SqliteRow) -> Result<Stored, Failure> {
    if !is_left_out(row, 1)? {
        return Ok(stored(row)?);
    }
    let alone = by_index(connection, index(row)?.cast_signed()).await?;
    Ok(stored(&alone.ok_or(sqlx::Error::RowNotFound)?)?)
}

/// Whether a row is without the record in one of its columns.
pub(super) fn is_left_out(row: &SqliteRow, column: usize) -> Result<bool, sqlx::Error> {
    Ok(row.try_get_raw(column)?.is_null())
}

/// Reads a row of `log_index, record`.
pub(super) fn stored(row: &SqliteRow) -> Result<Stored, StoredError> {
    let log_index = index(row)?;
    let malformed = |_| StoredError {
        log_index: log_index.cast_signed(),
        problem: "its record is no UTF-8 text",
    };
    Ok(Stored {
        log_index,
        record: row.try_get(1).map_err(malformed)?,
    })
}

pub(super) fn index(row: &SqliteRow) -> Result<u64, StoredError> {
    let found: i64 = row.try_get(0).unwrap_or(-1);
    u64::try_from(found).map_err(|_| StoredError {
        log_index: found,
        problem: "its log index is none",
    })
}
