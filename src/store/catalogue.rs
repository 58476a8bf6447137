//! The table `catalogue`: product data that decisions rest on, by digest.

use sqlx::SqliteConnection;

use super::transaction::Transaction;

/// Keeps a catalogue; one that is there already stays as it is.
pub(super) fn insert(transaction: &mut Transaction<'_>, digest: &str, bytes: &[u8]) -> Result<(), sqlx::Error> {
    transaction.push("INSERT INTO catalogue (digest, bytes) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING");
    transaction.bind(digest)?;
    transaction.bind(bytes)
}

pub(super) async fn is_there(connection: &mut SqliteConnection, digest: &str) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM catalogue WHERE digest = ?1)");
    found.bind(digest).fetch_one(connection).await
}

pub(super) async fn by_digest(connection: &mut SqliteConnection, digest: &str) -> Result<Option<Vec<u8>>, sqlx::Error> {
    let found = sqlx::query_scalar("SELECT bytes FROM catalogue WHERE digest = ?1");
    found.bind(digest).fetch_optional(connection).await
}

/// Takes up room and gives it back within the transaction: it fails where a few decisions would.
pub(super) fn try_room(transaction: &mut Transaction<'_>, bytes: i64) -> Result<(), sqlx::Error> {
    transaction.push("SAVEPOINT room");
    transaction.push("INSERT INTO catalogue (digest, bytes) VALUES ('', zeroblob(?))");
    transaction.bind(bytes)?;
    transaction.push("ROLLBACK TO room");
    transaction.push("RELEASE room");
    Ok(())
}
