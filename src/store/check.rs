//! Rows as they are stored, for those who believe none of them.

use sqlx::{FromRow, Row as _, SqliteConnection, sqlite::SqliteRow};

use super::{Store, decision, error::ReadError, posting, schema, tree::number};
use crate::audit::Log;

/// Bytes of records that are given at once, give or take one.
const LEN_AT_ONCE: usize = 8 * 1024 * 1024;

/// A row of the log of decisions, nothing of it believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawDecision {
    /// Its place in the log, as its key says.
    pub log_index: i64,
    /// Bytes of its id.
    pub decision_id: Vec<u8>,
    /// Microseconds since 1970, UTC.
    pub decided_at_us: i64,
    /// Bytes of its record.
    pub record: Vec<u8>,
}

impl FromRow<'_, SqliteRow> for RawDecision {
    fn from_row(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            log_index: row.try_get(0)?,
            decision_id: row.try_get(1)?,
            decided_at_us: row.try_get(2)?,
            record: row.try_get(3)?,
        })
    }
}

impl Store {
    /// Decisions from a place in the log on, in order: at most `count_max`, and fewer where their records are large.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn raw_decisions(&self, from: u64, count_max: usize) -> Result<Vec<RawDecision>, ReadError> {
        let rows = raw_decisions(&mut *self.connection().await?, from, count_max).await;
        rows.map_err(|error| self.failed(error))
    }

    /// Operations from a place in their log on, in order, as log index and bytes.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn raw_operations(&self, from: u64, count_max: usize) -> Result<Vec<(i64, Vec<u8>)>, ReadError> {
        const SQL: &str = "SELECT log_index, CAST(record AS BLOB) FROM operation \
            WHERE log_index >= ?1 ORDER BY log_index LIMIT ?2";
        let rows = sqlx::query_as(SQL)
            .bind(from.cast_signed())
            .bind(i64::try_from(count_max).unwrap_or(i64::MAX));
        let rows = rows.fetch_all(&mut *self.connection().await?).await;
        rows.map_err(|error| self.failed(error))
    }

    /// How many tiles a log's tree has in the database.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn tile_count(&self, log: Log) -> Result<u64, ReadError> {
        let count = sqlx::query_scalar("SELECT count(*) FROM tile WHERE place >= ?1 AND place < ?2");
        let count = count.bind(number(log) << 56).bind((number(log) + 1) << 56);
        let count: Result<i64, _> = count.fetch_one(&mut *self.connection().await?).await;
        count.map(i64::cast_unsigned).map_err(|error| self.failed(error))
    }

    /// Whether the parts of the index cover the log, each decision once: what a search relies on.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn index_covers_log(&self) -> Result<bool, ReadError> {
        let mut snapshot = self.snapshot().await?;
        let covers = covers(&mut snapshot).await;
        covers.map_err(|error| self.failed(error))
    }

    /// Rows where none belongs: before the beginning of a log, of a log that there is not, or of the index and of no decisions in it; `None` when
    /// there are none.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn strays(&self) -> Result<Option<String>, ReadError> {
        const SQL: &str = "SELECT 'decision ' || log_index FROM decision WHERE log_index < 0 \
            UNION ALL SELECT 'operation ' || log_index FROM operation WHERE log_index < 0 \
            UNION ALL SELECT 'tile ' || place FROM tile WHERE place < 1 << 56 OR place >= 3 << 56 \
            UNION ALL SELECT 'a checkpoint of log ' || log || ' at ' || size FROM checkpoint WHERE log NOT IN (1, 2) OR size < 1 \
            UNION ALL SELECT 'part ' || run || ' of the index' FROM posting_run WHERE run NOT BETWEEN 1 AND ?1 OR first_index < 0 \
            OR first_index >= end_index OR end_index > (SELECT coalesce(max(log_index) + 1, 0) FROM decision) \
            UNION ALL SELECT 'a block of part ' || run || ' of the index' FROM posting_block WHERE run NOT IN (SELECT run FROM posting_run) \
            LIMIT 1";
        let stray = sqlx::query_scalar(SQL)
            .bind(posting::NUMBER_MAX)
            .fetch_optional(&mut *self.connection().await?)
            .await;
        stray.map_err(|error| self.failed(error))
    }

    /// What is in the schema that this program did not put there, or not as it is; `None` when nothing is.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn schema_difference(&self) -> Result<Option<String>, ReadError> {
        let difference = schema::difference(&mut *self.connection().await?).await;
        difference.map_err(|error| self.failed(error))
    }

    /// Every catalogue with the digest that it is kept under.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn catalogues(&self) -> Result<Vec<(String, Vec<u8>)>, ReadError> {
        let all = sqlx::query_as("SELECT digest, bytes FROM catalogue ORDER BY digest");
        let all = all.fetch_all(&mut *self.connection().await?).await;
        all.map_err(|error| self.failed(error))
    }
}

async fn raw_decisions(
    connection: &mut SqliteConnection,
    from: u64,
    count_max: usize,
) -> Result<Vec<RawDecision>, sqlx::Error> {
    const SQL: &str = "SELECT log_index, decision_id, decided_at, iif(octet_length(record) <= ?3, CAST(record AS BLOB), NULL) \
        FROM decision WHERE log_index >= ?1 ORDER BY log_index LIMIT ?2";
    const ALONE: &str =
        "SELECT log_index, decision_id, decided_at, CAST(record AS BLOB) FROM decision WHERE log_index = ?1";
    let rows = sqlx::query(SQL).bind(from.cast_signed());
    let rows = rows.bind(i64::try_from(count_max).unwrap_or(i64::MAX));
    let rows = rows.bind(decision::LIGHT_LEN_MAX).fetch_all(&mut *connection).await?;
    let mut read = Vec::with_capacity(rows.len());
    let mut len: usize = 0;
    for row in &rows {
        let row = if decision::is_left_out(row, 3)? {
            let alone = sqlx::query_as(ALONE).bind(row.try_get::<i64, _>(0)?);
            alone.fetch_one(&mut *connection).await?
        } else {
            RawDecision::from_row(row)?
        };
        len = len.saturating_add(row.record.len());
        read.push(row);
        if len > LEN_AT_ONCE {
            break;
        }
    }
    Ok(read)
}

async fn covers(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    const PARTS: &str = "SELECT first_index, end_index FROM posting_run WHERE state = 1 \
        UNION ALL SELECT first_index, first_index + length FROM posting_tail ORDER BY 1";
    let end = sqlx::query_scalar("SELECT coalesce(max(log_index) + 1, 0) FROM decision");
    let end: i64 = end.fetch_one(&mut *connection).await?;
    let parts: Vec<(i64, i64)> = sqlx::query_as(PARTS).fetch_all(connection).await?;
    let reached = parts
        .iter()
        .try_fold(0, |reached, &(from, to)| (from == reached && to > from).then_some(to));
    Ok(reached == Some(end))
}
