//! The table `catalogue`: product data that decisions rest on, by digest.

use sqlx::{Sqlite, SqliteConnection, Transaction};

/// Keeps a catalogue; one that is there already stays as it is.
pub(super) async fn insert(
    transaction: &mut Transaction<'_, Sqlite>,
    digest: &str,
    bytes: &[u8],
) -> Result<(), sqlx::Error> {
    let kept = sqlx::query("INSERT INTO catalogue (digest, bytes) VALUES (?1, ?2) ON CONFLICT (digest) DO NOTHING");
    kept.bind(digest)
        .bind(bytes)
        .execute(&mut **transaction)
        .await
        .map(|_| ())
}

pub(super) async fn by_digest(connection: &mut SqliteConnection, digest: &str) -> Result<Option<Vec<u8>>, sqlx::Error> {
    let found = sqlx::query_scalar("SELECT bytes FROM catalogue WHERE digest = ?1");
    found.bind(digest).fetch_optional(connection).await
}

/// Takes up room and gives it back within the transaction: it fails where a few decisions would.
pub(super) async fn try_room(transaction: &mut Transaction<'_, Sqlite>, bytes: i64) -> Result<(), sqlx::Error> {
    sqlx::raw_sql("SAVEPOINT room").execute(&mut **transaction).await?;
    let taken = sqlx::query("INSERT INTO catalogue (digest, bytes) VALUES ('', zeroblob(?1))");
    taken.bind(bytes).execute(&mut **transaction).await?;
    sqlx::raw_sql("ROLLBACK TO room; RELEASE room")
        .execute(&mut **transaction)
        .await
        .map(|_| ())
}
