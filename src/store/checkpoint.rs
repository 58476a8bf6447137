//! The table `checkpoint`: how large a log was and what its root, signed.

use sqlx::SqliteConnection;

use super::{transaction::Transaction, tree::number};
use crate::audit::Log;

/// Keeps a signed note; one of the same log and size stays as it is.
pub(super) fn insert(transaction: &mut Transaction<'_>, log: Log, size: u64, note: &str) -> Result<(), sqlx::Error> {
    transaction.push("INSERT INTO checkpoint (log, size, note) VALUES (?, ?, ?) ON CONFLICT (log, size) DO NOTHING");
    transaction.bind(number(log))?;
    transaction.bind(size.cast_signed())?;
    transaction.bind(note)
}

/// The note of the largest size.
pub(super) async fn last(connection: &mut SqliteConnection, log: Log) -> Result<Option<String>, sqlx::Error> {
    let last = sqlx::query_scalar("SELECT note FROM checkpoint WHERE log = ?1 ORDER BY size DESC LIMIT 1");
    last.bind(number(log)).fetch_optional(connection).await
}

/// The first notes of a log above a size, what is no text made one that no signature is over, with the size each is kept under, by size.
pub(super) async fn above(
    connection: &mut SqliteConnection,
    log: Log,
    size: u64,
    count_max: usize,
) -> Result<Vec<(u64, String)>, sqlx::Error> {
    let above = sqlx::query_as(
        "SELECT size, CAST(note AS BLOB) FROM checkpoint WHERE log = ?1 AND size > ?2 ORDER BY size LIMIT ?3",
    );
    let above = above.bind(number(log)).bind(size.cast_signed());
    let above = above.bind(i64::try_from(count_max).unwrap_or(i64::MAX));
    let above: Vec<(i64, Vec<u8>)> = above.fetch_all(connection).await?;
    Ok(above
        .into_iter()
        .map(|(size, note)| (size.cast_unsigned(), String::from_utf8_lossy(&note).into_owned()))
        .collect())
}
