//! The table `tile`: the Merkle trees over the logs, grown in the transaction that adds the records.

use sqlx::SqliteConnection;

use super::{
    error::{Failure, StoredError},
    transaction::Transaction,
};
use crate::audit::{Log, RestoreError, Tile, TileKey, Tree, leaf_hash};

/// Records whose hashes are computed at a time when a tree is made anew.
const RECORDS_READ: i64 = 1024;

/// A tree for each log.
#[derive(Clone, Debug)]
pub(super) struct Trees {
    pub(super) decisions: Tree,
    pub(super) operations: Tree,
}

impl Trees {
    /// The trees as stored; their sizes are those of the logs.
    pub(super) async fn load(connection: &mut SqliteConnection) -> Result<Self, Failure> {
        Ok(Self {
            decisions: load(connection, Log::Decisions).await?,
            operations: load(connection, Log::Operations).await?,
        })
    }

    pub(super) fn of(&self, log: Log) -> &Tree {
        match log {
            Log::Decisions => &self.decisions,
            Log::Operations => &self.operations,
        }
    }

    /// Adds records to a log's tree, and has the tiles stored that this changes.
    pub(super) fn grow<'r>(
        &mut self,
        transaction: &mut Transaction<'_>,
        log: Log,
        records: impl Iterator<Item = &'r str>,
    ) -> Result<(), sqlx::Error> {
        let leaves: Vec<_> = records.map(|record| leaf_hash(log.kind(), record.as_bytes())).collect();
        let (grown, tiles) = self.of(log).appended(&leaves);
        put(transaction, log, &tiles)?;
        match log {
            Log::Decisions => self.decisions = grown,
            Log::Operations => self.operations = grown,
        }
        Ok(())
    }
}

/// Makes the tree of a log that was begun before there were trees. One that lacks only some of its tiles is left as it is: that is no
/// earlier version's work.
pub(super) async fn plant(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let mut transaction = Transaction::new(connection);
    let bare = "SELECT NOT EXISTS (SELECT 1 FROM tile) AND EXISTS (SELECT 1 FROM decision)";
    let bare: bool = sqlx::query_scalar(bare).fetch_one(transaction.reading().await?).await?;
    if !bare {
        return Ok(());
    }
    let mut tree = Tree::new();
    loop {
        let some = "SELECT record FROM decision WHERE log_index >= ?1 ORDER BY log_index LIMIT ?2";
        let some = sqlx::query_scalar(some)
            .bind(tree.size().cast_signed())
            .bind(RECORDS_READ);
        let records: Vec<String> = some.fetch_all(transaction.reading().await?).await?;
        if records.is_empty() {
            break;
        }
        let leaf = |record: &String| leaf_hash(Log::Decisions.kind(), record.as_bytes());
        let (grown, tiles) = tree.appended(&records.iter().map(leaf).collect::<Vec<_>>());
        put(&mut transaction, Log::Decisions, &tiles)?;
        tree = grown;
    }
    transaction.commit().await
}

/// A tile's hashes as stored, which may be more than a smaller tree has in it.
pub(super) async fn get(
    connection: &mut SqliteConnection,
    log: Log,
    key: TileKey,
) -> Result<Option<Tile>, sqlx::Error> {
    let found = sqlx::query_scalar("SELECT hashes FROM tile WHERE place = ?1").bind(place(log, key));
    let bytes: Option<Vec<u8>> = found.fetch_optional(connection).await?;
    Ok(bytes.map(|bytes| Tile {
        key,
        bytes: bytes.into(),
    }))
}

/// Records in a log. It has no gaps, so its last index tells; whatever somebody put before its beginning is none of it.
pub(super) async fn size(connection: &mut SqliteConnection, log: Log) -> Result<u64, sqlx::Error> {
    let last = match log {
        Log::Decisions => "SELECT log_index FROM decision ORDER BY log_index DESC LIMIT 1",
        Log::Operations => "SELECT log_index FROM operation ORDER BY log_index DESC LIMIT 1",
    };
    let last: Option<i64> = sqlx::query_scalar(last).fetch_optional(connection).await?;
    let last = last.and_then(|last| u64::try_from(last).ok());
    Ok(last.map_or(0, |last| last + 1))
}

/// A log's tree as it was at a size, as far as the tiles are there. Whether it is the right one tells its root.
pub(super) async fn at(
    connection: &mut SqliteConnection,
    log: Log,
    size: u64,
) -> Result<Result<Tree, RestoreError>, sqlx::Error> {
    let mut tiles = Vec::new();
    for path in Tree::edge(size) {
        tiles.extend(get(connection, log, path.key).await?);
    }
    Ok(Tree::restore(size, &tiles))
}

async fn load(connection: &mut SqliteConnection, log: Log) -> Result<Tree, Failure> {
    let size = size(connection, log).await?;
    let tree = at(connection, log, size).await?.map_err(|error| {
        tracing::error!(%log, %error, "the tree of a log is not whole");
        StoredError {
            log_index: size.cast_signed(),
            problem: "the tree over the log before it is not whole; `verify` says more",
        }
    });
    Ok(tree?)
}

fn put(transaction: &mut Transaction<'_>, log: Log, tiles: &[Tile]) -> Result<(), sqlx::Error> {
    for tile in tiles {
        transaction.push(
            "INSERT INTO tile (place, hashes) VALUES (?, ?) ON CONFLICT (place) DO UPDATE SET hashes = excluded.hashes",
        );
        transaction.bind(place(log, tile.key))?;
        transaction.bind(tile.bytes.as_slice())?;
    }
    Ok(())
}

/// The number of a log in the database.
pub(super) fn number(log: Log) -> i64 {
    match log {
        Log::Decisions => 1,
        Log::Operations => 2,
    }
}

fn place(log: Log, key: TileKey) -> i64 {
    number(log) << 56 | i64::from(key.level) << 48 | key.index.cast_signed()
}
